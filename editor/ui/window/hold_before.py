"""Holding the backslash shows the photo before the edits."""

from __future__ import annotations

from PySide6.QtCore import QEvent, QObject, Qt
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QApplication, QWidget

from editor.ui.canvas.canvas import Canvas

_LOSES_THE_KEY = (
    QEvent.Type.WindowDeactivate,
    QEvent.Type.ApplicationDeactivate,
    QEvent.Type.ApplicationStateChange,
)


class HoldBefore(QObject):
    """Watches all events: the key counts wherever the focus is, and never sticks."""

    def __init__(self, window: QWidget, canvas: Canvas) -> None:
        super().__init__(window)
        self._window, self._canvas = window, canvas
        app = QApplication.instance()
        assert app is not None
        app.installEventFilter(self)

    def stop(self) -> None:
        """Watch no longer."""
        app = QApplication.instance()
        if app is not None:
            app.removeEventFilter(self)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        kind = event.type()
        if kind == QEvent.Type.KeyPress and isinstance(event, QKeyEvent):
            if event.key() == Qt.Key.Key_Backslash and self._window.isActiveWindow():
                self._canvas.show_before(True)
                return True
        elif kind == QEvent.Type.KeyRelease and isinstance(event, QKeyEvent):
            if event.key() == Qt.Key.Key_Backslash and not event.isAutoRepeat():
                self._canvas.show_before(False)
        elif kind in _LOSES_THE_KEY:
            self._canvas.show_before(False)
        return False
