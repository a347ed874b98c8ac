"""Exports as their readers have them, for training what mends them (`train_refinement`).

    python -m models.training.jpeg_exports --photos FOLDER [--photos FOLDER …] --out DIR

Crops of photos are given random looks and become JPEG files just as the program makes them; what is
kept is what a reader has. `DIR/pictures.npy` is a uint8 memory map of shape (exports, 4, size,
size, 3): photo, decoded photo, prediction, export; `DIR/conditions.npy` (float32, exports x
5 x squares x squares) are `models.containers.jpeg.decoding.Decoded.conditions`, and
`DIR/done.npy` (uint8) tells which exports are finished: making them can be stopped and resumed,
and a training run can use them while it is still going on.
"""

from __future__ import annotations

import argparse
from pathlib import Path

import cv2
import numpy as np
from numpy.lib.format import open_memmap
from numpy.typing import NDArray
from tqdm import tqdm

from models.containers.coefficients import Subsampling
from models.containers.container import SQUARE, Medium
from models.containers.jpeg import hiding
from models.containers.jpeg.decoding import CONDITIONS, Decoded
from models.containers.jpeg.reading import Reading
from models.containers.surviving.container import layered
from models.operators.registry import ADJUSTMENTS, OPERATORS
from models.problems import NoRoom
from models.training.data import soft_mask
from models.training.prepare import LOOKS, crop_list, drawn_page, random_stack

PHOTO, DECODED, PREDICTION, EXPORT = range(4)
PICTURES, CONDITIONS_OF, DONE = "pictures.npy", "conditions.npy", "done.npy"

SETTINGS: tuple[tuple[int, Subsampling, float], ...] = (
    (95, "444", 0.28),
    (95, "420", 0.2),
    (90, "420", 0.2),
    (80, "420", 0.17),
)
"""Quality, chroma, how often; the rest is random."""

SPEEDS = 5, 6, 8, 8, 8
"""Of AV1, one of which is used: those of exports of small and of large pictures."""

HELD_OUT = 24
"""The first exports are kept for validation and never drawn for training."""


def random_setting(rng: np.random.Generator) -> tuple[int, Subsampling]:
    """Quality and subsampling of a file."""
    at = rng.random()
    for quality, subsampling, share in SETTINGS:
        at -= share
        if at < 0:
            return quality, subsampling
    return int(rng.integers(76, 99)), "444" if rng.random() < 0.4 else "420"


def random_crop(
    path: Path | None, rng: np.random.Generator, size: int
) -> tuple[NDArray[np.uint8], int]:
    """A crop of a photo at a random scale and the photo's long edge, mirrored and turned at random;
    a drawn page without a path."""
    if path is None:
        return drawn_page(rng, size), size
    bgr = cv2.imread(str(path), cv2.IMREAD_COLOR)
    if bgr is None:
        raise OSError(f"{path} could not be read as a picture.")
    photo = cv2.cvtColor(bgr, cv2.COLOR_BGR2RGB)
    scale = max(size / min(photo.shape[:2]), rng.choice([1.0, rng.uniform(0.55, 1.0)]))
    if scale != 1:
        width, height = (max(size, round(n * scale)) for n in (photo.shape[1], photo.shape[0]))
        how = cv2.INTER_AREA if scale < 1 else cv2.INTER_CUBIC
        photo = cv2.resize(photo, (width, height), interpolation=how)
    y, x = (int(rng.integers(0, n - size + 1)) for n in photo.shape[:2])
    crop = photo[y : y + size, x : x + size]
    if rng.random() < 0.25:
        crop = crop.transpose(1, 0, 2)
    crop = crop[:, :: rng.choice([-1, 1])]
    return np.ascontiguousarray(crop, np.uint8), max(photo.shape[:2])


def random_look(
    photo: NDArray[np.uint8], rng: np.random.Generator, long_edge: int
) -> NDArray[np.uint8]:
    """A look as users make them: one operator, usually in full, exposure, or a stack."""
    source = photo.astype(np.float32) / np.float32(255)
    kind = rng.random()
    if kind < 0.25:
        look = random_stack(source, rng, long_edge)
    elif kind < 0.4:
        ev = rng.choice([-1.5, 1.5]) if rng.random() < 0.5 else rng.uniform(-2.5, 2.5)
        look = _of("exposure", source, float(ev), long_edge)
    elif kind < 0.46:
        look = _of(str(rng.choice(list(ADJUSTMENTS))), source, rng.uniform(-1, 1), long_edge)
    else:
        strength = 1.0 if rng.random() < 0.65 else rng.uniform(0.3, 1.0)
        look = _of(str(rng.choice(LOOKS)), source, float(strength), long_edge)
    if rng.random() < 0.06:
        look = source + soft_mask(rng, photo.shape[0]) * (look - source)
    return np.clip(np.rint(look * 255), 0, 255).astype(np.uint8)


def _of(
    name: str, source: NDArray[np.float32], strength: float, long_edge: int
) -> NDArray[np.float32]:
    operator = OPERATORS[name]
    strength = float(np.clip(strength, operator.minimum, operator.maximum))
    return np.asarray(operator(source, strength, long_edge=long_edge), np.float32)


def export(
    photo: NDArray[np.uint8],
    look: NDArray[np.uint8],
    setting: tuple[int, Subsampling],
    speed: int | None = None,
) -> Decoded | None:
    """What a reader has of an export; None where there is no room in one.

    Args:
        photo, look: H x W x 3 uint8.
        setting: quality and chroma.
        speed: see `hiding.embed`.
    """
    below = layered(photo, look, Medium("jpeg", False, *setting))
    try:
        made = hiding.embed(photo, look, *setting, layered=below, speed=speed)
    except NoRoom:
        return None
    reading = Reading.of(made, hiding.VERSION)
    return None if reading is None else reading.decoded(lambda share: None)


def main() -> None:
    """Command line entry."""
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("--photos", type=Path, action="append", required=True, help="folder")
    parser.add_argument("--out", type=Path, required=True, help="folder for the exports")
    parser.add_argument("--size", type=int, default=320, help="side of a crop in pixels")
    parser.add_argument("--count", type=int, default=6000)
    parser.add_argument("--drawn", type=int, default=40, help="drawn pages for so many photos")
    parser.add_argument("--part", default="1/1", help="I/N: make every Nth export, from the Ith")
    args = parser.parse_args()
    first, every = (int(n) for n in args.part.split("/"))
    try:
        crops = crop_list(args.photos, 1, args.drawn)
    except OSError as error:
        raise SystemExit(str(error)) from None
    folder, count, size, cells = args.out, args.count, args.size, args.size // SQUARE
    folder.mkdir(parents=True, exist_ok=True)
    shapes = {
        PICTURES: ((count, 4, size, size, 3), np.uint8),
        CONDITIONS_OF: ((count, CONDITIONS, cells, cells), np.float32),
        DONE: ((count,), np.uint8),
    }
    for name, (shape, kind) in shapes.items():
        if not (folder / name).exists():
            open_memmap(folder / name, "w+", kind, shape).flush()
    pictures, conditions, done = (open_memmap(folder / name, "r+") for name in shapes)
    for i in tqdm(range(first - 1, len(done), every), desc="exports", mininterval=20):
        if done[i]:
            continue
        rng = np.random.default_rng((i, 5))
        found = None
        while found is None:
            photo, long_edge = random_crop(crops[rng.integers(len(crops))], rng, size)
            look = random_look(photo, rng, long_edge)
            found = export(photo, look, random_setting(rng), int(rng.choice(SPEEDS)))
        pictures[i] = np.stack([photo, found.photo, found.prediction, found.shown])
        conditions[i] = found.conditions
        done[i] = 1


if __name__ == "__main__":
    main()
