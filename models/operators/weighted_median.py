"""Weighted median: a strong edge-preserving blur without halos or remains of texture.

Zhang, Xu and Jia, "100+ Times Faster Weighted Median Filter", CVPR 2014: every pixel becomes the
median of its window, each neighbour weighted by how similar its colour is. OpenCV's
`weightedMedianFilter` is that algorithm (joint histogram, median tracking, necklace table).
"""

from __future__ import annotations

import threading

import cv2
import numpy as np

from models.operators.base import Operator
from models.operators.images import FloatImage, from_float, to_float

MAX_FEATURES = 256
"""Distinct feature colours the joint histogram can hold (the paper's number)."""

FEATURE_STEP = 4
"""Step, in 8-bit levels, of the grid feature colours lie on (the top 6 of 8 bits in OpenCV)."""

TILE = 256
"""Tiles, in pixels, with feature colours of their own: fewer colours to share them among, so the
look is 2 to 3 dB nearer to the exact weights than with one palette for the picture."""

_filter_lock = threading.Lock()


def filter_weighted_median(photo: FloatImage, radius: int = 10, sigma: float = 25.5) -> FloatImage:
    """Weighted median of each colour channel, with the photo itself as the guide.

    A neighbour q of pixel p counts ``exp(-|f(p) - f(q)|^2 / (2 sigma^2))``, f the RGB colour in
    8-bit levels. The filter runs on the photo rounded to 8 bits; f is rounded further, to at most
    `MAX_FEATURES` colours a tile (`feature_colours`). Windows are cut at the picture's border.

    Args:
        photo: H x W x 3, float32, 0..1, any size from 1 x 1.
        radius: half width of the square window in pixels. Published: 10.
        sigma: standard deviation of the weight, in 8-bit levels. Published: 25.5.

    Returns:
        H x W x 3 float32 of multiples of 1/255.
    """
    levels = np.ascontiguousarray(from_float(photo, np.dtype(np.uint8)))
    height, width = levels.shape[:2]
    look = np.empty_like(levels)
    for top in range(0, height, TILE):
        for left in range(0, width, TILE):
            rows = slice(max(0, top - radius), min(height, top + TILE + radius))
            columns = slice(max(0, left - radius), min(width, left + TILE + radius))
            source = np.ascontiguousarray(levels[rows, columns])
            tile = _filter(source, feature_colours(source), radius, sigma)
            look[top : top + TILE, left : left + TILE] = tile[
                top - rows.start : top - rows.start + TILE,
                left - columns.start : left - columns.start + TILE,
            ]
    return to_float(look)


def feature_colours(levels: np.ndarray) -> np.ndarray:
    """The nearest of at most `MAX_FEATURES` colours for each pixel, chosen for this picture.

    Args:
        levels: H x W x 3 uint8.

    Returns:
        H x W x 3 uint8, multiples of `FEATURE_STEP`. Exactly `levels` rounded down to that grid
        where these are few enough colours already.
    """
    grid = (levels // FEATURE_STEP).astype(np.int32)
    side = 256 // FEATURE_STEP
    codes = (grid[..., 0] * side + grid[..., 1]) * side + grid[..., 2]
    present, index = np.unique(codes, return_inverse=True)
    colours = np.stack(np.unravel_index(present, (side, side, side)), axis=1).astype(np.float32)
    if len(colours) > MAX_FEATURES:
        centres = _cluster(colours)
        colours = centres[_nearest(colours, centres)]
    palette = (colours * FEATURE_STEP).astype(np.uint8)
    nearest: np.ndarray = palette[index.reshape(codes.shape)]
    return nearest


def _nearest(colours: np.ndarray, centres: np.ndarray) -> np.ndarray:
    """For each of N x 3 colours the index of the nearest of M x 3 centres."""
    from scipy.spatial import KDTree  # late: importing it takes 0.1 s

    nearest: np.ndarray = KDTree(centres).query(colours)[1]
    return nearest


def _cluster(colours: np.ndarray) -> np.ndarray:
    """`MAX_FEATURES` cluster centres, rounded to whole numbers, of N x 3 float32 colours.

    Each distinct colour counts once, however many pixels have it, so that small coloured things
    keep a feature of their own. Farthest-point start and a few Lloyd steps: no chance involved.
    """
    chosen = np.empty(MAX_FEATURES, dtype=np.intp)
    chosen[0] = np.argmin(np.square(colours - colours.mean(axis=0)).sum(axis=1))
    distance = np.full(len(colours), np.inf, dtype=np.float32)
    for k in range(1, MAX_FEATURES):
        offset = colours - colours[chosen[k - 1]]
        np.minimum(distance, np.einsum("nc,nc->n", offset, offset), out=distance)
        chosen[k] = np.argmax(distance)
    centres = colours[chosen]
    for _ in range(5):
        nearest = _nearest(colours, centres)
        counts = np.bincount(nearest, minlength=MAX_FEATURES)
        for c in range(3):
            sums = np.bincount(nearest, weights=colours[:, c], minlength=MAX_FEATURES)
            np.divide(sums, counts, out=centres[:, c], where=counts > 0, casting="same_kind")
    rounded: np.ndarray = np.rint(centres)
    return rounded


def _filter(source: np.ndarray, features: np.ndarray, radius: int, sigma: float) -> np.ndarray:
    """OpenCV's filter of H x W x 3 uint8 arrays.

    With no more feature colours than it has room for, its own clustering (which draws from
    OpenCV's random numbers) only numbers them; the fixed seed keeps even the order of its sums.
    The lock is there because the filter keeps its working tables in static variables.
    """
    with _filter_lock:
        cv2.setRNGSeed(0)
        return cv2.ximgproc.weightedMedianFilter(
            features, source, radius, sigma=sigma, weightType=cv2.ximgproc.WMF_EXP
        )


def _render(photo: FloatImage, strength: float, long_edge: int) -> FloatImage:
    look = filter_weighted_median(photo)
    look -= photo
    look *= np.float32(strength)
    look += photo
    return look


OPERATOR = Operator(
    id="weighted-median",
    name="Without grain",
    family="blur",
    summary="For noisy and grainy photos: grain and specks go, edges and corners stay.",
    algorithm="weighted median filter (Zhang et al. 2014)",
    render=_render,
    linear=True,
    working_scale=True,
)
