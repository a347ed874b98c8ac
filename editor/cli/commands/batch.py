"""``pentimento batch``: apply or restore a whole folder."""

from __future__ import annotations

import argparse
import contextlib
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
from editor.cli.commands.batches.resuming import batch_outputs, resumed
from editor.cli.errors import DONE, FAILED, UsageError
from editor.cli.keys import given_key, key_for_export


def batch(args: argparse.Namespace) -> int:
    """Apply edits to all pictures of a folder, or restore them; see `batches.resuming`."""
    if args.output.resolve() == args.folder.resolve():
        raise UsageError("The output folder must be another than the folder of the pictures.")
    recipe = _recipe(args)
    check_device(args.device)
    check_keeping(args)
    pictures = pictures_in(args.folder)
    args.output.mkdir(parents=True, exist_ok=True)
    outputs = batch_outputs(pictures, args.output, args.format)
    share = [path for path in pictures if args.shard is None or args.shard.has(path)]

    def work(tasks: list[Task]) -> Generator[Report, None, None]:
        jobs = args.jobs or pool.best_count([task.source for task in tasks], recipe.device)
        return pool.run(tasks, recipe, jobs)

    counts: Counter[str] = Counter()
    bar = tqdm(total=len(share), desc=f"{args.what:8}", unit="picture", disable=None)
    with bar, contextlib.closing(resumed(outputs, recipe, work, args.shard)) as every:
        for report in every:
            counts[report.state] += 1
            bar.update()
            _tell(report)
    print(f"{counts['done']} done, {counts['there']} there already, {counts['failed']} failed.")
    return FAILED if counts["failed"] else DONE


def _tell(report: Report) -> None:
    name = report.source.name
    if report.error:
        tqdm.write(f"pentimento: {name}: {report.error}", file=sys.stderr)
    for note in report.notes:
        tqdm.write(f"Note: {name}: {note}", file=sys.stderr)


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
