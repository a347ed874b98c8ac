"""A prediction is taken only as far as it can be trusted: a weight for each of its frequencies.

Where a look adds texture, subtracting what it predicts costs more than it saves. So the prediction
goes through the block transform (8 x 8 DCT in Y', Cb and Cr), each coefficient is multiplied by
its frequency's weight, found by least squares when exporting and sent along, and goes back.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from models import jpeg_transform, parallel
from models.jpeg_transform import BLOCK

PRECISE = 10
"""That many coefficients of each plane, the lowest, have weights of 8 bits, 1/64 apart."""

LEVELS = np.array(
    [0, 0.1, 0.2, 0.3, 0.4, 0.5, 0.6, 0.7, 0.8, 0.9, 1, 1.15, 1.35, 1.7, 2.2, 3], np.float32
)
"""The others have one of these."""

SIZE = 3 * (PRECISE + (64 - PRECISE) // 2)
"""Bytes of the weights."""

_MIDDLE = np.float32(127.5)
ROWS = 64
"""Of pixels, that are worked on at a time."""

_BAND = 64  # rows of pixels
_SAMPLED_BANDS = 16


def fit(prediction: NDArray[np.generic], photo: NDArray[np.uint8]) -> bytes:
    """The weights with which a prediction comes closest to the photo; H x W x 3 each, levels.

    Of large pictures a few bands of rows are looked at.
    """
    products, squares = np.zeros((3, 64)), np.full((3, 64), 1e-3)
    starts = range(0, photo.shape[0], _BAND)
    if photo.shape[0] * photo.shape[1] > 3 << 20:
        starts = starts[:: max(1, len(starts) // _SAMPLED_BANDS)]
    for start in starts:
        area = slice(start, start + _BAND)
        told = coefficients(prediction[area].astype(np.float32) - _MIDDLE)
        meant = coefficients(photo[area] - _MIDDLE)
        products += (told * meant).sum(axis=(1, 2))
        squares += (told * told).sum(axis=(1, 2))
    return _pack((products / squares)[:, jpeg_transform.ZIGZAG])


def apply(prediction: NDArray[np.generic], weights: bytes) -> NDArray[np.float32]:
    """The prediction (H x W x 3, levels), weighted; float, not clipped."""
    result = np.empty(prediction.shape, np.float32)

    def weigh(band: slice) -> None:
        result[band] = whole(weighted(prediction[band], weights), result[band].shape)

    parallel.mapped(weigh, parallel.bands(prediction.shape[0], ROWS))
    return result


def weighted(prediction: NDArray[np.generic], weights: bytes) -> NDArray[np.float32]:
    """The `coefficients` of a prediction (H x W x 3, levels) about the middle, weighted."""
    factors = np.empty((3, 64), np.float32)
    factors[:, jpeg_transform.ZIGZAG] = _unpack(weights)
    blocks = coefficients(prediction.astype(np.float32) - _MIDDLE)
    blocks *= factors[:, None, None]
    return blocks


def whole(weighted: NDArray[np.float32], shape: tuple[int, ...]) -> NDArray[np.float32]:
    """The picture, H x W x 3 levels of that shape."""
    return samples(weighted, shape) + _MIDDLE


def coefficients(picture: NDArray[np.generic]) -> NDArray[np.float32]:
    """H x W x 3 levels, RGB, to 3 x rows x columns x 64 of Y', Cb, Cr, at 8 v + u.

    The edges are repeated to whole blocks.
    """
    padded = jpeg_transform.padded(picture.astype(np.float32), BLOCK)
    blocks = [jpeg_transform.forward(plane) for plane in jpeg_transform.planes(padded)]
    return np.stack(blocks).reshape(*np.shape(blocks)[:3], BLOCK * BLOCK)


def samples(blocks: NDArray[np.float32], shape: tuple[int, ...]) -> NDArray[np.float32]:
    """Back from `coefficients`, H x W x 3 of that shape."""
    squares = blocks.reshape(*blocks.shape[:3], BLOCK, BLOCK)
    planes = np.stack([jpeg_transform.inverse(plane) for plane in squares])
    return jpeg_transform.picture(planes)[: shape[0], : shape[1]]


def _pack(weights: NDArray[np.float64]) -> bytes:
    """3 x 64 in zigzag order."""
    precise = np.clip(np.rint(weights[:, :PRECISE] * 64), 0, 255).astype(np.uint8)
    coarse = np.abs(weights[:, PRECISE:, None] - LEVELS).argmin(axis=2).astype(np.uint8)
    halves = coarse[:, ::2] << 4 | coarse[:, 1::2]
    return np.concatenate([precise, halves], axis=1).tobytes()


def _unpack(weights: bytes) -> NDArray[np.float32]:
    packed = np.frombuffer(weights, np.uint8, SIZE).reshape(3, -1)
    halves = packed[:, PRECISE:]
    coarse = LEVELS[np.stack([halves >> 4, halves & 15], axis=2).reshape(3, -1)]
    return np.concatenate([packed[:, :PRECISE].astype(np.float32) / 64, coarse], axis=1)
