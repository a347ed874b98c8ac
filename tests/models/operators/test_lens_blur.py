"""Lens blur against a plain convolution in float64, and what it promises."""

from __future__ import annotations

from itertools import pairwise

import numpy as np
import pytest

from models.operators import full_size
from models.operators.lens_blur import OPERATOR, RADIUS, blur, disc


def sampled_disc(radius: float, samples: int = 320) -> np.ndarray:
    """The share of each pixel that a disc covers, by counting sample points."""
    reach = int(np.ceil(radius + 0.5))
    at = (np.arange((2 * reach + 1) * samples) + 0.5) / samples - reach - 0.5
    inside = at[:, None] ** 2 + at[None] ** 2 <= radius**2
    shares = inside.reshape(2 * reach + 1, samples, 2 * reach + 1, samples).mean((1, 3))
    return shares / shares.sum()


def decode(value: np.ndarray) -> np.ndarray:
    return np.where(value <= 0.04045, value / 12.92, ((value + 0.055) / 1.055) ** 2.4)


def encode(light: np.ndarray) -> np.ndarray:
    return np.where(light <= 0.0031308, light * 12.92, 1.055 * light ** (1 / 2.4) - 0.055)


def plain_blur(photo: np.ndarray, radius: float) -> np.ndarray:
    """Every pixel by its own sum, float64."""
    kernel = sampled_disc(radius)
    reach = len(kernel) // 2
    light = np.pad(
        decode(photo.astype(np.float64)), ((reach, reach), (reach, reach), (0, 0)), "symmetric"
    )
    result = np.empty(photo.shape)
    for y in range(photo.shape[0]):
        for x in range(photo.shape[1]):
            window = light[y : y + len(kernel), x : x + len(kernel)]
            result[y, x] = (kernel[..., None] * window).sum((0, 1))
    return encode(result)


@pytest.mark.parametrize("radius", [0.7, 1.0, 2.4, 5.5, 9.0])
def test_equals_plain_convolution(radius: float, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(full_size, "BAND_PIXELS", 300)  # several bands, with their overlaps
    photo = np.random.default_rng(1).random((61, 23, 3), dtype=np.float32)
    photo[40:, :, :2] *= 0.02
    assert np.abs(blur(photo, radius) - plain_blur(photo, radius)).max() < 1e-3


@pytest.mark.parametrize("radius", [1.02, 1.37, 4.0, 11.52, 80.3])
def test_disc_is_centred_round_and_of_the_right_area(radius: float) -> None:
    kernel = disc(radius).astype(np.float64)
    assert kernel.shape[0] == kernel.shape[1]
    assert kernel.sum() == pytest.approx(1, abs=1e-5)
    np.testing.assert_allclose(kernel, kernel[::-1, ::-1], atol=1e-7)
    np.testing.assert_allclose(kernel, kernel.T, atol=1e-7)
    # The middle pixel is covered whole.
    assert 1 / kernel.max() == pytest.approx(np.pi * radius**2, rel=0.002)


def test_strength_changes_the_look_smoothly() -> None:
    photo = np.random.default_rng(2).random((24, 32, 3), dtype=np.float32)
    looks = [OPERATOR(photo, s, long_edge=300) for s in np.linspace(0, 1, 201)]
    steps = [np.abs(b - a).mean() for a, b in pairwise(looks)]
    assert np.array_equal(looks[0], photo)
    assert max(steps) < 0.02
    assert np.abs(looks[-1] - photo).mean() > 0.1


def test_radius_below_half_a_pixel_leaves_the_photo() -> None:
    photo = np.random.default_rng(3).uniform(0.2, 1, (9, 9, 3)).astype(np.float32)
    np.testing.assert_allclose(blur(photo, 0.5), photo, atol=1e-6)
    assert np.abs(blur(photo, 0.505) - photo).max() < 0.01


def test_a_bright_point_becomes_a_disc_of_its_light() -> None:
    photo = np.zeros((61, 61, 3), np.float32)
    photo[30, 30] = 1
    look = decode(blur(photo, 8.0).astype(np.float64))
    assert look.sum() == pytest.approx(3, rel=1e-3)
    # Uniform inside, dark outside.
    y, x = np.mgrid[-30:31, -30:31]
    distance = np.hypot(x, y)
    inside, outside = look[distance < 7], look[distance > 9]
    assert inside.min() > 0.99 * inside.max()
    assert outside.max() < 1e-6


def test_flat_pictures_stay() -> None:
    photo = np.full((30, 41, 3), (0.02, 0.5, 1.0), np.float32)
    np.testing.assert_allclose(blur(photo, 6.3), photo, atol=2e-5)


def test_radius_follows_the_long_edge_and_margin_covers_it() -> None:
    photo = np.full((5, 400, 3), 0.2, np.float32)
    photo[:, 200] = 1
    look = OPERATOR(photo, 1.0)
    changed = np.flatnonzero(np.abs(look - photo).max((0, 2)) > 1e-4)
    reach = max(200 - changed[0], changed[-1] - 200)
    assert reach == RADIUS * 400
    assert OPERATOR.margin is not None
    assert reach <= OPERATOR.margin * 400
