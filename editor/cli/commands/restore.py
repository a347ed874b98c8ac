"""``pentimento restore``: the original out of an export."""

from __future__ import annotations

import argparse
import json
from pathlib import Path

from editor.cli.arguments import check_device, output_format
from editor.cli.errors import DONE
from editor.cli.outputs import check_outputs
from editor.cli.progress_bar import ProgressBar
from editor.cli.wording import export_facts, percent, print_notes
from editor.engine import restore as restoring
from editor.files import formats
from editor.files.encoding import ExportFormat, encode_picture, left_out
from editor.files.picture import Picture
from editor.files.picture_files import write_atomically
from editor.messages import one_of


def restore(args: argparse.Namespace) -> int:
    """Restore the original of an export."""
    fmt = output_format(args.output)
    check_device(args.device)
    check_outputs([args.output], args.export, args.overwrite)
    with ProgressBar() as progress:
        restored = restoring.restore(
            args.export, force=args.force, device=args.device, progress=progress
        )
    write_restored(restored.picture, args.output, fmt, overwrite=args.overwrite)
    notes = restored_notes(restored, fmt)
    if args.json:
        facts = {"output": str(args.output), **export_facts(restored.found, restored.edits)}
        print(json.dumps(facts | {"notes": notes}, indent=1))
        return DONE
    print_notes(notes)
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
        share = percent(found.changed).capitalize()
        notes.append(
            f"{share} of the export's pixels were changed since it was made; the original is less "
            "exact, and may be spoilt where they were."
        )
    if found is not None and found.damaged > 0:
        notes.append(
            f"Damaged since the export was made: {percent(found.damaged)} of the original, which "
            "is only predicted there."
        )
    notes += [str(note) for note in left_out(restored.picture, fmt)]
    if not fmt.lossless:
        lossless = one_of([other.suffix for other in formats.LOSSLESS])
        name = fmt.file_format.name
        notes.append(f"{name} does not keep every value exactly; a {lossless} does.")
    return notes


def write_restored(
    picture: Picture, path: Path, fmt: ExportFormat, *, overwrite: bool = False
) -> None:
    """Write a restored picture with its metadata. Raises PictureError."""
    write_atomically(path, encode_picture(picture, fmt), overwrite=overwrite)
