"""The containers that there are: each version of each kind."""

from __future__ import annotations

import dataclasses
import itertools

from models.containers import turns
from models.containers.container import (
    Container,
    Detection,
    Mark,
    Medium,
    Place,
    Progress,
    Readable,
    Received,
    Restored,
)
from models.containers.jpeg.container import JpegContainer
from models.containers.lock import IS_LOCKED
from models.containers.lossless import LosslessContainer
from models.containers.surviving.container import SurvivingLayer, layered
from models.containers.watermark import CERTAIN
from models.problems import Unreadable

CONTAINERS: list[Container] = [
    LosslessContainer(layered),
    JpegContainer(layered),
]
"""Older ones first: of those that fit a file, exports use the last."""

LAYERS: list[Readable] = [SurvivingLayer()]
"""What is written below a container and never alone."""


def readable() -> list[Readable]:
    """All that are restored."""
    return [*CONTAINERS, *LAYERS]


def for_export(medium: Medium) -> Container | None:
    """The container of an export into such a file; None where it cannot carry anything."""
    return next((c for c in reversed(CONTAINERS) if c.fits(medium)), None)


def assumed() -> Detection:
    """The detection used when a restore is forced on a picture that is not recognised: the newest
    lossless container."""
    return next(d for c in reversed(readable()) if (d := c.assumed()) is not None)


def detect(received: Received) -> Detection | None:
    """What container a picture is, whatever its metadata say; None: none.

    One that is too damaged to be read gives way to a layer for copies, where there is one.
    """
    found = _in_the_file_itself(received)
    if found is not None and (found.lost is None or found.lost.code != "changed-too-much"):
        return found
    for place in dict.fromkeys(container.place for container in readable()):
        mark = place.read(received, _by_number(place)) if place.last else None
        below = None if mark is None else _detected(received, place, mark)
        if below is not None and (found is None or below.lost is None):
            return below
    return found


def _in_the_file_itself(received: Received) -> Detection | None:
    """The same of the places that are not the last ones."""
    every = dict.fromkeys(container.place for container in readable())
    places = [place for place in every if not place.last]
    for place in places:
        mark = place.read(received, _by_number(place))
        if mark is not None:
            return _detected(received, place, mark)
    for place, turn in itertools.product([p for p in places if p.turns], turns.TURNS):
        mark = place.read(Received(turns.turned(received.pixels, turn)), _by_number(place))
        if mark is not None and mark.recognition.chance * len(turns.TURNS) < CERTAIN:
            found = _detected(turns.received(received, turn), place, mark)
            return _as_received(found, received, turn)
    return None


def _by_number(place: Place) -> dict[int, Readable]:
    return {n: c for c in readable() if c.place is place for n in c.numbers}


def _detected(received: Received, place: Place, mark: Mark) -> Detection:
    container = _by_number(place).get(mark.recognition.number)
    return place.unknown(mark) if container is None else container.detect(received, mark)


def unlocked(received: Received, detection: Detection, passphrase: str) -> Detection:
    """What is known of a locked container with its passphrase; of any other nothing else.

    Raises WrongPassphrase.
    """
    if detection.lost != IS_LOCKED:
        return detection
    container = next(c for c in CONTAINERS if c.id == detection.version)
    picture = turns.received(received, detection.turn)
    return _as_received(
        container.unlocked(picture, detection, passphrase), received, detection.turn
    )


def _as_received(found: Detection, received: Received, turn: int) -> Detection:
    """Of a picture that was turned to be read: the same of the picture as it was received."""
    trust = found.trust
    if trust is not None and turn:
        trust = turns.squares_back(trust, turn, *received.pixels.shape[:2])
    return dataclasses.replace(found, turn=turn, trust=trust)


def extract(
    received: Received,
    detection: Detection,
    device: str,
    progress: Progress | None = None,
) -> Restored:
    """The photo in a container, by the version that was detected; see `Readable.extract`."""
    if detection.lost:
        raise Unreadable(detection.lost)
    container = next(c for c in readable() if c.id == detection.version)
    picture = turns.received(received, detection.turn)
    restored = container.extract(picture, detection, device, progress)
    return turns.restored_back(restored, detection.turn)
