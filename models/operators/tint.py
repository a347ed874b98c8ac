"""Tint: the photo's light towards magenta or green, see `white_balance`."""

from __future__ import annotations

from models.operators.base import Operator
from models.operators.images import FloatImage
from models.operators.white_balance import balance


def render(photo: FloatImage, strength: float, long_edge: int) -> FloatImage:
    """The look, see `base.Operator`."""
    return balance(photo, 0.0, strength)


OPERATOR = Operator(
    id="tint",
    name="Tint",
    family="colour",
    summary="Takes a green cast away, or a magenta one, as a camera's white balance does.",
    algorithm="Bradford adaptation across the Planckian locus",
    render=render,
    default_strength=0.2,
    minimum=-1.0,
    margin=0.0,
)
