"""Weights take of a prediction what it is worth."""

from __future__ import annotations

import numpy as np

from models.coding import frequency_weights
from models.coding.opponent_dct import transform
from tests.models.natural_pictures import natural


def test_a_good_prediction_is_kept() -> None:
    photo = natural(64, 64, 1)
    weights = frequency_weights.fit(photo.astype(np.float64), photo)
    assert len(weights) == frequency_weights.SIZE
    assert np.allclose(frequency_weights.apply(photo.astype(np.float64), weights), photo, atol=1e-9)


def test_what_is_foreign_to_the_photo_is_left_out() -> None:
    photo = natural(128, 128, 2)
    drawn = photo + np.where(np.indices((128, 128)).sum(0) % 2, 40.0, -40.0)[..., None]
    weights = frequency_weights.fit(drawn, photo)
    better = frequency_weights.apply(drawn, weights)
    assert np.square(better - photo).mean() < 0.1 * np.square(drawn - photo).mean()
    # The means of blocks are what they were.
    assert np.allclose(transform(better)[::64], transform(drawn)[::64])


def test_blocks_may_be_weighted_apart() -> None:
    picture = natural(19, 29, 3).astype(np.float64)
    weights = bytes(range(192))
    whole = frequency_weights.apply(picture, weights)
    assert whole.shape == picture.shape
    assert np.allclose(frequency_weights.apply(picture[:16], weights), whole[:16])
