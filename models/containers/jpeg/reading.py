"""What a container says, and the photo from that.

Read from the file, everything comes back bit for bit. What was changed since is found by the checks
of squares and by the checksums and seals of tiles, before anything is decoded.
"""

from __future__ import annotations

import zlib
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import TypeVar

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
from models.containers.lock import Lock, Sealed, WrongKey

H = TypeVar("H")

CRC_SIZE = 4

_REACH = 3
"""Squares around one that a network looks at."""

_TILES = 1  # number of the first tile's sealed message


def message_of(code: bytes, place: int, lock: Lock | None = None) -> bytes:
    """A tile's message: its code and a checksum, or sealed."""
    if lock is not None:
        return lock.seal(_TILES + place, code)
    return code + zlib.crc32(code, place).to_bytes(CRC_SIZE, "little")


def code_of(message: bytes, place: int, lock: Lock | None = None) -> bytes | None:
    """A tile's code, from its message; None where that is damaged."""
    if lock is not None:
        try:
            return lock.open(_TILES + place, message)
        except WrongKey:
            return None
    code = message[:-CRC_SIZE]
    return code if len(message) >= CRC_SIZE and message == message_of(code, place) else None


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
        checked = _Checked.of(container, version)
        header = _first(map(Header.unpack, checked.headers(locked=False)))
        return None if header is None else Reading._with(checked, header, header.pack(), None)

    @staticmethod
    def _with(checked: _Checked, header: Header, written_as: bytes, lock: Lock | None) -> Reading:
        container, grid, trust = checked.container, checked.grid, checked.trust.copy()
        written = header_channel.sound(container.planes, grid, written_as)
        seals = squares.seals(container.planes, grid)
        areas, codes, attached = grid.tiles(), [], b""

        def message(place: int) -> bytes:
            tile = header.tiles[place]
            return messages.read(container.planes, grid, areas[place], tile.cut, tile.length)

        read = parallel.mapped(message, range(len(areas)))
        for place, (area, tile, said) in enumerate(zip(areas, header.tiles, read, strict=True)):
            found = code_of(said, place, lock)
            code, besides = attachments.split(found or b"")
            codes.append(None if found is None else code)
            attached = attached or besides
            ours = trust[area]
            if found is None and not tile.kept:
                np.maximum(ours, np.uint8(Trust.COARSE), out=ours)
            elif tile.seal == seal_of(seals[area]):
                ours[...] = np.where(written[area], Trust.PROVEN, Trust.UNPROVEN)
        return Reading(container, header, tuple(codes), trust, attached)

    @property
    def squares(self) -> NDArray[np.uint8]:
        """`trust` of all squares, see `container.Restored`."""
        return _with_edges(self.trust, self.container)

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


@dataclass(frozen=True, eq=False)
class LockedReading:
    """What a locked container says without its passphrase.

    Attributes:
        checked: as it was made.
        header: sealed.
    """

    checked: _Checked
    header: Sealed

    @staticmethod
    def of(container: Coefficients, version: int) -> LockedReading | None:
        """Of a container, turned as it was made; None where its header is lost."""
        checked = _Checked.of(container, version)
        header = _first(map(Sealed.unpack, checked.headers(locked=True)))
        return None if header is None else LockedReading(checked, header)

    @property
    def container(self) -> Coefficients:
        """As it was made."""
        return self.checked.container

    @property
    def squares(self) -> NDArray[np.uint8]:
        """A `Trust` for each square: what the squares themselves tell."""
        return _with_edges(self.checked.trust, self.container)

    def opened(self, passphrase: str) -> Reading | None:
        """What it says with it; None where what was sealed makes no sense.

        Raises WrongPassphrase.
        """
        lock, packed = self.header.opened(passphrase)
        size = size_of(len(self.checked.grid.tiles()))
        header = Header.unpack(packed) if len(packed) == size else None
        return (
            None
            if header is None
            else Reading._with(self.checked, header, self.header.pack(), lock)
        )


@dataclass(frozen=True, eq=False)
class _Checked:
    """A container whose squares were checked.

    Attributes:
        container: turned as it was made.
        grid: of its squares.
        sound: which of them have checks that hold, or none.
        trust: rows x columns of whole squares: whether they were changed.
    """

    container: Coefficients
    grid: Grid
    sound: NDArray[np.bool_]
    trust: NDArray[np.uint8]

    @staticmethod
    def of(container: Coefficients, version: int) -> _Checked:
        grid = Grid.of(container.height, container.width, container.subsampling)
        sound, flat = recognition.sound(container, version)
        trust = np.where(_changed(sound, flat), Trust.CHANGED, Trust.UNPROVEN).astype(np.uint8)
        return _Checked(container, grid, sound | flat, trust)

    def headers(self, *, locked: bool) -> Iterator[bytes]:
        """What may be the header."""
        size = size_of(len(self.grid.tiles()), locked)
        return header_channel.read(self.container.planes, self.grid, size, self.sound)


def _with_edges(trust: NDArray[np.uint8], container: Coefficients) -> NDArray[np.uint8]:
    """What is told of whole squares for all: those that are cut off are like the ones beside."""
    rows, columns = squares_of(container.height, container.width)
    down, across = rows - trust.shape[0], columns - trust.shape[1]
    return np.pad(trust, ((0, down), (0, across)), mode="edge")


def _first(found: Iterable[H | None]) -> H | None:
    return next((one for one in found if one is not None), None)


def _changed(sound: NDArray[np.bool_], flat: NDArray[np.bool_]) -> NDArray[np.bool_]:
    """Which squares have been changed, from which squares' checks hold and which have none.

    A changed square's checks hold by chance, too, and one without says nothing: it is taken for
    changed where most of its neighbours are.
    """
    wrong = ~sound & ~flat
    around = cv2.blur(wrong.astype(np.float32), (3, 3), borderType=cv2.BORDER_REPLICATE)
    return np.asarray(wrong | (around > 0.5))
