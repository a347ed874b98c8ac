"""The middle of the window: panels left and right, messages, and the canvas between them."""

from __future__ import annotations

from PySide6.QtWidgets import QHBoxLayout, QStackedWidget, QVBoxLayout, QWidget

from editor.ui.canvas.canvas import Canvas
from editor.ui.panels.adjust_panel import AdjustPanel
from editor.ui.panels.empty_state import EmptyState
from editor.ui.panels.looks_panel import LooksPanel
from editor.ui.widgets.notifications import Notifications


class Workspace(QWidget):
    """Makes the widgets and puts them in their places."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.canvas = Canvas()
        self.empty = EmptyState()
        self.looks = LooksPanel()
        self.adjust = AdjustPanel()
        self.notifications = Notifications()
        self._pages = QStackedWidget()
        self._pages.addWidget(self.empty)
        self._pages.addWidget(self.canvas)
        middle = QVBoxLayout()
        middle.setContentsMargins(0, 0, 0, 0)
        middle.setSpacing(0)
        middle.addWidget(self.notifications)
        middle.addWidget(self._pages, 1)
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(0)
        row.addWidget(self.looks)
        row.addLayout(middle, 1)
        row.addWidget(self.adjust)

    def show_photo(self, there: bool) -> None:
        """Another photo is open, or none: no thumbnails yet, and the canvas or the invitation."""
        self._pages.setCurrentWidget(self.canvas if there else self.empty)
        self.looks.clear(there)
        if there:
            self.canvas.setFocus()
        else:
            self.adjust.histogram.show_histogram(None)

    def show_panels(self, on: bool) -> None:
        """Show or hide the panels at the sides."""
        self.looks.setVisible(on)
        self.adjust.setVisible(on)

    def refresh(self) -> None:
        """Draw again, in another theme."""
        self.empty.refresh()
        self.notifications.refresh()
