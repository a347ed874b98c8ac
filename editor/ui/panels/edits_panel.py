"""The edit list: what is applied, in which order; reorder, switch off, delete, select to change."""

from __future__ import annotations

from PySide6.QtCore import QPoint, QRectF, QSize, Qt, Signal
from PySide6.QtGui import (
    QColor,
    QDrag,
    QDragLeaveEvent,
    QDragMoveEvent,
    QDropEvent,
    QKeyEvent,
    QPainter,
    QPixmap,
    QRegion,
    QResizeEvent,
)
from PySide6.QtWidgets import (
    QAbstractItemView,
    QFrame,
    QHBoxLayout,
    QLabel,
    QListWidget,
    QListWidgetItem,
    QToolButton,
    QWidget,
)

from editor.engine.edits import Edit
from editor.engine.geometry import is_geometry
from editor.ui.texts.engine_messages import operator_name
from editor.ui.texts.language import number
from editor.ui.widgets import theme
from models.geometry.steps import CROP, STRAIGHTEN, TURN, VERTICAL
from models.operators.registry import OPERATORS

ROW_HEIGHT = 32
_SEEN_THROUGH = 0.7  # opacity of a dragged row
_BESIDE = 14  # from the cursor to the dragged row


def strength_text(edit: Edit) -> str:
    """The strength of an edit as the list shows it."""
    if is_geometry(edit):
        return _step_text(edit)
    op = OPERATORS[edit.operator]
    sign = "+" if op.minimum < 0 < edit.strength else ""
    if op.in_stops:
        return f"{sign}{number(edit.strength, 2)} EV"
    return f"{sign}{number(edit.strength * 100)} %"


def _step_text(edit: Edit) -> str:
    """The same of a step of the geometry."""
    if edit.operator == STRAIGHTEN.id:
        return f"{'+' if edit.strength > 0 else ''}{number(edit.strength, 1)}°"
    if edit.operator == TURN.id:
        return f"{number(edit.strength % 360)}°"
    if edit.operator == CROP.id:
        rectangle, ratio = edit.setting("rectangle"), str(edit.setting("ratio"))
        if isinstance(rectangle, str):
            return rectangle
        return ratio if ":" in ratio else ""
    return "↕" if edit.setting("direction") == VERTICAL else "↔"


class EditRow(QWidget):
    """One line of the list."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.eye, self.bin = QToolButton(), QToolButton()
        self.name, self.value = QLabel(), QLabel()
        self.mark = QLabel()
        self.value.setObjectName("muted")
        for button in (self.eye, self.bin):
            button.setIconSize(QSize(16, 16))
            button.setFocusPolicy(Qt.FocusPolicy.NoFocus)  # the list has keys for both
        for label in (self.name, self.value, self.mark):
            label.setAttribute(Qt.WidgetAttribute.WA_TransparentForMouseEvents)
        self.bin.setToolTip(self.tr("Delete this edit (Del)"))
        self.bin.setAccessibleName(self.tr("Delete"))
        layout = QHBoxLayout(self)
        layout.setContentsMargins(4, 0, 4, 0)
        layout.setSpacing(4)
        layout.addWidget(self.eye)
        layout.addWidget(self.name, 1)
        layout.addWidget(self.mark)
        layout.addWidget(self.value)
        layout.addWidget(self.bin)

    def show_edit(self, edit: Edit) -> None:
        """The line of an edit."""
        colours = theme.current()
        self.name.setText(operator_name(edit.operator))
        self.name.setStyleSheet("" if edit.enabled else f"color: {colours.muted};")
        self.value.setText(strength_text(edit))
        self.eye.setIcon(theme.icon("eye" if edit.enabled else "eye-off", colours.muted))
        self.bin.setIcon(theme.icon("trash-2", colours.muted))
        tip = self.tr("Switch off (Space)") if edit.enabled else self.tr("Switch on (Space)")
        self.eye.setToolTip(tip)
        self.eye.setAccessibleName(tip)
        masked = edit.mask is not None
        self.mark.setVisible(masked)
        if masked:
            ratio = self.devicePixelRatioF()
            self.mark.setPixmap(theme.pixmap("brush", colours.muted, 14, ratio))


class EditList(QListWidget):
    """The list. It asks for changes and never makes them itself.

    Signals carry indices: `move_wanted` (from, to), `switch_wanted` (index, on), `delete_wanted`.
    """

    chosen = Signal(int)
    move_wanted = Signal(int, int)
    switch_wanted = Signal(int, bool)
    delete_wanted = Signal(int)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._edits: tuple[Edit, ...] = ()
        self.setAccessibleName(self.tr("Edits, applied from top to bottom"))
        self.setDragDropMode(QAbstractItemView.DragDropMode.InternalMove)
        self.setDefaultDropAction(Qt.DropAction.MoveAction)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setSpacing(0)
        self.currentRowChanged.connect(self._row_chosen)
        self._showing = False
        self.setDropIndicatorShown(False)  # the rows would cover it
        self._line = QFrame(self.viewport())
        self._line.setFixedHeight(4)
        self._line.setAttribute(Qt.WidgetAttribute.WA_TransparentForMouseEvents)
        self._line.hide()

    def show_edits(self, edits: tuple[Edit, ...], selected: int) -> None:
        """The edits of the session, and which is selected."""
        self._showing = True
        if len(edits) != self.count():
            self.clear()
            for _ in edits:
                item = QListWidgetItem()
                item.setSizeHint(QSize(100, ROW_HEIGHT))
                self.addItem(item)
                row = EditRow()
                row.eye.clicked.connect(lambda _=False, r=row: self._eye_clicked(r))
                row.bin.clicked.connect(lambda _=False, r=row: self._bin_clicked(r))
                self.setItemWidget(item, row)
        for i, edit in enumerate(edits):
            self._row(i).show_edit(edit)
            self.item(i).setToolTip(
                self.tr("Drag, or Alt+Up and Alt+Down, to apply it earlier or later")
            )
            text = f"{operator_name(edit.operator)} {strength_text(edit)}"
            if not edit.enabled:
                text = self.tr("{edit}, switched off").format(edit=text)
            self.item(i).setData(Qt.ItemDataRole.AccessibleTextRole, text)
        self._edits = edits
        self.setCurrentRow(selected)
        self._showing = False

    def _row(self, index: int) -> EditRow:
        widget = self.itemWidget(self.item(index))
        assert isinstance(widget, EditRow)
        return widget

    def _index_of(self, row: EditRow) -> int:
        return next(i for i in range(self.count()) if self._row(i) is row)

    def _row_chosen(self, index: int) -> None:
        if not self._showing:
            self.chosen.emit(index)

    def _eye_clicked(self, row: EditRow) -> None:
        index = self._index_of(row)
        self.switch_wanted.emit(index, not self._edits[index].enabled)

    def _bin_clicked(self, row: EditRow) -> None:
        self.delete_wanted.emit(self._index_of(row))

    def resizeEvent(self, event: QResizeEvent) -> None:
        """The selected edit stays in sight."""
        super().resizeEvent(event)
        if self.currentItem() is not None:
            self.scrollToItem(self.currentItem())

    # -- dragging ----------------------------------------------------------------------------------

    def startDrag(self, actions: Qt.DropAction) -> None:
        """Drag a picture of the row: the list itself sees only an empty item."""
        index = self.currentRow()
        if index < 0:
            return
        drag = QDrag(self)
        drag.setMimeData(self.mimeData(self.selectedItems()))
        drag.setPixmap(self.picture_of(index))
        # Beside the cursor, so that the line below it is seen.
        drag.setHotSpot(QPoint(-_BESIDE, ROW_HEIGHT // 2))
        drag.exec(Qt.DropAction.MoveAction)
        self._line.hide()

    def picture_of(self, index: int) -> QPixmap:
        """What is under the cursor while a row is dragged."""
        row, ratio = self._row(index), self.devicePixelRatioF()
        picture = QPixmap(row.size() * ratio)
        picture.setDevicePixelRatio(ratio)
        picture.fill(Qt.GlobalColor.transparent)
        colours, painter = theme.current(), QPainter(picture)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setOpacity(_SEEN_THROUGH)
        painter.setPen(QColor(colours.accent))
        painter.setBrush(QColor(colours.raised))
        painter.drawRoundedRect(QRectF(row.rect()).adjusted(0.5, 0.5, -0.5, -0.5), 6, 6)
        row.render(painter, QPoint(), QRegion(), QWidget.RenderFlag.DrawChildren)
        painter.end()
        return picture

    def _gap_at(self, y: int) -> int:
        """Before which row something dropped at a height goes; the count: after the last."""
        for i in range(self.count()):
            if y < self.visualItemRect(self.item(i)).center().y():
                return i
        return self.count()

    def _show_line(self, gap: int) -> None:
        if gap < self.count():
            y = self.visualItemRect(self.item(gap)).top()
        else:
            y = self.visualItemRect(self.item(self.count() - 1)).bottom()
        height = self._line.height()
        top = min(max(0, y - height // 2), self.viewport().height() - height)
        self._line.setGeometry(0, top, self.viewport().width(), height)
        colour = theme.current().accent
        self._line.setStyleSheet(f"background: {colour}; border-radius: {height // 2}px;")
        self._line.show()
        self._line.raise_()

    def dragMoveEvent(self, event: QDragMoveEvent) -> None:
        """A line shows where the edit would go."""
        super().dragMoveEvent(event)  # scrolls near the ends
        if event.source() is self and self.count():
            self._show_line(self._gap_at(event.position().toPoint().y()))
            event.accept()

    def dragLeaveEvent(self, event: QDragLeaveEvent) -> None:
        super().dragLeaveEvent(event)
        self._line.hide()

    def dropEvent(self, event: QDropEvent) -> None:
        """Where an edit was dropped: the move is asked for, the list follows the session."""
        self._line.hide()
        start = self.currentRow()
        gap = self._gap_at(event.position().toPoint().y())
        to = gap - 1 if gap > start else gap
        event.setDropAction(Qt.DropAction.IgnoreAction)
        event.accept()
        if 0 <= start < self.count() and to != start:
            self.move_wanted.emit(start, to)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        index, key = self.currentRow(), event.key()
        alt = bool(event.modifiers() & Qt.KeyboardModifier.AltModifier)
        if index < 0:
            super().keyPressEvent(event)
        elif key in (Qt.Key.Key_Delete, Qt.Key.Key_Backspace):
            self.delete_wanted.emit(index)
        elif key == Qt.Key.Key_Space:
            self.switch_wanted.emit(index, not self._edits[index].enabled)
        elif alt and key == Qt.Key.Key_Up:
            if index > 0:
                self.move_wanted.emit(index, index - 1)
        elif alt and key == Qt.Key.Key_Down:
            if index < self.count() - 1:
                self.move_wanted.emit(index, index + 1)
        else:
            super().keyPressEvent(event)
