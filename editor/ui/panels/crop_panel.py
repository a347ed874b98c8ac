"""The crop tool's settings: ratio, straightening, turns and mirrors."""

from __future__ import annotations

from PySide6.QtCore import QSize, Qt, Signal, SignalInstance
from PySide6.QtWidgets import (
    QComboBox,
    QHBoxLayout,
    QLabel,
    QPushButton,
    QToolButton,
    QVBoxLayout,
    QWidget,
)

from editor.ui.widgets import theme
from editor.ui.widgets.controls import heading
from editor.ui.widgets.slider_row import SliderRow
from models.geometry.steps import FREE, ORIGINAL

RATIOS = ("1:1", "5:4", "4:3", "3:2", "16:9")
"""Of landscapes; swapped for portraits."""


def swapped(ratio: str) -> str:
    """A ratio on its side; the others as they are."""
    width, colon, height = ratio.partition(":")
    return f"{height}:{width}" if colon else ratio


class CropPanel(QWidget):
    """Shows what it is told and asks for changes.

    Signals:
        ratio_wanted: ``free``, ``original`` or a ratio such as ``3:2``.
        swap_wanted: the ratio on its side.
        angle_wanted: degrees, number of the gesture.
        turn_wanted: quarters clockwise.
        mirror_wanted: whether top and bottom change places.
        line_wanted: a line along the horizon is to be drawn, or no longer.
        reset_wanted, cancel_wanted, done_wanted: as the buttons say.
    """

    ratio_wanted = Signal(str)
    swap_wanted = Signal()
    angle_wanted = Signal(float, int)
    turn_wanted = Signal(int)
    mirror_wanted = Signal(bool)
    line_wanted = Signal(bool)
    reset_wanted = Signal()
    cancel_wanted = Signal()
    done_wanted = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.ratio = QComboBox()
        self.ratio.setAccessibleName(self.tr("Ratio of the crop"))
        self.ratio.setToolTip(self.tr("Width to height of what is left of the photo"))
        self.ratio.addItem(self.tr("Free"), FREE)
        self.ratio.addItem(self.tr("Original ratio"), ORIGINAL)
        for ratio in RATIOS:
            self.ratio.addItem(ratio.replace(":", " : "), ratio)
        self.ratio.activated.connect(lambda _: self.ratio_wanted.emit(self._chosen()))
        self.swap = QPushButton(self.tr("Swap"))
        self.swap.setObjectName("small")
        self.swap.setToolTip(self.tr("Portrait or landscape (X)"))
        self.swap.clicked.connect(lambda: self.swap_wanted.emit())
        self.angle = SliderRow(
            self.tr("Straighten"),
            low=-45,
            high=45,
            shown_as=1.0,
            decimals=1,
            suffix="°",
            tip=self.tr("Turn the photo by some degrees. Double-click: 0°."),
        )
        self.angle.changed.connect(self.angle_wanted)
        self.line = QPushButton(self.tr("Draw the horizon"))
        self.line.setObjectName("small")
        self.line.setCheckable(True)
        self.line.setToolTip(
            self.tr("Draw a line along what should be level, or upright: the photo turns to it")
        )
        self.line.toggled.connect(self.line_wanted)
        left, right, across, down = (QToolButton() for _ in range(4))
        self.tools = (
            (left, "rotate-ccw", self.tr("Turn left"), "Shift+T"),
            (right, "rotate-cw", self.tr("Turn right"), "T"),
            (across, "flip-horizontal", self.tr("Mirror left and right"), "Shift+M"),
            (down, "flip-vertical", self.tr("Mirror top and bottom"), ""),
        )
        left.clicked.connect(lambda: self.turn_wanted.emit(-1))
        right.clicked.connect(lambda: self.turn_wanted.emit(1))
        across.clicked.connect(lambda: self.mirror_wanted.emit(False))
        down.clicked.connect(lambda: self.mirror_wanted.emit(True))
        self.size_left = QLabel()
        self.size_left.setObjectName("muted")
        self.reset, self.cancel, self.done = (
            QPushButton(text) for text in (self.tr("Reset"), self.tr("Cancel"), self.tr("Done"))
        )
        self.done.setObjectName("primary")
        self.done.setToolTip(self.tr("Crop the photo (Return)"))
        self.cancel.setToolTip(self.tr("Leave the photo as it was (Escape)"))
        self.reset.setToolTip(self.tr("The whole photo again"))
        wanted: tuple[tuple[QPushButton, SignalInstance], ...] = (
            (self.reset, self.reset_wanted),
            (self.cancel, self.cancel_wanted),
            (self.done, self.done_wanted),
        )
        for button, signal in wanted:
            button.clicked.connect(lambda _=False, s=signal: s.emit())
        self._lay_out()
        self.refresh()

    def _lay_out(self) -> None:
        top, tools, end = QHBoxLayout(), QHBoxLayout(), QHBoxLayout()
        top.addWidget(self.ratio, 1)
        top.addWidget(self.swap)
        for button, _, name, keys in self.tools:
            button.setIconSize(QSize(18, 18))
            button.setFocusPolicy(Qt.FocusPolicy.TabFocus)
            button.setAccessibleName(name)
            button.setToolTip(f"{name} ({keys})" if keys else name)
            tools.addWidget(button)
        tools.addStretch(1)
        tools.addWidget(self.line)
        for last in (self.reset, self.cancel, self.done):
            end.addWidget(last)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(6)
        layout.addWidget(heading(self.tr("Crop and straighten")))
        layout.addLayout(top)
        layout.addWidget(self.angle)
        layout.addLayout(tools)
        layout.addWidget(self.size_left)
        layout.addLayout(end)

    def refresh(self) -> None:
        """Draw the icons in the theme's colours."""
        for button, icon, _, _ in self.tools:
            button.setIcon(theme.icon(icon))

    def _chosen(self) -> str:
        return str(self.ratio.currentData())

    def show_crop(self, ratio: str, angle: float, size: tuple[int, int]) -> None:
        """What is set: the ratio's name, degrees, and the width and height that are left."""
        at = self.ratio.findData(ratio)
        if at < 0:
            at = self.ratio.findData(swapped(ratio))
            if at < 0:
                self.ratio.addItem(ratio.replace(":", " : "), ratio)
                at = self.ratio.count() - 1
            else:
                self.ratio.setItemText(at, ratio.replace(":", " : "))
                self.ratio.setItemData(at, ratio)
        elif ":" in ratio:
            self.ratio.setItemText(at, ratio.replace(":", " : "))
        self.ratio.setCurrentIndex(at)
        self.swap.setEnabled(ratio not in (FREE,))
        self.angle.set_value(angle)
        self.size_left.setText(
            self.tr("{width} × {height} pixels").format(width=size[0], height=size[1])
        )
