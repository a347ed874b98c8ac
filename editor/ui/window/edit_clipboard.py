"""Copies the edit list, to be pasted on another photo."""

from __future__ import annotations

from PySide6.QtCore import QMimeData, QObject
from PySide6.QtGui import QGuiApplication

from editor.engine.edit_problems import RecipeError
from editor.engine.edits import from_recipe, to_recipe
from editor.ui.session.session import Session
from editor.ui.session.undo_commands import ReplaceEdits
from editor.ui.texts.engine_messages import error_text
from editor.ui.widgets.notifications import Notifications
from editor.ui.window.action_set import Handlers

MIME_TYPE = "application/x-pentimento-edits"
"""Of a recipe, see `editor.engine.edits.to_recipe`; the clipboard has it as text, too."""


class EditClipboard(QObject):
    """*Copy edits* and *Paste edits*."""

    def __init__(self, session: Session, notifications: Notifications, parent: QObject) -> None:
        super().__init__(parent)
        self._session, self._notifications = session, notifications

    @property
    def handlers(self) -> Handlers:
        """What the actions of this controller do."""
        return {"copy-edits": self.copy, "paste-edits": self.paste}

    def copy(self) -> None:
        """Put the edit list into the clipboard."""
        recipe, data = to_recipe(self._session.edits), QMimeData()
        data.setData(MIME_TYPE, recipe.encode("ascii"))
        data.setText(recipe)
        QGuiApplication.clipboard().setMimeData(data)
        self._notifications.tell(self.tr("The edits are in the clipboard."), key="copied")

    def paste(self) -> None:
        """Put the edits of the clipboard in place of those there are; undo brings these back."""
        data = QGuiApplication.clipboard().mimeData()
        if self._session.photo is None or data is None:
            return
        raw = bytes(data.data(MIME_TYPE).data()) if data.hasFormat(MIME_TYPE) else b""
        text = raw.decode("ascii", "replace") or data.text()
        if not text.lstrip().startswith("{"):
            self._notifications.tell(self.tr("The clipboard holds no edits."))
            return
        try:
            edits = from_recipe(text)
        except RecipeError as error:
            self._notifications.tell(error_text(error))
            return
        if edits != self._session.edits:
            self._session.stack.push(ReplaceEdits(self._session, edits, self.tr("Paste edits")))
