"""The sRGB transfer curve (IEC 61966-2-1) and luma, shared by the operators.

Exact piecewise forms in float32; OpenCV's power is as accurate as NumPy's and, without AVX-512,
four times as fast, which makes a table unnecessary.
"""

from __future__ import annotations

import cv2
import numpy as np
from numpy.typing import NDArray

Float = NDArray[np.float32]

LUMA = np.array([0.2126, 0.7152, 0.0722], np.float32)
"""Weights of R, G and B in luminance (ITU-R BT.709, the primaries of sRGB)."""


def to_linear(encoded: Float) -> Float:
    """sRGB-encoded values (any shape, 0..1; negative ones count as 0) to linear light, 0..1."""
    positive = np.maximum(encoded, np.float32(0))
    linear = positive + np.float32(0.055)
    linear *= np.float32(1 / 1.055)
    linear = _power(linear, 2.4)
    np.multiply(positive, np.float32(1 / 12.92), out=linear, where=positive <= np.float32(0.04045))
    return linear


def to_srgb(linear: Float) -> Float:
    """Linear light (any shape, 0..1; negative values count as 0) to sRGB-encoded values, 0..1."""
    positive = np.maximum(linear, np.float32(0))
    encoded = _power(positive, 1 / 2.4)
    encoded *= np.float32(1.055)
    encoded -= np.float32(0.055)
    np.multiply(positive, np.float32(12.92), out=encoded, where=positive <= np.float32(0.0031308))
    return encoded


def _power(positive: Float, exponent: float) -> Float:
    # In two dimensions: OpenCV would give others back in another shape.
    return np.asarray(cv2.pow(positive.reshape(1, -1), exponent), np.float32).reshape(
        positive.shape
    )


def transform(rgb: Float, matrix: Float) -> Float:
    """The colours of an H x W x 3 picture, each multiplied by an n x 3 matrix: H x W x n.

    Same as ``rgb @ matrix.T``, several times faster for matrices this small.
    """
    height, width = rgb.shape[:2]
    result = cv2.transform(rgb, matrix).reshape(height, width, len(matrix))
    return np.asarray(result, np.float32)


def weighted(rgb: Float, weights: Float) -> Float:
    """H x W sum of the channels of an H x W x 3 picture, weighted by three `weights`."""
    return transform(rgb, weights[None])[..., 0]


def luma(rgb: Float) -> Float:
    """H x W weighted sum of an H x W x 3 picture: luma of encoded values, luminance of linear."""
    return weighted(rgb, LUMA)


def extremes(rgb: Float) -> tuple[Float, Float]:
    """The smallest and the largest of R, G and B of an H x W x 3 picture, each H x W."""
    red, green, blue = cv2.split(rgb)
    least, most = cv2.min(cv2.min(red, green), blue), cv2.max(cv2.max(red, green), blue)
    return least.reshape(rgb.shape[:2]), most.reshape(rgb.shape[:2])  # type: ignore[return-value]
