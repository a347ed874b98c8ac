"""Rounding to the levels of a file."""

from __future__ import annotations

import numpy as np
import pytest
import torch

from models.networks.quantisation import round_to_8_bits, round_to_lattice


@pytest.mark.parametrize("step", [1, 2, 4, 8])
def test_values_become_the_nearest_class_middle(step: int) -> None:
    x = torch.linspace(-0.2, 1.2, 5001)
    levels = np.arange(256 // step) * step + (step - 1) / 2
    nearest = np.abs(x.numpy()[:, None].astype(np.float64) * 255 - levels).argmin(axis=1)
    got = round_to_lattice(x, step).numpy() * 255
    away_from_ties = np.abs((x.numpy() * 255 - (step - 1) / 2) / step % 1 - 0.5) > 1e-4
    assert np.abs(got - levels[nearest])[away_from_ties].max() < 1e-3
    assert set(np.rint(got * 2).astype(int)) == set(np.rint(levels * 2).astype(int))


def test_every_level_of_a_file_passes_unchanged() -> None:
    levels = torch.arange(256) / 255
    assert torch.equal((round_to_8_bits(levels) * 255).round(), torch.arange(256.0))


@pytest.mark.parametrize("step", [1, 2, 4])
def test_the_gradient_goes_straight_through(step: int) -> None:
    x = torch.linspace(-0.5, 1.5, 64, requires_grad=True)
    weight = torch.linspace(-1, 1, 64)
    (round_to_lattice(x, step) * weight).sum().backward()
    assert x.grad is not None
    assert torch.equal(x.grad, weight)
