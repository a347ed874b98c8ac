"""TIFF."""

from __future__ import annotations

from editor.files.file_format import FileContents, FileFormat


def write(contents: FileContents) -> bytes:
    """The bytes of a TIFF file."""
    from editor.files.tiff import write_tiff

    return write_tiff(
        contents.pixels,
        contents.alpha,
        block=contents.exif,
        xmp=contents.xmp,
        icc=contents.icc,
        dpi=contents.dpi,
        aspect=contents.aspect,
        iptc=contents.iptc,
        copy=contents.copy,
    )


FORMAT = FileFormat(
    "tiff",
    "TIFF",
    (".tif", ".tiff"),
    ("TIFF",),
    ((0, b"II*\0"), (0, b"MM\0*")),
    write,
    "lossless, for other editors",
    thumbnails=False,  # a second directory would be a second page
)
