"""The trained networks, ready to run."""

from __future__ import annotations

import functools
from pathlib import Path

import torch
from safetensors import SafetensorError, safe_open

from models import zoo
from models.networks.blind_baseline import BlindBaseline
from models.networks.device import number_format
from models.networks.invertible import NetworkConfig, QuasiInvertibleNetwork
from models.networks.loading import fill, ready
from models.networks.refinement import RefinementNetwork
from models.problems import Problem, WeightsError
from models.zoo import WEIGHTS


def load_network(
    name: str, device: torch.device | None = None, folder: Path = WEIGHTS
) -> QuasiInvertibleNetwork:
    """The trained invertible branch of that name, ready to run on `device` (CPU when None).

    Raises:
        WeightsError: when the name is not listed, or the file is missing or not the listed one.
    """
    return _load_network(name, device or torch.device("cpu"), folder)


@functools.cache
def _load_network(name: str, device: torch.device, folder: Path) -> QuasiInvertibleNetwork:
    with zoo.loading(name, folder) as (shape, state):
        config = NetworkConfig(
            block=int(shape["block"]),
            couplings=int(shape["couplings"]),
            hidden=int(shape["hidden"]),
            step=float(shape["step"]),
        )
        network = QuasiInvertibleNetwork(config)
        fill(network, state, name)
    network.compute_in(number_format(device))
    return ready(network, device)


def load_refinement(
    name: str, device: torch.device | None = None, folder: Path = WEIGHTS
) -> RefinementNetwork:
    """The trained refinement of that name, ready to run. Raises as `load_network`."""
    return _load_refinement(name, device or torch.device("cpu"), folder)


@functools.cache
def _load_refinement(name: str, device: torch.device, folder: Path) -> RefinementNetwork:
    with zoo.loading(name, folder) as (shape, state):
        network = RefinementNetwork(int(shape["width"]), int(shape["blocks"]))
        fill(network, state, name)
    return ready(network, device)


BLIND_BASELINE = "blind-baseline.safetensors"


@functools.cache
def load_blind_baseline(device: torch.device, folder: Path = WEIGHTS) -> BlindBaseline:
    """The blind baseline of the evaluation, ready to run. Raises WeightsError without it."""
    path = folder / BLIND_BASELINE
    try:
        with safe_open(path, framework="pt") as file:
            state = {key: file.get_tensor(key).float() for key in file.keys()}  # noqa: SIM118
        network = BlindBaseline()
        network.load_state_dict(state)
    except FileNotFoundError as error:
        raise WeightsError(Problem("weights-missing", path=str(path))) from error
    except (OSError, SafetensorError, RuntimeError) as error:
        raise WeightsError(Problem("weights-damaged", path=str(path))) from error
    network.requires_grad_(False).eval()
    return network.to(device)
