"""The photo as a container's codes give it, and what else is known of it there."""

from __future__ import annotations

import contextlib
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from models import parallel
from models.coding import av1, residual_tile
from models.coding.av1_quantiser import NotKnown, quantiser_index, step_of
from models.containers import coefficients
from models.containers.coefficients import Coefficients
from models.containers.container import SQUARE, Progress, squares_of
from models.containers.jpeg.header import Header
from models.containers.jpeg.layout import Area, Grid, pixels_of

CONDITIONS = 5
"""How much is told of each square, see `Decoded`."""

_NO_STEP = 1.0
_USUAL_STEP, _USUAL_TABLE = 64.0, 8.0  # levels


@dataclass(frozen=True, eq=False)
class Decoded:
    """What the codes of a container's tiles give.

    Attributes:
        photo: H x W x 3 uint8.
        prediction: likewise, the photo without the residual in the codes.
        shown: likewise, the container's own picture.
        conditions: `CONDITIONS` x rows x columns of squares of `SQUARE` pixels, about -1..1: how
            coarse the step of the residual's code is, whether it has half the size, whether the
            picture is kept as it is; how coarse the steps of the JPEG file are, and whether its
            chroma has half the size.
    """

    photo: NDArray[np.uint8]
    prediction: NDArray[np.uint8]
    shown: NDArray[np.uint8]
    conditions: NDArray[np.float32]


@dataclass(frozen=True, eq=False)
class Tile:
    """A part of a container with a code of its own.

    Attributes:
        pixels: rows and columns.
        code: of the residual; empty or None: there is none.
        kept: whether the picture itself is taken for the photo.
    """

    pixels: Area
    code: bytes | None
    kept: bool


def tiles_of(container: Coefficients, header: Header, codes: Sequence[bytes | None]) -> list[Tile]:
    """Those of a whole container, from the codes of all its tiles."""
    grid = Grid.of(container.height, container.width, container.subsampling)
    return [
        Tile(pixels_of(grid, area, container.height, container.width), code, record.kept)
        for area, code, record in zip(grid.tiles(), codes, header.tiles, strict=True)
    ]


def decode(
    container: Coefficients, header: Header, tiles: Sequence[Tile], progress: Progress
) -> Decoded:
    """What the codes of tiles give, which cover the container, or a part of one.

    Where there is no code the photo is the prediction alone.
    """
    picture = header.prediction.with_detail(container, header.shares)
    progress(0.5)
    shown = coefficients.shown(container)
    photo, prediction = np.empty_like(shown), np.empty_like(shown)
    rows, columns = squares_of(container.height, container.width)
    conditions = np.zeros((CONDITIONS, rows, columns), np.float32)
    step = np.exp(np.log(container.tables[0]).mean())
    conditions[3] = np.log2(step / _USUAL_TABLE) / 4
    conditions[4] = container.subsampling == "420"

    def restore(tile: Tile) -> None:
        pixels, code = tile.pixels, tile.code
        ours = picture[pixels]
        told = conditions[(slice(0, 3), *(_squares(part) for part in pixels))]
        told[0] = _NO_STEP
        prediction[pixels] = _levels(ours.copy())
        if tile.kept:
            told[2] = 1
            photo[pixels] = shown[pixels]
            return
        if code:
            with contextlib.suppress(av1.NotAV1):
                ours += residual_tile.decode(code, *ours.shape[:2])
            with contextlib.suppress(NotKnown):
                told[0], told[1] = _coarseness(code, *ours.shape[:2])
        photo[pixels] = _levels(ours)

    parallel.mapped(restore, tiles)
    return Decoded(photo, prediction, shown, conditions)


def _coarseness(code: bytes, height: int, width: int) -> tuple[float, float]:
    frame, scale, half = residual_tile.parts(code)
    if half:
        height, width = residual_tile.half_of(height, width)
    step = step_of(quantiser_index(frame, height, width)) * scale
    return float(np.log2(step / _USUAL_STEP)) / 4, float(half)


def _squares(pixels: slice) -> slice:
    return slice(pixels.start // SQUARE, -(-pixels.stop // SQUARE))


def _levels(picture: NDArray[np.float32]) -> NDArray[np.uint8]:
    """Rounded and clipped; changes the picture."""
    np.clip(np.rint(picture, out=picture), 0, 255, out=picture)
    return picture.astype(np.uint8)
