"""The trained weights of the paper's network, by operator and medium."""

from __future__ import annotations

import functools
from collections.abc import Mapping
from pathlib import Path

import torch

from models import zoo
from models.containers.container import Medium
from models.networks.device import number_format
from models.networks.loading import fill, ready
from models.paper import media
from models.paper.network import PaperConfig, PaperNetwork
from models.zoo import WEIGHTS

CHANNEL = "paper"
"""What these weights are for, in the index."""


def name_for(operator: str, medium: Medium, folder: Path = WEIGHTS) -> str | None:
    """The name of the weights for an operator and a medium; None where there are none."""
    name = f"{CHANNEL}-{operator}-{media.name_of(medium)}"
    return name if name in zoo.entries(folder) else None


def load(name: str, device: torch.device | None = None, folder: Path = WEIGHTS) -> PaperNetwork:
    """The trained network of that name, ready to run on `device` (CPU when None).

    Raises WeightsError when the name is not listed, or the file is missing or not the listed one.
    """
    return _load(name, device or torch.device("cpu"), folder)


@functools.cache
def _load(name: str, device: torch.device, folder: Path) -> PaperNetwork:
    with zoo.loading(name, folder) as (shape, state):
        network = PaperNetwork(PaperConfig.from_text(shape))
        fill(network, state, name)
    network.compute_in(number_format(device))
    return ready(network, device)


def install(
    name: str, network: PaperNetwork, card: Mapping[str, str], folder: Path = WEIGHTS
) -> Path:
    """List a run's weights under ``paper-NAME``. Returns the file's path."""
    name = f"{CHANNEL}-{name}"
    folder.mkdir(parents=True, exist_ok=True)
    listed = zoo.entries(folder) if (folder / zoo.INDEX).exists() else {}
    others = [e.number for e in listed.values() if e.channel == CHANNEL]
    number = listed[name].number if name in listed else max(others, default=0) + 1
    state = {k: v for k, v in network.state_dict().items() if k != "transform.kernel"}
    shape = {key: str(value) for key, value in network.config.as_dict().items()}
    return zoo.install(name, number, CHANNEL, state, shape | dict(card), folder)
