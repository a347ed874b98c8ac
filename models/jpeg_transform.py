"""What JPEG does to pixels before it quantises: YCbCr, and the DCT of blocks of 8 x 8 samples."""

from __future__ import annotations

import cv2
import numpy as np
from numpy.typing import NDArray

from models.dct import dct_matrix

BLOCK = 8

YCC = np.array(
    [[0.299, 0.587, 0.114], [-0.168736, -0.331264, 0.5], [0.5, -0.418688, -0.081312]], np.float32
)
"""RGB to YCbCr without offsets; JFIF, ITU-R BT.601."""

RGB = np.linalg.inv(YCC.astype(np.float64)).astype(np.float32)
"""Back."""

MATRIX = dct_matrix(BLOCK).astype(np.float32)
"""8 x 8, orthonormal, rows are frequencies."""

_BOTH_WAYS = np.kron(dct_matrix(BLOCK), dct_matrix(BLOCK)).astype(np.float32)
"""64 x 64: all samples of a block to all of its coefficients in one product of matrices."""


def _zigzag() -> NDArray[np.int64]:
    """ITU-T T.81, figure A.6: the flat place, 8 v + u, of each coefficient in the order coded."""
    v, u = np.divmod(np.arange(BLOCK * BLOCK), BLOCK)
    diagonal = v + u
    along = np.where(diagonal % 2 == 0, u, v)
    return np.lexsort((along, diagonal))


ZIGZAG = _zigzag()


def forward(plane: NDArray[np.float32]) -> NDArray[np.float32]:
    """8 r x 8 c samples to r x c x 8 x 8 coefficients, [v, u]."""
    rows, columns = (side // BLOCK for side in plane.shape)
    blocks = plane.reshape(rows, BLOCK, columns, BLOCK).transpose(0, 2, 1, 3)
    coefficients = np.ascontiguousarray(blocks).reshape(-1, BLOCK * BLOCK) @ _BOTH_WAYS.T
    return np.asarray(coefficients.reshape(rows, columns, BLOCK, BLOCK), np.float32)


def inverse(coefficients: NDArray[np.float32]) -> NDArray[np.float32]:
    """Back from `forward`."""
    rows, columns = coefficients.shape[:2]
    blocks = np.ascontiguousarray(coefficients).reshape(-1, BLOCK * BLOCK) @ _BOTH_WAYS
    samples = blocks.reshape(rows, columns, BLOCK, BLOCK).transpose(0, 2, 1, 3)
    return np.ascontiguousarray(samples, np.float32).reshape(rows * BLOCK, columns * BLOCK)


def planes(picture: NDArray[np.float32]) -> NDArray[np.float32]:
    """H x W x 3 RGB to 3 x H x W of Y', Cb and Cr, without offsets."""
    mixed = cv2.transform(picture, YCC)
    return np.ascontiguousarray(mixed.transpose(2, 0, 1), np.float32)


def picture(planes: NDArray[np.float32]) -> NDArray[np.float32]:
    """Back from `planes`."""
    return np.asarray(cv2.transform(cv2.merge([*planes]), RGB), np.float32)


def padded(plane: NDArray[np.float32], multiple: int) -> NDArray[np.float32]:
    """H x W (x 3) with its last row and column repeated until both sides are multiples."""
    down, across = -plane.shape[0] % multiple, -plane.shape[1] % multiple
    if not down and not across:
        return plane
    beyond = ((0, down), (0, across)) + ((0, 0),) * (plane.ndim - 2)
    return np.asarray(np.pad(plane, beyond, mode="edge"), np.float32)
