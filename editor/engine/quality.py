"""How good a picture came out, in numbers and in words."""

from __future__ import annotations

from dataclasses import dataclass

import cv2
import numpy as np
from numpy.typing import NDArray

from editor.messages import Message, message
from models.metrics import PSNR_OF_EQUAL_PICTURES, psnr, ssim

SAMPLE_SIZE = (232, 144)
"""Width and height in pixels of the part of a photo that is shown as a sample."""

_CELL = 8  # pixels; where a sample may begin
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
        return str(self.words) if self.identical else f"{self.words} ({self.psnr:.1f} dB)"


@dataclass(frozen=True, eq=False)
class Sample:
    """The part of a photo that comes back worst, beside itself.

    Attributes:
        original, restored: h x w x 3 uint8, of `SAMPLE_SIZE` or as large as the photo is.
        left, top: where it is in the photo, in pixels.
        quality: likeness of the two.
    """

    original: NDArray[np.uint8]
    restored: NDArray[np.uint8]
    left: int
    top: int
    quality: Quality

    @staticmethod
    def of(original: NDArray[np.uint8], restored: NDArray[np.uint8]) -> Sample:
        """The worst part of a restored photo (both H x W x 3 uint8).

        That with the largest squared error, among those that begin at every eighth pixel.
        """
        height, width = original.shape[:2]
        across, down = min(SAMPLE_SIZE[0], width), min(SAMPLE_SIZE[1], height)
        cells = _errors(original, restored)
        size = max(1, across // _CELL), max(1, down // _CELL)
        sums = cv2.boxFilter(
            cells, -1, size, anchor=(0, 0), normalize=True, borderType=cv2.BORDER_REPLICATE
        )
        sums = sums[: (height - down) // _CELL + 1, : (width - across) // _CELL + 1]
        row, column = np.unravel_index(int(np.argmax(sums)), sums.shape)
        left, top = int(column) * _CELL, int(row) * _CELL
        part = np.s_[top : top + down, left : left + across]
        a, b = original[part].copy(), restored[part].copy()
        return Sample(a, b, left, top, Quality.of(a, b))


def _errors(a: NDArray[np.uint8], b: NDArray[np.uint8]) -> NDArray[np.float32]:
    """Mean squared error of each cell of two pictures, in rows and columns of cells."""
    height, width = a.shape[:2]
    cells = np.zeros((-(-height // _CELL), -(-width // _CELL)), np.float32)
    for row in range(len(cells)):
        band = np.s_[row * _CELL : (row + 1) * _CELL]
        squared = np.square(cv2.absdiff(a[band], b[band]).astype(np.float32))
        columns = squared.sum(axis=(0, 2))
        padded = np.pad(columns, (0, cells.shape[1] * _CELL - width))
        cells[row] = padded.reshape(-1, _CELL).sum(axis=1)
    return cells
