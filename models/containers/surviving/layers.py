"""Layers of a message over the carriers: a core that outlives most, and what comes after it.

Each group of carriers is dealt out at random: every so many are pilots, whose bits are known and
which tell the channel; in the first group the core follows, coded at 1/4 and repeated; the rest is
the group's body. A body's rate is in the core. Every layer ends with a CRC-32.

Pilots and core, and the points of all carriers, depend on where a block is and on nothing else, so
that a part of a picture can be read whose whole is not known.
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
from models.containers.surviving.carriers import GROUPS, MOST, Channel
from models.containers.surviving.grid import Region

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

SHEET = Region(0, 0, MOST, MOST)
"""All the blocks that a canonical picture may have."""

TILE = 56
"""Blocks after which pilots, core and body are dealt out again, in both directions: a part of a
picture that is as large as that has every bit of the core."""

_PILOT, _BODY = -1, -2
_CORE_BITS = 5376  # of the code, before they are repeated
_CORE_SHARE = 0.38
_CORE_LIMIT = 0.34  # bits that each of them has to tell
_GAP = 0.12  # bits that a carrier has to tell more than its code's rate
_CLASSES = 4  # of blocks, by the texture around them
_LUCK = 4.0  # standard deviations
_CRC = struct.Struct("<I")


@dataclass(frozen=True, eq=False)
class Parts:
    """Which carriers of a group are what: flat places in count x blocks of a region.

    Attributes:
        core_bits: which bit of the core's code each of its carriers has.
    """

    pilots: NDArray[np.int64]
    core: NDArray[np.int64]
    core_bits: NDArray[np.int64]
    body: NDArray[np.int64]

    @staticmethod
    @functools.lru_cache(maxsize=16)
    def of(group: int, region: Region) -> Parts:
        """Of a group (index into `GROUPS`)."""
        rows = np.arange(region.top, region.top + region.rows) % TILE
        columns = np.arange(region.left, region.left + region.columns) % TILE
        parts = _tile(group)[:, rows[:, None], columns].ravel()
        core = np.flatnonzero(parts >= 0)
        return Parts(
            np.flatnonzero(parts == _PILOT), core, parts[core], np.flatnonzero(parts == _BODY)
        )


@functools.lru_cache(maxsize=4)
def _tile(group: int) -> NDArray[np.int64]:
    """What each carrier of a tile is, count x `TILE` x `TILE`: `_PILOT`, `_BODY`, or the core's
    with that bit."""
    count = GROUPS[group].count
    total = count * TILE**2
    order = Stream(Purpose.SURVIVING_ORDER, group << 32).permutation(total)
    pilots = total // PILOTS
    core = int(_CORE_SHARE * total) if group == 0 else 0
    parts = np.full(total, _BODY, np.int64)
    parts[order[:pilots]] = _PILOT
    parts[order[pilots : pilots + core]] = np.arange(core) % _CORE_BITS
    return parts.reshape(count, TILE, TILE)


@functools.lru_cache(maxsize=8)
def _body(group: int, size: Region) -> NDArray[np.int64]:
    """The body's carriers in a whole canonical picture, in the order of its code's bits."""
    places = Parts.of(group, size).body
    stream = Stream(Purpose.SURVIVING_ORDER, group << 32 | places.size)
    return places[stream.permutation(places.size)]


@functools.lru_cache(maxsize=4)
def _pilot_bits(group: int) -> NDArray[np.uint8]:
    bits = Stream(Purpose.SURVIVING_PILOTS, group).bits(GROUPS[group].count * MOST**2)
    return bits.reshape(-1, MOST, MOST)


def pilot_bits(group: int, region: Region) -> NDArray[np.uint8]:
    """The bits of a group's pilots in a region."""
    rows, columns = region.within(SHEET)
    every = np.ascontiguousarray(_pilot_bits(group)[:, rows, columns]).ravel()
    return every[Parts.of(group, region).pilots]


def known(
    group: int, region: Region, core: bytes | None = None
) -> tuple[NDArray[np.int64], NDArray[np.float32]]:
    """Carriers of a group in a region whose bits are known: pilots, and the core's once that has
    been read. Their flat places in count x blocks, and one point of each, levels."""
    parts, bits = Parts.of(group, region), pilot_bits(group, region)
    places = parts.pilots
    if core is not None:
        places = np.concatenate([places, parts.core])
        bits = np.concatenate([bits, _coded_core(core)[parts.core_bits]])
    points = carriers.dither(GROUPS[group], region).ravel()[places]
    return places, np.asarray(points + bits * np.float32(GROUPS[group].step), np.float32)


def _coded_core(core: bytes) -> NDArray[np.uint8]:
    return ldpc.encode(_sealed(core, CORE), _CORE_BITS, 0)


def room(size: tuple[int, int], group: int, code: int) -> int:
    """Bytes of a body with one of the `CODES`, in a canonical picture of that size."""
    rate, bits = _code(code, Parts.of(group, Region.of(size)).body.size)
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


def enough_blocks(size: tuple[int, int]) -> bool:
    """Whether a canonical picture of that size has room for a core and something behind it."""
    return GROUPS[0].count * Region.of(size).blocks >= 4 * _CORE_BITS


def core_needs(size: tuple[int, int]) -> float:
    """Bits that a carrier has to tell for the core to get through, in a canonical picture of that
    size."""
    return _CORE_LIMIT * _CORE_BITS / Parts.of(0, Region.of(size)).core.size


def _sealed(data: bytes, size: int) -> bytes:
    data = data.ljust(size - _CRC.size, b"\0")
    return data + _CRC.pack(zlib.crc32(data))


def _opened(data: bytes) -> bytes | None:
    body, seal = data[: -_CRC.size], data[-_CRC.size :]
    return body if _CRC.pack(zlib.crc32(body)) == seal and any(body) else None


def channel_bits(
    core: bytes, bodies: list[bytes], codes: tuple[int, ...], size: tuple[int, int]
) -> list[NDArray[np.uint8]]:
    """The bits of all carriers, count x blocks for each group that carries any.

    Args:
        core: at most `CORE` - 4 bytes.
        bodies: at most `room` bytes for each group.
        codes: of the bodies, indices into `CODES`, or `NO_BODY`.
        size: of the canonical picture.
    """
    result, whole = [], Region.of(size)
    for index, group in enumerate(GROUPS):
        if codes[index] == NO_BODY:
            break
        parts = Parts.of(index, whole)
        bits = np.zeros(group.count * whole.blocks, np.uint8)
        bits[parts.pilots] = pilot_bits(index, whole)
        if parts.core.size:
            bits[parts.core] = _coded_core(core)[parts.core_bits]
        places = _body(index, whole)
        rate, length = _code(codes[index], places.size)
        body = _sealed(bodies[index], ldpc.capacity(length, rate))
        bits[places] = np.resize(ldpc.encode(body, length, rate), places.size)
        result.append(bits.reshape(group.count, whole.blocks))
    return result


@dataclass(frozen=True, eq=False)
class Group:
    """A group's carriers, read.

    Attributes:
        soft: for each the logarithm of the odds of 0 against 1, flat.
        gains: what each frequency was multiplied with.
        channels: of blocks with little texture up to blocks with much.
        index: of the group, in `GROUPS`.
        region: where they are.
    """

    soft: NDArray[np.float32]
    gains: list[float]
    channels: list[Channel]
    index: int
    region: Region

    @property
    def odds(self) -> float:
        """How much likelier the pilots are than by chance, nats."""
        return sum(channel.odds for channel in self.channels)

    @staticmethod
    def read(plane: NDArray[np.float32], index: int, region: Region) -> Group:
        """From the luma of a region of the canonical picture."""
        group = GROUPS[index]
        values = carriers.coefficients(plane, group)
        pilots, at = known(index, region)
        row, place = np.divmod(pilots, region.blocks)
        points = carriers.dither(group, region)
        told = values.ravel()[pilots]
        gains = [
            carriers.likeliest_gain(told[row == i], at[row == i], group.step)
            for i in range(group.count)
        ]
        inverse = (1 / np.array(gains, np.float32))[:, None]
        phases = carriers.phases(np.asarray(values * inverse - points, np.float32), group.step)
        at_pilots = carriers.phases(told * inverse[row, 0] - at, group.step)
        activity = carriers.activity(plane)
        bounds = np.quantile(activity, np.arange(1, _CLASSES) / _CLASSES)
        kind = np.searchsorted(bounds, activity)
        channels = [Channel.of(at_pilots[kind[place] == i], group.step) for i in range(_CLASSES)]
        odds = np.stack([channel.soft(group.step) for channel in channels])
        soft = odds[np.broadcast_to(kind, phases.shape), phases]
        return Group(soft.ravel(), gains, channels, index, region)

    def core(self) -> bytes | None:
        """The core; None where it does not come through."""
        parts = Parts.of(self.index, self.region)
        folded = np.bincount(parts.core_bits, self.soft[parts.core], _CORE_BITS)
        return _opened(ldpc.decode(folded, 0, exact=True)[:CORE])

    def body(self, code: int, size: tuple[int, int]) -> bytes | None:
        """The body in one of the `CODES`, of which a canonical picture of that size has the whole;
        None where it does not come through."""
        if code >= len(CODES):
            return None
        whole = Region.of(size)
        soft = self.soft
        if self.region != whole:
            count, shared = GROUPS[self.index].count, self.region.shared(whole)
            every = np.zeros((count, whole.rows, whole.columns), np.float32)
            ours = soft.reshape(count, self.region.rows, self.region.columns)
            every[:, *shared.within(whole)] = ours[:, *shared.within(self.region)]
            soft = every.ravel()
        places = _body(self.index, whole)
        rate, bits = _code(code, places.size)
        return _opened(ldpc.decode(_folded(soft[places], bits), rate, exact=True))

    def information(self) -> float:
        """Bits that a carrier of the body tells, about."""
        odds = np.abs(self.soft[Parts.of(self.index, self.region).body]).astype(np.float64)
        wrong = 1 / (1 + np.exp(odds))
        entropy = -(wrong * np.log2(wrong) + (1 - wrong) * np.log2(1 - wrong))
        return float(1 - np.nan_to_num(entropy).mean())


def promise(blocks: NDArray[np.float32]) -> float:
    """How well the first group's pilots agree with the blocks of a whole canonical luma plane,
    quickly told: in standard deviations of chance; 0 where chance explains it."""
    group, region = GROUPS[0], Region(0, 0, blocks.shape[0], blocks.shape[1])
    pilots, points = known(0, region)
    values = carriers.of_blocks(blocks, group).ravel()[pilots]
    turns = (values - points) * np.float32(np.pi / group.step)
    agreement = float(np.cos(turns).sum()) / (pilots.size / 2) ** 0.5
    return agreement if agreement > _LUCK else 0.0
