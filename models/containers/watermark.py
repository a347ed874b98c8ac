"""How an export is recognised from its pixels alone, and which version of a container it is.

A watermark is a known pseudo-random string of bits at known places; in any other picture half of
them agree by chance, so agreement is a test with a known error rate (the binomial tail). Every
second bit also carries a number, the container's version, protected by a CRC: a version that this
program does not know is named rather than taken for an ordinary picture.

Lossless containers have theirs in about one pixel of 64, in the lowest bit of green, which nothing
else in them looks at.
"""

from __future__ import annotations

import binascii
import functools
import math
from collections.abc import Iterable
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from models.coding.random_streams import Purpose, Stream

SPACING = 64
"""Pixels per marked pixel in pictures that are large enough."""

FEWEST_BITS = 64
"""A watermark has at least this many bits; a picture with fewer pixels cannot carry one."""

CERTAIN = 1e-9
"""A picture counts as an export when chance would agree as well less often than this."""

_MOST_BITS = 1 << 20
_LIKELY = 1e-3  # the bits that say the number have to agree, too
_WORD = 32  # bits that say the number: 16 of it, 16 of its CRC


@dataclass(frozen=True)
class Recognition:
    """What the pixels say.

    Attributes:
        number: the number in the watermark.
        known: whether it is one of those that were asked for.
        agreement: share of the watermark's bits that agree, 0.5 (chance) to 1.
        chance: probability that an ordinary picture agrees as well.
    """

    number: int
    known: bool
    agreement: float
    chance: float


def watermark_bits(stream: Stream, count: int, number: int) -> NDArray[np.uint8]:
    """The next `count` bits of a stream, with a number of 16 bits in every second one."""
    bits = stream.bits(count)
    bits[1::2] ^= np.resize(_word(number), count // 2)
    return bits


def judge(
    read: NDArray[np.generic], plain: NDArray[np.uint8], numbers: Iterable[int]
) -> Recognition | None:
    """What the bits read from a picture say.

    Args:
        read: one value 0 or 1 for each bit.
        plain: what `watermark_bits` gives for number 0, without its word: the stream's own bits.
        numbers: those that may be expected.

    Returns:
        None where chance explains what was read.
    """
    agrees = read == plain
    wanted = list(numbers)
    voted = _number(agrees[1::2])
    found = [_compared(agrees, n, len(wanted), True) for n in wanted if voted in (None, n)]
    if voted is not None and voted not in wanted:
        found = [_compared(agrees, voted, 1, False)]
    return min((f for f in found if f is not None), key=lambda f: f.chance, default=None)


def _compared(
    agrees: NDArray[np.bool_], number: int, tries: int, known: bool
) -> Recognition | None:
    """How well the bits agree with a number; None where chance explains it."""
    word = np.resize(_word(number), agrees.size // 2) == 0
    of_number = int((agrees[1::2] == word).sum())
    agree = int(agrees[::2].sum()) + of_number
    chance = min(1.0, _binomial_tail(agree, agrees.size) * tries)
    if chance >= CERTAIN or _binomial_tail(of_number, word.size) > _LIKELY:
        return None
    return Recognition(number, known, agree / agrees.size, chance)


def _number(agrees: NDArray[np.bool_]) -> int | None:
    """The number that every second bit says; None where its CRC does not agree."""
    if agrees.size < _WORD:
        return None
    votes = [float(agrees[i::_WORD].mean()) for i in range(_WORD)]
    packed = sum((vote < 0.5) << i for i, vote in enumerate(votes))
    number = packed & 0xFFFF
    return number if packed >> 16 == _crc(number) else None


def _crc(number: int) -> int:
    return binascii.crc_hqx(number.to_bytes(2, "little"), 0xFFFF)


def _word(number: int) -> NDArray[np.uint8]:
    """The bits of a number and of its CRC-16, least significant first."""
    packed = number | _crc(number) << 16
    return np.array([packed >> i & 1 for i in range(_WORD)], np.uint8)


# -- in lossless files ---------------------------------------------------------------------------


def can_carry_watermark(height: int, width: int) -> bool:
    """Whether a picture of that size has room for a watermark."""
    return height * width >= FEWEST_BITS


def marked_samples(height: int, width: int) -> NDArray[np.int64]:
    """Flat indices into H x W x 3 of the samples whose lowest bit belongs to the watermark."""
    return _places(height, width)[0] * 3 + 1


def _places(height: int, width: int) -> tuple[NDArray[np.int64], Stream]:
    """Flat pixel positions, and the stream whose next bits are the watermark's."""
    pixels = height * width
    spacing = max(1, min(SPACING, pixels // FEWEST_BITS))
    count = min(pixels // spacing, _MOST_BITS)
    stream = Stream(Purpose.WATERMARK, height << 32 | width)
    stride = pixels // count
    return np.arange(count, dtype=np.int64) * stride + stream.integers(stride, count), stream


def with_watermark(container: NDArray[np.uint8], number: int) -> NDArray[np.uint8]:
    """A copy of a container (H x W x 3 uint8) that carries the watermark `number` (16 bits).

    Raises ValueError for a picture without room (see `can_carry_watermark`).
    """
    height, width = container.shape[:2]
    if not can_carry_watermark(height, width):
        raise ValueError(f"A picture of {width} x {height} pixels is too small for a watermark.")
    positions, stream = _places(height, width)
    marked = container.copy()
    green = marked.reshape(-1, 3)[:, 1]
    bits = watermark_bits(stream, positions.size, number)
    green[positions] = (green[positions] & 0xFE) | bits
    return marked


def recognise(pixels: NDArray[np.uint8], numbers: Iterable[int]) -> Recognition | None:
    """The watermark of a picture (H x W x 3 uint8), with one of those `numbers` or with another
    that the program does not know; None where there is none."""
    height, width = pixels.shape[:2]
    if not can_carry_watermark(height, width):
        return None
    rows, columns, plain = _plain_watermark(height, width)
    return judge(pixels[rows, columns, 1] & 1, plain, numbers)


@functools.lru_cache(maxsize=2)
def _plain_watermark(
    height: int, width: int
) -> tuple[NDArray[np.int32], NDArray[np.int32], NDArray[np.uint8]]:
    """Rows and columns of the watermark's bits, and the bits themselves, those of number 0."""
    positions, stream = _places(height, width)
    rows, columns = np.divmod(positions.astype(np.int32), np.int32(width))
    return rows, columns, stream.bits(positions.size)


def _binomial_tail(successes: int, trials: int) -> float:
    """A bound on the probability of at least that many heads in `trials` throws of a fair coin.

    Chernoff's bound, exp(-n KL(p || 1/2)); 1 at or below one half.
    """
    share = successes / trials
    if share <= 0.5:
        return 1.0
    rest = 1 - share
    divergence = math.log(2) + share * math.log(share) + (rest * math.log(rest) if rest else 0.0)
    return math.exp(-trials * divergence)
