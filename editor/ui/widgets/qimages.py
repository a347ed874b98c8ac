"""Pictures as arrays and as Qt's images."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray
from PySide6.QtGui import QImage

Pixels = NDArray[np.uint8]


def viewed(pixels: Pixels) -> QImage:
    """A QImage on the memory of an H x W x 3 array (any row stride); keep the array alive."""
    height, width = pixels.shape[:2]
    if pixels.strides[1:] != (3, 1):
        pixels = np.ascontiguousarray(pixels)
    return QImage(
        pixels.data if pixels.flags.c_contiguous else _buffer(pixels),
        width,
        height,
        pixels.strides[0],
        QImage.Format.Format_RGB888,
    )


def _buffer(pixels: Pixels) -> memoryview:
    """The memory from an array's first to its last pixel."""
    height, width = pixels.shape[:2]
    length = (height - 1) * pixels.strides[0] + width * 3
    flat = np.lib.stride_tricks.as_strided(pixels, (length,), (1,), writeable=False)
    return flat.data


def from_rgb(pixels: Pixels) -> QImage:
    """A copy of an H x W x 3 array."""
    return viewed(pixels).copy()


def from_alpha(weights: Pixels) -> QImage:
    """A copy of an H x W array of opacities."""
    kept = np.ascontiguousarray(weights)
    height, width = kept.shape
    return QImage(kept.data, width, height, width, QImage.Format.Format_Alpha8).copy()


def from_argb(pixels: Pixels) -> QImage:
    """A copy of an H x W x 4 array: blue, green, red, opacity; premultiplied."""
    height, width = pixels.shape[:2]
    image = QImage(pixels.data, width, height, width * 4, QImage.Format.Format_ARGB32_Premultiplied)
    return image.copy()


def to_rgb_and_alpha(image: QImage) -> tuple[Pixels, Pixels | None]:
    """H x W x 3 pixels, and H x W opacities where any pixel is transparent."""
    if not image.hasAlphaChannel():
        return _array(image.convertToFormat(QImage.Format.Format_RGB888), 3).copy(), None
    both = _array(image.convertToFormat(QImage.Format.Format_RGBA8888), 4)
    pixels = np.ascontiguousarray(both[..., :3])
    if int(both[..., 3].min()) == 255:
        return pixels, None
    return pixels, np.ascontiguousarray(both[..., 3])


def _array(image: QImage, channels: int) -> Pixels:
    """The memory of an image; valid as long as the image is."""
    rows = np.frombuffer(image.constBits(), np.uint8).reshape(image.height(), -1)
    return rows[:, : image.width() * channels].reshape(image.height(), image.width(), channels)
