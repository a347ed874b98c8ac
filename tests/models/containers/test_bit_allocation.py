"""Which part of a picture carries how much."""

from __future__ import annotations

import numpy as np
import pytest

from models.containers import bit_allocation
from models.metrics import ssim
from tests.models.natural_pictures import natural

NOISES = np.array([0.5, 2.0, 6.0, 15.0])
BITS = np.array([10.0, 60.0, 160.0, 300.0])


@pytest.fixture(scope="module")
def half_flat() -> np.ndarray:
    """Grey on the left, texture on the right."""
    picture = natural(128, 160, seed=3)
    noise = np.random.default_rng(0).normal(0, 25, picture.shape)
    picture = np.clip(picture + noise, 0, 255).astype(np.uint8)
    picture[:, :80] = 120
    return picture


def test_losses_foretell_what_noise_does_to_similarity() -> None:
    picture = np.clip(natural(192, 192, seed=9), 30, 225)
    foretold = bit_allocation.losses(picture, NOISES).mean(axis=(1, 2))
    rng = np.random.default_rng(1)
    for noise, loss in zip(NOISES, foretold, strict=True):
        error = rng.normal(0, np.sqrt(noise - 1 / 12), picture.shape)  # rounding adds 1/12
        noisy = np.clip(np.rint(picture + error), 0, 255).astype(np.uint8)
        assert 1 - ssim(noisy, picture) == pytest.approx(loss, rel=0.15)


def test_texture_carries_and_flat_areas_do_not(half_flat: np.ndarray) -> None:
    squares = bit_allocation.choose(half_flat, BITS, NOISES, 0.02, 20)
    assert squares.shape == (8, 10)
    assert squares[:, :4].max() < squares[:, 6:].min()


def test_white_areas_carry_nothing_more(half_flat: np.ndarray) -> None:
    look = half_flat.copy()
    look[:64, 80:] = np.maximum(look[:64, 80:], 253)
    squares = bit_allocation.choose(look, BITS, NOISES, 0.05, 20)
    assert not squares[:4, 5:].any()
    assert squares[4:, 5:].all()
    assert bit_allocation.clear(look)[:4, 5:].max() == 0


def test_the_bounds_are_kept(half_flat: np.ndarray) -> None:
    lost = bit_allocation.losses(half_flat, NOISES)
    carried = []
    for most_loss, most_noise in [(0.004, 99), (0.01, 99), (0.03, 99), (0.03, 3.0), (0.0, 0.0)]:
        squares = bit_allocation.choose(half_flat, BITS, NOISES, most_loss, most_noise)
        if squares.any():
            assert np.take_along_axis(lost, squares[None].astype(int), 0).mean() <= most_loss
            assert NOISES[squares].mean() <= most_noise
        carried.append(BITS[squares].sum())
    assert carried[0] < carried[1] < carried[2] > carried[3] > carried[4]


@pytest.mark.parametrize("shape", [(1, 1), (5, 7), (48, 32)])
def test_maps_are_packed_and_unpacked(shape: tuple[int, int]) -> None:
    squares = np.random.default_rng(2).integers(0, 5, shape, dtype=np.uint8)
    packed = bit_allocation.pack(squares)
    assert np.array_equal(bit_allocation.unpack(packed, *shape, 5), squares)
    blocks = bit_allocation.to_blocks(squares, 2 * shape[0] - 1, 2 * shape[1])
    assert np.array_equal(blocks[::2, ::2], squares)


def test_what_is_no_map_is_refused() -> None:
    packed = bit_allocation.pack(np.full((4, 4), 4, np.uint8))
    for data, rows, densities in [(b"", 4, 5), (b"no map", 4, 5), (packed, 5, 5), (packed, 4, 4)]:
        with pytest.raises(bit_allocation.NoMap):
            bit_allocation.unpack(data, rows, 4, densities)
