"""Highlights: a gain where the surroundings are bright.

The exposure of every place is changed by up to `MOST` stops, as far as an edge-preserving base of
the luma (the guided filter, He, Sun and Tang 2013) says that it is bright: texture keeps its
contrast, as in the zones of dodging and burning. The gain acts on linear light, with the shoulder
of *Exposure*: nothing is clipped to white.
"""

from __future__ import annotations

from models.operators.base import Operator
from models.operators.images import FloatImage
from models.operators.tone import BASE_RADIUS, dodged, smoothstep

MOST = 1.5
"""Stops at full strength."""

FROM = 0.35
"""Encoded tone of the base from which a place counts as bright."""


def render(photo: FloatImage, strength: float, long_edge: int) -> FloatImage:
    """The look, see `base.Operator`."""
    return dodged(photo, long_edge, MOST * strength, lambda base: smoothstep(base, FROM, 1.0))


OPERATOR = Operator(
    id="highlights",
    name="Highlights",
    family="light",
    summary="Brings back what is bright, such as skies, or brightens it; the dark stays as it is.",
    algorithm="gain in linear light, weighted by a guided-filter base",
    render=render,
    default_strength=0.5,
    minimum=-1.0,
    margin=2 * BASE_RADIUS + 0.003,
)
