"""Brush strokes as weights: vector strokes on an H x W picture, at any size."""

from __future__ import annotations

import cv2
import numpy as np
from numpy.typing import NDArray

from editor.engine.mask_parts import Stroke, Surface

Weights = NDArray[np.float32]
"""H x W float32, 0 (the edit does nothing here) to 1."""

Pixels = NDArray[np.float32] | NDArray[np.uint8]

_SUBPIXEL_BITS = 4
_FIT_EDGE = 512  # pixels; colours are looked up in a copy that is no larger
_MOST_COLOURS = 1 << 14  # that are looked at, spread evenly over the stroke
_LEAST_SPREAD = (12.0, 4.0, 4.0)
_GUIDE_RADIUS = 0.004  # of the long edge
_GUIDE_EPS = 1e-3


def paint(weights: Weights, stroke: Stroke, photo: Pixels) -> None:
    """Add one stroke to weights, in place.

    Within a stroke the weight does not pile up; several strokes do, up to their strengths. Nothing
    changes where the stroke does not go. `photo`: H x W x 3 of the size of the weights.
    """
    brushed = _brushed(stroke, weights.shape)
    if brushed is None:
        return
    part, profile = brushed
    if stroke.stays and not stroke.erase:
        surface = stroke.surface or fit_surface(stroke, photo)
        if surface is not None:
            profile = profile * _on_surface(photo, part, surface)
    window = weights[part]
    if stroke.erase:
        window *= 1 - profile
    else:
        np.maximum(window, window + (1 - window) * profile, out=window)


def fit_surface(stroke: Stroke, photo: Pixels) -> Surface | None:
    """The colours of the surface that a stroke was painted on; None where it is off the photo."""
    step = -(-max(photo.shape[:2]) // _FIT_EDGE)
    reduced = photo[::step, ::step]
    brushed = _brushed(stroke, reduced.shape[:2])
    if brushed is None:
        return None
    part, profile = brushed
    painted = profile >= profile.max() / 2
    if not profile.any():
        return None
    under = reduced[part][painted]
    colours = _lab(under[None, :: -(-len(under) // _MOST_COLOURS)])[0]
    centre = np.median(colours, axis=0)
    spread = np.maximum(np.median(np.abs(colours - centre), axis=0) * 1.5, _LEAST_SPREAD)
    first, second = (tuple(round(float(v), 2) for v in values) for values in (centre, spread))
    return Surface(first, second)  # type: ignore[arg-type]


def _brushed(stroke: Stroke, shape: tuple[int, ...]) -> tuple[tuple[slice, slice], Weights] | None:
    """Which part of a picture of a shape the stroke reaches, and its weights there."""
    height, width = shape
    edge = max(height, width)
    radius = max(0.5, stroke.size * edge / 2)
    points = np.array([(x * edge, y * edge) for x, y, _ in stroke.points], np.float64)
    if len(points) == 0:
        return None
    pressure = max(p for _, _, p in stroke.points)
    reach = radius + 2
    left, top = np.floor(points.min(axis=0) - reach).astype(int)
    right, bottom = np.ceil(points.max(axis=0) + reach).astype(int)
    left, top, right, bottom = max(0, left), max(0, top), min(width, right), min(height, bottom)
    if left >= right or top >= bottom:
        return None
    # The distance to the stroke's line, at reduced size where the brush is large.
    step = max(1, int(radius // 64))
    rows, columns = -(-(bottom - top) // step), -(-(right - left) // step)
    line = np.full((rows, columns), 255, np.uint8)
    scale = 1 << _SUBPIXEL_BITS
    local = np.rint(((points - (left, top)) / step - 0.5) * scale).astype(np.int32)
    if len(local) == 1:
        local = np.repeat(local, 2, axis=0)
    cv2.polylines(line, [local.reshape(-1, 1, 2)], False, (0,), 1, cv2.LINE_8, _SUBPIXEL_BITS)
    distance = cv2.distanceTransform(line, cv2.DIST_L2, cv2.DIST_MASK_PRECISE) * np.float32(step)
    if step > 1:
        size = (right - left, bottom - top)
        enlarged = cv2.resize(distance, size, interpolation=cv2.INTER_LINEAR)
        distance = np.asarray(enlarged, np.float32)
    soft = max(stroke.softness * radius, 1.0)  # at least one pixel, against jagged edges
    ramp = np.clip((radius - distance) / np.float32(soft), 0, 1)
    profile = ramp * ramp * (3 - 2 * ramp) * np.float32(stroke.strength * pressure)
    return (slice(top, bottom), slice(left, right)), profile


def _on_surface(photo: Pixels, part: tuple[slice, slice], surface: Surface) -> Weights:
    """How well a part of the photo fits to the colours of a surface, along the photo's edges.

    The colours are a Gaussian in CIELAB (lightness counting less, since a surface goes through
    light and shade); a guided filter (He, Sun and Tang 2013) fits its likelihood to the edges.
    """
    radius = max(2, round(max(photo.shape[:2]) * _GUIDE_RADIUS))
    rows, columns = part
    top, left = max(0, rows.start - 2 * radius), max(0, columns.start - 2 * radius)
    around = photo[top : rows.stop + 2 * radius, left : columns.stop + 2 * radius]
    guide: Pixels = around.copy()
    distance = np.zeros(guide.shape[:2], np.float32)
    for channel, middle, spread in zip(
        cv2.split(_lab(guide)), surface.centre, surface.spread, strict=True
    ):
        distance += np.square((channel - np.float32(middle)) / np.float32(2 * spread))
    likelihood = np.exp(-np.maximum(distance - 1, 0))
    if guide.dtype == np.uint8:
        guide = guide.astype(np.float32) / np.float32(255)
    # Large radii at reduced size inside the filter (He and Sun 2015).
    scale = 1.0 if radius < 8 else 4 / radius
    fitted = cv2.ximgproc.guidedFilter(
        guide, likelihood, radius, _GUIDE_EPS, dDepth=-1, scale=scale
    )
    inner = fitted.reshape(guide.shape[:2])[rows.start - top :, columns.start - left :]
    return np.clip(inner[: rows.stop - rows.start, : columns.stop - columns.start], 0, 1)


def _lab(photo: Pixels) -> Weights:
    """OpenCV's 8-bit CIELAB of a picture, H x W x 3 float32 0..255."""
    source = photo if photo.dtype == np.uint8 else np.clip(photo * 255, 0, 255).astype(np.uint8)
    lab = cv2.cvtColor(np.ascontiguousarray(source), cv2.COLOR_RGB2LAB)
    return np.asarray(lab, np.float32)
