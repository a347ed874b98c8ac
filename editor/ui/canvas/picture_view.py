"""A photo and its look on the screen: zoomed, panned, compared, with overlays."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import QCoreApplication, QEvent, QPointF, QRectF, Qt, Signal
from PySide6.QtGui import QColor, QImage, QPainter, QPaintEvent, QResizeEvent
from PySide6.QtWidgets import QWidget

from editor.ui.canvas import overlays, painting
from editor.ui.canvas.placement import Placement
from editor.ui.canvas.viewport import View
from editor.ui.widgets import qimages, theme
from editor.ui.worker.pyramid import Pyramid

translate = QCoreApplication.translate

_MARGIN = 18
_REMEMBERED = 0.03  # the compare bar comes back at least this far from the picture's edges


class PictureView(QWidget):
    """Shows a photo (`before`) and its look (`after`). `painting` draws it.

    Signals:
        view_changed: zoom or place changed.
        before_shown: whether the unedited photo is shown alone.
        picked: a place was clicked with the picker, in pixels of the picture.
    """

    view_changed = Signal()
    before_shown = Signal(bool)
    picked = Signal(float, float)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setAttribute(Qt.WidgetAttribute.WA_OpaquePaintEvent)
        self.before: Pyramid | None = None
        self.after: Pyramid | None = None
        self.export: Pyramid | None = None
        self.view = View()
        self._split: float | None = None
        self._split_place = 0.5
        self._holding_before = False
        self._mask: QImage | None = None
        self._clipping: QImage | None = None
        self._transparency: QImage | None = None
        self._trust: overlays.TrustMarks | None = None

    # -- what is shown -----------------------------------------------------------------------------

    def set_photo(self, before: Pyramid | None) -> None:
        """Another photo, fitted; its look is itself until `set_after`."""
        self.before = self.after = before
        self._mask = self._clipping = self._transparency = self.export = None
        if before is not None:
            self.view = View(viewport=self._viewport(), margin=self._margin()).of(before.size)
        self.view_changed.emit()
        self.update()

    def set_source(self, before: Pyramid) -> None:
        """The same photo, cropped or turned otherwise; fitted where its size is another."""
        self.before = self.after = before
        self._mask = self._clipping = self._transparency = self.export = None
        if before.size != self.view.picture:
            self.view = self.view.of(before.size)
            self.view_changed.emit()
        self.update()

    def set_after(self, after: Pyramid | None) -> None:
        """Another look of the same photo; None for the photo itself."""
        self.after = after or self.before
        self.update()

    def set_transparency(self, clear: NDArray[np.uint8] | None) -> None:
        """How much of a chequerboard shows through, H x W uint8, 0 opaque; None: nowhere."""
        self._transparency = None if clear is None else qimages.from_alpha(clear)
        self.update()

    def set_mask(self, weights: NDArray[np.uint8] | None) -> None:
        """Where an edit acts, H x W uint8, shown as a red veil; None for no veil."""
        self._mask = None if weights is None else overlays.mask_veil(weights)
        self.update()

    def set_clipping(self, kinds: NDArray[np.uint8] | None) -> None:
        """A clipping map to mark on the picture; None for no marks."""
        self._clipping = None if kinds is None else overlays.clipping_marks(kinds)
        self.update()

    def set_export(self, export: Pyramid | None) -> None:
        """Compare with this picture, the export that the photo came out of; None: with the photo.

        It is of the photo's size.
        """
        if export is not self.export:
            self.export = export
            self.update()

    def set_trust(self, trust: NDArray[np.uint8] | None) -> None:
        """How far each square of 16 pixels can be trusted, marked with a legend; None: no marks."""
        self._trust = None
        if trust is not None and self.before is not None:
            self._trust = overlays.trust_marks(trust, self.before.size)
        self.update()

    @property
    def marks_of_trust(self) -> overlays.TrustMarks | None:
        """The marks that `set_trust` made."""
        return self._trust

    # -- comparing ---------------------------------------------------------------------------------

    @property
    def split(self) -> float | None:
        """Share of the visible picture's width left of the compare bar; None: no comparison."""
        return self._split

    @property
    def split_x(self) -> float | None:
        """Where the compare bar is drawn, in widget coordinates; None: it is not."""
        if self._split is None or self._holding_before:
            return None
        return self.placement.split_x(self._split)

    @property
    def split_place(self) -> float:
        """Where the compare bar was last, away from the very edges: there it comes back."""
        return self._split_place

    def set_split(self, share: float | None) -> None:
        """Show the photo left of the bar and the look right of it."""
        self._split = None if share is None else min(max(share, 0.0), 1.0)
        if share is not None:
            self._split_place = min(max(share, _REMEMBERED), 1 - _REMEMBERED)
        self.update()

    def show_before(self, on: bool) -> None:
        """Show the unedited photo for as long as this is on."""
        if on != self._holding_before:
            self._holding_before = on
            self.update()
            self.before_shown.emit(on)

    @property
    def holding_before(self) -> bool:
        """Whether the unedited photo is shown alone."""
        return self._holding_before

    def shows_photo_at(self, x: float) -> bool:
        """Whether the unedited photo shows at a column of the picture (in its pixels)."""
        bar = self.split_x
        return self._holding_before or (bar is not None and self.to_widget(x, 0).x() < bar)

    # -- zoom --------------------------------------------------------------------------------------

    def fit(self) -> None:
        """Show the whole picture."""
        self.set_view(self.view.fit())

    def zoom_to(self, scale: float, at: QPointF | None = None) -> None:
        """Zoom to device pixels per picture pixel (1 is 100 %)."""
        self.set_view(self.view.zoomed(scale, self.to_device(at)))

    def pan(self, dx: float, dy: float) -> None:
        """Move the picture by device pixels."""
        self.set_view(self.view.panned(dx, dy))

    def set_view(self, view: View) -> None:
        """Show the picture at another zoom or place."""
        if self.before is None or view == self.view:
            return
        self.view = view
        self.view_changed.emit()
        self.update()

    def _viewport(self) -> tuple[int, int]:
        ratio = self.devicePixelRatioF()
        return max(1, round(self.width() * ratio)), max(1, round(self.height() * ratio))

    def _margin(self) -> int:
        return round(_MARGIN * self.devicePixelRatioF())

    def to_device(self, at: QPointF | None) -> tuple[float, float] | None:
        """Widget coordinates to device pixels."""
        ratio = self.devicePixelRatioF()
        return None if at is None else (at.x() * ratio, at.y() * ratio)

    @property
    def placement(self) -> Placement:
        """Where the picture lies on the canvas now."""
        return Placement(self.view, self.devicePixelRatioF(), QRectF(self.rect()))

    def to_picture(self, at: QPointF) -> tuple[float, float]:
        """Widget coordinates to picture pixels."""
        return self.placement.to_picture(at)

    def to_widget(self, x: float, y: float) -> QPointF:
        """Picture pixels to widget coordinates."""
        return self.placement.to_widget(x, y)

    # -- events ------------------------------------------------------------------------------------

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.fillRect(self.rect(), QColor(theme.current().canvas))
        if self.before is None or self.after is None:
            return
        if self.export is None:
            names = translate("Canvas", "Before"), translate("Canvas", "After")
        else:
            names = translate("Canvas", "Export"), translate("Canvas", "Original")
        scene = painting.Scene(
            self.export or self.before,
            self.after,
            self._split,
            self._holding_before,
            self._transparency,
            tuple(image for image in (self._clipping, self._mask) if image is not None),
            names,
            self._trust,
        )
        painting.draw_scene(painter, self.placement, scene)

    def resizeEvent(self, event: QResizeEvent) -> None:
        self.view = self.view.resized(self._viewport())
        self.view_changed.emit()

    def event(self, event: QEvent) -> bool:
        if event.type() == QEvent.Type.DevicePixelRatioChange and self.before is not None:
            self.view = self.view.resized(self._viewport())
        return super().event(event)
