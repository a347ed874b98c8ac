"""The residual codec: what a prediction of the photo leaves over, coded into a given room.

The residual is transformed (8 x 8 DCT, opponent colours), quantised with one step for all
coefficients, which is optimal for squared error at high rate, and entropy coded
(`residual_contexts`, `residual_bitstream`). The step is the finest whose code fits.

Layout of the code: a header with the step and, for each band of rows, length and CRC-32 of its
code; then the bands' codes. A damaged band loses itself and no other.
"""

from __future__ import annotations

import struct
import zlib
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from models.coding.residual_bitstream import decode_bands, encode_bands
from models.coding.residual_contexts import BLOCK, CHANNELS
from models.coding.residual_step import (
    TOGETHER,
    coarser,
    finest_step,
    largest_of,
    quantise,
    step_size,
    useful,
)
from models.dct import dct_matrix

BAND_PIXELS = 1 << 16
"""About how many pixels one band of the code holds."""


_MAGIC = b"PF"
_VERSION = 1
_HEADER = struct.Struct("<2sBBH")  # magic, version, step index, bands
_RECORD = struct.Struct("<II")  # length and CRC of a band; then, once, the CRC of the header


@dataclass(frozen=True)
class ResidualCode:
    """A coded residual.

    Attributes:
        data: the bytes.
        step: quantiser step, in levels.
        decoded: H x W x 3 float32, what `decode` will give, in levels.
    """

    data: bytes
    step: float
    decoded: NDArray[np.float32]


class NoResidual(ValueError):
    """The bytes hold no code of a residual of this version."""


def _transform(residual: NDArray[np.float32]) -> NDArray[np.float32]:
    """H x W x 3 in levels, whole blocks, to channels x H/8 x W/8 orthonormal coefficients."""
    height, width = residual.shape[:2]
    d = dct_matrix(BLOCK).astype(np.float32)
    colours = dct_matrix(3).astype(np.float32)
    x = colours @ residual.reshape(-1, 3).T
    x = np.matmul(d, x.reshape(-1, BLOCK, width))
    x = np.matmul(x.reshape(3, height // BLOCK, BLOCK, width // BLOCK, BLOCK), d.T)
    return np.ascontiguousarray(x.transpose(0, 2, 4, 1, 3)).reshape(
        CHANNELS, height // BLOCK, width // BLOCK
    )


def _inverse_transform(coefficients: NDArray[np.floating]) -> NDArray[np.float32]:
    """Channels x h x w coefficients to 8h x 8w x 3 levels.

    The sums are in double precision: their last digits depend on the machine, and in single
    precision they would decide now and then to which level a restored sample is rounded.
    """
    rows, columns = coefficients.shape[1:]
    d = dct_matrix(BLOCK)
    colours = dct_matrix(3)
    x = coefficients.reshape(3, BLOCK, BLOCK, rows, columns).astype(np.float64)
    x = np.matmul(x.transpose(0, 3, 1, 4, 2), d).reshape(3 * rows, BLOCK, columns * BLOCK)
    x = np.matmul(d.T, x).reshape(3, -1)
    pixels: NDArray[np.float32] = (x.T @ colours).astype(np.float32)
    return pixels.reshape(rows * BLOCK, columns * BLOCK, 3)


def _reconstruct(quantised: NDArray[np.integer], step: float) -> NDArray[np.float32]:
    return _inverse_transform(quantised.astype(np.float32) * np.float32(step))


def band_edges(height: int, width: int) -> list[tuple[int, int]]:
    """First and last row of every band, in pixels; whole blocks but for the last band."""
    rows = max(1, round(BAND_PIXELS / max(1, width) / BLOCK)) * BLOCK
    return [(y, min(height, y + rows)) for y in range(0, height, rows)]


def _padded(residual: NDArray[np.int16]) -> NDArray[np.float32]:
    down, across = (-n % BLOCK for n in residual.shape[:2])
    return np.pad(residual, ((0, down), (0, across), (0, 0)), mode="edge").astype(np.float32)


def coarsened(residual: NDArray[np.float32], step: float) -> NDArray[np.float32]:
    """What a code of that step would give of a residual; whole blocks, see `_transform`."""
    return _reconstruct(quantise(_transform(residual), step), step)


def encode(residual: NDArray[np.int16], capacity: int) -> ResidualCode | None:
    """Code a residual as finely as the capacity allows.

    Args:
        residual: H x W x 3, in levels, -255..255.
        capacity: bytes that there is room for.

    Returns:
        The code, at most `capacity` bytes; None where the room is too small to be of any use.
    """
    height, width = residual.shape[:2]
    bands = band_edges(height, width)
    coefficients = [_transform(_padded(residual[a:b])) for a, b in bands]
    overhead = header_size(height, width)
    index, largest = finest_step(coefficients, overhead, capacity), largest_of(coefficients)
    best: tuple[int, bytes, list[NDArray[np.int16]]] | None = None
    while best is None and useful(largest, index):
        found = _encode_at(coefficients, index, (height, width), capacity)
        if found is None:
            index = coarser(index)
        else:
            best = index, *found
    if best is None:
        return None
    index, data, quantised = best
    del coefficients
    decoded = np.empty((height, width, 3), np.float32)
    for (first, last), symbols in zip(bands, quantised, strict=True):
        decoded[first:last] = _reconstruct(symbols, step_size(index))[: last - first, :width]
    return ResidualCode(data, step_size(index), decoded)


def _encode_at(
    coefficients: list[NDArray[np.float32]],
    index: int,
    size: tuple[int, int],
    capacity: int,
) -> tuple[bytes, list[NDArray[np.int16]]] | None:
    """The code at one step, and what it codes; None where it does not fit."""
    codes: list[bytes] = []
    quantised: list[NDArray[np.int16]] = []
    length = header_size(*size)
    for first in range(0, len(coefficients), TOGETHER):
        bands = coefficients[first : first + TOGETHER]
        # At most 255 * 8 * sqrt(3) / 0.25 = 14,133.
        symbols = [quantise(band, step_size(index)).astype(np.int16) for band in bands]
        codes += encode_bands(symbols)
        quantised += symbols
        length += sum(len(code) for code in codes[first:])
        if length > capacity:
            return None
    head = _HEADER.pack(_MAGIC, _VERSION, index, len(coefficients))
    head += b"".join(_RECORD.pack(len(code), zlib.crc32(code)) for code in codes)
    head += struct.pack("<I", zlib.crc32(head))
    return head + b"".join(codes), quantised


def header_size(height: int, width: int) -> int:
    """Bytes of the header of a picture's code. A copy of it elsewhere saves a code whose start is
    damaged (see `decode`)."""
    return _HEADER.size + _RECORD.size * len(band_edges(height, width)) + 4


def _read_header(data: bytes, height: int, width: int) -> tuple[int, list[tuple[int, int]]] | None:
    """Step index, and length and CRC of every band; None where the header is damaged."""
    size, bands = header_size(height, width), len(band_edges(height, width))
    head = data[: size - 4]
    if len(data) < size or struct.unpack_from("<I", data, size - 4)[0] != zlib.crc32(head):
        return None
    magic, version, index, count = _HEADER.unpack_from(head)
    if magic != _MAGIC or version != _VERSION or count != bands:
        return None
    return index, [_RECORD.unpack_from(head, _HEADER.size + i * _RECORD.size) for i in range(bands)]


def decode(data: bytes, height: int, width: int, spare: bytes = b"") -> NDArray[np.float32]:
    """The residual in a code; bytes after its end are ignored.

    Args:
        data: starts with a code.
        height, width: of the picture.
        spare: a copy of the code's first `header_size` bytes, used where they are damaged.

    Returns:
        H x W x 3 float32 in levels; zero in bands that are damaged.

    Raises:
        NoResidual: where there is none.
    """
    header = _read_header(data, height, width) or _read_header(spare, height, width)
    if header is None:
        raise NoResidual("The bytes do not start with the code of a residual.")
    index, records = header
    residual = np.zeros((height, width, 3), np.float32)
    start = header_size(height, width)
    intact = []
    for (first, last), (length, crc) in zip(band_edges(height, width), records, strict=True):
        code = data[start : start + length]
        start += length
        if len(code) == length and zlib.crc32(code) == crc:
            intact.append((first, last, code))
    for some in range(0, len(intact), TOGETHER):
        firsts, lasts, codes = zip(*intact[some : some + TOGETHER], strict=True)
        rows = [-(-(last - first) // BLOCK) for first, last in zip(firsts, lasts, strict=True)]
        bands = decode_bands(codes, rows, -(-width // BLOCK))
        for first, last, quantised in zip(firsts, lasts, bands, strict=True):
            if quantised is not None:
                decoded = _reconstruct(quantised, step_size(index))
                residual[first:last] = decoded[: last - first, :width]
    return residual


def step_of(data: bytes, height: int, width: int) -> float:
    """The quantiser step of a code, in levels. Raises NoResidual where there is none."""
    header = _read_header(data, height, width)
    if header is None:
        raise NoResidual("The bytes do not start with the code of a residual.")
    return step_size(header[0])
