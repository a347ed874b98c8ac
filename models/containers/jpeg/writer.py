"""Bits into coefficients: checks, messages, header."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from models.coding import syndrome_trellis
from models.coding.syndrome_trellis import Segment
from models.containers.coefficients import Planes
from models.containers.jpeg import header_channel, squares
from models.containers.jpeg import messages as messages_of
from models.containers.jpeg.layout import Cut, Grid
from models.problems import NoRoom, Problem


@dataclass(frozen=True, eq=False)
class Writer:
    """Bits into coefficients.

    Attributes:
        planes: what the look alone gives.
        others: the other value of every coefficient's pair.
        costs: of changing each.
    """

    grid: Grid
    planes: Planes
    others: Planes
    costs: Sequence[NDArray[np.float32]]

    def put(
        self,
        version: int,
        header: Callable[[Planes], bytes],
        messages: Sequence[bytes],
        cuts: Sequence[Cut],
    ) -> Planes:
        """The coefficients with checks, every tile's message and the header in them.

        Args:
            version: of the layout.
            header: makes the header, when everything else is in the coefficients, from them.
            messages, cuts: of the tiles.

        Raises:
            NoRoom: where something does not fit.
        """
        changed = [np.zeros(plane.shape, bool) for plane in self.planes]
        parities = [(plane & 1).astype(np.uint8) for plane in self.planes]
        squares.put_checks(self.planes, self.grid, version, self.costs[0], changed[0])
        segments: list[Segment] = []
        sizes = []
        for area, message, cut in zip(self.grid.tiles(), messages, cuts, strict=True):
            costs = messages_of.gathered(self.costs, self.grid, area, cut)
            bits = np.unpackbits(np.frombuffer(message, np.uint8))
            plan = messages_of.segments_of(costs.size, bits.size)
            if plan is None:
                raise NoRoom(Problem("jpeg-too-flat"))
            ours = messages_of.segments(
                bits, messages_of.gathered(parities, self.grid, area, cut), costs, plan
            )
            segments += ours
            sizes.append(costs.size)
        found = syndrome_trellis.changes(segments)
        for place, (area, cut) in enumerate(zip(self.grid.tiles(), cuts, strict=True)):
            ours_changed = np.zeros(sizes[place], bool)
            start = 0
            for part in found[place * messages_of.SEGMENTS : (place + 1) * messages_of.SEGMENTS]:
                ours_changed[start : start + part.size] = part
                start += part.size
            messages_of.scatter(ours_changed, changed, self.grid, area, cut)
        said = header(self._with(changed))
        header_channel.put(said, self.planes[0], self.grid, self.costs[0], changed[0])
        return self._with(changed)

    def checked(self, version: int) -> Planes:
        """The coefficients with checks alone."""
        changed = [np.zeros(plane.shape, bool) for plane in self.planes]
        squares.put_checks(self.planes, self.grid, version, self.costs[0], changed[0])
        return self._with(changed)

    def _with(self, changed: Sequence[NDArray[np.bool_]]) -> Planes:
        y, cb, cr = (
            np.where(c, other, plane)
            for c, other, plane in zip(changed, self.others, self.planes, strict=True)
        )
        return y, cb, cr
