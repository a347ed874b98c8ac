"""Relative total variation against direct sparse solves in float64, and what it promises."""

import numpy as np
import pytest
from scipy import ndimage, sparse
from scipy.sparse.linalg import spsolve

from models.operators.rtv import OPERATOR, RESIDUAL, smooth_rtv, solve


def weights_float64(image: np.ndarray, sigma: float, sharpness: float):
    """The two weights of the published program, as H x W arrays that end in zeros."""
    size = int(np.floor(5 * sigma + 0.5)) | 1
    offsets = np.arange(size) - size // 2
    kernel = np.exp(-(offsets**2) / (2 * sigma**2))
    kernel /= kernel.sum()
    window = ndimage.correlate1d(image, kernel, axis=0, mode="reflect")
    window = ndimage.correlate1d(window, kernel, axis=1, mode="reflect")

    def forward(values, axis):
        return np.diff(values, axis=axis, append=np.take(values, [-1], axis))

    length = np.sqrt(forward(image, 1) ** 2 + forward(image, 0) ** 2).mean(axis=2)
    own = 1 / np.maximum(length, sharpness)
    wx = own / np.maximum(np.abs(forward(window, 1)).mean(axis=2), 1e-3)
    wy = own / np.maximum(np.abs(forward(window, 0)).mean(axis=2), 1e-3)
    wx[:, -1] = 0
    wy[-1] = 0
    return wx, wy


def solve_directly(wx: np.ndarray, wy: np.ndarray, target: np.ndarray) -> np.ndarray:
    """``(1 + Dx' wx Dx + Dy' wy Dy) x = target`` by LU, for H x W weights and H x W x 3."""
    height, width = wx.shape
    step = lambda n: sparse.eye_array(n, n, k=1) - sparse.eye_array(n, n)  # noqa: E731
    dx = sparse.kron(sparse.eye_array(height), step(width))
    dy = sparse.kron(step(height), sparse.eye_array(width))
    matrix = (
        sparse.eye_array(height * width)
        + dx.T @ sparse.diags_array(wx.ravel()) @ dx
        + dy.T @ sparse.diags_array(wy.ravel()) @ dy
    )
    return np.reshape(spsolve(matrix.tocsc(), target.reshape(-1, 3)), target.shape)


def textbook_rtv(
    photo: np.ndarray, lambda_: float = 0.015, sigma: float = 3.0, sharpness: float = 0.02
) -> np.ndarray:
    target = photo.astype(np.float64)
    smooth = target
    for _ in range(4):
        wx, wy = weights_float64(smooth, sigma, sharpness)
        smooth = solve_directly(lambda_ / 2 * wx, lambda_ / 2 * wy, target)
        sigma = max(sigma / 2, 0.5)
    return smooth


def scene(height: int, width: int, seed: int = 0) -> np.ndarray:
    """A bright disc on a slope behind a woven texture."""
    rng = np.random.default_rng(seed)
    y, x = np.mgrid[:height, :width]
    disc = (y - height / 2) ** 2 + (x - width / 2) ** 2 < (min(height, width) / 3) ** 2
    plain = np.stack([0.2 + 0.3 * x / width, 0.3 + 0 * x, 0.5 - 0.2 * y / height], axis=2)
    plain += 0.35 * disc[..., None] * np.array([1.0, 0.6, 0.2])
    weave = 0.08 * (((x // 2 + y // 2) % 2)[..., None] - 0.5)
    return (plain + weave + rng.normal(0, 0.02, plain.shape)).clip(0, 1).astype(np.float32)


@pytest.mark.parametrize("size", [(80, 110), (61, 47), (17, 3), (1, 7), (7, 1), (2, 2), (1, 1)])
def test_agrees_with_direct_solves_within_a_level(size):
    photo = scene(*size)
    np.testing.assert_allclose(smooth_rtv(photo), textbook_rtv(photo), atol=1 / 255)


@pytest.mark.parametrize("seed", range(4))
def test_agrees_on_noise_and_with_other_settings(seed):
    photo = np.random.default_rng(seed).random((45, 52, 3), dtype=np.float32)
    np.testing.assert_allclose(
        smooth_rtv(photo, lambda_=0.03, sigma=2.0),
        textbook_rtv(photo, lambda_=0.03, sigma=2.0),
        atol=1 / 255,
    )


@pytest.mark.parametrize("contrast", [1.0, 1e2, 1e4])
def test_solver_agrees_with_a_direct_solve(contrast):
    """Weights drawn over four orders of magnitude, pixel by pixel: harder than any photo."""
    rng = np.random.default_rng(5)
    wx = np.exp(rng.uniform(0, np.log(contrast), (37, 50))) * 0.04
    wy = np.exp(rng.uniform(0, np.log(contrast), (37, 50))) * 0.04
    wx[:, -1] = 0
    wy[-1] = 0
    target = rng.random((37, 50, 3)).astype(np.float32)
    planes = np.ascontiguousarray(target.transpose(2, 0, 1))
    x = solve(wx[:, :-1].astype(np.float32), wy[:-1].astype(np.float32), planes, planes)
    np.testing.assert_allclose(
        x.transpose(1, 2, 0), solve_directly(wx, wy, target), atol=RESIDUAL / 2
    )


def test_removes_texture_and_keeps_structure():
    y, x = np.mgrid[:80, :120]
    texture = 0.1 * ((x // 2 + y // 2) % 2)
    photo = (0.2 + 0.5 * (x >= 60) + texture)[..., None].repeat(3, axis=2).astype(np.float32)
    look = smooth_rtv(photo)
    left, right = look[:, 8:52], look[:, 68:112]
    assert left.std() < 0.1 * photo[:, 8:52].std()
    assert right.std() < 0.1 * photo[:, 68:112].std()
    assert right.mean() - left.mean() > 0.9 * 0.5
    # The step is still between columns 59 and 60.
    assert np.all((look[:, 60] - look[:, 59]) > 0.3)


def test_a_texture_vanishes_at_the_border_as_well():
    y, x = np.mgrid[:60, :60]
    photo = (0.4 + 0.1 * ((x // 2 + y // 2) % 2))[..., None].repeat(3, axis=2).astype(np.float32)
    look = smooth_rtv(photo)
    assert np.ptp(look) < 0.02


@pytest.mark.parametrize("value", [0.0, 0.3, 1.0])
def test_a_constant_picture_stays_constant(value):
    photo = np.full((33, 20, 3), value, np.float32)
    np.testing.assert_allclose(OPERATOR(photo), photo, atol=1e-6)


def test_strength_0_gives_the_photo_back_bit_for_bit():
    photo = scene(20, 30)
    np.testing.assert_array_equal(OPERATOR(photo, 0.0), photo)


def test_strength_blends_linearly():
    photo = scene(30, 40)
    full = smooth_rtv(photo)
    np.testing.assert_allclose(
        OPERATOR.render(photo, 0.3, 40), photo + 0.3 * (full - photo), atol=1e-6
    )
    np.testing.assert_allclose(OPERATOR.render(photo, 1.0, 40), full, atol=1e-6)


def test_leaves_its_input_alone_and_repeats_itself():
    photo = scene(30, 41)
    before = photo.copy()
    first = OPERATOR(photo)
    np.testing.assert_array_equal(photo, before)
    for offset in range(1, 9):
        # Sums must not depend on where in memory the photo lies.
        room = np.empty(photo.size + 16, np.float32)
        moved = room[offset : offset + photo.size].reshape(photo.shape)
        moved[:] = photo
        np.testing.assert_array_equal(OPERATOR(moved), first)
    assert first.dtype == np.float32
