"""Detail boost with a local Laplacian filter.

Paris, Hasinoff, Kautz, "Local Laplacian Filters: Edge-aware Image Processing with a Laplacian
Pyramid", ACM TOG (SIGGRAPH) 2011; in the fast form of Aubry, Paris, Hasinoff, Kautz, Durand,
"Fast Local Laplacian Filters: Theory and Applications", ACM TOG 2014, section 3: the remapped
pyramids are built for a few reference values only, and every coefficient is interpolated linearly
between the two pyramids whose reference values enclose it.
"""

from __future__ import annotations

from itertools import pairwise

import cv2
import numpy as np
from numpy.typing import ArrayLike, NDArray

from models.operators.base import Operator
from models.operators.colour_space import luma as luma_of
from models.operators.images import FloatImage

Plane = NDArray[np.float32]
"""H x W, float32."""

SIGMA = 0.15
"""Luma differences well below this are detail and are boosted; those above are edges and stay."""

FACTOR = 1.0
"""Relative gain of the smallest details: they come out 1 + FACTOR times as strong."""

REFERENCE_LEVELS = 20
"""Number of reference values in 0..1; their distance must stay clearly below SIGMA."""

COARSEST_EDGE = 24
"""Long edge, in pixels, at which the pyramid ends: broader light and shade stay as they are."""

COLOUR_RATIO = 0.5
"""How the change of luma is shared out: 0 adds it to R, G and B alike (saturation falls where it
brightens), 1 keeps the ratios of R, G and B (saturation and colour noise grow with it)."""


def remap(value: Plane, reference: float, sigma: float, factor: float) -> Plane:
    """The point-wise remapping r(i) = i + factor * (i - g) * exp(-(i - g)^2 / (2 sigma^2))."""
    difference = value - np.float32(reference)
    weight = cv2.exp(np.square(difference) * np.float32(-0.5 / sigma**2))
    remapped: Plane = value + np.float32(factor) * difference * weight.reshape(value.shape)
    return remapped


def pyramid_depth(long_edge: int, coarsest_edge: int = COARSEST_EDGE) -> int:
    """Number of reductions until the long edge is at most `coarsest_edge` pixels; 0 if it is."""
    depth = 0
    while long_edge > coarsest_edge:
        long_edge, depth = (long_edge + 1) // 2, depth + 1
    return depth


def gaussian_pyramid(plane: Plane, depth: int) -> list[Plane]:
    """`plane` and its `depth` successive reductions (5-tap binomial), finest first."""
    levels = [plane]
    for _ in range(depth):
        finer = levels[-1]
        height, width = finer.shape
        levels.append(_as_plane(cv2.pyrDown(finer), (height + 1) // 2, (width + 1) // 2))
    return levels


def laplacian_pyramid(plane: Plane, depth: int) -> list[Plane]:
    """`depth` band-pass levels, finest first, and the low-pass residual last."""
    levels = gaussian_pyramid(plane, depth)
    bands = [finer - expand(coarser, finer.shape) for finer, coarser in pairwise(levels)]
    return [*bands, levels[-1]]


def collapse(pyramid: list[Plane]) -> Plane:
    """The inverse of `laplacian_pyramid`."""
    plane = pyramid[-1]
    for band in reversed(pyramid[:-1]):
        plane = band + expand(plane, band.shape)
    return plane


def expand(plane: Plane, shape: tuple[int, ...]) -> Plane:
    """`plane` enlarged to `shape` (H, W), about twice its size."""
    height, width = shape[0], shape[1]
    return _as_plane(cv2.pyrUp(plane, dstsize=(width, height)), height, width)


def local_laplacian(
    luma: Plane,
    *,
    sigma: float = SIGMA,
    factor: float = FACTOR,
    reference_levels: int = REFERENCE_LEVELS,
    depth: int | None = None,
) -> Plane:
    """Fast local Laplacian filter of one plane.

    Args:
        luma: H x W float32, 0..1.
        sigma: luma difference that separates detail from edges.
        factor: relative gain of details; 0 gives `luma` back up to rounding.
        reference_levels: number of reference values g, evenly spaced over 0..1, at least 2.
        depth: number of band-pass levels; by default until the residual's long edge is at most
            `COARSEST_EDGE`. The residual is kept.

    Returns:
        H x W float32, not clipped.

    Raises:
        ValueError: for fewer than two reference levels.
    """
    if reference_levels < 2:
        raise ValueError(f"Expected at least 2 reference levels, got {reference_levels}.")
    if depth is None:
        depth = pyramid_depth(max(luma.shape))
    gaussian = gaussian_pyramid(luma, depth)
    step = 1.0 / (reference_levels - 1)
    positions = [np.clip(level, 0.0, 1.0) * np.float32(1 / step) for level in gaussian[:-1]]
    output = [np.zeros_like(level) for level in positions]
    for index in range(reference_levels):
        remapped = laplacian_pyramid(remap(luma, index * step, sigma, factor), depth)
        for total, position, band in zip(output, positions, remapped[:-1], strict=True):
            # Linear interpolation as a sum of hat functions, one for each reference value.
            hat = np.abs(position - np.float32(index))
            np.subtract(np.float32(1), hat, out=hat)
            np.maximum(hat, np.float32(0), out=hat)
            hat *= band
            total += hat
    return collapse([*output, gaussian[-1]])


def boost_detail(photo: FloatImage, long_edge: int) -> FloatImage:
    """The full look: H x W x 3 float32 RGB in 0..1 to the same shape, not clipped."""
    luma = luma_of(photo)
    change = local_laplacian(luma, depth=pyramid_depth(long_edge)) - luma
    ratio = photo / np.maximum(luma, np.float32(1 / 255))[..., None]
    # Luma weights sum to 1, so either share changes the luma by exactly `change`.
    share = np.float32(1 - COLOUR_RATIO) + np.float32(COLOUR_RATIO) * ratio
    return (photo + change[..., None] * share).astype(np.float32, copy=False)


def render(photo: FloatImage, strength: float, long_edge: int) -> FloatImage:
    """See `Operator.render`."""
    look = boost_detail(photo, long_edge)
    return photo + np.float32(strength) * (look - photo)


def _as_plane(array: ArrayLike, height: int, width: int) -> Plane:
    # OpenCV may hand back one row or column with another shape.
    return np.asarray(array, np.float32).reshape(height, width)


OPERATOR = Operator(
    id="local-laplacian",
    name="Texture",
    family="detail",
    summary="For landscapes, stone, bark and hair: fine structure stands out, without halos.",
    algorithm="local Laplacian filter (Aubry et al. 2014)",
    render=render,
    linear=True,
    working_scale=True,
)
