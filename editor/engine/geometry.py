"""Crop, straighten, turn, mirror: what of a photo is edited, before any look.

These steps are edits like the others, in the same list, and follow each other in its order; looks
come after all of them, wherever they stand. Masks are painted on the whole photo: they stay where
they are on it, however it is cropped later.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from editor.engine.edits import Edit, edit
from editor.engine.mask_moves import moved
from editor.files.metadata import recut
from editor.files.picture import Picture
from editor.files.turns import Cut
from models.geometry.frame import Frame
from models.geometry.steps import (
    CROP,
    FREE,
    MIRROR,
    STEPS,
    STRAIGHTEN,
    TURN,
    WHOLE,
    Pose,
    frame_of,
    pose_of,
)


def is_geometry(step: Edit) -> bool:
    """Whether an edit is a step of the geometry, and no look."""
    return step.operator in STEPS


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


def pose(edits: Sequence[Edit], size: tuple[int, int]) -> Pose:
    """The steps among edits, those that are switched off too, as one of each kind."""
    steps = [replace(e, enabled=True) for e in edits if is_geometry(e)]
    return pose_of(frame(steps, size))


def with_pose(edits: Sequence[Edit], new: Pose, ratio: str = FREE) -> tuple[Edit, ...]:
    """The edits with other steps, one of each kind, where the first one was, or before all looks.

    Args:
        ratio: that the crop is to keep when it is set anew.
    """
    steps: list[Edit] = []
    if new.turn:
        steps.append(edit(TURN.id, 90 * new.turn))
    if new.mirrored:
        steps.append(edit(MIRROR.id))
    if new.angle:
        steps.append(edit(STRAIGHTEN.id, round(new.angle, 3)))
    rectangle = tuple(round(share, 6) for share in new.rectangle)
    if rectangle != WHOLE:
        steps.append(edit(CROP.id, rectangle=rectangle, ratio=ratio))
    places = [i for i, e in enumerate(edits) if is_geometry(e)]
    at = places[0] if places else 0
    before, after = looks_of(edits[:at]), looks_of(edits[at:])
    return (*before, *steps, *after)


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
    back = shown.inverse
    return tuple(e if e.mask is None else replace(e, mask=moved(e.mask, back)) for e in edits)


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
