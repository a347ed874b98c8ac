"""EXIF as bytes: patched in place, so that everything not understood survives, MakerNotes too.

A MakerNote is a camera maker's private block whose inner offsets often count from the start of
the whole EXIF block. Writing the block anew moves it and breaks those offsets; so nothing here
ever moves a byte: values are changed where they stand, and a renewed thumbnail goes to the end.

The layout is that of TIFF 6.0, section 2 (header, image file directories of 12-byte entries) and
of EXIF 2.32 (JEITA CP-3451E), section 4.5 (IFD1 describes the thumbnail).
"""

from __future__ import annotations

import contextlib
import struct
from collections.abc import Iterator
from dataclasses import dataclass
from typing import TypeAlias

from editor.files.turns import Cut, Turn

ORIENTATION = 0x0112
IMAGE_WIDTH, IMAGE_LENGTH = 0x0100, 0x0101
EXIF_IFD, GPS_IFD, INTEROPERABILITY_IFD = 0x8769, 0x8825, 0xA005
PIXEL_X_DIMENSION, PIXEL_Y_DIMENSION = 0xA002, 0xA003
COMPRESSION = 0x0103
THUMBNAIL_OFFSET, THUMBNAIL_LENGTH = 0x0201, 0x0202  # JPEGInterchangeFormat, ...Length
X_RESOLUTION, Y_RESOLUTION, RESOLUTION_UNIT = 0x011A, 0x011B, 0x0128
COLOUR_SPACE, INTEROPERABILITY_INDEX = 0xA001, 0x0001
SUBJECT_AREA, SUBJECT_LOCATION = 0x9214, 0xA214
SHORT, LONG, RATIONAL = 3, 4, 5
NO_UNIT, INCH, CENTIMETRE = 1, 2, 3
OLD_JPEG_COMPRESSION = 6
# ImageDescription, Make, Model, Software, DateTime, Artist, HostComputer, Copyright: of the tags
# 254..532 of TIFF 6.0 those that speak of the photo, not of how a file stores its pixels.
DESCRIPTIVE = frozenset({270, 271, 272, 305, 306, 315, 316, 33432})
_Directories: TypeAlias = "dict[int, _Directories]"
_SUB_DIRECTORIES: _Directories = {EXIF_IFD: {INTEROPERABILITY_IFD: {}}, GPS_IFD: {}}
_SIZES = {1: 1, 2: 1, 3: 2, 4: 4, 5: 8, 6: 1, 7: 1, 8: 2, 9: 4, 10: 8, 11: 4, 12: 8, 13: 4}
MAKER_NOTE = 0x927C
_LONGEST_TEXT = 4096  # bytes of a value
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


def resolution(block: bytes) -> tuple[float, float, int] | None:
    """Pixels per unit across and down, and the unit, of a sound block; None without them."""
    entries = {entry.tag: entry for entry in _entries(block, _first_ifd(block))}
    values = []
    for tag in (X_RESOLUTION, Y_RESOLUTION):
        data = _data(block, entries[tag]) if tag in entries else None
        if data is None or entries[tag].type != RATIONAL or entries[tag].count != 1:
            return None
        above, below = struct.unpack(byte_order(block) + "II", data)
        if not below:
            return None
        values.append(above / below)
    unit = _read(block, entries[RESOLUTION_UNIT]) if RESOLUTION_UNIT in entries else INCH
    return values[0], values[1], unit or INCH


def with_resolution(block: bytes | None, across: float, down: float, unit: int) -> bytes:
    """The block (a fresh one for None) with a resolution, where it states none.

    Only the first directory gets a new place, at the end; all else stays where it is.
    """
    if block is None:
        block = b"II*\0\x08\0\0\0" + bytes(6)
    elif resolution(block) is not None:
        return block
    order = byte_order(block)
    kept = {
        entry.tag: block[entry.position - 8 : entry.position + 4]
        for entry in _entries(block, _first_ifd(block))
    }
    patched = bytearray(block) + bytes(len(block) % 2)
    for tag, value in ((X_RESOLUTION, across), (Y_RESOLUTION, down)):
        kept[tag] = struct.pack(order + "HHII", tag, RATIONAL, 1, len(patched))
        patched += struct.pack(order + "II", round(value * 10_000), 10_000)
    kept[RESOLUTION_UNIT] = struct.pack(order + "HHIHH", RESOLUTION_UNIT, SHORT, 1, unit, 0)
    after = _ifd_after(block, _first_ifd(block))
    struct.pack_into(order + "I", patched, 4, len(patched))
    patched += struct.pack(order + "H", len(kept)) + b"".join(kept[tag] for tag in sorted(kept))
    return bytes(patched + struct.pack(order + "I", after))


def is_adobe_rgb(block: bytes) -> bool:
    """Whether a sound block says that the pixels are Adobe RGB.

    In the way of DCF 2.0 (uncalibrated, with interoperability index R03), or with the 2 that some
    cameras write as the colour space.
    """
    inner = _in_sub_directories(block)
    space = [_read(block, entry) for entry in inner.get(EXIF_IFD, ()) if entry.tag == COLOUR_SPACE]
    return 2 in space or (1 not in space and _has_index(block, inner, b"R03"))


def as_srgb(block: bytes) -> bytes:
    """The block, no longer saying that the pixels are Adobe RGB; nothing moves in it."""
    patched, inner = bytearray(block), _in_sub_directories(block)
    for entry in inner.get(EXIF_IFD, ()):
        if entry.tag == COLOUR_SPACE:
            _write(patched, entry, 1)
    for entry in inner.get(INTEROPERABILITY_IFD, ()):
        if entry.tag == INTEROPERABILITY_INDEX and _data(block, entry) == b"R03\0":
            patched[entry.position : entry.position + 4] = b"R98\0"
    return bytes(patched)


def _has_index(block: bytes, inner: dict[int, list[_Entry]], index: bytes) -> bool:
    entries = inner.get(INTEROPERABILITY_IFD, ())
    found = [_data(block, e) or b"" for e in entries if e.tag == INTEROPERABILITY_INDEX]
    return any(value.rstrip(b"\0 ") == index for value in found)


def _in_sub_directories(block: bytes) -> dict[int, list[_Entry]]:
    """The entries of the sound directories inside the first one, by the tag that leads there."""
    found: dict[int, list[_Entry]] = {}
    open_ends = [(_first_ifd(block), _SUB_DIRECTORIES)]
    while open_ends:
        ifd, inside = open_ends.pop()
        try:
            entries = list(_entries(block, ifd))
        except (struct.error, ValueError):
            continue  # a damaged inner directory says nothing
        for entry in entries:
            if entry.tag in inside and (offset := _read(block, entry)) is not None:
                open_ends.append((offset, inside[entry.tag]))
                with contextlib.suppress(struct.error, ValueError):
                    found[entry.tag] = list(_entries(block, offset))
    return found


def turned(block: bytes, turn: Turn | Cut, width: int, height: int) -> bytes:
    """The block of a picture whose pixels are turned: what it says of places in it turns, too.

    Args:
        turn: how.
        width, height: of the picture before, in pixels.
    """
    patched = bytearray(block)
    first = {entry.tag: entry for entry in _entries(block, _first_ifd(block))}
    if turn.swaps and X_RESOLUTION in first and Y_RESOLUTION in first:
        across, down = first[X_RESOLUTION].position, first[Y_RESOLUTION].position
        if first[X_RESOLUTION].type == first[Y_RESOLUTION].type:
            patched[across : across + 4] = block[down : down + 4]
            patched[down : down + 4] = block[across : across + 4]
    order = byte_order(block)
    for entry in _in_sub_directories(block).get(EXIF_IFD, ()):
        if entry.tag not in (SUBJECT_AREA, SUBJECT_LOCATION) or entry.type != SHORT:
            continue
        if not 2 <= entry.count <= 4 or (data := _data(block, entry)) is None:
            continue
        values = list(struct.unpack(f"{order}{entry.count}H", data))
        x, y = turn.point(values[0] / width, values[1] / height)
        if isinstance(turn, Cut):  # the tag cannot be taken out: what is cut off is at the border
            x, y = min(max(x, 0.0), 1.0), min(max(y, 0.0), 1.0)
        new_width, new_height = turn.size(width, height)
        values[:2] = [round(x * new_width), round(y * new_height)]
        if entry.count == 4 and turn.swaps:
            values[2:] = values[:1:-1]
        if not all(0 <= value <= 0xFFFF for value in values):
            continue
        at = entry.position
        if len(data) > 4:
            (at,) = struct.unpack_from(order + "I", block, at)
        struct.pack_into(f"{order}{entry.count}H", patched, at, *values)
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


def gathered(tiff: bytes, page: int = 0) -> bytes | None:
    """The EXIF that a TIFF file keeps among a page's own tags, as a block; None without any.

    Values and types are copied byte for byte, in the file's byte order, without those that are
    damaged. A MakerNote survives, but not at its offset: it had been moved into the file already.

    Raises:
        struct.error, ValueError: when the file's first directory is damaged.
    """
    order = byte_order(tiff)
    inside = DESCRIPTIVE | _SUB_DIRECTORIES.keys()
    ifd = _first_ifd(tiff)
    for _ in range(page):
        ifd = _ifd_after(tiff, ifd)
    kept = [entry for entry in _entries(tiff, ifd) if entry.tag in inside]
    directory = _copied(tiff, kept, 8, _SUB_DIRECTORIES)
    return tiff[:4] + struct.pack(order + "I", 8) + directory if kept else None


def without_pictures(block: bytes) -> bytes | None:
    """A block made anew of what a block's directories name, without what may hold a picture.

    That is a thumbnail, a MakerNote, values longer than any text, and what no entry leads to. None
    where nothing else is there, or the block is damaged.
    """
    try:
        plain = gathered(block)
        if plain is None:
            return None
        for tag in (EXIF_IFD, GPS_IFD, None):
            entries = _in_sub_directories(plain).get(tag) if tag else _entries(plain, 8)
            for entry in entries or ():
                data = _data(plain, entry) or b""
                if entry.tag == MAKER_NOTE or len(data) > _LONGEST_TEXT:
                    plain = _blanked(plain, entry, len(data))
    except (struct.error, ValueError):
        return None
    return plain


def _blanked(block: bytes, entry: _Entry, length: int) -> bytes:
    """The block with zeros in place of an entry's value."""
    at = entry.position
    if length > 4:
        (at,) = struct.unpack_from(byte_order(block) + "I", block, at)
    return block[:at] + bytes(length) + block[at + length :]


def tag_bytes(tiff: bytes, page: int, tag: int) -> bytes:
    """The bytes of a tag of a page of a TIFF file, of whatever type; empty without it.

    Raises:
        struct.error, ValueError: when the directory of a page is damaged.
    """
    ifd = _first_ifd(tiff)
    for _ in range(page):
        ifd = _ifd_after(tiff, ifd)
    found = (_data(tiff, entry) for entry in _entries(tiff, ifd) if entry.tag == tag)
    return next((data for data in found if data), b"")


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
    pointer = _pointer(block, _first_ifd(block))
    return pointer, _ifd_after(block, _first_ifd(block))


def _ifd_after(block: bytes, ifd: int) -> int:
    """What the pointer of a directory to the next one says."""
    pointer = _pointer(block, ifd)
    if pointer + 4 > len(block):
        return 0
    return int(struct.unpack_from(byte_order(block) + "I", block, pointer)[0])


def _pointer(block: bytes, ifd: int) -> int:
    """Where the pointer of a directory to the next one stands."""
    (count,) = struct.unpack_from(byte_order(block) + "H", block, ifd)
    return ifd + 2 + 12 * int(count)


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
