"""Out of what the tiles of a lossless container carry: tables, and the code of each tile.

What carries them may have been changed. As far as parity reaches, what stood there is found again;
of codes that stay damaged, what comes before the damage can be used.
"""

from __future__ import annotations

import itertools
import zlib
from dataclasses import dataclass

import cv2
import numpy as np
from numpy.typing import NDArray

from models.coding import reed_solomon
from models.containers import lossless_tables
from models.containers.container import SQUARE
from models.containers.lock import Lock, WrongKey
from models.containers.lossless_cut import Cut
from models.containers.lossless_layout import (
    LAST,
    LAST_BITS,
    TABLES,
    TILES,
    Head,
    Record,
    portions,
)
from models.containers.lossless_tables import piece_count, piece_size


@dataclass(frozen=True)
class Codes:
    """What was read.

    Attributes:
        tables: packed, and what is attached to them; empty where they are damaged.
        whole: the undamaged codes, by tile.
        starts: of the others, what comes before the first of the squares that were changed.
    """

    tables: bytes
    whole: dict[int, bytes]
    starts: dict[int, bytes]

    @staticmethod
    def of(container: NDArray[np.uint8], cut: Cut, head: Head, changed: NDArray[np.bool_]) -> Codes:
        """Of a container; changed: rows x columns, the squares that were."""
        order = _Order.of(cut, head)
        carried = cut.carried(container, order.last, head.bits)
        lost = order.touched(cut, changed)
        tables, whole = order.checked(carried, lost)
        if len(whole) == len(head.records):
            return Codes(tables, whole, {})
        mended = cut.parity.mended(container, b"".join(carried), np.concatenate(lost), changed)
        if mended is not None:
            edges = np.cumsum([0, *map(len, carried)]).tolist()
            again = [mended[first:end] for first, end in itertools.pairwise(edges)]
            tables_then, then = order.checked(again, lost)
            tables, whole = tables or tables_then, {**whole, **then}
        if not tables or len(whole) == len(head.records):
            return Codes(tables, whole, {})
        near, starts = np.concatenate(order.joined(order.touched(cut, _near(changed)))), {}
        data = order.joined_bytes(carried)
        for record, first in zip(head.records, order.firsts, strict=True):
            where = np.flatnonzero(near[first : first + record.length])
            if record.tile not in whole and where.size:  # else nothing tells where it was changed
                starts[record.tile] = data[first : first + where[0]]
        return Codes(tables, whole, starts)

    def opened(self, lock: Lock) -> Codes:
        """The same of a locked container; of what was damaged nothing can be opened."""
        try:
            tables = lock.open(TABLES, self.tables)
            whole = {tile: lock.open(TILES + tile, code) for tile, code in self.whole.items()}
        except WrongKey:  # only on purpose: the checksums of all that is here agreed
            return Codes(b"", {}, {})
        return Codes(tables, whole, {})


@dataclass(frozen=True)
class _Order:
    """In which order what tiles carry belongs together, and where in that what starts.

    Attributes:
        head: that of the container.
        portions: the tiles in that order, each with the bytes of what it carries that count.
        firsts: where the code of each of the head's records starts.
        piece: bytes of a piece of the tables in front of the codes of all tiles but the last ones;
            0 where they stand in one piece before everything.
    """

    head: Head
    portions: list[tuple[int, int]]
    firsts: list[int]
    piece: int

    @staticmethod
    def of(cut: Cut, head: Head) -> _Order:
        carriers, records = cut.carriers, head.records
        last, others = records[:LAST], records[LAST:]
        count = piece_count(cut.squares.kept.size, len(others))
        piece = piece_size(head.tables_length, count) if count else 0
        before = 0 if count else head.tables_length
        rooms = [carriers[record.tile].capacity(head.bits) for record in others]
        lengths = [r.length + piece * (i < count) for i, r in enumerate(others)]
        waiting = before + sum(record.length for record in last)
        sizes = portions(lengths, waiting, rooms)
        every = [(record.tile, size) for record, size in zip(others, sizes, strict=True)]
        every += [(r.tile, carriers[r.tile].capacity(LAST_BITS)) for r in last]
        ends = before + np.cumsum([*(r.length for r in last), *lengths])
        firsts = [int(end) - r.length for end, r in zip(ends, records, strict=True)]
        return _Order(head, every, firsts, piece)

    @property
    def last(self) -> set[int]:
        """The last tiles."""
        return {record.tile for record in self.head.records[:LAST]}

    def joined_bytes(self, carried: list[bytes]) -> bytes:
        """What the tiles carry, by tile, in order."""
        return b"".join(carried[tile][:size] for tile, size in self.portions)

    def joined(self, each: list[NDArray[np.bool_]]) -> list[NDArray[np.bool_]]:
        """What is said of their bytes, likewise."""
        return [each[tile][:size] for tile, size in self.portions]

    def touched(self, cut: Cut, changed: NDArray[np.bool_]) -> list[NDArray[np.bool_]]:
        """Which of the bytes of each tile stand in squares that were changed (rows x columns)."""
        pixels, bits = changed.repeat(SQUARE, 0).repeat(SQUARE, 1), self.head.bits
        return [
            carriers.touched(tile.of(pixels), LAST_BITS if i in self.last else bits)
            for i, (tile, carriers) in enumerate(zip(cut.tiles, cut.carriers, strict=True))
        ]

    def checked(
        self, carried: list[bytes], touched: list[NDArray[np.bool_]]
    ) -> tuple[bytes, dict[int, bytes]]:
        """Of what each tile carries, the tables and the codes whose checksums agree.

        Args:
            carried: by each tile.
            touched: which of these bytes may have been changed.
        """
        data = self.joined_bytes(carried)
        tables = self._tables(data, np.concatenate(self.joined(touched)))
        if not tables:
            return b"", {}
        codes = {
            record.tile: data[first : first + record.length]
            for record, first in zip(self.head.records, self.firsts, strict=True)
        }
        return tables, {r.tile: codes[r.tile] for r in self.head.records if _agrees(r, codes)}

    def _tables(self, data: bytes, touched: NDArray[np.bool_]) -> bytes:
        length, crc, piece = self.head.tables_length, self.head.tables_crc, self.piece
        if piece:
            places = [slice(f - piece, f) for f in self.firsts[LAST:][: reed_solomon.MOST_PIECES]]
            doubted = [bool(touched[place].any()) for place in places]
            return lossless_tables.joined([data[p] for p in places], doubted, length, crc)
        return data[:length] if zlib.crc32(data[:length]) == crc else b""


def _agrees(record: Record, codes: dict[int, bytes]) -> bool:
    return zlib.crc32(codes[record.tile]) == record.crc


def _near(changed: NDArray[np.bool_]) -> NDArray[np.bool_]:
    """Changed squares and those around them, in case the check of one of these missed it."""
    kernel = np.ones((3, 3), np.uint8)
    return cv2.dilate(changed.astype(np.uint8), kernel).astype(bool)
