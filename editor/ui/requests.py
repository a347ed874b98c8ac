"""What the window asks of the worker, and what comes back: frozen, so no lock is ever needed.

A request carries all it needs into the worker thread; its response is applied on the main thread.
"""

from __future__ import annotations

import io
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import TYPE_CHECKING, Any, ClassVar

import numpy as np
from numpy.typing import NDArray
from PIL import Image, ImageCms

from editor import forms
from editor.document import Document
from editor.edits import Edit, Mask
from editor.picture import Picture
from editor.picture_files import (
    ExportFormat,
    encode_picture,
    open_picture,
    write_atomically,
)
from editor.progress import Progress
from editor.render import render
from editor.ui.preview import (
    DRAFT_EDGE,
    PREVIEW_EDGE,
    Histogram,
    PreviewRenderer,
    clipping_map,
    histogram,
)
from editor.ui.pyramid import Pyramid, reduced
from models.operators.registry import OPERATORS

if TYPE_CHECKING:
    from editor.export import ExportReport
    from editor.restore import Inspection, Restored

Pixels = NDArray[np.uint8]

THUMBNAIL_EDGE = 224
_CLEAR_EDGE = 4096  # long edge of the copy of the transparency that is shown
_DRAFT_ABOVE = 0.5  # seconds: a preview that will take longer is shown as a draft first


class Workroom:
    """What the worker keeps between jobs. Touched by the worker thread only."""

    def __init__(self) -> None:
        self._renderers: dict[int, tuple[Picture, PreviewRenderer]] = {}
        self._displays: tuple[bytes | None, Any] = (None, None)
        self._thumbnail: tuple[Picture, Pixels] | None = None
        self._look: tuple[Picture, tuple[Edit, ...], Pixels] | None = None
        self.seconds: dict[str, float] = {"rtv": 4.0, "l0-smoothing": 1.5, "oil-painting": 1.5}
        self.seconds |= {"weighted-median": 1.5}

    def renderer(self, photo: Picture, edge: int) -> PreviewRenderer:
        """The renderer of the copy of a photo with that long edge."""
        kept = self._renderers.get(edge)
        if kept is None or kept[0] is not photo:
            kept = (photo, PreviewRenderer(reduced(photo.pixels, edge)))
            self._renderers[edge] = kept
        return kept[1]

    def thumbnail(self, photo: Picture) -> Pixels:
        """The small copy that the looks are shown on."""
        if self._thumbnail is None or self._thumbnail[0] is not photo:
            small = reduced(reduced(photo.pixels, PREVIEW_EDGE), THUMBNAIL_EDGE)
            self._thumbnail = (photo, small)
        return self._thumbnail[1]

    def look(self, document: Document, progress: Progress) -> Pixels:
        """The full look of a document; remembered for the next export of the same edits."""
        acting = tuple(e for e in document.edits if e.acts)
        kept = self._look
        if kept is None or kept[0] is not document.photo or kept[1] != acting:
            self._look = None  # free the memory before the next one is made
            look = render(document.photo.pixels, acting, progress=progress)
            kept = (document.photo, acting, look)
            self._look = kept
        return kept[2]

    def for_screen(self, pixels: Pixels, icc: bytes | None) -> Pixels:
        """Pixels in the photo's own space, in sRGB for the screen; unchanged without a profile."""
        if not icc:
            return pixels
        if self._displays[0] != icc:
            self._displays = (icc, _to_screen(icc))
        transform = self._displays[1]
        if transform is None:
            return pixels
        return np.asarray(ImageCms.applyTransform(Image.fromarray(pixels), transform))

    def forget(self, photo: Picture) -> None:
        """Let go of everything about other photos than this one."""
        self._renderers = {k: v for k, v in self._renderers.items() if v[0] is photo}
        if self._look is not None and self._look[0] is not photo:
            self._look = None


def _to_screen(icc: bytes) -> Any:
    """The transform from a profile to sRGB; None where there is nothing to do or it is damaged."""
    try:
        profile = ImageCms.ImageCmsProfile(io.BytesIO(icc))
        if "srgb" in (ImageCms.getProfileDescription(profile) or "").lower():
            return None
        return ImageCms.buildTransform(profile, ImageCms.createProfile("sRGB"), "RGB", "RGB")
    except (OSError, ValueError, TypeError, ImageCms.PyCMSError):
        return None


@dataclass(frozen=True, eq=False)
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


@dataclass(frozen=True, eq=False)
class Open(Request):
    """Open a picture file, or take a pasted picture, with an edit list on it."""

    lane: ClassVar[str] = "document"
    priority: ClassVar[int] = 100
    shown: ClassVar[bool] = True
    source: Path | Picture = field(default_factory=Path)
    edits: tuple[Edit, ...] = ()
    recovered: bool = False
    keep_copy: Path | None = None

    def run(self, room: Workroom, progress: Progress) -> OpenedPhoto:
        progress(0.1, "Opening the photo")
        photo = self.source if isinstance(self.source, Picture) else open_picture(self.source)
        if self.keep_copy is not None:  # a pasted photo exists nowhere else
            write_atomically(self.keep_copy, encode_picture(photo, ExportFormat("png")))
        progress(0.7, "Opening the photo")
        return opened(Document(photo, self.edits), room)


@dataclass(frozen=True, eq=False)
class Inspect(Request):
    """Is the open picture an export? The first job that needs the networks' library."""

    lane: ClassVar[str] = "inspect"
    priority: ClassVar[int] = 20
    photo: Picture = field(default=None)  # type: ignore[assignment]

    def prepare(self) -> None:
        import editor.restore  # noqa: F401

    def run(self, room: Workroom, progress: Progress) -> Inspection:
        from editor.restore import inspect_picture

        return inspect_picture(self.photo)


@dataclass(frozen=True, eq=False)
class RestoredPhoto:
    """A restored original ready to be shown."""

    opened: OpenedPhoto
    restored: Restored


@dataclass(frozen=True, eq=False)
class Restore(Request):
    """The original inside the open picture, or inside a file (after a crash)."""

    lane: ClassVar[str] = "document"
    priority: ClassVar[int] = 100
    shown: ClassVar[bool] = True
    source: Path | Picture = field(default_factory=Path)
    re_edit: bool = False
    edits: tuple[Edit, ...] | None = None
    recovered: bool = False
    device: str = "auto"

    def prepare(self) -> None:
        import editor.restore  # noqa: F401

    def run(self, room: Workroom, progress: Progress) -> RestoredPhoto:
        from editor.restore import restore_picture

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


@dataclass(frozen=True, eq=False)
class Preview(Request):
    """The look of an edit list on a screen-sized copy."""

    lane: ClassVar[str] = "preview"
    priority: ClassVar[int] = 60
    photo: Picture = field(default=None)  # type: ignore[assignment]
    edits: tuple[Edit, ...] = ()
    shown_mask: Mask | None = None
    clipping: bool = False
    draft_allowed: bool = True

    def prepare(self) -> None:
        forms.prepare(self.edits)

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


@dataclass(frozen=True, eq=False)
class Settle(Request):
    """The look at (up to) full size, once the user has paused."""

    lane: ClassVar[str] = "settle"
    priority: ClassVar[int] = 10
    gives_way: ClassVar[bool] = True
    photo: Picture = field(default=None)  # type: ignore[assignment]
    edits: tuple[Edit, ...] = ()
    edge: int = 0

    def prepare(self) -> None:
        forms.prepare(self.edits)

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


@dataclass(frozen=True, eq=False)
class Thumbnail(Request):
    """The photo in one look."""

    lane: ClassVar[str] = "thumbnail"
    priority: ClassVar[int] = 5
    gives_way: ClassVar[bool] = True
    photo: Picture = field(default=None)  # type: ignore[assignment]
    operator: str = ""

    def run(self, room: Workroom, progress: Progress) -> LookThumbnail:
        look = OPERATORS[self.operator](room.thumbnail(self.photo))
        screen = room.for_screen(np.asarray(look, np.uint8), self.photo.metadata.icc)
        return LookThumbnail(self.photo, self.operator, screen)


class _Rendered(Document):
    """A document whose look is at hand already."""

    def look(self, progress: Progress = lambda share, what: None, device: str = "auto") -> Pixels:
        return self.__dict__["ready"]

    @staticmethod
    def of(document: Document, look: Pixels) -> _Rendered:
        made = _Rendered(document.photo, document.edits)
        made.__dict__["ready"] = look
        return made


@dataclass(frozen=True, eq=False)
class EstimateSize(Request):
    """About how many bytes an export will have: the look is encoded, nothing hidden in it."""

    lane: ClassVar[str] = "estimate"
    priority: ClassVar[int] = 50
    document: Document = field(default=None)  # type: ignore[assignment]
    fmt: ExportFormat = field(default_factory=lambda: ExportFormat("png"))
    keep_metadata: bool = True

    def run(self, room: Workroom, progress: Progress) -> int:
        look = room.look(self.document, progress)
        photo = replace(self.document.photo, pixels=look)
        return len(encode_picture(photo, self.fmt, keep_metadata=self.keep_metadata))


@dataclass(frozen=True, eq=False)
class EncodeExport(Request):
    """Render, hide the original, encode, open again, restore and measure: all but the writing."""

    lane: ClassVar[str] = "export"
    priority: ClassVar[int] = 40
    document: Document = field(default=None)  # type: ignore[assignment]
    fmt: ExportFormat = field(default_factory=lambda: ExportFormat("png"))
    keep_metadata: bool = True
    device: str = "auto"

    def prepare(self) -> None:
        import editor.export  # noqa: F401

    def run(self, room: Workroom, progress: Progress) -> ExportReport:
        from editor.export import encode_restorable

        look = room.look(self.document, lambda share, what: progress(0.35 * share, what))
        return encode_restorable(
            _Rendered.of(self.document, look),
            self.fmt,
            keep_metadata=self.keep_metadata,
            device=self.device,
            progress=progress,
        )

    def outdates(self, running: Request) -> bool:
        return True


@dataclass(frozen=True, eq=False)
class SaveBytes(Request):
    """Write a file. Cannot be stopped half way."""

    lane: ClassVar[str] = "save"
    priority: ClassVar[int] = 110
    stops: ClassVar[bool] = False
    path: Path = field(default_factory=Path)
    data: bytes = b""
    overwrite: bool = False

    def run(self, room: Workroom, progress: Progress) -> Path:
        write_atomically(self.path, self.data, overwrite=self.overwrite)
        return self.path


@dataclass(frozen=True, eq=False)
class SavePicture(Request):
    """Encode a picture as it is and write it: a restored original."""

    lane: ClassVar[str] = "save"
    priority: ClassVar[int] = 110
    stops: ClassVar[bool] = False
    shown: ClassVar[bool] = True
    path: Path = field(default_factory=Path)
    picture: Picture = field(default=None)  # type: ignore[assignment]
    fmt: ExportFormat = field(default_factory=lambda: ExportFormat("png"))
    overwrite: bool = False

    def run(self, room: Workroom, progress: Progress) -> Path:
        progress(0.1, "Saving the photo")
        data = encode_picture(self.picture, self.fmt, recipe=None)
        write_atomically(self.path, data, overwrite=self.overwrite)
        return self.path


@dataclass(frozen=True, eq=False)
class DescribeDevice(Request):
    """Where the networks run, for the About box."""

    lane: ClassVar[str] = "device"
    priority: ClassVar[int] = 30
    device: str = "auto"

    def prepare(self) -> None:
        import editor.embedding  # noqa: F401

    def run(self, room: Workroom, progress: Progress) -> str:
        import torch

        from editor.embedding import device_in_use

        where = device_in_use(self.device)
        name = torch.cuda.get_device_name(where) if where.type == "cuda" else where.type.upper()
        return f"{name}, PyTorch {torch.__version__}"


@dataclass(frozen=True, eq=False)
class SetThreads(Request):
    """How many processors pixel work may use."""

    lane: ClassVar[str] = "threads"
    priority: ClassVar[int] = 120
    stops: ClassVar[bool] = False
    count: int = 1

    def run(self, room: Workroom, progress: Progress) -> None:
        import sys

        import cv2

        cv2.setNumThreads(self.count)
        torch = sys.modules.get("torch")  # sets itself up to all processors when imported later
        if torch is not None:
            torch.set_num_threads(self.count)


@dataclass(frozen=True, eq=False)
class FullLook(Request):
    """The look at full size in sRGB, for the clipboard."""

    lane: ClassVar[str] = "copy"
    priority: ClassVar[int] = 70
    shown: ClassVar[bool] = True
    document: Document = field(default=None)  # type: ignore[assignment]

    def run(self, room: Workroom, progress: Progress) -> Pixels:
        look = room.look(self.document, progress)
        return room.for_screen(look, self.document.photo.metadata.icc)


@dataclass(frozen=True, eq=False)
class WarmUp(Request):
    """Import what exporting and restoring need, so that the first export does not wait for it."""

    lane: ClassVar[str] = "warm-up"
    priority: ClassVar[int] = 1
    stops: ClassVar[bool] = False
    threads: int = 1

    def run(self, room: Workroom, progress: Progress) -> None:
        import torch

        import editor.export
        import editor.restore  # noqa: F401

        torch.set_num_threads(self.threads)
