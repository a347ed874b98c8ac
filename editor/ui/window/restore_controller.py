"""Recognises exports, restores their originals, and continues from them."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Signal

from editor.engine import copies
from editor.engine.edits import Edit
from editor.messages import message
from editor.ui.dialogs.prompts import Prompts
from editor.ui.session.session import Origin, Session
from editor.ui.session.settings import Settings
from editor.ui.session.undo_commands import ReplaceEdits, continued
from editor.ui.texts.engine_messages import engine_text
from editor.ui.widgets.notifications import Notifications
from editor.ui.window.action_set import Handlers
from editor.ui.window.open_controller import OpenController
from editor.ui.window.save_controller import SaveController
from editor.ui.worker.jobs import Jobs
from editor.ui.worker.open_requests import (
    Inspect,
    OpenedPhoto,
    Restore,
    RestoredPhoto,
    Unlock,
)
from editor.ui.worker.request import Request

if TYPE_CHECKING:
    from editor.engine.restore import Inspection


class RestoreController(QObject):
    """*Restore original* and *Re-edit*.

    `inspection` is what was found in the open photo; None until that is known.
    `changed`: whether the original can be restored may be another answer now.
    `map_wanted`: the user asks where the export was changed.
    """

    changed = Signal()
    map_wanted = Signal()

    def __init__(
        self,
        session: Session,
        jobs: Jobs,
        settings: Settings,
        opening: OpenController,
        saving: SaveController,
        notifications: Notifications,
        prompts: Prompts,
        parent: QObject,
    ) -> None:
        super().__init__(parent)
        self._session, self._settings, self._jobs = session, settings, jobs
        self._opening, self._saving, self._notifications = opening, saving, notifications
        self.inspection: Inspection | None = None
        self._prompts = prompts
        self._offered = False
        self._unlocking: Unlock | None = None
        self._then: Callable[[], None] | None = None
        """What the user wanted when asked for the passphrase."""
        session.photo_changed.connect(self._forget)
        session.edits_changed.connect(self._offer_to_continue)
        saving.restore_wanted.connect(self.restore_file)
        jobs.finished.connect(self._on_finished)

    @property
    def possible(self) -> bool:
        """Whether the open picture is an export whose original can be restored."""
        found = self.inspection
        there = found is not None and (found.why_not is None or self.locked)
        return there and not self._session.origin.restored

    @property
    def locked(self) -> bool:
        """Whether the original in the open picture takes a passphrase."""
        found = None if self.inspection is None else self.inspection.found
        return found is not None and found.locked

    @property
    def handlers(self) -> Handlers:
        """What the actions of this controller do."""
        return {
            "restore-original": self.restore_original,
            "re-edit": self.re_edit,
        }

    def restore_original(self) -> None:
        """Open the original that the open export carries, after asking for its passphrase."""
        if self.locked:
            self._unlock(self.restore_original)
            return
        request = self._request(re_edit=False)
        if request is not None:
            restored = replace(self._session.origin, restored=True)
            self._saving.unless_unsaved(
                lambda: self._opening.submit(request, restored, self._tell_restored)
            )

    def restore_file(self, path: Path) -> None:
        """Open the original that an export in a file carries."""
        request = Restore(source=path, device=self._settings["device"])
        origin = Origin(path=str(path), restored=True, name=path.name)
        self._saving.unless_unsaved(
            lambda: self._opening.submit(request, origin, self._tell_restored)
        )

    def re_edit(self) -> None:
        """Open the original with the edit list of the export, and with what was done since."""
        if self.locked:
            self._unlock(self.re_edit)
            return
        request, added = self._request(re_edit=True), self._session.edits
        if request is not None:
            origin = replace(self._session.origin, restored=True)
            self._opening.submit(request, origin, lambda _: self._continue(added))

    def _request(self, *, re_edit: bool) -> Restore | None:
        photo = self._session.photo
        if photo is None:
            return None
        if self._session.origin.restored:
            self._notifications.tell(self.tr("This is the restored original already."))
            return None
        return Restore(
            source=photo,
            inspection=self.inspection,
            re_edit=re_edit,
            device=self._settings["device"],
        )

    # -- unlocking ---------------------------------------------------------------------------------

    def _unlock(self, then: Callable[[], None], *, wrong: bool = False) -> None:
        words = self._prompts.passphrase(self._session.origin.name, wrong=wrong)
        if words is None or self.inspection is None:
            return
        self._then = then
        self._unlocking = Unlock(inspection=self.inspection, passphrase=words)
        self._jobs.submit(self._unlocking)

    def _tried(self, inspection: Inspection | None) -> None:
        then, self._then, self._unlocking = self._then, None, None
        if then is None or self.inspection is None:
            return
        if inspection is None:
            self._unlock(then, wrong=True)
            return
        self.inspection = inspection
        self.changed.emit()
        then()

    # -- recognising -------------------------------------------------------------------------------

    def _forget(self) -> None:
        self.inspection, self._offered, self._unlocking = None, False, None
        self._saving.tell_export(False)
        self.changed.emit()

    def _on_finished(self, request: Request, result: Inspection) -> None:
        if request is self._unlocking and request is not None:
            self._tried(result)
        if isinstance(request, Inspect) and request.photo is self._session.photo:
            self.inspection = result
            own = self._session.origin.restored
            self._saving.tell_export(result is not None and result.found is not None and not own)
            self.changed.emit()
            if self._session.edits:
                self._offer_to_continue()
            elif result is not None:
                self._tell_recognised(result)

    def _tell_recognised(self, inspection: Inspection) -> None:
        restore = (self.tr("Restore original"), self.restore_original)
        if inspection.integrity.outcome == "locked":
            text = self.tr("A locked original is in this picture: its passphrase brings it back.")
            unlock = (self.tr("Unlock…"), self.restore_original)
            self._notifications.tell(text, actions=(unlock,), key="banner")
        elif inspection.integrity.outcome == "in part":
            text = self.tr(
                "This picture carries its own original, but {changed} of it was changed."
            )
            text = text.format(changed=self._percent(inspection.integrity.changed))
            re_edit = ((self.tr("Re-edit"), self.re_edit),) if inspection.edits else ()
            actions = (*re_edit, restore, self._show_where)
            self._notifications.tell(text, "warning", actions, key="banner")
        elif inspection.why_not is None and inspection.found and inspection.found.is_copy:
            text = self.tr(
                "This picture is a copy of an export: {changes}. It carries its original."
            )
            changes = [engine_text(each) for each in copies.what_happened(inspection.found)]
            text = text.format(changes=", ".join(changes))
            re_edit = ((self.tr("Re-edit"), self.re_edit),) if inspection.edits else ()
            self._notifications.tell(text, actions=(*re_edit, restore), key="banner")
        elif inspection.why_not is None and inspection.edits:
            text = self.tr(
                "This picture carries its own original: edit on from it, or take it as it was."
            )
            actions = ((self.tr("Re-edit"), self.re_edit), restore)
            self._notifications.tell(text, actions=actions, key="banner")
        elif inspection.why_not is None:
            text = self.tr("This picture carries its own original.")
            self._notifications.tell(text, actions=(restore,), key="banner")
        elif inspection.found is not None or inspection.edits is not None:
            text = engine_text(message("not-restorable", why=inspection.why_not))
            self._notifications.tell(text, "warning", key="banner")

    def _offer_to_continue(self) -> None:
        """Once for each export: what is done to it would be better done to its original."""
        if (
            self._offered
            or self.locked
            or not self.possible
            or not any(e.acts for e in self._session.edits)
        ):
            return
        self._offered = True
        if self.inspection is not None and self.inspection.edits:
            text = self.tr(
                "This picture carries its own original. Go on from there, and what the edits "
                "took, such as bright clouds, is there again."
            )
        else:
            text = self.tr(
                "This picture carries its own original. Go on from there; the edits it was "
                "exported with are not in the file any more."
            )
        actions = ((self.tr("Continue from the original"), self.re_edit),)
        self._notifications.tell(text, actions=actions, key="banner")

    # -- what came back ----------------------------------------------------------------------------

    def _continue(self, added: tuple[Edit, ...]) -> None:
        """The original is there with the edits of the export: what was done since goes on top."""
        edits = continued(self._session.edits, added)
        if edits != self._session.edits:
            text = self.tr("Continue from the original")
            self._session.stack.push(ReplaceEdits(self._session, edits, text))
        if edits:
            text = self.tr("The original with its edit list on top: everything can be changed.")
        else:
            text = self.tr("This is the original. Its edit list is not in the file any more.")
        self._notifications.tell(text, "success", key="banner")

    def _tell_restored(self, result: OpenedPhoto | RestoredPhoto) -> None:
        assert isinstance(result, RestoredPhoto)
        actions: list[tuple[str, Callable[[], None]]] = [
            (self.tr("Save…"), self._saving.save_restored)
        ]
        listed = result.restored.edits
        if listed:
            actions.append((self.tr("Put the edits back"), lambda: self._put_back(listed)))
        text, kind = self.tr("The original is restored. C compares it with the export."), "success"
        integrity = result.restored.integrity
        if result.restored.by_copy:
            text = self.tr(
                "The original is restored: its own file was in the export. C compares it with the "
                "export."
            )
        elif integrity.outcome == "in part":
            text, kind = self._damage(integrity.changed, integrity.predicted), "warning"
            actions.append(self._show_where)
        elif integrity.doubtful:
            text, kind = (
                self.tr(
                    "The original is restored as it was carried on from an earlier export: "
                    "nothing proves it. C compares it with the export."
                ),
                "warning",
            )
        elif integrity.outcome == "unproven":
            text = self.tr(
                "The original is restored; nothing proves that the export was not changed. C "
                "compares it with the export."
            )
        notes = [engine_text(note) for note in result.restored.notes]
        self._notifications.tell(" ".join([text, *notes]), kind, tuple(actions))

    def _damage(self, changed: float, predicted: float) -> str:
        """What is said of an export that was changed since it was made; shares of the picture."""
        text = self.tr(
            "The original is restored in part: {changed} of the export was changed since and is "
            "left as received, {predicted} of the original is only predicted."
        )
        return text.format(changed=self._percent(changed), predicted=self._percent(predicted))

    @property
    def _show_where(self) -> tuple[str, Callable[[], None]]:
        return self.tr("Show where"), self.map_wanted.emit

    def _percent(self, share: float) -> str:
        if 0 < share < 0.01:
            return self.tr("less than 1 %")
        return self.tr("{n} %").format(n=round(100 * share))

    def _put_back(self, edits: tuple[Edit, ...]) -> None:
        self._session.stack.push(ReplaceEdits(self._session, edits, self.tr("Put the edits back")))
