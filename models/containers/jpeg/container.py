"""The kind of container that JPEG files are."""

from __future__ import annotations

import dataclasses

import numpy as np
from numpy.typing import NDArray

from models.containers.container import (
    NOTHING_BESIDES,
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
)
from models.containers.jpeg import hiding, refining, turns
from models.containers.jpeg.place import JPEG_SQUARES
from models.containers.jpeg.reading import LockedReading, Reading
from models.containers.jpeg.turns import Turn
from models.containers.lock import IS_LOCKED
from models.problems import Problem, Unreadable

TOO_MUCH_CHANGED = Problem("changed-too-much")
"""Why a recognised container cannot be read any more."""


@dataclasses.dataclass(frozen=True, eq=False)
class _Upright:
    """A container that was read.

    Attributes:
        reading: as it was made.
        turn: by which the file's picture becomes that.
    """

    reading: Reading | LockedReading
    turn: Turn

    def as_received(self, pixels: NDArray[np.generic], orientation: int) -> NDArray[np.generic]:
        """A picture (H x W or H x W x 3) of the container's, turned like the pixels received."""
        unit = self.reading.container.unit
        return turns.upright(turns.turned_back(pixels, self.turn, unit), orientation)

    def trust(self, orientation: int) -> NDArray[np.uint8]:
        """See `Restored`, turned like the pixels received."""
        made = self.reading.container
        pixels = self.reading.squares.repeat(16, axis=0).repeat(16, axis=1)
        seen = self.as_received(pixels[: made.height, : made.width], orientation)
        rows, columns = (np.minimum(np.arange(8, n + 8, 16), n - 1) for n in seen.shape)
        return np.asarray(seen[rows[:, None], columns[None]], np.uint8)


class JpegContainer(Container):
    """In the coefficients of JPEG files.

    Args:
        layer: makes a second layer below, one that outlives compression.
    """

    id = f"jpeg-{hiding.VERSION}"
    place = JPEG_SQUARES
    numbers = (hiding.VERSION, hiding.LOCKED_VERSION)
    survives = frozenset({Change.METADATA_REMOVED})

    def __init__(self, layer: Layer | None = None) -> None:
        self._layer = layer

    def fits(self, medium: Medium) -> bool:
        """For JPEG files."""
        return medium.kind == "jpeg"

    def weights(self) -> tuple[str, ...]:
        """Those that restored photos are mended with."""
        return (refining.weights(),)

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
        layered = None
        if self._layer is not None and besides.lock is None:
            layered = self._layer(photo, look, medium)
        quality, chroma = medium.quality, medium.subsampling
        mend = refining.with_network(device)
        made = hiding.embed(photo, look, quality, chroma, progress, layered, besides, mend=mend)
        return Embedding(made)

    def detect(self, received: Received, mark: Mark) -> Detection:
        """See `Container.detect`. Everything is read but what tiles' codes mean."""
        assert received.coefficients is not None
        assert isinstance(mark.reading, tuple)
        turn: Turn = mark.reading
        as_made = turns.turned(received.coefficients, turn)
        number = mark.recognition.number
        if number == hiding.LOCKED_VERSION:
            locked = LockedReading.of(as_made, number)
            if locked is None:
                return dataclasses.replace(self.found(mark, TOO_MUCH_CHANGED), locked=True)
            upright = _Upright(locked, turn)
            trust, found = upright.trust(received.orientation), self.found(mark, IS_LOCKED, upright)
            return dataclasses.replace(found, trust=trust, locked=True)
        reading = Reading.of(as_made, number)
        if reading is None:
            return self.found(mark, TOO_MUCH_CHANGED)
        return _read(self.found(mark), reading, turn, received.orientation)

    def unlocked(self, received: Received, detection: Detection, passphrase: str) -> Detection:
        """See `Container.unlocked`."""
        upright = detection.reading
        assert isinstance(upright, _Upright)
        assert isinstance(upright.reading, LockedReading)
        reading = upright.reading.opened(passphrase)
        if reading is None:
            return dataclasses.replace(detection, lost=TOO_MUCH_CHANGED, trust=None)
        return _read(detection, reading, upright.turn, received.orientation)

    def extract(
        self,
        received: Received,
        detection: Detection,
        device: str,
        progress: Progress | None = None,
    ) -> Restored:
        """See `Container.extract`."""
        upright = detection.reading
        reading = upright.reading if isinstance(upright, _Upright) else None
        if not isinstance(reading, Reading) or detection.trust is None:
            raise Unreadable(detection.lost or TOO_MUCH_CHANGED)
        assert isinstance(upright, _Upright)
        mend, report = None, progress or (lambda share: None)
        if reading.header.refinement:
            mend = refining.with_network(device, lambda share: report(0.6 + 0.4 * share))
        photo = reading.restored(lambda share: report(0.6 * share), mend)
        pixels = upright.as_received(photo, received.orientation)
        return Restored(np.asarray(pixels, np.uint8), detection.trust)


def _read(found: Detection, reading: Reading, turn: Turn, orientation: int) -> Detection:
    """What a container says, besides what was found out already."""
    upright = _Upright(reading, turn)
    return dataclasses.replace(
        found,
        lost=None,
        reading=upright,
        trust=upright.trust(orientation),
        attached=reading.attached,
        doubtful=reading.header.doubtful,
    )
