"""The steps that were done: a click goes back to one, or forward again."""

from __future__ import annotations

from PySide6.QtGui import QUndoStack
from PySide6.QtWidgets import QUndoView, QVBoxLayout, QWidget

from editor.ui.widgets.controls import heading, line

_HEIGHT = 170


class HistoryPanel(QWidget):
    """Qt's own view of the undo stack, with a heading."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.steps = QUndoView()
        self.steps.setEmptyLabel(self.tr("As opened"))
        self.steps.setAccessibleName(self.tr("History: steps that were done"))
        self.steps.setToolTip(self.tr("A click goes to the step; later ones can be had again"))
        layout = QVBoxLayout(self)
        layout.setContentsMargins(12, 0, 12, 8)
        layout.setSpacing(4)
        layout.addWidget(line())
        layout.addWidget(heading(self.tr("History")))
        layout.addWidget(self.steps)
        self.setFixedHeight(_HEIGHT)

    def show_stack(self, stack: QUndoStack) -> None:
        """The steps of a stack, now and whenever it changes."""
        self.steps.setStack(stack)
