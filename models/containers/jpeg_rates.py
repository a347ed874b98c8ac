"""The search for rates at which everything that a JPEG container says comes through its file."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from models.coding import residual_codec
from models.containers import bit_allocation
from models.containers.jpeg_channel import (
    DetailMessage,
    JpegChannel,
    base_outlives,
    compressed,
    receive_base,
)
from models.containers.jpeg_message import BaseHeader, Part, Rates, pack_map
from models.problems import NoRoom, Problem


@dataclass(frozen=True, eq=False)
class Payload:
    """What is to be sent; all that stays the same while the rates are being found.

    Attributes:
        photo, look: H x W x 3 uint8.
        predicted: H x W x 3, the photo as far as its colours follow from the look's.
        colours: the coefficients of that prediction.
        keep: see `BaseHeader`.
        squares: the density of each square of 16 x 16 pixels.
        number: of the watermark.
    """

    photo: NDArray[np.uint8]
    look: NDArray[np.uint8]
    predicted: NDArray[np.int16]
    colours: bytes
    keep: bool
    squares: NDArray[np.uint8]
    number: int


@dataclass(frozen=True, eq=False)
class _CodedBase:
    """The code of a residual for the base at one rate, and the photo that the base alone restores
    (H x W x 3 float, levels)."""

    rate: int
    code: bytes
    picture: NDArray[np.float32]


@dataclass(frozen=True, eq=False)
class _CodedDetail:
    """A message for the detail, its channel bits, and what it was made for."""

    base: _CodedBase
    rates: tuple[int, int]
    message: DetailMessage
    bits: NDArray[np.uint8]


def send_at_working_rates(
    channel: JpegChannel, payload: Payload, rates: Rates, report: Callable[[float], None]
) -> NDArray[np.uint8]:
    """The container with the first rates, from the likely ones on, that come through a file.

    Raises:
        NoRoom: where even the strongest protection does not.
    """
    base: _CodedBase | None = None
    detail: _CodedDetail | None = None
    while True:
        # What the last attempt coded stays good where another part's rate is lowered.
        if base is None or base.rate != rates.base:
            base = _code_base(channel, payload, rates.base)
        report(0.5)
        if detail is None or detail.base is not base or detail.rates != (rates.always, rates.more):
            detail = _code_detail(channel, payload, rates, base)
        report(0.7)
        container, weak = _attempt(channel, payload, rates, base, detail)
        report(0.9)
        if weak is None:
            return container
        if weak is Part.BASE and rates.base == 0:
            raise NoRoom(Problem("jpeg-black-or-white"))
        rates = rates.lower(weak)
        if rates.more < 0:
            payload = replace(payload, squares=np.zeros_like(payload.squares))


def _attempt(
    channel: JpegChannel,
    payload: Payload,
    rates: Rates,
    base: _CodedBase,
    detail: _CodedDetail,
) -> tuple[NDArray[np.uint8], Part | None]:
    """A container, and the part whose rate is too high for it to be read; None where none is."""
    coded = bool(base.code)
    header = BaseHeader(rates, channel.jpeg, payload.colours, coded, payload.keep)
    message = header.pack() + base.code
    densities = bit_allocation.to_blocks(
        payload.squares, channel.carriers.rows, channel.carriers.columns
    )
    container = channel.send(
        payload.look,
        densities if rates.always >= 0 else None,
        channel.base_bits(message, rates.base, payload.number),
        detail.bits,
    )
    received = compressed(container, channel.jpeg)
    read = receive_base(received)
    if read is None or read.message[: len(message)] != message:
        return container, Part.BASE
    if rates.base > 0 and not base_outlives(received, read):
        return container, Part.BASE
    soft = channel.soft_detail(received)
    always, more = detail.message.always, detail.message.more
    if channel.decode_always(soft, rates)[: len(always)] != always:
        return container, Part.ALWAYS
    if channel.decode_more(soft, densities, rates)[: len(more)] != more:
        return container, Part.MORE
    return container, None


def _code_base(channel: JpegChannel, payload: Payload, rate: int) -> _CodedBase:
    room = channel.base_capacity(rate) - BaseHeader.SIZE
    residual = payload.photo.astype(np.int16) - payload.predicted
    code = residual_codec.encode(residual, room)
    picture = payload.predicted.astype(np.float32)
    if code is None:
        return _CodedBase(rate, b"", picture)
    picture += code.decoded
    return _CodedBase(rate, code.data, picture)


def _code_detail(
    channel: JpegChannel, payload: Payload, rates: Rates, base: _CodedBase
) -> _CodedDetail:
    densities = bit_allocation.to_blocks(
        payload.squares, channel.carriers.rows, channel.carriers.columns
    )
    head = pack_map(payload.squares)
    always, more = channel.detail_capacity(densities, rates)
    if rates.always < 0:
        message = DetailMessage(b"", b"")
    elif always < len(head):
        # Cannot be read back, so that a weaker code or none is tried.
        empty = channel.detail_bits(DetailMessage(b"", b""), densities, Rates(0, -1, -1))
        return _CodedDetail(base, (rates.always, rates.more), DetailMessage(head, b""), empty)
    else:
        missing = payload.photo - np.clip(np.rint(base.picture), 0, 255)
        code = residual_codec.encode(missing.astype(np.int16), always - len(head) + more)
        whole = head + (code.data if code is not None else b"")
        message = DetailMessage(whole[:always], whole[always:])
    bits = channel.detail_bits(message, densities, rates)
    return _CodedDetail(base, (rates.always, rates.more), message, bits)
