"""``pentimento batch``: apply or restore a whole folder."""

from __future__ import annotations

import argparse
import hashlib
import json
import os
import sys
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

from tqdm import tqdm

from editor.cli.arguments import (
    check_device,
    check_keeping,
    output_format,
    parsed_edits,
    pictures_in,
)
from editor.cli.commands.restore import restored_notes, write_restored
from editor.cli.errors import DONE, FAILED, CommandError, UsageError, in_one_line
from editor.cli.manifest import Manifest, digest
from editor.cli.wording import export_notes
from editor.document import Document
from editor.engine import restore as restoring
from editor.engine.edits import Edit, to_recipe
from editor.engine.embedding import WeightsUnusable
from editor.files.picture_files import same_file

_LONGEST_RECIPE = 4096  # characters that go into the manifest as they are; of masks a digest


@dataclass(frozen=True)
class Job:
    """What is done to every picture.

    Attributes:
        do: ``do(picture, output, overwrite)`` writes the output; what there is to note about it.
        recipe: all that decides about the output but the picture.
    """

    do: Callable[[Path, Path, bool], list[str]]
    recipe: str


def batch(args: argparse.Namespace) -> int:
    """Apply edits to all pictures of a folder, or restore them.

    What an earlier run made of the same picture in the same way is kept, what it made otherwise is
    made anew; files that no run has made are never touched.
    """
    if args.output.resolve() == args.folder.resolve():
        raise UsageError("The output folder must be another than the folder of the pictures.")
    job = _apply(args) if args.what == "apply" else _restore(args)
    check_device(args.device)
    check_keeping(args)
    pictures = pictures_in(args.folder)
    args.output.mkdir(parents=True, exist_ok=True)
    outputs = batch_outputs(pictures, args.output, args.format)
    manifest = Manifest(args.output)
    done, there, failed = 0, 0, 0
    bar = tqdm(pictures, desc=f"{args.what:8}", unit="picture", disable=None, dynamic_ncols=True)
    for path in bar:
        output = outputs[path]
        try:
            source, exists = digest(path), os.path.lexists(output)
            if exists and not _is_own(manifest, output, pictures):
                raise CommandError(
                    f"“{output.name}” is there already, and was not made by this command or was "
                    "changed since: it was left as it is. Move it, or choose another folder."
                )
            if exists and manifest.is_current(output, source, job.recipe):
                there += 1
                continue
            notes = job.do(path, output, exists)
            manifest.add(output, source, job.recipe)
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


def _is_own(manifest: Manifest, output: Path, pictures: list[Path]) -> bool:
    """Whether a file may be kept or replaced as a batch's own; never a picture of the folder."""
    return manifest.is_own(output) and not any(same_file(output, path) for path in pictures)


def _recipe(args: argparse.Namespace, names: tuple[str, ...], edits: Sequence[Edit] = ()) -> str:
    settings = {name: getattr(args, name) for name in ("what", "format", *names)}
    text = json.dumps(settings | {"edits": json.loads(to_recipe(edits))["edits"]})
    if len(text) <= _LONGEST_RECIPE:
        return text
    return f"sha256:{hashlib.sha256(text.encode()).hexdigest()}"


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

    def do(path: Path, output: Path, overwrite: bool) -> list[str]:
        document = Document.open(path, exact=args.exact, as_new=args.as_new)
        document = document.with_edits(edits)
        report = document.export(
            output,
            fmt,
            overwrite=overwrite,
            keep_metadata=not args.strip,
            keep_original=args.keep_original,
            device=args.device,
        )
        notes = export_notes(document, report)
        return notes if report.why_not is None else [*notes, str(report.why_not)]

    names = ("quality", "subsampling", "exact", "as_new", "strip", "keep_original")
    return Job(do, _recipe(args, names, edits))


def _restore(args: argparse.Namespace) -> Job:
    if args.edit:
        raise UsageError("--edit is for batch apply; batch restore takes no edits.")
    fmt = output_format(Path(f"x.{args.format}"), args.quality, args.subsampling)

    def do(path: Path, output: Path, overwrite: bool) -> list[str]:
        restored = restoring.restore(path, device=args.device)
        write_restored(restored, output, fmt, overwrite=overwrite)
        return restored_notes(restored, fmt, output)

    return Job(do, _recipe(args, ("quality", "subsampling")))
