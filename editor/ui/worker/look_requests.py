"""Looks: previews while the user edits, the look at full size, thumbnails."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from editor.document import Document
from editor.engine import operator_choice
from editor.engine.edits import Edit
from editor.engine.geometry import is_geometry, on_frame
from editor.engine.mask_moves import moved
from editor.engine.mask_parts import Mask
from editor.engine.progress import Progress
from editor.engine.render import render
from editor.files.picture import Picture
from editor.ui.worker.cache import RenderCache, Source
from editor.ui.worker.preview import (
    DRAFT_EDGE,
    PREVIEW_EDGE,
    Histogram,
    clipping_map,
    histogram,
)
from editor.ui.worker.pyramid import Pixels, Pyramid, reduced
from editor.ui.worker.request import Request
from models.networks.device_names import ALWAYS_THERE
from models.operators.registry import OPERATORS
from models.problems import NoSuchDevice

_DRAFT_ABOVE = 0.5  # seconds: a preview that will take longer is shown as a draft first


@dataclass(frozen=True, eq=False)
class PreviewFrame:
    """A look on the copy that follows the sliders.

    Attributes:
        before: the histogram of the photo itself.
        source: what the look was made of.
        draft: smaller and quick; a better one follows.
        mask: H x W uint8 weights of the selected edit's mask, where asked for.
        clipped: see `preview.clipping_map`, where asked for.
    """

    photo: Picture
    edits: tuple[Edit, ...]
    look: Pyramid
    pixels: Pixels
    histogram: Histogram
    before: Histogram
    source: Source
    draft: bool = False
    mask: NDArray[np.uint8] | None = None
    clipped: NDArray[np.uint8] | None = None


@dataclass(frozen=True, eq=False, kw_only=True)
class LookRequest(Request):
    """Something that needs looks of a document.

    Attributes:
        device: where learned operators run, as in the settings.
    """

    document: Document
    device: str = "auto"

    def prepare(self) -> None:
        if not self.document.exact:
            operator_choice.prepare(self.document.edits)
        if self.device not in ALWAYS_THERE:
            import models.networks.device  # noqa: F401

    def device_here(self) -> str:
        """The device, or ``auto`` where this computer does not have it.

        Looks are shown all the same; an export says what is missing.
        """
        if self.device in ALWAYS_THERE:
            return self.device
        from models.networks.device import pick_device

        try:
            pick_device(self.device)
        except NoSuchDevice:
            return "auto"
        return self.device


@dataclass(frozen=True, eq=False, kw_only=True)
class Preview(LookRequest):
    """The look of an edit list on a screen-sized copy."""

    lane = "preview"
    priority = 60
    shown_mask: Mask | None = None
    clipping: bool = False
    draft_allowed: bool = True

    def run(self, cache: RenderCache, progress: Progress) -> PreviewFrame:
        photo, edits = self.document.photo, self.document.edits
        exact, device = self.document.exact, self.device_here()
        source = cache.source(self.document)
        looks = on_frame(edits, source.frame)
        renderer, draft = cache.renderer(source.picture, PREVIEW_EDGE, exact, device), False
        if self.draft_allowed and max(renderer.photo.shape[:2]) > DRAFT_EDGE * 2:
            draft = renderer.seconds_for(looks, cache.seconds) > _DRAFT_ABOVE
        if draft:
            renderer = cache.renderer(source.picture, DRAFT_EDGE, exact, device)
        pixels = renderer.render(looks, progress)
        if not draft:
            cache.seconds |= renderer.seconds
        clipped = clipping_map(renderer.photo, pixels)
        mask = None
        if self.shown_mask is not None:
            weights = renderer.masks.of(moved(self.shown_mask, source.frame))
            mask = np.rint(weights * 255).astype(np.uint8)
        screen = cache.for_screen(pixels, photo.metadata.icc)
        return PreviewFrame(
            photo,
            edits,
            Pyramid.of(screen, source.picture.size),
            pixels,
            histogram(pixels, clipped),
            renderer.before,
            source,
            draft,
            mask,
            clipped if self.clipping else None,
        )

    def outdates(self, running: Request) -> bool:
        """Another photo or other operators; a mere change of strength lets a frame be finished."""
        if not isinstance(running, Preview):
            return False
        if running.document.photo is not self.document.photo:
            return True
        return _kinds(running) != _kinds(self)


def _kinds(preview: Preview) -> list[tuple[str, bool, bool]]:
    """What of the edits decides whether a frame is still worth finishing."""
    edits = [e for e in preview.document.edits if not is_geometry(e)]
    return [(e.operator, e.enabled, e.mask is None) for e in edits]


@dataclass(frozen=True, eq=False)
class SettledLook:
    """A look at the resolution that the zoom asks for."""

    photo: Picture
    edits: tuple[Edit, ...]
    look: Pyramid
    pixels: Pixels


@dataclass(frozen=True, eq=False, kw_only=True)
class Settle(LookRequest):
    """The look at (up to) full size, once the user has paused."""

    lane = "settle"
    priority = 10
    gives_way = True
    edge: int = 0

    def run(self, cache: RenderCache, progress: Progress) -> SettledLook:
        photo, edits = self.document.photo, self.document.edits
        source = cache.source(self.document)
        if self.edge >= max(source.picture.size):
            look = cache.look(self.document, self.device_here(), progress)
        else:
            look = render(
                reduced(source.picture.pixels, self.edge),
                on_frame(edits, source.frame),
                exact=self.document.exact,
                device=self.device_here(),
                progress=progress,
            )
        screen = cache.for_screen(look, photo.metadata.icc)
        return SettledLook(photo, edits, Pyramid.of(screen, source.picture.size), look)


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
    quiet = True
    photo: Picture
    operator: str = ""

    def run(self, cache: RenderCache, progress: Progress) -> LookThumbnail:
        look = OPERATORS[self.operator](cache.thumbnail(self.photo))
        screen = cache.for_screen(np.asarray(look, np.uint8), self.photo.metadata.icc)
        return LookThumbnail(self.photo, self.operator, screen)


@dataclass(frozen=True, eq=False, kw_only=True)
class FullLook(LookRequest):
    """The look at full size in sRGB, for the clipboard."""

    lane = "copy"
    priority = 70

    def run(self, cache: RenderCache, progress: Progress) -> Pixels:
        look = cache.look(self.document, self.device_here(), progress)
        return cache.for_screen(look, self.document.photo.metadata.icc)
