"""Bits in the canonical picture's coefficients."""

from __future__ import annotations

import cv2
import numpy as np
import pytest

from models import jpeg_transform
from models.containers import turns
from models.containers.surviving import carriers, grid, layers
from models.containers.surviving.carriers import GROUPS, Channel
from models.containers.surviving.grid import Frame, Region

SIZE = (512, 768)
BLOCKS = SIZE[0] * SIZE[1] // 64
WHOLE = Region.of(SIZE)


def plane() -> np.ndarray:
    rng = np.random.default_rng(3)
    return np.cumsum(rng.normal(0, 3, SIZE), axis=1).astype(np.float32) % 200 + 20


def written(bits: list[np.ndarray], strength: float = 1.0) -> np.ndarray:
    host = plane()
    missing = []
    for group, ours in zip(GROUPS, bits, strict=True):
        values = carriers.coefficients(host, group)
        share = np.full(BLOCKS, carriers.SHARE * strength, np.float32)
        missing.append(carriers.wanted(values, ours, group, WHOLE, share) - values)
    return host + carriers.change(missing, SIZE)


def message() -> tuple[bytes, list[bytes], tuple[int, ...]]:
    codes = (8, 9, 9)
    rng = np.random.default_rng(4)
    bodies = [rng.bytes(layers.room(SIZE, i, code)) for i, code in enumerate(codes)]
    return rng.bytes(layers.CORE - 4), bodies, codes


@pytest.mark.parametrize(("gain", "noise"), [(1.0, 0.5), (0.8, 1.0), (1.0, 1.6)])
def test_a_message_comes_through_noise(gain: float, noise: float) -> None:
    core, bodies, codes = message()
    sent = written(layers.channel_bits(core, bodies, codes, SIZE))
    rng = np.random.default_rng(5)
    received = (gain * sent + rng.normal(0, noise, SIZE)).astype(np.float32)
    first = layers.Group.read(received, 0, WHOLE)
    assert first.gains[0] == pytest.approx(gain, abs=0.05)
    assert first.core() == core
    assert first.body(codes[0], SIZE) == bodies[0]
    if noise < 1:
        for index in (1, 2):
            assert (
                layers.Group.read(received, index, WHOLE).body(codes[index], SIZE) == bodies[index]
            )


def test_a_message_drowned_in_noise_is_not_invented() -> None:
    core, bodies, codes = message()
    sent = written(layers.channel_bits(core, bodies, codes, SIZE))
    received = sent + np.random.default_rng(6).normal(0, 12, SIZE).astype(np.float32)
    first = layers.Group.read(received, 0, WHOLE)
    assert first.core() is None
    assert first.body(codes[0], SIZE) is None


def test_how_far_coefficients_go_need_not_be_known() -> None:
    core, bodies, codes = message()
    sent = written(layers.channel_bits(core, bodies, codes, SIZE), strength=0.6)
    received = sent + np.random.default_rng(7).normal(0, 0.7, SIZE).astype(np.float32)
    assert layers.Group.read(received, 0, WHOLE).core() == core


def test_pilots_tell_which_way_up() -> None:
    core, bodies, codes = message()
    sent = written(layers.channel_bits(core, bodies, codes, SIZE))
    for turn in range(8):
        seen = np.ascontiguousarray(turns.turned(sent, turn))
        blocks = jpeg_transform.forward(seen)
        promises = [layers.promise(grid.turned_blocks(blocks, back)) for back in range(8)]
        right = int(np.argmax(promises))
        assert np.array_equal(turns.turned(seen, right), sent)
        assert sorted(promises)[-2] == 0


def test_blocks_are_turned_like_planes() -> None:
    picture = plane()
    for turn in range(8):
        turned = np.ascontiguousarray(turns.turned(picture, turn))
        expected = jpeg_transform.forward(turned)
        seen = grid.turned_blocks(jpeg_transform.forward(picture), turn)
        assert np.abs(seen - expected).max() < 1e-2
        assert np.array_equal(turns.turned_back(turned, turn), picture)


def test_noise_is_measured() -> None:
    group = GROUPS[0]
    rng = np.random.default_rng(8)
    spread = (1 - carriers.SHARE) * group.step
    missed = rng.uniform(-spread, spread, 4000) + rng.normal(0, 2.0, 4000)
    channel = Channel.of(carriers.phases(missed.astype(np.float32), group.step), group.step)
    assert 1.5 < channel.noise < 2.7
    assert channel.odds > 100


def test_a_reduced_size_gives_the_same_canonical_size() -> None:
    for height, width in ((3024, 4032), (2689, 4032), (4032, 2268), (3000, 3000)):
        size = grid.canonical_size(height, width)
        for edge in (3000, 2048, 1600, 1280, 1081, 720):
            share = edge / max(height, width)
            reduced = round(height * share), round(width * share)
            assert size in grid.canonical_sizes(*reduced)


def test_a_part_gives_core_and_body() -> None:
    core, bodies, codes = message()
    codes = (3, *codes[1:])
    bodies[0] = bodies[0][: layers.room(SIZE, 0, codes[0])]
    sent = written(layers.channel_bits(core, bodies, codes, SIZE))
    part = Region(3, 20, 52, 68)
    seen = np.ascontiguousarray(sent[grid.pixels(*part.within(WHOLE))])
    first = layers.Group.read(seen, 0, part)
    assert first.core() == core
    assert first.body(codes[0], SIZE) == bodies[0]


def test_a_frame_takes_and_puts_back() -> None:
    host = cv2.GaussianBlur(plane(), (0, 0), 4)
    frame = Frame(-20.0, -37.5, 1.25, 1.25)
    shape = (400, 600)
    picture = frame.put_back(host, WHOLE, shape)
    assert picture.shape == shape
    region = frame.inside(shape)
    assert (region.top, region.left) == (2, 4)
    expected = host[grid.pixels(*region.within(WHOLE))]
    taken = frame.taken(picture, region)
    assert np.abs(taken - expected)[8:-8, 8:-8].max() < 0.5


def test_a_region_beyond_a_picture_is_filled_up() -> None:
    frame = Frame(10.0, 4.0, 1.0, 1.0)
    picture = np.full((100, 90), 70, np.float32)
    region = frame.around(picture.shape)
    assert region == Region(-2, -1, 14, 12)
    assert np.allclose(frame.taken(picture, region), 70)
    assert frame.inside(picture.shape) == Region(-1, 0, 12, 10)
