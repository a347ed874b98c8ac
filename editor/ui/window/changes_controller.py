"""Shows where an export was changed since it was made."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QObject

from editor.ui.canvas.canvas import Canvas
from editor.ui.session.session import Session
from editor.ui.widgets.notifications import Notifications
from editor.ui.window.action_set import ActionSet, Handlers
from editor.ui.window.restore_controller import RestoreController
from editor.ui.worker.jobs import Jobs
from editor.ui.worker.open_requests import Inspect, RestoredPhoto
from editor.ui.worker.request import Request

if TYPE_CHECKING:
    from editor.engine.integrity import Integrity
    from editor.engine.restore import Inspection


class ChangesController(QObject):
    """*Show changes since the export*: marks over the export, or over its restored original.

    `integrity` is what is known of the open picture; None until something is.
    """

    def __init__(
        self,
        session: Session,
        jobs: Jobs,
        canvas: Canvas,
        actions: ActionSet,
        restoring: RestoreController,
        notifications: Notifications,
        parent: QObject,
    ) -> None:
        super().__init__(parent)
        self._session, self._canvas, self._action = session, canvas, actions["show-changes"]
        self._notifications = notifications
        self.integrity: Integrity | None = None
        session.photo_changed.connect(self._forget)
        restoring.map_wanted.connect(lambda: self._action.setChecked(True))
        jobs.finished.connect(self._on_finished)

    @property
    def handlers(self) -> Handlers:
        """What the action of this controller does."""
        return {"show-changes": self.show_changes}

    def show_changes(self, on: bool) -> None:
        """Mark what was changed, or say why there is nothing to mark."""
        integrity = self.integrity
        if not on:
            self._canvas.set_trust(None)
        elif integrity is not None and integrity.outcome in ("in part", "unproven", "locked"):
            if integrity.trust is not None:
                self._canvas.set_trust(integrity.trust)
                return
            self._say(
                self.tr("Where this export was changed is known once its original is restored.")
            )
        elif integrity is not None and integrity.outcome == "proven":
            self._say(self.tr("Nothing of this export was changed since it was made."))
        else:
            self._say(self.tr("This picture carries no original."))

    def _say(self, text: str) -> None:
        self._action.setChecked(False)
        self._notifications.tell(text, key="changes")

    def _forget(self) -> None:
        self.integrity = None
        self._action.setChecked(False)
        self._canvas.set_trust(None)

    def _on_finished(self, request: Request, result: Inspection | RestoredPhoto | None) -> None:
        photo = self._session.photo
        if isinstance(result, RestoredPhoto):
            if result.opened.document.photo is photo:
                self.integrity = result.restored.integrity
        elif isinstance(request, Inspect) and request.photo is photo and result is not None:
            self.integrity = result.integrity
