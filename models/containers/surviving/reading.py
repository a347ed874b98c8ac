"""The layer is found in a picture, and gives the photo."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from models import jpeg_transform
from models.coding import av1, colour_prediction
from models.containers import turns
from models.containers.surviving import content, grid, layers
from models.containers.surviving.content import Core
from models.problems import Problem, Unreadable

_TURNS = 1 + len(turns.TURNS)
_TRIED = 3
_BEYOND_DOUBT = 6.5  # standard deviations


@dataclass(frozen=True, eq=False)
class Found:
    """The layer, read.

    Attributes:
        turn: by which the picture has to be turned (`turns.turned`) to stand as it was exported.
        size: of the canonical picture (height, width).
        agreement: of the pilots, in standard deviations of chance.
        core: what it says; a number where it is of a version that is not known; None where it does
            not come through any more.
        bodies: those that came through, in order.
        received: size of the picture (height, width) as it was received.
    """

    turn: int
    size: tuple[int, int]
    agreement: float
    core: Core | int | None
    bodies: tuple[bytes, ...]
    received: tuple[int, ...]


def read(pixels: NDArray[np.uint8]) -> Found | None:
    """What a whole picture (H x W x 3 uint8), of whatever size and turned, carries."""
    own = grid.luma(pixels)
    promising = []
    for size in grid.canonical_sizes(*own.shape):
        if not layers.enough_blocks(size[0] * size[1] // grid.BLOCK**2):
            continue
        plane = grid.resized(own, size)
        blocks = jpeg_transform.forward(plane)
        for turn in range(_TURNS):
            agreement = layers.promise(grid.turned_blocks(blocks, turn))
            if agreement > 0:
                promising.append((agreement, turn, plane))
    promising.sort(key=lambda found: -found[0])
    for agreement, turn, plane in promising[:_TRIED]:
        upright = np.ascontiguousarray(turns.turned(plane, turn))
        size = upright.shape[0], upright.shape[1]
        group = layers.Group.read(upright, 0)
        packed = group.core()
        if packed is not None:
            core = Core.unpack(packed)
            bodies = () if isinstance(core, int) else _bodies(upright, group, core)
            return Found(turn, size, agreement, core, bodies, pixels.shape[:2])
    if promising and promising[0][0] > _BEYOND_DOUBT:
        agreement, turn, plane = promising[0]
        size = turns.turned(plane, turn).shape
        return Found(turn, (size[0], size[1]), agreement, None, (), pixels.shape[:2])
    return None


def _bodies(plane: NDArray[np.float32], first: layers.Group, core: Core) -> tuple[bytes, ...]:
    bodies = []
    for index, code in enumerate(core.codes):
        group = first if index == 0 else layers.Group.read(plane, index)
        body = group.body(code)
        if body is None:
            break
        bodies.append(body)
    return tuple(bodies)


def restore(pixels: NDArray[np.uint8], found: Found) -> NDArray[np.uint8]:
    """The photo at the size in which its export came, H x W x 3 uint8 in and out.

    Raises:
        Unreadable: where the core did not come through.
    """
    core = found.core
    if not isinstance(core, Core):
        raise Unreadable(Problem("compressed-too-strongly"))
    upright = np.ascontiguousarray(turns.turned(pixels, found.turn))
    told = colour_prediction.values(upright, core.colours).astype(np.float32)
    small = grid.resized(told, found.size)
    better = content.weighted(small, core.weights)
    for body in found.bodies:
        try:
            better += content.residual_of(body, *found.size)
        except av1.NotAV1:
            break
    share = np.float32(core.detail / 64)
    # What is finer than the canonical picture: share * (told - wide(small)).
    result = grid.resized(better - share * small, upright.shape[:2])
    told *= share
    result += told
    restored = np.clip(np.rint(result), 0, 255).astype(np.uint8)
    return np.ascontiguousarray(turns.turned_back(restored, found.turn))
