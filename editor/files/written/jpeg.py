"""JPEG."""

from __future__ import annotations

from editor.files import exif
from editor.files.file_format import FileContents, FileFormat

_MARKER = 65_533  # bytes that fit into one marker segment
_SUBSAMPLING = {"444": 0, "420": 2}  # Pillow's numbers


def write(contents: FileContents) -> bytes:
    """The bytes of a JPEG file."""
    from editor.files.written import pillow

    settings = pillow.usual_settings(contents)
    settings |= {"quality": contents.quality, "subsampling": _SUBSAMPLING[contents.subsampling]}
    if contents.dpi:
        settings["dpi"] = contents.dpi
    if contents.xmp:
        settings["xmp"] = contents.xmp
    return pillow.saved(pillow.image_of(contents), "jpeg", settings)


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
