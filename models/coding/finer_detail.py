"""What the export still shows of the photo beyond what was coded.

The residual is coded against a prediction from a coarser picture than the export (every carrier in
the middle of its pair). What the export's own values would have changed in that prediction is known
to the reader, and where the code says nothing it is rather right than wrong: a share of it is added
in the end. The shares, one for each of three ranges of frequencies of luma and of chroma, are found
by least squares when exporting.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from models.coding import weighted_prediction
from models.jpeg_transform import ZIGZAG

RANGES = (6, 21, 64)
"""Ends of the ranges in zigzag order."""

SIZE = 2 * len(RANGES)
"""Bytes of the shares."""

_UNIT = 200  # of a share of 1
_BAND = 32  # rows of pixels


def _members() -> NDArray[np.float32]:
    """Which coefficients are in each range: shares x 3 x 8 x 8."""
    order = np.empty(64, np.int64)
    order[ZIGZAG] = np.arange(64)
    result = np.zeros((2, len(RANGES), 3, 64), np.float32)
    for place, (start, stop) in enumerate(zip((0, *RANGES), RANGES, strict=False)):
        inside = (order >= start) & (order < stop)
        result[0, place, 0, inside] = 1
        result[1, place, 1:, inside] = 1
    return result.reshape(SIZE, 3, 8, 8)


_MEMBERS = _members()


def fit(difference: NDArray[np.float32], missing: NDArray[np.float32]) -> bytes:
    """The shares.

    Args:
        difference: H x W x 3 levels, prediction from the export less the one that was used.
        missing: likewise, photo less what is decoded.
    """
    products, squares = np.zeros((3, 8, 8)), np.zeros((3, 8, 8))
    for start in range(0, missing.shape[0], _BAND):
        seen = weighted_prediction.coefficients(difference[start : start + _BAND])
        wanted = weighted_prediction.coefficients(missing[start : start + _BAND])
        products += (seen * wanted).sum(axis=(1, 3))
        squares += (seen * seen).sum(axis=(1, 3))
    shares = np.tensordot(_MEMBERS, products, 3) / (np.tensordot(_MEMBERS, squares, 3) + 1e-3)
    return np.clip(np.rint(shares * _UNIT), 0, 255).astype(np.uint8).tobytes()


def add(picture: NDArray[np.float32], difference: NDArray[np.float32], shares: bytes) -> None:
    """Add a share of the difference to a decoded picture, in place; H x W x 3 levels."""
    values = np.frombuffer(shares, np.uint8, SIZE).astype(np.float32) / _UNIT
    factors = np.tensordot(values, _MEMBERS, 1).astype(np.float32)[:, None, :, None, :]
    for start in range(0, picture.shape[0], _BAND):
        area = difference[start : start + _BAND]
        coefficients = weighted_prediction.coefficients(area)
        coefficients *= factors
        picture[start : start + _BAND] += weighted_prediction.samples(coefficients, area.shape)
