"""What the pixels of a lossless container tell of the photo before anything is decoded.

A polynomial of the colour undoes what a look did to colours; what it says is taken, frequency by
frequency, as far as it can be trusted. Both are found when exporting and sent along, in the head of
the container.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from models.coding import colour_prediction, frequency_weights
from models.coding.opponent_dct import BLOCK

PLAIN_SIZE = colour_prediction.SIZE
"""Bytes of a polynomial."""

SIZE = PLAIN_SIZE + frequency_weights.SIZE
"""Bytes of a polynomial with weights."""

_ROWS = 64  # that are predicted at a time

_BLOCKS = 3072


def some_blocks(picture: NDArray[np.uint8]) -> NDArray[np.uint8]:
    """Blocks of 8 x 8 pixels from all over a picture, below each other: 8 N x 8 x 3.

    Only whole ones, so none of a picture with a side below 8.
    """
    rows, columns = (n // BLOCK for n in picture.shape[:2])
    chosen = np.linspace(0, rows * columns - 1, min(_BLOCKS, rows * columns)).astype(np.intp)
    whole = picture[: rows * BLOCK, : columns * BLOCK].reshape(rows, BLOCK, columns, BLOCK, 3)
    return whole[chosen // columns, :, chosen % columns].reshape(-1, BLOCK, 3)


def fit(photo: NDArray[np.uint8], container: NDArray[np.uint8], *, plain: bool = False) -> bytes:
    """What predicts a photo from its container.

    Args:
        photo, container: H x W x 3 in levels, sides multiples of 8.
        plain: without weights.
    """
    colours = colour_prediction.fit(container, photo)
    if plain:
        return colours
    return colours + frequency_weights.fit(colour_prediction.values(container, colours), photo)


def predict(container: NDArray[np.generic], sent: bytes) -> NDArray[np.float64]:
    """The photo of a tile as far as its container tells it.

    Args:
        container: H x W x 3 in levels.
        sent: what `fit` gave.

    Returns:
        H x W x 3 in levels, neither clipped nor rounded.
    """
    colours, weights = sent[:PLAIN_SIZE], sent[PLAIN_SIZE:]
    result = np.empty(container.shape, np.float64)
    for y in range(0, len(container), _ROWS):
        values = colour_prediction.values(container[y : y + _ROWS], colours)
        result[y : y + _ROWS] = frequency_weights.apply(values, weights) if weights else values
    return result
