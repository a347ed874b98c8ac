"""The document: a photo and what was done to it. Frozen; every change makes a new one.

The whole main job in a few lines, without a window::

    from editor import Document

    document = Document.open("clouds.jpg").add("local-laplacian", 0.8).add("exposure", 1.5)
    report = document.export("clouds-edited.png")
    restored = Document.restore("clouds-edited.png")  # the original, and the edits
"""

from __future__ import annotations

import functools
from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING, Any, Literal

import numpy as np
from numpy.typing import NDArray

from editor.engine import geometry
from editor.engine.automatic import edits_for
from editor.engine.edits import Edit, edit
from editor.engine.progress import Progress, ignore_progress
from editor.engine.render import render
from editor.files.picture import Picture
from models.geometry.frame import Frame

if TYPE_CHECKING:
    from editor.engine.export import ExportReport
    from editor.engine.restore import Restored
    from editor.files.encoding import ExportFormat


@dataclass(frozen=True, eq=False)
class Document:
    """A photo with its list of edits.

    Attributes:
        photo: the picture as opened (or restored).
        edits: in the order of application.
        exact: whether looks are made by the reference algorithms also where there is a learned
            form that is faster.
        as_new: the photo is a picture of its own also where it is an export: what its own exports
            carry is this photo, and not the first original.
    """

    photo: Picture
    edits: tuple[Edit, ...] = ()
    exact: bool = False
    as_new: bool = False

    @staticmethod
    def open(path: str | Path, *, exact: bool = False, as_new: bool = False) -> Document:
        """A document of a picture file, no edits. Raises PictureError."""
        from editor.files.picture_files import open_picture

        return Document(open_picture(path), exact=exact, as_new=as_new)

    def add(self, operator: str | Edit, strength: float | None = None, **more: Any) -> Document:
        """One more edit at the end. Raises ValueError for an unknown operator or strength."""
        new = operator if isinstance(operator, Edit) else edit(operator, strength, **more)
        return self.with_edits((*self.edits, new))

    def add_automatic(self, what: Literal["light", "colour"]) -> Document:
        """Automatic light, or white balance, at the end: edits as the window's *Auto* makes them.

        Worked out from the photo as crop and turns leave it.
        """
        return self.with_edits((*self.edits, *edits_for(self.framed.pixels, what)))

    def with_edits(self, edits: Sequence[Edit]) -> Document:
        """The same photo with another list of edits."""
        return replace(self, edits=tuple(edits))

    @property
    def frame(self) -> Frame:
        """What crop, straightening, turns and mirrors leave of the photo."""
        return geometry.frame(self.edits, self.photo.size)

    @functools.cached_property
    def framed(self) -> Picture:
        """The photo as they leave it: what looks are made of, and what an export carries."""
        return geometry.framed(self.photo, self.edits)

    def look(self, progress: Progress = ignore_progress, device: str = "auto") -> NDArray[np.uint8]:
        """The edited picture at full size, H x W x 3 uint8, before anything is hidden in it: of the
        size of `framed`."""
        looks = geometry.on_frame(self.edits, self.frame)
        return render(self.framed.pixels, looks, exact=self.exact, device=device, progress=progress)

    def encode(
        self,
        fmt: ExportFormat,
        *,
        keep_metadata: bool = True,
        carry_original: bool = True,
        keep_original: bool = False,
        passphrase: str | None = None,
        device: str = "auto",
        progress: Progress = ignore_progress,
        look: NDArray[np.uint8] | None = None,
    ) -> ExportReport:
        """All of an export but the writing. See `export.encode_restorable`."""
        from editor.engine.export import encode_restorable

        return encode_restorable(
            self.photo,
            self.edits,
            fmt,
            exact=self.exact,
            as_new=self.as_new,
            keep_metadata=keep_metadata,
            carry_original=carry_original,
            keep_original=keep_original,
            passphrase=passphrase,
            device=device,
            progress=progress,
            look=look,
        )

    def export(
        self,
        path: str | Path,
        fmt: ExportFormat | None = None,
        *,
        overwrite: bool = False,
        keep_metadata: bool = True,
        carry_original: bool = True,
        keep_original: bool = False,
        passphrase: str | None = None,
        device: str = "auto",
        progress: Progress = ignore_progress,
    ) -> ExportReport:
        """Render, hide the original, write, and prove that it comes back. See `export.export`."""
        from editor.engine.export import export

        return export(
            self.photo,
            self.edits,
            Path(path),
            fmt,
            exact=self.exact,
            as_new=self.as_new,
            overwrite=overwrite,
            keep_metadata=keep_metadata,
            carry_original=carry_original,
            keep_original=keep_original,
            passphrase=passphrase,
            device=device,
            progress=progress,
        )

    @staticmethod
    def restore(
        path: str | Path,
        *,
        passphrase: str | None = None,
        force: bool = False,
        device: str = "auto",
        progress: Progress = ignore_progress,
    ) -> Restored:
        """The original inside an exported picture. See `restore.restore`."""
        from editor.engine.restore import restore

        return restore(path, passphrase=passphrase, force=force, device=device, progress=progress)
