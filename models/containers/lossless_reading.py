"""What a lossless container says, as far as its checks and checksums vouch for it."""

from __future__ import annotations

import functools
import zlib
from collections.abc import Iterable
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from models.coding import rans
from models.coding.tile_codec import Tables
from models.containers.container import SQUARE, Trust
from models.containers.lossless_codes import Codes
from models.containers.lossless_cut import Cut, squares_in
from models.containers.lossless_layout import Head, Tile, head_size, is_tiny, tiles
from models.containers.lossless_squares import Squares, chance_of

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
        squares = squares_in(container)
        head = _find_head(container, squares)
        if head is None:
            return None
        cut = Cut.of(squares, head.bits)
        changes = _changes(container, squares, head)
        if head.unknown:
            return Reading(cut, head, b"", {}, {}, *changes)
        lost = changes[0] | changes[1] if changes[0].any() else changes[0]
        codes = Codes.of(container, cut, head, lost)
        return Reading(cut, head, codes.tables, codes.whole, codes.starts, *changes)

    @property
    def lost(self) -> bool:
        """Whether so few squares are as they were written that chance explains it, as after a
        change of all levels."""
        checked = self.cut.squares.checked
        left = int((checked & ~self.changed).sum())
        return not self.intact and chance_of(left, int(checked.sum())) > _CHANCE

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


def _squares_of(tile: Tile) -> tuple[slice, slice]:
    """The squares of a tile, whose sides are whole ones but at the edges of the picture."""
    rows = slice(tile.top // SQUARE, -(-tile.bottom // SQUARE))
    return rows, slice(tile.left // SQUARE, -(-tile.right // SQUARE))


def _find_head(container: NDArray[np.uint8], squares: Squares) -> Head | None:
    count = len(tiles(*container.shape[:2]))
    for data in squares.heads(container, head_size(count, is_tiny(container))):
        head = Head.unpack(data, count)
        if head is not None:
            return head
    return None


def _changes(
    container: NDArray[np.uint8], squares: Squares, head: Head
) -> tuple[NDArray[np.bool_], NDArray[np.bool_], bool]:
    """See `Reading`: which squares were changed, which may have been, and whether none was."""
    agree = squares.agree(container, head.seed)
    changed = ~agree & squares.checked
    written = container.copy()
    squares.write_head(written, head.pack())
    same = bool(np.array_equal(written, container))
    if same and not changed.any() and squares.digest(container) == head.digest:
        return changed, np.zeros_like(changed), True
    if not changed.any():  # something was, and nothing tells where
        return changed, ~changed, False
    around = np.pad(changed.astype(np.int8), 1)
    around = around[:-2] + around[1:-1] + around[2:]
    around = around[:, :-2] + around[:, 1:-1] + around[:, 2:]
    return changed, ~changed & ((around >= _SURROUNDED) | ~squares.checked), False
