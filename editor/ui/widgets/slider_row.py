"""A named value: a number to type over and a slider below."""

from __future__ import annotations

import itertools

from PySide6.QtCore import Qt, QTimer, Signal
from PySide6.QtGui import QKeyEvent, QValidator, QWheelEvent
from PySide6.QtWidgets import QDoubleSpinBox, QHBoxLayout, QVBoxLayout, QWidget

from editor.ui.texts.language import MINUS, with_minus
from editor.ui.widgets.controls import ElidedLabel
from editor.ui.widgets.slider import STEPS, Slider

_NARROW = 48  # width of the number in a row of one line
_GESTURE_PAUSE = 700  # ms without a change that end a gesture of keys or wheel


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
        text = with_minus(super().textFromValue(value))
        return "+" + text if self.minimum() < 0 < value else text

    def valueFromText(self, text: str) -> float:
        return super().valueFromText(self._plain(text))

    def validate(self, text: str, at: int) -> tuple[QValidator.State, str, int]:
        """A minus sign is as good as the hyphen that keyboards have."""
        state, _, place = super().validate(self._plain(text), at)
        return state, text, place

    def _plain(self, text: str) -> str:
        return text.replace(MINUS, self.locale().negativeSign())

    def keyPressEvent(self, event: QKeyEvent) -> None:
        super().keyPressEvent(event)
        if event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            self.selectAll()


_gestures = itertools.count(1)


def next_gesture() -> int:
    """The number of a gesture that begins: no other one has it."""
    return next(_gestures)


class SliderRow(QWidget):
    """A name, a number and a slider below, or all in one line.

    `changed` carries the new value and the number of the gesture it belongs to: one drag, or a run
    of key presses, is one gesture.
    """

    changed = Signal(float, int)

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
        one_line: bool = False,
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(parent)
        self.label, self.box, self.slider = ElidedLabel(), ValueBox(), Slider()
        head = QHBoxLayout()
        head.setContentsMargins(0, 0, 0, 0)
        if one_line:
            self.box.setFixedWidth(_NARROW)
            head.addWidget(self.label, 4)
            head.addWidget(self.slider, 5)
            head.addWidget(self.box)
            self.setLayout(head)
        else:
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
        self.setToolTip(tip)
        self.set_name(name)
        self.label.setBuddy(self.box)
        self.set_scale(low, high, neutral, default, decimals, suffix, shown_as)
        self.slider.valueChanged.connect(self._slid)
        self.slider.sliderPressed.connect(self._begin_gesture)
        self.slider.sliderReleased.connect(self._end_gesture)
        self.slider.reset_wanted.connect(self.reset)
        self.box.valueChanged.connect(self._typed)

    def set_name(self, name: str) -> None:
        """What the control is called."""
        self.label.show_text(name, self.toolTip())
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
        return round((value - self._low) / (self._high - self._low) * STEPS)

    def _slid(self, position: int) -> None:
        value = self._low + (self._high - self._low) * position / STEPS
        near = self._low + (self._high - self._low) * self.slider.neutral / STEPS
        if 0 < self.slider.neutral < STEPS and abs(position - self.slider.neutral) <= 8:
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
        self._gesture = next_gesture()
        self._timer.stop()

    def _end_gesture(self) -> None:
        self._timer.stop()
        self._gesture = None
