"""JPEG."""

from __future__ import annotations

import hashlib
import struct
from dataclasses import replace

from editor.files import exif
from editor.files.file_format import FileContents, FileFormat
from editor.files.texts import as_comments

_MARKER = 65_533  # bytes that fit into one marker segment
_MOST_XMP = _MARKER - len(b"http://ns.adobe.com/xap/1.0/\0")
_EXTENSION = b"http://ns.adobe.com/xmp/extension/\0"
_EXTENSION_PART = 65_000
_START = b"\xff\xd8"
_START_OF_SCAN = 0xDA
_METADATA = {*range(0xE0, 0xF0), 0xFE}  # APP0 to APP15 and comments
_SUBSAMPLING = {"444": 0, "420": 2}  # Pillow's numbers


def write(contents: FileContents) -> bytes:
    """The bytes of a JPEG file."""
    if contents.jpeg is not None:
        return _with_metadata(contents.jpeg, contents)
    return _encoded(contents)


def _encoded(contents: FileContents) -> bytes:
    from editor.files import copy_places, iptc, xmp_tree
    from editor.files.written import pillow

    settings = pillow.usual_settings(contents)
    settings |= {"quality": contents.quality, "subsampling": _SUBSAMPLING[contents.subsampling]}
    if contents.dpi:
        settings["dpi"] = contents.dpi
    extra = b""
    if contents.xmp:
        packet, extension = xmp_tree.split(contents.xmp, _MOST_XMP)
        settings["xmp"] = packet
        extra += b"" if extension is None else _extended_xmp(extension)
    if contents.iptc:
        resources = iptc.in_resources(contents.iptc)
        extra += b"".join(_segments_of(0xED, iptc.RESOURCES, resources))
    for comment in as_comments(contents.comments, contents.texts):
        extra += _segment(0xFE, comment[:_MARKER])
    if contents.copy:
        extra += copy_places.jpeg_segments(contents.copy)
    data = pillow.saved(pillow.image_of(contents), "jpeg", settings | {"extra": extra})
    if contents.aspect and not contents.dpi and data[6:11] == b"JFIF\0":
        data = data[:13] + struct.pack(">BHH", 0, *contents.aspect) + data[18:]
    return data


def _extended_xmp(extension: bytes) -> bytes:
    """The segments of extended XMP (XMP specification part 3, 1.1.3.1)."""
    name = hashlib.md5(extension, usedforsecurity=False).hexdigest().upper().encode()
    segments = b""
    for at in range(0, len(extension), _EXTENSION_PART):
        head = _EXTENSION + name + struct.pack(">II", len(extension), at)
        segments += _segment(0xE1, head + extension[at : at + _EXTENSION_PART])
    return segments


def _segments_of(marker: int, identifier: bytes, content: bytes) -> list[bytes]:
    """Content of any length in as many segments as it takes."""
    most = _MARKER - len(identifier)
    parts = (content[at : at + most] for at in range(0, len(content), most))
    return [_segment(marker, identifier + part) for part in parts]


def _segment(marker: int, content: bytes) -> bytes:
    return struct.pack(">BBH", 0xFF, marker, 2 + len(content)) + content


def _with_metadata(jpeg: bytes, contents: FileContents) -> bytes:
    """A JPEG file with the segments of metadata that Pillow writes for these contents."""
    one_pixel = replace(contents, pixels=contents.pixels[:1, :1])
    metadata = [s for s in _segments(_encoded(one_pixel)) if s[1] in _METADATA]
    bare = [s for s in _segments(jpeg) if s[1] not in _METADATA]
    start = len(_START) + sum(map(len, _segments(jpeg)))
    return b"".join([_START, *metadata, *bare, jpeg[start:]])


def _segments(jpeg: bytes) -> list[bytes]:
    """The marker segments before the first scan (ITU-T T.81, B.1.1.4)."""
    result, at = [], len(_START)
    while jpeg[at + 1] != _START_OF_SCAN:
        size = 2 + int.from_bytes(jpeg[at + 2 : at + 4], "big")
        result.append(jpeg[at : at + size])
        at += size
    return result


FORMAT = FileFormat(
    "jpeg",
    "JPEG",
    (".jpg", ".jpeg", ".jpe", ".jfif"),
    ("JPEG", "MPO"),
    ((0, b"\xff\xd8\xff"),),
    write,
    "small, for sending and sharing",
    lossless=False,
    has_alpha=False,
    longest_edge=65_500,  # libjpeg's limit
    most_exif=_MARKER - len(exif.PREFIX),
    most_xmp=_MOST_XMP,
    has_comments=True,
)
