"""The golden exports that there are."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

import numpy as np
from numpy.typing import NDArray

FOLDER = Path(__file__).resolve().parent
MANIFEST = "restored.json"
"""SHA-256 digests of the restored pixels, by case."""


@dataclass(frozen=True)
class Case:
    """One golden export.

    Attributes:
        name: of its files.
        kind: of container, as `kind_of` in the test tells it.
        crop: top, left, height and width in the sample photo that it was made of.
        look: the operator, at full strength.
        suffix, quality, subsampling: of the file.
        networks: whether a network is in the path of restoring, whose results differ a little
            between machines.
    """

    name: str
    kind: str
    crop: tuple[int, int, int, int]
    look: str
    suffix: str = ".png"
    quality: int = 95
    subsampling: Literal["444", "420"] = "444"
    networks: bool = True

    @property
    def export(self) -> Path:
        """The exported file."""
        return FOLDER / f"{self.name}{self.suffix}"

    @property
    def restored(self) -> Path:
        """The picture that it restores to."""
        return FOLDER / f"{self.name}-restored.png"


CASES = (
    Case("lossless-film", "lossless", (400, 300, 128, 160), "film", networks=False),
    Case("lossless-pencil", "lossless", (300, 600, 200, 210), "colour-pencil", networks=False),
    Case("jpeg-95-444", "jpeg", (400, 300, 192, 256), "film", ".jpg"),
    Case("jpeg-90-420", "jpeg", (200, 600, 192, 256), "black-and-white", ".jpg", 90, "420"),
)


def digest(pixels: NDArray[np.uint8]) -> str:
    """SHA-256 of a picture's samples, row by row."""
    return hashlib.sha256(np.ascontiguousarray(pixels).tobytes()).hexdigest()
