"""The mask of an edit: its parts, and the settings of the selected one."""

from __future__ import annotations

from functools import partial

from PySide6.QtCore import QCoreApplication, QEvent, QSize, Qt, Signal
from PySide6.QtGui import QIcon, QKeyEvent
from PySide6.QtWidgets import (
    QCheckBox,
    QComboBox,
    QHBoxLayout,
    QLabel,
    QListWidget,
    QListWidgetItem,
    QPushButton,
    QToolButton,
    QVBoxLayout,
    QWidget,
)

from editor.engine.edits import Edit
from editor.engine.mask_parts import Brush, How, LinearGradient, MaskPart, RadialGradient
from editor.ui.panels.brush_panel import BrushPanel
from editor.ui.panels.gradient_rows import GradientRows
from editor.ui.session.gradient_numbers import Size
from editor.ui.texts.engine_messages import operator_name
from editor.ui.widgets import theme
from editor.ui.widgets.controls import heading
from editor.ui.widgets.slider_row import SliderRow

translate = QCoreApplication.translate

BRUSH, LINEAR, RADIAL, PICTURE = "brush", "linear", "radial", "picture"
"""Kinds of parts."""

_ICONS = {
    BRUSH: "brush",
    LINEAR: "square-dashed-top-solid",
    RADIAL: "circle-dot-dashed",
    PICTURE: "image",
}
_SIGNS = {How.ADD: "+", How.SUBTRACT: "−", How.INTERSECT: "∩"}
_DELETING = (Qt.Key.Key_Delete, Qt.Key.Key_Backspace)
_ROW = 26
_MOST_ROWS = 4  # seen at once


def part_kind(part: MaskPart) -> str:
    """Which kind of part it is."""
    kinds: dict[type, str] = {Brush: BRUSH, LinearGradient: LINEAR, RadialGradient: RADIAL}
    return kinds.get(type(part.shape), PICTURE)


def part_name(kind: str) -> str:
    """What a kind of part is called."""
    return {
        BRUSH: translate("MaskPanel", "Brush"),
        LINEAR: translate("MaskPanel", "Linear gradient"),
        RADIAL: translate("MaskPanel", "Radial gradient"),
        PICTURE: translate("MaskPanel", "Picture"),
    }[kind]


def part_icon(kind: str) -> QIcon:
    """The icon of a kind of part."""
    return theme.icon(_ICONS[kind])


class PartList(QListWidget):
    """The parts of a mask."""

    delete_wanted = Signal(int)

    def event(self, event: QEvent) -> bool:
        """The key that deletes an edit elsewhere deletes a part here."""
        overrides = event.type() == QEvent.Type.ShortcutOverride and isinstance(event, QKeyEvent)
        if overrides and event.key() in _DELETING:  # type: ignore[attr-defined]
            event.accept()
            return True
        return super().event(event)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() in _DELETING and self.currentRow() >= 0:
            self.delete_wanted.emit(self.currentRow())
        else:
            super().keyPressEvent(event)


class MaskPanel(QWidget):
    """Shows a mask; asks for changes and makes none itself.

    Signals:
        done: no more of masks.
        part_chosen, delete_wanted: index of a part.
        add_wanted: a part of that kind.
        how_changed, inverted_changed: of the selected part.
        opacity_changed: of the selected part, and the gesture.
        number_changed: of the selected gradient, see `GradientRows`.
    """

    done = Signal()
    part_chosen = Signal(int)
    add_wanted = Signal(str)
    delete_wanted = Signal(int)
    how_changed = Signal(object)
    inverted_changed = Signal(bool)
    opacity_changed = Signal(float, int)
    number_changed = Signal(str, float, int)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.hint = QLabel()
        self.hint.setObjectName("muted")
        self.hint.setWordWrap(True)
        self.finish = QPushButton(self.tr("Done"))
        self.finish.setObjectName("small")
        self.finish.setToolTip(self.tr("Put the tools for masks away (Escape)"))
        self.finish.clicked.connect(lambda: self.done.emit())
        self.parts = PartList()
        self.parts.setIconSize(QSize(16, 16))
        self.parts.setAccessibleName(self.tr("Parts of the mask"))
        self.parts.currentRowChanged.connect(self._row_chosen)
        self.parts.delete_wanted.connect(self.delete_wanted)
        self.overlay = QCheckBox(self.tr("Overlay (O)"))
        self.overlay.setToolTip(self.tr("Show where the selected edit acts, in red"))
        self.brush = BrushPanel()
        self.gradient = GradientRows()
        self.gradient.changed.connect(self.number_changed)
        self._shown: tuple[MaskPart, ...] = ()
        self._showing = False
        head = QHBoxLayout()
        head.addWidget(heading(self.tr("Mask")))
        head.addStretch(1)
        head.addWidget(self.finish)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(4)
        layout.addLayout(head)
        layout.addWidget(self.hint)
        layout.addWidget(self.parts)
        layout.addLayout(self._make_tools())
        layout.addWidget(self._make_part())
        layout.addWidget(self.gradient)
        layout.addWidget(self.brush)
        self.show_mask(None, None, (1, 1), painting=False)

    def _make_tools(self) -> QHBoxLayout:
        row = QHBoxLayout()
        row.setSpacing(2)
        self.adders: dict[str, QToolButton] = {}
        for kind in (BRUSH, LINEAR, RADIAL):
            button = self._tool(_ICONS[kind], self.tr("Add: {part}").format(part=part_name(kind)))
            button.clicked.connect(partial(self.add_wanted.emit, kind))
            self.adders[kind] = button
            row.addWidget(button)
        self.bin = self._tool("trash-2", self.tr("Delete the selected part (Del)"))
        self.bin.clicked.connect(lambda: self.delete_wanted.emit(self.parts.currentRow()))
        row.addWidget(self.bin)
        row.addStretch(1)
        row.addWidget(self.overlay)
        return row

    def _tool(self, icon: str, name: str) -> QToolButton:
        button = QToolButton()
        button.setIcon(theme.icon(icon))
        button.setIconSize(QSize(17, 17))
        button.setToolTip(name)
        button.setAccessibleName(name)
        button.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        return button

    def _make_part(self) -> QWidget:
        self.how, self.invert = QComboBox(), QCheckBox(self.tr("Invert"))
        names = {
            How.ADD: self.tr("Add"),
            How.SUBTRACT: self.tr("Subtract"),
            How.INTERSECT: self.tr("Intersect"),
        }
        for how, name in names.items():
            self.how.addItem(name, how)
        self.how.setToolTip(self.tr("How this part goes together with those above it"))
        self.how.setAccessibleName(self.tr("How the part counts"))
        self.how.activated.connect(lambda _: self.how_changed.emit(self.how.currentData()))
        self.invert.setToolTip(self.tr("The part is where its shape is not"))
        self.invert.clicked.connect(self.inverted_changed)
        self.opacity = SliderRow(
            self.tr("Opacity"),
            default=1.0,
            one_line=True,
            tip=self.tr("How much of this part counts"),
        )
        self.opacity.changed.connect(self.opacity_changed)
        row = QHBoxLayout()
        row.setContentsMargins(0, 0, 0, 0)
        row.addWidget(self.how)
        row.addWidget(self.invert)
        row.addStretch(1)
        self.part = QWidget()
        layout = QVBoxLayout(self.part)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(2)
        layout.addLayout(row)
        layout.addWidget(self.opacity)
        return self.part

    # -- what is shown -----------------------------------------------------------------------------

    def show_mask(self, edit: Edit | None, at: int | None, size: Size, *, painting: bool) -> None:
        """The mask of an edit.

        Args:
            edit: None: the brush is in hand, and its next stroke makes a retouching.
            at: the selected part.
            size: width and height of the photo.
            painting: the brush is in hand.
        """
        mask = edit.mask if edit is not None else None
        parts = mask.parts if mask is not None else ()
        chosen = parts[at] if at is not None and at < len(parts) else None
        self.hint.setText(self._told(edit, painting))
        self._showing = True
        self._show_parts(parts, at)
        self._showing = False
        for button in self.adders.values():
            button.setEnabled(edit is not None)
        self.bin.setEnabled(chosen is not None)
        self.part.setVisible(chosen is not None)
        self.brush.setVisible(painting)
        gradient = chosen.shape if chosen is not None else None
        shaping = isinstance(gradient, LinearGradient | RadialGradient) and not painting
        self.gradient.setVisible(shaping)
        if chosen is not None:
            self.how.setCurrentIndex(self.how.findData(chosen.how))
            self.invert.setChecked(chosen.inverted)
            self.opacity.set_value(chosen.opacity)
        if isinstance(gradient, LinearGradient | RadialGradient):
            self.gradient.show_shape(gradient, size)

    def _told(self, edit: Edit | None, painting: bool) -> str:
        if edit is None or edit.mask is None:
            return self.tr("Paint over skin to smooth it.")
        name = operator_name(edit.operator)
        if edit.mask.inverted:
            return self.tr("“{name}” acts outside of this.").format(name=name)
        if edit.mask.empty:
            return self.tr("“{name}” acts nowhere yet.").format(name=name)
        if painting:
            return self.tr("Strokes paint where “{name}” acts.").format(name=name)
        return self.tr("Here “{name}” acts.").format(name=name)

    def _show_parts(self, parts: tuple[MaskPart, ...], at: int | None) -> None:
        self._shown = parts
        while self.parts.count() > len(parts):
            self.parts.takeItem(self.parts.count() - 1)
        while self.parts.count() < len(parts):
            item = QListWidgetItem()
            item.setSizeHint(QSize(100, _ROW))
            self.parts.addItem(item)
        for i, part in enumerate(parts):
            kind, item = part_kind(part), self.parts.item(i)
            item.setIcon(part_icon(kind))
            item.setText(f"{_SIGNS[part.how]} {part_name(kind)}")
            how = self.how.itemText(self.how.findData(part.how))
            said = f"{how}: {part_name(kind)}"
            item.setData(Qt.ItemDataRole.AccessibleTextRole, said)
            item.setToolTip(said)
        self.parts.setCurrentRow(-1 if at is None else at)
        self.parts.setVisible(bool(parts))
        self.parts.setFixedHeight(_ROW * min(max(1, len(parts)), _MOST_ROWS) + 2)

    def _row_chosen(self, row: int) -> None:
        if not self._showing and row >= 0:
            self.part_chosen.emit(row)

    def refresh(self) -> None:
        """Draw the icons again, in another theme."""
        for kind, button in self.adders.items():
            button.setIcon(theme.icon(_ICONS[kind]))
        self.bin.setIcon(theme.icon("trash-2"))
