"""Entropy coding of small integers: interleaved range asymmetric numeral systems, vectorised.

rANS (Duda 2013) with many coders side by side ("lanes", Giesen 2014), so that numpy does one step
of all lanes at once. Every symbol comes with the index of the distribution that it is coded under.
Everything is integer arithmetic, the distributions included: what one computer writes, any other
reads.
"""

from __future__ import annotations

import functools

import numpy as np
from numpy.typing import NDArray

PRECISION = 14
"""Probabilities are multiples of 2**-14."""

LARGEST = 24
"""Symbols go from -LARGEST to LARGEST; beyond, the excess is written apart (`escape`)."""

MODELS = 64
"""Number of distributions, from almost surely zero to almost uniform."""

_SYMBOLS = 2 * LARGEST + 1
_TOTAL = 1 << PRECISION
_LOWEST_STATE = 1 << 16
_DENOMINATOR = 4096 << 10


class CorruptCode(ValueError):
    """The bytes are not what the encoder wrote."""


@functools.cache
def mean_magnitudes() -> NDArray[np.float64]:
    """Expected |symbol| of every distribution; MODELS values, growing."""
    frequency, _, _ = _tables()
    magnitudes = np.abs(np.arange(-LARGEST, LARGEST + 1))
    return (frequency * magnitudes).sum(axis=1) / _TOTAL


@functools.cache
def bit_costs() -> NDArray[np.float32]:
    """Bits per symbol: MODELS x (2 LARGEST + 1), symbol s in column s + LARGEST."""
    frequency, _, _ = _tables()
    return (PRECISION - np.log2(frequency)).astype(np.float32)


@functools.cache
def _tables() -> tuple[NDArray[np.int64], NDArray[np.int64], NDArray[np.uint8]]:
    """Frequencies and cumulated frequencies (MODELS x symbols), symbol of every slot."""
    frequency = np.empty((MODELS, _SYMBOLS), np.int64)
    for model in range(MODELS):
        frequency[model] = _laplacian(model)
    start = np.cumsum(frequency, axis=1) - frequency
    slots = np.stack([np.repeat(np.arange(_SYMBOLS, dtype=np.uint8), f) for f in frequency])
    return frequency, start, slots


def _laplacian(model: int) -> list[int]:
    """A quantised Laplacian in exact integer arithmetic: frequencies that add up to 2**PRECISION.

    A value falls off by theta per step, the interval of zero being one step wide, so zero has
    the weight 1 - sqrt(theta) of a continuous Laplacian; with root = sqrt(theta) as the parameter
    that is rational: zero 1 - root, and k (1 - theta) root theta^(|k|-1) / 2.
    """
    # The odds root / (1 - root) go up geometrically, as integers: 1/128 ... 24.
    odds_numerator = 32 << 10
    for _ in range(model):
        odds_numerator = odds_numerator * 1136 // 1000
    root_n, root_d = odds_numerator, odds_numerator + _DENOMINATOR
    weights = []
    for k in range(LARGEST + 1):
        # Common denominator 2 * root_d ** (2 * LARGEST + 3), one power per factor.
        power = 2 * LARGEST + 3
        if k == 0:
            weight = 2 * (root_d - root_n) * root_d ** (power - 1)
        else:
            theta_part = root_n ** (2 * k - 2) * root_d ** (power - 3 - (2 * k - 2))
            weight = (root_d**2 - root_n**2) * root_n * theta_part
        weights.append(weight)
    two_sided = weights[:0:-1] + weights
    total = sum(two_sided)
    room = _TOTAL - _SYMBOLS
    frequencies = [1 + weight * room // total for weight in two_sided]
    frequencies[LARGEST] += _TOTAL - sum(frequencies)
    return frequencies


def lanes_for(symbols: int) -> int:
    """How many lanes a message of that many symbols is split into."""
    return int(min(4096, max(1, symbols // 4096)))


class Encoder:
    """Collects symbols; `finish` codes them. (rANS codes backwards, so it needs them all.)"""

    def __init__(self, lanes: int) -> None:
        self.lanes = lanes
        self._planes: list[tuple[NDArray[np.int64], NDArray[np.uint8]]] = []

    def put(self, symbols: NDArray[np.integer], models: NDArray[np.uint8]) -> None:
        """Append symbols (any shape, within +-LARGEST) with their distributions (same shape)."""
        self._planes.append((symbols.reshape(-1).astype(np.int64) + LARGEST, models.reshape(-1)))

    def finish(self) -> bytes:
        """The code: the lanes' final states, then 16-bit words in reading order."""
        frequency, start, _ = _tables()
        state = np.full(self.lanes, _LOWEST_STATE, np.uint64)
        chunks: list[NDArray[np.uint16]] = []
        shift = np.uint64(16)
        for symbols, models in reversed(self._planes):
            f_all = frequency[models, symbols].astype(np.uint64)
            s_all = start[models, symbols].astype(np.uint64)
            count = symbols.size
            for first in range((count - 1) // self.lanes * self.lanes, -1, -self.lanes):
                f, s = f_all[first : first + self.lanes], s_all[first : first + self.lanes]
                x = state[: f.size]
                full = x >= (f << np.uint64(32 - PRECISION))
                if full.any():
                    chunks.append((x[full] & np.uint64(0xFFFF)).astype(np.uint16))
                    x = np.where(full, x >> shift, x)
                state[: f.size] = ((x // f) << np.uint64(PRECISION)) + (x % f) + s
        words = np.concatenate(chunks[::-1]) if chunks else np.empty(0, np.uint16)
        return state.astype("<u4").tobytes() + words.astype("<u2").tobytes()


class Decoder:
    """Reads symbols back in the order in which they were put."""

    def __init__(self, code: bytes, lanes: int) -> None:
        if len(code) < 4 * lanes or len(code) % 2:
            raise CorruptCode("The code is too short.")
        self.lanes = lanes
        self._state = np.frombuffer(code[: 4 * lanes], "<u4").astype(np.uint64)
        # A little slack: lanes that need no word still index one.
        words = np.frombuffer(code[4 * lanes :], "<u2").astype(np.uint64)
        self._words = np.concatenate([words, np.zeros(lanes + 1, np.uint64)])
        self._end, self._position = words.size, 0

    def get(self, models: NDArray[np.uint8]) -> NDArray[np.int8]:
        """The next symbols under these distributions; same shape."""
        frequency, start, slots = _tables()
        flat = models.reshape(-1)
        result = np.empty(flat.size, np.int8)
        mask = np.uint64(_TOTAL - 1)
        for first in range(0, flat.size, self.lanes):
            model = flat[first : first + self.lanes]
            x = self._state[: model.size]
            slot = (x & mask).astype(np.int64)
            symbol = slots[model, slot]
            f = frequency[model, symbol].astype(np.uint64)
            s = start[model, symbol].astype(np.uint64)
            x = f * (x >> np.uint64(PRECISION)) + slot.astype(np.uint64) - s
            empty = x < np.uint64(_LOWEST_STATE)
            order = np.cumsum(empty)
            taken = int(order[-1])
            if taken:
                if self._position + taken > self._end:
                    raise CorruptCode("The code ends too early.")
                word = self._words[self._position + order - 1]
                x = np.where(empty, (x << np.uint64(16)) | word, x)
                self._position += taken
            self._state[: model.size] = x
            result[first : first + self.lanes] = symbol.astype(np.int16) - LARGEST
        return result.reshape(models.shape)
