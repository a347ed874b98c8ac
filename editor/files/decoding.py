"""From the bytes of a file to a `Picture`."""

from __future__ import annotations

import contextlib
import io
import os
import struct
import threading
import warnings
from collections.abc import Callable, Iterator

import cv2
import numpy as np
import pi_heif
from numpy.typing import NDArray
from PIL import Image, UnidentifiedImageError

from editor.files import colour, exif, xmp
from editor.files.picture import Metadata, Picture, PictureError

MAX_PIXELS = 200_000_000
"""The largest picture that is opened. A few kilobytes can claim any size (decompression bombs)."""

_FORMATS = ("JPEG", "MPO", "PNG", "WEBP", "TIFF", "BMP", "GIF", "HEIF", "AVIF")
_FORMAT_NAMES = "JPEG, PNG, WebP, TIFF, BMP, GIF, HEIC and AVIF"
_CLASSIC_TIFF = (b"II*\0", b"MM\0*")
_BAND = 1 << 20  # pixels converted at a time: bounds the memory that conversions need

# Pillow refuses by itself from twice this number on, already while it reads a header.
Image.MAX_IMAGE_PIXELS = MAX_PIXELS
# OpenCV prints what it finds odd about a file; what matters of it comes as an error or a note.
if hasattr(cv2, "setLogLevel"):
    cv2.setLogLevel(0)
else:  # OpenCV 5
    cv2.utils.logging.setLogLevel(cv2.utils.logging.LOG_LEVEL_SILENT)
pi_heif.register_heif_opener()
Image.init()

TAG_NEW_SUBFILE_TYPE, TAG_BITS_PER_SAMPLE, TAG_X_RESOLUTION = 254, 258, 282
TAG_SUB_IFDS, TAG_DNG_VERSION = 330, 50706
_TRANSPOSED: dict[int, Callable[[NDArray], NDArray]] = {
    # EXIF 2.32, tag 0x0112: where row 0 and column 0 of the stored pixels are to be shown.
    2: lambda a: a[:, ::-1],
    3: lambda a: a[::-1, ::-1],
    4: lambda a: a[::-1],
    5: lambda a: a.swapaxes(0, 1),
    6: lambda a: a.swapaxes(0, 1)[:, ::-1],
    7: lambda a: a.swapaxes(0, 1)[::-1, ::-1],
    8: lambda a: a.swapaxes(0, 1)[::-1],
}


def decode_picture(data: bytes, name: str = "picture") -> Picture:
    """The picture in the bytes of a file of any of the formats, told by content.

    Args:
        data: the whole file.
        name: what to call it in messages.

    Raises:
        PictureError: for anything that is not a whole, readable picture.
    """
    if not data:
        raise PictureError(f"“{name}” is empty (0 bytes): look for another copy of it.")
    # Pillow warns on stderr of what is either an error here or a note. Not `catch_warnings`:
    # it is not thread-safe, and this also runs in workers. Adding the filter again is harmless.
    warnings.filterwarnings("ignore", module=r"PIL\.")
    try:
        with _header(data, name) as image:
            return _decoded(image, data, name)
    except PictureError:
        raise
    except MemoryError:
        raise PictureError(
            f"There is not enough memory to open “{name}”: close other programs or pictures."
        ) from None
    except Exception as error:  # on damaged bytes a decoder may raise anything
        raise PictureError(
            f"“{name}” is damaged or incomplete and cannot be read ({_reason(error)}): "
            "copy it again from where it came from."
        ) from error


def _header(data: bytes, name: str) -> Image.Image:
    """The picture opened, its size and kind checked, nothing decoded."""
    too_large = PictureError(
        f"“{name}” claims more than {MAX_PIXELS // 1_000_000} megapixels, the most that can be "
        "opened: reduce it in the program it was made with."
    )
    try:
        image = Image.open(io.BytesIO(data), formats=[f for f in _FORMATS if f in Image.OPEN])
    except Image.DecompressionBombError:
        raise too_large from None
    except UnidentifiedImageError:
        if _looks_like_picture(data):
            raise
        raise PictureError(
            f"“{name}” is not a picture of a known kind: {_FORMAT_NAMES} can be opened."
        ) from None
    width, height = image.size
    if width * height > MAX_PIXELS:
        raise too_large
    if width < 1 or height < 1:
        raise PictureError(f"“{name}” says that it has no pixels ({width} × {height}).")
    if _is_raw(image, data):
        raise PictureError(
            f"“{name}” is a camera RAW file: develop it to a JPEG or a 16-bit TIFF first."
        )
    if data.startswith(_CLASSIC_TIFF) and not exif.tiff_block(data):
        raise ValueError("its directory is cut off")  # Pillow goes on with half of it
    if image.format in ("JPEG", "MPO") and _has_blank_end(data):
        raise ValueError("its end is blank")
    if image.mode == "F" or (image.mode == "I" and image.format != "PNG"):
        raise PictureError(
            f"“{name}” stores its brightness in 32 bits per channel: "
            "save it with 8 or 16 bits per channel first."
        )
    return image


def _looks_like_picture(data: bytes) -> bool:
    """Whether the signature is that of a known format, though the rest may be damaged."""
    signatures = (b"\xff\xd8\xff", b"\x89PNG", b"II*\0", b"MM\0*", b"BM", b"GIF8")
    return (
        data.startswith(signatures)
        or (data[:4] == b"RIFF" and data[8:12] == b"WEBP")
        or data[4:12] in (b"ftypheic", b"ftypheix", b"ftypmif1", b"ftypavif")
    )


def _has_blank_end(data: bytes) -> bool:
    """Whether a JPEG ends in zeros instead of an end-of-image marker: a download that broke off.

    libjpeg would make the missing rows grey, and say nothing that Pillow passes on.
    """
    at = 2
    while data[at : at + 1] == b"\xff" and data[at + 1] != 0xDA:  # segments up to the first scan
        at += 2 + int.from_bytes(data[at + 2 : at + 4], "big")
    return data.endswith(bytes(64)) and data.find(b"\xff\xd9", at) < 0


def _is_raw(image: Image.Image, data: bytes) -> bool:
    """Whether a TIFF is a RAW file, of which Pillow would show the small preview only."""
    if image.format != "TIFF":
        return False
    tags = image.tag_v2  # type: ignore[attr-defined]
    reduced = bool(tags.get(TAG_NEW_SUBFILE_TYPE, 0) & 1) and TAG_SUB_IFDS in tags
    return data[8:10] == b"CR" or TAG_DNG_VERSION in tags or reduced


def _decoded(image: Image.Image, data: bytes, name: str) -> Picture:
    kind = image.format or ""
    notes: list[str] = []
    with _without_libtiffs_words() if kind == "TIFF" else contextlib.nullcontext():
        image.load()  # also reads the metadata that follows the pixels, and finds what is truncated
    metadata, turn = _metadata(image, data, kind, notes)
    rgb, alpha, icc = _pixels(image, data, metadata.icc, notes)
    notes += _frames_note(image, kind)
    if turn is not None:
        rgb = np.ascontiguousarray(turn(rgb))
        alpha = np.ascontiguousarray(turn(alpha)) if alpha is not None else None
    kept = Metadata(metadata.exif, metadata.xmp, icc, metadata.dpi)
    return Picture(rgb, alpha, kept, tuple(notes), None, "JPEG" if kind == "MPO" else kind)


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


# -- metadata ------------------------------------------------------------------------------------


def _metadata(
    image: Image.Image, data: bytes, kind: str, notes: list[str]
) -> tuple[Metadata, Callable[[NDArray], NDArray] | None]:
    """The metadata, upright, and how the pixels have to be turned to be upright too."""
    found = _exif_of_tiff(data) if kind == "TIFF" else image.info.get("exif")
    if found is None and kind == "PNG":
        found = _exif_as_text(image.info.get("Raw profile type exif"))
    block = exif.tiff_block(found)
    if found and block is None:
        notes.append("The EXIF metadata is damaged and was left out.")
    turn = None
    if block is not None:
        # libheif (HEIF) and Pillow (TIFF) have already turned the pixels. An orientation in XMP
        # alone is not obeyed: viewers do not, it is often stale, and a second turn is worse.
        if kind not in ("HEIF", "TIFF"):
            turn = _TRANSPOSED.get(exif.orientation(block))
        block = exif.upright(block)
    found_xmp = image.info.get("xmp")
    if isinstance(found_xmp, str):
        found_xmp = found_xmp.encode()
    packet = xmp.packet(found_xmp)
    if found_xmp and packet is None:
        notes.append("The XMP metadata is damaged and was left out.")
    icc = image.info.get("icc_profile") or None
    return Metadata(block, xmp.upright(packet) if packet else None, icc, _dpi(image)), turn


def _dpi(image: Image.Image) -> tuple[float, float] | None:
    if image.format == "TIFF" and TAG_X_RESOLUTION not in image.tag_v2:  # type: ignore[attr-defined]
        return None  # Pillow says 1
    try:
        across, down = (float(value) for value in image.info["dpi"])
    except (KeyError, TypeError, ValueError, ZeroDivisionError):
        return None
    return (across, down) if 1 <= across <= 65535 and 1 <= down <= 65535 else None


def _exif_of_tiff(data: bytes) -> bytes | None:
    if not data.startswith(_CLASSIC_TIFF):
        return None  # BigTIFF
    try:
        return exif.gathered(data)
    except (struct.error, ValueError):
        return b"damaged"


def _exif_as_text(text: str | None) -> bytes | None:
    """EXIF as ImageMagick writes it into PNG: three lines of heading, then hexadecimal."""
    if not text:
        return None
    try:
        return bytes.fromhex("".join(text.split("\n")[3:]))
    except ValueError:
        return b"damaged"


def _frames_note(image: Image.Image, kind: str) -> list[str]:
    try:
        if not getattr(image, "is_animated", False):
            return []
    except Exception:  # a damaged second frame says nothing about the first
        return []
    if kind in ("MPO", "TIFF", "HEIF"):
        return ["Only the first of the pictures in this file was opened."]
    return ["Only the first frame of the animation was opened."]


# -- pixels --------------------------------------------------------------------------------------


def _pixels(
    image: Image.Image, data: bytes, icc: bytes | None, notes: list[str]
) -> tuple[NDArray[np.uint8], NDArray[np.uint8] | None, bytes | None]:
    """H x W x 3 RGB, H x W alpha or None, and the profile that belongs to this RGB."""
    mode, alpha = image.mode, None
    space = colour.profile_space(icc)
    if icc and space is None:
        notes.append("The colour profile is damaged and was left out; sRGB is assumed.")
    if (bits := _bits_per_channel(image, data)) > 8:
        notes.append(f"{bits}-bit colour was converted to 8 bits per channel.")

    if mode in ("CMYK", "LAB"):
        suits = mode == "CMYK" and space == "CMYK"
        profile = icc if suits else colour.lab_profile() if mode == "LAB" else None
        converted = colour.to_srgb(image, profile) if profile else None
        how = "" if converted else " without a colour profile: its colours are approximate"
        notes.append(f"{'CIELAB' if mode == 'LAB' else mode} was converted to sRGB{how}.")
        return _bands(converted or image.convert("RGB"))[0], None, None

    if mode in ("1", "L", "LA", "La") or mode.startswith("I"):
        notes.append("Grey was converted to RGB.")
        image, alpha = _grey(image)
        if space == "GRAY" and icc and (converted := colour.to_srgb(image, icc)):
            return _bands(converted)[0], alpha, None
        rgb, _ = _bands(image.convert("RGB"))
    else:
        deep = _sixteen_bit_colour(image, data) if bits == 16 else None
        if deep is not None:
            rgb, alpha = deep
        elif mode in ("RGBA", "RGBa", "PA") or "transparency" in image.info:
            rgb, alpha = _bands(image.convert("RGBA"))
        else:
            rgb, _ = _bands(image if mode == "RGB" else image.convert("RGB"))
    if icc and space not in (None, "RGB"):
        notes.append(f"A colour profile for {space} does not suit these pixels and was left out.")
    return rgb, alpha, icc if space == "RGB" else None


def _bits_per_channel(image: Image.Image, data: bytes) -> int:
    if image.format == "PNG":
        return data[24]  # of the IHDR chunk, always the first (PNG 3rd edition, 11.2.1)
    if image.format == "TIFF":
        return max(image.tag_v2.get(TAG_BITS_PER_SAMPLE, (1,)))  # type: ignore[attr-defined]
    return image.info.get("bit_depth", 8)  # libheif; it has converted the pixels


def _grey(image: Image.Image) -> tuple[Image.Image, NDArray[np.uint8] | None]:
    """The grey channel as L, and the alpha of its alpha channel or of its transparent value."""
    key = image.info.get("transparency")
    if image.mode.startswith("I"):
        deep = np.asarray(image)
        alpha = np.where(deep == key, 0, 255).astype(np.uint8) if isinstance(key, int) else None
        grey = colour.to_8_bits(np.clip(deep, 0, 65535).astype(np.uint16))
        return Image.fromarray(grey), alpha
    if image.mode in ("LA", "La"):
        grey_alpha = image.convert("LA")
        return grey_alpha.getchannel(0), np.asarray(grey_alpha.getchannel(1))
    if isinstance(key, int):
        return image.convert("L"), np.asarray(image.convert("RGBA").getchannel(3))
    return image.convert("L"), None


def _sixteen_bit_colour(
    image: Image.Image, data: bytes
) -> tuple[NDArray[np.uint8], NDArray[np.uint8] | None] | None:
    """RGB and alpha of a 16-bit colour picture, rounded to 8 bits.

    Pillow reads only the high bytes (cut, not rounded), OpenCV reads all, but has views of its own
    on some files. Where the two differ by more than the rounding, None: Pillow is to be used.
    """
    channels = {"RGB": 3, "RGBA": 4}.get(image.mode)
    deep = cv2.imdecode(np.frombuffer(data, np.uint8), cv2.IMREAD_UNCHANGED)
    if deep is None or deep.dtype != np.uint16 or deep.ndim != 3 or deep.shape[2] < (channels or 5):
        return None
    samples = deep.astype(np.uint16, copy=False)
    rgb = colour.to_8_bits(samples[:, :, 2::-1])
    alpha = colour.to_8_bits(samples[:, :, 3]) if channels == 4 else None
    high, high_alpha = _bands(image)
    if not _equal_but_for_rounding(rgb, high):
        return None
    if alpha is not None and not _equal_but_for_rounding(alpha, high_alpha):
        return None
    key = image.info.get("transparency")
    if channels == 3 and isinstance(key, tuple):
        alpha = np.where((samples[:, :, 2::-1] == key).all(axis=2), 0, 255).astype(np.uint8)
    return rgb, alpha


def _equal_but_for_rounding(a: NDArray[np.uint8], b: NDArray[np.uint8] | None) -> bool:
    return b is not None and a.shape == b.shape and int(cv2.absdiff(a, b).max()) <= 1


def _bands(image: Image.Image) -> tuple[NDArray[np.uint8], NDArray[np.uint8] | None]:
    """The arrays of an RGB or RGBA picture, band by band so that no further copy is made."""
    width, height = image.size
    rgb = np.empty((height, width, 3), np.uint8)
    alpha = np.empty((height, width), np.uint8) if image.mode == "RGBA" else None
    rows = max(1, _BAND // width)
    for top in range(0, height, rows):
        bottom = min(top + rows, height)
        band = np.asarray(image.crop((0, top, width, bottom)))
        rgb[top:bottom] = band[:, :, :3]
        if alpha is not None:
            alpha[top:bottom] = band[:, :, 3]
    return rgb, alpha


def _reason(error: Exception) -> str:
    """What a decoder said, as part of a sentence."""
    if isinstance(error, UnidentifiedImageError):
        return "its header makes no sense"
    if "decoder error" in str(error):  # with a number of libtiff's
        return "its pixel data make no sense"
    text = " ".join(str(error).split()).rstrip(".")
    return text[:120] if text else type(error).__name__
