"""The file formats of pictures: the one table of what they are called and what they can hold."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import PurePath


@dataclass(frozen=True)
class FileFormat:
    """A file format of pictures.

    Attributes:
        kind: its name in settings and in code.
        name: its name for people.
        suffixes: what names of such files end in, lower case; the first is what we give them.
        decoders: what Pillow calls it; the first is `Picture.format`.
        signatures: how such a file begins: position and bytes, any one of them.
        lossless: whether every sample comes back from an export.
        has_alpha: whether an export keeps transparency.
        longest_edge: the most pixels in a row or column; None: more than can be opened.
    """

    kind: str
    name: str
    suffixes: tuple[str, ...]
    decoders: tuple[str, ...]
    signatures: tuple[tuple[int, bytes], ...]
    lossless: bool = True
    has_alpha: bool = True
    longest_edge: int | None = None

    @property
    def suffix(self) -> str:
        """What we let the names of such files end in."""
        return self.suffixes[0]

    @property
    def patterns(self) -> str:
        """What a file dialog is to show, such as “*.tif *.tiff”."""
        return " ".join(f"*{suffix}" for suffix in self.suffixes)

    def begins(self, data: bytes) -> bool:
        """Whether the data begin as files of this format do."""
        return any(data.startswith(mark, at) for at, mark in self.signatures)


PNG = FileFormat("png", "PNG", (".png",), ("PNG",), ((0, b"\x89PNG"),))
JPEG = FileFormat(
    "jpeg",
    "JPEG",
    (".jpg", ".jpeg", ".jpe", ".jfif"),
    ("JPEG", "MPO"),
    ((0, b"\xff\xd8\xff"),),
    lossless=False,
    has_alpha=False,
    longest_edge=65_500,  # libjpeg's limit
)
WEBP = FileFormat(
    "webp",
    "WebP",
    (".webp",),
    ("WEBP",),
    ((8, b"WEBP"),),
    longest_edge=16_383,  # a 14-bit field
)
TIFF = FileFormat("tiff", "TIFF", (".tif", ".tiff"), ("TIFF",), ((0, b"II*\0"), (0, b"MM\0*")))
BMP = FileFormat("bmp", "BMP", (".bmp",), ("BMP",), ((0, b"BM"),))
GIF = FileFormat("gif", "GIF", (".gif",), ("GIF",), ((0, b"GIF8"),))
HEIF = FileFormat(
    "heif",
    "HEIC",
    (".heic", ".heif"),
    ("HEIF",),
    ((4, b"ftypheic"), (4, b"ftypheix"), (4, b"ftypmif1")),
)
AVIF = FileFormat("avif", "AVIF", (".avif",), ("AVIF",), ((4, b"ftypavif"),))

FORMATS = (JPEG, PNG, WEBP, TIFF, BMP, GIF, HEIF, AVIF)
"""All that can be opened."""

WRITTEN = {fmt.kind: fmt for fmt in (PNG, JPEG, WEBP, TIFF)}
"""Those that exports are written in, by kind, in the order in which they are offered."""

LOSSLESS = tuple(fmt for fmt in WRITTEN.values() if fmt.lossless)
"""Those of them from which every sample comes back."""

SUFFIXES = frozenset(suffix for fmt in FORMATS for suffix in fmt.suffixes)
"""What the names of pictures end in, in lower case."""


def written_format(path: str | PurePath) -> FileFormat | None:
    """The format that the name of an export asks for; None where it asks for none of them."""
    suffix = PurePath(path).suffix.lower()
    return next((fmt for fmt in WRITTEN.values() if suffix in fmt.suffixes), None)
