"""Temperature: the photo's light warmer or cooler, see `white_balance`."""

from __future__ import annotations

from models.operators.base import Operator
from models.operators.images import FloatImage
from models.operators.white_balance import balance


def render(photo: FloatImage, strength: float, long_edge: int) -> FloatImage:
    """The look, see `base.Operator`."""
    return balance(photo, strength, 0.0)


OPERATOR = Operator(
    id="temperature",
    name="Temperature",
    family="colour",
    summary="Makes the light warmer, or cooler, as a camera's white balance does.",
    algorithm="Bradford adaptation along the Planckian locus",
    render=render,
    default_strength=0.2,
    minimum=-1.0,
    margin=0.0,
)
