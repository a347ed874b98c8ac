"""The residual of some tiles of a picture, each coded on its own under tables that they share.

A residual is transformed (8 x 8 DCT, opponent colours), quantised with one step for all
coefficients, which is optimal for squared error at high rate, and entropy coded one frequency at a
time, a whole plane at once. The distribution of a coefficient follows from its frequency and from
how large the coefficients around it are that are already known, as in the wavelet coders EBCOT
(Taubman 2000) and TMW; all of it in integers, so that every computer decodes alike. Which
distribution that is, is learned from a sample of the picture and sent along as tables.
"""

from __future__ import annotations

import contextlib
import functools
import struct
import zlib
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from models.coding import rans
from models.coding.opponent_dct import BLOCK, CHANNELS, inverse_transform

STEPS = 192
"""Quantisers that there are."""

_STEPS_PER_OCTAVE = 16
_FINEST_STEP = 0.25

ROUNDING = 0.45
"""Magnitudes are rounded up from this fraction of a step below the next multiple (a dead zone:
small coefficients cost more bits than they are worth)."""

# A coefficient's surroundings: how large the coefficients around it are, in units of what is usual
# for their frequencies. Between these edges are the contexts.
_EDGES = (0.1, 0.18, 0.27, 0.38, 0.5, 0.63, 0.78, 0.95, 1.15, 1.4, 1.7, 2.1, 2.7, 3.6, 5.0)
_CONTEXTS = len(_EDGES) + 1

_USUAL_OFFSETS = np.array([-24, -19, -14, -11, -8, -5, -3, -1, 0, 2, 4, 6, 8, 11, 14, 17])
"""By how many distributions a context's is larger than the plane's mean, usually."""

_UNIT = 1024
_OWN = 7  # weight of the block itself, beside 16 for the mean of it and those around it
_DECAY = 4  # each further plane takes a 16th of the weight of those before
_FIRST_SIGHT = 24  # how many coefficients a context's usual distribution counts for
_FEW_BLOCKS = 256  # in which contexts are not worth tables of their own
_LARGE = 5  # mean magnitude from which on the lowest bits are as good as random
_EMPTY = 255


def step_size(index: int) -> float:
    """The step of an index below `STEPS`, in levels."""
    return _FINEST_STEP * 2 ** (index / _STEPS_PER_OCTAVE)


def quantise(coefficients: NDArray[np.float32], index: int) -> NDArray[np.int16]:
    """Coefficients as multiples of a step, with a dead zone."""
    scaled = coefficients * np.float32(1 / step_size(index))
    magnitudes = np.floor(np.abs(scaled) + np.float32(ROUNDING))
    multiples: NDArray[np.int16] = np.copysign(magnitudes, scaled).astype(np.int16)
    return multiples


def reconstruct(quantised: NDArray[np.integer], index: int) -> NDArray[np.float64]:
    """The residual of a tile, 8h x 8w x 3 in levels, from what `quantise` gave of it."""
    # Double precision, so that all machines round to the same levels.
    return inverse_transform(quantised.astype(np.float64) * step_size(index))


@functools.cache
def coding_order() -> NDArray[np.intp]:
    """The channels as they are coded: low frequencies first, colours of one frequency together."""
    k = np.arange(CHANNELS)
    colour, v, u = k // BLOCK**2, k // BLOCK % BLOCK, k % BLOCK
    return np.lexsort((colour, v, u + v))


@functools.cache
def _bit_costs() -> NDArray[np.float64]:
    """Bits of a symbol of each magnitude: models x magnitudes."""
    return rans.bit_costs()[:, rans.LARGEST :].astype(np.float64)


def _nearest_models(magnitudes: NDArray[np.float64]) -> NDArray[np.int64]:
    """The distributions whose mean magnitudes are closest, in logarithms."""
    logs = np.log(rans.mean_magnitudes())
    edges = (logs[1:] + logs[:-1]) / 2
    return np.searchsorted(edges, np.log(np.maximum(magnitudes, 1e-6)))


_NUMBERS = struct.Struct("<IIB")  # how many, bytes of their upper parts, bits of the lower ones


def _pack_numbers(numbers: NDArray[np.int32]) -> bytes:
    """Numbers from 0 on, the small ones short (Rice 1979): what is above some bits in unary."""
    low_bits = int(np.log2(numbers.mean() + 1)) if numbers.size else 0
    ends = np.cumsum((numbers >> low_bits) + 1)
    unary = np.zeros(ends[-1] if numbers.size else 0, bool)
    unary[ends - 1] = True
    upper = np.packbits(unary).tobytes()
    lower = np.packbits(numbers[:, None] >> np.arange(low_bits)[::-1] & 1).tobytes()
    return _NUMBERS.pack(numbers.size, len(upper), low_bits) + upper + lower


def _unpack_numbers(data: bytes) -> tuple[NDArray[np.int32], int]:
    """The numbers, and where they end. Raises `rans.CorruptCode`."""
    if len(data) < _NUMBERS.size:
        raise rans.CorruptCode("The code is too short.")
    count, length, low_bits = _NUMBERS.unpack_from(data)
    middle = _NUMBERS.size + length
    end = middle + -(-count * low_bits // 8)
    ends = np.flatnonzero(np.unpackbits(np.frombuffer(data[_NUMBERS.size : middle], np.uint8)))
    bits = np.unpackbits(np.frombuffer(data[middle:end], np.uint8))
    if ends.size < count or bits.size < count * low_bits or low_bits > 16:
        raise rans.CorruptCode("The code is too short.")
    lower = bits[: count * low_bits].reshape(count, low_bits) @ (1 << np.arange(low_bits)[::-1])
    upper = np.diff(ends[:count], prepend=-1) - 1
    return (upper << low_bits | lower.astype(np.int64)).astype(np.int32), end


class Surroundings:
    """Which context each block is in, from the planes coded so far; alike in both directions.

    Args:
        shape: of a plane, rows x columns; or of the planes of some tiles, tiles x rows x columns.
    """

    def __init__(self, *shape: int) -> None:
        self._known = np.zeros((*shape[:-2], shape[-2] + 2, shape[-1] + 2), np.int64)
        self._weight = 0

    def contexts(self) -> NDArray[np.intp]:
        """One for each block, below `_CONTEXTS`."""
        known = self._known
        if not self._weight:
            return np.full_like(known[..., 1:-1, 1:-1], _EDGES.index(1.15), np.intp)
        known[..., 0, :], known[..., -1, :] = known[..., 1, :], known[..., -2, :]
        known[..., 0], known[..., -1] = known[..., 1], known[..., -2]
        down = known[..., :-1, :] + known[..., 1:, :]
        down = down[..., :-1, :] + down[..., 1:, :]
        across = down[..., :-1] + down[..., 1:]
        total = across[..., :-1] + across[..., 1:]  # weights 1 2 1 in each direction
        total += _OWN * known[..., 1:-1, 1:-1]
        edges = [round(_UNIT * e) * (16 + _OWN) * self._weight // _UNIT for e in _EDGES]
        return np.searchsorted(np.array(edges, np.int64), total, side="right")

    def add(self, magnitudes: NDArray[np.integer], usual: int) -> None:
        """Take in the next plane; `usual` is the distribution of its mean magnitude."""
        unit = int(_UNIT / (rans.mean_magnitudes()[usual] + 0.02))
        self._known -= self._known >> _DECAY
        self._known[..., 1:-1, 1:-1] += magnitudes.astype(np.int64) * unit
        self._weight += _UNIT - (self._weight >> _DECAY)


def _of_one_size(
    tiles: Sequence[NDArray[np.integer]],
) -> Iterator[tuple[list[int], NDArray[np.integer]]]:
    """Tiles of equal size, to be worked on together: their places, and channels x tiles x rows x
    columns."""
    sizes = [tile.shape[1:] for tile in tiles]
    for size in dict.fromkeys(sizes):
        places = [i for i, one in enumerate(sizes) if one == size]
        yield places, np.stack([tiles[i] for i in places], axis=1)


def _split(planes: NDArray[np.integer], shifts: NDArray[np.integer]) -> NDArray[np.int32]:
    """What of planes of coefficients (planes x ...) is coded: the nearest multiple of 2**shift, in
    its unit."""
    up = shifts.reshape(-1, *(1,) * (planes.ndim - 1)).astype(np.int32)
    return planes.astype(np.int32) + (1 << up >> 1) >> up


@dataclass(frozen=True)
class Tables:
    """Which distribution coefficients are coded under.

    Attributes:
        shifts: of each channel in coding order, how many of the lowest bits of its coefficients are
            written as they are.
        usual: its distribution; 255 for a channel of zeros, which is left out.
        fitted: its distribution in each context.
    """

    shifts: NDArray[np.uint8]
    usual: NDArray[np.uint8]
    fitted: NDArray[np.uint8]

    @staticmethod
    def fit(sample: Sequence[NDArray[np.int16]]) -> Tables:
        """Those that code a sample of quantised tiles (channels x rows x columns) well."""
        ordered = [tile[coding_order()] for tile in sample]
        size = sum(np.abs(tile).reshape(CHANNELS, -1).sum(1, dtype=np.int64) for tile in ordered)
        size = size / sum(tile[0].size for tile in ordered)
        shifts = np.maximum(0, np.log2(np.maximum(size, 1) / _LARGE)).astype(np.uint8)
        clipped = [np.minimum(np.abs(_split(tile, shifts)), rans.LARGEST) for tile in ordered]
        means = sum(tile.reshape(CHANNELS, -1).sum(1, dtype=np.int64) for tile in clipped)
        means = means / sum(tile[0].size for tile in clipped)
        usual = np.where(means > 0, _nearest_models(means), _EMPTY).astype(np.uint8)
        typical = np.clip(usual[:, None] + _USUAL_OFFSETS, 0, rans.MODELS - 1)
        if sum(tile[0].size for tile in sample) < _FEW_BLOCKS:
            return Tables(shifts, usual, typical.astype(np.uint8))
        seen = np.zeros((2, CHANNELS, _CONTEXTS))  # how many, and the sum of their magnitudes
        for _, tiles in _of_one_size(clipped):
            around = Surroundings(*tiles.shape[1:])
            for channel in np.flatnonzero(usual != _EMPTY):
                context = around.contexts().ravel()
                seen[0, channel] += np.bincount(context, minlength=_CONTEXTS)
                plane = tiles[channel]
                seen[1, channel] += np.bincount(context, plane.ravel(), minlength=_CONTEXTS)
                around.add(plane, int(usual[channel]))
        expected = rans.mean_magnitudes()[typical]
        mean = (seen[1] + _FIRST_SIGHT * expected) / (seen[0] + _FIRST_SIGHT)
        return Tables(shifts, usual, _nearest_models(mean).astype(np.uint8))

    @property
    def _coded(self) -> NDArray[np.intp]:
        """The channels that are not left out."""
        return np.flatnonzero(self.usual != _EMPTY)

    def _typical(self) -> NDArray[np.int64]:
        """What the coded channels' distributions usually are."""
        usual = self.usual[self._coded, None]
        typical: NDArray[np.int64] = np.clip(usual + _USUAL_OFFSETS, 0, rans.MODELS - 1)
        return typical

    def pack(self) -> bytes:
        """As bytes."""
        offsets = (self.fitted[self._coded] - self._typical()).astype(np.int8)
        heads = self.shifts.tobytes() + self.usual.tobytes()
        return zlib.compress(heads + offsets.T.tobytes(), 9)

    @staticmethod
    def unpack(data: bytes) -> Tables:
        """Back from bytes. Raises `rans.CorruptCode`, `zlib.error`."""
        unpacked = np.frombuffer(zlib.decompress(data), np.uint8)
        shifts, usual, rest = np.split(unpacked, (CHANNELS, 2 * CHANNELS))
        coded = usual != _EMPTY
        if usual.size != CHANNELS or rest.size != _CONTEXTS * int(coded.sum()):
            raise rans.CorruptCode("The tables have the wrong size.")
        if (usual[coded] >= rans.MODELS).any() or (shifts > 16).any():
            raise rans.CorruptCode("The tables name a distribution that does not exist.")
        tables = Tables(shifts, usual, np.zeros((CHANNELS, _CONTEXTS), np.uint8))
        fitted = tables._typical() + rest.view(np.int8).reshape(_CONTEXTS, -1).T
        tables.fitted[coded] = np.clip(fitted, 0, rans.MODELS - 1)
        return tables

    def bits(self, quantised: Sequence[NDArray[np.int16]]) -> list[float]:
        """About how many bits each of some tiles takes."""
        coded = self._coded
        result = [0.0] * len(quantised)
        for places, tiles in _of_one_size(quantised):
            clipped = np.abs(_split(tiles[coding_order()[coded]], self.shifts[coded]))
            clipped = np.minimum(clipped, rans.LARGEST)
            around = Surroundings(*tiles.shape[1:])
            bits = np.full(len(places), float(self.shifts[coded].sum()) * tiles[0, 0].size)
            for channel, planes in zip(coded, clipped, strict=True):
                models = self.fitted[channel][around.contexts()]
                bits += _bit_costs()[models, planes].sum((1, 2))
                around.add(planes, int(self.usual[channel]))
            for place, taken in zip(places, bits, strict=True):
                result[place] = float(taken)
        return result

    def encode(self, quantised: NDArray[np.int16]) -> bytes:
        """The code of a tile, channels x rows x columns."""
        coded = self._coded
        every = quantised[coding_order()[coded]].reshape(coded.size, quantised[0].size)
        high = _split(every, self.shifts[coded])
        symbols = np.clip(high, -rans.LARGEST, rans.LARGEST).astype(np.int8)
        around, models = Surroundings(*quantised.shape[1:]), np.empty(symbols.shape, np.uint8)
        for i, channel in enumerate(coded):
            models[i] = self.fitted[channel][around.contexts()].ravel()
            magnitudes = np.abs(symbols[i]).reshape(quantised.shape[1:])
            around.add(magnitudes, int(self.usual[channel]))
        encoder = rans.Encoder(rans.lanes_for(symbols.size))
        if coded.size:
            encoder.put_planes(symbols, models)
        excess = np.abs(high[np.abs(symbols) == rans.LARGEST]) - rans.LARGEST
        raw = [
            (plane[:, None] + (1 << shift >> 1) >> np.arange(shift)[::-1] & 1).astype(np.uint8)
            for plane, shift in zip(
                every.astype(np.int32), self.shifts[coded].tolist(), strict=True
            )
        ]
        lowest = np.packbits(
            np.concatenate([bits.ravel() for bits in raw] or [np.empty(0, np.uint8)])
        )
        return _pack_numbers(excess) + lowest.tobytes() + encoder.finish()

    def decode(
        self, codes: Sequence[bytes], sizes: Sequence[tuple[int, int]]
    ) -> list[NDArray[np.int32]]:
        """The quantised coefficients of some tiles, read side by side.

        Args:
            codes: of each tile; what follows a code does not matter.
            sizes: rows and columns of its blocks.

        Raises:
            rans.CorruptCode: where one of them is not what was written.
        """
        coded = self._coded
        parts = [self._raw_parts(c, size) for c, size in zip(codes, sizes, strict=True)]
        decoded = self._read(codes, parts, sizes)
        if any(known < coded.size for _, known in decoded):
            raise rans.CorruptCode("The code ends too early.")
        if any(p.excess.size != _escapes(d) for p, (d, _) in zip(parts, decoded, strict=True)):
            raise rans.CorruptCode("The escapes do not fit.")
        return [self._completed(*d, part) for d, part in zip(decoded, parts, strict=True)]

    def decode_starts(
        self, starts: Sequence[bytes], sizes: Sequence[tuple[int, int]]
    ) -> list[NDArray[np.int32]]:
        """What the starts of codes tell: frequencies that they do not reach to the end are 0.

        Args:
            starts: of each tile's code; empty where nothing of it is known.
            sizes: as for `decode`.
        """
        result = [np.zeros((CHANNELS, *size), np.int32) for size in sizes]
        parts = {}
        for i, (start, size) in enumerate(zip(starts, sizes, strict=True)):
            with contextlib.suppress(rans.CorruptCode):
                part = self._raw_parts(start, size)
                lanes = rans.lanes_for(self._coded.size * size[0] * size[1])
                if len(start) - part.end >= 4 * lanes:
                    parts[i] = part
        decoded = self._read(
            [starts[i] for i in parts], [*parts.values()], [sizes[i] for i in parts]
        )
        for (i, part), (planes, known) in zip(parts.items(), decoded, strict=True):
            if _escapes(planes) <= part.excess.size:
                result[i] = self._completed(planes, known, part)
        return result

    def _raw_parts(self, code: bytes, size: tuple[int, int]) -> _RawParts:
        """Of the code of a tile of so many blocks. Raises `rans.CorruptCode`."""
        return _RawParts.read(code, self.shifts[self._coded], size[0] * size[1])

    def _read(
        self, codes: Sequence[bytes], parts: Sequence[_RawParts], sizes: Sequence[tuple[int, int]]
    ) -> list[tuple[NDArray[np.int32], int]]:
        """The coded planes of symbols of tiles, and how many of them there are before a code ends;
        the others are 0. Raises `rans.CorruptCode`."""
        coded = self._coded
        planes = [np.zeros((coded.size, *size), np.int32) for size in sizes]
        known = np.full(len(codes), coded.size)
        if not coded.size or not codes:
            return list(zip(planes, known.tolist(), strict=True))
        rest = [code[part.end :] for code, part in zip(codes, parts, strict=True)]
        rest = [r[: len(r) // 2 * 2] for r in rest]
        decoders = rans.Decoders(rest, [rans.lanes_for(p.size) for p in planes])
        alike = [
            ([i for i, one in enumerate(sizes) if one == size], size)
            for size in dict.fromkeys(sizes)
        ]
        arounds = [Surroundings(len(places), *size) for places, size in alike]
        models = [np.empty(0, np.uint8)] * len(planes)
        for i, channel in enumerate(coded):
            for (places, _), around in zip(alike, arounds, strict=True):
                chosen = self.fitted[channel][around.contexts()].reshape(len(places), -1)
                for place, model in zip(places, chosen, strict=True):
                    models[place] = model
            found = decoders.get(models)
            for (places, size), around in zip(alike, arounds, strict=True):
                plane = np.stack([found[place] for place in places]).reshape(-1, *size)
                around.add(np.abs(plane), int(self.usual[channel]))
                for place, one in zip(places, plane, strict=True):
                    planes[place][i] = one
            known[decoders.broken] = np.minimum(known[decoders.broken], i)
            if decoders.broken.all():
                break
        for tile, count in zip(planes, known, strict=True):
            tile[count:] = 0
        return list(zip(planes, known.tolist(), strict=True))

    def _completed(
        self, planes: NDArray[np.int32], known: int, part: _RawParts
    ) -> NDArray[np.int32]:
        """All coefficients of a tile from the symbols of its first planes; completes these, too."""
        coded = self._coded[:known]
        part.add_to(planes[:known], self.shifts[coded])
        quantised = np.zeros((CHANNELS, *planes.shape[1:]), np.int32)
        quantised[coding_order()[coded]] = planes[:known]
        return quantised


def _escapes(planes: NDArray[np.int32]) -> int:
    """How many symbols have an excess."""
    return int((np.abs(planes) == rans.LARGEST).sum())


@dataclass(frozen=True)
class _RawParts:
    """What of a tile's code is not entropy coded.

    Attributes:
        excess: by how much the largest symbols are larger still.
        lowest: bits of coefficients, channel by channel.
        end: where the entropy code starts.
    """

    excess: NDArray[np.int32]
    lowest: NDArray[np.uint8]
    end: int

    @staticmethod
    def read(code: bytes, shifts: NDArray[np.uint8], blocks: int) -> _RawParts:
        """From a tile's code. Raises `rans.CorruptCode`."""
        excess, start = _unpack_numbers(code)
        count = int(shifts.sum()) * blocks
        end = start + -(-count // 8)
        lowest = np.unpackbits(np.frombuffer(code[start:end], np.uint8))
        if lowest.size < count:
            raise rans.CorruptCode("The code is too short.")
        return _RawParts(excess, lowest, end)

    def add_to(self, planes: NDArray[np.int32], shifts: NDArray[np.uint8]) -> None:
        """Complete the symbols of a tile's coded channels, or of the first of them."""
        full = np.abs(planes) == rans.LARGEST
        planes[full] += np.sign(planes[full]) * self.excess[: int(full.sum())]
        first = 0
        for plane, shift in zip(planes, shifts.tolist(), strict=True):
            low = self.lowest[first : first + shift * plane.size].reshape(plane.size, shift)
            first += low.size
            plane <<= shift
            plane += (low @ (1 << np.arange(shift)[::-1])).astype(np.int32).reshape(plane.shape)
            plane -= 1 << shift >> 1
