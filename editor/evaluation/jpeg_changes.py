"""What becomes of JPEG exports that were changed: in their coefficients, or saved again.

Who edits a JPEG without loss replaces blocks and leaves the others alone; most programs decode it,
change pixels and compress everything again.
"""

from __future__ import annotations

import dataclasses
import io
from collections.abc import Callable, Iterator, Mapping

import numpy as np
from numpy.typing import NDArray
from PIL import Image

from editor.evaluation.changed import UNCHANGED, Picture, Row, row_of
from models.containers import coefficients
from models.containers.coefficients import Coefficients
from models.containers.container import Received
from models.containers.jpeg import turns

_MOST_LOCAL = 0.5  # of the blocks: what changes more is nothing for single blocks


def rows(
    photo: Picture,
    export: Coefficients,
    quality: int,
    changes: Mapping[str, Callable[[Picture], None]],
) -> Iterator[Row]:
    """Of an export and the photo in it, H x W x 3 uint8.

    Args:
        quality: with which it is saved again, libjpeg's scale.
        changes: by name; they change a picture in place.
    """
    before = coefficients.shown(export)
    for name, change in changes.items():
        pixels = before.copy()
        change(pixels)
        where = (pixels != before).any(axis=2)
        local = replaced(export, pixels, where)
        if local is not None:
            same = all(
                np.array_equal(*two) for two in zip(local.planes, export.planes, strict=True)
            )
            yield row_of(name, photo, _received(local), where & (not same))
        again = saved(pixels, quality, export)
        title = "saved again" if name == UNCHANGED else f"{name}, saved again"
        yield row_of(title, photo, again, np.ones_like(where))
    y, cb, cr = export.planes
    grey = dataclasses.replace(export, planes=(y, cb * 0, cr * 0))
    yield row_of("colour removed without loss", photo, _received(grey), np.ones_like(where))
    for turn in turns.TURNS[1:]:
        as_turned = turns.turned(export, turn)
        back = _turned(photo, turn)
        yield row_of(_name(turn), back, _received(as_turned), None)


def replaced(
    export: Coefficients, pixels: Picture, where: NDArray[np.bool_]
) -> Coefficients | None:
    """The export with the blocks in which pixels were changed; None where most of them were."""
    unit = export.unit
    height, width = where.shape
    whole = np.pad(where, ((0, -height % unit), (0, -width % unit)))
    units = whole.reshape(whole.shape[0] // unit, unit, -1, unit).any(axis=(1, 3))
    if units.mean() > _MOST_LOCAL:
        return None
    made = coefficients.transformed(pixels, export.subsampling)
    planes = []
    for plane, values, table in zip(export.planes, made, export.tables, strict=True):
        factor = plane.shape[0] // units.shape[0] if plane.shape[0] >= units.shape[0] else 1
        blocks = units.repeat(factor, 0).repeat(factor, 1)[: plane.shape[0], : plane.shape[1]]
        steps = np.rint(values / table.astype(np.float32)).astype(plane.dtype)
        planes.append(np.where(blocks[..., None, None], steps, plane))
    return dataclasses.replace(export, planes=(planes[0], planes[1], planes[2]))


def saved(pixels: Picture, quality: int, like: Coefficients) -> Received:
    """A picture compressed by Pillow, with chroma as in another one."""
    target = io.BytesIO()
    chroma = 0 if like.subsampling == "444" else 2
    Image.fromarray(pixels).save(target, "JPEG", quality=quality, subsampling=chroma)
    return _received(coefficients.read(target.getvalue()))


def _received(of: Coefficients) -> Received:
    return Received(coefficients.shown(of), of)


def _turned(picture: Picture, turn: turns.Turn) -> Picture:
    mirrored, flipped, transposed = turn
    result = picture[:: -1 if flipped else 1, :: -1 if mirrored else 1]
    return np.ascontiguousarray(result.swapaxes(0, 1) if transposed else result)


def _name(turn: turns.Turn) -> str:
    words = ("mirrored", "flipped", "transposed")
    return ", ".join(word for word, does in zip(words, turn, strict=True) if does)
