"""What is written into coefficients is read from them."""

from __future__ import annotations

import numpy as np
import pytest

from models.containers import coefficients
from models.containers.coefficients import Subsampling
from models.containers.jpeg import header_channel, messages, squares
from models.containers.jpeg.header import REFINED, Header, TileRecord, size_of
from models.containers.jpeg.layout import Cut, Grid
from models.containers.jpeg.pairs import cells
from models.containers.jpeg.prediction import Prediction
from models.containers.jpeg.writer import Writer


@pytest.mark.parametrize("subsampling", ["444", "420"])
@pytest.mark.parametrize("version", [0, 3, 255])
def test_every_message_is_read_and_cells_stay(subsampling: Subsampling, version: int) -> None:
    rng = np.random.default_rng(3)
    counts = coefficients.block_counts(300, 210, subsampling)
    y, cb, cr = (rng.integers(-4, 5, (*count, 8, 8)).astype(np.int16) for count in counts)
    planes = y, cb, cr
    grid = Grid.of(300, 210, subsampling)
    others = tuple(
        np.where(p < 0, -(np.abs(p) ^ 1), np.abs(p) ^ 1).astype(np.int16) for p in planes
    )
    costs = [rng.random(p.shape, dtype=np.float32) for p in planes]
    writer = Writer(grid, planes, (others[0], others[1], others[2]), costs)
    tiles, header = grid.tiles(), rng.bytes(200)
    said = [rng.bytes(50 + 30 * place) for place in range(len(tiles))]
    cuts = [Cut(63 - 3 * place, 5 + 4 * place) for place in range(len(tiles))]
    written = writer.put(version, said, cuts).with_header(header)
    for before, after in zip(planes, written, strict=True):
        assert (cells(before) == cells(after)).all()
    for area, message, cut in zip(tiles, said, cuts, strict=True):
        assert messages.read(written, grid, area, cut, len(message)) == message
    sound = np.ones((grid.rows, grid.columns), bool)
    assert next(header_channel.read(written, grid, 200, sound)) == header
    assert header_channel.sound(written, grid, header).all()
    differences = squares.read_checks(written, grid) ^ squares.checks(
        squares.digests(written, grid)
    )
    wanted = squares.turned_over(squares.classes(grid), version)
    assert (differences == wanted)[~squares.flat(written, grid)].all()


def test_headers_are_read_and_damaged_ones_are_not() -> None:
    rng = np.random.default_rng(1)
    tiles = tuple(
        TileRecord(int(rng.integers(1 << 16)), Cut(11 + place, 1 + place), 40_000 + place, kept)
        for place, kept in enumerate((True, False, True))
    )
    prediction = Prediction(rng.bytes(120), rng.bytes(111))
    header = Header(REFINED, prediction, rng.bytes(6), tiles)
    data = header.pack()
    assert len(data) == size_of(3)
    assert Header.unpack(data) == header
    for place in range(0, len(data), 7):
        damaged = bytearray(data)
        damaged[place] ^= 4
        assert Header.unpack(bytes(damaged)) is None
