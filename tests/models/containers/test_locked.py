"""Locked containers: without the passphrase there is nothing of the photo, with it everything."""

from __future__ import annotations

import zlib
from dataclasses import replace

import numpy as np
import pytest

from models.containers import coefficients, registry
from models.containers.container import PNG, Besides, JpegSettings, Medium, Received, Trust
from models.containers.jpeg import reading as jpeg_reading
from models.containers.jpeg.container import _Upright
from models.containers.jpeg.layout import Grid
from models.containers.lock import IS_LOCKED, Lock
from models.containers.lossless_reading import LockedReading
from models.metrics import psnr
from models.problems import Unreadable, WrongPassphrase
from tests.models.natural_pictures import natural

WORDS = "correct horse"
JPEG = Medium.jpeg(JpegSettings(90, "420"))
MEDIA = (PNG, JPEG)
ATTACHED = b"a list of edits, which tells of the photo"


@pytest.fixture(scope="module")
def pictures() -> tuple[np.ndarray, np.ndarray]:
    photo = natural(208, 264, seed=6)
    return photo, np.ascontiguousarray(255 - photo // 2)


def made(pictures: tuple[np.ndarray, np.ndarray], medium: Medium, words: str = WORDS) -> Received:
    container = registry.for_export(medium)
    assert container is not None
    besides = Besides(ATTACHED, lock=Lock.new(words))
    embedded = container.embed(*pictures, medium, "cpu", besides=besides)
    return Received(embedded.pixels, embedded.coefficients)


@pytest.fixture(scope="module")
def locked(pictures: tuple[np.ndarray, np.ndarray]) -> dict[str, Received]:
    return {medium.kind: made(pictures, medium) for medium in MEDIA}


@pytest.mark.parametrize("medium", MEDIA, ids=lambda m: m.kind)
def test_the_passphrase_gives_the_photo_back(pictures, locked, medium) -> None:  # type: ignore[no-untyped-def]
    received = locked[medium.kind]
    found = registry.detect(received)
    assert found is not None
    opened = registry.unlocked(received, found, WORDS)
    assert opened.lost is None
    assert opened.locked
    assert opened.attached == ATTACHED
    restored = registry.extract(received, opened, "cpu")
    assert (restored.trust == Trust.PROVEN).all()
    container = registry.for_export(medium)
    assert container is not None
    plain = container.embed(*pictures, medium, "cpu")
    read = Received(plain.pixels, plain.coefficients)
    detection = registry.detect(read)
    assert detection is not None
    assert not detection.locked
    without = psnr(registry.extract(read, detection, "cpu").pixels, pictures[0])
    assert psnr(restored.pixels, pictures[0]) > without - 0.5


@pytest.mark.parametrize("kind", ["png", "jpeg"])
def test_without_it_there_is_nothing(locked: dict[str, Received], kind: str) -> None:
    received = locked[kind]
    found = registry.detect(received)
    assert found is not None
    assert found.locked
    assert found.lost == IS_LOCKED
    assert found.attached == b""
    assert found.trust is not None
    assert (found.trust <= Trust.UNPROVEN).all()
    with pytest.raises(Unreadable, match="locked"):
        registry.extract(received, found, "cpu")
    with pytest.raises(Unreadable):
        registry.extract(received, replace(found, lost=None), "cpu")
    for words in ("", "Correct horse", WORDS + " "):
        with pytest.raises(WrongPassphrase):
            registry.unlocked(received, found, words)


def test_what_was_changed_is_found_without_it(locked: dict[str, Received]) -> None:
    pixels = locked["png"].pixels.copy()
    pixels[64:96, 96:128] ^= 4
    found = registry.detect(Received(pixels))
    assert found is not None
    assert found.trust is not None
    assert (found.trust == Trust.CHANGED).sum() == 4
    planes = [plane.copy() for plane in locked["jpeg"].coefficients.planes]  # type: ignore[union-attr]
    planes[0][8:12, 12:16, 1, 1] += 9
    jpeg = replace(locked["jpeg"].coefficients, planes=tuple(planes))  # type: ignore[arg-type]
    found = registry.detect(Received(coefficients.shown(jpeg), jpeg))
    assert found is not None
    assert found.trust is not None
    assert (found.trust[4:6, 6:8] == Trust.CHANGED).any()
    assert (found.trust == Trust.CHANGED).mean() < 0.1


@pytest.mark.parametrize("turn", range(1, 8))
def test_turned_it_can_still_be_opened(
    pictures: tuple[np.ndarray, np.ndarray], locked: dict[str, Received], turn: int
) -> None:
    from models.containers import turns

    received = Received(np.ascontiguousarray(turns.turned(locked["png"].pixels, turn)))
    found = registry.detect(received)
    assert found is not None
    restored = registry.extract(received, registry.unlocked(received, found, WORDS), "cpu")
    assert restored.trust.shape == registry.unlocked(received, found, WORDS).trust.shape  # type: ignore[union-attr]
    assert psnr(restored.pixels, turns.turned(pictures[0], turn)) > 36


def sealed_bytes(received: Received) -> bytes:
    """All that is sealed in a container, as somebody without the passphrase might gather it who
    knew where it is."""
    found = registry.detect(received)
    assert found is not None
    opened = registry.unlocked(received, found, WORDS)
    if isinstance(found.reading, LockedReading):
        reading = opened.reading
        head = reading.head  # type: ignore[attr-defined]
        cut, last = reading.cut, head.records[:2]  # type: ignore[attr-defined]
        parts = [cut.carriers[r.tile].read(received.pixels, head.bits) for r in head.records[2:]]
        parts += [cut.carriers[r.tile].read_lowest(received.pixels) for r in last[:1]]
        return found.reading.head.sealed.sealed + b"".join(parts)
    upright = opened.reading
    assert isinstance(upright, _Upright)
    of = upright.reading.container
    grid, header = Grid.of(of.height, of.width, of.subsampling), upright.reading.header  # type: ignore[union-attr]
    return b"".join(
        jpeg_reading.messages.read(of.planes, grid, area, tile.cut, tile.length)
        for area, tile in zip(grid.tiles(), header.tiles, strict=True)
    )


@pytest.mark.parametrize("kind", ["png", "jpeg"])
def test_what_is_sealed_looks_random(locked: dict[str, Received], kind: str) -> None:
    data = sealed_bytes(locked[kind])
    assert len(data) > 1000
    assert len(zlib.compress(data, 9)) > len(data)
    counts = np.bincount(np.frombuffer(data, np.uint8), minlength=256)
    expected = len(data) / 256
    chi = float(((counts - expected) ** 2 / expected).sum())
    assert 255 - 6 * (2 * 255) ** 0.5 < chi < 255 + 6 * (2 * 255) ** 0.5
    ones = np.unpackbits(np.frombuffer(data, np.uint8)).mean()
    assert abs(ones - 0.5) < 3 / (8 * len(data)) ** 0.5


def test_of_large_ones_a_part_may_be_lost() -> None:
    photo = natural(512, 512, seed=2)
    received = made((photo, 255 - photo), PNG)
    received.pixels[:128, :128] ^= 64
    found = registry.detect(received)
    assert found is not None
    opened = registry.unlocked(received, found, WORDS)
    assert opened.attached == ATTACHED
    assert opened.trust is not None
    assert (opened.trust == Trust.CHANGED).mean() < 0.08
    restored = registry.extract(received, opened, "cpu").pixels
    assert psnr(restored[320:, 320:], photo[320:, 320:]) > 34


@pytest.mark.parametrize("kind", ["png", "jpeg"])
def test_flipped_bits_never_give_anything_away(locked: dict[str, Received], kind: str) -> None:
    received, rng = locked[kind], np.random.default_rng(1)
    for _ in range(12):
        if received.coefficients is None:
            pixels = received.pixels.copy()
            pixels.ravel()[rng.integers(0, pixels.size, 40)] ^= 1
            changed = Received(pixels)
        else:
            planes = tuple(plane.copy() for plane in received.coefficients.planes)
            planes[0].ravel()[rng.integers(0, planes[0].size, 40)] ^= 1
            jpeg = replace(received.coefficients, planes=planes)
            changed = Received(coefficients.shown(jpeg), jpeg)
        found = registry.detect(changed)
        if found is None:
            continue
        assert found.lost is not None
        assert found.attached == b""
        with pytest.raises(Unreadable):
            registry.extract(changed, found, "cpu")
        if found.lost == IS_LOCKED:
            with pytest.raises(WrongPassphrase):
                registry.unlocked(changed, found, "another")
            opened = registry.unlocked(changed, found, WORDS)
            assert opened.trust is not None
            assert (opened.trust > Trust.PROVEN).any()


def test_no_two_exports_are_alike(
    pictures: tuple[np.ndarray, np.ndarray], locked: dict[str, Received]
) -> None:
    again = made(pictures, PNG)
    a, b = (r.pixels[:100, :100] & 1 for r in (again, locked["png"]))
    assert 0.3 < (a != b).mean() < 0.7


def test_nothing_outlives_other_sizes() -> None:
    """The layer for copies tells of the photo: a locked export has none."""
    photo = natural(432, 768, seed=8)
    look = np.ascontiguousarray(255 - photo // 2)
    for medium in MEDIA:
        received = made((photo, look), medium)
        assert registry.detect(Received(received.pixels[1:, 1:])) is None
