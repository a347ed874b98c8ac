"""Small pictures, EXIF blocks and colour profiles, made by hand so that every byte is known."""

from __future__ import annotations

import struct

import numpy as np
from numpy.typing import NDArray

MAKER_NOTE = b"Nikon\0" + bytes(range(200)) + b"\x37\x13 offsets that count from the block's start"
USER_COMMENT = b"ASCII\0\0\0Amrum, ebb tide"


def photo(height: int = 37, width: int = 53, seed: int = 0) -> NDArray[np.uint8]:
    """H x W x 3: a smooth gradient with noise and a bright corner, so that no turn maps it on
    itself."""
    y, x = np.mgrid[:height, :width]
    ramp = np.stack([255 * x / width, 255 * y / height, 128 + 100 * np.sin(x / 9)], axis=2)
    noise = np.random.default_rng(seed).normal(0, 4, ramp.shape)
    picture = np.clip(ramp + noise, 0, 255).astype(np.uint8)
    picture[: height // 4, : width // 4] = 250
    return picture


def exif_block(orientation: int = 1, order: str = "<", thumbnail: bytes | None = None) -> bytes:
    """An EXIF block: Make, Orientation, Exif directory with a MakerNote at a known place, IFD1."""
    head = (b"II*\0" if order == "<" else b"MM\0*") + struct.pack(order + "I", 8)
    inner_at = 8 + 2 + 3 * 12 + 4
    data_at = inner_at + 2 + 4 * 12 + 4
    note_at = data_at + 8
    comment_at = note_at + len(MAKER_NOTE)
    ifd1_at = comment_at + len(USER_COMMENT)
    ifd1_at += ifd1_at % 2

    def entry(tag: int, kind: int, count: int, value: int) -> bytes:
        inline = struct.pack(order + ("HH" if kind == 3 else "I"), *([value, 0][: 1 + (kind == 3)]))
        return struct.pack(order + "HHI", tag, kind, count) + inline

    ifd0 = struct.pack(order + "H", 3) + entry(0x010F, 2, 6, data_at)
    ifd0 += entry(0x0112, 3, 1, orientation) + entry(0x8769, 4, 1, inner_at)
    ifd0 += struct.pack(order + "I", ifd1_at if thumbnail else 0)
    inner = struct.pack(order + "H", 4) + entry(0x927C, 7, len(MAKER_NOTE), note_at)
    inner += entry(0x9286, 7, len(USER_COMMENT), comment_at)
    inner += entry(0xA002, 4, 1, 4000) + entry(0xA003, 3, 1, 3000) + struct.pack(order + "I", 0)
    block = head + ifd0 + inner + b"Nikon\0\0\0" + MAKER_NOTE + USER_COMMENT
    if thumbnail is None:
        return block
    block += bytes(ifd1_at - len(block)) + struct.pack(order + "H", 2)
    block += entry(0x0201, 4, 1, ifd1_at + 30) + entry(0x0202, 4, 1, len(thumbnail))
    return block + struct.pack(order + "I", 0) + thumbnail


def _profile(space: bytes, pcs: bytes, kind: bytes, tags: dict[bytes, bytes]) -> bytes:
    """An ICC profile, version 2.1 (ICC.1:2001-04, sections 6.1 to 6.3)."""
    table, body, at = struct.pack(">I", len(tags)), b"", 128 + 4 + 12 * len(tags)
    for signature, content in tags.items():
        table += signature + struct.pack(">II", at + len(body), len(content))
        body += content + bytes(-len(content) % 4)
    head = struct.pack(">I4sI4s4s4s", at + len(body), b"\0" * 4, 0x02100000, kind, space, pcs)
    head += struct.pack(">6H4s", 2024, 1, 1, 0, 0, 0, b"acsp") + bytes(28)
    head += struct.pack(">3I", 0xF6D6, 0x10000, 0xD32D)
    return head + bytes(128 - len(head)) + table + body


def _text(words: bytes) -> bytes:
    return b"desc\0\0\0\0" + struct.pack(">I", len(words) + 1) + words + b"\0" + bytes(78)


def _xyz(*values: float) -> bytes:
    return b"XYZ \0\0\0\0" + b"".join(struct.pack(">i", round(v * 65536)) for v in values)


def _gamma(value: float) -> bytes:
    return b"curv\0\0\0\0" + struct.pack(">IH", 1, round(value * 256))


def display_p3() -> bytes:
    """A wide-gamut RGB profile: the primaries of Display P3, adapted to D50, gamma 2.2."""
    tags = {b"desc": _text(b"P3"), b"wtpt": _xyz(0.9642, 1.0, 0.8249)}
    tags |= {b"rXYZ": _xyz(0.5151, 0.2412, -0.0011), b"gXYZ": _xyz(0.2920, 0.6922, 0.0419)}
    tags |= {b"bXYZ": _xyz(0.1571, 0.0666, 0.7841)}
    tags |= {b"rTRC": _gamma(2.2), b"gTRC": _gamma(2.2), b"bTRC": _gamma(2.2)}
    return _profile(b"RGB ", b"XYZ ", b"mntr", tags)


def grey_gamma(gamma: float) -> bytes:
    """A grey profile with a pure power curve."""
    tags = {b"desc": _text(b"Grey"), b"wtpt": _xyz(0.9642, 1.0, 0.8249), b"kTRC": _gamma(gamma)}
    return _profile(b"GRAY", b"XYZ ", b"prtr", tags)


def swapped_cmyk() -> bytes:
    """A CMYK profile of an unlikely press: its cyan ink prints black, the others nothing.

    So a conversion that goes through it cannot be mistaken for one that does not.
    """
    straight = bytes(range(256))
    clut = b"".join(bytes([0 if corner & 8 else 255, 128, 128]) for corner in range(16))
    identity = struct.pack(">9i", *(65536 * (i % 4 == 0) for i in range(9)))
    lut = b"mft1\0\0\0\0" + bytes([4, 3, 2, 0]) + identity + straight * 4 + clut + straight * 3
    tags = {b"desc": _text(b"CMYK"), b"wtpt": _xyz(0.9642, 1.0, 0.8249)}
    tags |= {b"A2B0": lut, b"A2B1": lut}
    return _profile(b"CMYK", b"Lab ", b"prtr", tags)
