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

import cv2
import numpy as np
from numpy.typing import NDArray

from models import jpeg_transform
from models.coding.random_streams import Purpose, Stream
from models.containers.surviving.grid import Region

SHARE = 0.6
"""Of the way to its point, that a coefficient goes in texture; in flat places it goes less far. A
reader need not know how far."""

MOST = 128
"""Blocks of a canonical picture's side, at most."""

_FLAT, _TEXTURED = 25.0, 100.0  # local variances, levels²

PHASES = 256
"""Steps in which a place between two points of one bit is told."""

_SHARES = (0.3, 0.45, 0.6)
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
    return of_blocks(jpeg_transform.forward(plane), group)


def of_blocks(blocks: NDArray[np.float32], group: Group) -> NDArray[np.float32]:
    """The same from a plane's blocks, rows x columns x 8 x 8."""
    blocks = blocks.reshape(-1, 64)
    return np.ascontiguousarray(blocks[:, jpeg_transform.ZIGZAG[group.first : group.last + 1]].T)


def change(groups: list[NDArray[np.float32]], shape: tuple[int, int]) -> NDArray[np.float32]:
    """A plane (`shape`) of which only these coefficients, of the first `GROUPS`, are not zero."""
    blocks = np.zeros((shape[0] * shape[1] // 64, 64), np.float32)
    for group, values in zip(GROUPS, groups, strict=False):
        blocks[:, jpeg_transform.ZIGZAG[group.first : group.last + 1]] = values.T
    return jpeg_transform.inverse(blocks.reshape(shape[0] // 8, shape[1] // 8, 8, 8))


def dither(group: Group, region: Region) -> NDArray[np.float32]:
    """Of each carrier in a region of the canonical picture: count x blocks, levels, 0 to two
    steps."""
    rows, columns = region.within(Region(0, 0, MOST, MOST))
    return np.ascontiguousarray(_dither(group)[:, rows, columns]).reshape(group.count, -1)


@functools.lru_cache(maxsize=4)
def _dither(group: Group) -> NDArray[np.float32]:
    drawn = Stream(Purpose.SURVIVING_DITHER, group.first).integers(PHASES, group.count * MOST**2)
    return (drawn * (2 * group.step / PHASES)).astype(np.float32).reshape(-1, MOST, MOST)


def variance(plane: NDArray[np.float32]) -> NDArray[np.float32]:
    """Of a canonical luma plane, around each of its pixels, levels²."""
    mean = cv2.blur(plane, (16, 16))
    return np.asarray(cv2.blur(np.square(plane - mean), (16, 16)), np.float32)


def activity(plane: NDArray[np.float32]) -> NDArray[np.float32]:
    """The variance of a canonical luma plane around each of its blocks, levels²; one for each."""
    rows, columns = plane.shape[0] // 8, plane.shape[1] // 8
    each = variance(plane).reshape(rows, 8, columns, 8).mean(axis=(1, 3))
    return np.asarray(each.ravel(), np.float32)


def shares(variances: NDArray[np.float32], reduced: float) -> NDArray[np.float32]:
    """How far coefficients go in blocks with such a variance around them.

    Args:
        variances: see `activity`.
        reduced: how many times smaller the canonical picture is than the picture. In one that is
            much larger, changes are too smooth to be seen in flat places.
    """
    flat = _FLAT * max(1.0, reduced) ** 2
    share = np.sqrt((variances + np.float32(flat)) * np.float32(1 / (_FLAT + _TEXTURED)))
    return np.asarray(np.float32(SHARE) * np.minimum(share, 1), np.float32)


def wanted(
    values: NDArray[np.float32],
    bits: NDArray[np.uint8],
    group: Group,
    region: Region,
    share: NDArray[np.float32],
) -> NDArray[np.float32]:
    """What a region's coefficients (count x blocks) are to become, to carry bits (the same shape);
    `share` is of each block, see `shares`."""
    period = np.float32(2 * group.step)
    origin = dither(group, region) + bits * np.float32(group.step)
    nearest = np.rint((values - origin) / period) * period + origin
    return np.asarray(values + share * (nearest - values), np.float32)


@functools.lru_cache(maxsize=256)
def _density(step: float, noise: float, share: float = SHARE) -> NDArray[np.float64]:
    """How likely each phase is for a carrier of bit 0, with Gaussian noise (levels)."""
    from scipy.special import ndtr  # takes long to import, and most pictures need none of it

    place = (np.arange(PHASES) / PHASES * 2 + 1) % 2 - 1
    place, spread = place * step, (1 - share) * step
    density = np.zeros(PHASES)
    for around in range(-6, 7):
        at = place + 2 * step * around
        density += ndtr((at + spread) / noise) - ndtr((at - spread) / noise)
    density = density / density.sum() + 1e-5 / PHASES  # there are outliers
    return np.asarray(density / density.sum(), np.float64)


@dataclass(frozen=True)
class Channel:
    """What became of some carriers.

    Attributes:
        noise: standard deviation, levels.
        share: how far they had gone to their points.
        odds: how much likelier their known bits are so than by chance, the logarithm, nats.
    """

    noise: float
    share: float
    odds: float

    @staticmethod
    def of(missed: NDArray[np.int64], step: float) -> Channel:
        """The likeliest for carriers whose points are known, given their `phases`."""
        histogram = np.bincount(missed, minlength=PHASES)
        tables, kinds = _tables(step)
        odds = tables @ histogram
        place = int(odds.argmax())
        return Channel(*kinds[place], float(odds[place]))

    def soft(self, step: float) -> NDArray[np.float32]:
        """For each phase the logarithm of the odds of 0 against 1."""
        density = _density(step, self.noise, self.share)
        return np.log(density / np.roll(density, PHASES // 2)).astype(np.float32)


@functools.lru_cache(maxsize=8)
def _tables(step: float) -> tuple[NDArray[np.float64], list[tuple[float, float]]]:
    kinds = [(float(noise), share) for noise in _NOISES for share in _SHARES]
    densities = np.stack([_density(step, *kind) for kind in kinds])
    return np.log(densities * PHASES), kinds


def likeliest_gain(values: NDArray[np.float32], points: NDArray[np.float32], step: float) -> float:
    """What carriers whose points are known (both 1-D) were multiplied with."""
    odds = [
        Channel.of(phases(values * np.float32(1 / gain) - points, step), step).odds
        for gain in _GAINS
    ]
    return float(_GAINS[int(np.argmax(odds))])


def phases(missed: NDArray[np.float32], step: float) -> NDArray[np.int64]:
    """How far values are from a point of theirs, in `PHASES` to the next of the same bit."""
    turns = np.rint(missed * np.float32(PHASES / (2 * step)))
    return np.asarray(turns.astype(np.int64) % PHASES, np.int64)
