"""Lossless containers: in the levels of the look's own pixels, the photo as far as they miss it.

    embed:   look -> tile by tile: symbols written -> prediction -> what it misses -> symbols ...
    extract: container -> symbols and prediction -> photo

What the pixels themselves tell of the photo, by the prediction, need not be written; the residual
is coded as finely as there is room. How that fits together is told in `lossless_layout`.
"""

from __future__ import annotations

import dataclasses
import zlib

import numpy as np
from numpy.typing import NDArray

from models.coding import tile_codec
from models.containers import lossless_plan, lossless_prediction, lossless_tables
from models.containers.container import (
    NOTHING_BESIDES,
    SQUARE,
    Besides,
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
    unknown_version,
)
from models.containers.lock import IS_LOCKED, LOCKED, TAG
from models.containers.lossless_cut import Cut, squares_in
from models.containers.lossless_layout import (
    LAST,
    LAST_BITS,
    TABLES,
    TILES,
    Head,
    LockedHead,
    Record,
    head_size,
    is_tiny,
    most_attached,
    seed_of,
    tiles,
)
from models.containers.lossless_plan import Plan
from models.containers.lossless_reading import LockedReading, Reading
from models.containers.lossless_tables import piece_count
from models.containers.places import LOWEST_BITS_OF_GREEN
from models.containers.watermark import can_carry_watermark, with_watermark
from models.problems import NoRoom, Problem, Unreadable

LAYOUT = 4
"""Version of the layout."""

NUMBER = LAYOUT << 8
"""What the watermark says."""

LOCKED_NUMBER = (LAYOUT | LOCKED) << 8
"""What that of a locked container says."""

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
    numbers = (NUMBER, LOCKED_NUMBER)
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
        besides: Besides = NOTHING_BESIDES,
    ) -> Embedding:
        """See `Container.embed`."""
        layered = look
        if self._layer is not None and besides.lock is None:  # the layer tells of the photo
            layered = self._layer(photo, look, medium)
        return Embedding(embed(photo, layered, progress, besides=besides))

    def detect(self, received: Received, mark: Mark) -> Detection:
        """See `Container.detect`."""
        if mark.recognition.number == LOCKED_NUMBER:
            locked = LockedReading.of(received.pixels)
            if locked is None or locked.lost:
                return dataclasses.replace(self.found(mark, TOO_MUCH_CHANGED), locked=True)
            found = self.found(mark, IS_LOCKED, locked)
            return dataclasses.replace(found, trust=locked.trust, locked=True)
        reading = Reading.of(received.pixels)
        if reading is None or reading.lost:
            return self.found(mark, TOO_MUCH_CHANGED)
        return self._read(self.found(mark), reading)

    def _read(self, found: Detection, reading: Reading) -> Detection:
        """What a container says, besides what was found out already."""
        if reading.head.unknown:
            why = unknown_version(self.place.kind, f"{LAYOUT}+")
            return dataclasses.replace(found, lost=why, trust=None)
        return dataclasses.replace(
            found,
            lost=None,
            reading=reading,
            trust=reading.trust,
            attached=reading.attached,
            doubtful=reading.head.doubtful,
        )

    def unlocked(self, received: Received, detection: Detection, passphrase: str) -> Detection:
        """See `Container.unlocked`."""
        locked = detection.reading
        assert isinstance(locked, LockedReading)
        reading = locked.opened(received.pixels, passphrase)
        if reading is None:
            return dataclasses.replace(detection, lost=TOO_MUCH_CHANGED, trust=None)
        return self._read(detection, reading)

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
        """See `Container.extract`."""
        reading = detection.reading if isinstance(detection.reading, Reading) else None
        return extract(received.pixels, progress, reading)


def embed(
    photo: NDArray[np.uint8],
    look: NDArray[np.uint8],
    progress: Progress | None = None,
    bits: int | None = None,
    besides: Besides = NOTHING_BESIDES,
) -> NDArray[np.uint8]:
    """A picture like `look` that carries `photo`; all H x W x 3 uint8 of equal shape.

    Args:
        bits: that pixels carry, one of `lossless_plan.BITS`; None: what is best.
        besides: goes along; what is attached, behind the tables.

    Raises:
        NoRoom: where the picture is too small.
    """
    report = progress or (lambda done: None)
    height, width = look.shape[:2]
    too_small = NoRoom(Problem("too-small", width=width, height=height, least=ENOUGH))
    if not can_carry_watermark(height, width):
        raise too_small
    locked = besides.lock is not None
    squares = squares_in(look, locked)
    if not squares.holds(head_size(len(tiles(height, width)), is_tiny(look), locked)):
        raise too_small
    bits = bits or lossless_plan.best_bits(photo, look)
    cut = Cut.of(squares, bits)
    if len(besides.attached) > most_attached(look):
        besides = dataclasses.replace(besides, attached=b"")
    report(0.3)
    for share in _SHARES:
        plan = lossless_plan.plan(photo, look, bits, share, cut.tiles, cut.carriers)
        writer = _Writer(photo, look, cut, plan, besides)
        container = writer.write(lambda done: report(0.3 + 0.69 * done))
        if container is not None:
            report(1.0)
            return container
    raise too_small


class _Writer:
    """One attempt to write a container."""

    def __init__(
        self,
        photo: NDArray[np.uint8],
        look: NDArray[np.uint8],
        cut: Cut,
        plan: Plan,
        besides: Besides,
    ) -> None:
        self._photo, self._look, self._cut = photo, look, cut
        self._plan, self._carriers = plan, cut.carriers
        self._lock, self._doubtful = besides.lock, besides.doubtful
        self._tables = self._sealed(TABLES, plan.tables.pack() + besides.attached)
        count = piece_count(look.shape[0] * look.shape[1], len(cut.tiles) - LAST)
        self._pieces = lossless_tables.pieces(self._tables, count) if count else []
        self._data = bytearray(b"" if count else self._tables)
        self._waiting = len(self._data)  # bytes that are not written yet
        self._records: list[Record] = []
        self._last, self._others = plan.order[:LAST], plan.order[LAST:]
        self._room_at_last = sum(cut.carriers[i].capacity(LAST_BITS) for i in self._last)

    def write(self, progress: Progress) -> NDArray[np.uint8] | None:
        """The container; None where the codes did not fit."""
        container = with_watermark(self._look, NUMBER if self._lock is None else LOCKED_NUMBER)
        for i in self._last:
            self._code(container, i)
        for count, i in enumerate(self._others):
            first = len(self._data) - self._waiting
            carried = self._data[first : first + self._carriers[i].capacity(self._plan.bits)]
            self._carriers[i].write(container, bytes(carried), self._plan.bits)
            self._waiting -= len(carried)
            self._code(container, i)
            progress((count + 1) / len(self._others))
        if self._waiting > self._room_at_last:
            return None
        rest = bytes(self._data[len(self._data) - self._waiting :])
        start, end = self._carriers[self._last[0]], self._carriers[self._last[-1]]
        room = start.capacity(LAST_BITS)
        start.write_lowest(container, rest[:room])
        end.write_lowest(container, rest[room:])
        every = self._cut.carried(container, self._last, self._plan.bits)
        self._cut.parity.write(container, b"".join(every))
        self._write_head(container)
        return container

    def _sealed(self, number: int, message: bytes) -> bytes:
        """As it is written."""
        return message if self._lock is None else self._lock.seal(number, message)

    def _code(self, container: NDArray[np.uint8], i: int) -> None:
        """Append the code of what a tile's prediction misses."""
        plan = self._plan
        seen = self._cut.seen(container, i, last=i in self._last)
        predicted = lossless_prediction.predict(seen, plan.prediction)
        coefficients = lossless_plan.missed(self._cut.tiles[i].of(self._photo), predicted)
        step = self._step()
        code = plan.tables.encode(tile_codec.quantise(coefficients, step))
        if i == plan.order[-1]:  # nothing comes after it: as fine as there is room
            room = self._room_at_last - len(self._piece_before(len(self._records)))
            room -= 0 if self._lock is None else TAG
            while self._waiting + len(code) > room and step < _COARSEST:
                step += 1
                code = plan.tables.encode(tile_codec.quantise(coefficients, step))
        code = self._sealed(TILES + i, code)
        piece = self._piece_before(len(self._records))
        self._records.append(Record(i, step, len(code), zlib.crc32(code)))
        self._data += piece + code
        self._waiting += len(piece) + len(code)

    def _piece_before(self, place: int) -> bytes:
        """The piece of the tables before the code of a tile, by its place in the order."""
        place -= len(self._last)
        return self._pieces[place] if 0 <= place < len(self._pieces) else b""

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
        done = len(self._records)
        places = plan.order[done:]
        for place, (i, after) in enumerate(zip(places, [*places[1:], None], strict=True)):
            waiting += plan.bytes_of(i, step) + len(self._piece_before(done + place))
            if after is not None and after not in self._last:
                waiting -= min(waiting, self._carriers[after].capacity(plan.bits))
        return waiting <= self._room_at_last - plan.slack

    def _write_head(self, container: NDArray[np.uint8]) -> None:
        """The head, and the checks of all squares."""
        plan, tables, squares = self._plan, self._tables, self._cut.squares
        crc, digest = zlib.crc32(tables), squares.digest(container)
        records = tuple(self._records)
        head = Head(plan.bits, len(tables), crc, plan.prediction, records, digest, self._doubtful)
        written = head.pack()
        if self._lock is not None:
            written = LockedHead.of(head, self._lock).pack()
        squares.write_head(container, written)
        squares.write_checks(container, seed_of(written))


def extract(
    container: NDArray[np.uint8],
    progress: Progress | None = None,
    reading: Reading | None = None,
) -> Restored:
    """The photo in a container, H x W x 3 uint8.

    A tile whose code is damaged becomes what its prediction says, with the frequencies that come
    before the damage; squares that were changed since are left as they are.

    Args:
        reading: what was read of the container already.

    Raises:
        Unreadable: where the head is damaged, or nothing is left as it was.
    """
    report = progress or (lambda share: None)
    reading = reading or Reading.of(container)
    if reading is None or reading.lost:
        raise Unreadable(TOO_MUCH_CHANGED)
    cut, head, found = reading.cut, reading.head, reading.decoded
    report(0.5)
    photo = np.empty_like(container)
    for done, record in enumerate(head.records):
        seen = cut.seen(container, record.tile, last=done < LAST)
        values = lossless_prediction.predict(seen, head.prediction)
        if record.tile in found:
            residual = tile_codec.reconstruct(found[record.tile], record.step)
            values += residual[: values.shape[0], : values.shape[1]]
        cut.tiles[record.tile].of(photo)[:] = np.clip(np.rint(values), 0, 255)
        report(0.5 + 0.5 * (done + 1) / len(cut.tiles))
    changed = reading.changed.repeat(SQUARE, 0).repeat(SQUARE, 1)
    changed = changed[: photo.shape[0], : photo.shape[1]]
    photo[changed] = container[changed]
    return Restored(photo, reading.trust)
