"""The pixels of an open picture file as 8-bit RGB and alpha, whatever it stores them as."""

from __future__ import annotations

import cv2
import numpy as np
from numpy.typing import NDArray
from PIL import Image

from editor.files import colour
from editor.files.colour_tags import NamedSpace
from editor.messages import Message, message

_TAG_BITS_PER_SAMPLE = 258
_BAND = 1 << 20  # pixels converted at a time: bounds the memory that conversions need

# OpenCV prints what it finds odd about a file; what matters of it comes as an error or a note.
if hasattr(cv2, "setLogLevel"):
    cv2.setLogLevel(0)
else:  # OpenCV 5
    cv2.utils.logging.setLogLevel(cv2.utils.logging.LOG_LEVEL_SILENT)


def read_pixels(
    image: Image.Image, data: bytes, named: NamedSpace, notes: list[Message]
) -> tuple[NDArray[np.uint8], NDArray[np.uint8] | None, bytes | None]:
    """H x W x 3 RGB, H x W alpha or None, and the profile that belongs to this RGB.

    Args:
        image: as Pillow loaded it.
        data: the whole file.
        named: the colour space that it names.
        notes: takes what is converted or left out.
    """
    mode, alpha, icc = image.mode, None, named.icc
    space = colour.profile_space(icc)
    if icc and space is None:
        notes.append(message("profile-damaged"))
    if (bits := _bits_per_channel(image, data)) > 8:
        notes.append(message("bits-reduced", bits=bits))

    if mode in ("CMYK", "LAB"):
        suits = mode == "CMYK" and space == "CMYK"
        profile = icc if suits else colour.lab_profile() if mode == "LAB" else None
        converted = colour.to_srgb(image, profile) if profile else None
        said = "CIELAB" if mode == "LAB" else mode
        if converted is not None:
            notes.append(message("converted", space=said))
        else:
            notes.append(message("converted-without-profile", space=said))
        return _bands(converted or image.convert("RGB"))[0], None, None

    if mode in ("1", "L", "LA", "La") or mode.startswith("I"):
        notes.append(message("grey-converted"))
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
    if icc and space is not None and space != "RGB":
        notes.append(message("profile-does-not-suit", space=space))
    if named.narrow:
        rgb = colour.to_full_range(rgb)
    if named.hdr:
        notes.append(message("hdr-converted", transfer=named.hdr))
        rgb = colour.hdr_to_srgb(rgb, named.hdr, named.primaries)
    if alpha is not None and image.format == "BMP" and not alpha.any() and rgb.any():
        notes.append(message("empty-alpha-left-out"))
        alpha = None
    return rgb, alpha, icc if space == "RGB" else None


def _bits_per_channel(image: Image.Image, data: bytes) -> int:
    if image.format == "PNG":
        return data[24]  # of the IHDR chunk, always the first (PNG 3rd edition, 11.2.1)
    if image.format == "TIFF":
        return int(max(image.tag_v2.get(_TAG_BITS_PER_SAMPLE, (1,))))  # type: ignore[attr-defined]
    return int(image.info.get("bit_depth", 8))  # libheif; it has converted the pixels


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
