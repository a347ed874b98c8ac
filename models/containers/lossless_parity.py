"""Parity of all that a lossless container's tiles carry, spread over all of its squares.

A few pixels of each square hold it in the lowest bits of their samples. Where not more than about a
fiftieth of the picture was changed, everything that stood there is found again, so that the
rest of the photo comes back as without the change. What photo is predicted from such a pixel does
not depend on these bits.
"""

from __future__ import annotations

import functools

import numpy as np
from numpy.typing import NDArray

from models.coding import random_parity
from models.containers.container import SQUARE
from models.containers.lossless_squares import Squares

_SHARE = 50  # one parity bit for so many
_LOW_BITS = {3: 1, 4: 1, 5: 2, 6: 2, 7: 2}  # of a parity pixel's samples, by bits of a symbol
_FEWEST_PIXELS = 1 << 15
_LEAST_PIECE = 8
_MOST_PIECES = 8192


class Parity:
    """Where in a picture parity is.

    Args:
        height, width: of the picture.
        squares: its squares.
        bits: of a symbol.
    """

    def __init__(self, height: int, width: int, squares: Squares, bits: int) -> None:
        self.low_bits = _LOW_BITS[bits]
        wanted = -(-SQUARE * SQUARE * bits // (3 * self.low_bits * _SHARE))
        self._there = height * width >= _FEWEST_PIXELS
        found = squares.next_free(wanted if self._there else 0)
        self._places = found[found >= 0]
        self._square = np.nonzero(found >= 0)[0]
        here = np.zeros(height * width, bool)
        here[self._places] = True
        self.here = here.reshape(height, width)
        """H x W: the pixels that hold it."""

    def middles(self, levels: NDArray[np.float64]) -> NDArray[np.float64]:
        """What is in the middle of all that levels may become when parity is written."""
        size = 1 << self.low_bits
        return np.floor(levels / size) * size + (size - 1) / 2

    def write(self, picture: NDArray[np.uint8], data: bytes) -> None:
        """Write the parity of what all tiles carry, in place."""
        size, count = self._piece(len(data))
        if not count:
            return
        stream = np.unpackbits(random_parity.sums(_pieces(data, size), count))
        bits = np.zeros(self._channel, np.uint8)
        bits[: stream.size] = stream
        values = bits.reshape(-1, 3, self.low_bits) @ self._weights
        colours = picture.reshape(-1, 3)
        mask = np.uint8(256 - (1 << self.low_bits))
        colours[self._places] = colours[self._places] & mask | values

    def mended(
        self,
        picture: NDArray[np.uint8],
        data: bytes,
        lost: NDArray[np.bool_],
        changed: NDArray[np.bool_],
    ) -> bytes | None:
        """What all tiles carried, from what they carry now; None where too much is lost.

        Args:
            data: what they carry now.
            lost: which of its bytes were changed.
            changed: rows x columns, the squares that were.
        """
        size, count = self._piece(len(data))
        if not count or not lost.any():
            return None
        values = picture.reshape(-1, 3)[self._places]
        shifts = np.arange(self.low_bits, dtype=np.uint8)[::-1]
        bits = (values[..., None] >> shifts & 1).reshape(-1)[: 8 * size * count]
        parity = np.packbits(bits).reshape(count, size)
        wrong = changed.ravel()[self._square].repeat(3 * self.low_bits)[: bits.size]
        missing = np.asarray(wrong.reshape(count, -1).any(axis=1))
        pieces = _pieces(data, size)
        padded = np.pad(lost, (0, pieces.size - lost.size)).reshape(len(pieces), size)
        try:
            gone = np.asarray(padded.any(axis=1))
            found = random_parity.mended(pieces, gone, parity, missing)
        except random_parity.Unsolvable:
            return None
        return found.tobytes()[: len(data)]

    @property
    def _channel(self) -> int:
        """Bits that there is room for."""
        return self._places.size * 3 * self.low_bits

    @functools.cached_property
    def _weights(self) -> NDArray[np.uint8]:
        return (1 << np.arange(self.low_bits)[::-1]).astype(np.uint8)

    def _piece(self, length: int) -> tuple[int, int]:
        """Bytes of a piece, and how many pieces of parity there are, for so many bytes."""
        size = max(_LEAST_PIECE, -(-length // _MOST_PIECES))
        return size, self._channel // 8 // size


def _pieces(data: bytes, size: int) -> NDArray[np.uint8]:
    """Pieces x bytes; the last one is filled up with zeros."""
    flat = np.frombuffer(data, np.uint8)
    return np.pad(flat, (0, -flat.size % size)).reshape(-1, size)
