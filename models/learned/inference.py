"""The learned forms of the operators, ready to run.

`learned(id)` is an `Operator` like its reference, with the network in place of the algorithm: that
of `network`, folded by `folding`, run by `tiles`. Working scale, number formats and strength 0 are
handled alike, so a preview and an export agree.
"""

from __future__ import annotations

import functools
from dataclasses import replace
from pathlib import Path

import torch

from models import zoo
from models.learned.folding import FoldedOperator
from models.learned.network import (
    LEARNED,
    OperatorNetwork,
)
from models.learned.tiles import draw
from models.networks.device import number_format
from models.operators.base import Operator
from models.operators.images import FloatImage
from models.operators.registry import OPERATORS
from models.zoo import WEIGHTS

CHANNEL = "operators"
"""Of the weights, see `zoo.WeightsEntry`."""


def learned(operator_id: str, device: torch.device | None = None) -> Operator:
    """The learned form of an operator: called like its reference, see `Operator`.

    Args:
        operator_id: one of `LEARNED`.
        device: where the network runs; the CPU when None.

    Raises:
        KeyError: for an operator without a learned form.
        WeightsError: where the weights are missing or damaged.
    """
    if operator_id not in LEARNED:
        raise KeyError(f"There is no learned form of '{operator_id}'.")
    network = _folded_network(weights(), operator_id, device or torch.device("cpu"))

    def render(photo: FloatImage, strength: float, long_edge: int) -> FloatImage:
        return draw(network, photo, strength, long_edge)

    return replace(OPERATORS[operator_id], render=render)


def weights() -> str:
    """Name of the weights in use. Raises WeightsError where there are none."""
    return zoo.newest(CHANNEL).name


@functools.cache
def _folded_network(name: str, operator_id: str, device: torch.device) -> FoldedOperator:
    network = load_operators(name)
    return FoldedOperator(network, operator_id, number_format(device)).to(device)


@functools.cache
def load_operators(name: str, folder: Path = WEIGHTS) -> OperatorNetwork:
    """The trained learned operators of that name, float32 on the CPU. Raises as `load_network`."""
    with zoo.loading(name, folder) as (shape, state):
        if tuple(shape["operators"].split()) != LEARNED:
            raise ValueError(f"{name} holds other operators")
        widths, slope = shape["widths"].split(), float(shape["slope"])
        network = OperatorNetwork(widths=[int(n) for n in widths], slope=slope)
        network.load_state_dict(state)
    return network.requires_grad_(False).eval()
