"""Vignette: corners darker, or lighter, as lenses make them.

The light falls off with the fourth power of the cosine of the angle to the axis (the natural
vignetting of a lens; Aggarwal, Hua and Ahuja 2001), scaled so that the corners lose `MOST` stops at
-1. Upwards it is the inverse, which takes a lens's own away, with the shoulder of *Exposure*.
"""

from __future__ import annotations

import numpy as np

from models.operators.base import Operator
from models.operators.colour_space import to_linear, to_srgb
from models.operators.full_size import bands
from models.operators.images import FloatImage
from models.operators.tone import brightened

MOST = 2.0
"""Stops in the corners at -1 and +1."""


def render(photo: FloatImage, strength: float, long_edge: int) -> FloatImage:
    """The look, see `base.Operator`."""
    height, width = photo.shape[:2]
    y = (np.arange(height, dtype=np.float32) + np.float32(0.5)) / height * 2 - 1
    x = (np.arange(width, dtype=np.float32) + np.float32(0.5)) / width * 2 - 1
    corner = height * height + width * width
    across = np.square(x) * np.float32(width * width / corner)
    look = np.empty_like(photo)
    for top, bottom in bands(height, width):
        down = np.square(y[top:bottom]) * np.float32(height * height / corner)
        # 1 in the corners. cos^4 = 1 / (1 + tan^2)^2, with the tangent at the corner set by MOST.
        distance = down[:, None] + across[None]
        tangent = np.float32(2 ** (MOST / 2) - 1)
        gain = np.power(1 + tangent * distance, np.float32(2 * strength))
        look[top:bottom] = to_srgb(brightened(to_linear(photo[top:bottom]), gain[..., None]))
    return look


OPERATOR = Operator(
    id="vignette",
    name="Vignette",
    family="finish",
    summary="Darkens the corners, or brightens them.",
    algorithm="cosine-fourth falloff in linear light",
    render=render,
    default_strength=-0.5,
    minimum=-1.0,
)
