"""Error correction."""

from __future__ import annotations

import numpy as np
import pytest

from models import convolutional_code as code

FRAMES = 5
RATES = range(len(code.RATES))


def message(seed: int = 0) -> bytes:
    return np.random.default_rng(seed).bytes(FRAMES * code.FRAME // 8)


def received(bits: np.ndarray, wrong: float, seed: int = 1) -> np.ndarray:
    flips = np.random.default_rng(seed).random(bits.size) < wrong
    return (1 - 2.0 * (bits ^ flips)).astype(np.float32)


@pytest.mark.parametrize("rate", RATES)
def test_the_message_comes_back(rate: int) -> None:
    bits = code.encode(message(), FRAMES, rate)
    assert bits.size == FRAMES * code.sent_bits(rate)
    assert set(np.unique(bits)) == {0, 1}
    assert code.decode(received(bits, 0), FRAMES, rate) == message()


@pytest.mark.parametrize("rate", RATES)
def test_rates_are_what_they_say(rate: int) -> None:
    assert code.FRAME / code.sent_bits(rate) == pytest.approx(code.RATES[rate][0], rel=0.02)


@pytest.mark.parametrize(("rate", "wrong"), [(0, 0.08), (1, 0.03), (2, 0.012), (3, 0.005)])
def test_scattered_errors_are_corrected(rate: int, wrong: float) -> None:
    soft = received(code.encode(message(), FRAMES, rate), wrong)
    assert code.decode(soft, FRAMES, rate) == message()


def test_certainty_helps() -> None:
    """Erased bits (certainty 0) cost less than wrong ones."""
    soft = received(code.encode(message(), FRAMES, 1), 0)
    soft[np.random.default_rng(2).random(soft.size) < 0.25] = 0
    assert code.decode(soft, FRAMES, 1) == message()
    bits = code.encode(message(), FRAMES, 1)
    assert code.decode(received(bits, 0.25), FRAMES, 1) != message()


def test_a_short_message_is_filled_up() -> None:
    bits = code.encode(b"short", FRAMES, 1)
    data = code.decode(received(bits, 0), FRAMES, 1)
    assert data == b"short" + bytes(FRAMES * code.FRAME // 8 - 5)
    assert 0.4 < bits.mean() < 0.6  # no runs that would show in a sky


def test_a_message_that_does_not_fit_is_refused() -> None:
    with pytest.raises(ValueError, match="do not fit"):
        code.encode(message() + b"x", FRAMES, 1)


def test_many_frames_decode_as_few_do(monkeypatch: pytest.MonkeyPatch) -> None:
    soft = received(code.encode(message(), FRAMES, 3), 0.02)
    whole = code.decode(soft, FRAMES, 3)
    monkeypatch.setattr(code, "_TOGETHER", 2)
    assert code.decode(soft, FRAMES, 3) == whole
