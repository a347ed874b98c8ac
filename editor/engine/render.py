"""From a photo and its edits to the look: the non-invertible branch, one edit after the other."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from editor.engine.edits import Edit
from editor.engine.masks import rasterise
from editor.engine.operator_choice import form
from editor.engine.progress import Progress, ignore_progress
from editor.messages import Message, Name, message
from models.operators.images import Image, from_float, to_float
from models.operators.registry import OPERATORS


def render(
    photo: NDArray[np.uint8],
    edits: Sequence[Edit],
    *,
    exact: bool = False,
    device: str = "auto",
    progress: Progress = ignore_progress,
) -> NDArray[np.uint8]:
    """The look: all edits applied in order; switched off ones are passed over.

    Args:
        photo: H x W x 3 RGB uint8: the full photo or a reduced copy of it.
        edits: in the order of application.
        exact: make every look with the reference algorithm, see `forms`.
        device: where learned operators run.
        progress: is told before every edit; may raise `Cancelled`.

    Returns:
        H x W x 3 uint8; the photo itself (not a copy) when no edit acts. Between edits the
        picture is kept in float32, so stacks do not band.
    """
    acting = [e for e in edits if e.acts]
    if not acting:
        return photo
    alone = len(acting) == 1 and acting[0].mask is None and acting[0].opacity == 1
    look: Image = photo if alone else to_float(photo)
    for i, edit in enumerate(acting):
        progress(i / len(acting), applying(edit))
        look = apply_edit(look, edit, photo, exact=exact, device=device)
    if alone:
        return look  # type: ignore[return-value]
    return from_float(look, np.dtype(np.uint8))  # type: ignore[arg-type, return-value]


def applying(edit: Edit) -> Message:
    """What is being done while an edit is applied."""
    return message("applying", look=Name(OPERATORS[edit.operator].name))


def apply_edit(
    picture: Image,
    edit: Edit,
    photo: NDArray[np.uint8],
    *,
    exact: bool = False,
    device: str = "auto",
) -> Image:
    """One edit on a picture (H x W x 3, float32 in 0..1 or, if it is the whole edit, uint8).

    `photo` is what its mask keeps to.
    """
    op = form(edit.operator, max(picture.shape[:2]), exact=exact, device=device)
    op = op.with_settings(edit.settings)
    look = op(picture, edit.strength)
    if edit.mask is None and edit.opacity == 1:
        return look
    weight = np.float32(edit.opacity)
    if edit.mask is None:
        look -= picture
        look *= weight
    else:
        weights = rasterise(edit.mask, photo)
        weights *= weight
        look -= picture
        look *= weights[..., None]
    look += picture
    return look
