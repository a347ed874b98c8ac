"""Every kind of container is found by what its pixels say, and versions to come are named."""

from __future__ import annotations

from dataclasses import replace
from unittest import mock

import numpy as np
import pytest

from models.containers import coefficients, lossless, registry, turns
from models.containers.container import (
    NOTHING_BESIDES,
    PNG,
    Change,
    Detection,
    JpegSettings,
    Mark,
    Medium,
    Received,
    Trust,
)
from models.containers.jpeg import hiding, messages
from models.containers.jpeg.container import JpegContainer
from models.containers.jpeg.layout import HEADER
from models.containers.jpeg.place import JPEG_SQUARES
from models.containers.lossless import LosslessContainer
from models.containers.watermark import with_watermark
from models.jpeg_transform import ZIGZAG
from models.metrics import psnr
from models.operators.registry import OPERATORS
from models.problems import Problem, Unreadable
from tests.models.natural_pictures import natural

CPU = "cpu"
JPEG = JpegSettings(92, "420")
MEDIA = (PNG, Medium.jpeg(JPEG))


@pytest.fixture(scope="module")
def photo() -> np.ndarray:
    return natural(208, 264, seed=6)


def exported(photo: np.ndarray, medium: Medium) -> Received:
    """What is read back from an export of a look of the photo."""
    look = np.asarray(OPERATORS["exposure"](photo, 1.0))
    container = registry.for_export(medium)
    assert container is not None
    embedded = container.embed(photo, look, medium, CPU)
    return Received(embedded.pixels, embedded.coefficients)


@pytest.mark.parametrize("medium", MEDIA)
def test_what_an_export_uses_is_found_again(photo: np.ndarray, medium: Medium) -> None:
    received = exported(photo, medium)
    found = registry.detect(received)
    container = registry.for_export(medium)
    assert found is not None
    assert container is not None
    assert (found.version, found.container) == (container.id, container.place.kind)
    assert found.survives == container.survives
    assert not found.lost
    restored = registry.extract(received, found, CPU).pixels
    look = np.asarray(OPERATORS["exposure"](photo, 1.0))
    assert psnr(restored, photo) > psnr(look, photo) + 2


def test_a_jpeg_is_read_once(photo: np.ndarray, monkeypatch: pytest.MonkeyPatch) -> None:
    received = exported(photo, MEDIA[1])
    read: list[object] = []
    of_message = messages.read

    def counted(planes, grid, area, cut, size):  # type: ignore[no-untyped-def]
        read.append(area)
        return of_message(planes, grid, area, cut, size)

    monkeypatch.setattr(messages, "read", counted)
    found = registry.detect(received)
    assert found is not None
    assert registry.extract(received, found, CPU).pixels.shape == photo.shape
    assert len(read) == 4, "each tile"


def test_one_that_cannot_be_read_gives_way_to_the_layer_for_copies() -> None:
    photo = natural(432, 768, seed=8)
    received = exported(photo, Medium.jpeg(JPEG))
    made = received.coefficients
    assert made is not None
    luma = made.planes[0].copy()
    ours = luma[1::2].reshape(-1, luma.shape[1], 64)  # every second row of blocks
    ours[:, :, ZIGZAG[list(HEADER)]] ^= ours[:, :, ZIGZAG[list(HEADER)]] > 1
    changed = replace(made, planes=(luma, *made.planes[1:]))
    damaged = Received(coefficients.shown(changed), changed)
    in_file = JPEG_SQUARES.read(damaged, (hiding.VERSION,))
    assert in_file is not None
    assert JpegContainer().detect(damaged, in_file).lost == Problem("changed-too-much")
    found = registry.detect(damaged)
    assert found is not None
    assert (found.version, found.lost) == ("surviving-2", None)
    restored = registry.extract(damaged, found, CPU)
    assert (restored.trust == Trust.UNPROVEN).all()
    assert psnr(restored.pixels, photo) > psnr(damaged.pixels, photo) + 6


def test_every_container_says_what_it_is() -> None:
    ids = [container.id for container in registry.readable()]
    assert len(set(ids)) == len(ids)
    numbers = [(c.place, n) for c in registry.readable() for n in c.numbers]
    assert len(set(numbers)) == len(numbers)
    for container in registry.readable():
        assert container.id.startswith(container.place.kind)
        assert Change.METADATA_REMOVED in container.survives
    for container in registry.CONTAINERS:
        assert sum(container.fits(medium) for medium in MEDIA) == 1


def test_no_container_is_for_formats_that_nobody_knows() -> None:
    assert registry.for_export(Medium("jpeg2000", lossless=False)) is None


def test_an_ordinary_picture_is_none() -> None:
    assert registry.detect(Received(natural(208, 264, seed=3))) is None


class Next(LosslessContainer):
    """The next version: as the one before, with another number and the picture inverted."""

    id = "lossless-5"
    numbers = (5 << 8, 5 << 8 | 1)

    def embed(self, photo, look, medium, device, progress=None, besides=NOTHING_BESIDES):  # type: ignore[no-untyped-def]
        with mock.patch.object(lossless, "NUMBER", self.numbers[1]):
            return super().embed(255 - photo, look, medium, device, progress, besides)

    def detect(self, received: Received, mark: Mark) -> Detection:
        return self.found(mark, reading="of version 5")

    def extract(self, received, detection, device, progress=None):  # type: ignore[no-untyped-def]
        assert detection.reading == "of version 5"
        restored = super().extract(received, detection, device, progress)
        return replace(restored, pixels=255 - restored.pixels)


@pytest.mark.parametrize("turn", range(8))
def test_a_lossless_container_may_be_turned_and_mirrored(photo: np.ndarray, turn: int) -> None:
    """Of any size, and with what was changed in it."""
    container = exported(photo[:, :250], PNG).pixels.copy()
    whole = registry.extract(Received(container), detected(container), CPU)
    container[20:40, 50:60] = 0
    straight = registry.extract(Received(container), detected(container), CPU)
    seen = np.ascontiguousarray(turns.turned(container, turn))
    found = detected(seen)
    restored = registry.extract(Received(seen), found, CPU)
    assert np.array_equal(turns.turned_back(restored.pixels, turn), straight.pixels)
    assert found.trust is not None
    assert np.array_equal(found.trust, restored.trust)
    each = restored.trust.repeat(16, 0).repeat(16, 1)[: seen.shape[0], : seen.shape[1]]
    proven = turns.turned_back(each, turn) == Trust.PROVEN
    assert proven.mean() > 0.4
    assert np.array_equal(straight.pixels[proven], whole.pixels[proven])
    assert (turns.turned_back(each, turn)[20:40, 50:60] == Trust.CHANGED).all()


def detected(pixels: np.ndarray) -> Detection:
    found = registry.detect(Received(pixels))
    assert found is not None
    return found


def test_two_versions_stand_side_by_side(
    photo: np.ndarray, monkeypatch: pytest.MonkeyPatch
) -> None:
    old = exported(photo, PNG)
    monkeypatch.setattr(registry, "CONTAINERS", [*registry.CONTAINERS, Next()])
    new = exported(photo, PNG)
    assert registry.assumed().version == "lossless-5"
    for received, version in ((old, registry.CONTAINERS[0].id), (new, "lossless-5")):
        found = registry.detect(received)
        assert found is not None
        assert (found.container, found.version) == ("lossless", version)
        assert psnr(registry.extract(received, found, CPU).pixels, photo) > 35
    monkeypatch.undo()
    refused("lossless", new, "5")


def refused(kind: str, received: Received, version: str) -> None:
    found = registry.detect(received)
    assert found is not None
    assert (found.container, found.version) == (kind, version)
    assert found.lost == Problem("other-version", container=kind, version=version)
    with pytest.raises(Unreadable, match="other-version"):
        registry.extract(received, found, CPU)


def test_lossless_containers_of_another_version_are_named(photo: np.ndarray) -> None:
    refused("lossless", Received(with_watermark(photo, 9 << 8)), "9")
    refused("lossless", Received(with_watermark(photo, 1 << 8 | 1 << 4 | 2)), "1")
