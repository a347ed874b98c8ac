"""The photo into its look, and back: which weights, which channel, recognised how.

The one place where the editor meets the networks.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import torch
from numpy.typing import NDArray

from editor.engine.progress import Progress, ignore_progress, part
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


NOT_RECOGNISED = (
    "its pixels carry no original: it is not a Pentimento export, or it was resized, "
    "cropped or re-compressed since"
)


class NotAnExport(Exception):
    """The picture is not a Pentimento export, or no longer; says why in one sentence."""


class TooSmall(ValueError):
    """The picture has no room for its original."""


@dataclass(frozen=True)
class Found:
    """An export, recognised.

    Attributes:
        weights: name of the weights, or of the layout, it was made with.
        channel: `LOSSLESS` or `JPEG`.
        key: how a lossless container was made, as its stamp says; None for JPEG.
        sure: 0..1, share of chance excluded; 1 means beyond doubt.
        agreement: share of the stamp's bits that are intact.
        lost: why the original cannot be read any more, without a full stop; empty where it can.
    """

    weights: str
    channel: str
    key: lossless_container.Key | None
    sure: float
    agreement: float
    lost: str = ""

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
    """The entry that new exports use. Raises WeightsError where there is none."""
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
        WeightsError, ValueError: see `zoo` and `pick_device`.
    """
    height, width = look.shape[:2]
    if min(height, width) < SMALLEST_SIDE or not can_carry_stamp(height, width):
        raise TooSmall(
            f"A picture of {width} x {height} pixels is too small to carry its original; "
            f"it needs at least {SMALLEST_SIDE} pixels on each side."
        )
    if jpeg is not None:
        try:
            report = part(progress, 0, 1, "Hiding the original")
            return jpeg_container.hide(JPEG_LAYOUT, photo, look, *jpeg, report)
        except jpeg_container.NoRoom as error:
            raise TooSmall(str(error)) from None
    entry = newest_weights(LOSSLESS)
    network = pretrained.load_network(entry.name, pick_device(device))
    report = part(progress, 0, 1, "Hiding the original")
    return lossless_container.hide(network, entry.number, photo, look, report)


def find(pixels: NDArray[np.uint8]) -> Found | None:
    """What export a picture is, from its pixels alone; None where it is none."""
    names = {e.number: e.name for e in zoo.entries().values() if e.channel == LOSSLESS}
    found = lossless_container.find(pixels, names)
    if found is not None:
        key, stamp = found
        return Found(names[key.weights], LOSSLESS, key, 1 - stamp.chance, stamp.agreement)
    layout = jpeg_container.find(pixels, (JPEG_LAYOUT,))
    if layout is None:
        return None
    lost = "" if jpeg_container.readable(pixels) else jpeg_container.TOO_STRONGLY
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
        raise NotAnExport(NOT_RECOGNISED)
    if found is not None and found.channel == JPEG:
        refinement = pretrained.load_refinement(
            newest_weights(REFINEMENT).name, pick_device(device)
        )
        report = part(progress, 0, 1, "Revealing the original")
        try:
            return jpeg_container.reveal(refinement, pixels, report)
        except jpeg_container.Unreadable as error:
            raise NotAnExport(str(error)) from None
    if found is None or found.key is None:
        entry = newest_weights(LOSSLESS)
        name, key = entry.name, lossless_container.Key(entry.number, lossless_container.LATTICES[0])
    else:
        name, key = found.weights, found.key
    network = pretrained.load_network(name, pick_device(device))
    report = part(progress, 0, 1, "Revealing the original")
    try:
        return lossless_container.reveal(network, key, pixels, report)
    except lossless_container.Damaged as error:
        raise NotAnExport(str(error)) from None


def device_in_use(device: str = "auto") -> torch.device:
    """Where the networks would run; for the About box and `inspect`."""
    return pick_device(device)
