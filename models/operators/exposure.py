"""Exposure: gain in linear light, with a highlight shoulder that never clips.

Up to `KNEE` the light is multiplied by exactly 2^EV. Above it a rational shoulder rolls off to
white: with white mapped to white, tangent to the gain at the knee and equal to the identity at
0 EV, it is strictly increasing in the light and in the exposure. Lowering the exposure is plain
gain, so that white darkens.

The curve is applied to the largest and the smallest of R, G and B, and the middle one keeps its
place between them. So the hue (of HSV, in linear light) stays, and colours that reach into the
shoulder pale gracefully towards white instead of turning, as they do when the channels are
treated one by one. Since a tint of constant HSV hue looks a little purple in blues and pink in
oranges (the Abney effect), a small share of the channel-wise result is mixed in, which keeps the
hue that is seen.
"""

from __future__ import annotations

import numpy as np

from models.operators.base import Operator
from models.operators.colour_space import Float, extremes, to_linear, to_srgb
from models.operators.full_size import in_bands
from models.operators.images import FloatImage

KNEE = 0.5
"""Linear light (after the gain) up to which brightening is exact; 0.735 in sRGB-encoded values."""

ABNEY = 0.12
"""Share of the channel-wise curve. Over photographs at +1..+3 EV it gives the smallest hue shift
in Oklab (Ottosson 2020): less than half of that of the hue-preserving curve alone."""


def curve(light: Float, ev: float) -> Float:
    """Linear light (any shape, 0..1) exposed by `ev` stops: 0..1, strictly increasing.

    With gain g, u = g * light and v = (u - KNEE) / (1 - KNEE), the shoulder is
    KNEE + (1 - KNEE) * v / (1 + v * (g - 1) / (g - KNEE)), which is 1 where light is 1.
    """
    gain = 2.0**ev
    exposed = light * np.float32(gain)
    if gain > 1:
        above = (exposed - np.float32(KNEE)) * np.float32(1 / (1 - KNEE))
        np.maximum(above, 0, out=above)
        bend = above * np.float32((gain - 1) / (gain - KNEE))
        bend += 1
        above /= bend
        above *= np.float32(1 - KNEE)
        np.minimum(exposed, np.float32(KNEE), out=exposed)
        exposed += above
    return exposed


def expose(photo: FloatImage, ev: float) -> FloatImage:
    """A photo (H x W x 3, sRGB-encoded, 0..1) exposed by `ev` stops, hue kept."""
    light = to_linear(photo)
    if ev <= 0:
        light *= np.float32(2.0**ev)
        return to_srgb(light)
    least, most = extremes(light)
    low = curve(least, ev)
    slope = curve(most, ev) - low
    spread = most - least
    # A grey has no middle channel to place: any finite slope will do.
    slope /= np.maximum(spread, np.float32(1e-12))
    exposed = curve(light, ev)
    exposed *= np.float32(ABNEY)
    light -= least[..., None]
    light *= slope[..., None]
    light += low[..., None]
    light *= np.float32(1 - ABNEY)
    light += exposed
    return to_srgb(light)


def render(photo: FloatImage, strength: float, long_edge: int) -> FloatImage:
    """The look, see `base.Operator`; the strength is the exposure value in stops."""
    return in_bands(lambda part: expose(part, strength), photo)


OPERATOR = Operator(
    id="exposure",
    name="Exposure",
    family="application",
    summary="Brightens or darkens in stops, like the camera; highlights roll off, never clip.",
    algorithm="gain in linear light with a highlight shoulder",
    render=render,
    default_strength=1.0,
    minimum=-3.0,
    maximum=3.0,
    neutral=0.0,
    margin=0.0,
    in_stops=True,
)
