"""Whether an export outlives one more compression: tried on its own pixels, in memory."""

from __future__ import annotations

import io

import numpy as np
from numpy.typing import NDArray
from PIL import Image

from editor.engine import embedding
from editor.files.decoding import decode_picture
from editor.messages import Message, message

QUALITIES = (80, 75)
"""At which it is tried, libjpeg's scale, chroma at half size: what apps and programs use."""

LONG_EDGE = 768
"""Smaller exports never outlive it, and nothing is said of them."""


def note_on(pixels: NDArray[np.uint8]) -> Message | None:
    """What to say of an export, H x W x 3 as a viewer shows it; None where it is small."""
    if max(pixels.shape) < LONG_EDGE:
        return None
    least = None
    for quality in QUALITIES:
        if not _comes_back(pixels, quality):
            break
        least = quality
    if least is None:
        return message("compressed-again-lost", quality=QUALITIES[0])
    return message("compressed-again-restored", quality=least)


def _comes_back(pixels: NDArray[np.uint8], quality: int) -> bool:
    file = io.BytesIO()
    Image.fromarray(pixels).save(file, "JPEG", quality=quality)
    found = embedding.find(embedding.received(decode_picture(file.getvalue())))
    return found is not None and found.lost is None
