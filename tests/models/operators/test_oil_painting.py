"""The anisotropic Kuwahara filter against a loop over pixels, and what the painting promises."""

from __future__ import annotations

import math

import numpy as np
import pytest

from models.operators.oil_painting import OPERATOR, anisotropic_kuwahara, sector_weights, structure


def picture(height: int, width: int) -> np.ndarray:
    rng = np.random.default_rng(5)
    y, x = np.mgrid[:height, :width]
    photo = np.stack([x / width, (x + 2 * y > width) * 0.7, 0.5 + 0.4 * np.sin(y / 3)], axis=-1)
    return np.clip(photo + rng.normal(0, 0.05, photo.shape), 0, 1).astype(np.float32)


def one_pixel(
    photo: np.ndarray, y0: int, x0: int, radius: float, angle: float, anisotropy: float
) -> np.ndarray:
    """Kyprianidis et al. 2010, one pixel, sector by sector, neighbour by neighbour."""
    height, width = photo.shape[:2]
    a, b = radius * (1 + anisotropy), radius / (1 + anisotropy)
    zeta = 2 / radius
    eta = (zeta + math.cos(0.58)) / math.sin(0.58) ** 2
    neighbours = []
    reach = math.ceil(a)
    for dy in range(-reach, reach + 1):
        for dx in range(-reach, reach + 1):
            u = (dx * math.cos(angle) + dy * math.sin(angle)) / a
            v = (dy * math.cos(angle) - dx * math.sin(angle)) / b
            if u * u + v * v > 1:
                continue
            y, x = y0 + dy, x0 + dx
            y = -1 - y if y < 0 else 2 * height - 1 - y if y >= height else y
            x = -1 - x if x < 0 else 2 * width - 1 - x if x >= width else x
            shares = []
            for sector in range(8):
                turn = sector * math.pi / 4
                along = u * math.cos(turn) + v * math.sin(turn)
                aside = v * math.cos(turn) - u * math.sin(turn)
                shares.append(max(0.0, along + zeta - eta * aside**2) ** 2)
            bell = math.exp(-math.pi * (u * u + v * v))
            weights = [share / sum(shares) * bell for share in shares]
            neighbours.append((photo[y, x].astype(float), weights))
    total, colour = 0.0, np.zeros(3)
    for sector in range(8):
        weight = sum(w[sector] for _, w in neighbours)
        mean = sum(c * w[sector] for c, w in neighbours) / weight
        variance = sum((c - mean) ** 2 * w[sector] for c, w in neighbours) / weight
        deviation = 255 * math.sqrt(variance.sum())
        uniformity = 1 / (1 + deviation**4)
        total += uniformity
        colour += uniformity * mean
    return colour / total


def test_equals_the_loop_over_pixels() -> None:
    photo, radius, sigma = picture(17, 21), 3.3, 1.2
    angle, anisotropy = structure(photo, sigma)
    expected = np.array(
        [
            [one_pixel(photo, y, x, radius, angle[y, x], anisotropy[y, x]) for x in range(21)]
            for y in range(17)
        ]
    )
    fine = anisotropic_kuwahara(photo, radius, sigma, orientations=3000, anisotropies=60)
    # A neighbour may fall on either side of the ellipse's rim in a handful of places.
    assert np.quantile(np.abs(fine - expected), 0.98) < 2e-3
    coarse = anisotropic_kuwahara(photo, radius, sigma)
    assert np.abs(coarse - expected).mean() < 0.01, "the steps in use are hardly seen"


def test_orientation_is_along_the_edges() -> None:
    y, x = np.mgrid[:64, :64]
    for angle in (0.0, 0.5, 1.2, -0.9, math.pi / 2):
        across = -math.sin(angle) * x + math.cos(angle) * y
        photo = np.repeat((0.5 + 0.4 * np.sin(across / 2))[..., None], 3, 2).astype(np.float32)
        found, anisotropy = structure(photo, 2.0)
        turn = np.abs(np.sin(found[16:48, 16:48] - angle))
        assert turn.max() < 0.03
        assert anisotropy[16:48, 16:48].min() > 0.95


def test_sector_weights_are_means_and_point_to_their_sectors() -> None:
    offsets, weights = sector_weights(6.0, orientation=0.0, anisotropy=0.0)
    assert np.allclose(weights.sum(axis=1), 1, atol=1e-6)
    centres = weights @ offsets
    angles = np.arctan2(centres[:, 0], centres[:, 1]) % (2 * np.pi)
    assert np.allclose(angles, np.arange(8) * np.pi / 4, atol=1e-5)


def test_noise_goes_and_edges_stay_sharp() -> None:
    rng = np.random.default_rng(2)
    step = np.where(np.arange(80) < 40, 0.2, 0.8)
    photo = (step[None, :, None] + rng.normal(0, 0.03, (60, 80, 3))).astype(np.float32)
    look = OPERATOR.render(photo, 1.0, 700)
    assert look[:, 5:30].std() < 0.5 * photo[:, 5:30].std()
    across = look.mean(axis=(0, 2))
    assert across[40] - across[39] > 0.5


def test_constant_stays_constant() -> None:
    photo = np.full((13, 22, 3), (0.2, 0.5, 0.7), np.float32)
    assert np.allclose(OPERATOR(photo), photo, atol=1e-6)


def test_a_part_with_its_margin_is_painted_as_in_the_whole() -> None:
    photo = picture(150, 400)
    margin = math.ceil(OPERATOR.margin * 400)
    part = OPERATOR.render(photo[:, 100 - margin : 200 + margin], 1.0, 400)
    whole = OPERATOR.render(photo, 1.0, 400)
    assert np.abs(part[:, margin:-margin] - whole[:, 100:200]).max() < 1e-3


@pytest.mark.parametrize("size", [(1, 1), (1, 7), (17, 3), (24, 30)])
def test_strength_blends_linearly(size: tuple[int, int]) -> None:
    photo = np.random.default_rng(1).random((*size, 3), dtype=np.float32)
    full = OPERATOR.render(photo, 1.0, max(size))
    assert np.array_equal(OPERATOR(photo, 0.0), photo)
    blended = OPERATOR.render(photo, 0.3, max(size))
    assert np.allclose(blended, photo + 0.3 * (full - photo), atol=1e-6)
