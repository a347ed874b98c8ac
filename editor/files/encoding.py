"""From a `Picture` to the bytes of a file."""

from __future__ import annotations

import io
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

import numpy as np
from PIL import Image

from editor.files import exif, formats, xmp
from editor.files.file_format import FileContents, FileFormat
from editor.files.picture import Picture, PictureError
from editor.messages import message, one_of

_THUMBNAIL_EDGE = 160  # EXIF 2.32, 4.5.7: the usual thumbnail is 160 x 120


@dataclass(frozen=True)
class ExportFormat:
    """A file format and its settings.

    Attributes:
        kind: one of `formats.WRITTEN`.
        quality: of JPEG, 1..100, the scale of libjpeg.
        subsampling: of the colour in JPEG: "444" none, "420" half in both directions.

    Raises:
        ValueError: for settings out of range.
    """

    kind: str
    quality: int = 95
    subsampling: Literal["444", "420"] = "444"

    def __post_init__(self) -> None:
        if self.kind not in formats.WRITTEN:
            raise ValueError(f"unknown format {self.kind!r}")
        if not 1 <= self.quality <= 100:
            raise ValueError(f"JPEG quality must be 1 to 100, got {self.quality}")
        if self.subsampling not in ("444", "420"):
            raise ValueError(f"subsampling must be 444 or 420, got {self.subsampling!r}")

    @classmethod
    def for_path(
        cls, path: str | Path, quality: int = 95, subsampling: Literal["444", "420"] = "444"
    ) -> ExportFormat:
        """The format that the extension of a file's name asks for.

        Raises:
            PictureError: for an extension of no format that can be written.
        """
        found = formats.written_format(path)
        if found is None:
            suffixes = one_of([fmt.suffix for fmt in formats.WRITTEN.values()])
            raise PictureError(message("no-format", name=Path(path).name, suffixes=suffixes))
        return cls(found.kind, quality, subsampling)

    @property
    def file_format(self) -> FileFormat:
        """What the format is called and can hold."""
        return formats.WRITTEN[self.kind]

    @property
    def lossless(self) -> bool:
        """Whether the exact pixels come back."""
        return self.file_format.lossless


def encode_picture(
    picture: Picture,
    fmt: ExportFormat,
    *,
    keep_metadata: bool = True,
    recipe: str | None = None,
    jpeg: bytes | None = None,
) -> bytes:
    """The bytes of a file of this picture.

    EXIF (with a renewed thumbnail where it had one), XMP, ICC profile and resolution are written
    unless `keep_metadata` is false: then only the ICC profile, without which the colours would be
    wrong, and the recipe if one is passed. What a format cannot hold is left out: alpha in JPEG;
    in JPEG also EXIF or XMP of more than 64 KB, and the recipe that would make XMP so long.

    Args:
        picture: what to write; pixels and alpha are written as they are.
        fmt: the format and its settings.
        keep_metadata: whether to write what the original file said about itself.
        recipe: a JSON string to keep in the file's XMP (`read_recipe`).
        jpeg: a JPEG file of this picture, without metadata, whose coefficients are to be kept.

    Raises:
        PictureError: when the format cannot hold a picture of this size, or memory is short.
        ValueError: for a recipe that is not JSON (it has raw control characters).
    """
    _check_size(picture, fmt.file_format)
    block, packet, dpi = None, None, None
    if keep_metadata:
        meta = picture.metadata
        block = _exif_for(picture, fmt.file_format)
        found = xmp.packet(meta.xmp)
        packet, dpi = xmp.with_recipe(xmp.upright(found) if found else None, None), meta.dpi
    packet = _xmp_for(packet, recipe, fmt.file_format)
    contents = FileContents(
        pixels=picture.pixels,
        alpha=picture.alpha if fmt.file_format.has_alpha else None,
        exif=block,
        xmp=packet,
        icc=picture.metadata.icc,
        dpi=dpi,
        quality=fmt.quality,
        subsampling=fmt.subsampling,
        jpeg=jpeg,
    )
    write = fmt.file_format.write
    assert write is not None, "exports are only written in formats that can be"
    try:
        return write(contents)
    except MemoryError:
        named = fmt.file_format.name
        raise PictureError(message("no-memory-to-encode", format=named)) from None
    except (OSError, ValueError, OverflowError) as error:
        named = fmt.file_format.name
        raise PictureError(message("not-encoded", format=named)) from error


def _check_size(picture: Picture, fmt: FileFormat) -> None:
    """Raises PictureError for a picture that is too long for a format."""
    length = max(picture.size)
    if fmt.longest_edge is not None and length > fmt.longest_edge:
        others = one_of([f.name for f in formats.WRITTEN.values() if f.longest_edge is None])
        raise PictureError(
            message(
                "too-long-for-format",
                format=fmt.name,
                most=fmt.longest_edge,
                length=length,
                others=others,
            )
        )


def _exif_for(picture: Picture, fmt: FileFormat) -> bytes | None:
    """The EXIF block, made true for these pixels, as far as the format holds it."""
    block = exif.tiff_block(picture.metadata.exif)
    if block is None:
        return None
    block = exif.with_size(exif.upright(block), *picture.size)
    most = fmt.most_exif
    if exif.has_thumbnail(block):
        bare = exif.with_thumbnail(block, None)
        if not fmt.thumbnails:
            return bare
        block = exif.with_thumbnail(block, _thumbnail(picture))
        if most is not None and len(block) > most:
            block = bare
    return block if most is None or len(block) <= most else None


def _thumbnail(picture: Picture) -> bytes:
    """A small JPEG of the pixels (in their own colour space, as cameras do)."""
    step = max(1, max(picture.size) // (4 * _THUMBNAIL_EDGE))  # `thumbnail` need not see all
    small = Image.fromarray(np.ascontiguousarray(picture.pixels[::step, ::step]))
    small.thumbnail((_THUMBNAIL_EDGE, _THUMBNAIL_EDGE), Image.Resampling.LANCZOS)
    target = io.BytesIO()
    small.save(target, "jpeg", quality=80)
    return target.getvalue()


def _xmp_for(packet: bytes | None, recipe: str | None, fmt: FileFormat) -> bytes | None:
    """The packet with the recipe, as far as the format holds them."""
    wanted = xmp.with_recipe(packet, recipe)
    most = fmt.most_xmp
    if most is None:
        return wanted
    candidates = [wanted, xmp.without_padding(wanted) if wanted else None, packet]
    candidates.append(xmp.without_padding(packet) if packet else None)
    candidates.append(xmp.with_recipe(None, recipe))
    return next((c for c in candidates if c and len(c) <= most), None)
