"""Saves the edit list while it changes, and offers it again after a crash."""

from __future__ import annotations

from pathlib import Path

from PySide6.QtCore import QObject, QTimer

from editor.ui.session.recovery import Lost, Recovery, discard
from editor.ui.session.session import Session
from editor.ui.session.settings import Settings
from editor.ui.widgets.notifications import Notifications
from editor.ui.window.open_controller import OpenController
from editor.ui.worker.open_requests import Open, Restore

_WRITE_AFTER = 300  # ms after a change until the edit list is written down


class RecoveryController(QObject):
    """Keeps the recovery file up to date with the session."""

    def __init__(
        self,
        session: Session,
        settings: Settings,
        recovery: Recovery,
        opening: OpenController,
        notifications: Notifications,
        parent: QObject,
    ) -> None:
        super().__init__(parent)
        self._session, self._settings, self._recovery = session, settings, recovery
        self._opening, self._notifications = opening, notifications
        self._timer = QTimer(self, singleShot=True, interval=_WRITE_AFTER)
        self._timer.timeout.connect(self._write)
        # Only once a step is done, undone or merged does the stack know whether it is clean.
        session.stack.indexChanged.connect(lambda _: self._keep())
        opening.photo_changed.connect(self._keep)

    def _keep(self) -> None:
        if not self._session.modified:
            self._timer.stop()
            if self._session.origin.path:
                self._recovery.drop()
        elif self._recovery.file.exists():
            # Not with every step of a slider: writing waits for the disk.
            self._timer.start()
        else:
            self._write()

    def _write(self) -> None:
        if self._session.modified:
            self._recovery.keep(self._session.origin, self._session.edits)

    # -- after a crash -----------------------------------------------------------------------------

    def offer(self) -> None:
        """Offer the newest session that ended in a crash."""
        lost = self._recovery.find_lost()
        if not lost:
            return
        newest = lost[0]
        self._notifications.tell(
            self.tr("Pentimento ended unexpectedly while “{name}” was being edited.").format(
                name=newest.origin.name
            ),
            "warning",
            (
                (self.tr("Recover the edits"), lambda: self._recover(newest)),
                (self.tr("Discard them"), lambda: discard(newest)),
            ),
            key="recovery",
        )

    def _recover(self, lost: Lost) -> None:
        source = Path(lost.origin.path)
        if not lost.origin.path:
            source = lost.file.with_suffix(".png")
        request: Open | Restore
        if lost.origin.restored:
            request = Restore(source=source, edits=lost.edits, device=self._settings["device"])
        else:
            keep = None if lost.origin.path else self._recovery.photo_copy
            request = Open(source=source, edits=lost.edits, keep_copy=keep)
        self._opening.submit(request, lost.origin, lambda _: self._recovered(lost))

    def _recovered(self, lost: Lost) -> None:
        self._session.mark_unsaved()
        discard(lost)
        self._notifications.tell(self.tr("Your edits are back."), "success")
