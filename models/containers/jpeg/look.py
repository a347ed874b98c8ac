"""A look on its way into coefficients: its values, and what changing each of them costs."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
from numpy.typing import NDArray

from models import parallel
from models.containers import coefficients
from models.containers.coefficients import Coefficients, Planes, Subsampling
from models.containers.jpeg import embedding_costs
from models.containers.jpeg.layout import CHECKS, HEADER, LEFT_ALONE, Area, Cut, Grid
from models.containers.jpeg.pairs import pair_of
from models.containers.jpeg.rate_planning import Sample

EVERY = Cut(63, 63)
"""All coefficients that a message may use."""

_SAMPLED_BLOCKS, _SAMPLED = 100, 10_000  # of each plane of a tile, and of a picture
_ROWS = 8  # of blocks that are worked on at a time
_LARGE, _EVERY = 50_000, 6  # blocks from which on only some rows of them are coded for their size


def in_steps(
    look: NDArray[np.uint8], subsampling: Subsampling, tables: NDArray[np.int64]
) -> tuple[NDArray[np.float32], ...]:
    """A picture's coefficients in quantiser steps, not rounded."""
    values = coefficients.transformed(look, subsampling)
    for value, table in zip(values, tables, strict=True):
        value /= table.astype(np.float32)
    return values


def rounded(values: tuple[NDArray[np.float32], ...]) -> Planes:
    y, cb, cr = (np.rint(value).astype(np.int16) for value in values)
    return y, cb, cr


def costs_of(
    look: NDArray[np.uint8], clean: Coefficients, values: tuple[NDArray[np.float32], ...]
) -> tuple[Planes, list[NDArray[np.float32]], list[NDArray[np.float32]]]:
    """The other value of every pair, what it costs in all, and of similarity alone."""
    pixels = clean.height * clean.width
    weights = embedding_costs.similarity_weights(look, _noise(clean, values[0]), clean.subsampling)
    file_bits = _file_bits(clean)
    scale = pixels / file_bits / embedding_costs.GROWTH
    others, costs, losses = [], [], []
    for plane, value in enumerate(values):
        steps = np.square(clean.tables[plane]).astype(np.float32)
        weighed = weights[plane][:, :, None, None], steps
        other, cost, worse = _of_plane(value, clean.planes[plane], weighed, np.float32(scale))
        others.append(other)
        costs.append(cost)
        losses.append(worse)
    return (others[0], others[1], others[2]), costs, losses


def _of_plane(
    values: NDArray[np.float32],
    quantised: NDArray[np.int16],
    weights: tuple[NDArray[np.float32], NDArray[np.float32]],
    scale: np.float32,
) -> tuple[NDArray[np.int16], NDArray[np.float32], NDArray[np.float32]]:
    """See `costs_of`; weights are of squared errors in steps, for each block and for each
    frequency, the scale is that of bits."""
    other = np.empty_like(quantised)
    cost, worse = np.empty_like(values), np.empty_like(values)
    lengths = embedding_costs.CodeLengths.of(quantised)

    def find(rows: slice) -> None:
        now, wanted = quantised[rows], values[rows]
        then = pair_of(wanted, now)
        lost = (then - now) * (then + now - 2 * wanted)  # squared error then less now
        lost *= weights[0][rows]
        lost *= weights[1]
        more = lengths.grown(now, then)
        more *= scale
        more += lost * np.float32(1 / embedding_costs.LOSS)
        other[rows], cost[rows], worse[rows] = then, more, lost

    parallel.mapped(find, parallel.bands(len(quantised), _ROWS))
    return other, cost, worse


def _noise(clean: Coefficients, luma: NDArray[np.float32]) -> NDArray[np.float32]:
    """What quantising does to each block of luma, mean of squares."""
    steps = clean.tables[0].astype(np.float32)
    parts = [
        np.square((luma[rows] - clean.planes[0][rows]) * steps).mean(axis=(2, 3), dtype=np.float32)
        for rows in parallel.bands(len(luma), _ROWS)
    ]
    return np.concatenate(parts)


def _file_bits(clean: Coefficients) -> float:
    """About how many the look's own file has, from bands of it."""
    rows = len(clean.planes[0])
    if rows * clean.planes[0].shape[1] < _LARGE:
        return 8.0 * len(coefficients.write(clean))
    bands = [slice(row, row + 2) for row in range(0, rows - 1, 2 * _EVERY)]
    half = [slice(band.start // 2, band.stop // 2) for band in bands]
    chroma = half if clean.subsampling == "420" else bands
    y, cb, cr = (
        np.concatenate([plane[band] for band in chosen])
        for plane, chosen in zip(clean.planes, (bands, chroma, chroma), strict=True)
    )
    some = replace(clean, height=8 * len(y), planes=(y, cb, cr))
    return 8.0 * len(coefficients.write(some)) * rows / len(y)


def sample(
    grid: Grid,
    area: Area,
    losses: list[NDArray[np.float32]],
    costs: list[NDArray[np.float32]],
    tiles: int,
) -> Sample:
    """Some of a tile's coefficients, in a picture of so many tiles."""
    chosen: list[list[NDArray[np.float32]]] = [[], []]
    blocks = []
    zigzag, most = EVERY.places(1), min(_SAMPLED_BLOCKS, _SAMPLED // tiles)
    for plane in range(3):
        ours = grid.blocks(plane, area)
        for kind, values in enumerate((losses[plane], costs[plane])):
            flat = values[ours].reshape(-1, 64)
            step = max(1, flat.shape[0] // most)
            chosen[kind].append(flat[::step, zigzag])
        blocks.append(flat.shape[0])
    taken = (
        *LEFT_ALONE,
        *CHECKS,
        *HEADER,
    )
    return Sample(chosen[0], chosen[1], blocks, tuple(place for place in taken if place))
