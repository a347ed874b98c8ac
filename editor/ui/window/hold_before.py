"""Holding the backslash shows the photo before the edits."""

from __future__ import annotations

import sys

from PySide6.QtCore import QEvent, QObject, Qt
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QApplication, QWidget

from editor.ui.canvas.canvas import Canvas

_LOSES_THE_KEY = (
    QEvent.Type.WindowDeactivate,
    QEvent.Type.ApplicationDeactivate,
    QEvent.Type.ApplicationStateChange,
)

_SCAN_CODES = {"linux": 51, "win32": 0x2B}
"""The key that is a backslash on American keyboards, by what the system calls it: on a German one
it is `#`, and needs no AltGr. Others name no keys but characters."""


class HoldBefore(QObject):
    """Watches all events: the key counts wherever the focus is, and never sticks.

    With AltGr (the German backslash is AltGr+ß) the character is gone when AltGr is released
    first, and so is the release of a backslash. Therefore any key that is released ends it.
    """

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
            if _is_the_key(event) and self._window.isActiveWindow():
                if not event.isAutoRepeat():
                    self._canvas.show_before(True)
                return True
        elif kind == QEvent.Type.KeyRelease and isinstance(event, QKeyEvent):
            if not event.isAutoRepeat():
                self._canvas.show_before(False)
        elif kind in _LOSES_THE_KEY or (
            watched is self._window and kind in (QEvent.Type.Hide, QEvent.Type.WindowBlocked)
        ):
            self._canvas.show_before(False)
        return False


def _is_the_key(event: QKeyEvent) -> bool:
    if event.key() == Qt.Key.Key_Backslash:
        return True
    plain = event.modifiers() == Qt.KeyboardModifier.NoModifier
    return plain and event.nativeScanCode() == _SCAN_CODES.get(sys.platform, -1)
