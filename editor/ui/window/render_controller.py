"""Keeps the canvas showing the look of the edit list: draft, preview, then full resolution."""

from __future__ import annotations

from PySide6.QtCore import QObject, QTimer, Signal

from editor.document import Document
from editor.engine.edits import Edit
from editor.engine.geometry import looks_of
from editor.engine.mask_parts import Mask
from editor.files.picture import Picture
from editor.ui.canvas.canvas import Canvas
from editor.ui.panels.looks_panel import LOOKS
from editor.ui.session.session import Session
from editor.ui.session.settings import Settings
from editor.ui.worker.cache import Source
from editor.ui.worker.jobs import Jobs
from editor.ui.worker.look_requests import (
    LookThumbnail,
    Preview,
    PreviewFrame,
    Settle,
    SettledLook,
    Thumbnail,
)
from editor.ui.worker.open_requests import OpenedPhoto, ShownExport
from editor.ui.worker.preview import PREVIEW_EDGE
from editor.ui.worker.pyramid import Pixels
from editor.ui.worker.request import Request
from models.geometry.frame import Frame

_SETTLE_AFTER = 350  # ms without a change until a sharper look is computed
_SHARP_ENOUGH = 1.12
"""Device pixels per preview pixel up to which the preview is not replaced by a sharper look."""


def _looks_act(edits: tuple[Edit, ...]) -> bool:
    return any(e.acts for e in looks_of(edits))


class RenderController(QObject):
    """Asks the worker for looks whenever the session changes and shows what comes back.

    `frame` is the preview that arrived last.

    Signals:
        framed: a preview arrived and is on the canvas.
        thumbnail_ready: operator id, pixels.
        settled: a look at the zoom's full resolution is on the canvas.
        reframed: the photo is shown cropped or turned otherwise: `source`.
    """

    framed = Signal(object)
    thumbnail_ready = Signal(str, object)
    settled = Signal()
    reframed = Signal()

    def __init__(
        self, session: Session, jobs: Jobs, settings: Settings, canvas: Canvas, parent: QObject
    ) -> None:
        super().__init__(parent)
        self._session, self._jobs, self._settings = session, jobs, settings
        self._canvas = canvas
        self.frame: PreviewFrame | None = None
        self.source: Source | None = None
        """What looks are made of, as it is on the canvas; None before the first frame."""
        self._kept: PreviewFrame | None = None
        self._live: tuple[Edit, ...] | None = None
        self._trial: tuple[Edit, ...] | None = None
        self._wanted_mask: Mask | None = None
        self._export: ShownExport | None = None
        self._clipping = False
        self._scale = 0.0
        self._sharp: SettledLook | None = None
        self._thumbnails: list[str] = []
        self._thumbnail_asked = False
        self._timer = QTimer(self, singleShot=True, interval=_SETTLE_AFTER)
        self._timer.timeout.connect(self._settle)
        session.edits_changed.connect(self._edits_changed)
        canvas.view_changed.connect(self._view_changed)
        jobs.finished.connect(self._on_finished)
        jobs.failed.connect(self._on_failed)
        settings.changed.connect(self._setting_changed)

    @property
    def edits(self) -> tuple[Edit, ...]:
        """What is shown: the session's edits, those with the stroke being painted, or a trial."""
        shown = self._trial if self._live is None else self._live
        return self._session.edits if shown is None else shown

    @property
    def sharp_pixels(self) -> Pixels | None:
        """The look at the zoom's full resolution, where it is there for what is shown now."""
        sharp = self._sharp
        return sharp.pixels if sharp is not None and sharp.edits == self.edits else None

    @property
    def shown_pixels(self) -> Pixels:
        """The look on the canvas, as sharp as it is there; the photo itself where no edit acts."""
        photo, frame = self._session.photo, self.frame
        assert photo is not None
        if frame is None or frame.photo is not photo or not _looks_act(frame.edits):
            return self.shown_photo.pixels
        sharp = self.sharp_pixels
        return frame.pixels if sharp is None else sharp

    @property
    def compared_pixels(self) -> Pixels:
        """What *Compare* and \\ show: the photo, or the export that it came out of."""
        photo = self._session.photo
        assert photo is not None
        export = None if self._canvas.export is None else self._export
        return self.shown_photo.pixels if export is None else export.pixels

    @property
    def shown_photo(self) -> Picture:
        """The photo as it is cropped and turned on the canvas. There must be one."""
        photo = self._session.photo
        assert photo is not None
        return photo if self.source is None else self.source.picture

    @property
    def shown_frame(self) -> Frame:
        """What of the photo is on the canvas."""
        photo = self._session.photo
        assert photo is not None
        return Frame.of(*photo.size) if self.source is None else self.source.frame

    def show_photo(self, opened: OpenedPhoto, export: ShownExport | None = None) -> None:
        """Start with another photo. The session already has its document.

        Args:
            export: what it came out of. It is compared with it as long as no edit acts.
        """
        self._clear()
        self._export = export
        self._canvas.set_photo(opened.before)
        self._canvas.set_transparency(opened.clear)
        self._thumbnails, self._thumbnail_asked = list(LOOKS), False
        self.refresh()

    def close_photo(self) -> None:
        """No photo any more."""
        self._clear()
        self._thumbnails = []
        for lane in (Preview.lane, Settle.lane, Thumbnail.lane):
            self._jobs.cancel(lane)
        self._timer.stop()
        self._canvas.set_photo(None)

    def _clear(self) -> None:
        self.frame, self._kept, self._sharp, self._live, self._trial = None, None, None, None, None
        self._export = self.source = None

    def _edits_changed(self) -> None:
        self._trial = None
        self.refresh()

    def show_trial(self, edits: tuple[Edit, ...] | None) -> None:
        """Show what the photo would look like with other edits; None: no longer."""
        if edits == self._trial:
            return
        self._trial = edits
        kept, session = self._kept, self._session
        if (
            self.edits == session.edits
            and kept is not None
            and (kept.photo, kept.edits) == (session.photo, session.edits)
            and self._wanted_mask is None
            and self._clipping == (kept.clipped is not None)
        ):
            self._jobs.cancel(Preview.lane)
            self._show_frame(kept)  # at once; nothing has to be computed
        else:
            self.refresh()

    def show_live(self, edits: tuple[Edit, ...] | None) -> None:
        """Show other edits than the session's for as long as a stroke lasts."""
        self._live = edits
        self.refresh()

    def show_mask(self, mask: Mask | None) -> None:
        """Show where an edit acts; None: nowhere."""
        if mask != self._wanted_mask:
            self._wanted_mask = mask
            if mask is None:
                self._canvas.set_mask(None)
            self.refresh()

    def mark_clipping(self, on: bool) -> None:
        """Mark what is clipped on the picture."""
        self._clipping = on
        if not on:
            self._canvas.set_clipping(None)
        self.refresh()

    def refresh(self) -> None:
        """Ask for a preview of what is wanted now."""
        document = self._session.document
        if document is None or self._canvas.before is None:
            return
        self._jobs.cancel(Settle.lane)
        self._timer.stop()
        self._jobs.submit(self._preview(document, draft_allowed=True))

    def _preview(self, document: Document, *, draft_allowed: bool) -> Preview:
        return Preview(
            document=document.with_edits(self.edits),
            device=self._settings["device"],
            shown_mask=self._wanted_mask,
            clipping=self._clipping,
            draft_allowed=draft_allowed,
        )

    def _setting_changed(self, name: str) -> None:
        if name == "device":  # looks differ a little between devices
            self._sharp = None
            self.refresh()

    # -- what comes back ---------------------------------------------------------------------------

    def _on_finished(self, request: Request, result: object) -> None:
        photo = self._session.photo
        if photo is None:
            return
        if isinstance(result, PreviewFrame) and result.photo is photo:
            self._show_frame(result)
        elif isinstance(result, SettledLook) and result.photo is photo:
            if result.edits == self.edits:
                self._sharp = result
                self._canvas.set_after(result.look)
                self.settled.emit()
        elif isinstance(result, LookThumbnail) and result.photo is photo:
            self.thumbnail_ready.emit(result.operator, result.pixels)
            self._next_thumbnail()

    def _on_failed(self, request: Request, error: BaseException) -> None:
        if isinstance(request, Thumbnail):
            self._next_thumbnail()

    def _show_frame(self, frame: PreviewFrame) -> None:
        if frame.source is not self.source:
            self._reframe(frame.source)
        acting = _looks_act(frame.edits)
        self._canvas.set_export(None if acting or self._export is None else self._export.shown)
        if not acting:
            self._canvas.set_after(None)  # the photo itself, at full resolution
        elif self._sharp is None or self._sharp.edits != frame.edits or not self._sharp_enough():
            self._canvas.set_after(frame.look)
        else:
            self._canvas.set_after(self._sharp.look)
        self._canvas.set_mask(frame.mask if self._wanted_mask is not None else None)
        self._canvas.set_clipping(frame.clipped if self._clipping else None)
        self.frame = frame
        self.framed.emit(frame)
        document = self._session.document
        if frame.edits != self.edits or document is None:
            return
        if frame.draft:
            self._jobs.submit(self._preview(document, draft_allowed=False))
            return
        if frame.edits == self._session.edits:
            self._kept = frame
        self._timer.start()
        if not self._thumbnail_asked:
            self._next_thumbnail()

    def _reframe(self, source: Source) -> None:
        first, self.source = self.source is None, source
        if self._canvas.before is not source.before:
            self._canvas.set_source(source.before)
            self._canvas.set_transparency(source.clear)
        if not first or not source.frame.whole:
            self._canvas.set_trust(None)  # marks are of the whole photo
            self.reframed.emit()

    def _next_thumbnail(self) -> None:
        """Ask for the next look's thumbnail: one at a time, so that everything else goes first."""
        photo = self._session.photo
        self._thumbnail_asked = True
        if self._thumbnails and photo is not None:
            self._jobs.submit(Thumbnail(photo=photo, operator=self._thumbnails.pop(0)))

    # -- full resolution ---------------------------------------------------------------------------

    def _view_changed(self) -> None:
        if self._session.photo is None or self._live is not None:
            return
        scale = self._canvas.view.scale
        # Panning asks for nothing sharper than before, so it does not put it off.
        if scale != self._scale or not self._timer.isActive():
            self._timer.start()
        self._scale = scale

    def _wanted_edge(self) -> int:
        """The long edge that the zoom asks for, in pixels of the whole picture."""
        whole = max(self.shown_photo.size)
        wanted = self._canvas.view.scale * whole
        if wanted > whole * 0.6:
            return whole
        return min(whole, int(wanted) + 1)

    def _sharp_enough(self) -> bool:
        sharp = self._sharp
        if sharp is None or sharp.edits != self.edits:
            return False
        return sharp.look.finest * _SHARP_ENOUGH >= min(1.0, self._canvas.view.scale)

    def _settle(self) -> None:
        document = self._session.document
        if document is None or not _looks_act(self.edits):
            return
        if self._live is not None or self._trial is not None:
            return
        edge, whole = self._wanted_edge(), max(self.shown_photo.size)
        if min(edge, whole) <= PREVIEW_EDGE * _SHARP_ENOUGH and edge < whole:
            return
        if whole <= PREVIEW_EDGE or self._sharp_enough():
            return
        running = self._jobs.running
        if isinstance(running, Settle) and (running.document.edits, running.edge) == (
            self.edits,
            edge,
        ):
            return  # that is being computed already
        self._jobs.submit(
            Settle(
                document=document.with_edits(self.edits),
                device=self._settings["device"],
                edge=edge,
            )
        )
