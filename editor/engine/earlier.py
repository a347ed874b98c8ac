"""The second generation: an export that is opened and exported again carries the first original."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from editor.engine import embedding, exact_copies, geometry
from editor.engine.edits import Edit
from editor.engine.progress import Progress, ignore_progress
from editor.engine.restore import Inspection, inspect_picture, unlocked
from editor.files.exact_copy import ExactCopy
from editor.files.picture import Picture
from editor.messages import Message, message
from models.containers.container import Trust


@dataclass(frozen=True, eq=False)
class Earlier:
    """What a picture that is exported carries already.

    Attributes:
        original: H x W x 3 uint8, the photo in it; None where it cannot be read any more.
        edits: what was done to that photo; None where it is not known.
        renderers: for each of these edits the name of the weights that made its look, or None.
        note: what there is to say about it.
        copy: the exact copy of that photo, where it has one that can be trusted.
        doubtful: whether nothing proves that it is the photo that was hidden.
        geometry: what the photo was cropped and turned by, out of that copy.
    """

    original: NDArray[np.uint8] | None
    edits: tuple[Edit, ...] | None
    renderers: tuple[str | None, ...]
    note: Message
    copy: ExactCopy | None = None
    doubtful: bool = False
    geometry: tuple[Edit, ...] = ()


def earlier_in(
    picture: Picture,
    *,
    inspection: Inspection | None = None,
    passphrase: str | None = None,
    device: str = "auto",
    progress: Progress = ignore_progress,
) -> Earlier | None:
    """What a picture carries; None where it is no export.

    Args:
        inspection: what `inspect_picture` said of it, where it was asked already.
        passphrase: of a locked one.

    Raises:
        Locked: where it takes a passphrase, and none or a wrong one is given.
    """
    seen = unlocked(inspection or inspect_picture(picture), passphrase)
    if seen.found is None:
        return None
    if seen.found.locked:
        raise embedding.Locked(message("earlier-locked"))
    if seen.why_not is not None:
        return _lost(seen.why_not)
    try:
        restored = embedding.extract(
            seen.found.received, seen.found, device=device, progress=progress
        )
    except embedding.NotAnExport as error:
        return _lost(error.message)
    original, copy = restored.pixels, picture.copy
    exact = None
    if copy is not None:
        exact = exact_copies.original_in(copy, picture, original, seen.geometry)
    shown = None if exact is None else geometry.framed(exact, seen.geometry).pixels
    whole = shown is not None and shown.shape == original.shape
    if shown is not None and whole:
        original = shown
    damaged = float((restored.trust >= Trust.COARSE).mean())
    unproven = bool((restored.trust > Trust.PROVEN).any()) or seen.found.doubtful
    if seen.found.is_copy and not whole:
        note = message("earlier-unproven")
    elif damaged and not whole:
        note = message("earlier-damaged", percent=max(1, round(100 * damaged)))
    elif unproven and not whole:
        note = message("earlier-doubtful")
    elif seen.edits is None:
        note = message("earlier-without-edits")
    else:
        note = message("earlier-carried")
    kept = None if exact is None else copy
    doubted = unproven and not whole
    return Earlier(original, seen.edits, seen.renderers, note, kept, doubted, seen.geometry)


def _lost(why: Message) -> Earlier:
    return Earlier(None, None, (), message("earlier-lost", why=why))
