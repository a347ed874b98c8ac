"""The checks of squares, which show what has been changed since.

Every square that is not flat says some bits of a digest of its own cells; by chance one square in
eight agrees. Taken together they are the container's watermark, and say its version: where a bit of
it is 1, the squares of that class have their checks turned over. Seals are longer digests of
all that is in a square, for those who know what they should be.
"""

from __future__ import annotations

from typing import TypeVar

import numpy as np
from numpy.typing import NDArray

from models.coding.random_streams import Purpose, Stream
from models.containers.coefficients import Planes
from models.containers.jpeg.layout import CHECK_BITS, CHECKS, FLAT, HEADER, Grid
from models.containers.jpeg.pairs import cells
from models.jpeg_transform import ZIGZAG

VERSION_BITS = 8
"""Of the number that all squares together say; each says one of them."""

_OF_ALL, _OF_CELLS = 0, 1

_T = TypeVar("_T", bound=np.generic)


def digests(
    planes: Planes, grid: Grid, rows: NDArray[np.int64] | None = None
) -> NDArray[np.uint32]:
    """A number for each square, rows x columns, that follows from its cells and its place.

    Not cryptographic: who knows how it is made can make others alike.

    Args:
        rows: which rows of squares of a picture these are; None: all, from the first on.
    """
    y, cb, cr = (cells(plane) for plane in planes)
    return _sums((y, cb, cr), grid, Stream(Purpose.SQUARE_DIGEST, _OF_CELLS), rows)


def seals(planes: Planes, grid: Grid) -> NDArray[np.uint32]:
    """A number for each square that follows from all that is in it but the header's bits."""
    luma = planes[0].copy()
    flat_luma = luma.reshape(*luma.shape[:2], 64)
    places = ZIGZAG[list(HEADER)]
    flat_luma[:, :, places] = cells(planes[0]).reshape(flat_luma.shape)[:, :, places]
    return _sums((luma, planes[1], planes[2]), grid, Stream(Purpose.SQUARE_DIGEST, _OF_ALL))


def _sums(
    planes: Planes, grid: Grid, stream: Stream, places: NDArray[np.int64] | None = None
) -> NDArray[np.uint32]:
    result = np.zeros((grid.rows, grid.columns), np.uint32)
    for plane, values in enumerate(planes):
        factor = 1 if plane and grid.subsampling == "420" else 2
        whole = values[: factor * grid.rows, : factor * grid.columns].astype(np.uint32)
        whole = whole.reshape(grid.rows, factor, grid.columns, factor, 64)
        factors = (stream.words(factor * factor * 64) >> np.uint64(32)).astype(np.uint32) | 1
        for v in range(factor):
            for u in range(factor):
                ours = factors[(v * factor + u) * 64 :][:64]
                result += whole[:, v, :, u] @ ours
    down, across = ((stream.words(2) >> np.uint64(32)).astype(np.uint32) | 1).tolist()
    rows = (np.arange(grid.rows) if places is None else places)[:, None]
    columns = np.arange(grid.columns)[None]
    result += (rows * down + columns * across).astype(np.uint32)
    return _mixed(result)


def _mixed(numbers: NDArray[np.uint32]) -> NDArray[np.uint32]:
    """Numbers whose upper bits depend on all bits (Appleby's MurmurHash3, the end of it): what is
    moved elsewhere as a whole must not have checks that differ everywhere alike."""
    numbers = (numbers ^ numbers >> np.uint32(16)) * np.uint32(0x85EBCA6B)
    numbers = (numbers ^ numbers >> np.uint32(13)) * np.uint32(0xC2B2AE35)
    return numbers ^ numbers >> np.uint32(16)


def flat(planes: Planes, grid: Grid) -> NDArray[np.bool_]:
    """Which squares say nothing: rows x columns."""
    luma = np.abs(planes[0][: 2 * grid.rows, : 2 * grid.columns]) > 1
    luma[:, :, 0, 0] = False
    busy = np.count_nonzero(luma, axis=(2, 3)).reshape(grid.rows, 2, grid.columns, 2)
    return np.asarray(busy.sum(axis=(1, 3)) < FLAT)


def checks(digest: NDArray[np.uint32]) -> NDArray[np.uint8]:
    """What each square says of itself: its digest's upper bits."""
    return (digest >> np.uint32(32 - CHECK_BITS)).astype(np.uint8)


def classes(grid: Grid, rows: NDArray[np.int64] | None = None) -> NDArray[np.int64]:
    """Which of the `VERSION_BITS` of the version each square says: rows x columns."""
    places = np.arange(grid.rows) if rows is None else rows
    return np.asarray((places[:, None] + np.arange(grid.columns)[None]) % VERSION_BITS)


def turned_over(of: NDArray[np.int64], version: int) -> NDArray[np.uint8]:
    """What is added to each square's check, all of its bits or none, for a version's sake."""
    return np.asarray((version >> of & 1) * (2**CHECK_BITS - 1), np.uint8)


def read_checks(planes: Planes, grid: Grid) -> NDArray[np.uint8]:
    """What each square says."""
    return _syndromes((planes[0] & 1).astype(np.uint8), grid)


def put_checks(
    planes: Planes,
    grid: Grid,
    version: int,
    costs: NDArray[np.float32],
    changed: NDArray[np.bool_],
) -> None:
    """Mark in `changed` which luma coefficients have to be changed for the checks to hold.

    Args:
        version: of the layout.
        costs: of changing each luma coefficient.
    """
    parities = (planes[0] & 1).astype(np.uint8)
    wanted = checks(digests(planes, grid)) ^ turned_over(classes(grid), version)
    missing = wanted ^ _syndromes(parities, grid)
    of_each = of_squares(costs, CHECKS, grid)
    missing[flat(planes, grid)] = 0
    usable = missing[..., None] == _CHECK_COLUMNS
    best = np.where(usable, of_each, np.float32(np.inf)).argmin(axis=2)
    picked = np.zeros(of_each.shape, bool)
    np.put_along_axis(picked, best[..., None], (missing != 0)[..., None], axis=2)
    to_squares(picked, changed, CHECKS, grid)


_CHECK_COLUMNS = (1 + np.arange(4 * len(CHECKS)) % (2**CHECK_BITS - 1)).astype(np.uint8)


def _syndromes(parities: NDArray[np.uint8], grid: Grid) -> NDArray[np.uint8]:
    ours = of_squares(parities, CHECKS, grid)
    return np.asarray(np.bitwise_xor.reduce(ours * _CHECK_COLUMNS, axis=2), np.uint8)


def of_squares(plane: NDArray[_T], places: tuple[int, ...], grid: Grid) -> NDArray[_T]:
    """Some luma coefficients of each square: rows x columns x n."""
    blocks = plane[: 2 * grid.rows, : 2 * grid.columns]
    some = blocks.reshape(*blocks.shape[:2], 64)[:, :, ZIGZAG[list(places)]]
    some = some.reshape(grid.rows, 2, grid.columns, 2, len(places))
    return some.transpose(0, 2, 1, 3, 4).reshape(grid.rows, grid.columns, 4 * len(places))


def to_squares(
    values: NDArray[np.bool_], plane: NDArray[np.bool_], places: tuple[int, ...], grid: Grid
) -> None:
    """Back from `of_squares`, into a plane."""
    some = values.reshape(grid.rows, grid.columns, 2, 2, len(places)).transpose(0, 2, 1, 3, 4)
    some = some.reshape(2 * grid.rows, 2 * grid.columns, len(places))
    flat = plane.reshape(*plane.shape[:2], 64)
    flat[: 2 * grid.rows, : 2 * grid.columns, ZIGZAG[list(places)]] = some
