"""The photo into its look, and back: which weights, which channel, recognised how.

The one place where the editor meets the networks.
"""

from __future__ import annotations

import contextlib
from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
import torch
from numpy.typing import NDArray

from editor.engine.model_messages import model_message
from editor.engine.progress import Progress, ignore_progress, part
from editor.messages import Message, MessageError, message
from models import zoo
from models.containers import jpeg as jpeg_container
from models.containers import lossless as lossless_container
from models.containers.watermark import can_carry_stamp
from models.networks import pretrained
from models.networks.device import pick_device

SMALLEST_SIDE = 16
"""Pictures with a shorter side carry nothing."""

LOSSLESS = "lossless"
"""The export channel of PNG, WebP and TIFF."""

JPEG = "jpeg"
"""The export channel of JPEG."""

REFINEMENT = zoo.REFINEMENT
"""The channel of the weights that mend restored JPEG exports."""

JPEG_LAYOUT = 2
"""The stamp of JPEG containers: the version of what they carry and how."""

JpegSettings = tuple[int, jpeg_container.Subsampling]
"""Quality and chroma subsampling of a JPEG file."""


class NotAnExport(MessageError):
    """The picture is not a Pentimento export, or no longer; says why, without a full stop."""


class TooSmall(MessageError, ValueError):
    """The picture has no room for its original."""


class WeightsUnusable(MessageError, zoo.WeightsError):
    """The weights of a network are missing or damaged."""


class NoSuchDevice(MessageError, ValueError):
    """This computer has no device of that name to run networks on."""


@dataclass(frozen=True)
class Found:
    """An export, recognised.

    Attributes:
        weights: name of the weights, or of the layout, it was made with.
        channel: `LOSSLESS` or `JPEG`.
        key: how a lossless container was made, as its stamp says; None for JPEG.
        sure: 0..1, share of chance excluded; 1 means beyond doubt.
        agreement: share of the stamp's bits that are intact.
        lost: why the original cannot be read any more, without a full stop; None where it can.
    """

    weights: str
    channel: str
    key: lossless_container.Key | None
    sure: float
    agreement: float
    lost: Message | None = None

    @property
    def changed(self) -> float:
        """Share of the pixels that were changed since the export was made, estimated, 0..1.

        In pixels that know nothing of the stamp, half of its bits agree by chance. JPEG changes
        every pixel and is made to: there it says nothing, and is 0.
        """
        if self.channel == JPEG:
            return 0.0
        return min(1.0, 2 * (1 - self.agreement))


def newest_weights(channel: str) -> zoo.WeightsEntry:
    """The entry that new exports use. Raises WeightsUnusable where there is none."""
    with _weights_in_use():
        return zoo.newest(channel)


def embed(
    photo: NDArray[np.uint8],
    look: NDArray[np.uint8],
    *,
    jpeg: JpegSettings | None = None,
    device: str = "auto",
    progress: Progress = ignore_progress,
) -> NDArray[np.uint8]:
    """The container: a picture like `look` that carries `photo`.

    Args:
        photo, look: H x W x 3 RGB uint8 of equal shape.
        jpeg: the settings of the JPEG file that the container goes into; None: a lossless file.

    Raises:
        TooSmall: where the picture cannot carry anything.
        WeightsUnusable, NoSuchDevice: where the networks cannot be run.
    """
    height, width = look.shape[:2]
    if min(height, width) < SMALLEST_SIDE or not can_carry_stamp(height, width):
        raise TooSmall(message("too-small", width=width, height=height, least=SMALLEST_SIDE))
    if jpeg is not None:
        try:
            report = part(progress, 0, 1, message("hiding"))
            return jpeg_container.hide(JPEG_LAYOUT, photo, look, *jpeg, report)
        except jpeg_container.NoRoom as error:
            raise TooSmall(model_message(error, "no-room")) from None
    entry = newest_weights(LOSSLESS)
    where = device_in_use(device)
    with _weights_in_use():
        network = pretrained.load_network(entry.name, where)
    report = part(progress, 0, 1, message("hiding"))
    return lossless_container.hide(network, entry.number, photo, look, report)


def find(pixels: NDArray[np.uint8]) -> Found | None:
    """What export a picture is, from its pixels alone; None where it is none."""
    with _weights_in_use():
        names = {e.number: e.name for e in zoo.entries().values() if e.channel == LOSSLESS}
    found = lossless_container.find(pixels, names)
    if found is not None:
        key, stamp = found
        return Found(names[key.weights], LOSSLESS, key, 1 - stamp.chance, stamp.agreement)
    layout = jpeg_container.find(pixels, (JPEG_LAYOUT,))
    if layout is None:
        return None
    lost = None
    if not jpeg_container.readable(pixels):
        lost = model_message(jpeg_container.TOO_STRONGLY, "unreadable")
    return Found(f"jpeg-{layout.number}", JPEG, None, 1 - layout.chance, layout.agreement, lost)


def extract(
    pixels: NDArray[np.uint8],
    *,
    force: bool = False,
    device: str = "auto",
    progress: Progress = ignore_progress,
) -> NDArray[np.uint8]:
    """The original carried by an export's pixels; H x W x 3 uint8 in and out.

    Args:
        force: reveal even where the picture is not recognised, with the newest weights.

    Raises:
        NotAnExport: where the pixels carry no original and `force` is not given, or too little is
            left of what a JPEG carried.
    """
    found = find(pixels)
    if found is None and not force:
        raise NotAnExport(message("no-export"))
    if found is not None and found.channel == JPEG:
        where, entry = device_in_use(device), newest_weights(REFINEMENT)
        with _weights_in_use():
            refinement = pretrained.load_refinement(entry.name, where)
        report = part(progress, 0, 1, message("revealing"))
        try:
            return jpeg_container.reveal(refinement, pixels, report)
        except jpeg_container.Unreadable as error:
            raise NotAnExport(model_message(error, "unreadable")) from None
    if found is None or found.key is None:
        entry = newest_weights(LOSSLESS)
        name, key = entry.name, lossless_container.Key(entry.number, lossless_container.LATTICES[0])
    else:
        name, key = found.weights, found.key
    where = device_in_use(device)
    with _weights_in_use():
        network = pretrained.load_network(name, where)
    report = part(progress, 0, 1, message("revealing"))
    try:
        return lossless_container.reveal(network, key, pixels, report)
    except lossless_container.Damaged as error:
        raise NotAnExport(model_message(error, "unreadable")) from None


def device_in_use(device: str = "auto") -> torch.device:
    """Where the networks would run; for the About box and `inspect`. Raises NoSuchDevice."""
    try:
        return pick_device(device)
    except ValueError as error:
        raise NoSuchDevice(model_message(error, "no-device")) from None


@contextlib.contextmanager
def _weights_in_use() -> Iterator[None]:
    try:
        yield
    except zoo.WeightsError as error:
        raise WeightsUnusable(model_message(error, "weights-unusable")) from error
