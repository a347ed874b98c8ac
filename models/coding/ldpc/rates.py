"""The search for rates: which one bits were coded at, and which one gets through a channel."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from models.coding.ldpc.decoding import correct
from models.coding.ldpc.matrices import COLUMNS, RATES, Shape, edges_of

_AT_FIRST = 8  # frames on which a rate is tried before others


def likeliest_rates(soft: NDArray[np.generic]) -> list[int]:
    """All rates, the one that channel bits were probably coded at first.

    Bits of another code satisfy half of the checks, the code's own bits more, in spite of errors.

    Args:
        soft: see `decode`.
    """
    shape = Shape.of(soft.size)
    if shape.side == 0:
        return list(range(len(RATES)))
    some = soft[: min(shape.frames, 4) * shape.frame_bits].astype(np.float32)
    framed = some.reshape(-1, COLUMNS, shape.side)
    bits = np.ascontiguousarray((framed < 0).transpose(1, 2, 0))
    surprises = []
    for rate in range(len(RATES)):
        satisfied = checks = 0
        for places in edges_of(rate, shape.side):
            odd = np.zeros(bits.shape[1:], bool)
            for column, shift in places:
                odd ^= np.concatenate((bits[column, shift:], bits[column, :shift]))
            satisfied += odd.size - int(odd.sum())
            checks += odd.size
        surprises.append((satisfied - checks / 2) / checks**0.5)
    return sorted(range(len(RATES)), key=lambda rate: -surprises[rate])


def highest_rate(soft: NDArray[np.generic], sent: NDArray[np.uint8], frames: int = 48) -> int:
    """The weakest code that gets through a channel; -1 where none does.

    Codes are linear: that random bits would have been the code word of zeros is only a matter of
    signs.

    Args:
        soft: as read, one value per channel bit.
        sent: the random bits that were sent.
        frames: how many are tried at most; where there are more, a rate less is taken.
    """
    shape = Shape.of(soft.size)
    count = min(frames, shape.frames)
    if shape.side == 0:
        return -1
    used = slice(0, count * shape.frame_bits)
    signs = 1 - 2 * sent[used].astype(np.float32)
    received = (soft[used].astype(np.float32) * signs).reshape(count, COLUMNS, shape.side)
    most = _information(received)
    for rate in range(len(RATES) - 1, -1, -1):
        if RATES[rate] > most:
            continue  # no code gets through
        if not any(
            correct(received[start : start + _AT_FIRST], rate)[0].any()
            for start in range(0, count, _AT_FIRST)
        ):
            return max(0, rate - 1) if count < shape.frames else rate
    return -1


def _information(received: NDArray[np.float32]) -> float:
    """Bits that one of these values tells about the bit that was sent, 0 (here: positive) or 1."""
    levels, inverse = np.unique(np.abs(received), return_inverse=True)
    inverse = inverse.reshape(received.shape)
    every = np.bincount(inverse.ravel(), minlength=levels.size)
    wrong = np.bincount(inverse[received < 0], minlength=levels.size) / every
    wrong[levels == 0] = 0.5
    p = np.clip(np.stack([wrong, 1 - wrong]), 1e-12, 1)
    return float((every * (1 + (p * np.log2(p)).sum(axis=0))).sum() / received.size)
