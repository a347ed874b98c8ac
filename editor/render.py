"""From a photo and its edits to the look: the non-invertible branch, one edit after the other."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from editor.edits import Edit
from editor.forms import form
from editor.masks import rasterise
from editor.progress import Progress, ignore_progress
from models.operators.base import from_float, to_float
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
    look = to_float(photo)
    for i, edit in enumerate(acting):
        progress(i / len(acting), f"Applying {OPERATORS[edit.operator].name}")
        look = apply_edit(look, edit, photo, exact=exact, device=device)
    return from_float(look, np.dtype(np.uint8))  # type: ignore[return-value]


def apply_edit(
    picture: NDArray[np.float32],
    edit: Edit,
    photo: NDArray[np.uint8],
    *,
    exact: bool = False,
    device: str = "auto",
) -> NDArray[np.float32]:
    """One edit on a picture (H x W x 3 float32, 0..1); `photo` is what its mask keeps to."""
    op = form(edit.operator, max(picture.shape[:2]), exact=exact, device=device)
    look: NDArray[np.float32] = op(picture, edit.strength)  # type: ignore[assignment]
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
