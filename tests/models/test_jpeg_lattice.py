"""Bits on DCT coefficients, and the codec they have to survive."""

from __future__ import annotations

import io

import numpy as np
import pytest
from PIL import Image
from scipy.fft import dctn

from models import jpeg_hiding, jpeg_lattice
from models.jpeg_lattice import Lattice
from tests.models.natural_pictures import natural

LATTICE = Lattice(((0, 0, 0), (0, 1, 0), (0, 2, 1), (1, 0, 0), (2, 0, 1)), (8, 6, 5, 7, 4), key=3)


@pytest.fixture(scope="module")
def coefficients() -> np.ndarray:
    return jpeg_lattice.blocks(jpeg_lattice.to_ycc(natural(64, 96, seed=1)))


@pytest.fixture(scope="module")
def bits() -> np.ndarray:
    return np.random.default_rng(5).integers(0, 2, (5, 8, 12), dtype=np.uint8)


@pytest.mark.parametrize("quality", [1, 30, 50, 75, 80, 90, 95, 100])
def test_tables_are_libjpegs(quality: int) -> None:
    file = io.BytesIO()
    Image.new("RGB", (16, 16)).save(file, "JPEG", quality=quality)
    with Image.open(file) as image:
        tables = image.quantization  # type: ignore[attr-defined]
    ours = jpeg_lattice.quantisation_tables(quality)
    assert np.array_equal(ours[0].ravel(), tables[0])
    assert np.array_equal(ours[1].ravel(), tables[1])


def test_blocks_are_orthonormal_dcts_of_ycbcr(coefficients: np.ndarray) -> None:
    picture = natural(64, 96, seed=1)
    ycc = np.asarray(Image.fromarray(picture).convert("YCbCr"), np.float64) - 128
    expected = dctn(ycc[8:16, 24:32, 0], norm="ortho")
    assert np.abs(coefficients[0, :, :, 1, 3] - expected).max() < 4.1  # Pillow rounds
    back = jpeg_lattice.unblocks(coefficients)
    assert np.allclose(back, jpeg_lattice.to_ycc(picture), atol=1e-3)


def test_bits_are_read_where_they_were_put(coefficients: np.ndarray, bits: np.ndarray) -> None:
    marked = jpeg_lattice.embed_bits(coefficients, bits, LATTICE)
    soft = jpeg_lattice.soft_bits(marked, LATTICE)
    assert np.array_equal(soft < 0, bits)
    assert np.abs(soft).min() > 0.99
    rest = np.ones(coefficients.shape[:3], bool)
    for carrier in LATTICE.carriers:
        rest[carrier] = False
    assert np.array_equal(marked[rest], coefficients[rest])


def test_bits_survive_a_shift_of_less_than_half_a_step(
    coefficients: np.ndarray, bits: np.ndarray
) -> None:
    marked = jpeg_lattice.embed_bits(coefficients, bits, LATTICE)
    shifts = np.random.default_rng(1).uniform(-1.9, 1.9, marked.shape).astype(np.float32)
    assert np.array_equal(jpeg_lattice.soft_bits(marked + shifts, LATTICE) < 0, bits)
    too_far = jpeg_lattice.soft_bits(marked + 5, LATTICE) < 0
    assert not np.array_equal(too_far, bits)


def test_the_middle_of_the_cells_does_not_depend_on_the_bits(
    coefficients: np.ndarray, bits: np.ndarray
) -> None:
    one = jpeg_lattice.at_cell_middles(
        jpeg_lattice.embed_bits(coefficients, bits, LATTICE), LATTICE
    )
    other = jpeg_lattice.at_cell_middles(
        jpeg_lattice.embed_bits(coefficients, 1 - bits, LATTICE), LATTICE
    )
    assert np.allclose(one, other, atol=1e-3)
    assert np.allclose(one, jpeg_lattice.at_cell_middles(coefficients, LATTICE), atol=1e-3)


def test_the_wanted_planes_are_met_where_there_is_room() -> None:
    picture = np.clip(natural(64, 96, seed=2), 40, 215)
    wanted = jpeg_lattice.to_ycc(picture) + 5
    result = jpeg_lattice.with_planes(picture, wanted[:1])
    assert np.abs(jpeg_lattice.to_ycc(result, 1) - wanted[:1]).max() < 0.6
    untouched = jpeg_lattice.with_planes(np.pad(picture, ((0, 3), (0, 5), (0, 0))), wanted)
    assert not untouched[64:].any()


@pytest.mark.parametrize("quality", [80, 90, 95, 98])
def test_detail_carriers_never_meet_the_bases(quality: int) -> None:
    base = set(jpeg_hiding.base_lattice().carriers)
    for subsampling in ("444", "420"):
        detail = jpeg_hiding.detail_lattice(quality, subsampling)  # type: ignore[arg-type]
        assert not base & set(detail.carriers)
        assert subsampling == "444" or all(plane == 0 for plane, _, _ in detail.carriers)
