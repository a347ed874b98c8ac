"""Train the invertible branch.

    python -m models.training.train_invertible --pairs DIR --run DIR [--steps N]
    python -m models.training.train_invertible --run DIR --install lossless-NUMBER

Pictures of a batch have different amplitudes and carry different amounts of symbols.
The run folder receives `checkpoint.pt` (training goes on from it) and `log.csv`: container and
restored PSNR in dB of the averaged weights on held-out crops, by amplitude and look.
"""

from __future__ import annotations

import csv
import math
import time
from pathlib import Path

import numpy as np
import torch
from torch import Tensor
from torch.nn import functional as F
from tqdm import tqdm

from models import zoo
from models.coding import pixel_symbols
from models.networks import weighted_prediction
from models.networks.block_transform import BlockTransform
from models.networks.device import number_format, pick_device
from models.networks.invertible import QuasiInvertibleNetwork, Told
from models.networks.quantisation import carry, round_to_8_bits, with_random_symbols
from models.training.data import NotPrepared, PairSampler, to_batch, validation_pairs
from models.training.steps import Run, RunningDecibels, load_average, options

LEARNING_RATE = 1e-3
BETAS = (0.9, 0.98)

AMPLITUDES = (0.0, 0.25, 0.5, 0.75, 1.0)
"""What the pictures of a batch are given at random."""

BITS = (3, 4, 5, 6)
"""What the pixels' symbols have, likewise (see `models.coding.pixel_symbols`)."""

REACH = 0.9
"""Squared error, in levels², that an amplitude of 1 may add to what the symbols cost; it
grows with the square of the amplitude."""

RATE_STEP = 3.0
"""The quantiser's step, in levels, for which the rate is estimated."""

CONTAINER_WEIGHT = 2.0
ERROR_WEIGHT = 0.3

HARDNESS = 0.5
"""How much more hard pairs count in the mean of errors: at 0 it is one of decibels, at 1 of squared
errors."""

VALIDATED_EVERY = 1000
"""Steps."""

FLAT = 6.0
"""Local standard deviation, in levels, at which an error is about half as visible."""


def rate(error: Tensor, transform: BlockTransform, step: float) -> Tensor:
    """About how many bits per sample the fine layer needs to code an error, one value a picture.

    Half the log of 1 + (coefficient / step)², the Gaussian rate above a distortion of step².

    Args:
        error: B x 3 x H x W, full range 1.
        transform: the fine layer's block transform.
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


def allowed_error(look: Tensor, told: Told) -> Tensor:
    """How large the visible squared error of a container may be; B values, full range 1.

    That of the symbols, and what the amplitude adds.
    """
    seen = visibility(look).mean((1, 2, 3))
    return (told.noise * seen + REACH * told.amplitude.square()) / 255**2


def restoring_loss(
    photo: Tensor,
    look: Tensor,
    container: Tensor,
    restored: Tensor,
    told: Told,
    transform: BlockTransform,
) -> Tensor:
    """The loss of a batch, in nats.

    What counts in the end is the photo after the fine layer, whose bits are given: so the first
    term is the rate of what the reveal leaves to it. The second, the log of a power mean of the
    squared errors, keeps hard pairs in view. The container's error, weighted by `visibility`, has a
    bound, see `allowed_error`; below it nothing is gained.
    """
    bits = rate(restored - photo, transform, RATE_STEP / 255)
    errors = (restored - photo).square().mean((1, 2, 3))
    mean_error = torch.log((errors + 1e-7).pow(HARDNESS).mean()) / HARDNESS
    seen = ((container - look).square() * visibility(look)).mean((1, 2, 3))
    excess = torch.relu(torch.log(seen / allowed_error(look, told)))
    return (
        2 * math.log(2) * bits.mean()
        + ERROR_WEIGHT * mean_error
        + CONTAINER_WEIGHT * excess.mean()
    )


@torch.no_grad()
def measure_scale(sampler: PairSampler, batches: int = 60) -> Tensor:
    """Standard deviations of the transformed look, one per channel."""
    transform = QuasiInvertibleNetwork().transform
    sums = []
    for _ in range(batches):
        _, look = sampler.batch(8)
        centred = transform(look - look.mean((1, 2, 3), keepdim=True))
        sums.append(centred.square().mean((0, 2, 3)))
    return torch.stack(sums).mean(0).sqrt().clamp_min(1e-4)


@torch.no_grad()
def validate(network: QuasiInvertibleNetwork, folder: Path) -> list[dict[str, str]]:
    """Container and restored PSNR by look on held-out crops, a row for amplitude 0 and one for 1.

    Without what the symbols say, of 5 bits each.
    """
    rows, bits = [], 5
    for amplitude in (0.0, 1.0):
        row = {"amplitude": f"{amplitude:g}"}
        for name, pairs in validation_pairs(folder).items():
            photo, look = pairs[0]
            rng = np.random.default_rng(0)
            head = weighted_prediction.fit(photo, with_random_symbols(look, bits, rng))
            told = Told.of([head], amplitude, pixel_symbols.error(bits))
            x, y = to_batch([photo]), to_batch([look])
            container = carry(network.hide(x, y, told)[0], [bits], rng)
            restored = round_to_8_bits(network.reveal(container, told)[0])
            pair = (container - y, restored - x)
            row[name] = "/".join(f"{-10 * (e.square().mean() + 1e-9).log10():.2f}" for e in pair)
        rows.append(row)
    return rows


def install(run: Path, name: str, folder: Path = zoo.WEIGHTS) -> Path:
    """The averaged weights of a run's last checkpoint among those that ship; their file."""
    network = QuasiInvertibleNetwork()
    steps = load_average(run, network)
    shape = {key: str(value) for key, value in network.config.as_dict().items()}
    state = {k: v for k, v in network.state_dict().items() if not k.endswith("transform.kernel")}
    number = int(name.rpartition("-")[2])
    return zoo.install(name, number, zoo.LOSSLESS, state, shape | {"steps": str(steps)}, folder)


def main() -> None:
    """Command line entry."""
    parser = options(__doc__.split("\n")[0], steps=12_000, patch=128)
    parser.add_argument("--install", metavar="NAME-NUMBER", help="do not train; see above")
    args = parser.parse_args()
    if args.install:
        print(f"Wrote {install(args.run, args.install)}.")
        return
    if args.pairs is None:
        parser.error("training needs --pairs")
    try:
        train(args.pairs, args.run, args.steps, args.batch, args.patch, pick_device(args.device))
    except NotPrepared as error:
        raise SystemExit(str(error)) from None


def train(
    pairs: Path, folder: Path, steps: int, batch: int, patch: int, device: torch.device
) -> None:
    """Train, or go on; see `main` for the arguments. Raises NotPrepared."""
    network = QuasiInvertibleNetwork(None, measure_scale(PairSampler(pairs, patch=patch, seed=0)))
    network.compute_in(number_format(device))
    network.to(device=device, memory_format=torch.channels_last)  # type: ignore[call-overload]
    run = Run(folder, network, LEARNING_RATE, steps, BETAS)
    sampler = PairSampler(pairs, patch=patch, seed=77 + run.step)
    rng = np.random.default_rng(78 + run.step)
    transform = BlockTransform(8).to(device)
    progress = tqdm(total=steps, initial=run.step, desc="steps", mininterval=20)
    hidden, restoring = RunningDecibels(), RunningDecibels()
    began = time.monotonic()
    while not run.done:
        halves = rng.choice(BITS, batch // 2).tolist()
        photo, look, guide = sampler.guided_batch(halves)
        bits = [b for b in halves for _ in range(2)]
        photo, look = photo.to(device), look.to(device)
        amplitude = torch.from_numpy(rng.choice(np.float32(AMPLITUDES), len(bits))).to(device)
        noise = torch.tensor([pixel_symbols.error(b) for b in bits], device=device)
        told = Told(guide.to(device), amplitude, noise)
        container = carry(network.hide(photo, look, told)[0], bits, rng)
        restored, _ = network.reveal(container, told)
        run.descend(restoring_loss(photo, look, container, restored, told, transform))
        progress.update()
        hidden.add((container - look).square().mean((1, 2, 3)) + 1e-7)
        restoring.add((restored - photo).square().mean((1, 2, 3)) + 1e-7)
        if run.step % 50 == 0:
            progress.set_postfix_str(f"{hidden.value:.2f} / {restoring.value:.2f} dB")
        if run.step % VALIDATED_EVERY == 0 or run.done:
            rows = validate(run.average, pairs)
            with (folder / "log.csv").open("a", newline="") as log:
                writer = csv.DictWriter(log, ["step", "seconds", *rows[0]])
                if log.tell() == 0:
                    writer.writeheader()
                passed = {"step": run.step, "seconds": round(time.monotonic() - began)}
                writer.writerows([passed | row for row in rows])
    progress.close()


if __name__ == "__main__":
    main()
