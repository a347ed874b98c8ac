"""The crop tool on the canvas: the rectangle with its handles, a grid of thirds, a horizon line."""

from __future__ import annotations

import math

from PySide6.QtCore import QObject, QPointF, QRectF, Qt, Signal
from PySide6.QtGui import QColor, QPainter, QPainterPath, QPen

from editor.ui.canvas import painting
from editor.ui.canvas.crop_box import BOTTOM, HANDLES, LEFT, MOVE, RIGHT, TOP, CropBox
from editor.ui.canvas.placement import Placement
from editor.ui.worker.pyramid import Pyramid

_REACH = 14  # of a handle, device-independent pixels
_SHORTEST = 12  # horizon, device-independent pixels
_KEY, _MORE = 1.0, 10.0  # device-independent pixels that an arrow key moves by; with Ctrl

CURSORS = {
    frozenset({LEFT, TOP}): Qt.CursorShape.SizeFDiagCursor,
    frozenset({RIGHT, BOTTOM}): Qt.CursorShape.SizeFDiagCursor,
    frozenset({RIGHT, TOP}): Qt.CursorShape.SizeBDiagCursor,
    frozenset({LEFT, BOTTOM}): Qt.CursorShape.SizeBDiagCursor,
    frozenset({LEFT}): Qt.CursorShape.SizeHorCursor,
    frozenset({RIGHT}): Qt.CursorShape.SizeHorCursor,
    frozenset({TOP}): Qt.CursorShape.SizeVerCursor,
    frozenset({BOTTOM}): Qt.CursorShape.SizeVerCursor,
    MOVE: Qt.CursorShape.SizeAllCursor,
}


class CropTool(QObject):
    """What is set, and how it is dragged. Coordinates are the widget's.

    Signals:
        changed: the user set another rectangle: `box`.
        line_drawn: along a horizon, or an upright edge; how far the photo has to turn, in degrees.
        finished: Return was pressed, or the rectangle was double-clicked.
        swap_wanted: between portrait and landscape.
    """

    changed = Signal()
    line_drawn = Signal(float)
    finished = Signal()
    swap_wanted = Signal()

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self.box: CropBox | None = None
        self.drawing_line = False
        self._start: tuple[QPointF, CropBox, frozenset[str]] | None = None
        self._line: tuple[QPointF, QPointF] | None = None

    @property
    def dragging(self) -> bool:
        """Whether the button is down."""
        return self._start is not None or self._line is not None

    def shows(self, picture: Pyramid | None) -> bool:
        """Whether a picture is the turned photo that the rectangle is on."""
        return self.box is not None and picture is not None and picture.size == self.box.size

    # -- mouse and keys ----------------------------------------------------------------------------

    def at(self, placement: Placement, place: QPointF) -> frozenset[str] | None:
        """What a place on the canvas is of: the sides that would move; None: nothing."""
        rectangle = self._shown(placement)
        if rectangle is None:
            return None
        near: list[tuple[float, frozenset[str]]] = []
        for sides in HANDLES:
            handle = _handle(rectangle, sides)
            reach_x = _REACH if sides & {LEFT, RIGHT} else rectangle.width() / 2 - _REACH
            reach_y = _REACH if sides & {TOP, BOTTOM} else rectangle.height() / 2 - _REACH
            away = place - handle
            if abs(away.x()) <= max(reach_x, _REACH) and abs(away.y()) <= max(reach_y, _REACH):
                near.append((math.hypot(away.x(), away.y()) if len(sides) == 2 else 1e6, sides))
        if near:
            return min(near, key=lambda pair: pair[0])[1]
        return MOVE if rectangle.contains(place) else None

    def press(self, placement: Placement, place: QPointF) -> bool:
        """Begin to drag, or to draw the line. Returns whether there was something."""
        if self.box is None:
            return False
        if self.drawing_line:
            self._line = (place, place)
            return True
        sides = self.at(placement, place)
        if sides is not None:
            self._start = (place, self.box, sides)
        return sides is not None

    def move(self, placement: Placement, place: QPointF) -> None:
        """Go on with it."""
        if self._line is not None:
            self._line = (self._line[0], place)
        elif self._start is not None:
            start, box, sides = self._start
            scale = placement.view.scale / placement.ratio
            away = (place - start) / scale
            self.box = box.dragged(sides, away.x(), away.y())
            self.changed.emit()

    def release(self) -> None:
        """End it."""
        line, self._line, self._start = self._line, None, None
        if line is None:
            return
        away = line[1] - line[0]
        if math.hypot(away.x(), away.y()) >= _SHORTEST:
            self.line_drawn.emit(levelling(away.x(), away.y()))

    def cancel_drag(self) -> None:
        """Give up what the button began."""
        if self._start is not None:
            self.box = self._start[1]
            self.changed.emit()
        self._start = self._line = None

    def key(self, key: Qt.Key, modifiers: Qt.KeyboardModifier, placement: Placement) -> bool:
        """Arrows move the rectangle, with Shift its lower right corner; Return ends. Returns
        whether the key meant anything."""
        arrows = {
            Qt.Key.Key_Left: (-1, 0),
            Qt.Key.Key_Right: (1, 0),
            Qt.Key.Key_Up: (0, -1),
            Qt.Key.Key_Down: (0, 1),
        }
        if self.box is None:
            return False
        if key in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            self.finished.emit()
        elif key == Qt.Key.Key_X:
            self.swap_wanted.emit()
        elif key in arrows:
            step = _MORE if modifiers & Qt.KeyboardModifier.ControlModifier else _KEY
            step *= placement.ratio / placement.view.scale
            corner = frozenset({RIGHT, BOTTOM})
            sides = corner if modifiers & Qt.KeyboardModifier.ShiftModifier else MOVE
            self.box = self.box.dragged(sides, arrows[key][0] * step, arrows[key][1] * step)
            self.changed.emit()
        else:
            return False
        return True

    # -- drawing -----------------------------------------------------------------------------------

    def paint(
        self, painter: QPainter, placement: Placement, picture: Pyramid, background: QColor
    ) -> None:
        """The photo turned under the rectangle, and what is cropped off darkened."""
        rectangle = self._shown(placement)
        assert self.box is not None
        assert rectangle is not None
        view, ratio = placement.view, placement.ratio
        painter.fillRect(placement.area, background)
        painter.save()
        middle = placement.to_widget(self.box.size[0] / 2, self.box.size[1] / 2)
        painter.translate(middle)
        painter.rotate(self.box.angle)
        painter.translate(-middle)
        painter.scale(1 / ratio, 1 / ratio)
        corner, far = view.to_viewport(0, 0), view.to_viewport(*view.picture)
        painting.draw_picture(painter, placement, picture, QRectF(QPointF(*corner), QPointF(*far)))
        painter.restore()
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        outside = QPainterPath()
        outside.addRect(placement.area)
        inside = QPainterPath()
        inside.addRect(rectangle)
        painter.fillPath(outside.subtracted(inside), QColor(0, 0, 0, 150))
        _draw_grid(painter, rectangle)
        _draw_handles(painter, rectangle)
        if self._line is not None:
            for colour, width in ((QColor(0, 0, 0, 160), 4.0), (QColor(255, 255, 255), 1.6)):
                painter.setPen(QPen(colour, width))
                painter.drawLine(*self._line)

    def _shown(self, placement: Placement) -> QRectF | None:
        if self.box is None:
            return None
        left, top, right, bottom = self.box.rectangle
        return QRectF(placement.to_widget(left, top), placement.to_widget(right, bottom))


def levelling(dx: float, dy: float) -> float:
    """How far a photo has to turn clockwise, in degrees, to make a line level or upright, which of
    the two is nearer."""
    angle = math.degrees(math.atan2(dy, dx))
    return -(angle - 90 * round(angle / 90))


def _handle(rectangle: QRectF, sides: frozenset[str]) -> QPointF:
    middle = rectangle.center()
    x = rectangle.left() if LEFT in sides else rectangle.right() if RIGHT in sides else middle.x()
    y = rectangle.top() if TOP in sides else rectangle.bottom() if BOTTOM in sides else middle.y()
    return QPointF(x, y)


def _draw_grid(painter: QPainter, rectangle: QRectF) -> None:
    for colour, width in ((QColor(0, 0, 0, 90), 2.2), (QColor(255, 255, 255, 130), 1.0)):
        painter.setPen(QPen(colour, width))
        for third in (1 / 3, 2 / 3):
            x = rectangle.left() + rectangle.width() * third
            y = rectangle.top() + rectangle.height() * third
            painter.drawLine(QPointF(x, rectangle.top()), QPointF(x, rectangle.bottom()))
            painter.drawLine(QPointF(rectangle.left(), y), QPointF(rectangle.right(), y))
    painter.setBrush(Qt.BrushStyle.NoBrush)
    for colour, width in ((QColor(0, 0, 0, 120), 3.0), (QColor(255, 255, 255, 235), 1.4)):
        painter.setPen(QPen(colour, width))
        painter.drawRect(rectangle)


def _draw_handles(painter: QPainter, rectangle: QRectF) -> None:
    painter.setPen(QPen(QColor(0, 0, 0, 150), 1))
    painter.setBrush(QColor(255, 255, 255, 240))
    for sides in HANDLES:
        at = _handle(rectangle, sides)
        long, short = 11.0, 5.0
        width = short if sides in ({LEFT}, {RIGHT}) else long
        height = short if sides in ({TOP}, {BOTTOM}) else long
        if len(sides) == 2:
            width = height = 9.0
        painter.drawRect(QRectF(at.x() - width / 2, at.y() - height / 2, width, height))
