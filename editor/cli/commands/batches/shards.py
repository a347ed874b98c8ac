"""Shares of a batch for several computers that know nothing of one another."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from pathlib import Path


@dataclass(frozen=True)
class Shard:
    """One of several shares.

    A picture's share depends on its name alone: shares are disjoint and together complete, also
    where pictures are added while some of them are being worked on.

    Attributes:
        index: 1..count.
        count: of all shares.

    Raises:
        ValueError: for an index out of range.
    """

    index: int
    count: int

    def __post_init__(self) -> None:
        if not 1 <= self.index <= self.count:
            raise ValueError(f"there is no share {self.index} of {self.count}")

    @property
    def name(self) -> str:
        """For the name of a file."""
        return f"{self.index}-of-{self.count}"

    @staticmethod
    def parse(text: str) -> Shard:
        """From text such as ``2/8``. Raises ValueError."""
        index, _, count = text.partition("/")
        return Shard(int(index), int(count))

    def has(self, picture: Path) -> bool:
        """Whether a picture belongs to this share."""
        number = int.from_bytes(hashlib.sha256(picture.name.encode()).digest()[:8], "big")
        return number % self.count == self.index - 1
