"""The sample of a restored photo: the part that came back worst."""

from __future__ import annotations

import numpy as np
import pytest

from editor.engine.quality import SAMPLE_SIZE, Sample
from models.metrics import psnr

ACROSS, DOWN = SAMPLE_SIZE


def plain_worst(a: np.ndarray, b: np.ndarray) -> tuple[int, int]:
    """Every place that is a multiple of eight, one after the other."""
    height, width = a.shape[:2]
    error = ((a.astype(float) - b) ** 2).sum(axis=2)
    places = [
        (error[y : y + DOWN, x : x + ACROSS].sum(), y, x)
        for y in range(0, height - DOWN + 1, 8)
        for x in range(0, width - ACROSS + 1, 8)
    ]
    return max(places)[1:]


@pytest.mark.parametrize("size", [(301, 517), (160, 232), (144, 260)])
def test_it_is_the_worst_of_all(size: tuple[int, int]) -> None:
    rng = np.random.default_rng(size)
    a = rng.integers(0, 256, (*size, 3), dtype=np.uint8)
    y, x = np.indices(size)
    noise = rng.normal(0, 2 + 20 * np.exp(-((y - 200) ** 2 + (x - 330) ** 2) / 5000))
    b = np.clip(a + noise[..., None], 0, 255).astype(np.uint8)
    sample = Sample.of(a, b)
    assert (sample.top, sample.left) == plain_worst(a, b)
    part = np.s_[sample.top : sample.top + DOWN, sample.left : sample.left + ACROSS]
    assert np.array_equal(sample.original, a[part])
    assert np.array_equal(sample.restored, b[part])
    assert sample.quality.psnr == pytest.approx(psnr(a[part], b[part]))


@pytest.mark.parametrize("size", [(1, 1), (9, 300), (300, 9), (50, 70)])
def test_small_photos_are_shown_whole_where_they_are_small(size: tuple[int, int]) -> None:
    a = np.full((*size, 3), 90, np.uint8)
    b = a.copy()
    b[0, 0] = 93
    sample = Sample.of(a, b)
    assert sample.original.shape == (min(size[0], DOWN), min(size[1], ACROSS), 3)
    assert (sample.restored != sample.original).any()
