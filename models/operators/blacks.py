"""Blacks: where the darkest tones lie.

A cubic curve of encoded tones by its Bernstein ordinates (`tone.bernstein`). Downwards the second
one falls: dark tones come close to black, and black stays black. Upwards the first one rises: black
itself becomes grey, as in a faded print. The ordinates always rise, so nothing is clipped. The hue
is kept.
"""

from __future__ import annotations

from models.operators.base import Operator
from models.operators.images import FloatImage
from models.operators.tone import bernstein, with_curve

DOWN = 0.27
"""How far the second ordinate falls at -1."""

UP = 0.15
"""How far black rises at +1."""


def render(photo: FloatImage, strength: float, long_edge: int) -> FloatImage:
    """The look, see `base.Operator`."""
    first, second = UP * max(strength, 0), 1 / 3 + DOWN * min(strength, 0)
    return with_curve(photo, lambda tone: bernstein(tone, (first, second, 2 / 3, 1)))


OPERATOR = Operator(
    id="blacks",
    name="Blacks",
    family="light",
    summary="Moves the darkest tones towards black, or black itself up; nothing is clipped.",
    algorithm="cubic tone curve at the dark end",
    render=render,
    default_strength=0.5,
    minimum=-1.0,
    margin=0.0,
)
