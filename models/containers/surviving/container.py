"""The layer as a kind of container: what is left when a file's own container is gone.

It is never exported alone: other containers write theirs over it. What it gives is the photo as
large as the picture was received, as well as what came through tells.
"""

from __future__ import annotations

import dataclasses
from collections.abc import Iterable

import numpy as np
from numpy.typing import NDArray

from models.containers.container import (
    SQUARE,
    Change,
    Detection,
    Mark,
    Medium,
    Place,
    Progress,
    Readable,
    Received,
    Restored,
    Trust,
    squares_of,
)
from models.containers.surviving import content, reading, writing
from models.containers.watermark import Recognition
from models.problems import Problem, Unreadable

TOO_STRONGLY = Problem("compressed-too-strongly")
"""Why a layer that is recognised cannot be read any more."""

LEAST_QUALITY = 75
"""Of JPEG files: at lower ones the layer would not outlive the export itself."""

_LOSSLESS_NOISE = 1.15
"""That the layer adds at most to files that keep every sample, levels² per sample: with what those
files' own containers add, they stay above 45 dB."""

_CHANCE = 1e-9
"""At most: that chance agrees with the pilots so well, or that the core's checksum holds."""


class _CanonicalPicture(Place):
    """In the luma of the canonical picture."""

    kind = "surviving"
    turns = False  # it finds out itself
    last = True

    def read(self, received: Received, numbers: Iterable[int]) -> Mark | None:
        """See `Place.read`; what else was read is a `reading.Found`."""
        found = reading.read(received.pixels)
        if found is None:
            return None
        number = found.core if isinstance(found.core, int) else content.VERSION
        return Mark(Recognition(number, number in set(numbers), 1.0, _CHANCE), found)


def layered(photo: NDArray[np.uint8], look: NDArray[np.uint8], medium: Medium) -> NDArray[np.uint8]:
    """What a container of such a file is to be made of instead of the look: the look with the layer
    in it; the look itself where there is no room, or where it is not wanted."""
    if not medium.outliving or (not medium.lossless and medium.quality < LEAST_QUALITY):
        return look
    result = writing.embed(photo, look, _LOSSLESS_NOISE if medium.lossless else None)
    return look if result is None else result


CANONICAL_PICTURE: Place = _CanonicalPicture()


class SurvivingLayer(Readable):
    """The layer that outlives resizing, cropping, turning and compression."""

    id = f"surviving-{content.VERSION}"
    place = CANONICAL_PICTURE
    numbers = (content.VERSION,)
    survives = frozenset(Change)

    def detect(self, received: Received, mark: Mark) -> Detection:
        """See `Readable.detect`."""
        assert isinstance(mark.reading, reading.Found)
        found = mark.reading
        lost = TOO_STRONGLY if found.shown is None else None
        detection = dataclasses.replace(self.found(mark, lost, found), shown=found.shown)
        if found.shown is None:
            return detection
        return dataclasses.replace(detection, trust=_trusted(received.pixels.shape, found))

    def extract(
        self,
        received: Received,
        detection: Detection,
        device: str,
        progress: Progress | None = None,
    ) -> Restored:
        """See `Readable.extract`. Checksums prove what is carried, and nothing of the rest."""
        found = detection.reading
        if not isinstance(found, reading.Found) or found.shown is None:
            raise Unreadable(TOO_STRONGLY)
        pixels = reading.restore(received.pixels, found)
        return Restored(pixels, _trusted(pixels.shape, found))


def _trusted(shape: tuple[int, ...], found: reading.Found) -> NDArray[np.uint8]:
    """For each square; what is beyond the export was added since."""
    shown, trust = found.shown, Trust.UNPROVEN if found.bodies else Trust.COARSE
    assert shown is not None
    height, width = shape[:2]
    squares = np.full(squares_of(height, width), Trust.CHANGED, np.uint8)
    top, left, bottom, right = shown.box
    down, across = height / (bottom - top) / SQUARE, width / (right - left) / SQUARE
    rows = slice(round(max(0.0, -top * down)), round((shown.exported[0] - top) * down + 0.5))
    columns = slice(
        round(max(0.0, -left * across)), round((shown.exported[1] - left) * across + 0.5)
    )
    squares[rows, columns] = trust
    return squares
