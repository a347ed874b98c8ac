"""Syndrome-trellis codes: bits in carriers of which as little as possible is changed.

A message is the syndrome of the carriers' parities under a sparse band matrix; among all parities
with that syndrome the Viterbi algorithm finds those whose changes cost least (Filler, Judas and
Fridrich, "Minimizing additive distortion in steganography using syndrome-trellis codes", IEEE
TIFS 6, 2011). The reader needs to know neither costs nor places of the changes. A carrier may cost
anything: nothing, less than nothing (then it is rather changed), or infinitely much.

The matrix repeats a submatrix of `HEIGHT` rows and `width` columns, a row further down each time,
so that a bit takes `width` carriers. Segments are coded each on its own, many side by side, with
costs that are rounded to integers of 16 bits, which costs less than 0.3 % more and is four times
as fast.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TypeVar

import numpy as np
from numpy.typing import NDArray

from models import parallel

_T = TypeVar("_T", bound=np.generic)

HEIGHT = 7
"""Rows of the submatrix; 2**HEIGHT states. Changes cost 16 to 27 % more than the theoretical
least for carriers whose costs are spread evenly; one row more gains 2 % and doubles the time."""

WIDEST = 20
"""Carriers for a bit at most."""

# Published with the paper's code; a column's lowest bit is its first row.
_COLUMNS = {
    1: (127,),
    2: (71, 109),
    3: (95, 101, 121),
    4: (81, 95, 107, 121),
    5: (75, 95, 97, 105, 117),
    6: (73, 83, 95, 103, 109, 123),
    7: (69, 77, 93, 107, 111, 115, 121),
}

_STATES = 1 << (HEIGHT - 1)
"""Between two bits: which of the next rows are odd."""

_TOGETHER = 512  # segments: their states fit into the processor's cache
_OFTEN = 4  # blocks after which sums of costs are taken back to zero
_USUAL, _MOST = 100, 2000  # of a segment's costs, as integers
_SAMPLED, _SHARE = 500, 1.0
_FALSE_START = 12_000
_WORST = 20_000


@dataclass(frozen=True, eq=False)
class Segment:
    """What is to be coded.

    Attributes:
        bits: the message, uint8 values 0 or 1.
        parities: of the carriers, uint8 0 or 1: `width` times as many; further ones stay as they
            are.
        costs: of changing each carrier, float32.
        width: carriers for a bit, 1..`WIDEST`.
    """

    bits: NDArray[np.uint8]
    parities: NDArray[np.uint8]
    costs: NDArray[np.float32]
    width: int


def columns(width: int) -> tuple[int, ...]:
    """The submatrix for a width of 1..`WIDEST`, a number of `HEIGHT` bits for each column.

    The highest and the lowest of them are always set.
    """
    if width in _COLUMNS:
        return _COLUMNS[width]
    return tuple(65 + 2 * ((2 * i + 1) * 16 // width) for i in range(width))


def syndrome(parities: NDArray[np.uint8], width: int, bits: int) -> NDArray[np.uint8]:
    """The message in a segment's parities (one value 0 or 1 each): `bits` values 0 or 1."""
    blocks = parities[: bits * width].reshape(bits, width)
    rows = np.zeros(bits, np.uint8)  # of the syndrome, from each bit's own on
    for place, column in enumerate(columns(width)):
        rows ^= blocks[:, place] * np.uint8(column)
    result = np.asarray(rows & 1, np.uint8)
    for row in range(1, min(HEIGHT, bits)):
        rows >>= 1
        result[row:] ^= rows[: bits - row] & 1
    return result


def changes(segments: Sequence[Segment]) -> list[NDArray[np.bool_]]:
    """Which carriers of each segment have to be changed for it to say its message."""
    result = [np.zeros(s.parities.size, bool) for s in segments]
    by_width: dict[int, list[int]] = {}
    for place, segment in enumerate(segments):
        if segment.bits.size:
            by_width.setdefault(segment.width, []).append(place)
    together: list[list[int]] = []
    for places in by_width.values():
        places.sort(key=lambda place: -segments[place].bits.size)
        together += [places[band] for band in parallel.bands(len(places), _TOGETHER)]

    def change(places: list[int]) -> None:
        for place, found in zip(places, _found([segments[p] for p in places]), strict=True):
            result[place][: found.size] = found

    parallel.mapped(change, together)
    return result


def _found(segments: Sequence[Segment]) -> list[NDArray[np.bool_]]:
    """Of segments of one width, the longest first.

    One way to say the messages is easily found: by the last carrier of every bit. The Viterbi
    algorithm then looks for what is to be changed besides, without a syndrome of its own.
    """
    width, count = segments[0].width, len(segments)
    lengths = np.array([s.bits.size for s in segments])
    longest = int(lengths[0])
    costs = np.zeros((-(-count // 8) * 8, longest * width), np.float32)
    start = np.zeros((count, longest, width), bool)
    missing = np.zeros((longest, count), np.uint8)
    scales = np.ones((costs.shape[0], 1), np.float32)
    for place, segment in enumerate(segments):
        bits, size = segment.bits.size, segment.bits.size * width
        cheap = segment.costs[:size] < 0
        start[place, :bits] = cheap.reshape(bits, width)
        missing[:bits, place] = segment.bits ^ syndrome(
            segment.parities[:size] ^ cheap, width, bits
        )
        np.abs(segment.costs[:size], out=costs[place, :size])
        scales[place] = _USUAL / max(1e-30, _usual(costs[place, :size], width))
    last = _by_last_carriers(missing, columns(width)[-1]).T
    start[:, :, -1] ^= last
    if width > 1:
        costs *= scales
        np.minimum(costs, _MOST, out=costs)
        whole = np.rint(costs).astype(np.int16)
        np.negative(
            whole[:count, width - 1 :: width], where=last, out=whole[:count, width - 1 :: width]
        )
        found, sound = _viterbi(np.ascontiguousarray(whole.T), lengths, width)
        if not sound.all():
            some = np.flatnonzero(~sound)
            again = np.zeros((-(-some.size // 8) * 8, costs.shape[1]), np.float32)
            again[: some.size] = whole[some]
            found[:, some] = _viterbi(np.ascontiguousarray(again.T), lengths[some], width)[0]
        start ^= found.T.reshape(start.shape)
    return [start[place].reshape(-1)[: lengths[place] * width] for place in range(count)]


def _usual(costs: NDArray[np.float32], width: int) -> float:
    """About what the dearest changes will cost: one change serves about two bits."""
    some = costs[:: max(1, costs.size // _SAMPLED)]
    place = min(some.size - 1, int(some.size * _SHARE / width))
    return float(np.partition(some, place)[place])


def _by_last_carriers(missing: NDArray[np.uint8], column: int) -> NDArray[np.bool_]:
    """Which bits' last carriers to change to say what is missing; bits x segments both."""
    result = np.empty(missing.shape, bool)
    rows = np.zeros(missing.shape[1], np.uint8)  # of the syndrome, from the bit's own on
    for bit, wanted in enumerate(missing):
        odd = (rows ^ wanted) & 1
        result[bit] = odd
        rows ^= odd * np.uint8(column)
        rows >>= 1
    return result


def _viterbi(
    costs: NDArray[np.int16] | NDArray[np.float32], lengths: NDArray[np.int64], width: int
) -> tuple[NDArray[np.bool_], NDArray[np.bool_]]:
    """Which carriers are changed, all rows of the syndrome staying even; and where that is true.

    Args:
        costs: carriers x segments, whose number is filled up to a multiple of 8.
        lengths: bits of each segment, the most first.
        width: 2 at least.

    Returns:
        Carriers x segments; and for each segment whether its path is one: sums of costs in
        integers are cut off where they become too large.
    """
    count, longest = lengths.size, int(lengths[0])
    room = costs.shape[1]
    exact = costs.dtype == np.float32
    flips = columns(width)
    now, other = (np.empty((2 * _STATES, room), costs.dtype) for _ in range(2))
    now[0], now[1:_STATES] = 0, 1e9 if exact else _FALSE_START
    flags = np.empty(2 * _STATES * room, bool)
    # Whether a change leads to each state; after the first carrier of a bit it does to all above
    # `_STATES`, after the last one only even states are left.
    between = np.empty((longest, width - 2, 2 * _STATES * room // 8), np.uint8)
    final = np.empty((longest, _STATES * room // 8), np.uint8)
    ends = np.empty(count, np.intp)
    lower, upper, even, odd = now[:_STATES], _cube(now[_STATES:]), now[::2], now[1::2]
    first, last = _swapped(lower, flips[0] & _STATES - 1), _swapped(odd, flips[-1] >> 1)
    middle = [_swapped(now, flip) for flip in flips[1:-1]]
    changed, half = _cube(other), other[:_STATES]
    changed_half = _cube(half)
    kept, flags_half = np.empty_like(half), flags[: half.size]
    flat = now.reshape(-1), other.reshape(-1), kept.reshape(-1), half.reshape(-1)
    done = count  # segments from this one on have ended
    for block in range(longest):
        while lengths[done - 1] == block:
            done -= 1
            ends[done] = now[:_STATES, done].argmin()
        price = costs[block * width : (block + 1) * width]
        np.add(first, price[0], out=upper)
        for place, swapped in enumerate(middle):
            np.add(swapped, price[place + 1], out=changed)
            np.less(flat[1], flat[0], out=flags)
            np.minimum(flat[1], flat[0], out=flat[0])
            between[block, place] = np.packbits(flags)
        np.copyto(kept, even)
        np.add(last, price[-1], out=changed_half)
        np.less(flat[3], flat[2], out=flags_half)
        np.minimum(half, kept, out=lower)
        final[block] = np.packbits(flags_half)
        if not exact and block % _OFTEN == _OFTEN - 1:
            lower -= lower.min(axis=0)
            np.minimum(lower, _WORST, out=lower)
    ends[:done] = now[:_STATES, :done].argmin(axis=0)
    return _traced(between, final, lengths, ends, width)


def _cube(states: NDArray[_T]) -> NDArray[_T]:
    """States x segments with an axis for every bit of a state's number."""
    bits = states.shape[0].bit_length() - 1
    return states.reshape(*(2,) * bits, states.shape[1])


def _swapped(states: NDArray[_T], flip: int) -> NDArray[_T]:
    """A view of states x segments, state s at the place of s ^ flip; axes as in `_cube`."""
    cube = _cube(states)
    bits = range(cube.ndim - 2, -1, -1)
    return cube[tuple(slice(None, None, -1 if flip >> bit & 1 else 1) for bit in bits)]


def _traced(
    between: NDArray[np.uint8],
    final: NDArray[np.uint8],
    lengths: NDArray[np.int64],
    ends: NDArray[np.intp],
    width: int,
) -> tuple[NDArray[np.bool_], NDArray[np.bool_]]:
    """Back along the best paths."""
    longest, count = len(final), lengths.size
    row = final.shape[1] // _STATES
    found = np.zeros((longest * width, count), bool)
    state = ends.copy()
    flips = columns(width)
    byte, shift = np.arange(count) // 8, (7 - np.arange(count) % 8).astype(np.uint8)
    active = 0
    for block in range(longest - 1, -1, -1):
        while active < count and lengths[active] > block:
            active += 1
        now = state[:active]
        for place in range(width - 1, -1, -1):
            if place == 0:
                taken = now >= _STATES
            else:
                flags = between[block, place - 1] if place < width - 1 else final[block]
                taken = flags[now * row + byte[:active]] >> shift[:active] & 1
            if place == width - 1:
                now = now * 2
            found[block * width + place, :active] = taken
            now = now ^ taken * flips[place]
        state[:active] = now
    return found, state == 0
