"""The files that the paper's network is trained for, by name, and what they do to a picture."""

from __future__ import annotations

import re

import numpy as np
import torch
from torch import Tensor

from models.containers.container import PNG, JpegSettings, Medium
from models.containers.jpeg_codec import compressed
from models.networks.quantisation import round_to_8_bits

PAPERS = "jpeg-95-420"
"""What the paper trains for: the default of the library that it writes JPEG with."""


def parse(name: str) -> Medium:
    """From ``png`` or ``jpeg-QUALITY-SAMPLING``, such as ``jpeg-95-420``. Raises ValueError."""
    if name == "png":
        return PNG
    found = re.fullmatch(r"jpeg-(\d{1,3})-(444|420)", name)
    if not found or not 1 <= int(found[1]) <= 100:
        raise ValueError(f"'{name}' is no medium; use png, jpeg-95-420, jpeg-90-444 …")
    return Medium.jpeg(JpegSettings(int(found[1]), "444" if found[2] == "444" else "420"))


def name_of(medium: Medium) -> str:
    """The name that `parse` reads; every lossless file is a ``png``."""
    return "png" if medium.lossless else f"jpeg-{medium.quality}-{medium.subsampling}"


def received(container: Tensor, medium: Medium) -> Tensor:
    """What is read back from a file of a picture: B x 3 x H x W, 0..1, in and out.

    Rounding, and JPEG by the real codec; the gradient passes straight through (Bengio, Léonard and
    Courville 2013).
    """
    rounded = round_to_8_bits(container)
    if medium.lossless:
        return rounded
    settings = JpegSettings(medium.quality, medium.subsampling)
    pixels = (rounded.detach() * 255).round().byte().permute(0, 2, 3, 1).cpu().numpy()
    read = np.stack([compressed(np.ascontiguousarray(p), settings) for p in pixels])
    decoded = torch.from_numpy(read).permute(0, 3, 1, 2).to(container).div(255)
    return container + (decoded - container.detach())
