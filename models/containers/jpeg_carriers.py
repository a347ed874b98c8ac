"""Which coefficients of a picture carry what through a JPEG; bits into pixels and out of them.

Two layers. The *base* is on a lattice so coarse that it outlives a second compression; it is thin,
since its bits are dear. The *detail* is on the lattice of the export's own quantiser, where bits
are cheap, and is lost when the file is compressed again. Its first carriers are on in every block;
how many more there are depends on the block's density (`models.containers.bit_allocation`).
"""

from __future__ import annotations

import functools
from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from models.containers import qim
from models.containers.coefficients import Subsampling
from models.containers.qim import Lattice, quantisation_tables

BASE_QUALITY = 75
"""The lowest quality that the base is meant to outlive."""

BASE_WIDTH = 1.25
"""Steps of the base in quantiser steps of `BASE_QUALITY`: above 1, two compressions in a row with
different tables still leave the bits in place."""

BASE_GAP = 0.5
"""Gaps of the base in its steps."""

BASE_FREQUENCIES = ((0, 1), (1, 0), (1, 1), (0, 2), (2, 0), (1, 2), (2, 1), (0, 3))
"""Of luma, in the order in which they are taken."""

BASE_BITS = 8000
"""A picture's base has at least so many carriers, as far as 8 in a block allow."""

DENSITIES = (0.35, 0.9, 2.2, 5.0, 11.0)
"""Up to how much noise (levels² per pixel) each density of detail carriers adds."""

ALWAYS_BITS = 4000
"""The carriers that are on in every block are at least so many in all."""

_BAND_ROWS = 32


def base_lattice(blocks: int) -> Lattice:
    """The carriers of the base in a picture of that many blocks: more per block in small ones."""
    table = quantisation_tables(BASE_QUALITY)[0]
    count = min(len(BASE_FREQUENCIES), max(1, -(-BASE_BITS // max(1, blocks))))
    frequencies = BASE_FREQUENCIES[:count]
    steps = tuple(BASE_WIDTH * float(table[p]) for p in frequencies)
    gaps = tuple(BASE_GAP * s for s in steps)
    return Lattice(tuple((0, v, u) for v, u in frequencies), steps, gaps, key=1)


@functools.cache
def detail_lattice(quality: int, subsampling: Subsampling, base: int) -> Lattice:
    """All carriers that the detail may use, the cheapest bits first.

    Points are multiples of the export's own quantiser steps, so that the compression leaves them
    where they are. A quantiser step of 1 drowns in the rounding of RGB and YCbCr: there the points
    of a cell are two steps apart. Chroma carries only where it is not reduced. The mean of a block
    never carries: the codec's rounding shifts it, and more where colours clip.

    Args:
        quality, subsampling: of the export.
        base: how many of `BASE_FREQUENCIES` are taken by the base.
    """
    tables = quantisation_tables(quality)
    planes = 3 if subsampling == "444" else 1
    taken = {(0, v, u) for v, u in BASE_FREQUENCIES[:base]}
    carriers = [(p, v, u) for p in range(planes) for v in range(8) for u in range(8)]
    carriers = [c for c in carriers if c not in taken and c[1:] != (0, 0)]
    quantisers = [float(tables[c]) for c in carriers]
    steps = [max(2.0, q) for q in quantisers]
    every = Lattice(tuple(carriers), tuple(steps), tuple(quantisers), key=2)
    # The share of a bit that comes through, measured: less on fine steps, which rounding blurs.
    through = [0.5 if q == 1 else 1 - 0.4 / q for q in quantisers]
    dearness = every.costs() / through
    order = [int(i) for i in np.lexsort((np.arange(len(carriers)), dearness))]
    noise = np.cumsum(every.costs()[order])
    order = order[: max(1, int((noise <= DENSITIES[-1]).sum()))]
    return Lattice(
        tuple(carriers[i] for i in order),
        tuple(steps[i] for i in order),
        tuple(quantisers[i] for i in order),
        key=2,
    )


@dataclass(frozen=True)
class Carriers:
    """The carriers of a picture of `rows` x `columns` blocks for an export's settings.

    Attributes:
        rows, columns: whole blocks of 8 x 8 pixels.
        base, detail: the lattices.
        counts: how many detail carriers are on at each density.
    """

    rows: int
    columns: int
    base: Lattice
    detail: Lattice
    counts: tuple[int, ...]

    @staticmethod
    def of(height: int, width: int, quality: int, subsampling: Subsampling) -> Carriers:
        """For a picture of that many pixels."""
        rows, columns = height // 8, width // 8
        blocks = rows * columns
        base = base_lattice(blocks)
        detail = detail_lattice(quality, subsampling, base.bits_per_block)
        noise = np.cumsum(detail.costs())
        fewest = min(detail.bits_per_block, -(-ALWAYS_BITS // max(1, blocks)))
        counts = [max(fewest, int((noise <= most).sum())) for most in DENSITIES]
        return Carriers(rows, columns, base, detail, tuple(counts))

    def noises(self) -> NDArray[np.float64]:
        """What each density adds together with the base, levels² per pixel."""
        detail = np.cumsum(self.detail.costs())[np.array(self.counts) - 1]
        return np.asarray(self.base.costs().sum() + detail, np.float64)

    def on(self, densities: NDArray[np.uint8], first: int = 0) -> NDArray[np.bool_]:
        """Which detail carriers from the `first` are on: carriers x rows x columns.

        `densities` of blocks: rows x columns, or some rows of them.
        """
        counts = np.array(self.counts)[densities]
        index = np.arange(first, self.detail.bits_per_block)
        return np.asarray(index[:, None, None] < counts)


def with_bits(
    look: NDArray[np.uint8],
    carriers: Carriers,
    densities: NDArray[np.uint8] | None,
    base: NDArray[np.uint8],
    detail: NDArray[np.uint8],
) -> NDArray[np.uint8]:
    """A picture like `look` with these bits.

    Args:
        look: H x W x 3.
        carriers: of the picture.
        densities: of its blocks, rows x columns; None for no detail.
        base, detail: carriers x rows x columns of 0 or 1; what is off is not looked at.
    """
    result = look.copy()
    for part, area, coefficients in _bands(look, carriers, carriers.detail.planes):
        carriers.base.put_bits(coefficients, base[:, part], part.start)
        if densities is not None:
            on = carriers.on(densities[part])
            carriers.detail.put_bits(coefficients, detail[:, part], part.start, on)
        wanted = qim.unblocks(coefficients)
        result[area] = qim.with_planes(look[area], wanted)
    return result


def without_bits(
    pixels: NDArray[np.uint8], carriers: Carriers, densities: NDArray[np.uint8] | None
) -> NDArray[np.uint8]:
    """The picture with all carriers at the middle of their cells: free of what it carries.

    `densities` None: where they are not known, only the base is taken out.
    """
    result = pixels.copy()
    planes = 1 if densities is None else carriers.detail.planes
    for part, area, coefficients in _bands(pixels, carriers, planes):
        carriers.base.to_middles(coefficients, part.start)
        if densities is not None:
            carriers.detail.to_middles(coefficients, part.start, carriers.on(densities[part]))
        wanted = qim.unblocks(coefficients)
        result[area] = qim.with_planes(pixels[area], wanted, rounds=1)
    return result


SURE = 100
"""What `soft_bits` gives for a coefficient on a point."""


def soft_bits(pixels: NDArray[np.uint8], carriers: Carriers, lattice: Lattice) -> NDArray[np.int8]:
    """Carriers x rows x columns: from `SURE` for 0 to -`SURE` for 1; magnitudes are smaller on fine
    steps, which are less reliable."""
    result = np.empty((lattice.bits_per_block, carriers.rows, carriers.columns), np.int8)
    step = np.array(lattice.steps, np.float32)[:, None, None]
    weight = SURE * step / (step + 1)
    for part, _, coefficients in _bands(pixels, carriers, lattice.planes):
        soft = lattice.soft_bits(coefficients, part.start)
        result[:, part] = np.rint(soft * weight)
    return result


def _bands(
    pixels: NDArray[np.uint8], carriers: Carriers, planes: int
) -> Iterator[tuple[slice, slice, NDArray[np.float32]]]:
    """Some rows of blocks at a time: which, their rows of pixels, and their coefficients."""
    for first in range(0, carriers.rows, _BAND_ROWS):
        part = slice(first, min(first + _BAND_ROWS, carriers.rows))
        area = slice(8 * part.start, 8 * part.stop)
        yield part, area, qim.blocks(qim.to_ycc(pixels[area], planes))
