"""The tables of a lossless container in pieces of an erasure code, one before each tile's code.

So they outlive the loss of any part of the picture, as long as half of it is left.
"""

from __future__ import annotations

import struct
import zlib
from collections.abc import Sequence

import numpy as np

from models.coding import reed_solomon

_FEWEST_PIXELS = 1 << 18
_MOST_LOST = 9, 20  # share of the pieces
_TRIES = 8


def piece_count(pixels: int, tiles: int) -> int:
    """How many pieces there are in a picture of so many pixels, and tiles that are not last ones;
    0 where the tables stand in one piece before everything else."""
    return min(tiles, reed_solomon.MOST_PIECES) if pixels >= _FEWEST_PIXELS else 0


def _wanted(count: int) -> int:
    return count - count * _MOST_LOST[0] // _MOST_LOST[1]


def piece_size(length: int, count: int) -> int:
    """Bytes of one of so many pieces of tables of that length, its checksum included."""
    return -(-length // _wanted(count)) + 1


def pieces(tables: bytes, count: int) -> list[bytes]:
    """Tables in so many pieces."""
    coded = reed_solomon.encode(tables, count, _wanted(count))
    return [one.tobytes() + _crc8(one.tobytes(), i) for i, one in enumerate(coded)]


def joined(found: Sequence[bytes], touched: Sequence[bool], length: int, crc: int) -> bytes:
    """Tables of that length and CRC-32, from their pieces; empty where too few are undamaged.

    Args:
        found: all pieces, as they are now.
        touched: which of them may have been changed.
    """
    good = [i for i, one in enumerate(found) if one[-1:] == _crc8(one[:-1], i)]
    good.sort(key=lambda i: touched[i])
    wanted = _wanted(len(found))
    for left_out in range(max(0, min(_TRIES, len(good) - wanted + 1))):
        # First the best ones, then without one or the other of them.
        chosen = [i for at, i in enumerate(good) if not left_out or at != left_out - 1][:wanted]
        parts = {i: np.frombuffer(found[i][:-1], np.uint8) for i in chosen}
        tables = reed_solomon.decode(parts, len(found), wanted)[:length]
        if zlib.crc32(tables) == crc:
            return tables
    return b""


def _crc8(piece: bytes, number: int) -> bytes:
    return bytes([zlib.crc32(piece + struct.pack("<I", number)) & 0xFF])
