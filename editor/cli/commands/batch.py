"""``pentimento batch``: apply or restore a whole folder."""

from __future__ import annotations

import argparse
import sys
from collections.abc import Callable
from pathlib import Path

from tqdm import tqdm

from editor.cli.arguments import check_device, output_format, parsed_edits, pictures_in
from editor.cli.commands.restore import restored_notes, write_restored
from editor.cli.errors import DONE, FAILED, UsageError, in_one_line
from editor.cli.wording import export_notes
from editor.document import Document
from editor.engine import restore as restoring
from editor.engine.embedding import WeightsUnusable

Job = Callable[[Path, Path], list[str]]
"""``job(picture, output)``: writes the output; what there is to note about it."""


def batch(args: argparse.Namespace) -> int:
    """Apply edits to all pictures of a folder, or restore them; what is there already is kept."""
    if args.output.resolve() == args.folder.resolve():
        raise UsageError("The output folder must be another than the folder of the pictures.")
    job = _apply(args) if args.what == "apply" else _restore(args)
    check_device(args.device)
    pictures = pictures_in(args.folder)
    args.output.mkdir(parents=True, exist_ok=True)
    outputs = batch_outputs(pictures, args.output, args.format)
    done, there, failed = 0, 0, 0
    bar = tqdm(pictures, desc=f"{args.what:8}", unit="picture", disable=None, dynamic_ncols=True)
    for path in bar:
        if outputs[path].exists():
            there += 1
            continue
        try:
            notes = job(path, outputs[path])
            done += 1
        except WeightsUnusable:
            raise  # no other picture would fare better
        except Exception as error:  # whatever is wrong with one picture, the others go on
            failed += 1
            tqdm.write(f"pentimento: {path.name}: {in_one_line(error)}", file=sys.stderr)
            continue
        for note in notes:
            tqdm.write(f"Note: {path.name}: {note}", file=sys.stderr)
    print(f"{done} done, {there} there already, {failed} failed.")
    return FAILED if failed else DONE


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


def _apply(args: argparse.Namespace) -> Job:
    edits = parsed_edits(args.edit)
    if not edits:
        raise UsageError("There is nothing to apply: say what with --edit.")
    fmt = output_format(Path(f"x.{args.format}"), args.quality, args.subsampling)

    def job(path: Path, output: Path) -> list[str]:
        document = Document.open(path, exact=args.exact, as_new=args.as_new)
        document = document.with_edits(edits)
        report = document.export(output, fmt, keep_metadata=not args.strip, device=args.device)
        notes = export_notes(document, report)
        return notes if report.why_not is None else [*notes, str(report.why_not)]

    return job


def _restore(args: argparse.Namespace) -> Job:
    if args.edit:
        raise UsageError("--edit is for batch apply; batch restore takes no edits.")
    fmt = output_format(Path(f"x.{args.format}"), args.quality, args.subsampling)

    def job(path: Path, output: Path) -> list[str]:
        restored = restoring.restore(path, device=args.device)
        write_restored(restored.picture, output, fmt)
        return restored_notes(restored, fmt)

    return job
