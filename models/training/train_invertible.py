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
import math
import time
import tomllib
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import cv2
import numpy as np
import torch
from safetensors.torch import save_file
from torch import Tensor
from torch.nn import functional as F
from tqdm import tqdm

from models.metrics import psnr
from models.networks.block_transform import BlockTransform
from models.networks.device import number_format, pick_device
from models.networks.invertible import NetworkConfig, QuasiInvertibleNetwork
from models.networks.quantisation import round_to_8_bits, round_to_lattice
from models.training.data import NotPrepared, PairSampler, to_batch, validation_pairs

FLAT = 6.0
"""Local standard deviation, in levels, at which an error is about half as visible."""


@dataclass(frozen=True)
class TrainingConfig:
    """Everything that a run depends on; read from a TOML file."""

    network: NetworkConfig = field(default_factory=NetworkConfig)
    steps: int = 12_000
    batch: int = 8
    patch: int = 128
    learning_rate: float = 1e-3
    final_learning_rate: float = 1e-5
    warm_up: int = 200
    weight_decay: float = 1e-4
    clip: float = 1.0
    ema: float = 0.999
    lattices: tuple[int, ...] = (2, 4)
    container_targets: tuple[float, ...] = (46.5, 43.0)
    container_weight: float = 2.0
    hardness: float = 0.5
    error_weight: float = 0.3
    rate_step: float = 3.0
    seed: int = 1
    validate_every: int = 500
    save_every: int = 250

    @staticmethod
    def read(path: Path) -> TrainingConfig:
        """The configuration in a TOML file; raises TypeError for a key that does not exist."""
        values: dict[str, Any] = tomllib.loads(path.read_text())
        network = NetworkConfig(**values.pop("network", {}))
        lists = {k: tuple(v) for k, v in values.items() if isinstance(v, list)}
        return TrainingConfig(network=network, **(values | lists))


def rate(error: Tensor, transform: BlockTransform, step: float) -> Tensor:
    """About how many bits per sample the residual codec needs for an error, one value a picture.

    Half the log of 1 + (coefficient / step)², the Gaussian rate above a distortion of step².

    Args:
        error: B x 3 x H x W, full range 1.
        transform: the residual's block transform.
        step: in the unit of `error`.
    """
    coefficients = transform(error)
    return 0.5 * torch.log2(1 + (coefficients / step).square()).mean((1, 2, 3))


def visibility(look: Tensor) -> Tensor:
    """How visible an error is, by what it is in front of: more in a clear sky than in foliage.

    Weight 2.25 on flat areas, falling towards 0.25 where the look's local standard deviation (9 x
    9 pixels) is large; about 1 in ordinary texture. After the masking term of SSIM (Wang et al.
    2004).

    Args:
        look: B x 3 x H x W, 0..1.

    Returns:
        B x 1 x H x W.
    """
    grey = look.mean(1, keepdim=True) * 255

    def mean(z: Tensor) -> Tensor:
        return F.avg_pool2d(z, 9, stride=1, padding=4, count_include_pad=False)

    deviation = (mean(grey.square()) - mean(grey).square()).clamp_min(0).sqrt()
    return 2 * FLAT / (deviation + FLAT) + 0.25


def restoring_loss(
    photo: Tensor,
    look: Tensor,
    container: Tensor,
    restored: Tensor,
    target: float,
    transform: BlockTransform,
    config: TrainingConfig,
) -> tuple[Tensor, Tensor, Tensor, Tensor]:
    """The loss; and, per picture, squared errors of container and restored photo, and the rate.

    What counts in the end is the photo after the residual, whose bits are given: so the first
    term is the rate of what extracting leaves to it. The second, the log of a power mean of the
    squared errors, keeps hard pairs in view (exponent `hardness` 0 would average decibels, 1
    errors). The container has a `target` in dB, weighted by `visibility`; beyond it nothing is
    gained. All in nats.
    """
    restored_error = (restored - photo).square().mean((1, 2, 3))
    container_error = (container - look).square().mean((1, 2, 3))
    p = config.hardness
    mean_error = torch.log((restored_error + 1e-7).pow(p).mean()) / p
    bits = rate(restored - photo, transform, config.rate_step / 255)
    aim = -target / 10 * math.log(10)
    seen_error = ((container - look).square() * visibility(look)).mean((1, 2, 3))
    container_term = torch.relu(torch.log(seen_error + 1e-9) - aim).mean()
    loss = (
        2 * math.log(2) * bits.mean()
        + config.error_weight * mean_error
        + config.container_weight * container_term
    )
    return loss, container_error.detach(), restored_error.detach(), bits.detach()


@torch.no_grad()
def measure_scales(
    sampler: PairSampler, network: NetworkConfig, batches: int = 60
) -> tuple[Tensor, Tensor]:
    """Standard deviations of the transformed look and difference, one per channel each."""
    transform = QuasiInvertibleNetwork(network).transform
    sums: list[Tensor] = []
    for _ in range(batches):
        photo, look = sampler.batch(8)
        t, d = transform(look - look.mean((1, 2, 3), keepdim=True)), transform(photo - look)
        sums.append(torch.stack([z.square().mean((0, 2, 3)) for z in (t, d)]))
    look_scale, difference_scale = torch.stack(sums).mean(0).sqrt().clamp_min(1e-4)
    return look_scale, difference_scale


def learning_rate(step: int, config: TrainingConfig) -> float:
    """Linear warm-up, then a half cosine down to the final rate."""
    if step < config.warm_up:
        return config.learning_rate * (step + 1) / config.warm_up
    progress = min(1.0, (step - config.warm_up) / max(1, config.steps - config.warm_up))
    low, high = config.final_learning_rate, config.learning_rate
    return low + (high - low) * 0.5 * (1 + math.cos(math.pi * progress))


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
    rows = []
    for name, pairs in validation_pairs(folder).items():
        photo, look = to_batch([p for p, _ in pairs]), to_batch([t for _, t in pairs])
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
    parser.add_argument("--start-from", type=Path, help="checkpoint whose weights to start with")
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
    device = pick_device(args.device)
    args.run.mkdir(parents=True, exist_ok=True)
    checkpoint_path = args.run / "checkpoint.pt"
    checkpoint = None
    if checkpoint_path.exists():
        checkpoint = torch.load(checkpoint_path, map_location=device, weights_only=True)
    start_from = checkpoint
    if start_from is None and args.start_from:
        start_from = torch.load(args.start_from, map_location=device, weights_only=True)

    if args.export:
        if start_from is None:
            raise SystemExit(f"{checkpoint_path} does not exist; there is nothing to export.")
        network = QuasiInvertibleNetwork(config.network)
        network.load_state_dict(start_from["ema"])
        export_weights(network, args.export, {"steps": str(start_from["step"])})
        return

    step = 0 if checkpoint is None else int(checkpoint["step"])
    sampler = PairSampler(args.pairs, patch=config.patch, seed=config.seed * 1_000_003 + step)
    if start_from is None:
        network = QuasiInvertibleNetwork(config.network, *measure_scales(sampler, config.network))
    else:
        network = QuasiInvertibleNetwork(config.network)
        network.load_state_dict(start_from["network"])
    network.compute_in(number_format(device))
    network = network.to(device=device, memory_format=torch.channels_last)  # type: ignore[call-overload]
    average = torch.optim.swa_utils.AveragedModel(
        network, multi_avg_fn=torch.optim.swa_utils.get_ema_multi_avg_fn(config.ema)
    )
    averaged = average.module
    assert isinstance(averaged, QuasiInvertibleNetwork)
    optimiser = torch.optim.AdamW(
        network.parameters(),
        lr=config.learning_rate,
        betas=(0.9, 0.98),
        weight_decay=config.weight_decay,
    )
    if checkpoint is not None:
        optimiser.load_state_dict(checkpoint["optimiser"])
    if start_from is not None:
        average.module.load_state_dict(start_from["ema"])

    def save() -> None:
        state = {
            "step": step,
            "network": network.state_dict(),
            "ema": average.module.state_dict(),
            "optimiser": optimiser.state_dict(),
        }
        temporary = checkpoint_path.with_suffix(".tmp")
        torch.save(state, temporary)
        temporary.replace(checkpoint_path)

    log_path = args.run / "log.csv"
    progress = tqdm(total=config.steps, initial=step, desc="steps", mininterval=20)
    fine_transform = BlockTransform(8).to(device)
    running = np.zeros(3)
    began = time.monotonic()
    while step < config.steps:
        photo, look = (x.to(device) for x in sampler.batch(config.batch))
        rate = learning_rate(step, config)
        for group in optimiser.param_groups:
            group["lr"] = rate
        kind = step % len(config.lattices)
        container = round_to_lattice(network.embed(photo, look)[0], config.lattices[kind])
        restored, _ = network.extract(container)
        target = config.container_targets[kind]
        loss, container_error, restored_error, bits = restoring_loss(
            photo, look, container, restored, target, fine_transform, config
        )
        optimiser.zero_grad(set_to_none=True)
        loss.backward()
        norm = torch.nn.utils.clip_grad_norm_(network.parameters(), config.clip)
        if torch.isfinite(norm):
            optimiser.step()
            average.update_parameters(network)
        step += 1
        progress.update()
        now = [float(-10 * (e + 1e-9).log10().mean()) for e in (container_error, restored_error)]
        now.append(float(bits.mean()))
        running += 0.02 * (np.array(now) - running) if step > 50 else (np.array(now) - running)
        if step % 20 == 0:
            progress.set_postfix_str(
                f"container {running[0]:.2f} restored {running[1]:.2f} dB {running[2]:.3f} bits"
            )
        if step % config.save_every == 0 or step == config.steps:
            save()
        if step % config.validate_every == 0 or step == config.steps:
            figures = validate(
                averaged, args.pairs, args.run / "previews", step, config.lattices[0]
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
