"""A learned look of a picture of any size, tile by tile."""

from __future__ import annotations

from collections.abc import Callable, Iterator

import numpy as np
import torch
from numpy.typing import NDArray

from models.learned.folding import FoldedOperator
from models.learned.network import (
    GROUP,
    MULTIPLE,
    REACH,
    coarse_guides,
)
from models.learned.starting_points import starting_point
from models.operators.images import FloatImage

TILE = 1024
"""Side of a tile in pixels, without its margin; a multiple of `MULTIPLE`."""

MARGIN = REACH
"""Pixels around a tile that are computed and thrown away: a multiple of `MULTIPLE`, so that tiles
see the same grid of coarse pixels as the whole picture."""

Progress = Callable[[float], None]


def draw(
    network: FoldedOperator,
    photo: FloatImage,
    strength: float,
    long_edge: int,
    progress: Progress | None = None,
) -> FloatImage:
    """The look of a photo of any size from 1 x 1.

    Args:
        network: of the operator.
        photo: H x W x 3 float32, 0..1.
        strength: 0..1.
        long_edge: of the whole picture in pixels.
        progress: called with the share of finished tiles; may raise to cancel.

    Returns:
        H x W x 3 float32, not clipped.
    """
    height, width = photo.shape[:2]
    device = next(network.parameters()).device
    coarse = coarse_guides(photo, long_edge)
    planes = [photo]
    if network.starts_elsewhere:
        planes.append(starting_point(photo, network.operator, long_edge, strength))
    look = np.empty_like(photo)
    tiles = [(rows, columns) for rows in _tiles(height) for columns in _tiles(width)]
    with torch.inference_mode():
        for done, ((y, bottom), (x, right)) in enumerate(tiles):
            top, left = max(0, y - MARGIN), max(0, x - MARGIN)
            part = slice(top, bottom + MARGIN), slice(left, right + MARGIN)
            part_of_photo, *source = (_padded(z[part], MULTIPLE) for z in planes)
            groups = tuple(slice(s.start // GROUP, -(-s.stop // GROUP)) for s in part)
            around = _padded(coarse[groups], MULTIPLE // GROUP)
            inputs = (torch.from_numpy(z).to(device) for z in (part_of_photo, around, *source))
            outputs = network(*inputs).cpu().numpy()
            output = network.compose(
                outputs, part_of_photo, source[0] if source else None, strength
            )
            look[y:bottom, x:right] = output[y - top : bottom - top, x - left : right - left]
            if progress is not None:
                progress((done + 1) / len(tiles))
    return look


def _tiles(length: int) -> Iterator[tuple[int, int]]:
    """First and last plus one pixel of the tiles along one side.

    The last one is larger where the rest would be less than a margin.
    """
    starts = range(0, max(1, length - MARGIN), TILE)
    for start in starts:
        yield start, length if start == starts[-1] else start + TILE


def _padded(planes: NDArray[np.float32], multiple: int) -> NDArray[np.float32]:
    """The planes, last row and column repeated up to a multiple; contiguous."""
    down, across = (-n % multiple for n in planes.shape[:2])
    if down or across:
        return np.pad(planes, ((0, down), (0, across), (0, 0)), mode="edge")
    return np.ascontiguousarray(planes)
