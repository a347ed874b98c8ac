"""A picture of where an export was changed, and how far its original can be trusted where."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from editor.engine.embedding import NotAnExport
from editor.engine.progress import Progress, ignore_progress
from editor.engine.restore import Inspection, restore_picture
from models.containers.container import SQUARE, Trust

COLOURS = {
    Trust.UNPROVEN: (240, 200, 40),
    Trust.COARSE: (60, 130, 255),
    Trust.CHANGED: (235, 60, 50),
}
"""R, G, B of what is not proven."""

_LUMA = (0.299, 0.587, 0.114)


def trust_of(
    inspection: Inspection, device: str = "auto", progress: Progress = ignore_progress
) -> NDArray[np.uint8]:
    """A `Trust` for each square of 16 pixels; restores the picture where it takes that to know.

    Raises:
        NotAnExport: where there is no original.
        PictureError: where it turns out to be lost.
    """
    if inspection.why_not is not None:
        raise NotAnExport(inspection.why_not)
    known = inspection.integrity.trust
    if known is not None:
        return known
    picture = inspection.picture
    restored = restore_picture(picture, inspection=inspection, device=device, progress=progress)
    return restored.trust


def drawn(pixels: NDArray[np.uint8], trust: NDArray[np.uint8]) -> NDArray[np.uint8]:
    """The picture in grey, in colour where something is not proven.

    Args:
        pixels: H x W x 3 uint8.
        trust: of its squares.
    """
    height, width = pixels.shape[:2]
    grey = (pixels @ np.array(_LUMA, np.float32)).astype(np.uint8)
    result = np.repeat(grey[..., None], 3, axis=2)
    each = trust.repeat(SQUARE, 0).repeat(SQUARE, 1)[:height, :width]
    for kind, colour in COLOURS.items():
        where = each == kind
        result[where] = (result[where] // 3 + np.array(colour) * 2 / 3).astype(np.uint8)
    return result
