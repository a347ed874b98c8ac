"""What a container says, and the photo from that.

Read from the file, everything comes back bit for bit. What was changed since is found by the checks
of squares and by the checksums and seals of tiles, before anything is decoded.
"""

from __future__ import annotations

import contextlib
import zlib
from dataclasses import dataclass

import cv2
import numpy as np
from numpy.typing import NDArray

from models import parallel
from models.coding import av1, residual_tile
from models.containers import coefficients
from models.containers.coefficients import Coefficients
from models.containers.container import SQUARE, Progress, Trust, squares_of
from models.containers.jpeg import attached as attachments
from models.containers.jpeg import header_channel, messages, recognition, squares
from models.containers.jpeg.header import Header, size_of
from models.containers.jpeg.layout import Grid, pixels_of

CRC_SIZE = 4


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

    def restored(self, progress: Progress) -> NDArray[np.uint8]:
        """The photo, H x W x 3. Squares that were changed are as they were received."""
        container, header = self.container, self.header
        grid = Grid.of(container.height, container.width, container.subsampling)
        picture = header.prediction.with_detail(container, header.shares)
        progress(0.5)
        changed = (self.squares == Trust.CHANGED).repeat(SQUARE, 0).repeat(SQUARE, 1)
        changed = changed[: container.height, : container.width]
        as_it_is = any(tile.kept for tile in header.tiles) or bool(changed.any())
        shown = coefficients.shown(container) if as_it_is else None
        result = np.empty(picture.shape, np.uint8)

        def restore(place: int) -> None:
            pixels = pixels_of(grid, areas[place], container.height, container.width)
            code, ours = self.codes[place], picture[pixels]
            if header.tiles[place].kept:
                assert shown is not None
                result[pixels] = shown[pixels]
                return
            if code:
                with contextlib.suppress(av1.NotAV1):
                    ours += residual_tile.decode(code, *ours.shape[:2])
            np.clip(np.rint(ours, out=ours), 0, 255, out=ours)
            result[pixels] = ours

        areas = grid.tiles()
        parallel.mapped(restore, range(len(areas)))
        if shown is not None:
            result[changed] = shown[changed]
        progress(1.0)
        return result


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
