"""JPEG containers: what is needed to restore the photo, as bits that survive the JPEG codec.

Two layers of bits live in the picture (`models.containers.jpeg_carriers`), each protected by an
error-correcting code (`models.coding.ldpc`) and spread over the whole picture:

* the *base* outlives a second compression; it carries a colour prediction
  (`models.coding.colour_prediction`) and, where there is room, a first code of what that misses
  (`models.coding.residual_codec`);
* the *detail* carries the map of its own carriers, in those that are always on, and a second code
  of what the first one misses. It is lost when the file is compressed again; the base then stands
  alone.

A few of the base's carriers hold a stamp by which the container is recognised.
"""

from __future__ import annotations

import contextlib
import io
import math
import struct
import zlib
from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import TypeVar

import numpy as np
from numpy.typing import NDArray
from PIL import Image

from models.coding import colour_prediction, ldpc, residual_codec
from models.coding.random_streams import Purpose, Stream
from models.containers import bit_allocation
from models.containers.jpeg_carriers import (
    Carriers,
    Subsampling,
    base_lattice,
    soft_bits,
    with_bits,
    without_bits,
)
from models.containers.watermark import Recognition, judge
from models.metrics import psnr
from models.networks import inference
from models.networks.refinement import NO_CODE, RefinementNetwork

STAMP_SHARE = 16
"""One in so many of the base's bits belongs to the stamp."""

LOWEST_QUALITY = 75
"""Exports below this quality carry nothing."""

FEWEST_BLOCKS = 600
"""A picture needs so many 8 x 8 blocks for the base to hold its header and a little more."""

MOST_LOSS = 0.022
"""Structural similarity that carrying may cost, as far as it can be told in advance."""

MOST_NOISE = 11.5
"""Squared error, in levels² per pixel, that carrying may cost: 37.5 dB."""

NOISE_PER_MISS = 0.3
"""A photo that its look nearly tells is not worth as much: the noise stays below that share of the
squared error that the colour prediction leaves."""

LEAST_NOISE = 1.0
"""But so much is always allowed."""

RESAVED = (85, 75)
"""The base is made to outlive a second compression at these qualities, 4:2:0."""

GENTLE = 34.0
"""From that likeness of look and photo on (dB) it is asked whether the look as it was received may
be the better photo once the detail is lost."""

TOO_STRONGLY = "it was compressed too strongly since it was exported"
"""Why a recognised container cannot be read any more."""

_SAMPLES = 100_000

_HEADER = struct.Struct(f"<2sBBBbbBB{colour_prediction.SIZE}sI")
_CODED, _KEEP = 1, 2  # flags in the header
_MAGIC = b"PJ"
_VERSION = 2
_MAP = struct.Struct("<II")  # length and CRC of the map

Progress = Callable[[float], None]
_T = TypeVar("_T", bound=np.generic)


class NoRoom(ValueError):
    """The picture or the format has no room for the original; says why in one sentence."""


class Unreadable(ValueError):
    """The picture carries the stamp but what it carried cannot be read any more."""


def jpeg(pixels: NDArray[np.uint8], quality: int, subsampling: Subsampling) -> NDArray[np.uint8]:
    """What is read back from a JPEG file of a picture; H x W x 3 uint8 in and out."""
    file = io.BytesIO()
    Image.fromarray(pixels).save(
        file, "JPEG", quality=quality, subsampling={"444": 0, "420": 2}[subsampling]
    )
    with Image.open(file) as image:
        return np.asarray(image)


# -- where the bits go ---------------------------------------------------------------------------

_CHUNK = 1 << 20


def _spread(count: int, start: int, stop: int) -> NDArray[np.int64]:
    """Places `start`..`stop` of an order of 0..count-1 in which neighbours are far apart."""
    stride = max(1, int(count * (math.sqrt(5) - 1) / 2))
    while math.gcd(stride, count) != 1:
        stride += 1
    return np.arange(start, stop, dtype=np.int64) * stride % max(1, count)


def _scatter(bits: NDArray[np.uint8]) -> NDArray[np.uint8]:
    """Channel bits in the order in which they are put into the picture."""
    flat = np.empty_like(bits)
    for start in range(0, bits.size, _CHUNK):
        stop = min(start + _CHUNK, bits.size)
        flat[_spread(bits.size, start, stop)] = bits[start:stop]
    return flat


def _gather(flat: NDArray[_T]) -> NDArray[_T]:
    """Back from `_scatter`."""
    bits = np.empty_like(flat)
    for start in range(0, flat.size, _CHUNK):
        stop = min(start + _CHUNK, flat.size)
        bits[start:stop] = flat[_spread(flat.size, start, stop)]
    return bits


@dataclass(frozen=True)
class _Base:
    """Which of the base's bits are the stamp and which the message."""

    stamp: NDArray[np.int64]
    message: NDArray[np.int64]

    @staticmethod
    def of(carriers: int) -> _Base:
        order = Stream(Purpose.JPEG_BASE_ORDER).permutation(carriers)
        stamped = carriers // STAMP_SHARE
        return _Base(order[:stamped], order[stamped:])


def _stamp_bits(count: int, number: int) -> NDArray[np.uint8]:
    return Stream(Purpose.JPEG_WATERMARK, number).bits(count)


# -- hiding --------------------------------------------------------------------------------------


@dataclass(frozen=True)
class _Rates:
    """Indices of the code's rates; -1 for a layer that is not used.

    `always` is for the detail carriers that are on in every block, `more` for the others.
    """

    base: int
    always: int
    more: int


@dataclass(frozen=True, eq=False)
class _Job:
    """What stays the same while the rates are being found."""

    photo: NDArray[np.uint8]
    look: NDArray[np.uint8]
    number: int
    quality: int
    subsampling: Subsampling
    carriers: Carriers
    squares: NDArray[np.uint8]
    densities: NDArray[np.uint8]
    colours: bytes
    predicted: NDArray[np.int16]
    keep: bool


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
    if (height // 8) * (width // 8) < FEWEST_BLOCKS:
        raise NoRoom(
            f"A JPEG of {width} x {height} pixels is too small to carry its original; "
            "export PNG instead."
        )
    if quality < LOWEST_QUALITY:
        raise NoRoom(
            f"JPEG quality {quality} is too low to carry the original; "
            f"use {LOWEST_QUALITY} or more."
        )
    carriers = Carriers.of(height, width, quality, subsampling)
    squares = _densities(photo, look, carriers)
    densities = bit_allocation.to_blocks(squares, carriers.rows, carriers.columns)
    report(0.1)
    random = Stream(Purpose.JPEG_TRIAL)
    size = carriers.rows, carriers.columns
    trial = [
        random.bits(lattice.bits_per_block * math.prod(size)).reshape(-1, *size)
        for lattice in (carriers.base, carriers.detail)
    ]
    received = jpeg(with_bits(look, carriers, densities, *trial), quality, subsampling)
    report(0.2)
    rates = _likely_rates(received, carriers, densities, trial[0], trial[1])
    del trial
    middle = without_bits(received, carriers, densities)
    colours = colour_prediction.fit(middle, photo)
    predicted = colour_prediction.predict(middle, colours)
    keep = psnr(look, photo) > GENTLE and _better_as_received(received, photo, carriers, colours)
    del received, middle
    report(0.35)
    job = _Job(
        photo,
        look,
        number,
        quality,
        subsampling,
        carriers,
        squares,
        densities,
        colours,
        predicted,
        keep,
    )
    container = _with_working_rates(job, rates, report)
    report(1.0)
    return container


def _better_as_received(
    received: NDArray[np.uint8], photo: NDArray[np.uint8], carriers: Carriers, colours: bytes
) -> bool:
    """Whether, after one more compression, the picture is closer to the photo than what the base
    makes of it."""
    again = jpeg(received, RESAVED[-1], "420")
    told = colour_prediction.predict(without_bits(again, carriers, None), colours)
    return psnr(again, photo) > psnr(told.astype(np.uint8), photo)


def _densities(
    photo: NDArray[np.uint8], look: NDArray[np.uint8], carriers: Carriers
) -> NDArray[np.uint8]:
    bits = 4.0 * np.array(carriers.counts)
    every = max(1, round(math.sqrt(look.size / 3 / _SAMPLES)))
    seen, meant = look[::every, ::every], photo[::every, ::every]
    told = colour_prediction.predict(seen, colour_prediction.fit(seen, meant))
    missed = float(np.square(told.astype(np.float32) - meant).mean())
    noise = min(MOST_NOISE, max(LEAST_NOISE, NOISE_PER_MISS * missed))
    return bit_allocation.choose(look, bits, carriers.noises(), MOST_LOSS, noise)


def _likely_rates(
    received: NDArray[np.uint8],
    carriers: Carriers,
    densities: NDArray[np.uint8],
    base: NDArray[np.uint8],
    detail: NDArray[np.uint8],
) -> _Rates:
    """The weakest protection that may do, from bits that went through a file (the base: two)."""
    places = _Base.of(base.size).message
    base_rate = len(ldpc.RATES)
    for again in RESAVED:
        soft = soft_bits(jpeg(received, again, "420"), carriers, carriers.base)
        rate = ldpc.highest_rate(soft.reshape(-1)[places], base.reshape(-1)[places])
        base_rate = max(0, min(base_rate, rate))
    soft = soft_bits(received, carriers, carriers.detail)
    first = carriers.counts[0]
    always = ldpc.highest_rate(_gather(soft[:first].ravel()), _gather(detail[:first].ravel()))
    on = carriers.on(densities, first)
    more = ldpc.highest_rate(_gather(soft[first:][on]), _gather(detail[first:][on]))
    return _Rates(base_rate, always, more)


def _with_working_rates(job: _Job, rates: _Rates, report: Progress) -> NDArray[np.uint8]:
    """The container with the first rates, from the likely ones on, that come through a file."""
    # What the last attempt coded stays good where another's rate is lowered.
    coded: tuple[int, bytes] | None = None
    made: tuple[tuple[bytes, int, int], tuple[NDArray[np.uint8], bytes, bytes]] | None = None
    while True:
        known = coded[1] if coded is not None and coded[0] == rates.base else None
        message, base_picture = _base_message(job, rates, known)
        coded = rates.base, message[_HEADER.size :]
        base_bits = _base_bits(job, message, rates.base)
        report(0.5)
        wanted = coded[1], rates.always, rates.more
        if made is None or made[0] != wanted:
            made = wanted, _detail_bits(job, rates, base_picture)
        detail_bits, first, second = made[1]
        del base_picture
        report(0.7)
        densities = job.densities if rates.always >= 0 else None
        container = with_bits(job.look, job.carriers, densities, base_bits, detail_bits)
        received = jpeg(container, job.quality, job.subsampling)
        report(0.9)
        read = _read_base(received)
        if (
            read is None
            or read.message[: len(message)] != message
            or (rates.base > 0 and not _outlives(received, read))
        ):
            if rates.base == 0:
                raise NoRoom(
                    "So much of the picture is pure black or white that a JPEG cannot carry its "
                    "original; export PNG instead."
                )
            rates = replace(rates, base=rates.base - 1)
            continue
        got_first, got_second = _read_detail(received, read, job.carriers, job.densities)
        if got_first[: len(first)] != first:
            rates = replace(rates, always=rates.always - 1)
        elif got_second[: len(second)] != second:
            rates = replace(rates, more=rates.more - 1)
            if rates.more < 0:
                job = replace(
                    job,
                    squares=np.zeros_like(job.squares),
                    densities=np.zeros_like(job.densities),
                )
        else:
            return container


def _outlives(received: NDArray[np.uint8], read: _ReadBase) -> bool:
    """Whether the base is still what was read after a second compression."""
    return all(
        ldpc.decode(_soft_base(jpeg(received, quality, "420")), read.rates.base) == read.message
        for quality in RESAVED
    )


def _base_message(
    job: _Job, rates: _Rates, known: bytes | None
) -> tuple[bytes, NDArray[np.float32]]:
    """The base's message, and the photo as it alone restores it (float, levels).

    `known` is what follows the header, where it was found before for this rate.
    """
    lattice = job.carriers.base
    places = _Base.of(lattice.bits_per_block * job.densities.size).message.size
    capacity = ldpc.room(places, rates.base) - _HEADER.size
    picture = job.predicted.astype(np.float32)
    if known is None:
        code = residual_codec.encode(job.photo.astype(np.int16) - job.predicted, capacity)
        known = b"" if code is None else code.data
        picture += 0 if code is None else code.decoded
    elif known:
        picture += residual_codec.decode(known, *job.photo.shape[:2])
    head = _HEADER.pack(
        _MAGIC,
        _VERSION,
        rates.base,
        job.quality,
        rates.always,
        rates.more,
        (_CODED if known else 0) | (_KEEP if job.keep else 0),
        job.subsampling == "444",
        job.colours,
        0,
    )[:-4]
    return head + struct.pack("<I", zlib.crc32(head)) + known, picture


def _base_bits(job: _Job, message: bytes, rate: int) -> NDArray[np.uint8]:
    shape = job.carriers.base.bits_per_block, *job.densities.shape
    places = _Base.of(math.prod(shape))
    flat = np.empty(math.prod(shape), np.uint8)
    flat[places.stamp] = _stamp_bits(places.stamp.size, job.number)
    flat[places.message] = ldpc.encode(message, places.message.size, rate)
    return flat.reshape(shape)


def _detail_bits(
    job: _Job, rates: _Rates, base_picture: NDArray[np.float32]
) -> tuple[NDArray[np.uint8], bytes, bytes]:
    """The detail's channel bits, and the messages of its two parts."""
    carriers = job.carriers
    bits = np.zeros((carriers.detail.bits_per_block, *job.densities.shape), np.uint8)
    if rates.always < 0:
        return bits, b"", b""
    packed = bit_allocation.pack(job.squares)
    head = _MAP.pack(len(packed), zlib.crc32(packed)) + packed
    first = carriers.counts[0]
    always = first * job.densities.size
    room = ldpc.room(always, rates.always)
    if room < len(head):
        return bits, head, b""  # cannot be read back, so that a weaker code or none is tried
    on = carriers.on(job.densities, first)
    more = int(on.sum())
    missing = job.photo - np.clip(np.rint(base_picture), 0, 255)
    capacity = room - len(head) + (ldpc.room(more, rates.more) if rates.more >= 0 else 0)
    code = residual_codec.encode(missing.astype(np.int16), capacity)
    message = head + (code.data if code is not None else b"")
    channel = _scatter(ldpc.encode(message[:room], always, rates.always))
    bits[:first] = channel.reshape(first, *on.shape[1:])
    if rates.more >= 0:
        bits[first:][on] = _scatter(ldpc.encode(message[room:], more, rates.more))
    return bits, message[:room], message[room:]


# -- revealing -----------------------------------------------------------------------------------


@dataclass(frozen=True)
class _ReadBase:
    """What the base says."""

    message: bytes
    rates: _Rates
    quality: int
    subsampling: Subsampling
    coded: bool
    keep: bool
    colours: bytes


def _soft_base(pixels: NDArray[np.uint8]) -> NDArray[np.int8]:
    """The channel bits of the base's message, as `soft_bits` gives them."""
    height, width = pixels.shape[:2]
    blocks = (height // 8) * (width // 8)
    carriers = Carriers(height // 8, width // 8, base_lattice(blocks), base_lattice(blocks), ())
    places = _Base.of(carriers.base.bits_per_block * blocks).message
    return soft_bits(pixels, carriers, carriers.base).reshape(-1)[places]


def _read_base(pixels: NDArray[np.uint8]) -> _ReadBase | None:
    """The base's message; None where not even its header can be read."""
    soft = _soft_base(pixels)
    for rate in ldpc.likeliest_rates(soft):
        if ldpc.room(soft.size, rate) < _HEADER.size:
            continue
        fields = _HEADER.unpack_from(ldpc.decode(soft, rate, _HEADER.size))
        if fields[:3] == (_MAGIC, _VERSION, rate) and _intact(fields):
            break
    else:
        return None
    _, _, _, quality, always, more, flags, full_chroma, colours, _ = fields
    return _ReadBase(
        ldpc.decode(soft, rate),
        _Rates(rate, always, more),
        quality,
        "444" if full_chroma else "420",
        bool(flags & _CODED),
        bool(flags & _KEEP),
        colours,
    )


def readable(pixels: NDArray[np.uint8]) -> bool:
    """Whether enough is left of what a container (H x W x 3 uint8) carried to restore its photo."""
    return _read_base(pixels) is not None


def _intact(fields: tuple[object, ...]) -> bool:
    head = _HEADER.pack(*fields)
    return zlib.crc32(head[:-4]) == fields[-1]


def _read_detail(
    pixels: NDArray[np.uint8],
    read: _ReadBase,
    carriers: Carriers,
    densities: NDArray[np.uint8] | None = None,
) -> tuple[bytes, bytes]:
    """The messages of the detail's two parts; the map is read from the first unless given.

    Empty where there are none, the second where the map cannot be read.
    """
    if read.rates.always < 0:
        return b"", b""
    soft = soft_bits(pixels, carriers, carriers.detail)
    first = carriers.counts[0]
    message = ldpc.decode(_gather(soft[:first].ravel()), read.rates.always)
    if densities is None:
        squares = _map(message, carriers)
        if squares is None:
            return message, b""
        densities = bit_allocation.to_blocks(squares, carriers.rows, carriers.columns)
    if read.rates.more < 0:
        return message, b""
    more = soft[first:][carriers.on(densities, first)]
    return message, ldpc.decode(_gather(more), read.rates.more)


def _map(message: bytes, carriers: Carriers) -> NDArray[np.uint8] | None:
    """The densities of the squares at the start of the detail; None where they are damaged."""
    if len(message) < _MAP.size:
        return None
    length, crc = _MAP.unpack_from(message)
    packed = message[_MAP.size : _MAP.size + length]
    if len(packed) != length or zlib.crc32(packed) != crc:
        return None
    rows, columns = -(-carriers.rows // 2), -(-carriers.columns // 2)
    try:
        return bit_allocation.unpack(packed, rows, columns, len(carriers.counts))
    except bit_allocation.NoMap:
        return None


def reveal(
    network: RefinementNetwork | None,
    pixels: NDArray[np.uint8],
    progress: Progress | None = None,
) -> NDArray[np.uint8]:
    """The photo in a container read back from a JPEG file; H x W x 3 uint8 in and out.

    Args:
        network: mends what was decoded; None leaves it as it was coded.

    Raises:
        Unreadable: where too much was lost.
    """
    report = progress or (lambda share: None)
    height, width = pixels.shape[:2]
    read = _read_base(pixels)
    report(0.3)
    if read is None:
        raise Unreadable(TOO_STRONGLY)
    carriers = Carriers.of(height, width, read.quality, read.subsampling)
    first, second = _read_detail(pixels, read, carriers)
    squares = _map(first, carriers)
    densities = None
    if squares is None and read.keep:
        return pixels.copy()
    if squares is not None:
        densities = bit_allocation.to_blocks(squares, carriers.rows, carriers.columns)
    middle = without_bits(pixels, carriers, densities)
    picture = colour_prediction.predict(middle, read.colours).astype(np.float32)
    report(0.5)
    codes = [read.message[_HEADER.size :]] if read.coded else []
    if squares is not None:
        length, _ = _MAP.unpack_from(first)
        codes.append(first[_MAP.size + length :] + second)
    step = NO_CODE
    for code in codes:
        with contextlib.suppress(residual_codec.NoFineLayer):  # damaged
            picture += residual_codec.decode(code, height, width)
            step = residual_codec.step_of(code, height, width)
    report(0.8)
    np.clip(np.rint(picture, out=picture), 0, 255, out=picture)
    decoded = picture.astype(np.uint8)
    del picture
    if network is None:
        return decoded
    return inference.refine(network, decoded, middle, step, lambda share: report(0.8 + 0.2 * share))


def find(pixels: NDArray[np.uint8], numbers: tuple[int, ...]) -> Recognition | None:
    """Which of the stamps `numbers` a picture (H x W x 3 uint8) carries; None if none."""
    rows, columns = pixels.shape[0] // 8, pixels.shape[1] // 8
    if rows * columns < FEWEST_BLOCKS:
        return None
    lattice = base_lattice(rows * columns)
    carriers = Carriers(rows, columns, lattice, lattice, ())
    places = _Base.of(lattice.bits_per_block * rows * columns).stamp
    bits = soft_bits(pixels, carriers, lattice).reshape(-1)[places] < 0
    found = [judge(n, bits, _stamp_bits(places.size, n)) for n in numbers]
    return min((f for f in found if f is not None), key=lambda f: f.chance, default=None)
