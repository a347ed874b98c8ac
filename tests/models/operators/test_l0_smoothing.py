"""L0 smoothing against the published algorithm written out in float64, and what it promises."""

import numpy as np
import pytest

from models.operators.l0_smoothing import OPERATOR, smooth_l0


def textbook_l0(photo: np.ndarray, lambda_: float = 0.02, kappa: float = 2.0) -> np.ndarray:
    """Algorithm 1 of the paper: complex transforms of the picture and of zero-padded kernels."""
    height, width = photo.shape[:2]
    impulse = np.zeros((height, width))
    impulse[0, 0] = 1.0
    spectrum_x = np.fft.fft2(np.roll(impulse, -1, 1) - impulse)
    spectrum_y = np.fft.fft2(np.roll(impulse, -1, 0) - impulse)
    gradient_energy = (np.abs(spectrum_x) ** 2 + np.abs(spectrum_y) ** 2)[..., None]
    photo_spectrum = np.fft.fft2(photo.astype(np.float64), axes=(0, 1))
    smooth = photo.astype(np.float64)
    beta = 2 * lambda_
    while beta < 1e5:
        h = np.roll(smooth, -1, 1) - smooth
        v = np.roll(smooth, -1, 0) - smooth
        small = (h**2 + v**2).sum(axis=2) <= lambda_ / beta
        h[small] = 0
        v[small] = 0
        adjoint = np.roll(h, 1, 1) - h + np.roll(v, 1, 0) - v
        numerator = photo_spectrum + beta * np.fft.fft2(adjoint, axes=(0, 1))
        smooth = np.fft.ifft2(numerator / (1 + beta * gradient_energy), axes=(0, 1)).real
        beta *= kappa
    return smooth


def scene(height: int, width: int, seed: int = 0) -> np.ndarray:
    """A bright disc on a slope, with grain: edges, gradients and texture."""
    rng = np.random.default_rng(seed)
    y, x = np.mgrid[:height, :width]
    disc = (y - height / 2) ** 2 + (x - width / 2) ** 2 < (min(height, width) / 3) ** 2
    plain = np.stack([0.2 + 0.3 * x / width, 0.3 + 0 * x, 0.5 - 0.2 * y / height], axis=2)
    plain += 0.35 * disc[..., None] * np.array([1.0, 0.6, 0.2])
    return (plain + rng.normal(0, 0.02, plain.shape)).clip(0, 1).astype(np.float32)


@pytest.mark.parametrize("size", [(64, 96), (61, 47), (17, 3), (1, 7), (7, 1), (2, 2), (1, 1)])
@pytest.mark.parametrize("lambda_", [0.02, 0.005])
def test_agrees_with_the_published_algorithm(size, lambda_):
    photo = scene(*size)
    np.testing.assert_allclose(smooth_l0(photo, lambda_), textbook_l0(photo, lambda_), atol=1 / 510)


def test_slower_growth_of_the_penalty_agrees_too():
    photo = scene(40, 50)
    np.testing.assert_allclose(
        smooth_l0(photo, kappa=1.3), textbook_l0(photo, kappa=1.3), atol=1 / 510
    )


def test_keeps_the_mean_colour():
    photo = scene(90, 120)
    np.testing.assert_allclose(
        smooth_l0(photo).mean(axis=(0, 1)), photo.mean(axis=(0, 1)), atol=1e-4
    )


def test_leaves_few_visible_changes_and_few_large_errors():
    photo = scene(90, 120)
    look = smooth_l0(photo)

    def changes(image):
        """Pixels whose gradient is more than one 8-bit level long."""
        dx = np.diff(image, axis=1)[:-1]
        dy = np.diff(image, axis=0)[:, :-1]
        return np.count_nonzero((dx**2 + dy**2).sum(axis=2) > 1 / 255**2)

    assert changes(look) < 0.1 * changes(photo)
    assert np.sum((look - photo) ** 2) + 0.02 * changes(look) < 0.5 * 0.02 * changes(photo)


def test_keeps_a_strong_edge_where_it_is():
    photo = np.full((40, 60, 3), 0.2, np.float32)
    photo[:, 23:45] = 0.8
    np.testing.assert_allclose(smooth_l0(photo), photo, atol=1e-3)


@pytest.mark.parametrize("value", [0.0, 0.3, 1.0])
def test_a_constant_picture_stays_constant(value):
    photo = np.full((33, 20, 3), value, np.float32)
    np.testing.assert_allclose(OPERATOR(photo), photo, atol=1e-6)


def test_strength_0_gives_the_photo_back_bit_for_bit():
    photo = scene(20, 30)
    np.testing.assert_array_equal(OPERATOR(photo, 0.0), photo)


def test_strength_blends_linearly():
    photo = scene(30, 40)
    full = smooth_l0(photo)
    np.testing.assert_allclose(
        OPERATOR.render(photo, 0.3, 40), photo + 0.3 * (full - photo), atol=1e-6
    )
    np.testing.assert_allclose(OPERATOR.render(photo, 1.0, 40), full, atol=1e-6)


def test_leaves_its_input_alone_and_repeats_itself():
    photo = scene(30, 41)
    before = photo.copy()
    first = OPERATOR(photo)
    np.testing.assert_array_equal(photo, before)
    np.testing.assert_array_equal(OPERATOR(photo), first)
    assert first.dtype == np.float32
