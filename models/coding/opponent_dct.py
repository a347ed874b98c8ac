"""Pictures as planes of frequencies: 8 x 8 DCT of opponent colours, orthonormal.

Because the transform is orthonormal, squared errors of coefficients are squared errors of samples.
"""

from __future__ import annotations

from typing import TypeVar

import numpy as np
from numpy.typing import NDArray

from models.dct import dct_matrix

F = TypeVar("F", np.float32, np.float64)

BLOCK = 8
"""Side of the blocks in pixels."""

CHANNELS = 3 * BLOCK * BLOCK


def padded(picture: NDArray[F]) -> NDArray[F]:
    """A picture (H x W x 3), its last row and column repeated up to whole blocks."""
    down, across = (-n % BLOCK for n in picture.shape[:2])
    if not down and not across:
        return picture
    return np.pad(picture, ((0, down), (0, across), (0, 0)), mode="edge")


def transform(picture: NDArray[F]) -> NDArray[F]:
    """H x W x 3, sides multiples of 8, to 192 x H/8 x W/8 coefficients, in the picture's format.

    Channel 64 c + 8 v + u is opponent colour c, (R + G + B) / sqrt 3, (R - B) / sqrt 2 or
    (R - 2 G + B) / sqrt 6, at vertical frequency v and horizontal frequency u.
    """
    rows, columns = (n // BLOCK for n in picture.shape[:2])
    d, colours = (dct_matrix(k).astype(picture.dtype) for k in (BLOCK, 3))
    x = picture.reshape(rows, BLOCK, columns, BLOCK, 3).transpose(0, 2, 4, 1, 3)
    blocks = (np.ascontiguousarray(x).reshape(-1, BLOCK) @ d.T).reshape(-1, BLOCK, BLOCK)
    blocks = (blocks.transpose(0, 2, 1).reshape(-1, BLOCK) @ d.T).reshape(rows * columns, 3, -1)
    planes = colours @ np.ascontiguousarray(blocks.transpose(1, 2, 0)).reshape(3, -1)
    planes = planes.reshape(3, BLOCK, BLOCK, rows, columns).transpose(0, 2, 1, 3, 4)
    return np.ascontiguousarray(planes, picture.dtype).reshape(CHANNELS, rows, columns)


def inverse_transform(coefficients: NDArray[F]) -> NDArray[F]:
    """192 x h x w coefficients to 8h x 8w x 3, in their format."""
    rows, columns = coefficients.shape[1:]
    d, colours = (dct_matrix(k).astype(coefficients.dtype) for k in (BLOCK, 3))
    planes = (colours.T @ coefficients.reshape(3, -1)).reshape(3, BLOCK, BLOCK, -1)
    blocks = np.ascontiguousarray(planes.transpose(3, 0, 1, 2)).reshape(-1, BLOCK) @ d
    blocks = blocks.reshape(-1, BLOCK, BLOCK).transpose(0, 2, 1).reshape(-1, BLOCK) @ d
    x = blocks.reshape(rows, columns, 3, BLOCK, BLOCK)  # columns of pixels before rows
    x = x.transpose(0, 4, 1, 3, 2)
    return np.ascontiguousarray(x).reshape(rows * BLOCK, columns * BLOCK, 3)
