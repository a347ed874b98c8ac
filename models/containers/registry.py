"""The containers that there are: each version of each kind."""

from __future__ import annotations

from models.containers.container import (
    Container,
    Detection,
    Medium,
    Progress,
    Received,
    Restored,
)
from models.containers.jpeg.container import JpegContainer
from models.containers.lossless import LosslessContainer
from models.problems import Unreadable

CONTAINERS: list[Container] = [
    LosslessContainer(),
    JpegContainer(),
]
"""Older ones first: of those that fit a file, exports use the last. All of them are restored."""


def for_export(medium: Medium) -> Container | None:
    """The container of an export into such a file; None where it cannot carry anything."""
    return next((c for c in reversed(CONTAINERS) if c.fits(medium)), None)


def assumed() -> Detection:
    """The detection used when a restore is forced on a picture that is not recognised: the newest
    lossless container."""
    return next(d for c in reversed(CONTAINERS) if (d := c.assumed()) is not None)


def detect(received: Received) -> Detection | None:
    """What container a picture is, whatever its metadata say; None: none."""
    for place in dict.fromkeys(container.place for container in CONTAINERS):
        by_number = {n: c for c in CONTAINERS if c.place is place for n in c.numbers}
        mark = place.read(received, by_number)
        if mark is not None:
            container = by_number.get(mark.recognition.number)
            return place.unknown(mark) if container is None else container.detect(received, mark)
    return None


def extract(
    received: Received,
    detection: Detection,
    device: str,
    progress: Progress | None = None,
) -> Restored:
    """The photo in a container, by the version that was detected; see `Container.extract`."""
    if detection.lost:
        raise Unreadable(detection.lost)
    container = next(c for c in CONTAINERS if c.id == detection.version)
    return container.extract(received, detection, device, progress)
