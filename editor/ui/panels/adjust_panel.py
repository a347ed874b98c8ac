"""The right panel: histogram, exposure, the edit list, the selected edit and the brush."""

from __future__ import annotations

from functools import partial

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import (
    QCheckBox,
    QHBoxLayout,
    QLabel,
    QPushButton,
    QSizePolicy,
    QVBoxLayout,
    QWidget,
)

from editor.engine.edits import Edit
from editor.engine.geometry import is_geometry
from editor.ui.panels.crop_panel import CropPanel
from editor.ui.panels.curve_panel import CurveGroup
from editor.ui.panels.edits_panel import ROW_HEIGHT, EditList
from editor.ui.panels.histogram_view import HistogramView
from editor.ui.panels.slider_group import GROUPS, SliderGroup
from editor.ui.session.undo_commands import slider_index
from editor.ui.texts.engine_messages import operator_name
from editor.ui.widgets.controls import heading, line, scrolled
from editor.ui.widgets.slider_row import SliderRow
from models.operators.registry import OPERATORS

WIDTH = 286
_FEWEST_ROWS = 7
"""So many rows of the edit list are seen, and as many more as the window has room for."""


class SelectedEdit(QWidget):
    """The sliders of the selected edit."""

    strength_changed = Signal(float, int)
    unmask_wanted = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.strength = SliderRow(
            self.tr("Strength"),
            tip=self.tr("How strongly the selected edit acts. Double-click: its usual strength."),
        )
        self.whole = QPushButton(self.tr("Apply everywhere"))
        self.whole.setToolTip(
            self.tr("Take the painted mask away: the edit acts on the whole photo")
        )
        self.whole.clicked.connect(lambda: self.unmask_wanted.emit())
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(2)
        layout.addWidget(self.strength)
        layout.addWidget(self.whole, 0, Qt.AlignmentFlag.AlignLeft)
        self.strength.changed.connect(self.strength_changed)
        self._operator = ""

    def show_edit(self, edit: Edit | None) -> None:
        """The selected edit; greyed out without one."""
        if edit is not None and is_geometry(edit):
            edit = None  # the crop tool changes it
        self.setVisible(edit is not None)
        if edit is None:
            self._operator = ""
            return
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
        self.whole.setVisible(edit.mask is not None)


class BrushPanel(QWidget):
    """The brush's settings."""

    changed = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.diameter = SliderRow(
            self.tr("Size"), low=0.002, high=0.4, neutral=0.002, default=0.06, decimals=1,
            tip=self.tr("Diameter of the brush, in percent of the photo's long edge ( [ and ] )"),
        )  # fmt: skip
        self.softness = SliderRow(
            self.tr("Softness"),
            default=0.5,
            tip=self.tr("How soft its edge is ( Shift+[ and Shift+] )"),
        )
        self.strength = SliderRow(
            self.tr("Brush strength"),
            default=1.0,
            tip=self.tr("How much a stroke lets through (keys 1 to 9, and 0 for all)"),
        )
        self.erase = QCheckBox(self.tr("Erase (X)"))
        self.erase.setToolTip(self.tr("Strokes take away instead of adding"))
        self.overlay = QCheckBox(self.tr("Overlay (O)"))
        self.overlay.setToolTip(self.tr("Show where the selected edit acts, in red"))
        self.stay = QCheckBox(self.tr("Stay on skin"))
        self.stay.setToolTip(
            self.tr(
                "New strokes keep to the colours they are painted on, along the photo's edges (K). "
                "What is painted already stays as it is."
            )
        )
        self.hint = QLabel(self.tr("Paint over skin to smooth it."))
        self.hint.setObjectName("muted")
        self.hint.setWordWrap(True)
        toggles = QHBoxLayout()
        toggles.setSpacing(14)
        toggles.addWidget(self.erase)
        toggles.addWidget(self.overlay)
        toggles.addStretch(1)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(2)
        layout.addWidget(heading(self.tr("Retouch brush")))
        layout.addWidget(self.hint)
        for row in (self.diameter, self.softness, self.strength):
            layout.addWidget(row)
            row.changed.connect(lambda *_: self.changed.emit())
        layout.addLayout(toggles)
        layout.addWidget(self.stay)
        for box in (self.erase, self.overlay, self.stay):
            box.toggled.connect(lambda _: self.changed.emit())

    def show_target(self, edit: Edit | None) -> None:
        """Tell what the next stroke paints."""
        if edit is None:
            text = self.tr("Paint over skin to smooth it.")
        else:
            text = self.tr("Strokes paint where “{name}” acts.").format(
                name=operator_name(edit.operator)
            )
        self.hint.setText(text)


class AdjustPanel(QWidget):
    """Everything on the right of the canvas."""

    slider_changed = Signal(str, float, int)
    auto_wanted = Signal(str)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("right")
        self.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        self.histogram = HistogramView()
        self.exposure = SliderRow(
            self.tr("Exposure"),
            low=-3.0,
            high=3.0,
            neutral=0.0,
            shown_as=1.0,
            decimals=2,
            suffix=" EV",
            tip=self.tr(
                "Brighten or darken in stops; highlights roll off and the original stays in the "
                "export. Double-click: 0 EV."
            ),
        )
        self.groups = {name: SliderGroup(name) for name in GROUPS}
        self.sliders: dict[str, SliderRow] = {"exposure": self.exposure}
        for name, group in self.groups.items():
            self.sliders |= group.sliders
            group.auto_wanted.connect(partial(self.auto_wanted.emit, name))
            group.toggled.connect(lambda _: self._fit_list())
        for operator, row in self.sliders.items():
            row.changed.connect(partial(self.slider_changed.emit, operator))
        self.curve = CurveGroup()
        self.curve.toggled.connect(lambda _: self._fit_list())
        self.edits = EditList()
        self.no_edits = QLabel(
            self.tr("None yet: click a look, move Exposure, or press B to paint.")
        )
        self.no_edits.setObjectName("muted")
        self.no_edits.setWordWrap(True)
        self.selected = SelectedEdit()
        self.brush = BrushPanel()
        self.crop = CropPanel()
        self._content = content = QWidget()
        content.setObjectName("panel")
        layout = QVBoxLayout(content)
        layout.setContentsMargins(12, 10, 12, 10)
        layout.setSpacing(7)
        layout.addWidget(self.histogram)
        layout.addWidget(line())
        layout.addWidget(self.crop)
        layout.addWidget(self.exposure)
        for name, group in self.groups.items():
            layout.addWidget(group)
            if name == "light":
                layout.addWidget(self.curve)
        layout.addWidget(line())
        layout.addWidget(heading(self.tr("Edits")))
        layout.addWidget(self.no_edits)
        layout.addWidget(self.edits)
        layout.addWidget(self.selected)
        self.brush_line = line()
        layout.addWidget(self.brush_line)
        layout.addWidget(self.brush)
        layout.addStretch(1)
        outer = QVBoxLayout(self)
        outer.setContentsMargins(1, 0, 0, 0)
        self._scroll = scrolled(content)
        outer.addWidget(self._scroll)
        self.edits.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self.setFixedWidth(WIDTH)
        self.crop.hide()
        self.show_brush(False)
        self.show_edits((), -1, False)

    def show_edits(self, edits: tuple[Edit, ...], selected: int, photo: bool) -> None:
        """The session's edits. `photo`: whether one is open."""
        self.edits.show_edits(edits, selected)
        self.edits.setVisible(bool(edits))
        self.no_edits.setVisible(not edits)
        chosen = edits[selected] if 0 <= selected < len(edits) else None
        own_slider = chosen is not None and slider_index(edits, chosen.operator) == selected
        own_slider = own_slider and chosen is not None and chosen.operator in self.sliders
        self.selected.show_edit(None if own_slider else chosen)
        for operator, row in self.sliders.items():
            at = slider_index(edits, operator)
            row.setEnabled(photo)
            row.set_value(OPERATORS[operator].neutral if at is None else edits[at].strength)
        for group in self.groups.values():
            group.auto.setEnabled(photo)
            group.pick.setEnabled(photo)
        at = slider_index(edits, "tone-curve")
        self.curve.show_edit(None if at is None else edits[at], photo=photo)
        self._fit_list()
        self.brush.show_target(chosen if chosen is not None and chosen.mask is not None else None)

    def show_brush(self, on: bool) -> None:
        """Whether the brush is in hand: its settings take the place of the groups of sliders."""
        for group in (*self.groups.values(), self.curve):
            group.setVisible(not on)
        self.brush.setVisible(on)
        self.brush_line.setVisible(on)
        self._fit_list()

    def show_crop(self, on: bool) -> None:
        """Whether a crop is being set: its settings take the place of the sliders."""
        for widget in (self.exposure, *self.groups.values(), self.curve):
            widget.setVisible(not on)
        self.crop.setVisible(on)
        self._fit_list()

    def _fit_list(self) -> None:
        """The list takes the room there is, before it scrolls."""
        count = self.edits.count()
        layout = self._content.layout()
        if layout is None or not count:
            return
        layout.activate()
        others = layout.minimumSize().height() - self.edits.height()
        room = self._scroll.viewport().height() - others
        rows = min(count, max(_FEWEST_ROWS, room // ROW_HEIGHT))
        height = ROW_HEIGHT * rows + 2
        if self.edits.height() != height:
            self.edits.setFixedHeight(height)

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._fit_list()
