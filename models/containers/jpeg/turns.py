"""Pictures turned and mirrored: by EXIF's orientation, and without loss as JPEG files are.

A turn of coefficients is three choices: left and right exchanged, then top and bottom, then rows
and columns. Blocks cut off by the picture's right and lower edge stay where they are.
"""

from __future__ import annotations

from typing import TypeVar

import numpy as np
from numpy.typing import NDArray

from models.containers.coefficients import Coefficients

Turn = tuple[bool, bool, bool]
"""Mirrored, flipped, transposed."""

TURNS: tuple[Turn, ...] = tuple(
    (mirrored, flipped, transposed)
    for transposed in (False, True)
    for flipped in (False, True)
    for mirrored in (False, True)
)
"""The eight."""

_T = TypeVar("_T", bound=np.generic)

_UPRIGHT: dict[int, Turn] = {
    # EXIF 2.32, tag 0x0112: how a picture of that orientation is made upright.
    1: (False, False, False),
    2: (True, False, False),
    3: (True, True, False),
    4: (False, True, False),
    5: (False, False, True),
    6: (False, True, True),
    7: (True, True, True),
    8: (True, False, True),
}


def upright(pixels: NDArray[_T], orientation: int) -> NDArray[_T]:
    """Pixels (H x W or H x W x n) stored in an orientation 1..8 of EXIF, upright."""
    mirrored, flipped, transposed = _UPRIGHT[orientation]
    turned = pixels[:: -1 if flipped else 1, :: -1 if mirrored else 1]
    return np.ascontiguousarray(turned.swapaxes(0, 1) if transposed else turned)


def turned(of: Coefficients, turn: Turn) -> Coefficients:
    """A JPEG's picture turned, as by jpegtran."""
    mirrored, flipped, transposed = turn
    whole = _whole(of.height, of.width, of.unit)
    planes = []
    for index, plane in enumerate(of.planes):
        side = of.unit if index else 8  # pixels of a block
        rows, columns = whole[0] // side, whole[1] // side
        result = plane.copy()
        if mirrored:
            result[:, :columns] = result[:, :columns][:, ::-1] * SIGNS
        if flipped:
            result[:rows] = result[:rows][::-1] * SIGNS[:, None]
        if transposed:
            result = np.ascontiguousarray(result.transpose(1, 0, 3, 2))
        planes.append(result)
    height, width, tables = of.height, of.width, of.tables
    if transposed:
        height, width = width, height
        tables = np.ascontiguousarray(tables.transpose(0, 2, 1))
    return Coefficients(height, width, of.subsampling, tables, (planes[0], planes[1], planes[2]))


SIGNS = np.where(np.arange(8) % 2, -1, 1).astype(np.int16)
"""Of frequencies in a block that is mirrored."""


def turned_back(pixels: NDArray[_T], turn: Turn, unit: int) -> NDArray[_T]:
    """Pixels (H x W or H x W x n) of a picture that was `turned`, as they were before.

    Args:
        unit: side in pixels of what cannot be cut, see `Coefficients.unit`.
    """
    mirrored, flipped, transposed = turn
    result = (pixels.swapaxes(0, 1) if transposed else pixels).copy()
    rows, columns = _whole(result.shape[0], result.shape[1], unit)
    if flipped:
        result[:rows] = result[:rows][::-1].copy()
    if mirrored:
        result[:, :columns] = result[:, :columns][:, ::-1].copy()
    return result


def _whole(height: int, width: int, unit: int) -> tuple[int, int]:
    """Pixels up to where blocks are cut off."""
    return height // unit * unit, width // unit * unit
