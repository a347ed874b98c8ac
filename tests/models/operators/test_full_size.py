"""The means by which operators run on large pictures, and the colour space they share."""

from __future__ import annotations

import numpy as np
import pytest

from models.operators import full_size
from models.operators.colour_space import LUMA, extremes, luma, to_linear, to_srgb, transform


def test_srgb_curve_equals_the_standard_and_inverts() -> None:
    encoded = np.linspace(0, 1, 4001)
    linear = np.where(encoded <= 0.04045, encoded / 12.92, ((encoded + 0.055) / 1.055) ** 2.4)
    np.testing.assert_allclose(to_linear(encoded.astype(np.float32)), linear, atol=3e-7)
    np.testing.assert_allclose(to_srgb(linear.astype(np.float32)), encoded, atol=1e-6)
    eight_bit = np.arange(256, dtype=np.float32) / 255
    back = to_srgb(to_linear(eight_bit))
    assert np.array_equal(np.rint(back * 255), np.arange(256))
    assert to_linear(np.float32([-0.1])) == to_srgb(np.float32([-0.1])) == 0


def test_colour_sums_equal_their_definition() -> None:
    photo = np.random.default_rng(0).random((5, 7, 3), dtype=np.float32)
    matrix = np.random.default_rng(1).normal(size=(3, 3)).astype(np.float32)
    np.testing.assert_allclose(transform(photo, matrix), photo @ matrix.T, atol=1e-6)
    np.testing.assert_allclose(luma(photo), (photo * LUMA).sum(-1), atol=1e-6)
    least, most = extremes(photo)
    assert np.array_equal(least, photo.min(-1))
    assert np.array_equal(most, photo.max(-1))


@pytest.mark.parametrize("halo", [0, 3, 50])
def test_bands_tile_the_picture(halo: int, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(full_size, "BAND_PIXELS", 100)
    pieces = list(full_size.bands(97, 20, halo))
    rows = [row for top, bottom in pieces for row in range(top, bottom)]
    assert rows == list(range(97))
    assert (len(pieces) > 1) == (halo < 50)


def test_reduced_copy_holds_the_mean_and_small_pictures_are_left(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    photo = np.random.default_rng(2).random((40, 60, 3), dtype=np.float32)
    assert full_size.reduce(photo, 60) is photo
    monkeypatch.setattr(full_size, "REDUCED_LONG_EDGE", 20)
    small = full_size.reduce(photo, 60)
    expected = photo[:39].reshape(13, 3, 20, 3, 3).mean((1, 3))
    assert full_size.reduced_size(40, 60, 60) == (13, 20) == small.shape[:2]
    assert np.abs(full_size.reduce(photo[:39], 60) - expected).max() < 1e-6


def test_enlarged_rows_are_bilinear_however_they_are_cut() -> None:
    small = np.random.default_rng(3).random((7, 5, 2), dtype=np.float32)
    whole = full_size.enlarged_rows(small, (31, 22), 0, 31)
    pieces = [full_size.enlarged_rows(small, (31, 22), t, min(t + 4, 31)) for t in range(0, 31, 4)]
    assert np.array_equal(np.concatenate(pieces), whole)
    for y, x in [(0, 0), (3, 5), (17, 11), (30, 21)]:
        v = np.clip((y + 0.5) * 7 / 31 - 0.5, 0, 6)
        u = np.clip((x + 0.5) * 5 / 22 - 0.5, 0, 4)
        total = np.zeros(2)
        for j in range(7):
            for i in range(5):
                total += max(0, 1 - abs(v - j)) * max(0, 1 - abs(u - i)) * small[j, i]
        np.testing.assert_allclose(whole[y, x], total, atol=1e-5)


def test_mirrored_border_may_be_wider_than_the_picture() -> None:
    photo = np.random.default_rng(4).random((2, 3, 1), dtype=np.float32)
    expected = np.pad(photo, ((7, 7), (7, 7), (0, 0)), "symmetric")
    assert np.array_equal(full_size.mirrored(photo, 7), expected)
