"""PSNR and SSIM against their formulas written out."""

from __future__ import annotations

import numpy as np
import pytest
from scipy.ndimage import correlate

from models.metrics import PSNR_OF_EQUAL_PICTURES, psnr, ssim
from tests.models.natural_pictures import natural


def _noisy(picture: np.ndarray, deviation: float, seed: int = 0) -> np.ndarray:
    noise = np.random.default_rng(seed).normal(0, deviation, picture.shape)
    return np.clip(np.rint(picture + noise), 0, 255).astype(np.uint8)


@pytest.mark.parametrize("shape", [(1, 1), (17, 3), (300, 40), (513, 20)])
def test_psnr_is_the_formula(shape: tuple[int, int]) -> None:
    a = natural(*shape, seed=1)
    b = _noisy(a, 9)
    b[0, 0, 0] = 255 - a[0, 0, 0]
    squared = [(float(p) - float(q)) ** 2 for p, q in zip(a.flat, b.flat, strict=True)]
    expected = 10 * np.log10(255**2 / (sum(squared) / len(squared)))
    assert psnr(a, b) == pytest.approx(expected, abs=1e-9) == pytest.approx(psnr(b, a))


def test_psnr_of_opposites_equals_and_one_level() -> None:
    black = np.zeros((40, 30, 3), np.uint8)
    assert psnr(black, black + np.uint8(255)) == 0
    assert psnr(black, black.copy()) == PSNR_OF_EQUAL_PICTURES
    assert psnr(black, black + np.uint8(1)) == pytest.approx(48.1308, abs=1e-4)


def test_ssim_is_wangs_formula() -> None:
    a = natural(31, 43, seed=2)
    b = _noisy(a, 20)
    x = np.arange(-5, 6)
    window = np.exp(-(x[:, None] ** 2 + x[None] ** 2) / (2 * 1.5**2))
    window /= window.sum()
    scores = []
    for c in range(3):
        p, q = a[..., c].astype(float), b[..., c].astype(float)

        def mean(z: np.ndarray) -> np.ndarray:
            return correlate(z, window)[5:-5, 5:-5]

        mp, mq = mean(p), mean(q)
        vp, vq, cov = mean(p * p) - mp**2, mean(q * q) - mq**2, mean(p * q) - mp * mq
        c1, c2 = (0.01 * 255) ** 2, (0.03 * 255) ** 2
        top = (2 * mp * mq + c1) * (2 * cov + c2)
        scores.append((top / ((mp**2 + mq**2 + c1) * (vp + vq + c2))).mean())
    assert ssim(a, b) == pytest.approx(np.mean(scores), abs=1e-6)


def test_ssim_falls_with_noise_and_is_one_for_equals() -> None:
    a = natural(40, 40)
    assert ssim(a, a) == pytest.approx(1)
    assert 1 > ssim(a, _noisy(a, 3)) > ssim(a, _noisy(a, 30)) > 0
    tiny = natural(1, 1)
    assert ssim(tiny, tiny) == pytest.approx(1)


def test_different_sizes_are_refused() -> None:
    for measure in (psnr, ssim):
        with pytest.raises(ValueError, match="compared"):
            measure(natural(4, 5), natural(5, 4))
