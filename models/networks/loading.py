"""From stored tensors to a network that is ready to run."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TypeVar

import torch
from torch import nn

Network = TypeVar("Network", bound=nn.Module)

_MADE_ANEW = {"transform.kernel"}
"""Tensors that a network makes itself and that are not stored."""


def fill(network: nn.Module, state: Mapping[str, torch.Tensor], name: str) -> None:
    """Give a network its tensors. Raises ValueError where they are not those that it has."""
    found = network.load_state_dict(state, strict=False)
    if found.unexpected_keys or set(found.missing_keys) - _MADE_ANEW:
        raise ValueError(f"{name} holds other tensors than the network")


def ready(network: Network, device: torch.device) -> Network:
    """The network itself, on a device, to be run and not to be trained."""
    network.requires_grad_(False).eval()
    network.to(device=device, memory_format=torch.channels_last)  # type: ignore[call-overload]
    return network
