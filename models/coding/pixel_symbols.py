"""Bits in the levels of pixels: each pixel carries one symbol in where its colour stands.

Of a symbol of n bits there are 2**n values, and the value of a colour (r, g, b), in levels, is
(r + p g + q b) mod 2**n: near every colour there is one of every value. So a pixel is moved to the
nearest colour that has the value to be written; p and q are chosen so that the way is short on
average. What a pixel may be moved to does not depend on anything but its own colour, and the reader
needs the container alone. (Perfect codes over the integers, as in the "exploiting modification
direction" of Zhang and Wang 2006, in three dimensions.)

    bits per pixel                                3      4      5      6      7
    added squared error per sample, levels²    0.33   0.50   0.80   1.27   2.01
"""

from __future__ import annotations

import functools
import itertools

import numpy as np
from numpy.typing import NDArray

FACTORS = {3: (1, 2, 3), 4: (1, 2, 6), 5: (1, 4, 10), 6: (1, 7, 18), 7: (1, 10, 25)}
"""1, p and q, by the bits of a symbol."""

_FARTHEST = 6  # levels that a sample may be moved by


@functools.cache
def moves(bits: int) -> NDArray[np.int16]:
    """By how many levels to move a colour, by how much its value has to rise, nearest first.

    Returns:
        2**bits x ways x 3. The first ways are as short as any; the later ones are for colours near
        black or white, where the first would leave 0..255.
    """
    reach = range(-_FARTHEST, _FARTHEST + 1)
    steps = np.array(list(itertools.product(reach, reach, reach)), np.int16)
    steps = steps[np.argsort(np.square(steps).sum(1), kind="stable")]
    rises = steps @ np.array(FACTORS[bits], np.int16) % (1 << bits)
    by_rise = np.argsort(rises, kind="stable")
    each = np.bincount(rises)
    starts = np.cumsum(each) - each
    return np.stack([steps[by_rise[s : s + each.min()]] for s in starts])


def error(bits: int) -> float:
    """Mean squared error per sample, in levels², that symbols of `bits` add to a picture."""
    return float(np.square(moves(bits)[:, 0].astype(np.float64)).mean())


def read(colours: NDArray[np.uint8], bits: int) -> NDArray[np.uint8]:
    """The values of N x 3 colours; N of them."""
    planes = colours.T
    value = planes[0].copy()
    for factor, plane in zip(FACTORS[bits][1:], planes[1:], strict=True):
        value += plane * np.uint8(factor)  # modulo 256, of which 2**bits is a divisor
    found: NDArray[np.uint8] = value & np.uint8((1 << bits) - 1)
    return found


def write(colours: NDArray[np.uint8], values: NDArray[np.uint8], bits: int) -> NDArray[np.uint8]:
    """The colours nearest to given ones that have given values.

    Args:
        colours: N x 3.
        values: N, below 2**bits.
        bits: of a symbol.
    """
    ways = moves(bits)
    rises = (values - read(colours, bits)) & np.uint8((1 << bits) - 1)
    moved: NDArray[np.int16] = colours + ways[rises, 0]
    wrong = np.flatnonzero(((moved < 0) | (moved > 255)).any(axis=1))
    way = 0
    while wrong.size:
        way += 1
        moved[wrong] = colours[wrong] + ways[rises[wrong], way]
        wrong = wrong[((moved[wrong] < 0) | (moved[wrong] > 255)).any(axis=1)]
    written: NDArray[np.uint8] = moved.astype(np.uint8)
    return written


def with_random(
    colours: NDArray[np.uint8], bits: int, rng: np.random.Generator
) -> NDArray[np.uint8]:
    """Colours (... x 3) as they are when they carry whatever symbols of so many bits."""
    flat = colours.reshape(-1, 3)
    values = rng.integers(0, 1 << bits, len(flat), np.uint8)
    return write(flat, values, bits).reshape(colours.shape)
