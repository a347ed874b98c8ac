"""A JPEG file as a channel for bits: into the pixels, through the codec, and out of them.

Two layers of bits live in a picture (`models.containers.jpeg_carriers`), each under an
error-correcting code (`models.coding.ldpc`) and spread over the whole picture. Some bits of the
base are a watermark.
"""

from __future__ import annotations

import functools
import io
import math
from collections.abc import Iterable
from dataclasses import dataclass
from typing import TypeVar

import numpy as np
from numpy.typing import NDArray
from PIL import Image

from models.coding import ldpc
from models.coding.random_streams import Purpose, Stream
from models.containers.container import JpegSettings
from models.containers.jpeg_carriers import (
    Carriers,
    base_lattice,
    soft_bits,
    with_bits,
    without_bits,
)
from models.containers.jpeg_message import BaseHeader, Rates
from models.containers.watermark import Recognition, judge, watermark_bits

WATERMARK_SHARE = 16
"""One in so many of the base's bits belongs to the watermark."""

FEWEST_BLOCKS = 600
"""A picture needs so many 8 x 8 blocks for the base to hold its header and a little more."""

RESAVED = (JpegSettings(85, "420"), JpegSettings(75, "420"))
"""The base is made to outlive a second compression like these."""

_CHUNK = 1 << 20
_T = TypeVar("_T", bound=np.generic)


def compressed(pixels: NDArray[np.uint8], jpeg: JpegSettings) -> NDArray[np.uint8]:
    """What is read back from a JPEG file of a picture; H x W x 3 uint8 in and out."""
    file = io.BytesIO()
    subsampling = {"444": 0, "420": 2}[jpeg.subsampling]
    Image.fromarray(pixels).save(file, "JPEG", quality=jpeg.quality, subsampling=subsampling)
    with Image.open(file) as image:
        return np.asarray(image)


@dataclass(frozen=True)
class BasePlaces:
    """Which of the base's bits are the watermark and which the message."""

    watermark: NDArray[np.int64]
    message: NDArray[np.int64]

    @staticmethod
    def of(carriers: int) -> BasePlaces:
        order = Stream(Purpose.JPEG_BASE_ORDER).permutation(carriers)
        marked = carriers // WATERMARK_SHARE
        return BasePlaces(order[:marked], order[marked:])


@dataclass(frozen=True, eq=False)
class DetailMessage:
    """The detail's message, cut to what its two parts hold."""

    always: bytes
    more: bytes


@dataclass(frozen=True, eq=False)
class JpegChannel:
    """The channel of pictures of one size for one kind of file.

    Attributes:
        carriers: which coefficients carry.
        jpeg: how the file is written.
    """

    carriers: Carriers
    jpeg: JpegSettings

    @staticmethod
    def of(height: int, width: int, jpeg: JpegSettings) -> JpegChannel:
        """For a picture of that many pixels."""
        return JpegChannel(Carriers.of(height, width, jpeg.quality, jpeg.subsampling), jpeg)

    @functools.cached_property
    def _base_places(self) -> BasePlaces:
        return BasePlaces.of(self.carriers.base.bits_per_block * self._blocks)

    @property
    def _blocks(self) -> int:
        return self.carriers.rows * self.carriers.columns

    @property
    def _first(self) -> int:
        """How many detail carriers are on in every block."""
        return self.carriers.counts[0]

    # -- sending

    def base_capacity(self, rate: int) -> int:
        """Bytes that the base's message may have."""
        return ldpc.capacity(self._base_places.message.size, rate)

    def detail_capacity(self, densities: NDArray[np.uint8], rates: Rates) -> tuple[int, int]:
        """Bytes that the two parts of the detail's message may have."""
        always = ldpc.capacity(self._first * self._blocks, rates.always) if rates.always >= 0 else 0
        more = 0
        if rates.more >= 0:
            more = ldpc.capacity(int(self.carriers.on(densities, self._first).sum()), rates.more)
        return always, more

    def base_bits(self, message: bytes, rate: int, number: int) -> NDArray[np.uint8]:
        """The base's bits: a message and a watermark. Carriers x rows x columns."""
        places, carriers = self._base_places, self.carriers
        flat = np.empty(carriers.base.bits_per_block * self._blocks, np.uint8)
        stream = Stream(Purpose.JPEG_WATERMARK)
        flat[places.watermark] = watermark_bits(stream, places.watermark.size, number)
        flat[places.message] = ldpc.encode(message, places.message.size, rate)
        return flat.reshape(-1, carriers.rows, carriers.columns)

    def detail_bits(
        self, message: DetailMessage, densities: NDArray[np.uint8], rates: Rates
    ) -> NDArray[np.uint8]:
        """The detail's bits. Carriers x rows x columns; what is off is 0."""
        carriers, first = self.carriers, self._first
        bits = np.zeros((carriers.detail.bits_per_block, carriers.rows, carriers.columns), np.uint8)
        if rates.always >= 0:
            channel = ldpc.encode(message.always, first * self._blocks, rates.always)
            bits[:first] = scatter(channel).reshape(bits[:first].shape)
        if rates.more >= 0:
            on = carriers.on(densities, first)
            bits[first:][on] = scatter(ldpc.encode(message.more, int(on.sum()), rates.more))
        return bits

    def random_bits(self) -> tuple[NDArray[np.uint8], NDArray[np.uint8]]:
        """Bits for both layers, to try the channel out."""
        carriers, stream = self.carriers, Stream(Purpose.JPEG_TRIAL)
        base, detail = (
            stream.bits(lattice.bits_per_block * self._blocks).reshape(
                -1, carriers.rows, carriers.columns
            )
            for lattice in (carriers.base, carriers.detail)
        )
        return base, detail

    def send(
        self,
        look: NDArray[np.uint8],
        densities: NDArray[np.uint8] | None,
        base: NDArray[np.uint8],
        detail: NDArray[np.uint8],
    ) -> NDArray[np.uint8]:
        """A picture like `look` with these bits, to be compressed; `densities` None: no detail."""
        return with_bits(look, self.carriers, densities, base, detail)

    # -- receiving

    def likely_rates(
        self,
        received: NDArray[np.uint8],
        densities: NDArray[np.uint8],
        base: NDArray[np.uint8],
        detail: NDArray[np.uint8],
    ) -> Rates:
        """The weakest protection that may do, from bits that went through a file (the base: two).

        Args:
            received: the decoded file.
            densities: of the blocks.
            base, detail: what was sent.
        """
        carriers, first = self.carriers, self._first
        places = self._base_places.message
        base_rate = len(ldpc.RATES)
        for again in RESAVED:
            soft = soft_bits(compressed(received, again), carriers, carriers.base)
            rate = ldpc.highest_rate(soft.reshape(-1)[places], base.reshape(-1)[places])
            base_rate = max(0, min(base_rate, rate))
        soft = soft_bits(received, carriers, carriers.detail)
        always = ldpc.highest_rate(gather(soft[:first].ravel()), gather(detail[:first].ravel()))
        on = carriers.on(densities, first)
        more = ldpc.highest_rate(gather(soft[first:][on]), gather(detail[first:][on]))
        return Rates(base_rate, always, more)

    def soft_detail(self, pixels: NDArray[np.uint8]) -> NDArray[np.int8]:
        """The detail's bits as `soft_bits` gives them: carriers x rows x columns."""
        return soft_bits(pixels, self.carriers, self.carriers.detail)

    def decode_always(self, soft: NDArray[np.int8], rates: Rates) -> bytes:
        """The first part of the detail's message; empty where there is none."""
        if rates.always < 0:
            return b""
        return ldpc.decode(gather(soft[: self._first].ravel()), rates.always)

    def decode_more(
        self, soft: NDArray[np.int8], densities: NDArray[np.uint8], rates: Rates
    ) -> bytes:
        """The second part of the detail's message; empty where there is none."""
        if rates.always < 0 or rates.more < 0:
            return b""
        more = soft[self._first :][self.carriers.on(densities, self._first)]
        return ldpc.decode(gather(more), rates.more)

    def without_bits(
        self, pixels: NDArray[np.uint8], densities: NDArray[np.uint8] | None
    ) -> NDArray[np.uint8]:
        """The picture free of what it carries; `densities` None: only the base is taken out."""
        return without_bits(pixels, self.carriers, densities)


@dataclass(frozen=True)
class ReceivedBase:
    """What the base says.

    Attributes:
        header: the start of its message.
        message: all of it.
    """

    header: BaseHeader
    message: bytes


@dataclass(frozen=True, eq=False)
class SoftBase:
    """The channel bits of a picture's base, as `soft_bits` gives them.

    They do not depend on how the file was written, which the base's header tells.

    Attributes:
        watermark, message: those of each.
    """

    watermark: NDArray[np.int8]
    message: NDArray[np.int8]

    @staticmethod
    def read(pixels: NDArray[np.uint8]) -> SoftBase | None:
        """From a picture (H x W x 3); None from one that is too small for a base."""
        rows, columns = pixels.shape[0] // 8, pixels.shape[1] // 8
        if rows * columns < FEWEST_BLOCKS:
            return None
        lattice = base_lattice(rows * columns)
        carriers = Carriers(rows, columns, lattice, lattice, ())
        soft = soft_bits(pixels, carriers, lattice).reshape(-1)
        places = BasePlaces.of(soft.size)
        return SoftBase(soft[places.watermark], soft[places.message])

    def recognise(self, numbers: Iterable[int]) -> Recognition | None:
        """The watermark; None where there is none."""
        plain = Stream(Purpose.JPEG_WATERMARK).bits(self.watermark.size)
        return judge(self.watermark < 0, plain, numbers)

    def receive(self) -> ReceivedBase | None:
        """What the base says; None where not even its header can be read."""
        for rate in ldpc.likeliest_rates(self.message):
            if ldpc.capacity(self.message.size, rate) < BaseHeader.SIZE:
                continue
            header = BaseHeader.unpack(ldpc.decode(self.message, rate, BaseHeader.SIZE))
            if header is not None and header.rates.base == rate:
                return ReceivedBase(header, ldpc.decode(self.message, rate))
        return None


def receive_base(pixels: NDArray[np.uint8]) -> ReceivedBase | None:
    """The base of a picture; None where not even its header can be read."""
    soft = SoftBase.read(pixels)
    return None if soft is None else soft.receive()


def base_outlives(pixels: NDArray[np.uint8], base: ReceivedBase) -> bool:
    """Whether the base is still what was read after a second compression."""
    for again in RESAVED:
        soft = SoftBase.read(compressed(pixels, again))
        if soft is None or ldpc.decode(soft.message, base.header.rates.base) != base.message:
            return False
    return True


def _spread(count: int, start: int, stop: int) -> NDArray[np.int64]:
    """Places `start`..`stop` of an order of 0..count-1 in which neighbours are far apart."""
    stride = max(1, int(count * (math.sqrt(5) - 1) / 2))
    while math.gcd(stride, count) != 1:
        stride += 1
    return np.arange(start, stop, dtype=np.int64) * stride % max(1, count)


def scatter(bits: NDArray[np.uint8]) -> NDArray[np.uint8]:
    """Channel bits in the order in which they are put into the picture."""
    flat = np.empty_like(bits)
    for start in range(0, bits.size, _CHUNK):
        stop = min(start + _CHUNK, bits.size)
        flat[_spread(bits.size, start, stop)] = bits[start:stop]
    return flat


def gather(flat: NDArray[_T]) -> NDArray[_T]:
    """Back from `scatter`."""
    bits = np.empty_like(flat)
    for start in range(0, flat.size, _CHUNK):
        stop = min(start + _CHUNK, flat.size)
        bits[start:stop] = flat[_spread(flat.size, start, stop)]
    return bits
