"""Train the blind baseline of the JPEG figures: what a network restores with nothing embedded.

    python -m models.training.train_blind_baseline --pairs DIR --run DIR --steps N

Its inputs are clean looks as real JPEG files of quality 75 to 98, with 4:4:4 or 4:2:0 chroma. Pairs
and random edits are those of the invertible branch. A run can be stopped and resumed.
"""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import numpy as np
import torch
from safetensors.torch import save_file
from torch import Tensor

from models.containers.coefficients import Subsampling
from models.containers.container import JpegSettings
from models.containers.jpeg_codec import compressed
from models.networks.blind_baseline import BlindBaseline
from models.networks.device import number_format
from models.training.data import PairSampler, to_batch
from models.training.processes import training_device
from models.training.steps import Run, RunningDecibels, options

LEARNING_RATE = 1e-3

SEED = 77


def through_jpeg(looks: Tensor, rngs: Sequence[np.random.Generator]) -> Tensor:
    """B x 3 x H x W looks as they come out of real JPEG files with random settings."""
    pictures = (looks * 255).round().byte().permute(0, 2, 3, 1).numpy()
    samplings: tuple[Subsampling, Subsampling] = ("444", "420")
    return to_batch(
        [
            compressed(
                np.ascontiguousarray(p),
                JpegSettings(int(rng.integers(75, 99)), samplings[rng.integers(2)]),
            )
            for p, rng in zip(pictures, rngs, strict=True)
        ]
    )


def main() -> None:
    """Command line entry."""
    parser = options(__doc__.split("\n")[0], steps=8000, patch=160)
    parser.add_argument("--export", type=Path, help="write the weights here at the end")
    args = parser.parse_args()
    if args.pairs is None:
        parser.error("training needs --pairs")
    device = training_device(args.device)
    network = BlindBaseline().to(device=device, memory_format=torch.channels_last)  # type: ignore[call-overload]
    run = Run(args.run, network, LEARNING_RATE, args.steps)
    sampler = PairSampler(args.pairs, patch=args.patch)
    reduced = number_format(device)
    progress = run.progress()
    running = RunningDecibels()
    while not run.done:
        rngs = run.generators(SEED, args.batch)
        photo, look = sampler.batch(rngs)
        look, photo = through_jpeg(look, rngs).to(device), photo.to(device)
        with torch.autocast(device.type, reduced, enabled=reduced != torch.float32):
            estimate = network(look)
        errors = (estimate.float() - photo).square().mean((1, 2, 3))
        loss = (errors + 1e-5).log().mean()  # decibels: every look counts alike
        run.descend(loss)
        progress.update()
        running.add(errors)
        if run.step % 50 == 0:
            progress.set_postfix_str(f"estimated {running.value:.2f} dB")
    progress.close()
    if args.export and run.leads:
        state = {k: v.detach().half().contiguous() for k, v in run.average.state_dict().items()}
        save_file(state, args.export, metadata={"steps": str(run.step)})


if __name__ == "__main__":
    main()
