"""Parity-check matrices: how long frames are, and which bits each check meets."""

from __future__ import annotations

import functools
from dataclasses import dataclass

import numpy as np

from models.coding.random_streams import Purpose, Stream

COLUMNS = 32
"""Columns of circulants; a frame is that many times as long as a circulant."""

FRAME = 4096
"""About how many channel bits a frame has."""

PARITY_ROWS = (24, 21, 19, 17, 15, 13, 11, 9, 7, 6, 5, 4, 3)
"""Rows of circulants of each rate, from the strongest code to the weakest."""

RATES = tuple(1 - rows / COLUMNS for rows in PARITY_ROWS)
"""Message bits per channel bit."""


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
class Code:
    """For every row of circulants the columns it meets and the circulants' shifts, message part."""

    rows: tuple[tuple[tuple[int, int], ...], ...]
    message_columns: int


@functools.lru_cache(maxsize=64)
def code_of(rate: int, side: int) -> Code:
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
    return Code(tuple(tuple(row) for row in rows), message_columns)


def edges_of(rate: int, side: int) -> list[list[tuple[int, int]]]:
    """For every row of circulants all columns that it meets and the shifts.

    The last edge of the first row has none at its first check: the accumulator starts from zero.
    """
    code = code_of(rate, side)
    first = code.message_columns
    return [
        [*places, (first + row, 0), (first + row - 1, 0) if row else (COLUMNS - 1, side - 1)]
        for row, places in enumerate(code.rows)
    ]
