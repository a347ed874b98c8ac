"""JPEG."""

from __future__ import annotations

from dataclasses import replace

from editor.files import exif
from editor.files.file_format import FileContents, FileFormat

_MARKER = 65_533  # bytes that fit into one marker segment
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
    from editor.files.written import pillow

    settings = pillow.usual_settings(contents)
    settings |= {"quality": contents.quality, "subsampling": _SUBSAMPLING[contents.subsampling]}
    if contents.dpi:
        settings["dpi"] = contents.dpi
    if contents.xmp:
        settings["xmp"] = contents.xmp
    return pillow.saved(pillow.image_of(contents), "jpeg", settings)


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
    most_xmp=_MARKER - len(b"http://ns.adobe.com/xap/1.0/\0"),
)
