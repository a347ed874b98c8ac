"""What the layer says of the photo, and the photo that follows from it.

The core has the colour prediction and how far it is to be trusted in each band of frequencies; the
bodies are what that misses in the canonical picture, each what the one before it left, coded by
AV1 at the size that pays.
"""

from __future__ import annotations

import struct
from dataclasses import dataclass

import cv2
import numpy as np
from numpy.typing import NDArray

from models.coding import av1, colour_prediction, weighted_prediction
from models.containers.surviving import grid

VERSION = 2

BANDS = 8
"""Frequencies of a block are weighted in bands, by the larger of the two."""

SIZES = (1024, 640, 400, 256)
"""Long edges at which a residual may be coded."""

_SCALES = (1.0, 1.5, 2.0)
"""Levels for one of the 256 values that are coded."""

_CORE = struct.Struct(f"<BHH3B{colour_prediction.SIZE}s{3 * BANDS}sB")
_BODY = struct.Struct("<BH")
_STEP = 1 / 64
_MIDDLE = np.float32(127.5)
_FAST, _FINAL = 8, 6
"""Speeds of AV1, while a quality is looked for and then."""

_FINEST = 95
_TRIES = 4
_LEAST, _MOST = 50, 600
"""Pixels of a coded residual for each byte: sizes outside of that are not tried."""


@dataclass(frozen=True)
class Core:
    """What has to be known before anything else.

    Attributes:
        height, width: of the export.
        codes: of the bodies, see `layers.CODES`.
        colours: see `colour_prediction`.
        weights: of the prediction, 3 planes x `BANDS`, in 64ths.
        detail: what is finer than the canonical picture is taken so many 64ths from the prediction.
    """

    height: int
    width: int
    codes: tuple[int, ...]
    colours: bytes
    weights: bytes
    detail: int

    @property
    def canonical(self) -> tuple[int, int] | None:
        """Size (height, width) of the canonical picture; None where none can have it."""
        return grid.canonical_size(self.height, self.width)

    def pack(self) -> bytes:
        """As bytes."""
        return _CORE.pack(
            VERSION, self.height, self.width, *self.codes, self.colours, self.weights, self.detail
        )

    @staticmethod
    def unpack(data: bytes) -> Core | int:
        """From bytes; the number of a version that is not known."""
        version, height, width, *codes, colours, weights, detail = _CORE.unpack_from(data)
        if version != VERSION:
            return int(version)
        return Core(height, width, tuple(codes), colours, weights, detail)


def _band() -> NDArray[np.int64]:
    v, u = np.mgrid[:8, :8]
    return np.asarray(np.maximum(v, u).ravel(), np.int64)


def fit_weights(prediction: NDArray[np.float32], photo: NDArray[np.float32]) -> bytes:
    """The weights with which a prediction comes closest; H x W x 3 levels each."""
    told, meant = (weighted_prediction.coefficients(p - _MIDDLE) for p in (prediction, photo))
    products, squares = ((told * x).sum(axis=(1, 2)) for x in (meant, told))
    band = _band()
    result = np.zeros((3, BANDS))
    for i in range(BANDS):
        ours = band == i
        result[:, i] = products[:, ours].sum(axis=1) / (squares[:, ours].sum(axis=1) + 1e-3)
    return np.clip(np.rint(result / _STEP), 0, 255).astype(np.uint8).tobytes()


def weighted(prediction: NDArray[np.float32], weights: bytes) -> NDArray[np.float32]:
    """A prediction (H x W x 3 levels), weighted."""
    values = np.frombuffer(weights, np.uint8).astype(np.float32).reshape(3, BANDS) * _STEP
    blocks = weighted_prediction.coefficients(prediction - _MIDDLE)
    blocks *= values[:, _band()][:, None, None]
    return weighted_prediction.samples(blocks, prediction.shape) + _MIDDLE


def coded(residual: NDArray[np.float32], room: int) -> tuple[bytes, NDArray[np.float32]]:
    """The best code of a residual (H x W x 3 levels) that fits into so many bytes, and what it
    says."""
    room -= _BODY.size
    height, width = residual.shape[:2]
    best, least = None, float(np.square(residual).sum())
    for index, edge in enumerate(SIZES):
        size = _size(height, width, edge)
        if edge > max(height, width) or not _LEAST < size[0] * size[1] / max(room, 1) < _MOST:
            continue
        one = _Squeezed.of(residual, index)
        quality, data = one.largest(room, _FAST, (-1, _FINEST + 1))
        if data is None:
            continue
        error = float(np.square(residual - one.decoded(data)).sum())
        if error < least:
            best, least = (one, quality, data), error
    if best is None:
        return _BODY.pack(0, 0), np.zeros_like(residual)
    one, quality, data = best
    finer = one.largest(room, _FINAL, (max(-1, quality - 14), min(_FINEST, quality + 4) + 1))[1]
    if finer is not None:
        error = float(np.square(residual - one.decoded(finer)).sum())
        data = finer if error < least else data
    return _BODY.pack(one.kind, len(data)) + data, one.decoded(data)


@dataclass(frozen=True, eq=False)
class _Squeezed:
    """A residual in 8 bits, at one of the `SIZES`."""

    picture: NDArray[np.uint8]
    kind: int
    shape: tuple[int, int]

    @staticmethod
    def of(residual: NDArray[np.float32], index: int) -> _Squeezed:
        height, width = residual.shape[:2]
        small = _resized(residual, _size(height, width, SIZES[index]))
        magnitudes = np.abs(small)
        scale = next(
            (i for i, s in enumerate(_SCALES) if (magnitudes > 127 * s).mean() < 1e-3),
            len(_SCALES) - 1,
        )
        values = np.rint(small * np.float32(1 / _SCALES[scale])) + 128
        picture = np.clip(values, 0, 255).astype(np.uint8)
        return _Squeezed(picture, 1 + index * len(_SCALES) + scale, (height, width))

    def largest(self, room: int, speed: int, between: tuple[int, int]) -> tuple[int, bytes | None]:
        """The finest quality strictly between two, found in a few tries, whose code fits."""
        low, high, fits = *between, None
        guess = (low + high) // 2
        known: list[tuple[int, float]] = []
        for _ in range(_TRIES):
            if not low < guess < high:
                break
            data = av1.encode(self.picture, guess, speed)
            known.append((guess, float(np.log(len(data)))))
            if len(data) <= room:
                low, fits = guess, data
                if len(data) > 0.96 * room:
                    break
            else:
                high = guess
            slope = 0.045
            if len(known) > 1:
                (a, x), (b, y) = known[-2:]
                slope = min(0.15, max(0.015, (y - x) / (b - a)))
            guess = guess + int(np.floor((np.log(0.985 * room) - known[-1][1]) / slope))
            guess = min(high - 1, max(low + 1, guess))
        return low, fits

    def decoded(self, data: bytes) -> NDArray[np.float32]:
        return residual_of(_BODY.pack(self.kind, len(data)) + data, *self.shape)


def residual_of(body: bytes, height: int, width: int) -> NDArray[np.float32]:
    """What a body says: H x W x 3 levels. Raises `av1.NotAV1`."""
    kind, length = _BODY.unpack_from(body)
    if kind == 0:
        return np.zeros((height, width, 3), np.float32)
    index, scale = divmod(kind - 1, len(_SCALES))
    if index >= len(SIZES):
        raise av1.NotAV1("There is no residual of that kind.")
    size = _size(height, width, SIZES[index])
    values = av1.decode(body[_BODY.size : _BODY.size + length], *size).astype(np.float32)
    values -= 128
    values *= np.float32(_SCALES[scale])
    return _resized(values, (height, width))


def _size(height: int, width: int, edge: int) -> tuple[int, int]:
    share = edge / max(height, width)
    return max(1, round(height * share)), max(1, round(width * share))


def _resized(values: NDArray[np.float32], size: tuple[int, int]) -> NDArray[np.float32]:
    if values.shape[:2] == size:
        return values
    smaller = size[0] < values.shape[0]
    method = cv2.INTER_AREA if smaller else cv2.INTER_CUBIC
    return np.asarray(cv2.resize(values, size[::-1], interpolation=method), np.float32)
