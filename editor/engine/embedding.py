"""The photo into its look, and back: where the editor meets the containers."""

from __future__ import annotations

import contextlib
from collections.abc import Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from editor.engine.model_messages import problem_message
from editor.engine.progress import Progress, ignore_progress, part
from editor.files import formats
from editor.files.encoding import ExportFormat
from editor.files.picture import Picture
from editor.messages import Message, MessageError, message, one_of
from models import problems
from models.containers import coefficients, registry
from models.containers.container import (
    NOTHING_BESIDES,
    PNG,
    Besides,
    Change,
    Detection,
    Embedding,
    Medium,
    Received,
    Restored,
)
from models.containers.lock import IS_LOCKED, Lock
from models.containers.watermark import can_carry_watermark
from models.networks.device_names import ALWAYS_THERE

if TYPE_CHECKING:
    import torch

SMALLEST_SIDE = 16
"""Pictures with a shorter side carry nothing."""

ENOUGH = 32
"""Pictures whose sides are at least that long carry something."""


class NotAnExport(MessageError):
    """The picture is not a Pentimento export, or no longer; says why, without a full stop."""


class CannotCarry(MessageError, ValueError):
    """The export cannot carry its original."""


class TooSmall(CannotCarry):
    """The picture has no room for its original."""


class FormatCarriesNothing(CannotCarry):
    """There is no container for files of that format."""


class Locked(NotAnExport):
    """The original takes a passphrase, and none or a wrong one was given."""


class WeightsUnusable(MessageError):
    """The weights of a network are missing or damaged."""


class NoSuchDevice(MessageError):
    """This computer has no device of that name to run networks on."""


@dataclass(frozen=True, eq=False)
class Found:
    """An export, recognised.

    Attributes:
        detection: what the containers say.
        received: the picture.
    """

    detection: Detection
    received: Received

    @property
    def weights(self) -> str:
        """Name of the version of the container."""
        return self.detection.version

    @property
    def sure(self) -> float:
        """0..1, share of chance excluded; 1 means beyond doubt."""
        return 1 - self.detection.chance

    @property
    def attached(self) -> bytes:
        """What the pixels say besides the photo; empty: nothing that is intact."""
        return self.detection.attached

    @property
    def doubtful(self) -> bool:
        """Whether what is in it came out of an export itself, and was not proven there."""
        return self.detection.doubtful

    @property
    def locked(self) -> bool:
        """Whether it takes a passphrase that was not given yet."""
        return self.detection.lost == IS_LOCKED

    @property
    def is_copy(self) -> bool:
        """Whether the picture is only a copy of the export: see `copies.what_happened`."""
        return self.detection.shown is not None

    @property
    def lost(self) -> Message | None:
        """Why the original cannot be read any more, without a full stop; None where it can."""
        lost = self.detection.lost
        return None if lost is None else problem_message(lost)


def medium_of(fmt: ExportFormat) -> Medium:
    """What an export is written into, as containers see it."""
    return Medium(fmt.kind, fmt.lossless, fmt.quality, fmt.subsampling, fmt.outliving)


def survives(fmt: ExportFormat) -> frozenset[Change] | None:
    """What the original in such an export outlives; None where it carries none."""
    container = registry.for_export(medium_of(fmt))
    return None if container is None else container.survives


def embed(
    photo: NDArray[np.uint8],
    look: NDArray[np.uint8],
    *,
    medium: Medium = PNG,
    device: str = "auto",
    progress: Progress = ignore_progress,
    besides: Besides = NOTHING_BESIDES,
) -> Embedding:
    """The container: a picture like `look` that carries `photo`.

    Args:
        photo, look: H x W x 3 RGB uint8 of equal shape.
        medium: the file that the container goes into.
        besides: what goes along, see `Found.attached` and `Found.doubtful`.

    Raises:
        FormatCarriesNothing: where no container fits the file.
        TooSmall: where the picture cannot carry anything.
        WeightsUnusable, NoSuchDevice: where the networks cannot be run.
    """
    container = registry.for_export(medium)
    if container is None:
        raise FormatCarriesNothing(_carries_nothing(medium))
    height, width = look.shape[:2]
    small = min(height, width) < SMALLEST_SIDE or not can_carry_watermark(height, width)
    if small and medium.lossless:
        raise TooSmall(message("too-small", width=width, height=height, least=ENOUGH))
    check_device(device)
    report = part(progress, 0, 1, message("hiding"))
    try:
        with _weights_in_use():
            return container.embed(photo, look, medium, device, report, besides)
    except problems.NoRoom as error:
        raise TooSmall(problem_message(error.problem)) from None


def _carries_nothing(medium: Medium) -> Message:
    known = formats.WRITTEN.get(medium.kind)
    others = [fmt.name for kind, fmt in formats.WRITTEN.items() if survives(ExportFormat(kind))]
    name = medium.kind if known is None else known.name
    return message("format-carries-nothing", format=name, others=one_of(others))


def received(picture: Picture) -> Received:
    """An open picture as containers are read from it."""
    if picture.jpeg is None:
        return Received(picture.pixels)
    try:
        read = coefficients.read(picture.jpeg.data)
    except coefficients.NotCoefficients:
        return Received(picture.pixels)
    return Received(picture.pixels, read, picture.jpeg.orientation)


def find(picture: Received) -> Found | None:
    """What export a picture is, whatever its metadata say; None where it is none."""
    with _weights_in_use():
        detection = registry.detect(picture)
    return None if detection is None else Found(detection, picture)


def unlock(found: Found, passphrase: str | None) -> Found:
    """The same export, opened with its passphrase where it is locked.

    Raises Locked where the passphrase is wrong. Without one it stays locked.
    """
    if not found.locked or passphrase is None:
        return found
    try:
        detection = registry.unlocked(found.received, found.detection, passphrase)
    except problems.WrongPassphrase as error:
        raise Locked(problem_message(error.problem)) from None
    return Found(detection, found.received)


def lock_of(passphrase: str | None) -> Lock | None:
    """The lock of a new export. Raises ValueError for an empty passphrase."""
    return None if passphrase is None else Lock.new(passphrase)


def extract(
    picture: Received,
    found: Found | None = None,
    *,
    force: bool = False,
    device: str = "auto",
    progress: Progress = ignore_progress,
) -> Restored:
    """The original carried by an export.

    Args:
        found: what `find` said of this picture, where it was asked already.
        force: reveal even where the picture is not recognised, as a container of today.

    Raises:
        NotAnExport: where the picture carries no original and `force` is not given, or too little
            of it is left.
        Locked: where it takes a passphrase.
        WeightsUnusable, NoSuchDevice: where the networks cannot be run.
    """
    found = found or find(picture)
    if found is not None and found.locked:
        raise Locked(problem_message(IS_LOCKED))
    if found is None and not force:
        raise NotAnExport(message("no-export"))
    check_device(device)
    report = part(progress, 0, 1, message("revealing"))
    try:
        with _weights_in_use():
            detection = registry.assumed() if found is None else found.detection
            return registry.extract(picture, detection, device, report)
    except problems.Unreadable as error:
        raise NotAnExport(problem_message(error.problem)) from None


def versions() -> dict[str, tuple[str, ...]]:
    """The containers that exports use, each with the weights that restoring needs.

    Raises WeightsUnusable where there are none.
    """
    written = (registry.for_export(medium_of(ExportFormat(kind))) for kind in formats.WRITTEN)
    with _weights_in_use():
        return {container.id: container.weights() for container in written if container is not None}


def device_in_use(device: str = "auto") -> torch.device:
    """Where the networks would run. Raises NoSuchDevice."""
    from models.networks.device import pick_device

    try:
        return pick_device(device)
    except problems.NoSuchDevice as error:
        raise NoSuchDevice(problem_message(error.problem)) from None


def check_device(device: str) -> None:
    """Raises NoSuchDevice; loads no PyTorch for what is always there."""
    if device not in ALWAYS_THERE:
        device_in_use(device)


@contextlib.contextmanager
def _weights_in_use() -> Iterator[None]:
    try:
        yield
    except problems.WeightsError as error:
        raise WeightsUnusable(problem_message(error.problem)) from error
