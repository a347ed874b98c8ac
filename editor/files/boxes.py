"""The boxes of HEIF and AVIF files, as far as they name a colour space.

ISO/IEC 14496-12:2022, section 4.2 (boxes); ISO/IEC 23008-12:2022, sections 6.5.5 (colr) and 9.3
(item properties).
"""

from __future__ import annotations

import struct
from collections.abc import Iterator

_MOST_BOXES = 10_000
_FULL_BOX = 4  # bytes of version and flags


def nclx(data: bytes) -> tuple[int, int, int, int] | None:
    """Primaries, transfer characteristics, matrix and full range of the primary picture.

    As numbers of H.273, the last one 0 or 1; None where it names no such space, or its boxes make
    no sense.
    """
    try:
        return _nclx(data)
    except (struct.error, IndexError):
        return None


def _nclx(data: bytes) -> tuple[int, int, int, int] | None:
    meta = _inside(data, (0, len(data)), b"meta")
    if meta is None:
        return None
    meta = (meta[0] + _FULL_BOX, meta[1])
    properties = _inside(data, meta, b"iprp")
    container = None if properties is None else _inside(data, properties, b"ipco")
    if properties is None or container is None:
        return None
    wanted = _properties_of_primary(data, meta, properties)
    for number, (kind, start, end) in enumerate(_boxes(data, *container), 1):
        colours = kind == b"colr" and data[start : start + 4] == b"nclx" and end - start >= 11
        if colours and (not wanted or number in wanted):
            primaries, transfer, matrix, flags = struct.unpack_from(">HHHB", data, start + 4)
            return primaries, transfer, matrix, flags >> 7
    return None


def _properties_of_primary(
    data: bytes, meta: tuple[int, int], properties: tuple[int, int]
) -> set[int]:
    """Numbers, from 1 on, of the primary item's properties; empty where nothing tells them."""
    primary, links = _inside(data, meta, b"pitm"), _inside(data, properties, b"ipma")
    if primary is None or links is None:
        return set()
    form = ">I" if data[primary[0]] else ">H"
    (item,) = struct.unpack_from(form, data, primary[0] + _FULL_BOX)
    long_items, long_numbers = data[links[0]] > 0, bool(data[links[0] + 3] & 1)
    at = links[0] + _FULL_BOX + 4
    (entries,) = struct.unpack_from(">I", data, at - 4)
    for _ in range(min(entries, _MOST_BOXES)):
        (found,) = struct.unpack_from(">I" if long_items else ">H", data, at)
        at += 4 if long_items else 2
        count = data[at]
        at += 1
        if found == item:
            numbers = struct.unpack_from(f">{count}{'H' if long_numbers else 'B'}", data, at)
            return {number & (0x7FFF if long_numbers else 0x7F) for number in numbers}
        at += count * (2 if long_numbers else 1)
    return set()


def _inside(data: bytes, span: tuple[int, int], kind: bytes) -> tuple[int, int] | None:
    """Where the content of the first box of a kind is, among those of a span of the file."""
    found = (box[1:] for box in _boxes(data, *span) if box[0] == kind)
    return next(found, None)


def _boxes(data: bytes, start: int, end: int) -> Iterator[tuple[bytes, int, int]]:
    """Kind, beginning and end of the content of the boxes in a row."""
    for _ in range(_MOST_BOXES):
        if start + 8 > end:
            return
        size, kind = struct.unpack_from(">I4s", data, start)
        head = 8
        if size == 1:
            (size,), head = struct.unpack_from(">Q", data, start + 8), 16
        elif size == 0:
            size = end - start
        if size < head or start + size > end:
            return
        yield kind, start + head, start + size
        start += size
