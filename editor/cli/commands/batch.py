"""``pentimento batch``: apply or restore a whole folder."""

from __future__ import annotations

import argparse
import contextlib
import os
import sys
from collections import Counter
from collections.abc import Generator
from pathlib import Path

from tqdm import tqdm

from editor.cli.arguments import (
    check_device,
    check_keeping,
    output_format,
    parsed_edits,
    pictures_in,
)
from editor.cli.commands.batches import pool
from editor.cli.commands.batches.job import Recipe, Report, Task
from editor.cli.errors import DONE, FAILED, CommandError, UsageError, in_one_line
from editor.cli.keys import given_key, key_for_export
from editor.cli.manifest import Manifest, digest
from editor.files.picture_files import same_file


def batch(args: argparse.Namespace) -> int:
    """Apply edits to all pictures of a folder, or restore them.

    What an earlier run made of the same picture in the same way is kept, what it made otherwise is
    made anew; files that no run has made are never touched.
    """
    if args.output.resolve() == args.folder.resolve():
        raise UsageError("The output folder must be another than the folder of the pictures.")
    recipe = _recipe(args)
    check_device(args.device)
    check_keeping(args)
    pictures = pictures_in(args.folder)
    args.output.mkdir(parents=True, exist_ok=True)
    outputs = batch_outputs(pictures, args.output, args.format)
    share = [path for path in pictures if args.shard is None or args.shard.has(path)]
    manifest = Manifest(args.output, "" if args.shard is None else args.shard.name)
    reports, tasks = _decide(share, outputs, manifest, recipe, pictures)
    jobs = args.jobs or pool.best_count([task.source for task in tasks], recipe.device)
    counts: Counter[str] = Counter()
    bar = tqdm(total=len(share), desc=f"{args.what:8}", unit="picture", disable=None)
    with bar, contextlib.closing(_all(reports, tasks, recipe, jobs)) as every:
        for report in every:
            if report.state == "done":
                manifest.add(report.output, report.source_digest, recipe.text)
            counts[report.state] += 1
            bar.update()
            _tell(report)
    print(f"{counts['done']} done, {counts['there']} there already, {counts['failed']} failed.")
    return FAILED if counts["failed"] else DONE


def _decide(
    share: list[Path],
    outputs: dict[Path, Path],
    manifest: Manifest,
    recipe: Recipe,
    pictures: list[Path],
) -> tuple[list[Report], list[Task]]:
    """What is to be said of pictures without any work, and what is to be done."""
    reports, tasks = [], []
    for path in share:
        output = outputs[path]
        try:
            exists = os.path.lexists(output)
            # Never a picture of the folder itself, by a link.
            own = exists and not any(same_file(output, other) for other in pictures)
            if exists and not (own and manifest.is_own(output)):
                raise CommandError(
                    f"“{output.name}” is there already, and was not made by this command or was "
                    "changed since: it was left as it is. Move it, or choose another folder."
                )
            if exists and manifest.is_current(output, digest(path), recipe.text):
                reports.append(Report(path, output, "there"))
            else:
                tasks.append(Task(path, output, overwrite=exists))
        except Exception as error:  # the other pictures go on
            reports.append(Report(path, output, "failed", error=in_one_line(error)))
    return reports, tasks


def _all(
    reports: list[Report], tasks: list[Task], recipe: Recipe, jobs: int
) -> Generator[Report, None, None]:
    yield from reports
    yield from pool.run(tasks, recipe, jobs)


def _tell(report: Report) -> None:
    name = report.source.name
    if report.error:
        tqdm.write(f"pentimento: {name}: {report.error}", file=sys.stderr)
    for note in report.notes:
        tqdm.write(f"Note: {name}: {note}", file=sys.stderr)


def batch_outputs(pictures: list[Path], folder: Path, suffix: str) -> dict[Path, Path]:
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


def _recipe(args: argparse.Namespace) -> Recipe:
    edits = parsed_edits(args.edit)
    if args.what == "apply" and not edits:
        raise UsageError("There is nothing to apply: say what with --edit.")
    if args.what == "restore" and edits:
        raise UsageError("--edit is for batch apply; batch restore takes no edits.")
    return Recipe(
        args.what,
        output_format(
            Path(f"x.{args.format}"), args.quality, args.subsampling, not args.untouched_only
        ),
        tuple(edits),
        auto=tuple(args.auto),
        exact=args.exact,
        as_new=args.as_new,
        keep_metadata=not args.strip,
        carry_original=not args.without_original,
        keep_original=args.keep_original,
        device=args.device,
        passphrase=key_for_export(args) if args.what == "apply" else given_key(args),
    )
