"""Every trainer for a few steps on tiny patches, as one process or under `torchrun`.

    torchrun --nproc-per-node 2 -m tests.models.training.tiny_runs PAIRS FOLDER BATCH STEPS

The leading process leaves in FOLDER/NAME.pt what each step of each trainer came to: the loss of all
processes, and the gradient before it is clipped.
"""

from __future__ import annotations

import sys
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
import torch

from models.paper import media
from models.paper.network import PaperConfig
from models.training import (
    jpeg_exports,
    processes,
    steps,
    train_blind_baseline,
    train_invertible,
    train_operators,
    train_paper,
    train_refinement,
)
from models.training.data import HELD_OUT
from models.training.paper_config import PaperTraining
from models.training.paper_pairs import Pairs
from tests.models.training.drawn_pairs import save_pairs

SIZE, CROPS, PATCH = 64, HELD_OUT + 4, 48

INVERTIBLE = """
steps = {steps}
batch = {batch}
patch = 32
warm_up = 1
lattices = [2, 4]
container_targets = [46.0, 43.0]
validate_every = 100

[network]
couplings = 1
hidden = 4
"""


def make_pairs(folder: Path) -> Path:
    """Crops whose looks are darker the later they come in the list."""
    folder.mkdir()
    pictures = save_pairs(folder, CROPS, SIZE, darker=0.04)
    exports = folder / "exports"
    exports.mkdir()
    np.save(exports / jpeg_exports.PICTURES, pictures[:, :4])
    np.save(exports / jpeg_exports.CONDITIONS_OF, np.zeros((CROPS, 5, 4, 4), np.float32))
    np.save(exports / jpeg_exports.DONE, np.ones(CROPS, np.uint8))
    return folder


def command(main: Callable[[], None], device: str, *words: object) -> None:
    """A trainer as from the command line."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(sys, "argv", ["train", *map(str, words), "--device", device])
        main()


def usual(trainer: Callable[[], None]) -> Callable[[Path, Path, int, int, str], None]:
    """Of the trainers with the usual options."""

    def run(pairs: Path, folder: Path, batch: int, steps: int, device: str) -> None:
        sizes = ("--steps", steps, "--batch", batch, "--patch", PATCH)
        command(trainer, device, "--pairs", pairs, "--run", folder, *sizes)

    return run


def refinement(pairs: Path, folder: Path, batch: int, steps: int, device: str) -> None:
    """Of what mends JPEG exports."""
    words = ("--exports", pairs / "exports", "--run", folder, "--steps", steps, "--batch", batch)
    command(train_refinement.main, device, *words, "--patch", PATCH)


def invertible(pairs: Path, folder: Path, batch: int, steps: int, device: str) -> None:
    """Of the invertible branch."""
    with processes.leader_first():
        config = folder.with_suffix(".toml")
        if processes.leads():
            config.write_text(INVERTIBLE.format(steps=steps, batch=batch))
    command(train_invertible.main, device, config, "--pairs", pairs, "--run", folder)


def paper(pairs: Path, folder: Path, batch: int, steps: int, device: str) -> None:
    """Of the paper's network."""
    pictures = np.load(pairs / "pictures.npy")
    small = {"steps": steps, "batch": batch, "patch": 16, "validate_every": 100}
    config = replace(PaperTraining.read(), **small, network=PaperConfig(hidden=4))
    crops = Pairs(pictures[:6, 0], pictures[:6, 4], 2)
    medium, where = media.parse("jpeg-95-420"), processes.training_device(device)
    train_paper.train(config, crops, medium, folder, where)


TRAINERS = {
    "refinement": refinement,
    "operators": usual(train_operators.main),
    "blind": usual(train_blind_baseline.main),
    "invertible": invertible,
    "paper": paper,
}


def train(
    name: str, pairs: Path, folder: Path, batch: int, count: int, device: str = "cpu"
) -> None:
    """`count` steps in all of a run, and FOLDER/NAME.pt with those that were done just now."""
    came_to: list[tuple[float, torch.Tensor]] = []
    sheet = np.zeros((8, 8, 3), np.uint8)
    descend, clip = steps.Run.descend, torch.nn.utils.clip_grad_norm_
    network: list[torch.nn.Module] = []

    def recorded(run: steps.Run[torch.nn.Module], loss: torch.Tensor) -> None:
        network[:] = [run._network]
        came_to.append((float(processes.mean_of_all(loss.detach())), torch.empty(0)))
        descend(run, loss)

    def seen(parameters: object, largest: float) -> torch.Tensor:
        gradients = [p.grad.flatten() for p in network[0].parameters() if p.grad is not None]
        came_to[-1] = came_to[-1][0], torch.cat(gradients).cpu()
        return clip(network[0].parameters(), largest)

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(steps.Run, "descend", recorded)
        patch.setattr(torch.nn.utils, "clip_grad_norm_", seen)
        for module in (train_refinement, train_operators, train_blind_baseline, train_invertible):
            # sums in bfloat16, where a processor has it, would differ by their order
            patch.setattr(module, "number_format", lambda _: torch.float32)
        patch.setattr(train_paper, "number_format", lambda _: torch.float32)
        patch.setattr(train_operators, "check_pairs", lambda _: None)
        patch.setattr(train_operators, "held_out_figures", lambda *_: ({}, sheet))
        patch.setattr(train_operators, "share_alive", lambda *_: 1.0)
        patch.setattr(train_operators, "ROWS", 1)
        patch.setattr(train_invertible, "validate", lambda *_: {"film": (40.0, 40.0)})
        patch.setattr(train_paper, "validate", lambda *_: [])
        torch.manual_seed(5 + processes.rank())  # only the leading one's weights may count
        TRAINERS[name](pairs, folder / name, batch, count, device)
    if processes.leads():
        torch.save(came_to, folder / f"{name}.pt")


def main() -> None:
    """All trainers; see the module."""
    pairs, folder = map(Path, sys.argv[1:3])
    batch, count = map(int, sys.argv[3:])
    torch.set_num_threads(1)
    processes.training_device("cpu")
    for name in TRAINERS:
        train(name, pairs, folder, batch, count)


if __name__ == "__main__":
    main()
