"""Looks of large pictures: computed at the working scale, carried to full size along the edges.

Smoothing, drawing and detail operators are defined on pictures of at most `WORKING_LONG_EDGE`
pixels; on a 24-megapixel photo their pixel-sized parameters would do next to nothing, and some
would take minutes. So the look is computed on a reduced copy and described there as a local affine
function of the photo, ``look = a * photo + b`` in every small window (the guided filter of He, Sun
and Tang 2013; carried to full size as in the fast guided filter, He and Sun 2015), plus a remainder
that the photo does not explain, such as pencil strokes. The functions are smooth and enlarge well;
applied to the full photo they follow its edges. A preview and an export of the same photo share the
reduced copy, hence the look.
"""

from __future__ import annotations

import math
from collections.abc import Callable

import cv2
import numpy as np
from numpy.typing import NDArray

from models.operators.base import WORKING_LONG_EDGE, FloatImage

RADIUS = 2
"""Half the side of the affine model's windows, in pixels of the reduced copy."""

REGULARISATION = 1e-4
"""Variance (range 0..1, squared) below which a window counts as flat."""

BAND = 32
"""Rows of the full picture that are worked on at a time: few enough to stay in the cache."""


def render_at_working_scale(
    render: Callable[[FloatImage, float, int], FloatImage],
    photo: FloatImage,
    strength: float,
    long_edge: int,
) -> FloatImage:
    """The look of a photo larger than the working scale.

    Args:
        render: the operator's own function, see `Operator.render`.
        photo: H x W x 3 float32.
        strength: passed on.
        long_edge: of the whole picture that `photo` is a part of; above `WORKING_LONG_EDGE`.

    Returns:
        H x W x 3 float32.
    """
    scale = WORKING_LONG_EDGE / long_edge
    height, width = (max(1, round(n * scale)) for n in photo.shape[:2])
    reduced = cv2.resize(photo, (width, height), interpolation=cv2.INTER_AREA)
    small = np.asarray(reduced, np.float32).reshape(height, width, 3)
    look = render(small, strength, WORKING_LONG_EDGE)
    return transfer(photo, small, np.asarray(look, np.float32))


def transfer(photo: FloatImage, small: FloatImage, small_look: FloatImage) -> FloatImage:
    """Carry a look from a reduced copy to the full photo.

    Args:
        photo: H x W x 3 float32.
        small: h x w x 3, the photo reduced.
        small_look: h x w x 3, its look.

    Returns:
        H x W x 3 float32: the full photo's look, not clipped.
    """
    gain, offset, remainder = _affine_model(small, small_look)
    height, width = photo.shape[:2]
    rows = small.shape[0]

    def widen(z: FloatImage, how: int) -> NDArray[np.float32]:
        """Enlarged across only: as many rows as before, colours side by side."""
        wide = np.asarray(cv2.resize(z, (width, rows), interpolation=how), np.float32)
        return wide.reshape(rows, -1)

    gains = widen(gain, cv2.INTER_LINEAR)
    offsets, remainders = widen(offset, cv2.INTER_LINEAR), widen(remainder, cv2.INTER_CUBIC)
    look = np.empty_like(photo)
    flat_photo, flat_look = photo.reshape(height, -1), look.reshape(height, -1)
    for top in range(0, height, BAND):
        bottom = min(top + BAND, height)
        linear, a = _row_weights(rows, height, top, bottom, _linear)
        cubic, b = _row_weights(rows, height, top, bottom, _cubic)
        band = flat_look[top:bottom]
        np.matmul(linear, gains[a], out=band)
        band *= flat_photo[top:bottom]
        band += np.hstack([linear, cubic]) @ np.vstack([offsets[a], remainders[b]])
    return look


def _linear(distance: NDArray[np.float64]) -> NDArray[np.float64]:
    """Weight of a row at a distance in rows: linear interpolation."""
    return np.maximum(1 - np.abs(distance), 0)


def _cubic(distance: NDArray[np.float64]) -> NDArray[np.float64]:
    """The same for cubic convolution (Keys 1981, a = -3/4, as OpenCV has it across)."""
    a, x = -0.75, np.abs(distance)
    near = ((a + 2) * x - (a + 3)) * x * x + 1
    far = ((a * x - 5 * a) * x + 8 * a) * x - 4 * a
    return np.where(x <= 1, near, np.where(x < 2, far, 0))


def _row_weights(
    rows: int,
    height: int,
    top: int,
    bottom: int,
    kernel: Callable[[NDArray[np.float64]], NDArray[np.float64]],
) -> tuple[NDArray[np.float32], slice]:
    """How `rows` rows enlarged to `height` make up the rows `top`..`bottom`.

    Returns:
        A matrix, (bottom - top) x n, and the n rows it is to be multiplied with. What lies beyond
        the border is the border's own row.
    """
    at = (np.arange(top, bottom, dtype=np.float64) + 0.5) * (rows / height) - 0.5
    taps = np.arange(math.floor(at[0]) - 1, math.floor(at[-1]) + 3)
    weights = kernel(at[:, None] - taps.astype(np.float64))
    inside = np.clip(taps, 0, rows - 1)
    first, last = int(inside[0]), int(inside[-1])
    matrix = np.zeros((len(at), last - first + 1), np.float32)
    for tap, row in enumerate(inside - first):
        matrix[:, row] += weights[:, tap]
    return matrix, slice(first, last + 1)


def _affine_model(photo: FloatImage, look: FloatImage) -> tuple[FloatImage, FloatImage, FloatImage]:
    """Gain and offset of the window around every pixel, each averaged over its windows, and the
    remainder; band by band, so that what is computed on the way stays in the cache."""
    gain, offset, remainder = (np.empty_like(photo) for _ in range(3))
    halo = 2 * RADIUS
    for top in range(0, len(photo), BAND):
        bottom = min(top + BAND, len(photo))
        first, last = max(0, top - halo), min(bottom + halo, len(photo))
        part, its_look = photo[first:last], look[first:last]
        kept = slice(top - first, bottom - first)
        a, b = (z[kept] for z in _affine_band(part, its_look))
        gain[top:bottom], offset[top:bottom] = a, b
        explained = a * part[kept]
        explained += b
        np.subtract(its_look[kept], explained, out=remainder[top:bottom])
    return gain, offset, remainder


def _affine_band(photo: FloatImage, look: FloatImage) -> tuple[FloatImage, FloatImage]:
    """Gain and offset of a picture taken as a whole."""

    def mean(z: FloatImage) -> FloatImage:
        side = 2 * RADIUS + 1
        smooth = cv2.blur(z, (side, side), borderType=cv2.BORDER_REFLECT)
        return np.asarray(smooth, np.float32).reshape(z.shape)

    mean_photo, mean_look = mean(photo), mean(look)
    covariance = mean(photo * look)
    covariance -= mean_photo * mean_look
    variance = mean(photo * photo)
    variance -= mean_photo * mean_photo
    variance += np.float32(REGULARISATION)
    covariance /= variance
    mean_look -= covariance * mean_photo
    return mean(covariance), mean(mean_look)
