"""Pictures with the statistics of photos, made from a seed."""

from __future__ import annotations

import cv2
import numpy as np
from numpy.typing import NDArray


def natural(height: int, width: int, seed: int = 0) -> NDArray[np.uint8]:
    """H x W x 3 RGB: clouds with the falling spectrum of photos, discs, a little sensor noise.

    Colours are correlated as in photos; the whole range of levels occurs, blown areas too.
    """
    rng = np.random.default_rng(seed)
    light = _clouds(rng, height, width) * 40
    colour = np.stack([_clouds(rng, height, width) * 12 for _ in range(3)], axis=2)
    picture = 120 + light[..., None] + colour
    for _ in range(5):
        disc = np.zeros((height, width), np.float32)
        centre = int(rng.integers(0, width)), int(rng.integers(0, height))
        radius = int(rng.integers(2, max(4, min(height, width) // 4)))
        cv2.circle(disc, centre, radius, (1.0,), -1, cv2.LINE_AA)
        weight = 0.7 * disc[..., None]
        picture = picture * (1 - weight) + rng.uniform(0, 255, 3) * weight
    picture += rng.normal(0, 1.5, picture.shape)
    return np.clip(np.rint(picture), 0, 255).astype(np.uint8)


def _clouds(rng: np.random.Generator, height: int, width: int) -> NDArray[np.float64]:
    """H x W with amplitude 1/f^1.5, mean 0, deviation 1."""
    f = np.hypot(np.fft.fftfreq(height)[:, None], np.fft.fftfreq(width)[None])
    f[0, 0] = np.inf
    field = np.fft.ifft2(np.fft.fft2(rng.normal(size=(height, width))) / f**1.5).real
    return field / max(float(field.std()), 1e-9)
