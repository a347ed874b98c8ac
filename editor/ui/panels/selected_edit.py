"""What the right panel offers for the selected edit: its strength, and the way to its mask."""

from __future__ import annotations

from functools import partial

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QHBoxLayout, QMenu, QPushButton, QVBoxLayout, QWidget

from editor.engine.edits import Edit
from editor.engine.geometry import is_geometry
from editor.ui.panels.mask_panel import BRUSH, LINEAR, RADIAL, part_icon, part_name
from editor.ui.texts.engine_messages import operator_name
from editor.ui.widgets.slider_row import SliderRow
from models.operators.registry import OPERATORS


class SelectedEdit(QWidget):
    """The slider of the selected edit, unless it has one elsewhere, and the buttons of its mask.

    `add` is for whoever shows this to place; there is no room for a row of its own.

    Signals:
        strength_changed: the value and the number of the gesture.
        mask_wanted: a mask of that kind for the edit.
        masking_wanted: work on the mask it has.
        unmask_wanted: take the mask away.
    """

    strength_changed = Signal(float, int)
    mask_wanted = Signal(str)
    masking_wanted = Signal()
    unmask_wanted = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.strength = SliderRow(
            self.tr("Strength"),
            tip=self.tr("How strongly the selected edit acts. Double-click: its usual strength."),
        )
        self.add = QPushButton(self.tr("Add mask"))
        self.add.setToolTip(self.tr("Let the selected edit act on a part of the photo only"))
        self.menu = QMenu(self)
        for kind in (BRUSH, LINEAR, RADIAL):
            action = self.menu.addAction(part_icon(kind), part_name(kind))
            action.triggered.connect(partial(self.mask_wanted.emit, kind))
        self.add.setMenu(self.menu)
        self.change = QPushButton(self.tr("Change mask"))
        self.change.setToolTip(self.tr("Paint, move or combine where the selected edit acts"))
        self.change.clicked.connect(lambda: self.masking_wanted.emit())
        self.whole = QPushButton(self.tr("Apply everywhere"))
        self.whole.setToolTip(self.tr("Take the mask away: the edit acts on the whole photo"))
        self.whole.clicked.connect(lambda: self.unmask_wanted.emit())
        buttons = QHBoxLayout()
        buttons.setSpacing(6)
        self.add.setObjectName("small")
        for button in (self.change, self.whole):
            button.setObjectName("small")
            buttons.addWidget(button)
        buttons.addStretch(1)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(4)
        layout.addWidget(self.strength)
        layout.addLayout(buttons)
        self.strength.changed.connect(self.strength_changed)
        self._operator = ""
        self._masked = self._masking = False

    def show_edit(self, edit: Edit | None, *, own_slider: bool) -> None:
        """The selected edit; hidden without one.

        Args:
            own_slider: its strength has a slider elsewhere.
        """
        if edit is not None and is_geometry(edit):
            edit = None  # the crop tool changes it
        self.setVisible(edit is not None)
        if edit is None:
            self._operator = ""
            self._show_buttons()
            return
        self.strength.setVisible(not own_slider)
        op = OPERATORS[edit.operator]
        if edit.operator != self._operator:
            self._operator = edit.operator
            stops = op.in_stops
            self.strength.set_scale(
                op.minimum,
                op.maximum,
                op.neutral,
                op.neutral if op.minimum < 0 else op.default_strength,
                2 if stops else 0,
                " EV" if stops else " %",
                1.0 if stops else 100.0,
            )
            self.strength.set_name(
                self.tr("{name}: strength").format(name=operator_name(edit.operator))
            )
        self.strength.set_value(edit.strength)
        self._masked = edit.mask is not None
        self._show_buttons()

    def show_masking(self, on: bool) -> None:
        """Whether the mask is being worked on: then another panel has the buttons."""
        self._masking = on
        self._show_buttons()

    def _show_buttons(self) -> None:
        self.add.setVisible(bool(self._operator) and not self._masked and not self._masking)
        self.change.setVisible(self._masked and not self._masking)
        self.whole.setVisible(self._masked)
