"""``pentimento restore``: the original out of an export."""

from __future__ import annotations

import argparse
import json
from pathlib import Path

from editor.cli.arguments import check_device, output_format
from editor.cli.errors import DONE
from editor.cli.keys import key_for_opening
from editor.cli.outputs import check_outputs
from editor.cli.progress_bar import ProgressBar
from editor.cli.wording import copied, export_facts, print_notes, since_exported
from editor.engine import restore as restoring
from editor.engine.integrity import Outcome
from editor.files import formats
from editor.files.encoding import ExportFormat, encode_picture, left_out
from editor.files.picture_files import write_atomically
from editor.messages import message, one_of


def restore(args: argparse.Namespace) -> int:
    """Restore the original of an export."""
    fmt = _format_if_written(args.output)
    check_device(args.device)
    check_outputs([args.output], args.export, args.overwrite)
    passphrase = key_for_opening(args, args.export)
    with ProgressBar() as progress:
        restored = restoring.restore(
            args.export,
            passphrase=passphrase,
            force=args.force,
            device=args.device,
            progress=progress,
        )
    if fmt is None and not _exact(restored, args.output):
        output_format(args.output)  # says which formats there are
    write_restored(restored, args.output, fmt, overwrite=args.overwrite)
    notes = restored_notes(restored, fmt, args.output)
    if args.json:
        facts = export_facts(restored.found, restored.integrity, restored.edits)
        facts |= {"restorable": True} if restored.by_copy else {}
        facts |= {"way": restored.way.value}
        facts |= {"every_byte": _exact(restored, args.output)}
        facts = {"output": str(args.output), **facts, "notes": notes}
        print(json.dumps(facts, indent=1))
        return DONE
    print_notes(notes)
    if _exact(restored, args.output):
        print(f"Restored {args.export.name}'s original file, every byte of it, to {args.output}.")
    elif restored.found is None and not restored.by_copy:
        print(f"Wrote what could be revealed in {args.export.name} to {args.output}.")
    else:
        print(f"Restored the original of {args.export.name} to {args.output}.")
    return DONE


def _format_if_written(path: Path) -> ExportFormat | None:
    """The format of an output; None for one that is only opened: an exact copy may be in it.

    Raises UsageError for any other.
    """
    if formats.written_format(path) is None and path.suffix.lower() in formats.SUFFIXES:
        return None
    return output_format(path)


def _exact(restored: restoring.Restored, path: Path) -> bool:
    """Whether the original's own file is what is written."""
    copy = restored.picture.copy if restored.by_copy else None
    return copy is not None and copy.fits(path.suffix)


def restored_notes(restored: restoring.Restored, fmt: ExportFormat | None, path: Path) -> list[str]:
    """What somebody should know about a restored picture, and the file that it was written to."""
    notes = [str(note) for note in restored.notes]
    if _exact(restored, path):
        return notes
    assert fmt is not None
    return [*notes, *_since_exported(restored), *_conversion(restored, fmt)]


def _since_exported(restored: restoring.Restored) -> list[str]:
    integrity = restored.integrity
    if restored.by_copy:
        return []
    if restored.found is None:
        return ["It is not recognised as an export; what was written may be garbage."]
    notes = [f"The export was {how}." for how in copied(restored.found)]
    if integrity.outcome == Outcome.PART:
        parts = ", ".join(since_exported(integrity))
        notes.append(f"Restored in part: {parts}; `pentimento inspect --map` shows where.")
    elif integrity.doubtful:
        notes.append(
            "What was hidden in the export came out of another one, and was not proven there."
        )
    elif integrity.outcome == Outcome.UNPROVEN:
        notes.append("Nothing proves that the export was not changed since it was made.")
    return notes


def _conversion(restored: restoring.Restored, fmt: ExportFormat) -> list[str]:
    notes = [str(note) for note in left_out(restored.picture, fmt)]
    kept = restored.picture.copy if restored.by_copy else None
    if kept is not None and kept.format is not None:
        known = kept.format
        note = message("copy-converted", format=known.name, suffix=known.suffix)
        notes.insert(0, str(note))
    if not fmt.lossless:
        lossless = one_of([other.suffix for other in formats.LOSSLESS])
        name = fmt.file_format.name
        notes.append(f"{name} does not keep every value exactly; a {lossless} does.")
    return notes


def write_restored(
    restored: restoring.Restored,
    path: Path,
    fmt: ExportFormat | None,
    *,
    overwrite: bool = False,
) -> None:
    """Write a restored picture with its metadata, or its own file. Raises PictureError."""
    copy = restored.picture.copy
    if _exact(restored, path) and copy is not None:
        data = copy.data
    else:
        assert fmt is not None
        data = encode_picture(restored.picture, fmt)
    write_atomically(path, data, overwrite=overwrite)
