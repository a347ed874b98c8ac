"""What the window asks of the worker, and what comes back: frozen, so no lock is ever needed.

A request carries all it needs into the worker thread; its response is applied on the main thread.
"""

from __future__ import annotations

import importlib
import os
import sys
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING, Any, ClassVar

import cv2
import numpy as np
from numpy.typing import NDArray

from editor.document import Document
from editor.engine import operator_choice
from editor.engine.edits import Edit, Mask
from editor.engine.progress import Progress
from editor.engine.render import render
from editor.files.encoding import ExportFormat, encode_picture
from editor.files.picture import Picture
from editor.files.picture_files import open_picture, write_atomically
from editor.messages import message
from editor.ui.worker.cache import Pixels, Workroom
from editor.ui.worker.preview import (
    DRAFT_EDGE,
    PREVIEW_EDGE,
    Histogram,
    clipping_map,
    histogram,
)
from editor.ui.worker.pyramid import Pyramid, reduced
from models.operators.registry import OPERATORS

if TYPE_CHECKING:
    from editor.engine.export import ExportReport
    from editor.engine.restore import Inspection, Restored

_CLEAR_EDGE = 4096  # long edge of the copy of the transparency that is shown
_DRAFT_ABOVE = 0.5  # seconds: a preview that will take longer is shown as a draft first


@dataclass(frozen=True, eq=False, kw_only=True)
class Request:
    """Something for the worker to do.

    Class attributes:
        lane: a newer waiting request takes the place of an older one of the same lane.
        priority: larger ones go first.
        stops: may be stopped in the middle by setting its cancel event.
        gives_way: is stopped, and done again later, when something more urgent arrives.
        shown: its progress is shown, with a Cancel button, when it takes over half a second.
    """

    lane: ClassVar[str] = ""
    priority: ClassVar[int] = 0
    stops: ClassVar[bool] = True
    gives_way: ClassVar[bool] = False
    shown: ClassVar[bool] = False

    def prepare(self) -> None:
        """Imports; done before the request may be stopped."""

    def run(self, room: Workroom, progress: Progress) -> Any:
        """The work. Runs in the worker thread."""
        raise NotImplementedError

    def outdates(self, running: Request) -> bool:
        """Whether a running request of the same lane is of no use any more because of this one."""
        return False


@dataclass(frozen=True, eq=False)
class OpenedPhoto:
    """A photo ready to be shown."""

    document: Document
    before: Pyramid
    clear: NDArray[np.uint8] | None = None
    """How transparent the photo is, H x W (of a reduced copy), 0 opaque; None: it is not."""


def opened(document: Document, room: Workroom) -> OpenedPhoto:
    """What the window needs of a new document."""
    photo = document.photo
    room.forget(photo)
    clear = None
    if photo.alpha is not None and int(photo.alpha.min()) < 255:
        clear = 255 - reduced(photo.alpha, _CLEAR_EDGE)
    return OpenedPhoto(
        document, Pyramid.of(room.for_screen(photo.pixels, photo.metadata.icc)), clear
    )


@dataclass(frozen=True, eq=False, kw_only=True)
class Open(Request):
    """Open a picture file, or take a pasted picture, with an edit list on it."""

    lane = "document"
    priority = 100
    shown = True
    source: Path | Picture
    edits: tuple[Edit, ...] = ()
    recovered: bool = False
    keep_copy: Path | None = None

    def run(self, room: Workroom, progress: Progress) -> OpenedPhoto:
        progress(0.1, message("opening-photo"))
        photo = self.source if isinstance(self.source, Picture) else open_picture(self.source)
        if self.keep_copy is not None:  # a pasted photo exists nowhere else
            write_atomically(self.keep_copy, encode_picture(photo, ExportFormat("png")))
        progress(0.7, message("opening-photo"))
        return opened(Document(photo, self.edits), room)


@dataclass(frozen=True, eq=False, kw_only=True)
class Inspect(Request):
    """Is the open picture an export? The first job that needs the networks' library."""

    lane = "inspect"
    priority = 20
    photo: Picture

    def prepare(self) -> None:
        import editor.engine.restore  # noqa: F401

    def run(self, room: Workroom, progress: Progress) -> Inspection:
        from editor.engine.restore import inspect_picture

        return inspect_picture(self.photo)


@dataclass(frozen=True, eq=False)
class RestoredPhoto:
    """A restored original ready to be shown."""

    opened: OpenedPhoto
    restored: Restored


@dataclass(frozen=True, eq=False, kw_only=True)
class Restore(Request):
    """The original inside the open picture, or inside a file (after a crash)."""

    lane = "document"
    priority = 100
    shown = True
    source: Path | Picture
    re_edit: bool = False
    edits: tuple[Edit, ...] | None = None
    recovered: bool = False
    device: str = "auto"

    def prepare(self) -> None:
        import editor.engine.restore  # noqa: F401

    def run(self, room: Workroom, progress: Progress) -> RestoredPhoto:
        from editor.engine.restore import restore_picture

        photo = self.source if isinstance(self.source, Picture) else open_picture(self.source)
        restored = restore_picture(photo, device=self.device, progress=progress)
        edits = self.edits
        if edits is None:
            edits = (restored.edits or ()) if self.re_edit else ()
        document = Document(replace(restored.picture, notes=photo.notes), edits)
        return RestoredPhoto(opened(document, room), restored)


@dataclass(frozen=True, eq=False)
class PreviewFrame:
    """A look on the copy that follows the sliders.

    Attributes:
        draft: smaller and quick; a better one follows.
        mask: H x W uint8 weights of the selected edit's mask, where asked for.
        clipped: see `preview.clipping_map`, where asked for.
    """

    photo: Picture
    edits: tuple[Edit, ...]
    look: Pyramid
    pixels: Pixels
    histogram: Histogram
    draft: bool = False
    mask: NDArray[np.uint8] | None = None
    clipped: NDArray[np.uint8] | None = None


@dataclass(frozen=True, eq=False, kw_only=True)
class _Shown(Request):
    """A look for the canvas."""

    photo: Picture
    edits: tuple[Edit, ...] = ()

    def prepare(self) -> None:
        operator_choice.prepare(self.edits)


@dataclass(frozen=True, eq=False, kw_only=True)
class Preview(_Shown):
    """The look of an edit list on a screen-sized copy."""

    lane = "preview"
    priority = 60
    shown_mask: Mask | None = None
    clipping: bool = False
    draft_allowed: bool = True

    def run(self, room: Workroom, progress: Progress) -> PreviewFrame:
        renderer, draft = room.renderer(self.photo, PREVIEW_EDGE), False
        if self.draft_allowed and max(renderer.photo.shape[:2]) > DRAFT_EDGE * 2:
            draft = renderer.seconds_for(self.edits, room.seconds) > _DRAFT_ABOVE
        if draft:
            renderer = room.renderer(self.photo, DRAFT_EDGE)
        pixels = renderer.render(self.edits, progress)
        if not draft:
            room.seconds |= renderer.seconds
        clipped = clipping_map(renderer.photo, pixels)
        mask = None
        if self.shown_mask is not None:
            mask = np.rint(renderer.weights(self.shown_mask) * 255).astype(np.uint8)
        screen = room.for_screen(pixels, self.photo.metadata.icc)
        return PreviewFrame(
            self.photo,
            self.edits,
            Pyramid.of(screen, self.photo.size),
            pixels,
            histogram(pixels, clipped),
            draft,
            mask,
            clipped if self.clipping else None,
        )

    def outdates(self, running: Request) -> bool:
        """Another photo or other operators; a mere change of strength lets a frame be finished."""
        if not isinstance(running, Preview):
            return False
        kinds = [(e.operator, e.enabled, e.mask is None) for e in running.edits]
        mine = [(e.operator, e.enabled, e.mask is None) for e in self.edits]
        return running.photo is not self.photo or kinds != mine


@dataclass(frozen=True, eq=False)
class SettledLook:
    """A look at the resolution that the zoom asks for."""

    photo: Picture
    edits: tuple[Edit, ...]
    look: Pyramid
    pixels: Pixels


@dataclass(frozen=True, eq=False, kw_only=True)
class Settle(_Shown):
    """The look at (up to) full size, once the user has paused."""

    lane = "settle"
    priority = 10
    gives_way = True
    edge: int = 0

    def run(self, room: Workroom, progress: Progress) -> SettledLook:
        document = Document(self.photo, self.edits)
        if self.edge >= max(self.photo.size):
            look = room.look(document, progress)
        else:
            acting = tuple(e for e in self.edits if e.acts)
            look = render(reduced(self.photo.pixels, self.edge), acting, progress=progress)
        screen = room.for_screen(look, self.photo.metadata.icc)
        return SettledLook(self.photo, self.edits, Pyramid.of(screen, self.photo.size), look)


@dataclass(frozen=True, eq=False)
class LookThumbnail:
    """One operator's look of the photo, small."""

    photo: Picture
    operator: str
    pixels: Pixels


@dataclass(frozen=True, eq=False, kw_only=True)
class Thumbnail(Request):
    """The photo in one look."""

    lane = "thumbnail"
    priority = 5
    gives_way = True
    photo: Picture
    operator: str = ""

    def run(self, room: Workroom, progress: Progress) -> LookThumbnail:
        look = OPERATORS[self.operator](room.thumbnail(self.photo))
        screen = room.for_screen(np.asarray(look, np.uint8), self.photo.metadata.icc)
        return LookThumbnail(self.photo, self.operator, screen)


@dataclass(frozen=True, eq=False, kw_only=True)
class _FullSize(Request):
    """Something that needs the look of a document at full size."""

    document: Document

    def prepare(self) -> None:
        operator_choice.prepare(self.document.edits)


@dataclass(frozen=True, eq=False, kw_only=True)
class EstimateSize(_FullSize):
    """About how many bytes an export will have: the look is encoded, nothing hidden in it."""

    lane = "estimate"
    priority = 50
    fmt: ExportFormat
    keep_metadata: bool = True

    def run(self, room: Workroom, progress: Progress) -> int:
        look = room.look(self.document, progress)
        photo = replace(self.document.photo, pixels=look)
        return len(encode_picture(photo, self.fmt, keep_metadata=self.keep_metadata))


@dataclass(frozen=True, eq=False, kw_only=True)
class EncodeExport(_FullSize):
    """Render, hide the original, encode, open again, restore and measure: all but the writing."""

    lane = "export"
    priority = 40
    fmt: ExportFormat
    keep_metadata: bool = True
    device: str = "auto"

    def prepare(self) -> None:
        super().prepare()
        import editor.engine.export  # noqa: F401

    def run(self, room: Workroom, progress: Progress) -> ExportReport:
        look = room.look(self.document, lambda share, what: progress(0.35 * share, what))
        return self.document.encode(
            self.fmt,
            look=look,
            keep_metadata=self.keep_metadata,
            device=self.device,
            progress=progress,
        )

    def outdates(self, running: Request) -> bool:
        return True

    @property
    def settings(self) -> tuple[object, ...]:
        """What decides about the bytes: two exports of a document that agree in it are equal."""
        fmt = self.fmt
        return (fmt.kind if fmt.lossless else fmt, self.keep_metadata)


@dataclass(frozen=True, eq=False, kw_only=True)
class SaveBytes(Request):
    """Write a file. Cannot be stopped half way."""

    lane = "save"
    priority = 110
    stops = False
    path: Path
    data: bytes = b""
    overwrite: bool = False

    def run(self, room: Workroom, progress: Progress) -> Path:
        write_atomically(self.path, self.data, overwrite=self.overwrite)
        return self.path


@dataclass(frozen=True, eq=False, kw_only=True)
class SavePicture(Request):
    """Encode a picture as it is and write it: a restored original."""

    lane = "save"
    priority = 110
    stops = False
    shown = True
    path: Path
    picture: Picture
    fmt: ExportFormat
    overwrite: bool = False

    def run(self, room: Workroom, progress: Progress) -> Path:
        progress(0.1, message("saving-photo"))
        data = encode_picture(self.picture, self.fmt, recipe=None)
        write_atomically(self.path, data, overwrite=self.overwrite)
        return self.path


@dataclass(frozen=True, eq=False, kw_only=True)
class DescribeDevice(Request):
    """Where the networks run, for the About box."""

    lane = "device"
    priority = 30
    device: str = "auto"

    def prepare(self) -> None:
        import editor.engine.embedding  # noqa: F401

    def run(self, room: Workroom, progress: Progress) -> str:
        import torch

        from editor.engine.embedding import device_in_use

        where = device_in_use(self.device)
        name = torch.cuda.get_device_name(where) if where.type == "cuda" else where.type.upper()
        return f"{name}, PyTorch {torch.__version__}"


@dataclass(frozen=True, eq=False, kw_only=True)
class SetThreads(Request):
    """How many processors pixel work may use."""

    lane = "threads"
    priority = 120
    stops = False
    count: int = 1

    def run(self, room: Workroom, progress: Progress) -> None:
        cv2.setNumThreads(self.count)
        os.environ["OMP_NUM_THREADS"] = str(self.count)  # torch, when it is imported later
        torch = sys.modules.get("torch")
        if torch is not None:
            torch.set_num_threads(self.count)


@dataclass(frozen=True, eq=False, kw_only=True)
class FullLook(_FullSize):
    """The look at full size in sRGB, for the clipboard."""

    lane = "copy"
    priority = 70
    shown = True

    def run(self, room: Workroom, progress: Progress) -> Pixels:
        look = room.look(self.document, progress)
        return room.for_screen(look, self.document.photo.metadata.icc)


@dataclass(frozen=True, eq=False, kw_only=True)
class WarmUp(Request):
    """Import what exporting and restoring need, so that the first export does not wait for it."""

    lane = "warm-up"
    priority = 1
    stops = False
    threads: int = 1

    def prepare(self) -> None:
        for name in ("editor.engine.export", "editor.engine.restore", "models.learned.inference"):
            importlib.import_module(name)

    def run(self, room: Workroom, progress: Progress) -> None:
        import torch

        torch.set_num_threads(self.threads)
