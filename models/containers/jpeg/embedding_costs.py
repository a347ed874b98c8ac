"""What it costs to put a coefficient on the other value of its pair.

Two things: structural similarity (Wang et al. 2004), of which an error of variance n in a window of
variance v takes about n / (2 v + C2), so that texture hides much; and bytes of the file, estimated
by how often each magnitude occurs at its frequency in blocks as busy as this one. Costs are added
up over all changes, and are in shares of what a picture is allowed: 1 is all of it.
"""

from __future__ import annotations

from dataclasses import dataclass

import cv2
import numpy as np
from numpy.typing import NDArray

from models import parallel
from models.containers.coefficients import Subsampling
from models.jpeg_transform import RGB

LOSS = 0.019
"""Of similarity, mean over the picture: the unit of that part of the costs."""

GROWTH = 0.5
"""Of the file: the unit of the other part. The more, the less bytes count."""

_C2 = np.float32((0.03 * 255) ** 2)
_WINDOW, _SIGMA = 11, 1.5
_BAND = 128
_BUSY = (2, 4, 7, 11, 16, 24, 34, 46)
"""Bounds of the classes of blocks, in coefficients that are not zero."""

_MAGNITUDES = 17  # the last stands for all larger ones
_PRIOR = 8  # occurrences by which a class leans on all its frequencies together
_CATEGORIES = np.array([0, 1, 2, 2, 3, 3, 3, 3] + [4] * 9)
"""Bits that follow the Huffman code of each magnitude (ITU-T T.81, table F.1)."""


def similarity_weights(
    look: NDArray[np.uint8], noise: NDArray[np.float32], subsampling: Subsampling
) -> list[NDArray[np.float32]]:
    """What a squared error of 1 level² of one coefficient takes from the mean similarity.

    Args:
        look: H x W x 3.
        noise: of each luma block, rows x columns, what quantising does already, levels² a pixel.
        subsampling: of chroma.

    Returns:
        For each plane rows x columns of its blocks; times the picture's pixels.
    """
    height, width = look.shape[:2]
    rows, columns = noise.shape
    block = 16 if subsampling == "420" else 8
    shape = -(-height // block), -(-width // block)
    luma = np.empty((rows, columns), np.float32)
    chroma = np.empty((2, *shape), np.float32)
    share = np.square(RGB) / 3

    def weigh(band: slice) -> None:
        top, bottom, above = band.start, band.stop, max(0, band.start - _WINDOW)
        x = look[above : bottom + _WINDOW].astype(np.float32)
        mean = cv2.GaussianBlur(x, (_WINDOW, _WINDOW), _SIGMA)
        variance = cv2.GaussianBlur(x * x, (_WINDOW, _WINDOW), _SIGMA) - mean * mean
        room = 2 * np.maximum(variance[top - above : bottom - above], 0) + _C2
        ours = noise[top // 8 : -(-bottom // 8)].repeat(8, axis=0).repeat(8, axis=1)
        lost = room / np.square(room + ours[: bottom - top, :width, None])
        parts = _means(lost, 8), _means(lost, block)
        luma[top // 8 : top // 8 + len(parts[0])] = parts[0] @ share[:, 0]
        area = slice(top // block, top // block + len(parts[1]))
        for plane in (0, 1):
            chroma[plane, area] = parts[1] @ share[:, plane + 1]

    parallel.mapped(weigh, parallel.bands(height, _BAND))
    # An error in reduced chroma spreads over four pixels.
    return [luma, chroma[0] * (block / 8) ** 2, chroma[1] * (block / 8) ** 2]


def _means(values: NDArray[np.float32], side: int) -> NDArray[np.float32]:
    """Of squares of H x W x 3 values; those at the far edges may be cut off."""
    down, across = -values.shape[0] % side, -values.shape[1] % side
    if down or across:
        values = np.pad(values, ((0, down), (0, across), (0, 0)), mode="edge")
    rows, columns = values.shape[0] // side, values.shape[1] // side
    means = values.reshape(rows, side, columns, side, 3).mean(axis=(1, 3))
    return np.asarray(means, np.float32)


@dataclass(frozen=True, eq=False)
class CodeLengths:
    """Bits of each magnitude at each frequency in each class of blocks, as far as one can tell.

    Attributes:
        bits: classes x 64 x magnitudes.
    """

    bits: NDArray[np.float32]

    @staticmethod
    def of(quantised: NDArray[np.int16]) -> CodeLengths:
        """Learnt from a plane: rows x columns x 8 x 8."""
        flat = _magnitudes(quantised).reshape(-1, 64)
        classes = _classes(quantised).reshape(-1)
        every = max(1, flat.shape[0] // 40_000)
        flat, classes = flat[::every], classes[::every]
        place = (classes[:, None].astype(np.int64) * 64 + np.arange(64)) * _MAGNITUDES + flat
        counts = np.bincount(place.ravel(), minlength=(len(_BUSY) + 1) * 64 * _MAGNITUDES)
        table = counts.reshape(len(_BUSY) + 1, 64, _MAGNITUDES).astype(np.float64)
        together = table.sum(axis=1, keepdims=True) + 0.5
        table += _PRIOR * together / together.sum(axis=2, keepdims=True)
        table /= table.sum(axis=2, keepdims=True)
        of_category = np.zeros_like(table)
        for category in range(_CATEGORIES[-1] + 1):
            same = category == _CATEGORIES
            of_category[:, :, same] = table[:, :, same].sum(axis=2, keepdims=True)
        return CodeLengths((_CATEGORIES - np.log2(of_category)).astype(np.float32))

    def grown(self, quantised: NDArray[np.int16], other: NDArray[np.int16]) -> NDArray[np.float32]:
        """Bits more that the other values would take; as the plane this was learnt from."""
        start = _classes(quantised)[..., None] * (64 * _MAGNITUDES)
        place = start + np.arange(64, dtype=np.int32) * _MAGNITUDES
        shape = (*quantised.shape[:2], 64)
        before = self.bits.take(place + _magnitudes(quantised).reshape(shape))
        after = self.bits.take(place + _magnitudes(other).reshape(shape))
        return (after - before).reshape(quantised.shape)


def _magnitudes(quantised: NDArray[np.int16]) -> NDArray[np.int16]:
    return np.minimum(np.abs(quantised), np.int16(_MAGNITUDES - 1))


def _classes(quantised: NDArray[np.int16]) -> NDArray[np.int32]:
    busy = np.count_nonzero(quantised, axis=(2, 3))
    return np.asarray(np.digitize(busy, _BUSY), np.int32)
