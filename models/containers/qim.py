"""Bits in a picture that survive JPEG: on which side of a step a DCT coefficient lies.

Quantisation index modulation (Chen and Wornell 2001) on the blocks that JPEG itself uses: of
luma, and of chroma where JPEG does not reduce it. A carrier is one coefficient of one 8 x 8
block; its axis is divided into cells of two points, a step apart, with a gap to the next cell's
points. The cell is chosen by the look alone, the point in it by the bit, so that a picture with
every carrier put at the middle of its cell (`Lattice.to_middles`) does not depend on what is
carried. Neighbouring points of two cells mean the same bit: a coefficient that is pushed over the
gap still reads as the same bit.

A compression moves a coefficient by at most half its own quantiser step, so bits survive every
quality whose quantiser steps are below the carrier's; what is lost to clipping and rounding is left
to the error-correcting code. Carriers see their coefficients with pseudo-random signs: otherwise
cells around zero would put the same faint pattern into every flat block.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from models.coding.random_streams import Purpose, Stream
from models.dct import dct_matrix

BLOCK = 8

# ITU-T T.81, table K.1.
LUMA_TABLE = np.array(
    [
        [16, 11, 10, 16, 24, 40, 51, 61],
        [12, 12, 14, 19, 26, 58, 60, 55],
        [14, 13, 16, 24, 40, 57, 69, 56],
        [14, 17, 22, 29, 51, 87, 80, 62],
        [18, 22, 37, 56, 68, 109, 103, 77],
        [24, 35, 55, 64, 81, 104, 113, 92],
        [49, 64, 78, 87, 103, 121, 120, 101],
        [72, 92, 95, 98, 112, 100, 103, 99],
    ],
    np.int64,
)

# ITU-T T.81, table K.2.
CHROMA_TABLE = np.full((8, 8), 99, np.int64)
CHROMA_TABLE[:4, :4] = [[17, 18, 24, 47], [18, 21, 26, 66], [24, 26, 56, 99], [47, 66, 99, 99]]

YCC = np.array(
    [[0.299, 0.587, 0.114], [-0.168736, -0.331264, 0.5], [0.5, -0.418688, -0.081312]], np.float32
)
"""RGB to YCbCr without offsets; JFIF, ITU-R BT.601."""

RGB = np.linalg.inv(YCC.astype(np.float64)).astype(np.float32)
"""Back."""

SQUARED_ERROR = tuple(float(x) for x in np.square(RGB).sum(axis=0) / 3)
"""What a squared error of Y', Cb and Cr is worth as a squared error of RGB samples."""

_D = dct_matrix(BLOCK).astype(np.float32)


def quantisation_tables(quality: int) -> NDArray[np.int64]:
    """libjpeg's tables at a quality of 1..100: 3 planes x 8 x 8, [vertical, horizontal]."""
    scale = 5000 // quality if quality < 50 else 200 - 2 * quality
    tables = np.stack([LUMA_TABLE, CHROMA_TABLE, CHROMA_TABLE])
    return np.asarray(np.clip((tables * scale + 50) // 100, 1, 255), np.int64)


@dataclass(frozen=True)
class Lattice:
    """Which coefficients carry bits, and how coarsely.

    Attributes:
        carriers: (plane, vertical frequency, horizontal frequency); planes Y', Cb, Cr.
        steps: between the two points of a cell, one per carrier, in levels (the unit of orthonormal
            DCT coefficients).
        gaps: between neighbouring points of two cells, in levels.
        key: seed of the signs.
    """

    carriers: tuple[tuple[int, int, int], ...]
    steps: tuple[float, ...]
    gaps: tuple[float, ...]
    key: int = 0

    @property
    def bits_per_block(self) -> int:
        """Number of carriers in a block."""
        return len(self.carriers)

    @property
    def planes(self) -> int:
        """How many planes of a picture are needed: 1, or 3 if chroma carries."""
        return 3 if any(plane for plane, _, _ in self.carriers) else 1

    def costs(self) -> NDArray[np.float64]:
        """What each carrier adds to the picture: squared error of RGB samples, levels² per pixel.

        The look is anywhere in the cell, the point half a step from its middle.
        """
        step, period = np.array(self.steps), np.array(self.steps) + np.array(self.gaps)
        worth = np.array([SQUARED_ERROR[plane] for plane, _, _ in self.carriers])
        cost = worth * (period**2 / 12 + step**2 / 4) / BLOCK**2
        return np.asarray(cost, np.float64)

    def put_bits(
        self,
        coefficients: NDArray[np.float32],
        bits: NDArray[np.uint8],
        first_row: int = 0,
        on: NDArray[np.bool_] | None = None,
    ) -> None:
        """Write bits into `blocks`, in place.

        Args:
            coefficients: P x 8 x 8 x rows x columns.
            bits: carriers x rows x columns of 0 or 1.
            first_row: where these rows of blocks are in the picture.
            on: which carriers (carriers x rows x columns) carry; None: all. The others are left
                as they are.
        """
        values, signs = self._values(coefficients, first_row)
        cell, _ = self._cells(values)
        upper = (bits ^ (cell.astype(np.int32) & 1).astype(np.uint8)).astype(np.float32)
        self._write(coefficients, values, cell, upper, signs, on)

    def to_middles(
        self,
        coefficients: NDArray[np.float32],
        first_row: int = 0,
        on: NDArray[np.bool_] | None = None,
    ) -> None:
        """Put the carriers of `blocks` at the middle of their cells, in place; see `put_bits`."""
        values, signs = self._values(coefficients, first_row)
        cell, _ = self._cells(values)
        self._write(coefficients, values, cell, np.float32(0.5), signs, on)

    def soft_bits(
        self, coefficients: NDArray[np.float32], first_row: int = 0
    ) -> NDArray[np.float32]:
        """Carriers x rows x columns: positive for 0, negative for 1; +-1 on a point, 0 between."""
        values, _ = self._values(coefficients, first_row)
        cell, inside = self._cells(values)
        half = self._column(self.steps) / 2
        soft: NDArray[np.float32] = np.clip((half - inside) / half, -1, 1)
        soft *= 1 - 2 * (cell.astype(np.int32) & 1).astype(np.float32)
        return soft

    def _values(
        self, coefficients: NDArray[np.float32], first_row: int
    ) -> tuple[NDArray[np.float32], NDArray[np.float32]]:
        """The carriers with their signs applied, and the signs."""
        rows, columns = coefficients.shape[3:]
        signs = np.empty((self.bits_per_block, rows, columns), np.float32)
        for row in range(rows):
            random = Stream(Purpose.QIM_SIGNS, self.key << 32 | first_row + row)
            heads = random.bits(self.bits_per_block * columns).reshape(-1, columns)
            signs[:, row] = heads * np.float32(2) - 1
        return coefficients[self._where()] * signs, signs

    def _cells(
        self, values: NDArray[np.float32]
    ) -> tuple[NDArray[np.float32], NDArray[np.float32]]:
        """Which cell, and where in it, counted from its lower point."""
        step, gap = self._column(self.steps), self._column(self.gaps)
        cell = np.floor((values + gap / 2) / (step + gap))
        return cell, values - cell * (step + gap)

    def _write(
        self,
        coefficients: NDArray[np.float32],
        values: NDArray[np.float32],
        cell: NDArray[np.float32],
        upper: NDArray[np.float32] | np.float32,
        signs: NDArray[np.float32],
        on: NDArray[np.bool_] | None,
    ) -> None:
        step, gap = self._column(self.steps), self._column(self.gaps)
        points = cell * (step + gap) + upper * step
        if on is not None:
            points = np.where(on, points, values)
        coefficients[self._where()] = points * signs

    def _where(self) -> tuple[list[int], ...]:
        return tuple(list(axis) for axis in zip(*self.carriers, strict=True))

    @staticmethod
    def _column(values: tuple[float, ...]) -> NDArray[np.float32]:
        return np.array(values, np.float32)[:, None, None]


def to_ycc(picture: NDArray[np.generic], planes: int = 3) -> NDArray[np.float32]:
    """The first planes of YCbCr in levels, not rounded, Y' minus 128.

    Args:
        picture: H x W x 3 RGB, 0..255.
        planes: 1 for luma alone, or 3.

    Returns:
        planes x H x W.
    """
    colours = picture.reshape(-1, 3).astype(np.float32, copy=False)
    ycc: NDArray[np.float32] = (YCC[:planes] @ colours.T).reshape(planes, *picture.shape[:2])
    ycc[0] -= 128
    return ycc


def blocks(planes: NDArray[np.float32]) -> NDArray[np.float32]:
    """Orthonormal DCT of the whole blocks: P x H x W to P x 8 x 8 x rows x columns."""
    rows, columns = planes.shape[1] // BLOCK, planes.shape[2] // BLOCK
    x = planes[:, : rows * BLOCK, : columns * BLOCK].reshape(-1, BLOCK, columns * BLOCK)
    x = np.matmul(_D, x).reshape(-1, rows, BLOCK, columns, BLOCK)
    return np.asarray(np.matmul(x, _D.T).transpose(0, 2, 4, 1, 3), np.float32)


def unblocks(coefficients: NDArray[np.float32]) -> NDArray[np.float32]:
    """Back from `blocks`: P x 8 rows x 8 columns."""
    planes, _, _, rows, columns = coefficients.shape
    x = coefficients.transpose(0, 3, 1, 4, 2).reshape(planes * rows, BLOCK, columns * BLOCK)
    x = np.matmul(_D.T, x).reshape(planes, rows, BLOCK, columns, BLOCK)
    return np.asarray(np.matmul(x, _D), np.float32).reshape(planes, rows * BLOCK, columns * BLOCK)


def with_planes(
    picture: NDArray[np.uint8], wanted: NDArray[np.float32], rounds: int = 6
) -> NDArray[np.uint8]:
    """The picture closest to `picture` that has this luma (and chroma) in its whole blocks.

    Where a channel clips, the others take its share in further rounds; where none has room the
    planes are missed.

    Args:
        picture: H x W x 3 uint8.
        wanted: P x 8 rows x 8 columns, as from `unblocks`; with one plane, chroma is kept.
    """
    planes, height, width = wanted.shape
    result = picture.copy()
    for y in range(0, height, 256):
        area = picture[y : min(y + 256, height), :width].astype(np.float32)
        goal = wanted[:, y : y + 256]
        area += _towards(area, goal)
        if rounds > 1:
            # Only what clips, or is so close to being rounded the other way that the last digits
            # count, has something to gain from more.
            off = np.abs(area - np.floor(area) - np.float32(0.5)) < _LAST_DIGITS
            off |= (area < 0) | (area > 255)
            np.clip(area, 0, 255, out=area)
            some = np.flatnonzero(off[..., 0] | off[..., 1] | off[..., 2])
            if 0 < some.size < _FEWEST:
                some = np.resize(some, _FEWEST)
            if some.size > area.size // 6:
                some = np.arange(area.size // 3)
            few, goals = area.reshape(-1, 3)[some][None], goal.reshape(planes, 1, -1)[..., some]
            for _ in range(rounds - 1):
                few += _towards(few, goals)
                np.clip(few, 0, 255, out=few)
            area.reshape(-1, 3)[some] = few[0]
        else:
            np.clip(area, 0, 255, out=area)
        result[y : y + 256, :width][: len(area)] = np.rint(area)
    return result


_LAST_DIGITS = np.float32(1e-3)
_FEWEST = 1 << 15  # pixels: products of small matrices are summed in another order


def _towards(area: NDArray[np.float32], goal: NDArray[np.float32]) -> NDArray[np.float32]:
    """What is missing in some RGB pixels (H x W x 3) to planes of YCbCr (P x H x W)."""
    missing = goal - to_ycc(area, len(goal))
    return (RGB[:, : len(goal)] @ missing.reshape(len(goal), -1)).T.reshape(area.shape)
