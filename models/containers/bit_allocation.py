"""How much each part of a picture carries: more where texture hides it, little in skies and skin.

What a change does to structural similarity (Wang et al. 2004) is known in advance: an error of
variance n in a window of variance v lowers it by ``n / (2 v + n + C2)``. The map gives each square
of 16 x 16 pixels one of a few densities of carriers such that the picture carries as many bits as
the wanted similarity allows (Lagrange multiplier). It travels with the bits.
"""

from __future__ import annotations

import zlib

import cv2
import numpy as np
from numpy.typing import NDArray

SQUARE = 16
"""Side of a square in pixels: two blocks of JPEG."""

_C2 = (0.03 * 255) ** 2
_BAND = 512
_WINDOW = 11
_SIGMA = 1.5


_FROM, _TO = 3, 252
"""A pixel with a channel outside has no room for carriers: what they say is clipped."""


class NoMap(ValueError):
    """The bytes hold no map of that size."""


def losses(look: NDArray[np.uint8], noises: NDArray[np.float64]) -> NDArray[np.float32]:
    """Similarity that each square loses to noises of some strengths.

    Args:
        look: H x W x 3.
        noises: K variances in levels².

    Returns:
        K x rows x columns for the squares of the whole blocks: the mean over their pixels.
    """
    height, width = (n // 8 * 8 for n in look.shape[:2])
    rows, columns = -(-height // SQUARE), -(-width // SQUARE)
    result = np.zeros((len(noises), rows, columns), np.float32)
    halo = SQUARE
    for top in range(0, height, _BAND):
        bottom = min(top + _BAND, height)
        above = max(0, top - halo)
        x = look[above : bottom + halo, :width].astype(np.float32)
        mean = cv2.GaussianBlur(x, (_WINDOW, _WINDOW), _SIGMA)
        variance = cv2.GaussianBlur(x * x, (_WINDOW, _WINDOW), _SIGMA) - mean * mean
        room = 2 * np.maximum(variance[top - above : bottom - above], 0) + np.float32(_C2)
        for k, noise in enumerate(noises):
            lost = np.float32(noise) / (room + np.float32(noise))
            mean_lost = (lost[..., 0] + lost[..., 1] + lost[..., 2]) / np.float32(3)
            squares = _squares(mean_lost, columns)
            result[k, top // SQUARE : top // SQUARE + len(squares)] = squares
    return result


def clear(look: NDArray[np.uint8]) -> NDArray[np.float32]:
    """Share of each square (rows x columns) that is neither pure black nor pure white."""
    height, width = (n // 8 * 8 for n in look.shape[:2])
    rows, columns = -(-height // SQUARE), -(-width // SQUARE)
    result = np.empty((rows, columns), np.float32)
    for top in range(0, height, _BAND):
        x = look[top : min(top + _BAND, height), :width]
        inside = ((x >= _FROM) & (x <= _TO)).all(axis=2)
        squares = _squares(np.asarray(inside, np.float32), columns)
        result[top // SQUARE : top // SQUARE + len(squares)] = squares
    return result


def _squares(values: NDArray[np.float32], columns: int) -> NDArray[np.float32]:
    """Means of the squares of some rows of pixels; those at the far edges may be cut off."""
    down, across = -values.shape[0] % SQUARE, -values.shape[1] % SQUARE
    padded = np.pad(values, ((0, down), (0, across)), mode="edge")
    means = padded.reshape(-1, SQUARE, columns, SQUARE).mean(axis=(1, 3))
    return np.asarray(means, np.float32)


def choose(
    look: NDArray[np.uint8],
    bits: NDArray[np.float64],
    noises: NDArray[np.float64],
    most_loss: float,
    most_noise: float,
) -> NDArray[np.uint8]:
    """The densest map within two bounds.

    Args:
        look: H x W x 3.
        bits: what a square carries at each density where nothing is clipped, growing.
        noises: variance that each density adds, levels², growing.
        most_loss: of similarity, mean over the picture.
        most_noise: mean over the picture, levels².

    Returns:
        rows x columns: index of the density of each square; all 0 where even that is too much.
    """
    lost, carried = losses(look, noises), clear(look) * bits[:, None, None].astype(np.float32)
    low, high = -2.0, 10.0  # the multiplier's decimal logarithm
    best = np.zeros(lost.shape[1:], np.uint8)
    for _ in range(24):
        middle = (low + high) / 2
        gain = carried - np.float32(10**middle) * lost
        found = gain.argmax(axis=0).astype(np.uint8)
        loss = float(np.take_along_axis(lost, found[None], axis=0).mean())
        if loss > most_loss or float(noises[found].mean()) > most_noise:
            low = middle
        else:
            high, best = middle, found
    return best


def to_blocks(squares: NDArray[np.uint8], rows: int, columns: int) -> NDArray[np.uint8]:
    """A map's densities for rows x columns blocks of 8 x 8 pixels."""
    return squares.repeat(2, axis=0).repeat(2, axis=1)[:rows, :columns]


def pack(squares: NDArray[np.uint8]) -> bytes:
    """A map as bytes: each square as its difference from the one to the left."""
    left = np.pad(squares, ((0, 0), (1, 0)))[:, :-1]
    return zlib.compress((squares - left).tobytes(), 9)


def unpack(data: bytes, rows: int, columns: int, densities: int) -> NDArray[np.uint8]:
    """Back from `pack`. Raises NoMap where it is none of rows x columns squares."""
    try:
        flat = zlib.decompressobj().decompress(data, rows * columns + 1)
    except zlib.error:
        raise NoMap("The bytes are no map of carriers.") from None
    if len(flat) != rows * columns:
        raise NoMap("The map of carriers has the wrong size.")
    steps = np.frombuffer(flat, np.uint8).reshape(rows, columns)
    squares = np.cumsum(steps, axis=1, dtype=np.uint8)
    if squares.max(initial=0) >= densities:
        raise NoMap("The map of carriers names a density that does not exist.")
    return squares
