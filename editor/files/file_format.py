"""What is known of a file format of pictures."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray


@dataclass(frozen=True, eq=False)
class FileContents:
    """What goes into a file.

    Attributes:
        pixels: H x W x 3 RGB uint8.
        alpha: H x W uint8; None for a picture without transparency.
        exif: a TIFF block, see `editor.files.exif`.
        xmp, icc: XMP packet and ICC profile. All three as far as the format holds them.
        dpi, aspect, iptc, comments, texts: as in `editor.files.picture.Metadata`.
        quality: of a format with losses, 1..100, the scale of libjpeg.
        subsampling: of the chroma in such a format.
        jpeg: the bytes of a JPEG file of these pixels without any metadata, where there is one:
            its coefficients are kept as they are.
        copy: an exact copy of the original, packed.
    """

    pixels: NDArray[np.uint8]
    alpha: NDArray[np.uint8] | None
    exif: bytes | None
    xmp: bytes | None
    icc: bytes | None
    dpi: tuple[float, float] | None
    quality: int
    subsampling: Literal["444", "420"]
    aspect: tuple[int, int] | None = None
    iptc: bytes | None = None
    comments: tuple[bytes, ...] = ()
    texts: tuple[tuple[str, str], ...] = ()
    jpeg: bytes | None = None
    copy: bytes | None = None


@dataclass(frozen=True)
class FileFormat:
    """A file format of pictures.

    Attributes:
        kind: its name in settings and in code.
        name: its name for people.
        suffixes: what names of such files end in, lower case; the first is used for new files.
        decoders: what Pillow calls it; the first is `Picture.format`.
        signatures: how such a file begins: position and bytes, any one of them.
        write: the bytes of a file; None for a format that is only opened. May raise OSError,
            ValueError and OverflowError.
        summary: what an export in it is good for, in a few words; empty where it is only opened.
        lossless: whether every sample comes back from an export.
        has_alpha: whether an export keeps transparency.
        longest_edge: the most pixels in a row or column; None: more than can be opened.
        most_exif, most_xmp: the most bytes of each; None: more than there ever are. Longer XMP is
            split.
        thumbnails: whether EXIF may hold one.
        resolution_in_exif: whether it has no other place for it.
        has_iptc, has_comments, has_texts: whether it holds those.
    """

    kind: str
    name: str
    suffixes: tuple[str, ...]
    decoders: tuple[str, ...]
    signatures: tuple[tuple[int, bytes], ...]
    write: Callable[[FileContents], bytes] | None = None
    summary: str = ""
    lossless: bool = True
    has_alpha: bool = True
    longest_edge: int | None = None
    most_exif: int | None = None
    most_xmp: int | None = None
    thumbnails: bool = True
    resolution_in_exif: bool = False
    has_iptc: bool = True
    has_comments: bool = False
    has_texts: bool = False

    @property
    def suffix(self) -> str:
        """The suffix of new files."""
        return self.suffixes[0]

    @property
    def patterns(self) -> str:
        """What a file dialog is to show, such as `*.tif *.tiff`."""
        return " ".join(f"*{suffix}" for suffix in self.suffixes)

    def begins(self, data: bytes) -> bool:
        """Whether the data begin as files of this format do."""
        return any(data.startswith(mark, at) for at, mark in self.signatures)
