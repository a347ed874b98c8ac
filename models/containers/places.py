"""Where lossless containers have their watermark, whatever their version."""

from __future__ import annotations

from collections.abc import Iterable

from models.containers import watermark
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


LOWEST_BITS_OF_GREEN: Place = _LowestBitsOfGreen()
