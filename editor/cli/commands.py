"""What the commands do, and what they print."""

from __future__ import annotations

import argparse
import json
import os
import sys
import tempfile
import threading
from collections.abc import Iterable, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

from tqdm import tqdm

from editor.cli.edit_option import format_edit, parse_edit
from editor.cli.errors import DONE, UsageError
from editor.document import Document
from editor.engine import embedding, operator_choice
from editor.engine import restore as restoring
from editor.engine.edits import Edit, to_recipe
from editor.engine.export import ExportReport
from editor.engine.progress import Progress
from editor.files.encoding import ExportFormat, encode_picture
from editor.files.picture import Picture, PictureError
from editor.files.picture_files import write_atomically

_WRITTEN = (".jpg", ".jpeg", ".jpe", ".jfif", ".png", ".webp", ".tif", ".tiff")
_ONLY_READ = (".bmp", ".gif", ".heic", ".heif", ".avif")
PICTURE_SUFFIXES = frozenset((*_WRITTEN, *_ONLY_READ))
"""Extensions, in lower case, of the files of a folder that are taken for pictures."""


# -- apply ---------------------------------------------------------------------------------------


def apply(args: argparse.Namespace) -> int:
    """``pentimento apply``: edit a photo and export it."""
    fmt = output_format(args.output, args.quality, args.subsampling)
    clean_fmt = _clean_format(args.clean) if args.clean is not None else None
    edits = parsed_edits(args.edit)
    check_device(args.device)
    outputs = [path for path in (args.output, args.clean) if path is not None]
    _check_outputs(outputs, args.photo, args.overwrite)
    document = Document.open(args.photo, exact=args.exact).with_edits(edits)
    notes = list(document.photo.notes)
    if document.photo.alpha is not None and fmt.kind == "jpeg":
        notes.append("JPEG has no transparency; it was left out.")
    with ProgressBar() as progress:
        report = document.encode(
            fmt,
            keep_metadata=not args.strip,
            device=args.device,
            progress=progress,
        )
    notes += learned_notes(document)
    files = {args.output: report.data}
    if clean_fmt is not None:
        clean = replace(document.photo, pixels=report.look)
        files[args.clean] = encode_picture(clean, clean_fmt, keep_metadata=not args.strip)
    _write_all(files, args.overwrite)
    if args.json:
        facts = {"output": str(args.output), **_figures(report), "notes": notes}
        print(json.dumps(facts, indent=1))
        return DONE
    _print_notes(notes)
    print("\n".join(_in_words(args.output, report)))
    return DONE


def learned_notes(document: Document) -> list[str]:
    """What there is to say where a learned look could not be had."""
    said = operator_choice.note(document.edits, max(document.photo.size), exact=document.exact)
    return [said] if said else []


def parsed_edits(texts: Sequence[str]) -> list[Edit]:
    """The edits of ``--edit`` options, in order. Raises UsageError."""
    try:
        return [parse_edit(text) for text in texts]
    except ValueError as error:
        raise UsageError(str(error)) from None


def output_format(path: Path, quality: int = 95, subsampling: Any = "444") -> ExportFormat:
    """The format that an output's extension asks for. Raises UsageError."""
    try:
        return ExportFormat.for_path(path, quality, subsampling)
    except (PictureError, ValueError) as error:
        raise UsageError(str(error)) from None


def check_device(name: str) -> None:
    """Raises UsageError where this computer has no such device."""
    try:
        if name not in ("auto", "cpu"):  # which are always there
            embedding.device_in_use(name)
    except ValueError as error:
        raise UsageError(str(error)) from None


def _clean_format(path: Path) -> ExportFormat:
    fmt = output_format(path)
    if not fmt.lossless:
        raise UsageError(
            f"“{path.name}” would not show exactly what was seen: "
            "let the name after --clean end in .png, .webp or .tif."
        )
    return fmt


def _check_outputs(outputs: Sequence[Path], source: Path, overwrite: bool) -> None:
    """Find out before the work, not after it, that an output cannot be written."""
    for i, path in enumerate(outputs):
        if _same_file(path, source):
            raise UsageError(
                f"“{path}” is the picture to be opened, which is never overwritten: "
                "choose another name."
            )
        if any(_same_file(path, other) for other in outputs[:i]):
            raise UsageError(f"“{path}” cannot be two outputs at once: choose another name.")
        if path.is_dir():
            raise PictureError(f"“{path}” is a folder: choose a name for the picture in it.")
        if os.path.lexists(path) and not overwrite:
            raise PictureError(f"“{path}” exists already: choose another name or add --overwrite.")
        check_folder(path)


def check_folder(path: Path) -> None:
    """Raises PictureError where the folder that a file is to be written into is not there."""
    if not path.parent.is_dir():
        raise PictureError(
            f"There is no folder “{path.parent}” to write “{path.name}” into: "
            "make it first or choose another."
        )


def _same_file(a: Path, b: Path) -> bool:
    try:
        return a.samefile(b)
    except OSError:  # one of them is not there
        return a.resolve() == b.resolve()


def _write_all(files: dict[Path, bytes], overwrite: bool) -> None:
    """Write all files, or leave none of those that are new."""
    new: list[Path] = []
    try:
        for path, data in files.items():
            there = path.exists()
            write_atomically(path, data, overwrite=overwrite)
            new += [] if there else [path]
    except PictureError:
        for path in new:
            path.unlink(missing_ok=True)
        raise


def _figures(report: ExportReport) -> dict[str, Any]:
    return {
        "bytes": len(report.data),
        "restorable": report.restorable,
        "container_psnr": round(report.container.psnr, 2),
        "restored_psnr": round(report.restored.psnr, 2) if report.restored else None,
        "unrestored_psnr": round(report.unrestored.psnr, 2),
        "why_not": report.why_not,
    }


def _in_words(path: Path, report: ExportReport) -> list[str]:
    wrote = f"Wrote {path} ({_size(len(report.data))})"
    if report.restored is None:
        return [f"{wrote}.", f"It does not carry its original. {report.why_not}"]
    return [
        f"{wrote}; it carries its original.",
        f"Look       {report.container}: the written picture against the edited one",
        f"Restored   {report.restored}: the original, restored from the file as a check",
        f"Unrestored {report.unrestored.psnr:.1f} dB: the edited picture against the original",
    ]


def _size(count: int) -> str:
    return f"{count / 1e6:.1f} MB" if count >= 1e6 else f"{max(1, round(count / 1e3))} kB"


def _print_notes(notes: Iterable[str]) -> None:
    for note in notes:
        print(f"Note: {note}", file=sys.stderr)


# -- restore and inspect -------------------------------------------------------------------------


def restore(args: argparse.Namespace) -> int:
    """``pentimento restore``: the original out of an export."""
    fmt = output_format(args.output)
    check_device(args.device)
    _check_outputs([args.output], args.export, args.overwrite)
    with ProgressBar() as progress:
        restored = restoring.restore(
            args.export, force=args.force, device=args.device, progress=progress
        )
    write_restored(restored.picture, args.output, fmt, overwrite=args.overwrite)
    notes = restored_notes(restored, fmt)
    if args.json:
        facts = {"output": str(args.output), **_found(restored.found, restored.edits)}
        print(json.dumps(facts | {"notes": notes}, indent=1))
        return DONE
    _print_notes(notes)
    if restored.found is None:
        print(f"Wrote what could be revealed in {args.export.name} to {args.output}.")
    else:
        print(f"Restored the original of {args.export.name} to {args.output}.")
    return DONE


def restored_notes(restored: restoring.Restored, fmt: ExportFormat) -> list[str]:
    """What somebody should know about a restored picture."""
    found, notes = restored.found, []
    if found is None:
        notes.append("It is not recognised as an export; what was written may be garbage.")
    elif found.changed > 0:
        notes.append(
            f"About {_percent(found.changed)} of the export's pixels were changed since it was "
            "made; the original is less exact, and may be spoilt where they were."
        )
    if not fmt.lossless:
        notes.append("JPEG does not keep every value exactly; a .png, .webp or .tif does.")
    return notes


def write_restored(
    picture: Picture, path: Path, fmt: ExportFormat, *, overwrite: bool = False
) -> None:
    """Write a restored picture with its metadata. Raises PictureError."""
    write_atomically(path, encode_picture(picture, fmt), overwrite=overwrite)


def _percent(share: float) -> str:
    return "less than 1 %" if share < 0.01 else f"{100 * share:.0f} %"


def _found(
    found: embedding.Found | None,
    edits: Sequence[Edit] | None,
    made_by: Sequence[str | None] = (),
) -> dict[str, Any]:
    return {
        "restorable": found is not None,
        "weights": found.weights if found else None,
        "certainty": found.sure if found else None,
        "intact": round(found.agreement, 4) if found else None,
        "edits": json.loads(to_recipe(edits, made_by))["edits"] if edits is not None else None,
    }


def _provenance(found: embedding.Found) -> str:
    """What made an export, and what became of it since."""
    if not found.tells_changes:  # how much is left of it shows only when it is restored
        return f"a JPEG export beyond doubt ({found.weights}), less exact if re-compressed since"
    if found.changed > 0:
        since = f"about {_percent(found.changed)} of its pixels changed since"
    else:
        since = "intact"
    return f"an export beyond doubt ({found.weights}), {since}"


def inspect(args: argparse.Namespace) -> int:
    """``pentimento inspect``: what a picture file is."""
    seen = restoring.inspect(args.file)
    width, height = seen.picture.size
    if args.json:
        facts: dict[str, Any] = {"file": str(args.file), "format": seen.picture.format}
        facts["size"] = [width, height]
        facts |= _found(seen.found, seen.edits, seen.made_by)
        facts |= {"restorable": not seen.why_not, "why_not": seen.why_not}
        print(json.dumps(facts | {"notes": list(seen.picture.notes)}, indent=1))
        return DONE
    print(f"{args.file.name}: {seen.picture.format}, {width} × {height} pixels")
    if seen.found is None or seen.why_not:
        print(f"Restorable: no; {seen.why_not}.")
    else:
        print(f"Restorable: yes; {_provenance(seen.found)}.")
    if seen.edits is not None:
        made = zip(seen.edits, seen.made_by, strict=True)
        steps = [format_edit(e) + (f" (drawn by {by})" if by else "") for e, by in made]
        print(f"Edits, from its metadata: {', '.join(steps) or 'none'}.")
    for note in seen.picture.notes:
        print(f"Note: {note}")
    return DONE


# -- evaluate and demo ---------------------------------------------------------------------------


def evaluate(args: argparse.Namespace) -> int:
    """``pentimento evaluate``: the quality table of this build."""
    from editor.evaluation import measure
    from editor.evaluation.table import print_table

    if args.looks is None:
        names = [*measure.LOOKS, *(measure.BOTH_FORMS if args.learned else ())]
    else:
        names = _look_names(args.looks, (*measure.LOOKS, *measure.BOTH_FORMS))
    try:
        settings = [measure.Setting.parse(text) for text in args.format or ["png"]]
    except ValueError as error:
        raise UsageError(str(error)) from None
    check_device(args.device)
    if args.json is not None:
        check_folder(args.json)
    photos = pictures_in(args.photos)[: args.limit]
    result = measure.evaluate(
        photos,
        names,
        settings,
        controls=args.controls,
        learned=args.learned,
        device=args.device,
    )
    print_table(result)
    if args.json is not None:
        text = json.dumps(result.as_json(), indent=1) + "\n"
        write_atomically(args.json, text.encode(), overwrite=True)
    if args.pictures is not None:
        measure.write_pictures(result, args.pictures, device=args.device)
    return DONE


def pictures_in(folder: Path) -> list[Path]:
    """The picture files of a folder, sorted by name, without hidden ones.

    Raises PictureError where there is no such folder, or no picture in it.
    """
    if not folder.is_dir():
        raise PictureError(f"“{folder}” is not a folder.")
    pictures = sorted(
        path
        for path in folder.iterdir()
        if path.suffix.lower() in PICTURE_SUFFIXES
        and not path.name.startswith(".")
        and not path.is_dir()
    )
    if not pictures:
        raise PictureError(f"There are no pictures in “{folder}”.")
    return pictures


def _look_names(options: list[str], known: Sequence[str]) -> list[str]:
    """The looks of ``--looks`` options: a name each, or several with commas between them."""
    names: list[str] = []
    for option in options:
        names += [option] if option in known else [part.strip() for part in option.split(",")]
    unknown = [name for name in names if name not in known]
    if unknown:
        raise UsageError(f"Unknown look “{unknown[0]}”; known ones: {'; '.join(known)}.")
    return list(dict.fromkeys(names))


def demo(args: argparse.Namespace) -> int:
    """``pentimento demo``: a sample photo through the whole main job."""
    from editor.cli.demo import demo as run_demo

    check_device(args.device)
    folder = args.output or Path(tempfile.mkdtemp(prefix="pentimento-demo-"))
    folder.mkdir(parents=True, exist_ok=True)
    with ProgressBar() as progress:
        lines = run_demo(folder, device=args.device, progress=progress)
    print("\n".join(lines))
    return DONE


class ProgressBar:
    """A progress bar on standard error, for anything over half a second, if anybody looks.

    It also appears, with what is being done, where the first step says nothing for so long.
    """

    PATIENCE = 0.5
    """Seconds until it appears."""

    def __init__(self) -> None:
        self._bar: Any = None
        self._appear = threading.Timer(self.PATIENCE, self._show)
        self._appear.daemon = True

    def __enter__(self) -> Progress:
        self._bar = tqdm(
            total=100,
            delay=self.PATIENCE,
            disable=None,
            leave=False,
            dynamic_ncols=True,
            bar_format="{desc} {bar} {percentage:3.0f} %",
        )
        self._appear.start()
        return self._report

    def _show(self) -> None:
        self._bar.delay = 0  # from now on it has to be cleared away
        self._bar.refresh()

    def _report(self, share: float, what: str) -> None:
        self._bar.set_description_str(f"{what:28}", refresh=False)
        self._bar.update(100 * share - self._bar.n)

    def __exit__(self, *_: object) -> None:
        self._appear.cancel()
        self._appear.join()
        self._bar.close()
