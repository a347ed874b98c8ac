"""What a prediction misses in one tile of a picture, as an AV1 frame.

The residual is squeezed into 8 bits around a middle grey, as little as its largest values allow,
and coded at half the size where bits are very few. The first byte says both.
"""

from __future__ import annotations

from dataclasses import dataclass

import cv2
import numpy as np
from numpy.typing import NDArray

from models.coding import av1

SCALES = (1.0, 1.25, 1.5, 2.0)
"""Levels for one of the 256 values that are coded."""

_CLIPPED = 1e-3
"""Share of a tile's samples that may be clipped."""

_HALF = 4  # flag
_GREY = 128


@dataclass(frozen=True, eq=False)
class Coded:
    """A tile's residual, coded.

    Attributes:
        data: the bytes.
        error: sum of the squared errors of what `decode` will give; None where nobody asked.
    """

    data: bytes
    error: float | None


def encode(
    residual: NDArray[np.float32],
    quality: int,
    half: bool = False,
    speed: int = 8,
    measured: bool = True,
) -> Coded:
    """Code a residual.

    Args:
        residual: H x W x 3, photo less prediction, levels.
        quality: see `av1.encode`.
        half: code at half the size.
        speed: see `av1.encode`.
        measured: say the error, which takes as long as half the coding.
    """
    height, width = residual.shape[:2]
    wanted = residual
    if half:
        size = half_of(height, width)[::-1]
        wanted = np.asarray(cv2.resize(residual, size, interpolation=cv2.INTER_AREA), np.float32)
    scale = 0
    if max(float(wanted.max()), -float(wanted.min())) > 127:
        magnitudes, most = np.abs(wanted), _CLIPPED * wanted.size
        clipped = [np.count_nonzero(magnitudes > 127 * s) for s in SCALES]
        scale = next((i for i, n in enumerate(clipped) if n <= most), len(SCALES) - 1)
    squeezed = np.rint(wanted * np.float32(1 / SCALES[scale])) + _GREY
    frame = av1.encode(np.clip(squeezed, 0, 255).astype(np.uint8), quality, speed)
    data = bytes([scale | (_HALF if half else 0)]) + frame
    if not measured:
        return Coded(data, None)
    difference = (residual - decode(data, height, width)).ravel()
    return Coded(data, float(difference @ difference))


def decode(data: bytes, height: int, width: int) -> NDArray[np.float32]:
    """The residual in a code: H x W x 3 float32, levels.

    Raises:
        av1.NotAV1: where there is none of that size.
    """
    if not data:
        raise av1.NotAV1("There is no residual.")
    frame, scale, half = parts(data)
    size = half_of(height, width) if half else (height, width)
    values = av1.decode(frame, *size).astype(np.float32)
    values -= np.float32(_GREY)
    values *= np.float32(scale)
    if half:
        resized = cv2.resize(values, (width, height), interpolation=cv2.INTER_CUBIC)
        return np.asarray(resized, np.float32)
    return values


def parts(data: bytes) -> tuple[bytes, float, bool]:
    """Of a code that is not empty: the AV1 frame, the levels of one of its values, and whether it
    has half the size."""
    return data[1:], SCALES[data[0] & 3], bool(data[0] & _HALF)


def half_of(height: int, width: int) -> tuple[int, int]:
    """The size of a residual that is coded at half the size."""
    return max(1, height // 2), max(1, width // 2)
