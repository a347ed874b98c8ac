"""Film: the colours of a negative printed on paper.

In linear light, bright areas halate: light that passes the emulsion is thrown back by the film's
base, mostly into the red layer, and glows around them. The dye layers see a little of each
other's colours, which turns greens towards olive and blues towards cyan and leaves skin alone.
Each layer has its own curve: red is the steepest and blue the softest, so shadows lean to teal
and highlights to warm (split toning), with a lifted black and a white that never burns out.
At last strong colours are held back, as dense dyes do.
"""

from __future__ import annotations

import cv2
import numpy as np

from models.operators.base import Operator
from models.operators.colour_space import Float, extremes, luma, to_linear, to_srgb, transform
from models.operators.full_size import REDUCED_LONG_EDGE, bands, enlarged_rows, reduce
from models.operators.images import FloatImage

HALATION_SIGMA = 0.006
"""Spread of the glow (standard deviation), as a share of the long edge."""

HALATION_THRESHOLD = 0.5
"""Luminance (linear) above which light halates."""

HALATION = np.array([0.32, 0.08, 0.015], np.float32)
"""Share of the halating light that returns to the red, green and blue layer."""

CROSSTALK = np.array(
    [
        [0.96, 0.07, -0.03],
        [0.02, 0.95, 0.03],
        [0.00, 0.06, 0.94],
    ],
    np.float32,
)
"""What the layers R, G, B (rows) see of encoded R, G, B; rows sum to 1, so greys stay grey."""

CONTRAST = np.array([0.52, 0.46, 0.40], np.float32)
"""Curve of the R, G and B layer: 0 is straight, 1 has flat ends."""

BLACK = np.array([0.022, 0.034, 0.044], np.float32)
WHITE = np.array([0.980, 0.971, 0.952], np.float32)
"""Encoded R, G, B of the darkest and the brightest tone."""

SATURATION = 1.04
"""Of pale colours."""

DENSITY = 0.28
"""How much strong colours are held back: their saturation is divided by up to 1 + DENSITY."""


def halation(photo: FloatImage, long_edge: int) -> Float:
    """The glow of the reduced copy of a photo: H' x W', linear light.

    What exceeds the threshold is spread by a narrow and a wide Gaussian, as halation has a bright
    core and a long tail. It counts where it exceeds the light that is there already: beside
    bright areas, not within them, so that bright skin and clouds keep their colour.
    """
    light = luma(to_linear(reduce(photo, long_edge)))
    bright = np.maximum(light - np.float32(HALATION_THRESHOLD), 0)
    bright *= np.float32(1 / (1 - HALATION_THRESHOLD))
    sigma = HALATION_SIGMA * min(long_edge, REDUCED_LONG_EDGE)
    core = cv2.GaussianBlur(bright, (0, 0), max(sigma / 2, 0.1), borderType=cv2.BORDER_REFLECT)
    tail = cv2.GaussianBlur(bright, (0, 0), max(sigma * 2, 0.1), borderType=cv2.BORDER_REFLECT)
    spread = np.float32(0.5) * (core + tail)
    halo: Float = np.maximum(spread - bright, np.float32(0))
    return halo


def dye(exposed: Float) -> Float:
    """The dyes of a picture (H x W x 3, sRGB-encoded, 0..1): layers, curves, colour density."""
    layers = np.clip(transform(exposed, CROSSTALK), 0, 1)
    # A cubic S about 1/2: x + c x (1 - x) (2 x - 1).
    bend = (2 * layers - 1) * (1 - layers)
    bend *= CONTRAST
    bend += 1
    layers *= bend
    layers *= WHITE - BLACK
    layers += BLACK
    grey = luma(layers)[..., None]
    least, most = extremes(layers)
    layers -= grey
    layers *= (np.float32(SATURATION) / (1 + np.float32(DENSITY) * (most - least)))[..., None]
    layers += grey
    return np.clip(layers, 0, 1)


def develop(photo: FloatImage, long_edge: int) -> FloatImage:
    """The full look of a photo: H x W x 3, sRGB-encoded, 0..1."""
    height, width = photo.shape[:2]
    glow = halation(photo, long_edge)[..., None]
    look = np.empty_like(photo)
    for top, bottom in bands(height, width):
        light = to_linear(photo[top:bottom])
        back = enlarged_rows(glow, (height, width), top, bottom) * HALATION
        # As on film, light falls on what is left of the layer (a screen), so white stays white.
        light += back * (1 - light)
        look[top:bottom] = dye(to_srgb(light))
    return look


def render(photo: FloatImage, strength: float, long_edge: int) -> FloatImage:
    """The look, see `base.Operator`; the strength blends it with the photo."""
    look = develop(photo, long_edge)
    if strength != 1:
        look -= photo
        look *= np.float32(strength)
        look += photo
    return look


OPERATOR = Operator(
    id="film",
    name="Film",
    family="photographic",
    summary="For a warm mood: film's soft curve, teal shadows, warm highlights that glow a little.",
    algorithm="film curves, split toning and halation",
    render=render,
    linear=True,
    margin=8 * HALATION_SIGMA + 0.003,
)
