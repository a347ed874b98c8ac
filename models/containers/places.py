"""The places where containers have their watermarks, whatever their version."""

from __future__ import annotations

from collections.abc import Iterable

from models.containers import jpeg_channel, watermark
from models.containers.container import Mark, Place, Received


class _LowestBitsOfGreen(Place):
    """Of lossless containers. The upper 8 bits of the number are the layout."""

    kind = "lossless"
    turns = True

    def read(self, received: Received, numbers: Iterable[int]) -> Mark | None:
        """See `Place.read`."""
        found = watermark.recognise(received.pixels, numbers)
        return None if found is None else Mark(found)

    def version_of(self, number: int) -> str:
        """The layout."""
        return str(number >> 8)


class _JpegBase(Place):
    """Of JPEG containers: among the bits of their base, all of which are read with it."""

    kind = "jpeg"
    turns = False

    def read(self, received: Received, numbers: Iterable[int]) -> Mark | None:
        """See `Place.read`; what else was read is a `SoftBase`."""
        soft = jpeg_channel.SoftBase.read(received.pixels)
        found = None if soft is None else soft.recognise(numbers)
        return None if found is None else Mark(found, soft)


LOWEST_BITS_OF_GREEN: Place = _LowestBitsOfGreen()
JPEG_BASE: Place = _JpegBase()
