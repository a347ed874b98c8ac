"""The smoother against a dense solve, the layers, and what the look promises."""

from __future__ import annotations

import numpy as np
import pytest

from models.operators.multiscale_tone import OPERATOR, decompose, recombine, smooth


def lightness(height: int, width: int) -> np.ndarray:
    rng = np.random.default_rng(11)
    y, x = np.mgrid[:height, :width]
    plane = 30 + 40 * (x > width / 2) + 5 * np.sin(y / 3.0) + rng.normal(0, 2, (height, width))
    return plane.clip(0, 100).astype(np.float32)


def dense_line(line: np.ndarray, guide: np.ndarray, amount: float, sigma: float) -> np.ndarray:
    """Minimiser of sum (u - f)^2 + amount sum w (u_x - u_x+1)^2, by normal equations."""
    differences = np.diff(np.eye(len(line)), axis=0)
    weights = np.diag(np.exp(-np.abs(np.diff(guide)) / sigma))
    matrix = np.eye(len(line)) + amount * differences.T @ weights @ differences
    return np.linalg.solve(matrix, line)


@pytest.mark.parametrize(("smoothness", "contrast"), [(4.0, 3.0), (900.0, 6.0), (1e6, 50.0)])
def test_smoother_is_the_weighted_least_squares_one_line_by_line(
    smoothness: float, contrast: float
) -> None:
    plane, guide = lightness(9, 14), lightness(9, 14)[::-1].copy()
    expected, total = plane.astype(np.float64), 3
    for t in range(1, total + 1):
        amount = 1.5 * 4 ** (total - t) / (4**total - 1) * smoothness
        expected = np.array(
            [
                dense_line(f, g, amount, contrast)
                for f, g in zip(expected, guide.astype(float), strict=True)
            ]
        )
        expected = np.array(
            [
                dense_line(f, g, amount, contrast)
                for f, g in zip(expected.T, guide.T.astype(float), strict=True)
            ]
        ).T
    assert np.allclose(smooth(plane, guide, smoothness, contrast), expected, atol=2e-3)


@pytest.mark.parametrize("size", [(1, 1), (1, 7), (17, 3), (48, 64)])
def test_layers_sum_to_the_lightness_and_unit_gains_undo_them(size: tuple[int, int]) -> None:
    plane = lightness(*size)
    layers = decompose(plane, long_edge=200)
    assert np.allclose(layers.base + layers.medium + layers.fine, plane, atol=1e-4)
    assert np.allclose(recombine(layers, base=1, medium=1, fine=1), plane, atol=1e-4)


def test_coarser_layers_are_smoother_and_edges_stay_in_the_base() -> None:
    plane = lightness(64, 96)
    layers = decompose(plane, long_edge=1152)
    flat = np.s_[8:-8, 8:40]
    assert layers.base[flat].std() < (layers.base + layers.medium)[flat].std() < plane[flat].std()
    across = layers.base.mean(axis=0)
    assert across[49] - across[47] > 30, "the step of 40 is not blurred"


def test_gains_scale_their_own_layer_and_black_and_white_stay() -> None:
    layers = decompose(lightness(32, 40), long_edge=400)
    plain = recombine(layers, base=1, medium=1, fine=1)
    assert np.allclose(
        recombine(layers, base=1, medium=2, fine=1) - plain, layers.medium, atol=1e-4
    )
    assert np.allclose(
        recombine(layers, base=1, medium=1, fine=3) - plain, 2 * layers.fine, atol=1e-4
    )
    for end in (0, 100):
        flat = decompose(np.full((5, 6), end, np.float32), long_edge=6)
        assert np.allclose(recombine(flat, base=0.7), end, atol=1e-4)


def test_texture_grows_and_greys_stay_grey() -> None:
    grey = np.repeat(lightness(48, 64)[..., None] / np.float32(100), 3, axis=2)
    look = OPERATOR.render(grey, 1.0, 1152)
    assert look[:, :30].std() > 1.3 * grey[:, :30].std()
    assert np.ptp(look, axis=2).max() < 2 / 255


def test_constant_picture_keeps_its_hue_and_stays_constant() -> None:
    photo = np.full((37, 52, 3), (0.2, 0.5, 0.7), np.float32)
    look = OPERATOR(photo)
    assert np.ptp(look, axis=(0, 1)).max() < 1e-4
    assert np.abs(look - photo).max() < 0.03, "only the base's curve acts"


@pytest.mark.parametrize("size", [(1, 1), (1, 7), (17, 3), (40, 56)])
def test_strength_blends_linearly(size: tuple[int, int]) -> None:
    photo = np.random.default_rng(1).random((*size, 3), dtype=np.float32)
    full = OPERATOR.render(photo, 1.0, max(size))
    assert np.array_equal(OPERATOR(photo, 0.0), photo)
    blended = OPERATOR.render(photo, 0.3, max(size))
    assert np.allclose(blended, photo + 0.3 * (full - photo), atol=1e-6)
