"""``pentimento apply``: edit a photo and export it."""

from __future__ import annotations

import argparse
import json
from dataclasses import replace
from pathlib import Path
from typing import Any

from editor.cli.arguments import check_device, check_keeping, output_format, parsed_edits
from editor.cli.errors import DONE, UsageError
from editor.cli.keys import key_for_export
from editor.cli.outputs import check_outputs, write_all
from editor.cli.progress_bar import ProgressBar
from editor.cli.wording import export_notes, print_notes, reason, restored_words
from editor.document import Document
from editor.engine.export import ExportReport
from editor.files import formats
from editor.files.encoding import ExportFormat, encode_picture
from editor.messages import one_of


def apply(args: argparse.Namespace) -> int:
    """Edit a photo and export it."""
    fmt = output_format(args.output, args.quality, args.subsampling, not args.untouched_only)
    clean_fmt = _clean_format(args.clean) if args.clean is not None else None
    edits = parsed_edits(args.edit)
    check_device(args.device)
    check_keeping(args)
    passphrase = key_for_export(args)
    outputs = [path for path in (args.output, args.clean) if path is not None]
    check_outputs(outputs, args.photo, args.overwrite)
    document = Document.open(args.photo, exact=args.exact, as_new=args.as_new)
    document = document.with_edits(edits)
    for what in args.auto:
        document = document.add_automatic(what)
    with ProgressBar() as progress:
        report = document.encode(
            fmt,
            keep_metadata=not args.strip,
            carry_original=not args.without_original,
            keep_original=args.keep_original,
            passphrase=passphrase,
            device=args.device,
            progress=progress,
        )
    notes = export_notes(document, report)
    files = {args.output: report.data}
    if clean_fmt is not None:
        clean = document.framed.with_pixels(report.look)
        if not fmt.file_format.has_alpha:
            clean = replace(clean, alpha=None)
        files[args.clean] = encode_picture(clean, clean_fmt, keep_metadata=not args.strip)
    write_all(files, args.overwrite)
    if args.json:
        facts = {"output": str(args.output), **_figures(report), "notes": notes}
        print(json.dumps(facts, indent=1))
        return DONE
    print_notes(notes)
    print("\n".join(_in_words(args.output, report)))
    return DONE


def _clean_format(path: Path) -> ExportFormat:
    fmt = output_format(path)
    if not fmt.lossless:
        raise UsageError(
            f"“{path.name}” would not show exactly what was seen: let the name after --clean "
            f"end in {one_of([fmt.suffix for fmt in formats.LOSSLESS])}."
        )
    return fmt


def _figures(report: ExportReport) -> dict[str, Any]:
    return {
        "bytes": len(report.data),
        "restorable": report.restorable,
        "export_psnr": round(report.export.psnr, 2),
        "restored_psnr": round(report.restored.psnr, 2) if report.restored else None,
        "restored_worst_psnr": round(report.sample.quality.psnr, 2) if report.sample else None,
        "restored_words": reason(report.words),
        "unrestored_psnr": round(report.unrestored.psnr, 2),
        "why_not": reason(report.why_not),
        "kept_bytes": report.kept,
        "locked": report.locked,
    }


def _in_words(path: Path, report: ExportReport) -> list[str]:
    wrote = f"Wrote {path} ({_size(len(report.data))})"
    kept = f"Exact copy {_size(report.kept)}: the original file, in the metadata"
    if report.restored is None:
        if report.kept:
            return [f"{wrote}.", f"Its pixels do not carry its original. {report.why_not}", kept]
        return [f"{wrote}.", f"It does not carry its original. {report.why_not}"]
    lines = [
        f"{wrote}; it carries its original{', locked' if report.locked else ''}.",
        f"Look       {report.export}: the written picture against the edited one",
        f"Restored   {restored_words(report)}: the original, restored from the file as a check",
        f"Unrestored {report.unrestored.psnr:.1f} dB: the edited picture against the original",
    ]
    return [*lines, kept] if report.kept else lines


def _size(count: int) -> str:
    return f"{count / 1e6:.1f} MB" if count >= 1e6 else f"{max(1, round(count / 1e3))} kB"
