"""Lossless containers: what goes in comes out, close to the look, and damage stays where it is."""

from __future__ import annotations

import dataclasses
import zlib
from collections.abc import Callable

import numpy as np
import pytest

from models.coding import pixel_symbols
from models.containers import lossless, lossless_layout, lossless_plan
from models.containers.container import Trust
from models.containers.lossless_codes import Codes
from models.containers.lossless_layout import Carriers, Head, Record, Tile, portions, tiles
from models.containers.lossless_reading import Reading
from models.containers.lossless_squares import chance_of
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
    restored = lossless.extract(container).pixels
    assert psnr(restored, photo) > 47
    assert psnr(restored, photo) > psnr(look, photo) + 20


@pytest.mark.parametrize("bits", lossless_plan.BITS)
def test_any_number_of_bits_can_be_carried(photo: np.ndarray, bits: int) -> None:
    look = np.asarray(OPERATORS["black-and-white"](photo, 1.0))
    container = lossless.embed(photo, look, bits=bits)
    expected = 10 * np.log10(255**2 / pixel_symbols.error(bits))
    assert expected - 1 < psnr(container, look) < expected + 2
    assert psnr(lossless.extract(container).pixels, photo) > 36 + 1.5 * bits


def test_the_room_is_used(photo: np.ndarray, look: np.ndarray) -> None:
    bits = 5
    reading = read(lossless.embed(photo, look, bits=bits))
    codes = reading.head.tables_length + sum(record.length for record in reading.head.records)
    assert 0.88 < codes / sum(c.capacity(bits) for c in reading.cut.carriers) < 1


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
    restored = lossless.extract(lossless.embed(photo, look)).pixels
    assert psnr(restored, photo) > psnr(look, photo) + 3


def test_pictures_that_are_too_small_are_refused() -> None:
    photo = natural(20, 20)
    with pytest.raises(NoRoom, match="too-small: height 20, least 32, width 20"):
        lossless.embed(photo, 255 - photo)


def test_a_photo_that_was_not_edited_comes_back_all_but_exactly() -> None:
    photo = natural(96, 96, seed=5)
    assert psnr(lossless.extract(lossless.embed(photo, photo)).pixels, photo) > 52


def test_a_black_and_a_white_picture_carry(photo: np.ndarray) -> None:
    for level in (0, 255):
        look = np.full_like(photo, level)
        container = lossless.embed(photo, look)
        assert psnr(container, look) > 38
        assert psnr(lossless.extract(container).pixels, photo) > 38


def test_damage_to_a_few_pixels_costs_a_few_tiles(
    photo: np.ndarray, look: np.ndarray, container: np.ndarray
) -> None:
    reading = read(container)
    tiles_there, last = reading.cut.tiles, reading.head.records[-1].tile
    damaged = container.copy()
    tiles_there[last].of(damaged)[10:12, 20:23] = (255, 0, 128)
    again, restored = lossless.extract(damaged), lossless.extract(container)
    assert (restored.trust == Trust.PROVEN).all()
    intact = [np.array_equal(t.of(again.pixels), t.of(restored.pixels)) for t in tiles_there]
    assert sum(intact) >= len(tiles_there) - 3
    assert psnr(again.pixels, photo) > psnr(look, photo) + 5


@pytest.fixture(scope="module")
def pasted(container: np.ndarray) -> np.ndarray:
    """With a sticker on a twentieth, not on what carries the tables."""
    reading, changed = read(container), container.copy()
    tile = reading.cut.tiles[reading.head.records[lossless_layout.LAST + 3].tile]
    tile.of(changed)[12:60, 12:60] = natural(48, 48, seed=9)
    return changed


def test_away_from_a_sticker_tiles_with_their_codes_come_back_as_without(
    container: np.ndarray, pasted: np.ndarray
) -> None:
    reading = read(pasted)
    before, after = lossless.extract(container).pixels, lossless.extract(pasted).pixels
    changed = changed_squares(container, pasted).repeat(16, 0).repeat(16, 1)
    assert len(reading.cut.tiles) > len(reading.codes) > len(reading.cut.tiles) / 3
    for place in reading.codes:
        tile = reading.cut.tiles[place]
        same = (tile.of(before) == tile.of(after)).all(axis=2)
        assert same[~tile.of(changed)].all()


def test_what_comes_before_the_damage_of_a_code_is_used(
    photo: np.ndarray, container: np.ndarray, pasted: np.ndarray
) -> None:
    reading = read(pasted)
    whole = lossless.extract(container).pixels
    with_starts = lossless.extract(pasted).pixels
    without = lossless.extract(pasted, None, dataclasses.replace(reading, starts={})).pixels
    coarse = (reading.trust == Trust.COARSE).repeat(16, 0).repeat(16, 1)
    best, some, least = (
        psnr(p[coarse][None], photo[coarse][None]) for p in (whole, with_starts, without)
    )
    assert least + 1 < some < best
    for place, start in reading.starts.items():
        code = read(container).codes[place]
        assert code.startswith(start)
        assert len(start) < len(code)


def test_where_no_check_says_what_was_changed_nothing_of_a_damaged_code_is_believed(
    container: np.ndarray, pasted: np.ndarray
) -> None:
    reading = read(pasted)
    missed = np.zeros_like(reading.changed)
    codes = Codes.of(pasted, reading.cut, reading.head, missed)
    assert codes.whole == reading.codes
    assert codes.starts == {}


def test_without_its_tables_the_prediction_is_given(
    photo: np.ndarray, look: np.ndarray, container: np.ndarray
) -> None:
    reading = read(container)
    damaged = container.copy()
    first = reading.cut.tiles[reading.head.records[lossless_layout.LAST].tile]
    first.of(damaged)[:3] ^= 1
    again = lossless.extract(damaged)
    where = again.trust == Trust.COARSE
    assert where.mean() > 0.8
    assert set(np.unique(again.trust)) == {Trust.COARSE, Trust.CHANGED}
    seen = where.repeat(16, 0).repeat(16, 1)[: photo.shape[0], : photo.shape[1]]
    close = psnr(again.pixels[seen][None], photo[seen][None])
    whole = psnr(lossless.extract(container).pixels, photo)
    assert psnr(look, photo) + 10 < close < whole


@pytest.fixture(scope="module")
def large() -> tuple[np.ndarray, np.ndarray]:
    photo = natural(512, 520, seed=8)
    return photo, lossless.embed(photo, np.asarray(OPERATORS["film"](photo, 1.0)), bits=3)


@pytest.mark.parametrize("half", [np.s_[:200], np.s_[312:], np.s_[:, :200], np.s_[:, 320:]])
def test_the_tables_of_large_pictures_outlive_the_loss_of_any_third(
    large: tuple[np.ndarray, np.ndarray], half: tuple[slice, ...]
) -> None:
    damaged = large[1].copy()
    damaged[half] = 99
    reading = read(damaged)
    assert reading.tables == read(large[1]).tables != b""
    assert reading.codes


def test_away_from_a_small_sticker_everything_comes_back_as_without(
    large: tuple[np.ndarray, np.ndarray],
) -> None:
    damaged = large[1].copy()
    damaged[130:182, 200:252] = natural(52, 52, seed=9)  # a hundredth
    before, after = lossless.extract(large[1]), lossless.extract(damaged)
    assert set(np.unique(after.trust)) == {Trust.PROVEN, Trust.CHANGED}
    proven = (after.trust == Trust.PROVEN).repeat(16, 0).repeat(16, 1)[:512, :520]
    assert proven.mean() > 0.98
    assert (before.pixels[proven] == after.pixels[proven]).all()


def test_what_parity_would_make_of_a_change_that_no_check_found_is_not_believed(
    large: tuple[np.ndarray, np.ndarray],
) -> None:
    damaged = large[1].copy()
    damaged[130:182, 200:252] = natural(52, 52, seed=9)
    reading = read(damaged)
    missed = reading.changed.copy()
    missed[9, 13] = False
    codes = Codes.of(damaged, reading.cut, reading.head, missed)
    assert len(codes.whole) > len(reading.codes) / 2
    whole = read(large[1]).codes
    assert all(code == whole[tile] for tile, code in codes.whole.items())


# -- checks and head -----------------------------------------------------------------------------


def read(picture: np.ndarray) -> Reading:
    reading = Reading.of(picture)
    assert reading is not None
    return reading


def changed_squares(one: np.ndarray, other: np.ndarray) -> np.ndarray:
    """Where two pictures differ, by squares."""
    different = (one != other).any(axis=2)
    height, width = different.shape
    padded = np.pad(different, ((0, -height % 16), (0, -width % 16)))
    return padded.reshape(-(-height // 16), 16, -(-width // 16), 16).any(axis=(1, 3))


def sticker(picture: np.ndarray, share: float) -> None:
    height, width = (round(side * share**0.5) for side in picture.shape[:2])
    picture[40 : 40 + height, 30 : 30 + width] = natural(height, width, seed=9)


def scattered(picture: np.ndarray) -> None:
    where = np.random.default_rng(1).random(picture.shape[:2]) < 0.001
    picture[where] = 255 - picture[where]


def frame(picture: np.ndarray) -> None:
    picture[[0, -1]] = picture[:, [0, -1]] = (250, 0, 120)


DAMAGES: dict[str, Callable[[np.ndarray], object]] = {
    "nothing": lambda picture: None,
    "one bit": lambda picture: np.bitwise_xor.at(picture, (77, 91, 2), 1),
    "bit of the watermark": lambda picture: np.bitwise_xor.at(
        picture.reshape(-1), marked_samples(*picture.shape[:2])[5], 1
    ),
    "small sticker": lambda picture: sticker(picture, 0.01),
    "sticker": lambda picture: sticker(picture, 0.2),
    "scattered pixels": scattered,
    "frame": frame,
    "half cleared": lambda picture: picture[:, :120].fill(0),
}


@pytest.mark.parametrize("damage", DAMAGES)
def test_changes_are_found_where_they_were_made(
    photo: np.ndarray, look: np.ndarray, container: np.ndarray, damage: str
) -> None:
    received = container.copy()
    DAMAGES[damage](received)
    truth = changed_squares(received, container)
    reading = read(received)
    assert reading.intact == (damage == "nothing")
    union = (truth | reading.changed).sum()
    assert (truth & reading.changed).sum() >= 0.95 * union
    restored = lossless.extract(received, reading=reading)
    left = (restored.trust == Trust.CHANGED).repeat(16, 0).repeat(16, 1)
    left = left[: photo.shape[0], : photo.shape[1]]
    assert np.array_equal(restored.pixels[left], received[left])
    whole = lossless.extract(container).pixels
    good = (restored.trust == Trust.PROVEN).repeat(16, 0).repeat(16, 1)
    good = good[: photo.shape[0], : photo.shape[1]]
    assert np.array_equal(restored.pixels[good], whole[good])
    assert psnr(restored.pixels, photo) > psnr(received, photo) - 0.5


@pytest.mark.parametrize("bit", range(8))
def test_no_bit_flips_unnoticed(container: np.ndarray, bit: int) -> None:
    """Whatever a sample belongs to: tiles, the watermark, checks or the head."""
    rng = np.random.default_rng(bit)
    for place in rng.integers(0, container.size, 12):
        received = container.copy()
        received.reshape(-1)[place] ^= 1 << bit
        reading = read(received)
        assert not reading.intact
        assert np.array_equal(reading.changed, changed_squares(received, container))


def test_a_square_of_another_export_is_not_taken_for_one_of_this(
    photo: np.ndarray, look: np.ndarray, container: np.ndarray
) -> None:
    other = lossless.embed(look, photo)
    received = container.copy()
    received[32:96, 32:96] = other[32:96, 32:96]
    reading = read(received)
    assert reading.changed[2:6, 2:6].sum() >= 15
    assert reading.changed.sum() <= 16
    moved = container.copy()
    moved[32:96, 32:96] = container[64:128, 96:160]
    assert read(moved).changed[2:6, 2:6].sum() >= 15


def test_what_was_brightened_everywhere_is_lost(container: np.ndarray) -> None:
    with pytest.raises(Unreadable, match="changed-too-much"):
        lossless.extract((container.astype(int) + 10).clip(0, 255).astype(np.uint8))


def test_squares_that_agree_by_chance_make_no_picture_restorable(
    large: tuple[np.ndarray, np.ndarray],
) -> None:
    other = large[1] ^ 2  # leaves the lowest bits
    reading = read(other)
    assert not reading.changed.all()
    assert reading.lost
    part = large[1].copy()
    part[:200] = other[:200]
    assert not read(part).lost
    assert not read(large[1]).lost


@pytest.mark.parametrize(
    ("agreeing", "squares", "enough"),
    [(1, 4, False), (3, 4, True), (5, 1536, False), (20, 1536, True)],
)
def test_what_chance_explains(agreeing: int, squares: int, enough: bool) -> None:
    assert (chance_of(agreeing, squares) < 1e-4) == enough


def test_a_head_may_have_more_fields_and_unknown_ones_are_passed_over(
    container: np.ndarray,
) -> None:
    reading = read(container)
    longer = dataclasses.replace(reading.head, fields=((7, b"edits" * 30), (9, b"")))
    written = container.copy()
    reading.cut.squares.write_head(written, longer.pack())
    assert read(written).head == longer


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
        assert tile.top % 16 == tile.left % 16 == 0
        assert max(tile.bottom - tile.top, tile.right - tile.left) <= 1040
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
    lowest = carriers.read_lowest(written)
    assert len(lowest) == carriers.capacity(3)
    assert lowest.startswith(b"first")
    assert np.array_equal(written >> 1, photo >> 1)


def test_heads_are_packed_and_damage_is_noticed() -> None:
    records = (Record(1, 44, 1000, 7), Record(0, 43, 2000, 8))
    head = Head(5, 300, 9, bytes(range(156)) * 2, records, 12345)
    packed = head.pack()
    assert len(packed) == lossless_layout.head_size(2, tiny=False)
    assert Head.unpack(packed + b"more", 2) == head
    assert Head.unpack(packed, 3) is None
    assert Head.unpack(packed[:100] + b"?" + packed[101:], 2) is None
    flagged = bytes([*packed[:2], packed[2] | 4, *packed[3:-4]])
    unknown = Head.unpack(flagged + zlib.crc32(flagged).to_bytes(4, "little"), 2)
    assert unknown is not None
    assert unknown.unknown


def test_tiles_carry_what_is_there() -> None:
    assert portions([10, 10, 10], 15, [12, 12, 12]) == [12, 12, 11]
    assert portions([], 5, []) == []
