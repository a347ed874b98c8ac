"""A look on its way into coefficients: its values, and what changing each of them costs."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from models.containers import coefficients
from models.containers.coefficients import Coefficients, Planes, Subsampling
from models.containers.jpeg import embedding_costs
from models.containers.jpeg.layout import CHECKS, HEADER, LEFT_ALONE, Area, Cut, Grid
from models.containers.jpeg.pairs import pair_of
from models.containers.jpeg.rate_planning import Sample

EVERY = Cut(63, 63)
"""All coefficients that a message may use."""

_SAMPLED_BLOCKS = 100  # of each plane of a tile


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
    luma = np.square((values[0] - clean.planes[0]) * clean.tables[0].astype(np.float32))
    weights = embedding_costs.similarity_weights(
        look, luma.mean(axis=(2, 3), dtype=np.float32), clean.subsampling
    )
    del luma
    pixels = clean.height * clean.width
    file_bits = 8 * len(coefficients.write(clean))
    others, costs, losses = [], [], []
    for plane, (value, quantised) in enumerate(zip(values, clean.planes, strict=True)):
        other = pair_of(value, quantised)
        worse = np.square(other - value)
        worse -= np.square(quantised - value)
        worse *= np.square(clean.tables[plane]).astype(np.float32)
        worse *= weights[plane][:, :, None, None]
        lengths = embedding_costs.CodeLengths.of(quantised)
        cost = lengths.grown(quantised, other)
        cost *= np.float32(pixels / file_bits / embedding_costs.GROWTH)
        cost += worse * np.float32(1 / embedding_costs.LOSS)
        others.append(other)
        costs.append(cost)
        losses.append(worse)
    return (others[0], others[1], others[2]), costs, losses


def sample(
    grid: Grid,
    area: Area,
    losses: list[NDArray[np.float32]],
    costs: list[NDArray[np.float32]],
) -> Sample:
    chosen: list[list[NDArray[np.float32]]] = [[], []]
    blocks = []
    zigzag = EVERY.places(1)
    for plane in range(3):
        ours = grid.blocks(plane, area)
        for kind, values in enumerate((losses[plane], costs[plane])):
            flat = values[ours].reshape(-1, 64)
            step = max(1, flat.shape[0] // _SAMPLED_BLOCKS)
            chosen[kind].append(flat[::step, zigzag])
        blocks.append(flat.shape[0])
    taken = (
        *LEFT_ALONE,
        *CHECKS,
        *HEADER,
    )
    return Sample(chosen[0], chosen[1], blocks, tuple(place for place in taken if place))
