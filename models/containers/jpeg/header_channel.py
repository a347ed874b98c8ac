"""The header's way: cut into pieces of an erasure code, one in each *region* of some squares."""

from __future__ import annotations

import struct
import zlib
from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from models.coding import reed_solomon, syndrome_trellis
from models.coding.reed_solomon import MOST_PIECES
from models.coding.syndrome_trellis import WIDEST, Segment
from models.containers.coefficients import Planes
from models.containers.jpeg.layout import HEADER, Area, Grid, divided, product
from models.containers.jpeg.squares import of_squares, to_squares
from models.problems import NoRoom, Problem


@dataclass(frozen=True)
class HeaderPlan:
    """How a header is cut.

    Attributes:
        regions: rows and columns of squares of each piece.
        wanted: how many pieces give the header back.
        size: bytes of a piece.
    """

    regions: list[Area]
    wanted: int
    size: int

    @staticmethod
    def of(grid: Grid, header: int) -> HeaderPlan | None:
        """For a header of that many bytes; None where the picture is too small."""
        for width, fewest in _HEADER_WIDTHS:
            side = 2
            while side <= max(grid.rows, grid.columns):
                plan = HeaderPlan._with(grid, header, side)
                if plan.fits(width) and len(plan.regions) >= fewest:
                    return plan
                side *= 2
        return None

    @staticmethod
    def _with(grid: Grid, header: int, side: int) -> HeaderPlan:
        regions = product(divided(grid.rows, side), divided(grid.columns, side))
        wanted = -(-len(regions) * _WANTED[0] // _WANTED[1])
        return HeaderPlan(regions, wanted, -(-header // wanted))

    def fits(self, width: int) -> bool:
        """Whether every region has `width` carriers for each bit."""
        squares = min((d.stop - d.start) * (a.stop - a.start) for d, a in self.regions)
        enough = squares * 4 * len(HEADER) >= width * 8 * (self.size + 1)
        return enough and len(self.regions) <= MOST_PIECES


_WANTED = 11, 20
"""Share of a header's pieces that are needed."""

_HEADER_WIDTHS = ((4, 20), (3, 12), (2, 8), (1, 8), (1, 1))
"""Carriers for each of the header's bits and regions, at least, if there is room for so many."""


def put(
    header: bytes,
    luma: NDArray[np.int16],
    grid: Grid,
    costs: NDArray[np.float32],
    changed: NDArray[np.bool_],
) -> None:
    """Mark in `changed` which luma coefficients have to be changed for them to say the header.

    Raises:
        NoRoom: for a picture too small.
    """
    plan = HeaderPlan.of(grid, len(header))
    if plan is None:
        raise NoRoom(Problem("jpeg-too-flat"))
    pieces = reed_solomon.encode(header, len(plan.regions), plan.wanted)
    parity = of_squares((luma & 1).astype(np.uint8), HEADER, grid)
    cost = of_squares(costs, HEADER, grid)
    segments = []
    for place, (area, piece) in enumerate(zip(plan.regions, pieces, strict=True)):
        bits = np.unpackbits(np.append(piece, np.uint8(_crc8(piece.tobytes(), place))))
        ours = parity[area].reshape(-1)
        width = min(WIDEST, ours.size // bits.size)
        segments.append(Segment(bits, ours, cost[area].reshape(-1), width))
    picked = np.zeros(parity.shape, bool)
    found = syndrome_trellis.changes(segments)
    for area, part in zip(plan.regions, found, strict=True):
        picked[area] = part.reshape(picked[area].shape)
    to_squares(picked, changed, HEADER, grid)


def read(planes: Planes, grid: Grid, size: int, sound: NDArray[np.bool_]) -> Iterator[bytes]:
    """What may be the header, from the most trustworthy pieces on; the caller has a checksum.

    Args:
        size: of the header in bytes.
        sound: which squares' checks hold: rows x columns.
    """
    plan = HeaderPlan.of(grid, size)
    if plan is None:
        return
    pieces: dict[int, NDArray[np.uint8]] = {}
    doubt: dict[int, float] = {}
    for place, (area, read) in enumerate(_read_pieces(planes, grid, plan)):
        if read[-1] == _crc8(read[:-1].tobytes(), place):
            pieces[place] = read[:-1]
            doubt[place] = 1 - float(sound[area].mean())
    trusted = sorted(pieces, key=lambda place: doubt[place])
    for tries in range(max(0, min(_TRIES, len(trusted) - plan.wanted + 1))):
        # First the best ones, then without one or the other of them.
        left_out = set(trusted[:tries]) if tries else set()
        chosen = [place for place in trusted if place not in left_out][: plan.wanted]
        data = reed_solomon.decode(
            {place: pieces[place] for place in chosen}, len(plan.regions), plan.wanted
        )
        yield data[:size]


_TRIES = 8


def sound(planes: Planes, grid: Grid, header: bytes) -> NDArray[np.bool_]:
    """Where a header is written as it should be: rows x columns of squares."""
    result = np.ones((grid.rows, grid.columns), bool)
    plan = HeaderPlan.of(grid, len(header))
    if plan is None:
        return ~result
    wanted = reed_solomon.encode(header, len(plan.regions), plan.wanted)
    for place, (area, read) in enumerate(_read_pieces(planes, grid, plan)):
        crc = _crc8(wanted[place].tobytes(), place)
        result[area] = read[-1] == crc and bool((read[:-1] == wanted[place]).all())
    return result


def _read_pieces(
    planes: Planes, grid: Grid, plan: HeaderPlan
) -> Iterator[tuple[Area, NDArray[np.uint8]]]:
    """Every region's piece of the header, with its checksum at the end."""
    parities = of_squares(planes[0] & 1, HEADER, grid).astype(np.uint8)
    count = 8 * (plan.size + 1)
    for area in plan.regions:
        ours = parities[area].reshape(-1)
        width = min(WIDEST, ours.size // count)
        yield area, np.packbits(syndrome_trellis.syndrome(ours, width, count))


def _crc8(data: bytes, place: int) -> int:
    return zlib.crc32(data + struct.pack("<I", place)) & 0xFF
