"""Train the network that improves restored JPEG exports (`models.networks.refinement`).

    python -m models.training.train_refinement --exports DIR --run DIR --steps N
    python -m models.training.train_refinement --run DIR --install refinement-2

The exports are those of `models.training.jpeg_exports`, which may still be making them. A run can
be stopped and resumed.
"""

from __future__ import annotations

import argparse
from collections.abc import Sequence
from pathlib import Path

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor
from torch.nn import functional as F

from models import zoo
from models.containers.container import SQUARE
from models.networks.device import number_format
from models.networks.refinement import RefinementNetwork
from models.training.data import NotPrepared, to_batch
from models.training.jpeg_exports import CONDITIONS_OF, DONE, HELD_OUT, PICTURES
from models.training.processes import training_device
from models.training.steps import Run, RunningDecibels, load_average, options

LEARNING_RATE = 1e-3

SEED = 77

VALIDATED_EVERY = 1000
"""Steps."""

FLAT = 2.0
"""Deviation in levels, within `FLAT_WINDOW` pixels a side, below which a photo is flat."""

FLAT_WINDOW = 9

FLAT_SHARE = 0.2
"""Weight of the errors in flat areas on their own, where noise is seen and adds little to all."""

_SMALLEST = 1e-6  # mean square of errors, in range 0..1
_FLAT_SMALLEST = (0.7 / 255) ** 2
_LEAST_FLAT = 0.02  # of a patch

Batch = tuple[Tensor, Tensor, Tensor, Tensor, Tensor]
"""Photo, decoded, prediction, export (B x 3 x H x W, 0..1), conditions."""


class ExportSampler:
    """Draws batches of what `models.training.jpeg_exports` has made by now.

    Raises NotPrepared where that is nothing.
    """

    def __init__(self, folder: Path, *, patch: int) -> None:
        if not (folder / DONE).exists():
            raise NotPrepared(f"{folder} holds no exports; run models.training.jpeg_exports first.")
        self.pictures, self.conditions, self.done = (
            np.load(folder / name, mmap_mode="r") for name in (PICTURES, CONDITIONS_OF, DONE)
        )
        self.squares = patch // SQUARE

    def batch(self, rngs: Sequence[np.random.Generator]) -> Batch:
        """A random patch of each generator, mirrored and turned at random."""
        ready = np.flatnonzero(np.asarray(self.done))
        ready = ready[ready >= HELD_OUT]
        if ready.size == 0:
            raise NotPrepared(f"Too few exports are made: the first {HELD_OUT} are held out.")
        return to_tensors([self._patch(int(rng.choice(ready)), rng) for rng in rngs])

    def held_out(self) -> list[Batch]:
        """Those that are not drawn, whole, one by one."""
        places = np.flatnonzero(np.asarray(self.done[:HELD_OUT]))
        return [to_tensors([(self.pictures[i], self.conditions[i])]) for i in places]

    def _patch(
        self, place: int, rng: np.random.Generator
    ) -> tuple[NDArray[np.uint8], NDArray[np.float32]]:
        """Four pictures of one, and its conditions."""
        n = self.squares
        y, x = (int(i) for i in rng.integers(0, self.conditions.shape[2] - n + 1, 2))
        rows, columns = (slice(SQUARE * i, SQUARE * (i + n)) for i in (y, x))
        pictures = self.pictures[place, :, rows, columns]
        conditions = self.conditions[place, :, y : y + n, x : x + n]
        if rng.random() < 0.5:
            pictures, conditions = pictures.transpose(0, 2, 1, 3), conditions.transpose(0, 2, 1)
        down, across = rng.choice([-1, 1], 2)
        return pictures[:, ::down, ::across], conditions[:, ::down, ::across]


def to_tensors(some: list[tuple[NDArray[np.uint8], NDArray[np.float32]]]) -> Batch:
    """A batch of photo, decoded, prediction, export (4 x H x W x 3 uint8) and conditions."""
    photo, decoded, prediction, export = (to_batch([p[k] for p, _ in some]) for k in range(4))
    conditions = torch.from_numpy(np.stack([c for _, c in some]))
    return photo, decoded, prediction, export, conditions


def flat_areas(photo: Tensor) -> Tensor:
    """Where photos (B x 3 x H x W, 0..1) are flat: B x 1 x H x W, 0 or 1."""
    grey = photo.mean(1, keepdim=True)
    mean = _blurred(grey)
    deviation = (_blurred(grey * grey) - mean * mean).clamp_min(0).sqrt()
    return (deviation < FLAT / 255).float()


def _blurred(x: Tensor) -> Tensor:
    around = FLAT_WINDOW // 2
    return F.avg_pool2d(x, FLAT_WINDOW, 1, around, count_include_pad=False)


def loss_of(restored: Tensor, photo: Tensor) -> tuple[Tensor, Tensor]:
    """What is made small, and the mean squared error of each picture.

    Means of logarithms: in decibels every look counts alike.
    """
    squares = (restored - photo).square().mean(1, keepdim=True)
    errors = squares.mean((1, 2, 3))
    flat = flat_areas(photo)
    share = flat.mean((1, 2, 3))
    flat_errors = (squares * flat).mean((1, 2, 3)) / share.clamp_min(1e-6)
    there = (share > _LEAST_FLAT).float()
    flat_loss = ((flat_errors + _FLAT_SMALLEST).log() * there).mean()
    return (errors + _SMALLEST).log().mean() + FLAT_SHARE * flat_loss, errors


def install(run: Path, name: str, folder: Path = zoo.WEIGHTS) -> Path:
    """Put the averaged weights of a run's last checkpoint among those that ship; their file."""
    network = RefinementNetwork()
    steps = load_average(run, network)
    shape = {"width": str(network.width), "blocks": str(network.count), "steps": str(steps)}
    number = int(name.rpartition("-")[2])
    return zoo.install(name, number, zoo.REFINEMENT, network.state_dict(), shape, folder)


@torch.inference_mode()
def gains(network: RefinementNetwork, held_out: list[Batch], reduced: torch.dtype) -> list[float]:
    """By how many decibels each gets nearer to the photo."""
    result = []
    device = next(network.parameters()).device
    for batch in held_out:
        photo, *received = (x.to(device) for x in batch)
        with torch.autocast(device.type, reduced, enabled=reduced != torch.float32):
            restored = network(*received).clamp(0, 1)
        before, after = ((x.float() - photo).square().mean() for x in (received[0], restored))
        result.append(float(10 * (before / after).log10()))
    return result


def main() -> None:
    """Command line entry."""
    parser = options(__doc__.split("\n")[0], steps=30_000, patch=160, source="exports")
    parser.add_argument("--install", metavar="NAME-NUMBER", help="do not train; see above")
    args = parser.parse_args()
    if args.install:
        print(f"Wrote {install(args.run, args.install)}.")
        return
    if args.exports is None:
        parser.error("training needs --exports")
    _train(args)


def _train(args: argparse.Namespace) -> None:
    device = training_device(args.device)
    network = RefinementNetwork()
    network.to(device=device, memory_format=torch.channels_last)  # type: ignore[call-overload]
    run = Run(args.run, network, LEARNING_RATE, args.steps)
    sampler = ExportSampler(args.exports, patch=args.patch)
    reduced = number_format(device)
    progress = run.progress()
    before, after = RunningDecibels(), RunningDecibels()
    while not run.done:
        photo, *received = (x.to(device) for x in sampler.batch(run.generators(SEED, args.batch)))
        with torch.autocast(device.type, reduced, enabled=reduced != torch.float32):
            restored = network(*received)
        loss, errors = loss_of(restored.float(), photo)
        run.descend(loss)
        progress.update()
        before.add((received[0] - photo).square().mean((1, 2, 3)) + _SMALLEST)
        after.add(errors + _SMALLEST)
        if run.step % 50 == 0:
            gain = after.value - before.value
            progress.set_postfix_str(f"{before.value:.2f} dB {gain:+.2f} dB")
        if run.leads and run.step % VALIDATED_EVERY == 0:
            found = gains(run.average, sampler.held_out(), reduced)
            progress.write(
                f"{run.step} steps, held out: {np.mean(found):+.2f} dB, {min(found):+.2f}"
            )
    progress.close()


if __name__ == "__main__":
    main()
