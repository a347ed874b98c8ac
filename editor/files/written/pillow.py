"""Writing with Pillow."""

from __future__ import annotations

import io
from typing import Any

import numpy as np
from PIL import Image

from editor.files import exif
from editor.files.file_format import FileContents


def image_of(contents: FileContents) -> Image.Image:
    """The picture, with its transparency where it has any."""
    image = Image.fromarray(np.ascontiguousarray(contents.pixels))
    if contents.alpha is not None:
        image.putalpha(Image.fromarray(np.ascontiguousarray(contents.alpha)))
    return image


def usual_settings(contents: FileContents) -> dict[str, Any]:
    """EXIF block and ICC profile, which Pillow takes alike for all formats."""
    settings: dict[str, Any] = {}
    if contents.icc:
        settings["icc_profile"] = contents.icc
    if contents.exif:
        settings["exif"] = exif.PREFIX + contents.exif
    return settings


def saved(image: Image.Image, kind: str, settings: dict[str, Any]) -> bytes:
    """The bytes of a file."""
    target = io.BytesIO()
    image.save(target, kind, **settings)
    return target.getvalue()
