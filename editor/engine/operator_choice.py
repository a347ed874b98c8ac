"""Which form of an operator makes a look: the learned network, or the reference algorithm.

The learned form is the default where it is clearly the faster one and close to the reference:
`FASTER`. The reference defines the look, and is used for everything else, where it is asked for
(`exact`), and where the weights cannot be used.
"""

from __future__ import annotations

import functools
from collections.abc import Sequence
from typing import TYPE_CHECKING

from editor.messages import Message, message
from models.operators.base import Operator
from models.operators.registry import OPERATORS
from models.problems import WeightsError

if TYPE_CHECKING:
    from editor.engine.edits import Edit

FASTER = frozenset({"l0-smoothing", "rtv", "weighted-median", "oil-painting"})
"""Operators whose learned form is the default.

An operator belongs here when `python -m models.benchmarks.operators` finds its learned form at
least twice as fast, and on Kodak24 at full strength at least 30 dB from the reference on every
photo (27 for colour pencil and oil), with a structural similarity of at least 0.95 on average.
All but the colour pencil are close enough; of the other seven the reference is the faster form,
or nearly as fast.
"""

SMALLEST_LONG_EDGE = 320
"""Pixels below which a picture gets the reference: the network has seen no smaller ones, and there
is no time to be saved."""


def form(
    operator_id: str, long_edge: int, *, exact: bool = False, device: str = "auto"
) -> Operator:
    """The form of an operator that makes the look of a picture.

    Args:
        long_edge: of the picture in pixels.
        exact: always the reference.
        device: where networks run, see `models.networks.device.pick_device`.
    """
    reference = OPERATORS[operator_id]
    if exact or operator_id not in FASTER or long_edge < SMALLEST_LONG_EDGE:
        return reference
    return _learned(operator_id, device) or reference


def renderers(
    edits: Sequence[Edit], long_edge: int, *, exact: bool = False, device: str = "auto"
) -> list[str | None]:
    """Name of the weights that made each edit; None: the reference, or the edit does not act."""
    return [
        _weights()
        if e.acts
        and form(e.operator, long_edge, exact=exact, device=device) is not OPERATORS[e.operator]
        else None
        for e in edits
    ]


def note(edits: Sequence[Edit], long_edge: int, *, exact: bool = False) -> Message | None:
    """Says so where the reference had to stand in for a learned form; else None."""
    wanted = [
        e.operator
        for e in edits
        if e.acts and e.operator in FASTER and long_edge >= SMALLEST_LONG_EDGE
    ]
    if exact or not any(_learned(operator, "auto") is None for operator in wanted):
        return None
    return message("reference-used")


def prepare(edits: Sequence[Edit]) -> None:
    """Import what the edits need, so that it need not be done where a job may be stopped."""
    if any(e.acts and e.operator in FASTER for e in edits):
        import models.learned.inference  # noqa: F401


@functools.cache
def _learned(operator_id: str, device: str) -> Operator | None:
    from models.learned import inference as learned_inference  # here, since it loads PyTorch
    from models.networks.device import pick_device

    try:
        return learned_inference.learned(operator_id, pick_device(device))
    except WeightsError:
        return None


def _weights() -> str:
    from models.learned import inference as learned_inference

    return learned_inference.weights()
