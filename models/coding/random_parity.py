"""Bytes that outlive the loss of a few pieces, wherever these are: random parity.

Data is cut into pieces; each parity piece is the sum modulo 2 of about half of them, drawn at
random. As many lost pieces as there are parity pieces can be found again, less a few: with n more
than are lost, the equations have no solution with a probability of about 1 / 2**n (a random linear
code, as in fountain codes; MacKay 2005).
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from models.coding.random_streams import Purpose, Stream

_COLUMNS = 1 << 16  # bits of all pieces that are summed at a time


class Unsolvable(ValueError):
    """Too much is lost."""


def sums(pieces: NDArray[np.uint8], count: int) -> NDArray[np.uint8]:
    """The parity pieces.

    Args:
        pieces: n x bytes of a piece.
        count: of parity pieces.

    Returns:
        count x bytes.
    """
    drawn = _drawn(count, len(pieces)).astype(np.float32)
    bits = np.unpackbits(pieces, axis=1)
    step = max(8, _COLUMNS // max(1, len(pieces)) * 8)
    found = [
        np.packbits((drawn @ bits[:, at : at + step]).astype(np.int32).astype(np.uint8) & 1, axis=1)
        for at in range(0, bits.shape[1], step)
    ]
    return np.concatenate(found, axis=1)


def mended(
    pieces: NDArray[np.uint8],
    lost: NDArray[np.bool_],
    parity: NDArray[np.uint8],
    missing: NDArray[np.bool_],
) -> NDArray[np.uint8]:
    """The pieces, those that were lost among them.

    Args:
        pieces: n x bytes; what stands in a lost one does not matter.
        lost: n, which are.
        parity: count x bytes, as `sums` gave them.
        missing: count, which of these are lost themselves.

    Raises:
        Unsolvable: where too much is.
    """
    known = pieces.copy()
    known[lost] = 0
    count = int(lost.sum())
    if count > (~missing).sum():
        raise Unsolvable(f"{count} pieces are lost.")
    right = (sums(known, len(parity)) ^ parity)[~missing]
    left = _drawn(len(parity), len(pieces))[np.ix_(~missing, lost)]
    for column in range(count):
        candidates = np.flatnonzero(left[column:, column])
        if not candidates.size:
            raise Unsolvable("The equations do not tell.")
        pivot = column + int(candidates[0])
        for array in (left, right):
            array[[column, pivot]] = array[[pivot, column]]
        others = np.flatnonzero(left[:, column])
        others = others[others != column]
        left[others] ^= left[column]
        right[others] ^= right[column]
    known[lost] = right[:count]
    return known


def _drawn(count: int, pieces: int) -> NDArray[np.uint8]:
    """Which pieces each parity piece is the sum of: count x pieces, 0 or 1."""
    return Stream(Purpose.PARITY, count).bits(count * pieces).reshape(count, pieces)
