"""The fast local Laplacian filter against its definition, and what the detail boost promises."""

from __future__ import annotations

import numpy as np
import pytest

from models.operators.colour_space import LUMA
from models.operators.local_laplacian import (
    FACTOR,
    OPERATOR,
    REFERENCE_LEVELS,
    SIGMA,
    boost_detail,
    collapse,
    gaussian_pyramid,
    laplacian_pyramid,
    local_laplacian,
)


def textured(height: int, width: int) -> np.ndarray:
    rng = np.random.default_rng(7)
    y, x = np.mgrid[:height, :width]
    plane = 0.25 + 0.4 * (x > width / 2) + 0.1 * np.sin(y / 2.0)
    return (plane + rng.normal(0, 0.03, plane.shape)).clip(0, 1).astype(np.float32)


def by_definition(luma: np.ndarray, depth: int) -> np.ndarray:
    """Paris et al. 2011, algorithm 1: a pyramid of its own for every single coefficient."""
    gaussian = gaussian_pyramid(luma, depth)
    output = [level.copy() for level in gaussian]
    for level in range(depth):
        for y, x in np.ndindex(gaussian[level].shape):
            g = float(gaussian[level][y, x])
            d = luma.astype(np.float64) - g
            remapped = luma + FACTOR * d * np.exp(-(d**2) / (2 * SIGMA**2))
            output[level][y, x] = laplacian_pyramid(remapped.astype(np.float32), depth)[level][y, x]
    return collapse(output)


def test_converges_to_the_definition() -> None:
    luma = textured(13, 18)
    exact = by_definition(luma, depth=3)
    error = {
        levels: np.abs(local_laplacian(luma, reference_levels=levels, depth=3) - exact).max()
        for levels in (7, REFERENCE_LEVELS, 200)
    }
    assert error[200] < 2e-4
    assert error[200] < error[REFERENCE_LEVELS] < error[7]
    assert error[REFERENCE_LEVELS] < 1 / 255, "the number of levels in use: within a grey level"


def test_reduction_is_the_five_tap_binomial() -> None:
    plane = textured(16, 16)
    taps = np.array([1, 4, 6, 4, 1]) / 16
    rows = sum(tap * plane[2 + k : 13 + k : 2] for k, tap in enumerate(taps, start=-2))
    expected = sum(tap * rows[:, 2 + k : 13 + k : 2] for k, tap in enumerate(taps, start=-2))
    assert np.allclose(gaussian_pyramid(plane, 1)[1][1:7, 1:7], expected, atol=1e-6)


@pytest.mark.parametrize("size", [(1, 1), (1, 7), (17, 3), (33, 20)])
def test_pyramid_down_to_one_pixel_collapses_to_the_plane(size: tuple[int, int]) -> None:
    plane = textured(*size)
    pyramid = laplacian_pyramid(plane, 6)
    assert pyramid[-1].shape == (1, 1)
    assert np.allclose(collapse(pyramid), plane, atol=1e-6)


def test_factor_zero_is_the_identity() -> None:
    luma = textured(40, 31)
    assert np.allclose(local_laplacian(luma, factor=0), luma, atol=1e-6)


def test_small_texture_grows_by_the_factor_and_large_edges_keep_their_height() -> None:
    x = np.arange(256)
    ripple = np.tile(0.5 + 0.01 * np.sin(x * 1.2), (64, 1)).astype(np.float32)
    boosted = local_laplacian(ripple)[16:48, 32:-32]
    assert np.std(boosted) == pytest.approx((1 + FACTOR) * np.std(ripple[16:48, 32:-32]), rel=0.03)

    step = np.tile(np.where(x < 128, 0.1, 0.9), (64, 1)).astype(np.float32)
    assert np.abs(local_laplacian(step) - step).max() < 0.02, "no visible halo"


def test_luma_takes_the_change_and_greys_stay_grey() -> None:
    rng = np.random.default_rng(3)
    photo = np.clip(textured(40, 56)[..., None] * rng.uniform(0.5, 1.2, 3), 0, 1)
    photo = photo.astype(np.float32)
    luma = photo @ LUMA
    assert np.allclose(boost_detail(photo, 56) @ LUMA, local_laplacian(luma), atol=1e-5)

    grey = np.repeat(textured(40, 56)[..., None], 3, axis=2)
    assert np.ptp(boost_detail(grey, 56), axis=2).max() < 1e-5


def test_constant_stays_constant() -> None:
    photo = np.full((37, 52, 3), (0.2, 0.5, 0.7), np.float32)
    assert np.allclose(OPERATOR(photo), photo, atol=1e-5)


def test_fewer_than_two_levels_are_refused() -> None:
    with pytest.raises(ValueError, match="at least 2 reference levels"):
        local_laplacian(textured(8, 8), reference_levels=1)


@pytest.mark.parametrize("size", [(1, 1), (1, 7), (17, 3), (40, 56)])
def test_strength_blends_linearly(size: tuple[int, int]) -> None:
    photo = np.random.default_rng(1).random((*size, 3), dtype=np.float32)
    full = OPERATOR.render(photo, 1.0, max(size))
    assert np.array_equal(OPERATOR(photo, 0.0), photo)
    blended = OPERATOR.render(photo, 0.3, max(size))
    assert np.allclose(blended, photo + 0.3 * (full - photo), atol=1e-6)
