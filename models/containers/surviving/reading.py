"""The layer is found in a picture, and gives the photo."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from models import jpeg_transform
from models.coding import av1, colour_prediction
from models.containers import turns
from models.containers.container import Shown
from models.containers.surviving import alignment, content, grid, layers
from models.containers.surviving.content import Core
from models.containers.surviving.grid import Frame, Region
from models.problems import Problem, Unreadable

_TURNS = 1 + len(turns.TURNS)
_TRIED = 3
_BEYOND_DOUBT = 6.5  # standard deviations
_BEYOND_DOUBT_ALIGNED = 10.0  # of the many places and sizes that are tried


@dataclass(frozen=True, eq=False)
class Found:
    """The layer, read.

    Attributes:
        turn: by which the picture has to be turned (`turns.turned`) to stand as it was exported.
        frame: how the canonical picture lies in the picture turned so.
        agreement: with what is known, in standard deviations of chance.
        core: what it says; a number where it is of a version that is not known; None where it does
            not come through any more.
        bodies: those that came through, in order.
        received: size of the picture (height, width) as it was received.
        whole: whether the picture shows all of the export and nothing else.
    """

    turn: int
    frame: Frame
    agreement: float
    core: Core | int | None
    bodies: tuple[bytes, ...]
    received: tuple[int, ...]
    whole: bool = True

    @property
    def shown(self) -> Shown | None:
        """What the picture shows of the export; None where the core did not come through."""
        size = self.core.canonical if isinstance(self.core, Core) else None
        if not isinstance(self.core, Core) or size is None:
            return None
        height, width = self.core.height, self.core.width
        if self.whole:
            return Shown.all_of(height, width).turned_back(self.turn)
        upright = self.received[::-1] if self.turn & 1 else self.received
        top, left, bottom, right = self.frame.box(Region.of(size))
        down, across = height / (bottom - top), width / (right - left)
        box = -top * down, -left * across, (upright[0] - top) * down, (upright[1] - left) * across
        return Shown((height, width), box).turned_back(self.turn)


def read(pixels: NDArray[np.uint8]) -> Found | None:
    """What a picture (H x W x 3 uint8) carries, of whatever size, turned, cropped or with a border
    around it."""
    luma = grid.luma(pixels)
    whole = _in_the_whole(luma)
    if whole is not None and whole.core is not None:
        return whole
    part = _in_a_part(luma)
    return part if part is not None and (whole is None or part.core is not None) else whole


def _in_the_whole(luma: NDArray[np.float32]) -> Found | None:
    promising = []
    for size in grid.canonical_sizes(*luma.shape):
        if not layers.enough_blocks(size):
            continue
        plane = grid.resized(luma, size)
        blocks = jpeg_transform.forward(plane)
        for turn in range(_TURNS):
            agreement = layers.promise(grid.turned_blocks(blocks, turn))
            if agreement > 0:
                promising.append((agreement, turn, plane))
    promising.sort(key=lambda found: -found[0])
    lost = None
    for agreement, turn, plane in promising[:_TRIED]:
        upright = np.ascontiguousarray(turns.turned(plane, turn))
        size = upright.shape[0], upright.shape[1]
        shape = luma.shape[::-1] if turn & 1 else luma.shape
        frame, region = Frame.whole(shape, size), Region.of(size)
        group = layers.Group.read(upright, 0, region)
        packed = group.core()
        if packed is not None:
            core = Core.unpack(packed)
            bodies = () if isinstance(core, int) else _bodies(upright, region, group, core)
            return Found(turn, frame, agreement, core, bodies, luma.shape)
        if lost is None and agreement > _BEYOND_DOUBT:
            lost = Found(turn, frame, agreement, None, (), luma.shape)
    return lost


def _in_a_part(luma: NDArray[np.float32]) -> Found | None:
    lost = None
    for found in alignment.aligned(luma):
        upright = np.ascontiguousarray(turns.turned(luma, found.turn))
        frame = found.frame
        region = frame.inside(upright.shape).shared(layers.SHEET)
        plane = frame.taken(upright, region)
        packed = layers.Group.read(plane, 0, region).core()
        if packed is None:
            if found.agreement > _BEYOND_DOUBT_ALIGNED:
                lost = lost or Found(
                    found.turn, found.frame, found.agreement, None, (), luma.shape, whole=False
                )
            continue
        core = Core.unpack(packed)
        bodies: tuple[bytes, ...] = ()
        if isinstance(core, Core) and core.canonical is not None:
            frame, _ = alignment.refined(upright, frame, packed)
            shown = frame.inside(upright.shape).shared(Region.of(core.canonical))
            bodies = _bodies(frame.taken(upright, shown), shown, None, core)
        return Found(found.turn, frame, found.agreement, core, bodies, luma.shape, whole=False)
    return lost


def _bodies(
    plane: NDArray[np.float32], region: Region, first: layers.Group | None, core: Core
) -> tuple[bytes, ...]:
    """The bodies in a region; `first` is the first group where that has been read."""
    size, bodies = core.canonical, []
    if size is None:
        return ()
    for index, code in enumerate(core.codes):
        known = first if index == 0 else None
        group = known or layers.Group.read(plane, index, region)
        body = group.body(code, size)
        if body is None:
            break
        bodies.append(body)
    return tuple(bodies)


def restore(pixels: NDArray[np.uint8], found: Found) -> NDArray[np.uint8]:
    """The photo as large as the picture was received, H x W x 3 uint8 in and out. What was added
    around the export stays.

    Raises:
        Unreadable: where the core did not come through.
    """
    core = found.core
    if not isinstance(core, Core) or core.canonical is None:
        raise Unreadable(Problem("compressed-too-strongly"))
    received = np.ascontiguousarray(turns.turned(pixels, found.turn))
    whole = Region.of(core.canonical)
    box = found.frame.box(whole)
    inside = tuple(
        slice(max(0, round(start)), max(0, round(end)))
        for start, end in ((box[0], box[2]), (box[1], box[3]))
    )
    upright = np.ascontiguousarray(received[inside])
    frame = found.frame.moved(-inside[0].start, -inside[1].start)
    region = frame.around(upright.shape).shared(whole)
    told = colour_prediction.values(upright, core.colours).astype(np.float32)
    small = frame.taken(told, region)
    better = content.weighted(small, core.weights)
    for body in found.bodies:
        try:
            missing = content.residual_of(body, *core.canonical)
        except av1.NotAV1:
            break
        better += missing[grid.pixels(*region.within(whole))]
    share = np.float32(core.detail / 64)
    # What is finer than the canonical picture: share * (told - wide(small)).
    result = frame.put_back(better - share * small, region, upright.shape)
    told *= share
    result += told
    restored = received.copy()
    restored[inside] = np.clip(np.rint(result), 0, 255)
    return np.ascontiguousarray(turns.turned_back(restored, found.turn))
