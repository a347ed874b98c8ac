"""Waves that tell how large a part of a picture is, and nearly where.

A synchronisation template (Pereira and Pun 2000): six faint waves in the canonical picture, whose
frequencies are whole numbers of cycles in `PERIOD` pixels. However a picture was cropped, its
spectrum has their six peaks: where they are tells its size, which of them is where tells how it was
turned (but for half a turn), and their phases tell where it begins (but for whole periods).
"""

from __future__ import annotations

import functools
from collections.abc import Iterator
from dataclasses import dataclass

import cv2
import numpy as np
from numpy.typing import NDArray

from models.containers import turns
from models.containers.surviving import carriers
from models.containers.surviving.grid import LONG_EDGES

PERIOD = 64
"""Canonical pixels after which all waves are as they were."""

WAVES = np.array([(2, 9), (7, -5), (-6, 10), (11, 3), (13, -2), (5, 14)], np.float64)
"""Cycles in a period, downwards and across. No turn of these, nor another size, is alike."""

TURNS = (0, 1, 4, 5)
"""Half a turn makes no difference to a spectrum: these stand for all eight."""

_LEAST, _PER_DEVIATION, _MOST = 0.09, 0.013, 0.9
"""Amplitudes in levels: more in texture, where they are harder to find and to see."""

_EDGE = 1600
"""Copies are searched at this size at most."""

_LARGEST, _SMALLEST = 1.35, 0.55
"""Long edge of what a copy shows, in canonical pictures' long edges: with a border, cropped."""

_STEP = 0.0015
"""Between sizes that are tried, relative."""

_CAP = 4.0
"""One wave counts so much at most (natural logarithm of its power over its surroundings')."""

_ENOUGH = 10.0
"""Of at most 6 x `_CAP`. Pictures that were not exported had 9.3 at most."""

_TRIED = 5


def waves(plane: NDArray[np.float32]) -> NDArray[np.float32]:
    """What is added to a canonical luma plane."""
    deviation = np.sqrt(np.maximum(carriers.variance(plane), 0))
    amplitude = np.minimum(_LEAST + _PER_DEVIATION * deviation, _MOST).astype(np.float32)
    return np.asarray(amplitude * _sum_of_waves(plane.shape[0], plane.shape[1]), np.float32)


@functools.lru_cache(maxsize=2)
def _sum_of_waves(height: int, width: int) -> NDArray[np.float32]:
    y, x = np.arange(height)[:, None] + 0.5, np.arange(width) + 0.5
    total = np.zeros((height, width), np.float32)
    for down, across in WAVES:
        total += np.cos(2 * np.pi / PERIOD * (down * y + across * x)).astype(np.float32)
    return total


@dataclass(frozen=True)
class Guess:
    """What a picture may show of a canonical picture.

    Attributes:
        turn: see `turns`.
        down, across: pixels for each canonical one, of the picture turned upright.
        top, left: where a period begins in the upright picture, in its pixels.
    """

    turn: int
    down: float
    across: float
    top: float
    left: float


def guesses(luma: NDArray[np.float32]) -> Iterator[Guess]:
    """The likeliest, each with its half turn; none for most pictures that were not exported."""
    seen = _Seen.of(luma)
    for turn, size in seen.sizes():
        yield from seen.refined(turn, size)


@dataclass(frozen=True, eq=False)
class _Seen:
    """A picture's fine detail, the same everywhere, and its spectrum.

    Attributes:
        detail: H x W.
        reduced: how many times smaller it is than the picture was, down and across.
        power: half of the spectrum's plane, middle row first, over its surroundings'.
        shape: of the whole spectrum.
    """

    detail: NDArray[np.float32]
    reduced: tuple[float, float]
    power: NDArray[np.float32]
    shape: tuple[int, int]

    @staticmethod
    def of(luma: NDArray[np.float32]) -> _Seen:
        height, width = luma.shape
        share = min(1.0, _EDGE / max(height, width))
        sides = max(1, round(height * share)), max(1, round(width * share))
        small = cv2.resize(luma, sides[::-1], interpolation=cv2.INTER_AREA) if share < 1 else luma
        coarse = max(sides) / 300
        detail = small - cv2.GaussianBlur(small, (0, 0), coarse)
        window = 2 * int(8 * coarse) + 1
        power = np.maximum(cv2.blur(np.square(detail), (window, window)), 0)
        detail /= np.sqrt(power) + np.float32(0.7)
        np.clip(detail, -2, 2, out=detail)
        for axis, side in enumerate(sides):  # the picture's edges are no detail
            fading = np.sqrt(np.hanning(side + 2)[1:-1]).astype(np.float32)
            detail *= fading[:, None] if axis == 0 else fading
        rows, columns = (cv2.getOptimalDFTSize(side) for side in sides)
        spectrum = np.fft.rfft2(detail, (rows, columns))
        power = np.fft.fftshift(np.square(spectrum.real) + np.square(spectrum.imag), axes=0)
        power /= cv2.blur(power, (15, 15)) + np.float32(1e-9)
        reduced = height / sides[0], width / sides[1]
        return _Seen(detail, reduced, np.asarray(power, np.float32), (rows, columns))

    def sizes(self) -> list[tuple[int, float]]:
        """Turns (of `TURNS`) and sizes, in pixels for a canonical one, the likeliest first."""
        peaks = np.log(np.maximum(cv2.dilate(self.power, np.ones((3, 3), np.uint8)), 1))
        np.minimum(peaks, _CAP, out=peaks)
        long_edge = max(self.detail.shape)
        least = long_edge / (_LARGEST * max(LONG_EDGES))
        most = long_edge / (_SMALLEST * min(LONG_EDGES))
        sizes = np.exp(np.arange(np.log(least), np.log(most), _STEP))
        found = []
        for turn in TURNS:
            row, column, there = self._bins(_received(turn) / PERIOD / sizes[:, None, None])
            scores = np.where(there, peaks[row, column], 0).sum(axis=1)
            scores = np.convolve(scores, np.ones(5) / 5, "same")  # peaks are wider than steps
            for _ in range(_TRIED):
                best = int(scores.argmax())
                if scores[best] < _ENOUGH:
                    break
                found.append((float(scores[best]), turn, float(sizes[best])))
                scores[max(0, best - 15) : best + 16] = 0
        found.sort(reverse=True)
        return [(turn, size) for _, turn, size in found[:_TRIED]]

    def _bins(
        self, frequencies: NDArray[np.float64]
    ) -> tuple[NDArray[np.int64], NDArray[np.int64], NDArray[np.bool_]]:
        """Where frequencies (... x 2, cycles for a pixel) are in `power`, and whether they are."""
        upright = np.where(frequencies[..., 1:] < 0, -frequencies, frequencies)
        row = np.rint(upright[..., 0] * self.shape[0]).astype(np.int64) + self.shape[0] // 2
        column = np.rint(upright[..., 1] * self.shape[1]).astype(np.int64)
        there = (row >= 0) & (row < self.power.shape[0]) & (column < self.power.shape[1])
        return np.where(there, row, 0), np.where(there, column, 0), there

    def refined(self, turn: int, size: float) -> Iterator[Guess]:
        """A guess of about that size and its half turn."""
        down, across = self._sizes_by_peaks(turn, size)
        for half in (0, 2):
            each = turn & 4 | (turn + half) & 3
            upright = np.ascontiguousarray(turns.turned(self.detail, each))
            shrunk = self.reduced[::-1] if each & 1 else self.reduced
            top, left = _begin(upright, down, across)
            yield Guess(
                each, down * shrunk[0], across * shrunk[1], top * shrunk[0], left * shrunk[1]
            )

    def _sizes_by_peaks(self, turn: int, size: float) -> tuple[float, float]:
        """Pixels for a canonical one, down and across in the upright picture, by the waves' peaks
        between the spectrum's bins."""
        received = _received(turn) / PERIOD
        exact, weights = np.zeros_like(received), np.zeros(len(WAVES))
        for i, frequency in enumerate(received / size):
            row, column, there = self._bins(frequency)
            if not there or not 2 <= row < self.power.shape[0] - 2 or column < 2:
                continue
            near = self.power[row - 2 : row + 3, column - 2 : column + 3]
            v, u = np.unravel_index(int(near.argmax()), near.shape)
            row, column = row + v - 2, column + u - 2
            around = self.power[row - 1 : row + 2, column - 1 : column + 2]
            if around.shape != (3, 3):
                continue
            at = row - self.shape[0] // 2 + _vertex(around[:, 1]), column + _vertex(around[1])
            exact[i] = at[0] / self.shape[0], at[1] / self.shape[1]
            weights[i] = max(0.0, float(near.max()) - 2)
        result = []
        for axis in (0, 1):
            there_axis = 1 - axis if turn & 1 else axis
            expected, found = np.abs(received[:, there_axis]), np.abs(exact[:, there_axis])
            strong = weights * expected**2
            whole = float((weights * expected * found).sum())
            result.append(float(strong.sum()) / whole if whole > 0 else size)
        return result[0], result[1]


def _received(turn: int) -> NDArray[np.float64]:
    """The waves' frequencies in a picture that `turn` turns upright."""
    down, across = WAVES[:, 0], WAVES[:, 1]
    for _ in range(turn & 3):  # a quarter turn to the left shows what was to the right at the top
        down, across = across, -down
    if turn & 4:
        across = -across
    return np.stack([down, across], axis=1)


def _vertex(values: NDArray[np.float32]) -> float:
    """Where a parabola through three values is highest, from the middle one."""
    before, middle, after = (float(v) for v in np.sqrt(np.maximum(values, 0)))
    bend = before - 2 * middle + after
    return 0.0 if bend >= 0 else float(np.clip((before - after) / (2 * bend), -0.5, 0.5))


def _begin(detail: NDArray[np.float32], down: float, across: float) -> tuple[float, float]:
    """Where a period begins in an upright picture, by the waves' phases: top and left, pixels."""
    height, width = detail.shape
    y = (np.arange(height) + 0.5 - height / 2) / (PERIOD * down)
    x = (np.arange(width) + 0.5 - width / 2) / (PERIOD * across)
    rows = np.exp(-2j * np.pi * np.outer(WAVES[:, 0], y)).astype(np.complex64)
    columns = np.exp(-2j * np.pi * np.outer(WAVES[:, 1], x)).astype(np.complex64)
    along = (detail @ columns.T.real) + 1j * (detail @ columns.T.imag)
    told = (rows * along.T).sum(axis=1)
    told = told / (np.abs(told) + np.abs(told).mean() + 1e-9)
    # A wave is cos(2 pi (m y + n x)) with y and x from the period's begin: at the middle its phase
    # says how far that is away.
    places = np.arange(4 * PERIOD) / (4 * PERIOD)
    back = np.exp(-2j * np.pi * np.outer(WAVES[:, 0], places))
    aside = np.exp(-2j * np.pi * np.outer(WAVES[:, 1], places))
    agreement = np.einsum("i,iy,ix->yx", told, back, aside, optimize=True).real
    v, u = np.unravel_index(int(agreement.argmax()), agreement.shape)
    middle_y, middle_x = float(places[v]) * PERIOD * down, float(places[u]) * PERIOD * across
    return height / 2 - middle_y, width / 2 - middle_x
