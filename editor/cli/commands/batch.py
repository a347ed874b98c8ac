"""``pentimento batch``: apply or restore a whole folder."""

from __future__ import annotations

import argparse
import contextlib
import sys
from collections import Counter
from collections.abc import Generator
from pathlib import Path

from tqdm import tqdm

from editor.cli.arguments import check_device, output_format, parsed_edits, pictures_in
from editor.cli.commands.batches import pool
from editor.cli.commands.batches.job import Recipe, Report
from editor.cli.commands.batches.manifest import Manifest
from editor.cli.errors import DONE, FAILED, UsageError


def batch(args: argparse.Namespace) -> int:
    """Apply edits to all pictures of a folder, or restore them; what is there already is kept."""
    if args.output.resolve() == args.folder.resolve():
        raise UsageError("The output folder must be another than the folder of the pictures.")
    recipe = _recipe(args)
    check_device(args.device)
    pictures = pictures_in(args.folder)
    args.output.mkdir(parents=True, exist_ok=True)
    outputs = batch_outputs(pictures, args.output, args.format)
    share = [path for path in pictures if args.shard is None or args.shard.has(path)]
    manifest = None if args.manifest is None else Manifest(args.manifest, recipe)
    counts: Counter[str] = Counter()
    bar = tqdm(total=len(share), desc=f"{args.what:8}", unit="picture", disable=None)
    with bar, contextlib.closing(_reports(share, outputs, recipe, args.jobs)) as reports:
        for report in reports:
            bar.update()
            counts[report.state] += 1
            _tell(report, manifest)
            if manifest is not None:
                manifest.add(report)
    print(f"{counts['done']} done, {counts['there']} there already, {counts['failed']} failed.")
    return FAILED if counts["failed"] else DONE


def _reports(
    pictures: list[Path], outputs: dict[Path, Path], recipe: Recipe, jobs: int | None
) -> Generator[Report]:
    """What becomes of each picture: first those that are there already, then the work."""
    missing = []
    for path in pictures:
        if outputs[path].exists():
            yield Report(path, outputs[path], "there")
        else:
            missing.append((path, outputs[path]))
    if jobs is None:
        largest = max((pool.pixel_count(path) for path, _ in missing), default=0)
        jobs = pool.best_count(len(missing), largest, recipe.device)
    yield from pool.run(missing, recipe, jobs)


def _tell(report: Report, manifest: Manifest | None) -> None:
    name = report.source.name
    if report.error:
        tqdm.write(f"pentimento: {name}: {report.error}", file=sys.stderr)
    notes = list(report.notes)
    if report.state == "there" and manifest is not None and manifest.differs(report):
        notes.append(
            f"{report.output.name} was made of other content or in another way, and was kept: "
            "remove it to have it made again."
        )
    for note in notes:
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
        output_format(Path(f"x.{args.format}"), args.quality, args.subsampling),
        tuple(edits),
        exact=args.exact,
        as_new=args.as_new,
        keep_metadata=not args.strip,
        device=args.device,
    )
