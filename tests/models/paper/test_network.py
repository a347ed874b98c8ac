"""The paper's network is invertible and of the paper's size, with each of its options."""

from __future__ import annotations

from dataclasses import replace

import pytest
import torch

from models.paper.network import AffineCoupling, PaperConfig, PaperNetwork

PAPERS = PaperConfig()
VARIANTS = {
    "light": PAPERS,
    "dense": replace(PAPERS, subnets="dense"),
    "difference": replace(PAPERS, hide_difference=True),
    "block of 4": replace(PAPERS, block=4),
    "all of ours": PaperConfig(zero_latent=True, hide_difference=True, block=8),
}


def _network(config: PaperConfig = PAPERS) -> PaperNetwork:
    torch.manual_seed(0)
    return PaperNetwork(config).requires_grad_(False)


def _double(config: PaperConfig) -> PaperNetwork:
    network = _network(config).double()
    if network.transform is not None:
        network.transform.double()
    for conv in network.modules():
        if isinstance(conv, torch.nn.Conv2d):
            conv.weight.mul_(2)  # far from doing nothing
    return network


@pytest.mark.parametrize("variant", VARIANTS)
def test_with_its_latent_the_photo_comes_back_exactly(variant: str) -> None:
    network = _double(VARIANTS[variant])
    photo = torch.rand(1, 3, 24, 16, dtype=torch.float64)
    container, latent = network.embed(photo)
    assert container.shape == photo.shape
    assert latent.numel() == photo.numel()
    assert float((container - photo).abs().max()) > 0.01, "nothing was done"
    assert float((network.extract(container, latent) - photo).abs().max()) < 1e-10


def test_without_it_the_latent_is_noise() -> None:
    network = _network()
    container, _ = network.embed(torch.rand(1, 3, 16, 16))
    torch.manual_seed(1)
    drawn = network.extract(container)
    torch.manual_seed(1)
    assert torch.equal(drawn, network.extract(container, torch.randn(1, 3, 16, 16)))
    assert not torch.equal(drawn, network.extract(container))
    once, again = (network.extract(container, None, torch.Generator()) for _ in range(2))
    assert torch.equal(once, again)


def test_or_zero_where_that_is_asked_for() -> None:
    network = _network(replace(PAPERS, zero_latent=True))
    container, _ = network.embed(torch.rand(1, 3, 16, 16))
    assert torch.equal(
        network.extract(container), network.extract(container, torch.zeros(1, 3, 16, 16))
    )


def test_a_difference_of_nothing_hides_nothing() -> None:
    network = _network(replace(PAPERS, hide_difference=True))
    for parameter in network.branch.last.parameters():
        parameter.zero_()  # the encoder-decoder says: the look is the photo
    for coupling in network.joint:
        for parameter in coupling.parameters():
            parameter.zero_()
    photo = torch.rand(1, 3, 16, 16)
    assert torch.allclose(network.embed(photo)[0], photo)


def test_a_coupling_follows_its_formula() -> None:
    torch.manual_seed(0)
    coupling = AffineCoupling(1, 2, PAPERS).requires_grad_(False)
    x = torch.rand(1, 3, 8, 8)
    y1 = x[:, :1] + coupling.f(x[:, 1:])
    y2 = x[:, 1:] * torch.tanh(coupling.a(y1)).exp() + coupling.b(y1)
    assert torch.equal(coupling(x), torch.cat([y1, y2], dim=1))


@pytest.mark.parametrize(("variant", "parameters"), [("light", 275_000), ("dense", 1_830_000)])
def test_it_is_of_the_papers_size(variant: str, parameters: int) -> None:
    counted = sum(p.numel() for p in _network(VARIANTS[variant]).parameters())
    assert counted == pytest.approx(parameters, rel=0.03)


@pytest.mark.parametrize("variant", ["light", "dense"])
def test_bfloat16_changes_little(variant: str) -> None:
    network = _network(VARIANTS[variant])
    photo = torch.rand(1, 3, 16, 16)
    exact, _ = network.embed(photo)
    network.compute_in(torch.bfloat16)
    short, _ = network.embed(photo)
    assert short.dtype == torch.float32
    assert 0 < float((short - exact).abs().max()) < 0.05


def test_a_configuration_comes_back_from_a_card() -> None:
    for config in VARIANTS.values():
        assert PaperConfig.from_text({k: str(v) for k, v in config.as_dict().items()}) == config
    with pytest.raises(ValueError, match="heavy"):
        PaperConfig.from_text({"subnets": "heavy"})
