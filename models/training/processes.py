"""Training in several processes, on one computer or many: what `torchrun` starts.

Every process draws a share of each step's batch; the gradients are averaged by
`torch.nn.parallel.DistributedDataParallel`. Nothing here does anything in a process that was
started without `torchrun`.
"""

from __future__ import annotations

import atexit
import os
import warnings
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta

import torch
from torch import Tensor, distributed, nn
from torch.nn.parallel import DistributedDataParallel

from models.networks.device import pick_device

PATIENCE = timedelta(hours=2)
"""For how long a process waits for the others, one of which may be validating."""


def training_device(name: str = "auto") -> torch.device:
    """The device of that name for this process, see `models.networks.device.pick_device`.

    In one of several processes this also joins it with the others: each takes a graphics card of
    its own. Raises NoSuchDevice.
    """
    device = pick_device(name)
    if not distributed.is_torchelastic_launched() or distributed.is_initialized():
        return device
    if device.type == "cuda":
        torch.cuda.set_device(int(os.environ["LOCAL_RANK"]))
        device = torch.device("cuda", torch.cuda.current_device())
    backend = "nccl" if device.type == "cuda" else "gloo"
    distributed.init_process_group(backend, timeout=PATIENCE)
    atexit.register(distributed.destroy_process_group)
    return device


def rank() -> int:
    """This process's number, from 0."""
    return distributed.get_rank() if distributed.is_initialized() else 0


def count() -> int:
    """Of all processes."""
    return distributed.get_world_size() if distributed.is_initialized() else 1


def leads() -> bool:
    """Whether this is the process that validates, writes and shows how far the run is."""
    return rank() == 0


@contextmanager
def leader_first() -> Iterator[None]:
    """The leading process goes through the block before the others do.

    For what is made once, in a file, and then read by all.
    """
    if count() > 1 and not leads():
        distributed.barrier()
    yield
    if count() > 1 and leads():
        distributed.barrier()


def mean_of_all(value: Tensor) -> Tensor:
    """The mean of a value over all processes, of which only its own has a gradient.

    Averaged over the processes, as gradients are, that is the gradient of the mean. A loss needs
    it where it is not itself a mean over the batch.
    """
    if count() == 1:
        return value
    total = value.detach().clone()
    distributed.all_reduce(total)
    return value + (total / count() - value.detach())


class AveragedGradients(nn.Module):
    """What makes `loss.backward()` average a network's gradients over all processes.

    Also gives all processes the leading one's weights. The trainers call several methods of their
    networks in a step, so what DistributedDataParallel wraps is the finished loss.
    """

    def __init__(self, network: nn.Module) -> None:
        super().__init__()
        self.network = network

    def forward(self, loss: Tensor) -> Tensor:
        """The loss as it is."""
        return loss

    @staticmethod
    def of(network: nn.Module) -> nn.Module:
        """Of a network on its device; to be called with each loss before its `backward`."""
        carrier = AveragedGradients(network)
        if count() == 1:
            return carrier
        with warnings.catch_warnings():
            warnings.simplefilter("ignore", FutureWarning)  # the option's new name is too new
            # Buffers never change; sent again now, they would spoil the loss's graph.
            return DistributedDataParallel(carrier, broadcast_buffers=False)
