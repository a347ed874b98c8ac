"""What a batch does with one picture: a function of plain values, for any process to call.

    recipe = Recipe("apply", ExportFormat("png"), edits=(edit("film"),))
    report = process(Path("in/a.jpg"), Path("out/a.png"), recipe)

Everything here can be pickled, so that process pools, Ray and cluster jobs can have it done
elsewhere. Networks are loaded once in a process.
"""

from __future__ import annotations

import hashlib
import time
from collections.abc import Callable
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any, Literal

from editor.cli.commands.restore import restored_notes, write_restored
from editor.cli.errors import in_one_line
from editor.cli.wording import export_notes
from editor.document import Document
from editor.engine import restore as restoring
from editor.engine.edits import Edit, to_recipe
from editor.engine.embedding import WeightsUnusable
from editor.files.encoding import ExportFormat


@dataclass(frozen=True)
class Recipe:
    """What is done with every picture of a batch.

    Attributes:
        what: edits are applied, or originals restored.
        fmt: of the written pictures.
        edits: what is applied, in order.
        exact, as_new: see `Document.open`.
        keep_metadata: EXIF, XMP and the edit list go along.
        device: where networks run.
    """

    what: Literal["apply", "restore"]
    fmt: ExportFormat
    edits: tuple[Edit, ...] = ()
    exact: bool = False
    as_new: bool = False
    keep_metadata: bool = True
    device: str = "auto"

    @property
    def digest(self) -> str:
        """The same for recipes that make the same of a picture, in hexadecimal."""
        settings = {
            "what": self.what,
            "fmt": asdict(self.fmt),
            "edits": to_recipe(self.edits),
            "more": [self.exact, self.as_new, self.keep_metadata],
        }
        return hashlib.sha256(repr(settings).encode()).hexdigest()[:16]


@dataclass(frozen=True)
class Report:
    """What became of one picture.

    Attributes:
        source, output: the files.
        state: "there" where the output was there already and was kept.
        notes: what there is to note, a sentence each.
        error: one sentence; empty but for "failed".
        seconds: that it took.
        source_digest: SHA-256 of the source's bytes, in hexadecimal; empty where it was not read.
    """

    source: Path
    output: Path
    state: Literal["done", "there", "failed"]
    notes: tuple[str, ...] = ()
    error: str = ""
    seconds: float = 0.0
    source_digest: str = ""

    def as_json(self) -> dict[str, Any]:
        """For a line of a manifest."""
        return {**asdict(self), "source": str(self.source), "output": str(self.output)}


def process(source: Path, output: Path, recipe: Recipe) -> Report:
    """Do with one picture what the recipe says. An output that is there already is kept.

    Whatever is wrong with the picture is in the report.

    Raises:
        WeightsUnusable: no other picture would fare better.
        KeyboardInterrupt: as ever.
    """
    if output.exists():
        return Report(source, output, "there")
    start, digest = time.monotonic(), ""
    try:
        digest = hashlib.sha256(source.read_bytes()).hexdigest()
        notes = _JOBS[recipe.what](source, output, recipe)
    except WeightsUnusable:
        raise
    except Exception as error:  # the other pictures go on
        took = time.monotonic() - start
        return Report(source, output, "failed", (), in_one_line(error), took, digest)
    return Report(source, output, "done", tuple(notes), "", time.monotonic() - start, digest)


def _apply(source: Path, output: Path, recipe: Recipe) -> list[str]:
    document = Document.open(source, exact=recipe.exact, as_new=recipe.as_new)
    document = document.with_edits(recipe.edits)
    report = document.export(
        output, recipe.fmt, keep_metadata=recipe.keep_metadata, device=recipe.device
    )
    notes = export_notes(document, report)
    return notes if report.why_not is None else [*notes, str(report.why_not)]


def _restore(source: Path, output: Path, recipe: Recipe) -> list[str]:
    restored = restoring.restore(source, device=recipe.device)
    write_restored(restored.picture, output, recipe.fmt)
    return restored_notes(restored, recipe.fmt)


_JOBS: dict[str, Callable[[Path, Path, Recipe], list[str]]] = {
    "apply": _apply,
    "restore": _restore,
}
