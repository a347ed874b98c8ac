"""What a picture file says about its pixels, upright: EXIF, XMP, colour profile, resolution."""

from __future__ import annotations

import struct
from collections.abc import Callable
from typing import TypeAlias

import numpy as np
from numpy.typing import NDArray
from PIL import Image

from editor.files import exif, xmp
from editor.files.formats import TIFF
from editor.files.picture import Metadata
from editor.messages import Message, message

Turn: TypeAlias = Callable[[NDArray[np.uint8]], NDArray[np.uint8]]
"""Turns or mirrors an H x W picture of any number of channels."""

_TAG_X_RESOLUTION = 282
_TRANSPOSED: dict[int, Turn] = {
    # EXIF 2.32, tag 0x0112: where row 0 and column 0 of the stored pixels are to be shown.
    2: lambda a: a[:, ::-1],
    3: lambda a: a[::-1, ::-1],
    4: lambda a: a[::-1],
    5: lambda a: a.swapaxes(0, 1),
    6: lambda a: a.swapaxes(0, 1)[:, ::-1],
    7: lambda a: a.swapaxes(0, 1)[::-1, ::-1],
    8: lambda a: a.swapaxes(0, 1)[::-1],
}


def read_metadata(
    image: Image.Image, data: bytes, kind: str, notes: list[Message]
) -> tuple[Metadata, int]:
    """The metadata of an open picture, upright, and the orientation 1..8 that its pixels have.

    Args:
        image: as Pillow opened it.
        data: the whole file.
        kind: Pillow's name of its format.
        notes: takes what is left out.
    """
    found = _exif_of_tiff(data) if kind == "TIFF" else image.info.get("exif")
    if found is None and kind == "PNG":
        found = _exif_as_text(image.info.get("Raw profile type exif"))
    block = exif.tiff_block(found)
    if found and block is None:
        notes.append(message("exif-left-out"))
    orientation = 1
    if block is not None:
        # libheif (HEIF) and Pillow (TIFF) have already turned the pixels. An orientation in XMP
        # alone is not obeyed: viewers do not, it is often stale, and a second turn is worse.
        if kind not in ("HEIF", "TIFF"):
            orientation = exif.orientation(block)
        block = exif.upright(block)
    found_xmp = image.info.get("xmp")
    if isinstance(found_xmp, str):
        found_xmp = found_xmp.encode()
    packet = xmp.packet(found_xmp)
    if found_xmp and packet is None:
        notes.append(message("xmp-left-out"))
    icc = image.info.get("icc_profile") or None
    return Metadata(block, xmp.upright(packet) if packet else None, icc, _dpi(image)), orientation


def upright(pixels: NDArray[np.uint8], orientation: int) -> NDArray[np.uint8]:
    """Pixels (H x W of any number of channels) of an orientation 1..8, upright."""
    turn = _TRANSPOSED.get(orientation)
    return pixels if turn is None else np.ascontiguousarray(turn(pixels))


def _dpi(image: Image.Image) -> tuple[float, float] | None:
    if image.format == "TIFF" and _TAG_X_RESOLUTION not in image.tag_v2:  # type: ignore[attr-defined]
        return None  # Pillow says 1
    try:
        across, down = (float(value) for value in image.info["dpi"])
    except (KeyError, TypeError, ValueError, ZeroDivisionError):
        return None
    return (across, down) if 1 <= across <= 65535 and 1 <= down <= 65535 else None


def _exif_of_tiff(data: bytes) -> bytes | None:
    if not TIFF.begins(data):
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
