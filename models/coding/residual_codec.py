"""The fine layer: what the network leaves unrestored, coded into the container's finest levels.

The reveal starts from a latent of zero and is not exact. What it misses (photo minus revealed
photo) is known when exporting; it is transformed (8 x 8 DCT, opponent colours), quantised with
one step for all coefficients, which is optimal for squared error at high rate, and entropy coded.
The bits go into the levels that the network does not look at (see
`export_channel.round_to_lattice`).

The entropy coder goes through the coefficients one frequency at a time, a whole plane at once.
The distribution of a coefficient follows from its frequency and from how large the coefficients
around it are that are already known, as in the wavelet coders EBCOT (Taubman 2000) and TMW; all
of it in integers, so that every computer decodes alike.

Layout of the code: a header with the step and, for each band of rows, length and CRC-32 of its
code; then the bands' codes. A damaged band loses itself and no other.
"""

from __future__ import annotations

import contextlib
import functools
import struct
import zlib
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from models.coding import rans
from models.dct import dct_matrix

BLOCK = 8
"""Side of the transform's blocks in pixels."""

BAND_PIXELS = 1 << 16
"""About how many pixels one band of the code holds."""

ROUNDING = 0.42
"""Magnitudes are rounded up from this fraction of a step below the next multiple (a dead zone:
small coefficients cost more bits than they are worth)."""

_STEPS_PER_OCTAVE = 16
_FINEST_STEP = 0.25
_CHANNELS = 3 * BLOCK * BLOCK
_TOGETHER = 32  # bands that are coded side by side
_SAMPLE_COEFFICIENTS = 1 << 20
_MAGIC = b"PF"
_VERSION = 1
_HEADER = struct.Struct("<2sBBH")  # magic, version, step index, bands
_RECORD = struct.Struct("<II")  # length and CRC of a band; then, once, the CRC of the header
_PARTS = struct.Struct("<II")  # length of the tables, of the escapes

# Activity is kept in units of 1/1024 of "as large as usual for its frequency".
_UNIT = 1024
_EDGES = np.array(
    [round(_UNIT * x) for x in (0.1, 0.18, 0.27, 0.38, 0.5, 0.63, 0.78, 0.95)]
    + [round(_UNIT * x) for x in (1.15, 1.4, 1.7, 2.1, 2.7, 3.6, 5.0)],
    np.int64,
)
_CONTEXTS = len(_EDGES) + 1


@dataclass(frozen=True)
class FineCode:
    """A coded residual.

    Attributes:
        data: the bytes.
        step: quantiser step, in levels.
        decoded: H x W x 3 float32, what `decode` will give, in levels.
    """

    data: bytes
    step: float
    decoded: NDArray[np.float32]


class NoFineLayer(ValueError):
    """The bytes hold no fine layer of this version."""


def _coding_order() -> NDArray[np.int64]:
    """Low frequencies first, the three colours of one frequency together."""
    k = np.arange(_CHANNELS)
    colour, v, u = k // BLOCK**2, k // BLOCK % BLOCK, k % BLOCK
    return np.lexsort((colour, v, u + v))


_ORDER = _coding_order()


def _transform(residual: NDArray[np.float32]) -> NDArray[np.float32]:
    """H x W x 3 in levels, whole blocks, to channels x H/8 x W/8 orthonormal coefficients."""
    height, width = residual.shape[:2]
    d = dct_matrix(BLOCK).astype(np.float32)
    colours = dct_matrix(3).astype(np.float32)
    x = colours @ residual.reshape(-1, 3).T
    x = np.matmul(d, x.reshape(-1, BLOCK, width))
    x = np.matmul(x.reshape(3, height // BLOCK, BLOCK, width // BLOCK, BLOCK), d.T)
    return np.ascontiguousarray(x.transpose(0, 2, 4, 1, 3)).reshape(
        _CHANNELS, height // BLOCK, width // BLOCK
    )


def _inverse_transform(coefficients: NDArray[np.floating]) -> NDArray[np.float32]:
    """Channels x h x w coefficients to 8h x 8w x 3 levels.

    The sums are in double precision: their last digits depend on the machine, and in single
    precision they would decide now and then to which level a restored sample is rounded.
    """
    rows, columns = coefficients.shape[1:]
    d = dct_matrix(BLOCK)
    colours = dct_matrix(3)
    x = coefficients.reshape(3, BLOCK, BLOCK, rows, columns).astype(np.float64)
    x = np.matmul(x.transpose(0, 3, 1, 4, 2), d).reshape(3 * rows, BLOCK, columns * BLOCK)
    x = np.matmul(d.T, x).reshape(3, -1)
    return (x.T @ colours).astype(np.float32).reshape(rows * BLOCK, columns * BLOCK, 3)


class _Contexts:
    """Which context each block of some bands is in, from the planes coded so far; the same in both
    directions.

    The activity around a block is the sum over 3 x 3 blocks, weights 1 2 1 in each direction,
    edges repeated: 16 times the mean. It stays below 2**32.
    """

    def __init__(self, rows: Sequence[int], columns: int) -> None:
        self._rows = rows
        self._activity = np.zeros((len(rows), max(rows) + 2, columns + 2), np.uint32)
        self._planes = 0

    def current(self, bands: int) -> NDArray[np.intp]:
        """Context of every block of the first bands, 0.._CONTEXTS-1: bands x rows x columns."""
        known = self._activity[:bands]
        if self._planes == 0:
            shape = bands, known.shape[1] - 2, known.shape[2] - 2
            return np.full(shape, _CONTEXTS // 2, np.intp)
        known[:, 0], known[:, -1] = known[:, 1], known[:, -2]
        for band, rows in zip(known, self._rows, strict=False):
            band[rows + 1 :] = band[rows]
        known[:, :, 0], known[:, :, -1] = known[:, :, 1], known[:, :, -2]
        down = known[:, :-1] + known[:, 1:]
        down = down[:, :-1] + down[:, 1:]
        across = down[:, :, :-1] + down[:, :, 1:]
        mean = across[:, :, :-1] + across[:, :, 1:]
        mean //= np.uint32(16 * self._planes)
        np.minimum(mean, np.uint32(_EDGES[-1]), out=mean)
        return _context_of().take(mean)

    def add(self, magnitudes: NDArray[np.unsignedinteger], usual: NDArray[np.uint8]) -> None:
        """Take in the next plane of the first bands (bands x rows x columns); `usual` are the
        distributions that fit their mean magnitudes."""
        weights = (_UNIT / (rans.mean_magnitudes()[usual] + 0.02)).astype(np.uint32)
        self._activity[: len(usual), 1:-1, 1:-1] += magnitudes * weights[:, None, None]
        self._planes += 1


@functools.cache
def _context_of() -> NDArray[np.intp]:
    """The context of every mean activity up to the last edge."""
    return np.searchsorted(_EDGES, np.arange(_EDGES[-1] + 1), side="right")


def _nearest_models(magnitudes: NDArray[np.float64]) -> NDArray[np.uint8]:
    """The distributions whose mean magnitudes are closest, in logarithms."""
    logs = np.log(rans.mean_magnitudes())
    edges = (logs[1:] + logs[:-1]) / 2
    return np.searchsorted(edges, np.log(np.maximum(magnitudes, 1e-6))).astype(np.uint8)


def _quantise(coefficients: NDArray[np.float32], step: float) -> NDArray[np.int32]:
    magnitudes = np.floor(np.abs(coefficients) / np.float32(step) + np.float32(ROUNDING))
    return np.copysign(magnitudes, coefficients).astype(np.int32)


def _magnitudes(coefficients: NDArray[np.float32], step: float) -> NDArray[np.uint8]:
    """The magnitudes of what `_quantise` gives, as far as there are symbols for them."""
    magnitudes = np.abs(coefficients)
    magnitudes /= np.float32(step)
    magnitudes += np.float32(ROUNDING)
    np.minimum(magnitudes, np.float32(rans.LARGEST), out=magnitudes)
    return magnitudes.astype(np.uint8)


def _reconstruct(quantised: NDArray[np.integer], step: float) -> NDArray[np.float32]:
    return _inverse_transform(quantised.astype(np.float32) * np.float32(step))


@dataclass
class _Plan:
    """How a band is going to be coded: the models of each plane in order, and tables.

    Planes of zeros only, the high frequencies of a coarse code, are left out.
    """

    usual: NDArray[np.uint8]  # channels; EMPTY for a plane of zeros
    fitted: NDArray[np.uint8]  # channels x contexts
    models: list[NDArray[np.uint8]]  # of each coded plane; none where only the size is asked for
    bits: float

    @property
    def coded(self) -> NDArray[np.intp]:
        """The coded planes' places in the order."""
        return np.flatnonzero(self.usual != _EMPTY)


_EMPTY = 255
_BINS = rans.LARGEST + 1  # magnitudes


@functools.cache
def _bit_costs() -> NDArray[np.float64]:
    """Bits of a symbol of each magnitude: models x magnitudes."""
    return rans.bit_costs()[:, rans.LARGEST :].astype(np.float64)


def _plan(magnitudes: Sequence[NDArray[np.uint8]], with_models: bool = False) -> list[_Plan]:
    """Plans of some bands, worked out side by side.

    Args:
        magnitudes: of each band's symbols, channels x rows x columns; columns alike.
        with_models: whether the models of every symbol are wanted.
    """
    sums = np.stack([m.reshape(_CHANNELS, -1).sum(axis=1, dtype=np.int64) for m in magnitudes])
    # The coder's order; bands with the most planes first, so that those still at work are first.
    sums = sums[:, _ORDER]
    by = np.argsort(-(sums > 0).sum(axis=1), kind="stable")
    magnitudes, sums = [magnitudes[b] for b in by], sums[by]
    rows, columns = [m.shape[1] for m in magnitudes], magnitudes[0].shape[2]
    means = sums / np.array([m[0].size for m in magnitudes])[:, None]
    usual = np.where(sums > 0, _nearest_models(means), _EMPTY).astype(np.uint8)
    fitted = np.zeros((len(magnitudes), _CHANNELS, _CONTEXTS), np.uint8)
    models: list[list[NDArray[np.uint8]]] = [[] for _ in magnitudes]
    bits = np.zeros(len(magnitudes))
    coded = [np.flatnonzero(s) for s in sums]
    contexts = _Contexts(rows, columns)
    for turn in range(coded[0].size):
        active = sum(c.size > turn for c in coded)
        channels = np.array([c[turn] for c in coded[:active]])
        bands = np.arange(active)
        plane = np.zeros((active, max(rows), columns), np.uint8)
        for band, channel in enumerate(channels):
            plane[band, : rows[band]] = magnitudes[band][_ORDER[channel]]
        context = contexts.current(active)
        bins = context * _BINS
        bins += plane
        bins += (bands * (_CONTEXTS * _BINS))[:, None, None]
        for band in range(active):
            bins[band, rows[band] :] = active * _CONTEXTS * _BINS  # below a shorter band
        counted = np.bincount(bins.ravel(), minlength=active * _CONTEXTS * _BINS + 1)
        counts = counted[:-1].reshape(active, _CONTEXTS, _BINS)
        count, total = counts.sum(axis=2), counts @ np.arange(_BINS)
        # A context seen seldom leans on the plane's mean, which keeps the tables smooth.
        typical = usual[bands, channels]
        mean = (total + 2 * means[bands, channels][:, None]) / (count + 2)
        fit = np.where(count > 0, _nearest_models(mean), typical[:, None])
        fitted[bands, channels] = fit
        bits[:active] += (counts * _bit_costs()[fit]).sum(axis=(1, 2))
        if with_models:
            for band in range(active):
                models[band].append(fit[band][context[band, : rows[band]]].ravel())
        contexts.add(plane, typical)
    plans = [_Plan(*parts) for parts in zip(usual, fitted, models, bits.tolist(), strict=True)]
    return [plans[place] for place in np.argsort(by)]


def _pack_tables(plan: _Plan) -> bytes:
    coded = plan.usual != _EMPTY
    offsets = plan.fitted[coded].astype(np.int16) - plan.usual[coded, None]
    return zlib.compress(plan.usual.tobytes() + offsets.astype(np.int8).T.tobytes(), 9)


def _unpack_tables(data: bytes) -> tuple[NDArray[np.uint8], NDArray[np.uint8]]:
    unpacked = np.frombuffer(zlib.decompress(data), np.uint8)
    usual = unpacked[:_CHANNELS]
    coded = usual != _EMPTY
    if usual.size != _CHANNELS or unpacked.size != _CHANNELS + _CONTEXTS * int(coded.sum()):
        raise rans.CorruptCode("The tables have the wrong size.")
    if (usual[coded] >= rans.MODELS).any():
        raise rans.CorruptCode("The tables name a distribution that does not exist.")
    offsets = unpacked[_CHANNELS:].view(np.int8).reshape(_CONTEXTS, -1).T
    fitted = np.zeros((_CHANNELS, _CONTEXTS), np.uint8)
    fitted[coded] = (usual[coded, None].astype(np.int16) + offsets).clip(0, rans.MODELS - 1)
    return usual, fitted


def _encode_bands(quantised: Sequence[NDArray[np.int16]]) -> list[bytes]:
    """The codes of some bands (channels x rows x columns; columns alike)."""
    symbols = [np.clip(q, -rans.LARGEST, rans.LARGEST).astype(np.int8) for q in quantised]
    plans = _plan([np.abs(s).view(np.uint8) for s in symbols], with_models=True)
    starts, encoders = [], []
    for every, ours, plan in zip(quantised, symbols, plans, strict=True):
        coded = _ORDER[plan.coded]
        planes = ours[coded].reshape(coded.size, ours[0].size)
        encoder = rans.Encoder(rans.lanes_for(planes.size))
        if coded.size:
            encoder.put_planes(planes, np.stack(plan.models))
        encoders.append(encoder)
        full = every[coded].reshape(planes.shape)[np.abs(planes) == rans.LARGEST]
        excess = np.abs(full) - rans.LARGEST
        tables = _pack_tables(plan)
        escapes = zlib.compress(excess.astype("<u2").tobytes(), 9) if excess.any() else b""
        starts.append(_PARTS.pack(len(tables), len(escapes)) + tables + escapes)
    return [a + b for a, b in zip(starts, rans.finish(encoders), strict=True)]


@dataclass
class _Tables:
    """What a band's code says before its symbols."""

    usual: NDArray[np.uint8]
    fitted: NDArray[np.uint8]
    excess: NDArray[np.uint16]
    code: bytes
    lanes: int

    @staticmethod
    def read(data: bytes, blocks: int) -> _Tables:
        """Of a band of that many blocks. Raises ValueError, zlib.error or struct.error."""
        tables_length, escapes_length = _PARTS.unpack_from(data)
        start = _PARTS.size
        usual, fitted = _unpack_tables(data[start : start + tables_length])
        start += tables_length
        escapes = data[start : start + escapes_length]
        excess = np.frombuffer(zlib.decompress(escapes) if escapes else b"", "<u2")
        code = data[start + escapes_length :]
        lanes = rans.lanes_for(int((usual != _EMPTY).sum()) * blocks)
        rans.Decoders([code], [lanes])  # long enough?
        return _Tables(usual, fitted, excess, code, lanes)


def _decode_bands(
    data: Sequence[bytes], rows: Sequence[int], columns: int
) -> list[NDArray[np.int32] | None]:
    """The quantised coefficients in some bands' codes; None where a code is damaged."""
    read: list[tuple[int, _Tables]] = []
    for band, (code, down) in enumerate(zip(data, rows, strict=True)):
        with contextlib.suppress(ValueError, zlib.error, struct.error):
            read.append((band, _Tables.read(code, down * columns)))
    result: list[NDArray[np.int32] | None] = [None] * len(data)
    if not read:
        return result
    read.sort(key=lambda r: -int((r[1].usual != _EMPTY).sum()))
    tables, heights = [t for _, t in read], [rows[band] for band, _ in read]
    coded = [np.flatnonzero(t.usual != _EMPTY) for t in tables]
    symbols = [np.zeros((c.size, r, columns), np.int8) for c, r in zip(coded, heights, strict=True)]
    decoders = rans.Decoders([t.code for t in tables], [t.lanes for t in tables])
    contexts = _Contexts(heights, columns)
    for turn in range(coded[0].size):
        active = sum(c.size > turn for c in coded)
        context = contexts.current(active)
        models = [
            tables[i].fitted[coded[i][turn]][context[i, : heights[i]]].ravel()
            for i in range(active)
        ]
        magnitudes = np.zeros(context.shape, np.uint8)
        for i, plane in enumerate(decoders.get(models)):
            symbols[i][turn] = plane.reshape(heights[i], columns)
            magnitudes[i, : heights[i]] = np.abs(symbols[i][turn])
        contexts.add(magnitudes, np.array([tables[i].usual[coded[i][turn]] for i in range(active)]))
    for i, (band, table) in enumerate(read):
        planes = symbols[i].astype(np.int32)
        full = np.abs(planes) == rans.LARGEST
        more = table.excess[: int(full.sum())].astype(np.int32)
        if table.excess.size:
            if more.size != int(full.sum()):
                continue
            planes[full] += np.sign(planes[full]) * more
        if not decoders.broken[i]:
            quantised = np.zeros((_CHANNELS, heights[i], columns), np.int32)
            quantised[_ORDER[coded[i]]] = planes
            result[band] = quantised
    return result


def _bands(height: int, width: int) -> list[tuple[int, int]]:
    """First and last row of every band, in pixels; whole blocks but for the last band."""
    rows = max(1, round(BAND_PIXELS / max(1, width) / BLOCK)) * BLOCK
    return [(y, min(height, y + rows)) for y in range(0, height, rows)]


def _padded(residual: NDArray[np.int16]) -> NDArray[np.float32]:
    down, across = (-n % BLOCK for n in residual.shape[:2])
    return np.pad(residual, ((0, down), (0, across), (0, 0)), mode="edge").astype(np.float32)


def _step(index: int) -> float:
    return _FINEST_STEP * 2 ** (index / _STEPS_PER_OCTAVE)


def coarsened(residual: NDArray[np.float32], step: float) -> NDArray[np.float32]:
    """What a code of that step would give of a residual; whole blocks, see `_transform`."""
    return _reconstruct(_quantise(_transform(residual), step), step)


def encode(residual: NDArray[np.int16], capacity: int) -> FineCode | None:
    """Code a residual as finely as the capacity allows.

    Args:
        residual: H x W x 3, in levels, -255..255.
        capacity: bytes that there is room for.

    Returns:
        The code, at most `capacity` bytes; None where the room is too small to be of any use.
    """
    height, width = residual.shape[:2]
    bands = _bands(height, width)
    coefficients = [_transform(_padded(residual[a:b])) for a, b in bands]
    overhead = header_size(height, width) + len(bands) * (_PARTS.size + 600)
    index = _first_guess(coefficients, 8 * (capacity - min(overhead, capacity // 4)))
    largest = max(float(np.abs(band).max()) for band in coefficients)

    def useful(index: int) -> bool:
        return index >= 0 and _step(index) * (1 - ROUNDING) <= largest  # else it codes nothing

    # The finest step that should fit, as far as can be told without coding.
    while useful(index) and _likely_size(coefficients, index, (height, width)) > capacity:
        index += 1 if index < 8 * _STEPS_PER_OCTAVE else 8
    while index > 0:
        size = _likely_size(coefficients, index - 1, (height, width))
        if size > capacity:
            break
        index -= 1
        if size > 0.97 * capacity:
            break
    best: tuple[int, bytes, list[NDArray[np.int16]]] | None = None
    while best is None and useful(index):
        found = _encode_at(coefficients, index, (height, width), capacity)
        if found is None:
            index += 1 if index < 8 * _STEPS_PER_OCTAVE else 8
        else:
            best = index, *found
    if best is None:
        return None
    index, data, quantised = best
    del coefficients
    decoded = np.empty((height, width, 3), np.float32)
    for (first, last), symbols in zip(bands, quantised, strict=True):
        decoded[first:last] = _reconstruct(symbols, _step(index))[: last - first, :width]
    return FineCode(data, _step(index), decoded)


def _likely_size(
    coefficients: list[NDArray[np.float32]], index: int, size: tuple[int, int]
) -> float:
    """About how many bytes the code takes at one step."""
    length = float(header_size(*size))
    for first in range(0, len(coefficients), _TOGETHER):
        bands = coefficients[first : first + _TOGETHER]
        for band, plan in zip(
            bands, _plan([_magnitudes(b, _step(index)) for b in bands]), strict=True
        ):
            lanes = rans.lanes_for(plan.coded.size * band[0].size)
            length += _PARTS.size + len(_pack_tables(plan)) + plan.bits / 8 + 4 * lanes
    return length


def _encode_at(
    coefficients: list[NDArray[np.float32]],
    index: int,
    size: tuple[int, int],
    capacity: int,
) -> tuple[bytes, list[NDArray[np.int16]]] | None:
    """The code at one step, and what it codes; None where it does not fit."""
    codes: list[bytes] = []
    quantised: list[NDArray[np.int16]] = []
    length = header_size(*size)
    for first in range(0, len(coefficients), _TOGETHER):
        bands = coefficients[first : first + _TOGETHER]
        # At most 255 * 8 * sqrt(3) / 0.25 = 14,133.
        symbols = [_quantise(band, _step(index)).astype(np.int16) for band in bands]
        codes += _encode_bands(symbols)
        quantised += symbols
        length += sum(len(code) for code in codes[first:])
        if length > capacity:
            return None
    head = _HEADER.pack(_MAGIC, _VERSION, index, len(coefficients))
    head += b"".join(_RECORD.pack(len(code), zlib.crc32(code)) for code in codes)
    head += struct.pack("<I", zlib.crc32(head))
    return head + b"".join(codes), quantised


def header_size(height: int, width: int) -> int:
    """Bytes of the header of a picture's code. A copy of it elsewhere saves a code whose start is
    damaged (see `decode`)."""
    return _HEADER.size + _RECORD.size * len(_bands(height, width)) + 4


def _read_header(data: bytes, height: int, width: int) -> tuple[int, list[tuple[int, int]]] | None:
    """Step index, and length and CRC of every band; None where the header is damaged."""
    size, bands = header_size(height, width), len(_bands(height, width))
    head = data[: size - 4]
    if len(data) < size or struct.unpack_from("<I", data, size - 4)[0] != zlib.crc32(head):
        return None
    magic, version, index, count = _HEADER.unpack_from(head)
    if magic != _MAGIC or version != _VERSION or count != bands:
        return None
    return index, [_RECORD.unpack_from(head, _HEADER.size + i * _RECORD.size) for i in range(bands)]


def _first_guess(coefficients: list[NDArray[np.float32]], bits: int) -> int:
    """The finest step whose estimated code fits; estimated on some bands of a large picture."""
    total = sum(band.size for band in coefficients)
    every = max(1, round(total / _SAMPLE_COEFFICIENTS))
    sample = coefficients[every // 2 :: every]
    share = sum(band.size for band in sample) / total
    low, high = 0, 192
    while low < high:
        middle = (low + high) // 2
        plans = _plan([_magnitudes(band, _step(middle)) for band in sample])
        if sum(plan.bits for plan in plans) <= bits * share:
            high = middle
        else:
            low = middle + 1
    return low


def decode(data: bytes, height: int, width: int, spare: bytes = b"") -> NDArray[np.float32]:
    """The residual in a code; bytes after its end are ignored.

    Args:
        data: starts with a code.
        height, width: of the picture.
        spare: a copy of the code's first `header_size` bytes, used where they are damaged.

    Returns:
        H x W x 3 float32 in levels; zero in bands that are damaged.

    Raises:
        NoFineLayer: where there is none.
    """
    header = _read_header(data, height, width) or _read_header(spare, height, width)
    if header is None:
        raise NoFineLayer("The bytes do not start with a fine layer.")
    index, records = header
    residual = np.zeros((height, width, 3), np.float32)
    start = header_size(height, width)
    intact = []
    for (first, last), (length, crc) in zip(_bands(height, width), records, strict=True):
        code = data[start : start + length]
        start += length
        if len(code) == length and zlib.crc32(code) == crc:
            intact.append((first, last, code))
    for some in range(0, len(intact), _TOGETHER):
        firsts, lasts, codes = zip(*intact[some : some + _TOGETHER], strict=True)
        rows = [-(-(last - first) // BLOCK) for first, last in zip(firsts, lasts, strict=True)]
        bands = _decode_bands(codes, rows, -(-width // BLOCK))
        for first, last, quantised in zip(firsts, lasts, bands, strict=True):
            if quantised is not None:
                decoded = _reconstruct(quantised, _step(index))
                residual[first:last] = decoded[: last - first, :width]
    return residual


def step_of(data: bytes, height: int, width: int) -> float:
    """The quantiser step of a code, in levels. Raises NoFineLayer where there is none."""
    header = _read_header(data, height, width)
    if header is None:
        raise NoFineLayer("The bytes do not start with a fine layer.")
    return _step(header[0])


def intact(data: bytes, height: int, width: int) -> bool:
    """Whether a code and all its bands are undamaged (header and checksums)."""
    header = _read_header(data, height, width)
    if header is None:
        return False
    start = header_size(height, width)
    for length, crc in header[1]:
        if zlib.crc32(data[start : start + length]) != crc:
            return False
        start += length
    return True
