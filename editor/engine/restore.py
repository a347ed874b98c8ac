"""Restoring: an export in, the original photo out."""

from __future__ import annotations

from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from editor.engine import embedding
from editor.engine.edits import Edit, RecipeError, from_recipe, stored_renderers
from editor.engine.integrity import Integrity
from editor.engine.progress import Progress, ignore_progress
from editor.files.picture import Picture, PictureError
from editor.files.picture_files import open_picture, read_recipe
from editor.messages import Message, message


@dataclass(frozen=True, eq=False)
class Inspection:
    """What is known of a picture file without restoring it.

    Attributes:
        picture: the file, opened.
        found: what its pixels say; None where they carry no original.
        edits: the edit list in its metadata; None where there is none.
        renderers: for each edit the name of the weights that made its look; None: the reference.
        trust: how far its original can be trusted, where it took a restore to know.
    """

    picture: Picture
    found: embedding.Found | None
    edits: tuple[Edit, ...] | None
    renderers: tuple[str | None, ...] = ()
    trust: NDArray[np.uint8] | None = None

    @property
    def why_not(self) -> Message | None:
        """Why the original cannot be restored, without a full stop; None where it can."""
        if self.found is not None:
            return self.found.lost
        return message("no-export" if self.edits is None else "edited-without-original")

    @property
    def integrity(self) -> Integrity:
        """What became of the export since, as far as that is known without restoring it."""
        return Integrity.of(self.found, self.trust)


@dataclass(frozen=True, eq=False)
class Restored:
    """A restored photo.

    Attributes:
        picture: the original; metadata and transparency are those of the export.
        edits: the edit list that the export was made with, if its metadata still has it.
        found: how the export was recognised; None for a forced restore.
        trust: how far each square of 16 pixels can be trusted, see
            `models.containers.container.Restored`.
    """

    picture: Picture
    edits: tuple[Edit, ...] | None
    found: embedding.Found | None
    trust: NDArray[np.uint8]

    @property
    def integrity(self) -> Integrity:
        """What became of the export since, and how far the photo can be trusted."""
        return Integrity.of(self.found, self.trust)


def inspect(path: str | Path) -> Inspection:
    """What a picture file is. Raises PictureError where it cannot be opened."""
    return inspect_picture(open_picture(path))


def inspect_picture(picture: Picture) -> Inspection:
    """The same for a picture that is open already."""
    recipe = read_recipe(picture)
    edits: tuple[Edit, ...] | None = None
    renderers: tuple[str | None, ...] = ()
    if recipe is not None:
        try:
            edits, renderers = from_recipe(recipe), stored_renderers(recipe)
        except RecipeError:
            edits = None  # a damaged list must not keep the original from being restored
    return Inspection(picture, embedding.find(embedding.received(picture)), edits, renderers)


def restore(
    path: str | Path,
    *,
    force: bool = False,
    device: str = "auto",
    progress: Progress = ignore_progress,
) -> Restored:
    """The original inside an exported file, whatever its metadata say.

    Args:
        force: try even where the picture is not recognised as an export.

    Raises:
        PictureError: where the file cannot be opened, or is not an export and `force` is not given.
    """
    progress(0.0, message("opening-file"))
    return restore_picture(open_picture(path), force=force, device=device, progress=progress)


def restore_picture(
    picture: Picture,
    *,
    inspection: Inspection | None = None,
    force: bool = False,
    device: str = "auto",
    progress: Progress = ignore_progress,
) -> Restored:
    """The same for a picture that is open already.

    Args:
        inspection: what `inspect_picture` said of it, where it was asked already.
    """
    seen = inspection or inspect_picture(picture)
    if seen.why_not is not None and not force:
        raise _not_restorable(picture, seen.why_not)
    try:
        received = seen.found.received if seen.found else embedding.received(picture)
        restored = embedding.extract(
            received, seen.found, force=force, device=device, progress=progress
        )
    except embedding.NotAnExport as error:
        raise _not_restorable(picture, error.message) from None
    original = replace(picture.with_pixels(restored.pixels), notes=())
    return Restored(original, seen.edits, seen.found, restored.trust)


def _not_restorable(picture: Picture, why: Message) -> PictureError:
    if picture.path is None:
        return PictureError(message("not-restorable", why=why))
    return PictureError(message("file-not-restorable", name=picture.path.name, why=why))
