"""Pairs of one operator for the paper's network: crops of photos, and their full looks.

The paper's network learns one operator at one strength, so its pairs are a small file of their own
rather than the folder of all looks that `models.training.prepare` makes.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray
from torch import Tensor
from tqdm import tqdm

from models.operators.registry import OPERATORS
from models.training.data import to_batch
from models.training.prepare import LOOKS, PHOTO_SUFFIXES, take_crop

OPERATORS_TRAINED = tuple(name for name in LOOKS if name != "retouch")
"""The ten looks; exposure and retouching are tools, not looks."""

HELD_OUT = 24
"""Photos that are never trained on."""


@dataclass(frozen=True)
class Pairs:
    """Crops and their looks, N x size x size x 3 uint8 each; the first `held_out` are not for
    training, and of photos that no other crop is from."""

    photos: NDArray[np.uint8]
    looks: NDArray[np.uint8]
    held_out: int

    @staticmethod
    def make(operator: str, photos: Sequence[Path], count: int, size: int) -> Pairs:
        """Render about `count` training crops, and one of each held-out photo.

        Raises ValueError where there are too few photos.
        """
        if len(photos) <= HELD_OUT:
            raise ValueError(f"{len(photos)} photos are too few; {HELD_OUT} are held out.")
        order = np.random.default_rng(0).permutation(len(photos))
        held, rest = order[:HELD_OUT], order[HELD_OUT:]
        chosen = [*held, *np.resize(rest, count)]
        crops = np.empty((2, len(chosen), size, size, 3), np.uint8)
        for i, photo in enumerate(tqdm(chosen, desc=f"crops, {operator}", disable=None)):
            rng = np.random.default_rng(i)
            crop, long_edge = take_crop(photos[photo], rng, size)
            crops[0, i], crops[1, i] = crop, OPERATORS[operator](crop, long_edge=long_edge)
        return Pairs(crops[0], crops[1], HELD_OUT)

    @staticmethod
    def read(path: Path) -> Pairs:
        """From a file that `write` made."""
        with np.load(path) as file:
            return Pairs(file["photos"], file["looks"], int(file["held_out"]))

    def write(self, path: Path) -> None:
        """Into an .npz file."""
        path.parent.mkdir(parents=True, exist_ok=True)
        temporary = path.with_suffix(".tmp.npz")
        np.savez_compressed(temporary, photos=self.photos, looks=self.looks, held_out=self.held_out)
        temporary.replace(path)

    def batch(self, rng: np.random.Generator, size: int, patch: int) -> tuple[Tensor, Tensor]:
        """Random patches, mirrored half of the time: `size` x 3 x patch x patch each, 0..1."""
        photos: list[NDArray[np.uint8]] = []
        looks: list[NDArray[np.uint8]] = []
        for _ in range(size):
            crop = rng.integers(self.held_out, len(self.photos))
            y, x = rng.integers(0, self.photos.shape[1] - patch + 1, 2)
            step = int(rng.choice([-1, 1]))
            for chosen, source in ((photos, self.photos), (looks, self.looks)):
                chosen.append(source[crop, y : y + patch, x : x + patch][:, ::step])
        return to_batch(photos), to_batch(looks)

    def validation(self) -> tuple[NDArray[np.uint8], NDArray[np.uint8]]:
        """The held-out crops and their looks."""
        return self.photos[: self.held_out], self.looks[: self.held_out]


def photos_in(folders: Sequence[Path]) -> list[Path]:
    """All photos of folders, in order. Raises FileNotFoundError for a folder without any."""
    photos: list[Path] = []
    for folder in folders:
        found = sorted(p for p in folder.iterdir() if p.suffix.lower() in PHOTO_SUFFIXES)
        if not found:
            raise FileNotFoundError(f"There are no {' or '.join(PHOTO_SUFFIXES)} in {folder}.")
        photos += found
    return photos
