"""The eight ways in which a picture can be turned and mirrored without loss."""

from __future__ import annotations

from typing import TypeVar

import numpy as np
from numpy.typing import NDArray

from models.containers.container import SQUARE, Received, Restored, squares_of

S = TypeVar("S", bound=np.generic)

TURNS = range(1, 8)
"""All of them but the picture as it is, which is 0. The last two bits are quarter turns to the
left, the third one is for a picture mirrored from left to right before."""


def turned(picture: NDArray[S], turn: int) -> NDArray[S]:
    """A view of a picture (H x W or H x W x C), turned."""
    return np.rot90(picture[:, ::-1] if turn & 4 else picture, turn & 3)


def turned_back(picture: NDArray[S], turn: int) -> NDArray[S]:
    """The inverse of `turned`."""
    upright = np.rot90(picture, -(turn & 3))
    return upright[:, ::-1] if turn & 4 else upright


def received(picture: Received, turn: int) -> Received:
    """A picture that was opened, turned; its pixels alone."""
    return Received(np.ascontiguousarray(turned(picture.pixels, turn))) if turn else picture


def restored_back(restored: Restored, turn: int) -> Restored:
    """A photo out of a picture that was turned, as the picture was before."""
    if not turn:
        return restored
    pixels = np.ascontiguousarray(turned_back(restored.pixels, turn))
    return Restored(pixels, squares_back(restored.trust, turn, *pixels.shape[:2]))


def squares_back(trust: NDArray[np.uint8], turn: int, height: int, width: int) -> NDArray[np.uint8]:
    """A `Trust` for each square of a picture of that size, from those of the picture turned.

    Where the squares of one are not those of the other, the worst that belongs to one.
    """
    rows, columns = (width, height) if turn & 1 else (height, width)
    each = trust.repeat(SQUARE, 0).repeat(SQUARE, 1)[:rows, :columns]
    upright = np.zeros(tuple(SQUARE * n for n in squares_of(height, width)), np.uint8)
    upright[:height, :width] = turned_back(each, turn)
    across = upright.shape[1] // SQUARE
    worst: NDArray[np.uint8] = upright.reshape(-1, SQUARE, across, SQUARE).max(axis=(1, 3))
    return worst
