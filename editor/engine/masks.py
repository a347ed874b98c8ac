"""Masks as weights: their parts, at any size, one combined with the other."""

from __future__ import annotations

import math

import cv2
import numpy as np
from numpy.typing import NDArray

from editor.engine.mask_parts import (
    Brush,
    GreyPicture,
    How,
    LinearGradient,
    Mask,
    MaskPart,
    RadialGradient,
    Shape,
)
from editor.engine.strokes import Pixels, Weights, paint


def rasterise(mask: Mask, photo: Pixels) -> Weights:
    """The weights of a mask over a photo.

    Args:
        mask: where the edit acts.
        photo: H x W x 3, float32 0..1 or uint8; gives the size, and the edges and colours that
            strokes keep to which stay on their surface.

    Returns:
        H x W float32, 0..1.

    Raises:
        ValueError: a grey picture of the mask cannot be read.
    """
    return combined(mask, [shape_weights(part.shape, photo) for part in mask.parts], photo.shape)


def combined(mask: Mask, shapes: list[Weights], size: tuple[int, ...]) -> Weights:
    """The weights of a mask from those of its parts' shapes, which are left as they are.

    `size`: height and width (and more) of the photo.
    """
    first_takes = bool(mask.parts) and mask.parts[0].how != How.ADD
    weights = np.full(size[:2], 1 if first_takes else 0, np.float32)
    for part, shape in zip(mask.parts, shapes, strict=True):
        _combine(weights, part, shape)
    if mask.inverted:
        np.subtract(1, weights, out=weights)
    return weights


def _combine(weights: Weights, part: MaskPart, shape: Weights) -> None:
    """Combine a part with what those before it give, in place."""
    own = 1 - shape if part.inverted else shape
    if part.opacity != 1:
        own = own * np.float32(part.opacity)
    if part.how == How.ADD:  # as strokes add up
        np.maximum(weights, weights + (1 - weights) * own, out=weights)
    elif part.how == How.SUBTRACT:
        weights *= 1 - own
    else:
        weights *= own


def shape_weights(shape: Shape, photo: Pixels) -> Weights:
    """The weights of a shape over a photo: H x W float32, 0..1."""
    match shape:
        case Brush(strokes):
            weights = np.zeros(photo.shape[:2], np.float32)
            for stroke in strokes:
                paint(weights, stroke, photo)
            return weights
        case LinearGradient():
            return _linear(shape, *photo.shape[:2])
        case RadialGradient():
            return _radial(shape, *photo.shape[:2])
        case GreyPicture(png):
            return _grey(png, *photo.shape[:2])


def _linear(gradient: LinearGradient, height: int, width: int) -> Weights:
    (x, y), (to_x, to_y) = gradient.start, gradient.end
    across, down = (to_x - x) * width, (to_y - y) * height
    length = max(math.hypot(across, down), 1.0) ** 2  # a step where the ends are one point
    if across == down == 0:
        down = 1.0
    columns, rows = np.arange(width) + 0.5 - x * width, np.arange(height) + 0.5 - y * height
    along = _sum(columns * (across / length), rows * (down / length))
    return _eased(np.subtract(1, along, out=along))


def _radial(gradient: RadialGradient, height: int, width: int) -> Weights:
    (x, y), (across, down) = gradient.centre, gradient.radii
    turned = math.radians(gradient.angle)
    cos, sin = math.cos(turned), math.sin(turned)
    columns, rows = np.arange(width) + 0.5 - x * width, np.arange(height) + 0.5 - y * height
    semi = max(across * width, 0.5), max(down * height, 0.5)
    distance = np.square(_sum(columns * (cos / semi[0]), rows * (sin / semi[0])))
    distance += np.square(_sum(columns * (-sin / semi[1]), rows * (cos / semi[1])))
    np.sqrt(distance, out=distance)
    feather = max(gradient.feather, 1 / min(semi))  # at least one pixel, against jagged edges
    np.subtract(1, distance, out=distance)
    distance *= np.float32(1 / feather)
    return _eased(distance)


def _sum(columns: NDArray[np.floating], rows: NDArray[np.floating]) -> Weights:
    return np.add(rows.astype(np.float32)[:, None], columns.astype(np.float32)[None])


def _eased(ramp: Weights) -> Weights:
    """From 0 to 1 without a kink, as the edges of strokes have it; changes `ramp`."""
    np.clip(ramp, 0, 1, out=ramp)
    weights = 3 - 2 * ramp
    weights *= ramp
    weights *= ramp
    return weights


def _grey(png: bytes, height: int, width: int) -> Weights:
    grey = cv2.imdecode(np.frombuffer(png, np.uint8), cv2.IMREAD_GRAYSCALE)
    if grey is None:
        raise ValueError("The mask is not a readable grey picture.")
    stretched = cv2.resize(grey, (width, height), interpolation=cv2.INTER_LINEAR)
    return stretched.reshape(height, width).astype(np.float32) / np.float32(255)
