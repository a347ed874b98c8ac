"""Messages out of channel bits, by layered belief propagation."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from models.coding.ldpc.encoding import whitening
from models.coding.ldpc.matrices import COLUMNS, PARITY_ROWS, Shape, edges_of

_ITERATIONS = 40
_PATIENT = 60
_NORMALISATION = np.float32(0.8)
_CERTAIN = np.float32(1e6)
_TOGETHER = 32  # frames, as many as the processor's cache holds
_SIGN = np.int32(-(2**31))
_HIGHEST, _SURE = np.float32(30), np.float32(1 - 2.0**-23)


def decode(
    soft: NDArray[np.generic], rate: int, wanted: int | None = None, exact: bool = False
) -> bytes:
    """The likely message.

    Args:
        soft: one value per channel bit, as many as when encoding: positive for 0, negative for 1,
            magnitude for certainty.
        rate: index into `RATES`.
        wanted: how many bytes from its start are wanted; None: all.
        exact: see `correct`.

    Returns:
        `capacity` bytes, or at least as many as are wanted; what could not be corrected is wrong.
    """
    shape, message_columns = Shape.of(soft.size), COLUMNS - PARITY_ROWS[rate]
    per_frame = shape.side * message_columns
    if per_frame == 0:
        return b""
    frames = shape.frames
    if wanted is not None:
        frames = min(frames, -(-8 * wanted // per_frame))
    bits = np.empty((frames, per_frame), np.uint8)
    for start in range(0, frames, _TOGETHER):
        stop = min(start + _TOGETHER, frames)
        some = soft[start * shape.frame_bits : stop * shape.frame_bits]
        received = some.reshape(-1, COLUMNS, shape.side).astype(np.float32)
        bits[start:stop] = correct(received, rate, exact)[0].reshape(-1, per_frame)
    bits ^= whitening(per_frame)
    return np.packbits(bits)[: bits.size // 8].tobytes()


def correct(
    received: NDArray[np.float32], rate: int, exact: bool = False
) -> tuple[NDArray[np.uint8], NDArray[np.bool_]]:
    """Belief propagation.

    Args:
        received: frames x `COLUMNS` x side, see `decode`.
        rate: index into `RATES`.
        exact: by the sum-product algorithm (Gallager 1963) instead of its approximation. `received`
            has to be logarithms of odds then. At a rate of 1/4 it gets through where a bit tells
            0.34 instead of 0.39 bits; it takes half as long again.

    Returns:
        frames x message columns x side bits (still whitened), and for each frame whether they
        satisfy the code.
    """
    frames, _, side = received.shape
    edges = edges_of(rate, side)
    message_columns = COLUMNS - len(edges)
    result = np.empty((frames, message_columns, side), np.uint8)
    valid = np.zeros(frames, bool)
    active = np.arange(frames)
    # Frames last, so that rolling moves two pieces. No zero is negative from here on.
    start = received.transpose(1, 2, 0) + np.float32(0)
    # The accumulator's last bit is in one check only, which could never overrule it.
    start[-1, -1] = 0
    # A column's belief stays as the last row left it, rolled by that row's shift.
    belief = [(column, 0) for column in start]
    messages = [np.zeros((len(row), side, frames), np.float32) for row in edges]
    beliefs = [np.empty_like(t) for t in messages]
    work = np.empty((max(len(row) for row in edges), side, frames), np.float32)
    answer = _exact_answer if exact else _answer
    for _ in range(_PATIENT if exact else _ITERATIONS):
        odd = np.zeros((side, active.size), np.int32)
        for row, places in enumerate(edges):
            ours = beliefs[row]
            for place, (column, shift) in zip(ours, places, strict=True):
                values, rolled = belief[column]
                rest = (shift - rolled) % side
                np.concatenate((values[rest:], values[:rest]), out=place)
                belief[column] = place, shift
            if row == 0:
                kept = ours[-1, 0].copy()
                ours[-1, 0] = _CERTAIN  # the accumulator starts from zero
            odd |= np.bitwise_xor.reduce(ours.view(np.int32), axis=0)
            ours -= messages[row]
            answer(ours, messages[row], work[: len(places)])
            ours += messages[row]
            if row == 0:
                ours[-1, 0] = kept
        satisfied = (odd >= 0).all(axis=0) & ~valid[active]
        if satisfied.any():
            done = active[satisfied]
            _decide(belief, satisfied, done, result)
            valid[done] = True
            left = ~valid[active]
            if not left.any():
                return result, valid
            if left.sum() <= 0.75 * active.size:  # moving the rest costs something, too
                active = active[left]
                belief = [(values[:, left], rolled) for values, rolled in belief]
                messages = [t[:, :, left] for t in messages]
                beliefs = [np.empty_like(t) for t in messages]
                work = np.empty((*work.shape[:2], active.size), np.float32)
    left = ~valid[active]
    if left.any():
        _decide(belief, left, active[left], result)
    return result, valid


def _decide(
    belief: list[tuple[NDArray[np.float32], int]],
    which: NDArray[np.bool_],
    frames: NDArray[np.int64],
    result: NDArray[np.uint8],
) -> None:
    """Write the message bits of some frames."""
    for column in range(result.shape[1]):
        values, rolled = belief[column]
        bits = values[:, which] < 0
        result[frames, column] = np.roll(bits, rolled, axis=0).T


def _answer(
    beliefs: NDArray[np.float32], messages: NDArray[np.float32], work: NDArray[np.float32]
) -> None:
    """The messages of a check to its bits, from the beliefs of the others.

    All are edges x side x frames.
    """
    np.abs(beliefs, out=work)
    # The smallest of the others: of those before and of those behind.
    count = len(beliefs)
    messages[1] = work[0]
    for i in range(2, count):
        np.minimum(messages[i - 1], work[i - 1], out=messages[i])
    for i in range(count - 2, 0, -1):
        np.minimum(work[i], work[i + 1], out=work[i])
    np.minimum(messages[1:-1], work[2:], out=messages[1:-1])
    messages[0] = work[1]
    messages *= _NORMALISATION
    signs, bits = work.view(np.int32), beliefs.view(np.int32)
    np.bitwise_xor(bits, np.bitwise_xor.reduce(bits, axis=0), out=signs)
    signs &= _SIGN
    messages.view(np.int32)[...] |= signs


def _exact_answer(
    beliefs: NDArray[np.float32], messages: NDArray[np.float32], work: NDArray[np.float32]
) -> None:
    """The same by products of hyperbolic tangents (Gallager 1963)."""
    np.clip(beliefs, -_HIGHEST, _HIGHEST, out=work)
    work *= np.float32(0.5)
    np.tanh(work, out=work)
    work[work == 0] = np.float32(1e-12)
    messages[0] = 1
    for i in range(1, len(work)):
        np.multiply(messages[i - 1], work[i - 1], out=messages[i])
    behind = np.ones_like(work[0])
    for i in range(len(work) - 1, -1, -1):
        messages[i] *= behind
        behind *= work[i]
    np.clip(messages, -_SURE, _SURE, out=messages)
    np.arctanh(messages, out=messages)
    messages *= np.float32(2)
