"""Where in a JPEG's coefficients is what.

The picture is divided into squares of 16 x 16 pixels (2 x 2 luma blocks). Three channels:

* *checks*: every square that is not flat says `CHECK_BITS` bits of a digest of its own cells, in
  `CHECKS` of its coefficients (`squares`);
* the *header*, small and for the whole picture, in `HEADER` coefficients (`header_channel`);
* the *tiles*: areas of 128 to 192 pixels a side, each with a message of its own in its own
  coefficients (`messages`).

The mean of a block carries nothing, nor do `LEFT_ALONE` coefficients.
"""

from __future__ import annotations

import itertools
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from models.containers.coefficients import Subsampling
from models.containers.container import SQUARE
from models.jpeg_transform import ZIGZAG

SMALL = 6000
"""Pictures of fewer squares than that, 1.5 megapixels, have small tiles, so that damage to a part
of them stays a part."""

TILE, SMALL_TILE = 12, 8
"""About how many squares a tile's side has: 192 and 128 pixels. 128 instead of 192 costs 0.1 dB."""

CHECK_BITS = 3

FLAT = 4
"""A square with fewer luma cells than that off zero says nothing: there bits are dear."""

# Places in zigzag order, of luma.
LEFT_ALONE = (0, 1, 2)
CHECKS = (6, 8, 10, 13, 16, 18, 22, 24)
HEADER = (7, 9, 12, 15, 17, 19, 23, 25)

Area = tuple[slice, slice]
"""Rows and columns, of squares or of blocks."""


@dataclass(frozen=True)
class Grid:
    """The squares and tiles of a picture.

    Attributes:
        rows, columns: of whole squares; a strip of one block at the right or below carries nothing.
        subsampling: of chroma.
    """

    rows: int
    columns: int
    subsampling: Subsampling

    @staticmethod
    def of(height: int, width: int, subsampling: Subsampling) -> Grid:
        """For a picture of that many pixels."""
        return Grid(-(-height // 8) // 2, -(-width // 8) // 2, subsampling)

    def tiles(self) -> list[Area]:
        """Their rows and columns of squares."""
        side = SMALL_TILE if self.rows * self.columns < SMALL else TILE
        return product(divided(self.rows, side), divided(self.columns, side))

    def blocks(self, plane: int, area: Area) -> Area:
        """The blocks of a plane in some rows and columns of squares."""
        factor = 1 if plane and self.subsampling == "420" else 2
        rows, columns = area
        return (
            slice(factor * rows.start, factor * rows.stop),
            slice(factor * columns.start, factor * columns.stop),
        )


def divided(squares: int, side: int) -> list[slice]:
    """A row of squares in parts of about `side`."""
    parts = max(1, round(squares / side))
    edges = [squares * part // parts for part in range(parts + 1)]
    return [slice(a, b) for a, b in itertools.pairwise(edges)]


def product(rows: list[slice], columns: list[slice]) -> list[Area]:
    return [(down, across) for down in rows for across in columns]


@dataclass(frozen=True)
class Cut:
    """Which coefficients a tile's message uses: up to a place in zigzag order, 1..63.

    Attributes:
        luma, chroma: the last places.
    """

    luma: int
    chroma: int

    def places(self, plane: int) -> NDArray[np.int64]:
        """The flat places, 8 v + u, in a block."""
        if plane:
            return ZIGZAG[1 : self.chroma + 1]
        return ZIGZAG[[z for z in range(self.luma + 1) if z not in _TAKEN]]


_TAKEN = {*LEFT_ALONE, *CHECKS, *HEADER}


def pixels_of(grid: Grid, area: Area, height: int, width: int) -> Area:
    """A tile's pixels; the last ones reach to the picture's edges."""
    rows, columns = area
    bottom = height if rows.stop == grid.rows else min(height, rows.stop * SQUARE)
    right = width if columns.stop == grid.columns else min(width, columns.stop * SQUARE)
    return slice(rows.start * SQUARE, bottom), slice(columns.start * SQUARE, right)
