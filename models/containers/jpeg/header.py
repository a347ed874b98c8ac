"""What a container's header says."""

from __future__ import annotations

import struct
import zlib
from dataclasses import dataclass

from models.coding import colour_prediction, finer_detail, weighted_prediction
from models.containers.jpeg.layout import Cut
from models.containers.jpeg.prediction import Prediction
from models.containers.lock import HEAD, Lock, Sealed, size_of_sealed

_HEAD = struct.Struct(
    f"<B{colour_prediction.SIZE}s{weighted_prediction.SIZE}s{finer_detail.SIZE}s"
)  # strength of the refinement
_TILE = struct.Struct("<HBBH")  # bytes of the message, last places of luma and chroma, seal
_CRC = struct.Struct("<I")
_LAST_PLACE = 63
_KEPT = 0x80  # with the last place of luma

_DOUBTFUL = 0x80  # with the refinement

REFINED = 100
"""Strength of a refinement that is used in full."""


@dataclass(frozen=True)
class TileRecord:
    """What is told of a tile.

    Attributes:
        length: of its message in bytes.
        cut: which coefficients the message uses.
        seal: of what is in the tile when it is written, see `seal_of`.
        kept: whether the picture itself is the best that there is of the photo.
    """

    length: int
    cut: Cut
    seal: int
    kept: bool

    def pack(self) -> bytes:
        """As bytes."""
        luma = self.cut.luma | (_KEPT if self.kept else 0)
        return _TILE.pack(self.length, luma, self.cut.chroma, self.seal)

    @staticmethod
    def unpack(data: bytes) -> TileRecord:
        """Back from bytes."""
        length, luma, chroma, seal = _TILE.unpack(data)
        cut = Cut(luma & _LAST_PLACE, min(chroma, _LAST_PLACE))
        return TileRecord(length, cut, seal, bool(luma & _KEPT))


@dataclass(frozen=True)
class Header:
    """What a reader must know first.

    Attributes:
        refinement: how much of what a network would change (`refining`) is taken over,
            0..`REFINED`.
        prediction: how the photo is predicted.
        shares: see `models.coding.finer_detail`.
        tiles: in the order of `Grid.tiles`.
        doubtful: see `models.containers.container.Besides`.
    """

    refinement: int
    prediction: Prediction
    shares: bytes
    tiles: tuple[TileRecord, ...]
    doubtful: bool = False

    def pack(self) -> bytes:
        """As `size_of` bytes."""
        first = self.refinement | (_DOUBTFUL if self.doubtful else 0)
        data = _HEAD.pack(first, *self.prediction, self.shares)
        data += b"".join(tile.pack() for tile in self.tiles)
        return data + _CRC.pack(zlib.crc32(data))

    def sealed(self, lock: Lock) -> bytes:
        """The same, sealed."""
        return Sealed(lock.salt, b"", lock.seal(HEAD, self.pack())).pack()

    @staticmethod
    def unpack(data: bytes) -> Header | None:
        """Back from bytes; None where they are damaged."""
        body = data[: -_CRC.size]
        if zlib.crc32(body) != _CRC.unpack(data[-_CRC.size :])[0]:
            return None
        first, colours, weights, shares = _HEAD.unpack_from(body)
        records = body[_HEAD.size :]
        starts = range(0, len(records), _TILE.size)
        tiles = tuple(TileRecord.unpack(records[at : at + _TILE.size]) for at in starts)
        doubtful, prediction = bool(first & _DOUBTFUL), Prediction(colours, weights)
        return Header(first & ~_DOUBTFUL, prediction, shares, tiles, doubtful)


def size_of(tiles: int, locked: bool = False) -> int:
    """Bytes of the header of a picture of that many tiles."""
    size = _HEAD.size + tiles * _TILE.size + _CRC.size
    return size_of_sealed(size) if locked else size
