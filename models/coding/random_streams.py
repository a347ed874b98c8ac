"""Pseudo-random streams that the container format defines.

Whoever reads a container has to draw the same numbers as whoever wrote it, on any machine and in
any language. NumPy promises that only for the raw words of its bit generators, not for what its
`Generator` makes of them (NEP 19). So a stream here is the raw output of Philox 4x64-10 (Salmon,
Moraes, Dror and Shaw 2011), and bits, integers and permutations follow from it by the rules below,
which are also written down, with test vectors, in `FORMAT.md`.

* The key of a stream is two words of 64 bits: its `Purpose` and a parameter. The counter is 256
  bits, blocks of four words are made with the counters 1, 2, 3, ..., and a block's words are used
  in order.
* A bit is taken from a word from its least significant end on, 64 a word; what is left of the last
  word is dropped.
* An integer below N uses one word: the upper 32 bits of it, times N, divided by 2**32, rounded
  down.
* A permutation of N uses N words: the numbers 0..N-1 sorted by their word, equal words in order.
"""

from __future__ import annotations

import enum

import numpy as np
from numpy.typing import NDArray


class Purpose(enum.IntEnum):
    """What a stream is for: the first word of its key, so that no two uses share a stream."""

    WATERMARK = 1
    JPEG_WATERMARK = 2
    JPEG_BASE_ORDER = 3
    QIM_SIGNS = 4
    LDPC_MATRIX = 5
    LDPC_WHITENING = 6
    LDPC_PADDING = 7
    JPEG_TRIAL = 8
    SQUARE_DIGEST = 9
    HEAD_ORDER = 10
    SQUARE_CHECKS = 11
    PARITY = 12
    SURVIVING_DITHER = 20
    SURVIVING_ORDER = 21
    SURVIVING_PILOTS = 22


class Stream:
    """Numbers drawn one after the other from the stream of a purpose and a parameter (64 bits)."""

    def __init__(self, purpose: Purpose, parameter: int = 0) -> None:
        self._philox = np.random.Philox(key=np.array([purpose, parameter], np.uint64))

    def words(self, count: int) -> NDArray[np.uint64]:
        """`count` raw words."""
        return np.asarray(self._philox.random_raw(count), np.uint64)

    def bits(self, count: int) -> NDArray[np.uint8]:
        """`count` values 0 or 1."""
        words = self.words(-(-count // 64)).astype("<u8")
        return np.unpackbits(words.view(np.uint8), count=count, bitorder="little")

    def integers(self, bound: int, count: int) -> NDArray[np.int64]:
        """`count` values 0..bound-1; `bound` is at most 2**31."""
        upper = self.words(count) >> np.uint64(32)
        return (upper * np.uint64(bound) >> np.uint64(32)).astype(np.int64)

    def permutation(self, count: int) -> NDArray[np.int64]:
        """The numbers 0..count-1 in random order."""
        return np.argsort(self.words(count), kind="stable")
