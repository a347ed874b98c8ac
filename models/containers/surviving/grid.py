"""The canonical picture: a copy of one size, whatever size the picture came in.

Everything that the layer writes is written into the luma of a reduced copy, and read from such a
copy. Its sides are multiples of 8, and the whole picture maps onto the whole copy, so that a size
that was rounded somewhere on the way does no harm.
"""

from __future__ import annotations

import cv2
import numpy as np
from numpy.typing import NDArray
from PIL import Image

BLOCK = 8

LONG_EDGES = (1024, 768, 512)
"""Of canonical pictures: the largest that a picture is not smaller than."""

_ALTERNATING = np.array([1, -1] * 4, np.float32)
_LUMA = np.array([0.299, 0.587, 0.114], np.float32)  # ITU-R BT.601


def canonical_sizes(height: int, width: int) -> list[tuple[int, int]]:
    """Sizes (height, width) that the canonical picture of a picture may have had.

    The long edge is not known any more where the picture was made smaller, nor, in rare cases, how
    the short edge was rounded; the likeliest come first.
    """
    result: list[tuple[int, int]] = []
    for long_edge in LONG_EDGES:
        exact = long_edge * min(height, width) / max(height, width) / BLOCK
        nearest = round(exact)
        other = nearest + (1 if exact > nearest else -1)
        doubt = long_edge / BLOCK * 0.75 / max(height, width)
        counts = (nearest, other) if abs(exact - nearest) > 0.5 - doubt else (nearest,)
        result += [_oriented(long_edge, n * BLOCK, height, width) for n in counts if n >= 1]
    return result


def canonical_size(height: int, width: int) -> tuple[int, int] | None:
    """Size (height, width) of the canonical picture when exporting; None: too small for one."""
    long_edge = next((e for e in LONG_EDGES if e <= max(height, width)), None)
    if long_edge is None:
        return None
    count = round(long_edge * min(height, width) / max(height, width) / BLOCK)
    return _oriented(long_edge, count * BLOCK, height, width) if count >= 1 else None


def _oriented(long_edge: int, short: int, height: int, width: int) -> tuple[int, int]:
    return (long_edge, short) if height > width else (short, long_edge)


def luma(picture: NDArray[np.generic]) -> NDArray[np.float32]:
    """Y' of H x W x 3 levels, float32."""
    if picture.dtype == np.uint8:
        levels = picture.astype(np.uint8, copy=False)
        planes = [cv2.extractChannel(levels, i) for i in range(3)]
        result = planes[0] * _LUMA[0]
        result += planes[1] * _LUMA[1]
        result += planes[2] * _LUMA[2]
        return np.asarray(result, np.float32)
    return np.asarray(picture.astype(np.float32) @ _LUMA, np.float32)


def resized(plane: NDArray[np.float32], size: tuple[int, int]) -> NDArray[np.float32]:
    """H x W (x 3) float32 at another size (height, width).

    Lanczos (a = 3), widened where it reduces; edges are renormalised, as Pillow does.
    """
    if plane.shape[:2] == size:
        return plane
    if plane.ndim == 3:
        return np.stack(
            [resized(np.ascontiguousarray(p), size) for p in plane.transpose(2, 0, 1)], axis=2
        )
    image = Image.fromarray(np.ascontiguousarray(plane))
    return np.asarray(image.resize(size[::-1], Image.Resampling.LANCZOS), np.float32)


def turned_blocks(blocks: NDArray[np.float32], turn: int) -> NDArray[np.float32]:
    """The blocks of a plane turned (`models.containers.turns`), from those of the plane.

    Rows x columns x 8 x 8, [v, u].
    """
    if turn >= 4:
        blocks = blocks[:, ::-1] * _ALTERNATING
    quarters = turn % 4
    if quarters in (1, 3):
        blocks = blocks.transpose(1, 0, 3, 2)
    if quarters in (1, 2):
        blocks = blocks[::-1] * _ALTERNATING[:, None]
    if quarters in (2, 3):
        blocks = blocks[:, ::-1] * _ALTERNATING
    return blocks
