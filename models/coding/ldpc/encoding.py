"""Messages into channel bits."""

from __future__ import annotations

import functools

import numpy as np
from numpy.typing import NDArray

from models.coding.ldpc.matrices import PARITY_ROWS, Shape, capacity, code_of
from models.coding.random_streams import Purpose, Stream


@functools.cache
def whitening(bits: int) -> NDArray[np.uint8]:
    """Fixed pseudo-random bits: without them a run of zeros would put a pattern into skies."""
    return Stream(Purpose.LDPC_WHITENING).bits(bits)


def encode(message: bytes, channel_bits: int, rate: int) -> NDArray[np.uint8]:
    """Channel bits of a message.

    Args:
        message: at most `capacity` bytes; zeros are appended.
        channel_bits: how many there are to be filled; what is left over is pseudo-random.
        rate: index into `RATES`.

    Returns:
        `channel_bits` values 0 or 1.

    Raises:
        ValueError: for a message that does not fit.
    """
    if len(message) > capacity(channel_bits, rate):
        raise ValueError(f"{len(message)} bytes do not fit into {channel_bits} channel bits.")
    shape, height = Shape.of(channel_bits), PARITY_ROWS[rate]
    channel = Stream(Purpose.LDPC_PADDING).bits(channel_bits)
    if shape.side == 0:
        return channel
    code = code_of(rate, shape.side)
    per_frame = shape.side * code.message_columns
    bits = np.zeros(shape.frames * per_frame, np.uint8)
    unpacked = np.unpackbits(np.frombuffer(message, np.uint8))
    bits[: unpacked.size] = unpacked
    framed = bits.reshape(shape.frames, per_frame) ^ whitening(per_frame)
    columns = framed.reshape(shape.frames, code.message_columns, shape.side)
    sums = np.zeros((shape.frames, shape.side, height), np.uint8)
    for row, places in enumerate(code.rows):
        for column, shift in places:
            sums[:, :, row] ^= np.roll(columns[:, column], -shift, axis=1)
    parity = np.bitwise_xor.accumulate(sums.reshape(shape.frames, -1), axis=1)
    parity = parity.reshape(shape.frames, shape.side, height).transpose(0, 2, 1)
    coded = np.concatenate([columns, parity], axis=1)
    channel[: coded.size] = coded.reshape(-1)
    return channel
