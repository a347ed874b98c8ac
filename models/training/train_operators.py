"""Train the learned operators (`models.learned.network`).

    python -m models.training.train_operators --pairs DIR --run DIR
    python -m models.training.train_operators --run DIR --install operators-2

The pairs are those of `models.training.prepare`: the full look of every operator on every crop. A
run can be resumed: start it again with the same folder. `RUN/preview.png` shows photo, reference,
learned and their difference on held-out crops every 1,000 steps; `RUN/figures.json` has the PSNR of
each operator there. `--install` puts the averaged weights of the run's last checkpoint among those
that ship with the program.
"""

from __future__ import annotations

import json
import math
from collections.abc import Sequence
from pathlib import Path

import cv2
import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor
from tqdm import tqdm

from models import zoo
from models.learned.folding import FoldedOperator
from models.learned.inference import CHANNEL
from models.learned.network import (
    GROUP,
    LEARNED,
    POWERS,
    Modulated,
    OperatorNetwork,
    coarse_guides,
    monomials,
)
from models.learned.starting_points import has_starting_point, starting_point
from models.learned.tiles import draw
from models.metrics import psnr
from models.networks.device import number_format
from models.operators.images import from_float, to_float
from models.operators.registry import OPERATORS
from models.training.data import HELD_OUT, NotPrepared, to_batch
from models.training.prepare import LOOKS, PHOTO_PLANE
from models.training.processes import training_device
from models.training.steps import CHECKPOINT, Run, RunningDecibels, load_average, options

LEARNING_RATE = 1e-3
"""After the warm-up. With 1.5e-3 and plain ReLU nine in ten features of the deeper layers died."""

SEED = 177

ROWS = 6
"""Of each crop from which the colour polynomials are fitted."""

WORTHWHILE = 1.0
"""dB that a colour polynomial must gain to be used: below, it only costs time."""

SAME = 40.0
"""dB to which a pair's look must equal today's reference."""

MARGIN = 16
"""Pixels along the inner edges of a patch that do not count: their surroundings are missing."""

HARD = {
    "local-laplacian": 2.0,
    "multiscale-tone": 2.0,
    "l0-smoothing": 2.0,
    "oil-painting": 2.0,
    "colour-pencil": 2.0,
    "rtv": 1.5,
    "black-and-white": 0.7,
    "lens-blur": 0.3,
    "film": 0.3,
    "retouch": 0.3,
}
"""How much more often than others these operators are drawn."""


class LookSampler:
    """Draws patches of crops with their starting points and full looks.

    What a look starts from is computed once for each crop and kept, 4 MB for a crop of 320 pixels
    in all looks.
    """

    def __init__(self, folder: Path, *, patch: int) -> None:
        self.pictures = np.load(folder / "pictures.npy", mmap_mode="r")
        self.done = np.load(folder / "done.npy", mmap_mode="r")
        self.long_edges = np.load(folder / "long_edges.npy", mmap_mode="r")
        self.patch = patch
        chance = np.array([HARD.get(name, 1.0) for name in LEARNED])
        self.chance = chance / chance.sum()
        self._starts: dict[tuple[int, str], NDArray[np.float16]] = {}

    def batch(
        self, rngs: Sequence[np.random.Generator]
    ) -> tuple[Tensor, Tensor, Tensor, Tensor, Tensor, Tensor]:
        """Photos (0..1), starting points, coarse guides, operators, looks and the weights of their
        pixels; a patch of each generator."""
        ready = np.flatnonzero(np.asarray(self.done))
        ready = ready[ready >= HELD_OUT]
        operators = np.array([rng.choice(len(LEARNED), p=self.chance) for rng in rngs])
        samples = [
            self.sample(int(rng.choice(ready)), int(k), rng)
            for k, rng in zip(operators, rngs, strict=True)
        ]
        photos, starts, coarse, looks, weights = zip(*samples, strict=True)
        return (
            to_batch(list(photos)),
            torch.from_numpy(np.stack(starts).transpose(0, 3, 1, 2).astype(np.float32)),
            torch.from_numpy(np.stack(coarse).transpose(0, 3, 1, 2).astype(np.float32)),
            torch.from_numpy(operators.astype(np.int64)),
            to_batch(list(looks)),
            torch.from_numpy(np.stack(weights).transpose(0, 3, 1, 2).astype(np.float32)),
        )

    def sample(
        self, crop: int, operator: int, rng: np.random.Generator
    ) -> list[NDArray[np.generic]]:
        """One patch: photo, starting point, coarse guides, look, weights (patch x patch x 1)."""
        n, side = self.patch, self.pictures.shape[2]
        # Often at the very edge of the crop, where the operator saw a border too.
        y, x = np.clip(rng.integers(-n // 4, side - n + n // 4, 2), 0, side - n) // GROUP * GROUP
        name, edge = LEARNED[operator], int(self.long_edges[crop])
        photo: NDArray[np.uint8] = np.asarray(self.pictures[crop, PHOTO_PLANE])
        look = np.asarray(self.pictures[crop, 1 + LOOKS.index(name)])
        start = self._starts.get((crop, name))
        if start is None:
            start = starting_point(photo, name, edge).astype(np.float16)
            if has_starting_point(name):
                self._starts[crop, name] = start
        weights = np.zeros((side, side, 1), np.uint8)
        top, left = (at + MARGIN if at else 0 for at in (y, x))
        bottom, right = (at + n - MARGIN if at + n < side else side for at in (y, x))
        weights[top:bottom, left:right] = 1
        wholes = photo, start, coarse_guides(photo, edge), look, weights
        flips, transposed = rng.choice([-1, 1], 2), rng.random() < 0.5
        patch = []
        for whole in wholes:
            pixel = GROUP if whole.shape[0] < side else 1
            part = whole[y // pixel : (y + n) // pixel, x // pixel : (x + n) // pixel]
            part = part[:: flips[0], :: flips[1]]
            patch.append(part.transpose(1, 0, 2) if transposed else part)
        return patch


def fit_colours(folder: Path) -> Tensor:
    """Least squares fit of what a colour alone adds to the source: operators x 3 x monomials.

    In float64, from some rows of all crops but the held-out ones. Zero where it gains too little.
    """
    pictures = np.load(folder / "pictures.npy", mmap_mode="r")
    long_edges = np.load(folder / "long_edges.npy")
    ready = np.flatnonzero(np.load(folder / "done.npy"))
    rng, powers = np.random.default_rng(0), len(POWERS)
    gram = np.zeros((len(LEARNED), powers, powers))
    moment = np.zeros((len(LEARNED), powers, 3))
    square = np.zeros(len(LEARNED))
    for crop in tqdm(ready[ready >= HELD_OUT], desc="colours", mininterval=20):
        photo: NDArray[np.uint8] = np.asarray(pictures[crop, PHOTO_PLANE])
        rows = rng.choice(photo.shape[0], min(ROWS, photo.shape[0]), replace=False)
        plain = to_float(photo)
        powers_of_photo = _monomials(plain[rows])
        for k, name in enumerate(LEARNED):
            look = to_float(np.asarray(pictures[crop, 1 + LOOKS.index(name)]))[rows]
            source, x = plain, powers_of_photo
            if has_starting_point(name):
                source = starting_point(photo, name, int(long_edges[crop]))
                x = _monomials(source[rows])
            missing = (look - source[rows]).reshape(-1, 3).astype(np.float64)
            gram[k] += x @ x.T
            moment[k] += x @ missing
            square[k] += np.square(missing).sum()
    fitted = np.zeros((len(LEARNED), 3, powers))
    for k in range(len(LEARNED)):
        solution = np.linalg.lstsq(gram[k], moment[k], rcond=1e-12)[0]
        left = square[k] - (solution * moment[k]).sum()
        if 10 * math.log10(square[k] / max(left, 1e-12)) >= WORTHWHILE:
            fitted[k] = solution.T
    return torch.from_numpy(fitted).float()


def _monomials(colours: NDArray[np.float32]) -> NDArray[np.float64]:
    planes = torch.from_numpy(colours.reshape(-1, 3).T.astype(np.float64) - 0.5)
    return monomials(planes).numpy()


def check_pairs(folder: Path) -> None:
    """Raise NotPrepared where an operator has changed since the pairs were made.

    The network would learn a look that is no longer the reference's.
    """
    pictures = np.load(folder / "pictures.npy", mmap_mode="r")
    photo: NDArray[np.uint8] = np.array(pictures[0, PHOTO_PLANE])
    edge = int(np.load(folder / "long_edges.npy")[0])
    changed = []
    for name in LEARNED:
        look = np.asarray(OPERATORS[name](photo, 1.0, long_edge=edge), np.uint8)
        if psnr(look, np.asarray(pictures[0, 1 + LOOKS.index(name)])) < SAME:
            changed.append(name)
    if changed:
        raise NotPrepared(
            f"The pairs in {folder} were made by other versions of {', '.join(changed)}; "
            "make them again with python -m models.training.prepare."
        )


def held_out_figures(
    network: OperatorNetwork, folder: Path, device: torch.device, crops: int = 8
) -> tuple[dict[str, float], NDArray[np.uint8]]:
    """PSNR of each operator on held-out crops in dB (8-bit), and a contact sheet."""
    pictures = np.load(folder / "pictures.npy", mmap_mode="r")
    long_edges = np.load(folder / "long_edges.npy")
    figures, sheet = {}, []
    for k, name in enumerate(LEARNED):
        folded, scores = FoldedOperator(network, name).to(device), []
        for crop in range(crops):
            photo: NDArray[np.uint8] = np.asarray(pictures[crop, PHOTO_PLANE])
            look: NDArray[np.uint8] = np.asarray(pictures[crop, 1 + LOOKS.index(name)])
            source = to_float(photo)
            drawn = draw(folded, source, 1.0, int(long_edges[crop]))
            learned = np.asarray(from_float(drawn, np.dtype(np.uint8)), np.uint8)
            scores.append(psnr(learned, look))
            if crop == k % crops:
                sheet.append(side_by_side(photo, look, learned))
        figures[name] = float(np.mean(scores))
    return figures, np.vstack(sheet)


def share_alive(network: OperatorNetwork, folder: Path, device: torch.device) -> float:
    """Share of the features (0..1) that are positive somewhere on a held-out crop.

    Averaged over the layers and three different operators. Where it falls, features die.
    """
    pictures = np.load(folder / "pictures.npy", mmap_mode="r")
    edge = int(np.load(folder / "long_edges.npy")[0])
    photo: NDArray[np.uint8] = np.asarray(pictures[0, PHOTO_PLANE])
    alive: list[float] = []

    def count(layer: torch.nn.Module, inputs: object, output: Tensor) -> None:
        alive.append(float((output.amax((0, 2, 3)) > 0).float().mean()))

    hooks = [m.register_forward_hook(count) for m in network.modules() if isinstance(m, Modulated)]
    with torch.inference_mode():
        coarse = torch.from_numpy(coarse_guides(photo, edge)).permute(2, 0, 1)[None].to(device)
        for name in ("film", "l0-smoothing", "colour-pencil"):
            start = torch.from_numpy(starting_point(photo, name, edge)).permute(2, 0, 1)[None]
            index = torch.tensor([LEARNED.index(name)], device=device)
            network(to_batch([photo]).to(device), start.to(device), coarse, index)
    for hook in hooks:
        hook.remove()
    return float(np.mean(alive))


def side_by_side(
    photo: NDArray[np.uint8], look: NDArray[np.uint8], learned: NDArray[np.uint8]
) -> NDArray[np.uint8]:
    """Photo, reference, learned, and their difference four times enlarged around grey."""
    difference = np.clip(128 + 4 * (learned.astype(np.int32) - look), 0, 255).astype(np.uint8)
    return np.hstack([photo, look, learned, difference])


def install(run: Path, name: str, folder: Path = zoo.WEIGHTS) -> Path:
    """Put the averaged weights of a run's last checkpoint among those that ship; their file."""
    network = OperatorNetwork()
    steps = load_average(run, network)
    number = int(name.rpartition("-")[2])
    shape = network.shape | {"steps": str(steps)}
    return zoo.install(name, number, CHANNEL, network.state_dict(), shape, folder)


def main() -> None:
    """Command line entry."""
    parser = options(__doc__.split("\n")[0], steps=20_000, patch=176)
    parser.add_argument("--rate", type=float, default=LEARNING_RATE, help="learning rate")
    parser.add_argument("--install", metavar="NAME-NUMBER", help="do not train; see above")
    args = parser.parse_args()
    if args.install:
        print(f"Wrote {install(args.run, args.install)}.")
        return
    if args.pairs is None:
        parser.error("training needs --pairs")
    try:
        check_pairs(args.pairs)
    except (NotPrepared, FileNotFoundError) as error:
        raise SystemExit(str(error)) from None
    device = training_device(args.device)
    network = OperatorNetwork().to(device)
    if not (args.run / CHECKPOINT).exists():
        network.colour.copy_(fit_colours(args.pairs))
    run = Run(args.run, network, args.rate, args.steps, betas=(0.9, 0.98))
    sampler = LookSampler(args.pairs, patch=args.patch)
    reduced = number_format(device)
    progress = run.progress()
    running = RunningDecibels()
    while not run.done:
        batch = sampler.batch(run.generators(SEED, args.batch))
        photo, start, coarse, operators, look, weights = (x.to(device) for x in batch)
        with torch.autocast(device.type, reduced, enabled=reduced != torch.float32):
            change = network(photo, start, coarse, operators)
        wrong = (photo + change.float() - look) * weights
        errors = wrong.square().sum((1, 2, 3)) / (3 * weights.sum((1, 2, 3)))
        loss = (errors + 1e-5).log().mean()  # decibels: every operator counts alike
        run.descend(loss)
        progress.update()
        running.add(errors)
        if run.step % 50 == 0:
            progress.set_postfix_str(f"{running.value:.2f} dB")
        if run.leads and (run.step % 1000 == 0 or run.done):
            figures, sheet = held_out_figures(run.average, args.pairs, device)
            figures["features alive"] = share_alive(run.average, args.pairs, device)
            tqdm.write(f"{run.step}: " + " ".join(f"{k} {v:.2f}" for k, v in figures.items()))
            (args.run / "figures.json").write_text(
                json.dumps({"step": run.step} | figures, indent=1)
            )
            cv2.imwrite(str(args.run / "preview.png"), cv2.cvtColor(sheet, cv2.COLOR_RGB2BGR))
    progress.close()


if __name__ == "__main__":
    main()
