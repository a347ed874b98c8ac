"""The tone curve over the histogram: points set, moved and taken away by mouse and keys."""

from __future__ import annotations

import numpy as np
from PySide6.QtCore import QCoreApplication, QEvent, QPointF, QRectF, QSize, Qt, Signal
from PySide6.QtGui import (
    QColor,
    QFocusEvent,
    QKeyEvent,
    QMouseEvent,
    QPainter,
    QPaintEvent,
    QPen,
    QPolygonF,
)
from PySide6.QtWidgets import (
    QComboBox,
    QHBoxLayout,
    QPushButton,
    QVBoxLayout,
    QWidget,
)

from editor.engine.edits import Edit
from editor.ui.panels.histogram_view import Curves
from editor.ui.texts.engine_messages import operator_name
from editor.ui.widgets import theme
from editor.ui.widgets.controls import fold_button
from editor.ui.widgets.slider_row import next_gesture
from models.operators import tone_curve
from models.operators.registry import OPERATORS

Points = tuple[float, ...]
"""x and y by turns, 0..1, x rising; see `tone_curve`."""

_REACH = 11.0  # of a point, device-independent pixels
_KEY, _MORE = 0.01, 0.05  # that an arrow key moves a point by; with Shift
_PRECISION = 4  # decimals
_DRAWN = 120  # places along the curve


class CurveEditor(Curves):
    """The curve. It asks for changes and shows what it is given.

    `changed`: points, number of the gesture; what is done in one gesture is one step.
    """

    changed = Signal(object, int)
    shown = 0.35  # the histogram, below the curve

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.points: Points = tone_curve.IDENTITY
        self.selected = 0
        self._dragging, self._gesture = False, 0
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setCursor(Qt.CursorShape.CrossCursor)
        self.setAccessibleName(operator_name("tone-curve"))
        self.setToolTip(
            self.tr(
                "Click to add a point, drag it, double-click to take it away.\n"
                "Keys: Page Up and Page Down choose a point, arrows move it, Insert and Delete."
            )
        )

    def sizeHint(self) -> QSize:
        return QSize(200, 168)

    def show_points(self, points: Points) -> None:
        """Another curve."""
        if points != self.points:
            self.points = points
            self.selected = min(self.selected, len(points) // 2 - 1)
            self.update()
        self._describe()

    # -- places ------------------------------------------------------------------------------------

    @property
    def _area(self) -> QRectF:
        return QRectF(self.rect()).adjusted(7, 7, -7, -7)

    def place_of(self, x: float, y: float) -> QPointF:
        """A tone and what it becomes, on the widget."""
        area = self._area
        return QPointF(area.left() + x * area.width(), area.bottom() - y * area.height())

    def _tones_at(self, place: QPointF) -> tuple[float, float]:
        area = self._area
        x = (place.x() - area.left()) / area.width()
        y = (area.bottom() - place.y()) / area.height()
        return min(max(x, 0.0), 1.0), min(max(y, 0.0), 1.0)

    def _near(self, place: QPointF) -> int | None:
        """The point at a place."""
        away = [
            (QPointF(self.place_of(*point) - place).manhattanLength(), i)
            for i, point in enumerate(self._pairs())
        ]
        distance, nearest = min(away)
        return nearest if distance <= 1.4 * _REACH else None

    def _pairs(self) -> list[tuple[float, float]]:
        return list(zip(self.points[::2], self.points[1::2], strict=True))

    # -- changes -----------------------------------------------------------------------------------

    def _begin_gesture(self) -> None:
        self._gesture = next_gesture()

    def _put(self, pairs: list[tuple[float, float]], selected: int) -> None:
        points = tuple(round(v, _PRECISION) for pair in pairs for v in pair)
        self.selected = selected
        if points != self.points:
            self.points = points
            self.changed.emit(points, self._gesture)
        self._describe()
        self.update()

    def move_selected(self, x: float, y: float) -> None:
        """Put the selected point elsewhere, between its neighbours."""
        pairs, at = self._pairs(), self.selected
        low = pairs[at - 1][0] + tone_curve.CLOSEST if at > 0 else 0.0
        high = pairs[at + 1][0] - tone_curve.CLOSEST if at + 1 < len(pairs) else 1.0
        pairs[at] = (min(max(x, low), high), min(max(y, 0.0), 1.0))
        self._put(pairs, at)

    def add(self, x: float, y: float) -> bool:
        """A new point, selected, where there is room. Returns whether there was."""
        pairs = self._pairs()
        if len(pairs) >= tone_curve.MOST_POINTS:
            return False
        if any(abs(x - there) < tone_curve.CLOSEST for there, _ in pairs):
            return False
        pairs.append((x, y))
        pairs.sort()
        self._put(pairs, pairs.index((x, y)))
        return True

    def remove(self, at: int) -> None:
        """Take a point away; the ends go back to their corners."""
        pairs = self._pairs()
        if 0 < at < len(pairs) - 1:
            self._put([*pairs[:at], *pairs[at + 1 :]], at - 1)
        else:
            pairs[at] = (0.0, 0.0) if at == 0 else (1.0, 1.0)
            self._put(pairs, at)

    # -- mouse and keys ----------------------------------------------------------------------------

    def mousePressEvent(self, event: QMouseEvent) -> None:
        if event.button() != Qt.MouseButton.LeftButton:
            return
        self._begin_gesture()
        near = self._near(event.position())
        if near is not None:
            self.selected, self._dragging = near, True
            self._describe()
            self.update()
        else:
            self._dragging = self.add(*self._tones_at(event.position()))

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        if self._dragging:
            self.move_selected(*self._tones_at(event.position()))

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        self._dragging = False

    def mouseDoubleClickEvent(self, event: QMouseEvent) -> None:
        near = self._near(event.position())
        if near is not None and event.button() == Qt.MouseButton.LeftButton:
            self._begin_gesture()
            self.remove(near)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        key, count = event.key(), len(self.points) // 2
        more = event.modifiers() & Qt.KeyboardModifier.ShiftModifier
        step = _MORE if more else _KEY
        arrows = {
            Qt.Key.Key_Left: (-step, 0.0),
            Qt.Key.Key_Right: (step, 0.0),
            Qt.Key.Key_Up: (0.0, step),
            Qt.Key.Key_Down: (0.0, -step),
        }
        x, y = self._pairs()[self.selected]
        if key in (Qt.Key.Key_PageUp, Qt.Key.Key_PageDown):
            by = 1 if key == Qt.Key.Key_PageUp else -1
            self.selected = min(max(self.selected + by, 0), count - 1)
            self._describe()
            self.update()
            return
        if not event.isAutoRepeat():
            self._begin_gesture()
        if key in arrows:
            dx, dy = arrows[Qt.Key(key)]
            self.move_selected(x + dx, y + dy)
        elif key in (Qt.Key.Key_Delete, Qt.Key.Key_Backspace):
            self.remove(self.selected)
        elif key == Qt.Key.Key_Insert:
            at = min(self.selected, count - 2)
            middle = (self.points[2 * at] + self.points[2 * at + 2]) / 2
            self.add(middle, float(tone_curve.curve(self.points, np.array([middle]))[0]))
        else:
            super().keyPressEvent(event)

    def event(self, event: QEvent) -> bool:
        """Keys that shortcuts have too belong to the curve while it has the focus."""
        override = event.type() == QEvent.Type.ShortcutOverride and isinstance(event, QKeyEvent)
        if override and event.key() == Qt.Key.Key_Delete:  # type: ignore[attr-defined]
            event.accept()
            return True
        return super().event(event)

    def focusInEvent(self, event: QFocusEvent) -> None:
        super().focusInEvent(event)
        self.update()

    def focusOutEvent(self, event: QFocusEvent) -> None:
        super().focusOutEvent(event)
        self.update()

    def _describe(self) -> None:
        x, y = self._pairs()[self.selected]
        self.setAccessibleDescription(
            self.tr("Point {number} of {count}: {before} becomes {after}").format(
                number=self.selected + 1,
                count=len(self.points) // 2,
                before=round(255 * x),
                after=round(255 * y),
            )
        )

    # -- drawing -----------------------------------------------------------------------------------

    def paintEvent(self, event: QPaintEvent) -> None:
        super().paintEvent(event)
        colours, painter = theme.current(), QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        muted = QColor(colours.muted)
        muted.setAlpha(110)
        painter.setPen(QPen(muted, 1, Qt.PenStyle.DotLine))
        painter.drawLine(self.place_of(0, 0), self.place_of(1, 1))
        tones = np.linspace(0, 1, _DRAWN)
        line = QPolygonF(
            [
                self.place_of(float(x), float(y))
                for x, y in zip(tones, tone_curve.curve(self.points, tones), strict=True)
            ]
        )
        painter.setBrush(Qt.BrushStyle.NoBrush)
        for name, width in ((colours.canvas, 4.0), (colours.text, 1.8)):
            painter.setPen(QPen(QColor(name), width))
            painter.drawPolyline(line)
        for i, point in enumerate(self._pairs()):
            chosen = i == self.selected and self.hasFocus()
            painter.setPen(QPen(QColor(colours.text), 1.2))
            painter.setBrush(QColor(colours.accent if chosen else colours.raised))
            painter.drawEllipse(self.place_of(*point), 4.5, 4.5)


class CurveGroup(QWidget):
    """The curve with what it acts on, folded out or away like the groups of sliders.

    Signals:
        changed: points, number of the gesture.
        channels_wanted: of `tone_curve`.
        reset_wanted: no curve.
        toggled: folded out or away.
    """

    changed = Signal(object, int)
    channels_wanted = Signal(str)
    reset_wanted = Signal()
    toggled = Signal(bool)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        name = operator_name("tone-curve")
        self.head = fold_button(name)
        summary = OPERATORS["tone-curve"].summary
        self.head.setToolTip(QCoreApplication.translate("Operators", summary))
        self.reset = QPushButton(self.tr("Reset"))
        self.reset.setObjectName("small")
        self.reset.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        self.reset.setAccessibleName(self.tr("{name}: reset").format(name=name))
        self.reset.clicked.connect(lambda: self.reset_wanted.emit())
        self.editor = CurveEditor()
        self.editor.changed.connect(self.changed)
        self.channels = QComboBox()
        self.channels.setAccessibleName(self.tr("What the curve acts on"))
        self.channels.addItem(self.tr("RGB, hue kept"), tone_curve.RGB)
        self.channels.addItem(self.tr("Luminance only"), tone_curve.LUMINANCE)
        self.channels.activated.connect(
            lambda _: self.channels_wanted.emit(str(self.channels.currentData()))
        )
        row = QHBoxLayout()
        row.setContentsMargins(0, 0, 0, 0)
        row.addWidget(self.head)
        row.addStretch(1)
        row.addWidget(self.reset)
        self.body = QWidget()
        inner = QVBoxLayout(self.body)
        inner.setContentsMargins(0, 0, 0, 2)
        inner.setSpacing(4)
        inner.addWidget(self.editor)
        inner.addWidget(self.channels)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(1)
        layout.addLayout(row)
        layout.addWidget(self.body)
        self.head.toggled.connect(self._fold)
        self._fold(False)

    def show_edit(self, edit: Edit | None, *, photo: bool) -> None:
        """The edit that the curve changes, or none. `photo`: whether one is open."""
        points = tone_curve.IDENTITY if edit is None else edit.setting("points")
        assert isinstance(points, tuple)
        self.editor.show_points(points)
        channels = tone_curve.RGB if edit is None else edit.setting("channels")
        self.channels.setCurrentIndex(self.channels.findData(channels))
        for widget in (self.editor, self.channels, self.reset):
            widget.setEnabled(photo)

    def unfold(self, on: bool) -> None:
        """Show the curve, or only the heading."""
        self.head.setChecked(on)

    def _fold(self, on: bool) -> None:
        self.body.setVisible(on)
        self.reset.setVisible(on)
        arrow = Qt.ArrowType.DownArrow if on else Qt.ArrowType.RightArrow
        self.head.setArrowType(arrow)
        self.toggled.emit(on)
