"""Relative total variation: structure without texture, however strong the texture is.

Xu, Yan, Xia and Jia, "Structure Extraction from Texture via Relative Total Variation", ACM
Transactions on Graphics 31(6), SIGGRAPH Asia 2012. A gradient counts by how much of it is left
when it is averaged over a window with its sign: texture cancels out, an edge does not. The numbers
and conventions are those of the authors' published program (`tsmooth`): half of lambda on each
system, the two measures floored instead of padded with an epsilon.

Each of the few iterations solves one sparse linear system a colour; most of this file solves it.
"""

from __future__ import annotations

import cv2
import numpy as np

from models.operators.base import Operator
from models.operators.images import FloatImage

MIN_SIGMA = 0.5
MIN_WINDOWED_VARIATION = 1e-3
"""Floor of the windowed variation: less than a level of change counts as none."""

RESIDUAL = 0.015
"""Largest residual at which a system counts as solved. The rows of its inverse are not negative
and sum to at most 1, which makes this a bound on the error; the error itself is a tenth of it,
below 1/255 (compared with a direct solve in the tests)."""

_MAX_STEPS = 60
_MAX_LEVELS = 7
_DAMPING = np.float32(0.9)
_STRIP = 48


def smooth_rtv(
    photo: FloatImage,
    lambda_: float = 0.015,
    sigma: float = 3.0,
    sharpness: float = 0.02,
    iterations: int = 4,
) -> FloatImage:
    """Minimise ``sum (S - photo)^2 + lambda_ * relative total variation of S`` over S.

    Args:
        photo: H x W x 3, float32, 0..1, any size from 1 x 1.
        lambda_: degree of smoothing. Published: 0.015 (0.01 to 0.03).
        sigma: standard deviation in pixels of the window in which texture must cancel; halved
            in each iteration down to `MIN_SIGMA`. Published: 3.
        sharpness: floor of the gradient's length; smaller keeps edges sharper. Published: 0.02.
        iterations: number of reweighted linear systems. Published: 4.

    Returns:
        H x W x 3 float32, within the photo's range up to the solver's tolerance.
    """
    target = np.ascontiguousarray(photo.transpose(2, 0, 1), dtype=np.float32)
    smooth = target.copy()
    for _ in range(iterations):
        wx, wy = texture_weights(np.ascontiguousarray(smooth.transpose(1, 2, 0)), sigma, sharpness)
        # The last solution is the first guess of the next: later systems need fewer steps.
        smooth = solve(wx * np.float32(lambda_ / 2), wy * np.float32(lambda_ / 2), target, smooth)
        sigma = max(sigma / 2, MIN_SIGMA)
    return np.ascontiguousarray(smooth.transpose(1, 2, 0))


def texture_weights(
    image: FloatImage, sigma: float, sharpness: float
) -> tuple[np.ndarray, np.ndarray]:
    """How strongly neighbours are tied together: ``u * w`` of the paper, section 3.

    The picture is reflected at its border for the windows. (The authors' program pads with black,
    which leaves a frame of texture.)

    Args:
        image: H x W x 3 float32.
        sigma: standard deviation of the window in pixels.
        sharpness: floor of the mean gradient length.

    Returns:
        ``(wx, wy)`` float32: H x (W - 1), between a pixel and its right neighbour, and
        (H - 1) x W, between a pixel and the one below.
    """
    dx = np.zeros_like(image)
    dy = np.zeros_like(image)
    np.subtract(image[:, 1:], image[:, :-1], out=dx[:, :-1])
    np.subtract(image[1:], image[:-1], out=dy[:-1])
    # Not cv2.magnitude: its last bit depends on where the arrays happen to lie in memory.
    length = np.maximum(np.sqrt(dx * dx + dy * dy).mean(axis=2), sharpness)

    size = int(np.floor(5 * sigma + 0.5)) | 1
    blurred = cv2.GaussianBlur(
        image, (size, size), sigmaX=sigma, sigmaY=sigma, borderType=cv2.BORDER_REFLECT
    ).reshape(image.shape)
    windowed_x = np.abs(blurred[:, 1:] - blurred[:, :-1]).mean(axis=2)
    windowed_y = np.abs(blurred[1:] - blurred[:-1]).mean(axis=2)
    wx = 1 / (np.maximum(windowed_x, MIN_WINDOWED_VARIATION) * length[:, :-1])
    wy = 1 / (np.maximum(windowed_y, MIN_WINDOWED_VARIATION) * length[:-1])
    return wx, wy


def solve(wx: np.ndarray, wy: np.ndarray, target: np.ndarray, guess: np.ndarray) -> np.ndarray:
    """Solve ``(1 + L) x = target`` for each plane, L the Laplacian of the weighted pixel grid.

    Conjugate gradients, preconditioned by one multigrid W-cycle: the weights span four orders of
    magnitude and tie pixels over some 20 px, where plain conjugate gradients take hundreds of
    steps instead of ten.

    Args:
        wx: H x (W - 1) float32, >= 0: weights between horizontal neighbours.
        wy: (H - 1) x W float32, >= 0: weights between vertical neighbours.
        target: C x H x W float32.
        guess: C x H x W float32 to start from.

    Returns:
        C x H x W float32 with a residual of at most `RESIDUAL` everywhere (reached in 3 to 20
        steps on photos; after `_MAX_STEPS` what there is).
    """
    levels = [_Grid(np.ones((wx.shape[0], wy.shape[1]), dtype=np.float32), wx, wy)]
    while len(levels) < _MAX_LEVELS and max(levels[-1].shape) > 2:
        levels.append(levels[-1].coarser())

    x = guess.copy()
    residual = levels[0].residual(x, target)
    direction = np.zeros_like(x)
    before = np.ones((len(x), 1, 1), dtype=np.float32)
    for _ in range(_MAX_STEPS):
        if np.max(np.abs(residual)) <= RESIDUAL:
            break
        correction = _w_cycle(levels, residual)
        now = _dots(residual, correction)
        direction *= now / before
        direction += correction
        before = np.maximum(now, np.finfo(np.float32).tiny)
        image = levels[0].apply(direction)
        step = now / np.maximum(_dots(direction, image), np.finfo(np.float32).tiny)
        x += step * direction
        image *= step
        residual -= image
    return x


class _Grid:
    """The symmetric five-point system ``diag(mass) + L`` on one grid of the multigrid hierarchy."""

    def __init__(self, mass: np.ndarray, wx: np.ndarray, wy: np.ndarray) -> None:
        self.mass, self.wx, self.wy = mass, wx, wy
        self.shape = mass.shape
        self.diagonal = mass.copy()
        self.diagonal[:, :-1] += wx
        self.diagonal[:, 1:] += wx
        self.diagonal[:-1] += wy
        self.diagonal[1:] += wy
        self.damped_inverse = _DAMPING / self.diagonal

    def coarser(self) -> _Grid:
        """The Galerkin system of 2 x 2 blocks of pixels, each block taking one value."""
        return _Grid(
            _sum_pairs(_sum_pairs(self.mass, 0), 1),
            _sum_pairs(self.wx[:, 1::2], 0),
            _sum_pairs(self.wy[1::2], 1),
        )

    def apply(self, x: np.ndarray) -> np.ndarray:
        """``A x`` of C x H x W, in strips of rows that stay in the processor's cache."""
        height, width = self.shape
        out = np.empty_like(x)
        scratch = np.empty((min(_STRIP, height), width), dtype=np.float32)
        for top in range(0, height, _STRIP):
            bottom = min(top + _STRIP, height)
            above, below = max(top, 1), min(bottom, height - 1)
            wx = self.wx[top:bottom]
            for plane, result in zip(x, out, strict=True):
                rows, sums = plane[top:bottom], result[top:bottom]
                np.multiply(self.diagonal[top:bottom], rows, out=sums)
                part = scratch[: bottom - top, : width - 1]
                sums[:, :-1] -= np.multiply(wx, rows[:, 1:], out=part)
                sums[:, 1:] -= np.multiply(wx, rows[:, :-1], out=part)
                part = scratch[: below - top]
                result[top:below] -= np.multiply(
                    self.wy[top:below], plane[top + 1 : below + 1], out=part
                )
                part = scratch[: bottom - above]
                result[above:bottom] -= np.multiply(
                    self.wy[above - 1 : bottom - 1], plane[above - 1 : bottom - 1], out=part
                )
        return out

    def residual(self, x: np.ndarray, right: np.ndarray) -> np.ndarray:
        """``right - A x``."""
        out = self.apply(x)
        np.subtract(right, out, out=out)
        return out

    def relax(self, x: np.ndarray, right: np.ndarray) -> None:
        """One damped Jacobi step on `x`, in place."""
        change = self.residual(x, right)
        change *= self.damped_inverse
        x += change


def _w_cycle(levels: list[_Grid], right: np.ndarray) -> np.ndarray:
    """An approximate solution of the first level's system; symmetric, so fit to precondition."""
    grid = levels[0]
    x: np.ndarray = grid.damped_inverse * right
    if len(levels) == 1:
        # 64 px wide blocks, tied by little more than their mass, or a picture of 2 x 2 pixels.
        for _ in range(4):
            grid.relax(x, right)
        return x
    coarse_right = _sum_blocks(grid.residual(x, right))
    coarse = _w_cycle(levels[1:], coarse_right)
    if len(levels) > 2:
        coarse += _w_cycle(levels[1:], levels[1].residual(coarse, coarse_right))
    _add_blocks(x, coarse)
    grid.relax(x, right)
    return x


def _dots(a: np.ndarray, b: np.ndarray) -> np.ndarray:
    """Inner product of each plane, C x 1 x 1.

    By numpy's own sum: BLAS orders its sums by where the arrays happen to lie in memory.
    """
    products: np.ndarray = np.sum(a * b, axis=(1, 2), keepdims=True)
    return products


def _sum_pairs(values: np.ndarray, axis: int) -> np.ndarray:
    """Sums of elements 0 and 1, 2 and 3, ... along `axis` of a 2-d array; an odd last one alone."""
    flat = values if axis == 0 else values.T
    sums = flat[::2].copy()
    sums[: len(flat) // 2] += flat[1::2]
    return np.ascontiguousarray(sums if axis == 0 else sums.T)


def _sum_blocks(planes: np.ndarray) -> np.ndarray:
    """Sums of 2 x 2 blocks of C x H x W; blocks at an odd end are cut."""
    height, width = planes.shape[1:]
    rows = planes[:, ::2].copy()
    rows[:, : height // 2] += planes[:, 1::2]
    sums = rows[:, :, ::2].copy()
    sums[:, :, : width // 2] += rows[:, :, 1::2]
    return sums


def _add_blocks(planes: np.ndarray, values: np.ndarray) -> None:
    """Add each value to the 2 x 2 block it stands for, in place: the transpose of `_sum_blocks`."""
    channels, height, width = planes.shape
    rows = np.empty((channels, values.shape[1], width), dtype=np.float32)
    rows[:, :, ::2] = values
    rows[:, :, 1::2] = values[:, :, : width // 2]
    planes[:, ::2] += rows
    planes[:, 1::2] += rows[:, : height // 2]


def _render(photo: FloatImage, strength: float, long_edge: int) -> FloatImage:
    look = smooth_rtv(photo)
    look -= photo
    look *= np.float32(strength)
    look += photo
    return look


OPERATOR = Operator(
    id="rtv",
    name="Calm surfaces",
    family="abstraction",
    summary="For busy surfaces such as brick, cloth or grass: their pattern goes, the shapes stay.",
    algorithm="relative total variation (Xu et al. 2012)",
    render=_render,
    linear=True,
    working_scale=True,
)
