"""Random parity: lost pieces come back, as many as there is parity, less a few."""

from __future__ import annotations

import numpy as np
import pytest

from models.coding import random_parity

PIECES = np.random.default_rng(1).integers(0, 256, (300, 9), np.uint8)


def lost(count: int) -> np.ndarray:
    where = np.zeros(len(PIECES), bool)
    where[np.random.default_rng(2).permutation(len(PIECES))[:count]] = True
    return where


def test_lost_pieces_come_back() -> None:
    parity = random_parity.sums(PIECES, 40)
    assert parity.shape == (40, 9)
    missing = np.zeros(40, bool)
    missing[[0, 7]] = True
    gone = lost(30)
    received = PIECES.copy()
    received[gone] = 85
    parity[missing] = 0
    found = random_parity.mended(received, gone, parity, missing)
    assert np.array_equal(found, PIECES)


def test_too_much_is_too_much() -> None:
    parity = random_parity.sums(PIECES, 40)
    with pytest.raises(random_parity.Unsolvable):
        random_parity.mended(PIECES, lost(41), parity, np.zeros(40, bool))


def test_parity_is_linear() -> None:
    other = np.random.default_rng(3).integers(0, 256, PIECES.shape, np.uint8)
    sums = [random_parity.sums(p, 20) for p in (PIECES, other, PIECES ^ other)]
    assert np.array_equal(sums[0] ^ sums[1], sums[2])
