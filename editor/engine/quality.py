"""How good a picture came out, in numbers and in words."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from editor.messages import Message, message
from models.metrics import PSNR_OF_EQUAL_PICTURES, psnr, ssim

_WORDS = (
    (PSNR_OF_EQUAL_PICTURES, message("identical")),
    (40.0, message("excellent")),
    (36.0, message("very-good")),
    (32.0, message("good")),
    (28.0, message("fair")),
)


def in_words(decibels: float) -> Message:
    """A PSNR as a photographer would put it: identical, excellent, very good, good, fair, poor."""
    return next((word for floor, word in _WORDS if decibels >= floor), message("poor"))


@dataclass(frozen=True)
class Quality:
    """Likeness of one picture to another.

    Attributes:
        psnr: dB over the whole picture, 8-bit RGB; `PSNR_OF_EQUAL_PICTURES` for equal ones.
        ssim: structural similarity, 0..1; NaN where it was not measured.
    """

    psnr: float
    ssim: float = float("nan")

    @staticmethod
    def of(a: NDArray[np.uint8], b: NDArray[np.uint8], *, with_ssim: bool = False) -> Quality:
        """Measure two H x W x 3 uint8 pictures."""
        return Quality(psnr(a, b), ssim(a, b) if with_ssim else float("nan"))

    @property
    def identical(self) -> bool:
        """Whether the two are equal, sample by sample."""
        return self.psnr >= PSNR_OF_EQUAL_PICTURES

    @property
    def words(self) -> Message:
        """See `in_words`."""
        return in_words(self.psnr)

    def __str__(self) -> str:
        return str(self.words) if self.identical else f"{self.psnr:.1f} dB ({self.words})"
