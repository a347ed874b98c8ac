"""The layer in a picture: written, found again, and the photo that it gives."""

from __future__ import annotations

import io
from dataclasses import dataclass

import cv2
import numpy as np
from numpy.typing import NDArray
from PIL import Image

from models.coding import av1, colour_prediction
from models.containers.surviving import carriers, content, grid, layers
from models.containers.surviving.carriers import GROUPS
from models.containers.surviving.content import Core

CHANNELS = ((1080, 75, 70), (1600, 75, 75), (2048, 75, 82))
"""What the bodies are to outlive: a long edge with a quality of JPEG, and the quality for pictures
that are not larger."""

_ROUNDS = 2
_TOLD_EDGE = 2048
_PROMISING = 60.0  # nats


def embed(
    photo: NDArray[np.uint8], look: NDArray[np.uint8], codes: tuple[int, ...] | None = None
) -> NDArray[np.uint8] | None:
    """A picture like the look with the layer in it; None where there is no room.

    Args:
        photo, look: H x W x 3 uint8 of equal shape.
    """
    height, width = look.shape[:2]
    size = grid.canonical_size(height, width)
    if size is None:
        return None
    blocks = size[0] * size[1] // grid.BLOCK**2
    if not layers.enough_blocks(blocks):
        return None
    codes = codes or fitting_codes(look, size)
    core, bodies = message(photo, look, size, codes)
    bits = layers.channel_bits(core.pack(), bodies, codes, blocks)
    return written(look, bits, size)


def fitting_codes(look: NDArray[np.uint8], size: tuple[int, int]) -> tuple[int, ...]:
    """Codes of the bodies that get through what they are to outlive, tried on the look."""
    small = _at_most(look, _TOLD_EDGE)
    blocks = size[0] * size[1] // grid.BLOCK**2
    bits = layers.channel_bits(b"", [b""] * len(GROUPS), (0,) * len(GROUPS), blocks)
    image = Image.fromarray(written(small, bits, size))
    codes = []
    for group, (edge, quality, own_quality) in enumerate(CHANNELS):
        share = edge / max(image.size)
        received = image
        if share < 1:
            wanted = [round(side * share) for side in image.size]
            received = image.resize((wanted[0], wanted[1]), Image.Resampling.BILINEAR)
        file = io.BytesIO()
        received.save(file, "JPEG", quality=quality if share < 1 else own_quality, subsampling=2)
        plane = grid.resized(grid.luma(np.asarray(Image.open(file).convert("RGB"))), size)
        codes.append(layers.fitting_code(layers.Group.read(plane, group).information()))
    return tuple(codes)


def message(
    photo: NDArray[np.uint8],
    look: NDArray[np.uint8],
    size: tuple[int, int],
    codes: tuple[int, ...],
) -> tuple[Core, list[bytes]]:
    """Core and bodies for a canonical picture of that size."""
    height, width = look.shape[:2]
    seen, meant = (_at_most(picture, _TOLD_EDGE) for picture in (look, photo))
    colours = colour_prediction.fit(seen, meant)
    told = colour_prediction.values(seen, colours).astype(np.float32)
    told_small, photo_small = (grid.resized(p.astype(np.float32), size) for p in (told, meant))
    fine = told - grid.resized(told_small, told.shape[:2])
    missing = meant - grid.resized(photo_small, told.shape[:2])
    share = float((fine * missing).sum() / max(float((fine * fine).sum()), 1e-3))
    weights = content.fit_weights(told_small, photo_small)
    residual = photo_small - content.weighted(told_small, weights)
    detail = int(np.clip(round(share * 64), 0, 255))
    blocks = size[0] * size[1] // grid.BLOCK**2
    bodies = []
    for group, code in enumerate(codes):
        body, says = content.coded(residual, layers.room(blocks, group, code))
        residual = residual - says
        bodies.append(body)
    return Core(height, width, codes, colours, weights, detail), bodies


def _at_most(picture: NDArray[np.uint8], edge: int) -> NDArray[np.uint8]:
    share = edge / max(picture.shape[:2])
    if share >= 1:
        return picture
    size = round(picture.shape[1] * share), round(picture.shape[0] * share)
    return np.asarray(cv2.resize(picture, size, interpolation=cv2.INTER_AREA), np.uint8)


def written(
    look: NDArray[np.uint8], bits: list[NDArray[np.uint8]], size: tuple[int, int]
) -> NDArray[np.uint8]:
    """The look with bits of all carriers in it; see `layers.channel_bits`."""
    own = grid.luma(look)
    plane = grid.resized(own, size)
    wanted = [
        carriers.wanted(carriers.coefficients(plane, group), ours, group)
        for group, ours in zip(GROUPS, bits, strict=True)
    ]
    change = np.zeros(size, np.float32)
    for attempt in range(_ROUNDS):
        missing = [
            goal - carriers.coefficients(plane, group)
            for goal, group in zip(wanted, GROUPS, strict=True)
        ]
        change += carriers.change(missing, size)
        wide = grid.resized(change, look.shape[:2])
        result = _added(look, wide)
        if attempt + 1 < _ROUNDS:
            plane = grid.resized(grid.luma(result), size)
    return result


def _added(look: NDArray[np.uint8], change: NDArray[np.float32]) -> NDArray[np.uint8]:
    result = np.empty_like(look)
    for top in range(0, look.shape[0], 64):
        rows = slice(top, top + 64)
        np.rint(np.clip(look[rows] + change[rows, :, None], 0, 255), out=result[rows],
                casting="unsafe")
    return result


@dataclass(frozen=True, eq=False)
class Found:
    """The layer, read.

    Attributes:
        turn: by which the picture has to be turned (`grid.turned`) to stand as it was exported.
        size: of the canonical picture (height, width).
        core: what it says; a number where it is of a version that is not known.
        bodies: those that came through, in order.
        odds: of the pilots, nats.
    """

    turn: int
    size: tuple[int, int]
    core: Core | int
    bodies: tuple[bytes, ...]
    odds: float


def read(pixels: NDArray[np.uint8]) -> Found | None:
    """What a whole picture (H x W x 3 uint8), of whatever size and turned, carries."""
    own = grid.luma(pixels)
    tried = []
    for size in grid.canonical_sizes(*own.shape):
        if not layers.enough_blocks(size[0] * size[1] // grid.BLOCK**2):
            continue
        plane = grid.resized(own, size)
        for turn in range(grid.TURNS):
            upright = np.ascontiguousarray(grid.turned(plane, turn))
            odds = layers.promise(upright)
            if odds > 0:
                tried.append((odds, turn, upright))
    for _, turn, upright in sorted(tried, key=lambda t: -t[0])[:3]:
        group = layers.Group.read(upright, 0)
        if group.odds < _PROMISING:
            continue
        packed = group.core()
        if packed is None:
            continue
        core = Core.unpack(packed)
        bodies = () if isinstance(core, int) else _bodies(upright, group, core)
        return Found(turn, upright.shape, core, bodies, group.odds)
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
    """The photo at the size in which its export came, H x W x 3 uint8 in and out."""
    core = found.core
    assert isinstance(core, Core)
    upright = np.ascontiguousarray(grid.turned(pixels, found.turn))
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
    return np.ascontiguousarray(grid.turned_back(restored, found.turn))
