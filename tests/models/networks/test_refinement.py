"""What mends restored JPEG exports: it changes nothing before training, and tiled it is whole."""

from __future__ import annotations

import numpy as np
import pytest
import torch

from models.networks import inference, refinement
from models.networks.refinement import CONDITIONS, RefinementNetwork
from tests.models.natural_pictures import natural


def _network() -> RefinementNetwork:
    return RefinementNetwork(8, 2).requires_grad_(False).eval()


def _random_network() -> RefinementNetwork:
    torch.manual_seed(0)
    network = _network()
    network.last.weight.normal_(0, 0.05)
    return network


def _received(height: int, width: int) -> tuple[tuple[np.ndarray, ...], np.ndarray]:
    pictures = tuple(natural(height, width, seed=seed) for seed in (1, 2, 3))
    rng = np.random.default_rng(4)
    conditions = rng.uniform(-1, 1, (CONDITIONS, -(-height // 16), -(-width // 16)))
    return pictures, conditions.astype(np.float32)


def test_tiled_is_whole(monkeypatch: pytest.MonkeyPatch) -> None:
    network = _random_network()
    pictures, conditions = _received(150, 203)
    whole = inference.refine(network, pictures, conditions)
    assert not np.array_equal(whole, pictures[0])
    monkeypatch.setattr(inference, "REFINED_TILE", 64)
    told: list[float] = []
    tiled = inference.refine(network, pictures, conditions, told.append)
    assert len(told) == 12
    assert np.abs(tiled.astype(int) - whole).max() <= 1


def test_a_pixel_knows_nothing_beyond_the_reach() -> None:
    assert inference.REFINED_TILE % refinement.MULTIPLE == 0
    network = _random_network().double()
    x = torch.rand(1, 3, 16, 320, dtype=torch.float64)
    changed = x.clone()
    changed[..., 160:] = 1 - changed[..., 160:]
    told = torch.zeros(1, CONDITIONS, 1, 20, dtype=torch.float64)
    difference = (network(x, x, x, told) - network(changed, changed, changed, told)).abs()
    first = int(torch.nonzero(difference.amax((0, 1, 2)) > 0)[0])
    assert 160 - network.reach <= first < 160 - network.reach // 2


@pytest.mark.parametrize("size", [(1, 1), (3, 50), (17, 9)])
def test_any_size(size: tuple[int, int]) -> None:
    pictures, conditions = _received(*size)
    refined = inference.refine(_random_network(), pictures, conditions)
    assert refined.shape == (*size, 3)
    assert refined.dtype == np.uint8


def test_it_changes_nothing_before_it_is_trained() -> None:
    pictures, conditions = _received(48, 64)
    assert np.array_equal(inference.refine(_network(), pictures, conditions), pictures[0])


def test_a_coarser_code_may_be_changed_more() -> None:
    network = _random_network()
    pictures, conditions = _received(48, 64)
    changes = []
    for coarseness in (-1.5, -1.0, 0.0, 0.5):
        conditions[0] = coarseness
        refined = inference.refine(network, pictures, conditions)
        changes.append(np.abs(refined.astype(int) - pictures[0]).mean())
    assert changes[0] < changes[-1]
