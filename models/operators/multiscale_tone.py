"""Three-scale tone manipulation on an edge-preserving pyramid.

Farbman, Fattal, Lischinski, Szeliski, "Edge-Preserving Decompositions for Multi-Scale Tone and
Detail Manipulation", ACM TOG (SIGGRAPH) 2008, sections 3 and 5: two successively coarser
smoothings split the lightness into a base, a medium and a fine layer, each with a gain of its own.
The smoothing is the weighted-least-squares one, solved line by line as in Min, Choi, Lu, Ham, Sohn,
Do, "Fast Global Image Smoothing Based on Weighted Least Squares", IEEE TIP 2014.
"""

from __future__ import annotations

from typing import NamedTuple

import cv2
import numpy as np
from numpy.typing import NDArray

from models.operators.base import Operator
from models.operators.images import FloatImage

Plane = NDArray[np.float32]
"""H x W, float32."""

REFERENCE_EDGE = 1152
"""Long edge for which the smoothness weights below are given; they grow with its square, as the
reach of the smoothing is proportional to their root."""

FINE_SMOOTHNESS, FINE_CONTRAST = 25.0, 3.0
"""Smoothness weight (lambda) and contrast scale (sigma, in L*) of the finer smoothing."""

BASE_SMOOTHNESS, BASE_CONTRAST = 2500.0, 6.0
"""The same of the coarser smoothing."""

ITERATIONS = 3
"""Passes over rows and columns; more bring the separable solution nearer to the 2-D one."""

BASE_GAIN, MEDIUM_GAIN, FINE_GAIN = 0.9, 1.65, 1.45
"""Gains of the layers at full strength. A little less than 1 for the base opens shadows and calms
highlights, which makes room for what the others add."""

CHROMA_FOLLOW = 0.8
"""Share of a pixel's relative change of L* that its chroma a*, b* follows (0: chroma is kept)."""


class Layers(NamedTuple):
    """L* = base + medium + fine; each H x W float32, in units of L* (0..100)."""

    base: Plane
    medium: Plane
    fine: Plane


def smooth(
    plane: Plane, guide: Plane, smoothness: float, contrast: float, iterations: int = ITERATIONS
) -> Plane:
    """Fast global smoother: edge-preserving, weighted least squares along rows and columns.

    Each pass minimises, along every row (then column),
    ``sum (u - f)^2 + lambda_t sum w (u_x - u_x+1)^2``, ``w = exp(-|g_x - g_x+1| / sigma)``, g being
    the guide; ``lambda_t`` falls by 4 with every pass (Min et al. 2014, equation 13).

    Args:
        plane, guide: H x W float32.
        smoothness: lambda, at least 0.
        contrast: sigma, in units of `guide`; differences well above it are kept as edges.
        iterations: number of passes over rows and columns.

    Returns:
        H x W float32. A constant is reproduced and each row's sum is kept.
    """
    across = np.exp(-np.abs(np.diff(guide, axis=1)) / np.float32(contrast)).T.copy()
    down = np.exp(-np.abs(np.diff(guide, axis=0)) / np.float32(contrast))
    result = plane
    for index in range(iterations):
        share = 1.5 * 4.0 ** (iterations - 1 - index) / (4.0**iterations - 1)
        amount = np.float32(share * smoothness)
        result = _solve_columns(np.ascontiguousarray(result.T), amount * across).T
        result = _solve_columns(np.ascontiguousarray(result), amount * down)
    return result


def _solve_columns(data: Plane, coupling: Plane) -> Plane:
    """Solve (1 + L) u = data down every column, L being the Laplacian of a chain of couplings.

    Args:
        data: H x W. coupling: (H - 1) x W, coupling of row y to row y + 1.
    """
    # Thomas algorithm for the tridiagonal system, all columns at once. The forward sweep keeps
    # pivot - coupling, which is a sum of positive terms, instead of the pivot itself: written so,
    # it loses no digits however strong the couplings are.
    height = data.shape[0]
    solution = data.copy()
    if height == 1:
        return solution
    ratio = np.empty_like(coupling)
    rest = np.ones_like(data[0])
    for y in range(height - 1):
        pivot = rest + coupling[y]
        np.divide(coupling[y], pivot, out=ratio[y])
        solution[y + 1] += ratio[y] * solution[y]
        solution[y] /= pivot
        rest = 1 + rest * ratio[y]
    solution[height - 1] /= rest
    for y in range(height - 2, -1, -1):
        solution[y] += ratio[y] * solution[y + 1]
    return solution


def decompose(lightness: Plane, long_edge: int) -> Layers:
    """Split L* (H x W float32, 0..100) into a base, a medium and a fine layer."""
    size = (long_edge / REFERENCE_EDGE) ** 2
    finer = smooth(lightness, lightness, FINE_SMOOTHNESS * size, FINE_CONTRAST)
    # The coarser smoothing starts from the finer one (Farbman et al. 2008, section 3): what is
    # an edge there is an edge for the base as well, and texture no longer holds it back.
    base = smooth(finer, finer, BASE_SMOOTHNESS * size, BASE_CONTRAST)
    return Layers(base, finer - base, lightness - finer)


def recombine(
    layers: Layers,
    *,
    base: float = BASE_GAIN,
    medium: float = MEDIUM_GAIN,
    fine: float = FINE_GAIN,
) -> Plane:
    """Layers back to L* (H x W float32, not clipped), each with its gain.

    The base's gain is that of its contrast in the middle tones, L* = 50; black and white stay what
    they are. Gains of 1 undo `decompose`.
    """
    bent = layers.base * np.float32(1 / 100)
    bent = (bent - np.float32(0.5)) * bent * (1 - bent) * np.float32(400 * (base - 1))
    lightness: Plane = (
        layers.base + bent + np.float32(medium) * layers.medium + np.float32(fine) * layers.fine
    )
    return lightness


def manipulate_tone(photo: FloatImage, long_edge: int) -> FloatImage:
    """The full look: H x W x 3 float32 RGB in 0..1 to the same shape, not clipped."""
    lab = np.asarray(cv2.cvtColor(photo, cv2.COLOR_RGB2Lab), np.float32)
    lightness = lab[..., 0]
    changed = np.clip(recombine(decompose(lightness, long_edge)), 0, 100)
    # Around black the ratio says nothing; the offset keeps colour noise of the night as it is.
    ratio = (changed + np.float32(10)) / (lightness + np.float32(10))
    chroma = 1 + np.float32(CHROMA_FOLLOW) * (ratio - 1)
    toned = np.dstack([changed, lab[..., 1] * chroma, lab[..., 2] * chroma])
    # OpenCV's way there and back is off by up to a level; as a difference it cancels out.
    return photo + (cv2.cvtColor(toned, cv2.COLOR_Lab2RGB) - cv2.cvtColor(lab, cv2.COLOR_Lab2RGB))


def render(photo: FloatImage, strength: float, long_edge: int) -> FloatImage:
    """See `Operator.render`."""
    look = manipulate_tone(photo, long_edge)
    return photo + np.float32(strength) * (look - photo)


OPERATOR = Operator(
    id="multiscale-tone",
    name="Depth",
    family="detail",
    summary="For flat or hazy light: shapes gain contrast, while bright and dark keep their place.",
    algorithm="three-scale tone manipulation (Farbman et al. 2008)",
    render=render,
    linear=True,
    working_scale=True,
)
