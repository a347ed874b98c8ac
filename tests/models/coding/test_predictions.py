"""Weights on predictions, the residual of a tile, and what the export itself still shows."""

from __future__ import annotations

import numpy as np
import pytest

from models.coding import av1, finer_detail, residual_tile, weighted_prediction
from tests.models.natural_pictures import natural


def _error(a: np.ndarray, b: np.ndarray) -> float:
    return float(np.square(a.astype(np.float64) - b).mean())


def test_a_true_prediction_is_kept() -> None:
    photo = natural(50, 70)
    weights = weighted_prediction.fit(photo, photo)
    assert len(weights) == weighted_prediction.SIZE
    assert _error(weighted_prediction.apply(photo, weights), photo) < 0.1


def test_texture_that_is_not_the_photos_is_left_out() -> None:
    photo = natural(96, 128)
    noise = np.random.default_rng(0).normal(0, 30, photo.shape).astype(np.float32)
    told = photo + noise
    weighted = weighted_prediction.apply(told, weighted_prediction.fit(told, photo))
    assert _error(weighted, photo) < 0.3 * _error(told, photo)


def test_transform_and_back() -> None:
    picture = natural(19, 33).astype(np.float32)
    blocks = weighted_prediction.coefficients(picture)
    assert _error(weighted_prediction.samples(blocks, picture.shape), picture) < 1e-4


@pytest.mark.parametrize("half", [False, True])
def test_a_residual_comes_back(half: bool) -> None:
    residual = natural(64, 80).astype(np.float32) * 2 - 255
    coded = residual_tile.encode(residual, 80, half=half)
    decoded = residual_tile.decode(coded.data, 64, 80)
    assert coded.error == pytest.approx(_error(decoded, residual) * residual.size, rel=1e-3)
    assert _error(decoded, residual) < (600 if half else 80)
    assert residual_tile.encode(residual, 80, half=half, measured=False).error is None


def test_no_residual_is_said() -> None:
    with pytest.raises(av1.NotAV1):
        residual_tile.decode(b"", 8, 8)


def test_a_share_of_the_difference_is_found_and_added() -> None:
    photo, rng = natural(40, 56).astype(np.float32), np.random.default_rng(1)
    difference = rng.normal(0, 4, photo.shape).astype(np.float32)
    decoded = photo - np.float32(0.6) * difference
    shares = finer_detail.fit([difference], [photo - decoded])
    assert len(shares) == finer_detail.SIZE
    weights = weighted_prediction.fit(photo, photo)
    finer = finer_detail.prediction(decoded, decoded + difference, weights, shares)
    assert _error(finer, photo) < 0.1 < _error(decoded, photo)
