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

import struct
import zlib
from dataclasses import dataclass

import cv2
import numpy as np
from numpy.typing import NDArray

from models import rans
from models.block_transform import dct_matrix

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
    d = dct_matrix(BLOCK).numpy().astype(np.float32)
    colours = dct_matrix(3).numpy().astype(np.float32)
    x = residual.reshape(height // BLOCK, BLOCK, width // BLOCK, BLOCK, 3) @ colours.T
    x = np.einsum("vy,hywxc->hvwxc", d, x, optimize=True)
    x = np.einsum("ux,hvwxc->cvuhw", d, x, optimize=True)
    return np.ascontiguousarray(x.reshape(_CHANNELS, height // BLOCK, width // BLOCK))


def _inverse_transform(coefficients: NDArray[np.float32]) -> NDArray[np.float32]:
    """Channels x h x w coefficients to 8h x 8w x 3 levels."""
    rows, columns = coefficients.shape[1:]
    d = dct_matrix(BLOCK).numpy().astype(np.float32)
    colours = dct_matrix(3).numpy().astype(np.float32)
    x = coefficients.reshape(3, BLOCK, BLOCK, rows, columns)
    x = np.einsum("ux,cvuhw->hvwxc", d, x, optimize=True)
    x = np.einsum("vy,hvwxc->hywxc", d, x, optimize=True)
    return (x @ colours).reshape(rows * BLOCK, columns * BLOCK, 3)


def _neighbourhood(activity: NDArray[np.int64]) -> NDArray[np.int64]:
    """Sum over 3 x 3 blocks, weights 1 2 1 in each direction, edges repeated: 16 times the mean.

    Exact in integers of moderate size: float64 holds them.
    """
    kernel = np.array([1.0, 2.0, 1.0])
    smooth = cv2.sepFilter2D(
        activity.astype(np.float64), cv2.CV_64F, kernel, kernel, borderType=cv2.BORDER_REPLICATE
    )
    return smooth.reshape(activity.shape).astype(np.int64)


class _Contexts:
    """Which context each block is in, from the planes coded so far; the same in both directions."""

    def __init__(self, shape: tuple[int, int]) -> None:
        self._activity = np.zeros(shape, np.int64)
        self._planes = 0

    def current(self) -> NDArray[np.int64]:
        """Index of the context of every block, 0.._CONTEXTS-1."""
        if self._planes == 0:
            return np.full(self._activity.shape, _CONTEXTS // 2, np.int64)
        mean = _neighbourhood(self._activity) // (16 * self._planes)
        return np.searchsorted(_EDGES, mean, side="right")

    def add(self, symbols: NDArray[np.integer], usual: int) -> None:
        """Take in a plane; `usual` is the distribution that fits its mean magnitude."""
        weight = int(_UNIT / (rans.mean_magnitudes()[usual] + 0.02))
        self._activity += np.abs(symbols.astype(np.int64)) * weight
        self._planes += 1


def _nearest_models(magnitudes: NDArray[np.float64]) -> NDArray[np.uint8]:
    """The distributions whose mean magnitudes are closest, in logarithms."""
    logs = np.log(rans.mean_magnitudes())
    edges = (logs[1:] + logs[:-1]) / 2
    return np.searchsorted(edges, np.log(np.maximum(magnitudes, 1e-6))).astype(np.uint8)


def _quantise(coefficients: NDArray[np.float32], step: float) -> NDArray[np.int32]:
    magnitudes = np.floor(np.abs(coefficients) / np.float32(step) + np.float32(ROUNDING))
    return np.copysign(magnitudes, coefficients).astype(np.int32)


def _reconstruct(quantised: NDArray[np.integer], step: float) -> NDArray[np.float32]:
    return _inverse_transform(quantised.astype(np.float32) * np.float32(step))


@dataclass
class _Plan:
    """How a band is going to be coded: symbols and models of each plane in order, and tables.

    Planes of zeros only, the high frequencies of a coarse code, are left out.
    """

    usual: NDArray[np.uint8]  # channels; EMPTY for a plane of zeros
    fitted: NDArray[np.uint8]  # channels x contexts
    planes: list[tuple[NDArray[np.int32], NDArray[np.uint8]]]
    bits: float


_EMPTY = 255


def _plan(quantised: NDArray[np.int32]) -> _Plan:
    contexts = _Contexts(quantised.shape[1:])
    usual = np.full(_CHANNELS, _EMPTY, np.uint8)
    fitted = np.zeros((_CHANNELS, _CONTEXTS), np.uint8)
    planes = []
    bits = 0.0
    costs = rans.bit_costs()
    for i, channel in enumerate(_ORDER):
        if not quantised[channel].any():
            continue
        symbols = np.clip(quantised[channel], -rans.LARGEST, rans.LARGEST)
        magnitudes = np.abs(symbols)
        usual[i] = _nearest_models(np.array([magnitudes.mean()]))[0]
        context = contexts.current()
        count = np.bincount(context.ravel(), minlength=_CONTEXTS)
        total = np.bincount(context.ravel(), magnitudes.ravel(), minlength=_CONTEXTS)
        # A context seen seldom leans on the plane's mean, which keeps the tables smooth.
        mean = (total + 2 * magnitudes.mean()) / (count + 2)
        fitted[i] = np.where(count > 0, _nearest_models(mean), usual[i])
        models = fitted[i][context]
        planes.append((symbols, models))
        bits += float(costs[models, symbols + rans.LARGEST].sum())
        contexts.add(symbols, int(usual[i]))
    return _Plan(usual, fitted, planes, bits)


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


def _encode_band(quantised: NDArray[np.int32]) -> bytes:
    plan = _plan(quantised)
    encoder = rans.Encoder(rans.lanes_for(sum(symbols.size for symbols, _ in plan.planes)))
    excess = []
    for i, (symbols, models) in zip(np.flatnonzero(plan.usual != _EMPTY), plan.planes, strict=True):
        encoder.put(symbols, models)
        full = quantised[_ORDER[i]][np.abs(symbols) == rans.LARGEST]
        excess.append(np.abs(full) - rans.LARGEST)
    tables = _pack_tables(plan)
    escapes = b""
    if any(part.any() for part in excess):
        escapes = zlib.compress(np.concatenate(excess).astype("<u2").tobytes(), 9)
    return _PARTS.pack(len(tables), len(escapes)) + tables + escapes + encoder.finish()


def _decode_band(data: bytes, rows: int, columns: int) -> NDArray[np.int32]:
    tables_length, escapes_length = _PARTS.unpack_from(data)
    start = _PARTS.size
    usual, fitted = _unpack_tables(data[start : start + tables_length])
    start += tables_length
    escapes = data[start : start + escapes_length]
    excess = np.frombuffer(zlib.decompress(escapes) if escapes else b"", "<u2")
    quantised = np.zeros((_CHANNELS, rows, columns), np.int32)
    coded = np.flatnonzero(usual != _EMPTY)
    decoder = rans.Decoder(
        data[start + escapes_length :], rans.lanes_for(coded.size * rows * columns)
    )
    contexts = _Contexts((rows, columns))
    used = 0
    for i in coded:
        symbols = decoder.get(fitted[i][contexts.current()])
        contexts.add(symbols, int(usual[i]))
        plane = symbols.astype(np.int32)
        full = np.abs(symbols) == rans.LARGEST
        count = int(full.sum())
        if count and escapes:
            more = excess[used : used + count].astype(np.int32)
            if more.size != count:
                raise rans.CorruptCode("The code lacks large coefficients.")
            plane[full] += np.sign(plane[full]) * more
            used += count
        quantised[_ORDER[i]] = plane
    return quantised


def _bands(height: int, width: int) -> list[tuple[int, int]]:
    """First and last row of every band, in pixels; whole blocks but for the last band."""
    rows = max(1, round(BAND_PIXELS / max(1, width) / BLOCK)) * BLOCK
    return [(y, min(height, y + rows)) for y in range(0, height, rows)]


def _padded(residual: NDArray[np.int16]) -> NDArray[np.float32]:
    down, across = (-n % BLOCK for n in residual.shape[:2])
    return np.pad(residual, ((0, down), (0, across), (0, 0)), mode="edge").astype(np.float32)


def _step(index: int) -> float:
    return _FINEST_STEP * 2 ** (index / _STEPS_PER_OCTAVE)


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
    for band in coefficients:
        plan = _plan(_quantise(band, _step(index)))
        lanes = rans.lanes_for(sum(symbols.size for symbols, _ in plan.planes))
        length += _PARTS.size + len(_pack_tables(plan)) + plan.bits / 8 + 4 * lanes
    return length


def _encode_at(
    coefficients: list[NDArray[np.float32]],
    index: int,
    size: tuple[int, int],
    capacity: int,
) -> tuple[bytes, list[NDArray[np.int16]]] | None:
    """The code at one step, and what it codes; None where it does not fit."""
    codes, quantised = [], []
    length = header_size(*size)
    for band in coefficients:
        symbols = _quantise(band, _step(index))
        codes.append(_encode_band(symbols))
        quantised.append(symbols.astype(np.int16))  # at most 255 * 8 * sqrt(3) / 0.25 = 14,133
        length += len(codes[-1])
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
        if sum(_plan(_quantise(band, _step(middle))).bits for band in sample) <= bits * share:
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
    for (first, last), (length, crc) in zip(_bands(height, width), records, strict=True):
        code = data[start : start + length]
        start += length
        if len(code) != length or zlib.crc32(code) != crc:
            continue
        rows, columns = -(-(last - first) // BLOCK), -(-width // BLOCK)
        try:
            quantised = _decode_band(code, rows, columns)
        except (ValueError, zlib.error, struct.error):
            continue
        residual[first:last] = _reconstruct(quantised, _step(index))[: last - first, :width]
    return residual


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
