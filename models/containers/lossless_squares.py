"""The squares of a lossless container: each has a check of its own, and all together the head.

A container is cut into squares of 16 x 16 pixels. In each, a few pixels are kept from carrying the
photo: in their lowest bits stand a check of everything else in the square, by which a change is
found where it was made, and a share of the head, which so survives the loss of any part of the
picture. What photo is predicted from such a pixel does not depend on its lowest bits.
"""

from __future__ import annotations

import functools
import math
import zlib
from collections.abc import Iterator
from typing import TypeVar

import numpy as np
from numpy.typing import NDArray

from models.coding import ldpc
from models.coding.random_streams import Purpose, Stream
from models.containers.container import SQUARE
from models.containers.watermark import marked_samples

S = TypeVar("S", bound=np.generic)

BITS = 3
"""Of a pixel that is kept: the lowest of each of its samples."""

MOST_NEXT = 8
"""Of a square's pixels behind those of the head, that `Squares.next_free` knows."""

_CHECK_PIXELS = 3
_MODULUS = 509  # the largest prime below 2 ** 9
_SAMPLES = SQUARE * SQUARE * 3
_STRIP = 64  # rows of squares that are checked at a time
_MANY_PIXELS = 1 << 19
_FEW_PIXELS = 64 * 64


class Squares:
    """Where in a picture checks and head are.

    Args:
        height, width: of the picture.
        head_size: bytes of a head without further fields.
    """

    def __init__(self, height: int, width: int, head_size: int) -> None:
        self._size = height, width
        self.shape = -(-height // SQUARE), -(-width // SQUARE)
        wanted = -(-round(8 * head_size * _expansion(height * width)) // BITS)
        places, heads_end = self._first_free(wanted)
        self._checks, heads = places[:, :_CHECK_PIXELS], places[:, _CHECK_PIXELS:heads_end]
        self._next = places[:, heads_end:]
        heads = heads[heads >= 0]
        self._head = heads[Stream(Purpose.HEAD_ORDER).permutation(heads.size)][:wanted]
        kept = np.zeros(height * width, bool)
        kept[self._checks[self._checks >= 0]] = True
        kept[self._head] = True
        self.kept = kept.reshape(height, width)
        """H x W: the pixels with checks and the head."""

    def next_free(self, count: int) -> NDArray[np.int64]:
        """Flat places of the next pixels of each square behind those of the head that have no bit
        of the watermark: squares x count, at most `MOST_NEXT`; -1 where a square has fewer."""
        return self._next[:, :count]

    def _first_free(self, wanted: int) -> tuple[NDArray[np.int64], int]:
        """Flat places of the first pixels of each square that have no bit of the watermark.

        Squares x n; -1 where a square has fewer. First those of the check, then as many for the
        head as give the number wanted in all; where these end; then `MOST_NEXT` more.
        """
        height, width = self._size
        free = np.ones(height * width, bool)
        free[marked_samples(height, width) // 3] = False
        cut = _in_squares(free.reshape(height, width, 1))[..., 0]
        nth = np.cumsum(cut, axis=1, dtype=np.int16)
        left, count = np.maximum(nth[:, -1].astype(np.int64) - _CHECK_PIXELS, 0), 1
        while count < SQUARE * SQUARE and np.minimum(left, count).sum() < wanted:
            count += 1
        heads_end = count + _CHECK_PIXELS
        count = heads_end + MOST_NEXT
        square, pixel = np.nonzero(cut & (nth <= count))
        rows = square // self.shape[1] * SQUARE + pixel // SQUARE
        columns = square % self.shape[1] * SQUARE + pixel % SQUARE
        places = np.full((len(cut), count), -1, np.int64)
        places[square, nth[square, pixel] - 1] = rows * width + columns
        return places, heads_end

    def holds(self, size: int) -> bool:
        """Whether there is room for a head of so many bytes."""
        return self._capacity(len(ldpc.RATES) - 1) >= size

    @property
    def channel_bits(self) -> int:
        """Bits that there are for the head."""
        return self._head.size * BITS

    # -- the head --------------------------------------------------------------------------------

    def write_head(self, picture: NDArray[np.uint8], head: bytes) -> None:
        """Write a head, in place. Raises ValueError where there is no room."""
        rates = [r for r in range(len(ldpc.RATES)) if self._capacity(r) >= len(head)]
        if not rates:
            raise ValueError("The head is too long.")
        coded = ldpc.encode(head, self.channel_bits, rates[0])
        colours = picture.reshape(-1, 3)
        colours[self._head] = colours[self._head] & 0xFE | coded.reshape(-1, BITS)

    def heads(self, picture: NDArray[np.uint8], least: int) -> Iterator[bytes]:
        """What the head may be, with whatever follows it.

        Args:
            least: bytes that it has.
        """
        soft = 1 - 2 * (picture.reshape(-1, 3)[self._head] & 1).astype(np.float32)
        rows, columns = np.divmod(self._head, self._size[1])
        seeds = self._seeds(picture)
        # The squares that were not changed agree on one seed, whatever it is.
        usual = np.bincount(seeds.ravel(), minlength=_MODULUS)[:_MODULUS].argmax()
        unchanged = soft * (seeds == usual)[rows // SQUARE, columns // SQUARE, None]
        for bits in (unchanged, soft):
            for rate in range(len(ldpc.RATES)):
                if self._capacity(rate) >= least:
                    yield ldpc.decode(bits.ravel(), rate)

    def _capacity(self, rate: int) -> int:
        return ldpc.capacity(self.channel_bits, rate)

    # -- checks ----------------------------------------------------------------------------------

    def digest(self, picture: NDArray[np.uint8]) -> int:
        """CRC-32 of a picture but for what stands in the pixels that are kept."""
        plain = picture.reshape(-1, 3).copy()
        plain[self.kept.ravel()] &= 0xFE
        return zlib.crc32(plain.tobytes())

    def write_checks(self, picture: NDArray[np.uint8], seed: int) -> None:
        """Write the check of each square, in place; the head has to be there already.

        Args:
            seed: 32 bits that belong to this container alone.
        """
        bits = self._bits((self._values(picture) + seed) % _MODULUS)
        there = self._checks >= 0
        colours = picture.reshape(-1, 3)
        where = self._checks[there]
        colours[where] = colours[where] & 0xFE | bits[there]

    def agree(self, picture: NDArray[np.uint8], seed: int) -> NDArray[np.bool_]:
        """Whether each square is as its check says; False in slivers that have no room for one."""
        same: NDArray[np.bool_] = self._seeds(picture) == seed % _MODULUS
        return same

    @property
    def checked(self) -> NDArray[np.bool_]:
        """Which squares have a check."""
        there: NDArray[np.bool_] = (self._checks >= 0).all(axis=1).reshape(self.shape)
        return there

    def _seeds(self, picture: NDArray[np.uint8]) -> NDArray[np.int64]:
        """Rows x columns: the seed that each square's check was made with if it was not changed,
        below `_MODULUS`; `_MODULUS` where there is none."""
        read = picture.reshape(-1, 3)[self._checks] & 1
        found = read.reshape(-1, _CHECK_PIXELS * BITS) @ (
            1 << np.arange(_CHECK_PIXELS * BITS)[::-1]
        )
        seeds = (found - self._values(picture)) % _MODULUS
        seeds[(self._checks < 0).any(axis=1) | (found >= _MODULUS)] = _MODULUS
        return seeds.reshape(self.shape)

    def _values(self, picture: NDArray[np.uint8]) -> NDArray[np.int64]:
        """What the check of each square is with a seed of 0, below `_MODULUS`."""
        plain = picture.copy()
        plain.reshape(-1, 3)[self._checks[self._checks >= 0]] &= 0xFE
        weights, strip = _weights(), _STRIP * SQUARE
        sums = [
            _in_squares(plain[top : top + strip]).reshape(-1, _SAMPLES).astype(np.float64) @ weights
            for top in range(0, len(plain), strip)
        ]
        values = np.concatenate(sums).astype(np.int64)  # all below 2 ** 53, so exact
        offsets = Stream(Purpose.SQUARE_CHECKS, 1).integers(_MODULUS, values.size)
        return (values + offsets) % _MODULUS

    def _bits(self, values: NDArray[np.int64]) -> NDArray[np.uint8]:
        """Squares x check pixels x samples: the bits of values, the most significant first."""
        shifts = np.arange(_CHECK_PIXELS * BITS)[::-1]
        bits = (values[:, None] >> shifts & 1).astype(np.uint8)
        return bits.reshape(-1, _CHECK_PIXELS, BITS)


def chance_of(agreeing: int, squares: int) -> float:
    """A bound on the probability that the checks of so many of some changed squares agree: that of
    a Poisson distribution by Chernoff."""
    mean = squares / _MODULUS
    if agreeing <= mean:
        return 1.0
    return math.exp(agreeing - mean - agreeing * math.log(agreeing / mean))


def _expansion(pixels: int) -> float:
    """How many bits stand for one of the head, about."""
    if pixels < _FEW_PIXELS:
        return 1.2
    return 3.0 if pixels < _MANY_PIXELS else 4.0


@functools.cache
def _weights() -> NDArray[np.float64]:
    """Of the samples of a square, 1..`_MODULUS` - 1: a change of one sample is never missed."""
    stream = Stream(Purpose.SQUARE_CHECKS, 0)
    return (1 + stream.integers(_MODULUS - 1, _SAMPLES)).astype(np.float64)


def _in_squares(picture: NDArray[S]) -> NDArray[S]:
    """Squares x pixels x channels; outside the picture there are zeros."""
    height, width, channels = picture.shape
    padded = np.pad(picture, ((0, -height % SQUARE), (0, -width % SQUARE), (0, 0)))
    rows, columns = padded.shape[0] // SQUARE, padded.shape[1] // SQUARE
    cut = padded.reshape(rows, SQUARE, columns, SQUARE, channels).swapaxes(1, 2)
    return cut.reshape(rows * columns, SQUARE * SQUARE, channels)
