"""Bits in the lowest frequencies of the canonical picture's blocks.

The scalar Costa scheme (Eggers, Bäuml, Tzschoppe and Girod 2003): each carrier's axis has points a
step apart, even ones for 0, odd ones for 1, moved along by a pseudo-random dither; a coefficient
goes a share of the way to the nearest point of its bit. Where noise is about as large as the
change, a share below one with wider steps carries more than going all the way: at equal change and
with noise of 2.7 levels 0.24 bits of a carrier instead of 0.04.
"""

from __future__ import annotations

import functools
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy.special import ndtr

from models import jpeg_transform
from models.coding.random_streams import Purpose, Stream

SHARE = 0.6
"""Of the way to the point that a coefficient goes."""

PHASES = 256
"""Steps in which a place between two points of one bit is told."""

_GAINS = np.arange(0.5, 1.13, 0.02)
_NOISES = 0.5 * 1.15 ** np.arange(20)


@dataclass(frozen=True)
class Group:
    """Carriers of one kind.

    Attributes:
        first, last: places in zigzag order, both included.
        step: between points, levels of an orthonormal coefficient.
    """

    first: int
    last: int
    step: float

    @property
    def count(self) -> int:
        """In a block."""
        return self.last - self.first + 1


GROUPS = (Group(1, 5, 9.6), Group(6, 10, 7.4), Group(11, 22, 5.2))
"""The first outlives more, the last carries more."""


def coefficients(plane: NDArray[np.float32], group: Group) -> NDArray[np.float32]:
    """A group's coefficients in a canonical luma plane: count x blocks."""
    blocks = jpeg_transform.forward(plane).reshape(-1, 64)
    return np.ascontiguousarray(blocks[:, jpeg_transform.ZIGZAG[group.first : group.last + 1]].T)


def change(groups: list[NDArray[np.float32]], shape: tuple[int, int]) -> NDArray[np.float32]:
    """A plane (`shape`) of which only these coefficients, of all `GROUPS`, are not zero."""
    blocks = np.zeros((shape[0] * shape[1] // 64, 64), np.float32)
    for group, values in zip(GROUPS, groups, strict=True):
        blocks[:, jpeg_transform.ZIGZAG[group.first : group.last + 1]] = values.T
    return jpeg_transform.inverse(blocks.reshape(shape[0] // 8, shape[1] // 8, 8, 8))


def dither(group: Group, blocks: int) -> NDArray[np.float32]:
    """Of each carrier, count x blocks, levels, 0 to two steps."""
    stream = Stream(Purpose.SURVIVING_DITHER, group.first)
    drawn = stream.integers(PHASES, group.count * blocks).reshape(group.count, blocks)
    return (drawn * (2 * group.step / PHASES)).astype(np.float32)


def wanted(
    values: NDArray[np.float32], bits: NDArray[np.uint8], group: Group
) -> NDArray[np.float32]:
    """What coefficients (count x blocks) are to become, to carry bits (the same shape)."""
    period = np.float32(2 * group.step)
    origin = dither(group, values.shape[1]) + bits * np.float32(group.step)
    nearest = np.rint((values - origin) / period) * period + origin
    return values + np.float32(SHARE) * (nearest - values)


@functools.lru_cache(maxsize=256)
def _density(step: float, noise: float) -> NDArray[np.float64]:
    """How likely each phase is for a carrier of bit 0, with Gaussian noise (levels)."""
    place = (np.arange(PHASES) / PHASES * 2 + 1) % 2 - 1
    place, spread = place * step, (1 - SHARE) * step
    density = np.zeros(PHASES)
    for around in range(-6, 7):
        at = place + 2 * step * around
        density += ndtr((at + spread) / noise) - ndtr((at - spread) / noise)
    density = density / density.sum() + 1e-5 / PHASES  # there are outliers
    return density / density.sum()


def _phases(
    values: NDArray[np.float32], gain: float, offsets: NDArray[np.float32], step: float
) -> NDArray[np.int64]:
    """Places between points of bit 0, 0..PHASES - 1."""
    turns = (values * np.float32(1 / gain) - offsets) * np.float32(PHASES / (2 * step))
    return np.rint(turns).astype(np.int64) % PHASES


@dataclass(frozen=True)
class Channel:
    """What became of one frequency: `gain` it was multiplied with, and its noise (levels, as
    if the gain were one)."""

    gain: float
    noise: float


def measured(
    values: NDArray[np.float32], offsets: NDArray[np.float32], bits: NDArray[np.uint8], step: float
) -> tuple[Channel, float]:
    """The likeliest channel of carriers whose bits are known (1-D), and how far it is likelier than
    chance: the logarithm of the odds, in nats."""
    best, channel = -np.inf, Channel(1.0, float(_NOISES[-1]))
    shifted = offsets + bits * np.float32(step)
    tables = np.log(np.stack([_density(step, float(n)) for n in _NOISES]) * PHASES)
    for gain in _GAINS:
        histogram = np.bincount(_phases(values, float(gain), shifted, step), minlength=PHASES)
        odds = tables @ histogram
        place = int(odds.argmax())
        if odds[place] > best:
            best, channel = float(odds[place]), Channel(float(gain), float(_NOISES[place]))
    return channel, best


def soft_bits(
    values: NDArray[np.float32], offsets: NDArray[np.float32], channel: Channel, step: float
) -> NDArray[np.float32]:
    """Logarithms of the odds of 0 against 1, one for each value."""
    density = _density(step, channel.noise)
    odds = np.log(density / np.roll(density, PHASES // 2)).astype(np.float32)
    return odds[_phases(values, channel.gain, offsets, step)]
