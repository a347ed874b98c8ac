"""What one training step has in common for all networks."""

from __future__ import annotations

from torch import Tensor, nn, optim

WARM_UP = 300
"""Steps in which the learning rate rises from 0."""

COOL_DOWN = 0.1
"""Share of the steps, the last ones, in which the rate falls to 0. Until then it is constant, so
that a run may be stopped and gone on with."""


def learning_rate(step: int, steps: int) -> float:
    """Of a step, as a share of the highest one."""
    warm = min(1.0, (step + 1) / WARM_UP)
    return warm * min(1.0, (steps - step) / max(1.0, COOL_DOWN * steps))


def descend(loss: Tensor, network: nn.Module, optimiser: optim.Optimizer) -> None:
    """One step down the gradient of a scalar loss, its norm clipped to 1."""
    optimiser.zero_grad(set_to_none=True)
    loss.backward()
    nn.utils.clip_grad_norm_(network.parameters(), 1.0)
    optimiser.step()


class RunningDecibels:
    """A slow mean of PSNR, for progress bars."""

    def __init__(self) -> None:
        self.value = 0.0

    def add(self, errors: Tensor) -> None:
        """Take in the mean squared errors (B values, range 0..1 squared) of a batch."""
        decibels = float(-10 * errors.detach().log10().mean())
        self.value += (0.02 if self.value else 1.0) * (decibels - self.value)
