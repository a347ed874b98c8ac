"""What several commands print: notes, shares, and what is known of an export."""

from __future__ import annotations

import json
import sys
from collections.abc import Iterable, Sequence
from typing import TYPE_CHECKING, Any

from editor.document import Document
from editor.engine import embedding, operator_choice
from editor.engine.edits import Edit, to_recipe
from editor.engine.export import ExportReport
from editor.messages import Message

if TYPE_CHECKING:
    from editor.engine.export import ExportReport


def export_notes(document: Document, report: ExportReport) -> list[str]:
    """What there is to note about a photo, a learned look that could not be had, and what the
    export does not hold."""
    learned = operator_choice.note(document.edits, max(document.photo.size), exact=document.exact)
    notes = [*document.photo.notes, *([] if learned is None else [learned]), *report.notes]
    return [str(note) for note in notes]


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


def export_facts(
    found: embedding.Found | None,
    edits: Sequence[Edit] | None,
    renderers: Sequence[str | None] = (),
) -> dict[str, Any]:
    """What is known of an export, for JSON."""
    return {
        "restorable": found is not None,
        "weights": found.weights if found else None,
        "certainty": found.sure if found else None,
        "intact": round(found.agreement, 4) if found else None,
        "edits": json.loads(to_recipe(edits, renderers))["edits"] if edits is not None else None,
    }
