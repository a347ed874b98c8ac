"""How good a picture came out, in numbers and in words."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from models.metrics import psnr, ssim

_WORDS = ((100, "identical"), (40, "excellent"), (36, "very good"), (32, "good"), (28, "fair"))


def in_words(decibels: float) -> str:
    """A PSNR as a photographer would put it: identical, excellent, very good, good, fair, poor."""
    return next((word for floor, word in _WORDS if decibels >= floor), "poor")


@dataclass(frozen=True)
class Quality:
    """Likeness of one picture to another.

    Attributes:
        psnr: dB over the whole picture, 8-bit RGB; 100 for equal pictures.
        ssim: structural similarity, 0..1; NaN where it was not measured.
    """

    psnr: float
    ssim: float = float("nan")

    @staticmethod
    def of(a: NDArray[np.uint8], b: NDArray[np.uint8], *, with_ssim: bool = False) -> Quality:
        """Measure two H x W x 3 uint8 pictures."""
        return Quality(psnr(a, b), ssim(a, b) if with_ssim else float("nan"))

    @property
    def words(self) -> str:
        """See `in_words`."""
        return in_words(self.psnr)

    def __str__(self) -> str:
        return "identical" if self.psnr >= 100 else f"{self.psnr:.1f} dB ({self.words})"
