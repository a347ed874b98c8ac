"""Bits in a picture that survive JPEG: parity of coarsely quantised DCT coefficients.

Quantisation index modulation (Chen and Wornell 2001) on the blocks that JPEG itself uses: of
luma, and of chroma where JPEG does not reduce it. A carrier is one coefficient of one 8 x 8
block; its axis is divided into points at multiples of a step s, and the parity of the nearest
point is the bit. Two neighbouring points make a cell. The cell is chosen by the look alone, the
point in it by the bit, so that a picture with every carrier put at the middle of its cell
(`at_cell_middles`) does not depend on what is carried.

A re-compression moves a coefficient by at most half its own quantiser step, so bits survive every
quality whose steps are below s; what is lost to clipping and rounding is left to the error-
correcting code. Carriers see their coefficients with pseudo-random signs: otherwise cells around
zero would put the same faint pattern into every flat block.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from models.block_transform import dct_matrix

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

_D = dct_matrix(BLOCK).numpy().astype(np.float32)


def quantisation_tables(quality: int) -> NDArray[np.int64]:
    """libjpeg's tables at a quality of 1..100: 3 planes x 8 x 8, [vertical, horizontal]."""
    scale = 5000 // quality if quality < 50 else 200 - 2 * quality
    tables = np.stack([LUMA_TABLE, CHROMA_TABLE, CHROMA_TABLE])
    return np.clip((tables * scale + 50) // 100, 1, 255)


@dataclass(frozen=True)
class Lattice:
    """Which coefficients carry bits, and how coarsely.

    Attributes:
        carriers: (plane, vertical frequency, horizontal frequency); planes Y', Cb, Cr.
        steps: one step per carrier, in levels (the unit of orthonormal DCT coefficients).
        key: seed of the signs.
    """

    carriers: tuple[tuple[int, int, int], ...]
    steps: tuple[float, ...]
    key: int = 0

    @property
    def bits_per_block(self) -> int:
        """Number of carriers in a block."""
        return len(self.carriers)


def to_ycc(picture: NDArray[np.generic], planes: int = 3) -> NDArray[np.float32]:
    """The first planes of YCbCr in levels, not rounded, Y' minus 128.

    Args:
        picture: H x W x 3 RGB, 0..255.
        planes: 1 for luma alone, or 3.

    Returns:
        planes x H x W.
    """
    ycc = np.einsum("pc,hwc->phw", YCC[:planes], picture.astype(np.float32), optimize=True)
    ycc[0] -= 128
    return ycc


def blocks(planes: NDArray[np.float32]) -> NDArray[np.float32]:
    """Orthonormal DCT of the whole blocks: P x H x W to P x 8 x 8 x rows x columns."""
    rows, columns = planes.shape[1] // BLOCK, planes.shape[2] // BLOCK
    x = planes[:, : rows * BLOCK, : columns * BLOCK].reshape(-1, rows, BLOCK, columns, BLOCK)
    return np.einsum("vy,ux,phywx->pvuhw", _D, _D, x, optimize=True)


def unblocks(coefficients: NDArray[np.float32]) -> NDArray[np.float32]:
    """Back from `blocks`: P x 8 rows x 8 columns."""
    x = np.einsum("vy,ux,pvuhw->phywx", _D, _D, coefficients, optimize=True)
    planes, _, _, rows, columns = coefficients.shape
    return x.reshape(planes, rows * BLOCK, columns * BLOCK)


def _signs(lattice: Lattice, rows: int, columns: int) -> NDArray[np.float32]:
    rng = np.random.Generator(np.random.Philox(lattice.key))
    count = (lattice.bits_per_block, rows, columns)
    return (rng.integers(0, 2, count, dtype=np.int8) * 2 - 1).astype(np.float32)


def _carried(
    coefficients: NDArray[np.float32], lattice: Lattice
) -> tuple[NDArray[np.float32], NDArray[np.float32], tuple[list[int], ...]]:
    """The carriers in units of their steps, signs applied; the factor to undo that; where."""
    where = tuple(list(axis) for axis in zip(*lattice.carriers, strict=True))
    steps = np.array(lattice.steps, np.float32)[:, None, None]
    factor = _signs(lattice, *coefficients.shape[3:]) * steps
    return coefficients[where] / factor, factor, where


def embed_bits(
    coefficients: NDArray[np.float32],
    bits: NDArray[np.uint8],
    lattice: Lattice,
    *,
    in_place: bool = False,
) -> NDArray[np.float32]:
    """`blocks` with bits (carriers x rows x columns of 0 or 1); a copy unless `in_place`."""
    values, factor, where = _carried(coefficients, lattice)
    np.floor((values + np.float32(0.5)) / 2, out=values)
    values *= 2
    values += bits
    values *= factor
    result = coefficients if in_place else coefficients.copy()
    result[where] = values
    return result


def soft_bits(coefficients: NDArray[np.float32], lattice: Lattice) -> NDArray[np.float32]:
    """Carriers x rows x columns: positive for 0, negative for 1; 1 on a point, 0 between two."""
    values, _, _ = _carried(coefficients, lattice)
    nearest = np.rint(values)
    certainty = 1 - 2 * np.abs(values - nearest)
    return certainty * (1 - 2 * (nearest.astype(np.int64) & 1)).astype(np.float32)


def at_cell_middles(
    coefficients: NDArray[np.float32], lattice: Lattice, *, in_place: bool = False
) -> NDArray[np.float32]:
    """`blocks` with every carrier at the middle of its cell; a copy unless `in_place`."""
    return embed_bits(coefficients, np.float32(0.5), lattice, in_place=in_place)  # type: ignore[arg-type]


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
        for _ in range(rounds):
            missing = goal - to_ycc(area, planes)
            area += np.einsum("cp,phw->hwc", RGB[:, :planes], missing, optimize=True)
            np.clip(area, 0, 255, out=area)
        result[y : y + 256, :width][: len(area)] = np.rint(area)
    return result
