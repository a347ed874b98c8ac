"""The canvas: a picture view that takes mouse, keys and pen, and is painted on."""

from __future__ import annotations

from PySide6.QtCore import QEvent, Qt, Signal
from PySide6.QtGui import (
    QColor,
    QEnterEvent,
    QKeyEvent,
    QMouseEvent,
    QNativeGestureEvent,
    QPainter,
    QPaintEvent,
    QTabletEvent,
    QWheelEvent,
)
from PySide6.QtWidgets import QWidget

from editor.ui.canvas import painting
from editor.ui.canvas.crop_tool import CropTool
from editor.ui.canvas.gradient_painting import draw_gradient
from editor.ui.canvas.handles import Handles
from editor.ui.canvas.input import CanvasInput, Tool
from editor.ui.canvas.picture_view import PictureView
from editor.ui.canvas.strokes import Strokes
from editor.ui.widgets import theme
from editor.ui.worker.pyramid import Pyramid


class Canvas(PictureView):
    """`CanvasInput` decides what events mean, `strokes` collects what is painted, `handles` shape a
    gradient.

    `hovered`: picture coordinates under the cursor, or None when it left.
    """

    hovered = Signal(object)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setMouseTracking(True)
        self.setTabletTracking(True)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setAccessibleName(self.tr("Photo"))
        self.setMinimumSize(200, 160)
        self.strokes = Strokes(self)
        self.strokes.changed.connect(self.update)
        self.handles = Handles(self)
        self.handles.changed.connect(self.update)
        self.crop = CropTool(self)
        self.crop.changed.connect(self.update)
        self._input = CanvasInput(self, self.strokes, self.handles, self.crop)

    def set_photo(self, before: Pyramid | None) -> None:
        self.strokes.forget()
        self.handles.forget()
        super().set_photo(before)

    def set_tool(self, tool: Tool) -> None:
        """Choose what the left button does."""
        self.strokes.cancel()
        self.handles.cancel()
        self._input.tool = tool
        self._input.update_cursor()
        self.update()

    @property
    def tool(self) -> Tool:
        """What the left button does."""
        return self._input.tool

    def give_up(self) -> bool:
        """Give up what is being painted or dragged; returns whether there was something."""
        busy = self.strokes.active or self.handles.active
        self.strokes.cancel()
        self.handles.cancel()
        return busy

    def zoom_step(self, direction: int) -> None:
        """The next zoom step in or out, at the cursor if it is over the canvas."""
        self.set_view(self.view.stepped(direction, self.to_device(self._input.cursor)))

    # -- events ------------------------------------------------------------------------------------

    def paintEvent(self, event: QPaintEvent) -> None:
        if self._input.tool == Tool.CROP and self.after is not None and self.crop.shows(self.after):
            shown = self.before if self.holding_before else self.after
            assert shown is not None
            background = QColor(theme.current().canvas)
            self.crop.paint(QPainter(self), self.placement, shown, background)
            return
        super().paintEvent(event)
        if self.before is None or self.tool not in (Tool.BRUSH, Tool.GRADIENT):
            return
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        if self.tool == Tool.GRADIENT:
            draw_gradient(painter, self.placement, self.handles)
            return
        cursor = None if self._input.panning else self._input.cursor
        painting.draw_brush(painter, self.placement, self.strokes, cursor)

    def event(self, event: QEvent) -> bool:
        if isinstance(event, QNativeGestureEvent):
            return self._input.gesture(event)
        return super().event(event)

    def wheelEvent(self, event: QWheelEvent) -> None:
        if self.before is not None:
            self._input.wheel(event)

    def mousePressEvent(self, event: QMouseEvent) -> None:
        if self.before is not None:
            self._input.press(event)

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        self._input.move(event)
        if self.before is not None:
            self.hovered.emit(self.to_picture(event.position()))

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        self._input.release(event)

    def mouseDoubleClickEvent(self, event: QMouseEvent) -> None:
        if self.before is not None:
            self._input.double_click(event)

    def tabletEvent(self, event: QTabletEvent) -> None:
        event.setAccepted(self.before is not None and self._input.tablet(event))
        if event.isAccepted() and event.type() == QEvent.Type.TabletMove:
            self.hovered.emit(self.to_picture(event.position()))

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if not self._input.key_press(event):
            super().keyPressEvent(event)

    def keyReleaseEvent(self, event: QKeyEvent) -> None:
        if not self._input.key_release(event):
            super().keyReleaseEvent(event)

    def focusOutEvent(self, event: QEvent) -> None:
        self._input.focus_lost()

    def enterEvent(self, event: QEnterEvent) -> None:
        self._input.cursor = event.position()
        self.update()

    def leaveEvent(self, event: QEvent) -> None:
        self._input.cursor = None
        self.hovered.emit(None)
        self.update()
