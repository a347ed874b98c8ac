"""Random patches of prepared pairs, edited the way users edit.

Strength is random, half of the time full; exposure goes from -3 to +3 EV, alone or on top of
another look; some edits are brushed on through a soft mask, some tinted by a colour cast.
"""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import cv2
import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor

from models.operators.registry import OPERATORS
from models.training.prepare import LOOKS, PHOTO_PLANE, PLANES

HELD_OUT = 24
"""The first crops of a prepared set are kept for validation and never drawn for training."""


class NotPrepared(RuntimeError):
    """A folder without pairs to train with; says what to do."""


def soft_mask(rng: np.random.Generator, size: int) -> NDArray[np.float32]:
    """A brushed area: size x size x 1, 0..1, soft edges."""
    coarse = rng.random((rng.integers(3, 7),) * 2).astype(np.float32)
    mask = cv2.resize(coarse, (size, size), interpolation=cv2.INTER_CUBIC)
    softness = rng.uniform(0.05, 0.3)
    brushed: NDArray[np.float32] = np.clip((mask - 0.5) / softness + 0.5, 0, 1)[..., None]
    return brushed


class PairSampler:
    """Draws batches of (photo, look) from a folder made by `models.training.prepare`.

    Only finished crops are drawn; the folder may still be filling. Raises NotPrepared where it is
    no such folder, and where no crop can be drawn yet.
    """

    def __init__(self, folder: Path, *, patch: int) -> None:
        if not (folder / "done.npy").exists():
            raise NotPrepared(f"{folder} holds no pairs; run models.training.prepare first.")
        self.pictures = np.load(folder / "pictures.npy", mmap_mode="r")
        self.done = np.load(folder / "done.npy", mmap_mode="r")
        self.patch = patch

    def batch(self, rngs: Sequence[np.random.Generator]) -> tuple[Tensor, Tensor]:
        """A pair of each generator: photo and look, each B x 3 x patch x patch float32 in 0..1.

        The values are those of 256 levels.
        """
        pairs = [self.random_pair(rng) for rng in rngs]
        return to_batch([p for p, _ in pairs]), to_batch([t for _, t in pairs])

    def random_pair(self, rng: np.random.Generator) -> tuple[NDArray[np.uint8], NDArray[np.uint8]]:
        """A random patch of a random crop, see `pair`."""
        ready = np.flatnonzero(np.asarray(self.done))
        ready = ready[ready >= HELD_OUT]
        if ready.size == 0:
            raise NotPrepared(
                f"Too few crops are prepared: the first {HELD_OUT} of {self.done.size} are held "
                "out; let models.training.prepare finish, or give it more photos."
            )
        return self.pair(int(rng.choice(ready)), rng)

    def pair(
        self, crop: int, rng: np.random.Generator
    ) -> tuple[NDArray[np.uint8], NDArray[np.uint8]]:
        """One random patch of a crop with a random edit; patch x patch x 3 uint8 each."""
        n = self.patch
        y, x = rng.integers(0, self.pictures.shape[2] - n + 1, 2)
        plane = int(rng.integers(1, PLANES))
        window = np.stack(
            [self.pictures[crop, p, y : y + n, x : x + n] for p in (PHOTO_PLANE, plane)]
        )
        if rng.random() < 0.5:
            window = window.transpose(0, 2, 1, 3)
        window = window[:, :: rng.choice([-1, 1]), :: rng.choice([-1, 1])]
        photo, full = window.astype(np.float32) / np.float32(255)
        return to_levels(photo), to_levels(self.edit(photo, full, rng))

    def edit(
        self, photo: NDArray[np.float32], full: NDArray[np.float32], rng: np.random.Generator
    ) -> NDArray[np.float32]:
        """A look between the photo and a full look, perhaps exposed, masked or tinted."""
        expose = rng.random()
        strength = 1.0 if rng.random() < 0.6 else rng.uniform(0.1, 1.0)
        look = photo if expose < 0.17 else photo + np.float32(strength) * (full - photo)
        if expose < 0.27:
            ev = rng.choice([-1.5, 1.5]) if rng.random() < 0.4 else rng.uniform(-3, 3)
            exposed = OPERATORS["exposure"](np.clip(look, 0, 1), float(ev), long_edge=1152)
            look = np.asarray(exposed, np.float32)
        if rng.random() < 0.05:
            gains = rng.uniform(0.6, 1.4, 3).astype(np.float32)
            look = look * gains
        if rng.random() < 0.08:
            look = photo + soft_mask(rng, self.patch) * (look - photo)
        return look


def validation_pairs(
    folder: Path, patch: int = 256
) -> dict[str, list[tuple[NDArray[np.uint8], NDArray[np.uint8]]]]:
    """Fixed (photo, look) patches of the held-out crops, by look; uint8 patch x patch x 3."""
    pictures = np.load(folder / "pictures.npy", mmap_mode="r")
    done = np.load(folder / "done.npy", mmap_mode="r")
    crops = [i for i in range(HELD_OUT) if done[i]]
    names = {name: i for i, name in enumerate(LOOKS, start=1)} | {"stack": PLANES - 1}
    pairs: dict[str, list[tuple[NDArray[np.uint8], NDArray[np.uint8]]]] = {}
    for k, (name, plane) in enumerate(names.items()):
        for crop in crops[k % 3 :: 3]:
            window = [np.asarray(pictures[crop, p, :patch, :patch]) for p in (PHOTO_PLANE, plane)]
            pairs.setdefault(name, []).append((window[0], window[1]))
    for ev in (1.5, -1.5):
        for crop in crops[::3]:
            photo = np.asarray(pictures[crop, PHOTO_PLANE, :patch, :patch])
            look = np.asarray(OPERATORS["exposure"](photo, ev, long_edge=1152))
            pairs.setdefault(f"exposure{ev:+g}", []).append((photo, look))  # type: ignore[arg-type]
    return pairs


def to_levels(picture: NDArray[np.float32]) -> NDArray[np.uint8]:
    """0..1 float32 to the nearest of 256 levels."""
    return np.clip(np.rint(picture * 255), 0, 255).astype(np.uint8)


def to_batch(pictures: list[NDArray[np.uint8]]) -> Tensor:
    """H x W x 3 uint8 pictures to B x 3 x H x W float32 in 0..1."""
    stacked = np.ascontiguousarray(np.stack(pictures).transpose(0, 3, 1, 2))
    return torch.from_numpy(stacked).float().div_(255)
