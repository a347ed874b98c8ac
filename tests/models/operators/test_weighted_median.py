"""The weighted median against its definition by brute force, and what it promises."""

from concurrent.futures import ThreadPoolExecutor

import cv2
import numpy as np
import pytest

from models.operators.weighted_median import (
    FEATURE_STEP,
    MAX_FEATURES,
    OPERATOR,
    feature_colours,
    filter_weighted_median,
)


def brute_force(
    levels: np.ndarray, features: np.ndarray, radius: int = 10, sigma: float = 25.5
) -> np.ndarray:
    """The smallest level at which the weights up to it reach half of all, pixel by pixel."""
    height, width = levels.shape[:2]
    look = np.empty_like(levels)
    for y in range(height):
        for x in range(width):
            window = np.s_[max(0, y - radius) : y + radius + 1, max(0, x - radius) : x + radius + 1]
            offset = features[window].astype(np.float64) - features[y, x]
            weight = np.exp(-(offset**2).sum(axis=2) / (2 * sigma**2)).ravel()
            for c in range(3):
                histogram = np.bincount(levels[window][..., c].ravel(), weight, 256)
                below = np.cumsum(histogram)
                look[y, x, c] = np.argmax(below >= below[-1] / 2)
    return look


def scene(height: int, width: int, seed: int = 0) -> np.ndarray:
    """A bright disc on a slope, with grain, in 8 bits."""
    rng = np.random.default_rng(seed)
    y, x = np.mgrid[:height, :width]
    disc = (y - height / 2) ** 2 + (x - width / 2) ** 2 < (min(height, width) / 3) ** 2
    plain = np.stack([50 + 80 * x / width, 80 + 0 * x, 130 - 50 * y / height], axis=2)
    plain += 90 * disc[..., None] * np.array([1.0, 0.6, 0.2])
    return (plain + rng.normal(0, 8, plain.shape)).clip(0, 255).astype(np.uint8)


def few_colours(height: int, width: int, seed: int = 0) -> np.ndarray:
    """At most 200 colours on the feature grid, in random order: no feature is rounded."""
    rng = np.random.default_rng(seed)
    palette = FEATURE_STEP * rng.integers(0, 256 // FEATURE_STEP, (200, 3))
    return palette[rng.integers(0, 200, (height, width))].astype(np.uint8)


def as_photo(levels: np.ndarray) -> np.ndarray:
    return levels.astype(np.float32) / 255


def as_levels(photo: np.ndarray) -> np.ndarray:
    return np.rint(photo * 255).astype(np.uint8)


@pytest.mark.parametrize("size", [(40, 50), (17, 3), (1, 7), (7, 1), (2, 2), (1, 1)])
def test_is_the_definition_exactly_where_colours_are_few(size):
    levels = few_colours(*size)
    look = as_levels(filter_weighted_median(as_photo(levels)))
    np.testing.assert_array_equal(look, brute_force(levels, levels))


def test_radius_and_sigma_mean_what_they_say():
    levels = few_colours(30, 30, seed=1)
    look = as_levels(filter_weighted_median(as_photo(levels), radius=4, sigma=60.0))
    np.testing.assert_array_equal(look, brute_force(levels, levels, radius=4, sigma=60.0))


def test_tiles_do_not_show():
    levels = few_colours(12, 530, seed=2)
    look = as_levels(filter_weighted_median(as_photo(levels), radius=3))
    np.testing.assert_array_equal(look, brute_force(levels, levels, radius=3))


def test_is_the_definition_with_rounded_features_on_a_photo():
    levels = scene(60, 70)
    features = feature_colours(levels)
    look = as_levels(filter_weighted_median(as_photo(levels)))
    np.testing.assert_array_equal(look, brute_force(levels, features))


def test_rounded_features_change_the_look_by_a_level_or_two():
    levels = scene(60, 70)
    look = as_levels(filter_weighted_median(as_photo(levels)))
    difference = np.abs(look.astype(int) - brute_force(levels, levels))
    assert difference.mean() < 1.0


def test_feature_colours_are_few_and_near():
    levels = np.random.default_rng(3).integers(0, 256, (90, 90, 3)).astype(np.uint8)
    features = feature_colours(levels)
    assert len(np.unique(features.reshape(-1, 3), axis=0)) <= MAX_FEATURES
    assert np.all(features % FEATURE_STEP == 0)
    # 256 balls of radius 40 hold all of the colour cube's 255^3 four times over.
    error = np.linalg.norm(features.astype(float) - levels, axis=2)
    assert error.max() < 50


def test_removes_speckles_and_keeps_an_edge_sharp():
    rng = np.random.default_rng(4)
    levels = np.full((60, 80, 3), 60, np.uint8)
    levels[:, 37:] = 180
    clean = as_photo(levels)
    noisy = (clean + rng.normal(0, 0.03, clean.shape)).clip(0, 1).astype(np.float32)
    look = filter_weighted_median(noisy)
    assert np.abs(look - clean).max() < 0.05
    assert (look - clean).std() < 0.3 * (noisy - clean).std()


def test_two_at_once_do_not_disturb_each_other():
    photos = [as_photo(scene(70, 90, seed)) for seed in range(6)]
    alone = [OPERATOR(photo) for photo in photos]
    with ThreadPoolExecutor(6) as pool:
        together = list(pool.map(OPERATOR, photos))
    for one, other in zip(alone, together, strict=True):
        np.testing.assert_array_equal(one, other)


def test_repeats_itself_whatever_the_random_numbers_are():
    photo = as_photo(scene(90, 80))
    cv2.setRNGSeed(1)
    first = OPERATOR(photo)
    cv2.setRNGSeed(2)
    np.testing.assert_array_equal(OPERATOR(photo), first)


@pytest.mark.parametrize("value", [0.0, 0.3, 1.0])
def test_a_constant_picture_stays_constant_to_8_bits(value):
    photo = np.full((33, 20, 3), value, np.float32)
    np.testing.assert_allclose(OPERATOR(photo), photo, atol=0.501 / 255)


def test_strength_0_gives_the_photo_back_bit_for_bit():
    photo = np.random.default_rng(6).random((20, 30, 3), dtype=np.float32)
    np.testing.assert_array_equal(OPERATOR(photo, 0.0), photo)


def test_strength_blends_linearly():
    photo = as_photo(scene(30, 40))
    full = filter_weighted_median(photo)
    np.testing.assert_allclose(
        OPERATOR.render(photo, 0.3, 40), photo + 0.3 * (full - photo), atol=1e-6
    )
    np.testing.assert_allclose(OPERATOR.render(photo, 1.0, 40), full, atol=1e-6)


def test_leaves_its_input_alone():
    photo = as_photo(scene(30, 41))
    before = photo.copy()
    assert OPERATOR(photo).dtype == np.float32
    np.testing.assert_array_equal(photo, before)
