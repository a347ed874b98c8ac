"""JPEG containers: what is needed to restore the photo, as bits that survive the JPEG codec.

Two layers of bits live in the picture's luma (`models.jpeg_lattice`), each protected by a
convolutional code and spread over the whole picture:

* the *base*, on a lattice so coarse that it outlives a second compression, carries a colour
  prediction (`models.colour_prediction`) and a first code of what that misses
  (`models.fine_layer`);
* the *detail*, on the lattice of the export's own quantisation table, carries a second code of
  what the first one misses. It is lost when the file is compressed again; the base then stands
  alone.

A few of the base's carriers hold a stamp by which the container is recognised.
"""

from __future__ import annotations

import functools
import io
import struct
import zlib
from collections.abc import Callable
from dataclasses import dataclass
from typing import Literal

import numpy as np
from numpy.typing import NDArray
from PIL import Image

from models import colour_prediction, convolutional_code, fine_layer, jpeg_lattice
from models.jpeg_lattice import SQUARED_ERROR, Lattice, quantisation_tables
from models.recognition import Recognition, judge

Subsampling = Literal["444", "420"]

BASE_QUALITY = 75
"""The lowest quality that the base is meant to outlive."""

BASE_WIDTH = 1.25
"""Steps of the base in quantiser steps of `BASE_QUALITY`: above 1, two compressions in a row with
different tables still leave the bits in place."""

BASE_CARRIERS = 8
STAMP_SHARE = 16
"""One in so many of the base's bits belongs to the stamp."""

LOWEST_QUALITY = 75
"""Exports below this quality carry nothing."""

FEWEST_BLOCKS = 600
"""A picture needs so many 8 x 8 blocks for the base to hold its header and a little more."""

_DETAIL_COST = 7.6
"""Squared error, in levels² per pixel, that the detail layer may cost."""

_SMALLEST_DETAIL_STEP = 3.0
"""A carrier's step is at least this: finer ones drown in the rounding of RGB and YCbCr."""

_LIKELY_ERRORS = (1.0, 0.04, 0.018, 0.008, 0.003)
"""Share of wrong bits up to which each rate of the convolutional code is tried."""

_MAGIC = b"PJ"
_HEADER = struct.Struct(f"<2sBBBbBB{colour_prediction.SIZE}sI")
_ZIGZAG = sorted(
    ((v, u) for v in range(8) for u in range(8)),
    key=lambda p: (p[0] + p[1], p[0] if (p[0] + p[1]) % 2 else -p[0]),
)

Progress = Callable[[float], None]


class NoRoom(ValueError):
    """The picture or the format has no room for the original; says why in one sentence."""


class Unreadable(ValueError):
    """The picture carries the stamp but what it carried cannot be read any more."""


def base_lattice() -> Lattice:
    """The carriers of the base: the lowest frequencies of luma."""
    table = quantisation_tables(BASE_QUALITY)[0]
    frequencies = _ZIGZAG[:BASE_CARRIERS]
    carriers = tuple((0, v, u) for v, u in frequencies)
    return Lattice(carriers, tuple(BASE_WIDTH * table[p] for p in frequencies), key=1)


@functools.cache
def detail_lattice(quality: int, subsampling: Subsampling) -> Lattice:
    """The carriers of the detail layer for an export's settings; none where they cost too much.

    Steps are multiples of the export's own quantiser steps; the cheapest carriers come first, up to
    the cost that the container may bear. Chroma carries only where it is not reduced.
    """
    tables = quantisation_tables(quality)
    planes = 3 if subsampling == "444" else 1
    steps = {
        (plane, v, u): float(
            tables[plane, v, u] * np.ceil(_SMALLEST_DETAIL_STEP / tables[plane, v, u])
        )
        for plane in range(planes)
        for v, u in (_ZIGZAG[BASE_CARRIERS:] if plane == 0 else _ZIGZAG)
    }
    # A carrier's cell is two steps wide: 1/3 step² for the cell's width, 1/4 for the point in it.
    costs = {p: (1 / 3 + 1 / 4) * steps[p] ** 2 * SQUARED_ERROR[p[0]] / 64 for p in steps}
    chosen: list[tuple[int, int, int]] = []
    total = 0.0
    for p in sorted(costs, key=lambda p: costs[p]):
        total += costs[p]
        if total > _DETAIL_COST:
            break
        chosen.append(p)
    return Lattice(tuple(chosen), tuple(steps[p] for p in chosen), key=2)


def _coefficients(pixels: NDArray[np.uint8], detail: Lattice | None) -> NDArray[np.float32]:
    """The blocks of the planes that carry anything: luma, and chroma where `detail` uses it."""
    planes = 3 if detail is not None and any(plane for plane, _, _ in detail.carriers) else 1
    return jpeg_lattice.blocks(jpeg_lattice.to_ycc(pixels, planes))


def jpeg(pixels: NDArray[np.uint8], quality: int, subsampling: Subsampling) -> NDArray[np.uint8]:
    """What is read back from a JPEG file of a picture; H x W x 3 uint8 in and out."""
    file = io.BytesIO()
    Image.fromarray(pixels).save(
        file, "JPEG", quality=quality, subsampling={"444": 0, "420": 2}[subsampling]
    )
    with Image.open(file) as image:
        return np.asarray(image)


@dataclass(frozen=True)
class _Layout:
    """Where the bits of the layers go in a picture of a certain size."""

    stamp: NDArray[np.int64]
    base: NDArray[np.int64]
    blocks: tuple[int, int]

    @staticmethod
    def of(height: int, width: int) -> _Layout:
        rows, columns = height // 8, width // 8
        count = rows * columns * BASE_CARRIERS
        order = np.random.Generator(np.random.Philox(11)).permutation(count)
        stamped = count // STAMP_SHARE
        return _Layout(order[:stamped], order[stamped:], (rows, columns))


def _detail_order(carriers: int) -> NDArray[np.int64]:
    return np.random.Generator(np.random.Philox(12)).permutation(carriers)


def _stamp_bits(count: int, number: int) -> NDArray[np.uint8]:
    rng = np.random.Generator(np.random.Philox(key=[number, 13]))
    return rng.integers(0, 2, count, dtype=np.uint8)


@dataclass(frozen=True)
class _Bits:
    """Channel bits of both layers, by block: carriers x rows x columns."""

    base: NDArray[np.uint8]
    detail: NDArray[np.uint8]


def _with_bits(
    look: NDArray[np.uint8],
    coefficients: NDArray[np.float32],
    bits: _Bits,
    detail: Lattice,
) -> NDArray[np.uint8]:
    marked = jpeg_lattice.embed_bits(coefficients, bits.base, base_lattice())
    if detail.carriers:
        jpeg_lattice.embed_bits(marked, bits.detail, detail, in_place=True)
    return jpeg_lattice.with_planes(look, jpeg_lattice.unblocks(marked))


def _middle_picture(
    pixels: NDArray[np.uint8], coefficients: NDArray[np.float32], detail: Lattice
) -> NDArray[np.uint8]:
    """The picture with all carriers at the middle of their cells: free of what it carries."""
    middles = jpeg_lattice.at_cell_middles(coefficients, base_lattice())
    if detail.carriers:
        jpeg_lattice.at_cell_middles(middles, detail, in_place=True)
    return jpeg_lattice.with_planes(pixels, jpeg_lattice.unblocks(middles), rounds=1)


def hide(
    number: int,
    photo: NDArray[np.uint8],
    look: NDArray[np.uint8],
    quality: int,
    subsampling: Subsampling,
    progress: Progress | None = None,
) -> NDArray[np.uint8]:
    """A picture like `look` that carries `photo` through a JPEG file.

    Args:
        number: for the stamp.
        photo, look: H x W x 3 uint8 of equal shape.
        quality, subsampling: what the picture will be written with.

    Returns:
        H x W x 3 uint8, to be compressed with just these settings.

    Raises:
        NoRoom: for a picture too small or a quality too low.
    """
    report = progress or (lambda share: None)
    height, width = look.shape[:2]
    layout = _Layout.of(height, width)
    if layout.blocks[0] * layout.blocks[1] < FEWEST_BLOCKS:
        raise NoRoom(
            f"A JPEG of {width} x {height} pixels is too small to carry its original; "
            "export PNG instead."
        )
    if quality < LOWEST_QUALITY:
        raise NoRoom(
            f"JPEG quality {quality} is too low to carry the original; "
            f"use {LOWEST_QUALITY} or more."
        )
    detail = detail_lattice(quality, subsampling)
    coefficients = _coefficients(look, detail)
    rng = np.random.default_rng(0)
    trial = _Bits(
        rng.integers(0, 2, (BASE_CARRIERS, *layout.blocks), dtype=np.uint8),
        rng.integers(0, 2, (detail.bits_per_block, *layout.blocks), dtype=np.uint8),
    )
    sent = _with_bits(look, coefficients, trial, detail)
    received = jpeg(sent, quality, subsampling)
    report(0.15)
    base_errors, detail_errors = _error_shares(received, trial, detail)
    resaved = jpeg(received, 80, "420")
    base_errors = max(base_errors, _error_shares(resaved, trial, detail)[0])
    middle = _middle_picture(received, _coefficients(received, detail), detail)
    colours = colour_prediction.fit(middle, photo)
    predicted = colour_prediction.predict(middle, colours)
    report(0.3)

    settings = quality, subsampling
    base_rate = _rate_for(base_errors, weakest=2)
    detail_rate = _rate_for(detail_errors, weakest=4) if detail.carriers else -1
    while True:
        base_bits, base_picture = _encode_base(
            layout, number, settings, detail_rate, colours, predicted, photo, base_rate
        )
        report(0.5)
        detail_bits = _encode_detail(layout, detail, detail_rate, base_picture, photo)
        report(0.7)
        container = _with_bits(look, coefficients, _Bits(base_bits, detail_bits), detail)
        read = _read(jpeg(container, quality, subsampling))
        report(0.95)
        if read is None or read.base_damaged:
            if base_rate == 0:
                raise NoRoom(
                    "So much of the picture is pure black or white that a JPEG cannot carry its "
                    "original; export PNG instead."
                )
            base_rate -= 1
        elif detail_rate >= 0 and read.detail_damaged and detail_rate > 0:
            detail_rate -= 1
        else:
            break
    report(1.0)
    return container


def _rate_for(errors: float, weakest: int) -> int:
    return max(i for i, most in enumerate(_LIKELY_ERRORS[: weakest + 1]) if errors <= most)


def _error_shares(received: NDArray[np.uint8], sent: _Bits, detail: Lattice) -> tuple[float, float]:
    coefficients = _coefficients(received, detail)
    base = jpeg_lattice.soft_bits(coefficients, base_lattice()) < 0
    shares = [float((base != sent.base).mean()), 0.0]
    if detail.carriers:
        wrong = (jpeg_lattice.soft_bits(coefficients, detail) < 0) != sent.detail
        shares[1] = float(wrong.mean())
    return shares[0], shares[1]


def _encode_base(
    layout: _Layout,
    number: int,
    settings: tuple[int, Subsampling],
    detail_rate: int,
    colours: bytes,
    predicted: NDArray[np.int16],
    photo: NDArray[np.uint8],
    rate: int,
) -> tuple[NDArray[np.uint8], NDArray[np.float32]]:
    """Channel bits of the base, and the photo as the base alone restores it (float, levels)."""
    frames = convolutional_code.frames_in(layout.base.size, rate)
    capacity = frames * convolutional_code.FRAME // 8 - _HEADER.size
    code = fine_layer.encode(photo.astype(np.int16) - predicted, capacity)
    coded = code is not None
    quality, full_chroma = settings[0], settings[1] == "444"
    head = _HEADER.pack(_MAGIC, 1, rate, quality, detail_rate, coded, full_chroma, colours, 0)[:-4]
    data = head + struct.pack("<I", zlib.crc32(head))
    picture = predicted.astype(np.float32)
    if code is not None:
        data += code.data
        picture += code.decoded
    flat = np.zeros(layout.stamp.size + layout.base.size, np.uint8)
    flat[layout.stamp] = _stamp_bits(layout.stamp.size, number)
    channel = convolutional_code.encode(data, frames, rate)
    flat[layout.base[: channel.size]] = channel
    return flat.reshape(BASE_CARRIERS, *layout.blocks), picture


def _encode_detail(
    layout: _Layout,
    detail: Lattice,
    rate: int,
    base_picture: NDArray[np.float32],
    photo: NDArray[np.uint8],
) -> NDArray[np.uint8]:
    """Channel bits of the detail layer."""
    carriers = detail.bits_per_block * layout.blocks[0] * layout.blocks[1]
    flat = np.zeros(carriers, np.uint8)
    if rate >= 0:
        frames = convolutional_code.frames_in(carriers, rate)
        missing = photo - np.clip(np.rint(base_picture), 0, 255)
        code = fine_layer.encode(missing.astype(np.int16), frames * convolutional_code.FRAME // 8)
        data = code.data if code is not None else b""
        channel = convolutional_code.encode(data, frames, rate)
        flat[_detail_order(carriers)[: channel.size]] = channel
    return flat.reshape(detail.bits_per_block, *layout.blocks)


@dataclass(frozen=True, eq=False)
class _Read:
    """What was read from a container."""

    photo: NDArray[np.uint8]
    base_damaged: bool
    detail_damaged: bool


def _read(pixels: NDArray[np.uint8]) -> _Read | None:
    """Everything that a container carries; None where not even the header can be read."""
    height, width = pixels.shape[:2]
    layout = _Layout.of(height, width)
    coefficients = _coefficients(pixels, None)
    soft = jpeg_lattice.soft_bits(coefficients, base_lattice()).reshape(-1)[layout.base]
    head_frames = -(-_HEADER.size * 8 // convolutional_code.FRAME)
    for rate in (1, 2, 0):
        data = convolutional_code.decode(soft, head_frames, rate)
        fields = _HEADER.unpack_from(data)
        intact = zlib.crc32(data[: _HEADER.size - 4]) == fields[-1] and fields[0] == _MAGIC
        if intact and fields[2] == rate:
            break
    else:
        return None
    _, _, _, quality, detail_rate, coded, full_chroma, colours, _ = fields
    detail = detail_lattice(quality, "444" if full_chroma else "420")
    coefficients = _coefficients(pixels, detail)
    frames = convolutional_code.frames_in(layout.base.size, rate)
    data = convolutional_code.decode(soft, frames, rate)[_HEADER.size :]
    middle = _middle_picture(pixels, coefficients, detail)
    picture = colour_prediction.predict(middle, colours).astype(np.float32)
    base_damaged = False
    if coded:
        base, base_damaged = _decode_residual(data, height, width)
        picture += base
    detail_damaged = False
    if detail_rate >= 0:
        carriers = detail.bits_per_block * layout.blocks[0] * layout.blocks[1]
        order = _detail_order(carriers)
        soft = jpeg_lattice.soft_bits(coefficients, detail).reshape(-1)[order]
        frames = convolutional_code.frames_in(carriers, detail_rate)
        data = convolutional_code.decode(soft, frames, detail_rate)
        residual, detail_damaged = _decode_residual(data, height, width)
        picture += residual
    np.clip(np.rint(picture, out=picture), 0, 255, out=picture)
    return _Read(picture.astype(np.uint8), base_damaged, detail_damaged)


def _decode_residual(data: bytes, height: int, width: int) -> tuple[NDArray[np.float32], bool]:
    """The residual in a code, and whether any of it is damaged."""
    try:
        residual = fine_layer.decode(data, height, width)
        return residual, not fine_layer.intact(data, height, width)
    except fine_layer.NoFineLayer:
        return np.zeros((height, width, 3), np.float32), True


def reveal(pixels: NDArray[np.uint8]) -> NDArray[np.uint8]:
    """The photo in a container read back from a JPEG file; H x W x 3 uint8 in and out.

    Raises:
        Unreadable: where too much was lost.
    """
    read = _read(pixels)
    if read is None:
        raise Unreadable("it was compressed too strongly since it was exported")
    return read.photo


def find(pixels: NDArray[np.uint8], numbers: tuple[int, ...]) -> Recognition | None:
    """Which of the stamps `numbers` a picture (H x W x 3 uint8) carries; None if none."""
    layout = _Layout.of(*pixels.shape[:2])
    if layout.blocks[0] * layout.blocks[1] < FEWEST_BLOCKS:
        return None
    coefficients = _coefficients(pixels, None)
    bits = jpeg_lattice.soft_bits(coefficients, base_lattice()).reshape(-1)[layout.stamp] < 0
    found = [judge(n, bits, _stamp_bits(layout.stamp.size, n)) for n in numbers]
    return min((f for f in found if f is not None), key=lambda f: f.chance, default=None)
