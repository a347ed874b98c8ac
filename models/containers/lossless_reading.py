"""What a lossless container says, as far as its checks and checksums vouch for it."""

from __future__ import annotations

import functools
import zlib
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import TypeVar

import cv2
import numpy as np
from numpy.typing import NDArray

from models.coding import rans
from models.coding.tile_codec import Tables
from models.containers.container import SQUARE, Trust
from models.containers.lock import Lock, WrongKey
from models.containers.lossless_layout import (
    LAST,
    LAST_BITS,
    TABLES,
    TABLES_AGAIN,
    TILES,
    Carriers,
    Head,
    LockedHead,
    Tile,
    head_size,
    is_tiny,
    portions,
    seed_of,
    tables_copied,
    tiles,
)
from models.containers.lossless_squares import Squares
from models.containers.watermark import marked_samples

H = TypeVar("H")

_FEWEST_WITH_MARGIN = 1 << 16
_LONGEST_TABLES = 1 << 16
_SURROUNDED = 5  # of the 8 squares around one: if so many were changed, it may have been, too


@dataclass(frozen=True, eq=False)
class Cut:
    """A picture of some size, cut up.

    Attributes:
        tiles: its tiles.
        squares: its squares.
        carriers: the pixels of each tile that carry the photo; not those along the edges of the
            picture, which a thin frame would paint over, unless it is small.
    """

    tiles: list[Tile]
    squares: Squares
    carriers: list[Carriers]

    @staticmethod
    def of(picture: NDArray[np.uint8], locked: bool = False) -> Cut:
        """A picture, H x W x 3, whose head is sealed or not."""
        height, width = picture.shape[:2]
        cut = tiles(height, width)
        squares = Squares(height, width, head_size(len(cut), is_tiny(picture), locked))
        kept = squares.kept.copy()
        kept.ravel()[marked_samples(height, width) // 3] = True
        if height * width >= _FEWEST_WITH_MARGIN:
            kept[[0, -1]] = kept[:, [0, -1]] = True
        return Cut(cut, squares, [Carriers(tile, kept) for tile in cut])

    def seen(self, picture: NDArray[np.uint8], i: int, *, last: bool) -> NDArray[np.float64]:
        """What the prediction of a tile is made from.

        Where bits are written that are not known yet when it is made, in all of a last tile and in
        pixels that are kept, the middles of classes of two levels.
        """
        levels = self.tiles[i].of(picture).astype(np.float64)
        middles = np.floor(levels / 2) * 2 + 0.5
        if last:
            return middles
        return np.where(self.tiles[i].of(self.squares.kept)[..., None], middles, levels)


@dataclass(frozen=True, eq=False)
class Reading:
    """What a container says.

    Attributes:
        cut: the picture.
        head: its head.
        tables: packed, and what is attached to them; empty where they are damaged.
        codes: of the undamaged tiles.
        starts: of the damaged tiles' codes, what comes before the first change.
        changed: rows x columns of squares, those that were changed since it was written.
        doubtful: those of which that cannot be ruled out.
        intact: whether every pixel is proven to be as it was written.
    """

    cut: Cut
    head: Head
    tables: bytes
    codes: dict[int, bytes]
    starts: dict[int, bytes]
    changed: NDArray[np.bool_]
    doubtful: NDArray[np.bool_]
    intact: bool

    @staticmethod
    def of(container: NDArray[np.uint8]) -> Reading | None:
        """Of a picture (H x W x 3); None where its head is damaged."""
        container = np.ascontiguousarray(container)
        cut = Cut.of(container)
        head = _first(Head.unpack(data, len(cut.tiles)) for data in _heads(container, cut, False))
        if head is None:
            return None
        return Reading._with(container, cut, head, None, head.pack())

    @staticmethod
    def _with(
        container: NDArray[np.uint8], cut: Cut, head: Head, lock: Lock | None, written: bytes
    ) -> Reading:
        changes = _changes(container, cut.squares, written, head.digest)
        if head.unknown:
            return Reading(cut, head, b"", {}, {}, *changes)
        return Reading(cut, head, *codes_of(container, cut, head, changes[0], lock), *changes)

    @property
    def trust(self) -> NDArray[np.uint8]:
        """A `Trust` for each square."""
        trust = np.full(self.changed.shape, Trust.PROVEN, np.uint8)
        trust[self.doubtful] = Trust.UNPROVEN
        for i, tile in enumerate(self.cut.tiles):
            if i not in self.codes:
                trust[_squares_of(tile)] = Trust.COARSE
        trust[self.changed] = Trust.CHANGED
        return trust

    @property
    def attached(self) -> bytes:
        """The bytes besides the photo: what is behind the tables."""
        inflate = zlib.decompressobj()
        try:
            inflate.decompress(self.tables, _LONGEST_TABLES)
        except zlib.error:
            return b""
        return inflate.unused_data

    @functools.cached_property
    def decoded(self) -> dict[int, NDArray[np.int32]]:
        """The coefficients of the tiles, of the damaged ones as far as they are known."""
        if not self.codes and not self.starts:
            return {}
        try:
            tables = Tables.unpack(self.tables)
            decoded = tables.decode([*self.codes.values()], self._sizes(self.codes))
        except rans.CorruptCode:
            return {}
        some = tables.decode_starts([*self.starts.values()], self._sizes(self.starts))
        places = [*self.codes, *self.starts]
        return dict(zip(places, [*decoded, *some], strict=True))

    def _sizes(self, places: Iterable[int]) -> list[tuple[int, int]]:
        """Blocks of tiles."""
        return [self.cut.tiles[i].blocks for i in places]


@dataclass(frozen=True, eq=False)
class LockedReading:
    """What a locked container says without its passphrase.

    Attributes:
        cut: the picture.
        head: sealed.
        changed, doubtful: see `Reading`.
    """

    cut: Cut
    head: LockedHead
    changed: NDArray[np.bool_]
    doubtful: NDArray[np.bool_]

    @staticmethod
    def of(container: NDArray[np.uint8]) -> LockedReading | None:
        """Of a picture (H x W x 3); None where its head is damaged."""
        container = np.ascontiguousarray(container)
        cut = Cut.of(container, locked=True)
        head = _first(LockedHead.unpack(data) for data in _heads(container, cut, True))
        if head is None:
            return None
        changes = _changes(container, cut.squares, head.pack(), head.digest)
        return LockedReading(cut, head, changes[0], changes[1])

    @property
    def trust(self) -> NDArray[np.uint8]:
        """A `Trust` for each square: what the squares themselves tell."""
        trust = np.full(self.changed.shape, Trust.PROVEN, np.uint8)
        trust[self.doubtful] = Trust.UNPROVEN
        trust[self.changed] = Trust.CHANGED
        return trust

    def opened(self, container: NDArray[np.uint8], passphrase: str) -> Reading | None:
        """What the same picture says with it; None where what was sealed makes no sense.

        Raises WrongPassphrase.
        """
        lock, head = self.head.opened(passphrase, len(self.cut.tiles))
        if head is None:
            return None
        container = np.ascontiguousarray(container)
        return Reading._with(container, self.cut, head, lock, self.head.pack())


def _squares_of(tile: Tile) -> tuple[slice, slice]:
    """The squares of a tile, whose sides are whole ones but at the edges of the picture."""
    rows = slice(tile.top // SQUARE, -(-tile.bottom // SQUARE))
    return rows, slice(tile.left // SQUARE, -(-tile.right // SQUARE))


def _heads(container: NDArray[np.uint8], cut: Cut, locked: bool) -> Iterator[bytes]:
    """What the head may be."""
    return cut.squares.heads(container, head_size(len(cut.tiles), is_tiny(container), locked))


def _first(found: Iterable[H | None]) -> H | None:
    return next((one for one in found if one is not None), None)


def _changes(
    container: NDArray[np.uint8], squares: Squares, head: bytes, digest: int
) -> tuple[NDArray[np.bool_], NDArray[np.bool_], bool]:
    """See `Reading`: which squares were changed, which may have been, and whether none was."""
    agree = squares.agree(container, seed_of(head))
    changed = ~agree & squares.checked
    written = container.copy()
    squares.write_head(written, head)
    same = bool(np.array_equal(written, container))
    if same and not changed.any() and squares.digest(container) == digest:
        return changed, np.zeros_like(changed), True
    if not changed.any():  # something was, and nothing tells where
        return changed, ~changed, False
    around = np.pad(changed.astype(np.int8), 1)
    around = around[:-2] + around[1:-1] + around[2:]
    around = around[:, :-2] + around[:, 1:-1] + around[:, 2:]
    return changed, ~changed & ((around >= _SURROUNDED) | ~squares.checked), False


def codes_of(
    container: NDArray[np.uint8],
    cut: Cut,
    head: Head,
    changed: NDArray[np.bool_],
    lock: Lock | None = None,
) -> tuple[bytes, dict[int, bytes], dict[int, bytes]]:
    """The tables of a container (empty where they are damaged), the undamaged codes of its tiles,
    and of the others what comes before the first of the changed squares (rows x columns)."""
    carriers, records = cut.carriers, head.records
    last, others = records[:LAST], records[LAST:]
    copy = head.tables_length + sum(record.length for record in last)
    copied = head.tables_length if tables_copied(container) else 0
    carried = portions(
        (record.length for record in others),
        copy + copied,
        (carriers[record.tile].capacity(head.bits) for record in others),
    )
    parts = [
        carriers[record.tile].read(container, head.bits)[:size]
        for record, size in zip(others, carried, strict=True)
    ]
    data = b"".join([*parts, *(carriers[r.tile].read_lowest(container) for r in last)])
    tables = (
        opened(lock, TABLES, data[: head.tables_length]),
        opened(lock, TABLES_AGAIN, data[copy : copy + copied]),
    )
    packed = next((t for t in tables if zlib.crc32(t) == head.tables_crc), b"")
    codes: dict[int, bytes] = {}
    damaged: dict[int, tuple[int, bytes]] = {}
    first = head.tables_length
    for i, record in enumerate(records):
        if i == LAST:
            first += copied
        code = data[first : first + record.length]
        if packed and zlib.crc32(code) == record.crc:
            codes[record.tile] = opened(lock, TILES + record.tile, code)
        elif packed:
            damaged[record.tile] = first, code
        first += record.length
    if not damaged or lock is not None:  # a part of what was sealed cannot be opened
        return packed, codes, {}
    near = _near(changed).repeat(SQUARE, 0).repeat(SQUARE, 1)
    sizes = [(r, head.bits, size) for r, size in zip(others, carried, strict=True)]
    sizes += [(r, LAST_BITS, carriers[r.tile].capacity(LAST_BITS)) for r in last]
    touched = np.concatenate(
        [carriers[r.tile].touched(cut.tiles[r.tile].of(near), n)[:size] for r, n, size in sizes]
    )
    starts = {}
    for tile, (first, code) in damaged.items():
        where = np.flatnonzero(touched[first : first + len(code)])
        if where.size:  # else nothing tells where it was changed
            starts[tile] = code[: where[0]]
    return packed, codes, starts


def opened(lock: Lock | None, number: int, data: bytes) -> bytes:
    """A message, opened where there is a lock; empty where it does not fit."""
    if lock is None:
        return data
    try:
        return lock.open(number, data)
    except WrongKey:
        return b""


def _near(changed: NDArray[np.bool_]) -> NDArray[np.bool_]:
    """Changed squares and those around them, in case the check of one of these missed it."""
    kernel = np.ones((3, 3), np.uint8)
    return cv2.dilate(changed.astype(np.uint8), kernel).astype(bool)
