"""A first prediction of the photo from its edited look: one polynomial of the colour.

Exposure, film and tone curves act on colours alone; a cubic polynomial of the look's colour,
fitted by least squares when exporting and sent along, undoes most of them before anything else is
coded.
"""

from __future__ import annotations

from itertools import combinations_with_replacement

import numpy as np
from numpy.typing import NDArray

from models import parallel

DEGREE = 3
_MONOMIALS = tuple(
    c for degree in range(DEGREE + 1) for c in combinations_with_replacement(range(3), degree)
)
_SHORTER = [_MONOMIALS.index(m[:-1]) for m in _MONOMIALS]
"""Where each monomial's product without its last factor stands, before it."""

SIZE = 2 * 3 * len(_MONOMIALS)
"""Bytes of the coefficients."""

_SAMPLES = 200_000
_RIDGE = 1e-3
_BAND_PIXELS = 1 << 13  # whose monomials stay in the cache


def _monomials(colours: NDArray[np.floating]) -> NDArray[np.floating]:
    """3 x N colours (0..1, less 0.5) to monomials x N."""
    products = np.empty((len(_MONOMIALS), colours.shape[1]), colours.dtype)
    for i, powers in enumerate(_MONOMIALS):
        if not powers:
            products[i] = 1
        else:
            np.multiply(products[_SHORTER[i]], colours[powers[-1]], out=products[i])
    return products


def _centred(pixels: NDArray[np.generic], dtype: type[np.floating]) -> NDArray[np.floating]:
    """N x 3 levels to 3 x N colours (0..1, less 0.5)."""
    planes = np.ascontiguousarray(pixels.T).astype(dtype)
    planes *= dtype(1 / 255)
    planes -= dtype(0.5)
    return planes


def fit(look: NDArray[np.generic], photo: NDArray[np.uint8]) -> bytes:
    """The coefficients (float16) that map the look's colours to the photo's; H x W x 3 each."""
    every = max(1, look.shape[0] * look.shape[1] // _SAMPLES)
    x = _monomials(_centred(look.reshape(-1, 3)[::every], np.float64))
    y = photo.reshape(-1, 3)[::every].astype(np.float64) - 127.5
    ridge = _RIDGE * x.shape[1] * np.eye(len(x))
    ridge[0, 0] = 0
    return np.linalg.solve(x @ x.T + ridge, x @ y).astype("<f2").tobytes()


def values(look: NDArray[np.generic], coefficients: bytes) -> NDArray[np.float64]:
    """The photo as far as its colours follow from the look's; H x W x 3 in levels, 0..255.

    Double precision, so that all machines round to the same levels.
    """
    weights = np.frombuffer(coefficients, "<f2").astype(np.float64).reshape(-1, 3)
    result = np.empty(look.shape, np.float64)
    rows = max(1, _BAND_PIXELS // max(1, look.shape[1]))
    for y in range(0, len(look), rows):
        band = look[y : y + rows]
        predicted = weights.T @ _monomials(_centred(band.reshape(-1, 3), np.float64))
        predicted += 127.5
        np.clip(predicted, 0, 255, out=predicted)
        result[y : y + rows] = predicted.T.reshape(band.shape)
    return result


def approximate(look: NDArray[np.generic], coefficients: bytes) -> NDArray[np.float32]:
    """The same in single precision, in a fifth of the time."""
    weights = np.frombuffer(coefficients, "<f2").astype(np.float32).reshape(-1, 3)
    result = np.empty(look.shape, np.float32)

    def tell(band: slice) -> None:
        colours = _centred(look[band].reshape(-1, 3), np.float32)
        predicted = weights.T @ _monomials(colours)
        predicted += np.float32(127.5)
        np.clip(predicted, 0, 255, out=predicted)
        result[band] = predicted.T.reshape(result[band].shape)

    parallel.mapped(tell, parallel.bands(len(look), max(1, _BAND_PIXELS // look.shape[1])))
    return result


def predict(look: NDArray[np.generic], coefficients: bytes) -> NDArray[np.int16]:
    """The same, rounded to levels: H x W x 3 int16."""
    return np.rint(values(look, coefficients)).astype(np.int16)
