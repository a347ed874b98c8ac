"""Whites: where the brightest tones lie.

A cubic curve of encoded tones by its Bernstein ordinates (`tone.bernstein`). Upwards the third one
rises: bright tones come close to white, and white stays white. Downwards the last one falls: white
itself darkens. The ordinates always rise, so nothing is clipped. The hue is kept.
"""

from __future__ import annotations

from models.operators.base import Operator
from models.operators.images import FloatImage
from models.operators.tone import bernstein, with_curve

UP = 0.27
"""How far the third ordinate rises at +1."""

DOWN = 0.25
"""How far white falls at -1."""


def render(photo: FloatImage, strength: float, long_edge: int) -> FloatImage:
    """The look, see `base.Operator`."""
    third, last = 2 / 3 + UP * max(strength, 0), 1 + DOWN * min(strength, 0)
    return with_curve(photo, lambda tone: bernstein(tone, (0, 1 / 3, third, last)))


OPERATOR = Operator(
    id="whites",
    name="Whites",
    family="light",
    summary="Moves the brightest tones towards white, or white itself down; nothing is clipped.",
    algorithm="cubic tone curve at the bright end",
    render=render,
    default_strength=0.5,
    minimum=-1.0,
    margin=0.0,
)
