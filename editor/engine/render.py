"""From a photo and its edits to the look: the non-invertible branch, one edit after the other."""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

from editor.engine.edits import Edit
from editor.engine.masks import rasterise
from editor.engine.operator_choice import form
from editor.engine.progress import Progress, ignore_progress
from editor.engine.strokes import Weights
from editor.messages import Message, Name, message
from models.operators.images import FloatImage, Image, from_float, to_float
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
    edge = max(picture.shape[:2])
    op = form(edit.operator, edge, exact=exact, device=device).with_settings(edit.settings)
    if edit.mask is None:
        look = op(picture, edit.strength)
        if edit.opacity == 1:
            return look
        return blended(to_float(picture), to_float(look), np.float32(edit.opacity))
    weights = rasterise(edit.mask, photo)
    weights *= np.float32(edit.opacity)
    part = reached(weights)
    if part is None:
        return picture
    # A part at the working scale would have a grid of its own.
    margin = None if op.working_scale else op.margin
    needed = _grown(part, margin, edge, picture.shape)
    look = op(picture[needed], edit.strength, long_edge=edge)
    inner = tuple(
        slice(p.start - n.start, p.stop - n.start) for p, n in zip(part, needed, strict=True)
    )
    result = to_float(picture).copy()
    result[part] = blended(result[part], to_float(look[inner]), weights[part][..., None])
    return result


def blended(picture: FloatImage, look: FloatImage, weights: Any) -> FloatImage:
    """A look over a picture, as much of it as the weights say: 0..1, of any shape that fits."""
    mixed = look - picture
    mixed *= weights
    mixed += picture
    return mixed


Part = tuple[slice, slice]
"""Rows and columns of a picture."""


def reached(weights: Weights) -> Part | None:
    """The smallest part of a picture outside which all weights are 0; None: all of them are."""
    rows, columns = (np.flatnonzero(weights.max(axis=axis)) for axis in (1, 0))
    if len(rows) == 0:
        return None
    return slice(int(rows[0]), int(rows[-1]) + 1), slice(int(columns[0]), int(columns[-1]) + 1)


def _grown(part: Part, margin: float | None, long_edge: int, shape: tuple[int, ...]) -> Part:
    """A part with all around it that an operator needs, see `Operator.margin`."""
    if margin is None:
        return slice(0, shape[0]), slice(0, shape[1])
    around = math.ceil(margin * long_edge)
    rows, columns = (
        slice(max(0, p.start - around), min(side, p.stop + around))
        for p, side in zip(part, shape, strict=False)
    )
    return rows, columns
