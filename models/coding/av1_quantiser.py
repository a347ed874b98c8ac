"""How coarsely a bare AV1 frame was quantised, out of its header.

Only what stands before it is read (AV1 Bitstream & Decoding Process Specification, 5.9.2: the
uncompressed header of a reduced still picture).
"""

from __future__ import annotations

import math

_SUPERRES, _LARGE_BLOCKS = 1 << 2, 1 << 5
"""Among the choices in the first byte, see `av1`."""

_CHOICES = 1 << 6


class NotKnown(ValueError):
    """The frame is none of those that `av1.encode` makes."""


def quantiser_index(frame: bytes, height: int, width: int) -> int:
    """``base_q_idx``, 0..255, larger is coarser.

    Args:
        frame: as `av1.encode` gives it.
        height, width: of the picture.

    Raises:
        NotKnown: for a frame with another header than that.
    """
    choices = frame[0] if frame else _CHOICES
    if choices >= _CHOICES:
        raise NotKnown("The sequence header is none of those that are known.")
    bits = _Bits(frame[1:])
    bits.flag()  # disable_cdf_update
    screen_content = bits.flag()
    if screen_content:
        bits.flag()  # force_integer_mv
    if choices & _SUPERRES and bits.flag():
        raise NotKnown("The frame is coded at another width.")
    if bits.flag():
        raise NotKnown("The frame is to be shown in another size.")
    if screen_content:
        bits.flag()  # allow_intrabc
    if not bits.flag():
        raise NotKnown("The tiles of the frame are not alike.")
    block = 128 if choices & _LARGE_BLOCKS else 64
    for side in (width, height):
        if side > block and bits.flag():
            raise NotKnown("The frame has several tiles.")
    return bits.number(8)


def step_of(index: int) -> float:
    """About the quantiser's step in levels: 4 to 1828 eighths, growing by the same factor."""
    return 0.5 * math.pow(1828 / 4, index / 255)


class _Bits:
    """From the most significant end on."""

    def __init__(self, data: bytes) -> None:
        self._data = data
        self._place = 0

    def number(self, count: int) -> int:
        result = 0
        for _ in range(count):
            if self._place >= 8 * len(self._data):
                raise NotKnown("The frame ends in its header.")
            byte = self._data[self._place >> 3]
            result = result << 1 | byte >> (7 - (self._place & 7)) & 1
            self._place += 1
        return result

    def flag(self) -> bool:
        return bool(self.number(1))
