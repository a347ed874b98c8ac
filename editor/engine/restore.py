"""Restoring: an export in, the original photo out."""

from __future__ import annotations

import enum
from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from editor.engine import embedding, exact_copies, geometry, short_recipe
from editor.engine.edit_problems import RecipeError
from editor.engine.edits import Edit, from_recipe, stored_geometry, stored_renderers
from editor.engine.integrity import Integrity, Outcome
from editor.engine.progress import Progress, ignore_progress
from editor.files.picture import Picture, PictureError
from editor.files.picture_files import open_picture, read_recipe
from editor.messages import Message, message
from models.containers import container as containers


@dataclass(frozen=True, eq=False)
class Inspection:
    """What is known of a picture file without restoring it.

    Attributes:
        picture: the file, opened.
        found: what its pixels say; None where they carry no original.
        edits: the edit list in its metadata, else that in its pixels; None where there is none.
        renderers: for each edit the name of the weights that made its look; None: the reference.
        by_copy: whether its metadata hold an exact copy that its pixels vouch for by their look,
            where they do not carry the original themselves.
        trust: how far its original can be trusted, where it took a restore to know.
        geometry: what its original was cropped and turned by, out of the exact copy.
    """

    picture: Picture
    found: embedding.Found | None
    edits: tuple[Edit, ...] | None
    renderers: tuple[str | None, ...] = ()
    by_copy: bool = False
    trust: NDArray[np.uint8] | None = None
    geometry: tuple[Edit, ...] = ()

    @property
    def why_not(self) -> Message | None:
        """Why the original cannot be restored, without a full stop; None where it can."""
        return None if self.by_copy else self.why_not_by_pixels

    @property
    def why_not_by_pixels(self) -> Message | None:
        """The same of the pixels alone."""
        if self.found is not None:
            return self.found.lost
        return message("no-export" if self.edits is None else "edited-without-original")

    @property
    def integrity(self) -> Integrity:
        """What became of the export since, as far as that is known without restoring it."""
        if self.by_copy:  # nothing but its look vouches for it
            return Integrity(Outcome.UNPROVEN, unproven=1.0)
        return Integrity.of(self.found, self.trust)


class Way(enum.StrEnum):
    """How an original came back; its value is its name in reports."""

    EXACT_COPY = "exact copy"
    """Its own file was in the metadata."""
    PIXELS = "pixels"
    """It was in the pixels."""
    LAYER = "layer for copies"
    """It was in what outlives other sizes and compression."""


@dataclass(frozen=True, eq=False)
class Restored:
    """A restored photo.

    Attributes:
        picture: the original; metadata and transparency are those of the export.
        edits: the edit list that the export was made with, if it still has it, see `Inspection`.
        found: how the export was recognised; None for a forced restore.
        trust: how far each square of 16 pixels can be trusted, see
            `models.containers.container.Restored`.
        by_copy: whether it is the exact copy in the export's metadata, `picture.copy`.
        notes: what there is to say of that copy.
        of_export: with an exact copy, what became of the export that it was in.
    """

    picture: Picture
    edits: tuple[Edit, ...] | None
    found: embedding.Found | None
    trust: NDArray[np.uint8]
    by_copy: bool = False
    notes: tuple[Message, ...] = ()
    of_export: Integrity | None = None

    @property
    def integrity(self) -> Integrity:
        """What became of the export since, as `Inspection.integrity` has it: also where an exact
        copy was used, which nothing of that has touched."""
        return self.of_export or Integrity.of(self.found, self.trust)

    @property
    def way(self) -> Way:
        """How it came back."""
        if self.by_copy:
            return Way.EXACT_COPY
        copied = self.found is not None and self.found.is_copy
        return Way.LAYER if copied else Way.PIXELS


def inspect(path: str | Path, passphrase: str | None = None) -> Inspection:
    """What a picture file is.

    Args:
        passphrase: of a locked export.

    Raises:
        PictureError: where it cannot be opened.
        Locked: where the passphrase is wrong.
    """
    return inspect_picture(open_picture(path), passphrase)


def inspect_picture(picture: Picture, passphrase: str | None = None) -> Inspection:
    """The same for a picture that is open already."""
    found = embedding.find(embedding.received(picture))
    if found is not None:
        found = embedding.unlock(found, passphrase)
    return _inspected(picture, found)


def unlocked(inspection: Inspection, passphrase: str | None) -> Inspection:
    """What is known of a locked export with its passphrase. Raises Locked where it is wrong."""
    found = inspection.found
    if found is None or not found.locked or passphrase is None:
        return inspection
    return _inspected(inspection.picture, embedding.unlock(found, passphrase))


def _inspected(picture: Picture, found: embedding.Found | None) -> Inspection:
    edits, renderers, steps = _edits_in(read_recipe(picture))
    if edits is None and found is not None:
        edits, renderers, steps = _edits_in(short_recipe.unpack(found.attached))
    seen = Inspection(picture, found, edits, renderers, geometry=steps)
    if picture.copy is None or seen.why_not is None:
        return seen
    return replace(seen, by_copy=exact_copies.original_in(picture.copy, picture, None) is not None)


def _edits_in(
    recipe: str | None,
) -> tuple[tuple[Edit, ...] | None, tuple[str | None, ...], tuple[Edit, ...]]:
    """Edits, renderers and geometry of a recipe; None where it is damaged or there is none: that
    must not keep the original from being restored."""
    if recipe is None:
        return None, (), ()
    try:
        return from_recipe(recipe), stored_renderers(recipe), stored_geometry(recipe)
    except RecipeError:
        return None, (), ()


def restore(
    path: str | Path,
    *,
    passphrase: str | None = None,
    force: bool = False,
    device: str = "auto",
    progress: Progress = ignore_progress,
) -> Restored:
    """The original inside an exported file, whatever its metadata say.

    Args:
        passphrase: of a locked export.
        force: try even where the picture is not recognised as an export.

    Raises:
        PictureError: where the file cannot be opened, or is not an export and `force` is not given.
        Locked: where it takes a passphrase, and none or a wrong one is given.
    """
    progress(0.0, message("opening-file"))
    return restore_picture(
        open_picture(path), passphrase=passphrase, force=force, device=device, progress=progress
    )


def restore_picture(
    picture: Picture,
    *,
    inspection: Inspection | None = None,
    passphrase: str | None = None,
    force: bool = False,
    device: str = "auto",
    progress: Progress = ignore_progress,
) -> Restored:
    """The same for a picture that is open already.

    An exact copy in its metadata goes before its pixels, if these agree with it.

    Args:
        inspection: what `inspect_picture` said of it, where it was asked already.
    """
    seen = unlocked(inspection or inspect_picture(picture), passphrase)
    if seen.found is not None and seen.found.locked and not seen.by_copy:
        assert seen.why_not is not None
        raise embedding.Locked(_not_restorable(picture, seen.why_not).message)
    by_pixels, why_not = None, None
    try:
        by_pixels = _from_pixels(picture, seen, force, device, progress)
    except PictureError as error:
        why_not = error
    if picture.copy is not None:
        restored = by_pixels.picture.pixels if by_pixels is not None and seen.found else None
        original = exact_copies.original_in(picture.copy, picture, restored, seen.geometry)
        if original is not None:
            original = replace(original, path=picture.path, notes=(), copy=picture.copy)
            return _from_copy(original, seen, by_pixels)
    if by_pixels is None:
        assert why_not is not None
        raise why_not
    notes = [message("copy-of-another")] if picture.copy is not None else []
    notes += [message("copy-damaged")] if picture.copy_damaged else []
    return replace(by_pixels, notes=tuple(notes))


def _from_copy(original: Picture, seen: Inspection, by_pixels: Restored | None) -> Restored:
    """The original out of an exact copy, and what became of the export that it was in."""
    vouched = by_pixels is not None and seen.found is not None
    proven = containers.Trust.PROVEN if vouched else containers.Trust.UNPROVEN
    trust = containers.Restored.alike(original.pixels, proven).trust
    since = by_pixels.integrity if by_pixels is not None and vouched else seen.integrity
    changed = since.outcome == Outcome.PART
    changed |= seen.found is not None and seen.found.is_copy
    notes = (message("copy-of-changed"),) if changed else ()
    edits = seen.edits
    if edits is not None and seen.geometry:  # the copy is of the whole photo
        frame = geometry.frame(seen.geometry, original.size)
        edits = (*seen.geometry, *geometry.off_frame(edits, frame))
    return Restored(original, edits, seen.found, trust, by_copy=True, notes=notes, of_export=since)


def _from_pixels(
    picture: Picture, seen: Inspection, force: bool, device: str, progress: Progress
) -> Restored:
    if seen.why_not_by_pixels is not None and not force:
        raise _not_restorable(picture, seen.why_not_by_pixels)
    try:
        received = seen.found.received if seen.found else embedding.received(picture)
        restored = embedding.extract(
            received, seen.found, force=force, device=device, progress=progress
        )
    except embedding.NotAnExport as error:
        raise _not_restorable(picture, seen.why_not_by_pixels or error.message) from None
    original = replace(picture.with_pixels(restored.pixels), notes=())
    return Restored(original, seen.edits, seen.found, restored.trust)


def _not_restorable(picture: Picture, why: Message) -> PictureError:
    if picture.path is None:
        return PictureError(message("not-restorable", why=why))
    return PictureError(message("file-not-restorable", name=picture.path.name, why=why))
