"""Small controls that the panels share."""

from __future__ import annotations

from PySide6.QtCore import QEvent, QPointF, QRectF, QSize, Qt, QTimer, Signal
from PySide6.QtGui import (
    QColor,
    QKeyEvent,
    QMouseEvent,
    QPainter,
    QPaintEvent,
    QPen,
    QResizeEvent,
    QWheelEvent,
)
from PySide6.QtWidgets import (
    QAbstractSlider,
    QDoubleSpinBox,
    QFrame,
    QHBoxLayout,
    QLabel,
    QScrollArea,
    QSizePolicy,
    QVBoxLayout,
    QWidget,
)

from editor.ui.widgets import theme

_STEPS = 1000
_GESTURE_PAUSE = 700  # ms without a change that end a gesture of keys or wheel


class Slider(QAbstractSlider):
    """A slider whose bar is filled from its neutral place, and which jumps to a click."""

    reset_wanted = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setOrientation(Qt.Orientation.Horizontal)
        self.setRange(0, _STEPS)
        self.setSingleStep(_STEPS // 100)
        self.setPageStep(_STEPS // 10)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self.neutral = 0
        self._hovered = False

    def sizeHint(self) -> QSize:
        return QSize(120, 22)

    def minimumSizeHint(self) -> QSize:
        return QSize(60, 22)

    def _x(self, value: float) -> float:
        return 8 + (self.width() - 16) * value / _STEPS

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
        if 0 < self.neutral < _STEPS:
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
        return round((x - 8) / max(1, self.width() - 16) * _STEPS)

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


class ValueBox(QDoubleSpinBox):
    """The number beside a slider, typed over when needed."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("value")
        self.setAlignment(Qt.AlignmentFlag.AlignRight)
        self.setKeyboardTracking(False)
        self.setFixedWidth(78)

    def wheelEvent(self, event: QWheelEvent) -> None:
        event.ignore()

    def textFromValue(self, value: float) -> str:
        text = super().textFromValue(value)
        return "+" + text if self.minimum() < 0 < value else text

    def keyPressEvent(self, event: QKeyEvent) -> None:
        super().keyPressEvent(event)
        if event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            self.selectAll()


class SliderRow(QWidget):
    """A name, a number and a slider below.

    Signals:
        changed: the new value and the number of the gesture it belongs to: one drag, or a run of
            key presses, is one gesture.
        settled: the gesture ended.
    """

    changed = Signal(float, int)
    settled = Signal()
    _gestures = 0

    def __init__(
        self,
        name: str,
        *,
        low: float = 0.0,
        high: float = 1.0,
        neutral: float = 0.0,
        default: float | None = None,
        shown_as: float = 100.0,
        decimals: int = 0,
        suffix: str = " %",
        tip: str = "",
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(parent)
        self.label, self.box, self.slider = QLabel(name), ValueBox(), Slider()
        head = QHBoxLayout()
        head.setContentsMargins(0, 0, 0, 0)
        head.addWidget(self.label, 1)
        head.addWidget(self.box)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(0)
        layout.addLayout(head)
        layout.addWidget(self.slider)
        self._shown_as = shown_as
        self._timer = QTimer(self, singleShot=True, interval=_GESTURE_PAUSE)
        self._timer.timeout.connect(self._end_gesture)
        self._gesture: int | None = None
        self.set_name(name)
        self.setToolTip(tip)
        self.label.setBuddy(self.box)
        self.set_scale(low, high, neutral, default, decimals, suffix, shown_as)
        self.slider.valueChanged.connect(self._slid)
        self.slider.sliderPressed.connect(self._begin_gesture)
        self.slider.sliderReleased.connect(self._end_gesture)
        self.slider.reset_wanted.connect(self.reset)
        self.box.valueChanged.connect(self._typed)

    def set_name(self, name: str) -> None:
        """What the control is called."""
        self.label.setText(name)
        self.slider.setAccessibleName(name)
        self.box.setAccessibleName(name)

    def set_scale(
        self,
        low: float,
        high: float,
        neutral: float,
        default: float | None,
        decimals: int,
        suffix: str,
        shown_as: float,
    ) -> None:
        """Another range, unit and neutral value."""
        self._low, self._high = low, high
        self._default = neutral if default is None else default
        self._shown_as = shown_as
        self.slider.neutral = self._position(neutral)
        blocked = self.box.blockSignals(True)
        self.box.setDecimals(decimals)
        self.box.setSuffix(suffix)
        self.box.setRange(low * shown_as, high * shown_as)
        self.box.setSingleStep(shown_as / 100 if decimals == 0 else 0.1)
        self.box.blockSignals(blocked)
        self.slider.update()

    @property
    def value(self) -> float:
        """The value, not the number shown for it."""
        return self.box.value() / self._shown_as

    def set_value(self, value: float) -> None:
        """Show a value without announcing it."""
        for widget in (self.box, self.slider):
            widget.blockSignals(True)
        self.box.setValue(value * self._shown_as)
        if not self.slider.isSliderDown():
            self.slider.setValue(self._position(value))
        for widget in (self.box, self.slider):
            widget.blockSignals(False)
        self.slider.update()

    def reset(self) -> None:
        """Back to the default, as one gesture."""
        self._end_gesture()
        self._announce(self._default)
        self.set_value(self._default)
        self._end_gesture()

    def nudge(self, value: float) -> None:
        """A value from elsewhere (a key), as part of the running gesture."""
        self._announce(value)
        self.set_value(value)

    def _position(self, value: float) -> int:
        return round((value - self._low) / (self._high - self._low) * _STEPS)

    def _slid(self, position: int) -> None:
        value = self._low + (self._high - self._low) * position / _STEPS
        near = self._low + (self._high - self._low) * self.slider.neutral / _STEPS
        if 0 < self.slider.neutral < _STEPS and abs(position - self.slider.neutral) <= 8:
            value = near  # a little pull towards neutral
        value = round(value * self._shown_as, self.box.decimals()) / self._shown_as
        self._show_number(value)
        self._announce(value)

    def _typed(self, number: float) -> None:
        value = number / self._shown_as
        blocked = self.slider.blockSignals(True)
        self.slider.setValue(self._position(value))
        self.slider.blockSignals(blocked)
        self.slider.update()
        self._announce(value)

    def _show_number(self, value: float) -> None:
        blocked = self.box.blockSignals(True)
        self.box.setValue(value * self._shown_as)
        self.box.blockSignals(blocked)

    def _announce(self, value: float) -> None:
        if self._gesture is None:
            self._begin_gesture()
        assert self._gesture is not None
        if not self.slider.isSliderDown():
            self._timer.start()
        self.changed.emit(min(max(value, self._low), self._high), self._gesture)

    def _begin_gesture(self) -> None:
        SliderRow._gestures += 1
        self._gesture = SliderRow._gestures
        self._timer.stop()

    def _end_gesture(self) -> None:
        self._timer.stop()
        if self._gesture is not None:
            self._gesture = None
            self.settled.emit()


class ElidedLabel(QLabel):
    """A line of text that is shortened in the middle where there is no room for it."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._whole = ""
        self.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Preferred)

    def show_text(self, text: str, tip: str = "") -> None:
        """Another text; the tooltip has all of it."""
        self._whole = text
        self.setToolTip(tip or text)
        self._shorten()

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._shorten()

    def _shorten(self) -> None:
        metrics, room = self.fontMetrics(), self.contentsRect().width()
        self.setText(metrics.elidedText(self._whole, Qt.TextElideMode.ElideMiddle, room))


def heading(text: str) -> QLabel:
    """The title of a section of a panel."""
    label = QLabel(text)
    label.setObjectName("heading")
    return label


def scrolled(content: QWidget) -> QScrollArea:
    """A panel's content, to be scrolled up and down where it is too tall."""
    area = QScrollArea()
    area.setWidget(content)
    area.setWidgetResizable(True)
    area.setFocusPolicy(Qt.FocusPolicy.NoFocus)
    area.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
    return area


def line() -> QFrame:
    """A thin line between sections."""
    frame = QFrame()
    frame.setObjectName("line")
    frame.setFixedHeight(1)
    return frame
