"""What a batch does with one picture: a function of plain values, for any process to call.

    recipe = Recipe("apply", ExportFormat("png"), edits=(edit("film"),))
    report = process(Task(Path("in/a.jpg"), Path("out/a.png")), recipe)

Everything here can be pickled, so that process pools, Ray and cluster jobs can have it done
elsewhere. Networks are loaded once in a process.
"""

from __future__ import annotations

import hashlib
import json
import time
from collections.abc import Callable
from dataclasses import asdict, dataclass, field, replace
from pathlib import Path
from typing import Any, Literal

from editor.cli.commands.restore import restored_notes, write_restored
from editor.cli.errors import in_one_line
from editor.cli.manifest import digest
from editor.cli.wording import export_notes
from editor.document import Document
from editor.engine import restore as restoring
from editor.engine.edits import Edit, to_recipe
from editor.engine.embedding import WeightsUnusable
from editor.files.encoding import ExportFormat

_LONGEST_TEXT = 4096  # characters that go into the manifest as they are; of masks a digest


@dataclass(frozen=True)
class Recipe:
    """What is done with every picture of a batch.

    Attributes:
        what: edits are applied, or originals restored.
        fmt: of the written pictures.
        edits: what is applied, in order.
        auto: what is then set from each photo, of `Document.add_automatic`.
        exact, as_new: see `Document.open`.
        keep_metadata, carry_original, keep_original: see `Document.export`.
        device: where networks run.
        passphrase: locks exports, opens locked ones.
    """

    what: Literal["apply", "restore"]
    fmt: ExportFormat
    edits: tuple[Edit, ...] = ()
    auto: tuple[Literal["light", "colour"], ...] = ()
    exact: bool = False
    as_new: bool = False
    keep_metadata: bool = True
    carry_original: bool = True
    keep_original: bool = False
    device: str = "auto"
    passphrase: str | None = field(default=None, repr=False)

    @property
    def text(self) -> str:
        """All that decides about an output but the picture, for the manifest."""
        settings = {**vars(self), "fmt": vars(self.fmt)}
        del settings["device"]
        locked = settings.pop("passphrase") is not None
        if locked and self.what == "apply":  # which one it is nobody may try out here
            settings["locked"] = True
        settings["edits"] = json.loads(to_recipe(self.edits))["edits"]
        text = json.dumps(settings)
        if len(text) <= _LONGEST_TEXT:
            return text
        return f"sha256:{hashlib.sha256(text.encode()).hexdigest()}"


@dataclass(frozen=True)
class Task:
    """A picture to be worked on.

    Attributes:
        source, output: the files.
        overwrite: replace an output that is there; otherwise that is an error.
    """

    source: Path
    output: Path
    overwrite: bool = False


@dataclass(frozen=True)
class Report:
    """What became of one picture.

    Attributes:
        source, output: the files.
        state: "there" where the output was made already, and was kept.
        notes: what there is to note, a sentence each.
        error: one sentence; empty but for "failed".
        seconds: that it took.
        processor_seconds: of that, what all threads of the process together worked.
        source_digest: SHA-256 of the source's bytes, in hexadecimal; empty where it was not read.
    """

    source: Path
    output: Path
    state: Literal["done", "there", "failed"]
    notes: tuple[str, ...] = ()
    error: str = ""
    seconds: float = 0.0
    source_digest: str = ""
    processor_seconds: float = 0.0

    def as_json(self) -> dict[str, Any]:
        """For a line of a manifest."""
        return {**asdict(self), "source": str(self.source), "output": str(self.output)}


def process(task: Task, recipe: Recipe) -> Report:
    """Do with one picture what the recipe says. Whatever is wrong with it is in the report.

    Raises:
        WeightsUnusable: no other picture would fare better.
    """
    start, source = (time.monotonic(), time.process_time()), ""
    try:
        source = digest(task.source)
        notes = _JOBS[recipe.what](task, recipe)
        report = Report(task.source, task.output, "done", tuple(notes), source_digest=source)
    except WeightsUnusable:
        raise
    except Exception as error:  # the other pictures go on
        why = in_one_line(error)
        report = Report(task.source, task.output, "failed", error=why, source_digest=source)
    took, worked = time.monotonic() - start[0], time.process_time() - start[1]
    return replace(report, seconds=took, processor_seconds=worked)


def _apply(task: Task, recipe: Recipe) -> list[str]:
    document = Document.open(task.source, exact=recipe.exact, as_new=recipe.as_new)
    document = document.with_edits(recipe.edits)
    for what in recipe.auto:
        document = document.add_automatic(what)
    report = document.export(
        task.output,
        recipe.fmt,
        overwrite=task.overwrite,
        keep_metadata=recipe.keep_metadata,
        carry_original=recipe.carry_original,
        keep_original=recipe.keep_original,
        passphrase=recipe.passphrase,
        device=recipe.device,
    )
    notes = export_notes(document, report)
    return notes if report.why_not is None else [*notes, str(report.why_not)]


def _restore(task: Task, recipe: Recipe) -> list[str]:
    restored = restoring.restore(task.source, passphrase=recipe.passphrase, device=recipe.device)
    write_restored(restored, task.output, recipe.fmt, overwrite=task.overwrite)
    return restored_notes(restored, recipe.fmt, task.output)


_JOBS: dict[str, Callable[[Task, Recipe], list[str]]] = {"apply": _apply, "restore": _restore}
