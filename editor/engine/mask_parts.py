"""Masks as plain immutable data: brush strokes, gradients and grey pictures, one after the other.

Nothing here depends on the picture's size, so a mask means the same in the preview, in the export
and on another photo. `masks.rasterise` makes weights of it.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from enum import Enum
from typing import TypeAlias

import cv2
import numpy as np
from numpy.typing import NDArray

from editor.engine.edit_problems import EditError
from editor.messages import message

_FARTHEST = 100.0  # pictures away; what lies beyond is nothing that a hand put there
SMALLEST_RADIUS = 0.001
"""Of a radial gradient, in shares of the picture's side."""

Point: TypeAlias = tuple[float, float]


def _sound(*values: float, farthest: float = _FARTHEST) -> bool:
    return all(abs(value) <= farthest for value in values)  # false for NaN, too


def _shares(*values: float) -> bool:
    return all(0 <= value <= 1 for value in values)


@dataclass(frozen=True)
class Surface:
    """The colours of what a stroke was painted on, in OpenCV's 8-bit CIELAB (0..255 each).

    Attributes:
        centre: the middle of them.
        spread: how far they go from it.
    """

    centre: tuple[float, float, float]
    spread: tuple[float, float, float]

    def __post_init__(self) -> None:
        sound = all(0 <= v <= 255 for v in self.centre) and all(0 < v <= 255 for v in self.spread)
        if not (sound and len(self.centre) == len(self.spread) == 3):
            raise EditError(message("stroke-out-of-range"))


@dataclass(frozen=True)
class Stroke:
    """One stroke of the brush.

    Attributes:
        points: (x, y, pressure) each: x and y in shares of the picture's *long edge*, from its top
            left corner; pressure 0..1.
        size: diameter in shares of the long edge.
        softness: 0 (hard edge) to 1 (soft from the middle outwards).
        strength: 0..1, how much of the edit the stroke lets through.
        erase: takes away instead of adding, wherever it is brushed.
        stays: keeps to the surface it is painted on, along the photo's edges ("stay on skin").
        surface: the colours that it keeps to; None: those of the photo under it. With them the
            stroke means the same in every copy of the photo, however small.
    """

    points: tuple[tuple[float, float, float], ...]
    size: float = 0.05
    softness: float = 0.5
    strength: float = 1.0
    erase: bool = False
    stays: bool = False
    surface: Surface | None = None

    def __post_init__(self) -> None:
        if not _shares(self.softness, self.strength, *(p for _, _, p in self.points)):
            raise EditError(message("stroke-out-of-range"))
        if not _sound(*(v for x, y, _ in self.points for v in (x, y))):
            raise EditError(message("stroke-too-far"))
        if not 0 <= self.size <= _FARTHEST:
            raise EditError(message("brush-size", size=f"{self.size:g}"))


@dataclass(frozen=True)
class Brush:
    """What was painted.

    Attributes:
        strokes: painted one after the other; an erasing one takes away from those before it.
    """

    strokes: tuple[Stroke, ...] = ()

    @property
    def empty(self) -> bool:
        """Whether nothing is painted."""
        return all(stroke.erase for stroke in self.strokes)


@dataclass(frozen=True)
class LinearGradient:
    """Full on one side, fading to nothing on the other.

    Attributes:
        start, end: x in shares of the picture's width, y of its height. The weight is 1 at `start`
            and behind it, 0 at `end` and beyond, the same along lines at right angles to the way
            between them.
    """

    start: Point = (0.5, 0.0)
    end: Point = (0.5, 0.5)
    empty = False

    def __post_init__(self) -> None:
        if not _sound(*self.start, *self.end):
            raise EditError(message("gradient-out-of-range"))


@dataclass(frozen=True)
class RadialGradient:
    """Full inside an ellipse, fading to nothing at its rim.

    Attributes:
        centre: x in shares of the picture's width, y of its height.
        radii: half its axes, the one across in shares of the width and the one down of the height.
        angle: turns it clockwise, degrees.
        feather: 0 (hard rim) to 1 (fading from the centre).
    """

    centre: Point = (0.5, 0.5)
    radii: Point = (0.25, 0.25)
    angle: float = 0.0
    feather: float = 0.5
    empty = False

    def __post_init__(self) -> None:
        sound = _sound(*self.centre, *self.radii) and _sound(self.angle, farthest=360)
        if not (sound and min(self.radii) >= SMALLEST_RADIUS and _shares(self.feather)):
            raise EditError(message("gradient-out-of-range"))


@dataclass(frozen=True)
class GreyPicture:
    """A grey picture, stretched over the photo; the edit acts where it is white.

    Attributes:
        png: an 8-bit grey PNG.
    """

    png: bytes
    empty = False

    @staticmethod
    def of(grey: NDArray[np.uint8]) -> GreyPicture:
        """From an H x W uint8 picture. Raises EditError."""
        ok, data = cv2.imencode(".png", grey, [cv2.IMWRITE_PNG_COMPRESSION, 9])
        if not ok:
            raise EditError(message("mask-not-stored"))
        return GreyPicture(data.tobytes())


Shape: TypeAlias = Brush | LinearGradient | RadialGradient | GreyPicture


class How(Enum):
    """How a part of a mask goes together with those before it."""

    ADD = "add"
    SUBTRACT = "subtract"
    INTERSECT = "intersect"


@dataclass(frozen=True)
class MaskPart:
    """One part of a mask.

    Attributes:
        shape: where it is.
        how: what it does to the parts before it. One that takes away, as the first, takes away
            from the whole picture.
        inverted: it is where its shape is not.
        opacity: 0..1, how much of it counts.
    """

    shape: Shape
    how: How = How.ADD
    inverted: bool = False
    opacity: float = 1.0

    def __post_init__(self) -> None:
        if not _shares(self.opacity):
            raise EditError(message("opacity-out-of-range", opacity=f"{self.opacity:g}"))

    @property
    def empty(self) -> bool:
        """Whether it is nowhere."""
        return self.opacity == 0 or (self.shape.empty and not self.inverted)


@dataclass(frozen=True)
class Mask:
    """Where an edit acts.

    Attributes:
        parts: in order, each combined with what those before it give.
        inverted: the edit acts where the parts are not.
    """

    parts: tuple[MaskPart, ...] = ()
    inverted: bool = False

    @staticmethod
    def of(*shapes: Shape | MaskPart, inverted: bool = False) -> Mask:
        """A mask of shapes that add up, or of parts."""
        parts = tuple(s if isinstance(s, MaskPart) else MaskPart(s) for s in shapes)
        return Mask(parts, inverted)

    @staticmethod
    def painted(strokes: Iterable[Stroke]) -> Mask:
        """A mask that is painted with strokes."""
        return Mask.of(Brush(tuple(strokes)))

    @staticmethod
    def from_picture(grey: NDArray[np.uint8]) -> Mask:
        """A mask from an H x W uint8 picture: white where the edit acts fully."""
        return Mask.of(GreyPicture.of(grey))

    @property
    def empty(self) -> bool:
        """Whether the edit acts nowhere."""
        return not self.inverted and all(p.empty and p.how == How.ADD for p in self.parts)
