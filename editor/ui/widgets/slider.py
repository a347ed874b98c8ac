"""A slider that is filled from its neutral value."""

from __future__ import annotations

from PySide6.QtCore import QEvent, QPointF, QRectF, QSize, Qt, Signal
from PySide6.QtGui import QColor, QMouseEvent, QPainter, QPaintEvent, QPen, QWheelEvent
from PySide6.QtWidgets import QAbstractSlider, QSizePolicy, QWidget

from editor.ui.widgets import theme

STEPS = 1000


class Slider(QAbstractSlider):
    """A slider whose bar is filled from its neutral place, and which jumps to a click."""

    reset_wanted = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setOrientation(Qt.Orientation.Horizontal)
        self.setRange(0, STEPS)
        self.setSingleStep(STEPS // 100)
        self.setPageStep(STEPS // 10)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self.neutral = 0
        self._hovered = False

    def sizeHint(self) -> QSize:
        return QSize(120, 22)

    def minimumSizeHint(self) -> QSize:
        return QSize(60, 22)

    def _x(self, value: float) -> float:
        return 8 + (self.width() - 16) * value / STEPS

    def paintEvent(self, event: QPaintEvent) -> None:
        colours, painter = theme.current(), QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        middle, enabled = self.height() / 2, self.isEnabled()
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(QColor(colours.border))
        painter.drawRoundedRect(QRectF(8, middle - 1.5, self.width() - 16, 3), 1.5, 1.5)
        x, zero = self._x(self.sliderPosition()), self._x(self.neutral)
        if enabled:
            painter.setBrush(QColor(colours.accent))
            painter.drawRoundedRect(QRectF(min(x, zero), middle - 1.5, abs(x - zero), 3), 1.5, 1.5)
        if 0 < self.neutral < STEPS:
            painter.setBrush(QColor(colours.muted))
            painter.drawRect(QRectF(zero - 0.75, middle - 5, 1.5, 10))
        knob = QColor(colours.accent if enabled else colours.border)
        if self.hasFocus():
            ring = QColor(colours.accent)
            ring.setAlphaF(0.3)
            painter.setBrush(ring)
            painter.drawEllipse(QPointF(x, middle), 9, 9)
        painter.setBrush(knob)
        painter.setPen(QPen(QColor(colours.panel), 1.5))
        radius = 7 if self._hovered or self.isSliderDown() else 6.5
        painter.drawEllipse(QPointF(x, middle), radius, radius)

    def _value_at(self, x: float) -> int:
        return round((x - 8) / max(1, self.width() - 16) * STEPS)

    def mousePressEvent(self, event: QMouseEvent) -> None:
        if event.button() == Qt.MouseButton.LeftButton:
            self.setSliderDown(True)
            self.setSliderPosition(self._value_at(event.position().x()))

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        if self.isSliderDown():
            self.setSliderPosition(self._value_at(event.position().x()))

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        if event.button() == Qt.MouseButton.LeftButton:
            self.setSliderDown(False)

    def mouseDoubleClickEvent(self, event: QMouseEvent) -> None:
        self.setSliderDown(False)
        self.reset_wanted.emit()

    def wheelEvent(self, event: QWheelEvent) -> None:
        if self.hasFocus():  # else scrolling a panel would change the photo
            super().wheelEvent(event)
        else:
            event.ignore()

    def sliderChange(self, change: QAbstractSlider.SliderChange) -> None:
        super().sliderChange(change)
        self.update()

    def event(self, event: QEvent) -> bool:
        if event.type() in (QEvent.Type.HoverEnter, QEvent.Type.Enter):
            self._hovered = True
            self.update()
        elif event.type() in (QEvent.Type.HoverLeave, QEvent.Type.Leave):
            self._hovered = False
            self.update()
        return super().event(event)
