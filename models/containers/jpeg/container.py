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
from models.containers.jpeg import hiding, turns
from models.containers.jpeg.place import JPEG_SQUARES
from models.containers.jpeg.reading import Reading
from models.containers.jpeg.turns import Turn
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

    reading: Reading
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
    numbers = (hiding.VERSION,)
    survives = frozenset({Change.METADATA_REMOVED})

    def __init__(self, layer: Layer | None = None) -> None:
        self._layer = layer

    def fits(self, medium: Medium) -> bool:
        """For JPEG files."""
        return medium.kind == "jpeg"

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
        layered = None if self._layer is None else self._layer(photo, look, medium)
        quality, chroma = medium.quality, medium.subsampling
        made = hiding.embed(photo, look, quality, chroma, progress, layered, besides)
        return Embedding(made)

    def detect(self, received: Received, mark: Mark) -> Detection:
        """See `Container.detect`. Everything is read but what tiles' codes mean."""
        assert received.coefficients is not None
        assert isinstance(mark.reading, tuple)
        turn: Turn = mark.reading
        as_made = turns.turned(received.coefficients, turn)
        reading = Reading.of(as_made, mark.recognition.number)
        if reading is None:
            return self.found(mark, TOO_MUCH_CHANGED)
        upright = _Upright(reading, turn)
        trust = upright.trust(received.orientation)
        found = self.found(mark, reading=upright)
        return dataclasses.replace(
            found, trust=trust, attached=reading.attached, doubtful=reading.header.doubtful
        )

    def extract(
        self,
        received: Received,
        detection: Detection,
        device: str,
        progress: Progress | None = None,
    ) -> Restored:
        """See `Container.extract`."""
        upright = detection.reading
        if not isinstance(upright, _Upright) or detection.trust is None:
            raise Unreadable(TOO_MUCH_CHANGED)
        photo = upright.reading.restored(progress or (lambda share: None))
        pixels = upright.as_received(photo, received.orientation)
        return Restored(np.asarray(pixels, np.uint8), detection.trust)
