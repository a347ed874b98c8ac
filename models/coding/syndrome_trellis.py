"""Syndrome-trellis codes: bits in carriers of which as little as possible is changed.

A message is the syndrome of the carriers' parities under a sparse band matrix; among all parities
with that syndrome the Viterbi algorithm finds those whose changes cost least (Filler, Judas and
Fridrich, "Minimizing additive distortion in steganography using syndrome-trellis codes", IEEE
TIFS 6, 2011). The reader needs to know neither costs nor places of the changes. A carrier may cost
anything: nothing, less than nothing (then it is rather changed), or infinitely much.

The matrix repeats a submatrix of `HEIGHT` rows and `width` columns, a row further down each time,
so that a bit takes `width` carriers. Segments are coded each on its own, many side by side.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

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

_STATES = 1 << HEIGHT
_TOGETHER = 128  # segments whose states fit into the processor's cache
_IMPOSSIBLE = np.float32(1e18)


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
    """The submatrix for a width of 1..`WIDEST`, a number of `HEIGHT` bits for each column."""
    if width in _COLUMNS:
        return _COLUMNS[width]
    return tuple(65 + 2 * ((2 * i + 1) * 16 // width) for i in range(width))


def syndrome(parities: NDArray[np.uint8], width: int, bits: int) -> NDArray[np.uint8]:
    """The message in a segment's parities (one value 0 or 1 each): `bits` values 0 or 1."""
    blocks = parities[: bits * width].reshape(bits, width)
    result = np.zeros(bits, np.uint8)
    for row in range(min(HEIGHT, bits)):
        taken = [place for place, column in enumerate(columns(width)) if column >> row & 1]
        result[row:] ^= np.bitwise_xor.reduce(blocks[: bits - row, taken], axis=1)
    return result


def changes(segments: Sequence[Segment]) -> list[NDArray[np.bool_]]:
    """Which carriers of each segment have to be changed for it to say its message."""
    result = [np.zeros(s.parities.size, bool) for s in segments]
    by_width: dict[int, list[int]] = {}
    for place, segment in enumerate(segments):
        if segment.bits.size:
            by_width.setdefault(segment.width, []).append(place)
    for places in by_width.values():
        places.sort(key=lambda place: -segments[place].bits.size)
        for start in range(0, len(places), _TOGETHER):
            some = places[start : start + _TOGETHER]
            for place, found in zip(some, _viterbi([segments[p] for p in some]), strict=True):
                result[place][: found.size] = found
    return result


def _viterbi(segments: Sequence[Segment]) -> list[NDArray[np.bool_]]:
    """Of segments of one width, the longest first."""
    width, count = segments[0].width, len(segments)
    lengths = np.array([s.bits.size for s in segments])
    longest = int(lengths[0])
    wanted = np.zeros((longest, count), bool)
    costs = np.zeros((longest * width, count), np.float32)
    for place, segment in enumerate(segments):
        size = segment.bits.size
        missing = segment.bits ^ syndrome(segment.parities, width, size)
        wanted[:size, place] = missing
        costs[: size * width, place] = segment.costs[: size * width]
    np.minimum(costs, _IMPOSSIBLE, out=costs)
    # From where a change comes in each state, and which states the message leaves.
    numbers = np.arange(_STATES)
    origins = [numbers ^ column for column in columns(width)]
    changed = np.empty((longest * width, _STATES, count), bool)
    best = np.full((_STATES, count), np.inf, np.float32)
    best[0] = 0
    other = np.empty_like(best)
    ends = np.empty(count, np.intp)
    active = count
    for block in range(longest):
        while lengths[active - 1] == block:
            active -= 1
            ends[active] = best[:, active].argmin()
        now, then = best[:, :active], other[:, :active]
        for place in range(width):
            step = block * width + place
            np.take(now, origins[place], axis=0, out=then, mode="clip")
            then += costs[step, :active]
            np.less(then, now, out=changed[step, :, :active])
            np.minimum(then, now, out=now)
        pairs = now.reshape(_STATES // 2, 2, active)
        then[: _STATES // 2] = np.where(wanted[block, :active], pairs[:, 1], pairs[:, 0])
        then[_STATES // 2 :] = np.inf
        best, other = other, best
    ends[:active] = best[:, :active].argmin(axis=0)
    return _traced(changed, wanted, lengths, ends, width)


def _traced(
    changed: NDArray[np.bool_],
    wanted: NDArray[np.bool_],
    lengths: NDArray[np.int64],
    ends: NDArray[np.intp],
    width: int,
) -> list[NDArray[np.bool_]]:
    """Back along the best paths."""
    longest, count = wanted.shape
    found = np.zeros((longest * width, count), bool)
    state = ends.copy()
    flips = np.array(columns(width))
    active = 0
    for block in range(longest - 1, -1, -1):
        while active < count and lengths[active] > block:
            active += 1
        ours = np.arange(active)
        now = state[:active] * 2 + wanted[block, :active]
        for place in range(width - 1, -1, -1):
            step = block * width + place
            taken = changed[step, now, ours]
            found[step, :active] = taken
            now ^= np.where(taken, flips[place], 0)
        state[:active] = now
    return [found[: lengths[place] * width, place] for place in range(count)]
