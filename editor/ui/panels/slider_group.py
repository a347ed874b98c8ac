"""A group of sliders of light and colour, that can be folded away."""

from __future__ import annotations

from PySide6.QtCore import QCoreApplication, Qt, Signal
from PySide6.QtWidgets import QHBoxLayout, QPushButton, QVBoxLayout, QWidget

from editor.ui.texts.engine_messages import operator_name
from editor.ui.widgets.controls import fold_button
from editor.ui.widgets.slider_row import SliderRow
from models.operators.registry import OPERATORS

GROUPS = {"light": "Light", "colour": "Colour", "finish": "Finish"}
"""Families of operators with sliders of their own, in the order of the panel."""

AUTOMATIC = ("light", "colour")
"""Groups that can be set automatically."""


class SliderGroup(QWidget):
    """A heading that folds, and a slider for each operator of a family.

    Signals:
        toggled: it is folded out (True) or away.
        auto_wanted: set the sliders automatically.
        pick_wanted: the switch of the white balance's picker.
    """

    toggled = Signal(bool)
    auto_wanted = Signal()
    pick_wanted = Signal(bool)

    def __init__(self, family: str, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        title = QCoreApplication.translate("Operators", GROUPS[family])
        self.head = fold_button(title)
        self.head.setToolTip(self.tr("Fold this group out or away"))
        row = QHBoxLayout()
        row.setContentsMargins(0, 0, 0, 0)
        row.addWidget(self.head)
        row.addStretch(1)
        self.pick = QPushButton(self.tr("Pick"))
        self.pick.setCheckable(True)
        self.pick.setToolTip(self.tr("Click on something grey or white: it becomes neutral"))
        self.pick.setAccessibleName(self.tr("Pick the white balance"))
        self.pick.toggled.connect(self.pick_wanted)
        self.auto = QPushButton(self.tr("Auto"))
        self.auto.setToolTip(self.tr("Set these sliders from what is in the photo"))
        self.auto.setAccessibleName(self.tr("{group}: automatic").format(group=title))
        self.auto.clicked.connect(lambda: self.auto_wanted.emit())
        for button, there in ((self.pick, family == "colour"), (self.auto, family in AUTOMATIC)):
            button.setObjectName("small")
            button.setFocusPolicy(Qt.FocusPolicy.TabFocus)
            button.setVisible(there)
            row.addWidget(button)
        self.body = QWidget()
        inner = QVBoxLayout(self.body)
        inner.setContentsMargins(0, 0, 0, 2)
        inner.setSpacing(0)
        self.sliders: dict[str, SliderRow] = {}
        for op in OPERATORS.values():
            if op.family == family:
                summary = QCoreApplication.translate("Operators", op.summary)
                slider = SliderRow(
                    operator_name(op.id),
                    low=op.minimum,
                    high=op.maximum,
                    neutral=op.neutral,
                    suffix="",
                    tip=self.tr("{summary} Double-click: 0.").format(summary=summary),
                    one_line=True,
                )
                self.sliders[op.id] = slider
                inner.addWidget(slider)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(1)
        layout.addLayout(row)
        layout.addWidget(self.body)
        self.head.toggled.connect(self._fold)
        self._fold(False)

    def unfold(self, on: bool) -> None:
        """Show the sliders, or only the heading."""
        self.head.setChecked(on)

    def _fold(self, on: bool) -> None:
        self.body.setVisible(on)
        arrow = Qt.ArrowType.DownArrow if on else Qt.ArrowType.RightArrow
        self.head.setArrowType(arrow)
        self.toggled.emit(on)
