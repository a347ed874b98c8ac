"""The exact copy: the file of an original beside the pixels of an export, every byte of it.

It travels in what readers of a format pass over: APP10 segments of JPEG, a private chunk of PNG,
a chunk of WebP, a private tag of TIFF. `models/FORMAT.md` describes it, "Exact copy".
"""

from __future__ import annotations

import hashlib
import struct
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import cv2
import numpy as np
from numpy.typing import NDArray

from editor.files import copy_places, exif, formats
from editor.files.file_format import FileFormat

if TYPE_CHECKING:
    from PIL import Image

_MAGIC, _VERSION = b"PentCopy", 1
_EDGE = 16
"""Rows and columns of the coarse look."""
_LOOK_BYTES = _EDGE * _EDGE * 3
_HEAD = struct.Struct(f"<8sB32s{_LOOK_BYTES}sQ")


@dataclass(frozen=True)
class ExactCopy:
    """The file of an original.

    Attributes:
        data: all of it.
        look: 16 x 16 x 3 uint8, the export that it was made for, reduced.
    """

    data: bytes
    look: NDArray[np.uint8]

    @property
    def digest(self) -> str:
        """SHA-256 of the file, in hexadecimal."""
        return digest_of(self.data)

    @property
    def format(self) -> FileFormat | None:
        """Its format, by content."""
        return next((fmt for fmt in formats.FORMATS if fmt.begins(self.data)), None)

    def fits(self, suffix: str) -> bool:
        """Whether a file of that suffix may hold these bytes."""
        return self.format is not None and suffix.lower() in self.format.suffixes


def digest_of(data: bytes) -> str:
    """SHA-256 in hexadecimal."""
    return hashlib.sha256(data).hexdigest()


def coarse_look(pixels: NDArray[np.uint8], edge: int = _EDGE) -> NDArray[np.uint8]:
    """An H x W x 3 picture reduced to edge x edge x 3 by averaging, uint8."""
    return np.asarray(
        cv2.resize(np.ascontiguousarray(pixels), (edge, edge), interpolation=cv2.INTER_AREA),
        np.uint8,
    )


def packed(data: bytes, export: NDArray[np.uint8]) -> bytes:
    """A file, and which export it belongs to, in one piece.

    Args:
        data: the file of the original.
        export: H x W x 3, the pixels of the export.
    """
    look = coarse_look(export).tobytes()
    return _HEAD.pack(_MAGIC, _VERSION, hashlib.sha256(data).digest(), look, len(data)) + data


def unpacked(piece: bytes) -> ExactCopy | None:
    """The copy in a piece; None where its digest proves it damaged, or it is of a later version."""
    if len(piece) < _HEAD.size:
        return None
    magic, version, digest, look, length = _HEAD.unpack_from(piece)
    data = piece[_HEAD.size :]
    if (magic, version, length) != (_MAGIC, _VERSION, len(data)):
        return None
    if hashlib.sha256(data).digest() != digest:
        return None
    return ExactCopy(data, np.frombuffer(look, np.uint8).reshape(_EDGE, _EDGE, 3))


def piece_in(image: Image.Image, data: bytes, kind: str) -> bytes | None:
    """The piece in an open file; None where there is none.

    Args:
        image: as Pillow loaded it.
        data: the whole file.
        kind: Pillow's name of its format.
    """
    if kind in ("JPEG", "MPO"):
        return _in_jpeg(image)
    if kind == "PNG":
        chunks: list[tuple[Any, ...]] = getattr(image, "private_chunks", [])
        return next(
            (bytes(chunk[1]) for chunk in chunks if chunk[0] == copy_places.PNG_CHUNK), None
        )
    if kind == "WEBP":
        return copy_places.webp_chunk(data)
    if kind == "TIFF" and formats.TIFF.begins(data):
        try:
            return exif.tag_bytes(data, 0, copy_places.TIFF_TAG) or None
        except (struct.error, ValueError):
            return None
    return None


def _in_jpeg(image: Image.Image) -> bytes | None:
    """The segments put together; a piece of which one is missing is found damaged later."""
    parts: dict[int, bytes] = {}
    for marker, content in getattr(image, "applist", ()):
        if marker == "APP10" and content.startswith(copy_places.IDENTIFIER):
            rest = content[len(copy_places.IDENTIFIER) :]
            if len(rest) >= 4:
                parts[int.from_bytes(rest[:4], "little")] = rest[4:]
    return b"".join(parts[number] for number in sorted(parts)) if parts else None
