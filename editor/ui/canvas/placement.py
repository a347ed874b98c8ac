"""Where the picture lies on the canvas widget, in the widget's coordinates."""

from __future__ import annotations

from dataclasses import dataclass

from PySide6.QtCore import QPointF, QRectF

from editor.ui.canvas.viewport import View


@dataclass(frozen=True)
class Placement:
    """A view on a widget, whose coordinates are device-independent pixels.

    Attributes:
        view: in device pixels.
        ratio: device pixels per device-independent pixel.
        area: the widget.
    """

    view: View
    ratio: float
    area: QRectF

    def to_picture(self, at: QPointF) -> tuple[float, float]:
        """Widget coordinates to picture pixels."""
        return self.view.to_picture(at.x() * self.ratio, at.y() * self.ratio)

    def to_widget(self, x: float, y: float) -> QPointF:
        """Picture pixels to widget coordinates."""
        vx, vy = self.view.to_viewport(x, y)
        return QPointF(vx / self.ratio, vy / self.ratio)

    @property
    def visible(self) -> QRectF:
        """The part of the picture that is on the widget."""
        whole = QRectF(self.to_widget(0, 0), self.to_widget(*self.view.picture))
        return whole.intersected(self.area)

    def split_x(self, share: float) -> float:
        """Where a compare bar stands that leaves this share of the visible picture on its left."""
        shown = self.visible
        return shown.left() + shown.width() * share

    def split_share(self, x: float) -> float:
        """The inverse of `split_x`; may lie outside 0..1."""
        shown = self.visible
        return (x - shown.left()) / max(1.0, shown.width())
