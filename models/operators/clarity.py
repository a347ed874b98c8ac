"""Clarity: local contrast of the middle tones.

What the luma has beside an edge-preserving base (the guided filter, as in section 4.2 of He, Sun
and Tang 2013) is made stronger or weaker, most in the middle tones and not at all at black and
white. The base follows edges, so they get no halos; the colour differences stay.
"""

from __future__ import annotations

import numpy as np

from models.operators.base import Operator
from models.operators.colour_space import Float
from models.operators.images import FloatImage
from models.operators.tone import BASE_RADIUS, with_base

AMOUNT = 1.0
"""How much of the detail is added in the middle tones at +1."""


def render(photo: FloatImage, strength: float, long_edge: int) -> FloatImage:
    """The look, see `base.Operator`."""

    def clearer(part: FloatImage, tone: Float, base: Float) -> FloatImage:
        middle = 4 * tone * (1 - tone)
        added = (tone - base) * middle * np.float32(AMOUNT * strength)
        return np.asarray(part + added[..., None], np.float32)

    return with_base(photo, long_edge, clearer)


OPERATOR = Operator(
    id="clarity",
    name="Clarity",
    family="light",
    summary="Gives the middle tones more local contrast, or a soft haze.",
    algorithm="detail of a guided-filter base",
    render=render,
    default_strength=0.5,
    minimum=-1.0,
    linear=True,
    margin=2 * BASE_RADIUS + 0.003,
)
