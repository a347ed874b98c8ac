"""Retouch: skin smoothing by frequency separation. Pores stay, blotches go.

An edge-preserving base takes the shapes and their contours: eyes, lips, hair, the light on the
face. What differs from it is skin relief, and is split once more: its low frequencies are blotches
and unevenness and are taken away, its high frequencies are pores and fine hair and stay. Because
the split is made of the difference from the base, strong edges are in neither part and get no
halos. Luma and chroma are treated apart: pores have no colour of their own, so in chroma all of
the difference (redness, yellowness) goes.

Where eyes or brows are near, the base follows small red spots, too, and they would stay. What is
redder than the median of its surroundings, small, and not as dark as a feature of the face is
therefore taken for a spot and goes together with its shade, as a retoucher would heal it.

The operator works on the whole picture; a brush limits it to the skin by a mask.
"""

from __future__ import annotations

import cv2
import numpy as np

from models.operators.base import Operator
from models.operators.colour_space import LUMA, transform
from models.operators.full_size import (
    REDUCED_LONG_EDGE,
    bands,
    enlarged_rows,
    guided_coefficients,
    reduce,
)
from models.operators.images import FloatImage

OPPONENT = np.array([[0, 0, 0], [1, 0, 0], [0, 0, 1]], np.float32)
OPPONENT += np.outer(np.array([1, -1, -1], np.float32), LUMA)
"""Encoded R, G, B to luma, red - luma and blue - luma (rows)."""

RGB = np.linalg.inv(OPPONENT)
"""And back."""

BASE_RADIUS = 0.02
"""Half the window of the edge-preserving base, as a share of the long edge."""

LUMA_EPSILON, CHROMA_EPSILON = 0.035**2, 0.02**2
"""Contrast (squared, of encoded values) below which structure counts as skin relief."""

PORE_SIGMA = 0.0018
"""Gaussian that parts blotches from pores (standard deviation), as a share of the long edge."""

FEATURE = 0.05
"""Amplitude (encoded luma) at which the low frequencies of the relief are half taken for a
feature of the face (a lid, a nostril, a fold) rather than for a blotch, and are half kept."""

MID_LUMA, FINE_LUMA, CHROMA = 0.9, 0.15, 0.75
"""Shares of blotches, of pores and of uneven colour that full strength takes away."""

SPOT_RADIUS = 0.012
"""Half the window of the median that passes over red spots, as a share of the long edge."""

SPOT_SIGMA = 0.001
"""Gaussian that red spots are looked for in (standard deviation), as a share of the long edge."""

REDNESS = 0.007
"""Excess (encoded red - luma) of which half is taken for a red spot."""

SPOT = 1.25
"""Share of a red spot that full strength takes away, before it is weighted by its redness."""

_HALVED_FROM = 768
_LEVELS = np.array([255, 280, 280], np.float32)  # of the 8 bits that a large median is made of
_OFFSETS = np.array([0, 0.35, 0.5], np.float32)


def red_spots(small: FloatImage, working: int) -> tuple[FloatImage, FloatImage]:
    """How surely a red spot is where (H x W x 1, 0..1), and how it differs from its surroundings.

    `small`: H x W x 3 luma, red - luma, blue - luma of a picture `working` pixels large.
    """
    sigma = max(SPOT_SIGMA * working, 0.1)
    smooth: FloatImage = np.asarray(
        cv2.GaussianBlur(small, (0, 0), sigma, borderType=cv2.BORDER_REFLECT), np.float32
    )
    spot = smooth - _surroundings(smooth, working)
    redness = np.square(np.maximum(spot[..., 1], 0))
    sure = redness / (redness + np.float32(REDNESS**2))
    sure /= 1 + np.square(np.square(spot[..., 0] * np.float32(1 / FEATURE)))
    return sure[..., None], spot


def _surroundings(smooth: FloatImage, working: int) -> FloatImage:
    """The median over windows that spots do not fill; at half the size, since it is smooth."""
    height, width = smooth.shape[:2]
    step = 2 if working >= _HALVED_FROM else 1
    reduced = smooth[::step, ::step]
    levels = np.clip(np.rint((reduced + _OFFSETS) * _LEVELS), 0, 255).astype(np.uint8)
    window = 2 * max(1, round(SPOT_RADIUS * working / step)) + 1
    median = cv2.medianBlur(levels, window).astype(np.float32) / _LEVELS - _OFFSETS
    sigma = max(SPOT_SIGMA * working / step, 0.1)
    median = cv2.GaussianBlur(median, (0, 0), sigma, borderType=cv2.BORDER_REFLECT)
    if step > 1:
        median = cv2.resize(median, (width, height), interpolation=cv2.INTER_LINEAR)
    return np.asarray(median, np.float32)


def unevenness(photo: FloatImage, long_edge: int) -> FloatImage:
    """What full strength takes away from a photo: H x W x 3, signed, encoded RGB."""
    height, width = photo.shape[:2]
    working = min(long_edge, REDUCED_LONG_EDGE)
    small = transform(reduce(photo, long_edge), OPPONENT)
    radius = max(1, round(BASE_RADIUS * working))
    luma_a, luma_b = guided_coefficients(small[..., :1], radius, LUMA_EPSILON)
    chroma_a, chroma_b = guided_coefficients(small[..., 1:], radius, CHROMA_EPSILON)
    base = luma_a * small[..., :1] + luma_b
    blotches = cv2.GaussianBlur(
        small[..., :1] - base,
        (0, 0),
        max(PORE_SIGMA * working, 0.1),
        borderType=cv2.BORDER_REFLECT,
    ).reshape(base.shape)
    taken = blotches / (1 + np.square(blotches * np.float32(1 / FEATURE)))
    sure, spot = red_spots(small, working)
    spot *= np.float32(SPOT) * sure
    maps = np.concatenate(
        [luma_a, chroma_a, luma_b, chroma_b, blotches, taken, 1 - sure, spot], axis=-1
    )
    removed = np.empty_like(photo)
    for top, bottom in bands(height, width):
        opponent = transform(photo[top:bottom], OPPONENT)
        rows = enlarged_rows(maps, (height, width), top, bottom)
        relief = opponent - (rows[..., :3] * opponent + rows[..., 3:6])
        fine = relief[..., 0] - rows[..., 6]
        elsewhere = rows[..., 8:9]
        relief[..., 0] = np.float32(MID_LUMA) * rows[..., 7] * elsewhere[..., 0]
        relief[..., 0] += np.float32(FINE_LUMA) * fine
        relief[..., 1:] *= np.float32(CHROMA) * elsewhere
        relief += rows[..., 9:]
        removed[top:bottom] = transform(relief, RGB)
    return removed


def render(photo: FloatImage, strength: float, long_edge: int) -> FloatImage:
    """The look, see `base.Operator`; the strength is the share of the unevenness that goes."""
    look = unevenness(photo, long_edge)
    look *= np.float32(-strength)
    look += photo
    return look


OPERATOR = Operator(
    id="retouch",
    name="Retouch",
    family="application",
    summary="Evens skin by frequency separation: blotches, redness and red spots go, pores stay.",
    algorithm="frequency separation",
    render=render,
    default_strength=0.7,
    linear=True,
    margin=2 * BASE_RADIUS + 4 * PORE_SIGMA + 0.003,
)
