"""Vibrance: pale colours become stronger, strong ones hardly.

As *Saturation*, but the gain falls with how far a colour is from grey already: with the distance r
(0 grey, 1 the border of what RGB can show) it is 1 + strength (1 - r)^2.
"""

from __future__ import annotations

import numpy as np

from models.operators.base import Operator
from models.operators.images import FloatImage
from models.operators.tone import with_chroma


def render(photo: FloatImage, strength: float, long_edge: int) -> FloatImage:
    """The look, see `base.Operator`."""
    return with_chroma(photo, lambda reach: 1 + np.float32(strength) * np.square(1 - reach))


OPERATOR = Operator(
    id="vibrance",
    name="Vibrance",
    family="colour",
    summary="Makes pale colours stronger, or paler, and leaves strong ones as they are.",
    algorithm="chroma gain that falls with the saturation",
    render=render,
    default_strength=0.5,
    minimum=-1.0,
    margin=0.0,
)
