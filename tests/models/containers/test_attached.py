"""Bytes that go along with the photo: they come back whole or not at all, and cost next to
nothing."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from models.containers import coefficients, lossless, registry
from models.containers.coefficients import Coefficients
from models.containers.container import Besides, Received
from models.containers.jpeg import attached, hiding
from models.containers.jpeg.layout import Grid
from models.metrics import psnr
from tests.models.natural_pictures import natural

BYTES = bytes(range(7, 67))


def found(received: Received) -> bytes:
    detection = registry.detect(received)
    assert detection is not None
    return detection.attached


@pytest.fixture(scope="module")
def jpeg(photo: np.ndarray, look: np.ndarray) -> Coefficients:
    return hiding.embed(photo, look, 90, "420", besides=Besides(BYTES))


def test_lossless_containers_give_them_back(photo: np.ndarray, look: np.ndarray) -> None:
    bare, container = (
        lossless.embed(photo, look),
        lossless.embed(photo, look, besides=Besides(BYTES)),
    )
    assert found(Received(bare)) == b""
    assert found(Received(container)) == BYTES
    without = psnr(lossless.extract(bare).pixels, photo)
    assert psnr(lossless.extract(container).pixels, photo) > without - 0.2


@pytest.mark.parametrize("turn", [1, 6])
def test_turned_they_are_there_still(photo: np.ndarray, look: np.ndarray, turn: int) -> None:
    container = lossless.embed(photo, look, besides=Besides(BYTES))
    turned = np.rot90(container) if turn == 1 else container[::-1]
    assert found(Received(np.ascontiguousarray(turned))) == BYTES


def test_too_many_are_left_out(photo: np.ndarray, look: np.ndarray) -> None:
    container = lossless.embed(photo, look, besides=Besides(bytes(photo.size // 3 // 128 + 1)))
    assert np.array_equal(container, lossless.embed(photo, look))


def test_large_lossless_containers_have_them_twice() -> None:
    photo = natural(512, 512, seed=2)
    container = lossless.embed(photo, 255 - photo, besides=Besides(BYTES))
    reading = lossless.Reading.of(container)
    assert reading is not None
    # The first copy is in the first tile that is not a last one.
    tile = reading.cut.tiles[reading.head.records[lossless.LAST].tile]
    container[tile.top : tile.top + 8, tile.left : tile.right] ^= 64
    assert found(Received(container)) == BYTES


def test_where_lossless_ones_lose_their_tables_they_are_lost(
    photo: np.ndarray, look: np.ndarray
) -> None:
    container = lossless.embed(photo, look, besides=Besides(BYTES))
    reading = lossless.Reading.of(container)
    assert reading is not None
    tile = reading.cut.tiles[reading.head.records[lossless.LAST].tile]
    container[tile.top : tile.bottom, tile.left : tile.right] ^= 5
    assert found(Received(container)) == b""


def test_jpeg_containers_give_them_back(
    photo: np.ndarray, look: np.ndarray, jpeg: Coefficients
) -> None:
    received = Received(coefficients.shown(jpeg), jpeg)
    assert found(received) == BYTES
    bare = hiding.embed(photo, look, 90, "420")
    plain = Received(coefficients.shown(bare), bare)
    assert found(plain) == b""
    likeness = []
    for one in (received, plain):
        detection = registry.detect(one)
        assert detection is not None
        likeness.append(psnr(registry.extract(one, detection, "cpu").pixels, photo))
    assert likeness[0] > likeness[1] - 0.3


def test_what_a_third_of_a_jpeg_says_is_enough(jpeg: Coefficients) -> None:
    planes = [plane.copy() for plane in jpeg.planes]
    area = Grid.of(jpeg.height, jpeg.width, "420").tiles()[0]
    planes[0][: 2 * area[0].stop, :, 1, 1] ^= 1  # the upper tiles
    damaged = replace(jpeg, planes=(planes[0], planes[1], planes[2]))
    assert found(Received(coefficients.shown(damaged), damaged)) == BYTES


def test_what_has_no_room_in_a_jpeg_is_left_out(photo: np.ndarray, look: np.ndarray) -> None:
    bare = hiding.embed(photo, look, 90, "420")
    made = hiding.embed(photo, look, 90, "420", besides=Besides(bytes(attached.MOST + 1)))
    for one, other in zip(made.planes, bare.planes, strict=True):
        assert np.array_equal(one, other)


@pytest.mark.parametrize("code", [b"", b"\x05frame"])
def test_a_code_is_what_it_was(code: bytes) -> None:
    assert attached.split(attached.put(code, BYTES)) == (code, BYTES)
    assert attached.split(code) == (code, b"")


@pytest.mark.parametrize("code", [b"\x08", b"\x08\x01", b"\x0b\xff\xffabc", b"\xff" * 3])
def test_a_hostile_code_is_no_error(code: bytes) -> None:
    residual, besides = attached.split(code)
    assert len(residual) + len(besides) < len(code)
