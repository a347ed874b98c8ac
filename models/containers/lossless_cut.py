"""A picture cut up as lossless containers are: tiles, squares, and which pixels are for what."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from models.containers.lossless_layout import Carriers, Tile, head_size, is_tiny, tiles
from models.containers.lossless_parity import Parity
from models.containers.lossless_squares import Squares
from models.containers.watermark import marked_samples

_FEWEST_WITH_MARGIN = 1 << 16


@dataclass(frozen=True, eq=False)
class Cut:
    """A picture of some size, cut up.

    Attributes:
        tiles: its tiles.
        squares: its squares.
        parity: that of what the tiles carry.
        carriers: the pixels of each tile that carry the photo; not those along the edges of the
            picture, which a thin frame would paint over, unless it is small.
    """

    tiles: list[Tile]
    squares: Squares
    parity: Parity
    carriers: list[Carriers]

    @staticmethod
    def of(squares: Squares, bits: int) -> Cut:
        """A picture of these squares, whose pixels carry symbols of so many bits."""
        height, width = squares.kept.shape
        cut = tiles(height, width)
        parity = Parity(height, width, squares, bits)
        kept = squares.kept | parity.here
        kept.ravel()[marked_samples(height, width) // 3] = True
        if height * width >= _FEWEST_WITH_MARGIN:
            kept[[0, -1]] = kept[:, [0, -1]] = True
        return Cut(cut, squares, parity, [Carriers(tile, kept) for tile in cut])

    def seen(self, picture: NDArray[np.uint8], i: int, *, last: bool) -> NDArray[np.float64]:
        """What the prediction of a tile is made from.

        Where bits are written that are not known yet when it is made, in all of a last tile and in
        pixels that are kept, the middles of classes of two levels, or of four under parity.
        """
        tile = self.tiles[i]
        levels = tile.of(picture).astype(np.float64)
        middles = np.floor(levels / 2) * 2 + 0.5
        seen = np.where(tile.of(self.squares.kept)[..., None] | last, middles, levels)
        return np.where(tile.of(self.parity.here)[..., None], self.parity.middles(levels), seen)

    def carried(self, picture: NDArray[np.uint8], last: Collection[int], bits: int) -> list[bytes]:
        """What each tile carries.

        Args:
            last: the places of the last tiles.
            bits: of a symbol.
        """
        return [
            carriers.read_lowest(picture) if i in last else carriers.read(picture, bits)
            for i, carriers in enumerate(self.carriers)
        ]


def squares_in(picture: NDArray[np.uint8], locked: bool = False) -> Squares:
    """The squares of a picture, H x W x 3, whose head is sealed or not."""
    height, width = picture.shape[:2]
    count = len(tiles(height, width))
    return Squares(height, width, head_size(count, is_tiny(picture), locked))
