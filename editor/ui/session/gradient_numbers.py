"""Gradients as the numbers that sliders show, and back. Free of widgets."""

from __future__ import annotations

import math
from dataclasses import replace

from editor.engine.mask_parts import SMALLEST_RADIUS, LinearGradient, RadialGradient

Size = tuple[int, int]
"""Width and height of the photo in pixels."""


def numbers(shape: LinearGradient | RadialGradient, size: Size) -> dict[str, float]:
    """What describes a gradient.

    Returns:
        ``across`` and ``down``: its middle, in shares of the picture's sides; ``angle``: degrees,
        clockwise; of a linear one ``fade``: the way from full to nothing, in shares of the long
        edge; of a radial one ``width`` and ``height``, in shares of the sides, and ``feather``.
    """
    if isinstance(shape, RadialGradient):
        return {
            "across": shape.centre[0],
            "down": shape.centre[1],
            "width": 2 * shape.radii[0],
            "height": 2 * shape.radii[1],
            "angle": shape.angle,
            "feather": shape.feather,
        }
    along, aside = _way(shape, size)
    return {
        "across": (shape.start[0] + shape.end[0]) / 2,
        "down": (shape.start[1] + shape.end[1]) / 2,
        "angle": math.degrees(math.atan2(aside, along)),
        "fade": math.hypot(along, aside) / max(size),
    }


def with_number(
    shape: LinearGradient | RadialGradient, name: str, value: float, size: Size
) -> LinearGradient | RadialGradient:
    """The gradient with another value of one of its `numbers`."""
    if isinstance(shape, RadialGradient):
        if name in ("across", "down"):
            centre = (value, shape.centre[1]) if name == "across" else (shape.centre[0], value)
            return replace(shape, centre=centre)
        if name in ("width", "height"):
            radius = max(value / 2, SMALLEST_RADIUS)
            radii = (radius, shape.radii[1]) if name == "width" else (shape.radii[0], radius)
            return replace(shape, radii=radii)
        return replace(shape, angle=value) if name == "angle" else replace(shape, feather=value)
    known = numbers(shape, size) | {name: value}
    turned, half = math.radians(known["angle"]), known["fade"] * max(size) / 2
    across, down = half * math.cos(turned) / size[0], half * math.sin(turned) / size[1]
    x, y = known["across"], known["down"]
    return LinearGradient(_rounded(x - across, y - down), _rounded(x + across, y + down))


def _way(shape: LinearGradient, size: Size) -> tuple[float, float]:
    """From the start to the end, in pixels."""
    (x, y), (to_x, to_y) = shape.start, shape.end
    return (to_x - x) * size[0], (to_y - y) * size[1]


def _rounded(x: float, y: float) -> tuple[float, float]:
    return round(x, 5), round(y, 5)
