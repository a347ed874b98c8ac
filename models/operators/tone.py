"""What the light and colour adjustments share: curves that keep the hue, gain that never clips.

`with_curve` applies a curve of encoded tones to the largest and the smallest of R, G and B; the
middle one keeps its place between them, so that the hue (of HSV) stays: as in the tone curves of
the DNG reference implementation (Adobe DNG SDK, `RefBaselineRGBTone`).
"""

from __future__ import annotations

from collections.abc import Callable, Sequence

import numpy as np

from models.operators.colour_space import Float, extremes, luma, to_linear, to_srgb
from models.operators.exposure import KNEE
from models.operators.full_size import (
    REDUCED_LONG_EDGE,
    bands,
    enlarged_rows,
    guided_coefficients,
    in_bands,
    reduce,
)
from models.operators.images import FloatImage

BASE_RADIUS = 0.03
"""Half the window of `base_rows`, as a share of the long edge."""

BASE_EPSILON = 0.15**2
"""Contrast (squared, of encoded values) below which structure is not in the base."""


def with_curve(photo: FloatImage, curve: Callable[[Float], Float]) -> FloatImage:
    """A photo (H x W x 3, encoded) with its tones changed and its hues kept.

    Args:
        curve: encoded tones (any shape, 0..1) to tones; never falling.
    """

    def toned(part: FloatImage) -> FloatImage:
        least, most = extremes(part)
        low, spread = curve(least), most - least
        slope = curve(most) - low
        # A grey has no middle channel to place: any finite slope will do.
        slope /= np.maximum(spread, np.float32(1e-12))
        look = (part - least[..., None]) * slope[..., None]
        look += low[..., None]
        return look

    return in_bands(toned, photo)


def bernstein(tone: Float, ordinates: Sequence[float]) -> Float:
    """A cubic polynomial of tones (any shape, 0..1) by its four Bernstein ordinates.

    (0, 1/3, 2/3, 1) is the identity. Where the ordinates rise, the curve rises strictly (Farin,
    "Curves and Surfaces for CAGD", chapter 5), so that nothing is clipped to one tone.
    """
    a, b, c, d = (np.float32(value) for value in ordinates)
    cubic, square, linear = d - a + 3 * (b - c), 3 * (a - 2 * b + c), 3 * (b - a)
    result: Float = tone * cubic
    result += square
    result *= tone
    result += linear
    result *= tone
    result += a
    return result


def brightened(light: Float, gain: Float | np.float32) -> Float:
    """Linear light (0..1) times a gain (broadcast), with the shoulder of `exposure.curve`.

    A gain of 1 or less only darkens; with more, white stays white and everything below stays below.
    """
    raised = np.maximum(gain, np.float32(1))
    exposed: Float = light * gain
    above = np.maximum(exposed - np.float32(KNEE), np.float32(0)) * np.float32(1 / (1 - KNEE))
    above /= 1 + above * ((raised - np.float32(1)) / (raised - np.float32(KNEE)))
    above *= np.float32(1 - KNEE)
    np.minimum(exposed, np.float32(KNEE), out=exposed)
    exposed += above
    return exposed


def with_base(
    photo: FloatImage, long_edge: int, function: Callable[[FloatImage, Float, Float], FloatImage]
) -> FloatImage:
    """`function` of each band of a photo, its luma and an edge-preserving base of its luma.

    The base is the self-guided filter (He, Sun and Tang 2013) of the luma, computed on a reduced
    copy (He and Sun 2015).

    Args:
        photo: H x W x 3, encoded.
        function: photo (h x W x 3), luma and base (h x W each) to look (h x W x 3).
    """
    height, width = photo.shape[:2]
    small = luma(reduce(photo, long_edge))
    radius = max(1, round(BASE_RADIUS * min(long_edge, REDUCED_LONG_EDGE)))
    maps = np.stack(guided_coefficients(small, radius, BASE_EPSILON), axis=-1)
    look = np.empty_like(photo)
    for top, bottom in bands(height, width):
        part = photo[top:bottom]
        tone = luma(part)
        ab = enlarged_rows(maps, (height, width), top, bottom)
        look[top:bottom] = function(part, tone, ab[..., 0] * tone + ab[..., 1])
    return look


def dodged(
    photo: FloatImage, long_edge: int, stops: float, share: Callable[[Float], Float]
) -> FloatImage:
    """A photo (H x W x 3, encoded) with the exposure of its places changed, texture and all.

    Args:
        stops: the most that it changes by, in linear light; see `brightened`.
        share: the base (see `with_base`) to the share of it, 0..1, that a place gets.
    """

    def exposed(part: FloatImage, tone: Float, base: Float) -> FloatImage:
        gain = np.exp2(share(base) * np.float32(stops))
        return to_srgb(brightened(to_linear(part), gain[..., None]))

    return with_base(photo, long_edge, exposed)


def smoothstep(values: Float, low: float, high: float) -> Float:
    """0 up to `low`, 1 from `high`, and a smooth cubic between."""
    t = np.clip((values - np.float32(low)) * np.float32(1 / (high - low)), 0, 1)
    return np.asarray(t * t * (3 - 2 * t), np.float32)


def with_chroma(photo: FloatImage, scale: Callable[[Float], Float]) -> FloatImage:
    """A photo (H x W x 3, encoded) with each colour moved away from, or towards, its grey.

    How far a colour is on its way from grey (0) to the border of what RGB can show (1) decides how
    far it goes: by the factor k, ``k r / (1 + (k - 1) r)`` where that is more than before, so that
    different colours stay different and none is clipped.

    Args:
        scale: those distances (H x W) to factors, 0 or more.
    """

    def moved(part: FloatImage) -> FloatImage:
        grey = luma(part)
        least, most = extremes(part)
        tiny = np.float32(1e-6)
        reach = np.maximum(
            (most - grey) / np.maximum(1 - grey, tiny), (grey - least) / np.maximum(grey, tiny)
        )
        np.clip(reach, 0, 1, out=reach)
        factor = scale(reach)
        factor /= 1 + np.maximum(factor - 1, 0) * reach
        look = part - grey[..., None]
        look *= factor[..., None]
        look += grey[..., None]
        return look

    return in_bands(moved, photo)
