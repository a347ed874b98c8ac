"""PSNR and SSIM of 8-bit RGB pictures, the way every figure of this project is measured."""

from __future__ import annotations

import cv2
import numpy as np
from numpy.typing import NDArray

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
    x, y = a.astype(np.float64), b.astype(np.float64)
    c1, c2 = (0.01 * 255) ** 2, (0.03 * 255) ** 2

    def mean(z: NDArray[np.float64]) -> NDArray[np.float64]:
        if min(z.shape[:2]) < 11:
            whole: NDArray[np.float64] = z.mean(axis=(0, 1), keepdims=True)
            return whole
        return np.asarray(cv2.GaussianBlur(z, (11, 11), 1.5)[5:-5, 5:-5], np.float64)

    mx, my = mean(x), mean(y)
    vx, vy, cov = mean(x * x) - mx * mx, mean(y * y) - my * my, mean(x * y) - mx * my
    score = (2 * mx * my + c1) * (2 * cov + c2) / ((mx**2 + my**2 + c1) * (vx + vy + c2))
    return float(score.mean())
