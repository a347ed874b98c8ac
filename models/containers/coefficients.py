"""A JPEG as its quantised coefficients: out of a file, into a file, from pixels, to pixels.

What is read from a file here is what the file says, with nothing rounded in between.
"""

from __future__ import annotations

import os
import tempfile
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

import cv2
import numpy as np
from numpy.typing import NDArray

from models import jpeg_transform, parallel

Subsampling = Literal["444", "420"]
"""Chroma of a JPEG: full, or half in both directions."""

_SUBSAMPLINGS: tuple[Subsampling, ...] = ("444", "420")

Planes = tuple[NDArray[np.int16], NDArray[np.int16], NDArray[np.int16]]


class NotCoefficients(ValueError):
    """The file is no JPEG whose coefficients can be used; says why in one sentence."""


@dataclass(frozen=True, eq=False)
class Coefficients:
    """The quantised coefficients of a colour JPEG.

    Attributes:
        height, width: of the picture in pixels.
        subsampling: of chroma.
        tables: 3 x 8 x 8 quantiser steps of Y', Cb and Cr, [v, u].
        planes: for each of them rows x columns x 8 x 8 int16, whole blocks as in the file.
    """

    height: int
    width: int
    subsampling: Subsampling
    tables: NDArray[np.int64]
    planes: Planes

    @property
    def unit(self) -> int:
        """Side in pixels of the smallest part of a picture that has whole blocks of all planes."""
        return 16 if self.subsampling == "420" else 8


def block_counts(height: int, width: int, subsampling: Subsampling) -> list[tuple[int, int]]:
    """Rows and columns of blocks of the three planes."""
    half = 16 if subsampling == "420" else 8
    chroma = -(-height // half), -(-width // half)
    return [(-(-height // 8), -(-width // 8)), chroma, chroma]


# -- pixels --------------------------------------------------------------------------------------


def transformed(
    picture: NDArray[np.uint8], subsampling: Subsampling
) -> tuple[NDArray[np.float32], NDArray[np.float32], NDArray[np.float32]]:
    """The coefficients of a picture (H x W x 3 RGB) before they are quantised, in levels."""
    height, width = picture.shape[:2]
    counts = block_counts(height, width, subsampling)
    y, cb, cr = (np.empty((*count, 8, 8), np.float32) for count in counts)

    def transform(band: slice) -> None:
        ycc = jpeg_transform.planes(np.ascontiguousarray(picture[band]).astype(np.float32))
        ycc[0] -= 128
        for place, (plane, result) in enumerate(zip(ycc, (y, cb, cr), strict=True)):
            area, block = plane, 8
            if subsampling == "420" and place:
                area, block = jpeg_transform.padded(area, 2), 16
                area = cv2.resize(
                    area, (area.shape[1] // 2, area.shape[0] // 2), interpolation=cv2.INTER_AREA
                )
            area = jpeg_transform.padded(np.asarray(area, np.float32), jpeg_transform.BLOCK)
            blocks = slice(band.start // block, band.start // block + area.shape[0] // 8)
            result[blocks] = jpeg_transform.forward(area)

    parallel.mapped(transform, parallel.bands(height, 8 * _BAND_BLOCKS))
    return y, cb, cr


def to_pixels(
    planes: Sequence[NDArray[np.generic]], like: Coefficients, rows: slice | None = None
) -> NDArray[np.float32]:
    """The picture of some coefficients, H x W x 3 RGB, 0..255, not rounded.

    Args:
        planes: in quantiser steps, whole or not; as those of `like`.
        like: says the rest.
        rows: of luma blocks, even ends; None: all.
    """
    first, last = (rows.start, rows.stop) if rows else (0, planes[0].shape[0])
    height = min(8 * last, like.height) - 8 * first
    result = np.empty((height, like.width, 3), np.float32)
    chroma = [_reduced(plane, place, like, first, last) for place, plane in enumerate(planes)]

    def inverse(part: slice) -> None:
        band = slice(first + part.start, first + part.stop)
        area = slice(8 * (band.start - first), min(8 * (band.stop - first), height))
        samples = np.empty((3, area.stop - area.start, like.width), np.float32)
        for place, plane in enumerate(planes):
            ready = chroma[place]
            if ready is not None:
                samples[place] = ready[area, : like.width]
                continue
            levels = plane[band].astype(np.float32) * like.tables[place].astype(np.float32)
            whole = jpeg_transform.inverse(levels)
            samples[place] = whole[: samples.shape[1], : like.width]
        samples[0] += np.float32(128)
        np.clip(jpeg_transform.picture(samples), 0, 255, out=result[area])

    parallel.mapped(inverse, parallel.bands(last - first, _BAND_BLOCKS))
    return result


def shown(of: Coefficients) -> NDArray[np.uint8]:
    """What a viewer shows, H x W x 3 RGB, within a level or two: decoders round differently."""
    pixels = to_pixels(of.planes, of)
    return np.rint(pixels, out=pixels).astype(np.uint8)


def _reduced(
    plane: NDArray[np.generic], place: int, like: Coefficients, first: int, last: int
) -> NDArray[np.float32] | None:
    """The samples of a plane that is kept at half the size, at full size; None for others."""
    if like.subsampling == "444" or place == 0:
        return None
    some = plane[first // 2 : -(-last // 2)].astype(np.float32)
    samples = jpeg_transform.inverse(some * like.tables[place].astype(np.float32))
    size = 2 * samples.shape[1], 2 * samples.shape[0]
    return np.asarray(cv2.resize(samples, size, interpolation=cv2.INTER_LINEAR), np.float32)


_BAND_BLOCKS = 8


def tables_of(quality: int) -> NDArray[np.int64]:
    """libjpeg's at a quality of 1..100: 3 x 8 x 8, [v, u]."""
    scale = 5000 // quality if quality < 50 else 200 - 2 * quality
    tables = np.stack([_LUMA_TABLE, _CHROMA_TABLE, _CHROMA_TABLE])
    return np.asarray(np.clip((tables * scale + 50) // 100, 1, 255), np.int64)


# ITU-T T.81, tables K.1 and K.2.
_LUMA_TABLE = np.array(
    [
        [16, 11, 10, 16, 24, 40, 51, 61],
        [12, 12, 14, 19, 26, 58, 60, 55],
        [14, 13, 16, 24, 40, 57, 69, 56],
        [14, 17, 22, 29, 51, 87, 80, 62],
        [18, 22, 37, 56, 68, 109, 103, 77],
        [24, 35, 55, 64, 81, 104, 113, 92],
        [49, 64, 78, 87, 103, 121, 120, 101],
        [72, 92, 95, 98, 112, 100, 103, 99],
    ],
    np.int64,
)
_CHROMA_TABLE = np.full((8, 8), 99, np.int64)
_CHROMA_TABLE[:4, :4] = [[17, 18, 24, 47], [18, 21, 26, 66], [24, 26, 56, 99], [47, 66, 99, 99]]


# -- files ---------------------------------------------------------------------------------------


def read(data: bytes) -> Coefficients:
    """The coefficients of a JPEG file.

    Raises:
        NotCoefficients: for anything but a colour JPEG in YCbCr, 4:4:4 or 4:2:0.
    """
    import jpeglib  # takes half a second

    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "picture.jpg"
        path.write_bytes(data)
        try:
            file = jpeglib.read_dct(str(path))
            planes = (file.Y, file.Cb, file.Cr)
        except (OSError, RuntimeError, ValueError) as error:
            raise NotCoefficients(f"The coefficients could not be read ({error}).") from None
    if any(plane is None for plane in planes) or file.K is not None:
        raise NotCoefficients("The file has no three planes of colour.")
    y, cb, cr = (np.ascontiguousarray(p).reshape(*p.shape[:2], 8, 8) for p in planes)
    for subsampling in _SUBSAMPLINGS:
        counts = block_counts(file.height, file.width, subsampling)
        if [p.shape[:2] for p in (y, cb, cr)] == counts and cb.shape == cr.shape:
            break
    else:
        raise NotCoefficients("The file's chroma is reduced in another way than 4:2:0.")
    tables = np.asarray(file.qt, np.int64)[np.asarray(file.quant_tbl_no, np.int64)]
    return Coefficients(file.height, file.width, subsampling, tables, (y, cb, cr))


def write(coefficients: Coefficients) -> bytes:
    """A baseline JPEG file of coefficients, with Huffman tables made for them and no metadata."""
    import jpeglib

    sampling = [[1, 1]] * 3
    if coefficients.subsampling == "420":
        sampling = [[2, 2], [1, 1], [1, 1]]
    y, cb, cr = (np.ascontiguousarray(plane) for plane in coefficients.planes)
    tables = np.stack([coefficients.tables[0], coefficients.tables[1]]).astype(np.uint16)
    file = jpeglib.from_dct(Y=y, Cb=cb, Cr=cr, qt=tables)
    file.height, file.width = coefficients.height, coefficients.width
    file.samp_factor = sampling
    with tempfile.TemporaryDirectory() as folder:
        path = os.path.join(folder, "picture.jpg")
        file.write_dct(path, flags=["+OPTIMIZE_CODING"])
        return Path(path).read_bytes()
