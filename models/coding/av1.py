"""Small pictures as bare AV1 intra frames.

A still picture in an AVIF file is one frame of AV1 (AOMedia, AV1 Bitstream & Decoding Process
Specification, 2019) and some 300 bytes of boxes. Here only the frame itself is kept, behind one
byte with the choices of its sequence header; boxes and sequence header are made again for decoding.
AV1 decoders agree bit for bit on the decoded planes; the conversion from and to RGB is libavif's
and may differ by a level between its versions: nothing that must match exactly may stand on it.
"""

from __future__ import annotations

import io
import struct

import numpy as np
from numpy.typing import NDArray
from PIL import Image, UnidentifiedImageError

COARSEST, FINEST = 0, 100
"""Range of `quality`."""

QUALITIES = tuple(
    quality
    for quality in range(COARSEST, FINEST + 1)
    if not quality or ((100 - quality) * 63 + 50) // 100 != ((101 - quality) * 63 + 50) // 100
)
"""Those that differ: libavif has 64 quantisers for them."""

LARGEST_SIDE = 1024
"""Longest side of a picture in pixels: larger ones are to be cut into tiles."""

# OBU headers (specification, 5.3.2): type, with a size field.
_DELIMITER = b"\x12\x00"
_SEQUENCE, _FRAME = 0x0A, 0x32
_VERBATIM = 0xFF
"""In place of the choices: the sequence header follows as it is, behind its length."""

_CHOICES = 6
"""Bits: superblocks of 128, filter intra, intra edge filter, superres, CDEF, restoration."""

_PROFILE = "001" + "1" + "1"
"""High (4:4:4), still picture, reduced header."""

_COLOUR = "0" + "1" + f"{1:08b}{13:08b}{6:08b}" + "1" + "0"
"""8 bits; BT.709 primaries, sRGB transfer, BT.601 matrix, full range; no separate chroma step."""

_NO_GRAIN = "0"


class NotAV1(ValueError):
    """The bytes are no frame of that size."""


def encode(picture: NDArray[np.uint8], quality: int, speed: int = 8) -> bytes:
    """The bare frame of a picture.

    Args:
        picture: H x W x 3 uint8, sides of at most `LARGEST_SIDE`.
        quality: 0..100, larger is finer (Pillow's scale).
        speed: libaom's, 0..10. At equal bits 6 is 0.3 dB better than 8, and takes twice as long.

    Raises:
        ValueError: for a picture too large.
    """
    height, width = picture.shape[:2]
    if max(height, width) > LARGEST_SIDE:
        raise ValueError(f"A picture of {width} x {height} pixels has to be cut into tiles.")
    file = io.BytesIO()
    Image.fromarray(np.ascontiguousarray(picture)).save(
        file,
        "AVIF",
        codec="aom",
        quality=quality,
        subsampling="4:4:4",
        speed=speed,
        max_threads=1,
        autotiling=False,
        advanced={"tune": "psnr"},
    )
    sequence, frame = _split(file.getvalue())
    bits = "".join(f"{byte:08b}" for byte in sequence)
    start = len(_PROFILE) + 5 + 8 + int(bits[10:14], 2) + 1 + int(bits[14:18], 2) + 1
    choices = int(bits[start : start + _CHOICES], 2)
    if _sequence_header(choices, height, width) == sequence:
        return bytes([choices]) + frame
    return bytes([_VERBATIM, len(sequence)]) + sequence + frame


def decode(data: bytes, height: int, width: int) -> NDArray[np.uint8]:
    """The picture in a bare frame: H x W x 3 uint8.

    Raises:
        NotAV1: where the bytes are no frame of that size.
    """
    if len(data) < 2:
        raise NotAV1("The bytes are too few for a frame.")
    if data[0] == _VERBATIM:
        sequence, frame = data[2 : 2 + data[1]], data[2 + data[1] :]
        if _largest(sequence) != (height, width):  # a few bytes may claim any size
            raise NotAV1("The frame has another size.")
    else:
        sequence, frame = _sequence_header(data[0] & (1 << _CHOICES) - 1, height, width), data[1:]
    stream = _DELIMITER + bytes([_SEQUENCE]) + _leb128(len(sequence)) + sequence
    stream += bytes([_FRAME]) + _leb128(len(frame)) + frame
    try:
        with Image.open(io.BytesIO(_boxes(stream, height, width)), formats=["AVIF"]) as image:
            picture = np.asarray(image.convert("RGB"))
    except (OSError, RuntimeError, ValueError, SyntaxError, UnidentifiedImageError) as error:
        raise NotAV1(f"The bytes are no AV1 frame ({error}).") from None
    if picture.shape != (height, width, 3):
        raise NotAV1("The frame has another size.")
    return picture


def _split(file: bytes) -> tuple[bytes, bytes]:
    """Sequence header and frame of an AVIF file with one picture."""
    place = file.index(b"mdat") + 4
    sequence = frame = b""
    while place < len(file):
        kind = file[place]
        size, start = _read_leb128(file, place + 1)
        if kind == _SEQUENCE:
            sequence = file[start : start + size]
        elif kind == _FRAME:
            frame = file[start : start + size]
        place = start + size
    if not sequence or not frame:
        raise ValueError("The encoder did not make a single frame.")
    return sequence, frame


def _sequence_header(choices: int, height: int, width: int) -> bytes:
    """As libaom writes it (specification, 5.5), for pictures up to `LARGEST_SIDE`."""
    across, down = (width - 1).bit_length() or 1, (height - 1).bit_length() or 1
    bits = _PROFILE + f"{_level(height, width):05b}{across - 1:04b}{down - 1:04b}"
    bits += f"{width - 1:0{across}b}{height - 1:0{down}b}"
    bits += f"{choices:0{_CHOICES}b}" + _COLOUR + _NO_GRAIN + "1"
    bits += "0" * (-len(bits) % 8)
    return int(bits, 2).to_bytes(len(bits) // 8, "big")


def _largest(sequence: bytes) -> tuple[int, int]:
    """The largest height and width that a sequence header allows (specification, 5.5.1)."""
    bits, place = "".join(f"{byte:08b}" for byte in sequence) + "0" * 64, 4

    def number(count: int) -> int:
        nonlocal place
        place += count
        return int("0" + bits[place - count : place], 2)

    if number(1):  # the reduced header of a still picture
        number(5)
    else:
        if number(1):
            raise NotAV1("A still picture has no timing.")
        delays = number(1)
        for _ in range(number(5) + 1):
            number(12)
            if number(5) > 7:
                number(1)
            if delays and number(1):
                number(4)
    across, down = number(4) + 1, number(4) + 1
    width, height = number(across) + 1, number(down) + 1
    return height, width


def _level(height: int, width: int) -> int:
    """The lowest level (specification, A.3) that allows such a picture."""
    limits = ((2048, 1152, 147_456), (2816, 1584, 278_784), (4352, 2448, 665_856))
    for index, (most_width, most_height, most) in enumerate(limits):
        if width <= most_width and height <= most_height and width * height <= most:
            return (0, 1, 4)[index]
    return 5


def _leb128(number: int) -> bytes:
    """A number in groups of seven bits (specification, 4.10.5)."""
    result = bytearray()
    while number > 0x7F:
        result.append(number & 0x7F | 0x80)
        number >>= 7
    return bytes(result) + bytes([number])


def _read_leb128(data: bytes, place: int) -> tuple[int, int]:
    """The number at a place, and the place behind it."""
    number = shift = 0
    while True:
        number |= (data[place] & 0x7F) << shift
        shift += 7
        place += 1
        if not data[place - 1] & 0x80:
            return number, place


def _box(kind: bytes, *content: bytes) -> bytes:
    body = b"".join(content)
    return struct.pack(">I4s", 8 + len(body), kind) + body


def _boxes(stream: bytes, height: int, width: int) -> bytes:
    """An AVIF file (ISO/IEC 23000-22) of one stream."""
    full = b"\0\0\0\0"
    head = _box(b"ftyp", b"avif", full, b"avifmif1miaf")
    properties = _box(
        b"ipco",
        _box(b"ispe", full, struct.pack(">II", width, height)),
        _box(b"pixi", full, b"\3\x08\x08\x08"),
        _box(b"av1C", b"\x81\x20\x00\x00"),
        _box(b"colr", b"nclx", struct.pack(">HHHB", 1, 13, 6, 0x80)),
    )
    association = _box(b"ipma", full, struct.pack(">IHB4B", 1, 1, 4, 1, 2, 0x83, 4))

    def meta(offset: int) -> bytes:
        place = struct.pack(">BBHHHHII", 0x44, 0, 1, 1, 0, 1, offset, len(stream))
        return _box(
            b"meta",
            full,
            _box(b"hdlr", full, full, b"pict", bytes(13)),
            _box(b"pitm", full, b"\0\1"),
            _box(b"iloc", full, place),
            _box(b"iinf", full, b"\0\1", _box(b"infe", b"\2\0\0\0\0\1\0\0av01\0")),
            _box(b"iprp", properties, association),
        )

    offset = len(head) + len(meta(0)) + 8
    return head + meta(offset) + _box(b"mdat", stream)
