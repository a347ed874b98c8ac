"""Error correction: low-density parity-check codes of any length and of thirteen rates.

Irregular repeat-accumulate codes (Gallager 1963; Jin, Khandekar and McEliece 2000) in quasi-cyclic
form: the parity-check matrix is an array of circulant permutations, `COLUMNS` wide, whose shifts
are drawn so that no two rows meet twice. The parity bits form one long accumulator, so encoding is
a running sum. Decoding is layered normalised min-sum belief propagation (Hocevar 2004; Chen and
Fossorier 2002); soft input, all frames of a message side by side.
"""

from __future__ import annotations

import functools
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from models.coding.random_streams import Purpose, Stream

COLUMNS = 32
"""Columns of circulants; a frame is that many times as long as a circulant."""

FRAME = 4096
"""About how many channel bits a frame has."""

PARITY_ROWS = (24, 21, 19, 17, 15, 13, 11, 9, 7, 6, 5, 4, 3)
"""Rows of circulants of each rate, from the strongest code to the weakest."""

RATES = tuple(1 - rows / COLUMNS for rows in PARITY_ROWS)
"""Message bits per channel bit."""

_ITERATIONS = 40
_NORMALISATION = np.float32(0.8)
_CERTAIN = np.float32(1e6)
_TOGETHER = 32  # frames, as many as the processor's cache holds
_AT_FIRST = 8  # frames on which a rate is tried before others


@dataclass(frozen=True)
class Shape:
    """How a number of channel bits is cut into frames; the rest is left over.

    Attributes:
        frames: how many.
        side: of the circulants.
    """

    frames: int
    side: int

    @staticmethod
    def of(channel_bits: int) -> Shape:
        """Frames of about `FRAME` channel bits."""
        frames = max(1, round(channel_bits / FRAME))
        return Shape(frames, channel_bits // frames // COLUMNS)

    @property
    def frame_bits(self) -> int:
        """Channel bits of a frame."""
        return self.side * COLUMNS


def capacity(channel_bits: int, rate: int) -> int:
    """Whole bytes of message that fit into that many channel bits; `rate` indexes `RATES`."""
    shape = Shape.of(channel_bits)
    return shape.frames * shape.side * (COLUMNS - PARITY_ROWS[rate]) // 8


@dataclass(frozen=True, eq=False)
class _Code:
    """For every row of circulants the columns it meets and the circulants' shifts, message part."""

    rows: tuple[tuple[tuple[int, int], ...], ...]
    message_columns: int


@functools.lru_cache(maxsize=64)
def _code(rate: int, side: int) -> _Code:
    """Columns of degree 3, some of degree 6, spread evenly over the rows; no cycles of length 4
    where a few hundred draws find a way without."""
    height = PARITY_ROWS[rate]
    message_columns = COLUMNS - height
    random = Stream(Purpose.LDPC_MATRIX, rate << 32 | side)
    share = 0.4 if height > 14 else 0.25 if height > 8 else 0.0
    heavy = round(share * message_columns)
    load = np.zeros(height, np.int64)
    rows: list[list[tuple[int, int]]] = [[] for _ in range(height)]
    # Differences of shifts at which two rows meet already: first the accumulator's.
    met: dict[tuple[int, int], set[int]] = {}
    for row in range(1, height):
        met[row - 1, row] = {0}
    met.setdefault((0, height - 1), set()).add(side - 1)
    for column in range(message_columns):
        degree = min(height, 6 if column < heavy else 3)
        best: tuple[int, list[tuple[int, int]]] | None = None
        for _ in range(200):
            # Rows with little load first, at random within one and a half.
            costs = (load << 32) + 3 * random.integers(1 << 31, height)
            chosen = sorted(np.argsort(costs, kind="stable")[:degree].tolist())
            shifts = random.integers(side, degree).tolist()
            placed = list(zip(chosen, shifts, strict=True))
            pairs = [(a, b) for i, a in enumerate(placed) for b in placed[i + 1 :]]
            cycles = sum((b[1] - a[1]) % side in met.get((a[0], b[0]), ()) for a, b in pairs)
            if best is None or cycles < best[0]:
                best = cycles, placed
            if cycles == 0:
                break
        assert best is not None
        placed = best[1]
        for i, (row, shift) in enumerate(placed):
            rows[row].append((column, shift))
            load[row] += 1
            for other, other_shift in placed[i + 1 :]:
                met.setdefault((row, other), set()).add((other_shift - shift) % side)
    return _Code(tuple(tuple(row) for row in rows), message_columns)


@functools.cache
def _whitening(bits: int) -> NDArray[np.uint8]:
    """Fixed pseudo-random bits: without them a run of zeros would put a pattern into skies."""
    return Stream(Purpose.LDPC_WHITENING).bits(bits)


def encode(message: bytes, channel_bits: int, rate: int) -> NDArray[np.uint8]:
    """Channel bits of a message.

    Args:
        message: at most `capacity` bytes; zeros are appended.
        channel_bits: how many there are to be filled; what is left over is pseudo-random.
        rate: index into `RATES`.

    Returns:
        `channel_bits` values 0 or 1.

    Raises:
        ValueError: for a message that does not fit.
    """
    if len(message) > capacity(channel_bits, rate):
        raise ValueError(f"{len(message)} bytes do not fit into {channel_bits} channel bits.")
    shape, height = Shape.of(channel_bits), PARITY_ROWS[rate]
    channel = Stream(Purpose.LDPC_PADDING).bits(channel_bits)
    if shape.side == 0:
        return channel
    code = _code(rate, shape.side)
    per_frame = shape.side * code.message_columns
    bits = np.zeros(shape.frames * per_frame, np.uint8)
    unpacked = np.unpackbits(np.frombuffer(message, np.uint8))
    bits[: unpacked.size] = unpacked
    framed = bits.reshape(shape.frames, per_frame) ^ _whitening(per_frame)
    columns = framed.reshape(shape.frames, code.message_columns, shape.side)
    sums = np.zeros((shape.frames, shape.side, height), np.uint8)
    for row, places in enumerate(code.rows):
        for column, shift in places:
            sums[:, :, row] ^= np.roll(columns[:, column], -shift, axis=1)
    parity = np.bitwise_xor.accumulate(sums.reshape(shape.frames, -1), axis=1)
    parity = parity.reshape(shape.frames, shape.side, height).transpose(0, 2, 1)
    coded = np.concatenate([columns, parity], axis=1)
    channel[: coded.size] = coded.reshape(-1)
    return channel


def decode(soft: NDArray[np.generic], rate: int, wanted: int | None = None) -> bytes:
    """The likely message.

    Args:
        soft: one value per channel bit, as many as when encoding: positive for 0, negative for 1,
            magnitude for certainty.
        rate: index into `RATES`.
        wanted: how many bytes from its start are wanted; None: all.

    Returns:
        `capacity` bytes, or at least as many as are wanted; what could not be corrected is wrong.
    """
    shape, message_columns = Shape.of(soft.size), COLUMNS - PARITY_ROWS[rate]
    per_frame = shape.side * message_columns
    if per_frame == 0:
        return b""
    frames = shape.frames
    if wanted is not None:
        frames = min(frames, -(-8 * wanted // per_frame))
    bits = np.empty((frames, per_frame), np.uint8)
    for start in range(0, frames, _TOGETHER):
        stop = min(start + _TOGETHER, frames)
        some = soft[start * shape.frame_bits : stop * shape.frame_bits]
        received = some.reshape(-1, COLUMNS, shape.side).astype(np.float32)
        bits[start:stop] = correct(received, rate)[0].reshape(-1, per_frame)
    bits ^= _whitening(per_frame)
    return np.packbits(bits)[: bits.size // 8].tobytes()


def likeliest_rates(soft: NDArray[np.generic]) -> list[int]:
    """All rates, the one that channel bits were probably coded at first.

    Bits of another code satisfy half of the checks, the code's own bits more, in spite of errors.

    Args:
        soft: see `decode`.
    """
    shape = Shape.of(soft.size)
    if shape.side == 0:
        return list(range(len(RATES)))
    some = soft[: min(shape.frames, 4) * shape.frame_bits].astype(np.float32)
    framed = some.reshape(-1, COLUMNS, shape.side)
    bits = np.ascontiguousarray((framed < 0).transpose(1, 2, 0))
    surprises = []
    for rate in range(len(RATES)):
        satisfied = checks = 0
        for places in _edges(rate, shape.side):
            odd = np.zeros(bits.shape[1:], bool)
            for column, shift in places:
                odd ^= np.concatenate((bits[column, shift:], bits[column, :shift]))
            satisfied += odd.size - int(odd.sum())
            checks += odd.size
        surprises.append((satisfied - checks / 2) / checks**0.5)
    return sorted(range(len(RATES)), key=lambda rate: -surprises[rate])


def highest_rate(soft: NDArray[np.generic], sent: NDArray[np.uint8], frames: int = 48) -> int:
    """The weakest code that gets through a channel; -1 where none does.

    Codes are linear: that random bits would have been the code word of zeros is only a matter of
    signs.

    Args:
        soft: as read, one value per channel bit.
        sent: the random bits that were sent.
        frames: how many are tried at most; where there are more, a rate less is taken.
    """
    shape = Shape.of(soft.size)
    count = min(frames, shape.frames)
    if shape.side == 0:
        return -1
    used = slice(0, count * shape.frame_bits)
    signs = 1 - 2 * sent[used].astype(np.float32)
    received = (soft[used].astype(np.float32) * signs).reshape(count, COLUMNS, shape.side)
    most = _information(received)
    for rate in range(len(RATES) - 1, -1, -1):
        if RATES[rate] > most:
            continue  # no code gets through
        if not any(
            correct(received[start : start + _AT_FIRST], rate)[0].any()
            for start in range(0, count, _AT_FIRST)
        ):
            return max(0, rate - 1) if count < shape.frames else rate
    return -1


def _information(received: NDArray[np.float32]) -> float:
    """Bits that one of these values tells about the bit that was sent, 0 (here: positive) or 1."""
    levels, inverse = np.unique(np.abs(received), return_inverse=True)
    inverse = inverse.reshape(received.shape)
    every = np.bincount(inverse.ravel(), minlength=levels.size)
    wrong = np.bincount(inverse[received < 0], minlength=levels.size) / every
    wrong[levels == 0] = 0.5
    p = np.clip(np.stack([wrong, 1 - wrong]), 1e-12, 1)
    return float((every * (1 + (p * np.log2(p)).sum(axis=0))).sum() / received.size)


def _edges(rate: int, side: int) -> list[list[tuple[int, int]]]:
    """For every row of circulants all columns that it meets and the shifts.

    The last edge of the first row has none at its first check: the accumulator starts from zero.
    """
    code = _code(rate, side)
    first = code.message_columns
    return [
        [*places, (first + row, 0), (first + row - 1, 0) if row else (COLUMNS - 1, side - 1)]
        for row, places in enumerate(code.rows)
    ]


def correct(
    received: NDArray[np.float32], rate: int
) -> tuple[NDArray[np.uint8], NDArray[np.bool_]]:
    """Belief propagation.

    Args:
        received: frames x `COLUMNS` x side, see `decode`.
        rate: index into `RATES`.

    Returns:
        frames x message columns x side bits (still whitened), and for each frame whether they
        satisfy the code.
    """
    frames, _, side = received.shape
    edges = _edges(rate, side)
    message_columns = COLUMNS - len(edges)
    result = np.empty((frames, message_columns, side), np.uint8)
    valid = np.zeros(frames, bool)
    active = np.arange(frames)
    # Frames last, so that rolling moves two pieces. No zero is negative from here on.
    start = received.transpose(1, 2, 0) + np.float32(0)
    # The accumulator's last bit is in one check only, which could never overrule it.
    start[-1, -1] = 0
    # A column's belief stays as the last row left it, rolled by that row's shift.
    belief = [(column, 0) for column in start]
    told = [np.zeros((len(row), side, frames), np.float32) for row in edges]
    seen = [np.empty_like(t) for t in told]
    work = np.empty((max(len(row) for row in edges), side, frames), np.float32)
    for _ in range(_ITERATIONS):
        odd = np.zeros((side, active.size), np.int32)
        for row, places in enumerate(edges):
            ours = seen[row]
            for place, (column, shift) in zip(ours, places, strict=True):
                values, rolled = belief[column]
                rest = (shift - rolled) % side
                np.concatenate((values[rest:], values[:rest]), out=place)
                belief[column] = place, shift
            if row == 0:
                kept = ours[-1, 0].copy()
                ours[-1, 0] = _CERTAIN  # the accumulator starts from zero
            odd |= np.bitwise_xor.reduce(ours.view(np.int32), axis=0)
            ours -= told[row]
            _tell(ours, told[row], work[: len(places)])
            ours += told[row]
            if row == 0:
                ours[-1, 0] = kept
        satisfied = (odd >= 0).all(axis=0) & ~valid[active]
        if satisfied.any():
            done = active[satisfied]
            _decide(belief, satisfied, done, result)
            valid[done] = True
            left = ~valid[active]
            if not left.any():
                return result, valid
            if left.sum() <= 0.75 * active.size:  # moving the rest costs something, too
                active = active[left]
                belief = [(values[:, left], rolled) for values, rolled in belief]
                told = [t[:, :, left] for t in told]
                seen = [np.empty_like(t) for t in told]
                work = np.empty((*work.shape[:2], active.size), np.float32)
    left = ~valid[active]
    if left.any():
        _decide(belief, left, active[left], result)
    return result, valid


def _decide(
    belief: list[tuple[NDArray[np.float32], int]],
    which: NDArray[np.bool_],
    frames: NDArray[np.int64],
    result: NDArray[np.uint8],
) -> None:
    """Write the message bits of some frames."""
    for column in range(result.shape[1]):
        values, rolled = belief[column]
        bits = values[:, which] < 0
        result[frames, column] = np.roll(bits, rolled, axis=0).T


_SIGN = np.int32(-(2**31))


def _tell(seen: NDArray[np.float32], told: NDArray[np.float32], work: NDArray[np.float32]) -> None:
    """What a check tells each of its bits from what the others think: edges x side x frames."""
    np.abs(seen, out=work)
    # The smallest of the others: of those before and of those behind.
    count = len(seen)
    told[1] = work[0]
    for i in range(2, count):
        np.minimum(told[i - 1], work[i - 1], out=told[i])
    for i in range(count - 2, 0, -1):
        np.minimum(work[i], work[i + 1], out=work[i])
    np.minimum(told[1:-1], work[2:], out=told[1:-1])
    told[0] = work[1]
    told *= _NORMALISATION
    signs, bits = work.view(np.int32), seen.view(np.int32)
    np.bitwise_xor(bits, np.bitwise_xor.reduce(bits, axis=0), out=signs)
    signs &= _SIGN
    told.view(np.int32)[...] |= signs
