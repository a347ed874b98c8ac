"""Where in a lossless container is what: tiles, the pixels that carry, and the head.

The picture is cut into tiles. One of them, the *last*, is read in classes of two neighbouring
levels, and which level of a class is written does not matter to the prediction of its photo. All
others carry symbols (`models.coding.pixel_symbols`) that change every level and are known only once
the container's tile is finished; so what a tile's prediction misses is written into tiles that
come later in the order, and what the one before the last misses into the last one, whose own was
the first to be written:

    bytes:    tables, last tile's code | first tile's code | second tile's code | ...
    written:  first tile | second tile | ... | last tile (and the head, twice)
"""

from __future__ import annotations

import struct
import zlib
from collections.abc import Iterable
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from models.coding import pixel_symbols, tile_codec
from models.networks import weighted_prediction

AMPLITUDES = (None, 0.0, 0.25, 0.5, 0.75, 1.0)
"""How far a container may be from its look, see `lossless_prediction.Predictor`."""

LAST_BITS = 3
"""Of a pixel of the last tile: the lowest of each of its samples."""

LAST_NOISE = 0.25
"""Mean squared error, in levels², of a class's middle."""

_LARGEST_SIDE = 1024
_SMALLEST_SIDE = 48
_TILES_ACROSS = 4

_VERSION = 1
_HEAD = struct.Struct(f"<2sBBBHI{weighted_prediction.SIZE}s")
_RECORD = struct.Struct("<HBII")  # tile, step, length and CRC of its code


@dataclass(frozen=True)
class Tile:
    """A part of a picture; sides are multiples of 8 but at the picture's right and bottom."""

    top: int
    left: int
    bottom: int
    right: int

    def of(self, picture: NDArray[np.generic]) -> NDArray[np.generic]:
        """That part of a picture."""
        return picture[self.top : self.bottom, self.left : self.right]

    @property
    def pixels(self) -> int:
        """How many."""
        return (self.bottom - self.top) * (self.right - self.left)

    @property
    def blocks(self) -> tuple[int, int]:
        """Rows and columns of blocks of the residual codec."""
        side = tile_codec.BLOCK
        return -(-(self.bottom - self.top) // side), -(-(self.right - self.left) // side)


def tiles(height: int, width: int) -> list[Tile]:
    """The tiles of a picture: a grid, its last tile quartered.

    What the smallest ones miss is written last, when there is little room.
    """
    down, across = (_edges(0, side, _count(side)) for side in (height, width))
    *result, last = _grid(down, across)
    if result:
        down, across = _edges(last.top, last.bottom, 2), _edges(last.left, last.right, 2)
    return [*result, *_grid(down, across)] if result else [last]


def _count(side: int) -> int:
    """How many tiles there are along a side."""
    return max(1, min(_TILES_ACROSS, side // _SMALLEST_SIDE), -(-side // _LARGEST_SIDE))


def _grid(down: list[int], across: list[int]) -> list[Tile]:
    return [
        Tile(top, left, bottom, right)
        for top, bottom in zip(down, down[1:], strict=False)
        for left, right in zip(across, across[1:], strict=False)
    ]


def _edges(start: int, end: int, count: int) -> list[int]:
    """Where some parts of about equal length start, in whole blocks, and the end."""
    block = tile_codec.BLOCK
    return [*(start + round(i * (end - start) / count / block) * block for i in range(count)), end]


class Carriers:
    """The pixels of a tile that carry bits: all but those with a bit of the watermark.

    Args:
        tile: which.
        marked: H x W, where the picture's watermark is.
    """

    def __init__(self, tile: Tile, marked: NDArray[np.bool_]) -> None:
        self._tile = tile
        self._free = np.flatnonzero(~tile.of(marked).ravel())

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

    def write_lowest(self, picture: NDArray[np.uint8], data: bytes, *, from_end: bool) -> None:
        """Write into the lowest bits of the first or the last pixels' samples, in place."""
        stream = np.unpackbits(np.frombuffer(data, np.uint8))
        values = np.pad(stream, (0, -stream.size % LAST_BITS)).reshape(-1, LAST_BITS)
        part = self._tile.of(picture)
        colours = part.reshape(-1, 3)
        where = self._free[-len(values) :] if from_end else self._free[: len(values)]
        colours[where] = colours[where] & 0xFE | values
        part[:] = colours.reshape(part.shape)

    def read_lowest(self, picture: NDArray[np.uint8], size: int, *, from_end: bool) -> bytes:
        """`size` bytes that `write_lowest` wrote; fewer where there are no more."""
        pixels = -(-8 * size // LAST_BITS)
        where = self._free[-pixels:] if from_end else self._free[:pixels]
        values = self._tile.of(picture).reshape(-1, 3)[where] & 1
        return np.packbits(values).tobytes()[:size]


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
        amplitude: index in `AMPLITUDES`.
        tables_length, tables_crc: of the residual codec's tables.
        guide: see `Guide.read`.
        records: of the tiles in the order in which their codes were written: the last tile first.
    """

    bits: int
    amplitude: int
    tables_length: int
    tables_crc: int
    guide: bytes
    records: tuple[Record, ...]

    def pack(self) -> bytes:
        """As `head_size` bytes."""
        start = _HEAD.pack(
            b"PL",
            _VERSION,
            self.bits,
            self.amplitude,
            self.tables_length,
            self.tables_crc,
            self.guide,
        )
        records = (_RECORD.pack(r.tile, r.step, r.length, r.crc) for r in self.records)
        data = start + b"".join(records)
        return data + struct.pack("<I", zlib.crc32(data))

    @staticmethod
    def unpack(data: bytes, count: int) -> Head | None:
        """Back from bytes, for a picture of that many tiles; None where they are damaged."""
        size = head_size(count)
        body = data[: size - 4]
        if len(data) < size or struct.unpack_from("<I", data, size - 4)[0] != zlib.crc32(body):
            return None
        magic, version, bits, amplitude, length, crc, guide = _HEAD.unpack_from(body)
        known = bits in pixel_symbols.FACTORS and amplitude < len(AMPLITUDES)
        if magic != b"PL" or version != _VERSION or not known:
            return None
        records = tuple(Record(*r) for r in _RECORD.iter_unpack(body[_HEAD.size :]))
        if sorted(r.tile for r in records) != list(range(count)):
            return None
        return Head(bits, amplitude, length, crc, guide, records)


def head_size(count: int) -> int:
    """Bytes of the head of a picture of that many tiles."""
    return _HEAD.size + count * _RECORD.size + 4


def head_room(count: int) -> int:
    """Bytes that each copy of the head takes of the last tile: whole pixels."""
    size = head_size(count)
    return size + -size % LAST_BITS


def portions(lengths: Iterable[int], start: int, capacities: Iterable[int]) -> list[int]:
    """How many bytes each tile but the last carries: all that it has room for, or that there are.

    Args:
        lengths: of these tiles' own codes, in order.
        start: bytes that there are before the first of them: the tables and the last tile's code.
        capacities: bytes that these tiles have room for.
    """
    waiting, result = start, []
    for length, capacity in zip(lengths, capacities, strict=True):
        carried = min(waiting, capacity)
        result.append(carried)
        waiting += length - carried
    return result
