"""The right panel: histogram, exposure, the edit list, the selected edit and its mask."""

from __future__ import annotations

from functools import partial

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QHBoxLayout, QLabel, QSizePolicy, QVBoxLayout, QWidget

from editor.engine.edits import Edit
from editor.ui.panels.crop_panel import CropPanel
from editor.ui.panels.curve_panel import CurveGroup
from editor.ui.panels.edits_panel import ROW_HEIGHT, EditList
from editor.ui.panels.histogram_view import HistogramView
from editor.ui.panels.history_panel import HistoryPanel
from editor.ui.panels.mask_panel import MaskPanel
from editor.ui.panels.selected_edit import SelectedEdit
from editor.ui.panels.slider_group import GROUPS, SliderGroup
from editor.ui.session.undo_commands import slider_index
from editor.ui.widgets.controls import heading, line, scrolled
from editor.ui.widgets.slider_row import SliderRow
from models.operators.registry import OPERATORS

WIDTH = 286
_FEWEST_ROWS = 7
"""So many rows of the edit list are seen, and as many more as the window has room for."""


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
        self.masking = MaskPanel()
        self.brush = self.masking.brush
        self.crop = CropPanel()
        self._content = content = QWidget()
        content.setObjectName("panel")
        layout = QVBoxLayout(content)
        layout.setContentsMargins(12, 10, 12, 10)
        layout.setSpacing(6)
        layout.addWidget(self.histogram)
        layout.addWidget(line())
        layout.addWidget(self.crop)
        layout.addWidget(self.exposure)
        for name, group in self.groups.items():
            layout.addWidget(group)
            if name == "light":
                layout.addWidget(self.curve)
        layout.addWidget(line())
        title = QHBoxLayout()
        title.addWidget(heading(self.tr("Edits")))
        title.addStretch(1)
        title.addWidget(self.selected.add)
        layout.addLayout(title)
        layout.addWidget(self.no_edits)
        layout.addWidget(self.edits)
        layout.addWidget(self.selected)
        self.mask_line = line()
        layout.addWidget(self.mask_line)
        layout.addWidget(self.masking)
        layout.addStretch(1)
        outer = QVBoxLayout(self)
        outer.setContentsMargins(1, 0, 0, 0)
        self._scroll = scrolled(content)
        outer.addWidget(self._scroll)
        self.history = HistoryPanel()
        self.history.hide()
        outer.addWidget(self.history)
        self.edits.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self.setFixedWidth(WIDTH)
        self.crop.hide()
        self.show_masking(False)
        self.show_edits((), -1, False)

    def show_edits(self, edits: tuple[Edit, ...], selected: int, photo: bool) -> None:
        """The session's edits. `photo`: whether one is open."""
        self.edits.show_edits(edits, selected)
        self.edits.setVisible(bool(edits))
        self.no_edits.setVisible(not edits)
        chosen = edits[selected] if 0 <= selected < len(edits) else None
        own_slider = chosen is not None and slider_index(edits, chosen.operator) == selected
        own_slider = own_slider and chosen is not None and chosen.operator in self.sliders
        self.selected.show_edit(chosen, own_slider=own_slider)
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

    def show_masking(self, on: bool) -> None:
        """Whether a mask is worked on: its panel takes the place of the groups of sliders."""
        for group in (*self.groups.values(), self.curve):
            group.setVisible(not on)
        self.masking.setVisible(on)
        self.mask_line.setVisible(on)
        self.selected.show_masking(on)
        self._fit_list()

    def show_crop(self, on: bool) -> None:
        """Whether a crop is being set: its settings take the place of the sliders."""
        masking = self.masking.isVisibleTo(self)
        self.exposure.setVisible(not on)
        for group in (*self.groups.values(), self.curve):
            group.setVisible(not on and not masking)
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
