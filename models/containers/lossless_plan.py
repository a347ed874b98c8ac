"""How a lossless container is to be written: found out on samples of the picture."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from models.coding import pixel_symbols, tile_codec
from models.coding.opponent_dct import BLOCK, padded, transform
from models.coding.tile_codec import Tables
from models.containers import lossless_prediction
from models.containers.lossless_layout import (
    LAST,
    LAST_BITS,
    Carriers,
    Tile,
    is_tiny,
)
from models.containers.lossless_tables import piece_count

BITS = tuple(pixel_symbols.FACTORS)
"""What a pixel may carry."""

_FIRST_BITS = 4
_WINDOW = 128
_WINDOWS = 3, 2  # down, across
_USED = 0.95  # of the bits that there are, by codes
_TABLES = 2000  # bytes, about, unless a picture is small
_SAMPLE_PIXELS = 1 << 20
_FIRST_STEP = 40
_STEPS_TRIED = 3


def missed(photo: NDArray[np.uint8], predicted: NDArray[np.float64]) -> NDArray[np.float32]:
    """The coefficients (`opponent_dct.transform`) of what a prediction misses of a tile."""
    return transform(padded((photo - predicted).astype(np.float32)))


# -- bits of a pixel -----------------------------------------------------------------------------


def best_bits(photo: NDArray[np.uint8], look: NDArray[np.uint8]) -> int:
    """How many bits pixels should carry.

    As many as make the sum of two squared errors smallest, the container's and the restored
    photo's, in trial containers of a few windows of the picture.
    """
    costs: dict[int, float] = {}

    def cost(bits: int) -> float:
        if bits not in costs:
            costs[bits] = sum(_trial(photo, look, bits))
        return costs[bits]

    best = _FIRST_BITS
    for direction in (1, -1):
        while best + direction in BITS and cost(best + direction) < cost(best):
            best += direction
    return best


def _trial(photo: NDArray[np.uint8], look: NDArray[np.uint8], bits: int) -> tuple[float, float]:
    """Mean squared errors of container and restored photo, in levels²."""
    rng = np.random.default_rng(0)
    sent = _fitted(photo, look, bits)
    height, width = look.shape[:2]
    seen, coefficients = [], []
    for y in _starts(height, _WINDOWS[0]):
        for x in _starts(width, _WINDOWS[1]):
            window = np.s_[y : y + _WINDOW, x : x + _WINDOW]
            container = pixel_symbols.with_random(look[window], bits, rng)
            seen.append(np.square(container.astype(np.float32) - look[window]).mean())
            predicted = lossless_prediction.predict(container, sent)
            coefficients.append(missed(photo[window], predicted))
    room = _USED * bits / 3 * sum(c.size for c in coefficients)
    step, _, taken = step_for(coefficients, room)
    size = np.float32(tile_codec.step_size(step))
    lost = [np.square(c - tile_codec.quantise(c, step) * size).mean() for c in coefficients]
    # What is left over makes it finer; in the end it is rounded to levels.
    finer = 4.0 ** ((taken - room) / sum(c.size for c in coefficients))
    return float(np.mean(seen)), float(np.mean(lost)) * finer + 1 / 12


def _starts(side: int, count: int) -> list[int]:
    """Where windows start, evenly."""
    last = max(0, side - _WINDOW)
    return sorted({round(last * (2 * i + 1) / (2 * count)) // 8 * 8 for i in range(count)})


def _fitted(photo: NDArray[np.uint8], look: NDArray[np.uint8], bits: int) -> bytes:
    """What predicts a photo from a container of its look."""
    some_photo, some_look = (lossless_prediction.some_blocks(p) for p in (photo, look))
    container = pixel_symbols.with_random(some_look, bits, np.random.default_rng(0))
    return lossless_prediction.fit(some_photo, container, plain=is_tiny(look))


# -- the quantiser's step ------------------------------------------------------------------------


def step_for(coefficients: Sequence[NDArray[np.float32]], bits: float) -> tuple[int, Tables, float]:
    """The step at which some tiles take about so many bits, its tables, and how many they take."""
    samples = sum(c.size for c in coefficients)
    steps = [_FIRST_STEP]
    while True:
        quantised = [tile_codec.quantise(c, steps[-1]) for c in coefficients]
        tables = Tables.fit(quantised)
        taken = sum(tables.bits(quantised))
        step = steps[-1] + round(_steps_from(taken / samples) - _steps_from(bits / samples))
        step = max(0, min(tile_codec.STEPS - 1, step))
        if step == steps[-1] or len(steps) == _STEPS_TRIED:
            return steps[-1], tables, taken
        steps.append(step)


def _steps_from(rate: float) -> float:
    """How many steps finer than some step, the same for all, the one is that takes `rate` bits a
    sample: a step is a sixteenth of a bit where there are many bits, and less below one."""
    return 16 * math.log(math.expm1(1.9 * max(rate, 1e-3))) / 1.9


@dataclass(frozen=True)
class Plan:
    """What is settled before the first pixel is written.

    Attributes:
        bits: of a pixel's symbol.
        prediction: what is sent for it, see `lossless_prediction.fit`.
        step: the quantiser's index that should do.
        tables: of the residual's code.
        order: the tiles' places, the last ones first (see `lossless_layout`).
        lengths: about how many bytes each tile takes at that step, by place.
        fall: by what share of itself that falls with the next coarser step.
        slack: bytes to be left unused, in case they become longer.
    """

    bits: int
    prediction: bytes
    step: int
    tables: Tables
    order: tuple[int, ...]
    lengths: tuple[float, ...]
    fall: float
    slack: float

    def bytes_of(self, place: int, step: int) -> float:
        """About how many bytes a tile takes at a step near the planned one."""
        return self.lengths[place] * (1 - self.fall) ** (step - self.step)


def plan(
    photo: NDArray[np.uint8],
    look: NDArray[np.uint8],
    bits: int,
    share: float,
    cut: list[Tile],
    carriers: list[Carriers],
) -> Plan:
    """Plan a container by writing random symbols into a sample of every tile.

    Args:
        bits: of a pixel's symbol.
        share: of the room that may be used.
        cut, carriers: the picture's tiles, and the pixels of each that carry.
    """
    sent, rng = _fitted(photo, look, bits), np.random.default_rng(0)
    side = min(1.0, _SAMPLE_PIXELS / (look.shape[0] * look.shape[1])) ** 0.5
    coefficients, shares = [], []
    for tile in cut:
        part = _middle(tile, side)
        container = pixel_symbols.with_random(part.of(look), bits, rng)
        predicted = lossless_prediction.predict(container, sent)
        coefficients.append(missed(part.of(photo), predicted))
        shares.append(math.prod(part.blocks) / math.prod(tile.blocks))
    rooms = sorted(c.capacity(bits) for c in carriers)
    room = sum(rooms[:-LAST]) + sum(rooms[-LAST:]) * LAST_BITS / bits
    room -= min(_TABLES, 150 + look.shape[0] * look.shape[1] // 16)
    if piece_count(look.shape[0] * look.shape[1], len(cut) - LAST):
        room -= _TABLES  # in pieces they are about twice as long
    slack = (1 - share) * room
    wanted = 8 * max(room - slack, 1) * sum(shares) / len(shares)
    step, tables, taken = step_for(coefficients, wanted)
    quantised = [tile_codec.quantise(c, step) for c in coefficients]
    bits_each = tables.bits(quantised)
    lengths = [n / 8 / s + 32 for n, s in zip(bits_each, shares, strict=True)]
    coarser = sum(tables.bits([tile_codec.quantise(c, step + 1) for c in coefficients]))
    dense = [length / tile.pixels for length, tile in zip(lengths, cut, strict=True)]
    order = sorted(range(len(cut)), key=lambda i: -dense[i])
    fall = min(max(1 - coarser / max(taken, 1.0), 0.01), 0.5)
    return Plan(bits, sent, step, tables, tuple(order), tuple(lengths), fall, slack)


def _middle(tile: Tile, share: float) -> Tile:
    """The middle of a tile, whole blocks, a share of its sides; the tile itself where it is 1."""
    if share == 1:
        return tile
    rows, columns = (max(1, int(n * share)) for n in tile.blocks)
    top = tile.top + (tile.blocks[0] - rows) // 2 * BLOCK
    left = tile.left + (tile.blocks[1] - columns) // 2 * BLOCK
    bottom, right = top + rows * BLOCK, left + columns * BLOCK
    return Tile(top, left, min(tile.bottom, bottom), min(tile.right, right))
