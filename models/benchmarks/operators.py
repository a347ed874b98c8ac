"""Learned operators compared with their references: speed, likeness, and sheets to look at.

    python -m models.benchmarks.operators speed [--megapixels 2 12] [--threads 1]
    python -m models.benchmarks.operators fidelity PHOTO_OR_FOLDER …
    python -m models.benchmarks.operators sheets PHOTO_OR_FOLDER … --out FOLDER

Reference and learned operator are timed in turn in the same run, and the better of two times
counts. With one thread times are processor seconds, which other work on the computer hardly
changes; with more threads they are the seconds that somebody waits.
"""

from __future__ import annotations

import argparse
import time
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path
from statistics import mean

import cv2
import numpy as np
import torch
from numpy.typing import NDArray
from tqdm import tqdm

import resources
from models.learned.inference import learned
from models.learned.network import LEARNED
from models.metrics import psnr, ssim
from models.operators import local_laplacian
from models.operators.base import Operator
from models.operators.colour_space import luma as luma_of
from models.operators.images import to_float
from models.operators.registry import OPERATORS

STRENGTHS = (0.5, 1.0)

TEXTBOOK = ("local-laplacian", "l0-smoothing", "rtv", "weighted-median")
"""Algorithms that are also timed on the full-size picture, without a working scale."""

LEVELS = 256
"""Reference values with which the fast local Laplacian filter is the exact one for 8 bits."""

SAMPLE = resources.SAMPLES / "lake.jpg"

Pixels = NDArray[np.uint8]


@dataclass(frozen=True)
class Timing:
    """Seconds for one picture.

    Attributes:
        what: the operator, and how its reference was run.
        megapixels: of the picture.
        reference, learned: seconds.
    """

    what: str
    megapixels: float
    reference: float
    learned: float

    @property
    def ratio(self) -> float:
        """How many times faster the learned form is."""
        return self.reference / self.learned


@dataclass(frozen=True)
class Fidelity:
    """How close the learned operator is to the reference on some photos.

    Attributes:
        operator, strength: what was compared.
        psnr: mean over the photos in dB.
        worst: the lowest of them.
        ssim: mean over the photos, 0..1.
        photo: the photo against the reference in dB, which is what doing nothing gives.
    """

    operator: str
    strength: float
    psnr: float
    worst: float
    ssim: float
    photo: float


def seconds(*jobs: Callable[[], object], times: int = 2) -> list[float]:
    """The shortest time of each job, run in turn; one more round to warm up."""
    clock = time.process_time if torch.get_num_threads() == 1 else time.perf_counter
    best = [float("inf")] * len(jobs)
    for turn in range(times + 1):
        for i, job in enumerate(jobs):
            if turn == 0 and i == 0 and len(jobs) > 1:
                continue  # references have nothing to warm up, and may take a minute
            start = clock()
            job()
            if turn > 0:
                best[i] = min(best[i], clock() - start)
    return best


def sample_photo(megapixels: float) -> Pixels:
    """A photo of that size: the sample, enlarged. H x W x 3 uint8."""
    photo = read(SAMPLE)
    factor = (megapixels * 1e6 / (photo.shape[0] * photo.shape[1])) ** 0.5
    size = round(photo.shape[1] * factor), round(photo.shape[0] * factor)
    return np.asarray(cv2.resize(photo, size, interpolation=cv2.INTER_CUBIC), np.uint8)


def speed(megapixels: float, operators: Sequence[str] = LEARNED) -> Iterable[Timing]:
    """Learned against reference as the editor runs them, 8 bits in and out."""
    photo = sample_photo(megapixels)
    for name in operators:
        exact, drawn = OPERATORS[name], learned(name)
        pair = seconds(_job(exact, photo), _job(drawn, photo))
        yield Timing(name, megapixels, *pair)


def textbook_speed(megapixels: float, operators: Sequence[str] = TEXTBOOK) -> Iterable[Timing]:
    """Learned operators as the editor runs them against the algorithms at full size."""
    photo = sample_photo(megapixels)
    source, long_edge = to_float(photo), max(photo.shape[:2])
    for name in operators:
        drawn, render = _job(learned(name), photo), OPERATORS[name].render
        # Twice learned: the first time it finds the caches full of the other's planes.
        slow, *quick = seconds(lambda r=render: r(source, 1.0, long_edge), drawn, drawn, times=1)  # type: ignore[misc]
        yield Timing(f"{name}, full size", megapixels, slow, min(quick))
        if name == local_laplacian.OPERATOR.id:
            luma = luma_of(source)
            exactly = lambda y=luma: local_laplacian.local_laplacian(y, reference_levels=LEVELS)  # noqa: E731
            slow, *quick = seconds(exactly, drawn, drawn, times=1)
            yield Timing(f"{name}, full size, {LEVELS} levels", megapixels, slow, min(quick))


def _job(op: Operator, photo: Pixels) -> Callable[[], object]:
    return lambda: op(photo, 1.0)


def fidelity(photos: Iterable[Pixels], operators: Sequence[str] = LEARNED) -> list[Fidelity]:
    """Learned against reference at half and full strength, on H x W x 3 uint8 pictures."""
    found: dict[tuple[str, float], list[tuple[float, float, float]]] = {}
    for photo in photos:
        for name in operators:
            for strength in STRENGTHS:
                reference = np.asarray(OPERATORS[name](photo, strength), np.uint8)
                drawn = np.asarray(learned(name)(photo, strength), np.uint8)
                figures = psnr(drawn, reference), ssim(drawn, reference), psnr(photo, reference)
                found.setdefault((name, strength), []).append(figures)
    rows = []
    for (name, strength), figures_of_all in found.items():
        decibels, similarities, undone = zip(*figures_of_all, strict=True)
        rows.append(
            Fidelity(
                name, strength, mean(decibels), min(decibels), mean(similarities), mean(undone)
            )
        )
    return rows


def sheet(photo: Pixels, operator: str) -> Pixels:
    """Photo, reference, learned, and their difference four times enlarged around grey."""
    reference = np.asarray(OPERATORS[operator](photo), np.uint8)
    drawn = np.asarray(learned(operator)(photo), np.uint8)
    difference = np.clip(128 + 4 * (drawn.astype(np.int32) - reference), 0, 255).astype(np.uint8)
    return np.hstack([photo, reference, drawn, difference])


def read(path: Path) -> Pixels:
    """A picture file, H x W x 3 RGB uint8. Raises OSError for other files."""
    bgr = cv2.imread(str(path), cv2.IMREAD_COLOR)
    if bgr is None:
        raise OSError(f"{path} could not be read as a picture.")
    return np.asarray(cv2.cvtColor(bgr, cv2.COLOR_BGR2RGB), np.uint8)


def photo_files(paths: Iterable[Path]) -> list[Path]:
    """The files, and those of the folders."""
    files: list[Path] = []
    for path in paths:
        files += sorted(path.iterdir()) if path.is_dir() else [path]
    return files


def print_speed(sizes: Sequence[float], threads: int) -> None:
    """Tables of `speed` and of `textbook_speed`."""
    cv2.setNumThreads(threads)
    torch.set_num_threads(threads)
    print(f"{'operator':38} {'MP':>3} {'reference':>10} {'learned':>8} {'ratio':>6}")
    for megapixels in sizes:
        for row in speed(megapixels):
            _print_timing(row)
    for megapixels in sizes:
        for row in textbook_speed(megapixels):
            _print_timing(row)


def _print_timing(row: Timing) -> None:
    print(
        f"{row.what:38} {row.megapixels:3g} {row.reference:8.2f} s {row.learned:6.2f} s "
        f"{row.ratio:6.1f}",
        flush=True,
    )


def print_fidelity(rows: Sequence[Fidelity]) -> None:
    """One line for each operator and strength, and the means."""
    print(f"{'operator':20} {'strength':>8} {'PSNR':>6} {'worst':>6} {'SSIM':>6} {'photo':>6}")
    for row in rows:
        print(
            f"{row.operator:20} {row.strength:8g} {row.psnr:6.2f} {row.worst:6.2f} "
            f"{row.ssim:6.3f} {row.photo:6.2f}"
        )
    for strength in STRENGTHS:
        same = [row for row in rows if row.strength == strength]
        print(
            f"{'mean':20} {strength:8g} {mean(r.psnr for r in same):6.2f} "
            f"{min(r.worst for r in same):6.2f} {mean(r.ssim for r in same):6.3f}"
        )


def main() -> None:
    """Command line entry."""
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    commands = parser.add_subparsers(dest="command", required=True)
    timed = commands.add_parser("speed")
    timed.add_argument("--megapixels", type=float, nargs="+", default=[2, 12])
    timed.add_argument("--threads", type=int, default=1)
    alike = commands.add_parser("fidelity")
    shown = commands.add_parser("sheets")
    for command in (alike, shown):
        command.add_argument("photos", type=Path, nargs="+", help="files and folders")
        command.add_argument("--operators", nargs="+", choices=LEARNED, default=LEARNED)
    shown.add_argument("--out", type=Path, required=True, help="a PNG for each operator")
    args = parser.parse_args()
    if args.command == "speed":
        print_speed(args.megapixels, args.threads)
        return
    photos = photo_files(args.photos)
    if args.command == "fidelity":
        pictures = (read(path) for path in tqdm(photos, desc="photos", disable=None))
        print_fidelity(fidelity(pictures, args.operators))
        return
    args.out.mkdir(parents=True, exist_ok=True)
    for name in args.operators:
        for path in tqdm(photos, desc=name, disable=None):
            drawn = cv2.cvtColor(sheet(read(path), name), cv2.COLOR_RGB2BGR)
            cv2.imwrite(str(args.out / f"{name}-{path.stem}.png"), drawn)


if __name__ == "__main__":
    main()
