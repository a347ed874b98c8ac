"""A tile's message in its carriers, spread over it by a syndrome-trellis code."""

from __future__ import annotations

import functools
import math
from collections.abc import Sequence
from typing import TypeVar

import numpy as np
from numpy.typing import NDArray

from models.coding import syndrome_trellis
from models.coding.syndrome_trellis import WIDEST, Segment
from models.containers.coefficients import Planes
from models.containers.jpeg.layout import Area, Cut, Grid

_T = TypeVar("_T", bound=np.generic)

SEGMENTS = 16
"""Into so many parts a tile's message is cut, coded side by side."""


def gathered(planes: Sequence[NDArray[_T]], grid: Grid, area: Area, cut: Cut) -> NDArray[_T]:
    """A tile's carriers, one after the other in the order in which they are used."""
    parts = []
    for plane, values in enumerate(planes):
        blocks = values[grid.blocks(plane, area)]
        flat = blocks.reshape(-1, 64)
        parts.append(flat[:, cut.places(plane)].T.reshape(-1))
    every = np.concatenate(parts)
    return every[_order(every.size)]


def scatter(
    changed: NDArray[np.bool_],
    planes: Sequence[NDArray[np.bool_]],
    grid: Grid,
    area: Area,
    cut: Cut,
) -> None:
    """Back from `gathered`, into `planes`."""
    every = np.empty_like(changed)
    every[_order(changed.size)] = changed
    start = 0
    for plane, values in enumerate(planes):
        places = cut.places(plane)
        blocks = values[grid.blocks(plane, area)]
        size = blocks.shape[0] * blocks.shape[1] * places.size
        flat = blocks.reshape(*blocks.shape[:2], 64)  # a copy: `blocks` is a part of a plane
        part = every[start : start + size].reshape(places.size, *blocks.shape[:2])
        flat[:, :, places] = part.transpose(1, 2, 0)
        blocks[...] = flat.reshape(blocks.shape)
        start += size


@functools.lru_cache(maxsize=64)
def _order(count: int) -> NDArray[np.int64]:
    """The numbers 0..count-1, neighbours far apart: steps of the golden section."""
    stride = max(1, int(count * (math.sqrt(5) - 1) / 2))
    while math.gcd(stride, count) != 1:
        stride += 1
    return np.arange(count, dtype=np.int64) * stride % max(1, count)


def segments_of(carriers: int, bits: int) -> list[tuple[int, int]] | None:
    """How a message is cut: of each segment the carriers for a bit and the bits; None: no room.

    All segments have the same number of carriers; the first ones hold a little more than the
    others, so that hardly any carrier is left over.
    """
    each = carriers // SEGMENTS
    wide = min(WIDEST, carriers // max(1, bits))
    while wide > 1 and SEGMENTS * (each // wide) < bits:
        wide -= 1
    if wide < 1:
        return None
    more, less = each // wide, each // min(WIDEST, wide + 1)
    narrow = SEGMENTS
    if more > less:
        narrow = min(SEGMENTS, max(0, -(-(bits - SEGMENTS * less) // (more - less))))
    result, left = [], bits
    for place in range(SEGMENTS):
        width = wide if place < narrow else min(WIDEST, wide + 1)
        result.append((width, min(left, each // width)))
        left -= result[-1][1]
    return None if left else result


def segments(
    bits: NDArray[np.uint8],
    parities: NDArray[np.uint8],
    costs: NDArray[np.float32],
    plan: list[tuple[int, int]],
) -> list[Segment]:
    each, start, result = costs.size // SEGMENTS, 0, []
    for place, (width, count) in enumerate(plan):
        part = slice(place * each, (place + 1) * each)
        result.append(Segment(bits[start : start + count], parities[part], costs[part], width))
        start += count
    return result


def read(planes: Planes, grid: Grid, area: Area, cut: Cut, size: int) -> bytes:
    """A tile's message of that many bytes; empty where there is no room for it."""
    every = gathered(planes, grid, area, cut)
    parities = (every & 1).astype(np.uint8)
    plan = segments_of(parities.size, 8 * size)
    if plan is None:
        return b""
    each = parities.size // SEGMENTS
    parts = [
        syndrome_trellis.syndrome(parities[place * each : (place + 1) * each], width, count)
        for place, (width, count) in enumerate(plan)
    ]
    return np.packbits(np.concatenate(parts)).tobytes()
