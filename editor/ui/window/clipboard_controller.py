"""Copies the look into the clipboard; opens what is in it."""

from __future__ import annotations

from pathlib import Path

from PySide6.QtCore import QObject
from PySide6.QtGui import QGuiApplication

from editor.ui.session.session import Session
from editor.ui.session.settings import Settings
from editor.ui.widgets import qimages
from editor.ui.widgets.notifications import Notifications
from editor.ui.window.action_set import Handlers
from editor.ui.window.open_controller import OpenController
from editor.ui.worker.jobs import Jobs
from editor.ui.worker.look_requests import FullLook
from editor.ui.worker.pyramid import Pixels
from editor.ui.worker.request import Request


class ClipboardController(QObject):
    """*Copy picture* and *Paste picture*."""

    def __init__(
        self,
        session: Session,
        jobs: Jobs,
        settings: Settings,
        opening: OpenController,
        notifications: Notifications,
        parent: QObject,
    ) -> None:
        super().__init__(parent)
        self._session, self._jobs, self._settings = session, jobs, settings
        self._opening, self._notifications = opening, notifications
        self._copying: FullLook | None = None
        jobs.finished.connect(self._on_finished)

    @property
    def handlers(self) -> Handlers:
        """What the actions of this controller do."""
        return {
            "copy-look": self.copy_look,
            "paste": self.paste,
        }

    def copy_look(self) -> None:
        """Put the picture as it looks now into the clipboard, at full size."""
        if self._session.document is not None:
            self._copying = FullLook(
                document=self._session.document, device=self._settings["device"]
            )
            self._jobs.submit(self._copying)

    def _on_finished(self, request: Request, result: Pixels) -> None:
        if request is self._copying and self._copying is not None:
            self._copying = None
            QGuiApplication.clipboard().setImage(qimages.from_rgb(result))
            self._notifications.tell(self.tr("The picture is in the clipboard."), key="copied")

    def paste(self) -> None:
        """Open the picture, or the file, in the clipboard."""
        data = QGuiApplication.clipboard().mimeData()
        if data is None:
            return
        files = [Path(u.toLocalFile()) for u in data.urls() if u.isLocalFile()]
        if files:
            self._opening.open_first(files)
        elif data.hasImage():
            self._opening.open_image(QGuiApplication.clipboard().image())
        else:
            self._notifications.tell(self.tr("The clipboard holds no picture."))
