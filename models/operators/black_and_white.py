"""Black and white: a fine monochrome print.

Three steps, as in the darkroom: a channel mix in linear light that sees like film behind a yellow
filter (skies darken, skin is luminous); local contrast from an edge-preserving base, so that
texture gains body without halos; and a paper curve with a gentle toe and shoulder.
"""

from __future__ import annotations

import numpy as np

from models.operators.base import Operator
from models.operators.colour_space import Float, to_linear, to_srgb, weighted
from models.operators.full_size import (
    REDUCED_LONG_EDGE,
    bands,
    enlarged_rows,
    guided_coefficients,
    reduce,
)
from models.operators.images import FloatImage

MIX = np.array([0.45, 0.47, 0.08], np.float32)
"""Shares of R, G and B in linear light; they sum to 1, so greys keep their brightness."""

BASE_RADIUS = 0.03
"""Half the window of the base of the local contrast, as a share of the long edge."""

BASE_EPSILON = 0.15**2
"""Contrast (squared, of encoded values) below which structure counts as texture."""

LOCAL_CONTRAST = 0.5
"""How much is added to what differs from the base."""

CONTRAST = 1.1
"""Steepness of the paper curve."""

PIVOT = 0.53
"""Encoded tone about which the paper curve turns."""

PAPER_BLACK, PAPER_WHITE = 0.012, 0.985
"""Encoded tones of the deepest ink and of the bare paper."""


def mix(photo: FloatImage) -> Float:
    """H x W encoded tones of a photo (H x W x 3, sRGB-encoded) seen by the film."""
    return to_srgb(weighted(to_linear(photo), MIX))


def paper_curve(tone: Float) -> Float:
    """Encoded tones (any shape, clipped to 0..1) as they print: a logistic S through `PIVOT`.

    Stretched so that 0 prints as paper black and 1 as paper white.
    """

    # The logistic function is a hyperbolic tangent shifted and halved, and 0 and 1 are reached by
    # a linear map of it.
    steepness = np.float32(2 * CONTRAST)
    ink: Float = np.tanh(steepness * (np.clip(tone, 0, 1) - np.float32(PIVOT)))
    black, white = np.tanh(2 * CONTRAST * (np.array([0, 1]) - PIVOT))
    scale = (PAPER_WHITE - PAPER_BLACK) / (white - black)
    ink *= np.float32(scale)
    ink += np.float32(PAPER_BLACK - scale * black)
    return ink


def print_black_and_white(photo: FloatImage, long_edge: int) -> FloatImage:
    """The full look of a photo: H x W x 3 with R = G = B, sRGB-encoded, 0..1."""
    height, width = photo.shape[:2]
    small = mix(reduce(photo, long_edge))
    radius = max(1, round(BASE_RADIUS * min(long_edge, REDUCED_LONG_EDGE)))
    coefficients = np.stack(guided_coefficients(small, radius, BASE_EPSILON), axis=-1)
    look = np.empty_like(photo)
    for top, bottom in bands(height, width):
        tone = mix(photo[top:bottom])
        ab = enlarged_rows(coefficients, (height, width), top, bottom)
        detail = tone - (ab[..., 0] * tone + ab[..., 1])
        tone += np.float32(LOCAL_CONTRAST) * detail
        look[top:bottom] = paper_curve(tone)[..., None]
    return look


def render(photo: FloatImage, strength: float, long_edge: int) -> FloatImage:
    """The look, see `base.Operator`; the strength blends it with the photo."""
    look = print_black_and_white(photo, long_edge)
    if strength != 1:
        look -= photo
        look *= np.float32(strength)
        look += photo
    return look


OPERATOR = Operator(
    id="black-and-white",
    name="Black and white",
    family="photographic",
    summary="For light and form alone: dark skies, luminous skin, deep blacks, as in a fine print.",
    algorithm="channel mix, local contrast and paper curve",
    render=render,
    linear=True,
    margin=2 * BASE_RADIUS + 0.003,
)
