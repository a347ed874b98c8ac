"""How far a prediction can be trusted: a weight for each of its frequencies.

A look that smooths texture away or draws its own tells little of the photo's; to subtract what it
predicts there would cost more than it saves. So each frequency of a prediction (see
`models.coding.opponent_dct`) is multiplied by what least squares says that it is worth.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from models.coding.opponent_dct import BLOCK, CHANNELS, inverse_transform, padded, transform

SIZE = CHANNELS
"""Bytes of the weights."""

_STEPS = 200  # per unit
_LARGEST = 250  # a weight of 1.25


def fit(prediction: NDArray[np.floating], photo: NDArray[np.uint8]) -> bytes:
    """The weights with which a prediction comes closest to a photo.

    Args:
        prediction, photo: H x W x 3 in levels, sides multiples of 8.
    """
    told, meant = (transform(p.astype(np.float64) - 127.5) for p in (prediction, photo))
    energy = np.square(told).sum((1, 2))
    weights = (told * meant).sum((1, 2)) / np.maximum(energy, 1e-6)
    weights[:: BLOCK**2] = 1  # of the means, which are not about 0
    codes: NDArray[np.uint8] = np.clip(np.rint(weights * _STEPS), 0, _LARGEST).astype(np.uint8)
    return codes.tobytes()


def apply(prediction: NDArray[np.float64], weights: bytes) -> NDArray[np.float64]:
    """A prediction (H x W x 3) with its frequencies weighted; whole blocks may be worked on apart.

    Double precision, so that all machines round to the same levels.
    """
    factors = np.frombuffer(weights, np.uint8).astype(np.float64) / _STEPS
    coefficients = transform(padded(prediction)) * factors[:, None, None]
    return inverse_transform(coefficients)[: prediction.shape[0], : prediction.shape[1]]
