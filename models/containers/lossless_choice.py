"""How a lossless container is to be written: found out on samples of the picture.

Two decisions stand between what is seen and what is restored: how many bits a pixel carries, and
whether the network may change the look, and how far (its amplitude). Both are taken so that the sum
of the squared errors of container and restored photo becomes smallest.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from models.coding import pixel_symbols, tile_codec
from models.coding.tile_codec import Tables
from models.containers.lossless_layout import LAST_BITS, Carriers, Tile, head_room
from models.containers.lossless_prediction import Predictor
from models.networks import weighted_prediction
from models.networks.invertible import QuasiInvertibleNetwork
from models.networks.quantisation import with_random_symbols

GOOD_ENOUGH = 0.65
"""Squared error, in levels², of a restored photo (50 dB) below which the network is not tried."""

BITS = (3, 4, 5, 6, 7)
"""What a pixel may carry."""

_WINDOW = 128
_WINDOWS = 3, 2  # down, across
_USED = 0.94  # of the bits that there are, by a residual's code
_SAMPLE_PIXELS = 1 << 20
_FIRST_STEP = 40
_STEPS_TRIED = 3


@dataclass(frozen=True)
class Choice:
    """How to write a container.

    Attributes:
        bits: of a pixel's symbol.
        amplitude: see `lossless_prediction.Predictor`.
    """

    bits: int
    amplitude: float | None


def missed(photo: NDArray[np.uint8], predicted: NDArray[np.floating]) -> NDArray[np.float32]:
    """The coefficients (`tile_codec.transform`) of what a prediction misses of a tile."""
    side = tile_codec.BLOCK
    down, across = (-n % side for n in photo.shape[:2])
    error = (photo - predicted).astype(np.float32)
    return tile_codec.transform(np.pad(error, ((0, down), (0, across), (0, 0)), mode="edge"))


# -- bits and amplitude --------------------------------------------------------------------------


def choose(
    network: QuasiInvertibleNetwork, photo: NDArray[np.uint8], look: NDArray[np.uint8]
) -> Choice:
    """What a few windows of the picture say is best."""
    trial = _Trial(network, photo, look)
    best = min((Choice(bits, None) for bits in (4, 5, 6)), key=trial.cost)
    if trial.restored_error(Choice(4, None)) > GOOD_ENOUGH:
        for amplitudes in ((0.0, 0.5, 1.0), (0.25, 0.75)):
            tried = [Choice(best.bits, a) for a in amplitudes if _near(a, best.amplitude)]
            best = min([best, *tried], key=trial.cost)
    nearby = [Choice(b, best.amplitude) for b in (best.bits - 1, best.bits + 1) if b in BITS]
    return min([best, *nearby], key=trial.cost)


def _near(amplitude: float, best: float | None) -> bool:
    """Whether an amplitude is worth trying: all at first, then those beside the best."""
    return best is None or abs(amplitude - best) <= 0.5


class _Trial:
    """Trial containers of some windows of a picture."""

    def __init__(
        self, network: QuasiInvertibleNetwork, photo: NDArray[np.uint8], look: NDArray[np.uint8]
    ) -> None:
        self._network = network
        height, width = look.shape[:2]
        windows = [
            np.s_[y : y + _WINDOW, x : x + _WINDOW]
            for y in _starts(height, _WINDOWS[0])
            for x in _starts(width, _WINDOWS[1])
        ]
        self._pairs = [(photo[w], look[w]) for w in windows]
        self._blocks = [weighted_prediction.sample_blocks(p) for p in (photo, look)]
        self._errors: dict[Choice, tuple[float, float]] = {}

    def cost(self, choice: Choice) -> float:
        """The sum of both errors, in levels²."""
        return sum(self._measured(choice))

    def restored_error(self, choice: Choice) -> float:
        """Mean squared error of the restored photo, in levels²."""
        return self._measured(choice)[1]

    def _measured(self, choice: Choice) -> tuple[float, float]:
        if choice not in self._errors:
            predictor = predictor_for(self._network, choice, *self._blocks)
            noise = pixel_symbols.error(choice.bits)
            rng = np.random.default_rng(0)
            seen, coefficients = [], []
            for photo, look in self._pairs:
                shown = predictor.hide(photo, look, noise)
                container = with_random_symbols(shown, choice.bits, rng)
                seen.append(np.square(container.astype(np.float32) - look).mean())
                coefficients.append(missed(photo, predictor.predict(container, noise)))
            room = _USED * choice.bits / 3 * sum(c.size for c in coefficients)
            step, tables = finest_step(coefficients, room)
            quantised = [tile_codec.quantise(c, step) for c in coefficients]
            size = tile_codec.step_size(step)
            lost = [np.square(c - q * size).mean() for c, q in zip(coefficients, quantised)]
            spare = (room - sum(tables.bits(q) for q in quantised)) / sum(q.size for q in quantised)
            restored = float(np.mean(lost)) * 2.0 ** (-2 * spare) + 1 / 12
            self._errors[choice] = float(np.mean(seen)), restored
        return self._errors[choice]


def _starts(side: int, count: int) -> list[int]:
    """Where windows start, evenly."""
    last = max(0, side - _WINDOW)
    return sorted({round(last * (2 * i + 1) / (2 * count)) // 8 * 8 for i in range(count)})


def predictor_for(
    network: QuasiInvertibleNetwork,
    choice: Choice,
    photo: NDArray[np.uint8],
    look: NDArray[np.uint8],
) -> Predictor:
    """The predictor of a picture, fitted to blocks (N x 8 x 8 x 3) of photo and look."""
    seen = with_random_symbols(look, choice.bits, np.random.default_rng(0))
    head = weighted_prediction.fit_blocks(photo, seen)
    return Predictor(network, head, choice.amplitude)


# -- the quantiser's step ------------------------------------------------------------------------


def finest_step(coefficients: Sequence[NDArray[np.float32]], bits: float) -> tuple[int, Tables]:
    """The step at which some tiles take about so many bits, and its tables."""
    wanted = bits / sum(c.size for c in coefficients)
    step = _FIRST_STEP
    for _ in range(_STEPS_TRIED):
        quantised = [tile_codec.quantise(c, step) for c in coefficients]
        tables = Tables.fit(quantised)
        found = sum(tables.bits(q) for q in quantised) / sum(q.size for q in quantised)
        nearer = step + round(_steps_from(found) - _steps_from(wanted))
        nearer = max(0, min(tile_codec.STEPS - 1, nearer))
        if nearer == step:
            break
        step = nearer
    quantised = [tile_codec.quantise(c, step) for c in coefficients]
    return step, Tables.fit(quantised)


def _steps_from(rate: float) -> float:
    """How many steps finer than some step, the same for all, the one is that takes `rate` bits a
    sample. A bit is a sixteenth of a step where there are many, and more of one below a bit."""
    return 16 * math.log(math.expm1(1.9 * max(rate, 1e-3))) / 1.9


@dataclass(frozen=True)
class Plan:
    """What is settled before the first pixel is written.

    Attributes:
        bits: of a pixel's symbol.
        predictor: of all tiles.
        step: the quantiser's index that should do.
        tables: of the residual codec.
        order: the tiles' places, the last tile first (see `lossless_layout`).
        lengths: about how many bytes each tile takes at that step, by place.
        fall: by what share of itself that falls with the next coarser step.
    """

    bits: int
    predictor: Predictor
    step: int
    tables: Tables
    order: tuple[int, ...]
    lengths: tuple[float, ...]
    fall: float

    def bytes_of(self, place: int, step: int) -> float:
        """About how many bytes a tile takes at a step near the planned one."""
        return self.lengths[place] * (1 - self.fall) ** (step - self.step)


def plan(
    network: QuasiInvertibleNetwork,
    photo: NDArray[np.uint8],
    look: NDArray[np.uint8],
    choice: Choice,
    cut: list[Tile],
    carriers: list[Carriers],
) -> Plan:
    """Plan a container by writing random symbols into a sample of every tile."""
    blocks = [weighted_prediction.sample_blocks(p) for p in (photo, look)]
    predictor = predictor_for(network, choice, *blocks)
    noise, rng = pixel_symbols.error(choice.bits), np.random.default_rng(0)
    share = min(1.0, _SAMPLE_PIXELS / (look.shape[0] * look.shape[1])) ** 0.5
    coefficients, shares = [], []
    for tile in cut:
        part = _middle(tile, share)
        shown = predictor.hide(part.of(photo), part.of(look), noise)
        container = with_random_symbols(shown, choice.bits, rng)
        coefficients.append(missed(part.of(photo), predictor.predict(container, noise)))
        shares.append(np.prod(part.blocks) / np.prod(tile.blocks))
    room = sum(c.capacity(choice.bits) for c in carriers)
    room -= max(c.capacity(choice.bits) - c.capacity(LAST_BITS) for c in carriers)
    room -= 2 * head_room(len(cut)) + 2000  # the tables
    step, tables = finest_step(coefficients, max(room, 64) * 8 * sum(shares) / len(shares))
    quantised = [tile_codec.quantise(c, step) for c in coefficients]
    lengths = [tables.bits(q) / 8 / s + 32 for q, s in zip(quantised, shares, strict=True)]
    coarser = [tile_codec.quantise(c, step + 1) for c in coefficients]
    fall = 1 - sum(map(tables.bits, coarser)) / max(1.0, sum(map(tables.bits, quantised)))
    largest = max(tile.pixels for tile in cut)
    dense = [length / tile.pixels for length, tile in zip(lengths, cut, strict=True)]
    order = sorted(range(len(cut)), key=lambda i: (2 * cut[i].pixels < largest, -dense[i]))
    return Plan(choice.bits, predictor, step, tables, tuple(order), tuple(lengths), fall)


def _middle(tile: Tile, share: float) -> Tile:
    """The middle of a tile, whole blocks, a share of its sides; the tile itself where it is 1."""
    if share == 1:
        return tile
    side = tile_codec.BLOCK
    rows, columns = (max(1, int(n * share)) for n in tile.blocks)
    top = tile.top + (tile.blocks[0] - rows) // 2 * side
    left = tile.left + (tile.blocks[1] - columns) // 2 * side
    bottom = min(tile.bottom, top + rows * side)
    return Tile(top, left, bottom, min(tile.right, left + columns * side))
