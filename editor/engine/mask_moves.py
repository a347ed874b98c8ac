"""Masks that go along when a photo is cropped, turned, mirrored or straightened."""

from __future__ import annotations

import functools
import math
from dataclasses import replace

import cv2
import numpy as np

from editor.engine.mask_parts import (
    SMALLEST_RADIUS,
    Brush,
    GreyPicture,
    LinearGradient,
    Mask,
    Point,
    RadialGradient,
    Shape,
    Stroke,
)
from models.geometry.frame import Frame

_MASK_EDGE = 2048  # pixels; a mask that is a picture is moved with a long edge of at most that


def moved(mask: Mask, shown: Frame) -> Mask:
    """A mask of a photo as it lies on what a frame shows."""
    parts = tuple(replace(part, shape=moved_shape(part.shape, shown)) for part in mask.parts)
    return replace(mask, parts=parts)


def moved_point(x: float, y: float, shown: Frame) -> Point:
    """A place of a photo, in shares of its long edge, on what a frame shows."""
    edge, new_edge = max(shown.photo), max(shown.size)
    new_x, new_y = shown.from_photo(x * edge, y * edge)
    return new_x / new_edge, new_y / new_edge


def growth(shown: Frame) -> float:
    """What a share of the photo's long edge is multiplied by to be one of the frame's."""
    return max(shown.photo) / max(shown.size)


def moved_shape(shape: Shape, shown: Frame) -> Shape:
    """What a part of a mask is made of, likewise."""
    match shape:
        case Brush(strokes):
            return Brush(tuple(_moved_stroke(stroke, shown) for stroke in strokes))
        case LinearGradient(start, end):
            return LinearGradient(_moved_place(start, shown), _moved_place(end, shown))
        case RadialGradient():
            return _moved_ellipse(shape, shown)
        case GreyPicture(png):
            return GreyPicture(_moved_png(png, shown))


def _moved_place(place: Point, shown: Frame) -> Point:
    """A place in shares of the sides."""
    x, y = shown.from_photo(place[0] * shown.photo[0], place[1] * shown.photo[1])
    return x / shown.size[0], y / shown.size[1]


def _moved_ellipse(shape: RadialGradient, shown: Frame) -> RadialGradient:
    angle = (-shape.angle if shown.mirrors else shape.angle) + shown.angle
    sides = zip(shape.radii, shown.photo, shown.size, strict=True)
    across, down = (max(SMALLEST_RADIUS, radius * old / new) for radius, old, new in sides)
    return RadialGradient(
        _moved_place(shape.centre, shown),
        (across, down),
        math.remainder(angle, 360),
        shape.feather,
    )


def _moved_stroke(stroke: Stroke, shown: Frame) -> Stroke:
    points = tuple((*moved_point(x, y, shown), pressure) for x, y, pressure in stroke.points)
    return replace(stroke, points=points, size=stroke.size * growth(shown))


@functools.lru_cache(maxsize=8)
def _moved_png(png: bytes, shown: Frame) -> bytes:
    grey = cv2.imdecode(np.frombuffer(png, np.uint8), cv2.IMREAD_GRAYSCALE)
    if grey is None:
        return png
    width, height = shown.photo
    scale = min(1.0, _MASK_EDGE / max(width, height))
    size = max(1, round(width * scale)), max(1, round(height * scale))
    stretched = cv2.resize(grey, size, interpolation=cv2.INTER_LINEAR).reshape(size[::-1])
    cropped = shown.scaled(*size).picture(np.asarray(stretched, np.uint8), outside=0)
    return GreyPicture.of(cropped).png
