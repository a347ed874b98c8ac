"""Sharpening: unsharp masking of the luma, cored and limited.

What the luma has beside its Gaussian blur is added to it. Small differences are noise and are left
out (coring, as in adaptive unsharp masking, Polesel, Ramponi and Mathews 2000), large ones are
edges that are sharp already and get no more than `LIMIT`, so that no halos appear.
"""

from __future__ import annotations

import math

import cv2
import numpy as np

from models.operators.base import Operator
from models.operators.colour_space import luma
from models.operators.full_size import in_bands
from models.operators.images import FloatImage

SIGMA = 0.0006
"""Standard deviation of the blur, as a share of the long edge; at least half a pixel."""

AMOUNT = 2.0
"""How much of the difference is added at full strength."""

NOISE = 0.012
"""Encoded difference of which half is taken for noise."""

LIMIT = 0.1
"""Encoded difference that is never exceeded by what is added."""


def render(photo: FloatImage, strength: float, long_edge: int) -> FloatImage:
    """The look, see `base.Operator`."""
    sigma = max(0.5, SIGMA * long_edge)
    halo = math.ceil(4 * sigma) + 1

    def sharpened(part: FloatImage) -> FloatImage:
        tone = luma(part)
        blurred = cv2.GaussianBlur(tone, (0, 0), sigma, borderType=cv2.BORDER_REFLECT)
        detail = tone - blurred.reshape(tone.shape)
        square = np.square(detail)
        detail *= square / (square + np.float32(NOISE**2)) * np.float32(AMOUNT)
        detail /= 1 + np.abs(detail) * np.float32(1 / LIMIT)
        return np.asarray(part + detail[..., None] * np.float32(strength), np.float32)

    return in_bands(sharpened, photo, halo)


OPERATOR = Operator(
    id="sharpening",
    name="Sharpening",
    family="finish",
    summary="Makes fine detail crisp; noise and strong edges are left alone.",
    algorithm="unsharp mask with coring",
    render=render,
    default_strength=0.5,
    linear=True,
    margin=0.006,
)
