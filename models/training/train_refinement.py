"""Train the network that improves restored JPEG exports (`models.networks.refinement`).

    python -m models.training.train_refinement --pairs DIR --run DIR --steps N
    python -m models.training.train_refinement --run DIR --install refinement-1

Pairs and random edits are those of the invertible branch. Containers with random bits go through
real JPEG files, a third of them twice; the residual code is imitated by its quantiser with random
steps, without the entropy coding. A run can be stopped and resumed.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np
import torch
from numpy.typing import NDArray
from tqdm import tqdm

from models import zoo
from models.coding import colour_prediction, residual_codec
from models.containers.coefficients import Subsampling
from models.containers.container import JpegSettings
from models.containers.jpeg_carriers import Carriers, with_bits, without_bits
from models.containers.jpeg_channel import compressed
from models.networks.device import number_format, pick_device
from models.networks.refinement import NO_CODE, RefinementNetwork
from models.training.data import PairSampler, to_batch
from models.training.steps import Run, RunningDecibels, load_average, options

LEARNING_RATE = 1e-3

SAMPLINGS: tuple[Subsampling, Subsampling] = ("444", "420")

AS_IN = 512, 768
"""Height and width of the picture that a patch is treated as a part of; its carriers depend on
them."""

FINE, COARSE = (12.0, 320.0), (64.0, 800.0)
"""Steps in levels that the detail's and the base's codes have: 15 (film) to 300 (a stack at quality
80), and 70 to 800, on training photos."""


@dataclass(frozen=True)
class Received:
    """One export as its reader has it.

    Attributes:
        export: H x W x 3 uint8, with its carriers taken out.
        decoded: H x W x 3 uint8, the photo as decoded.
        step: of its residual code, in levels.
    """

    export: NDArray[np.uint8]
    decoded: NDArray[np.uint8]
    step: float


def receive(
    look: NDArray[np.uint8], photo: NDArray[np.uint8], rng: np.random.Generator
) -> Received:
    """An export of a look of a photo (H x W x 3 uint8, sides multiples of 16) with random
    settings, bits, densities and steps."""
    quality, subsampling = int(rng.integers(75, 99)), SAMPLINGS[rng.integers(2)]
    height, width = look.shape[:2]
    carriers = Carriers.of(*AS_IN, quality, subsampling)
    carriers = replace(carriers, rows=height // 8, columns=width // 8)
    squares = rng.integers(0, len(carriers.counts), (height // 16, width // 16))
    densities = squares.repeat(2, 0).repeat(2, 1).astype(np.uint8)
    base, detail = (
        rng.integers(0, 2, (z.bits_per_block, *densities.shape), dtype=np.uint8)
        for z in (carriers.base, carriers.detail)
    )
    file = compressed(
        with_bits(look, carriers, densities, base, detail), JpegSettings(quality, subsampling)
    )
    export = without_bits(file, carriers, densities)
    colours = colour_prediction.fit(export, photo)
    twice = rng.random() < 1 / 3
    picture = colour_prediction.predict(export, colours).astype(np.float32)
    step = NO_CODE
    first = np.zeros_like(picture)
    if rng.random() < 0.8:
        step = random_step(rng, COARSE)
        first = residual_codec.coarsened(photo - picture, step)
    if twice:
        again = compressed(file, JpegSettings(int(rng.integers(75, 90)), "420"))
        export = without_bits(again, carriers, None)
        picture = colour_prediction.predict(export, colours) + first
    else:
        step = random_step(rng, FINE)
        picture = np.clip(np.rint(picture + first), 0, 255)
        picture += residual_codec.coarsened(photo - picture, step)
    decoded = np.clip(np.rint(picture), 0, 255).astype(np.uint8)
    return Received(export, decoded, step)


def random_step(rng: np.random.Generator, bounds: tuple[float, float]) -> float:
    """Drawn evenly on a logarithmic scale."""
    return float(np.exp(rng.uniform(*np.log(bounds))))


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
    device = pick_device(args.device)
    network = RefinementNetwork()
    network.to(device=device, memory_format=torch.channels_last)  # type: ignore[call-overload]
    run = Run(args.run, network, LEARNING_RATE, args.steps)
    sampler = PairSampler(args.pairs, patch=args.patch, seed=77 + run.step)
    rng = np.random.default_rng(78 + run.step)
    reduced = number_format(device)
    progress = tqdm(total=args.steps, initial=run.step, desc="steps", mininterval=20)
    before, after = RunningDecibels(), RunningDecibels()
    while not run.done:
        pairs = [sampler.random_pair() for _ in range(args.batch)]
        received = [receive(look, photo, rng) for photo, look in pairs]
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
