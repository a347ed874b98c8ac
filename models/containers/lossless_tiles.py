"""Hide and reveal a photo in the pixels of a picture that keeps every sample."""

from __future__ import annotations

import zlib
from collections.abc import Callable

import numpy as np
from numpy.typing import NDArray

from models.coding import pixel_symbols, rans, tile_codec
from models.coding.tile_codec import Tables
from models.containers import lossless_choice
from models.containers.lossless_layout import (
    AMPLITUDES,
    LAST_BITS,
    LAST_NOISE,
    Carriers,
    Head,
    Record,
    Tile,
    head_room,
    head_size,
    portions,
    tiles,
)
from models.containers.lossless_prediction import Predictor
from models.networks.invertible import QuasiInvertibleNetwork

Progress = Callable[[float], None]


_COARSEST = tile_codec.STEPS - 1


class NoRoom(ValueError):
    """The picture has no room for the original."""


class Damaged(ValueError):
    """Too much of a container was changed."""


def hide(
    network: QuasiInvertibleNetwork,
    photo: NDArray[np.uint8],
    look: NDArray[np.uint8],
    marked: NDArray[np.bool_],
    progress: Progress,
    choice: lossless_choice.Choice | None = None,
) -> NDArray[np.uint8]:
    """A picture like `look` that carries `photo`; H x W x 3 uint8.

    Args:
        network: the invertible branch.
        photo, look: of equal shape.
        marked: H x W, which pixels to leave alone.
        progress: called with the share that is done.
        choice: how; None: what a sample of the picture says is best.

    Raises:
        NoRoom: where the picture is too small.
    """
    cut = tiles(*look.shape[:2])
    carriers = [Carriers(tile, marked) for tile in cut]
    if choice is None:
        choice = lossless_choice.choose(network, photo, look)
    progress(0.1)
    plan = lossless_choice.plan(network, photo, look, choice, cut, carriers)
    progress(0.2)
    for coarser in (0, 1, 2, 4, 8, 16, 32, 64):
        writer = _Writer(photo, look, cut, carriers, plan, coarser)
        container = writer.write(lambda share: progress(0.2 + 0.8 * share))
        if container is not None:
            return container
    raise NoRoom("The picture has no room for its original.")


class _Writer:
    """One attempt to write a container.

    Args:
        coarser: by how much to let the quantiser be coarser than planned.
    """

    def __init__(
        self,
        photo: NDArray[np.uint8],
        look: NDArray[np.uint8],
        cut: list[Tile],
        carriers: list[Carriers],
        plan: lossless_choice.Plan,
        coarser: int,
    ) -> None:
        self._photo, self._look, self._cut, self._carriers = photo, look, cut, carriers
        self._plan, self._coarser = plan, coarser
        self._noise = pixel_symbols.error(plan.bits)
        self._data = bytearray(plan.tables.pack())
        self._records: list[Record] = []
        self._last, *self._others = plan.order
        self._room_at_last = carriers[self._last].capacity(LAST_BITS) - 2 * head_room(len(cut))
        self._waiting = len(self._data)  # bytes that are not written yet

    def write(self, progress: Progress) -> NDArray[np.uint8] | None:
        """The container; None where the codes did not fit."""
        container = self._look.copy()
        if self._room_at_last < 0:
            return None
        last = self._cut[self._last]
        shown = self._plan.predictor.hide(last.of(self._photo), last.of(self._look), LAST_NOISE)
        last.of(container)[:] = shown
        self._code(self._last, (shown & 0xFE) + np.float32(0.5), LAST_NOISE)
        for count, i in enumerate(self._others):
            tile, carriers = self._cut[i], self._carriers[i]
            photo, look = tile.of(self._photo), tile.of(self._look)
            tile.of(container)[:] = self._plan.predictor.hide(photo, look, self._noise)
            first = len(self._data) - self._waiting
            carried = self._data[first : first + carriers.capacity(self._plan.bits)]
            carriers.write(container, bytes(carried), self._plan.bits)
            self._waiting -= len(carried)
            self._code(i, tile.of(container), self._noise)
            progress((count + 1) / len(self._others))
        if self._waiting > self._room_at_last:
            return None
        self._write_last(container, bytes(self._data[len(self._data) - self._waiting :]))
        return container

    def _code(self, i: int, container: NDArray[np.generic], noise: float) -> None:
        """Append the code of what a tile's prediction misses."""
        plan, tile = self._plan, self._cut[i]
        coefficients = lossless_choice.missed(
            tile.of(self._photo), plan.predictor.predict(container, noise)
        )
        step = self._step_for()
        code = plan.tables.encode(tile_codec.quantise(coefficients, step))
        if i == plan.order[-1]:  # nothing comes after: as fine as there is room
            while self._waiting + len(code) > self._room_at_last and step < _COARSEST:
                step += 1
                code = plan.tables.encode(tile_codec.quantise(coefficients, step))
        self._records.append(Record(i, step, len(code), zlib.crc32(code)))
        self._data += code
        self._waiting += len(code)

    def _step_for(self) -> int:
        """The finest step for the next tile that should leave room for those after it."""
        step = self._plan.step
        while step > 0 and self._should_fit(step - 1):
            step -= 1
        while step < _COARSEST and not self._should_fit(step):
            step += 1
        return min(step + self._coarser, _COARSEST)

    def _should_fit(self, step: int) -> bool:
        """Whether all tiles to come would find room with that step."""
        plan, waiting = self._plan, self._waiting
        places = plan.order[len(self._records) :]
        for i, after in zip(places, [*places[1:], None], strict=True):
            waiting += plan.bytes_of(i, step)
            if after is not None:
                waiting -= min(waiting, self._carriers[after].capacity(plan.bits))
        return waiting <= self._room_at_last

    def _write_last(self, container: NDArray[np.uint8], data: bytes) -> None:
        """The last tile, with the head at both of its ends."""
        plan, carriers = self._plan, self._carriers[self._last]
        packed = plan.tables.pack()
        head = Head(
            plan.bits,
            AMPLITUDES.index(plan.predictor.amplitude),
            len(packed),
            zlib.crc32(packed),
            plan.predictor.head,
            tuple(self._records),
        ).pack()
        head += bytes(head_room(len(self._cut)) - len(head))
        carriers.write_lowest(container, head + data, from_end=False)
        carriers.write_lowest(container, head, from_end=True)


def reveal(
    network: QuasiInvertibleNetwork,
    container: NDArray[np.uint8],
    marked: NDArray[np.bool_],
    progress: Progress,
) -> NDArray[np.uint8]:
    """The photo in a container; H x W x 3 uint8.

    A tile whose code is damaged is what its prediction says.

    Raises:
        Damaged: where the head is.
    """
    cut = tiles(*container.shape[:2])
    carriers = [Carriers(tile, marked) for tile in cut]
    head = _find_head(container, carriers)
    if head is None:
        raise Damaged("too much of it was changed since it was exported")
    codes = _codes(container, cut, carriers, head)
    predictor = Predictor(network, head.guide, AMPLITUDES[head.amplitude])
    photo = np.empty_like(container)
    last = head.records[0].tile
    for done, record in enumerate(head.records):
        tile = cut[record.tile]
        seen: NDArray[np.generic] = tile.of(container)
        noise = pixel_symbols.error(head.bits)
        if record.tile == last:
            seen, noise = (tile.of(container) & 0xFE) + np.float32(0.5), LAST_NOISE
        found = predictor.predict(seen, noise)
        quantised = codes.get(record.tile)
        if quantised is not None:
            residual = tile_codec.reconstruct(quantised, record.step)
            found = found + residual[: found.shape[0], : found.shape[1]]
        tile.of(photo)[:] = np.clip(np.rint(found), 0, 255)
        progress((done + 1) / len(cut))
    return photo


def _find_head(container: NDArray[np.uint8], carriers: list[Carriers]) -> Head | None:
    size = head_size(len(carriers))
    for one in carriers:
        for from_end in (False, True):
            head = Head.unpack(one.read_lowest(container, size, from_end=from_end), len(carriers))
            if head is not None:
                return head
    return None


def _codes(
    container: NDArray[np.uint8], cut: list[Tile], carriers: list[Carriers], head: Head
) -> dict[int, NDArray[np.int32]]:
    """The quantised coefficients of all tiles whose codes are undamaged."""
    first, *others = head.records
    start = head.tables_length + first.length
    rooms = [carriers[r.tile].capacity(head.bits) for r in others]
    parts = [
        carriers[record.tile].read(container, head.bits)[:carried]
        for record, carried in zip(
            others, portions((r.length for r in others), start, rooms), strict=True
        )
    ]
    last = carriers[first.tile]
    at_last = last.read_lowest(container, last.capacity(LAST_BITS), from_end=False)
    data = b"".join([*parts, at_last[head_room(len(carriers)) :]])
    packed = data[: head.tables_length]
    if zlib.crc32(packed) != head.tables_crc:
        return {}
    tables = Tables.unpack(packed)
    intact: list[tuple[Record, bytes]] = []
    place = head.tables_length
    for record in head.records:
        code = data[place : place + record.length]
        place += record.length
        if zlib.crc32(code) == record.crc:
            intact.append((record, code))
    places = [record.tile for record, _ in intact]
    try:
        found = tables.decode([code for _, code in intact], [cut[i].blocks for i in places])
    except rans.CorruptCode:
        return {}
    return dict(zip(places, found, strict=True))
