"""Which distribution each coefficient of a residual is coded under.

The entropy coder goes through the coefficients one frequency at a time, a whole plane at once.
The distribution of a coefficient follows from its frequency and from how large the coefficients
around it are that are already known, as in the wavelet coders EBCOT (Taubman 2000) and TMW; all
of it in integers, so that every computer decodes alike.
"""

from __future__ import annotations

import functools
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from models.coding import rans

BLOCK = 8
"""Side of the transform's blocks in pixels."""

CHANNELS = 3 * BLOCK * BLOCK

# Activity is kept in units of 1/1024 of "as large as usual for its frequency".
_UNIT = 1024

_EDGES = np.array(
    [round(_UNIT * x) for x in (0.1, 0.18, 0.27, 0.38, 0.5, 0.63, 0.78, 0.95)]
    + [round(_UNIT * x) for x in (1.15, 1.4, 1.7, 2.1, 2.7, 3.6, 5.0)],
    np.int64,
)

CONTEXTS = len(_EDGES) + 1


def _coding_order() -> NDArray[np.int64]:
    """Low frequencies first, the three colours of one frequency together."""
    k = np.arange(CHANNELS)
    colour, v, u = k // BLOCK**2, k // BLOCK % BLOCK, k % BLOCK
    return np.lexsort((colour, v, u + v))


ORDER = _coding_order()


class Contexts:
    """Which context each block of some bands is in, from the planes coded so far; the same in both
    directions.

    The activity around a block is the sum over 3 x 3 blocks, weights 1 2 1 in each direction,
    edges repeated: 16 times the mean. It stays below 2**32.
    """

    def __init__(self, rows: Sequence[int], columns: int) -> None:
        self._rows = rows
        self._activity = np.zeros((len(rows), max(rows) + 2, columns + 2), np.uint32)
        self._planes = 0

    def current(self, bands: int) -> NDArray[np.intp]:
        """Context of every block of the first bands, 0..CONTEXTS-1: bands x rows x columns."""
        known = self._activity[:bands]
        if self._planes == 0:
            shape = bands, known.shape[1] - 2, known.shape[2] - 2
            return np.full(shape, CONTEXTS // 2, np.intp)
        known[:, 0], known[:, -1] = known[:, 1], known[:, -2]
        for band, rows in zip(known, self._rows, strict=False):
            band[rows + 1 :] = band[rows]
        known[:, :, 0], known[:, :, -1] = known[:, :, 1], known[:, :, -2]
        down = known[:, :-1] + known[:, 1:]
        down = down[:, :-1] + down[:, 1:]
        across = down[:, :, :-1] + down[:, :, 1:]
        mean = across[:, :, :-1] + across[:, :, 1:]
        mean //= np.uint32(16 * self._planes)
        np.minimum(mean, np.uint32(_EDGES[-1]), out=mean)
        return _context_of().take(mean)

    def add(self, magnitudes: NDArray[np.unsignedinteger], usual: NDArray[np.uint8]) -> None:
        """Take in the next plane of the first bands (bands x rows x columns); `usual` are the
        distributions that fit their mean magnitudes."""
        weights = (_UNIT / (rans.mean_magnitudes()[usual] + 0.02)).astype(np.uint32)
        self._activity[: len(usual), 1:-1, 1:-1] += magnitudes * weights[:, None, None]
        self._planes += 1


@functools.cache
def _context_of() -> NDArray[np.intp]:
    """The context of every mean activity up to the last edge."""
    return np.searchsorted(_EDGES, np.arange(_EDGES[-1] + 1), side="right")


def nearest_models(magnitudes: NDArray[np.float64]) -> NDArray[np.uint8]:
    """The distributions whose mean magnitudes are closest, in logarithms."""
    logs = np.log(rans.mean_magnitudes())
    edges = (logs[1:] + logs[:-1]) / 2
    return np.searchsorted(edges, np.log(np.maximum(magnitudes, 1e-6))).astype(np.uint8)


@dataclass
class Plan:
    """How a band is going to be coded: the models of each plane in order, and tables.

    Planes of zeros only, the high frequencies of a coarse code, are left out.
    """

    usual: NDArray[np.uint8]  # channels; EMPTY for a plane of zeros
    fitted: NDArray[np.uint8]  # channels x contexts
    models: list[NDArray[np.uint8]]  # of each coded plane; none where only the size is asked for
    bits: float

    @property
    def coded(self) -> NDArray[np.intp]:
        """The coded planes' places in the order."""
        return np.flatnonzero(self.usual != EMPTY)


EMPTY = 255

_BINS = rans.LARGEST + 1  # magnitudes


@functools.cache
def _bit_costs() -> NDArray[np.float64]:
    """Bits of a symbol of each magnitude: models x magnitudes."""
    return rans.bit_costs()[:, rans.LARGEST :].astype(np.float64)


def plan_bands(magnitudes: Sequence[NDArray[np.uint8]], with_models: bool = False) -> list[Plan]:
    """Plans of some bands, worked out side by side.

    Args:
        magnitudes: of each band's symbols, channels x rows x columns; columns alike.
        with_models: whether the models of every symbol are wanted.
    """
    sums = np.stack([m.reshape(CHANNELS, -1).sum(axis=1, dtype=np.int64) for m in magnitudes])
    # The coder's order; bands with the most planes first, so that those still at work are first.
    sums = sums[:, ORDER]
    by = np.argsort(-(sums > 0).sum(axis=1), kind="stable")
    magnitudes, sums = [magnitudes[b] for b in by], sums[by]
    rows, columns = [m.shape[1] for m in magnitudes], magnitudes[0].shape[2]
    means = sums / np.array([m[0].size for m in magnitudes])[:, None]
    usual = np.where(sums > 0, nearest_models(means), EMPTY).astype(np.uint8)
    fitted = np.zeros((len(magnitudes), CHANNELS, CONTEXTS), np.uint8)
    models: list[list[NDArray[np.uint8]]] = [[] for _ in magnitudes]
    bits = np.zeros(len(magnitudes))
    coded = [np.flatnonzero(s) for s in sums]
    contexts = Contexts(rows, columns)
    for turn in range(coded[0].size):
        active = sum(c.size > turn for c in coded)
        channels = np.array([c[turn] for c in coded[:active]])
        bands = np.arange(active)
        plane = np.zeros((active, max(rows), columns), np.uint8)
        for band, channel in enumerate(channels):
            plane[band, : rows[band]] = magnitudes[band][ORDER[channel]]
        context = contexts.current(active)
        bins = context * _BINS
        bins += plane
        bins += (bands * (CONTEXTS * _BINS))[:, None, None]
        for band in range(active):
            bins[band, rows[band] :] = active * CONTEXTS * _BINS  # below a shorter band
        counted = np.bincount(bins.ravel(), minlength=active * CONTEXTS * _BINS + 1)
        counts = counted[:-1].reshape(active, CONTEXTS, _BINS)
        count, total = counts.sum(axis=2), counts @ np.arange(_BINS)
        # A context seen seldom leans on the plane's mean, which keeps the tables smooth.
        typical = usual[bands, channels]
        mean = (total + 2 * means[bands, channels][:, None]) / (count + 2)
        fit = np.where(count > 0, nearest_models(mean), typical[:, None])
        fitted[bands, channels] = fit
        bits[:active] += (counts * _bit_costs()[fit]).sum(axis=(1, 2))
        if with_models:
            for band in range(active):
                models[band].append(fit[band][context[band, : rows[band]]].ravel())
        contexts.add(plane, typical)
    plans = [Plan(*parts) for parts in zip(usual, fitted, models, bits.tolist(), strict=True)]
    return [plans[place] for place in np.argsort(by)]
