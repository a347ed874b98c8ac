"""The layer is written into a look."""

from __future__ import annotations

import io

import cv2
import numpy as np
from numpy.typing import NDArray
from PIL import Image

from models.coding import colour_prediction
from models.containers.surviving import carriers, content, grid, layers, template
from models.containers.surviving.carriers import GROUPS
from models.containers.surviving.content import Core
from models.containers.surviving.grid import Region
from models.containers.surviving.layers import NO_BODY
from models.metrics import ssim

CHANNELS = ((1080, 75, 70), (1600, 75, 75), (2048, 75, 82))
"""What the bodies are to outlive: a long edge with a quality of JPEG, and the quality for pictures
that are not larger."""

LEAST_EDGE = grid.LONG_EDGES[-1]
"""Pictures with a shorter long edge have no layer."""

_SAFE = (0.78, 0.78, 0.68)
"""Of what a trial, which is on a picture reduced already, lets expect, so much is relied on."""

_SAFE_OWN = 0.8

MOST_LOSS = 0.005
"""Structural similarity that the layer may cost."""

MOST_LOSS_OF_SMOOTH = 0.014
"""That it may cost where less would not be read again: in smooth pictures, whose flat places have
to carry as much as texture does."""

_CORE_SAFE = 1.9
"""Times as many bits as the core needs, a carrier of the first group tells in small pictures."""

_STRONGER = 1.25

_LARGE = 1.6
"""Pictures so many times as large as their canonical picture carry in all groups."""

_ROUNDS = 2
"""In which the change is mended until the canonical picture has it."""

_TOLD_EDGE = 2048


def embed(
    photo: NDArray[np.uint8], look: NDArray[np.uint8], most_noise: float | None = None
) -> NDArray[np.uint8] | None:
    """A picture like the look with the layer in it; None where there is no room.

    Args:
        photo, look: H x W x 3 uint8 of equal shape.
        most_noise: squared error that it may add, levels² per sample; None: as much as similarity
            allows.
    """
    height, width = look.shape[:2]
    size = grid.canonical_size(height, width)
    if size is None:
        return None
    if not layers.enough_blocks(size):
        return None
    codes, strength = plan(look, size, most_noise)
    core, bodies = message(photo, look, size, codes)
    bits = layers.channel_bits(core.pack(), bodies, codes, size)
    return written(look, bits, size, strength)


def plan(
    look: NDArray[np.uint8], size: tuple[int, int], most_noise: float | None = None
) -> tuple[tuple[int, ...], float]:
    """Codes of the bodies that get through what they are to outlive, and the strength with which
    they may be written, both tried on the look, reduced where it is large."""
    small = _at_most(look, _TOLD_EDGE)
    whole = look.size <= small.size
    count = len(GROUPS) if max(look.shape) >= _LARGE * max(size) else len(GROUPS) - 1
    trial = (0,) * count + (NO_BODY,) * (len(GROUPS) - count)
    bits = layers.channel_bits(b"", [b""] * count, trial, size)
    reduced, strength = max(look.shape) / max(size), 1.0
    layered = written(small, bits, size, strength, reduced)
    most = 1.0
    if whole:
        loss = max(1e-9, 1 - ssim(layered, look))
        strength = min(1.0, float(np.sqrt(MOST_LOSS / loss)))
        most = float(np.sqrt(MOST_LOSS_OF_SMOOTH / loss))
    if most_noise is not None:
        noise = float(np.square(layered.astype(np.float32) - small).mean())
        most = min(most, float(np.sqrt(most_noise / max(1e-9, noise))))
    strength = min(strength, most)
    if strength < 1:
        layered = written(small, bits, size, strength, reduced)
    least = _CORE_SAFE * layers.core_needs(size)
    while whole and strength < most and _information(layered, max(look.shape), size, 0) < least:
        strength = min(most, _STRONGER * strength)
        layered = written(small, bits, size, strength, reduced)
    codes = [_fitting_code(layered, max(look.shape), size, group) for group in range(count)]
    return (*codes, *trial[count:]), strength


def _fitting_code(
    layered: NDArray[np.uint8], long_edge: int, size: tuple[int, int], group: int
) -> int:
    edge = CHANNELS[group][0]
    safe = _SAFE[group] if long_edge > edge else _SAFE_OWN
    code = layers.fitting_code(safe * _information(layered, long_edge, size, group))
    return NO_BODY if code is None and group else code or 0


def _information(
    layered: NDArray[np.uint8], long_edge: int, size: tuple[int, int], group: int
) -> float:
    """Bits that a group's carriers tell after what it is to outlive."""
    edge, quality, own_quality = CHANNELS[group]
    image = Image.fromarray(layered)
    share = edge / max(image.size)
    if share < 1:
        sides = [round(side * share) for side in image.size]
        image = image.resize((sides[0], sides[1]), Image.Resampling.BILINEAR)
    file = io.BytesIO()
    image.save(file, "JPEG", quality=quality if long_edge > edge else own_quality, subsampling=2)
    plane = grid.resized(grid.luma(np.asarray(Image.open(file).convert("RGB"))), size)
    return layers.Group.read(plane, group, Region.of(size)).information()


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
    bodies = []
    for group, code in enumerate(codes):
        if code == NO_BODY:
            break
        body, says = content.coded(residual, layers.room(size, group, code))
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
    look: NDArray[np.uint8],
    bits: list[NDArray[np.uint8]],
    size: tuple[int, int],
    strength: float = 1.0,
    reduced: float | None = None,
) -> NDArray[np.uint8]:
    """The look with bits of all carriers in it; see `layers.channel_bits`.

    Args:
        strength: of the change; above 1 only where it is less than elsewhere.
        reduced: see `carriers.shares`; None: as many times as the look is.
    """
    own = grid.luma(look)
    plane = grid.resized(own, size)
    reduced = max(look.shape) / max(size) if reduced is None else reduced
    share = np.float32(strength) * carriers.shares(carriers.activity(plane), reduced)
    share = np.minimum(share, np.float32(carriers.SHARE))
    region, change = Region.of(size), template.waves(plane)
    plane = plane + change
    wanted = [
        carriers.wanted(carriers.coefficients(plane, group), ours, group, region, share)
        for group, ours in zip(GROUPS, bits, strict=False)
    ]
    for attempt in range(_ROUNDS):
        missing = [
            goal - carriers.coefficients(plane, group)
            for goal, group in zip(wanted, GROUPS, strict=False)
        ]
        change = change + carriers.change(missing, size)
        wide = grid.resized(change, look.shape[:2])
        result = _added(look, wide)
        if attempt + 1 < _ROUNDS:
            plane = grid.resized(grid.luma(result), size)
    return result


def _added(look: NDArray[np.uint8], change: NDArray[np.float32]) -> NDArray[np.uint8]:
    result = np.empty_like(look)
    for top in range(0, look.shape[0], 64):
        rows = slice(top, top + 64)
        np.rint(
            np.clip(look[rows] + change[rows, :, None], 0, 255), out=result[rows], casting="unsafe"
        )
    return result
