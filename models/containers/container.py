"""What every kind of container offers.

A container is a picture that looks like an edited photo and carries the photo itself. Each kind is
one file beside this one and one line in `registry`; nothing else knows which kinds there are.
"""

from __future__ import annotations

import enum
from abc import ABC, abstractmethod
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Literal

import numpy as np
from numpy.typing import NDArray

from models.problems import Problem

Progress = Callable[[float], None]
"""Takes the share that is done, 0..1; may raise, and then the work stops."""

Subsampling = Literal["444", "420"]
"""Chroma of a JPEG: full, or half in both directions."""


@dataclass(frozen=True)
class JpegSettings:
    """How a JPEG file is going to be written.

    Attributes:
        quality: 1..100, the scale of libjpeg.
        subsampling: of the chroma.
    """

    quality: int
    subsampling: Subsampling


class Change(enum.Enum):
    """What may happen to a file after it was exported."""

    METADATA_REMOVED = "metadata removed"
    SAVED_LOSSLESS = "saved again without loss"
    COMPRESSED_AGAIN = "compressed again as JPEG"


@dataclass(frozen=True)
class Detection:
    """A container, recognised.

    Attributes:
        container: id of its kind.
        version: name of the version it was made by: of its weights, or of its layout.
        agreement: share of the watermark's bits that are intact, 0.5..1.
        chance: probability that an ordinary picture agrees as well.
        tells_changes: whether `agreement` tells how much was changed since. It does not where the
            file format itself changes every pixel.
        lost: why the original cannot be read; None where it can.
        reading: what the container's `extract` wants to know and `detect` has read already.
    """

    container: str
    version: str
    agreement: float
    chance: float
    tells_changes: bool = True
    lost: Problem | None = None
    reading: object = field(default=None, repr=False, compare=False)


def unknown_version(container: str, version: str) -> Problem:
    """Why a container of a version that this program does not know cannot be read."""
    return Problem("other-version", container=container, version=version)


class Container(ABC):
    """One kind of container."""

    id: str
    """Its name in reports."""

    survives: frozenset[Change]
    """What its original outlives."""

    @abstractmethod
    def fits(self, jpeg: JpegSettings | None) -> bool:
        """Whether it is for files like that; None: a format that keeps every sample."""

    @abstractmethod
    def embed(
        self,
        photo: NDArray[np.uint8],
        look: NDArray[np.uint8],
        jpeg: JpegSettings | None,
        device: str,
        progress: Progress | None = None,
    ) -> NDArray[np.uint8]:
        """A picture like `look` that carries `photo`; all H x W x 3 RGB uint8 of equal shape.

        Args:
            jpeg: the settings of the file it goes into; None: one that keeps every sample.
            device: where networks run, see `models.networks.device.pick_device`.

        Raises:
            NoRoom: where it cannot.
        """

    @abstractmethod
    def detect(self, pixels: NDArray[np.uint8]) -> Detection | None:
        """What a picture (H x W x 3 uint8) is, if it is a container of this kind; else None."""

    @abstractmethod
    def extract(
        self,
        pixels: NDArray[np.uint8],
        detection: Detection,
        device: str,
        progress: Progress | None = None,
    ) -> NDArray[np.uint8]:
        """The photo in a container; H x W x 3 uint8 in and out.

        Args:
            detection: what `detect` said of these pixels.
            device: where networks run.

        Raises:
            Unreadable: where too much was lost.
        """
