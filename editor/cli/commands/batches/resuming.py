"""Batches that go on where they broke off, however that was: the manifest knows every output.

    outputs = batch_outputs(pictures, Path("out"), "png")
    for report in resumed(outputs, recipe, run):
        ...

where `run` does the work: `pool.run` with a number of processes, or `ray_data.run`.

Pictures are made in a hidden folder beside the outputs. What is finished is written down first and
takes its name then, in one process: whenever all of it is killed, no output is there that the
manifest does not know.
"""

from __future__ import annotations

import os
import shutil
from collections.abc import Callable, Generator, Iterable, Mapping, Sequence
from dataclasses import replace
from pathlib import Path

from editor.cli.commands.batches.job import Recipe, Report, Task
from editor.cli.commands.batches.shards import Shard
from editor.cli.errors import CommandError, in_one_line
from editor.cli.manifest import NAME, Manifest, digest
from editor.files.picture_files import same_file, take_name

Run = Callable[[list[Task]], Generator[Report, None, None]]
"""Works on tasks, in whatever order, and reports each."""


def batch_outputs(pictures: Sequence[Path], folder: Path, suffix: str) -> dict[Path, Path]:
    """One output per picture, no two alike (also where case does not matter).

    ``a.jpg`` becomes ``a.png``; where there is also an ``a.heic``: ``a-jpg.png``, ``a-heic.png``.
    """
    stems = [path.stem.casefold() for path in pictures]
    outputs: dict[Path, Path] = {}
    taken: set[str] = set()
    for path, stem in zip(pictures, stems, strict=True):
        plain = path.stem if stems.count(stem) == 1 else f"{path.stem}-{path.suffix[1:].lower()}"
        name, number = plain, 2
        while name.casefold() in taken:
            name, number = f"{plain}-{number}", number + 1
        taken.add(name.casefold())
        outputs[path] = folder / f"{name}.{suffix}"
    return outputs


def resumed(
    outputs: Mapping[Path, Path], recipe: Recipe, run: Run, share: Shard | None = None
) -> Generator[Report, None, None]:
    """Reports of all pictures, or of a share of them.

    What an earlier run made of the same picture in the same way is kept, what it made otherwise is
    made anew; files that no run has made are never touched.

    Args:
        outputs: of all pictures, whatever the share; in one folder, which is there.
        run: see `Run`.

    Raises:
        OSError: where the folder or its manifest cannot be written.
        WeightsUnusable: see `job.process`.
    """
    name = "" if share is None else share.name
    manifest = workshop = None
    tasks: list[Task] = []
    for path, output in outputs.items():
        if share is not None and not share.has(path):
            continue
        if manifest is None:
            manifest = Manifest(output.parent, name)
        try:
            current = _is_current(path, output, manifest, recipe, outputs)
        except Exception as error:  # the other pictures go on
            yield Report(path, output, "failed", error=in_one_line(error))
            continue
        if current:
            yield Report(path, output, "there")
        else:
            tasks.append(Task(path, output, overwrite=os.path.lexists(output)))
    if manifest is None or not tasks:
        return
    workshop = tasks[0].output.parent / f"{Path(NAME).stem}-unfinished{name and '-'}{name}"
    shutil.rmtree(workshop, ignore_errors=True)  # what a run that was killed had begun
    workshop.mkdir()
    try:
        yield from _worked_on(tasks, workshop, manifest, recipe, run)
    finally:
        shutil.rmtree(workshop, ignore_errors=True)


def _is_current(
    path: Path, output: Path, manifest: Manifest, recipe: Recipe, pictures: Iterable[Path]
) -> bool:
    """Whether an output is there as it would be made. Raises CommandError for somebody else's."""
    if not os.path.lexists(output):
        return False
    # Never a picture of the folder itself, by a link.
    own = not any(same_file(output, other) for other in pictures)
    if not (own and manifest.is_own(output)):
        raise CommandError(
            f"“{output.name}” is there already, and was not made by this command or was "
            "changed since: it was left as it is. Move it, or choose another folder."
        )
    return manifest.is_current(output, digest(path), recipe.text)


def _worked_on(
    tasks: list[Task], workshop: Path, manifest: Manifest, recipe: Recipe, run: Run
) -> Generator[Report, None, None]:
    finals = {task.source: task for task in tasks}
    # A picture whose process died is tried again; what was made of it already makes way.
    reports = run([Task(t.source, workshop / t.output.name, overwrite=True) for t in tasks])
    try:
        for made in reports:
            task = finals[made.source]
            report = replace(made, output=task.output)
            if report.state == "done":
                try:
                    manifest.add(made.output, made.source_digest, recipe.text)
                    take_name(made.output, task.output, overwrite=task.overwrite)
                except Exception as error:  # the other pictures go on
                    report = replace(report, state="failed", error=in_one_line(error))
            yield report
    finally:
        reports.close()
