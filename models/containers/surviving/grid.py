"""The canonical picture: a copy of one size, whatever size the picture came in.

Everything that the layer writes is written into the luma of a reduced copy, and read from such a
copy. Its sides are multiples of 8, and the whole picture maps onto the whole copy, so that a size
that was rounded somewhere on the way does no harm.
"""

from __future__ import annotations

import math
from dataclasses import dataclass

import cv2
import numpy as np
from numpy.typing import NDArray
from PIL import Image

BLOCK = 8

LONG_EDGES = (1024, 768, 512)
"""Of canonical pictures: the largest that a picture is not smaller than."""

_SLACK = 1e-3
"""Blocks, or pixels, by which a frame may be off without a row more or less."""

_ALTERNATING = np.array([1, -1] * 4, np.float32)
_LUMA = np.array([0.299, 0.587, 0.114], np.float32)  # ITU-R BT.601


@dataclass(frozen=True)
class Region:
    """Blocks of the canonical picture, counted from its upper left corner; `top` and `left` may be
    negative, and all of it beyond the picture."""

    top: int
    left: int
    rows: int
    columns: int

    @staticmethod
    def of(size: tuple[int, int]) -> Region:
        """A whole canonical picture of that size (height, width)."""
        return Region(0, 0, size[0] // BLOCK, size[1] // BLOCK)

    @property
    def size(self) -> tuple[int, int]:
        """Height and width in canonical pixels."""
        return self.rows * BLOCK, self.columns * BLOCK

    @property
    def blocks(self) -> int:
        """How many."""
        return self.rows * self.columns

    def shared(self, other: Region) -> Region:
        """What both have; without rows or columns where that is nothing."""
        top, left = max(self.top, other.top), max(self.left, other.left)
        bottom = min(self.top + self.rows, other.top + other.rows)
        right = min(self.left + self.columns, other.left + other.columns)
        return Region(top, left, max(0, bottom - top), max(0, right - left))

    def within(self, other: Region) -> tuple[slice, slice]:
        """Rows and columns of another region that are this one."""
        top, left = self.top - other.top, self.left - other.left
        return slice(top, top + self.rows), slice(left, left + self.columns)


@dataclass(frozen=True)
class Frame:
    """How the canonical picture lies in an upright picture.

    Attributes:
        top, left: where its upper left corner is, pixels of the picture; outside of it where the
            picture was cropped.
        down, across: pixels of the picture for each of its own.
    """

    top: float
    left: float
    down: float
    across: float

    @staticmethod
    def whole(shape: tuple[int, ...], size: tuple[int, int]) -> Frame:
        """Of a picture of that shape that shows all of a canonical picture and nothing else."""
        return Frame(0.0, 0.0, shape[0] / size[0], shape[1] / size[1])

    def inside(self, shape: tuple[int, ...]) -> Region:
        """The blocks that a picture of that shape shows all of."""
        top, left = (-at / (BLOCK * by) - _SLACK for at, by in self._axes())
        bottom, right = self._ends(shape)
        first_row, first_column = math.ceil(top), math.ceil(left)
        rows, columns = math.floor(bottom + _SLACK), math.floor(right + _SLACK)
        return Region(
            first_row, first_column, max(0, rows - first_row), max(0, columns - first_column)
        )

    def around(self, shape: tuple[int, ...]) -> Region:
        """The blocks of which a picture of that shape shows anything."""
        top, left = (math.floor(-at / (BLOCK * by) + _SLACK) for at, by in self._axes())
        bottom, right = (math.ceil(end - _SLACK) for end in self._ends(shape))
        return Region(top, left, bottom - top, right - left)

    def taken(self, plane: NDArray[np.float32], region: Region) -> NDArray[np.float32]:
        """A region of the canonical picture from the picture, H x W (x 3) float32 in and out; what
        lies outside of it is like its edge."""
        top, left, bottom, right = self.box(region)
        above, before = (max(0, math.ceil(-start - _SLACK)) for start in (top, left))
        below = max(0, math.ceil(bottom - plane.shape[0] - _SLACK))
        after = max(0, math.ceil(right - plane.shape[1] - _SLACK))
        if above or before or below or after:
            wider = cv2.copyMakeBorder(plane, above, below, before, after, cv2.BORDER_REPLICATE)
            plane = np.asarray(wider, np.float32)
        box = top + above, left + before, bottom + above, right + before
        return resized(plane, region.size, box)

    def put_back(
        self, values: NDArray[np.float32], region: Region, shape: tuple[int, ...]
    ) -> NDArray[np.float32]:
        """A region's values, as large as in the picture, which lies inside of that region."""
        top = -self.top / self.down - BLOCK * region.top
        left = -self.left / self.across - BLOCK * region.left
        box = (top, left, top + shape[0] / self.down, left + shape[1] / self.across)
        return resized(values, (shape[0], shape[1]), box)

    @staticmethod
    def of_box(box: tuple[float, float, float, float], region: Region) -> Frame:
        """The one in which a region has a box, see `box`."""
        down, across = (box[2] - box[0]) / region.size[0], (box[3] - box[1]) / region.size[1]
        top, left = BLOCK * down * region.top, BLOCK * across * region.left
        return Frame(box[0] - top, box[1] - left, down, across)

    def box(self, region: Region) -> tuple[float, float, float, float]:
        """Top, left, bottom and right of a region in the picture, pixels."""
        down, across = BLOCK * self.down, BLOCK * self.across
        top, left = self.top + down * region.top, self.left + across * region.left
        return top, left, top + down * region.rows, left + across * region.columns

    def moved(self, down: float, across: float) -> Frame:
        """In a picture that begins so many pixels earlier."""
        return Frame(self.top + down, self.left + across, self.down, self.across)

    def reduced(self, down: float, across: float) -> Frame:
        """In a picture that is so many times smaller."""
        return Frame(self.top / down, self.left / across, self.down / down, self.across / across)

    def _axes(self) -> tuple[tuple[float, float], tuple[float, float]]:
        return (self.top, self.down), (self.left, self.across)

    def _ends(self, shape: tuple[int, ...]) -> tuple[float, float]:
        (top, down), (left, across) = self._axes()
        return (shape[0] - top) / (BLOCK * down), (shape[1] - left) / (BLOCK * across)


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


def pixels(rows: slice, columns: slice) -> tuple[slice, slice]:
    """Of blocks, see `Region.within`."""
    return (
        slice(rows.start * BLOCK, rows.stop * BLOCK),
        slice(columns.start * BLOCK, columns.stop * BLOCK),
    )


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


def resized(
    plane: NDArray[np.float32],
    size: tuple[int, int],
    box: tuple[float, float, float, float] | None = None,
) -> NDArray[np.float32]:
    """H x W (x 3) float32 at another size (height, width).

    Lanczos (a = 3), widened where it reduces; edges are renormalised, as Pillow does.

    Args:
        box: top, left, bottom and right of what becomes that size, in pixels; None: all of it.
    """
    height, width = plane.shape[:2]
    top, left, bottom, right = box or (0.0, 0.0, height, width)
    top, left = max(0.0, top), max(0.0, left)
    bottom, right = min(float(height), bottom), min(float(width), right)
    if (height, width) == size and (top, left, bottom, right) == (0, 0, height, width):
        return plane
    if plane.ndim == 3:
        planes = (np.ascontiguousarray(p) for p in plane.transpose(2, 0, 1))
        return np.stack([resized(p, size, box) for p in planes], axis=2)
    image = Image.fromarray(np.ascontiguousarray(plane)).resize(
        size[::-1], Image.Resampling.LANCZOS, (left, top, right, bottom)
    )
    return np.asarray(image, np.float32)


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
