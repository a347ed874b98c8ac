"""The file formats of pictures: the one list of those that are opened and those that are written.

A format that exports are written in is a file in `editor.files.written` and a line here.
"""

from __future__ import annotations

from pathlib import PurePath

from editor.files.file_format import FileFormat
from editor.files.written import jpeg, png, tiff, webp

WRITTEN: dict[str, FileFormat] = {
    module.FORMAT.kind: module.FORMAT for module in (png, jpeg, webp, tiff)
}
"""Those that exports are written in, by kind, in the order in which they are offered."""

OPENED = (
    FileFormat("bmp", "BMP", (".bmp",), ("BMP",), ((0, b"BM"),)),
    FileFormat("gif", "GIF", (".gif",), ("GIF",), ((0, b"GIF8"),)),
    FileFormat(
        "heif",
        "HEIC",
        (".heic", ".heif"),
        ("HEIF",),
        ((4, b"ftypheic"), (4, b"ftypheix"), (4, b"ftypmif1")),
    ),
    FileFormat("avif", "AVIF", (".avif",), ("AVIF",), ((4, b"ftypavif"),)),
)
"""Those that are opened, and never written."""

FORMATS = tuple(sorted((*WRITTEN.values(), *OPENED), key=lambda fmt: fmt.lossless))
"""All that can be opened; what cameras write comes first."""

PNG, JPEG, TIFF, WEBP = png.FORMAT, jpeg.FORMAT, tiff.FORMAT, webp.FORMAT

LOSSLESS = tuple(fmt for fmt in WRITTEN.values() if fmt.lossless)
"""Those written formats from which every sample comes back."""

LOSSY = tuple(fmt for fmt in WRITTEN.values() if not fmt.lossless)
"""The other written formats."""

SUFFIXES = frozenset(suffix for fmt in FORMATS for suffix in fmt.suffixes)
"""What the names of pictures end in, in lower case."""


def written_format(path: str | PurePath) -> FileFormat | None:
    """The format that the name of an export asks for; None where it asks for none of them."""
    suffix = PurePath(path).suffix.lower()
    return next((fmt for fmt in WRITTEN.values() if suffix in fmt.suffixes), None)
