"""From the bytes of a file to a `Picture`."""

from __future__ import annotations

import contextlib
import io
import os
import threading
import warnings
from collections.abc import Iterator
from dataclasses import replace

import pi_heif
from PIL import Image, UnidentifiedImageError

from editor.files import exact_copy, exif, formats, iptc, tiff_pages, xmp_tree
from editor.files.colour_tags import named_space
from editor.files.metadata import orientation_before, read_metadata
from editor.files.picture import MAX_PIXELS, JpegFile, Picture, PictureError
from editor.files.pixels import read_pixels
from editor.files.turns import TURNS
from editor.messages import Message, MessageError, all_of, message

MAX_SCANS = 100
"""The most passes over its pixels that a JPEG may have; programs write a few dozen. Each takes
a few hundred bytes and, with 200 megapixels, 0.14 s."""

_DECODERS = [name for fmt in formats.FORMATS for name in fmt.decoders]

# Pillow refuses by itself from twice this number on, already while it reads a header.
Image.MAX_IMAGE_PIXELS = MAX_PIXELS
pi_heif.register_heif_opener()
Image.init()

_TAG_NEW_SUBFILE_TYPE, _TAG_SUB_IFDS, _TAG_DNG_VERSION = 254, 330, 50706


class _Damaged(MessageError):
    """What we found wrong with a file that a decoder would go on with."""


def decode_picture(data: bytes, name: str | Message = "") -> Picture:
    """The picture in the bytes of a file of any of the formats, told by content.

    Args:
        data: the whole file.
        name: what to call it in messages; empty: the picture.

    Raises:
        PictureError: for anything that is not a whole, readable picture.
    """
    name = name or message("unnamed")
    if not data:
        raise PictureError(message("empty-file", name=name))
    # Pillow warns on stderr of what is either an error here or a note. Not `catch_warnings`:
    # it is not thread-safe, and this also runs in workers. Adding the filter again is harmless.
    warnings.filterwarnings("ignore", module=r"PIL\.")
    why = message("header-makes-no-sense")
    try:
        with _header(data, name) as image:
            why = message("pixels-make-no-sense")
            return _decoded(image, data)
    except PictureError:
        raise
    except MemoryError:
        raise PictureError(message("no-memory-to-open", name=name)) from None
    # On damaged bytes a decoder may raise anything. (`Cancelled` is no `Exception`.)
    except Exception as error:
        if isinstance(error, _Damaged):
            why = error.message
        elif _ends_early(data):
            why = message("cut-off")
        raise PictureError(message("damaged-file", name=name, why=why)) from error


def _header(data: bytes, name: str | Message) -> Image.Image:
    """The picture opened, its size and kind checked, nothing decoded."""
    too_large = message("too-many-pixels", name=name, megapixels=MAX_PIXELS // 1_000_000)
    try:
        image = _opened(data)
    except Image.DecompressionBombError:
        raise PictureError(too_large) from None
    except UnidentifiedImageError:
        if any(fmt.begins(data) for fmt in formats.FORMATS):
            raise
        kinds = all_of([fmt.name for fmt in formats.FORMATS])
        raise PictureError(message("unknown-kind", name=name, kinds=kinds)) from None
    raw = _is_raw(image, data)  # which its first page tells
    if image.format == "TIFF":
        tiff_pages.choose(image)
    width, height = image.size
    if width * height > MAX_PIXELS:
        raise PictureError(too_large)
    if width < 1 or height < 1:
        raise PictureError(message("no-pixels", name=name, width=width, height=height))
    if raw:
        raise PictureError(message("camera-raw", name=name))
    if formats.TIFF.begins(data) and not exif.tiff_block(data):
        raise _Damaged(message("directory-cut-off"))  # Pillow goes on with half of it
    if image.format in formats.JPEG.decoders:
        if _has_blank_end(data):
            raise _Damaged(message("blank-end"))
        if data.count(b"\xff\xda") > MAX_SCANS:  # a scan's own data never have these two bytes
            raise _Damaged(message("too-many-scans", most=MAX_SCANS))
    if image.mode == "F" or (image.mode == "I" and image.format != "PNG"):
        raise PictureError(message("too-many-bits", name=name, bits=32))
    return image


def _opened(data: bytes) -> Image.Image:
    """The picture opened; a JPEG also where its IPTC metadata are cut off, which Pillow refuses."""
    decoders = [name for name in _DECODERS if name in Image.OPEN]
    try:
        return Image.open(io.BytesIO(data), formats=decoders)
    except UnidentifiedImageError:
        if not formats.JPEG.begins(data) or iptc.RESOURCES not in data:
            raise
        hidden = data.replace(iptc.RESOURCES, iptc.DAMAGED_RESOURCES)
        return Image.open(io.BytesIO(hidden), formats=decoders)


def _has_blank_end(data: bytes) -> bool:
    """Whether a JPEG ends in zeros instead of an end-of-image marker: a download that broke off.

    libjpeg would make the missing rows grey, and say nothing that Pillow passes on.
    """
    return data.endswith(bytes(64)) and not _has_jpeg_end(data)


def _has_jpeg_end(data: bytes) -> bool:
    """Whether an end-of-image marker follows the first scan of a JPEG."""
    at = 2
    while data[at : at + 1] == b"\xff" and data[at + 1 : at + 2] != b"\xda":
        at += 2 + int.from_bytes(data[at + 2 : at + 4], "big")
    return data.find(b"\xff\xd9", at) >= 0


def _ends_early(data: bytes) -> bool:
    """Whether data that cannot be decoded lack their end, as far as that shows."""
    if formats.JPEG.begins(data):
        return not _has_jpeg_end(data)
    if formats.PNG.begins(data):
        return b"IEND" not in data
    if formats.WEBP.begins(data):
        return len(data) < 8 + int.from_bytes(data[4:8], "little")
    return False


def _is_raw(image: Image.Image, data: bytes) -> bool:
    """Whether a TIFF is a RAW file, of which Pillow would show the small preview only."""
    if image.format != "TIFF":
        return False
    tags = image.tag_v2  # type: ignore[attr-defined]
    reduced = bool(tags.get(_TAG_NEW_SUBFILE_TYPE, 0) & 1) and _TAG_SUB_IFDS in tags
    return data[8:10] == b"CR" or _TAG_DNG_VERSION in tags or reduced


def _decoded(image: Image.Image, data: bytes) -> Picture:
    kind = image.format or ""
    notes: list[Message] = []
    stored = orientation_before(image)
    with _without_libtiffs_words() if kind == "TIFF" else contextlib.nullcontext():
        image.load()  # also reads the metadata that follows the pixels, and finds what is truncated
    read = read_metadata(image, data, kind, notes, stored)
    metadata = read.metadata
    space = named_space(image, data, kind, metadata.exif)
    rgb, alpha, icc = read_pixels(image, data, space, notes)
    if icc is None and metadata.exif is not None and exif.is_adobe_rgb(metadata.exif):
        metadata = replace(metadata, exif=exif.as_srgb(metadata.exif))
    notes += [_BESIDE[what] for what in sorted(read.beside)]
    if not (kind == "MPO" and read.beside):
        notes += _frames_note(image, kind)
    if (turn := TURNS.get(read.orientation)) is not None:
        rgb = turn.pixels(rgb)
        alpha = turn.pixels(alpha) if alpha is not None else None
    kept = replace(metadata, icc=icc)
    piece = exact_copy.piece_in(image, data, kind)
    jpeg = None
    if kind in formats.JPEG.decoders:
        kind, jpeg = formats.JPEG.decoders[0], JpegFile(data, read.orientation)
    copy = None if piece is None else exact_copy.unpacked(piece)
    return Picture(
        rgb,
        alpha,
        kept,
        tuple(notes),
        format=kind,
        jpeg=jpeg,
        file_digest=exact_copy.digest_of(data),
        copy=copy,
        copy_damaged=piece is not None and copy is None,
    )


_BESIDE = {
    xmp_tree.GAIN_MAP: message("gain-map-left-out"),
    xmp_tree.MOTION: message("motion-left-out"),
    xmp_tree.DEPTH: message("depth-left-out"),
}


_libtiff = threading.Lock()


@contextlib.contextmanager
def _without_libtiffs_words() -> Iterator[None]:
    """Let nothing appear on standard error that libtiff prints there, past Python.

    It becomes an error with a message of ours. Only one thread at a time can do this.
    """
    with _libtiff, open(os.devnull, "wb") as nothing:
        try:
            kept = os.dup(2)
        except OSError:  # a program without a terminal may have no standard error
            yield
            return
        try:
            os.dup2(nothing.fileno(), 2)
            yield
        finally:
            os.dup2(kept, 2)
            os.close(kept)


def _frames_note(image: Image.Image, kind: str) -> list[Message]:
    try:
        if not getattr(image, "is_animated", False):
            return []
    except Exception:  # a damaged second frame says nothing about the first
        return []
    if kind == "TIFF" and not tiff_pages.has_others(image):
        return []
    if kind in ("MPO", "TIFF", "HEIF"):
        return [message("first-picture-only")]
    return [message("first-frame-only")]
