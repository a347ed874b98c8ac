"""Opening: a picture file, a pasted picture, or the original inside an export."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from editor.document import Document
from editor.engine.edits import Edit
from editor.engine.progress import Progress
from editor.files.encoding import ExportFormat, encode_picture
from editor.files.picture import Picture
from editor.files.picture_files import open_picture, write_atomically
from editor.messages import message
from editor.ui.worker.cache import CLEAR_EDGE, RenderCache
from editor.ui.worker.pyramid import Pixels, Pyramid, reduced
from editor.ui.worker.request import Request

if TYPE_CHECKING:
    from editor.engine.restore import Inspection, Restored


@dataclass(frozen=True, eq=False)
class OpenedPhoto:
    """A photo ready to be shown."""

    document: Document
    before: Pyramid
    clear: NDArray[np.uint8] | None = None
    """How transparent the photo is, H x W (of a reduced copy), 0 opaque; None: it is not."""


def _opened(document: Document, cache: RenderCache) -> OpenedPhoto:
    """What the window needs of a new document."""
    cache.forget(document.photo)
    source = cache.source(document)
    return OpenedPhoto(document, source.before, source.clear)


def _shown_export(export: Picture, document: Document, cache: RenderCache) -> ShownExport | None:
    if export.size != cache.source(document).picture.size:
        return None
    small = cache.for_screen(reduced(export.pixels, CLEAR_EDGE), export.metadata.icc)
    return ShownExport(Pyramid.of(small, export.size), export.pixels)


@dataclass(frozen=True, eq=False, kw_only=True)
class Open(Request):
    """Open a picture file, or take a pasted picture, with an edit list on it."""

    lane = "document"
    priority = 100
    source: Path | Picture
    edits: tuple[Edit, ...] = ()
    keep_copy: Path | None = None

    def run(self, cache: RenderCache, progress: Progress) -> OpenedPhoto:
        progress(0.1, message("opening-photo"))
        photo = self.source if isinstance(self.source, Picture) else open_picture(self.source)
        if self.keep_copy is not None:  # a pasted photo exists nowhere else
            write_atomically(self.keep_copy, encode_picture(photo, ExportFormat("png")))
        progress(0.7, message("opening-photo"))
        return _opened(Document(photo, self.edits), cache)


@dataclass(frozen=True, eq=False, kw_only=True)
class Inspect(Request):
    """Is the open picture an export? The first job that needs the networks' library."""

    lane = "inspect"
    priority = 20
    quiet = True
    photo: Picture

    def prepare(self) -> None:
        import editor.engine.restore  # noqa: F401

    def run(self, cache: RenderCache, progress: Progress) -> Inspection:
        from editor.engine.restore import inspect_picture

        return inspect_picture(self.photo)


@dataclass(frozen=True, eq=False, kw_only=True)
class Unlock(Request):
    """What the open picture, a locked export, is with its passphrase; None where that is wrong."""

    lane = "unlock"
    priority = 95
    inspection: Inspection
    passphrase: str = field(repr=False)

    def prepare(self) -> None:
        import editor.engine.restore  # noqa: F401

    def run(self, cache: RenderCache, progress: Progress) -> Inspection | None:
        from editor.engine.embedding import Locked
        from editor.engine.restore import unlocked

        try:
            return unlocked(self.inspection, self.passphrase)
        except Locked:
            return None


@dataclass(frozen=True, eq=False)
class ShownExport:
    """The export that an original came out of, to be compared with it.

    Attributes:
        shown: on the screen; of the original's size.
        pixels: H x W x 3 uint8.
    """

    shown: Pyramid
    pixels: Pixels


@dataclass(frozen=True, eq=False)
class RestoredPhoto:
    """A restored original ready to be shown.

    Attributes:
        export: what it came out of; None where the two are of different sizes.
    """

    opened: OpenedPhoto
    restored: Restored
    export: ShownExport | None = None


@dataclass(frozen=True, eq=False, kw_only=True)
class Restore(Request):
    """The original inside the open picture, or inside a file (after a crash).

    Attributes:
        inspection: what `Inspect` found in the open picture; None where that is not known yet.
    """

    lane = "document"
    priority = 100
    source: Path | Picture
    inspection: Inspection | None = None
    re_edit: bool = False
    edits: tuple[Edit, ...] | None = None
    device: str = "auto"

    def prepare(self) -> None:
        import editor.engine.restore  # noqa: F401

    def run(self, cache: RenderCache, progress: Progress) -> RestoredPhoto:
        from editor.engine.restore import restore_picture

        photo = self.source if isinstance(self.source, Picture) else open_picture(self.source)
        restored = restore_picture(
            photo, inspection=self.inspection, device=self.device, progress=progress
        )
        edits = self.edits
        if edits is None:
            edits = (restored.edits or ()) if self.re_edit else ()
        document = Document(replace(restored.picture, notes=photo.notes), edits, as_new=True)
        return RestoredPhoto(
            _opened(document, cache), restored, _shown_export(photo, document, cache)
        )
