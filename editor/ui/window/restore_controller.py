"""Recognises exports and restores their originals."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject

from editor.engine.edits import Edit
from editor.ui.session.session import Session
from editor.ui.session.settings import Settings
from editor.ui.session.undo_commands import ReplaceEdits
from editor.ui.widgets.notifications import Notifications
from editor.ui.window.action_set import Handlers
from editor.ui.window.open_controller import OpenController
from editor.ui.window.save_controller import SaveController
from editor.ui.worker.jobs import Jobs
from editor.ui.worker.open_requests import Inspect, OpenedPhoto, Restore, RestoredPhoto
from editor.ui.worker.request import Request

if TYPE_CHECKING:
    from editor.engine.restore import Inspection


class RestoreController(QObject):
    """*Restore original* and *Re-edit*.

    `inspection` is what was found in the open photo; None until that is known.
    """

    def __init__(
        self,
        session: Session,
        jobs: Jobs,
        settings: Settings,
        opening: OpenController,
        saving: SaveController,
        notifications: Notifications,
        parent: QObject,
    ) -> None:
        super().__init__(parent)
        self._session, self._settings = session, settings
        self._opening, self._saving, self._notifications = opening, saving, notifications
        self.inspection: Inspection | None = None
        session.photo_changed.connect(self._forget)
        jobs.finished.connect(self._on_finished)

    @property
    def handlers(self) -> Handlers:
        """What the actions of this controller do."""
        return {
            "restore-original": self.restore_original,
            "re-edit": self.re_edit,
        }

    def restore_original(self) -> None:
        """Open the original that the open export carries."""
        self._restore(re_edit=False)

    def re_edit(self) -> None:
        """Open the original with the edit list of the export."""
        self._restore(re_edit=True)

    def _restore(self, *, re_edit: bool) -> None:
        photo, origin = self._session.photo, self._session.origin
        if photo is None:
            return
        if origin.restored:
            self._notifications.tell(self.tr("This is the restored original already."))
            return
        request = Restore(
            source=photo,
            inspection=self.inspection,
            re_edit=re_edit,
            device=self._settings["device"],
        )
        restored = replace(origin, restored=True)
        self._saving.unless_unsaved(
            lambda: self._opening.submit(request, restored, self._tell_restored)
        )

    def _forget(self) -> None:
        self.inspection = None

    def _on_finished(self, request: Request, result: Inspection) -> None:
        if isinstance(request, Inspect) and request.photo is self._session.photo:
            self.inspection = result
            if result is not None and not result.why_not:
                self._tell_recognised(result)

    def _tell_recognised(self, inspection: Inspection) -> None:
        actions: list[tuple[str, Callable[[], None]]] = [
            (self.tr("Restore original"), self.restore_original)
        ]
        if inspection.edits:
            actions.append((self.tr("Re-edit"), self.re_edit))
        text = self.tr("This picture carries its own original.")
        self._notifications.tell(text, actions=tuple(actions), key="banner")

    def _tell_restored(self, result: OpenedPhoto | RestoredPhoto) -> None:
        assert isinstance(result, RestoredPhoto)
        if result.opened.document.edits:
            text = self.tr("The original with its edit list on top: everything can be changed.")
            self._notifications.tell(text, "success")
            return
        actions: list[tuple[str, Callable[[], None]]] = [
            (self.tr("Save…"), self._saving.save_restored)
        ]
        listed = result.restored.edits
        if listed:
            actions.append((self.tr("Put the edits back"), lambda: self._put_back(listed)))
        text, kind = self.tr("The original is restored."), "success"
        found = result.restored.found
        lost = 0.0 if found is None else max(found.changed, found.damaged)
        if lost > 0:
            text, kind = self._damage(lost), "warning"
        self._notifications.tell(text, kind, tuple(actions))

    def _damage(self, lost: float) -> str:
        """What is said of an export that was changed since it was made."""
        text = self.tr(
            "The original is restored as far as possible: about {percent} % of the export was "
            "changed since, and there it is only predicted."
        )
        return text.format(percent=max(1, round(100 * lost)))

    def _put_back(self, edits: tuple[Edit, ...]) -> None:
        self._session.stack.push(ReplaceEdits(self._session, edits, self.tr("Put the edits back")))
