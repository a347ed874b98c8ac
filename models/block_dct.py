"""The discrete cosine transform of JPEG: orthonormal, type II, in blocks of 8 x 8 samples."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

BLOCK = 8


def _matrix() -> NDArray[np.float32]:
    """Rows are frequencies."""
    frequency, place = np.mgrid[:BLOCK, :BLOCK]
    rows = np.cos(np.pi * (2 * place + 1) * frequency / (2 * BLOCK)) * np.sqrt(2 / BLOCK)
    rows[0] /= np.sqrt(2)
    return np.asarray(rows, np.float32)


MATRIX = _matrix()
"""8 x 8, rows are frequencies."""


def _zigzag() -> NDArray[np.int64]:
    """ITU-T T.81, figure A.6: the flat place, 8 v + u, of each coefficient in the order coded."""
    v, u = np.divmod(np.arange(BLOCK * BLOCK), BLOCK)
    diagonal = v + u
    along = np.where(diagonal % 2 == 0, u, v)
    return np.lexsort((along, diagonal))


ZIGZAG = _zigzag()


def forward(plane: NDArray[np.float32]) -> NDArray[np.float32]:
    """8 r x 8 c samples to r x c x 8 x 8 coefficients, [v, u]."""
    height, width = plane.shape
    rows, columns = height // BLOCK, width // BLOCK
    x = np.matmul(MATRIX, plane.reshape(rows, BLOCK, width))
    x = x.reshape(-1, BLOCK) @ MATRIX.T
    return np.ascontiguousarray(x.reshape(rows, BLOCK, columns, BLOCK).transpose(0, 2, 1, 3))


def inverse(coefficients: NDArray[np.float32]) -> NDArray[np.float32]:
    """Back from `forward`."""
    rows, columns = coefficients.shape[:2]
    x = np.ascontiguousarray(coefficients.transpose(0, 2, 1, 3)).reshape(-1, BLOCK) @ MATRIX
    x = np.matmul(MATRIX.T, x.reshape(rows, BLOCK, columns * BLOCK))
    return np.asarray(x.reshape(rows * BLOCK, columns * BLOCK), np.float32)


def padded(plane: NDArray[np.float32], multiple: int) -> NDArray[np.float32]:
    """H x W (x 3) with its last row and column repeated until both sides are multiples."""
    down, across = -plane.shape[0] % multiple, -plane.shape[1] % multiple
    if not down and not across:
        return plane
    beyond = ((0, down), (0, across)) + ((0, 0),) * (plane.ndim - 2)
    return np.asarray(np.pad(plane, beyond, mode="edge"), np.float32)
