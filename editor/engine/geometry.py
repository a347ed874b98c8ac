"""Crop, straighten, turn, mirror: what of a photo is edited, before any look.

These steps are edits like the others, in the same list, and follow each other in its order; looks
come after all of them, wherever they stand. Masks are painted on the whole photo: they stay where
they are on it, however it is cropped later.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

import cv2
import numpy as np

from editor.engine.edits import Edit, Mask, Stroke
from editor.files.metadata import recut
from editor.files.picture import Picture
from editor.files.turns import Cut
from models.geometry.frame import Frame
from models.geometry.steps import STEPS, frame_of

_MASK_EDGE = 2048  # pixels; a mask that is a picture is moved with a long edge of at most that


def is_geometry(edit: Edit) -> bool:
    """Whether an edit is a step of the geometry, and no look."""
    return edit.operator in STEPS


def steps_of(edits: Sequence[Edit]) -> tuple[Edit, ...]:
    """The steps of the geometry that act, in order."""
    return tuple(e for e in edits if is_geometry(e) and e.acts)


def looks_of(edits: Sequence[Edit]) -> tuple[Edit, ...]:
    """All edits but steps of the geometry, in order."""
    return tuple(e for e in edits if not is_geometry(e))


def frame(edits: Sequence[Edit], size: tuple[int, int]) -> Frame:
    """What the edits leave of a photo of that width and height."""
    return frame_of([(e.operator, e.strength, e.settings) for e in steps_of(edits)], *size)


def framed(picture: Picture, edits: Sequence[Edit]) -> Picture:
    """A picture cropped and turned by the edits, its metadata too; itself where none does."""
    if not steps_of(edits):
        return picture
    shown = frame(edits, picture.size)
    if shown.whole:
        return picture
    notes = list(picture.notes)
    metadata = recut(picture.metadata, _cut(shown), notes)
    alpha = None if picture.alpha is None else shown.picture(picture.alpha)
    cropped = replace(picture, pixels=shown.picture(picture.pixels), alpha=alpha, jpeg=None)
    return replace(cropped, metadata=metadata, notes=tuple(notes), file_digest="")


def on_frame(edits: Sequence[Edit], shown: Frame) -> tuple[Edit, ...]:
    """The looks among edits as they are on what a frame shows: their masks move with the pixels."""
    looks = looks_of(edits)
    if shown.whole:
        return looks
    return tuple(e if e.mask is None else replace(e, mask=moved(e.mask, shown)) for e in looks)


def off_frame(edits: Sequence[Edit], shown: Frame) -> tuple[Edit, ...]:
    """The inverse of `on_frame`: looks on what a frame shows, as they are on the whole photo."""
    if shown.whole:
        return tuple(edits)
    back = _inverse(shown)
    return tuple(e if e.mask is None else replace(e, mask=moved(e.mask, back)) for e in edits)


def moved(mask: Mask, shown: Frame) -> Mask:
    """A mask of a photo as it lies on what a frame shows."""
    strokes = tuple(_moved_stroke(stroke, shown) for stroke in mask.strokes)
    return replace(mask, strokes=strokes, png=_moved_png(mask.png, shown))


def moved_point(x: float, y: float, shown: Frame) -> tuple[float, float]:
    """A place of a photo, in shares of its long edge, on what a frame shows."""
    edge, new_edge = max(shown.photo), max(shown.size)
    new_x, new_y = shown.from_photo(x * edge, y * edge)
    return new_x / new_edge, new_y / new_edge


def growth(shown: Frame) -> float:
    """What a share of the photo's long edge is multiplied by to be one of the frame's."""
    return max(shown.photo) / max(shown.size)


def _moved_stroke(stroke: Stroke, shown: Frame) -> Stroke:
    points = tuple((*moved_point(x, y, shown), pressure) for x, y, pressure in stroke.points)
    return replace(stroke, points=points, size=stroke.size * growth(shown))


def _moved_png(png: bytes, shown: Frame) -> bytes:
    if not png:
        return png
    grey = cv2.imdecode(np.frombuffer(png, np.uint8), cv2.IMREAD_GRAYSCALE)
    if grey is None:
        return png
    width, height = shown.photo
    scale = min(1.0, _MASK_EDGE / max(width, height))
    size = max(1, round(width * scale)), max(1, round(height * scale))
    stretched = cv2.resize(grey, size, interpolation=cv2.INTER_LINEAR).reshape(size[::-1])
    cropped = shown.scaled(*size).picture(np.asarray(stretched, np.uint8), outside=0)
    return Mask.from_picture(cropped).png


def _inverse(shown: Frame) -> Frame:
    """The photo as a frame of what a frame shows."""
    across = shown.across[0], shown.down[0]
    down = shown.across[1], shown.down[1]
    corner = shown.from_photo(0, 0)
    size = float(shown.photo[0]), float(shown.photo[1])
    return Frame(shown.pixel_size, size, corner, across, down)


def _cut(shown: Frame) -> Cut:
    """How places in a photo move, in shares."""
    (width, height), (new_width, new_height) = shown.photo, shown.pixel_size
    origin, right, below = (
        (x / new_width, y / new_height)
        for x, y in (
            shown.from_photo(0, 0),
            shown.from_photo(width, 0),
            shown.from_photo(0, height),
        )
    )
    matrix = (
        right[0] - origin[0],
        below[0] - origin[0],
        origin[0],
        right[1] - origin[1],
        below[1] - origin[1],
        origin[1],
    )
    swaps = abs(shown.across[1]) > abs(shown.across[0])
    return Cut(swaps, matrix, (width, height), (new_width, new_height))
