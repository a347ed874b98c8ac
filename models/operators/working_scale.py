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

from collections.abc import Callable

import cv2
import numpy as np

from models.operators.base import WORKING_LONG_EDGE, FloatImage

RADIUS = 2
"""Half the side of the affine model's windows, in pixels of the reduced copy."""

REGULARISATION = 1e-4
"""Variance (range 0..1, squared) below which a window counts as flat."""

BAND = 256
"""Rows of the full picture that are worked on at a time."""


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
    gain, offset = _affine_model(small, small_look)
    remainder = small_look - (gain * small + offset)
    height, width = photo.shape[:2]
    sy, sx = small.shape[0] / height, small.shape[1] / width
    look = np.empty_like(photo)
    for y in range(0, height, BAND):
        rows = min(BAND, height - y)
        centres = np.array([[sx, 0, 0.5 * sx - 0.5], [0, sy, (y + 0.5) * sy - 0.5]])

        def enlarge(
            z: FloatImage, how: int, centres: np.ndarray = centres, rows: int = rows
        ) -> FloatImage:
            flags = how | cv2.WARP_INVERSE_MAP
            enlarged = cv2.warpAffine(
                z, centres, (width, rows), flags=flags, borderMode=cv2.BORDER_REPLICATE
            )
            return np.asarray(enlarged, np.float32)

        band = look[y : y + rows]
        np.multiply(enlarge(gain, cv2.INTER_LINEAR), photo[y : y + rows], out=band)
        band += enlarge(offset, cv2.INTER_LINEAR)
        band += enlarge(remainder, cv2.INTER_CUBIC)
    return look


def _affine_model(photo: FloatImage, look: FloatImage) -> tuple[FloatImage, FloatImage]:
    """Gain and offset of the window around every pixel, each averaged over its windows."""

    def mean(z: FloatImage) -> FloatImage:
        side = 2 * RADIUS + 1
        smooth = cv2.blur(z, (side, side), borderType=cv2.BORDER_REFLECT)
        return np.asarray(smooth, np.float32).reshape(z.shape)

    mean_photo, mean_look = mean(photo), mean(look)
    covariance = mean(photo * look) - mean_photo * mean_look
    variance = mean(photo * photo) - mean_photo * mean_photo
    gain = np.asarray(covariance / (variance + np.float32(REGULARISATION)), np.float32)
    offset = mean_look - gain * mean_photo
    return mean(gain), mean(offset)
