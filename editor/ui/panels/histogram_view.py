"""The histogram, and what of the picture is clipped: by the camera, and by the edits."""

from __future__ import annotations

import numpy as np
from PySide6.QtCore import QPointF, QRectF, QSize, Qt, Signal
from PySide6.QtGui import QColor, QPainter, QPaintEvent, QPolygonF
from PySide6.QtWidgets import (
    QAbstractButton,
    QHBoxLayout,
    QSizePolicy,
    QVBoxLayout,
    QWidget,
)

from editor.ui.texts.language import number
from editor.ui.widgets import theme
from editor.ui.widgets.controls import ElidedLabel
from editor.ui.worker.preview import Histogram

_NOTICEABLE = 0.0005
"""Share of the pixels from which clipping is worth a warning."""

_SMOOTHING = np.array([1, 4, 6, 4, 1]) / 16  # binomial

_CHANNELS = ("#d9534c", "#4fa85b", "#4a82d4")
_CHANNELS_ON_WHITE = ("#ffaaa5", "#a8e0af", "#a9c6f7")


class Curves(QWidget):
    """The three curves. `shown`: how strongly, 0..1."""

    shown = 1.0

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._heights: np.ndarray | None = None
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self.setAccessibleName(self.tr("Histogram"))

    def sizeHint(self) -> QSize:
        return QSize(200, 78)

    def show_counts(self, counts: np.ndarray | None) -> None:
        """3 x 256 pixel counts, or nothing."""
        if counts is None:
            self._heights = None
        else:
            # The ends hold what is clipped; they must not flatten the rest.
            # Smoothed: stretching 8-bit levels leaves gaps that say nothing of the picture.
            smooth = np.stack([np.convolve(c, _SMOOTHING, "same") for c in counts[:, 1:255]])
            top = max(1.0, float(smooth.max()))
            heights = np.concatenate([counts[:, :1], smooth, counts[:, 255:]], axis=1)
            self._heights = np.minimum(1.0, np.sqrt(heights / top))
        self.update()

    def paintEvent(self, event: QPaintEvent) -> None:
        colours, painter = theme.current(), QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        area = QRectF(self.rect()).adjusted(0.5, 0.5, -0.5, -0.5)
        painter.setPen(QColor(colours.border))
        painter.setBrush(QColor(colours.canvas if colours.name == "dark" else colours.raised))
        painter.drawRoundedRect(area, 5, 5)
        inner = area.adjusted(3, 4, -3, -2)
        painter.setPen(QColor(colours.border))
        for quarter in (0.25, 0.5, 0.75):
            x = inner.left() + inner.width() * quarter
            painter.drawLine(QPointF(x, inner.top()), QPointF(x, inner.bottom()))
        if self._heights is None:
            return
        dark = colours.name == "dark"
        mode = QPainter.CompositionMode
        painter.setCompositionMode(
            mode.CompositionMode_Screen if dark else mode.CompositionMode_Multiply
        )
        painter.setOpacity(self.shown)
        painter.setPen(Qt.PenStyle.NoPen)
        for channel, name in enumerate(_CHANNELS if dark else _CHANNELS_ON_WHITE):
            shape = QPolygonF([inner.bottomLeft()])
            for level in range(256):
                x = inner.left() + inner.width() * level / 255
                shape.append(
                    QPointF(x, inner.bottom() - inner.height() * self._heights[channel, level])
                )
            shape.append(inner.bottomRight())
            painter.setBrush(QColor(name))
            painter.drawPolygon(shape)


class ClippingButton(QAbstractButton):
    """A triangle that lights up when something is clipped; pressed, the picture is marked."""

    def __init__(self, shadows: bool, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._shadows = shadows
        self._state = ""
        self.setCheckable(True)
        self.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        self.setFixedSize(22, 18)

    def set_state(self, state: str) -> None:
        """`source`, `edit` or nothing."""
        if state != self._state:
            self._state = state
            self.update()

    def paintEvent(self, event: QPaintEvent) -> None:
        colours, painter = theme.current(), QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        fill = {"edit": colours.error, "source": "#c678dd"}.get(self._state, colours.border)
        area = QRectF(self.rect()).adjusted(5, 4, -5, -4)
        shape = QPolygonF([area.bottomLeft(), area.bottomRight()])
        shape.append(QPointF(area.center().x(), area.top()))
        if self._shadows:
            shape = QPolygonF([area.topLeft(), area.topRight()])
            shape.append(QPointF(area.center().x(), area.bottom()))
        painter.setPen(Qt.PenStyle.NoPen)
        if self.isChecked() or self.hasFocus():
            painter.setBrush(QColor(colours.raised))
            painter.drawRoundedRect(QRectF(self.rect()), 4, 4)
        painter.setBrush(QColor(fill))
        painter.drawPolygon(shape)


class HistogramView(QWidget):
    """Curves, clipping warnings and their words. `marks_wanted`: show clipping on the picture."""

    marks_wanted = Signal(bool)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.curves = Curves()
        self.low, self.high = ClippingButton(True), ClippingButton(False)
        self.words = ElidedLabel()  # long words must not widen the panel
        self.words.setObjectName("muted")
        self.words.setAlignment(Qt.AlignmentFlag.AlignCenter)
        small = self.words.font()
        small.setPointSizeF(small.pointSizeF() * 0.9)
        self.words.setFont(small)
        for button in (self.low, self.high):
            button.clicked.connect(self.marks_wanted)
        below = QHBoxLayout()
        below.setContentsMargins(0, 0, 0, 0)
        below.addWidget(self.low)
        below.addWidget(self.words, 1)
        below.addWidget(self.high)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(2)
        layout.addWidget(self.curves)
        layout.addLayout(below)
        self.show_histogram(None)

    def set_marks(self, on: bool) -> None:
        """Whether clipping is marked on the picture."""
        self.low.setChecked(on)
        self.high.setChecked(on)

    def show_histogram(self, shown: Histogram | None) -> None:
        """Another histogram, or none."""
        self.curves.show_counts(None if shown is None else shown.counts)
        if shown is None:
            self.words.show_text("")
            for button in (self.low, self.high):
                button.set_state("")
                button.setToolTip("")
            return
        self._tell(
            self.low, self.tr("Shadows"), self.tr("shadows"), shown.source_low, shown.edit_low
        )
        self._tell(
            self.high,
            self.tr("Highlights"),
            self.tr("highlights"),
            shown.source_high,
            shown.edit_high,
        )
        self.words.show_text(self._summary(shown))

    def _summary(self, shown: Histogram) -> str:
        edited = max(shown.edit_high, shown.edit_low)
        source = max(shown.source_high, shown.source_low)
        if edited >= _NOTICEABLE:
            which = self.tr("highlights") if edited == shown.edit_high else self.tr("shadows")
            return self.tr("{share} % {which} clipped by edits").format(
                share=_percent(edited), which=which
            )
        if source >= _NOTICEABLE:
            which = self.tr("highlights") if source == shown.source_high else self.tr("shadows")
            return self.tr("{share} % {which} clipped in the photo").format(
                share=_percent(source), which=which
            )
        return self.tr("No clipping")

    def _tell(
        self, button: ClippingButton, name: str, which: str, source: float, edit: float
    ) -> None:
        state = "edit" if edit >= _NOTICEABLE else "source" if source >= _NOTICEABLE else ""
        button.set_state(state)
        tip = self.tr(
            "{name}: {edit} % clipped by the edits, {source} % in the photo already.\n"
            "Click to mark the clipped {which} on the picture (J)."
        ).format(name=name, edit=_percent(edit), source=_percent(source), which=which)
        button.setToolTip(tip)
        button.setAccessibleName(self.tr("Clipped {which}").format(which=which))
        button.setAccessibleDescription(tip)


def _percent(share: float) -> str:
    percent = share * 100
    if percent < 0.05:
        return "0"
    return number(percent, 0 if percent >= 10 else 1)
