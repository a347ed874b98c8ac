"""Where in a JPEG's coefficients bits are, and how they get in and out.

A bit is the parity of a coefficient's magnitude. Values go in pairs, 2 k and 2 k + 1, and writing
moves a coefficient within its pair only: the *cells* (which pair it is, `cells`) never change, so
that from the cells alone a reader can make the same picture as the writer could (`middles`).

The picture is divided into squares of 16 x 16 pixels (2 x 2 luma blocks). Three channels:

* *checks*: every square that is not flat says `CHECK_BITS` bits of a digest of its own cells, in
  `CHECKS` of its coefficients. They show which squares have been changed, and, taken together, that
  this is an export at all: by chance one square in eight agrees;
* the *header*, small and for the whole picture, in `HEADER` coefficients: cut into pieces of an
  erasure code (`models.coding.reed_solomon`), one in each *region* of some squares;
* the *tiles*: areas of 128 to 192 pixels a side, each with a message of its own in its own
  coefficients, spread over it by a syndrome-trellis code.

The mean of a block carries nothing, nor do `LEFT_ALONE` coefficients.
"""

from __future__ import annotations

import functools
import itertools
import math
import struct
import zlib
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from typing import TypeVar

import numpy as np
from numpy.typing import NDArray

from models.coding import reed_solomon, syndrome_trellis
from models.coding.random_streams import Purpose, Stream
from models.coding.reed_solomon import MOST_PIECES
from models.coding.syndrome_trellis import WIDEST, Segment
from models.containers.coefficients import Planes, Subsampling
from models.jpeg_transform import ZIGZAG
from models.problems import NoRoom, Problem

SQUARE = 16
"""Side of a square in pixels."""

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

SEGMENTS = 16
"""Into so many parts a tile's message is cut, coded side by side."""

Area = tuple[slice, slice]
"""Rows and columns, of squares or of blocks."""

_T = TypeVar("_T", bound=np.generic)


# -- pairs ---------------------------------------------------------------------------------------


def cells(plane: NDArray[np.int16]) -> NDArray[np.int16]:
    """What writing does not change: the pair of each coefficient, and the mean of each block.

    rows x columns x 8 x 8 in and out.
    """
    result = (np.abs(plane) >> 1) * np.sign(plane)
    result[:, :, 0, 0] = plane[:, :, 0, 0]
    return result


def middles(plane: NDArray[np.int16]) -> NDArray[np.float32]:
    """Each coefficient in the middle of its pair, the first pair at zero, means as they are."""
    pairs = (np.abs(plane) >> 1).astype(np.float32)
    pairs += pairs
    pairs += np.float32(0.5) * (pairs > 0)
    result = np.copysign(pairs, plane, dtype=np.float32)
    result[:, :, 0, 0] = plane[:, :, 0, 0]
    return result


# -- places --------------------------------------------------------------------------------------


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
        return _product(_divided(self.rows, side), _divided(self.columns, side))

    def blocks(self, plane: int, area: Area) -> Area:
        """The blocks of a plane in some rows and columns of squares."""
        factor = 1 if plane and self.subsampling == "420" else 2
        rows, columns = area
        return (
            slice(factor * rows.start, factor * rows.stop),
            slice(factor * columns.start, factor * columns.stop),
        )


def _divided(squares: int, side: int) -> list[slice]:
    """A row of squares in parts of about `side`."""
    parts = max(1, round(squares / side))
    edges = [squares * part // parts for part in range(parts + 1)]
    return [slice(a, b) for a, b in itertools.pairwise(edges)]


def _product(rows: list[slice], columns: list[slice]) -> list[Area]:
    return [(down, across) for down in rows for across in columns]


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
        regions = _product(_divided(grid.rows, side), _divided(grid.columns, side))
        wanted = math.ceil(len(regions) * _WANTED)
        return HeaderPlan(regions, wanted, -(-header // wanted))

    def fits(self, width: int) -> bool:
        """Whether every region has `width` carriers for each bit."""
        squares = min((d.stop - d.start) * (a.stop - a.start) for d, a in self.regions)
        enough = squares * 4 * len(HEADER) >= width * 8 * (self.size + 1)
        return enough and len(self.regions) <= MOST_PIECES


_WANTED = 0.55
"""Share of a header's pieces that are needed."""

_HEADER_WIDTHS = ((4, 20), (3, 12), (2, 8), (1, 8), (1, 1))
"""Carriers for each of the header's bits and regions, at least, if there is room for so many."""


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


def gathered(planes: Sequence[NDArray[_T]], grid: Grid, area: Area, cut: Cut) -> NDArray[_T]:
    """A tile's carriers, one after the other in the order in which they are used."""
    parts = []
    for plane, values in enumerate(planes):
        blocks = values[grid.blocks(plane, area)]
        flat = blocks.reshape(-1, 64)
        parts.append(flat[:, cut.places(plane)].T.reshape(-1))
    every = np.concatenate(parts)
    return every[_order(every.size)]


def _scattered(
    changed: NDArray[np.bool_],
    planes: Sequence[NDArray[np.bool_]],
    grid: Grid,
    area: Area,
    cut: Cut,
) -> None:
    """Back from `gathered`, into `planes`."""
    every = np.empty_like(changed)
    every[_order(changed.size)] = changed
    start = 0
    for plane, values in enumerate(planes):
        places = cut.places(plane)
        blocks = values[grid.blocks(plane, area)]
        size = blocks.shape[0] * blocks.shape[1] * places.size
        flat = blocks.reshape(*blocks.shape[:2], 64)  # a copy: `blocks` is a part of a plane
        part = every[start : start + size].reshape(places.size, *blocks.shape[:2])
        flat[:, :, places] = part.transpose(1, 2, 0)
        blocks[...] = flat.reshape(blocks.shape)
        start += size


@functools.lru_cache(maxsize=64)
def _order(count: int) -> NDArray[np.int64]:
    """The numbers 0..count-1, neighbours far apart: steps of the golden section."""
    stride = max(1, int(count * (math.sqrt(5) - 1) / 2))
    while math.gcd(stride, count) != 1:
        stride += 1
    return np.arange(count, dtype=np.int64) * stride % max(1, count)


def segments_of(carriers: int, bits: int) -> list[tuple[int, int]] | None:
    """How a message is cut: of each segment the carriers for a bit and the bits; None: no room.

    All segments have the same number of carriers; the first ones hold a little more than the
    others, so that hardly any carrier is left over.
    """
    each = carriers // SEGMENTS
    wide = min(WIDEST, carriers // max(1, bits))
    while wide > 1 and SEGMENTS * (each // wide) < bits:
        wide -= 1
    if wide < 1:
        return None
    more, less = each // wide, each // min(WIDEST, wide + 1)
    narrow = SEGMENTS
    if more > less:
        narrow = min(SEGMENTS, max(0, -(-(bits - SEGMENTS * less) // (more - less))))
    result, left = [], bits
    for place in range(SEGMENTS):
        width = wide if place < narrow else min(WIDEST, wide + 1)
        result.append((width, min(left, each // width)))
        left -= result[-1][1]
    return None if left else result


# -- writing and reading -------------------------------------------------------------------------


@dataclass(frozen=True, eq=False)
class Writer:
    """Bits into coefficients.

    Attributes:
        planes: what the look alone gives.
        others: the other value of every coefficient's pair.
        costs: of changing each.
    """

    grid: Grid
    planes: Planes
    others: Planes
    costs: Sequence[NDArray[np.float32]]

    def put(
        self,
        version: int,
        header: Callable[[Planes], bytes],
        messages: Sequence[bytes],
        cuts: Sequence[Cut],
    ) -> Planes:
        """The coefficients with checks, every tile's message and the header in them.

        Args:
            version: of the layout.
            header: makes the header, when everything else is in the coefficients, from them.
            messages, cuts: of the tiles.

        Raises:
            NoRoom: where something does not fit.
        """
        changed = [np.zeros(plane.shape, bool) for plane in self.planes]
        parities = [(plane & 1).astype(np.uint8) for plane in self.planes]
        self._put_checks(version, parities[0], changed[0])
        segments: list[Segment] = []
        sizes = []
        for area, message, cut in zip(self.grid.tiles(), messages, cuts, strict=True):
            costs = gathered(self.costs, self.grid, area, cut)
            bits = np.unpackbits(np.frombuffer(message, np.uint8))
            plan = segments_of(costs.size, bits.size)
            if plan is None:
                raise NoRoom(Problem("jpeg-too-flat"))
            ours = _segments(bits, gathered(parities, self.grid, area, cut), costs, plan)
            segments += ours
            sizes.append(costs.size)
        found = syndrome_trellis.changes(segments)
        for place, (area, cut) in enumerate(zip(self.grid.tiles(), cuts, strict=True)):
            ours_changed = np.zeros(sizes[place], bool)
            start = 0
            for part in found[place * SEGMENTS : (place + 1) * SEGMENTS]:
                ours_changed[start : start + part.size] = part
                start += part.size
            _scattered(ours_changed, changed, self.grid, area, cut)
        self._put_header(header(self._with(changed)), parities[0], changed[0])
        return self._with(changed)

    def _with(self, changed: Sequence[NDArray[np.bool_]]) -> Planes:
        y, cb, cr = (
            np.where(c, other, plane)
            for c, other, plane in zip(changed, self.others, self.planes, strict=True)
        )
        return y, cb, cr

    def _put_checks(
        self, version: int, parities: NDArray[np.uint8], changed: NDArray[np.bool_]
    ) -> None:
        wanted = checks(digests(self.planes, self.grid, version))
        missing = wanted ^ _syndromes(parities, self.grid)
        costs = _of_squares(self.costs[0], CHECKS, self.grid)
        missing[flat(self.planes, self.grid)] = 0
        usable = missing[..., None] == _CHECK_COLUMNS
        best = np.where(usable, costs, np.float32(np.inf)).argmin(axis=2)
        picked = np.zeros(costs.shape, bool)
        np.put_along_axis(picked, best[..., None], (missing != 0)[..., None], axis=2)
        _to_squares(picked, changed, CHECKS, self.grid)

    def _put_header(
        self, header: bytes, parities: NDArray[np.uint8], changed: NDArray[np.bool_]
    ) -> None:
        plan = HeaderPlan.of(self.grid, len(header))
        if plan is None:
            raise NoRoom(Problem("jpeg-too-flat"))
        pieces = reed_solomon.encode(header, len(plan.regions), plan.wanted)
        parity = _of_squares(parities, HEADER, self.grid)
        cost = _of_squares(self.costs[0], HEADER, self.grid)
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
        _to_squares(picked, changed, HEADER, self.grid)


def _segments(
    bits: NDArray[np.uint8],
    parities: NDArray[np.uint8],
    costs: NDArray[np.float32],
    plan: list[tuple[int, int]],
) -> list[Segment]:
    each, start, result = costs.size // SEGMENTS, 0, []
    for place, (width, count) in enumerate(plan):
        part = slice(place * each, (place + 1) * each)
        result.append(Segment(bits[start : start + count], parities[part], costs[part], width))
        start += count
    return result


def read_message(planes: Planes, grid: Grid, area: Area, cut: Cut, size: int) -> bytes:
    """A tile's message of that many bytes; empty where there is no room for it."""
    every = gathered(planes, grid, area, cut)
    parities = (every & 1).astype(np.uint8)
    plan = segments_of(parities.size, 8 * size)
    if plan is None:
        return b""
    each = parities.size // SEGMENTS
    parts = [
        syndrome_trellis.syndrome(parities[place * each : (place + 1) * each], width, count)
        for place, (width, count) in enumerate(plan)
    ]
    return np.packbits(np.concatenate(parts)).tobytes()


def read_header(planes: Planes, grid: Grid, size: int, sound: NDArray[np.bool_]) -> Iterator[bytes]:
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


def _read_pieces(
    planes: Planes, grid: Grid, plan: HeaderPlan
) -> Iterator[tuple[Area, NDArray[np.uint8]]]:
    """Every region's piece of the header, with its checksum at the end."""
    parities = _of_squares(planes[0] & 1, HEADER, grid).astype(np.uint8)
    count = 8 * (plan.size + 1)
    for area in plan.regions:
        ours = parities[area].reshape(-1)
        width = min(WIDEST, ours.size // count)
        yield area, np.packbits(syndrome_trellis.syndrome(ours, width, count))


def _crc8(data: bytes, place: int) -> int:
    return zlib.crc32(data + struct.pack("<I", place)) & 0xFF


# -- squares -------------------------------------------------------------------------------------


def digests(planes: Planes, grid: Grid, version: int) -> NDArray[np.uint32]:
    """A number for each square, rows x columns, that follows from its cells and its place.

    Not cryptographic: who knows how it is made can make others alike.
    """
    y, cb, cr = (cells(plane) for plane in planes)
    return _sums((y, cb, cr), grid, Stream(Purpose.SQUARE_DIGEST, version))


def seals(planes: Planes, grid: Grid) -> NDArray[np.uint32]:
    """A number for each square that follows from all that is in it but the header's bits."""
    luma = planes[0].copy()
    flat_luma = luma.reshape(*luma.shape[:2], 64)
    places = ZIGZAG[list(HEADER)]
    flat_luma[:, :, places] = cells(planes[0]).reshape(flat_luma.shape)[:, :, places]
    return _sums((luma, planes[1], planes[2]), grid, Stream(Purpose.SQUARE_DIGEST))


def header_sound(planes: Planes, grid: Grid, header: bytes) -> NDArray[np.bool_]:
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


def _sums(planes: Planes, grid: Grid, stream: Stream) -> NDArray[np.uint32]:
    result = np.zeros((grid.rows, grid.columns), np.uint32)
    for plane, values in enumerate(planes):
        factor = 1 if plane and grid.subsampling == "420" else 2
        whole = values[: factor * grid.rows, : factor * grid.columns].astype(np.uint32)
        whole = whole.reshape(grid.rows, factor, grid.columns, factor, 64)
        factors = (stream.words(factor * factor * 64) >> np.uint64(32)).astype(np.uint32) | 1
        for v in range(factor):
            for u in range(factor):
                ours = factors[(v * factor + u) * 64 :][:64]
                result += whole[:, v, :, u] @ ours
    down, across = ((stream.words(2) >> np.uint64(32)).astype(np.uint32) | 1).tolist()
    rows, columns = np.arange(grid.rows)[:, None], np.arange(grid.columns)[None]
    result += (rows * down + columns * across).astype(np.uint32)
    return result * np.uint32(0x9E3779B1)


def flat(planes: Planes, grid: Grid) -> NDArray[np.bool_]:
    """Which squares say nothing: rows x columns."""
    luma = np.abs(planes[0][: 2 * grid.rows, : 2 * grid.columns]) > 1
    luma[:, :, 0, 0] = False
    busy = np.count_nonzero(luma, axis=(2, 3)).reshape(grid.rows, 2, grid.columns, 2)
    return np.asarray(busy.sum(axis=(1, 3)) < FLAT)


def checks(digest: NDArray[np.uint32]) -> NDArray[np.uint8]:
    """What each square has to say: its digest's upper bits."""
    return (digest >> np.uint32(32 - CHECK_BITS)).astype(np.uint8)


def read_checks(planes: Planes, grid: Grid) -> NDArray[np.uint8]:
    """What each square says."""
    return _syndromes((planes[0] & 1).astype(np.uint8), grid)


_CHECK_COLUMNS = (1 + np.arange(4 * len(CHECKS)) % (2**CHECK_BITS - 1)).astype(np.uint8)


def _syndromes(parities: NDArray[np.uint8], grid: Grid) -> NDArray[np.uint8]:
    ours = _of_squares(parities, CHECKS, grid)
    return np.asarray(np.bitwise_xor.reduce(ours * _CHECK_COLUMNS, axis=2), np.uint8)


def _of_squares(plane: NDArray[_T], places: tuple[int, ...], grid: Grid) -> NDArray[_T]:
    """Some luma coefficients of each square: rows x columns x n."""
    blocks = plane[: 2 * grid.rows, : 2 * grid.columns]
    some = blocks.reshape(*blocks.shape[:2], 64)[:, :, ZIGZAG[list(places)]]
    some = some.reshape(grid.rows, 2, grid.columns, 2, len(places))
    return some.transpose(0, 2, 1, 3, 4).reshape(grid.rows, grid.columns, -1)


def _to_squares(
    values: NDArray[np.bool_], plane: NDArray[np.bool_], places: tuple[int, ...], grid: Grid
) -> None:
    """Back from `_of_squares`, into a plane."""
    some = values.reshape(grid.rows, grid.columns, 2, 2, len(places)).transpose(0, 2, 1, 3, 4)
    some = some.reshape(2 * grid.rows, 2 * grid.columns, len(places))
    flat = plane.reshape(*plane.shape[:2], 64)
    flat[: 2 * grid.rows, : 2 * grid.columns, ZIGZAG[list(places)]] = some
