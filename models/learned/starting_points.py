"""Cheap approximations of looks, from which learned operators start instead of from the photo."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import TypeVar

import cv2
import numpy as np
from numpy.typing import NDArray

from models.operators import colour_pencil, lens_blur, oil_painting
from models.operators.colour_space import luma as luma_of
from models.operators.colour_space import to_linear, to_srgb
from models.operators.full_size import mirrored
from models.operators.images import FloatImage, Image, from_float, to_float

P = TypeVar("P", NDArray[np.uint8], FloatImage)

PENCIL = "colour-pencil"

LENS_BLUR = "lens-blur"

OIL = "oil-painting"


@dataclass(frozen=True)
class Pass:
    """One run of `cv2.ximgproc.fastGlobalSmootherFilter` (Min et al., "Fast Global Image Smoothing
    Based on Weighted Least Squares", IEEE TIP 23(12), 2014).

    Attributes:
        strength: its lambda.
        colour: its sigma, the difference in levels (0..255) that counts as an edge.
        iterations: sweeps across and down.
    """

    strength: float
    colour: float
    iterations: int


@dataclass(frozen=True)
class Smoother:
    """A fast edge-preserving filter in several passes.

    Each pass finds its edges in the result of the one before, which gets flatter and crisper than a
    single pass.

    Attributes:
        passes: one after the other.
        blur: standard deviation in pixels of a Gaussian blur before them; 0 for none.
        blurred_edges: the same for the picture in which the first pass finds its edges; it removes
            texture that is stronger than edges.
    """

    passes: tuple[Pass, ...]
    blur: float = 0.0
    blurred_edges: float = 0.0


SMOOTHERS = {
    "l0-smoothing": Smoother((Pass(16, 12, 3), Pass(960, 1.5, 3))),
    "rtv": Smoother((Pass(62, 7, 2), Pass(99, 3, 2)), blur=0.4, blurred_edges=1.4),
    "weighted-median": Smoother((Pass(5, 14, 1), Pass(23, 2.3, 2))),
}
"""What comes closest to these operators on training photos, of some hundred settings each; fewer
iterations leave streaks across and down where hair or grass is smoothed."""

BOTH_DISCS = 2.0, 4.0
"""Radii in pixels between which the lens blur passes from full to half size."""


def pencil_shading(photo: Image, long_edge: int) -> FloatImage:
    """The pencil drawing without its lines: H x W x 3 float32, 0..1.

    Tone, hatching and chroma of `models.operators.colour_pencil.draw`, but with colours out of
    gamut clipped. A network could not know them from the surroundings of a pixel: the tone depends
    on the whole picture's histogram, the hatching on the pixel's position.
    """
    colours = to_float(photo)
    height, width = colours.shape[:2]
    luma = luma_of(colours)
    tone = colour_pencil.tone_map(luma)
    sigma = colour_pencil.TEXTURE_WINDOW * max(long_edge / 1000, colour_pencil.MINIMUM_SCALE)
    texture = colour_pencil.pencil_texture(height, width, long_edge)
    shaded = colour_pencil.draw_texture(tone, texture, sigma)
    coverage = (1 - shaded) / np.maximum(1 - tone, np.float32(0.02))
    np.minimum(coverage, colour_pencil.MAXIMUM_COVERAGE, out=coverage)
    coverage *= np.float32(colour_pencil.CHROMA)
    shading = colours - luma[..., None]
    shading *= coverage[..., None]
    shading += shaded[..., None]
    return np.clip(shading, 0, 1, out=shading)


def smoothed(photo: Image, smoother: Smoother) -> FloatImage:
    """The photo through a fast edge-preserving filter: H x W x 3 RGB to the same, float32, 0..1.

    All passes but the last work in 8 bits: half a level is little compared with what the filter
    removes, and a quarter of the time is saved.
    """
    levels = np.asarray(from_float(to_float(photo), np.dtype(np.uint8)), np.uint8)
    smooth, edges = _blurred(levels, smoother.blur), _blurred(levels, smoother.blurred_edges)
    for one in smoother.passes[:-1]:
        smooth = edges = _passed(one, edges, smooth)
    return to_float(_passed(smoother.passes[-1], edges, to_float(smooth)))


def _passed(one: Pass, edges: NDArray[np.uint8], picture: P) -> P:
    """In the picture's own number format."""
    filtered = cv2.ximgproc.fastGlobalSmootherFilter(
        edges, picture, one.strength, one.colour, num_iter=one.iterations
    )
    return np.asarray(filtered).reshape(picture.shape)  # type: ignore[return-value]


def _blurred(levels: NDArray[np.uint8], sigma: float) -> NDArray[np.uint8]:
    if not sigma:
        return levels
    return np.asarray(cv2.GaussianBlur(levels, (0, 0), sigma), np.uint8).reshape(levels.shape)


def quick_lens_blur(photo: FloatImage, radius: float) -> FloatImage:
    """`lens_blur.blur` at half the size, where that makes no difference: a quarter of the work.

    Args:
        photo: H x W x 3 float32, 0..1.
        radius: of the disc in pixels.
    """
    low, high = BOTH_DISCS
    share = min(1.0, max(0.0, (radius - low) / (high - low)))
    if share == 0 or min(photo.shape[:2]) < 2:
        return lens_blur.blur(photo, radius)
    height, width = photo.shape[:2]
    half = (width + 1) // 2, (height + 1) // 2
    small = cv2.resize(to_linear(photo), half, interpolation=cv2.INTER_AREA)
    reach = math.ceil(radius / 2) + 1
    light = mirrored(np.asarray(small, np.float32), reach)
    blurred = np.asarray(cv2.filter2D(light, -1, lens_blur.disc(radius / 2)), np.float32)
    blurred = blurred[reach:-reach, reach:-reach]
    large = cv2.resize(blurred, (width, height), interpolation=cv2.INTER_CUBIC)
    quick = to_srgb(np.clip(np.asarray(large, np.float32), 0, None))
    return quick if share == 1 else lens_blur.blur(photo, radius) * (1 - share) + quick * share


def quick_painting(photo: FloatImage, long_edge: int) -> FloatImage:
    """`oil_painting.paint` at half the size and with few kinds of strokes: H x W x 3 float32.

    A tenth of the work, without the crisp edges.
    """
    height, width = photo.shape[:2]
    half = max(1, (width + 1) // 2), max(1, (height + 1) // 2)
    small = np.asarray(cv2.resize(photo, half, interpolation=cv2.INTER_AREA), np.float32)
    painted = oil_painting.anisotropic_kuwahara(
        small.reshape(half[1], half[0], 3),
        max(oil_painting.MINIMUM_RADIUS, oil_painting.RADIUS * long_edge) / 2,
        max(oil_painting.MINIMUM_TENSOR_SIGMA, oil_painting.TENSOR_SIGMA * long_edge) / 2,
        orientations=4,
        anisotropies=2,
    )
    large = cv2.resize(painted, (width, height), interpolation=cv2.INTER_CUBIC)
    return np.clip(np.asarray(large, np.float32).reshape(photo.shape), 0, 1)


def has_starting_point(operator: str) -> bool:
    """Whether an operator starts from something other than the photo."""
    return operator in SMOOTHERS or operator in (PENCIL, LENS_BLUR, OIL)


def starting_point(
    photo: Image, operator: str, long_edge: int, strength: float = 1.0
) -> FloatImage:
    """What the look of an operator starts from: H x W x 3 float32, 0..1.

    Args:
        photo: H x W x 3 RGB, the whole picture.
        operator: one of `LEARNED`.
        long_edge: of the whole picture in pixels.
        strength: only a lens blur's makes a difference.
    """
    if operator == PENCIL:
        return pencil_shading(photo, long_edge)
    if operator == LENS_BLUR:
        return quick_lens_blur(to_float(photo), strength * lens_blur.RADIUS * long_edge)
    if operator == OIL:
        return quick_painting(to_float(photo), long_edge)
    if operator in SMOOTHERS:
        return smoothed(photo, SMOOTHERS[operator])
    return to_float(photo)
