"""The two number formats of pictures, and from one to the other."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

FloatImage = NDArray[np.float32]
"""H x W x 3 (RGB, gamma-encoded as in the file), float32, 0..1."""

Image = NDArray[np.uint8] | NDArray[np.float32]
"""H x W x 3 RGB; uint8 in 0..255 or float32 in 0..1."""

_ROUNDED_ROWS = 64
"""Rows that are turned into levels at a time: few enough to stay in the cache."""


def to_float(image: Image) -> FloatImage:
    """H x W x 3 uint8 in 0..255 to float32 in 0..1; float32 is passed through, not copied."""
    if image.dtype == np.uint8:
        return np.multiply(image, np.float32(1 / 255), dtype=np.float32)
    return image  # type: ignore[return-value]


def from_float(image: FloatImage, dtype: np.dtype) -> Image:
    """float32 to `dtype` (uint8 or float32), clipped to 0..1 and, for uint8, rounded."""
    if dtype != np.uint8:
        return np.clip(image, 0.0, 1.0).astype(np.float32, copy=False)
    levels = np.empty(image.shape, np.uint8)
    for top in range(0, len(image), _ROUNDED_ROWS):
        band = image[top : top + _ROUNDED_ROWS] * np.float32(255)
        np.clip(band, 0, 255, out=band)
        levels[top : top + _ROUNDED_ROWS] = np.rint(band, out=band)
    return levels
