"""A tile's residual, coded in several ways of which the best is chosen later."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from models.coding import residual_tile
from models.containers.jpeg.rate_planning import Curve
from models.containers.jpeg.reading import CRC_SIZE

QUALITIES = (10, 45, 70, 92)
"""Of AV1, at which every tile is tried first."""

COARSE = 30
"""A tile that is to be coded at a lower quality is also tried at half the size."""

FAST = 8
"""Speed of AV1 with which everything is tried."""

KEPT_WORSE = 1.4
"""By so much the look is worse than it seems: other squares' bits change it, and the prediction is
still mended by what `finer_detail` adds."""

FULL, HALF, NOTHING, KEPT = range(4)
"""Modes: the residual in full size, at half; the prediction alone; the look as it is."""


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
        nothing, kept = (np.square(missing).sum(dtype=np.float64) for missing in (residual, shown))
        self._codes: dict[tuple[int, int], tuple[bytes, float]] = {
            (NOTHING, 0): (b"", float(nothing)),
            (KEPT, 0): (b"", float(kept) * KEPT_WORSE),
        }
        for quality in QUALITIES:
            self._try((FULL, quality))

    def tried(self, choice: tuple[int, int]) -> bool:
        """Whether a choice of mode and quality had been tried before; now it has."""
        coarse = choice[0] == NOTHING or (choice[0] == FULL and choice[1] < COARSE)
        if coarse and (HALF, QUALITIES[0]) not in self._codes:
            for quality in QUALITIES:
                self._try((HALF, quality))
            self._try(choice)
            return False
        return self._try(choice)

    def _try(self, choice: tuple[int, int]) -> bool:
        if choice in self._codes:
            return True
        coded = residual_tile.encode(self._residual, choice[1], half=choice[0] == HALF)
        self._codes[choice] = coded.data, coded.error
        return False

    def at(self, choice: tuple[int, int]) -> bytes:
        """The code in a mode and quality that were tried."""
        mode, quality = choice
        if mode in (NOTHING, KEPT) or self._speed >= FAST:
            return self._codes[choice][0]
        if choice not in self._final:
            coded = residual_tile.encode(self._residual, quality, mode == HALF, self._speed)
            self._final[choice] = coded.data
        return self._final[choice]

    def missing(self, choice: tuple[int, int]) -> NDArray[np.float32]:
        """What the code leaves of the residual."""
        data = self.at(choice)
        if not data:
            return self._residual
        return self._residual - residual_tile.decode(data, *self._residual.shape[:2])

    def curves(self) -> list[Curve]:
        """What is known by now, in each mode."""
        result = []
        for mode in (FULL, HALF, NOTHING, KEPT):
            known = sorted(choice for choice in self._codes if choice[0] == mode)
            if not known:
                continue
            codes = [self._codes[choice] for choice in known]
            bits = [8.0 * (len(data) + CRC_SIZE) for data, _ in codes]
            growing = np.maximum.accumulate(bits) + np.arange(len(bits)) * 1e-3
            errors = np.array([error for _, error in codes])
            qualities = np.array([float(quality) for _, quality in known])
            result.append(Curve(mode, qualities, growing, errors))
        return result
