"""What a batch wrote down: one JSON object a line, appended as soon as a picture is done.

A later run knows from it which outputs are there of other pictures, or of other edits, under the
same name. Lines that were cut off when a machine stopped are passed over.
"""

from __future__ import annotations

import hashlib
import json
from pathlib import Path
from typing import Any

from editor.cli.commands.batches.job import Recipe, Report


class Manifest:
    """A file of lines; see the module.

    Args:
        path: made where it is missing, with its folder.
        recipe: of this run.
    """

    def __init__(self, path: Path, recipe: Recipe) -> None:
        self._path, self._recipe = path, recipe
        self._made = {line["output"]: line for line in _lines(path) if line["state"] == "done"}
        path.parent.mkdir(parents=True, exist_ok=True)
        _end_last_line(path)

    def add(self, report: Report) -> None:
        """Write a picture down, unless it was there already."""
        if report.state == "there":
            return
        line = report.as_json() | {"recipe": self._recipe.digest}
        with self._path.open("a", encoding="utf-8") as file:
            file.write(json.dumps(line, ensure_ascii=False) + "\n")

    def differs(self, report: Report) -> bool:
        """Whether an output that is there was made of other bytes, or with another recipe."""
        made = self._made.get(str(report.output))
        if made is None:
            return False
        if made["recipe"] != self._recipe.digest:
            return True
        return bool(made["source_digest"] != hashlib.sha256(report.source.read_bytes()).hexdigest())


def _lines(path: Path) -> list[dict[str, Any]]:
    found = []
    for text in path.read_text(encoding="utf-8").splitlines() if path.exists() else []:
        try:
            line = json.loads(text)
        except ValueError:
            continue
        if isinstance(line, dict) and {"output", "state", "recipe", "source_digest"} <= set(line):
            found.append(line)
    return found


def _end_last_line(path: Path) -> None:
    if path.exists() and (data := path.read_bytes()) and not data.endswith(b"\n"):
        with path.open("ab") as file:
            file.write(b"\n")
