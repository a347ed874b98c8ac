"""The golden exports that there are."""

from __future__ import annotations

import hashlib
import json
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

import numpy as np
from numpy.typing import NDArray
from PIL import Image

FOLDER = Path(__file__).resolve().parent
SAMPLE = FOLDER.parents[1] / "resources" / "sample" / "lake.jpg"
MANIFEST = FOLDER / "manifest.json"
"""By case: SHA-256 of the exported file and of the restored pixels; of a large one, whose restored
picture is not kept, its likeness to the photo in dB."""


WORDS = "Pferd \u2163 Heftklammer"
"""A passphrase that NFKC changes."""


@dataclass(frozen=True)
class Case:
    """One golden export.

    Attributes:
        name: of its files.
        kind: of container, as `kind_of` in the test tells it.
        crop: top, left, height and width in the sample photo that it was made of.
        look: the operator, at full strength.
        suffix, quality, subsampling: of the file.
        rounded: whether restoring computes in single precision, whose results differ a little
            between machines.
        kept: whether the restored picture is kept, too.
        listed: whether metadata and the edit list go along, the list in the pixels, too.
        passphrase: of a locked export.
    """

    name: str
    kind: str
    crop: tuple[int, int, int, int]
    look: str
    suffix: str = ".png"
    quality: int = 95
    subsampling: Literal["444", "420"] = "444"
    rounded: bool = False
    kept: bool = True
    listed: bool = False
    passphrase: str | None = None

    @property
    def photo(self) -> NDArray[np.uint8]:
        """What it was made of."""
        sample = np.asarray(Image.open(SAMPLE).convert("RGB"))
        top, left, height, width = self.crop
        return np.ascontiguousarray(sample[top : top + height, left : left + width])

    @property
    def files(self) -> tuple[Path, ...]:
        """All of its files."""
        return (self.export, self.restored) if self.kept else (self.export,)

    @property
    def export(self) -> Path:
        """The exported file."""
        return FOLDER / f"{self.name}{self.suffix}"

    @property
    def restored(self) -> Path:
        """The picture that it restores to."""
        return FOLDER / f"{self.name}-restored.png"


CASES = (
    Case("lossless-film", "lossless", (400, 300, 128, 160), "film"),
    Case("lossless-pencil", "lossless", (300, 600, 200, 210), "colour-pencil"),
    Case("jpeg-95-444", "jpeg", (400, 300, 208, 264), "film", ".jpg", rounded=True),
    Case("jpeg-90-420", "jpeg", (200, 600, 203, 251), "colour-pencil", ".jpg", 90, "420", True),
    Case("lossless-listed", "lossless", (420, 310, 96, 128), "film", listed=True),
    Case("jpeg-listed", "jpeg", (200, 600, 208, 264), "film", ".jpg", 90, "420", True, listed=True),
    Case("lossless-locked", "lossless", (420, 310, 96, 128), "film", listed=True, passphrase=WORDS),
    Case(
        "jpeg-locked",
        "jpeg",
        (200, 600, 208, 264),
        "film",
        ".jpg",
        90,
        "420",
        rounded=True,
        listed=True,
        passphrase=WORDS,
    ),
)


def manifest() -> dict[str, dict[str, str | float]]:
    """What is in the manifest."""
    if not MANIFEST.exists():
        return {}
    found: dict[str, dict[str, str | float]] = json.loads(MANIFEST.read_text(encoding="utf-8"))
    return found


def file_digest(path: Path) -> str:
    """SHA-256 of a file."""
    return hashlib.sha256(path.read_bytes()).hexdigest()


def digest(pixels: NDArray[np.uint8]) -> str:
    """SHA-256 of a picture's samples, row by row."""
    return hashlib.sha256(np.ascontiguousarray(pixels).tobytes()).hexdigest()
