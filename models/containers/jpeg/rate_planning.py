"""How finely each tile's residual is coded: as finely as hiding its bits is worth.

Hiding R bits in a tile costs similarity and bytes, the more of them the steeper; coding its
residual in R bits leaves an error. All tiles together should leave the least error for what may be
spent, which a Lagrange multiplier finds. What bits cost is known in advance from the carriers' own
costs: with the best code each is changed with probability 1 / (1 + exp(lambda x cost)), and says
the entropy of that in bits (Filler, Judas and Fridrich 2011, section II).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from models.containers.jpeg.layout import Cut

EFFICIENCY = ((0.02, 0.05, 0.12, 0.25), (0.82, 0.86, 0.91, 0.96))
"""Bits that the syndrome-trellis code carries for one that the best code would, at equal cost,
measured: where the best code would say these bits for each carrier, that share."""

STRENGTHS = 10 ** np.linspace(1.4, -3.2, 24)
"""The multipliers lambda at which a tile is looked at, from few bits to many."""

_FULLEST = 0.65
"""Bits for a carrier at most."""


@dataclass(frozen=True, eq=False)
class Sample:
    """Some of a tile's carriers.

    Attributes:
        losses: of similarity, mean over the picture, that changing each would cost; planes of
            blocks x 63, in zigzag order from the second place on.
        costs: likewise, all of it, in the units of `embedding_costs`.
        blocks: how many there are of each plane in all.
        taken: places, as in `losses`, that the tile's message does not use; in luma.
    """

    losses: Sequence[NDArray[np.float32]]
    costs: Sequence[NDArray[np.float32]]
    blocks: Sequence[int]
    taken: tuple[int, ...]


@dataclass(frozen=True, eq=False)
class Capacity:
    """What a tile can carry at which price; all arrays along `STRENGTHS`.

    Attributes:
        bits: what the code carries.
        losses: of similarity.
        costs: in all.
        by_place: bits by plane (luma, chroma) and place in zigzag order 1..63.
    """

    bits: NDArray[np.float64]
    losses: NDArray[np.float64]
    costs: NDArray[np.float64]
    by_place: NDArray[np.float64]

    @staticmethod
    def of(sample: Sample, pixels: int) -> Capacity:
        """Of a tile in a picture of that many pixels."""
        bits, losses, costs = (np.zeros(STRENGTHS.size) for _ in range(3))
        by_place = np.zeros((STRENGTHS.size, 2, 63))
        carriers = 0.0
        for plane, (lost, cost) in enumerate(zip(sample.losses, sample.costs, strict=True)):
            weight = sample.blocks[plane] / max(1, len(cost))
            used = np.ones(63, bool)
            if plane == 0:
                used[[place - 1 for place in sample.taken]] = False
            carriers += sample.blocks[plane] * int(used.sum())
            exponent = cost * STRENGTHS[:, None, None].astype(np.float32)
            np.clip(exponent, -30, 30, out=exponent)
            odds = np.exp(exponent)
            changed = 1 / (1 + odds)
            # H(p) = log2(1 + 1 / odds) + p log2(odds)
            entropy = np.log1p(1 / odds) + changed * exponent
            entropy *= np.float32(1 / np.log(2)) * used
            changed *= used
            by_place[:, min(plane, 1)] += entropy.sum(axis=1, dtype=np.float64) * weight
            losses += np.tensordot(changed, lost, 2) * weight / pixels
            costs += np.tensordot(changed, cost, 2) * weight / pixels
        bits = by_place.sum(axis=(1, 2))
        bits *= np.interp(np.log(bits / carriers + 1e-9), np.log(EFFICIENCY[0]), EFFICIENCY[1])
        room = carriers * _FULLEST
        bits = np.minimum(bits, room) + np.arange(bits.size) * 1e-6
        return Capacity(bits, losses, costs, by_place)

    def cut(self, bits: float) -> Cut:
        """Which carriers are worth using for so many bits."""
        step = min(int(np.searchsorted(self.bits, bits)) + 1, STRENGTHS.size - 1)
        places = []
        for share in self.by_place[step]:
            after = share.sum() - np.cumsum(share)  # what the places beyond each would add
            few = after <= _LOST * self.by_place[step].sum()
            places.append(int(few.argmax()) + 1)
        return Cut(max(places[0], _FEWEST), places[1])


_LOST = 0.006
_FEWEST = 11


@dataclass(frozen=True, eq=False)
class Curve:
    """What coding a tile's residual at each quality gives.

    Attributes:
        mode: how, an index of the caller's.
        qualities: all that are at choice, growing.
        bits, errors: at each; errors are sums of squares.
    """

    mode: int
    qualities: NDArray[np.float64]
    bits: NDArray[np.float64]
    errors: NDArray[np.float64]


@dataclass(frozen=True)
class Choice:
    """Of every tile.

    Attributes:
        qualities: to code it at, each in a mode.
        bits: that it will about have.
        losses: of similarity, mean over the whole picture, that each costs.
    """

    qualities: list[tuple[int, int]]
    bits: list[float]
    losses: list[float]

    @property
    def loss(self) -> float:
        """Of similarity, all in all."""
        return sum(self.losses)


def choose(
    curves: Sequence[Sequence[Curve]],
    capacities: Sequence[Capacity],
    most_loss: float,
    most_cost: float,
) -> Choice:
    """The modes and qualities that leave the least error within two bounds.

    Args:
        curves: of every tile, in every mode that is at choice.
        capacities: of every tile.
        most_loss: of similarity, mean over the picture.
        most_cost: in all, in the units of `embedding_costs`.
    """
    tables = [_table(ours, capacity) for ours, capacity in zip(curves, capacities, strict=True)]

    def at(multiplier: float) -> tuple[list[int], float, float]:
        best = [int((t[_ERROR] + 10**multiplier * t[_COST]).argmin()) for t in tables]
        chosen = np.array([t[:, place] for t, place in zip(tables, best, strict=True)])
        return best, float(chosen[:, _LOSS].sum()), float(chosen[:, _COST].sum())

    low, high = 2.0, 14.0
    for _ in range(22):
        middle = (low + high) / 2
        _, loss, cost = at(middle)
        if loss > most_loss or cost > most_cost:
            low = middle
        else:
            high = middle
    best, loss, spent = at(high)
    chosen = [t[:, place] for t, place in zip(tables, best, strict=True)]
    # Between the two multipliers some tiles can have more: those for which there is room.
    for tile, place in enumerate(at(low)[0]):
        more = tables[tile][:, place]
        then = loss + more[_LOSS] - chosen[tile][_LOSS], spent + more[_COST] - chosen[tile][_COST]
        if then[0] <= most_loss and then[1] <= most_cost:
            chosen[tile], (loss, spent) = more, then
    return Choice(
        [(int(c[_MODE]), int(c[_QUALITY])) for c in chosen],
        [float(c[_BITS]) for c in chosen],
        [float(c[_LOSS]) for c in chosen],
    )


_MODE, _QUALITY, _BITS, _ERROR, _LOSS, _COST = range(6)


def _table(curves: Sequence[Curve], capacity: Capacity) -> NDArray[np.float64]:
    """Every way to code a tile: the six rows named above."""
    parts = []
    for curve in curves:
        loss = np.interp(curve.bits, capacity.bits, capacity.losses)
        cost = np.interp(curve.bits, capacity.bits, capacity.costs)
        cost[curve.bits > capacity.bits[-1]] = 1e6  # no room
        mode = np.full(curve.bits.size, float(curve.mode))
        parts.append(np.stack([mode, curve.qualities, curve.bits, curve.errors, loss, cost]))
    return np.concatenate(parts, axis=1)
