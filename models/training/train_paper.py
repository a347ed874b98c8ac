"""Train the paper's network, to compare with: an operator and a file format at a time.

    python -m models.training.train_paper --photos FOLDER --runs FOLDER \\
        --operator l0-smoothing --medium jpeg-95-420

`--operator all` takes the ten looks of `models/training/configs/paper.toml` one after another,
which also says how the paper trains. RUNS/pairs-OPERATOR.npz keeps the rendered pairs;
RUNS/OPERATOR-MEDIUM holds a run's checkpoint, from which it goes on as if it had never stopped (on
a CPU to the last bit), what network it trains, `log.csv`, and its newest preview. `--install` lists
the trained weights for the evaluation.

    --zero-latent   --hide-difference   --block 4

each change one thing of the network towards this program's own; give such a run a `--label`.
`python -m models.benchmarks.paper_runs RUNS` prints all runs side by side.
"""

from __future__ import annotations

import argparse
import dataclasses
import time
from pathlib import Path
from typing import Any

import cv2
import numpy as np
import torch
from torch import Tensor
from tqdm import tqdm

from models.containers.container import Medium
from models.metrics import psnr, ssim
from models.networks.device import number_format
from models.operators.registry import OPERATORS
from models.paper import inference, media, run_folder, weights
from models.paper.network import PaperNetwork
from models.training import processes
from models.training.paper_config import CONFIG, PaperTraining
from models.training.paper_pairs import Pairs, photos_in
from models.training.steps import Run, load_average
from models.zoo import WEIGHTS

LOGGED_EVERY = 50
"""Steps."""


def network_for(config: PaperTraining, device: torch.device) -> PaperNetwork:
    """A network with the first weights of a run; the same ones each time."""
    torch.manual_seed(config.seed)
    network = PaperNetwork(config.network)
    network.compute_in(number_format(device))
    network.to(device=device, memory_format=torch.channels_last)  # type: ignore[call-overload]
    return network


def loss_of(
    network: PaperNetwork,
    photo: Tensor,
    look: Tensor,
    medium: Medium,
    config: PaperTraining,
    generator: torch.Generator,
) -> tuple[Tensor, Tensor]:
    """The loss, and the mean squared errors of the exported picture and of the restored photo."""
    container, _ = network.embed(photo)
    restored = network.extract(media.received(container, medium), generator=generator)
    errors = torch.stack([(container - look).square().mean(), (restored - photo).square().mean()])
    return config.look_weight * errors[0] + config.photo_weight * errors[1], errors.detach()


def train(
    config: PaperTraining, pairs: Pairs, medium: Medium, folder: Path, device: torch.device
) -> Run[PaperNetwork]:
    """All steps of a run that are left. What happens in a step depends on its number only."""
    with processes.leader_first():
        run_folder.keep_config(folder, config.network)
    network = network_for(config, device)
    run = Run(
        folder,
        network,
        config.learning_rate,
        config.steps,
        weight_decay=0.0,
        compact=config.network.subnets == "dense",
    )
    progress = run.progress(folder.name)
    recent: list[Tensor] = []
    began = time.monotonic() - run_folder.seconds_before(folder)
    while not run.done:
        rng = np.random.default_rng([config.seed, run.step])
        generator = torch.Generator().manual_seed(int(rng.integers(2**62)))
        for _ in range(processes.rank() + 1):  # those of the processes before are drawn, too
            batch = pairs.batch(rng, config.batch, config.patch)
        for _ in range(processes.rank()):
            torch.randn(batch[0].shape, generator=generator)
        photo, look = (x.to(device).contiguous(memory_format=torch.channels_last) for x in batch)
        loss, errors = loss_of(network, photo, look, medium, config, generator)
        run.descend(loss)
        progress.update()
        recent = [*recent[1 - LOGGED_EVERY :], errors]
        if run.leads and (run.step % LOGGED_EVERY == 0 or run.done):
            export, back = (-10 * torch.stack(recent).mean(0).log10()).tolist()
            progress.set_postfix_str(f"export {export:.2f} restored {back:.2f} dB")
            held_out: list[float] = []
            if run.step % config.validate_every == 0 or run.done:
                held_out = validate(run.average, pairs, medium, folder)
                tqdm.write(f"{folder.name}, step {run.step}, held out: {held_out}")
            seconds = round(time.monotonic() - began)
            run_folder.write_log(folder, run.step, seconds, (export, back), held_out)
    progress.close()
    return run


def validate(network: PaperNetwork, pairs: Pairs, medium: Medium, folder: Path) -> list[float]:
    """Held-out crops through real files: PSNR and SSIM of the export against the look, of the
    restored photo against the photo. Writes a preview of four crops."""
    figures, rows = [], []
    for photo, look in zip(*pairs.validation(), strict=True):
        export = inference.read_back(inference.embed(network, photo), medium)
        restored = inference.extract(network, export)
        pictures = [(export, look), (restored, photo)]
        figures.append([f(*pair) for pair in pictures for f in (psnr, ssim)])
        rows.append(np.concatenate([photo, look, export, restored], axis=1))
    sheet = np.concatenate(rows[:4], axis=0)
    cv2.imwrite(str(folder / "preview.png"), cv2.cvtColor(sheet, cv2.COLOR_RGB2BGR))
    return [round(float(value), 4) for value in np.mean(figures, axis=0)]


def options() -> argparse.ArgumentParser:
    """The command line."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").split("\n")[0])
    parser.add_argument("--config", type=Path, default=CONFIG)
    parser.add_argument("--photos", type=Path, action="append", default=[], help="folder")
    parser.add_argument("--runs", type=Path, required=True, help="folder of all runs")
    parser.add_argument("--operator", required=True, help="its id, or all")
    parser.add_argument("--medium", help="png, jpeg-95-420 …")
    parser.add_argument("--label", default="", help="added to the run's and the weights' name")
    parser.add_argument("--steps", type=int)
    parser.add_argument("--batch", type=int)
    parser.add_argument("--patch", type=int, help="side of a patch in pixels")
    parser.add_argument("--crops", type=int, help="training crops to make of the photos")
    parser.add_argument("--validate-every", type=int, help="steps")
    parser.add_argument("--subnets", choices=("light", "dense"))
    parser.add_argument("--hidden", type=int, help="channels in a light subnet")
    parser.add_argument("--zero-latent", action="store_true", default=None)
    parser.add_argument("--hide-difference", action="store_true", default=None)
    parser.add_argument("--block", type=int, choices=(1, 4, 8))
    parser.add_argument(
        "--install",
        type=Path,
        nargs="?",
        const=WEIGHTS,
        metavar="DIR",
        help="do not train, but list the weights in a folder (the program's own when not said)",
    )
    parser.add_argument("--device", default="auto")
    return parser


def configured(args: argparse.Namespace) -> PaperTraining:
    """The configuration with what the command line says otherwise."""
    config = PaperTraining.read(args.config)

    def said(cls: type) -> dict[str, Any]:
        names = [field.name for field in dataclasses.fields(cls)]
        return {n: getattr(args, n) for n in names if getattr(args, n, None) is not None}

    network = dataclasses.replace(config.network, **said(type(config.network)))
    return dataclasses.replace(config, network=network, **said(PaperTraining))


def pairs_for(operator: str, config: PaperTraining, runs: Path, photos: list[Path]) -> Pairs:
    """The operator's pairs, made of the photos in folders where there are none yet."""
    path = runs / f"pairs-{operator}.npz"
    if not path.exists():
        if not photos:
            raise FileNotFoundError(f"{path} does not exist; say --photos to make it.")
        Pairs.make(operator, photos_in(photos), config.crops, config.crop).write(path)
    return Pairs.read(path)


def main() -> None:
    """Command line entry."""
    try:
        run(options().parse_args())
    except (FileNotFoundError, ValueError) as error:
        raise SystemExit(str(error)) from None


def run(args: argparse.Namespace) -> None:
    """Train, or install what was trained; see `options`.

    Raises ValueError for an unknown operator or medium and where there are too few photos,
    FileNotFoundError for what is not there.
    """
    config = configured(args)
    medium = media.parse(config.medium)
    device = processes.training_device(args.device)
    operators = config.operators if args.operator == "all" else (args.operator,)
    unknown = [name for name in operators if name not in OPERATORS]
    if unknown:
        raise ValueError(f"There is no operator called {unknown[0]}.")
    for operator in operators:
        name = "-".join(x for x in (operator, config.medium, args.label) if x)
        folder = args.runs / name
        if args.install is not None:
            network = PaperNetwork(run_folder.read_config(folder))
            steps = load_average(folder, network)
            print(weights.install(name, network, {"steps": str(steps)}, args.install))
            continue
        with processes.leader_first():
            pairs = pairs_for(operator, config, args.runs, args.photos)
        train(config, pairs, medium, folder, device)


if __name__ == "__main__":
    main()
