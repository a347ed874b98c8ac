"""Train the control of the JPEG figures: what guessing alone restores (`models.guess`).

    python -m models.training.train_guess --pairs DIR --run DIR --steps N

It sees clean looks through real JPEG files of quality 75 to 98 with either chroma subsampling, from
the pairs and with the random edits that the invertible branch is trained on. Resumable.
"""

from __future__ import annotations

import argparse
from pathlib import Path

import numpy as np
import torch
from safetensors.torch import save_file
from torch import Tensor
from tqdm import tqdm

from models.device import number_format, pick_device
from models.guess import GuessNetwork
from models.jpeg_carriers import Subsampling
from models.jpeg_hiding import jpeg
from models.training.data import PairSampler, to_batch
from models.training.steps import RunningDecibels, descend, learning_rate

LEARNING_RATE = 1e-3


def through_jpeg(looks: Tensor, rng: np.random.Generator) -> Tensor:
    """B x 3 x H x W looks as they come out of real JPEG files with random settings."""
    pictures = (looks * 255).round().byte().permute(0, 2, 3, 1).numpy()
    samplings: tuple[Subsampling, Subsampling] = ("444", "420")
    return to_batch(
        [
            jpeg(np.ascontiguousarray(p), int(rng.integers(75, 99)), samplings[rng.integers(2)])
            for p in pictures
        ]
    )


def main() -> None:
    """Command line entry."""
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("--pairs", type=Path, required=True)
    parser.add_argument("--run", type=Path, required=True)
    parser.add_argument("--steps", type=int, default=8000)
    parser.add_argument("--patch", type=int, default=160)
    parser.add_argument("--batch", type=int, default=6)
    parser.add_argument("--export", type=Path, help="write the weights here at the end")
    parser.add_argument("--device", default="auto")
    args = parser.parse_args()
    device = pick_device(args.device)
    args.run.mkdir(parents=True, exist_ok=True)
    checkpoint_path = args.run / "guess.pt"
    network = GuessNetwork().to(device=device, memory_format=torch.channels_last)  # type: ignore[call-overload]
    optimiser = torch.optim.AdamW(network.parameters(), lr=LEARNING_RATE, weight_decay=1e-4)
    step = 0
    if checkpoint_path.exists():
        checkpoint = torch.load(checkpoint_path, map_location=device, weights_only=True)
        network.load_state_dict(checkpoint["network"])
        optimiser.load_state_dict(checkpoint["optimiser"])
        step = int(checkpoint["step"])
    sampler = PairSampler(args.pairs, patch=args.patch, seed=77 + step)
    rng = np.random.default_rng(78 + step)
    reduced = number_format(device)
    progress = tqdm(total=args.steps, initial=step, desc="steps", mininterval=20)
    running = RunningDecibels()
    while step < args.steps:
        photo, look = sampler.batch(args.batch)
        look, photo = through_jpeg(look, rng).to(device), photo.to(device)
        for group in optimiser.param_groups:
            group["lr"] = LEARNING_RATE * learning_rate(step, args.steps)
        with torch.autocast(device.type, reduced, enabled=reduced != torch.float32):
            guess = network(look)
        errors = (guess.float() - photo).square().mean((1, 2, 3))
        loss = (errors + 1e-5).log().mean()  # decibels: every look counts alike
        descend(loss, network, optimiser)
        step += 1
        progress.update()
        running.add(errors)
        if step % 50 == 0:
            progress.set_postfix_str(f"guessed {running.value:.2f} dB")
        if step % 250 == 0 or step == args.steps:
            state = {"step": step, "network": network.state_dict()}
            torch.save(state | {"optimiser": optimiser.state_dict()}, checkpoint_path)
    progress.close()
    if args.export:
        state = {k: v.detach().half().contiguous() for k, v in network.state_dict().items()}
        save_file(state, args.export, metadata={"steps": str(step)})


if __name__ == "__main__":
    main()
