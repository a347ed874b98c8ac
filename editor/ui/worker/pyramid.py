"""A picture at several sizes, so that any part of it is drawn fast at any zoom."""

from __future__ import annotations

from dataclasses import dataclass

import cv2
import numpy as np
from numpy.typing import NDArray

Pixels = NDArray[np.uint8]
"""H x W x 3 RGB uint8."""

_SMALLEST = 256


@dataclass(frozen=True, eq=False)
class Pyramid:
    """Mip levels of a picture.

    Attributes:
        size: width and height of the whole picture in its own pixels. The first level may be
            smaller: a preview stands for the picture.
        levels: each half the size of the one before; C-contiguous, H x W x 3 uint8.
    """

    size: tuple[int, int]
    levels: tuple[Pixels, ...]

    @staticmethod
    def of(pixels: Pixels, size: tuple[int, int] | None = None) -> Pyramid:
        """All levels of a picture; `size` where `pixels` is a reduced copy."""
        levels = [np.ascontiguousarray(pixels)]
        while max(levels[-1].shape[:2]) > _SMALLEST * 2 and min(levels[-1].shape[:2]) > 1:
            height, width = levels[-1].shape[:2]
            half = (max(1, (width + 1) // 2), max(1, (height + 1) // 2))
            levels.append(cv2.resize(levels[-1], half, interpolation=cv2.INTER_AREA))  # type: ignore[arg-type]
        return Pyramid(size or (pixels.shape[1], pixels.shape[0]), tuple(levels))

    def level_scale(self, index: int) -> float:
        """Pixels of that level per picture pixel, along the long edge."""
        return float(max(self.levels[index].shape[:2]) / max(self.size))

    def level_for(self, scale: float) -> int:
        """The smallest level that still has `scale` pixels per picture pixel, else the largest."""
        fitting = [i for i in range(len(self.levels)) if self.level_scale(i) >= scale * 0.999]
        return fitting[-1] if fitting else 0

    @property
    def finest(self) -> float:
        """Pixels of the largest level per picture pixel: 1 for a whole picture."""
        return self.level_scale(0)


def reduced(pixels: Pixels, long_edge: int) -> Pixels:
    """A copy with at most that long edge, averaged; the picture itself when it is smaller."""
    height, width = pixels.shape[:2]
    scale = long_edge / max(height, width)
    if scale >= 1:
        return pixels
    size = (max(1, round(width * scale)), max(1, round(height * scale)))
    return cv2.resize(pixels, size, interpolation=cv2.INTER_AREA)  # type: ignore[return-value]
