"""Every kind of container is found by what its pixels say, and versions to come are named."""

from __future__ import annotations

import numpy as np
import pytest

from models.coding.random_streams import Purpose, Stream
from models.containers import jpeg_channel, registry
from models.containers.container import Change, Container, JpegSettings
from models.containers.jpeg_channel import JpegChannel, compressed
from models.containers.watermark import with_watermark
from models.metrics import psnr
from models.operators.registry import OPERATORS
from models.problems import Problem, Unreadable
from tests.models.natural_pictures import natural

CPU = "cpu"
JPEG = JpegSettings(92, "420")


@pytest.fixture(scope="module")
def photo() -> np.ndarray:
    return natural(208, 264, seed=6)


@pytest.mark.parametrize("jpeg", [None, JPEG])
def test_what_an_export_uses_is_found_again(photo: np.ndarray, jpeg: JpegSettings | None) -> None:
    look = np.asarray(OPERATORS["exposure"](photo, 1.0))
    container = registry.for_export(jpeg)
    received = container.embed(photo, look, jpeg, CPU)
    if jpeg is not None:
        received = compressed(received, jpeg)
    found = registry.detect(received)
    assert found is not None
    assert found.container == container.id
    assert not found.lost
    restored = registry.CONTAINERS[found.container].extract(received, found, CPU)
    assert psnr(restored, photo) > psnr(look, photo) + 2


def test_what_is_found_is_not_read_again(
    photo: np.ndarray, monkeypatch: pytest.MonkeyPatch
) -> None:
    container = registry.for_export(JPEG)
    look = np.asarray(OPERATORS["exposure"](photo, 1.0))
    received = compressed(container.embed(photo, look, JPEG, CPU), JPEG)
    found = container.detect(received)
    assert found is not None

    def again(pixels: np.ndarray) -> None:
        raise AssertionError("The base was read already.")

    monkeypatch.setattr(jpeg_channel, "receive_base", again)
    monkeypatch.setattr("models.containers.jpeg.receive_base", again)
    assert container.extract(received, found, CPU).shape == photo.shape


def test_every_container_says_what_it_is() -> None:
    for name, container in registry.CONTAINERS.items():
        assert container.id == name
        assert Change.METADATA_REMOVED in container.survives
        assert container.fits(None) != container.fits(JPEG)


def test_an_ordinary_picture_is_none() -> None:
    assert registry.detect(natural(208, 264, seed=3)) is None


def refused(container: Container, pixels: np.ndarray, version: str) -> None:
    found = registry.detect(pixels)
    assert found is not None
    assert found.container == container.id
    assert found.lost == Problem("other-version", container=container.id, version=version)
    with pytest.raises(Unreadable, match="other-version"):
        container.extract(pixels, found, CPU)


def test_lossless_containers_of_another_version_are_named(photo: np.ndarray) -> None:
    container = registry.CONTAINERS["lossless"]
    refused(container, with_watermark(photo, 9 << 8), "9")
    refused(container, with_watermark(photo, 1 << 8 | 1 << 4 | 2), "1")


def test_jpeg_containers_of_another_version_are_named(photo: np.ndarray) -> None:
    channel = JpegChannel.of(*photo.shape[:2], JPEG)
    message = bytes(Stream(Purpose.JPEG_TRIAL).bits(40))
    base = channel.base_bits(message, 3, number=77)
    marked = channel.send(photo, None, base, np.zeros((0, 26, 33), np.uint8))
    refused(registry.CONTAINERS["jpeg"], compressed(marked, JPEG), "77")
