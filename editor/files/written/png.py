"""PNG."""

from __future__ import annotations

import struct
import zlib

from editor.files import copy_places
from editor.files.file_format import FileContents, FileFormat
from editor.files.texts import COMMENT, comment_text

LEVEL = 3
"""zlib level. 24 megapixels with sensor noise on one core: level 1 2.2 s and 40.2 MB, 3 3.2 s and
39.0 MB, 6 8.0 s and 34.2 MB."""

_SHORT_TEXT = 1024  # characters, that are not worth compressing
_AFTER_HEADER = 8 + 25  # bytes of the signature and of IHDR


def write(contents: FileContents) -> bytes:
    """The bytes of a PNG file."""
    from PIL import PngImagePlugin

    from editor.files.written import pillow

    settings = pillow.usual_settings(contents) | {"compress_level": LEVEL}
    if contents.dpi:
        settings["dpi"] = contents.dpi
    settings["pnginfo"] = info = PngImagePlugin.PngInfo()
    if contents.xmp:
        info.add_itxt("XML:com.adobe.xmp", contents.xmp.decode("utf-8", "replace"))
    comments = [comment_text(comment) for comment in contents.comments]
    texts = [*contents.texts, *((COMMENT, text) for text in comments)]
    for key, text in dict.fromkeys(texts):
        # Pillow takes iTXt for what is not Latin-1.
        info.add_text(key, text.replace("\0", " "), zip=len(text) > _SHORT_TEXT)
    if contents.iptc:
        info.add_text("Raw profile type iptc", _as_text("iptc", contents.iptc), zip=True)
    if contents.copy:
        info.add(copy_places.PNG_CHUNK, contents.copy, after_idat=True)
    data = pillow.saved(pillow.image_of(contents), "png", settings)
    if contents.aspect and not contents.dpi:
        chunk = _chunk(b"pHYs", struct.pack(">IIB", *contents.aspect, 0))
        data = data[:_AFTER_HEADER] + chunk + data[_AFTER_HEADER:]
    return data


def _as_text(name: str, content: bytes) -> str:
    """Bytes as ImageMagick writes them into text: three lines of heading, then hexadecimal."""
    digits = content.hex()
    lines = [digits[at : at + 72] for at in range(0, len(digits), 72)]
    return "\n".join(["", name, f"{len(content):8}", *lines, ""])


def _chunk(name: bytes, content: bytes) -> bytes:
    """PNG 3rd edition, section 5.3."""
    checked = name + content
    return struct.pack(">I", len(content)) + checked + struct.pack(">I", zlib.crc32(checked))


FORMAT = FileFormat(
    "png",
    "PNG",
    (".png",),
    ("PNG",),
    ((0, b"\x89PNG"),),
    write,
    "lossless, opens everywhere",
    has_comments=True,
    has_texts=True,
)
