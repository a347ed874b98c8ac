"""L0 smoothing: flat areas and crisp edges, as few colour changes as possible.

Xu, Lu, Xu and Jia, "Image Smoothing via L0 Gradient Minimization", ACM Transactions on Graphics
30(6), SIGGRAPH Asia 2011: section 3, algorithm 1 (half-quadratic splitting, circular boundaries).
"""

from __future__ import annotations

from typing import Literal

import numpy as np

from models.operators.base import Operator
from models.operators.images import FloatImage

BETA_MAX = 1e5


def smooth_l0(photo: FloatImage, lambda_: float = 0.02, kappa: float = 2.0) -> FloatImage:
    """Minimise ``sum((S - photo)^2) + lambda_ * #{p: gradient of S at p is not 0}`` over S.

    The count is joint over the colours: a pixel's gradient is kept or dropped in all three.

    Args:
        photo: H x W x 3, float32, 0..1, any size from 1 x 1.
        lambda_: weight of the count; larger is flatter. Published: 0.02.
        kappa: growth of the penalty beta per iteration, above 1: from ``2 * lambda_`` up to
            `BETA_MAX`. Published: 2 (22 iterations).

    Returns:
        A new H x W x 3 float32 array, 0..1 but for slight overshoot at edges.
    """
    import scipy.fft  # late: it takes longer to import than all the rest of the looks

    height, width = photo.shape[:2]
    target = np.ascontiguousarray(photo.transpose(2, 0, 1), dtype=np.float32)
    smooth = target.copy()
    laplacian = _laplacian_spectrum(height, width)
    beta = 2.0 * lambda_
    while beta < BETA_MAX:
        # The published step solves (1 + beta L) S' = I + beta div(h) for S', L the Laplacian and h
        # the gradient of S with its small values set to 0. Solving for the change S' - S is the
        # same system, (1 + beta L)(S' - S) = I - S + beta div(h - grad S), but what beta multiplies
        # is small, at most sqrt(lambda / beta) a pixel: float32 is then enough up to beta = 1e5.
        right = _dropped_gradients(smooth, lambda_ / beta)
        right *= np.float32(beta)
        right -= smooth
        right += target
        spectrum = scipy.fft.rfft2(right, overwrite_x=True)
        spectrum /= np.float32(beta) * laplacian + np.float32(1.0)
        smooth += scipy.fft.irfft2(spectrum, s=(height, width), overwrite_x=True)
        beta *= kappa
    return np.ascontiguousarray(smooth.transpose(1, 2, 0))


def _laplacian_spectrum(height: int, width: int) -> np.ndarray:
    """H x (W // 2 + 1) float32: eigenvalues of the circular 5-point Laplacian, in rfft2 order."""
    vertical = 2.0 - 2.0 * np.cos(2.0 * np.pi * np.arange(height) / height)
    horizontal = 2.0 - 2.0 * np.cos(2.0 * np.pi * np.arange(width // 2 + 1) / width)
    return (vertical[:, None] + horizontal[None, :]).astype(np.float32)


def _dropped_gradients(planes: np.ndarray, threshold: float) -> np.ndarray:
    """3 x H x W: the divergence of ``h - grad S``, where `h` is the gradient of S with its small
    values set to 0: squared length, over both directions and all planes, at most `threshold`.

    Gradients are circular forward differences, the divergence is their adjoint.
    """
    dx = _forward_difference(planes, axis=2)
    dy = _forward_difference(planes, axis=1)
    energy = np.einsum("chw,chw->hw", dx, dx)
    energy += np.einsum("chw,chw->hw", dy, dy)
    dropped = (energy <= threshold).astype(np.float32)
    dx *= dropped
    dy *= dropped
    # h - grad S is minus the dropped gradients; adjoint: the value before minus the value here.
    result: np.ndarray = dx + dy
    result[:, :, 1:] -= dx[:, :, :-1]
    result[:, :, 0] -= dx[:, :, -1]
    result[:, 1:] -= dy[:, :-1]
    result[:, 0] -= dy[:, -1]
    return result


def _forward_difference(planes: np.ndarray, axis: Literal[1, 2]) -> np.ndarray:
    """``u(p + 1) - u(p)`` along `axis`, wrapping round at the border."""
    difference = np.empty_like(planes)
    if axis == 1:
        np.subtract(planes[:, 1:], planes[:, :-1], out=difference[:, :-1])
        np.subtract(planes[:, 0], planes[:, -1], out=difference[:, -1])
    else:
        np.subtract(planes[:, :, 1:], planes[:, :, :-1], out=difference[:, :, :-1])
        np.subtract(planes[:, :, 0], planes[:, :, -1], out=difference[:, :, -1])
    return difference


def _render(photo: FloatImage, strength: float, long_edge: int) -> FloatImage:
    look = smooth_l0(photo)
    look -= photo
    look *= np.float32(strength)
    look += photo
    return look


OPERATOR = Operator(
    id="l0-smoothing",
    name="Flat colours",
    family="abstraction",
    summary="For posters and drawings: detail melts into even areas of colour with crisp edges.",
    algorithm="L0 gradient minimisation (Xu et al. 2011)",
    render=_render,
    linear=True,
    working_scale=True,
)
