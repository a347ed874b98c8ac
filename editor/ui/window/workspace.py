"""The middle of the window: panels left and right, messages, and the canvas between them."""

from __future__ import annotations

from PySide6.QtCore import QByteArray
from PySide6.QtWidgets import QHBoxLayout, QSplitter, QStackedWidget, QVBoxLayout, QWidget

from editor.ui.canvas.canvas import Canvas
from editor.ui.panels.adjust_panel import AdjustPanel
from editor.ui.panels.empty_state import EmptyState
from editor.ui.panels.looks_panel import LooksPanel
from editor.ui.widgets.notifications import Notifications

FIRST_CENTRE = 10_000
"""What is between the panels takes all the width that they leave."""


class Workspace(QWidget):
    """Makes the widgets and puts them in their places."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.canvas = Canvas()
        self.empty = EmptyState()
        self.looks = LooksPanel()
        self.adjust = AdjustPanel()
        self._pages = QStackedWidget()
        self._pages.addWidget(self.empty)
        self._pages.addWidget(self.canvas)
        middle = QVBoxLayout()
        middle.setContentsMargins(0, 0, 0, 0)
        middle.setSpacing(0)
        middle.addWidget(self._pages, 1)
        centre = QWidget()
        centre.setLayout(middle)
        self.notifications = Notifications(centre)
        for panel in (self.looks, self.adjust):
            panel.setMaximumWidth(2 * panel.minimumWidth())
        self.splitter = QSplitter()
        self.splitter.setHandleWidth(4)
        self.splitter.setChildrenCollapsible(False)
        for widget in (self.looks, centre, self.adjust):
            self.splitter.addWidget(widget)
        self.splitter.setStretchFactor(1, 1)
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.addWidget(self.splitter)

    @property
    def arrangement(self) -> QByteArray:
        """How wide the panels are, to be had again with `arrange`."""
        return self.splitter.saveState()

    def arrange(self, arrangement: QByteArray | None) -> None:
        """Make the panels as wide as they were."""
        if arrangement is None or not self.splitter.restoreState(arrangement):
            widths = [self.looks.minimumWidth(), FIRST_CENTRE, self.adjust.minimumWidth()]
            self.splitter.setSizes(widths)

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
        self.adjust.crop.refresh()
        self.adjust.masking.refresh()
        self.notifications.refresh()
