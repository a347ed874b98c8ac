"""Coefficients go in pairs, 2 k and 2 k + 1: a bit is said by which of the two one is.

Writing moves a coefficient within its pair only. So the *cells* (which pair it is) never change,
and from them alone a reader makes the same picture as the writer could.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from models.containers import coefficients
from models.containers.coefficients import Coefficients


def cells(plane: NDArray[np.int16]) -> NDArray[np.int16]:
    """What writing does not change: the pair of each coefficient, and the mean of each block.

    rows x columns x 8 x 8 in and out.
    """
    result = (np.abs(plane) >> 1) * np.sign(plane)
    result[:, :, 0, 0] = plane[:, :, 0, 0]
    return result


def middles(plane: NDArray[np.int16]) -> NDArray[np.float32]:
    """Each coefficient in the middle of its pair, the first pair at zero, means as they are."""
    pairs = (np.abs(plane) >> 1).astype(np.float32)
    pairs += pairs
    pairs += np.float32(0.5) * (pairs > 0)
    result = np.copysign(pairs, plane, dtype=np.float32)
    result[:, :, 0, 0] = plane[:, :, 0, 0]
    return result


def pair_of(values: NDArray[np.float32], quantised: NDArray[np.int16]) -> NDArray[np.int16]:
    """The other value of each coefficient's pair.

    Pairs are of magnitudes 2 k and 2 k + 1; zero's is 1, with the sign that the value had before it
    was quantised.
    """
    magnitudes = np.abs(quantised) ^ 1
    negative = np.where(quantised == 0, values < 0, quantised < 0)
    return np.where(negative, -magnitudes, magnitudes).astype(np.int16)


def middle_picture(of: Coefficients) -> NDArray[np.float32]:
    """The picture that hiding does not change: every coefficient in the middle of its pair."""
    return coefficients.to_pixels([middles(p) for p in of.planes], of)
