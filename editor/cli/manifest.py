"""What a batch has written into a folder, so that it can go on where it broke off, by content.

A line of JSON for each written picture. A line that a crash has cut off is passed over. Shares of a
batch, on several computers, have a file each, and read those of all.
"""

from __future__ import annotations

import hashlib
import json
import os
from dataclasses import asdict, dataclass
from pathlib import Path

NAME = ".pentimento-batch.jsonl"
"""Of the file, in the folder of the outputs; hidden, and no picture."""


@dataclass(frozen=True)
class Entry:
    """A written picture.

    Attributes:
        output: its name.
        source: SHA-256 of the picture that it was made from, in hexadecimal.
        recipe: what was done to that, and with which settings.
        digest: SHA-256 of what was written.
    """

    output: str
    source: str
    recipe: str
    digest: str


class Manifest:
    """The manifest of a folder. Raises OSError where it cannot be read or written.

    Args:
        folder: of the outputs.
        share: name of the share of a batch that is going to write; empty for all of it.
    """

    def __init__(self, folder: Path, share: str = "") -> None:
        stem, suffix = NAME.rsplit(".", 1)
        self._path = folder / (f"{stem}-{share}.{suffix}" if share else NAME)
        self._entries: dict[str, list[Entry]] = {}
        self._broken_off = False
        for path in sorted(folder.glob(f"{stem}*.{suffix}")):
            text = path.read_text("utf-8", "replace")
            if path == self._path:
                self._broken_off = bool(text) and not text.endswith("\n")
            for line in text.splitlines():
                self._take(line)

    def _take(self, line: str) -> None:
        try:
            entry = Entry(**json.loads(line))
        except (ValueError, TypeError):
            return
        self._entries.setdefault(entry.output, []).append(entry)

    def _made(self, output: Path) -> list[Entry]:
        """The entries that tell of a file as it is now."""
        entries = self._entries.get(output.name)
        if not entries:
            return []
        now = digest(output)
        return [entry for entry in entries if entry.digest == now]

    def is_own(self, output: Path) -> bool:
        """Whether a file is there exactly as a batch has written it."""
        return bool(self._made(output))

    def is_current(self, output: Path, source: str, recipe: str) -> bool:
        """Whether such a file was made of that source with that recipe."""
        return any((e.source, e.recipe) == (source, recipe) for e in self._made(output))

    def add(self, output: Path, source: str, recipe: str) -> None:
        """Write down a finished output, which may still be on its way to its name."""
        entry = Entry(output.name, source, recipe, digest(output))
        self._entries.setdefault(entry.output, []).append(entry)
        with open(self._path, "a", encoding="utf-8") as file:
            file.write("\n" * self._broken_off + json.dumps(asdict(entry)) + "\n")
            file.flush()
            os.fsync(file.fileno())
        self._broken_off = False


def digest(path: Path) -> str:
    """SHA-256 of a file, in hexadecimal. Raises OSError."""
    with open(path, "rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()
