"""What every kind of container offers.

A container is a picture that looks like an edited photo and carries the photo itself. Each version
of each kind is one file beside this one and one line in `registry`; nothing else knows which there
are. Its version is a number in a watermark, and a `Place` is where that is read.
"""

from __future__ import annotations

import enum
from abc import ABC, abstractmethod
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from typing import Literal

import numpy as np
from numpy.typing import NDArray

from models.containers.watermark import Recognition
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


@dataclass(frozen=True)
class Medium:
    """A file that a container goes into.

    Attributes:
        kind: the file format's name, such as "png" or "jpeg".
        lossless: whether every sample comes back from it.
        quality: of a format with losses, 1..100, the scale of libjpeg.
        subsampling: of the chroma in such a format.
    """

    kind: str
    lossless: bool
    quality: int = 100
    subsampling: Subsampling = "444"

    @staticmethod
    def jpeg(settings: JpegSettings) -> Medium:
        """A JPEG file that is written like that."""
        return Medium("jpeg", False, settings.quality, settings.subsampling)


PNG = Medium("png", lossless=True)
"""A file that keeps every sample."""


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
        version: id of the `Container` that knows it; a number, where none does.
        agreement: share of the watermark's bits that are intact, 0.5..1.
        chance: probability that an ordinary picture agrees as well.
        tells_changes: whether `agreement` tells how much was changed since. It does not where the
            file format itself changes every pixel.
        survives: what its original outlives, as far as that is known.
        damaged: share of the picture, 0..1, whose part of the original is proven to be damaged and
            can only be predicted.
        lost: why the original cannot be read; None where it can.
        reading: what the container's `extract` wants to know and `detect` has read already.
    """

    container: str
    version: str
    agreement: float
    chance: float
    tells_changes: bool = True
    survives: frozenset[Change] = frozenset()
    damaged: float = 0.0
    lost: Problem | None = None
    reading: object = field(default=None, repr=False, compare=False)


def unknown_version(container: str, version: str) -> Problem:
    """Why a container of a version that this program does not know cannot be read."""
    return Problem("other-version", container=container, version=version)


@dataclass(frozen=True, eq=False)
class Mark:
    """A watermark that was read.

    Attributes:
        recognition: what it says.
        reading: what else was read on the way, for the container's `detect`.
    """

    recognition: Recognition
    reading: object = None


class Place(ABC):
    """Where a kind of container has its watermark: the same in all of its versions."""

    kind: str
    """The kind's name in reports."""

    tells_changes: bool
    """See `Detection`."""

    @abstractmethod
    def read(self, pixels: NDArray[np.uint8], numbers: Iterable[int]) -> Mark | None:
        """The watermark of a picture (H x W x 3 uint8), with one of those numbers or with another
        that no container has; None where there is none."""

    def version_of(self, number: int) -> str:
        """What a version that no container has is called."""
        return str(number)

    def unknown(self, mark: Mark) -> Detection:
        """What is said of a container of such a version."""
        found, version = mark.recognition, self.version_of(mark.recognition.number)
        return Detection(
            container=self.kind,
            version=version,
            agreement=found.agreement,
            chance=found.chance,
            tells_changes=self.tells_changes,
            lost=unknown_version(self.kind, version),
        )


class Container(ABC):
    """One version of a kind of container."""

    id: str
    """Its name in reports: kind and version."""

    place: Place
    """Where its watermark is."""

    numbers: tuple[int, ...]
    """What its watermark may say; no other container with this place has any of them."""

    survives: frozenset[Change]
    """What its original outlives."""

    @abstractmethod
    def fits(self, medium: Medium) -> bool:
        """Whether it is for files like that."""

    def weights(self) -> tuple[str, ...]:
        """Names of the networks' weights that restoring needs. Raises `WeightsError`."""
        return ()

    def assumed(self) -> Detection | None:
        """What would be said of such a container in which no watermark is left; None where nothing
        can be read without."""
        return None

    @abstractmethod
    def embed(
        self,
        photo: NDArray[np.uint8],
        look: NDArray[np.uint8],
        medium: Medium,
        device: str,
        progress: Progress | None = None,
    ) -> NDArray[np.uint8]:
        """A picture like `look` that carries `photo`; all H x W x 3 RGB uint8 of equal shape.

        Args:
            medium: the file that it goes into, one that it fits.
            device: where networks run, see `models.networks.device.pick_device`.

        Raises:
            NoRoom: where it cannot.
        """

    @abstractmethod
    def detect(self, pixels: NDArray[np.uint8], mark: Mark) -> Detection:
        """What is known of a picture (H x W x 3 uint8) with a watermark of this container's."""

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

    def found(self, mark: Mark, lost: Problem | None = None, reading: object = None) -> Detection:
        """A detection of this container; see there."""
        return Detection(
            container=self.place.kind,
            version=self.id,
            agreement=mark.recognition.agreement,
            chance=mark.recognition.chance,
            tells_changes=self.place.tells_changes,
            survives=self.survives,
            lost=lost,
            reading=reading,
        )
