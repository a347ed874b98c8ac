"""Where the canonical picture lies in a picture that shows only a part of it, or more than it.

The template's waves tell the size, and where it begins but for whole periods. Which period it is,
and then the size and the place to a fraction of a pixel, is where the pilots agree best; once the
core is read its carriers are as good as pilots, and tell it to a hundredth of a pixel.
"""

from __future__ import annotations

import functools
import itertools
import math
from collections.abc import Iterator
from dataclasses import dataclass

import cv2
import numpy as np
from numpy.typing import NDArray

from models import jpeg_transform
from models.containers import turns
from models.containers.surviving import carriers, grid, layers, template
from models.containers.surviving.carriers import GROUPS
from models.containers.surviving.grid import BLOCK, Frame, Region

LUCK = 6.5
"""Standard deviations of chance that pilots have to agree better."""

_PERIODS = template.PERIOD // BLOCK
_EDGE = 1280
_REACHES = (0.3, 0.2, 0.1)
"""Canonical pixels by which edges are moved at first, each time."""

_FINEST = 0.008
_DOUBT = (1.0, 1 - 8e-4, 1 + 8e-4)
_SIZES = tuple(itertools.product(_DOUBT, _DOUBT))
"""Tried one after the other until something is found, relative to a guess's."""

_GROUPS = GROUPS[:2]  # those after them may carry nothing
_WORTH_MORE = 4.2  # standard deviations; it is refined then


@dataclass(frozen=True)
class Aligned:
    """A canonical picture found in a picture.

    Attributes:
        turn: by which the picture has to be turned to stand upright.
        frame: in the upright picture.
        agreement: of the pilots, in standard deviations of chance.
    """

    turn: int
    frame: Frame
    agreement: float


def aligned(luma: NDArray[np.float32]) -> Iterator[Aligned]:
    """Where pilots agree better than chance lets them."""
    guesses = list(template.guesses(luma))
    some = False
    for down, across in _SIZES:
        for guess in guesses if not some else ():
            upright = np.ascontiguousarray(turns.turned(luma, guess.turn))
            found = _placed(upright, _scaled(guess, upright.shape, down, across))
            frame, agreement = (None, 0.0) if found is None else refined(upright, found)
            if frame is not None and agreement > LUCK:
                some = True
                yield Aligned(guess.turn, frame, agreement)


def _scaled(guess: template.Guess, shape: tuple[int, ...], down: float, across: float) -> Frame:
    """A guess of other sizes, relative; the same in the picture's middle."""
    y, x = shape[0] / 2, shape[1] / 2
    return Frame(
        y - (y - guess.top) * down,
        x - (x - guess.left) * across,
        guess.down * down,
        guess.across * across,
    )


def _placed(luma: NDArray[np.float32], frame: Frame) -> Frame | None:
    """The frame moved by whole periods to where it belongs."""
    import scipy.fft

    region = frame.inside(luma.shape)
    if min(region.rows, region.columns) < 1 or max(region.rows, region.columns) > 2 * carriers.MOST:
        return None
    turned = _turns(frame.taken(luma, region)).reshape(-1, region.rows, region.columns)
    side = -(-(carriers.MOST + max(region.rows, region.columns)) // 64) * 64
    spectrum = scipy.fft.fft2(turned, (side, side))
    total = scipy.fft.ifft2((_sheet(side) * spectrum.conj()).sum(axis=0)).real
    agreement = total / (turned.size / layers.PILOTS / 2) ** 0.5
    # Only whole periods from the guess; what is beyond the sheet's end is before its beginning.
    down, across = (np.arange(at % _PERIODS, side, _PERIODS) for at in (region.top, region.left))
    some = agreement[down[:, None], across]
    v, u = np.unravel_index(int(some.argmax()), some.shape)
    if some[v, u] < _WORTH_MORE:
        return None
    row, column = int(down[v]), int(across[u])
    row, column = (at - side if at >= carriers.MOST else at for at in (row, column))
    return Frame(
        frame.top - BLOCK * frame.down * (row - region.top),
        frame.left - BLOCK * frame.across * (column - region.left),
        frame.down,
        frame.across,
    )


def _turns(plane: NDArray[np.float32]) -> NDArray[np.complex64]:
    """Of each of the first group's carriers how far it is between points of a bit, as an angle."""
    values = carriers.of_blocks(jpeg_transform.forward(plane), GROUPS[0])
    return np.asarray(np.exp(np.complex64(1j * np.pi / GROUPS[0].step) * values), np.complex64)


@functools.lru_cache(maxsize=2)
def _sheet(side: int) -> NDArray[np.complex64]:
    """The spectrum of all the pilots that there may be."""
    import scipy.fft

    places, points = layers.known(0, layers.SHEET)
    turned = np.zeros(GROUPS[0].count * layers.SHEET.blocks, np.complex64)
    turned[places] = np.exp(np.complex64(1j * np.pi / GROUPS[0].step) * points)
    planes = turned.reshape(-1, carriers.MOST, carriers.MOST)
    return np.asarray(scipy.fft.fft2(planes, (side, side)), np.complex64)


def refined(
    luma: NDArray[np.float32], frame: Frame, core: bytes | None = None
) -> tuple[Frame, float]:
    """The frame whose edges are where known carriers agree best, and how well they do, in standard
    deviations of chance. `core` is what has been read of it already."""
    share = min(1.0, _EDGE / max(luma.shape))
    sides = round(luma.shape[0] * share), round(luma.shape[1] * share)
    small = grid.resized(luma, sides)
    shrunk = luma.shape[0] / sides[0], luma.shape[1] / sides[1]
    region = frame.inside(luma.shape).shared(layers.SHEET)
    frame, agreement = frame.reduced(*shrunk), 0.0
    for reach in _REACHES:
        near = _Near.of(frame.taken(small, region), region, core)
        moves, agreement = near.best_moves(reach)
        top, left, bottom, right = frame.box(region)
        down, across = frame.down, frame.across
        box = (
            top + moves[0] * down,
            left + moves[2] * across,
            bottom + moves[1] * down,
            right + moves[3] * across,
        )
        frame = Frame.of_box(box, region)
    return frame.reduced(1 / shrunk[0], 1 / shrunk[1]), agreement


@dataclass(frozen=True, eq=False)
class _Near:
    """How carriers would agree, were a region's edges moved by fractions of a canonical pixel.

    Attributes:
        missed: how far from their points, in turns (two steps are one).
        slopes: how that changes with a pixel that the upper, lower, left or right edge is moved.
    """

    missed: NDArray[np.float32]
    slopes: NDArray[np.float32]

    @staticmethod
    def of(plane: NDArray[np.float32], region: Region, core: bytes | None) -> _Near:
        ahead = cv2.copyMakeBorder(plane, 1, 1, 1, 1, cv2.BORDER_REPLICATE)
        planes = (
            plane,
            (ahead[2:, 1:-1] - ahead[:-2, 1:-1]) / 2,
            (ahead[1:-1, 2:] - ahead[1:-1, :-2]) / 2,
        )
        blocks = [jpeg_transform.forward(np.ascontiguousarray(p)) for p in planes]
        missed, slopes = [], []
        for index, group in enumerate(_GROUPS):
            places, points = layers.known(index, region, core if index == 0 else None)
            values, down, across = (carriers.of_blocks(b, group).ravel()[places] for b in blocks)
            row, column = np.divmod(places % region.blocks, region.columns)
            y, x = (row + 0.5) / region.rows, (column + 0.5) / region.columns
            turn = 1 / (2 * group.step)
            missed.append(turn * (values - points))
            slopes.append(turn * np.stack([down * (1 - y), down * y, across * (1 - x), across * x]))
        return _Near(
            np.concatenate(missed).astype(np.float32),
            np.concatenate(slopes, axis=1).astype(np.float32),
        )

    def best_moves(self, reach: float) -> tuple[NDArray[np.float64], float]:
        """Of the upper, lower, left and right edge; and how well carriers agree then."""
        moves, missed = np.zeros(4), self.missed
        best, step = _agreement(missed), reach
        while step > _FINEST:
            better = False
            for edge, way in itertools.product(range(4), (step, -step)):
                tried = missed + np.float32(way) * self.slopes[edge]
                agreement = _agreement(tried)
                if agreement > best:
                    best, missed, better = agreement, tried, True
                    moves[edge] += way
            step = step if better and step == reach else step / 2
        return moves, best


def _agreement(missed: NDArray[np.float32]) -> float:
    """In standard deviations of chance."""
    total = float(np.cos(np.float32(2 * np.pi) * missed).sum())
    return total / math.sqrt(missed.size / 2)
