"""Contrast: a logistic curve of the odds about middle grey.

With the odds o = t / (1 - t) of an encoded tone, the look's odds are o_m (o / o_m)^g, where o_m are
those of middle grey: the log-logistic response of photoreceptors (Naka and Rushton 1966; in
photography Reinhard and Devlin 2005). Black and white stay where they are and nothing is clipped;
at +1 the slope at middle grey is doubled, at -1 halved. The hue is kept (`tone.with_curve`).
"""

from __future__ import annotations

import numpy as np

from models.operators.base import Operator
from models.operators.colour_space import Float
from models.operators.images import FloatImage
from models.operators.tone import with_curve

MIDDLE = 0.4613
"""Encoded tone of middle grey, 18 % of white's light."""


def curve(tone: Float, strength: float) -> Float:
    """Encoded tones (any shape, 0..1) with more contrast (strength > 0) or less."""
    slope = 2.0**strength
    middle = np.float32((MIDDLE / (1 - MIDDLE)) ** (1 - slope))
    tone = np.clip(tone, 0, 1)
    up = middle * np.power(tone, np.float32(slope))
    return np.asarray(up / (up + np.power(1 - tone, np.float32(slope))), np.float32)


def render(photo: FloatImage, strength: float, long_edge: int) -> FloatImage:
    """The look, see `base.Operator`."""
    return with_curve(photo, lambda tone: curve(tone, strength))


OPERATOR = Operator(
    id="contrast",
    name="Contrast",
    family="light",
    summary="Sets light and dark further apart, or closer together, about middle grey.",
    algorithm="log-logistic tone curve",
    render=render,
    default_strength=0.3,
    minimum=-1.0,
    margin=0.0,
)
