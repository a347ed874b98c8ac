"""The error-correcting code."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from models.coding import ldpc
from models.coding.ldpc.matrices import code_of

BITS = 9000


def _message(count: int) -> bytes:
    return np.random.default_rng(count).integers(0, 256, count, dtype=np.uint8).tobytes()


def _sent(channel: np.ndarray) -> np.ndarray:
    return 1 - 2 * channel.astype(np.float32)


@settings(max_examples=25, deadline=None)
@given(st.integers(0, len(ldpc.RATES) - 1), st.integers(0, 20_000))
def test_what_is_encoded_is_decoded(rate: int, bits: int) -> None:
    message = _message(ldpc.capacity(bits, rate))
    channel = ldpc.encode(message, bits, rate)
    assert channel.shape == (bits,)
    assert ldpc.decode(_sent(channel), rate)[: len(message)] == message


@pytest.mark.parametrize("rate", range(len(ldpc.RATES)))
def test_the_channel_bits_satisfy_every_check(rate: int) -> None:
    """The checks as a plain matrix, made from the code's description and nothing else."""
    side, height = 12, ldpc.PARITY_ROWS[rate]
    bits = side * ldpc.COLUMNS
    word = ldpc.encode(_message(ldpc.capacity(bits, rate)), bits, rate)
    # Frames are as long as they come here, so a single one.
    code = code_of(rate, side)
    for row, places in enumerate(code.rows):
        for z in range(side):
            touched = [column * side + (z + shift) % side for column, shift in places]
            touched.append((code.message_columns + row) * side + z)
            if row:
                touched.append((code.message_columns + row - 1) * side + z)
            elif z:
                touched.append((ldpc.COLUMNS - 1) * side + z - 1)
            assert word[touched].sum() % 2 == 0
    assert len(code.rows) == height


@pytest.mark.parametrize(
    ("rate", "errors", "erased"),
    [(0, 0.12, 0), (2, 0.08, 0), (4, 0.05, 0), (4, 0.0, 0.3), (6, 0.025, 0), (8, 0.012, 0)],
)
def test_errors_and_erasures_are_corrected(rate: int, errors: float, erased: float) -> None:
    rng = np.random.default_rng(rate)
    message = _message(ldpc.capacity(BITS, rate))
    soft = _sent(ldpc.encode(message, BITS, rate))
    soft *= np.where(rng.random(BITS) < errors, -1, 1)
    soft[rng.random(BITS) < erased] = 0
    assert ldpc.decode(soft, rate) == message


def test_too_many_errors_are_not_hidden() -> None:
    rng = np.random.default_rng(0)
    soft = rng.normal(size=(2, ldpc.COLUMNS, 100)).astype(np.float32)
    _, valid = ldpc.correct(soft, 4)
    assert not valid.any()


def test_the_start_can_be_decoded_alone() -> None:
    message = _message(ldpc.capacity(50_000, 3))
    soft = _sent(ldpc.encode(message, 50_000, 3))
    start = ldpc.decode(soft, 3, 200)
    assert 200 <= len(start) < len(message)
    assert message.startswith(start)


def test_a_message_that_does_not_fit_is_refused() -> None:
    with pytest.raises(ValueError, match="do not fit"):
        ldpc.encode(bytes(ldpc.capacity(BITS, 5) + 1), BITS, 5)


def test_the_highest_rate_is_one_that_works_and_the_next_does_not() -> None:
    rng = np.random.default_rng(4)
    sent = rng.integers(0, 2, BITS, dtype=np.uint8)
    soft = _sent(sent) * np.where(rng.random(BITS) < 0.04, -1, 1)
    rate = ldpc.highest_rate(soft, sent)
    assert 3 <= rate <= 6
    message = _message(ldpc.capacity(BITS, rate))
    channel = ldpc.encode(message, BITS, rate)
    same_errors = soft * np.where(channel == sent, 1, -1)
    assert ldpc.decode(same_errors, rate) == message
    assert ldpc.highest_rate(rng.normal(size=BITS), sent) == -1


def test_a_message_of_zeros_looks_random() -> None:
    channel = ldpc.encode(b"", BITS, 4)
    assert 0.4 < channel.mean() < 0.6


@pytest.mark.parametrize("rate", range(len(ldpc.RATES)))
def test_the_checks_tell_the_rate_in_spite_of_errors(rate: int) -> None:
    soft = _sent(ldpc.encode(_message(ldpc.capacity(BITS, rate)), BITS, rate))
    errors = 0.1 * (1 - ldpc.RATES[rate])
    soft *= np.where(np.random.default_rng(rate).random(BITS) < errors, -1, 1)
    order = ldpc.likeliest_rates(soft)
    assert order[0] == rate
    assert sorted(order) == list(range(len(ldpc.RATES)))
