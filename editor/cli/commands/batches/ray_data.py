"""A batch on a Ray cluster, through Ray Data (the extra `ray`)::

    import ray
    from editor.cli.commands.batches.ray_data import run

    ray.init()
    for report in run(tasks, recipe):
        ...

Sources and outputs are paths that every worker can reach, such as those of a shared file system.
"""

from __future__ import annotations

from collections.abc import Generator, Iterable
from pathlib import Path
from typing import Any

from editor.cli.commands.batches.job import Recipe, Report, Task, process


def run(
    tasks: Iterable[Task], recipe: Recipe, *, cpus: float = 1, gpus: float = 0
) -> Generator[Report, None, None]:
    """Reports of all tasks, as they are done.

    Args:
        tasks: what is to be done.
        cpus: processor cores that one picture takes; Ray works on as many pictures at a time as
            the cluster has cores for.
        gpus: the share of a graphics card that one picture takes, such as 0.25; with it goes a
            recipe whose `device` is "cuda".

    Raises:
        ImportError: where Ray is not installed.
    """
    import ray.data

    rows = [vars(t) | {"source": str(t.source), "output": str(t.output)} for t in tasks]
    if not rows:
        return

    def row_done(row: dict[str, Any]) -> dict[str, Any]:
        task = Task(Path(row["source"]), Path(row["output"]), bool(row["overwrite"]))
        return _as_row(process(task, recipe))

    # A block for each picture, so that a large one keeps no other waiting.
    data = ray.data.from_items(rows, override_num_blocks=len(rows))
    for row in data.map(row_done, num_cpus=cpus, num_gpus=gpus).iter_rows():
        yield _from_row(row)


def _as_row(report: Report) -> dict[str, Any]:
    return report.as_json() | {"notes": "\n".join(report.notes)}  # an empty list has no type


def _from_row(row: dict[str, Any]) -> Report:
    notes = tuple(str(row["notes"]).splitlines())
    paths = {name: Path(row[name]) for name in ("source", "output")}
    return Report(**{**row, **paths, "notes": notes})
