"""``pentimento inspect``: what a picture file is."""

from __future__ import annotations

import argparse
import json
from dataclasses import replace
from typing import Any

from editor.cli.arguments import check_device, output_format
from editor.cli.edit_option import format_edit
from editor.cli.errors import DONE
from editor.cli.keys import given_key
from editor.cli.outputs import check_outputs
from editor.cli.wording import copied, export_facts, reason, since_exported
from editor.engine import embedding, trust_map
from editor.engine import restore as restoring
from editor.engine.integrity import Integrity, Outcome
from editor.engine.restore import Inspection
from editor.files.encoding import encode_picture
from editor.files.picture import Picture, PictureError
from editor.files.picture_files import write_atomically
from editor.messages import message


def inspect(args: argparse.Namespace) -> int:
    """Tell whether a picture is an export, and how it was edited."""
    if args.map is not None:
        fmt = output_format(args.map)
        check_device(args.device)
        check_outputs([args.map], args.file, args.overwrite)
    inspection = restoring.inspect(args.file, given_key(args))
    if args.map is not None and inspection.why_not_by_pixels is None:
        trust = trust_map.trust_of(inspection, args.device)
        drawn = Picture(trust_map.drawn(inspection.picture.pixels, trust))
        write_atomically(args.map, encode_picture(drawn, fmt), overwrite=args.overwrite)
        inspection = replace(inspection, trust=trust)
    _report(args, inspection)
    if args.map is not None and (why_not := inspection.why_not_by_pixels) is not None:
        raise PictureError(message("no-map", why=why_not))
    return DONE


def _report(args: argparse.Namespace, inspection: Inspection) -> None:
    picture, why_not = inspection.picture, inspection.why_not
    width, height = picture.size
    if args.json:
        facts: dict[str, Any] = {"file": str(args.file), "format": picture.format}
        facts["size"] = [width, height]
        facts |= export_facts(
            inspection.found, inspection.integrity, inspection.edits, inspection.renderers
        )
        facts |= {"restorable": True} if inspection.by_copy else {}
        facts["locked"] = inspection.found is not None and inspection.found.detection.locked
        facts["exact_copy_bytes"] = 0 if picture.copy is None else len(picture.copy.data)
        facts["why_not"] = reason(why_not)
        print(json.dumps(facts | {"notes": [str(note) for note in picture.notes]}, indent=1))
        return
    print(f"{args.file.name}: {picture.format}, {width} × {height} pixels")
    if inspection.by_copy:
        print("Restorable: yes; by the exact copy in its metadata, not by its pixels.")
    elif inspection.found is not None and inspection.found.locked:
        since = _provenance(inspection.found, inspection.integrity)
        print(f"Restorable: with its passphrase; a locked original is here, {since}.")
    elif inspection.found is None or why_not is not None:
        print(f"Restorable: no; {why_not}.")
    else:
        whole = inspection.integrity.outcome != Outcome.PART
        since = _provenance(inspection.found, inspection.integrity)
        print(f"Restorable: {'yes' if whole else 'in part'}; {since}.")
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


def _provenance(found: embedding.Found, integrity: Integrity) -> str:
    """What made an export, and what became of it since."""
    since = ", ".join([*copied(found), *since_exported(integrity)]) or "intact"
    return f"an export beyond doubt ({found.weights}), {since}"
