"""How an export is recognised from its pixels alone.

A lossless container carries a stamp: in about one pixel of 64, at pseudo-random places, the lowest
bit of green is set to a pseudo-random bit. Places and bits follow from the picture's size and a
number that says how it was made. In any other picture half of the bits agree by chance, so
agreement is a test with a known error rate (the binomial tail). The network does not look at that
bit.
"""

from __future__ import annotations

import math
from collections.abc import Iterable
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from models.random_streams import Purpose, Stream

SPACING = 64
"""Pixels per stamped pixel in pictures that are large enough."""

FEWEST_BITS = 64
"""A stamp has at least this many bits; a picture with fewer pixels cannot carry one."""

CERTAIN = 1e-9
"""A picture counts as an export when chance would agree as well less often than this."""

_MOST_BITS = 1 << 20


@dataclass(frozen=True)
class Recognition:
    """What the pixels say.

    Attributes:
        number: the number that the container was stamped with.
        agreement: share of the stamp's bits that agree, 0.5 (chance) to 1.
        chance: probability that an ordinary picture agrees as well.
    """

    number: int
    agreement: float
    chance: float


def can_carry_stamp(height: int, width: int) -> bool:
    """Whether a picture of that size has room for a stamp."""
    return height * width >= FEWEST_BITS


def stamped_samples(height: int, width: int, number: int) -> NDArray[np.int64]:
    """Flat indices into H x W x 3 of the samples whose lowest bit belongs to the stamp."""
    return _stamp(height, width, number)[0] * 3 + 1


def _stamp(height: int, width: int, number: int) -> tuple[NDArray[np.int64], NDArray[np.uint8]]:
    """Flat pixel positions and their bits."""
    pixels = height * width
    spacing = max(1, min(SPACING, pixels // FEWEST_BITS))
    count = min(pixels // spacing, _MOST_BITS)
    random = Stream(Purpose.WATERMARK, number << 48 | height << 24 | width)
    stride = pixels // count
    positions = np.arange(count, dtype=np.int64) * stride + random.integers(stride, count)
    return positions, random.bits(count)


def stamp(container: NDArray[np.uint8], number: int) -> NDArray[np.uint8]:
    """A copy of a container (H x W x 3 uint8) that carries the stamp `number`.

    Raises ValueError for a picture without room (see `can_carry_stamp`).
    """
    height, width = container.shape[:2]
    if not can_carry_stamp(height, width):
        raise ValueError(f"A picture of {width} x {height} pixels is too small to be stamped.")
    positions, bits = _stamp(height, width, number)
    stamped = container.copy()
    green = stamped.reshape(-1, 3)[:, 1]
    green[positions] = (green[positions] & 0xFE) | bits
    return stamped


def recognise(pixels: NDArray[np.uint8], numbers: Iterable[int]) -> Recognition | None:
    """Which of those `numbers` a picture (H x W x 3 uint8) is stamped with; None if none."""
    height, width = pixels.shape[:2]
    if not can_carry_stamp(height, width):
        return None
    green = pixels.reshape(-1, 3)[:, 1]
    found = []
    for number in numbers:
        positions, bits = _stamp(height, width, number)
        found.append(judge(number, green[positions] & 1, bits))
    return min((f for f in found if f is not None), key=lambda f: f.chance, default=None)


def judge(number: int, read: NDArray[np.generic], stamped: NDArray[np.uint8]) -> Recognition | None:
    """Whether the bits read from a picture are the stamp `number`; None if chance explains them."""
    agree = int((read == stamped).sum())
    chance = binomial_tail(agree, stamped.size)
    return Recognition(number, agree / stamped.size, chance) if chance < CERTAIN else None


def binomial_tail(successes: int, trials: int, chance: float = 0.5) -> float:
    """A bound on the probability of at least that many successes in `trials` independent trials.

    Chernoff's bound, exp(-n KL(p || chance)); 1 at or below `chance`.
    """
    share = successes / trials
    if share <= chance:
        return 1.0
    rest = 1 - share
    divergence = share * math.log(share / chance)
    divergence += rest * math.log(rest / (1 - chance)) if rest else 0.0
    return math.exp(-trials * divergence)
