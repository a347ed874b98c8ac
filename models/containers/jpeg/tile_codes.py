"""A tile's residual, coded in several ways of which the best is chosen later."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from models.coding import av1, residual_tile
from models.containers.jpeg.rate_planning import Curve
from models.containers.jpeg.reading import CRC_SIZE

QUALITIES = (11, 46, 70, 92)
"""Of AV1, at which tiles are tried first."""

FINER = (11, 28, 46, 58, 70, 76, 82, 87, 92)
"""And those at which some tiles of large pictures are."""

PIVOTS = (70, 46)
"""Of them, the one at which all tiles of large pictures are tried, in full size and at half: what
the others give follows from it as in some tiles where all were tried (`Typical`)."""

NEAR = 1
"""In large pictures what is so near a quality that was tried is not tried."""

COARSE = 30
"""A tile that is to be coded at a lower quality is also tried at half the size."""

FAST = 8
"""Speed of AV1 with which everything is tried."""

KEPT_WORSE = 1.4
"""By so much the look is worse than it seems: other squares' bits change it, and the prediction is
still mended by what `finer_detail` adds."""

FULL, HALF, NOTHING, KEPT = range(4)
"""Modes: the residual in full size, at half; the prediction alone; the look as it is."""


@dataclass(frozen=True, eq=False)
class Typical:
    """How bits and errors grow with the quality, told from what they are at `PIVOTS`.

    Attributes:
        lines: for `FULL` and `HALF` 2 x qualities x 2: the line of the logarithm of bits (and of
            errors) less that at the pivot, along the logarithm of the bits at the pivot.
    """

    lines: tuple[NDArray[np.float64], NDArray[np.float64]]

    @staticmethod
    def of(tiles: Sequence[TileCodes]) -> Typical:
        """Of tiles that were explored at all the `FINER` qualities."""
        lines = []
        for mode in (FULL, HALF):
            known = np.array([[tile.known(mode, q) for q in FINER] for tile in tiles])
            logs = np.log(np.maximum(known, 1))
            pivot = FINER.index(PIVOTS[mode])
            along = np.stack([np.ones(len(tiles)), logs[:, pivot, 0]], axis=1)
            above = (logs - logs[:, pivot : pivot + 1]).reshape(len(tiles), -1)
            line = np.linalg.lstsq(along, above)[0]
            lines.append(line.reshape(2, len(FINER), 2).transpose(2, 1, 0))
        return Typical((lines[0], lines[1]))

    def above(self, mode: int, bits: float) -> NDArray[np.float64]:
        """2 x `av1.QUALITIES`: logarithms of bits and errors less those at the pivot."""
        x = np.array([1, np.log(max(1.0, bits))])
        return np.stack([np.interp(EVERY, FINER, line @ x) for line in self.lines[mode]])


EVERY = tuple(q for q in av1.QUALITIES if QUALITIES[0] <= q <= QUALITIES[-1])


class TileCodes:
    """A tile's residual and what came of coding it, in each mode.

    Args:
        residual: h x w x 3, what the prediction misses, levels.
        shown: likewise, what the look misses in the JPEG file.
        speed: of the code that is used in the end; what is only tried is coded faster.
    """

    def __init__(
        self, residual: NDArray[np.float32], shown: NDArray[np.float32], speed: int
    ) -> None:
        self._residual = np.ascontiguousarray(residual)
        self._speed = speed
        self._final: dict[tuple[int, int], bytes] = {}
        self.growth = 1.0  # by how many times the code used in the end is longer than a tried one
        nothing, kept = (np.square(missing).sum(dtype=np.float64) for missing in (residual, shown))
        self._codes: dict[tuple[int, int], tuple[bytes, float | None]] = {
            (NOTHING, 0): (b"", float(nothing)),
            (KEPT, 0): (b"", float(kept) * KEPT_WORSE),
        }

    def explore(self, mode: int, qualities: Sequence[int]) -> None:
        """Code at some qualities, and look at the errors."""
        for quality in qualities:
            self._try((mode, quality), measured=True)

    def known(self, mode: int, quality: int) -> tuple[float, float]:
        """Bits and error at a quality that was explored."""
        data, error = self._codes[mode, quality]
        assert error is not None
        return _bits(data), error

    def slow_growth(self, quality: int) -> float:
        """By how many times the code that is used in the end is longer, where that was tried."""
        return _bits(self.at((FULL, quality))) / self.known(FULL, quality)[0]

    def tried(self, choice: tuple[int, int], typical: Typical | None) -> bool:
        """Whether a choice of mode and quality had been tried before; now it has."""
        mode, quality = choice
        coarse = mode == NOTHING or (mode == FULL and quality < COARSE)
        if coarse and not self._at(HALF):
            self.explore(HALF, QUALITIES if typical is None else PIVOTS[HALF : HALF + 1])
            self._try(choice, typical is None)
            return False
        if typical is not None and any(abs(q - quality) <= NEAR for q in self._at(mode)):
            return True
        return self._try(choice, typical is None)

    def _try(self, choice: tuple[int, int], measured: bool) -> bool:
        if choice in self._codes:
            return True
        mode, quality = choice
        coded = residual_tile.encode(self._residual, quality, mode == HALF, measured=measured)
        self._codes[choice] = coded.data, coded.error
        return False

    def _at(self, mode: int) -> list[int]:
        return sorted(quality for one, quality in self._codes if one == mode)

    def at(self, choice: tuple[int, int]) -> bytes:
        """The code in a mode and quality that were tried."""
        mode, quality = choice
        if mode in (NOTHING, KEPT) or self._speed >= FAST:
            return self._codes[choice][0]
        if choice not in self._final:
            coded = residual_tile.encode(
                self._residual, quality, mode == HALF, self._speed, measured=False
            )
            self._final[choice] = coded.data
        return self._final[choice]

    def missing(self, choice: tuple[int, int]) -> NDArray[np.float32]:
        """What the code leaves of the residual."""
        data = self.at(choice)
        if not data:
            return self._residual
        return self._residual - residual_tile.decode(data, *self._residual.shape[:2])

    def curves(self, typical: Typical | None, only_tried: bool = False) -> list[Curve]:
        """What is known by now, in each mode; what is between follows from what is typical."""
        result = []
        for mode in (NOTHING, KEPT):
            data, error = self._codes[mode, 0]
            assert error is not None
            result.append(Curve(mode, np.zeros(1), np.array([_bits(data)]), np.array([error])))
        for mode in (FULL, HALF):
            tried = self._at(mode)
            if not tried:
                continue
            base = np.zeros((2, len(EVERY)))
            if typical is not None:
                base = typical.above(mode, self.known(mode, PIVOTS[mode])[0])
            codes = [self._codes[mode, quality] for quality in tried]
            final = [self._final.get((mode, quality)) for quality in tried]
            sizes = np.maximum.accumulate(
                [
                    _bits(data) * self.growth if slow is None else _bits(slow)
                    for (data, _), slow in zip(codes, final, strict=True)
                ]
            )
            bits = base[0] + _above(tried, np.log(sizes), base[0])
            measured = [(q, e) for q, (_, e) in zip(tried, codes, strict=True) if e is not None]
            logs = np.log(np.maximum([error for _, error in measured], 1))
            errors = base[1] + _above([quality for quality, _ in measured], logs, base[1])
            growing = np.maximum.accumulate(np.exp(bits)) + np.arange(bits.size) * 1e-3
            every = np.array(EVERY, np.float64)
            some = np.isin(every, tried) if only_tried else np.ones(every.size, bool)
            result.append(Curve(mode, every[some], growing[some], np.exp(errors[some])))
        return result


def _above(
    qualities: Sequence[int], known: NDArray[np.float64], base: NDArray[np.float64]
) -> NDArray[np.float64]:
    """By how much what is known at some qualities is above what was told, at every quality."""
    differences = known - np.interp(qualities, EVERY, base)
    return np.asarray(np.interp(EVERY, qualities, differences), np.float64)


def _bits(data: bytes) -> float:
    return 8.0 * (len(data) + CRC_SIZE)
