"""Lens blur: the disc of confusion of a lens out of focus.

The photo is convolved with a uniform disc in linear light, where light adds up: bright points
become bright discs, as behind a fast lens, instead of the grey smear of a blur of encoded values.
"""

from __future__ import annotations

import math

import cv2
import numpy as np
from numpy.typing import NDArray

from models.operators.base import Operator
from models.operators.colour_space import to_linear, to_srgb
from models.operators.full_size import as_float, in_bands, mirrored
from models.operators.images import FloatImage

RADIUS = 0.01
"""Radius of the disc at full strength, as a share of the long edge."""

SUBPIXELS = 64
"""Samples along each side of a pixel when its share of the disc is measured."""


def disc(radius: float) -> NDArray[np.float32]:
    """The disc of that radius in pixels as a kernel of odd side whose weights sum to 1.

    Each weight is the share of its pixel that the disc covers, so the kernel changes smoothly with
    the radius and, below half a pixel, is the identity.
    """
    reach = max(0, math.ceil(radius - 0.5))
    side = 2 * reach + 1
    # Offsets of the sub-pixel centres from the centre of the disc.
    at = (np.arange(side * SUBPIXELS) + 0.5) / SUBPIXELS - side / 2
    # Along x the covered length is exact, along y it is sampled; the mean with the transpose
    # treats both alike.
    half_width = np.sqrt(np.maximum(radius**2 - at**2, 0))
    left = np.arange(side) - side / 2
    covered = np.minimum(left[None] + 1, half_width[:, None]) - np.maximum(
        left[None], -half_width[:, None]
    )
    weights = np.maximum(covered, 0).reshape(side, SUBPIXELS, side).mean(axis=1)
    if reach == 0:
        return np.ones((1, 1), np.float32)
    weights += weights.T.copy()
    kernel: NDArray[np.float32] = (weights / weights.sum()).astype(np.float32)
    return kernel


def blur(photo: FloatImage, radius: float) -> FloatImage:
    """A photo (H x W x 3, sRGB-encoded, 0..1) out of focus by a disc of `radius` pixels.

    Borders are mirrored. OpenCV convolves large kernels by the discrete Fourier transform, so the
    time hardly depends on the radius.
    """
    kernel = disc(radius)
    reach = kernel.shape[0] // 2
    if reach == 0:
        return photo.copy()

    def band(part: FloatImage) -> FloatImage:
        light = mirrored(to_linear(part), reach)
        blurred = as_float(cv2.filter2D(light, -1, kernel), light.shape)
        return to_srgb(blurred[reach:-reach, reach:-reach])

    return in_bands(band, photo, halo=reach)


def render(photo: FloatImage, strength: float, long_edge: int) -> FloatImage:
    """The look, see `base.Operator`; the strength scales the radius."""
    return blur(photo, strength * RADIUS * long_edge)


OPERATOR = Operator(
    id="lens-blur",
    name="Lens blur",
    family="blur",
    summary="For a soft backdrop: out of focus as by a fast lens; highlights open into discs.",
    algorithm="disc blur in linear light",
    render=render,
    margin=0.0105,
)
