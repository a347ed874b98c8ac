"""EXIF as bytes: patched in place, so that everything not understood survives, MakerNotes too.

A MakerNote is a camera maker's private block whose inner offsets often count from the start of
the whole EXIF block. Writing the block anew moves it and breaks those offsets; so nothing here
ever moves a byte: values are changed where they stand, and a renewed thumbnail goes to the end.

The layout is that of TIFF 6.0, section 2 (header, image file directories of 12-byte entries) and
of EXIF 2.32 (JEITA CP-3451E), section 4.5 (IFD1 describes the thumbnail).
"""

from __future__ import annotations

import struct
from collections.abc import Iterator
from dataclasses import dataclass
from typing import TypeAlias

ORIENTATION = 0x0112
IMAGE_WIDTH, IMAGE_LENGTH = 0x0100, 0x0101
EXIF_IFD, GPS_IFD, INTEROPERABILITY_IFD = 0x8769, 0x8825, 0xA005
PIXEL_X_DIMENSION, PIXEL_Y_DIMENSION = 0xA002, 0xA003
COMPRESSION = 0x0103
THUMBNAIL_OFFSET, THUMBNAIL_LENGTH = 0x0201, 0x0202  # JPEGInterchangeFormat, ...Length
SHORT, LONG = 3, 4
OLD_JPEG_COMPRESSION = 6
# ImageDescription, Make, Model, Software, DateTime, Artist, HostComputer, Copyright: of the tags
# 254..532 of TIFF 6.0 those that speak of the photo, not of how a file stores its pixels.
DESCRIPTIVE = frozenset({270, 271, 272, 305, 306, 315, 316, 33432})
_Directories: TypeAlias = "dict[int, _Directories]"
_SUB_DIRECTORIES: _Directories = {EXIF_IFD: {INTEROPERABILITY_IFD: {}}, GPS_IFD: {}}
_SIZES = {1: 1, 2: 1, 3: 2, 4: 4, 5: 8, 6: 1, 7: 1, 8: 2, 9: 4, 10: 8, 11: 4, 12: 8, 13: 4}
_MOST_BYTES = 16 << 20  # of EXIF gathered: entries could all claim the whole file
_STRUCTURAL = (frozenset(range(254, 533)) - DESCRIPTIVE) | {700, 34675}  # XMP, ICC profile
PREFIX = b"Exif\0\0"


@dataclass(frozen=True)
class _Entry:
    tag: int
    type: int
    count: int
    position: int  # of the four bytes that hold the value or its offset


def tiff_block(exif: bytes | None) -> bytes | None:
    """The EXIF's TIFF block without the prefix of JPEG; None when it is damaged or empty."""
    if not exif:
        return None
    block = exif.removeprefix(PREFIX)
    try:
        list(_entries(block, _first_ifd(block)))
    except (struct.error, ValueError):
        return None
    return block


def orientation(block: bytes) -> int:
    """The orientation 1..8 of a sound TIFF block; 1 when it has none, or an undefined one."""
    for entry in _entries(block, _first_ifd(block)):
        if entry.tag == ORIENTATION:
            value = _read(block, entry)
            return value if value is not None and 1 <= value <= 8 else 1
    return 1


def upright(block: bytes) -> bytes:
    """The block with its orientation set to 1; only those bytes change.

    A block without an orientation is returned as it is.
    """
    patched = bytearray(block)
    for entry in _entries(block, _first_ifd(block)):
        if entry.tag == ORIENTATION:
            _write(patched, entry, 1)
    return bytes(patched)


def with_size(block: bytes, width: int, height: int) -> bytes:
    """The block with the picture's width and height, in pixels, where it states them."""
    patched = bytearray(block)
    values = {IMAGE_WIDTH: width, IMAGE_LENGTH: height}
    values |= {PIXEL_X_DIMENSION: width, PIXEL_Y_DIMENSION: height}
    for entry in _entries(block, _first_ifd(block)):
        if entry.tag in values:
            _write(patched, entry, values[entry.tag])
        if entry.tag == EXIF_IFD and (offset := _read(block, entry)):
            try:
                inner = list(_entries(block, offset))
            except (struct.error, ValueError):
                continue  # a damaged inner directory is left as it is
            for sub in inner:
                if sub.tag in values:
                    _write(patched, sub, values[sub.tag])
    return bytes(patched)


def has_thumbnail(block: bytes) -> bool:
    """Whether a second directory (IFD1: the thumbnail) follows the first."""
    return _next_ifd(block)[1] != 0


def with_thumbnail(block: bytes, jpeg: bytes | None) -> bytes:
    """The block with its thumbnail replaced by `jpeg`, or removed; it must have one.

    The old thumbnail's bytes are cut off (at the end of the block, where most writers put it) or
    blanked: it may show what an edit has hidden.
    """
    pointer, ifd1 = _next_ifd(block)
    patched = bytearray(block)
    if ifd1:
        _erase_thumbnail(patched, ifd1)
    order = byte_order(block)
    if jpeg is None:
        struct.pack_into(order + "I", patched, pointer, 0)
        return bytes(patched)
    patched += b"\0" * (len(patched) % 2)  # directories begin on a word boundary
    start = len(patched)
    size_of_ifd1 = 2 + 3 * 12 + 4
    struct.pack_into(order + "I", patched, pointer, start)
    patched += struct.pack(order + "H", 3)
    patched += struct.pack(order + "HHIHH", COMPRESSION, SHORT, 1, OLD_JPEG_COMPRESSION, 0)
    patched += struct.pack(order + "HHII", THUMBNAIL_OFFSET, LONG, 1, start + size_of_ifd1)
    patched += struct.pack(order + "HHII", THUMBNAIL_LENGTH, LONG, 1, len(jpeg))
    patched += struct.pack(order + "I", 0)
    return bytes(patched) + jpeg


def descriptive_entries(block: bytes) -> dict[int, bytes]:
    """The sound 12-byte entries of the first directory, by tag, without those on pixel storage."""
    entries = _entries(block, _first_ifd(block))
    return {
        entry.tag: block[entry.position - 8 : entry.position + 4]
        for entry in entries
        if entry.tag not in _STRUCTURAL and _data(block, entry) is not None
    }


def gathered(tiff: bytes) -> bytes | None:
    """The EXIF that a TIFF file keeps among its own tags, as a block; None without any.

    Values and types are copied byte for byte, in the file's byte order, without those that are
    damaged. A MakerNote survives, but not at its offset: it had been moved into the file already.

    Raises:
        struct.error, ValueError: when the file's first directory is damaged.
    """
    order = byte_order(tiff)
    inside = DESCRIPTIVE | _SUB_DIRECTORIES.keys()
    kept = [entry for entry in _entries(tiff, _first_ifd(tiff)) if entry.tag in inside]
    directory = _copied(tiff, kept, 8, _SUB_DIRECTORIES)
    return tiff[:4] + struct.pack(order + "I", 8) + directory if kept else None


def _copied(tiff: bytes, entries: list[_Entry], at: int, sub_directories: _Directories) -> bytes:
    """A directory with these entries of another file, and their data, to stand at `at`."""
    order = byte_order(tiff)
    sound = {e.tag: e for e in entries if _data(tiff, e) is not None}
    start = at + 2 + 12 * len(sound) + 4
    table, values = struct.pack(order + "H", len(sound)), bytearray()
    for tag in sorted(sound):
        entry = sound[tag]
        data = _data(tiff, entry) or b""
        offset = _read(tiff, entry) if tag in sub_directories else None
        if offset is not None:
            try:
                inner = list(_entries(tiff, offset))
            except (struct.error, ValueError):
                inner = []
            inner = [e for e in inner if e.tag not in _SUB_DIRECTORIES]  # no loops
            data = _copied(tiff, inner, start + len(values), sub_directories[tag])
        table += tiff[entry.position - 8 : entry.position]
        if offset is None and len(data) <= 4:
            table += tiff[entry.position : entry.position + 4]
            continue
        table += struct.pack(order + "I", start + len(values))
        values += data + bytes(len(data) % 2)
        if len(values) > _MOST_BYTES:
            raise ValueError("more EXIF than any camera writes")
    return table + bytes(4) + values


def _data(block: bytes, entry: _Entry) -> bytes | None:
    """The bytes of an entry's values; None when they are not inside the block."""
    length = _SIZES.get(entry.type, 0) * entry.count
    if length <= 4:
        return block[entry.position : entry.position + length] if length else None
    (offset,) = struct.unpack_from(byte_order(block) + "I", block, entry.position)
    return block[offset : offset + length] if offset + length <= len(block) else None


def byte_order(block: bytes | bytearray) -> str:
    """The byte order of the block, as `struct` writes it.

    Raises:
        ValueError: when it does not begin with a TIFF header.
    """
    if block[:4] == b"II*\0":
        return "<"
    if block[:4] == b"MM\0*":
        return ">"
    raise ValueError("not a TIFF header")


def _erase_thumbnail(block: bytearray, ifd1: int) -> None:
    try:
        entries = {entry.tag: entry for entry in _entries(bytes(block), ifd1)}
    except (struct.error, ValueError):
        return
    if THUMBNAIL_OFFSET not in entries or THUMBNAIL_LENGTH not in entries:
        return
    start = _read(block, entries[THUMBNAIL_OFFSET]) or 0
    length = _read(block, entries[THUMBNAIL_LENGTH]) or 0
    end = min(start + length, len(block))
    first, (pointer, _) = _first_ifd(bytes(block)), _next_ifd(bytes(block))
    # Only what is a JPEG file is erased: a wrong offset must not cost other metadata.
    if block[start : start + 2] != b"\xff\xd8" or (start < pointer + 4 and end > first):
        return
    if end == len(block):
        del block[start:]
    else:
        block[start:end] = bytes(end - start)


def _first_ifd(block: bytes) -> int:
    return int(struct.unpack_from(byte_order(block) + "I", block, 4)[0])


def _next_ifd(block: bytes) -> tuple[int, int]:
    """Where the first directory's pointer to the next one stands, and what it says.

    It says 0 (there is none) also where the block ends before it: some writers leave it out.
    """
    order, first = byte_order(block), _first_ifd(block)
    (count,) = struct.unpack_from(order + "H", block, first)
    pointer = first + 2 + 12 * count
    if pointer + 4 > len(block):
        return pointer, 0
    return pointer, struct.unpack_from(order + "I", block, pointer)[0]


def _entries(block: bytes, ifd: int) -> Iterator[_Entry]:
    """The entries of the directory at `ifd`.

    Raises:
        struct.error, ValueError: when the directory does not fit into the block.
    """
    order = byte_order(block)
    if ifd < 8:
        raise ValueError("a directory inside the header")
    (count,) = struct.unpack_from(order + "H", block, ifd)
    for position in range(ifd + 2, ifd + 2 + 12 * count, 12):
        tag, kind, values, _ = struct.unpack_from(order + "HHII", block, position)
        yield _Entry(tag, kind, values, position + 8)


def _read(block: bytes | bytearray, entry: _Entry) -> int | None:
    """A single SHORT or LONG; None for other types."""
    form = {SHORT: "H", LONG: "I"}.get(entry.type)
    if form is None or entry.count != 1:
        return None
    return int(struct.unpack_from(byte_order(block) + form, block, entry.position)[0])


def _write(block: bytearray, entry: _Entry, value: int) -> None:
    """Overwrite a single SHORT or LONG; other types, and values that do not fit, are left."""
    form = {SHORT: "H", LONG: "I"}.get(entry.type)
    if form is None or entry.count != 1 or (form == "H" and value > 0xFFFF):
        return
    struct.pack_into(byte_order(block) + form, block, entry.position, value)
