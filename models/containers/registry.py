"""The kinds of containers that there are."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from models.containers.container import Container, Detection, JpegSettings
from models.containers.jpeg import JpegContainer
from models.containers.lossless import LosslessContainer

CONTAINERS: dict[str, Container] = {
    container.id: container for container in (LosslessContainer(), JpegContainer())
}
"""By id; of those that fit a file, exports use the last."""


def for_export(jpeg: JpegSettings | None) -> Container:
    """The container of an export; None: of a file that keeps every sample."""
    return [container for container in CONTAINERS.values() if container.fits(jpeg)][-1]


def assumed() -> Detection:
    """What a picture that is not recognised may be all the same: a lossless container of today."""
    return LosslessContainer.assumed()


def detect(pixels: NDArray[np.uint8]) -> Detection | None:
    """What container a picture (H x W x 3 uint8) is, from its pixels alone; None: none."""
    for container in CONTAINERS.values():
        detection = container.detect(pixels)
        if detection is not None:
            return detection
    return None
