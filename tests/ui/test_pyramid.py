"""Mip levels."""

from __future__ import annotations

import numpy as np
import pytest

from editor.ui.worker.pyramid import Pyramid, reduced
from tests.conftest import make_photo


def test_each_level_averages_four_pixels():
    picture = make_photo(1400, 1040)
    levels = Pyramid.of(picture).levels
    assert [level.shape[:2] for level in levels] == [(1040, 1400), (520, 700), (260, 350)]
    mean = picture.reshape(520, 2, 700, 2, 3).astype(float).mean(axis=(1, 3))
    assert np.abs(levels[1] - mean).max() <= 0.5 + 1e-9


@pytest.mark.parametrize(
    ("scale", "level"), [(4, 0), (1, 0), (0.6, 0), (0.5, 1), (0.3, 1), (0.1, 2)]
)
def test_a_level_has_at_least_the_pixels_that_are_shown(scale, level):
    assert Pyramid.of(make_photo(1400, 1040)).level_for(scale) == level


def test_a_preview_stands_for_the_whole_picture():
    pyramid = Pyramid.of(make_photo(600, 400), (6000, 4000))
    assert pyramid.finest == pytest.approx(0.1)
    assert pyramid.level_for(1.0) == 0


def test_small_pictures_are_not_enlarged():
    picture = make_photo(30, 20)
    assert reduced(picture, 100) is picture
    assert reduced(make_photo(300, 200), 100).shape == (67, 100, 3)
    assert reduced(make_photo(300, 1), 100).shape == (1, 100, 3)
