"""The photo into its look, and back: where the editor meets the containers."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from editor.engine.progress import Progress, ignore_progress, part
from models import zoo
from models.containers import registry
from models.containers.container import Detection, JpegSettings, NoRoom, Unreadable
from models.containers.watermark import can_carry_watermark

if TYPE_CHECKING:
    import torch

SMALLEST_SIDE = 16
"""Pictures with a shorter side carry nothing."""

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
    """An export, recognised."""

    detection: Detection

    @property
    def weights(self) -> str:
        """Name of the weights, or of the layout, it was made with."""
        return self.detection.version

    @property
    def sure(self) -> float:
        """0..1, share of chance excluded; 1 means beyond doubt."""
        return 1 - self.detection.chance

    @property
    def agreement(self) -> float:
        """Share of the watermark's bits that are intact."""
        return self.detection.agreement

    @property
    def tells_changes(self) -> bool:
        """Whether `changed` is known at all."""
        return self.detection.tells_changes

    @property
    def lost(self) -> str:
        """Why the original cannot be read any more, without a full stop; empty where it can."""
        return self.detection.lost

    @property
    def changed(self) -> float:
        """Share of the pixels that were changed since the export was made, estimated, 0..1.

        In pixels that know nothing of the watermark, half of its bits agree by chance. JPEG changes
        every pixel and is made to: there it says nothing, and is 0.
        """
        return min(1.0, 2 * (1 - self.agreement)) if self.tells_changes else 0.0


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
    if min(height, width) < SMALLEST_SIDE or not can_carry_watermark(height, width):
        raise TooSmall(
            f"A picture of {width} x {height} pixels is too small to carry its original; "
            f"it needs at least {SMALLEST_SIDE} pixels on each side."
        )
    report = part(progress, 0, 1, "Hiding the original")
    try:
        container = registry.for_export(jpeg)
        return container.embed(photo, look, jpeg, device, report)
    except NoRoom as error:
        raise TooSmall(str(error)) from None


def find(pixels: NDArray[np.uint8]) -> Found | None:
    """What export a picture is, from its pixels alone; None where it is none."""
    detection = registry.detect(pixels)
    return None if detection is None else Found(detection)


def extract(
    pixels: NDArray[np.uint8],
    found: Found | None = None,
    *,
    force: bool = False,
    device: str = "auto",
    progress: Progress = ignore_progress,
) -> NDArray[np.uint8]:
    """The original carried by an export's pixels; H x W x 3 uint8 in and out.

    Args:
        found: what `find` said of these pixels, where it was asked already.
        force: reveal even where the picture is not recognised, as a container of today.

    Raises:
        NotAnExport: where the pixels carry no original and `force` is not given, or too little of
            it is left.
    """
    found = found or find(pixels)
    if found is None and not force:
        raise NotAnExport(NOT_RECOGNISED)
    detection = registry.assumed() if found is None else found.detection
    report = part(progress, 0, 1, "Revealing the original")
    container = registry.CONTAINERS[detection.container]
    try:
        return container.extract(pixels, detection, device, report)
    except Unreadable as error:
        raise NotAnExport(str(error)) from None


def newest_weights() -> str:
    """Name of the weights that lossless exports are made with. Raises WeightsError without any."""
    return zoo.newest(zoo.LOSSLESS).name


def newest_refinement() -> str:
    """Name of the weights that mend restored JPEG exports. Raises WeightsError without any."""
    return zoo.newest(zoo.REFINEMENT).name


def device_in_use(device: str = "auto") -> torch.device:
    """Where the networks would run. Raises ValueError for a device that is not there."""
    from models.networks.device import pick_device

    return pick_device(device)
