"""Lossless containers: what goes in comes out, close to the look, and damage stays where it is."""

from __future__ import annotations

import numpy as np
import pytest

from models.coding import pixel_symbols
from models.containers import lossless, lossless_layout, lossless_plan
from models.containers.lossless_layout import Carriers, Head, Record, Tile, portions, tiles
from models.containers.watermark import marked_samples
from models.metrics import psnr
from models.operators.registry import OPERATORS
from models.problems import NoRoom, Unreadable
from tests.models.natural_pictures import natural


@pytest.fixture(scope="module")
def photo() -> np.ndarray:
    return natural(192, 240, seed=4)


@pytest.fixture(scope="module")
def look(photo: np.ndarray) -> np.ndarray:
    return np.asarray(OPERATORS["exposure"](photo, 0.7))


@pytest.fixture(scope="module")
def container(photo: np.ndarray, look: np.ndarray) -> np.ndarray:
    return lossless.embed(photo, look)


def test_the_photo_comes_back_and_the_look_is_kept(
    photo: np.ndarray, look: np.ndarray, container: np.ndarray
) -> None:
    assert container.dtype == np.uint8
    assert psnr(container, look) > 48
    restored = lossless.extract(container)
    assert psnr(restored, photo) > 47
    assert psnr(restored, photo) > psnr(look, photo) + 20


@pytest.mark.parametrize("bits", lossless_plan.BITS)
def test_any_number_of_bits_can_be_carried(photo: np.ndarray, bits: int) -> None:
    look = np.asarray(OPERATORS["black-and-white"](photo, 1.0))
    container = lossless.embed(photo, look, bits=bits)
    expected = 10 * np.log10(255**2 / pixel_symbols.error(bits))
    assert expected - 1 < psnr(container, look) < expected + 2
    assert psnr(lossless.extract(container), photo) > 36 + 1.5 * bits


def test_the_room_is_used(photo: np.ndarray, look: np.ndarray) -> None:
    bits = 5
    _, carriers = lossless._cut(look)
    head = lossless._find_head(lossless.embed(photo, look, bits=bits), carriers)
    assert head is not None
    codes = head.tables_length + sum(record.length for record in head.records)
    assert 0.88 < codes / sum(c.capacity(bits) for c in carriers) < 1


def test_more_bits_are_spent_on_looks_that_destroy_more(photo: np.ndarray) -> None:
    gentle = np.asarray(OPERATORS["film"](photo, 0.3))
    harsh = np.ascontiguousarray(photo[::-1])
    chosen = [lossless_plan.best_bits(photo, look) for look in (gentle, harsh)]
    assert chosen[0] == min(lossless_plan.BITS)
    assert chosen[1] > chosen[0]


@pytest.mark.parametrize("size", [(32, 32), (33, 40), (49, 67), (130, 50), (32, 300)])
def test_small_pictures_go_through(size: tuple[int, int]) -> None:
    photo = natural(*size, seed=3)
    look = np.asarray(OPERATORS["exposure"](photo, 0.5))
    restored = lossless.extract(lossless.embed(photo, look))
    assert psnr(restored, photo) > psnr(look, photo) + 3


def test_pictures_that_are_too_small_are_refused() -> None:
    photo = natural(20, 20)
    with pytest.raises(NoRoom, match="too-small: height 20, least 32, width 20"):
        lossless.embed(photo, 255 - photo)


def test_a_photo_that_was_not_edited_comes_back_all_but_exactly() -> None:
    photo = natural(96, 96, seed=5)
    assert psnr(lossless.extract(lossless.embed(photo, photo)), photo) > 52


def test_a_black_and_a_white_picture_carry(photo: np.ndarray) -> None:
    for level in (0, 255):
        look = np.full_like(photo, level)
        container = lossless.embed(photo, look)
        assert psnr(container, look) > 38
        assert psnr(lossless.extract(container), photo) > 38


def test_damage_to_a_few_pixels_costs_a_few_tiles(
    photo: np.ndarray, look: np.ndarray, container: np.ndarray
) -> None:
    cut, carriers = lossless._cut(container)
    head = lossless._find_head(container, carriers)
    assert head is not None
    damaged = container.copy()
    cut[head.records[-1].tile].of(damaged)[10:12, 20:23] = (255, 0, 128)
    again, restored = lossless.extract(damaged), lossless.extract(container)
    intact = [np.array_equal(tile.of(again), tile.of(restored)) for tile in cut]
    assert sum(intact) >= len(cut) - 3
    assert psnr(again, photo) > psnr(look, photo) + 5


def test_without_its_tables_the_prediction_is_given(
    photo: np.ndarray, look: np.ndarray, container: np.ndarray
) -> None:
    cut, carriers = lossless._cut(container)
    head = lossless._find_head(container, carriers)
    assert head is not None
    damaged = container.copy()
    cut[head.records[lossless_layout.LAST].tile].of(damaged)[:3] ^= 1
    again = lossless.extract(damaged)
    assert psnr(look, photo) + 10 < psnr(again, photo) < psnr(lossless.extract(container), photo)


def test_large_pictures_have_their_tables_twice() -> None:
    photo = natural(512, 520, seed=8)
    container = lossless.embed(photo, np.asarray(OPERATORS["film"](photo, 1.0)), bits=3)
    cut, carriers = lossless._cut(container)
    head = lossless._find_head(container, carriers)
    assert head is not None
    damaged = container.copy()
    cut[head.records[lossless_layout.LAST].tile].of(damaged)[:10] ^= 1
    assert psnr(lossless.extract(damaged), photo) > psnr(lossless.extract(container), photo) - 6


@pytest.mark.parametrize("rows", [np.s_[:20], np.s_[-20:]])
def test_the_head_is_there_twice(container: np.ndarray, rows: slice) -> None:
    cut, carriers = lossless._cut(container)
    head = lossless._find_head(container, carriers)
    assert head is not None
    damaged = container.copy()
    for record in head.records[: lossless_layout.LAST]:
        cut[record.tile].of(damaged)[rows] ^= 1
    assert lossless._find_head(damaged, carriers) == head


def test_without_any_head_the_photo_is_lost(container: np.ndarray) -> None:
    with pytest.raises(Unreadable, match="changed-too-much"):
        lossless.extract(container & 0xFE)


def test_hiding_is_deterministic_leaves_its_inputs_and_reports() -> None:
    photo = natural(64, 64)
    look = np.asarray(OPERATORS["exposure"](photo, 0.5))
    kept = photo.copy(), look.copy()
    shares: list[float] = []
    first = lossless.embed(photo, look, shares.append)
    assert np.array_equal(first, lossless.embed(photo, look))
    assert np.array_equal(photo, kept[0])
    assert np.array_equal(look, kept[1])
    assert shares == sorted(shares)
    assert shares[-1] == 1
    shares.clear()
    lossless.extract(first, shares.append)
    assert shares == sorted(shares)
    assert shares[-1] == 1


# -- the layout ----------------------------------------------------------------------------------


@pytest.mark.parametrize("size", [(48, 48), (97, 200), (192, 240), (768, 512), (1100, 4501)])
def test_tiles_cover_a_picture_once(size: tuple[int, int]) -> None:
    times = np.zeros(size, int)
    for tile in tiles(*size):
        tile.of(times)[:] += 1
        assert tile.top % 8 == tile.left % 8 == 0
        assert max(tile.bottom - tile.top, tile.right - tile.left) <= 1032
        assert tile.pixels > 0
    assert (times == 1).all()


def test_marked_pixels_are_left_alone(photo: np.ndarray) -> None:
    marked = np.zeros(photo.shape[:2], bool)
    marked.ravel()[marked_samples(*marked.shape) // 3] = True
    written = photo.copy()
    tile = Tile(8, 16, 60, 100)
    carriers = Carriers(tile, marked)
    data = np.random.default_rng(0).bytes(carriers.capacity(5))
    carriers.write(written, data, 5)
    assert carriers.read(written, 5)[: len(data)] == data
    changed = (written != photo).any(axis=2)
    assert not (changed & marked).any()
    tile.of(changed)[:] = False
    assert not changed.any()


def test_lowest_bits_are_written_where_they_are_meant_to_be(photo: np.ndarray) -> None:
    carriers = Carriers(Tile(0, 0, 40, 40), np.zeros(photo.shape[:2], bool))
    written = photo.copy()
    carriers.write_lowest(written, b"first")
    carriers.write_lowest(written, b"at last", carriers.capacity(3) - 9)
    lowest = carriers.read_lowest(written)
    assert len(lowest) == carriers.capacity(3)
    assert lowest.startswith(b"first")
    assert lowest[-9:].startswith(b"at last")
    assert np.array_equal(written >> 1, photo >> 1)


def test_heads_are_packed_and_damage_is_noticed() -> None:
    records = (Record(1, 44, 1000, 7), Record(0, 43, 2000, 8))
    head = Head(5, 300, 9, bytes(range(156)) * 2, records)
    packed = head.pack()
    assert len(packed) == lossless_layout.head_size(2, tiny=False)
    assert Head.unpack(packed, 2) == head
    assert Head.unpack(packed, 3) is None
    assert Head.unpack(packed[:100] + b"?" + packed[101:], 2) is None


def test_tiles_carry_what_is_there() -> None:
    assert portions([10, 10, 10], 15, [12, 12, 12]) == [12, 12, 11]
    assert portions([], 5, []) == []
