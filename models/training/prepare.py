"""Prepare training pairs: crops of photos with the looks that users would give them.

    python -m models.training.prepare --photos FOLDER [--photos FOLDER …] --out DIR

The slow operators are run once and kept. `DIR/pictures.npy` is a uint8 memory map of shape
(crops, planes, size, size, 3); plane 0 is the photo, the next ones are the full looks of the
operators in `LOOKS`, the last `STACKS` ones are random stacks of two to four edits.
`DIR/long_edges.npy` (int32, one per crop) is the long edge in pixels of the photo that the crop was
cut from. `DIR/done.npy` (uint8, one per crop) tells which crops are finished, so that preparing can
be interrupted, resumed, shared by several processes (`--part I/N`), and used by a training run
while it is still going on.

Besides photos there are drawn pages (text, line art, smooth gradients), which photo folders lack.
"""

from __future__ import annotations

import argparse
import os
from pathlib import Path

import cv2
import numpy as np
from numpy.lib.format import open_memmap
from numpy.typing import NDArray
from tqdm import tqdm

from models.operators.registry import ADJUSTMENTS, OPERATORS

LOOKS = tuple(name for name in OPERATORS if name not in ("exposure", *ADJUSTMENTS))
STACKS = 4
PHOTO_PLANE = 0
STACK_PLANES = range(1 + len(LOOKS), 1 + len(LOOKS) + STACKS)
PLANES = 1 + len(LOOKS) + STACKS
PHOTO_SUFFIXES = (".jpg", ".jpeg", ".png")


def random_stack(
    photo: NDArray[np.float32], rng: np.random.Generator, long_edge: int
) -> NDArray[np.float32]:
    """Two to four random edits on top of each other; H x W x 3 float32 in 0..1, same out."""
    look = photo
    ids = rng.choice([*LOOKS, "exposure", "exposure"], size=rng.integers(2, 5), replace=False)
    for operator_id in ids:
        op = OPERATORS[operator_id]
        weakest, strongest = (-2, 2) if operator_id == "exposure" else (0.4, 1.0)
        strength = rng.uniform(weakest, strongest)
        look = op(look, strength, long_edge=long_edge)  # type: ignore[assignment]
    return look


def drawn_page(rng: np.random.Generator, size: int) -> NDArray[np.uint8]:
    """A page of text and lines, or a smooth gradient like a clear sky; size x size x 3 uint8."""
    if rng.random() < 0.4:
        corners = rng.uniform(0, 255, (2, 2, 3)) * 0.5 + rng.uniform(0, 255, 3) * 0.5
        sky = cv2.resize(corners, (size, size), interpolation=cv2.INTER_LINEAR)
        noise = rng.normal(0, rng.uniform(0, 2), sky.shape)
        page: NDArray[np.uint8] = np.clip(np.rint(sky + noise), 0, 255).astype(np.uint8)
        return page
    dark, light = rng.integers(0, 90, 3), rng.integers(200, 256, 3)
    if rng.random() < 0.3:
        dark, light = light, dark
    page = np.empty((size, size, 3), np.uint8)
    page[:] = light
    y = 12
    letters = "abcdefghijklmnopqrstuvwxyz ABCDEFGHIJ 0123456789,.;"
    while y < size:
        scale = rng.uniform(0.35, 1.2)
        text = "".join(rng.choice(list(letters), 60))
        y += int(26 * scale) + 4
        origin = (int(rng.integers(-20, 20)), y)
        cv2.putText(
            page, text, origin, cv2.FONT_HERSHEY_COMPLEX, scale, dark.tolist(), 1, cv2.LINE_AA
        )
    for _ in range(rng.integers(0, 12)):
        a, b = rng.integers(0, size, 2).tolist(), rng.integers(0, size, 2).tolist()
        colour = rng.integers(0, 256, 3).tolist()
        cv2.line(page, a, b, colour, int(rng.integers(1, 4)), cv2.LINE_AA)
    return page


def take_crop(
    path: Path | None, rng: np.random.Generator, size: int
) -> tuple[NDArray[np.uint8], int]:
    """A size x size crop of a photo at a random scale, and the long edge of the scaled photo.

    A drawn page where `path` is None.
    """
    if path is None:
        return drawn_page(rng, size), size
    bgr = cv2.imread(str(path), cv2.IMREAD_COLOR)
    if bgr is None:
        raise OSError(f"{path} could not be read as a picture.")
    photo = cv2.cvtColor(bgr, cv2.COLOR_BGR2RGB)
    smallest = size / min(photo.shape[:2])
    scale = max(smallest, rng.choice([1.0, rng.uniform(0.5, 1.0)]))
    if scale != 1:
        width, height = (max(size, round(n * scale)) for n in (photo.shape[1], photo.shape[0]))
        how = cv2.INTER_AREA if scale < 1 else cv2.INTER_CUBIC
        photo = cv2.resize(photo, (width, height), interpolation=how)
    y = rng.integers(0, photo.shape[0] - size + 1)
    x = rng.integers(0, photo.shape[1] - size + 1)
    return np.ascontiguousarray(photo[y : y + size, x : x + size]), max(photo.shape[:2])


def render_planes(
    photo: NDArray[np.uint8], long_edge: int, rng: np.random.Generator
) -> NDArray[np.uint8]:
    """All planes of one crop: PLANES x size x size x 3 uint8."""
    planes = np.empty((PLANES, *photo.shape), np.uint8)
    planes[PHOTO_PLANE] = photo
    for i, operator_id in enumerate(LOOKS, start=1):
        planes[i] = OPERATORS[operator_id](photo, 1.0, long_edge=long_edge)
    source = photo.astype(np.float32) / np.float32(255)
    for i in STACK_PLANES:
        stack = random_stack(source, rng, long_edge)
        planes[i] = np.clip(np.rint(stack * 255), 0, 255).astype(np.uint8)
    return planes


def crop_list(folders: list[Path], per_photo: int, drawn: int) -> list[Path | None]:
    """Which photo each crop comes from, in a fixed shuffled order; None for drawn pages.

    Raises FileNotFoundError, naming it, for a folder that is not there or without photos.
    """
    photos: list[Path] = []
    for folder in folders:
        found = [p for p in folder.iterdir() if p.suffix.lower() in PHOTO_SUFFIXES]
        if not found:
            raise FileNotFoundError(f"There are no {' or '.join(PHOTO_SUFFIXES)} in {folder}.")
        photos += found
    photos.sort()
    everything: list[Path | None] = [*photos * per_photo, *[None] * drawn]
    order = np.random.default_rng(0).permutation(len(everything))
    return [everything[i] for i in order]


def main() -> None:
    """Command line entry."""
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("--photos", type=Path, action="append", required=True, help="folder")
    parser.add_argument("--out", type=Path, required=True, help="folder for the pairs")
    parser.add_argument("--size", type=int, default=320, help="side of a crop in pixels")
    parser.add_argument("--per-photo", type=int, default=1, help="crops per photo")
    parser.add_argument("--drawn", type=int, default=48, help="drawn pages")
    parser.add_argument("--part", default="1/1", help="I/N: do every Nth crop, from the Ith")
    args = parser.parse_args()
    try:
        crops = crop_list(args.photos, args.per_photo, args.drawn)
    except OSError as error:
        raise SystemExit(str(error)) from None
    args.out.mkdir(parents=True, exist_ok=True)
    shape = (len(crops), PLANES, args.size, args.size, 3)
    pictures_path, done_path = args.out / "pictures.npy", args.out / "done.npy"
    edges_path = args.out / "long_edges.npy"
    if not done_path.exists():
        open_memmap(pictures_path, "w+", np.uint8, shape).flush()
        open_memmap(edges_path, "w+", np.int32, (len(crops),)).flush()
        open_memmap(done_path, "w+", np.uint8, (len(crops),)).flush()
    pictures, edges, done = (
        open_memmap(path, "r+") for path in (pictures_path, edges_path, done_path)
    )
    if pictures.shape != shape:
        raise SystemExit(f"{args.out} holds pairs of shape {pictures.shape}, not {shape}.")
    first, step = (int(n) for n in args.part.split("/"))
    for i in tqdm(range(first - 1, len(crops), step), desc="crops", disable=None):
        if done[i]:
            continue
        rng = np.random.default_rng(i)
        photo, long_edge = take_crop(crops[i], rng, args.size)
        pictures[i] = render_planes(photo, long_edge, rng)
        edges[i] = long_edge
        done[i] = 1
    print(f"{int(done.sum())} of {len(crops)} crops are ready in {os.fspath(args.out)}.")


if __name__ == "__main__":
    main()
