"""The entropy coder gives every symbol back, at the price of its information."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from models.coding import rans

SYMBOLS = 2 * rans.LARGEST + 1


def _put(encoder: rans.Encoder, symbols: np.ndarray, models: np.ndarray) -> None:
    encoder.put_planes(symbols.reshape(1, -1), models.reshape(1, -1))


class _Decoder:
    """One decoder alone, which says so where its code ends too early."""

    def __init__(self, code: bytes, lanes: int) -> None:
        self._one = rans.Decoders([code], [lanes])

    def get(self, models: np.ndarray) -> np.ndarray:
        symbols = self._one.get([models.reshape(-1)])[0]
        if self._one.broken[0]:
            raise rans.CorruptCode("The code ends too early.")
        return symbols.reshape(models.shape)


def _encode(planes: list[tuple[np.ndarray, np.ndarray]], lanes: int) -> bytes:
    encoder = rans.Encoder(lanes)
    for symbols, models in planes:
        _put(encoder, symbols, models)
    return encoder.finish()


@settings(max_examples=60, deadline=None)
@given(
    sizes=st.lists(st.integers(1, 400), min_size=1, max_size=5),
    lanes=st.integers(1, 70),
    seed=st.integers(0, 2**32 - 1),
)
def test_any_symbols_under_any_distributions_come_back(
    sizes: list[int], lanes: int, seed: int
) -> None:
    rng = np.random.default_rng(seed)
    planes = [
        (
            rng.integers(-rans.LARGEST, rans.LARGEST + 1, n),
            rng.integers(0, rans.MODELS, n).astype(np.uint8),
        )
        for n in sizes
    ]
    decoder = _Decoder(_encode(planes, lanes), lanes)
    for symbols, models in planes:
        assert np.array_equal(decoder.get(models), symbols)


@settings(max_examples=40, deadline=None)
@given(
    sizes=st.lists(st.integers(1, 300), min_size=2, max_size=5),
    lanes=st.lists(st.integers(1, 40), min_size=5, max_size=5),
    seed=st.integers(0, 2**32 - 1),
)
def test_codes_worked_out_side_by_side_are_each_ones_own(
    sizes: list[int], lanes: list[int], seed: int
) -> None:
    rng = np.random.default_rng(seed)
    lanes = lanes[: len(sizes)]
    planes = [
        (
            rng.integers(-rans.LARGEST, rans.LARGEST + 1, n),
            rng.integers(0, rans.MODELS, n).astype(np.uint8),
        )
        for n in sizes
    ]
    encoders = []
    for plane, n in zip(planes, lanes, strict=True):
        encoders.append(rans.Encoder(n))
        _put(encoders[-1], *plane)
    codes = rans.finish(encoders)
    assert codes == [_encode([plane], n) for plane, n in zip(planes, lanes, strict=True)]
    decoders = rans.Decoders(codes, lanes)
    for found, (symbols, _) in zip(decoders.get([m for _, m in planes]), planes, strict=True):
        assert np.array_equal(found, symbols)
    assert not decoders.broken.any()


def test_a_code_that_ends_too_early_breaks_no_other() -> None:
    rng = np.random.default_rng(0)
    models = np.full(4000, 60, np.uint8)
    symbols = rng.integers(-20, 21, (2, 4000))
    codes = [_encode([(s, models)], 4) for s in symbols]
    codes[0] = codes[0][: len(codes[0]) // 2 & ~1]
    decoders = rans.Decoders(codes, [4, 4])
    assert np.array_equal(decoders.get([models, models])[1], symbols[1])
    assert decoders.broken.tolist() == [True, False]


def test_planes_keep_their_shape() -> None:
    symbols = np.arange(-6, 6).reshape(3, 4)
    models = np.full((3, 4), 40, np.uint8)
    decoded = _Decoder(_encode([(symbols, models)], 2), 2).get(models)
    assert decoded.shape == (3, 4)
    assert np.array_equal(decoded, symbols)


def test_frequencies_are_whole_positive_symmetric_and_add_up() -> None:
    frequencies = 2.0 ** (rans.PRECISION - rans.bit_costs().astype(np.float64))
    whole = np.rint(frequencies)
    assert np.abs(frequencies - whole).max() < 0.01
    assert (whole >= 1).all()
    assert (whole.sum(axis=1) == 2**rans.PRECISION).all()
    assert (whole == whole[:, ::-1]).all()
    assert whole.shape == (rans.MODELS, SYMBOLS)


def test_distributions_are_quantised_laplacians_from_narrow_to_wide() -> None:
    means = rans.mean_magnitudes()
    assert (np.diff(means) > 0).all()
    assert means[0] < 0.05
    assert means[-1] > 8
    probability = 2.0 ** -rans.bit_costs().astype(np.float64)
    # Each next magnitude is the same factor rarer (away from the floor of one slot).
    middle = probability[50, rans.LARGEST + 1 : rans.LARGEST + 6]
    ratios = middle[1:] / middle[:-1]
    assert ratios == pytest.approx(ratios.mean(), rel=0.05)


@pytest.mark.parametrize("model", [3, 20, 40, 63])
def test_the_length_is_within_one_percent_of_the_entropy(model: int) -> None:
    count, lanes = 120_000, 16
    models = np.full(count, model, np.uint8)
    rng = np.random.default_rng(model)
    probability = 2.0 ** -rans.bit_costs()[model].astype(np.float64)
    symbols = rng.choice(SYMBOLS, count, p=probability / probability.sum()) - rans.LARGEST
    # The information of what was drawn, under the table it is coded with.
    information = -np.log2(probability[symbols + rans.LARGEST]).sum() / 8
    written = len(_encode([(symbols, models)], lanes)) - 4 * lanes
    assert written == pytest.approx(information, rel=0.01, abs=4 * lanes)


def test_coding_is_deterministic() -> None:
    rng = np.random.default_rng(1)
    planes = [(rng.integers(-5, 6, 999), rng.integers(0, 64, 999).astype(np.uint8))]
    assert _encode(planes, 7) == _encode(planes, 7)


@settings(max_examples=80, deadline=None)
@given(data=st.binary(max_size=300), lanes=st.integers(1, 12), seed=st.integers(0, 999))
def test_arbitrary_bytes_are_refused_or_decode_to_symbols(
    data: bytes, lanes: int, seed: int
) -> None:
    models = np.random.default_rng(seed).integers(0, rans.MODELS, 500).astype(np.uint8)
    try:
        symbols = _Decoder(data, lanes).get(models)
    except rans.CorruptCode:
        return
    assert symbols.shape == models.shape
    assert np.abs(symbols.astype(int)).max() <= rans.LARGEST


def test_a_code_cut_short_is_refused() -> None:
    rng = np.random.default_rng(0)
    models = np.full(4000, 60, np.uint8)
    code = _encode([(rng.integers(-20, 21, 4000), models)], 4)
    for cut in (0, 3, 15, 17):
        with pytest.raises(rans.CorruptCode):
            _Decoder(code[:cut], 4)
    with pytest.raises(rans.CorruptCode):
        _Decoder(code[: len(code) // 2 & ~1], 4).get(models)


@pytest.mark.parametrize("symbols", [0, 1, 4095, 8192, 10**6, 10**9])
def test_lanes_grow_with_the_message_within_bounds(symbols: int) -> None:
    lanes = rans.lanes_for(symbols)
    assert 1 <= lanes <= 4096
    assert lanes * 4096 <= max(symbols, 4096)
