"""What a JPEG file makes of a picture."""

from __future__ import annotations

import io

import numpy as np
from numpy.typing import NDArray
from PIL import Image

from models.containers.container import JpegSettings


def compressed(pixels: NDArray[np.uint8], jpeg: JpegSettings) -> NDArray[np.uint8]:
    """What is read back from a JPEG file of a picture; H x W x 3 uint8 in and out."""
    file = io.BytesIO()
    subsampling = {"444": 0, "420": 2}[jpeg.subsampling]
    Image.fromarray(pixels).save(file, "JPEG", quality=jpeg.quality, subsampling=subsampling)
    with Image.open(file) as image:
        return np.asarray(image)
