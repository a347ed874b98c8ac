"""Exports are recognised, and nothing else is."""

from __future__ import annotations

import numpy as np
import pytest
from scipy.stats import binom

from models.coding.random_streams import Purpose, Stream
from models.containers.watermark import (
    CERTAIN,
    FEWEST_BITS,
    _binomial_tail,
    can_carry_watermark,
    judge,
    marked_samples,
    recognise,
    watermark_bits,
    with_watermark,
)
from tests.models.natural_pictures import natural

NUMBERS = range(16, 80)


@pytest.mark.parametrize("size", [(8, 8), (1, 64), (16, 16), (37, 53), (200, 300)])
def test_a_watermark_is_found_with_its_number(size: tuple[int, int]) -> None:
    for number in (16, 33, 79):
        found = recognise(with_watermark(natural(*size), number), NUMBERS)
        assert found is not None
        assert found.known
        assert found.number == number
        assert found.agreement == 1
        assert found.chance < CERTAIN


@pytest.mark.parametrize("size", [(8, 8), (37, 53), (200, 300)])
@pytest.mark.parametrize("number", [0, 300, 65535])
def test_a_number_that_is_not_known_is_named(size: tuple[int, int], number: int) -> None:
    found = recognise(with_watermark(natural(*size), number), NUMBERS)
    assert found is not None
    assert not found.known
    assert found.number == number


def test_only_the_lowest_bit_of_the_listed_samples_changes() -> None:
    picture = natural(60, 40)
    marked = with_watermark(picture, 18)
    changed = np.flatnonzero(marked != picture)
    samples = marked_samples(60, 40)
    assert set(changed) <= set(samples)
    assert len(set(samples)) == len(samples) == 64
    assert (samples % 3 == 1).all(), "green"
    assert np.abs(marked.astype(int) - picture).max() == 1


def test_one_pixel_of_64_is_marked_in_large_pictures() -> None:
    samples = marked_samples(1000, 1500)
    assert len(samples) == 1_500_000 // 64
    assert samples.max() < 1000 * 1500 * 3
    # Spread evenly: every tenth of the picture has its tenth of the watermark.
    share, _ = np.histogram(samples, bins=10, range=(0, 1000 * 1500 * 3))
    assert share / len(samples) == pytest.approx(0.1, abs=0.001)


def test_photos_flat_pictures_and_noise_are_not_exports() -> None:
    rng = np.random.default_rng(0)
    for seed in range(20):
        size = tuple(rng.integers(8, 200, 2))
        assert recognise(natural(*size, seed), NUMBERS) is None
        assert recognise(rng.integers(0, 256, (*size, 3), dtype=np.uint8), NUMBERS) is None
        assert recognise(np.full((*size, 3), 2 * seed, np.uint8), NUMBERS) is None


def test_chance_bounds_the_true_false_positive_rate() -> None:
    """scipy's exact binomial tail is below the bound, and the bound is not idle."""
    for trials in (64, 1000, 20_000):
        for share in (0.55, 0.6, 0.75, 0.9, 1.0):
            successes = round(share * trials)
            exact = binom.sf(successes - 1, trials, 0.5)
            assert exact <= _binomial_tail(successes, trials) * (1 + 1e-9)
    assert _binomial_tail(32, 64) == 1
    assert _binomial_tail(64, 64) == pytest.approx(2.0**-64)


def test_agreement_with_other_pictures_is_that_of_a_fair_coin() -> None:
    """The argument for the false positive rate holds: 200 photos against their watermarks."""
    shares = []
    for i in range(200):
        height, width = 100 + i % 20, 90 + i // 20
        green = natural(height, width, seed=i).reshape(-1)
        samples = marked_samples(height, width)
        marked = with_watermark(np.zeros((height, width, 3), np.uint8), i).reshape(-1)[samples]
        shares.append(((green[samples] & 1) == marked).mean() - 0.5)
    deviation = 0.5 / 150**0.5
    assert np.mean(shares) == pytest.approx(0, abs=4 * deviation / 200**0.5)
    assert np.std(shares) == pytest.approx(deviation, rel=0.3)


def test_a_watermark_survives_damage_that_leaves_enough_of_it() -> None:
    marked = with_watermark(natural(200, 300), 34)
    damaged = marked.copy()
    damaged[:100] = natural(100, 300, seed=9)
    found = recognise(damaged, NUMBERS)
    assert found is not None
    assert found.number == 34
    assert 0.65 < found.agreement < 0.85
    assert recognise(np.ascontiguousarray(marked[1:]), NUMBERS) is None, "cropped"
    assert recognise(marked // 2 + 60, NUMBERS) is None, "toned"


def test_bits_with_too_many_errors_are_chance() -> None:
    plain = Stream(Purpose.JPEG_WATERMARK).bits(300)
    read = watermark_bits(Stream(Purpose.JPEG_WATERMARK), 300, 21)
    assert judge(read, plain, [21]) is not None
    read[np.random.default_rng(0).permutation(300)[:140]] ^= 1
    assert judge(read, plain, [21]) is None


def test_pictures_without_room() -> None:
    assert not can_carry_watermark(7, 9)
    assert can_carry_watermark(8, 8)
    assert FEWEST_BITS == 64
    assert recognise(natural(7, 9), NUMBERS) is None
    with pytest.raises(ValueError, match="too small"):
        with_watermark(natural(7, 9), 16)
