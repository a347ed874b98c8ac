"""Painterly rendering with the anisotropic Kuwahara filter.

Kyprianidis, Kang, Döllner, "Image and Video Abstraction by Anisotropic Kuwahara Filtering",
Computer Graphics Forum (Pacific Graphics) 2009; sector weights from Kyprianidis, Semmo, Kang,
Döllner, "Anisotropic Kuwahara Filtering with Polynomial Weighting Functions", TPCG 2010.

Around every pixel an ellipse follows the local structure. It is divided into eight overlapping
sectors; the result is the mean of their mean colours, the most uniform sectors counting most.
"""

from __future__ import annotations

import cv2
import numpy as np
from numpy.typing import NDArray

from models.operators.base import Operator
from models.operators.images import FloatImage

Plane = NDArray[np.float32]
"""H x W, float32."""

RADIUS = 0.0075
"""Radius of the filter at isotropic places, as a share of the long edge."""

MINIMUM_RADIUS = 2.0
"""In pixels; below it eight sectors have no pixels of their own."""

TENSOR_SIGMA = 0.002
"""Standard deviation of the structure tensor's smoothing, as a share of the long edge."""

MINIMUM_TENSOR_SIGMA = 1.0
"""In pixels."""

SECTORS = 8
ECCENTRICITY = 1.0
"""alpha: the ellipse's axes are r (alpha + A) / alpha and r alpha / (alpha + A)."""

SHARPNESS = 8.0
"""q: how exclusively the most uniform sectors count."""

ORIENTATIONS, ANISOTROPIES = 32, 6
"""Number of steps into which orientation (0..pi) and anisotropy (0..1) are rounded, so that pixels
of like structure share one set of weights."""

ZERO_CROSSING = 0.58
"""Half the angle, in radians, in which a sector's weight is positive on the unit circle."""

_CHUNK = 512
"""Pixels gathered at a time: their neighbourhoods then stay in the processor's cache."""


def structure(photo: FloatImage, sigma: float) -> tuple[Plane, Plane]:
    """Local orientation and anisotropy from the smoothed structure tensor.

    Args:
        photo: H x W x 3 float32.
        sigma: standard deviation of the Gaussian that smooths the tensor, in pixels.

    Returns:
        Orientation of least change, along edges, in radians, -pi/2..pi/2, and anisotropy
        (l1 - l2) / (l1 + l2), 0..1, of the eigenvalues; both H x W float32.
    """
    # The kernel of Kyprianidis et al. 2009, section 3.1: Sobel on each channel, summed.
    dx = cv2.Sobel(photo, cv2.CV_32F, 1, 0, scale=0.25).reshape(photo.shape)
    dy = cv2.Sobel(photo, cv2.CV_32F, 0, 1, scale=0.25).reshape(photo.shape)
    e = _blur(np.einsum("ijc,ijc->ij", dx, dx), sigma)
    f = _blur(np.einsum("ijc,ijc->ij", dx, dy), sigma)
    g = _blur(np.einsum("ijc,ijc->ij", dy, dy), sigma)
    difference = np.hypot(e - g, 2 * f)
    total = e + g
    # The major eigenvector points across the edge, at half the angle of (E - G, 2 F).
    orientation = np.float32(0.5) * np.arctan2(-2 * f, g - e)
    anisotropy = np.where(total > 1e-8, difference / np.maximum(total, np.float32(1e-8)), 0)
    return orientation, np.clip(anisotropy, 0, 1).astype(np.float32)


def sector_weights(
    radius: float, orientation: float, anisotropy: float
) -> tuple[NDArray[np.int64], NDArray[np.float32]]:
    """Offsets and weights of the sectors for one orientation and anisotropy.

    Returns:
        Offsets (dy, dx), K x 2, of the pixels inside the ellipse; weights, SECTORS x K, each row
        summing to 1.
    """
    stretch = (ECCENTRICITY + anisotropy) / ECCENTRICITY
    major, minor = radius * stretch, radius / stretch
    reach = int(np.ceil(major))
    dy, dx = (axis.ravel() for axis in np.mgrid[-reach : reach + 1, -reach : reach + 1])
    cosine, sine = np.cos(orientation), np.sin(orientation)
    # The ellipse to the unit disc, its major axis to the x axis.
    x = (cosine * dx + sine * dy) / major
    y = (-sine * dx + cosine * dy) / minor
    inside = x * x + y * y <= 1
    dy, dx, x, y = dy[inside], dx[inside], x[inside], y[inside]
    # [(x + zeta) - eta y^2]_+^2: a parabola, zero at +-ZERO_CROSSING on the unit circle; zeta
    # lets the sectors overlap in the middle by about two pixels.
    zeta = 2.0 / radius
    eta = (zeta + np.cos(ZERO_CROSSING)) / np.sin(ZERO_CROSSING) ** 2
    angles = 2 * np.pi / SECTORS * np.arange(SECTORS)[:, None]
    along = np.cos(angles) * x + np.sin(angles) * y
    aside = -np.sin(angles) * x + np.cos(angles) * y
    weights = np.square(np.maximum(0, along + zeta - eta * aside * aside))
    weights /= weights.sum(axis=0)
    weights *= np.exp(-np.pi * (x * x + y * y))
    weights /= weights.sum(axis=1, keepdims=True)
    return np.stack([dy, dx], axis=1), weights.astype(np.float32)


def anisotropic_kuwahara(
    photo: FloatImage,
    radius: float,
    sigma: float,
    *,
    sharpness: float = SHARPNESS,
    orientations: int = ORIENTATIONS,
    anisotropies: int = ANISOTROPIES,
) -> FloatImage:
    """Anisotropic Kuwahara filter.

    Args:
        photo: H x W x 3 float32, 0..1.
        radius: of the filter at isotropic places, in pixels.
        sigma: standard deviation of the structure tensor's smoothing, in pixels.
        sharpness: q.
        orientations, anisotropies: number of steps the structure is rounded to.

    Returns:
        H x W x 3 float32, 0..1. Pixels beyond the border are mirrored.
    """
    height, width = photo.shape[:2]
    orientation, anisotropy = structure(photo, sigma)
    turn = np.rint(orientation * np.float32(orientations / np.pi)).astype(np.int64) % orientations
    stretch = np.rint(anisotropy * np.float32(anisotropies - 1)).astype(np.int64)
    bins = (turn * anisotropies + stretch).ravel()
    order = np.argsort(bins, kind="stable")
    ends = np.searchsorted(bins[order], np.arange(orientations * anisotropies + 1))

    margin = int(np.ceil(radius * (ECCENTRICITY + 1) / ECCENTRICITY))
    border = [(margin, margin), (margin, margin), (0, 0)]
    padded = np.pad(photo, border, mode="symmetric")
    # Around the middle grey, so that the variance below loses fewer digits.
    padded = padded - np.float32(0.5)
    squares = np.einsum("ijc,ijc->ij", padded, padded)
    features = np.concatenate([padded, squares[..., None]], axis=2).reshape(-1, 4)
    stride = width + 2 * margin
    centres = (order // width + margin) * stride + order % width + margin

    result = np.empty((height * width, 3), np.float32)
    for index in range(orientations * anisotropies):
        start, end = ends[index], ends[index + 1]
        if start == end:
            continue
        turn_index, stretch_index = divmod(index, anisotropies)
        offsets, weights = sector_weights(
            radius,
            turn_index * np.pi / orientations,
            stretch_index / (anisotropies - 1) if anisotropies > 1 else 0.0,
        )
        steps = offsets[:, 0] * stride + offsets[:, 1]
        for first in range(start, end, _CHUNK):
            last = min(first + _CHUNK, end)
            patches = features.take(centres[first:last, None] + steps, axis=0)
            # Pixel by pixel, 8 x K by K x 4: too small for the BLAS to start threads, whose
            # waiting costs more than the product on a busy machine.
            sums = np.matmul(weights, patches)
            result[order[first:last]] = _blend_sectors(sums, sharpness)
    result += np.float32(0.5)
    return result.reshape(photo.shape)


def _blend_sectors(sums: NDArray[np.float32], sharpness: float) -> NDArray[np.float32]:
    """Mean colours of the sectors (N x S x (R, G, B, sum of squares)) to N x 3, each sector with
    the weight 1 / (1 + ||s||^(q / 2)), s being its standard deviations in 0..255 (2009, eq. 8)."""
    mean = sums[..., :3]
    variance = sums[..., 3] - np.einsum("nsc,nsc->ns", mean, mean)
    variance = np.maximum(variance, 0) * np.float32(255**2)
    weight = 1 / (1 + variance ** np.float32(sharpness / 4))
    weight /= weight.sum(axis=1, keepdims=True)
    colours: NDArray[np.float32] = np.einsum("ns,nsc->nc", weight, mean)
    return colours


def paint(photo: FloatImage, long_edge: int) -> FloatImage:
    """The full look: H x W x 3 float32 RGB in 0..1 to the same shape, 0..1."""
    radius = max(MINIMUM_RADIUS, RADIUS * long_edge)
    sigma = max(MINIMUM_TENSOR_SIGMA, TENSOR_SIGMA * long_edge)
    return anisotropic_kuwahara(photo, radius, sigma)


def render(photo: FloatImage, strength: float, long_edge: int) -> FloatImage:
    """See `Operator.render`."""
    look = paint(photo, long_edge)
    return photo + np.float32(strength) * (look - photo)


def _blur(plane: Plane, sigma: float) -> Plane:
    return np.asarray(cv2.GaussianBlur(plane, (0, 0), sigma), np.float32).reshape(plane.shape)


OPERATOR = Operator(
    id="oil-painting",
    name="Oil painting",
    family="drawing",
    summary="For a painting: soft brush strokes that follow the shapes and keep their edges.",
    algorithm="anisotropic Kuwahara filter (Kyprianidis et al. 2009)",
    render=render,
    linear=True,
    working_scale=True,
    margin=0.025,
)
