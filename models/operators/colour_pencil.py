"""Colour pencil drawing.

Lu, Xu, Jia, "Combining Sketch and Tone for Pencil Drawing Production", NPAR 2012: line strokes from
gradients convolved along eight directions (section 3.1), a tone map matched to the histogram of
pencil drawings (3.2), and a pencil texture drawn over and over until it reaches that tone (3.3);
the colour version replaces the luma and keeps the chroma.
"""

from __future__ import annotations

import functools

import cv2
import numpy as np
from numpy.typing import NDArray

from models.operators.base import Operator
from models.operators.colour_space import luma as luma_of
from models.operators.images import FloatImage

Plane = NDArray[np.float32]
"""H x W, float32."""

DIRECTIONS = 8

STROKE_LENGTH = 1 / 60
"""Length of a line stroke, as a share of the long edge."""

STROKE_DARKNESS = 2.7
"""Optical density (natural) of a line stroke whose mean gradient is 1 per pixel, at a long edge of
1000; it grows with the root of the long edge, as edges in larger pictures are softer."""

TONE_WEIGHTS = (0.52, 0.37, 0.11)
"""Share of the bright, mild and dark tones: those of a light drawing."""

TONE_SHARE = 0.6
"""How far the tone goes from the photo's own (0) to that of pencil drawings (1)."""

HISTOGRAM_LIMIT = 3.0
"""Highest density of the photo's tones, relative to an even histogram, that is heeded: without
this limit a night sky's noise would be spread over all tones."""

CHROMA = 0.85
"""Share of the photo's chroma that a pencil reaches."""

MAXIMUM_COVERAGE = np.float32(1.5)
"""Highest gain of the chroma where a mark is darker than the tone it stands for."""

HATCHING = ((-1.05, 1.0), (-0.80, 0.6))
"""Angles, in radians from the x axis towards the y axis, and shares of the layers of hatching."""

HATCH_LENGTH, HATCH_SIGMA, GRAIN_SIGMA = 28.0, 0.5, 0.6
"""Length of a hatching stroke and the softness of strokes and of paper grain, in pixels at a long
edge of 1000."""

HATCH_CONTRAST = 0.42
"""Highest deviation of the texture's density, relative to the density itself."""

HATCH_SPACING = 2.5
"""Reach, in pixels at a long edge of 1000, in which strokes make room for each other."""

GRAIN_SHARE = 0.5
"""Strength of the paper grain relative to the hatching."""

TEXTURE_WINDOW = 1.6
"""Standard deviation, in pixels at a long edge of 1000, of the window in which the texture as a
whole, rather than each pixel of it, has to reach the tone."""

MINIMUM_SCALE = 0.35
"""Below this share of 1000 pixels the texture is not made finer: pixels could not show it."""


def line_strokes(luma: Plane, long_edge: int) -> Plane:
    """Line drawing S: 1 is paper, 0 is black (section 3.1).

    Args:
        luma: H x W float32, 0..1.
        long_edge: of the whole picture, in pixels.

    Returns:
        H x W float32, 0..1.
    """
    dx = cv2.Sobel(luma, cv2.CV_32F, 1, 0, scale=0.125).reshape(luma.shape)
    dy = cv2.Sobel(luma, cv2.CV_32F, 0, 1, scale=0.125).reshape(luma.shape)
    gradient = np.hypot(dx, dy)
    kernels = [
        line_kernel(STROKE_LENGTH * long_edge, np.pi * index / DIRECTIONS)
        for index in range(DIRECTIONS)
    ]
    responses = np.stack([_filter(gradient, kernel) for kernel in kernels])
    direction = responses.argmax(axis=0)
    strokes = np.zeros_like(luma)
    for index, kernel in enumerate(kernels):
        strokes += _filter(np.where(direction == index, gradient, np.float32(0)), kernel)
    darkness = np.float32(STROKE_DARKNESS * (long_edge / 1000) ** 0.5) * strokes
    drawing: Plane = np.exp(-darkness)
    return drawing


def line_kernel(length: float, angle: float) -> NDArray[np.float32]:
    """Anti-aliased line segment through the middle of an odd square kernel, summing to 1.

    Args:
        length: in pixels. angle: in radians, from the x axis towards the y axis.
    """
    half = max(length / 2, 1.0)
    reach = int(np.ceil(half))
    y, x = np.mgrid[-reach : reach + 1, -reach : reach + 1]
    along = np.abs(np.cos(angle) * x + np.sin(angle) * y)
    aside = np.abs(-np.sin(angle) * x + np.cos(angle) * y)
    kernel = np.clip(1 - aside, 0, 1) * np.clip(half + 0.5 - along, 0, 1)
    normalised: NDArray[np.float32] = (kernel / kernel.sum()).astype(np.float32)
    return normalised


def pencil_tones() -> NDArray[np.float64]:
    """Histogram of the tones of pencil drawings, 256 bins from black to white, summing to 1:
    paper and light shading (Laplacian), mild strokes (uniform), dark strokes (Gaussian); their
    places and widths are those of section 3.2."""
    value = np.arange(256)
    bright = np.exp(-(255 - value) / 9.0)
    mild = ((value >= 105) & (value <= 225)).astype(float)
    dark = np.exp(-((value - 90) ** 2) / (2 * 11.0**2))
    components = (part / part.sum() for part in (bright, mild, dark))
    tones: NDArray[np.float64] = sum(
        (w * part for w, part in zip(TONE_WEIGHTS, components, strict=True)), np.zeros(256)
    )
    return tones


def tone_map(luma: Plane) -> Plane:
    """Tone J: `luma` with its histogram brought to that of pencil drawings; H x W, 0..1."""
    histogram = (
        np.bincount(np.rint(np.clip(luma, 0, 1) * 255).astype(np.intp).ravel(), minlength=256)
        / luma.size
    )
    histogram = limit_histogram(histogram, HISTOGRAM_LIMIT / 256)
    cumulated = np.cumsum(histogram) - histogram / 2
    target = pencil_tones()
    matched = np.interp(cumulated, np.cumsum(target) - target / 2, np.arange(256) / 255)
    curve = TONE_SHARE * matched + (1 - TONE_SHARE) * np.arange(256) / 255
    return np.interp(luma, np.arange(256) / 255, curve).astype(np.float32)


def limit_histogram(histogram: NDArray[np.float64], limit: float) -> NDArray[np.float64]:
    """`histogram` (summing to 1) with no bin above about `limit`; what is cut off goes to all
    bins evenly."""
    cut = np.minimum(histogram, limit)
    limited: NDArray[np.float64] = cut + (1 - cut.sum()) / len(histogram)
    return limited


@functools.lru_cache(maxsize=2)
def pencil_texture(height: int, width: int, long_edge: int) -> Plane:
    """Paper covered evenly with pencil hatching, H; 1 is paper.

    A pixel's value depends on nothing but its position and `long_edge`, so that the texture is
    the same in every run and has neither seams nor repeats.

    Returns:
        H x W float32, inside 0..1; read-only, because it is cached.
    """
    scale = _scale(long_edge)
    strokes = []
    for angle, share in HATCHING:
        kernel = _soft(line_kernel(HATCH_LENGTH * scale, angle), HATCH_SIGMA * scale)
        spacing = HATCH_SPACING * scale
        # Less its own surroundings, noise turns into lines at about even distances.
        kernel = np.pad(kernel, int(np.ceil(3 * spacing))) - _soft(kernel, spacing)
        strokes.append((share, kernel))
    layers = [*strokes, (GRAIN_SHARE, _soft(np.ones((1, 1), np.float32), GRAIN_SIGMA * scale))]
    reach = max(max(kernel.shape) // 2 for _, kernel in layers)
    noise = _position_noise(height + 2 * reach, width + 2 * reach)
    marks = np.zeros_like(noise)
    for share, kernel in layers:
        # Filtered white noise has the variance of the kernel's sum of squares: made 1.
        marks += _filter(noise, kernel * np.float32(share / np.sqrt(np.square(kernel).sum())))
    marks = marks[reach : reach + height, reach : reach + width]
    # Optical density around 0.5; the curve keeps the marks from clipping.
    texture: Plane = np.exp(
        np.float32(-0.5) * (1 + np.float32(HATCH_CONTRAST) * np.tanh(np.float32(0.8) * marks))
    )
    texture.flags.writeable = False
    return texture


def draw_texture(tone: Plane, texture: Plane, sigma: float) -> Plane:
    """Texture T = H^beta that reaches the tone J (section 3.3).

    The paper solves ``beta ln H = ln J`` with a smoothness term on beta; here beta is the least
    squares solution in a Gaussian window around each pixel, which is smooth by construction.

    Args:
        tone: J, H x W, 0..1. texture: H, H x W, inside 0..1.
        sigma: standard deviation of the window in pixels.

    Returns:
        T, H x W float32, 0..1.
    """
    log_texture = np.log(texture)
    log_tone = np.log(np.maximum(tone, np.float32(1 / 255)))
    numerator = _blur(log_texture * log_tone, sigma)
    beta = numerator / _blur(np.square(log_texture), sigma)
    drawn: Plane = np.exp(np.maximum(beta, 0) * log_texture)
    return drawn


def draw(photo: FloatImage, long_edge: int) -> FloatImage:
    """The full look: H x W x 3 float32 RGB in 0..1 to the same shape, 0..1."""
    luma = luma_of(photo)
    tone = tone_map(luma)
    height, width = luma.shape
    texture = pencil_texture(height, width, long_edge)
    shaded = draw_texture(tone, texture, TEXTURE_WINDOW * _scale(long_edge))
    strokes = line_strokes(luma, long_edge)
    # Paper between the marks is white, so the chroma follows the texture's coverage.
    coverage = np.minimum((1 - shaded) / np.maximum(1 - tone, np.float32(0.02)), MAXIMUM_COVERAGE)
    chroma = (np.float32(CHROMA) * coverage)[..., None] * (photo - luma[..., None])
    look = strokes[..., None] * (shaded[..., None] + _fit(shaded, chroma)[..., None] * chroma)
    return look.astype(np.float32, copy=False)


def _fit(tone: Plane, chroma: FloatImage) -> Plane:
    """Largest factor, at most 1, by which `chroma` can be added to `tone` within 0..1: chroma
    gives way as a whole, where clipping single channels would change the hue."""
    tiny = np.float32(1e-6)
    above = (1 - tone) / np.maximum(chroma.max(axis=2), tiny)
    below = tone / np.maximum(-chroma.min(axis=2), tiny)
    limit: Plane = np.minimum(np.minimum(above, below), np.float32(1))
    return limit


def render(photo: FloatImage, strength: float, long_edge: int) -> FloatImage:
    """See `Operator.render`."""
    look = draw(photo, long_edge)
    return photo + np.float32(strength) * (look - photo)


def _scale(long_edge: int) -> float:
    return max(long_edge / 1000, MINIMUM_SCALE)


def _position_noise(height: int, width: int) -> Plane:
    """White noise, mean 0, variance 1, each value a hash of its row and column."""
    y, x = np.arange(height, dtype=np.uint32)[:, None], np.arange(width, dtype=np.uint32)
    value = x * np.uint32(0x9E3779B1) ^ y * np.uint32(0x85EBCA77)
    # Avalanche of a 32-bit integer: every input bit changes half of the output's bits.
    for shift, factor in ((16, 0x7FEB352D), (15, 0x846CA68B)):
        value ^= value >> np.uint32(shift)
        value *= np.uint32(factor)
    value ^= value >> np.uint32(16)
    uniform = (value >> np.uint32(8)).astype(np.float32) * np.float32(2**-24)
    return (uniform - np.float32(0.5)) * np.float32(12**0.5)


def _soft(kernel: NDArray[np.float32], sigma: float) -> NDArray[np.float32]:
    """An odd kernel, padded and smoothed by a Gaussian."""
    return _blur(np.pad(kernel, int(np.ceil(3 * sigma))), sigma)


def _filter(plane: Plane, kernel: NDArray[np.float32]) -> Plane:
    filtered = cv2.filter2D(plane, cv2.CV_32F, kernel, borderType=cv2.BORDER_REPLICATE)
    return np.asarray(filtered, np.float32).reshape(plane.shape)


def _blur(plane: Plane, sigma: float) -> Plane:
    return np.asarray(cv2.GaussianBlur(plane, (0, 0), sigma), np.float32).reshape(plane.shape)


OPERATOR = Operator(
    id="colour-pencil",
    name="Colour pencil",
    family="drawing",
    summary="For a drawing: the photo in hatched colour pencil on white paper.",
    algorithm="colour pencil drawing (Lu et al. 2012)",
    render=render,
    linear=True,
    working_scale=True,
)
