"""Where JPEG containers have their watermark, whatever their version: the checks of squares."""

from __future__ import annotations

from collections.abc import Iterable

from models.containers.container import Mark, Place, Received
from models.containers.jpeg import recognition


class _ChecksOfSquares(Place):
    """Of JPEG containers."""

    kind = "jpeg"
    turns = False

    def read(self, received: Received, numbers: Iterable[int]) -> Mark | None:
        """See `Place.read`; what else was read is the `turns.Turn` by which the file's picture
        becomes as it was made."""
        if received.coefficients is None:
            return None
        found = recognition.recognise(received.coefficients, tuple(numbers))
        return None if found is None else Mark(*found)


JPEG_SQUARES: Place = _ChecksOfSquares()
