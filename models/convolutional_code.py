"""Error correction: the convolutional code of constraint length 7, with soft Viterbi decoding.

The industry's standard code (generators 133 and 171 octal, rate 1/2; Viterbi 1967, Heller and
Jacobs 1971), punctured to higher rates (Yasuda et al. 1984). A message is cut into frames that
are coded and decoded side by side, so that numpy works on all of them at once; an interleaver
spreads each frame over the whole picture, so that a burst of errors in one place hurts all frames
a little.
"""

from __future__ import annotations

import functools

import numpy as np
from numpy.typing import NDArray

_TOGETHER = 512

MEMORY = 6
STATES = 1 << MEMORY
GENERATORS = (0o133, 0o171)

# Which of the coded pairs' bits are sent, for each rate: (numerator, denominator), pattern.
RATES: tuple[tuple[float, tuple[tuple[int, ...], tuple[int, ...]]], ...] = (
    (1 / 4, ((1,), (1,))),  # the rate 1/2 code, every bit sent twice
    (1 / 2, ((1,), (1,))),
    (2 / 3, ((1, 1), (1, 0))),
    (3 / 4, ((1, 1, 0), (1, 0, 1))),
    (5 / 6, ((1, 1, 0, 1, 0), (1, 0, 1, 0, 1))),
)
"""Rate and puncturing pattern, from the strongest to the weakest."""

FRAME = 720
"""Information bits in a frame, a multiple of the puncturing periods and of 8."""


@functools.cache
def _sent(rate: int) -> NDArray[np.bool_]:
    """Which of the 2 (FRAME + MEMORY) coded bits of a frame are sent."""
    pattern = np.array(RATES[rate][1], bool).T  # period x 2
    steps = FRAME + MEMORY
    return np.resize(pattern, (-(-steps // len(pattern)) * len(pattern), 2))[:steps].reshape(-1)


def sent_bits(rate: int) -> int:
    """Channel bits per frame."""
    copies = 2 if rate == 0 else 1
    return int(_sent(rate).sum()) * copies


def frames_in(carriers: int, rate: int) -> int:
    """How many frames fit into that many channel bits."""
    return carriers // sent_bits(rate)


@functools.cache
def _outputs() -> NDArray[np.uint8]:
    """The two coded bits for every register content (input bit first, then the state)."""
    registers = np.arange(2 * STATES)
    bits = [
        np.array([bin(int(r) & g).count("1") & 1 for r in registers], np.uint8) for g in GENERATORS
    ]
    return np.stack(bits, axis=1)


def encode(data: bytes, frames: int, rate: int) -> NDArray[np.uint8]:
    """Channel bits of a message, zeros appended up to `frames` frames.

    Returns:
        frames * sent_bits(rate) values 0 or 1, one frame after the other.

    Raises:
        ValueError: for a message that does not fit.
    """
    bits = np.unpackbits(np.frombuffer(data, np.uint8))
    if bits.size > frames * FRAME:
        raise ValueError(f"{len(data)} bytes do not fit into {frames} frames.")
    padded = np.zeros((frames, FRAME + MEMORY), np.uint8)
    message = np.zeros(frames * FRAME, np.uint8)
    message[: bits.size] = bits
    padded[:, :FRAME] = message.reshape(frames, FRAME) ^ _whitening()
    coded = np.empty((frames, FRAME + MEMORY, 2), np.uint8)
    state = np.zeros(frames, np.int64)
    outputs = _outputs()
    for i in range(FRAME + MEMORY):
        register = (padded[:, i].astype(np.int64) << MEMORY) | state
        coded[:, i] = outputs[register]
        state = register >> 1
    sent = coded.reshape(frames, -1)[:, _sent(rate)]
    if rate == 0:
        sent = np.concatenate([sent, sent], axis=1)
    return sent.reshape(-1)


@functools.cache
def _whitening() -> NDArray[np.uint8]:
    """A fixed pseudo-random frame: without it, a run of zeros would put a pattern into skies."""
    return np.random.Generator(np.random.Philox(7)).integers(0, 2, FRAME, dtype=np.uint8)


def decode(soft: NDArray[np.float32], frames: int, rate: int) -> bytes:
    """The most likely message (Viterbi).

    Args:
        soft: one value per channel bit: positive for 0, negative for 1, magnitude for certainty.
        frames, rate: as when encoding.

    Returns:
        frames * FRAME / 8 bytes.
    """
    received = soft[: frames * sent_bits(rate)].reshape(frames, -1)
    # Some frames at a time: the decisions of all would fill the memory for a large picture.
    parts = [_viterbi(received[i : i + _TOGETHER], rate) for i in range(0, frames, _TOGETHER)]
    return np.packbits(np.concatenate(parts).reshape(-1)).tobytes() if parts else b""


def _viterbi(received: NDArray[np.float32], rate: int) -> NDArray[np.uint8]:
    """Frames x channel bits to frames x FRAME information bits."""
    frames = len(received)
    if rate == 0:
        half = received.shape[1] // 2
        received = received[:, :half] + received[:, half:]
    steps = FRAME + MEMORY
    coded = np.zeros((frames, 2 * steps), np.float32)
    coded[:, _sent(rate)] = received
    pairs = coded.reshape(frames, steps, 2)

    # A state's two predecessors differ in their last bit; the input bit is the state's first bit.
    state = np.arange(STATES)
    inputs = state >> (MEMORY - 1)
    previous = np.stack([((state << 1) & (STATES - 1)) | last for last in (0, 1)])
    registers = (inputs << MEMORY) | previous
    signs = 1 - 2 * _outputs()[registers].astype(np.float32)  # 2 x states x 2 bits

    metric = np.full((frames, STATES), -1e9, np.float32)
    metric[:, 0] = 0
    choices = np.empty((steps, frames, STATES), bool)
    for i in range(steps):
        pair = pairs[:, i]
        branch = pair[:, :1] * signs[None, 0, :, 0] + pair[:, 1:] * signs[None, 0, :, 1]
        zero = metric[:, previous[0]] + branch
        branch = pair[:, :1] * signs[None, 1, :, 0] + pair[:, 1:] * signs[None, 1, :, 1]
        one = metric[:, previous[1]] + branch
        np.greater(one, zero, out=choices[i])
        np.maximum(zero, one, out=metric)
    bits = np.empty((frames, steps), np.uint8)
    current = np.zeros(frames, np.int64)  # the tail leads back to state 0
    every = np.arange(frames)
    for i in range(steps - 1, -1, -1):
        bits[:, i] = inputs[current]
        current = ((current << 1) & (STATES - 1)) | choices[i, every, current]
    return bits[:, :FRAME] ^ _whitening()
