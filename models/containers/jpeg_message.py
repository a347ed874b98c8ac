"""The messages of a JPEG container's two layers, byte by byte.

The base's message is a header (with a CRC-32 of itself) and the code of a residual; the detail's is
the map of bit densities (with its length and CRC-32) and a second code.
"""

from __future__ import annotations

import enum
import struct
import zlib
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from models.coding import colour_prediction
from models.containers import bit_allocation
from models.containers.coefficients import Subsampling
from models.containers.container import JpegSettings

LAYOUT = 2
"""Version of the layout."""

_MAGIC = b"PJ"
_FIELDS = struct.Struct(f"<2sBBBbbBB{colour_prediction.SIZE}s")
_CRC = struct.Struct("<I")
_CODED, _KEEP = 1, 2  # flags
_MAP = struct.Struct("<II")  # length and CRC of the map


class Part(enum.Enum):
    """A part of what a container says, with a rate of its own."""

    BASE = "base"
    ALWAYS = "always"
    MORE = "more"


@dataclass(frozen=True)
class Rates:
    """Indices of the rates of the error-correcting codes; -1 for a part that is not used.

    Attributes:
        base: of the base.
        always: of the detail's carriers that are on in every block.
        more: of the detail's other carriers.
    """

    base: int
    always: int
    more: int

    def lower(self, part: Part) -> Rates:
        """With the next stronger protection of one part; 0 is the strongest."""
        match part:
            case Part.BASE:
                return replace(self, base=self.base - 1)
            case Part.ALWAYS:
                return replace(self, always=self.always - 1)
            case Part.MORE:
                return replace(self, more=self.more - 1)


@dataclass(frozen=True)
class BaseHeader:
    """What the base's message starts with.

    Attributes:
        rates: of both layers.
        jpeg: how the export was written.
        colours: the coefficients of the colour prediction.
        coded: whether the code of a residual follows.
        keep: whether, without the detail, the picture as received is the better photo.
    """

    rates: Rates
    jpeg: JpegSettings
    colours: bytes
    coded: bool
    keep: bool

    SIZE = _FIELDS.size + _CRC.size

    def pack(self) -> bytes:
        """`SIZE` bytes."""
        fields = _FIELDS.pack(
            _MAGIC,
            LAYOUT,
            self.rates.base,
            self.jpeg.quality,
            self.rates.always,
            self.rates.more,
            (_CODED if self.coded else 0) | (_KEEP if self.keep else 0),
            self.jpeg.subsampling == "444",
            self.colours,
        )
        return fields + _CRC.pack(zlib.crc32(fields))

    @staticmethod
    def unpack(message: bytes) -> BaseHeader | None:
        """The header at a message's start; None where it is damaged or of another layout."""
        if len(message) < BaseHeader.SIZE:
            return None
        fields = message[: _FIELDS.size]
        if _CRC.unpack_from(message, _FIELDS.size)[0] != zlib.crc32(fields):
            return None
        magic, layout, base, quality, always, more, flags, full, colours = _FIELDS.unpack(fields)
        if (magic, layout) != (_MAGIC, LAYOUT):
            return None
        subsampling: Subsampling = "444" if full else "420"
        return BaseHeader(
            Rates(base, always, more),
            JpegSettings(quality, subsampling),
            colours,
            bool(flags & _CODED),
            bool(flags & _KEEP),
        )


def pack_map(squares: NDArray[np.uint8]) -> bytes:
    """What the detail's message starts with: the density of each square of 16 x 16 pixels."""
    packed = bit_allocation.pack(squares)
    return _MAP.pack(len(packed), zlib.crc32(packed)) + packed


def unpack_map(
    message: bytes, rows: int, columns: int, densities: int
) -> tuple[NDArray[np.uint8], int] | None:
    """The map at the start of the detail's message, and its length in bytes; None where damaged.

    Args:
        rows, columns: squares.
        densities: how many there are.
    """
    if len(message) < _MAP.size:
        return None
    length, crc = _MAP.unpack_from(message)
    end = _MAP.size + length
    packed = message[_MAP.size : end]
    if len(packed) != length or zlib.crc32(packed) != crc:
        return None
    try:
        return bit_allocation.unpack(packed, rows, columns, densities), end
    except bit_allocation.NoMap:
        return None
