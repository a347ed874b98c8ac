"""Entropy coding of small integers: interleaved range asymmetric numeral systems, vectorised.

rANS (Duda 2013) with many coders side by side ("lanes", Giesen 2014), so that numpy does one step
of all lanes at once. Every symbol comes with the index of the distribution that it is coded under.
Everything is integer arithmetic, the distributions included: what one computer writes, any other
reads.
"""

from __future__ import annotations

import functools
from collections.abc import Sequence

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
_STEPS = 256  # that are prepared at a time


class CorruptCode(ValueError):
    """The bytes are not what the encoder wrote."""


@functools.cache
def mean_magnitudes() -> NDArray[np.float64]:
    """Expected |symbol| of every distribution; MODELS values, growing."""
    frequency, _, _ = distributions()
    magnitudes = np.abs(np.arange(-LARGEST, LARGEST + 1))
    means: NDArray[np.float64] = (frequency * magnitudes).sum(axis=1) / _TOTAL
    return means


@functools.cache
def bit_costs() -> NDArray[np.float32]:
    """Bits per symbol: MODELS x (2 LARGEST + 1), symbol s in column s + LARGEST."""
    frequency, _, _ = distributions()
    return (PRECISION - np.log2(frequency)).astype(np.float32)


@functools.cache
def distributions() -> tuple[NDArray[np.int64], NDArray[np.int64], NDArray[np.uint8]]:
    """Frequencies and cumulated frequencies (MODELS x symbols), symbol of every slot."""
    frequency = np.empty((MODELS, _SYMBOLS), np.int64)
    for model in range(MODELS):
        frequency[model] = _laplacian(model)
    start = np.cumsum(frequency, axis=1) - frequency
    slots = np.stack([np.repeat(np.arange(_SYMBOLS, dtype=np.uint8), f) for f in frequency])
    return frequency, start, slots


@functools.cache
def _flat_tables() -> tuple[NDArray[np.uint16], NDArray[np.uint16]]:
    """Frequencies and starts of symbol s of model m at m * symbols + s + LARGEST."""
    frequency, start, _ = distributions()
    return frequency.ravel().astype(np.uint16), start.ravel().astype(np.uint16)


@functools.cache
def _slots() -> tuple[NDArray[np.int32], NDArray[np.int8]]:
    """For every slot of every model: frequency << 16 plus the place within the symbol's interval,
    and the symbol. After the last model comes one that leaves a state as it is."""
    frequency, start, slots = distributions()
    model = np.arange(MODELS)[:, None]
    inside = np.arange(_TOTAL) - start[model, slots]
    packed = np.append(frequency[model, slots] << 16 | inside, (_TOTAL << 16) + np.arange(_TOTAL))
    symbols = np.append(slots.astype(np.int8) - LARGEST, np.zeros(_TOTAL, np.int8))
    return packed.astype(np.int32), symbols.astype(np.int8)


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
        self._planes: list[tuple[NDArray[np.uint16], NDArray[np.uint16]]] = []

    def put_planes(self, symbols: NDArray[np.integer], models: NDArray[np.uint8]) -> None:
        """Append planes x count symbols, within +-LARGEST, and their distributions."""
        frequency, start = _flat_tables()
        place = models.astype(np.intp) * _SYMBOLS
        place += symbols
        place += LARGEST
        short = -symbols.shape[1] % self.lanes
        rows = symbols.size + short * len(symbols)
        shape = rows // self.lanes, self.lanes
        # What is missing in a plane's last step changes nothing: see `finish`.
        f = np.pad(frequency[place], ((0, 0), (0, short)), constant_values=_TOTAL)
        s = np.pad(start[place], ((0, 0), (0, short)))
        self._planes.append((f.reshape(shape), s.reshape(shape)))

    def finish(self) -> bytes:
        """The code: the lanes' final states, then 16-bit words in reading order."""
        return finish([self])[0]

    def steps(self) -> tuple[NDArray[np.uint16], NDArray[np.uint16]]:
        """Frequencies and starts of all symbols: steps x lanes."""
        if not self._planes:
            return np.empty((0, self.lanes), np.uint16), np.empty((0, self.lanes), np.uint16)
        return (
            np.concatenate([f for f, _ in self._planes]),
            np.concatenate([s for _, s in self._planes]),
        )


def finish(encoders: Sequence[Encoder]) -> list[bytes]:
    """The codes of several encoders, worked out side by side: the same as each one's own.

    States are whole numbers below 2**32 in float64, whose quotients round to the right integer.
    An interval of the whole range leaves a state as it is; with it shorter messages wait.
    """
    parts = [encoder.steps() for encoder in encoders]
    edges = np.cumsum([0, *(encoder.lanes for encoder in encoders)])
    count = max((len(f) for f, _ in parts), default=0)
    frequency = np.full((count, edges[-1]), _TOTAL, np.uint16)
    start = np.zeros((count, edges[-1]), np.uint16)
    for (f, s), left, right in zip(parts, edges[:-1], edges[1:], strict=True):
        frequency[: len(f), left:right] = f
        start[: len(s), left:right] = s
    del parts
    state = np.full(edges[-1], float(_LOWEST_STATE))
    high, quotient = np.empty_like(state), np.empty_like(state)
    words: list[list[NDArray[np.uint16]]] = [[] for _ in encoders]
    for first in range((count - 1) // _STEPS * _STEPS, -1, -_STEPS):
        f_all = frequency[first : first + _STEPS].astype(np.float64)
        s_all = start[first : first + _STEPS].astype(np.float64)
        limits, rests = f_all * float(1 << (32 - PRECISION)), _TOTAL - f_all
        before = np.empty_like(f_all)
        full = np.empty(f_all.shape, bool)
        for i in range(len(f_all) - 1, -1, -1):
            before[i] = state
            np.greater_equal(state, limits[i], out=full[i])
            np.multiply(state, 2.0**-16, out=high)
            np.floor(high, out=high)
            np.copyto(state, high, where=full[i])
            np.divide(state, f_all[i], out=quotient)
            np.floor(quotient, out=quotient)
            quotient *= rests[i]
            state += quotient
            state += s_all[i]
        low = before.astype(np.uint32).astype(np.uint16)
        for chunks, left, right in zip(words, edges[:-1], edges[1:], strict=True):
            chunks.append(low[:, left:right][full[:, left:right]])
    final = state.astype("<u4")
    return [
        final[left:right].tobytes() + b"".join(w.astype("<u2").tobytes() for w in chunks[::-1])
        for chunks, left, right in zip(words, edges[:-1], edges[1:], strict=True)
    ]


class Decoders:
    """Several codes read side by side, each as by its own `Decoder`.

    Attributes:
        lanes: of each code.
        broken: which codes have ended too early; what they gave is meaningless.
    """

    def __init__(self, codes: Sequence[bytes], lanes: Sequence[int]) -> None:
        if any(len(c) < 4 * n or len(c) % 2 for c, n in zip(codes, lanes, strict=True)):
            raise CorruptCode("The code is too short.")
        self.lanes = list(lanes)
        self.broken = np.zeros(len(codes), bool)
        # Lanes that a code does not have rest in a state that reads nothing.
        self._state = np.full((len(codes), max(lanes)), _LOWEST_STATE, np.int64)
        for state, code, n in zip(self._state, codes, lanes, strict=True):
            state[:n] = np.frombuffer(code[: 4 * n], "<u4")
        words = [np.frombuffer(c[4 * n :], "<u2") for c, n in zip(codes, lanes, strict=True)]
        # In front of them one that is never read: counting is from 1.
        self._words = np.concatenate([np.zeros(1, np.uint16), *words]).astype(np.int64)
        self._end = np.cumsum([w.size for w in words])
        self._position = self._end - [w.size for w in words]

    def get(self, models: Sequence[NDArray[np.uint8]]) -> list[NDArray[np.int8]]:
        """The next symbols of the first codes under these distributions (one array per code, of
        any length)."""
        slots, symbols = _slots()
        count = len(models)
        steps = [-(-m.size // n) for m, n in zip(models, self.lanes, strict=False)]
        width = max(self.lanes[:count])
        places = np.full((max(steps), count, width), MODELS << PRECISION, np.int64)
        for i, (model, n) in enumerate(zip(models, self.lanes, strict=False)):
            filled = np.full(steps[i] * n, MODELS, np.int64)
            filled[: model.size] = model
            places[: steps[i], i, :n] = filled.reshape(-1, n) << PRECISION
        x = self._state[:count, :width].copy()
        position = self._position[:count, None]
        shape = x.shape
        slot, work, order = np.empty(shape, np.int64), np.empty(shape, np.int64), np.empty_like(x)
        packed, empty = np.empty(shape, np.int32), np.empty(shape, bool)
        for place in places:
            np.bitwise_and(x, _TOTAL - 1, out=slot)
            place += slot
            slots.take(place, out=packed, mode="clip")
            np.right_shift(packed, 16, out=work)
            x >>= PRECISION
            x *= work
            packed &= 0xFFFF
            x += packed
            np.less(x, _LOWEST_STATE, out=empty)
            empty.cumsum(axis=1, out=order)
            np.add(order, position, out=slot)
            self._words.take(slot, out=work, mode="clip")
            np.left_shift(x, 16, out=slot)
            slot |= work
            np.copyto(x, slot, where=empty)
            position += order[:, -1:]
        self._state[:count, :width] = x
        self.broken[:count] |= self._position[:count] > self._end[:count]
        found = symbols.take(places)
        return [
            found[: steps[i], i, :n].reshape(-1)[: model.size]
            for i, (model, n) in enumerate(zip(models, self.lanes, strict=False))
        ]
