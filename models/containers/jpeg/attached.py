"""A few bytes besides the photo, in the messages of up to three tiles far apart.

They stand behind the first byte of a tile's code, which says so.
"""

from __future__ import annotations

import struct
from collections.abc import Sequence

from models.containers.jpeg.rate_planning import Capacity

MOST = 400
"""Bytes that can be attached; more are left out."""

_TILES = 3
_FLAG = 8  # in a code's first byte
_LENGTH = struct.Struct("<H")
_SHARE = 2  # a code is at least so many times as long as what is put into it


def put(code: bytes, attached: bytes) -> bytes:
    """A tile's code with bytes attached."""
    first = code[0] if code else 0
    return bytes([first | _FLAG]) + _LENGTH.pack(len(attached)) + attached + code[1:]


def split(code: bytes) -> tuple[bytes, bytes]:
    """A tile's code without what is attached, and that; empty where nothing is."""
    if not code or not code[0] & _FLAG:
        return code, b""
    first, rest = code[0] & ~_FLAG, code[1:]
    if len(rest) < _LENGTH.size:
        return b"", b""
    end = _LENGTH.size + _LENGTH.unpack_from(rest)[0]
    residual = rest[end:]
    return (bytes([first]) + residual if residual else b""), rest[_LENGTH.size : end]


def places(codes: Sequence[bytes], attached: bytes, capacities: Sequence[Capacity]) -> list[int]:
    """In which tiles there is room: of each third of them, that with the longest code.

    Args:
        codes: of the tiles; empty where nothing may be written.
        capacities: of the tiles.
    """
    if not attached or len(attached) > MOST:
        return []
    result = []
    for third in range(_TILES):
        first, end = (len(codes) * edge // _TILES for edge in (third, third + 1))
        best = max(range(first, end), key=lambda place: len(codes[place]), default=None)
        if best is None or len(codes[best]) < _SHARE * len(attached):
            continue
        if 8 * (len(codes[best]) + 2 * len(attached)) <= capacities[best].bits[-1]:
            result.append(best)
    return result
