"""What every kind of container offers.

A container is a picture that looks like an edited photo and carries the photo itself. Each version
of each kind is one file beside this one and one line in `registry`; nothing else knows which there
are. Its version is a number in a watermark, and a `Place` is where that is read.
"""

from __future__ import annotations

import enum
import functools
from abc import ABC, abstractmethod
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

from models.containers import coefficients
from models.containers.coefficients import Coefficients, Subsampling
from models.containers.lock import Lock
from models.containers.watermark import Recognition
from models.problems import Problem

Progress = Callable[[float], None]
"""Takes the share that is done, 0..1; may raise, and then the work stops."""


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
        outliving: whether the layer is to be written, too, that outlives other sizes and
            compression, at some cost in likeness to the look.
    """

    kind: str
    lossless: bool
    quality: int = 100
    subsampling: Subsampling = "444"
    outliving: bool = True

    @staticmethod
    def jpeg(settings: JpegSettings) -> Medium:
        """A JPEG file that is written like that."""
        return Medium("jpeg", False, settings.quality, settings.subsampling)


PNG = Medium("png", lossless=True)
"""A file that keeps every sample."""


SQUARE = 16
"""Side in pixels of the squares that `Trust` is told of."""


@dataclass(frozen=True, eq=False)
class Received:
    """A picture that was opened, as containers are read from it.

    Attributes:
        pixels: H x W x 3 uint8, upright.
        coefficients: the quantised ones of the JPEG file that it was in; None where it was in
            another file, or where only its pixels are known.
        orientation: 1..8, EXIF's, that the coefficients have and the pixels have no more.
    """

    pixels: NDArray[np.uint8]
    coefficients: Coefficients | None = None
    orientation: int = 1


@dataclass(frozen=True, eq=False)
class Embedding:
    """What is written into a file: pixels, or the coefficients of a JPEG.

    Attributes:
        content: H x W x 3 uint8 for files that keep every sample, or that are encoded elsewhere.
    """

    content: NDArray[np.uint8] | Coefficients

    @property
    def coefficients(self) -> Coefficients | None:
        """Those of a JPEG file; None where pixels are written."""
        return self.content if isinstance(self.content, Coefficients) else None

    @functools.cached_property
    def pixels(self) -> NDArray[np.uint8]:
        """What a viewer shows, H x W x 3; of coefficients within a level or two."""
        if isinstance(self.content, Coefficients):
            return coefficients.shown(self.content)
        return self.content


@dataclass(frozen=True)
class Besides:
    """What goes along with a photo.

    Attributes:
        attached: a few bytes; left out where they are too many for the picture.
        doubtful: whether the photo came out of an export itself, and nothing proves it.
        lock: seals all that speaks of the photo; None: anybody can have it back.
    """

    attached: bytes = b""
    doubtful: bool = False
    lock: Lock | None = None


NOTHING_BESIDES = Besides()


class Trust(enum.IntEnum):
    """How far a part of a restored photo can be trusted: the lower, the more."""

    PROVEN = 0
    """All that it was restored from is proven to be as it was exported."""
    UNPROVEN = 1
    """Restored from all that belongs to it, but nothing proves that the picture under it was not
    changed."""
    COARSE = 2
    """What was written of it is lost: it is only predicted from the picture."""
    CHANGED = 3
    """The picture was changed here since; it is left as it was received."""


@dataclass(frozen=True, eq=False)
class Restored:
    """A photo out of a container.

    Attributes:
        pixels: H x W x 3 uint8.
        trust: ceil(H / 16) x ceil(W / 16) uint8, a `Trust` for each square of 16 pixels.
    """

    pixels: NDArray[np.uint8]
    trust: NDArray[np.uint8]

    @staticmethod
    def alike(pixels: NDArray[np.uint8], trust: Trust) -> Restored:
        """A photo that can be trusted everywhere alike."""
        return Restored(pixels, np.full(squares_of(*pixels.shape[:2]), trust, np.uint8))

    def share(self, trust: Trust) -> float:
        """Of the squares, 0..1, those that can be trusted just so."""
        return float((self.trust == trust).mean())


def squares_of(height: int, width: int) -> tuple[int, int]:
    """Rows and columns of squares of a picture of that many pixels; the last may be cut off."""
    return -(-height // SQUARE), -(-width // SQUARE)


Layer = Callable[[NDArray[np.uint8], NDArray[np.uint8], Medium], NDArray[np.uint8]]
"""Takes photo, look and the file; gives the look with a second layer in it."""


class Change(enum.Enum):
    """What may happen to a file after it was exported."""

    METADATA_REMOVED = "metadata removed"
    SAVED_LOSSLESS = "saved again without loss"
    COMPRESSED_AGAIN = "compressed again as JPEG"


@dataclass(frozen=True)
class Shown:
    """What a picture that is a copy of an export shows of it.

    Attributes:
        exported: height and width of the export, turned as the picture is.
        box: top, left, bottom and right of what it shows, in the export's pixels. Where a border
            was added, it is beyond the export.
    """

    exported: tuple[int, int]
    box: tuple[float, float, float, float]

    @staticmethod
    def all_of(height: int, width: int) -> Shown:
        """All of an export of that size."""
        return Shown((height, width), (0.0, 0.0, float(height), float(width)))

    def turned_back(self, turn: int) -> Shown:
        """The same of the picture that has to be turned so to be as this one, see `turns`."""
        (height, width), (top, left, bottom, right) = self.exported, self.box
        for _ in range(turn & 3):
            top, left, bottom, right = left, height - bottom, right, height - top
            height, width = width, height
        if turn & 4:
            left, right = width - right, width - left
        return Shown((height, width), (top, left, bottom, right))

    @property
    def share(self) -> float:
        """Of the export's area, 0..1."""
        height, width = self.exported
        top, left, bottom, right = self.box
        down = max(0.0, min(bottom, height) - max(top, 0))
        across = max(0.0, min(right, width) - max(left, 0))
        return down * across / (height * width)

    @property
    def border(self) -> float:
        """The area of what is beyond the export, in shares of the picture's area, 0..1."""
        height, width = self.exported
        top, left, bottom, right = self.box
        return max(0.0, 1 - self.share * height * width / ((bottom - top) * (right - left)))


@dataclass(frozen=True)
class Detection:
    """A container, recognised.

    Attributes:
        container: id of its kind.
        version: id of the `Readable` that knows it; a number, where none does.
        agreement: share of the watermark's bits that are intact, 0.5..1.
        chance: probability that an ordinary picture agrees as well.
        survives: what its original outlives, as far as that is known.
        trust: how far each square of the photo will be trusted, see `Restored`; None where that is
            known only when it is restored.
        lost: why the original cannot be read; None where it can.
        turn: how the picture has to be turned to be as it was exported, see `turns`.
        shown: what the picture shows of the export where it is a copy of it, made smaller perhaps,
            cropped and compressed; None where it is the export itself.
        reading: what the container's `extract` wants to know and `detect` has read already.
        attached: the bytes that were written besides the photo, see `Besides`; empty where there
            are none, or none that are intact.
        doubtful: see `Besides`.
        locked: whether it takes a passphrase; `lost` says so until it was given.
    """

    container: str
    version: str
    agreement: float
    chance: float
    survives: frozenset[Change] = frozenset()
    trust: NDArray[np.uint8] | None = field(default=None, repr=False, compare=False)
    lost: Problem | None = None
    turn: int = 0
    shown: Shown | None = None
    reading: object = field(default=None, repr=False, compare=False)
    attached: bytes = field(default=b"", repr=False, compare=False)
    doubtful: bool = False
    locked: bool = False


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

    turns: bool
    """Whether a picture that was turned or mirrored has to be turned back to be read."""

    last: bool = False
    """Whether it is looked for only where no other place has a container that can be read."""

    @abstractmethod
    def read(self, received: Received, numbers: Iterable[int]) -> Mark | None:
        """The watermark of a picture, with one of those numbers or with another that no container
        has; None where there is none."""

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
            lost=unknown_version(self.kind, version),
        )


class Readable(ABC):
    """One version of a kind of container, as it is recognised and read."""

    id: str
    """Its name in reports: kind and version."""

    place: Place
    """Where its watermark is."""

    numbers: tuple[int, ...]
    """What its watermark may say; no other container with this place has any of them."""

    survives: frozenset[Change]
    """What its original outlives."""

    def weights(self) -> tuple[str, ...]:
        """Names of the networks' weights that restoring needs. Raises `WeightsError`."""
        return ()

    def assumed(self) -> Detection | None:
        """What would be said of such a container in which no watermark is left; None where nothing
        can be read without."""
        return None

    @abstractmethod
    def detect(self, received: Received, mark: Mark) -> Detection:
        """What is known of a picture with a watermark of this container's."""

    @abstractmethod
    def extract(
        self,
        received: Received,
        detection: Detection,
        device: str,
        progress: Progress | None = None,
    ) -> Restored:
        """The photo in a container, as large as the picture that was received and as upright.

        Args:
            detection: what `detect` said of this picture.
            device: where networks run.

        Raises:
            Unreadable: where too much was lost.
        """

    def unlocked(self, received: Received, detection: Detection, passphrase: str) -> Detection:
        """What is known of a locked container with its passphrase. Raises WrongPassphrase."""
        return detection

    def found(self, mark: Mark, lost: Problem | None = None, reading: object = None) -> Detection:
        """A detection of this container; see there."""
        return Detection(
            container=self.place.kind,
            version=self.id,
            agreement=mark.recognition.agreement,
            chance=mark.recognition.chance,
            survives=self.survives,
            lost=lost,
            reading=reading,
        )


class Container(Readable):
    """One version of a kind of container that exports can be."""

    @abstractmethod
    def fits(self, medium: Medium) -> bool:
        """Whether it is for files like that."""

    @abstractmethod
    def embed(
        self,
        photo: NDArray[np.uint8],
        look: NDArray[np.uint8],
        medium: Medium,
        device: str,
        progress: Progress | None = None,
        besides: Besides = NOTHING_BESIDES,
    ) -> Embedding:
        """A picture like `look` that carries `photo`; all H x W x 3 RGB uint8 of equal shape.

        Args:
            medium: the file that it goes into, one that it fits.
            device: where networks run, see `models.networks.device.pick_device`.
            besides: what goes along.

        Raises:
            NoRoom: where it cannot.
        """
