"""Train the network that improves restored JPEG exports (`models.networks.refinement`).

    python -m models.training.train_refinement --pairs DIR --run DIR --steps N
    python -m models.training.train_refinement --run DIR --install refinement-1

Pairs and random edits are those of the invertible branch. They become JPEG containers as
`models.containers.jpeg` makes them, but for the places of the changes, which are random, and with
residuals coded by AV1 at random qualities. A run can be stopped and resumed.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np
import torch
from numpy.typing import NDArray

from models import zoo
from models.coding import finer_detail, residual_tile
from models.coding.av1_quantiser import quantiser_index, step_of
from models.containers import coefficients
from models.containers.coefficients import Coefficients, Planes, Subsampling
from models.containers.jpeg.look import in_steps, rounded
from models.containers.jpeg.pairs import pair_of
from models.containers.jpeg.prediction import Prediction
from models.networks.device import number_format
from models.networks.refinement import NO_CODE, RefinementNetwork
from models.training.data import PairSampler, to_batch
from models.training.processes import training_device
from models.training.steps import Run, RunningDecibels, load_average, options

LEARNING_RATE = 1e-3

SEED = 77

SAMPLINGS: tuple[Subsampling, Subsampling] = ("444", "420")

QUALITIES = 5, 80
"""Of the residual's code."""

MOST_CHANGED = 0.35
"""Share of the coefficients that a message has changed, at most."""


ZEROS = 0.1
"""By so much rarer a coefficient of zero is changed: that is dear."""


@dataclass(frozen=True)
class Received:
    """One export as its reader has it.

    Attributes:
        export: H x W x 3 uint8.
        decoded: H x W x 3 uint8, the photo as decoded.
        step: of its residual's code, in levels.
    """

    export: NDArray[np.uint8]
    decoded: NDArray[np.uint8]
    step: float


def receive(
    look: NDArray[np.uint8], photo: NDArray[np.uint8], rng: np.random.Generator
) -> Received:
    """An export of a look of a photo (H x W x 3 uint8) with random settings, bits and qualities."""
    subsampling: Subsampling = SAMPLINGS[rng.integers(2)]
    tables = coefficients.tables_of(int(rng.integers(75, 99)))
    values = in_steps(look, subsampling, tables)
    height, width = look.shape[:2]
    clean = Coefficients(height, width, subsampling, tables, rounded(values))
    written = _with_bits(clean, values, rng)
    prediction = Prediction.fitted(photo, clean)
    told = prediction.from_middles(clean)
    difference = prediction.from_values(written, clean) - told
    step = NO_CODE
    coded = np.zeros_like(told)
    if rng.random() < 0.9:
        data = residual_tile.encode(photo - told, int(rng.integers(*QUALITIES))).data
        step = step_of(quantiser_index(data[1:], height, width))
        coded = residual_tile.decode(data, height, width)
    shares = finer_detail.fit([difference], [photo - told - coded])
    finer = prediction.with_detail(replace(clean, planes=written), shares)
    decoded = np.clip(np.rint(finer + coded), 0, 255).astype(np.uint8)
    return Received(coefficients.shown(replace(clean, planes=written)), decoded, step)


def _with_bits(
    clean: Coefficients, values: tuple[NDArray[np.float32], ...], rng: np.random.Generator
) -> Planes:
    """As a message of random bits leaves the coefficients, the means of blocks as they are."""
    planes = []
    share = rng.uniform(0, MOST_CHANGED)
    for value, quantised in zip(values, clean.planes, strict=True):
        changed = rng.random(quantised.shape) < np.where(quantised == 0, ZEROS, 1) * share
        changed[:, :, 0, 0] = False
        planes.append(np.where(changed, pair_of(value, quantised), quantised))
    return planes[0], planes[1], planes[2]


def install(run: Path, name: str, folder: Path = zoo.WEIGHTS) -> Path:
    """Put the averaged weights of a run's last checkpoint among those that ship; their file."""
    network = RefinementNetwork()
    steps = load_average(run, network)
    shape = {"widths": " ".join(map(str, network.widths)), "steps": str(steps)}
    number = int(name.rpartition("-")[2])
    return zoo.install(name, number, zoo.REFINEMENT, network.state_dict(), shape, folder)


def main() -> None:
    """Command line entry."""
    parser = options(__doc__.split("\n")[0], steps=12_000, patch=160)
    parser.add_argument("--install", metavar="NAME-NUMBER", help="do not train; see above")
    args = parser.parse_args()
    if args.install:
        print(f"Wrote {install(args.run, args.install)}.")
        return
    if args.pairs is None:
        parser.error("training needs --pairs")
    device = training_device(args.device)
    network = RefinementNetwork()
    network.to(device=device, memory_format=torch.channels_last)  # type: ignore[call-overload]
    run = Run(args.run, network, LEARNING_RATE, args.steps)
    sampler = PairSampler(args.pairs, patch=args.patch)
    reduced = number_format(device)
    progress = run.progress()
    before, after = RunningDecibels(), RunningDecibels()
    while not run.done:
        rngs = run.generators(SEED, args.batch)
        pairs = [sampler.random_pair(rng) for rng in rngs]
        received = [
            receive(look, photo, rng) for (photo, look), rng in zip(pairs, rngs, strict=True)
        ]
        photo = to_batch([p for p, _ in pairs]).to(device)
        decoded = to_batch([r.decoded for r in received]).to(device)
        export = to_batch([r.export for r in received]).to(device)
        steps = torch.tensor([r.step for r in received], device=device)
        with torch.autocast(device.type, reduced, enabled=reduced != torch.float32):
            restored = network(decoded, export, steps)
        errors = (restored.float() - photo).square().mean((1, 2, 3))
        loss = (errors + 1e-6).log().mean()  # decibels: every look counts alike
        run.descend(loss)
        progress.update()
        before.add((decoded - photo).square().mean((1, 2, 3)) + 1e-6)
        after.add(errors)
        if run.step % 50 == 0:
            gain = after.value - before.value
            progress.set_postfix_str(f"{before.value:.2f} dB {gain:+.2f} dB")
    progress.close()


if __name__ == "__main__":
    main()
