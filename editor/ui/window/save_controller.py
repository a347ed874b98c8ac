"""Exports, saves, and asks about unsaved work."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, QUrl, Signal
from PySide6.QtGui import QDesktopServices
from PySide6.QtWidgets import QWidget

from editor.engine import exact_copies
from editor.files import formats
from editor.files.encoding import ExportFormat, left_out
from editor.files.file_format import FileFormat
from editor.files.picture import PictureError
from editor.files.picture_files import same_file
from editor.ui.dialogs.export_dialog import ExportDialog
from editor.ui.dialogs.prompts import Prompts, Unsaved
from editor.ui.dialogs.suggestions import free_name, source_stem, suggested_folder
from editor.ui.dialogs.time_left import Pace
from editor.ui.session.recovery import Recovery
from editor.ui.session.session import Session
from editor.ui.session.settings import Settings
from editor.ui.texts.engine_messages import engine_text
from editor.ui.widgets.notifications import Notifications
from editor.ui.window.action_set import Handlers
from editor.ui.worker.export_requests import SavePicture
from editor.ui.worker.jobs import Jobs
from editor.ui.worker.request import Request

if TYPE_CHECKING:
    from editor.engine.export import ExportReport


def _filters(fmts: Sequence[FileFormat]) -> str:
    """Of a file dialog."""
    return ";;".join(f"{fmt.name} ({fmt.patterns})" for fmt in fmts)


_SAVE_FILTERS = _filters(formats.LOSSLESS)


class SaveController(QObject):
    """Writes files. `dialog` is the export dialog while it is open.

    `restore_wanted`: the original inside an export that was just written (its path).
    """

    restore_wanted = Signal(object)

    def __init__(
        self,
        session: Session,
        jobs: Jobs,
        settings: Settings,
        recovery: Recovery,
        notifications: Notifications,
        prompts: Prompts,
        parent: QWidget,
    ) -> None:
        super().__init__(parent)
        self._session, self._jobs, self._settings = session, jobs, settings
        self._recovery, self._notifications, self._prompts = recovery, notifications, prompts
        self._parent = parent
        self.dialog: ExportDialog | None = None
        self._pace = Pace()
        self._is_export = False
        self._saving: SavePicture | None = None
        self._then: Callable[[], object] | None = None
        """What the user wanted when asked about unsaved work: done once that is saved."""
        jobs.finished.connect(self._on_finished)
        jobs.failed.connect(self._on_failed)

    @property
    def handlers(self) -> Handlers:
        """What the actions of this controller do."""
        return {
            "export": self.export,
            "save": self.save,
        }

    # -- unsaved work ------------------------------------------------------------------------------

    def may_leave(self, then: Callable[[], object]) -> bool:
        """Whether the open photo may be left now; asks where work would be lost.

        When the user wants to save first the answer is False, and `then` is called once that is
        done.
        """
        if not self._session.modified:
            return True
        name = self._session.origin.name
        if self._session.edits_unsaved:
            answer = self._prompts.what_about_unsaved(name)
        else:
            answer = self._prompts.what_about_unsaved_photo(name)
        if answer is Unsaved.SAVE:
            self._then = then
            self.save()
        return answer is Unsaved.DISCARD

    def unless_unsaved(self, then: Callable[[], object]) -> None:
        """Call `then` now, after saving or, if the user wants to stay, not at all."""
        if self.may_leave(then):
            then()

    @property
    def saves_original(self) -> bool:
        """Whether the photo is a restored original as it was: it has nothing to carry."""
        session = self._session
        return session.origin.restored and not any(e.acts for e in session.edits)

    # -- export ------------------------------------------------------------------------------------

    def export(self) -> None:
        """Show the export dialog; a restored original that is not edited is saved instead."""
        if self._session.document is None or self.dialog is not None:
            return
        if self.saves_original:
            self.save_restored()
            return
        self.dialog = ExportDialog(
            self._session.document,
            self._session.origin,
            self._jobs,
            self._settings,
            self._parent,
            self._pace,
        )
        self.dialog.offer_as_new(self._is_export)
        self.dialog.exported.connect(self._exported)
        self.dialog.finished.connect(self._export_closed)
        self.dialog.open()

    def tell_export(self, on: bool) -> None:
        """Whether the open photo is an export itself."""
        self._is_export = on
        if self.dialog is not None:
            self.dialog.offer_as_new(on)

    def _export_closed(self, result: int) -> None:
        dialog, self.dialog = self.dialog, None
        if dialog is not None:
            dialog.deleteLater()
        then, self._then = self._then, None
        if result and then is not None:
            then()

    def _exported(self, path: Path, report: ExportReport) -> None:
        self._session.saved()
        self._recovery.drop()
        if report.restored is not None:
            text = self.tr("Exported “{name}”: what comes back from it is {words}.").format(
                name=path.name, words=engine_text(report.words)
            )
            restore = (self.tr("Open it and restore"), lambda: self.restore_wanted.emit(path))
            locked = report.locked  # to be opened with its passphrase
            self._tell_written(text, "success", path, *(() if locked else (restore,)))
        else:
            text = self.tr("Exported “{name}”, not restorable: {why}").format(
                name=path.name, why=engine_text(report.why_not)
            )
            self._tell_written(text, "warning", path)

    # -- save --------------------------------------------------------------------------------------

    def save(self) -> None:
        """Save a restored original as a plain picture; export an edited photo."""
        if self._session.photo is None:
            return
        self.export()

    def save_restored(self) -> None:
        """Save the restored original as a lossless picture, or its own file where that is there."""
        photo, origin = self._session.photo, self._session.origin
        if photo is None:
            return
        folder = suggested_folder(origin, self._settings)
        own = photo.copy.format if photo.copy and exact_copies.own_file(photo) else None
        suffix, filters = formats.PNG.suffix, _SAVE_FILTERS
        if own is not None:
            suffix = own.suffix
            every_byte = self.tr("{format}, every byte as it was").format(format=own.name)
            others = [fmt for fmt in formats.LOSSLESS if fmt is not own]
            filters = f"{every_byte} ({own.patterns});;" + _filters(others)
        name = free_name(folder, f"{source_stem(origin)}-original", suffix)
        path = self._prompts.file_to_save(self.tr("Save the original"), folder / name, filters)
        if path is None:
            self._then = None
            return
        mended = path if path.suffix else path.with_suffix(suffix)
        if not self._may_write(mended, asked=mended == path):
            self._then = None
            return
        path = mended
        exact = own is not None and path.suffix.lower() in own.suffixes
        try:
            fmt = None if exact else ExportFormat.for_path(path)
        except PictureError as error:
            self._then = None
            self._notifications.tell(engine_text(error.message), "error")
            return
        self._saving = SavePicture(path=path, picture=photo, fmt=fmt, overwrite=path.exists())
        self._jobs.submit(self._saving)

    def _may_write(self, path: Path, *, asked: bool) -> bool:
        """Whether a file may be written; `asked`: the file dialog has warned of replacing it."""
        if not path.exists():
            return True
        source = self._session.origin.path
        if source and same_file(path, source):
            return self._prompts.may_replace_source(path)
        return asked or self._prompts.may_replace(path)

    def _on_finished(self, request: Request, result: object) -> None:
        if request is not self._saving or self._saving is None:
            return
        saved, self._saving = self._saving, None
        path = saved.path
        lost = () if saved.fmt is None else left_out(saved.picture, saved.fmt)
        self._session.saved()
        self._recovery.drop()
        text = self.tr("Saved “{name}”.").format(name=path.name)
        text = " ".join([text, *(engine_text(note) for note in lost)])
        self._tell_written(text, "success", path)
        then, self._then = self._then, None
        if then is not None:
            then()

    def _on_failed(self, request: Request, error: BaseException) -> None:
        if request is self._saving:
            self._saving, self._then = None, None

    def _tell_written(
        self, text: str, kind: str, path: Path, *first: tuple[str, Callable[[], None]]
    ) -> None:
        show = (self.tr("Show in folder"), lambda: _show_in_folder(path))
        self._notifications.tell(text, kind, (*first, show), key="written")


def _show_in_folder(path: Path) -> None:
    QDesktopServices.openUrl(QUrl.fromLocalFile(str(path.parent)))
