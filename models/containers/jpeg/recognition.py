"""How a container is recognised, whichever way it is turned: by how many squares' checks hold.

Which of them are turned over says the version, so that those to come are named, too.
"""

from __future__ import annotations

import math

import numpy as np
from numpy.typing import NDArray

from models.containers.coefficients import Coefficients, Planes
from models.containers.jpeg import squares, turns
from models.containers.jpeg.layout import CHECK_BITS, Grid
from models.containers.jpeg.turns import TURNS, Turn
from models.containers.watermark import CERTAIN, Recognition

FEWEST_CHECKS = 20
"""With fewer squares that are not flat no picture could be recognised, or only just."""

_SAMPLED = 4000
"""Squares by which it is told first how a picture is turned."""

_LIKELY = 0.9
"""A known version is believed where so many checks hold, compared with the best one."""

_VERSIONS = 1 << squares.VERSION_BITS


def recognise(received: Coefficients, known: tuple[int, ...]) -> tuple[Recognition, Turn] | None:
    """What a JPEG's checks say, and how it has to be turned to be as it was made.

    Args:
        known: versions that are known.

    Returns:
        None where chance explains what is read.
    """
    for turn in TURNS:
        if _judged(*_sampled_checks(received, turn), known) is not None:
            found = _judged(*_checks(turns.turned(received, turn)), known)
            if found is not None:
                return found, turn
    found = _judged(*_checks(received), known)
    return None if found is None else (found, TURNS[0])


def sound(as_made: Coefficients, version: int) -> tuple[NDArray[np.bool_], NDArray[np.bool_]]:
    """Which squares' checks hold, and which squares are flat and have none: rows x columns."""
    differences, classes, flat = _checks(as_made)
    return differences == squares.turned_over(classes, version), flat


_Checks = tuple[NDArray[np.uint8], NDArray[np.int64], NDArray[np.bool_]]
"""Of squares: what is read, less what a check that is not turned over would be; which bit of the
version it says; whether it has none."""


def _checks(of: Coefficients) -> _Checks:
    grid = Grid.of(of.height, of.width, of.subsampling)
    return _checks_in(of.planes, grid, np.arange(grid.rows))


def _checks_in(planes: Planes, grid: Grid, rows: NDArray[np.int64]) -> _Checks:
    digests = squares.digests(planes, grid, rows)
    differences = squares.read_checks(planes, grid) ^ squares.checks(digests)
    return differences, squares.classes(grid, rows), squares.flat(planes, grid)


def _sampled_checks(received: Coefficients, turn: Turn) -> _Checks:
    """The checks of some of the squares of a picture that is turned."""
    mirrored, flipped, transposed = turn
    planes = []
    size = [side // received.unit * received.unit for side in (received.height, received.width)]
    if transposed:
        size.reverse()
    grid = Grid.of(size[0], size[1], received.subsampling)
    every = max(1, round(grid.rows * grid.columns / _SAMPLED))
    rows = np.arange(every // 2, grid.rows, every)
    for index, plane in enumerate(received.planes):
        side = received.unit if index else 8
        down, across = received.height // received.unit, received.width // received.unit
        whole = plane[: down * received.unit // side, : across * received.unit // side]
        whole = whole[:: -1 if flipped else 1, :: -1 if mirrored else 1]
        if transposed:
            whole = whole.transpose(1, 0, 3, 2)
        factor = 16 // side
        taken = np.concatenate([factor * rows + v for v in range(factor)])
        taken.sort()
        some = whole[taken]
        across_sign, down_sign = (flipped, mirrored) if transposed else (mirrored, flipped)
        if across_sign:
            some = some * turns.SIGNS
        if down_sign:
            some = some * turns.SIGNS[:, None]
        planes.append(np.ascontiguousarray(some))
    part = Grid(rows.size, grid.columns, received.subsampling)
    return _checks_in((planes[0], planes[1], planes[2]), part, rows)


def _judged(
    differences: NDArray[np.uint8],
    classes: NDArray[np.int64],
    flat: NDArray[np.bool_],
    known: tuple[int, ...],
) -> Recognition | None:
    """What the checks of some squares say; None where chance explains it."""
    trials = int((~flat).sum())
    if trials == 0:
        return None
    differences, classes = differences[~flat], classes[~flat]

    def agreeing(version: int) -> int:
        return int((differences == squares.turned_over(classes, version)).sum())

    voted = _voted(differences, classes)
    agree, version = max(((agreeing(v), v) for v in known), default=(0, voted))
    if agree < _LIKELY * agreeing(voted):  # else they differ by what chance says of lost squares
        agree, version = agreeing(voted), voted
    tries = len(TURNS) * _VERSIONS
    chance = min(1.0, tries * _binomial_tail(agree, trials, 2.0**-CHECK_BITS))
    if chance >= CERTAIN:
        return None
    return Recognition(version, version in known, agree / trials, chance)


def _voted(differences: NDArray[np.uint8], classes: NDArray[np.int64]) -> int:
    """The version that most squares of each class speak for."""
    turned = np.bincount(classes[differences == 2**CHECK_BITS - 1], minlength=squares.VERSION_BITS)
    plain = np.bincount(classes[differences == 0], minlength=squares.VERSION_BITS)
    return int((turned > plain) @ (1 << np.arange(squares.VERSION_BITS)))


def _binomial_tail(successes: int, trials: int, chance: float) -> float:
    """A bound on the probability of at least that many successes: Chernoff's, exp(-n KL)."""
    share = successes / trials
    if share <= chance:
        return 1.0
    rest = 1 - share
    divergence = share * math.log(share / chance)
    divergence += rest * math.log(rest / (1 - chance)) if rest else 0.0
    return math.exp(-trials * divergence)
