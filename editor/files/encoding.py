"""From a `Picture` to the bytes of a file."""

from __future__ import annotations

import io
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Literal

import numpy as np
from numpy.typing import NDArray
from PIL import Image

from editor.files import exif, formats, xmp, xmp_tree
from editor.files.file_format import FileContents, FileFormat
from editor.files.picture import Metadata, Picture, PictureError
from editor.files.texts import COMMENT, as_comments
from editor.messages import Message, message, one_of

_THUMBNAIL_EDGE = 160  # EXIF 2.32, 4.5.7: the usual thumbnail is 160 x 120


@dataclass(frozen=True)
class ExportFormat:
    """A file format and its settings.

    Attributes:
        kind: one of `formats.WRITTEN`.
        quality: of JPEG, 1..100, the scale of libjpeg.
        subsampling: of the colour in JPEG: "444" none, "420" half in both directions.
        outliving: whether the original is also to come back from smaller and compressed copies.

    Raises:
        ValueError: for settings out of range.
    """

    kind: str
    quality: int = 95
    subsampling: Literal["444", "420"] = "444"
    outliving: bool = True

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
    copy: bytes | None = None,
) -> bytes:
    """The bytes of a file of this picture.

    EXIF (with a renewed thumbnail where it had one), XMP, IPTC, comments, texts, ICC profile and
    resolution are written unless `keep_metadata` is false: then only the ICC profile, without
    which the colours would be wrong, and the recipe if one is passed. What a format cannot hold
    is left out: `left_out` tells.

    Args:
        picture: what to write; pixels and alpha are written as they are.
        fmt: the format and its settings.
        keep_metadata: whether to write what the original file said about itself.
        recipe: a JSON string to keep in the file's XMP (`read_recipe`).
        copy: an exact copy of the original, packed (`exact_copy`).
        jpeg: a JPEG file of this picture, without metadata, whose coefficients are to be kept.

    Raises:
        PictureError: when the format cannot hold a picture of this size, or memory is short.
        ValueError: for a recipe that is not JSON (it has raw control characters).
    """
    _check_size(picture, fmt.file_format)
    if not fmt.file_format.has_alpha:
        picture = over_white(picture)
    block, packet, dpi = None, None, None
    if keep_metadata:
        meta = picture.metadata
        block = _exif_for(picture, fmt.file_format)
        found = xmp.packet(meta.xmp)
        found = xmp.with_size(xmp.upright(found), *picture.size) if found else None
        packet, dpi = xmp.with_recipe(found, None), meta.dpi
    packet = _xmp_for(packet, recipe, fmt.file_format)
    told = picture.metadata if keep_metadata else Metadata()
    contents = FileContents(
        pixels=picture.pixels,
        alpha=picture.alpha,
        exif=block,
        xmp=packet,
        icc=picture.metadata.icc,
        dpi=dpi,
        quality=fmt.quality,
        subsampling=fmt.subsampling,
        aspect=told.aspect,
        iptc=told.iptc,
        comments=told.comments,
        texts=told.texts,
        jpeg=jpeg,
        copy=copy,
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


def over_white(picture: Picture) -> Picture:
    """The picture as it shows on white, without transparency; as it is where it has none."""
    if picture.alpha is None:
        return picture
    shown = picture.with_pixels(laid_on_white(picture.pixels, picture.alpha))
    return replace(shown, alpha=None)


def laid_on_white(pixels: NDArray[np.uint8], alpha: NDArray[np.uint8]) -> NDArray[np.uint8]:
    """H x W x 3 and H x W uint8, 255 opaque: the colours that show on white."""
    result = pixels.copy()
    for channel in range(3):
        seen = (
            pixels[..., channel].astype(np.uint16) * alpha + (255 - alpha.astype(np.uint16)) * 255
        )
        result[..., channel] = (seen + 127) // 255
    return result


def left_out(
    picture: Picture, fmt: ExportFormat, *, keep_metadata: bool = True
) -> tuple[Message, ...]:
    """What a file of this picture in this format does not hold of it, one note each."""
    form, meta = fmt.file_format, picture.metadata
    name, notes = form.name, []
    if picture.alpha is not None and not form.has_alpha:
        notes.append(message("transparency-left-out", format=name))
    if not keep_metadata:
        return tuple(notes)
    if exif.tiff_block(meta.exif) is not None and _exif_for(picture, form) is None:
        notes.append(message("exif-too-long", format=name))
    packet = xmp.packet(meta.xmp)
    if packet and _fitting(packet, form) is None:
        notes.append(message("xmp-too-long", format=name))
    if meta.iptc and not form.has_iptc:
        notes.append(message("iptc-left-out", format=name))
    if as_comments(meta.comments, meta.texts) and not form.has_comments:
        notes.append(message("comments-left-out", format=name))
    if any(key != COMMENT for key, _ in meta.texts) and not form.has_texts:
        notes.append(message("texts-left-out", format=name))
    return tuple(notes)


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
    meta, most = picture.metadata, fmt.most_exif
    block, thumbnail = exif.tiff_block(meta.exif), False
    if block is not None:
        block = exif.with_size(exif.upright(block), *picture.size)
        thumbnail = exif.has_thumbnail(block) and fmt.thumbnails
        block = exif.with_thumbnail(block, None) if exif.has_thumbnail(block) else block
    resolution = meta.dpi or meta.aspect
    if fmt.resolution_in_exif and resolution is not None:
        unit = exif.INCH if meta.dpi else exif.NO_UNIT
        block = exif.with_resolution(block, resolution[0], resolution[1], unit)
    if block is None:
        return None
    if thumbnail:
        whole = exif.with_thumbnail(block, _thumbnail(picture))
        if most is None or len(whole) <= most:
            return whole
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
    candidates = (xmp.with_recipe(packet, recipe), packet, xmp.with_recipe(None, recipe))
    fitting = (_fitting(candidate, fmt) for candidate in candidates if candidate)
    return next((found for found in fitting if found), None)


def _fitting(packet: bytes, fmt: FileFormat) -> bytes | None:
    """The packet, if need be without its padding; None where it is too long all the same."""
    if fmt.most_xmp is None or len(packet) <= fmt.most_xmp:
        return packet
    packet = xmp.without_padding(packet)
    try:
        xmp_tree.split(packet, fmt.most_xmp)
    except (xmp_tree.NotXml, RecursionError):
        return None
    return packet
