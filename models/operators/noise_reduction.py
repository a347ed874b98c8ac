"""Noise reduction: guided filtering of luma and, more, of chroma.

The self-guided filter (He, Sun and Tang 2013) of small windows: what varies less than noise does is
smoothed, edges stay. Chroma, whose noise is coarser and whose detail is seen less, is smoothed in
larger windows.
"""

from __future__ import annotations

import numpy as np

from models.operators.base import Operator
from models.operators.colour_space import Float, transform
from models.operators.full_size import guided_coefficients, in_bands
from models.operators.images import FloatImage

LUMA_RADIUS, CHROMA_RADIUS = 0.0012, 0.003
"""Half the windows' sides, as shares of the long edge; at least a pixel."""

LUMA_NOISE, CHROMA_NOISE = 0.04, 0.05
"""Standard deviations of encoded values below which windows count as flat."""

_OPPONENT = np.array(
    [[0.2126, 0.7152, 0.0722], [0.5, -0.4542, -0.0458], [-0.1146, -0.3854, 0.5]], np.float32
)
"""Luma, red and blue difference (ITU-R BT.709)."""

_RGB = np.linalg.inv(_OPPONENT.astype(np.float64)).astype(np.float32)


def _smooth(planes: Float, radius: int, noise: float) -> Float:
    a, b = guided_coefficients(planes, radius, noise**2)
    return a * planes + b


def render(photo: FloatImage, strength: float, long_edge: int) -> FloatImage:
    """The look, see `base.Operator`."""
    fine, coarse = (max(1, round(share * long_edge)) for share in (LUMA_RADIUS, CHROMA_RADIUS))

    def smoothed(part: FloatImage) -> FloatImage:
        planes = transform(part, _OPPONENT)
        planes[..., :1] = _smooth(np.ascontiguousarray(planes[..., :1]), fine, LUMA_NOISE)
        planes[..., 1:] = _smooth(np.ascontiguousarray(planes[..., 1:]), coarse, CHROMA_NOISE)
        look = transform(planes, _RGB)
        look -= part
        look *= np.float32(strength)
        look += part
        return look

    return in_bands(smoothed, photo, 2 * coarse + 1)


OPERATOR = Operator(
    id="noise-reduction",
    name="Noise",
    family="finish",
    summary="Smooths noise, in colour most; edges stay sharp.",
    algorithm="guided filter of luma and chroma",
    render=render,
    default_strength=0.5,
    linear=True,
    margin=0.01,
)
