"""Tiles come back exactly, their sizes are foretold, and damage is noticed."""

from __future__ import annotations

import numpy as np
import pytest

from models.coding import rans, tile_codec
from models.coding.opponent_dct import CHANNELS, inverse_transform, padded, transform
from models.coding.tile_codec import Tables
from models.networks.block_transform import BlockTransform
from tests.models.natural_pictures import natural


def _tile(height: int, width: int, seed: int, step: int = 40) -> np.ndarray:
    residual = natural(height, width, seed).astype(np.float32) - natural(height, width, seed + 9)
    return tile_codec.quantise(transform(residual), step)


def test_the_transform_is_that_of_the_networks_and_orthonormal() -> None:
    import torch

    picture = natural(24, 40).astype(np.float64)
    planes = transform(picture)
    same = BlockTransform(8).double()(torch.from_numpy(picture.transpose(2, 0, 1))[None])[0]
    assert np.allclose(planes, same.numpy())
    assert np.allclose(inverse_transform(planes), picture)
    assert transform(picture.astype(np.float32)).dtype == np.float32
    assert padded(picture[:19, :33]).shape == (24, 40, 3)
    assert padded(picture) is picture


@pytest.mark.parametrize("step", [0, 30, 70, 120, 191])
def test_tiles_of_different_sizes_come_back_together(step: int) -> None:
    tiles = [_tile(64, 48, 1, step), _tile(32, 80, 2, step), _tile(8, 8, 3, step)]
    tables = Tables.unpack(Tables.fit(tiles[:2]).pack())
    codes = [tables.encode(tile) for tile in tiles]
    found = tables.decode([code + b"more" for code in codes], [tile.shape[1:] for tile in tiles])
    for tile, again in zip(tiles[:2], found, strict=False):
        assert np.array_equal(tile, again)
    # What the tables have no place for is lost, and only that.
    kept = np.isin(np.arange(CHANNELS), np.flatnonzero(found[2].any((1, 2))))
    assert np.array_equal(found[2][kept], tiles[2][kept])


def test_tables_survive_packing() -> None:
    tables = Tables.fit([_tile(64, 64, 4, 10)])
    again = Tables.unpack(tables.pack())
    assert np.array_equal(tables.shifts, again.shifts)
    assert np.array_equal(tables.usual, again.usual)
    coded = tables.usual != 255
    assert np.array_equal(tables.fitted[coded], again.fitted[coded])
    assert tables.shifts.any()  # at so fine a step the lowest frequencies have large coefficients


@pytest.mark.parametrize("step", [20, 60, 100])
def test_the_size_is_foretold(step: int) -> None:
    tile = _tile(128, 128, 5, step)
    tables = Tables.fit([tile])
    assert 8 * len(tables.encode(tile)) == pytest.approx(tables.bits([tile])[0], rel=0.05)


def test_tiles_are_judged_side_by_side_as_one_by_one() -> None:
    tiles = [_tile(64, 48, 1), _tile(32, 80, 2), _tile(64, 48, 3)]
    tables = Tables.fit(tiles)
    assert tables.bits(tiles) == pytest.approx([tables.bits([tile])[0] for tile in tiles])


def test_the_context_is_worth_its_bits() -> None:
    """Half of the tile empty: that is not paid for coefficient by coefficient."""
    tile = _tile(128, 128, 6, 50)
    half = tile.copy()
    half[:, :, 8:] = 0
    bits = [Tables.fit([some]).bits([some])[0] for some in (half, tile)]
    assert bits[0] < 0.62 * bits[1]


def test_nothing_at_all_can_be_coded() -> None:
    empty = np.zeros((CHANNELS, 2, 3), np.int16)
    tables = Tables.unpack(Tables.fit([empty]).pack())
    assert not tables.decode([tables.encode(empty)], [(2, 3)])[0].any()
    assert tables.decode([], []) == []


@pytest.mark.parametrize("step", [10, 60])
def test_the_start_of_a_code_tells_the_low_frequencies(step: int) -> None:
    tiles = [_tile(64, 48, 1, step), _tile(32, 80, 2, step)]
    tables = Tables.fit(tiles)
    codes, sizes = [tables.encode(tile) for tile in tiles], [tile.shape[1:] for tile in tiles]
    whole = tables.decode(codes, sizes)
    known = []
    for share in (0, 0.02, 0.3, 0.6, 0.9):
        found = tables.decode_starts([c[: int(share * len(c))] for c in codes], sizes)
        count = 0
        for tile, some in zip(whole, found, strict=True):
            tile, some = (t[tile_codec.coding_order()] for t in (tile, some))
            same = (tile == some).all(axis=(1, 2))
            reached = CHANNELS if same.all() else int(same.argmin())
            assert not some[reached:].any()
            count += reached
        known.append(count)
    assert known == sorted(known)
    assert known[0] == 0 < known[2] < known[3] < known[4] < 2 * CHANNELS
    # Each of them is known as far as if the other one were not there.
    apart = tables.decode_starts([codes[0][:900], b""], sizes)
    assert np.array_equal(apart[0], tables.decode_starts([codes[0][:900]], sizes[:1])[0])
    assert not apart[1].any()


def test_what_was_cut_off_is_noticed() -> None:
    tile = _tile(64, 64, 7, 20)
    tables = Tables.fit([tile])
    code = tables.encode(tile)
    for length in (0, 5, 40, len(code) // 2):
        with pytest.raises(rans.CorruptCode):
            tables.decode([code[:length]], [tile.shape[1:]])
    with pytest.raises(rans.CorruptCode):
        Tables.unpack(b"x\x9c\x03\x00\x00\x00\x00\x01")


@pytest.mark.parametrize("numbers", [[], [0], [0, 0, 0], [1, 5, 0, 300, 2, 70_000]])
def test_numbers_are_packed(numbers: list[int]) -> None:
    packed = tile_codec._pack_numbers(np.array(numbers, np.int32))
    found, end = tile_codec._unpack_numbers(packed + b"more")
    assert found.tolist() == numbers
    assert end == len(packed)


def test_steps_are_a_sixteenth_of_an_octave() -> None:
    assert tile_codec.step_size(0) == 0.25
    assert tile_codec.step_size(16) == 0.5
    tile = transform(natural(16, 16).astype(np.float32))
    error = tile - tile_codec.quantise(tile, 64).astype(np.float32) * tile_codec.step_size(64)
    assert np.abs(error).max() <= 0.5501 * tile_codec.step_size(64)
