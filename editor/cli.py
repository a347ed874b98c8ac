"""The command line: the same engine as the window, without one.

Exit codes: 0 done, 1 the job failed, 2 wrong usage. What went wrong is one line on standard error.
"""

from __future__ import annotations

import argparse
import json
import sys
import tempfile
from collections.abc import Callable, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

from tqdm import tqdm

from editor import __version__
from editor.picture import PictureError
from editor.progress import Progress

DONE, FAILED, WRONG_USAGE = 0, 1, 2

COMMANDS = ("apply", "restore", "inspect", "batch", "evaluate", "demo")


def main(argv: Sequence[str] | None = None) -> int:
    """Run the command line; without a command, the editor's window."""
    arguments = list(sys.argv[1:] if argv is None else argv)
    if not arguments or (arguments[0] not in COMMANDS and not arguments[0].startswith("-")):
        from editor.ui.app import run

        return run(arguments)
    parser = build_parser()
    try:
        args = parser.parse_args(arguments)
    except SystemExit as stop:  # argparse has printed why
        return int(stop.code or 0)
    return run_command(args)


def run_command(args: argparse.Namespace) -> int:
    """Run a parsed command; failures become one line on standard error and an exit code."""
    from models.zoo import WeightsError

    try:
        return int(args.run(args))
    except UsageError as error:
        return _fail(str(error), WRONG_USAGE)
    except (PictureError, WeightsError) as error:
        return _fail(str(error), FAILED)
    except MemoryError:
        return _fail("There is not enough memory for a picture of this size.", FAILED)
    except OSError as error:
        return _fail(f"{error.strerror or error}: {error.filename or ''}".rstrip(": "), FAILED)
    except KeyboardInterrupt:
        return _fail("Cancelled.", FAILED)


class UsageError(Exception):
    """The command was called wrongly; says how."""


def _fail(message: str, code: int) -> int:
    print(f"pentimento: {message}", file=sys.stderr)
    return code


def build_parser() -> argparse.ArgumentParser:
    """The parser of all commands."""
    from models.device import DEVICES
    from models.operators.registry import OPERATORS

    parser = argparse.ArgumentParser(
        prog="pentimento",
        description="A photo editor whose exported pictures carry their own originals. "
        "Without a command it opens the editor; pentimento PHOTO opens the photo in it.",
    )
    parser.add_argument("--version", action="version", version=f"pentimento {__version__}")
    commands = parser.add_subparsers(dest="command", metavar="COMMAND")

    device = argparse.ArgumentParser(add_help=False)
    device.add_argument("--device", choices=DEVICES, default="auto", help="where networks run")

    edits = argparse.ArgumentParser(add_help=False)
    edits.add_argument(
        "--edit",
        action="append",
        default=[],
        metavar="OPERATOR[=STRENGTH[:MASK]]",
        help="may be repeated; applied in order. Operators: " + ", ".join(OPERATORS),
    )
    edits.add_argument("--quality", type=int, default=95, help="of JPEG, 1..100 (default 95)")
    edits.add_argument("--subsampling", choices=("420", "444"), default="444", help="of JPEG")
    edits.add_argument("--exact", action="store_true", help="always use the reference algorithm")
    edits.add_argument("--strip", action="store_true", help="leave out all metadata")

    apply = commands.add_parser("apply", parents=[edits, device], help="edit and export a photo")
    apply.add_argument("photo", type=Path, metavar="PHOTO")
    apply.add_argument("-o", "--output", type=Path, required=True, metavar="OUT")
    apply.add_argument("--clean", type=Path, metavar="CLEAN.png", help="also write the look")
    apply.add_argument("--overwrite", action="store_true", help="replace existing files")
    apply.add_argument("--json", action="store_true", help="print figures for machines")
    apply.set_defaults(run=_apply)

    restore = commands.add_parser("restore", parents=[device], help="get the original back")
    restore.add_argument("export", type=Path, metavar="EXPORT")
    restore.add_argument("-o", "--output", type=Path, required=True, metavar="ORIGINAL.png")
    restore.add_argument("--force", action="store_true", help="even where it is not an export")
    restore.add_argument("--overwrite", action="store_true", help="replace an existing file")
    restore.add_argument("--json", action="store_true", help="print figures for machines")
    restore.set_defaults(run=_restore)

    inspect = commands.add_parser("inspect", help="tell whether a picture is restorable")
    inspect.add_argument("file", type=Path, metavar="FILE")
    inspect.add_argument("--json", action="store_true", help="print for machines")
    inspect.set_defaults(run=_inspect)

    batch = commands.add_parser(
        "batch", parents=[edits, device], help="apply or restore a whole folder"
    )
    batch.add_argument("what", choices=("apply", "restore"))
    batch.add_argument("folder", type=Path, metavar="FOLDER")
    batch.add_argument("-o", "--output", type=Path, required=True, metavar="FOLDER")
    batch.add_argument("--format", choices=("png", "jpg", "webp", "tif"), default="png")
    batch.set_defaults(run=_batch)

    evaluate = commands.add_parser(
        "evaluate", parents=[device], help="measure this build on a folder of photos"
    )
    evaluate.add_argument("--photos", type=Path, required=True, metavar="DIR")
    evaluate.add_argument("--json", type=Path, metavar="OUT.json", help="all figures")
    evaluate.add_argument(
        "--pictures", type=Path, metavar="DIR", help="best and worst, side by side"
    )
    evaluate.add_argument("--format", choices=("png", "webp", "tif", "jpg"), default="png")
    evaluate.add_argument("--looks", metavar="NAME,NAME", help="only these looks")
    evaluate.add_argument("--limit", type=int, metavar="N", help="only the first N photos")
    evaluate.set_defaults(run=_evaluate)

    demo = commands.add_parser(
        "demo", parents=[device], help="sample photo: apply, export, strip, restore, figures"
    )
    demo.add_argument("-o", "--output", type=Path, metavar="FOLDER", help="where to keep the files")
    demo.set_defaults(run=_demo)

    def show_help(args: argparse.Namespace) -> int:
        parser.print_help()
        return DONE

    parser.set_defaults(run=show_help)
    return parser


class ProgressBar:
    """A progress bar on standard error, for anything over half a second, if anybody looks."""

    def __init__(self) -> None:
        self._bar: Any = None

    def __enter__(self) -> Progress:
        self._bar = tqdm(
            total=100,
            delay=0.5,
            disable=None,
            leave=False,
            bar_format="{desc} {bar} {percentage:3.0f} %",
        )
        return self._report

    def _report(self, share: float, what: str) -> None:
        self._bar.set_description_str(f"{what:28}", refresh=False)
        self._bar.update(100 * share - self._bar.n)

    def __exit__(self, *_: object) -> None:
        self._bar.close()


def _document(path: Path, edits: Sequence[str]) -> Any:
    from editor.command_edits import parse_edit
    from editor.document import Document

    try:
        parsed = [parse_edit(text) for text in edits]
    except ValueError as error:
        raise UsageError(str(error)) from None
    return Document.open(path).with_edits(parsed)


def _format(args: argparse.Namespace, path: Path) -> Any:
    from editor.picture_files import ExportFormat

    try:
        return ExportFormat.for_path(path, args.quality, args.subsampling)
    except (PictureError, ValueError) as error:
        raise UsageError(str(error)) from None


def _figures(report: Any) -> dict[str, Any]:
    return {
        "output": str(report.path),
        "bytes": len(report.data),
        "restorable": report.restorable,
        "container_psnr": round(report.container.psnr, 2),
        "restored_psnr": round(report.restored.psnr, 2) if report.restored else None,
        "unrestored_psnr": round(report.unrestored.psnr, 2),
        "why_not": report.why_not,
    }


def _apply(args: argparse.Namespace) -> int:
    fmt = _format(args, args.output)
    for path in (args.output, args.clean):
        if path is not None and path.exists() and not args.overwrite:
            raise PictureError(f"{path} exists already; choose another name or add --overwrite.")
    document = _document(args.photo, args.edit)
    with ProgressBar() as progress:
        report = document.export(
            args.output,
            fmt,
            overwrite=args.overwrite,
            keep_metadata=not args.strip,
            device=args.device,
            progress=progress,
        )
    if args.clean is not None:
        _write_clean(document, report.look, args)
    for note in document.photo.notes:
        print(f"Note: {note}", file=sys.stderr)
    if args.json:
        print(json.dumps(_figures(report), indent=1))
    else:
        print(_in_words(report))
    return DONE


def _write_clean(document: Any, look: Any, args: argparse.Namespace) -> None:
    from editor.picture_files import ExportFormat, encode_picture, write_atomically

    picture = replace(document.photo, pixels=look)
    try:
        fmt = ExportFormat.for_path(args.clean, 100)
    except PictureError as error:
        raise UsageError(str(error)) from None
    write_atomically(args.clean, encode_picture(picture, fmt), overwrite=args.overwrite)


def _in_words(report: Any) -> str:
    lines = [f"Wrote {report.path}."]
    if report.restorable:
        lines.append(f"The picture matches the look you see: {report.container}.")
        lines.append(
            f"The original was restored from the file as a check: {report.restored} "
            f"(doing nothing: {report.unrestored.psnr:.1f} dB)."
        )
    else:
        lines.append(f"It does not carry its original. {report.why_not}")
    return "\n".join(lines)


def _restore(args: argparse.Namespace) -> int:
    from editor.restore import restore

    fmt = _restored_format(args.output)
    if args.output.exists() and not args.overwrite:
        raise PictureError(f"{args.output} exists already; choose another name or add --overwrite.")
    with ProgressBar() as progress:
        restored = restore(args.export, force=args.force, device=args.device, progress=progress)
    _write_restored(restored, args.output, fmt, args.overwrite)
    if args.json:
        print(json.dumps({"output": str(args.output), **_found(restored.found, restored.edits)}))
    else:
        print(f"Restored the original of {args.export.name} to {args.output}.")
    return DONE


def _restored_format(path: Path) -> Any:
    from editor.picture_files import ExportFormat

    try:
        return ExportFormat.for_path(path)
    except PictureError as error:
        raise UsageError(str(error)) from None


def _write_restored(restored: Any, path: Path, fmt: Any, overwrite: bool) -> None:
    from editor.picture_files import encode_picture, write_atomically

    write_atomically(path, encode_picture(restored.picture, fmt), overwrite=overwrite)


def _found(found: Any, edits: Any) -> dict[str, Any]:
    from editor.edits import to_recipe

    return {
        "restorable": found is not None,
        "weights": found.weights if found else None,
        "certainty": found.sure if found else None,
        "intact": round(found.agreement, 4) if found else None,
        "edits": json.loads(to_recipe(edits))["edits"] if edits is not None else None,
    }


def _inspect(args: argparse.Namespace) -> int:
    from editor.restore import inspect

    seen = inspect(args.file)
    width, height = seen.picture.size
    if args.json:
        facts = {"file": str(args.file), "format": seen.picture.format, "size": [width, height]}
        notes = {"notes": list(seen.picture.notes)}
        print(json.dumps(facts | _found(seen.found, seen.edits) | notes, indent=1))
        return DONE
    print(f"{args.file.name}: {seen.picture.format}, {width} x {height} pixels")
    if seen.found:
        print(
            f"Restorable: yes, made with the weights {seen.found.weights} "
            f"(stamp intact to {100 * seen.found.agreement:.1f} %)."
        )
    else:
        print("Restorable: no, its pixels carry no original.")
    if seen.edits is not None:
        steps = ", ".join(f"{e.operator}={e.strength:g}" for e in seen.edits) or "none"
        print(f"Edits, from the metadata: {steps}.")
    for note in seen.picture.notes:
        print(f"Note: {note}")
    return DONE


PICTURE_SUFFIXES = frozenset(
    [".jpg", ".jpeg", ".jpe", ".jfif", ".png", ".webp", ".tif", ".tiff", ".bmp", ".gif", ".heic", ".heif", ".avif"]
)


def _batch(args: argparse.Namespace) -> int:
    if not args.folder.is_dir():
        raise PictureError(f"{args.folder} is not a folder.")
    if args.output.resolve() == args.folder.resolve():
        raise UsageError("The output folder must be another than the folder of the photos.")
    job: Callable[[Path, Path], None]
    job = _batch_apply(args) if args.what == "apply" else _batch_restore(args)
    files = sorted(p for p in args.folder.iterdir() if p.suffix.lower() in PICTURE_SUFFIXES)
    if not files:
        raise PictureError(f"There are no pictures in {args.folder}.")
    args.output.mkdir(parents=True, exist_ok=True)
    outputs = _batch_names(files, args.output, "png" if args.what == "restore" else args.format)
    done, skipped, failures = 0, 0, []
    for path in tqdm(files, desc=args.what, unit="photo", disable=None):
        if outputs[path].exists():
            skipped += 1
            continue
        try:
            job(path, outputs[path])
            done += 1
        except (PictureError, ValueError, MemoryError) as error:
            failures.append(f"{path.name}: {error or 'there is not enough memory.'}")
    for failure in failures:
        print(f"pentimento: {failure}", file=sys.stderr)
    print(f"{done} done, {skipped} there already, {len(failures)} failed.")
    return FAILED if failures else DONE


def _batch_names(files: list[Path], folder: Path, suffix: str) -> dict[Path, Path]:
    """One output per file; files that differ only in their extension keep it in the name."""
    stems = [p.stem for p in files]
    return {
        p: folder / f"{p.stem if stems.count(p.stem) == 1 else p.name.replace('.', '-')}.{suffix}"
        for p in files
    }


def _batch_apply(args: argparse.Namespace) -> Callable[[Path, Path], None]:
    from editor.command_edits import parse_edit

    try:
        for text in args.edit:
            parse_edit(text)
    except ValueError as error:
        raise UsageError(str(error)) from None
    fmt = _format(args, Path(f"x.{args.format}"))

    def job(path: Path, output: Path) -> None:
        document = _document(path, args.edit)
        document.export(output, fmt, keep_metadata=not args.strip, device=args.device)

    return job


def _batch_restore(args: argparse.Namespace) -> Callable[[Path, Path], None]:
    from editor.restore import restore

    def job(path: Path, output: Path) -> None:
        restored = restore(path, device=args.device)
        _write_restored(restored, output, _restored_format(output), overwrite=False)

    return job


def _evaluate(args: argparse.Namespace) -> int:
    from editor.evaluation import LOOKS, evaluate, print_table, write_pictures

    if not args.photos.is_dir():
        raise PictureError(f"{args.photos} is not a folder.")
    photos = sorted(p for p in args.photos.iterdir() if p.suffix.lower() in PICTURE_SUFFIXES)
    photos = photos[: args.limit]
    if not photos:
        raise PictureError(f"There are no pictures in {args.photos}.")
    names = args.looks.split(",") if args.looks else list(LOOKS)
    unknown = [name for name in names if name not in LOOKS]
    if unknown:
        raise UsageError(f"Unknown look {unknown[0]}; known ones: {', '.join(LOOKS)}.")
    result = evaluate(photos, names, suffix=args.format, device=args.device)
    print_table(result)
    if args.json:
        args.json.write_text(json.dumps(result.as_json(), indent=1) + "\n", encoding="utf-8")
    if args.pictures:
        write_pictures(result, args.pictures)
    return DONE


def _demo(args: argparse.Namespace) -> int:
    from editor.demo import demo

    folder = args.output or Path(tempfile.mkdtemp(prefix="pentimento-demo-"))
    folder.mkdir(parents=True, exist_ok=True)
    with ProgressBar() as progress:
        lines = demo(folder, device=args.device, progress=progress)
    print("\n".join(lines))
    return DONE


if __name__ == "__main__":
    sys.exit(main())
