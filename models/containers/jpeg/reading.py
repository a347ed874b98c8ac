"""What a container says, and the photo from that.

Read from the file, everything comes back bit for bit. What was changed since is found by the checks
of squares and by the checksums and seals of tiles, before anything is decoded.
"""

from __future__ import annotations

import zlib
from dataclasses import dataclass

import cv2
import numpy as np
from numpy.typing import NDArray

from models import parallel
from models.containers.coefficients import Coefficients
from models.containers.container import SQUARE, Progress, Trust, squares_of
from models.containers.jpeg import attached as attachments
from models.containers.jpeg import header_channel, messages, recognition, squares
from models.containers.jpeg.decoding import Decoded, decode, tiles_of
from models.containers.jpeg.header import REFINED, Header, size_of
from models.containers.jpeg.layout import Grid
from models.containers.jpeg.refining import Mend, blended

CRC_SIZE = 4

_REACH = 3
"""Squares around one that a network looks at."""


def message_of(code: bytes, place: int) -> bytes:
    """A tile's message: its code and a checksum."""
    return code + zlib.crc32(code, place).to_bytes(CRC_SIZE, "little")


def seal_of(seals: NDArray[np.uint32]) -> int:
    """Of a tile, from the seals of its squares."""
    return zlib.crc32(seals.astype("<u4").tobytes()) & 0xFFFF


@dataclass(frozen=True, eq=False)
class Reading:
    """A container as it was made, and what it says.

    Attributes:
        container: the coefficients, turned as they were made.
        header: what it says.
        codes: of the tiles; None where one is lost.
        trust: rows x columns of whole squares, a `Trust` for each.
        attached: the bytes besides the photo, from the first tile that has them.
    """

    container: Coefficients
    header: Header
    codes: tuple[bytes | None, ...]
    trust: NDArray[np.uint8]
    attached: bytes = b""

    @staticmethod
    def of(container: Coefficients, version: int) -> Reading | None:
        """Of a container, turned as it was made; None where its header is lost."""
        grid = Grid.of(container.height, container.width, container.subsampling)
        sound, flat = recognition.sound(container, version)
        header = _header(container, grid, sound | flat)
        if header is None:
            return None
        written = header_channel.sound(container.planes, grid, header.pack())
        seals = squares.seals(container.planes, grid)
        trust = np.where(_changed(sound, flat), Trust.CHANGED, Trust.UNPROVEN).astype(np.uint8)
        areas, codes, attached = grid.tiles(), [], b""

        def message(place: int) -> bytes:
            tile = header.tiles[place]
            return messages.read(container.planes, grid, areas[place], tile.cut, tile.length)

        read = parallel.mapped(message, range(len(areas)))
        for place, (area, tile, said) in enumerate(zip(areas, header.tiles, read, strict=True)):
            whole = len(said) >= CRC_SIZE and said == message_of(said[:-CRC_SIZE], place)
            code, besides = attachments.split(said[:-CRC_SIZE])
            codes.append(code if whole else None)
            attached = attached or (besides if whole else b"")
            ours = trust[area]
            if not whole and not tile.kept:
                np.maximum(ours, np.uint8(Trust.COARSE), out=ours)
            elif tile.seal == seal_of(seals[area]):
                ours[...] = np.where(written[area], Trust.PROVEN, Trust.UNPROVEN)
        return Reading(container, header, tuple(codes), trust, attached)

    @property
    def squares(self) -> NDArray[np.uint8]:
        """`trust` of all squares, see `container.Restored`: those that are cut off are like the
        ones beside them."""
        rows, columns = squares_of(self.container.height, self.container.width)
        down, across = rows - self.trust.shape[0], columns - self.trust.shape[1]
        return np.pad(self.trust, ((0, down), (0, across)), mode="edge")

    def restored(self, progress: Progress, mend: Mend | None = None) -> NDArray[np.uint8]:
        """The photo, H x W x 3. Squares that were changed are as they were received.

        Args:
            progress: told the share of the work that is done.
            mend: improves the photo, where the header wants it. What is proven stays so: nothing of
                what is not has a part in it.
        """
        decoded = self.decoded(progress)
        result, strength = decoded.photo, self.header.refinement
        if strength and mend is not None:
            mended = blended(result, mend(decoded), min(strength, REFINED))
            np.copyto(result, mended, where=self._pixels(self._may_be_mended())[..., None])
        changed = self._pixels(self.squares == Trust.CHANGED)
        result[changed] = decoded.shown[changed]
        progress(1.0)
        return result

    def decoded(self, progress: Progress) -> Decoded:
        """The photo before it is mended."""
        tiles = tiles_of(self.container, self.header, self.codes)
        return decode(self.container, self.header, tiles, progress)

    def _may_be_mended(self) -> NDArray[np.bool_]:
        """Squares that are far from all that is worth less."""
        trust = self.squares
        damaged = _within_reach(trust >= Trust.COARSE)
        unproven = _within_reach(trust >= Trust.UNPROVEN) & (trust == Trust.PROVEN)
        return np.asarray(~damaged & ~unproven)

    def _pixels(self, squares: NDArray[np.bool_]) -> NDArray[np.bool_]:
        pixels = squares.repeat(SQUARE, 0).repeat(SQUARE, 1)
        return pixels[: self.container.height, : self.container.width]


def _within_reach(squares: NDArray[np.bool_]) -> NDArray[np.bool_]:
    size = 2 * _REACH + 1
    return cv2.dilate(squares.astype(np.uint8), np.ones((size, size), np.uint8)).astype(bool)


def _header(container: Coefficients, grid: Grid, sound: NDArray[np.bool_]) -> Header | None:
    size = size_of(len(grid.tiles()))
    found = header_channel.read(container.planes, grid, size, sound)
    return next((h for h in map(Header.unpack, found) if h is not None), None)


def _changed(sound: NDArray[np.bool_], flat: NDArray[np.bool_]) -> NDArray[np.bool_]:
    """Which squares have been changed, from which squares' checks hold and which have none.

    A changed square's checks hold by chance, too, and one without says nothing: it is taken for
    changed where most of its neighbours are.
    """
    wrong = ~sound & ~flat
    around = cv2.blur(wrong.astype(np.float32), (3, 3), borderType=cv2.BORDER_REPLICATE)
    return np.asarray(wrong | (around > 0.5))
