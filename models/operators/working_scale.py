"""Looks of large pictures: computed at the working scale, carried to full size along the edges.

Smoothing, drawing and detail operators are defined on pictures of at most `WORKING_LONG_EDGE`
pixels; on a 24-megapixel photo their pixel-sized parameters would do next to nothing, and some
would take minutes. So the look is computed on a reduced copy and described there as a local affine
function of the photo, ``look = a * photo + b`` in every small window (the guided filter of He, Sun
and Tang 2013; carried to full size as in the fast guided filter, He and Sun 2015), where `b` also
holds what the photo does not explain, such as pencil strokes. The functions enlarge well; applied
to the full photo they follow its edges. A preview and an export of the same photo share the reduced
copy, hence the look.
"""

from __future__ import annotations

import math
from collections.abc import Callable

import cv2
import numpy as np
from numpy.typing import NDArray

from models.operators.images import FloatImage, Image, to_float

WORKING_LONG_EDGE = 1152
"""Long edge, in pixels, up to which operators with a working scale run on the picture itself.
A larger picture is reduced to it first and the look is carried back to full size along the
picture's own edges (`transfer`), so that a preview and an export agree."""

RADIUS = 2
"""Half the side of the affine model's windows, in pixels of the reduced copy."""

REGULARISATION = 1e-4
"""Variance (range 0..1, squared) below which a window counts as flat."""

BAND = 64
"""Rows of the reduced copy that are worked on at a time: few enough to stay in the cache."""


def render_at_working_scale(
    render: Callable[[FloatImage, float, int], FloatImage],
    photo: Image,
    strength: float,
    long_edge: int,
) -> Image:
    """The look of a photo larger than the working scale.

    Args:
        render: the operator's own function, see `Operator.render`.
        photo: H x W x 3 uint8 or float32.
        strength: passed on.
        long_edge: of the whole picture that `photo` is a part of; above `WORKING_LONG_EDGE`.

    Returns:
        H x W x 3 of the photo's number format, clipped to its range.
    """
    scale = WORKING_LONG_EDGE / long_edge
    height, width = (max(1, round(n * scale)) for n in photo.shape[:2])
    reduced = cv2.resize(photo, (width, height), interpolation=cv2.INTER_AREA)
    small = to_float(reduced.reshape(height, width, 3))  # type: ignore[arg-type]
    look = render(small, strength, WORKING_LONG_EDGE)
    return transfer(photo, small, np.asarray(look, np.float32))


def transfer(photo: Image, small: FloatImage, small_look: FloatImage) -> Image:
    """Carry a look from a reduced copy to the full photo.

    The functions are enlarged across first; then each row of the full picture is mixed from the
    few that are nearest to it and applied while it is in the processor's cache. No plane of the
    full size is made but the look itself.

    Args:
        photo: H x W x 3 uint8 or float32.
        small: h x w x 3 float32, 0..1: the photo reduced.
        small_look: h x w x 3 float32, its look.

    Returns:
        H x W x 3, the full photo's look in the photo's number format, clipped to its range.
    """
    gain, offset = _affine_model(small, small_look)
    rows, (height, width) = small.shape[0], photo.shape[:2]
    depth = cv2.CV_32F
    if photo.dtype == np.uint8:
        depth = cv2.CV_8U
        offset *= np.float32(255)

    def widen(z: FloatImage, how: int) -> list[NDArray[np.float32]]:
        wide = np.asarray(cv2.resize(z, (width, rows), interpolation=how), np.float32)
        return list(wide.reshape(rows, 1, -1))

    gains, offsets = widen(gain, cv2.INTER_LINEAR), widen(offset, cv2.INTER_CUBIC)
    look = np.empty(photo.shape, photo.dtype)
    mixed, added = (np.empty((1, 3 * width), np.float32) for _ in range(2))
    places = (np.arange(height) + 0.5) * (rows / height) - 0.5
    for place, row, result in zip(
        places.tolist(), photo.reshape(height, 1, -1), look.reshape(height, 1, -1), strict=True
    ):
        above = math.floor(place)
        share = place - above
        a, b, c, d = (min(max(y, 0), rows - 1) for y in range(above - 1, above + 3))
        cv2.addWeighted(gains[b], 1 - share, gains[c], share, 0, dst=mixed)
        cv2.multiply(mixed, row, dst=mixed, dtype=cv2.CV_32F)  # type: ignore[call-overload]
        wa, wb, wc, wd = _cubic_weights(share)
        cv2.addWeighted(offsets[a], wa, offsets[b], wb, 0, dst=added)
        cv2.scaleAdd(offsets[c], wc, added, dst=added)
        cv2.scaleAdd(offsets[d], wd, added, dst=added)
        cv2.add(mixed, added, dst=result, dtype=depth)
    if depth == cv2.CV_32F:
        np.clip(look, 0, 1, out=look)
    return look


def _cubic_weights(share: float) -> tuple[float, float, float, float]:
    """Of four rows, for a place that is `share` of the way from the second to the third: cubic
    convolution (Keys 1981) with a = -3/4, as OpenCV has it across."""
    a, t, u = -0.75, share, 1 - share
    outer = a * t * u * u, a * u * t * t
    inner = ((a + 2) * t - (a + 3)) * t * t + 1, ((a + 2) * u - (a + 3)) * u * u + 1
    return outer[0], inner[0], inner[1], outer[1]


def _affine_model(photo: FloatImage, look: FloatImage) -> tuple[FloatImage, FloatImage]:
    """Gain of the windows around every pixel, averaged over them, and what is to be added to
    ``gain * photo`` for the look: the windows' offsets and the remainder together. Band by band,
    so that what is computed on the way stays in the cache."""
    gain, offset = np.empty_like(photo), np.empty_like(photo)
    halo = 2 * RADIUS
    for top in range(0, len(photo), BAND):
        bottom = min(top + BAND, len(photo))
        first, last = max(0, top - halo), min(bottom + halo, len(photo))
        kept = slice(top - first, bottom - first)
        gain[top:bottom] = _gain(photo[first:last], look[first:last])[kept]
        np.multiply(gain[top:bottom], photo[top:bottom], out=offset[top:bottom])
        np.subtract(look[top:bottom], offset[top:bottom], out=offset[top:bottom])
    return gain, offset


def _gain(photo: FloatImage, look: FloatImage) -> FloatImage:
    """Gain of a picture taken as a whole."""

    def mean(z: FloatImage) -> FloatImage:
        side = 2 * RADIUS + 1
        smooth = cv2.blur(z, (side, side), borderType=cv2.BORDER_REFLECT)
        return np.asarray(smooth, np.float32).reshape(z.shape)

    mean_photo = mean(photo)
    covariance = mean(photo * look)
    covariance -= mean_photo * mean(look)
    variance = mean(photo * photo)
    mean_photo *= mean_photo
    variance -= mean_photo
    variance += np.float32(REGULARISATION)
    covariance /= variance
    return mean(covariance)
