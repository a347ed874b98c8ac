"""What several commands print: notes, shares, and what is known of an export."""

from __future__ import annotations

import json
import sys
from collections.abc import Iterable, Sequence
from typing import TYPE_CHECKING, Any

from editor.document import Document
from editor.engine import copies, embedding, operator_choice
from editor.engine.edits import Edit, to_recipe
from editor.engine.export import ExportReport
from editor.engine.integrity import Integrity, Outcome
from editor.messages import Message

if TYPE_CHECKING:
    from editor.engine.export import ExportReport


def export_notes(document: Document, report: ExportReport) -> list[str]:
    """What there is to note about a photo, a learned look that could not be had, and what the
    export does not hold."""
    learned = operator_choice.note(document.edits, max(document.framed.size), exact=document.exact)
    notes = [*document.photo.notes, *([] if learned is None else [learned]), *report.notes]
    return [str(note) for note in notes]


def restored_words(report: ExportReport) -> str:
    """How well the original comes back: in words, as the window says it, by its worst part."""
    assert report.sample is not None
    assert report.restored is not None
    if report.restored.identical:
        return str(report.words)
    worst, whole = report.sample.quality, report.restored
    return f"{report.words} ({worst.psnr:.1f} dB in its worst part, {whole.psnr:.1f} dB in all)"


def print_notes(notes: Iterable[str]) -> None:
    """On standard error, one a line."""
    for note in notes:
        print(f"Note: {note}", file=sys.stderr)


def percent(share: float) -> str:
    """A share in words, never 0 for a share above 0."""
    return "less than 1 %" if share < 0.01 else f"about {100 * share:.0f} %"


def reason(why_not: Message | None) -> str:
    """For JSON: empty where there is none."""
    return "" if why_not is None else str(why_not)


def since_exported(integrity: Integrity) -> list[str]:
    """What became of parts of an export since it was made."""
    parts = []
    if integrity.changed:
        parts.append(f"{percent(integrity.changed)} changed since and left as received")
    if integrity.predicted:
        parts.append(f"{percent(integrity.predicted)} only predicted, as its code was lost")
    if integrity.doubtful:
        parts.append("not proven: it was carried on from an export that was not proven itself")
    elif integrity.unproven:
        whole = integrity.unproven == 1
        parts.append(("" if whole else f"{percent(integrity.unproven)} ") + "not proven unchanged")
    return parts


def copied(found: embedding.Found) -> list[str]:
    """What was done to an export as a whole, where the picture is only a copy of it."""
    what = [str(each) for each in copies.what_happened(found)]
    return [f"{', '.join(what)} since"] if what else []


def export_facts(
    found: embedding.Found | None,
    integrity: Integrity,
    edits: Sequence[Edit] | None,
    renderers: Sequence[str | None] = (),
) -> dict[str, Any]:
    """What is known of an export, for JSON."""
    return {
        "restorable": integrity.outcome not in (Outcome.LOST, Outcome.LOCKED, Outcome.FOREIGN),
        "weights": found.weights if found else None,
        "certainty": found.sure if found else None,
        "copied": copies.facts(found) if found else None,
        **integrity.facts(),
        "edits": json.loads(to_recipe(edits, renderers))["edits"] if edits is not None else None,
    }
