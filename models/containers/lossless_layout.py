"""Where in a lossless container is what: tiles, the pixels that carry, and what the head says.

The picture is cut into tiles. Two of them, the *last*, are read in classes of two neighbouring
levels, and which level of a class is written does not matter to the prediction of their photo. All
others carry symbols (`models.coding.pixel_symbols`) that may change any level, and what their
prediction says is known only once they are finished. So what a tile's prediction misses is written
into tiles that come later in the order; what the last ones miss is there first.

    bytes:    tables, codes of the last tiles | code of the first tile | the second | ...
    written:  first tile | second tile | ... | last tiles

Bytes that wait to be written are about as many all the time. Two tiles at three bits a pixel have
room for what waits in the end, the code of another tile.
"""

from __future__ import annotations

import itertools
import struct
import zlib
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import ClassVar, TypeVar

import numpy as np
from numpy.typing import NDArray

from models.coding import pixel_symbols
from models.coding.opponent_dct import BLOCK
from models.containers import lossless_prediction
from models.containers.container import SQUARE
from models.containers.lock import HEAD, Lock, Sealed, size_of_sealed

S = TypeVar("S", bound=np.generic)

LAST = 2
"""How many last tiles there are, or fewer where there are not so many tiles."""

LAST_BITS = 3
"""Of a pixel of the last tiles: the lowest of each of its samples."""

TABLES, TILES = 1, 2
"""Numbers of sealed messages: the tables, and the codes of the tiles from there on, by place."""

_LARGEST_SIDE = 1024
_SMALLEST_SIDE = 64
_TILES_ACROSS = 5
_FEWEST_PIXELS = 64 * 64

_MOST_ATTACHED = 2000
_PIXELS_OF_ATTACHED = 128

_HEAD = struct.Struct("<HBBHII")  # size, flags, bits, length and CRC of the tables, digest
_WEIGHTED, _DOUBTFUL = 1, 2  # flags: weights follow; `doubtful`
_FIELD = struct.Struct("<BH")  # number, length
_RECORD = struct.Struct("<HBII")  # tile, step, length and CRC of its code


@dataclass(frozen=True)
class Tile:
    """A part of a picture; sides are multiples of 16 but at the picture's right and bottom."""

    top: int
    left: int
    bottom: int
    right: int

    def of(self, picture: NDArray[S]) -> NDArray[S]:
        """That part of a picture."""
        return picture[self.top : self.bottom, self.left : self.right]

    @property
    def pixels(self) -> int:
        """How many."""
        return (self.bottom - self.top) * (self.right - self.left)

    @property
    def blocks(self) -> tuple[int, int]:
        """Rows and columns of blocks of the residual codec."""
        return -(-(self.bottom - self.top) // BLOCK), -(-(self.right - self.left) // BLOCK)


def tiles(height: int, width: int) -> list[Tile]:
    """The tiles of a picture, a grid row by row."""
    return [
        Tile(top, left, bottom, right)
        for top, bottom in itertools.pairwise(_edges(height))
        for left, right in itertools.pairwise(_edges(width))
    ]


def _edges(side: int) -> list[int]:
    """Where tiles start along a side, in whole squares, and its end."""
    count = max(1, min(_TILES_ACROSS, side // _SMALLEST_SIDE), -(-side // _LARGEST_SIDE))
    return [*(round(i * side / count / SQUARE) * SQUARE for i in range(count)), side]


class Carriers:
    """The pixels of a tile that carry the photo, square by square.

    Args:
        tile: which.
        kept: H x W, the pixels that do not: those with the watermark, checks, head or parity.
    """

    def __init__(self, tile: Tile, kept: NDArray[np.bool_]) -> None:
        self._tile = tile
        free = np.flatnonzero(~tile.of(kept).ravel())
        rows, columns = np.divmod(free, tile.right - tile.left)
        across = -(-(tile.right - tile.left) // SQUARE)
        squares = rows // SQUARE * across + columns // SQUARE
        free = free[np.argsort(squares.astype(np.uint16), kind="stable")]
        self._free = free[: free.size // 8 * 8]  # whole bytes, whatever a pixel carries

    def capacity(self, bits: int) -> int:
        """Bytes that there is room for."""
        return self._free.size * bits // 8

    def write(self, picture: NDArray[np.uint8], data: bytes, bits: int) -> None:
        """Write symbols of that many bits into the first pixels, in place."""
        stream = np.unpackbits(np.frombuffer(data, np.uint8))
        symbols = np.pad(stream, (0, -stream.size % bits)).reshape(-1, bits)
        values = symbols @ (1 << np.arange(bits)[::-1]).astype(np.uint8)
        part = self._tile.of(picture)
        colours = part.reshape(-1, 3)
        where = self._free[: values.size]
        colours[where] = pixel_symbols.write(colours[where], values, bits)
        part[:] = colours.reshape(part.shape)

    def read(self, picture: NDArray[np.uint8], bits: int) -> bytes:
        """What `write` wrote, and whatever the further pixels say."""
        values = pixel_symbols.read(self._tile.of(picture).reshape(-1, 3)[self._free], bits)
        shifts = np.arange(bits, dtype=np.uint8)[::-1]
        return np.packbits(values[:, None] >> shifts & 1).tobytes()

    def touched(self, changed: NDArray[np.bool_], bits: int) -> NDArray[np.bool_]:
        """Which bytes of `read` were changed; with `LAST_BITS`, of `read_lowest`.

        Args:
            changed: H x W, the pixels of the tile that were.
            bits: that a pixel carries.
        """
        each = changed.ravel()[self._free].repeat(bits)
        return np.asarray(each.reshape(-1, 8).any(axis=1))

    def write_lowest(self, picture: NDArray[np.uint8], data: bytes) -> None:
        """Write into the lowest bits of the first samples, in place."""
        stream = np.unpackbits(np.frombuffer(data, np.uint8))
        values = np.pad(stream, (0, -stream.size % LAST_BITS)).reshape(-1, LAST_BITS)
        part = self._tile.of(picture)
        colours = part.reshape(-1, 3)
        where = self._free[: len(values)]
        colours[where] = colours[where] & 0xFE | values
        part[:] = colours.reshape(part.shape)

    def read_lowest(self, picture: NDArray[np.uint8]) -> bytes:
        """The lowest bits of all samples."""
        colours = self._tile.of(picture).reshape(-1, 3)[self._free]
        return np.packbits(colours & 1).tobytes()


@dataclass(frozen=True)
class Record:
    """A tile's code.

    Attributes:
        tile: its place in `tiles`.
        step: the quantiser's index.
        length, crc: of the code.
    """

    tile: int
    step: int
    length: int
    crc: int


@dataclass(frozen=True)
class Head:
    """What a reader must know first.

    Attributes:
        bits: of a pixel's symbol.
        tables_length, tables_crc: of the residual codec's tables and what is attached to them.
        prediction: see `lossless_prediction.fit`.
        records: of the tiles in the order in which their codes were written: the last tiles first.
        digest: of the picture, see `Squares.digest`.
        doubtful: see `models.containers.container.Besides`.
        unknown: whether it says something that this program must know to read the rest.
        fields: what else there is, by number.
    """

    bits: int
    tables_length: int
    tables_crc: int
    prediction: bytes
    records: tuple[Record, ...]
    digest: int
    doubtful: bool = False
    unknown: bool = False
    fields: tuple[tuple[int, bytes], ...] = ()

    def pack(self) -> bytes:
        """As bytes: `head_size` without fields."""
        flags = _WEIGHTED * (len(self.prediction) == lossless_prediction.SIZE)
        flags |= _DOUBTFUL * self.doubtful
        records = b"".join(_RECORD.pack(r.tile, r.step, r.length, r.crc) for r in self.records)
        fields = b"".join(_FIELD.pack(kind, len(data)) + data for kind, data in self.fields)
        size = _HEAD.size + len(self.prediction) + len(records) + len(fields)
        start = _HEAD.pack(size, flags, self.bits, self.tables_length, self.tables_crc, self.digest)
        data = start + self.prediction + records + fields
        return data + struct.pack("<I", zlib.crc32(data))

    @staticmethod
    def unpack(data: bytes, count: int) -> Head | None:
        """Back from bytes, for a picture of that many tiles; None where they are damaged."""
        if len(data) < _HEAD.size:
            return None
        size, flags, bits, length, crc, digest = _HEAD.unpack_from(data)
        if data[size : size + 4] != struct.pack("<I", zlib.crc32(data[:size])):
            return None
        prediction = lossless_prediction.PLAIN_SIZE
        if flags & _WEIGHTED:
            prediction = lossless_prediction.SIZE
        first = _HEAD.size + prediction
        end = first + count * _RECORD.size
        if end > size:
            return None
        records = tuple(Record(*r) for r in _RECORD.iter_unpack(data[first:end]))
        places = sorted(r.tile for r in records)
        if bits not in pixel_symbols.FACTORS or places != list(range(count)):
            return None
        fields = tuple(_fields(data[end:size]))
        doubtful, unknown = bool(flags & _DOUBTFUL), bool(flags & ~(_WEIGHTED | _DOUBTFUL))
        sent = data[_HEAD.size : first]
        return Head(bits, length, crc, sent, records, digest, doubtful, unknown, fields)


@dataclass(frozen=True)
class LockedHead:
    """A head that is sealed.

    Attributes:
        digest: of the picture, as in the head: of what everybody sees.
        sealed: the head, its digest told.
    """

    SIZE: ClassVar = 2
    TOLD: ClassVar = 4

    digest: int
    sealed: Sealed

    @staticmethod
    def of(head: Head, lock: Lock) -> LockedHead:
        """Seal a head."""
        told = head.digest.to_bytes(LockedHead.TOLD, "little")
        return LockedHead(head.digest, Sealed(lock.salt, told, lock.seal(HEAD, head.pack())))

    def pack(self) -> bytes:
        """As bytes: their number but for the CRC, and so many."""
        data = self.sealed.pack()
        return (len(data) - 4).to_bytes(LockedHead.SIZE, "little") + data

    @staticmethod
    def unpack(data: bytes) -> LockedHead | None:
        """Back from bytes; None where they are damaged."""
        size = int.from_bytes(data[: LockedHead.SIZE], "little")
        rest = data[LockedHead.SIZE : LockedHead.SIZE + size + 4]
        sealed = Sealed.unpack(rest, LockedHead.TOLD) if len(rest) == size + 4 else None
        if sealed is None:
            return None
        return LockedHead(int.from_bytes(sealed.told, "little"), sealed)

    def opened(self, passphrase: str, count: int) -> tuple[Lock, Head | None]:
        """The lock and the head, of a picture of that many tiles. Raises WrongPassphrase."""
        lock, head = self.sealed.opened(passphrase)
        return lock, Head.unpack(head, count)


def _fields(data: bytes) -> Iterator[tuple[int, bytes]]:
    """A head's further fields: number, length and so many bytes of each."""
    while len(data) >= _FIELD.size:
        kind, length = _FIELD.unpack_from(data)
        yield kind, data[_FIELD.size : _FIELD.size + length]
        data = data[_FIELD.size + length :]


def seed_of(head: bytes) -> int:
    """Of the checks of squares: the CRC-32 at the end of a head."""
    return int.from_bytes(head[-4:], "little")


def head_size(count: int, tiny: bool, locked: bool = False) -> int:
    """Bytes of the head of a picture of that many tiles, without further fields."""
    prediction = lossless_prediction.PLAIN_SIZE if tiny else lossless_prediction.SIZE
    size = _HEAD.size + prediction + count * _RECORD.size + 4
    return LockedHead.SIZE + size_of_sealed(size, LockedHead.TOLD) if locked else size


def is_tiny(picture: NDArray[np.generic]) -> bool:
    """Whether a picture (H x W x 3) has no room for weights."""
    height, width = picture.shape[:2]
    return bool(height * width < _FEWEST_PIXELS)


def most_attached(picture: NDArray[np.generic]) -> int:
    """Bytes that can be attached to the tables of a picture (H x W x 3)."""
    height, width = picture.shape[:2]
    return min(_MOST_ATTACHED, int(height * width) // _PIXELS_OF_ATTACHED)


def portions(lengths: Iterable[int], waiting: int, capacities: Iterable[int]) -> list[int]:
    """How many bytes each tile but the last ones carries: all it has room for, or that there are.

    Args:
        lengths: of these tiles' own codes, and the pieces of the tables before them, in order.
        waiting: bytes before the first of them: tables, codes of the last tiles.
        capacities: bytes that these tiles have room for.
    """
    result = []
    for length, capacity in zip(lengths, capacities, strict=True):
        carried = min(waiting, capacity)
        result.append(carried)
        waiting += length - carried
    return result
