"""Bits on DCT coefficients, and the codec they have to survive."""

from __future__ import annotations

import io

import numpy as np
import pytest
from PIL import Image
from scipy.fft import dctn

from models.containers import jpeg_carriers, qim
from models.containers.qim import Lattice
from tests.models.natural_pictures import natural

LATTICE = Lattice(
    carriers=((0, 0, 0), (0, 1, 0), (0, 2, 1), (1, 0, 0), (2, 0, 1)),
    steps=(8, 6, 5, 7, 4),
    gaps=(4, 6, 2.5, 7, 2),
    key=3,
)


@pytest.fixture(scope="module")
def coefficients() -> np.ndarray:
    return qim.blocks(qim.to_ycc(natural(64, 96, seed=1)))


@pytest.fixture(scope="module")
def bits() -> np.ndarray:
    return np.random.default_rng(5).integers(0, 2, (5, 8, 12), dtype=np.uint8)


@pytest.mark.parametrize("quality", [1, 30, 50, 75, 80, 90, 95, 100])
def test_tables_are_libjpegs(quality: int) -> None:
    file = io.BytesIO()
    Image.new("RGB", (16, 16)).save(file, "JPEG", quality=quality)
    with Image.open(file) as image:
        tables = image.quantization  # type: ignore[attr-defined]
    ours = qim.quantisation_tables(quality)
    assert np.array_equal(ours[0].ravel(), tables[0])
    assert np.array_equal(ours[1].ravel(), tables[1])


def test_blocks_are_orthonormal_dcts_of_ycbcr(coefficients: np.ndarray) -> None:
    picture = natural(64, 96, seed=1)
    ycc = np.asarray(Image.fromarray(picture).convert("YCbCr"), np.float64) - 128
    expected = dctn(ycc[8:16, 24:32, 0], norm="ortho")
    assert np.abs(coefficients[0, :, :, 1, 3] - expected).max() < 4.1  # Pillow rounds
    back = qim.unblocks(coefficients)
    assert np.allclose(back, qim.to_ycc(picture), atol=1e-3)


def test_bits_are_read_where_they_were_put(coefficients: np.ndarray, bits: np.ndarray) -> None:
    marked = coefficients.copy()
    LATTICE.put_bits(marked, bits)
    soft = LATTICE.soft_bits(marked)
    assert np.array_equal(soft < 0, bits)
    assert np.abs(soft).min() > 0.99
    rest = np.ones(coefficients.shape[:3], bool)
    for carrier in LATTICE.carriers:
        rest[carrier] = False
    assert np.array_equal(marked[rest], coefficients[rest])


def test_rows_of_blocks_can_be_done_apart(coefficients: np.ndarray, bits: np.ndarray) -> None:
    whole, part = coefficients.copy(), np.ascontiguousarray(coefficients[..., 3:6, :])
    LATTICE.put_bits(whole, bits)
    LATTICE.put_bits(part, bits[:, 3:6], first_row=3)
    assert np.array_equal(whole[..., 3:6, :], part)


def test_carriers_that_are_off_are_left_alone(coefficients: np.ndarray, bits: np.ndarray) -> None:
    on = np.random.default_rng(2).random(bits.shape) < 0.5
    marked = coefficients.copy()
    LATTICE.put_bits(marked, bits, on=on)
    for i, carrier in enumerate(LATTICE.carriers):
        assert np.array_equal(marked[carrier][~on[i]], coefficients[carrier][~on[i]])
    assert np.array_equal((LATTICE.soft_bits(marked) < 0)[on], bits[on])


def test_bits_survive_a_shift_of_less_than_half_a_step(
    coefficients: np.ndarray, bits: np.ndarray
) -> None:
    marked = coefficients.copy()
    LATTICE.put_bits(marked, bits)
    shifts = np.random.default_rng(1).uniform(-1.9, 1.9, marked.shape).astype(np.float32)
    assert np.array_equal(LATTICE.soft_bits(marked + shifts) < 0, bits)
    assert not np.array_equal(LATTICE.soft_bits(marked + 5) < 0, bits)


def test_a_push_over_the_gap_leaves_the_bit(bits: np.ndarray) -> None:
    """By half a step and a little less than the gap: outwards it is the neighbour's same bit."""
    lattice = Lattice(((0, 1, 1),), (8,), (6,), key=1)
    coefficients = np.zeros((1, 8, 8, 8, 12), np.float32)
    lattice.put_bits(coefficients, bits[:1])
    pushed = [lattice.soft_bits(coefficients + d)[0] < 0 for d in (9.5, -9.5)]
    right = [p == bits[0] for p in pushed]
    assert (right[0] ^ right[1]).all()  # one way is inwards, and crosses the step


def test_the_middle_of_the_cells_does_not_depend_on_the_bits(
    coefficients: np.ndarray, bits: np.ndarray
) -> None:
    middles = []
    for pattern in (None, bits, 1 - bits):
        picture = coefficients.copy()
        if pattern is not None:
            LATTICE.put_bits(picture, pattern)
        LATTICE.to_middles(picture)
        middles.append(picture)
    assert np.allclose(middles[0], middles[1], atol=1e-3)
    assert np.allclose(middles[0], middles[2], atol=1e-3)


def test_costs_are_what_bits_do_to_a_picture() -> None:
    rng = np.random.default_rng(6)
    coefficients = rng.normal(0, 60, (3, 8, 8, 40, 40)).astype(np.float32)
    bits = rng.integers(0, 2, (5, 40, 40), dtype=np.uint8)
    marked = coefficients.copy()
    LATTICE.put_bits(marked, bits)
    change = qim.unblocks(marked - coefficients)
    rgb = np.einsum("cp,phw->hwc", qim.RGB, change)
    assert np.square(rgb).mean() == pytest.approx(LATTICE.costs().sum(), rel=0.05)


def test_the_wanted_planes_are_met_where_there_is_room() -> None:
    picture = np.clip(natural(64, 96, seed=2), 40, 215)
    wanted = qim.to_ycc(picture) + 5
    result = qim.with_planes(picture, wanted[:1])
    assert np.abs(qim.to_ycc(result, 1) - wanted[:1]).max() < 0.6
    untouched = qim.with_planes(np.pad(picture, ((0, 3), (0, 5), (0, 0))), wanted)
    assert not untouched[64:].any()


@pytest.mark.parametrize("quality", [75, 80, 90, 95, 98, 100])
@pytest.mark.parametrize("blocks", [600, 6000, 400_000])
def test_detail_carriers_never_meet_the_bases(quality: int, blocks: int) -> None:
    base = jpeg_carriers.base_lattice(blocks)
    for subsampling in ("444", "420"):
        detail = jpeg_carriers.detail_lattice(quality, subsampling, base.bits_per_block)  # type: ignore[arg-type]
        assert not set(base.carriers) & set(detail.carriers)
        assert subsampling == "444" or detail.planes == 1
