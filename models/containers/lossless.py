"""Lossless containers: in the levels of the look's own pixels, the photo as far as they miss it.

    embed:   look -> tile by tile: symbols written -> prediction -> what it misses -> symbols ...
    extract: container -> symbols and prediction -> photo

What the pixels themselves tell of the photo, by the prediction, need not be written; the residual
is coded as finely as there is room. How that fits together is told in `lossless_layout`.
"""

from __future__ import annotations

import dataclasses
import zlib
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from models.coding import rans, tile_codec
from models.coding.tile_codec import Tables
from models.containers import lossless_plan, lossless_prediction
from models.containers.container import (
    SQUARE,
    Change,
    Container,
    Detection,
    Embedding,
    Layer,
    Mark,
    Medium,
    Progress,
    Received,
    Restored,
    Trust,
    squares_of,
)
from models.containers.lossless_layout import (
    LAST,
    LAST_BITS,
    Carriers,
    Head,
    Record,
    Tile,
    head_size,
    is_tiny,
    portions,
    tables_copied,
    tiles,
)
from models.containers.lossless_plan import Plan
from models.containers.places import LOWEST_BITS_OF_GREEN
from models.containers.watermark import marked_samples, with_watermark
from models.problems import NoRoom, Problem, Unreadable

LAYOUT = 2
"""Version of the layout."""

NUMBER = LAYOUT << 8
"""What the watermark says."""

TOO_MUCH_CHANGED = Problem("changed-too-much")
"""Why a recognised container cannot be read any more."""

ENOUGH = 32
"""Pictures with sides of so many pixels, or with as many pixels in all, are large enough."""

_SHARES = (1.0, 0.97, 0.9, 0.75, 0.5, 0.25, 0.1)
"""Of the room, planned with until the codes fit."""

_COARSEST = tile_codec.STEPS - 1


class LosslessContainer(Container):
    """In the levels of files that keep every sample.

    Args:
        layer: makes a second layer below, one that outlives compression.
    """

    id = f"lossless-{LAYOUT}"
    place = LOWEST_BITS_OF_GREEN
    numbers = (NUMBER,)
    survives = frozenset({Change.METADATA_REMOVED, Change.SAVED_LOSSLESS})

    def __init__(self, layer: Layer | None = None) -> None:
        self._layer = layer

    def fits(self, medium: Medium) -> bool:
        """For files that keep every sample."""
        return medium.lossless

    def embed(
        self,
        photo: NDArray[np.uint8],
        look: NDArray[np.uint8],
        medium: Medium,
        device: str,
        progress: Progress | None = None,
    ) -> Embedding:
        """See `Container.embed`."""
        layered = look if self._layer is None else self._layer(photo, look, medium)
        return Embedding(embed(photo, layered, progress))

    def detect(self, received: Received, mark: Mark) -> Detection:
        """See `Container.detect`. What is damaged is known by the checksums of the tiles."""
        reading = _Reading.of(received.pixels)
        if reading is None or not reading.codes:
            return self.found(mark, TOO_MUCH_CHANGED)
        detection = self.found(mark, reading=reading)
        return dataclasses.replace(detection, damaged=reading.damaged)

    def assumed(self) -> Detection:
        """See `Container.assumed`."""
        return Detection(self.place.kind, self.id, 0.5, 1.0, survives=self.survives)

    def extract(
        self,
        received: Received,
        detection: Detection,
        device: str,
        progress: Progress | None = None,
    ) -> Restored:
        """See `Container.extract`. Tiles whose code is damaged are coarse; no tile is proven."""
        pixels = received.pixels
        reading = detection.reading if isinstance(detection.reading, _Reading) else None
        reading = reading or _Reading.of(pixels)
        if reading is None:
            raise Unreadable(TOO_MUCH_CHANGED)
        return Restored(extract(pixels, progress, reading), reading.trust(*pixels.shape[:2]))


def embed(
    photo: NDArray[np.uint8],
    look: NDArray[np.uint8],
    progress: Progress | None = None,
    bits: int | None = None,
) -> NDArray[np.uint8]:
    """A picture like `look` that carries `photo`; all H x W x 3 uint8 of equal shape.

    Args:
        bits: that pixels carry, one of `lossless_plan.BITS`; None: what is best.

    Raises:
        NoRoom: where the picture is too small.
    """
    report = progress or (lambda done: None)
    cut, carriers = _cut(look)
    bits = bits or lossless_plan.best_bits(photo, look)
    report(0.3)
    for share in _SHARES:
        plan = lossless_plan.plan(photo, look, bits, share, cut, carriers)
        writer = _Writer(photo, look, cut, carriers, plan)
        container = writer.write(lambda done: report(0.3 + 0.69 * done))
        if container is not None:
            report(1.0)
            return with_watermark(container, NUMBER)
    height, width = look.shape[:2]
    raise NoRoom(Problem("too-small", width=width, height=height, least=ENOUGH))


def _cut(picture: NDArray[np.uint8]) -> tuple[list[Tile], list[Carriers]]:
    """The tiles of a picture, and which of their pixels carry bits."""
    height, width = picture.shape[:2]
    marked = np.zeros(height * width, bool)
    marked[marked_samples(height, width) // 3] = True
    cut = tiles(height, width)
    return cut, [Carriers(tile, marked.reshape(height, width)) for tile in cut]


def _classes(tile: NDArray[np.uint8]) -> NDArray[np.float64]:
    """What the last tile's prediction is made from: the middles of classes of two levels."""
    return (tile & 0xFE).astype(np.float64) + 0.5


class _Writer:
    """One attempt to write a container."""

    def __init__(
        self,
        photo: NDArray[np.uint8],
        look: NDArray[np.uint8],
        cut: list[Tile],
        carriers: list[Carriers],
        plan: Plan,
    ) -> None:
        self._photo, self._look, self._cut, self._carriers = photo, look, cut, carriers
        self._plan = plan
        self._tables = plan.tables.pack()
        self._data = bytearray(self._tables)
        self._waiting = len(self._data)  # bytes that are not written yet
        self._records: list[Record] = []
        self._last, self._others = plan.order[:LAST], plan.order[LAST:]
        self._copies = 1 if is_tiny(look) else 2
        self._room_at_last = sum(carriers[i].capacity(LAST_BITS) for i in self._last)
        self._room_at_last -= self._copies * head_size(len(cut), is_tiny(look))
        self._copy = self._tables if tables_copied(look) else b""

    def write(self, progress: Progress) -> NDArray[np.uint8] | None:
        """The container, without its watermark; None where the codes did not fit."""
        if self._room_at_last < 0:
            return None
        container = self._look.copy()
        for i in self._last:
            self._code(i, _classes(self._cut[i].of(container)))
        self._data += self._copy
        self._waiting += len(self._copy)
        for count, i in enumerate(self._others):
            first = len(self._data) - self._waiting
            carried = self._data[first : first + self._carriers[i].capacity(self._plan.bits)]
            self._carriers[i].write(container, bytes(carried), self._plan.bits)
            self._waiting -= len(carried)
            self._code(i, self._cut[i].of(container))
            progress((count + 1) / len(self._others))
        if self._waiting > self._room_at_last:
            return None
        self._write_last(container, bytes(self._data[len(self._data) - self._waiting :]))
        return container

    def _code(self, i: int, container: NDArray[np.generic]) -> None:
        """Append the code of what a tile's prediction misses."""
        plan = self._plan
        predicted = lossless_prediction.predict(container, plan.prediction)
        coefficients = lossless_plan.missed(self._cut[i].of(self._photo), predicted)
        step = self._step()
        code = plan.tables.encode(tile_codec.quantise(coefficients, step))
        if i == plan.order[-1]:  # nothing comes after it: as fine as there is room
            while self._waiting + len(code) > self._room_at_last and step < _COARSEST:
                step += 1
                code = plan.tables.encode(tile_codec.quantise(coefficients, step))
        self._records.append(Record(i, step, len(code), zlib.crc32(code)))
        self._data += code
        self._waiting += len(code)

    def _step(self) -> int:
        """The finest step for the next tile that should leave room for those after it."""
        step = self._plan.step
        while step > 0 and self._should_fit(step - 1):
            step -= 1
        while step < _COARSEST and not self._should_fit(step):
            step += 1
        return step

    def _should_fit(self, step: int) -> bool:
        """Whether all tiles to come would find room with that step."""
        plan, waiting = self._plan, float(self._waiting)
        places = plan.order[len(self._records) :]
        if len(self._records) < len(self._last):
            waiting += len(self._copy)
        for i, after in zip(places, [*places[1:], None], strict=True):
            waiting += plan.bytes_of(i, step)
            if after is not None and after not in self._last:
                waiting -= min(waiting, self._carriers[after].capacity(plan.bits))
        return waiting <= self._room_at_last - plan.slack

    def _write_last(self, container: NDArray[np.uint8], data: bytes) -> None:
        """Into the last tiles: the head, what is left, and at the end the head once more."""
        plan, tables = self._plan, self._tables
        first, second = (self._carriers[i] for i in (self._last[0], self._last[-1]))
        records = tuple(self._records)
        head = Head(plan.bits, len(tables), zlib.crc32(tables), plan.prediction, records).pack()
        data = head + data
        room = first.capacity(LAST_BITS)
        first.write_lowest(container, data[:room])
        second.write_lowest(container, data[room:])
        if self._copies > 1:
            second.write_lowest(container, head, second.capacity(LAST_BITS) - len(head))


def extract(
    container: NDArray[np.uint8],
    progress: Progress | None = None,
    reading: _Reading | None = None,
) -> NDArray[np.uint8]:
    """The photo in a container; H x W x 3 uint8 in and out.

    A tile whose code is damaged becomes what its prediction says.

    Args:
        reading: what was read of the container already.

    Raises:
        Unreadable: where the head is damaged.
    """
    report = progress or (lambda share: None)
    reading = reading or _Reading.of(container)
    if reading is None:
        raise Unreadable(TOO_MUCH_CHANGED)
    cut, head, found = reading.cut, reading.head, reading.decoded()
    report(0.5)
    photo = np.empty_like(container)
    last = [record.tile for record in head.records[:LAST]]
    for done, record in enumerate(head.records):
        tile = cut[record.tile]
        seen = tile.of(container)
        values = lossless_prediction.predict(
            _classes(seen) if record.tile in last else seen, head.prediction
        )
        if record.tile in found:
            residual = tile_codec.reconstruct(found[record.tile], record.step)
            values += residual[: values.shape[0], : values.shape[1]]
        tile.of(photo)[:] = np.clip(np.rint(values), 0, 255)
        report(0.5 + 0.5 * (done + 1) / len(cut))
    return photo


def _find_head(container: NDArray[np.uint8], carriers: list[Carriers]) -> Head | None:
    size = head_size(len(carriers), is_tiny(container))
    for one in carriers:
        lowest = one.read_lowest(container)
        for data in (lowest[:size], lowest[-size:]):
            head = Head.unpack(data, len(carriers))
            if head is not None:
                return head
    return None


@dataclass(frozen=True, eq=False)
class _Reading:
    """What a container says, as far as its checksums vouch for it.

    Attributes:
        cut: the picture's tiles.
        head: its head.
        tables: packed; empty where they are damaged.
        codes: of the undamaged tiles.
    """

    cut: list[Tile]
    head: Head
    tables: bytes
    codes: dict[int, bytes]

    @staticmethod
    def of(container: NDArray[np.uint8]) -> _Reading | None:
        """Of a picture (H x W x 3); None where its head is damaged."""
        cut, carriers = _cut(container)
        head = _find_head(container, carriers)
        if head is None:
            return None
        last, others = head.records[:LAST], head.records[LAST:]
        copy = head.tables_length + sum(record.length for record in last)
        copied = head.tables_length if tables_copied(container) else 0
        carried = portions(
            (record.length for record in others),
            copy + copied,
            (carriers[record.tile].capacity(head.bits) for record in others),
        )
        parts = [
            carriers[record.tile].read(container, head.bits)[:size]
            for record, size in zip(others, carried, strict=True)
        ]
        rest = b"".join(carriers[record.tile].read_lowest(container) for record in last)
        data = b"".join([*parts, rest[head_size(len(cut), is_tiny(container)) :]])
        tables = (data[: head.tables_length], data[copy : copy + copied])
        packed = next((t for t in tables if zlib.crc32(t) == head.tables_crc), b"")
        codes, first = {}, head.tables_length
        for i, record in enumerate(head.records):
            if i == LAST:
                first += copied
            code = data[first : first + record.length]
            first += record.length
            if packed and zlib.crc32(code) == record.crc:
                codes[record.tile] = code
        return _Reading(cut, head, packed, codes)

    @property
    def damaged(self) -> float:
        """Share of the picture's pixels whose code is damaged."""
        lost = sum(tile.pixels for i, tile in enumerate(self.cut) if i not in self.codes)
        return lost / sum(tile.pixels for tile in self.cut)

    def trust(self, height: int, width: int) -> NDArray[np.uint8]:
        """See `Restored`, of a picture of that size."""
        result = np.full(squares_of(height, width), Trust.UNPROVEN, np.uint8)
        for i, tile in enumerate(self.cut):
            if i not in self.codes:
                rows = slice(tile.top // SQUARE, -(-tile.bottom // SQUARE))
                result[rows, tile.left // SQUARE : -(-tile.right // SQUARE)] = Trust.COARSE
        return result

    def decoded(self) -> dict[int, NDArray[np.int32]]:
        """The coefficients of the undamaged tiles."""
        if not self.codes:
            return {}
        try:
            tables = Tables.unpack(self.tables)
            sizes = [self.cut[i].blocks for i in self.codes]
            decoded = tables.decode(list(self.codes.values()), sizes)
        except rans.CorruptCode:
            return {}
        return dict(zip(self.codes, decoded, strict=True))
