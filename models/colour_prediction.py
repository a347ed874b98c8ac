"""A first guess of the photo from its edited look: one polynomial of the colour.

Exposure, film and tone curves act on colours alone; a cubic polynomial of the look's colour,
fitted by least squares when exporting and sent along, undoes most of them before anything else is
coded.
"""

from __future__ import annotations

from itertools import combinations_with_replacement

import numpy as np
from numpy.typing import NDArray

DEGREE = 3
_MONOMIALS = tuple(
    c for degree in range(DEGREE + 1) for c in combinations_with_replacement(range(3), degree)
)
SIZE = 2 * 3 * len(_MONOMIALS)
"""Bytes of the coefficients."""

_SAMPLES = 200_000
_RIDGE = 1e-3


def _features(look: NDArray[np.float32]) -> NDArray[np.float32]:
    """N x 3 colours in levels to N x monomials."""
    x = look * np.float32(1 / 255) - np.float32(0.5)
    columns = [np.prod(x[:, m], axis=1) if m else np.ones(len(x), np.float32) for m in _MONOMIALS]
    return np.stack(columns, axis=1)


def fit(look: NDArray[np.generic], photo: NDArray[np.uint8]) -> bytes:
    """The coefficients (float16) that map the look's colours to the photo's; H x W x 3 each."""
    every = max(1, look.shape[0] * look.shape[1] // _SAMPLES)
    x = _features(look.reshape(-1, 3)[::every].astype(np.float32)).astype(np.float64)
    y = photo.reshape(-1, 3)[::every].astype(np.float64) - 127.5
    ridge = _RIDGE * len(x) * np.eye(x.shape[1])
    ridge[0, 0] = 0
    return np.linalg.solve(x.T @ x + ridge, x.T @ y).astype("<f2").tobytes()


def predict(look: NDArray[np.generic], coefficients: bytes) -> NDArray[np.int16]:
    """The photo as far as its colours follow from the look's; H x W x 3 int16, 0..255."""
    weights = np.frombuffer(coefficients, "<f2").astype(np.float32).reshape(-1, 3)
    result = np.empty(look.shape, np.int16)
    for y in range(0, len(look), 64):
        band = look[y : y + 64]
        guess = _features(band.reshape(-1, 3).astype(np.float32)) @ weights + np.float32(127.5)
        result[y : y + 64] = np.clip(np.rint(guess), 0, 255).reshape(band.shape)
    return result
