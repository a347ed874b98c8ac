"""Bits into coefficients: checks, messages, header."""

from __future__ import annotations

from collections.abc import Sequence
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
        messages: Sequence[bytes],
        cuts: Sequence[Cut],
    ) -> Headless:
        """The coefficients with checks and every tile's message in them.

        Args:
            version: of the layout.
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
        return Headless(self, changed)

    def checked(self, version: int) -> Planes:
        """The coefficients with checks alone."""
        changed = [np.zeros(plane.shape, bool) for plane in self.planes]
        squares.put_checks(self.planes, self.grid, version, self.costs[0], changed[0])
        return self.with_changes(changed)

    def with_changes(self, changed: Sequence[NDArray[np.bool_]]) -> Planes:
        """The coefficients, some of them changed."""
        y, cb, cr = (
            np.where(c, other, plane)
            for c, other, plane in zip(changed, self.others, self.planes, strict=True)
        )
        return y, cb, cr


@dataclass(frozen=True, eq=False)
class Headless:
    """A container without its header.

    Attributes:
        changed: which coefficients are.
    """

    writer: Writer
    changed: Sequence[NDArray[np.bool_]]

    @property
    def planes(self) -> Planes:
        """The coefficients."""
        return self.writer.with_changes(self.changed)

    def with_header(self, header: bytes) -> Planes:
        """The coefficients with that header, too. Raises NoRoom where it does not fit."""
        luma, *chroma = self.changed
        luma, writer = luma.copy(), self.writer
        header_channel.put(header, writer.planes[0], writer.grid, writer.costs[0], luma)
        return writer.with_changes([luma, *chroma])
