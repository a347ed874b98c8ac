"""The card over the canvas that shows all messages of the editor."""

from __future__ import annotations

import weakref
from collections.abc import Callable
from dataclasses import dataclass

import shiboken6
from PySide6.QtCore import QEvent, QObject, QPoint, QRect, QSize, Qt, QTimer
from PySide6.QtGui import QCursor, QMouseEvent
from PySide6.QtWidgets import (
    QApplication,
    QFrame,
    QLabel,
    QPushButton,
    QToolButton,
    QWidget,
)

from editor.ui.widgets import theme

WIDEST = 680  # device-independent pixels
_TEXT_WIDTH = 230  # that a text has beside its buttons; where there is less, they go below it
_PADDING, _GAP, _ICON = 14, 9, 18
_MARGIN = 10  # between the card and the edges of the canvas
_GLANCE = 2_000  # ms until a message that was looked at at its end is looked for again

PASSING = ("info", "success")
"""Kinds of messages that go away by themselves: those that nobody has to act on."""

ICON_OF = {
    "info": "info",
    "success": "circle-check",
    "warning": "triangle-alert",
    "error": "triangle-alert",
}


@dataclass(frozen=True)
class Message:
    """A message to the user.

    Attributes:
        text: one or two sentences: what happened and what to do.
        kind: info, success, warning or error.
        actions: what can be done about it: text of the button and what it does.
        key: a newer message of the same key takes its place.
    """

    text: str
    kind: str = "info"
    actions: tuple[tuple[str, Callable[[], None]], ...] = ()
    key: str = ""


class Notifications(QFrame):
    """Shows the newest message over the canvas; the others wait below it until it is closed.

    It lies over the picture and never moves it. A click closes a message; what asks for nothing
    goes by itself, though not while the mouse or the keys are on it.

    Attributes:
        patience: milliseconds that a message stays, and again for each of its buttons.
    """

    patience = 9_000

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("bar")
        self._messages: list[Message] = []
        self.icon, self.text = QLabel(), QLabel()
        self.text.setWordWrap(True)
        for label in (self.icon, self.text):
            label.setAttribute(Qt.WidgetAttribute.WA_TransparentForMouseEvents)
        self.close_button = QToolButton()
        self.close_button.setIconSize(QSize(16, 16))
        self.close_button.setToolTip(self.tr("Close this message"))
        self.close_button.setAccessibleName(self.tr("Close this message"))
        self.close_button.clicked.connect(self.dismiss)
        self.buttons: list[QPushButton] = []
        for part in (self.icon, self.text, self.close_button):
            part.setParent(self)
        self._timer = QTimer(self, singleShot=True)
        self._timer.timeout.connect(self._fade)
        self._had_keys: weakref.ref[QWidget] | None = None
        app = QApplication.instance()
        assert isinstance(app, QApplication)
        app.focusChanged.connect(self._focus_moved)
        self.close_button.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        self.setVisible(False)
        if parent is not None:
            parent.installEventFilter(self)

    @property
    def message(self) -> Message | None:
        """The message on show."""
        return self._messages[-1] if self._messages else None

    def tell(
        self,
        text: str,
        kind: str = "info",
        actions: tuple[tuple[str, Callable[[], None]], ...] = (),
        key: str = "",
    ) -> None:
        """Show a message on top of the others. The arguments are those of `Message`."""
        message = Message(text, kind, actions, key)
        self._messages = [
            m for m in self._messages if m != message and not (m.key and m.key == message.key)
        ]
        self._messages.append(message)
        self._show()

    def dismiss(self) -> None:
        """Close the message on show."""
        if self._messages:
            self._messages.pop()
        self._show()

    def clear(self) -> None:
        """Close all messages."""
        self._messages.clear()
        self._show()

    def refresh(self) -> None:
        """Draw again, in another theme."""
        self._show()

    def _focus_moved(self, old: QWidget | None, new: QWidget | None) -> None:
        """Remember who had the keys before one of the buttons did."""
        came = new is not None and self.isAncestorOf(new)
        if came and old is not None and not self.isAncestorOf(old):
            self._had_keys = weakref.ref(old)

    def _give_keys_back(self) -> None:
        """A button that goes away gives the keys back, not to the next widget in the window."""
        holder = QApplication.focusWidget()
        if holder is None or not self.isAncestorOf(holder):
            return
        holder.clearFocus()
        before = self._had_keys() if self._had_keys is not None else None
        if before is not None and shiboken6.isValid(before) and before.isVisible():
            before.setFocus(Qt.FocusReason.OtherFocusReason)

    def _show(self) -> None:
        self._give_keys_back()
        for button in self.buttons:
            button.hide()  # it may still be in its own click
            button.deleteLater()
        self.buttons = []
        self._timer.stop()
        message = self.message
        self.setVisible(message is not None)
        if message is None:
            return
        colours = theme.current()
        colour = {
            "success": colours.success,
            "warning": colours.warning,
            "error": colours.error,
        }.get(message.kind, colours.accent)
        ratio = self.devicePixelRatioF()
        self.icon.setPixmap(theme.pixmap(ICON_OF[message.kind], colour, 18, ratio))
        self.close_button.setIcon(theme.icon("x"))
        self.text.setText(message.text)
        self.setAccessibleName(message.text)
        for i, (name, action) in enumerate(message.actions):
            button = QPushButton(name, self)
            button.setFocusPolicy(Qt.FocusPolicy.TabFocus)  # a click leaves the keys where they are
            if i == 0:
                button.setObjectName("primary")
            button.clicked.connect(lambda _=False, m=message, a=action: self._act(m, a))
            button.show()
            self.buttons.append(button)
        self.place()
        self.raise_()
        if message.kind in PASSING:
            self._timer.start(self.patience * (1 + len(message.actions)))

    def _act(self, message: Message, action: Callable[[], None]) -> None:
        self._messages = [m for m in self._messages if m is not message]
        self._show()
        action()

    # -- where it lies, and how long ---------------------------------------------------------------

    def place(self) -> None:
        """At the top of the parent; the buttons are below the text where it is narrow."""
        parent = self.parentWidget()
        if parent is None:
            return
        width = max(1, min(WIDEST, parent.width() - 2 * _MARGIN))
        close, sizes = self.close_button.sizeHint(), []
        for button in self.buttons:
            button.ensurePolished()
            sizes.append(button.sizeHint())
        left, right = _PADDING + _ICON + _GAP, width - _PADDING // 2 - close.width() - _GAP
        row = sum(size.width() + _GAP for size in sizes)
        beside = right - left - row >= _TEXT_WIDTH
        room = right - left - (row if beside else 0)
        tall = max(self.text.heightForWidth(room), self.text.fontMetrics().height(), _ICON)
        head = max([tall, close.height(), *(size.height() for size in sizes if beside)])
        middle = _PADDING // 2 + head // 2
        self.icon.setGeometry(_PADDING, middle - _ICON // 2, _ICON, _ICON)
        self.text.setGeometry(left, middle - tall // 2, room, tall)
        at = QPoint(width - _PADDING // 2 - close.width(), middle - close.height() // 2)
        self.close_button.setGeometry(QRect(at, close))
        x, y = left, _PADDING // 2 + head + _GAP
        if beside:
            x, y = left + room + _GAP, middle - max((s.height() for s in sizes), default=0) // 2
        for button, size in zip(self.buttons, sizes, strict=True):
            if x > left and x + size.width() > width - _PADDING and not beside:
                x, y = left, y + size.height() + _GAP // 2  # the next line
            button.setGeometry(QRect(QPoint(x, y), size))
            x += size.width() + _GAP
        lowest = max((b.geometry().bottom() + 1 for b in self.buttons), default=0)
        height = max(_PADDING // 2 + head, lowest) + _PADDING // 2
        self.setGeometry((parent.width() - width) // 2, _MARGIN, width, height)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Stays in its place when the parent becomes wider or narrower."""
        if event.type() == QEvent.Type.Resize and self.message is not None:
            self.place()
        return False

    def _fade(self) -> None:
        holder = QApplication.focusWidget()
        held = holder is not None and self.isAncestorOf(holder)
        if held or self.rect().contains(self.mapFromGlobal(QCursor.pos())):
            self._timer.start(_GLANCE)
        else:
            self.dismiss()

    def mousePressEvent(self, event: QMouseEvent) -> None:
        event.accept()  # not the picture's below

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        here = self.rect().contains(event.position().toPoint())
        if event.button() == Qt.MouseButton.LeftButton and here:
            self.dismiss()
