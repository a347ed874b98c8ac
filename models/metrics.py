"""PSNR and SSIM of 8-bit RGB pictures, the way every figure of this project is measured."""

from __future__ import annotations

import cv2
import numpy as np
from numpy.typing import NDArray

from models import parallel

PSNR_OF_EQUAL_PICTURES = 100.0
"""What stands for infinity where two pictures are the same, so that means stay finite."""


def psnr(a: NDArray[np.uint8], b: NDArray[np.uint8]) -> float:
    """Peak signal-to-noise ratio in dB over the whole picture; H x W x 3 uint8 each.

    At most `PSNR_OF_EQUAL_PICTURES`. Raises ValueError where the shapes differ.
    """
    if a.shape != b.shape:
        raise ValueError(f"Pictures of {a.shape} and {b.shape} cannot be compared.")
    total = 0
    for y in range(0, a.shape[0], 256):  # by bands: a 50-megapixel difference need not fit at once
        difference = a[y : y + 256].astype(np.int32) - b[y : y + 256]
        total += int(np.square(difference).sum(dtype=np.int64))
    if total == 0:
        return PSNR_OF_EQUAL_PICTURES
    return min(PSNR_OF_EQUAL_PICTURES, float(10 * np.log10(255.0**2 * a.size / total)))


def ssim(a: NDArray[np.uint8], b: NDArray[np.uint8]) -> float:
    """Structural similarity, mean of the three channels; H x W x 3 uint8 each.

    Wang et al. 2004 with the standard Gaussian window of 11 pixels (sigma 1.5), valid positions
    only; a picture with a side below 11 is compared as one window.
    """
    if a.shape != b.shape:
        raise ValueError(f"Pictures of {a.shape} and {b.shape} cannot be compared.")
    if min(a.shape[:2]) < _WINDOW:
        return _similarities(a, b) / 3
    windows = a.shape[0] - _WINDOW + 1, a.shape[1] - _WINDOW + 1
    rows = [slice(n.start, n.stop + _WINDOW - 1) for n in parallel.bands(windows[0], _BAND)]
    sums = parallel.mapped(lambda band: _similarities(a[band], b[band]), rows)
    mean: float = sum(sums) / (3 * windows[0] * windows[1])
    return mean


_WINDOW = 11
_BAND = 128  # rows


def _similarities(a: NDArray[np.uint8], b: NDArray[np.uint8]) -> float:
    """The sum over channels and windows that fit; with a side below theirs all is one window."""
    x, y = a.astype(np.float32), b.astype(np.float32)
    c1, c2 = np.float32((0.01 * 255) ** 2), np.float32((0.03 * 255) ** 2)

    def mean(z: NDArray[np.float32]) -> NDArray[np.float32]:
        if min(z.shape[:2]) < _WINDOW:
            return np.asarray(z.mean(axis=(0, 1), keepdims=True, dtype=np.float64), np.float32)
        return np.asarray(cv2.GaussianBlur(z, (_WINDOW, _WINDOW), 1.5)[5:-5, 5:-5], np.float32)

    x -= 128  # variances are differences of squares, which should not be large
    y -= 128
    mx, my = mean(x), mean(y)
    both = mx * my
    vx_vy = mean(x * x + y * y) - mx * mx - my * my
    cov = mean(x * y) - both
    mx += 128
    my += 128
    score = (2 * mx * my + c1) * (2 * cov + c2) / ((mx * mx + my * my + c1) * (vx_vy + c2))
    return float(score.sum(dtype=np.float64))
