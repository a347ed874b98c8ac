"""Layers of a message over the carriers: a core that outlives most, and what comes after it.

Each group of carriers is dealt out at random: every so many are pilots, whose bits are known and
which tell the channel; in the first group the core follows, coded at 1/4 and repeated; then the
group's body. A body's rate is in the core. Every layer ends with a CRC-32.
"""

from __future__ import annotations

import functools
import struct
import zlib
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from models.coding import ldpc
from models.coding.random_streams import Purpose, Stream
from models.containers.surviving import carriers
from models.containers.surviving.carriers import GROUPS, Channel

NO_BODY = 255
"""In place of a code: the group carries nothing."""

CORE = 168
"""Bytes of the core with its CRC."""

PILOTS = 24
"""One carrier of so many is a pilot."""

CODES = (
    *((0, 4 / spread) for spread in (16, 12, 10, 8, 7, 6, 5.4, 4.7, 4.2)),
    *((1, share) for share in (0.85, 0.92, 1.0)),
    *((2, share) for share in (0.92, 1.0)),
    *((rate, 1.0) for rate in range(3, len(ldpc.RATES))),
)
"""Of bodies: index into `ldpc.RATES`, and how much of the carriers' number the code's bits are."""

_CORE_BITS = 5376  # of the code, before they are repeated
_CORE_SHARE = 0.38
_GAP = 0.12  # bits that a carrier has to tell more than its code's rate
_CLASSES = 4  # of blocks, by the texture around them
_LUCK = 4.0  # standard deviations
_CRC = struct.Struct("<I")


@dataclass(frozen=True, eq=False)
class Parts:
    """Which carriers of a group are what: flat places in count x blocks."""

    pilots: NDArray[np.int64]
    core: NDArray[np.int64]
    body: NDArray[np.int64]

    @staticmethod
    @functools.lru_cache(maxsize=16)
    def of(group: int, blocks: int) -> Parts:
        """Of a group (index into `GROUPS`)."""
        total = GROUPS[group].count * blocks
        order = Stream(Purpose.SURVIVING_ORDER, group << 32 | blocks).permutation(total)
        pilots = total // PILOTS
        core = max(2 * _CORE_BITS, int(_CORE_SHARE * total)) if group == 0 else 0
        return Parts(order[:pilots], order[pilots : pilots + core], order[pilots + core :])


def pilot_bits(group: int, count: int) -> NDArray[np.uint8]:
    """The bits of a group's pilots."""
    return Stream(Purpose.SURVIVING_PILOTS, group).bits(count)


def room(blocks: int, group: int, code: int) -> int:
    """Bytes of a body with one of the `CODES`."""
    rate, bits = _code(code, Parts.of(group, blocks).body.size)
    return ldpc.capacity(bits, rate) - _CRC.size


def fitting_code(information: float) -> int | None:
    """The code of the highest rate that gets through where a carrier tells so many bits; None
    where none does."""
    fits = [
        code
        for code, (rate, share) in enumerate(CODES)
        if (ldpc.RATES[rate] + _GAP) * share <= information
    ]
    return fits[-1] if fits else None


def _code(code: int, carriers_: int) -> tuple[int, int]:
    rate, share = CODES[code]
    return rate, int(carriers_ * share)


def _folded(soft: NDArray[np.float32], bits: int) -> NDArray[np.float32]:
    """What is known of bits that were repeated until there were enough."""
    times = -(-soft.size // bits)
    padded = np.zeros(times * bits, np.float32)
    padded[: soft.size] = soft
    return np.asarray(padded.reshape(times, bits).sum(axis=0), np.float32)


def enough_blocks(blocks: int) -> bool:
    """Whether a picture of so many blocks has room for a core and something behind it."""
    return GROUPS[0].count * blocks >= 4 * _CORE_BITS


def _sealed(data: bytes, size: int) -> bytes:
    data = data.ljust(size - _CRC.size, b"\0")
    return data + _CRC.pack(zlib.crc32(data))


def _opened(data: bytes) -> bytes | None:
    body, seal = data[: -_CRC.size], data[-_CRC.size :]
    return body if _CRC.pack(zlib.crc32(body)) == seal and any(body) else None


def channel_bits(
    core: bytes, bodies: list[bytes], codes: tuple[int, ...], blocks: int
) -> list[NDArray[np.uint8]]:
    """The bits of all carriers, count x blocks for each group that carries any.

    Args:
        core: at most `CORE` - 4 bytes.
        bodies: at most `room` bytes for each group.
        codes: of the bodies, indices into `CODES`, or `NO_BODY`.
    """
    result = []
    for index, group in enumerate(GROUPS):
        if codes[index] == NO_BODY:
            break
        parts = Parts.of(index, blocks)
        bits = np.zeros(group.count * blocks, np.uint8)
        bits[parts.pilots] = pilot_bits(index, parts.pilots.size)
        if parts.core.size:
            coded = ldpc.encode(_sealed(core, CORE), _CORE_BITS, 0)
            bits[parts.core] = np.resize(coded, parts.core.size)
        rate, length = _code(codes[index], parts.body.size)
        body = _sealed(bodies[index], ldpc.capacity(length, rate))
        bits[parts.body] = np.resize(ldpc.encode(body, length, rate), parts.body.size)
        result.append(bits.reshape(group.count, blocks))
    return result


@dataclass(frozen=True, eq=False)
class Group:
    """A group's carriers, read.

    Attributes:
        soft: for each the logarithm of the odds of 0 against 1, flat.
        gains: what each frequency was multiplied with.
        channels: of blocks with little texture up to blocks with much.
        parts: which are what.
    """

    soft: NDArray[np.float32]
    gains: list[float]
    channels: list[Channel]
    parts: Parts

    @property
    def odds(self) -> float:
        """How much likelier the pilots are than by chance, nats."""
        return sum(channel.odds for channel in self.channels)

    @staticmethod
    def read(plane: NDArray[np.float32], index: int) -> Group:
        """From a canonical luma plane."""
        group = GROUPS[index]
        values = carriers.coefficients(plane, group)
        blocks = values.shape[1]
        parts = Parts.of(index, blocks)
        row, place = np.divmod(parts.pilots, blocks)
        points = carriers.dither(group, blocks)
        bits = pilot_bits(index, parts.pilots.size) * np.float32(group.step)
        known = points.ravel()[parts.pilots] + bits
        told = values.ravel()[parts.pilots]
        gains = [
            carriers.likeliest_gain(told[row == i], known[row == i], group.step)
            for i in range(group.count)
        ]
        inverse = (1 / np.array(gains, np.float32))[:, None]
        phases = carriers.phases(np.asarray(values * inverse - points, np.float32), group.step)
        at_pilots = carriers.phases(told * inverse[row, 0] - known, group.step)
        activity = carriers.activity(plane)
        bounds = np.quantile(activity, np.arange(1, _CLASSES) / _CLASSES)
        kind = np.searchsorted(bounds, activity)
        channels = [Channel.of(at_pilots[kind[place] == i], group.step) for i in range(_CLASSES)]
        odds = np.stack([channel.soft(group.step) for channel in channels])
        soft = odds[np.broadcast_to(kind, phases.shape), phases]
        return Group(soft.ravel(), gains, channels, parts)

    def core(self) -> bytes | None:
        """The core; None where it does not come through."""
        folded = _folded(self.soft[self.parts.core], _CORE_BITS)
        return _opened(ldpc.decode(folded, 0, exact=True)[:CORE])

    def body(self, code: int) -> bytes | None:
        """The body in one of the `CODES`; None where it does not come through."""
        if code >= len(CODES):
            return None
        rate, bits = _code(code, self.parts.body.size)
        return _opened(ldpc.decode(_folded(self.soft[self.parts.body], bits), rate, exact=True))

    def information(self) -> float:
        """Bits that a carrier of the body tells, about."""
        odds = np.abs(self.soft[self.parts.body]).astype(np.float64)
        wrong = 1 / (1 + np.exp(odds))
        entropy = -(wrong * np.log2(wrong) + (1 - wrong) * np.log2(1 - wrong))
        return float(1 - np.nan_to_num(entropy).mean())


def promise(blocks: NDArray[np.float32]) -> float:
    """How well the first group's pilots agree with the blocks of a canonical luma plane, quickly
    told: in standard deviations of chance; 0 where chance explains it."""
    group = GROUPS[0]
    values = carriers.of_blocks(blocks, group)
    pilots, points = _pilot_points(values.shape[1])
    turns = (values.ravel()[pilots] - points) * np.float32(np.pi / group.step)
    agreement = float(np.cos(turns).sum()) / (pilots.size / 2) ** 0.5
    return agreement if agreement > _LUCK else 0.0


@functools.lru_cache(maxsize=8)
def _pilot_points(blocks: int) -> tuple[NDArray[np.int64], NDArray[np.float32]]:
    """Places of the first group's pilots, and points of theirs."""
    group, pilots = GROUPS[0], Parts.of(0, blocks).pilots
    bits = pilot_bits(0, pilots.size) * np.float32(group.step)
    return pilots, carriers.dither(group, blocks).ravel()[pilots] + bits
