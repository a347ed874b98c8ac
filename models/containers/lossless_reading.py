"""What a lossless container says, as far as its checks and checksums vouch for it."""

from __future__ import annotations

import functools
import zlib
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import TypeAlias, TypeVar

import numpy as np
from numpy.typing import NDArray

from models.coding import rans
from models.coding.tile_codec import Tables
from models.containers.container import SQUARE, Trust
from models.containers.lock import Lock
from models.containers.lossless_codes import Codes
from models.containers.lossless_cut import Cut, squares_in
from models.containers.lossless_layout import (
    Head,
    LockedHead,
    Tile,
    head_size,
    is_tiny,
    seed_of,
    tiles,
)
from models.containers.lossless_squares import Squares, chance_of

H = TypeVar("H")

_Changes: TypeAlias = "tuple[NDArray[np.bool_], NDArray[np.bool_], bool]"

_CHANCE = 1e-4
_LONGEST_TABLES = 1 << 16
_SURROUNDED = 5  # of the 8 squares around one: if so many were changed, it may have been, too


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
        squares, count = squares_in(container), len(tiles(*container.shape[:2]))
        head = _first(Head.unpack(data, count) for data in _heads(container, squares, False))
        if head is None:
            return None
        changes = _changes(container, squares, head.pack(), head.digest)
        return Reading._with(container, squares, head, changes, None)

    @staticmethod
    def _with(
        container: NDArray[np.uint8],
        squares: Squares,
        head: Head,
        changes: _Changes,
        lock: Lock | None,
    ) -> Reading:
        cut = Cut.of(squares, head.bits)
        if head.unknown:
            return Reading(cut, head, b"", {}, {}, *changes)
        lost = changes[0] | changes[1] if changes[0].any() else changes[0]
        codes = Codes.of(container, cut, head, lost)
        if lock is not None:
            codes = codes.opened(lock)
        return Reading(cut, head, codes.tables, codes.whole, codes.starts, *changes)

    @property
    def lost(self) -> bool:
        """Whether so few squares are as they were written that chance explains it, as after a
        change of all levels."""
        return _are_lost(self.cut.squares, (self.changed, self.doubtful, self.intact))

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
        squares: of the picture.
        head: sealed.
        changes: see `Reading`: changed and doubtful squares, and whether it is intact.
    """

    squares: Squares
    head: LockedHead
    changes: _Changes

    @staticmethod
    def of(container: NDArray[np.uint8]) -> LockedReading | None:
        """Of a picture (H x W x 3); None where its head is damaged."""
        container = np.ascontiguousarray(container)
        squares = squares_in(container, locked=True)
        head = _first(LockedHead.unpack(data) for data in _heads(container, squares, True))
        if head is None:
            return None
        return LockedReading(squares, head, _changes(container, squares, head.pack(), head.digest))

    @property
    def lost(self) -> bool:
        """See `Reading.lost`."""
        return _are_lost(self.squares, self.changes)

    @property
    def changed(self) -> NDArray[np.bool_]:
        """Which squares were."""
        return self.changes[0]

    @property
    def trust(self) -> NDArray[np.uint8]:
        """A `Trust` for each square: what the squares themselves tell."""
        trust = np.full(self.changed.shape, Trust.PROVEN, np.uint8)
        trust[self.changes[1]] = Trust.UNPROVEN
        trust[self.changed] = Trust.CHANGED
        return trust

    def opened(self, container: NDArray[np.uint8], passphrase: str) -> Reading | None:
        """What the same picture says with it; None where what was sealed makes no sense.

        Raises WrongPassphrase.
        """
        lock, head = self.head.opened(passphrase, len(tiles(*container.shape[:2])))
        if head is None:
            return None
        container = np.ascontiguousarray(container)
        return Reading._with(container, self.squares, head, self.changes, lock)


def _are_lost(squares: Squares, changes: _Changes) -> bool:
    """Whether chance explains how few squares are as they were."""
    left = int((squares.checked & ~changes[0]).sum())
    return not changes[2] and chance_of(left, int(squares.checked.sum())) > _CHANCE


def _squares_of(tile: Tile) -> tuple[slice, slice]:
    """The squares of a tile, whose sides are whole ones but at the edges of the picture."""
    rows = slice(tile.top // SQUARE, -(-tile.bottom // SQUARE))
    return rows, slice(tile.left // SQUARE, -(-tile.right // SQUARE))


def _heads(container: NDArray[np.uint8], squares: Squares, locked: bool) -> Iterator[bytes]:
    """What the head may be."""
    count = len(tiles(*container.shape[:2]))
    return squares.heads(container, head_size(count, is_tiny(container), locked))


def _first(found: Iterable[H | None]) -> H | None:
    return next((one for one in found if one is not None), None)


def _changes(container: NDArray[np.uint8], squares: Squares, head: bytes, digest: int) -> _Changes:
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
