"""``pentimento inspect``: what a picture file is."""

from __future__ import annotations

import argparse
import json
from typing import Any

from editor.cli.edit_option import format_edit
from editor.cli.errors import DONE
from editor.cli.wording import export_facts, percent, reason
from editor.engine import embedding
from editor.engine import restore as restoring


def inspect(args: argparse.Namespace) -> int:
    """Tell whether a picture is an export, and how it was edited."""
    inspection = restoring.inspect(args.file)
    picture, why_not = inspection.picture, inspection.why_not
    width, height = picture.size
    if args.json:
        facts: dict[str, Any] = {"file": str(args.file), "format": picture.format}
        facts["size"] = [width, height]
        facts |= export_facts(inspection.found, inspection.edits, inspection.renderers)
        facts["exact_copy_bytes"] = 0 if picture.copy is None else len(picture.copy.data)
        facts |= {"restorable": why_not is None, "why_not": reason(why_not)}
        print(json.dumps(facts | {"notes": [str(note) for note in picture.notes]}, indent=1))
        return DONE
    print(f"{args.file.name}: {picture.format}, {width} × {height} pixels")
    if inspection.by_copy:
        print("Restorable: yes; by the exact copy in its metadata, not by its pixels.")
    elif inspection.found is None or why_not is not None:
        print(f"Restorable: no; {why_not}.")
    else:
        print(f"Restorable: yes; {_provenance(inspection.found)}.")
    if inspection.edits is not None:
        made = zip(inspection.edits, inspection.renderers, strict=True)
        steps = [format_edit(e) + (f" (drawn by {by})" if by else "") for e, by in made]
        print(f"Edits, from its metadata: {', '.join(steps) or 'none'}.")
    if picture.copy is not None:
        print(f"Exact copy of the original in its metadata: {len(picture.copy.data)} bytes.")
    elif picture.copy_damaged:
        print("The exact copy of the original in its metadata is damaged.")
    for note in picture.notes:
        print(f"Note: {note}")
    return DONE


def _provenance(found: embedding.Found) -> str:
    """What made an export, and what became of it since."""
    if not found.tells_changes:  # how much is left of it shows only when it is restored
        again = "less exact" if found.outlives_compression else "lost"
        since = f"{again} if re-compressed since"
    elif found.changed > 0:
        since = f"{percent(found.changed)} of its pixels changed since"
    else:
        since = "intact"
    if found.damaged > 0:
        damaged = f"{percent(found.damaged)} of the original damaged"
        since = damaged if since == "intact" else f"{since}, {damaged}"
    return f"an export beyond doubt ({found.weights}), {since}"
