"""The benchmark's reference is an invertible network of the paper's size."""

from __future__ import annotations

import pytest
import torch

from models.benchmarks.paper_network import AffineCoupling, PaperNetwork


def _network() -> PaperNetwork:
    torch.manual_seed(0)
    return PaperNetwork().requires_grad_(False)


def test_with_its_latent_the_photo_comes_back_exactly() -> None:
    network = _network().double()
    photo = torch.rand(1, 3, 24, 20, dtype=torch.float64)
    container, latent = network.embed(photo)
    assert container.shape == latent.shape == photo.shape
    assert float((container - photo).abs().max()) > 0.01, "nothing was done"
    assert float((network.extract(container, latent) - photo).abs().max()) < 1e-12


def test_without_it_the_latent_is_noise() -> None:
    network = _network()
    container, _ = network.embed(torch.rand(1, 3, 16, 16))
    torch.manual_seed(1)
    drawn = network.extract(container)
    torch.manual_seed(1)
    assert torch.equal(drawn, network.extract(container, torch.randn(1, 3, 16, 16)))
    assert not torch.equal(drawn, network.extract(container))


def test_a_coupling_follows_its_formula() -> None:
    torch.manual_seed(0)
    coupling = AffineCoupling(1, 2, 8).requires_grad_(False)
    x = torch.rand(1, 3, 8, 8)
    y1 = x[:, :1] + coupling.f(x[:, 1:])
    y2 = x[:, 1:] * torch.tanh(coupling.a(y1)).exp() + coupling.b(y1)
    assert torch.equal(coupling(x), torch.cat([y1, y2], dim=1))


def test_it_is_of_the_papers_size() -> None:
    parameters = sum(p.numel() for p in _network().parameters())
    assert parameters == pytest.approx(275_000, rel=0.03)


def test_bfloat16_changes_little() -> None:
    network = _network()
    photo = torch.rand(1, 3, 16, 16)
    exact, _ = network.embed(photo)
    network.compute_in(torch.bfloat16)
    short, _ = network.embed(photo)
    assert short.dtype == torch.float32
    assert 0 < float((short - exact).abs().max()) < 0.05
