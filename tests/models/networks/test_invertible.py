"""The invertible branch is invertible, and costs what it says."""

from __future__ import annotations

import numpy as np
import pytest
import torch

from models.networks import pretrained
from models.networks.coupling import CouplingBlock
from models.networks.invertible import NetworkConfig, QuasiInvertibleNetwork
from models.operators.registry import OPERATORS
from tests.models.natural_pictures import natural


def _untrained() -> QuasiInvertibleNetwork:
    """Random weights of ordinary size everywhere, so that every path does something."""
    torch.manual_seed(3)
    network = QuasiInvertibleNetwork(NetworkConfig(couplings=3, hidden=8))
    for parameter in network.parameters():
        torch.nn.init.normal_(parameter, std=0.1)
    return network


def _shipped() -> QuasiInvertibleNetwork:
    loaded = pretrained.load_network("lossless-1")
    network = QuasiInvertibleNetwork(loaded.config)
    network.load_state_dict(loaded.state_dict())
    return network


def _double(network: QuasiInvertibleNetwork) -> QuasiInvertibleNetwork:
    network.double()
    network.transform.double()  # nn.Module.double() on the parent does not reach the override
    return network


def _pair(size: int = 48) -> tuple[torch.Tensor, torch.Tensor]:
    pictures = [natural(size, size, seed).transpose(2, 0, 1) / 255.0 for seed in (1, 2)]
    photo, other = (torch.from_numpy(p)[None] for p in pictures)
    return photo, 0.7 * photo + 0.3 * other


@pytest.mark.parametrize("make", [_untrained, _shipped])
def test_with_its_latent_the_photo_comes_back_exactly(make) -> None:  # type: ignore[no-untyped-def]
    network = _double(make())
    photo, look = _pair()
    with torch.inference_mode():
        container, latent = network.embed(photo, look)
        assert float((container - look).abs().max()) > 1e-4, "nothing was hidden"
        restored, same_look = network.extract(container, latent)
    assert container.shape == latent_shape_undone(latent) == photo.shape
    assert float((restored - photo).abs().max()) < 1e-9
    assert float((same_look - look).abs().max()) < 1e-9


def latent_shape_undone(latent: torch.Tensor) -> tuple[int, ...]:
    """Shape of the picture whose 4 x 4 blocks went into a latent."""
    batch, channels, height, width = latent.shape
    return batch, channels // 16, height * 4, width * 4


def test_without_it_the_latent_is_zero() -> None:
    network = _shipped()
    pixels = natural(64, 64)
    edited = OPERATORS["exposure"](pixels, 1.0)
    photo, look = (
        torch.from_numpy(p / 255).permute(2, 0, 1)[None].float() for p in (pixels, edited)
    )
    with torch.inference_mode():
        container, latent = network.embed(photo, look)
        default = network.extract(container)[0]
        zero = network.extract(container, torch.zeros_like(latent))[0]
    assert torch.allclose(default, zero, atol=1e-5)  # the memory layouts may differ
    assert float((default - photo).square().mean()) < 0.25 * float((look - photo).square().mean())


def test_one_coupling_follows_its_formula() -> None:
    torch.manual_seed(0)
    scales = torch.tensor([0.5, 2.0]), torch.tensor([0.1, 3.0])
    block = CouplingBlock(2, 4, *scales, step=0.05)
    t, d = torch.randn(1, 2, 5, 6), torch.randn(1, 2, 5, 6)
    look_scale, difference_scale = (s.reshape(1, 2, 1, 1) for s in scales)
    with torch.inference_mode():
        t_out, d_out = block(t, d)
        t_expected = t + 0.05 * block.f(d / difference_scale)
        a, b = block.ab(t_expected / look_scale).chunk(2, dim=1)
        d_expected = d * torch.exp(torch.tanh(a)) + b * difference_scale
        back = block(t_out, d_out, rev=True)
    assert torch.allclose(t_out, t_expected, atol=1e-6)
    assert torch.allclose(d_out, d_expected, atol=1e-6)
    assert torch.allclose(back[0], t, atol=1e-5)
    assert torch.allclose(back[1], d, atol=1e-5)


def test_subnets_compute_in_the_chosen_format_and_streams_do_not() -> None:
    network = _shipped()
    photo, look = (x.float() for x in _pair())
    with torch.inference_mode():
        exact, _ = network.embed(photo, look)
        network.compute_in(torch.bfloat16)
        short, _ = network.embed(photo, look)
    assert short.dtype == torch.float32
    difference = np.abs((short - exact).numpy()) * 255
    assert 0 < difference.max() < 4
    assert difference.mean() < 0.25
