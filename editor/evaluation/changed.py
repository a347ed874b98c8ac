"""What becomes of one export that was changed: what is said of it, and how good it still is."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from editor.engine import embedding
from editor.engine.integrity import Integrity, Outcome
from models.containers.container import Received, Trust
from models.metrics import psnr

Picture = NDArray[np.uint8]

UNCHANGED = "nothing"
"""The name of the change that is none."""


@dataclass(frozen=True)
class Row:
    """What became of a changed export.

    Attributes:
        change: what was done to it.
        changed: whether that was more than a turn.
        integrity: what is said of it.
        restored, received: dB, of the photo that is restored, and of the picture as it is; restored
            is None where nothing comes back.
        away: dB of what was restored where the export was not changed.
        proven: dB of what is called proven of that.
        found: how well the squares that were changed are found, intersection over union.
    """

    change: str
    changed: bool
    integrity: Integrity
    restored: float | None
    received: float
    away: float | None = None
    proven: float | None = None
    found: float | None = None

    @property
    def silently_wrong(self) -> bool:
        """Whether a photo is called proven that is not, or worse than nothing without a word."""
        called = self.integrity.outcome is Outcome.PROVEN
        return called and (self.worse or self.changed)

    @property
    def worse(self) -> bool:
        """Whether the restored photo is more than half a decibel below doing nothing."""
        return self.restored is not None and self.restored < self.received - 0.5


def row_of(name: str, photo: Picture, seen: Received, where: NDArray[np.bool_] | None) -> Row:
    """Of an export that was changed, as it is received.

    Args:
        name: of the change.
        photo: H x W x 3 uint8, turned like the export.
        where: H x W, the pixels that were changed; None where that is not asked.
    """
    found, changed = embedding.find(seen), where is not None and bool(where.any())
    unrestored = psnr(seen.pixels, photo)
    if found is None or found.lost is not None:
        return Row(name, changed, Integrity.of(found), None, unrestored)
    restored = embedding.extract(seen, found)
    integrity, close = Integrity.of(found, restored.trust), psnr(restored.pixels, photo)
    if where is None or not changed or where.all():
        return Row(name, changed, integrity, close, unrestored)
    height, width = where.shape
    whole = np.pad(where, ((0, -height % 16), (0, -width % 16)))
    squares = whole.reshape(whole.shape[0] // 16, 16, -1, 16)
    truth = np.asarray(squares.any(axis=(1, 3)))
    said = restored.trust == Trust.CHANGED

    def likeness(squares: NDArray[np.bool_]) -> float | None:
        pixels = squares.repeat(16, 0).repeat(16, 1)[:height, :width]
        return psnr(restored.pixels[pixels][None], photo[pixels][None]) if pixels.any() else None

    overlap = float((truth & said).sum() / (truth | said).sum())
    proven = likeness(np.asarray(~truth & (restored.trust == Trust.PROVEN)))
    return Row(name, changed, integrity, close, unrestored, likeness(~truth), proven, overlap)
