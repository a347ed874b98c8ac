"""Masks from brush strokes: vector strokes to an H x W picture of weights, at any size."""

from __future__ import annotations

import cv2
import numpy as np
from numpy.typing import NDArray

from editor.engine.edits import Mask, Stroke

Weights = NDArray[np.float32]
"""H x W float32, 0 (the edit does nothing here) to 1."""

_SUBPIXEL_BITS = 4


def rasterise(mask: Mask, photo: NDArray[np.float32] | NDArray[np.uint8]) -> Weights:
    """The weights of a mask over a photo.

    Args:
        mask: what was painted.
        photo: H x W x 3, float32 0..1 or uint8; gives the size, and the edges and colours that an
            edge-aware mask keeps to.

    Returns:
        H x W float32, 0..1.
    """
    height, width = photo.shape[:2]
    weights = np.zeros((height, width), np.float32)
    if mask.png:
        grey = cv2.imdecode(np.frombuffer(mask.png, np.uint8), cv2.IMREAD_GRAYSCALE)
        if grey is None:
            raise ValueError("The mask is not a readable grey picture.")
        stretched = cv2.resize(grey, (width, height), interpolation=cv2.INTER_LINEAR)
        weights = stretched.reshape(height, width).astype(np.float32) / np.float32(255)
    for stroke in mask.strokes:
        paint(weights, stroke)
    if mask.edge_aware:
        weights = _stay_on_surface(weights, photo)
    return weights


def paint(weights: Weights, stroke: Stroke) -> None:
    """Add one stroke to weights, in place.

    Within a stroke the weight does not pile up; several strokes do, up to their strengths.
    """
    height, width = weights.shape
    edge = max(height, width)
    radius = max(0.5, stroke.size * edge / 2)
    points = np.array([(x * edge, y * edge) for x, y, _ in stroke.points], np.float64)
    if len(points) == 0:
        return
    pressure = max(p for _, _, p in stroke.points)
    reach = radius + 2
    left, top = np.floor(points.min(axis=0) - reach).astype(int)
    right, bottom = np.ceil(points.max(axis=0) + reach).astype(int)
    left, top, right, bottom = max(0, left), max(0, top), min(width, right), min(height, bottom)
    if left >= right or top >= bottom:
        return
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
    window = weights[top:bottom, left:right]
    if stroke.erase:
        window *= 1 - profile
    else:
        np.maximum(window, window + (1 - window) * profile, out=window)


def _stay_on_surface(weights: Weights, photo: NDArray[np.float32] | NDArray[np.uint8]) -> Weights:
    """Keep the mask on colours like those that were painted, along the photo's edges.

    The painted area's colours make a Gaussian in CIELAB (lightness counting less, since a surface
    goes through light and shade); its likelihood weights the mask, which a guided filter (He, Sun
    and Tang 2013) then fits to the edges.
    """
    painted = weights > 0.5
    if int(painted.sum()) < 16:
        return weights
    source = photo if photo.dtype == np.uint8 else np.clip(photo * 255, 0, 255).astype(np.uint8)
    lab = cv2.cvtColor(source, cv2.COLOR_RGB2LAB).astype(np.float32)
    colours = lab[painted]
    centre = np.median(colours, axis=0)
    spread = np.maximum(np.median(np.abs(colours - centre), axis=0) * 1.5, (12, 4, 4))
    distance = np.square((lab - centre) / (spread * np.float32(2.0))).sum(axis=2)
    likelihood = np.exp(-np.maximum(distance - 1, 0)).astype(np.float32)
    radius = max(2, round(max(weights.shape) * 0.004))
    guide = source.astype(np.float32) / np.float32(255)
    fitted = cv2.ximgproc.guidedFilter(guide, weights * likelihood, radius, 1e-3)
    return np.clip(fitted.reshape(weights.shape), 0, 1)
