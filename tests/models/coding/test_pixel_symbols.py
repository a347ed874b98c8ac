"""Symbols are read back from any colour, and cost what the table says."""

from __future__ import annotations

import itertools

import numpy as np
import pytest

from models.coding import pixel_symbols


@pytest.mark.parametrize("bits", pixel_symbols.FACTORS)
def test_every_symbol_can_be_written_into_every_corner_of_the_cube(bits: int) -> None:
    ends = np.array(list(itertools.product((0, 1, 127, 254, 255), repeat=3)), np.uint8)
    colours = np.repeat(ends, 1 << bits, axis=0)
    values = np.tile(np.arange(1 << bits, dtype=np.uint8), len(ends))
    written = pixel_symbols.write(colours, values, bits)
    assert written.dtype == np.uint8
    assert np.array_equal(pixel_symbols.read(written, bits), values)


@pytest.mark.parametrize(
    ("bits", "cost"), [(3, 0.333), (4, 0.5), (5, 0.802), (6, 1.266), (7, 2.008)]
)
def test_the_cost_is_that_of_the_table(bits: int, cost: float) -> None:
    assert pixel_symbols.error(bits) == pytest.approx(cost, abs=0.001)
    rng = np.random.default_rng(bits)
    colours = rng.integers(8, 248, (40_000, 3), np.uint8)
    changed = pixel_symbols.with_random(colours, bits, rng).astype(float) - colours
    assert np.square(changed).mean() == pytest.approx(cost, rel=0.02)
    assert abs(changed.mean()) < 0.1


@pytest.mark.parametrize("bits", pixel_symbols.FACTORS)
def test_no_colour_with_the_symbol_is_nearer(bits: int) -> None:
    near = np.array(list(itertools.product(range(-2, 3), repeat=3)))
    colour = np.array([100, 90, 80])
    values = pixel_symbols.read((colour + near).astype(np.uint8), bits)
    for value in np.unique(values):
        written = pixel_symbols.write(colour[None].astype(np.uint8), np.array([value]), bits)
        nearest = np.square(near[values == value]).sum(1).min()
        assert np.square(written.astype(int) - colour).sum() <= nearest


def test_a_symbol_that_is_there_already_changes_nothing() -> None:
    colours = np.random.default_rng(0).integers(0, 256, (5, 4, 3), np.uint8).reshape(-1, 3)
    assert np.array_equal(pixel_symbols.write(colours, pixel_symbols.read(colours, 5), 5), colours)
