"""The residual codec: what is decoded is what was promised, within the room there is."""

from __future__ import annotations

import struct
import zlib
from collections.abc import Iterator

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.fft import dctn

from models.coding import residual_codec, residual_step
from tests.models.natural_pictures import natural


def _residual(height: int, width: int, seed: int = 0, deviation: float = 4) -> np.ndarray:
    """Like what the network leaves: correlated, larger in some places than in others."""
    rng = np.random.default_rng(seed)
    smooth = (natural(height, width, seed).astype(float) - 128) / 40
    return np.rint(smooth * rng.normal(0, deviation, (height, width, 3))).astype(np.int16)


def _squared_error(code: residual_codec.ResidualCode | None, residual: np.ndarray) -> float:
    assert code is not None
    return float(np.square(code.decoded - residual).mean())


@settings(max_examples=6, deadline=None)
@given(
    height=st.integers(1, 60),
    width=st.integers(1, 60),
    capacity=st.integers(0, 4000),
    deviation=st.floats(0, 80),
    seed=st.integers(0, 999),
)
def test_round_trip_within_the_capacity(
    height: int, width: int, capacity: int, deviation: float, seed: int
) -> None:
    residual = np.clip(_residual(height, width, seed, deviation), -255, 255)
    code = residual_codec.encode(residual, capacity)
    if code is None:
        return
    assert len(code.data) <= capacity
    assert code.decoded.shape == residual.shape
    assert code.decoded.dtype == np.float32
    for data in (code.data, code.data + b"whatever follows is not read"):
        assert np.array_equal(residual_codec.decode(data, height, width), code.decoded)


@pytest.mark.parametrize("size", [(16, 16), (64, 64), (129, 127)])
def test_room_is_used_and_never_exceeded(size: tuple[int, int]) -> None:
    residual = _residual(*size)
    for capacity in (size[0] * size[1] * 3 // 8, size[0] * size[1] * 3 // 4):
        code = residual_codec.encode(residual, capacity)
        if code is None:
            assert capacity < 400
            continue
        assert len(code.data) <= capacity
        assert len(code.data) > 0.8 * capacity or code.step == 0.25


@pytest.mark.parametrize("capacity", [0, 11, 40])
def test_too_little_room_gives_none(capacity: int) -> None:
    assert residual_codec.encode(_residual(16, 24), capacity) is None


def test_more_room_restores_more() -> None:
    residual = _residual(64, 64)
    nothing = float(np.square(residual.astype(float)).mean())
    errors = [
        _squared_error(residual_codec.encode(residual, c), residual) for c in (1000, 2000, 16_000)
    ]
    assert nothing > errors[0] > errors[1] > errors[2]
    assert errors[2] < 0.1, "with ample room hardly anything is lost"


def test_each_coefficient_is_off_by_no_more_than_its_step_allows() -> None:
    """Checked with scipy's DCT: the error is bounded by the dead zone's 0.58 of a step."""
    residual = _residual(64, 48)
    code = residual_codec.encode(residual, 2500)
    assert code is not None
    error = (code.decoded - residual).astype(float).reshape(8, 8, 6, 8, 3)
    coefficients = dctn(error, axes=(1, 3, 4), norm="ortho")
    assert np.abs(coefficients).max() <= (1 - residual_step.ROUNDING) * code.step + 1e-3


def test_coefficients_beyond_the_largest_symbol_come_back() -> None:
    """A picture that jumps from -255 to 255 has coefficients of hundreds of fine steps."""
    residual = np.zeros((64, 64, 3), np.int16)
    residual[16:40, 8:32] = 255
    residual[40:, 40:] = -255
    residual[3, 5] = (255, -255, 255)
    code = residual_codec.encode(residual, 20_000)
    assert code is not None
    largest = 255 * 8 * 3**0.5 / code.step
    assert largest > 24 * 10, "not a test of large coefficients"
    assert np.abs(code.decoded - residual).max() < 2
    assert np.array_equal(residual_codec.decode(code.data, 64, 64), code.decoded)


def test_a_residual_of_zero_needs_no_code() -> None:
    code = residual_codec.encode(np.zeros((32, 32, 3), np.int16), 1000)
    assert code is None or (len(code.data) < 300 and not code.decoded.any())


def test_coding_is_deterministic() -> None:
    residual = _residual(48, 40)
    first, second = (residual_codec.encode(residual.copy(), 2000) for _ in range(2))
    assert first is not None
    assert second is not None
    assert first.data == second.data


def _band_starts(data: bytes, bands: int) -> list[int]:
    """Where each band's code starts, after the documented layout: header, bands."""
    at = 6 + 8 * bands + 4
    starts = []
    for band in range(bands):
        starts.append(at)
        at += struct.unpack_from("<I", data, 6 + 8 * band)[0]
    assert at == len(data)
    return starts


def _one_band(step_index: int, band: bytes) -> bytes:
    """A code with right checksums around any band."""
    head = struct.pack("<2sBBHII", b"PF", 1, step_index, 1, len(band), zlib.crc32(band))
    return head + struct.pack("<I", zlib.crc32(head)) + band


@pytest.fixture(scope="module")
def banded() -> Iterator[residual_codec.ResidualCode]:
    """96 x 64 pixels in three bands of 32 rows."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(residual_codec, "BAND_PIXELS", 32 * 64)
        code = residual_codec.encode(_residual(96, 64), 5000)
        assert code is not None
        yield code


def test_a_damaged_band_loses_itself_and_no_other(banded: residual_codec.ResidualCode) -> None:
    code = banded
    starts = _band_starts(code.data, 3)
    for band in range(3):
        damaged = bytearray(code.data)
        damaged[starts[band] + 20] ^= 0x10
        decoded = residual_codec.decode(bytes(damaged), 96, 64)
        rows = np.zeros(96, bool)
        rows[band * 32 : band * 32 + 32] = True
        assert not decoded[rows].any()
        assert np.array_equal(decoded[~rows], code.decoded[~rows])
        assert code.decoded[rows].any()


def test_a_copy_of_the_header_saves_a_code_whose_start_is_damaged(
    banded: residual_codec.ResidualCode,
) -> None:
    size = residual_codec.header_size(96, 64)
    damaged = bytes(size) + banded.data[size:]
    with pytest.raises(residual_codec.NoResidual):
        residual_codec.decode(damaged, 96, 64)
    decoded = residual_codec.decode(damaged, 96, 64, spare=banded.data[:size])
    assert np.array_equal(decoded, banded.decoded)


def test_a_code_cut_short_keeps_its_first_bands(banded: residual_codec.ResidualCode) -> None:
    code = banded
    cut = _band_starts(code.data, 3)[2] + 30
    decoded = residual_codec.decode(code.data[:cut], 96, 64)
    assert np.array_equal(decoded[:64], code.decoded[:64])
    assert not decoded[64:].any()


@settings(max_examples=100, deadline=None)
@given(data=st.binary(max_size=200))
def test_garbage_is_no_code(data: bytes) -> None:
    with pytest.raises(residual_codec.NoResidual):
        residual_codec.decode(data, 32, 32)


def test_another_number_of_bands_is_noticed(banded: residual_codec.ResidualCode) -> None:
    with pytest.raises(residual_codec.NoResidual):
        residual_codec.decode(banded.data, 32, 64)


@settings(max_examples=30, deadline=None)
@given(payload=st.binary(min_size=0, max_size=400), index=st.integers(0, 255))
def test_hostile_bands_with_right_checksums_never_crash(payload: bytes, index: int) -> None:
    data = _one_band(index, payload)
    assert residual_codec.decode(data, 24, 24).shape == (24, 24, 3)


@pytest.mark.parametrize("seed", range(8))
def test_hostile_tables_in_the_right_format_never_crash(seed: int) -> None:
    """Right sizes and checksums around nonsense: any distributions, few escapes, random words."""
    rng = np.random.default_rng(seed)
    usual = rng.integers(0, 256, 192, dtype=np.uint8)
    usual[rng.random(192) < 0.5] = 255  # an empty plane
    offsets = rng.bytes(16 * int((usual != 255).sum()))
    tables = zlib.compress(usual.tobytes() + offsets)
    escapes = zlib.compress(rng.bytes(int(rng.integers(0, 9)) * 2))
    band = struct.pack("<II", len(tables), len(escapes)) + tables + escapes
    band += rng.bytes(2 * int(rng.integers(2, 3000)))
    decoded = residual_codec.decode(_one_band(30, band), 24, 40)
    assert decoded.shape == (24, 40, 3)
    assert np.isfinite(decoded).all()
