"""What the export still shows of the photo beyond what was coded.

The residual is coded against a prediction from a coarser picture than the export (every carrier in
the middle of its pair). What the export's own values would have changed in that prediction is known
to the reader, and where the code says nothing it is rather right than wrong: a share of it is added
in the end. The shares, one for each of three ranges of frequencies of luma and of chroma, are found
by least squares when exporting.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from models import parallel
from models.coding import weighted_prediction
from models.jpeg_transform import ZIGZAG

RANGES = (6, 21, 64)
"""Ends of the ranges in zigzag order."""

SIZE = 2 * len(RANGES)
"""Bytes of the shares."""

_UNIT = 200  # of a share of 1


def _members() -> NDArray[np.float32]:
    """Which coefficients are in each range: shares x 3 x 64."""
    order = np.empty(64, np.int64)
    order[ZIGZAG] = np.arange(64)
    result = np.zeros((2, len(RANGES), 3, 64), np.float32)
    for place, (start, stop) in enumerate(zip((0, *RANGES), RANGES, strict=False)):
        inside = (order >= start) & (order < stop)
        result[0, place, 0, inside] = 1
        result[1, place, 1:, inside] = 1
    return result.reshape(SIZE, 3, 64)


_MEMBERS = _members()


def fit(difference: Sequence[NDArray[np.float32]], missing: Sequence[NDArray[np.float32]]) -> bytes:
    """The shares, from some parts of a picture or all of it.

    Args:
        difference: h x w x 3 levels each, prediction from the export less the one that was used.
        missing: likewise, photo less what is decoded.
    """
    products, squares = np.zeros((3, 64)), np.zeros((3, 64))
    for told, left in zip(difference, missing, strict=True):
        for rows in parallel.bands(told.shape[0], weighted_prediction.ROWS):
            seen = weighted_prediction.coefficients(told[rows])
            wanted = weighted_prediction.coefficients(left[rows])
            products += (seen * wanted).sum(axis=(1, 2))
            squares += (seen * seen).sum(axis=(1, 2))
    shares = np.tensordot(_MEMBERS, products, 2) / (np.tensordot(_MEMBERS, squares, 2) + 1e-3)
    return np.clip(np.rint(shares * _UNIT), 0, 255).astype(np.uint8).tobytes()


def prediction(
    told: NDArray[np.generic], seen: NDArray[np.generic], weights: bytes, shares: bytes
) -> NDArray[np.float32]:
    """The weighted prediction with its share of finer detail: H x W x 3 levels, not clipped.

    Args:
        told: H x W x 3 levels, what the colours of the picture in the middle of pairs tell.
        seen: likewise, those of the export as it is.
        weights: see `weighted_prediction`.
        shares: from `fit`.
    """
    values = np.frombuffer(shares, np.uint8, SIZE).astype(np.float32) / _UNIT
    factors = np.tensordot(values, _MEMBERS, 1).astype(np.float32)[:, None, None]
    result = np.empty(told.shape, np.float32)

    def add(rows: slice) -> None:
        blocks = weighted_prediction.weighted(told[rows], weights)
        finer = weighted_prediction.weighted(seen[rows], weights)
        finer -= blocks
        finer *= factors
        blocks += finer
        result[rows] = weighted_prediction.whole(blocks, result[rows].shape)

    parallel.mapped(add, parallel.bands(told.shape[0], weighted_prediction.ROWS))
    return result
