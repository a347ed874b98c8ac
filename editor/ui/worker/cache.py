"""What the background thread keeps between jobs."""

from __future__ import annotations

import io
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray
from PIL import Image, ImageCms

from editor.document import Document
from editor.engine.edits import Edit
from editor.engine.geometry import on_frame
from editor.engine.progress import Progress
from editor.engine.render import render
from editor.files.picture import Picture
from editor.ui.worker.preview import PREVIEW_EDGE, PreviewRenderer
from editor.ui.worker.pyramid import Pixels, Pyramid, reduced
from models.geometry.frame import Frame

THUMBNAIL_EDGE = 224

CLEAR_EDGE = 4096
"""Long edge of the copies of the transparency and of an export that are shown."""

_SOURCES_KEPT = 2  # the photo as it is cropped, and as it is while the crop is set


@dataclass(frozen=True, eq=False)
class _FullLook:
    """A look at full size, and what it was rendered from: edits, `exact`, device."""

    photo: Picture
    made_from: tuple[tuple[Edit, ...], bool, str]
    pixels: Pixels


@dataclass(frozen=True, eq=False)
class Source:
    """What looks are made of: a photo as crop, straightening, turns and mirrors leave it.

    Attributes:
        frame: what they leave.
        picture: the photo in it; the photo itself where nothing is cropped.
        before: the same on the screen.
        clear: how transparent it is, H x W (of a reduced copy), 0 opaque; None: it is not.
    """

    frame: Frame
    picture: Picture
    before: Pyramid
    clear: NDArray[np.uint8] | None = None


class RenderCache:
    """Renderers, looks and colour transforms of the open photo. Used by the worker thread only."""

    def __init__(self) -> None:
        self._renderers: dict[int, tuple[Picture, PreviewRenderer]] = {}
        self._displays: tuple[bytes | None, Any] = (None, None)
        self._thumbnail: tuple[Picture, Pixels] | None = None
        self._look: _FullLook | None = None
        self._sources: list[tuple[Picture, Source]] = []
        self.seconds: dict[str, float] = {
            "rtv": 4.0,
            "l0-smoothing": 1.5,
            "oil-painting": 1.5,
            "weighted-median": 1.5,
        }
        """How long operators take per megapixel; measured ones take the place of these guesses."""

    def source(self, document: Document) -> Source:
        """What the looks of a document are made of; the last few are kept."""
        photo, frame = document.photo, document.frame
        for i, (of, source) in enumerate(self._sources):
            if of is photo and source.frame == frame:
                self._sources.append(self._sources.pop(i))
                return source
        picture = document.framed
        clear = None
        if picture.alpha is not None and int(picture.alpha.min()) < 255:
            clear = 255 - reduced(picture.alpha, CLEAR_EDGE)
        before = Pyramid.of(self.for_screen(picture.pixels, photo.metadata.icc))
        source = Source(frame, picture, before, clear)
        self._sources = [*self._sources[1 - _SOURCES_KEPT :], (photo, source)]
        return source

    def renderer(self, photo: Picture, edge: int, exact: bool, device: str) -> PreviewRenderer:
        """The renderer of the copy of a photo with that long edge."""
        kept = self._renderers.get(edge)
        if (
            kept is None
            or kept[0] is not photo
            or (kept[1].exact, kept[1].device) != (exact, device)
        ):
            small = reduced(photo.pixels, edge)
            kept = (photo, PreviewRenderer(small, exact=exact, device=device))
            self._renderers[edge] = kept
        return kept[1]

    def thumbnail(self, photo: Picture) -> Pixels:
        """The small copy that the looks are shown on."""
        if self._thumbnail is None or self._thumbnail[0] is not photo:
            small = reduced(reduced(photo.pixels, PREVIEW_EDGE), THUMBNAIL_EDGE)
            self._thumbnail = (photo, small)
        return self._thumbnail[1]

    def look(self, document: Document, device: str, progress: Progress) -> Pixels:
        """The full look of a document; remembered for the next export of the same edits."""
        acting = tuple(e for e in document.edits if e.acts)
        made_from = (acting, document.exact, device)
        kept = self._look
        if kept is None or kept.photo is not document.photo or kept.made_from != made_from:
            kept = self._look = None  # free the memory before the next one is made
            source = self.source(document)
            look = render(
                source.picture.pixels,
                on_frame(acting, source.frame),
                exact=document.exact,
                device=device,
                progress=progress,
            )
            kept = self._look = _FullLook(document.photo, made_from, look)
        return kept.pixels

    def has_look(self, document: Document) -> bool:
        """Whether the full look of a document is there, for whatever device."""
        kept = self._look
        acting = tuple(e for e in document.edits if e.acts)
        return (
            kept is not None
            and kept.photo is document.photo
            and kept.made_from[:2] == (acting, document.exact)
        )

    def for_screen(self, pixels: Pixels, icc: bytes | None) -> Pixels:
        """Pixels of the photo's colour space in sRGB; unchanged without a profile."""
        if not icc:
            return pixels
        if self._displays[0] != icc:
            self._displays = (icc, _to_screen(icc))
        transform = self._displays[1]
        if transform is None:
            return pixels
        return np.asarray(ImageCms.applyTransform(Image.fromarray(pixels), transform))

    def forget(self, photo: Picture) -> None:
        """Free what is kept of other photos than this one."""
        self._sources = [kept for kept in self._sources if kept[0] is photo]
        pictures = [photo, *(source.picture for _, source in self._sources)]
        self._renderers = {
            k: v for k, v in self._renderers.items() if any(v[0] is p for p in pictures)
        }
        if self._look is not None and self._look.photo is not photo:
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
