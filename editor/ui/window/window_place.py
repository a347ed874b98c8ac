"""Where the window is on the screen: fits it, remembers it, fills the screen with it and back."""

from __future__ import annotations

from PySide6.QtCore import QByteArray, QObject, QRect, QSize, QTimer
from PySide6.QtWidgets import QMainWindow, QStyle, QWidget

from editor.ui.session.settings import Settings

FIRST = QSize(1280, 800)
"""The very first window, where the screen has that much room."""

_FRAMED_AFTER = 300  # ms after the window is shown: its frame is known then


def available_area(window: QWidget) -> QRect:
    """The part of the window's screen that panels and docks leave, in device-independent pixels."""
    return window.screen().availableGeometry()


def fitted(window: QRect, frame: QSize, area: QRect) -> QRect:
    """A window's content, moved and made smaller as far as it must to be in an area with its frame.

    Args:
        window: the content, without the frame.
        frame: how much the frame adds in width and height; all of the height above the content.
    """
    width = min(window.width(), area.width() - frame.width())
    height = min(window.height(), area.height() - frame.height())
    side = frame.width() // 2
    left = min(max(window.left(), area.left() + side), area.right() + 1 - side - width)
    top = min(max(window.top(), area.top() + frame.height()), area.bottom() + 1 - height)
    return QRect(left, top, width, height)


class WindowPlace(QObject):
    """Size, place and full screen of a window.

    Args:
        smallest: the smallest size, where the screen has the room.
        bars: what is not shown while the window fills the screen.
    """

    def __init__(
        self, window: QMainWindow, settings: Settings, smallest: QSize, bars: tuple[QWidget, ...]
    ) -> None:
        super().__init__(window)
        self._window, self._settings, self._bars = window, settings, bars
        self._before: tuple[QByteArray, bool] = (QByteArray(), False)
        """The geometry before the window filled the screen, and whether it was maximised."""
        area, frame = available_area(window), self._frame()
        room = QSize(area.width() - frame.width(), area.height() - frame.height())
        window.setMinimumSize(smallest.boundedTo(room))
        window.resize(FIRST.boundedTo(room))
        geometry = settings["window/geometry"]
        if geometry is None or not window.restoreGeometry(geometry):
            first = window.rect()
            first.moveCenter(area.center())
            window.setGeometry(fitted(first, frame, area))
        QTimer.singleShot(_FRAMED_AFTER, self, self._fit)

    def keep(self) -> None:
        """Remember the place for the next start: while it fills the screen, the one before."""
        full = self._window.isFullScreen()
        self._settings["window/geometry"] = self._before[0] if full else self._window.saveGeometry()

    def fill_screen(self, on: bool) -> None:
        """Fill the screen, or go back to where the window was."""
        window = self._window
        if on == window.isFullScreen():
            return
        if on:
            self._before = window.saveGeometry(), window.isMaximized()
            window.showFullScreen()
        elif self._before[1]:
            window.showMaximized()
        else:
            window.showNormal()

    def show_bars(self) -> None:
        """Show the bars, or hide them while the window fills the screen."""
        for bar in self._bars:
            bar.setVisible(not self._window.isFullScreen())

    def _frame(self) -> QSize:
        """How much the frame adds; a guess until the window has one."""
        window = self._window
        added = window.frameGeometry().size() - window.geometry().size()
        if added.isEmpty() and not window.isVisible():
            title = window.style().pixelMetric(QStyle.PixelMetric.PM_TitleBarHeight)
            return QSize(2, max(32, title))
        return added

    def _fit(self) -> None:
        window = self._window
        if window.isMaximized() or window.isFullScreen() or not window.isVisible():
            return
        wanted = fitted(window.geometry(), self._frame(), available_area(window))
        if wanted != window.geometry():
            window.setGeometry(wanted)
