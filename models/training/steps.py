"""What all training runs share."""

from __future__ import annotations

import argparse
import copy
from collections.abc import Callable
from pathlib import Path
from typing import Generic, TypeVar

import numpy as np
import torch
from torch import Tensor, nn, optim
from tqdm import tqdm

from models.training import processes
from models.training.processes import AveragedGradients

N = TypeVar("N", bound=nn.Module)

WARM_UP = 300
"""Steps in which the learning rate rises from 0."""

COOL_DOWN = 0.1
"""Share of the steps, the last ones, in which the rate falls to 0. Until then it is constant, so
that a run can be stopped and continued."""


def learning_rate(step: int, steps: int) -> float:
    """The rate at a step, as a share of the highest one."""
    warm = min(1.0, (step + 1) / WARM_UP)
    return warm * min(1.0, (steps - step) / max(1.0, COOL_DOWN * steps))


def options(description: str, *, steps: int, patch: int) -> argparse.ArgumentParser:
    """A command line with the usual options of a run and their defaults."""
    parser = argparse.ArgumentParser(description=description)
    parser.add_argument("--pairs", type=Path, help="folder of training pairs")
    parser.add_argument("--run", type=Path, required=True, help="folder, to go on from")
    parser.add_argument("--steps", type=int, default=steps)
    parser.add_argument("--patch", type=int, default=patch, help="side of a patch in pixels")
    parser.add_argument("--batch", type=int, default=6, help="patches a step, in each process")
    parser.add_argument("--device", default="auto")
    return parser


CHECKPOINT = "checkpoint.pt"

SAVED_EVERY = 250
"""Steps."""

AVERAGING = 0.999
"""Decay of the exponential average of the weights, which is what is used later."""


class Run(Generic[N]):
    """A training run that can be stopped and continued, in one process or in several.

    In several (see `models.training.processes`) a step is that of one process with the batches of
    all of them, and the leading one writes; all of them read the run's folder.

    FOLDER/checkpoint.pt holds its step, the network, the average of its weights and the optimiser.

    Attributes:
        step: how many are done.
        average: a network with the exponential average of the weights.

    Args:
        folder: of the run; made where it is missing.
        network: to be trained, on its device. Takes on the weights of the run's checkpoint.
        rate: the highest learning rate.
        steps: how many there will be in all.
        betas: see `torch.optim.AdamW`.
        schedule: the rate at a step of so many, as a share of the highest one.
        weight_decay: see `torch.optim.AdamW`; 0 makes it Adam.
        compact: of a large network: no average is kept (`average` is the network itself), and the
            optimiser's moments are rounded to bfloat16 whenever a checkpoint is written, which
            halves its size; going on from it is still the same as never having stopped.
    """

    def __init__(
        self,
        folder: Path,
        network: N,
        rate: float,
        steps: int,
        betas: tuple[float, float] = (0.9, 0.999),
        schedule: Callable[[int, int], float] = learning_rate,
        weight_decay: float = 1e-4,
        compact: bool = False,
    ) -> None:
        self.step = 0
        self._compact = compact
        self._network, self._rate, self._steps = network, rate, steps
        self._averaged = AveragedGradients.of(network)
        self.average = network if compact else copy.deepcopy(network).requires_grad_(False)
        self._schedule = schedule
        self._optimiser = optim.AdamW(network.parameters(), rate, betas, weight_decay=weight_decay)
        self._file = folder / CHECKPOINT
        folder.mkdir(parents=True, exist_ok=True)
        if self._file.exists():
            device = next(network.parameters()).device
            checkpoint = torch.load(self._file, map_location=device, weights_only=True)
            network.load_state_dict(checkpoint["network"])
            if not compact:
                self.average.load_state_dict(checkpoint["average"])
            self._optimiser.load_state_dict(checkpoint["optimiser"])
            self.step = int(checkpoint["step"])

    @property
    def done(self) -> bool:
        """Whether no steps are left."""
        return self.step >= self._steps

    @property
    def leads(self) -> bool:
        """Whether this process is the one that validates and writes."""
        return processes.leads()

    def generators(self, seed: int, batch: int) -> list[np.random.Generator]:
        """One for each of the `batch` samples that this process draws for the next step.

        They depend on the seed, the step and the sample's number in the batch of all processes:
        a run draws the same, however often it was stopped and in however many processes.
        """
        first = processes.rank() * batch
        return [np.random.default_rng([seed, self.step, first + i]) for i in range(batch)]

    def progress(self, description: str = "steps") -> tqdm:
        """A bar of the steps, shown by the leading process."""
        return tqdm(
            total=self._steps,
            initial=self.step,
            desc=description,
            mininterval=20,
            disable=not self.leads,
        )

    def descend(self, loss: Tensor) -> None:
        """One step down the gradient of a scalar loss, its norm clipped to 1.

        Of several processes each gives the mean loss of its own batch. Where the gradient is not
        finite the weights stay as they are.
        """
        for group in self._optimiser.param_groups:
            group["lr"] = self._rate * self._schedule(self.step, self._steps)
        self._optimiser.zero_grad(set_to_none=True)
        self._averaged(loss).backward()
        norm = nn.utils.clip_grad_norm_(self._network.parameters(), 1.0)
        if torch.isfinite(norm):
            self._optimiser.step()
        self.step += 1
        if not self._compact:
            self._average()
        if self.step % SAVED_EVERY == 0 or self.done:
            self._save()

    @torch.no_grad()
    def _average(self) -> None:
        share = min(AVERAGING, self.step / (self.step + 20))
        for kept, new in zip(self.average.parameters(), self._network.parameters(), strict=True):
            kept.lerp_(new, 1 - share)

    def _save(self) -> None:
        state = {"step": self.step, "network": self._network.state_dict()}
        optimiser = self._optimiser.state_dict()
        if self._compact:
            optimiser["state"] = {k: self._rounded(v) for k, v in optimiser["state"].items()}
        else:
            state |= {"average": self.average.state_dict()}
        if not self.leads:
            return
        temporary = self._file.with_suffix(".tmp")
        torch.save(state | {"optimiser": optimiser}, temporary)
        temporary.replace(self._file)  # a stop while saving leaves the one before

    @staticmethod
    def _rounded(moments: dict[str, Tensor]) -> dict[str, Tensor]:
        """An optimiser's moments of one tensor in bfloat16; rounds its own likewise."""
        rounded = dict(moments)
        for key in ("exp_avg", "exp_avg_sq"):
            rounded[key] = moments[key].bfloat16()
            moments[key].copy_(rounded[key])
        return rounded


def load_average(folder: Path, network: nn.Module) -> int:
    """The averaged weights of a run's last checkpoint into a network; the step they are of.

    The weights themselves where no average was kept.
    """
    checkpoint = torch.load(folder / CHECKPOINT, map_location="cpu", weights_only=True)
    network.load_state_dict(checkpoint.get("average", checkpoint["network"]))
    return int(checkpoint["step"])


class RunningDecibels:
    """A slow mean of PSNR, for progress bars."""

    def __init__(self) -> None:
        self.value = 0.0

    def add(self, errors: Tensor) -> None:
        """Take in the mean squared errors (B values, range 0..1 squared) of a batch."""
        decibels = float(-10 * errors.detach().log10().mean())
        self.value += (0.02 if self.value else 1.0) * (decibels - self.value)
