"""Bytes that outlive the loss of whole pieces: a Reed-Solomon erasure code over GF(256).

Systematic, by a Cauchy matrix (Blömer et al. 1995): `wanted` pieces of data and as many more as
there are places; any `wanted` of them give the data back.
"""

from __future__ import annotations

import functools
from collections.abc import Mapping

import numpy as np
from numpy.typing import NDArray

MOST_PIECES = 255


class TooFew(ValueError):
    """Fewer pieces than are needed."""


@functools.cache
def _tables() -> tuple[NDArray[np.uint8], NDArray[np.int64]]:
    """Powers of the generator 2 of GF(256) by x^8 + x^4 + x^3 + x^2 + 1, and logarithms."""
    powers, logs, value = np.zeros(512, np.uint8), np.zeros(256, np.int64), 1
    for exponent in range(255):
        powers[exponent] = powers[exponent + 255] = value
        logs[value] = exponent
        value = value << 1 ^ (0x11D if value & 0x80 else 0)
    return powers, logs


def _times(a: NDArray[np.uint8], b: NDArray[np.uint8]) -> NDArray[np.uint8]:
    """Products, element by element."""
    powers, logs = _tables()
    product = powers[logs[a] + logs[b]]
    return np.where((a == 0) | (b == 0), np.uint8(0), product)


def _inverse(a: NDArray[np.uint8]) -> NDArray[np.uint8]:
    powers, logs = _tables()
    return powers[255 - logs[a]]


def _rows(pieces: int, wanted: int) -> NDArray[np.uint8]:
    """The code's matrix: pieces x wanted."""
    rows = np.eye(pieces, wanted, dtype=np.uint8)
    x, y = np.arange(wanted, pieces)[:, None], np.arange(wanted)[None]
    rows[wanted:] = _inverse((x ^ y).astype(np.uint8))
    return rows


def encode(data: bytes, pieces: int, wanted: int) -> NDArray[np.uint8]:
    """Pieces x bytes of each; the data is filled up with zeros.

    Raises:
        ValueError: for more than `MOST_PIECES`.
    """
    if not 1 <= wanted <= pieces <= MOST_PIECES:
        raise ValueError(f"There is no code of {pieces} pieces of which {wanted} do.")
    size = -(-len(data) // wanted)
    source = np.zeros((wanted, size), np.uint8)
    source.reshape(-1)[: len(data)] = np.frombuffer(data, np.uint8)
    result = np.zeros((pieces, size), np.uint8)
    matrix = _rows(pieces, wanted)
    for place in range(wanted):
        result ^= _times(matrix[:, place, None], source[place][None])
    return result


def decode(received: Mapping[int, NDArray[np.uint8]], pieces: int, wanted: int) -> bytes:
    """The data, with its zeros at the end, from pieces by their place.

    Raises:
        TooFew: where there are fewer than `wanted`.
    """
    if len(received) < wanted:
        raise TooFew(f"{len(received)} of {wanted} pieces are there.")
    places = sorted(received)[:wanted]  # as many of the data's own as there are
    matrix = _rows(pieces, wanted)[places]
    right = np.stack([received[place] for place in places])
    for column in range(wanted):
        pivot = column + int(np.flatnonzero(matrix[column:, column])[0])
        for array in (matrix, right):
            array[[column, pivot]] = array[[pivot, column]]
        factor = _inverse(matrix[column, column : column + 1])
        matrix[column], right[column] = (
            _times(factor, matrix[column]),
            _times(factor, right[column]),
        )
        others = np.flatnonzero(matrix[:, column])
        others = others[others != column]
        factors = matrix[others, column][:, None]
        matrix[others] ^= _times(factors, matrix[column][None])
        right[others] ^= _times(factors, right[column][None])
    return right.tobytes()
