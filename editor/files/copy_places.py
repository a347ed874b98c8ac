"""Where the formats hold an exact copy of the original, see `editor.files.exact_copy`."""

from __future__ import annotations

import struct

IDENTIFIER = b"PentimentoCopy\0"
"""What JPEG segments (APP10) of it begin with."""

PNG_CHUNK = b"ptOC"
"""Ancillary, private; not to be kept by programs that change the pixels (PNG 3rd edition, 5.4)."""

TIFF_TAG = 65077
"""Among the reusable private tags, 65000 to 65535 (TIFF 6.0, section 8)."""

_WEBP_CHUNK = b"PTOC"
_MARKER_APP10 = 0xEA
_MOST = 65_533 - len(IDENTIFIER) - 4


def jpeg_segments(piece: bytes) -> bytes:
    """The piece in as many segments as it takes, numbered."""
    result = bytearray()
    for number, at in enumerate(range(0, len(piece), _MOST)):
        content = IDENTIFIER + number.to_bytes(4, "little") + piece[at : at + _MOST]
        result += struct.pack(">BBH", 0xFF, _MARKER_APP10, 2 + len(content)) + content
    return bytes(result)


def with_webp_chunk(webp: bytes, piece: bytes, width: int, height: int, *, alpha: bool) -> bytes:
    """A WebP file with the piece behind everything else.

    Only files that begin with VP8X may have such chunks (WebP Container Specification).
    """
    body = webp[12:]
    if body[:4] != b"VP8X":
        size = (width - 1).to_bytes(3, "little") + (height - 1).to_bytes(3, "little")
        body = _chunk(b"VP8X", bytes([0x10 if alpha else 0, 0, 0, 0]) + size) + body
    body += _chunk(_WEBP_CHUNK, piece)
    return b"RIFF" + struct.pack("<I", 4 + len(body)) + b"WEBP" + body


def webp_chunk(webp: bytes) -> bytes | None:
    """The piece in a WebP file; None without one."""
    at = 12
    while at + 8 <= len(webp):
        name, size = struct.unpack_from("<4sI", webp, at)
        if name == _WEBP_CHUNK:
            return webp[at + 8 : at + 8 + size]
        at += 8 + size + size % 2
    return None


def _chunk(name: bytes, content: bytes) -> bytes:
    return name + struct.pack("<I", len(content)) + content + bytes(len(content) % 2)
