"""The values of the format are those of models/FORMAT.md, for pictures of every size.

The golden files are small and few. Here the program is compared with the plain reader, which was
written from the page, over sizes, qualities and rates that no golden file has.
"""

from __future__ import annotations

import itertools

import numpy as np
import pytest

from models.coding import (
    ldpc,
    pixel_symbols,
    rans,
    reed_solomon,
    syndrome_trellis,
    tile_codec,
)
from models.containers import (
    coefficients,
    lossless_layout,
    lossless_prediction,
    lossless_tables,
    watermark,
)
from models.containers.jpeg import header_channel, layout, messages, squares
from models.containers.jpeg.header import size_of
from models.containers.jpeg.layout import Cut, Grid
from models.containers.lossless_parity import Parity
from models.containers.lossless_squares import Squares
from models.jpeg_transform import ZIGZAG
from tests.golden import plain_jpeg_reader, plain_reader

RNG = np.random.default_rng(0)


def channel_code(channel_bits: int, rate: int) -> bool:
    """Whether a random message becomes the same channel bits."""
    message = RNG.bytes(plain_reader.capacity(channel_bits, rate))
    coded = ldpc.encode(message, channel_bits, rate)
    return bool((coded == plain_reader.encode(message, channel_bits, rate)).all())


@pytest.mark.parametrize("rate", range(13))
def test_error_correction(rate: int) -> None:
    assert len(ldpc.RATES) == 13
    for channel_bits in (32 * 47, 32 * 100 + 31, 3 * 4096, 32 * 151 + 9):
        assert channel_code(channel_bits, rate), channel_bits


@pytest.mark.parametrize(("rate", "side"), [(12, 3), (12, 11), (11, 7), (9, 5), (6, 8), (0, 9)])
def test_matrices_of_small_sides_where_all_draws_are_needed(rate: int, side: int) -> None:
    assert channel_code(32 * side, rate)


def test_frames_of_the_error_correction() -> None:
    halves = [4096 * k + 2048 + d for k in range(12) for d in (-1, 0, 1)]
    for channel_bits in [*range(0, 100_000, 997), *halves, 2_000_000]:
        for rate in range(13):
            wanted = plain_reader.capacity(channel_bits, rate)
            assert ldpc.capacity(channel_bits, rate) == wanted, (channel_bits, rate)


def test_steps() -> None:
    for index in range(192):
        assert tile_codec.step_size(index) == 0.25 * 2 ** (index / 16)


def test_distributions() -> None:
    frequencies, starts, slots = rans.distributions()
    plain = plain_reader.distributions()
    assert (frequencies == plain[0]).all()
    assert (starts == plain[1]).all()
    assert (slots == plain[2]).all()


def test_lanes() -> None:
    edges = [4096 * k + d for k in (1, 2, 3, 100, 4095, 4096, 4097, 9000) for d in (-1, 0, 1)]
    for symbols in [0, 1, *edges, 1 << 30]:
        assert rans.lanes_for(symbols) == plain_reader.lanes_for(symbols), symbols


def test_coding_order_and_contexts() -> None:
    channels = [64 * c + 8 * v + u for v, u, c in plain_reader.PLANES]
    assert tile_codec.coding_order().tolist() == channels
    surroundings, plain, weight = tile_codec.Surroundings(6, 9), np.zeros((6, 9), np.int64), 0
    means = plain_reader.distributions()[0] @ np.abs(np.arange(-24, 25)) / (1 << 14)
    for _ in range(100):
        found = surroundings.contexts().ravel()
        assert (found == plain_reader.tile_contexts(plain, weight)).all()
        usual = int(RNG.integers(64))
        size = RNG.laplace(0, means[usual], (6, 9))
        magnitudes = np.minimum(24, np.abs(size)).astype(np.uint8)
        surroundings.add(magnitudes, usual)
        unit = int(1024 / (means[usual] + 0.02))
        plain += -(plain >> 4) + magnitudes.astype(np.int64) * unit
        weight += 1024 - (weight >> 4)


def test_tables_of_the_codes_of_tiles() -> None:
    usual = RNG.integers(0, 64, 192).astype(np.uint8)
    usual[RNG.integers(0, 192, 40)] = 255
    coded = usual != 255
    fitted = np.zeros((192, 16), np.uint8)
    fitted[coded] = RNG.integers(0, 64, (int(coded.sum()), 16))
    tables = tile_codec.Tables(RNG.integers(0, 8, 192).astype(np.uint8), usual, fitted)
    plain = plain_reader.unpack_tables(tables.pack())
    assert (plain.shifts == tables.shifts).all()
    assert (plain.usual == usual).all()
    assert (plain.chosen == fitted).all()


def test_symbols() -> None:
    assert plain_reader.FACTORS == pixel_symbols.FACTORS
    colours = RNG.integers(0, 256, (500, 3), np.uint8)
    for bits, factors in plain_reader.FACTORS.items():
        values = colours.astype(np.int64) @ np.array(factors) % (1 << bits)
        assert (pixel_symbols.read(colours, bits) == values).all()


def test_tiles() -> None:
    for side in [*range(1, 7000), 10_240, 10_241, 30_000]:
        edges = plain_reader.edges_of(side)
        spans = list(itertools.pairwise(edges))
        assert [(t.top, t.bottom) for t in lossless_layout.tiles(side, 1)] == spans
        assert [(t.left, t.right) for t in lossless_layout.tiles(1, side)] == spans


def test_carriers_of_tiles() -> None:
    for size in [(33, 70), (200, 333), (641, 129)]:
        marked = RNG.random(size) < 1 / 64
        plain = plain_reader.tiles_of(marked)
        picture = RNG.integers(0, 256, (*size, 3), np.uint8)
        for tile, other in zip(lossless_layout.tiles(*size), plain, strict=True):
            carriers = lossless_layout.Carriers(tile, marked)
            assert carriers.read_lowest(picture) == other.lowest(picture)
            for bits in plain_reader.FACTORS:
                assert carriers.read(picture, bits) == other.symbols(picture, bits)


def test_heads_and_pieces_of_tables() -> None:
    for count in range(1, 60):
        for tiny in (False, True):
            size = lossless_layout.head_size(count, tiny)
            assert size == plain_reader.head_size(count, not tiny)
    for area in (4095, 4096, (1 << 18) - 1, 1 << 18):
        picture = np.broadcast_to(np.uint8(0), (1, area, 3))
        assert lossless_layout.is_tiny(picture) == (area < 4096)
        for others in (1, 23, 300):
            count = lossless_tables.piece_count(area, others)
            assert count == plain_reader.pieces_of_tables(area, others)


SIZES = [(32, 32), (33, 40), (49, 67), (17, 300), (200, 333), (641, 129), (800, 720)]


@pytest.mark.parametrize("size", SIZES)
def test_kept_pixels_and_checks(size: tuple[int, int]) -> None:
    marked = np.zeros(size[0] * size[1], bool)
    marked[watermark.marked_samples(*size) // 3] = True
    kept = plain_reader.kept_pixels(marked.reshape(size))
    tiles = len(lossless_layout.tiles(*size))
    tiny = size[0] * size[1] < 4096
    squares = Squares(*size, lossless_layout.head_size(tiles, tiny))
    assert squares.shape == kept.shape
    places = [*kept.head, *(place for check in kept.checks for place in check)]
    assert np.flatnonzero(squares.kept).tolist() == sorted(places)
    for bits in plain_reader.FACTORS:
        parity = Parity(*size, squares, bits)
        found, low = plain_reader.parity_pixels(kept, size[0] * size[1], bits)
        assert np.flatnonzero(parity.here).tolist() == sorted(found)
        assert parity.low_bits == low
    picture = RNG.integers(0, 256, (*size, 3), np.uint8)
    head = RNG.bytes(lossless_layout.head_size(tiles, tiny))
    squares.write_head(picture, head)
    coded = (picture.reshape(-1, 3)[kept.head] & 1).ravel()
    assert (plain_reader.head_code(head, coded.size) == coded).all()
    squares.write_checks(picture, 1234)
    full = np.array([len(check) == 3 for check in kept.checks])
    assert (squares.checked.ravel() == full).all()
    assert (plain_reader.seeds_of(picture, kept)[full] == 1234 % 509).all()


def test_portions() -> None:
    for _ in range(50):
        lengths, rooms = (RNG.integers(0, 4000, 23).tolist() for _ in range(2))
        waiting = int(RNG.integers(0, 9000))
        found = lossless_layout.portions(lengths, waiting, rooms)
        assert found == plain_reader.portions(waiting, lengths, rooms)


def test_prediction_of_tiles() -> None:
    colours = RNG.normal(0, 30, 60).astype("<f2").tobytes()
    weights = RNG.integers(0, 251, 192, np.uint8).tobytes()
    levels = RNG.integers(0, 256, (70, 61, 3), np.uint8).astype(np.float64)
    for sent in (b"", weights):
        head = plain_reader.LosslessHead(4, (0, 0), 0, colours, sent, [], b"")
        found = lossless_prediction.predict(levels, colours + sent)
        assert np.abs(found - plain_reader.tile_prediction(levels, head)).max() < 1e-9


AREAS = [(8, 8), (1, 127), (16, 16), (63, 65), (64, 64), (37, 53), (601, 903), (8192, 8200)]
"""The last has more than 2^20 places for the watermark."""


@pytest.mark.parametrize("size", [*AREAS, (12_000, 9000)])
def test_places_of_the_watermark(size: tuple[int, int]) -> None:
    places, stream = plain_reader.marked_pixels(*size)
    assert (watermark.marked_samples(*size) == 3 * places + 1).all()
    if len(places) < 10_000:
        blank = np.zeros((*size, 3), np.uint8)
        marked = watermark.with_watermark(blank, 40_321)
        bits = plain_reader.watermark(stream.bits(len(places)), 40_321)
        assert (marked.reshape(-1, 3)[places, 1] == bits).all()


# -- JPEG containers -----------------------------------------------------------------------------


def random_jpeg(
    height: int, width: int, subsampling: coefficients.Subsampling
) -> tuple[plain_jpeg_reader.Jpeg, coefficients.Planes, Grid]:
    """Random coefficients, as both know them."""
    counts = coefficients.block_counts(height, width, subsampling)
    planes = tuple(RNG.integers(-9, 10, (*count, 8, 8)).astype(np.int16) for count in counts)
    by_place = [p.reshape(*p.shape[:2], 64)[..., ZIGZAG].astype(np.int64) for p in planes]
    tables = [np.ones(64, np.int64)] * 3
    jpeg = plain_jpeg_reader.Jpeg(height, width, subsampling == "420", tables, by_place)
    return jpeg, (planes[0], planes[1], planes[2]), Grid.of(height, width, subsampling)


SIZES = [(17, 16), (61, 250), (203, 251), (300, 333)]


def test_zigzag() -> None:
    assert ZIGZAG.tolist() == plain_jpeg_reader.ZIGZAG


@pytest.mark.parametrize("size", [*SIZES, (1600, 1100), (4000, 3000), (40, 9000)])
def test_tiles_and_regions_of_jpegs(size: tuple[int, int]) -> None:
    grid = Grid.of(*size, "420")
    plain = plain_jpeg_reader.Jpeg(*size, True, [], [])
    assert grid.tiles() == plain_jpeg_reader.tiles_of(plain)
    wanted = size_of(len(grid.tiles()))
    plan = header_channel.HeaderPlan.of(grid, wanted)
    if plan is None:
        with pytest.raises(plain_reader.NotReadable):
            plain_jpeg_reader.pieces_of(plain, wanted)
        return
    assert (plan.regions, plan.wanted, plan.size) == plain_jpeg_reader.pieces_of(plain, wanted)


def test_sides_of_squares_in_parts() -> None:
    for squares_ in range(1, 700):
        for side in (2, 4, 8, 12, 16, 64):
            assert layout.divided(squares_, side) == plain_jpeg_reader.divided(squares_, side)


@pytest.mark.parametrize("subsampling", ["444", "420"])
@pytest.mark.parametrize("size", SIZES)
def test_squares_of_jpegs(size: tuple[int, int], subsampling: coefficients.Subsampling) -> None:
    jpeg, planes, grid = random_jpeg(*size, subsampling)
    cells = [plain_jpeg_reader.cells(p) for p in jpeg.planes]
    found = squares.digests(planes, grid)
    assert (found == plain_jpeg_reader.digests(jpeg, 1, cells)).all()
    luma = jpeg.planes[0].copy()
    luma[..., plain_jpeg_reader.HEADERS] = cells[0][..., plain_jpeg_reader.HEADERS]
    sealed = plain_jpeg_reader.digests(jpeg, 0, [luma, *jpeg.planes[1:]])
    assert (squares.seals(planes, grid) == sealed).all()


@pytest.mark.parametrize("width", range(1, 21))
def test_syndromes(width: int) -> None:
    parities = RNG.integers(0, 2, 40 * width, np.uint8)
    plain = plain_jpeg_reader.syndrome(parities.astype(np.int64), width, 40)
    assert (syndrome_trellis.syndrome(parities, width, 40) == plain).all()


@pytest.mark.parametrize("subsampling", ["444", "420"])
def test_messages_of_tiles(subsampling: coefficients.Subsampling) -> None:
    jpeg, planes, grid = random_jpeg(203, 251, subsampling)
    for area in grid.tiles():
        for length, luma, chroma in [(0, 11, 1), (7, 63, 63), (90, 25, 3), (400, 40, 20)]:
            tile = plain_jpeg_reader.Tile(length, luma, False, chroma, 0)
            found = messages.read(planes, grid, area, Cut(luma, chroma), length)
            assert found == plain_jpeg_reader.message_of(jpeg, area, tile)


@pytest.mark.parametrize(("pieces", "wanted"), [(1, 1), (9, 5), (20, 11), (255, 141)])
def test_pieces_of_headers(pieces: int, wanted: int) -> None:
    data = RNG.bytes(3 * wanted)
    coded = reed_solomon.encode(data, pieces, wanted).astype(np.int64)
    kept = RNG.permutation(pieces)[:wanted].tolist()
    found = plain_jpeg_reader.from_pieces({place: coded[place] for place in kept}, wanted)
    assert found == data
