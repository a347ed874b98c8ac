"""The bar above the canvas that shows all messages of the editor."""

from __future__ import annotations

import weakref
from collections.abc import Callable
from dataclasses import dataclass

import shiboken6
from PySide6.QtCore import QSize, Qt
from PySide6.QtWidgets import (
    QApplication,
    QFrame,
    QHBoxLayout,
    QLabel,
    QPushButton,
    QToolButton,
    QWidget,
)

from editor.ui.widgets import theme

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
    """Shows the newest message; the others wait below it until it is closed."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("bar")
        self._messages: list[Message] = []
        self.icon, self.text = QLabel(), QLabel()
        self.text.setWordWrap(True)
        self.text.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
        self.close_button = QToolButton()
        self.close_button.setIconSize(QSize(16, 16))
        self.close_button.setToolTip(self.tr("Close this message"))
        self.close_button.setAccessibleName(self.tr("Close this message"))
        self.close_button.clicked.connect(self.dismiss)
        self.buttons: list[QPushButton] = []
        self._layout = QHBoxLayout(self)
        self._layout.setContentsMargins(14, 7, 8, 7)
        self._layout.setSpacing(9)
        self._layout.addWidget(self.icon)
        self._layout.addWidget(self.text, 1)
        self._layout.addWidget(self.close_button)
        self._had_keys: weakref.ref[QWidget] | None = None
        app = QApplication.instance()
        assert isinstance(app, QApplication)
        app.focusChanged.connect(self._focus_moved)
        self.close_button.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        self.setVisible(False)

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
            self._layout.removeWidget(button)
            button.hide()  # it may still be in its own click
            button.deleteLater()
        self.buttons = []
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
            button = QPushButton(name)
            button.setFocusPolicy(Qt.FocusPolicy.TabFocus)  # a click leaves the keys where they are
            if i == 0:
                button.setObjectName("primary")
            button.clicked.connect(lambda _=False, m=message, a=action: self._act(m, a))
            self._layout.insertWidget(2 + i, button)
            self.buttons.append(button)

    def _act(self, message: Message, action: Callable[[], None]) -> None:
        self._messages = [m for m in self._messages if m is not message]
        self._show()
        action()
