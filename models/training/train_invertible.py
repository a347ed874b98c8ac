"""Train the invertible branch.

    python -m models.training.train_invertible CONFIG --pairs DIR --run DIR

CONFIG is `models/training/configs/lossless.toml` or one like it. The run folder receives
`checkpoint.pt` (weights, optimiser, step: training resumes from it),
`log.csv`, and `previews/` with photo, look, container and restored photo side by side. Export the
result with `--export resources/weights/NAME.safetensors`.
"""

from __future__ import annotations

import argparse
import csv
import time
from pathlib import Path

import cv2
import numpy as np
import torch
from safetensors.torch import save_file
from torch import Tensor
from tqdm import tqdm

from models.metrics import psnr
from models.networks.block_transform import BlockTransform
from models.networks.device import number_format
from models.networks.invertible import NetworkConfig, QuasiInvertibleNetwork
from models.networks.quantisation import round_to_8_bits, round_to_lattice
from models.training.data import NotPrepared, PairSampler, to_batch, validation_pairs
from models.training.invertible_config import TrainingConfig, learning_rate
from models.training.invertible_loss import restoring_loss
from models.training.processes import training_device
from models.training.steps import CHECKPOINT, Run, load_average


@torch.no_grad()
def measure_scales(
    sampler: PairSampler, network: NetworkConfig, seed: int, batches: int = 60
) -> tuple[Tensor, Tensor]:
    """Standard deviations of the transformed look and difference, one per channel each."""
    transform = QuasiInvertibleNetwork(network).transform
    sums: list[Tensor] = []
    for batch in range(batches):
        photo, look = sampler.batch([np.random.default_rng([seed, batch, i]) for i in range(8)])
        t, d = transform(look - look.mean((1, 2, 3), keepdim=True)), transform(photo - look)
        sums.append(torch.stack([z.square().mean((0, 2, 3)) for z in (t, d)]))
    look_scale, difference_scale = torch.stack(sums).mean(0).sqrt().clamp_min(1e-4)
    return look_scale, difference_scale


@torch.no_grad()
def validate(
    network: QuasiInvertibleNetwork,
    folder: Path,
    previews: Path,
    step: int,
    lattice: int,
) -> dict[str, tuple[float, float]]:
    """Container and restored PSNR by look on held-out crops; writes one preview picture."""
    figures: dict[str, tuple[float, float]] = {}
    rows, device = [], next(network.parameters()).device
    for name, pairs in validation_pairs(folder).items():
        photo, look = (to_batch(list(x)).to(device) for x in zip(*pairs, strict=True))
        container = round_to_lattice(network.embed(photo, look)[0], lattice)
        restored = round_to_8_bits(network.extract(container)[0])
        pictures = [_to_numpy(x) for x in (photo, look, container, restored)]
        figures[name] = (
            float(np.mean([psnr(a, b) for a, b in zip(pictures[2], pictures[1], strict=True)])),
            float(np.mean([psnr(a, b) for a, b in zip(pictures[3], pictures[0], strict=True)])),
        )
        rows.append(np.concatenate([p[0] for p in pictures], axis=1))
    previews.mkdir(parents=True, exist_ok=True)
    sheet = np.concatenate(rows, axis=0)
    cv2.imwrite(str(previews / f"{step:06d}.jpg"), cv2.cvtColor(sheet, cv2.COLOR_RGB2BGR))
    return figures


def _to_numpy(x: Tensor) -> np.ndarray:
    return (x * 255).round().clamp(0, 255).byte().permute(0, 2, 3, 1).cpu().numpy()


def export_weights(network: QuasiInvertibleNetwork, path: Path, metadata: dict[str, str]) -> None:
    """Write the network's weights as safetensors: float16, the measured scales float32.

    Embedding and extracting use the same rounded weights, so the rounding itself loses nothing.
    """
    path.parent.mkdir(parents=True, exist_ok=True)
    state = {
        name: value.detach().to(_stored_format(name)).contiguous().clone()
        for name, value in network.state_dict().items()
        if name != "transform.kernel"
    }
    shape = {key: str(value) for key, value in network.config.as_dict().items()}
    save_file(state, path, metadata=shape | metadata)


def _stored_format(name: str) -> torch.dtype:
    return torch.float32 if name.endswith("_scale") else torch.float16


def main() -> None:
    """Command line entry."""
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("config", type=Path)
    parser.add_argument("--pairs", type=Path, required=True)
    parser.add_argument("--run", type=Path, required=True)
    parser.add_argument("--export", type=Path, help="write the averaged weights here and stop")
    parser.add_argument(
        "--start-from", type=Path, help="folder of a run whose weights to start with"
    )
    parser.add_argument("--device", default="auto")
    try:
        run(parser.parse_args())
    except (NotPrepared, FileNotFoundError) as error:
        raise SystemExit(str(error)) from None


def run(args: argparse.Namespace) -> None:
    """Train, or export what was trained; see `main` for the arguments.

    Raises NotPrepared, and FileNotFoundError for a configuration that is not there.
    """
    config = TrainingConfig.read(args.config)
    device = training_device(args.device)
    resumed = (args.run / CHECKPOINT).exists()
    if args.export:
        source = args.run if resumed else args.start_from
        if source is None:
            raise SystemExit(f"{args.run / CHECKPOINT} does not exist; there is nothing to export.")
        network = QuasiInvertibleNetwork(config.network)
        steps = load_average(source, network)
        export_weights(network, args.export, {"steps": str(steps)})
        return

    sampler = PairSampler(args.pairs, patch=config.patch)
    if resumed or args.start_from:
        network = QuasiInvertibleNetwork(config.network)
        if not resumed:
            load_average(args.start_from, network)
    else:
        scales = measure_scales(sampler, config.network, config.seed * 1_000_003)
        network = QuasiInvertibleNetwork(config.network, *scales)
    network.compute_in(number_format(device))
    network = network.to(device=device, memory_format=torch.channels_last)  # type: ignore[call-overload]
    training = Run(
        args.run,
        network,
        config.learning_rate,
        config.steps,
        betas=(0.9, 0.98),
        schedule=lambda step, _: learning_rate(step, config) / config.learning_rate,
    )
    log_path = args.run / "log.csv"
    progress = training.progress()
    fine_transform = BlockTransform(8).to(device)
    running = np.zeros(3)
    began = time.monotonic()
    while not training.done:
        rngs = training.generators(config.seed, config.batch)
        photo, look = (x.to(device) for x in sampler.batch(rngs))
        kind = training.step % len(config.lattices)
        container = round_to_lattice(network.embed(photo, look)[0], config.lattices[kind])
        restored, _ = network.extract(container)
        target = config.container_targets[kind]
        loss, container_error, restored_error, bits = restoring_loss(
            photo, look, container, restored, target, fine_transform, config
        )
        training.descend(loss)
        step = training.step
        progress.update()
        now = [float(-10 * (e + 1e-9).log10().mean()) for e in (container_error, restored_error)]
        now.append(float(bits.mean()))
        running += 0.02 * (np.array(now) - running) if step > 50 else (np.array(now) - running)
        if step % 20 == 0:
            progress.set_postfix_str(
                f"container {running[0]:.2f} restored {running[1]:.2f} dB {running[2]:.3f} bits"
            )
        if training.leads and (step % config.validate_every == 0 or training.done):
            figures = validate(
                training.average, args.pairs, args.run / "previews", step, config.lattices[0]
            )
            means = np.mean(list(figures.values()), axis=0)
            tqdm.write(
                f"step {step}: container {means[0]:.2f} restored {means[1]:.2f} | "
                + " ".join(f"{k} {c:.1f}/{r:.1f}" for k, (c, r) in figures.items())
            )
            with log_path.open("a", newline="") as log:
                csv.writer(log).writerow(
                    [step, round(time.monotonic() - began), f"{means[0]:.3f}", f"{means[1]:.3f}"]
                    + [f"{k}={c:.2f}/{r:.2f}" for k, (c, r) in figures.items()]
                )
    progress.close()


if __name__ == "__main__":
    main()
