"""How operators without a working scale run on pictures of up to 50 megapixels in little memory.

Two means: the picture is worked through in horizontal bands, so that temporaries stay small; and
what is smooth by nature (a large-radius base, a glow) is computed on a reduced copy and enlarged
band by band. Up to a long edge of `REDUCED_LONG_EDGE` the copy is the picture itself.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator

import cv2
import numpy as np
from numpy.typing import NDArray

from models.operators.images import FloatImage

Float = NDArray[np.float32]

BAND_PIXELS = 1 << 17
"""About how many pixels one band has: its temporaries of three channels take 1.5 MB each, so that
a few of them stay in the processor's cache."""

REDUCED_LONG_EDGE = 1152
"""Long edge of the reduced copy of a larger picture."""


def bands(height: int, width: int, halo: int = 0) -> Iterator[tuple[int, int]]:
    """First row and row after the last of each band of a picture, from top to bottom.

    A band is at least 16 times as high as the `halo` it needs from its neighbours (rows), so that
    the overlaps cost at most an eighth as much again.
    """
    rows = max(BAND_PIXELS // width, 16 * halo, 1)
    for top in range(0, height, rows):
        yield top, min(top + rows, height)


def in_bands(function: Callable[[Float], Float], photo: FloatImage, halo: int = 0) -> FloatImage:
    """`function` of an H x W x 3 picture, computed band by band.

    Args:
        function: picture to picture of the same shape; treats the border of what it is given as
            the border of the picture.
        photo: H x W x 3.
        halo: how many rows away a pixel of the result depends on the picture.
    """
    height, width = photo.shape[:2]
    look = np.empty_like(photo)
    for top, bottom in bands(height, width, halo):
        first, last = max(top - halo, 0), min(bottom + halo, height)
        look[top:bottom] = function(photo[first:last])[top - first : bottom - first]
    return look


def reduced_size(height: int, width: int, long_edge: int) -> tuple[int, int]:
    """Height and width of the reduced copy of a picture (or of a part of one).

    `long_edge` is the long edge in pixels of the whole picture.
    """
    scale = min(1.0, REDUCED_LONG_EDGE / long_edge)
    return max(1, round(height * scale)), max(1, round(width * scale))


def reduce(photo: Float, long_edge: int) -> Float:
    """The reduced copy (H' x W' x C) of a picture, each pixel the mean of the area it covers."""
    height, width = reduced_size(photo.shape[0], photo.shape[1], long_edge)
    if (height, width) == photo.shape[:2]:
        return photo
    small = cv2.resize(photo, (width, height), interpolation=cv2.INTER_AREA)
    return as_float(small, (height, width, *photo.shape[2:]))


def mirrored(photo: Float, border: int) -> Float:
    """A picture (H x W or H x W x C) with a mirrored border of `border` pixels on all sides.

    The border may be wider than the picture. OpenCV drops a channel axis of length 1, here it
    stays.
    """
    padded = cv2.copyMakeBorder(photo, border, border, border, border, cv2.BORDER_REFLECT)
    height, width = photo.shape[:2]
    return as_float(padded, (height + 2 * border, width + 2 * border, *photo.shape[2:]))


def as_float(values: np.ndarray, shape: tuple[int, ...]) -> Float:
    """OpenCV's result in the shape (and, for the type checker, the type) that went in."""
    return np.asarray(values, np.float32).reshape(shape)


def enlarged_rows(small: Float, size: tuple[int, int], top: int, bottom: int) -> Float:
    """Rows `top`..`bottom` of a reduced map (H' x W' x C) enlarged bilinearly to `size`.

    Args:
        small: the map.
        size: height and width in pixels of the enlarged map.
        top, bottom: first row and row after the last that are wanted.

    Returns:
        (bottom - top) x width x C; the same values whichever way the picture is cut into bands.
    """
    height, width = size
    if small.shape[:2] == size:
        return small[top:bottom]
    rows = small.shape[0]
    at = np.clip((np.arange(top, bottom) + 0.5) * (rows / height) - 0.5, 0, rows - 1)
    above = np.floor(at).astype(np.intp)
    first, last = int(above[0]), min(int(above[-1]) + 1, rows - 1)
    wide = cv2.resize(
        small[first : last + 1], (width, last + 1 - first), interpolation=cv2.INTER_LINEAR
    ).reshape(last + 1 - first, width, *small.shape[2:])
    share = (at - above).astype(np.float32).reshape(-1, *[1] * (small.ndim - 1))
    below = np.minimum(above + 1, rows - 1)
    upper = wide[above - first]
    mixed: NDArray[np.float32] = upper + share * (wide[below - first] - upper)
    return mixed


def guided_coefficients(guide: Float, radius: int, epsilon: float) -> tuple[Float, Float]:
    """Averaged coefficients of the self-guided filter: the smoothed guide is ``a * guide + b``.

    He, Sun and Tang, "Guided Image Filtering", PAMI 2013, eqs. 5, 6 and 8, with input = guide;
    computing them on a reduced copy and enlarging them is the fast form of He and Sun 2015.

    Args:
        guide: H x W or H x W x C, 0..1; channels are filtered independently.
        radius: of the square window, in pixels of the guide; borders are mirrored.
        epsilon: variance (0..1 squared) below which the guide counts as flat.

    Returns:
        a and b, both of the guide's shape.
    """

    def mean(values: Float) -> Float:
        side = 2 * radius + 1
        blurred = cv2.blur(mirrored(values, radius), (side, side))
        height, width = values.shape[:2]
        inner = blurred[radius : radius + height, radius : radius + width]
        return as_float(inner, values.shape)

    average = mean(guide)
    variance = np.maximum(mean(guide * guide) - average * average, np.float32(0))
    a = as_float(variance / (variance + np.float32(epsilon)), guide.shape)
    b = average - a * average
    return mean(a), mean(b)
