"""Opens photos: files, the sample, pasted and dropped pictures."""

from __future__ import annotations

import contextlib
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

from PySide6.QtCore import QObject, Signal
from PySide6.QtGui import QImage

from editor.files import formats
from editor.files.picture import Picture
from editor.ui.dialogs.prompts import Prompts
from editor.ui.dialogs.suggestions import suggested_open_folder
from editor.ui.panels.empty_state import sample_photo
from editor.ui.session.recovery import Recovery
from editor.ui.session.session import Origin, Session
from editor.ui.session.settings import Settings
from editor.ui.widgets import qimages
from editor.ui.widgets.notifications import Notifications
from editor.ui.window.action_set import Handlers
from editor.ui.window.render_controller import RenderController
from editor.ui.window.save_controller import SaveController
from editor.ui.worker.jobs import Jobs
from editor.ui.worker.open_requests import (
    Inspect,
    Open,
    OpenedPhoto,
    Restore,
    RestoredPhoto,
    ShownExport,
)
from editor.ui.worker.request import Request

Arrived = Callable[[OpenedPhoto | RestoredPhoto], None]


@dataclass(frozen=True, eq=False)
class _Pending:
    """A photo that is being opened.

    Attributes:
        arrived: called once it is on the screen.
    """

    request: Open | Restore
    origin: Origin
    arrived: Arrived | None


class OpenController(QObject):
    """Opens one photo at a time; the latest request wins.

    `photo_changed`: another photo, or none, is on the screen.
    """

    photo_changed = Signal()

    def __init__(
        self,
        session: Session,
        jobs: Jobs,
        settings: Settings,
        recovery: Recovery,
        rendering: RenderController,
        saving: SaveController,
        notifications: Notifications,
        prompts: Prompts,
        parent: QObject,
    ) -> None:
        super().__init__(parent)
        self._session, self._jobs, self._settings = session, jobs, settings
        self._recovery, self._rendering, self._saving = recovery, rendering, saving
        self._notifications, self._prompts = notifications, prompts
        self._pending: _Pending | None = None
        jobs.finished.connect(self._on_finished)
        jobs.failed.connect(self._on_failed)
        jobs.stopped.connect(self._on_stopped)

    @property
    def pending(self) -> bool:
        """Whether a photo is being opened."""
        return self._pending is not None

    @property
    def handlers(self) -> Handlers:
        """What the actions of this controller do."""
        return {
            "open-photo": self.open_photo,
            "open-sample": self.open_sample,
            "close-photo": self.close_photo,
        }

    # -- what the user asks for --------------------------------------------------------------------

    def open_photo(self) -> None:
        """Ask for a photo and open it."""
        path = self._prompts.photo_to_open(str(suggested_open_folder(self._settings)))
        if path is not None:
            self.open_path(path)

    def open_path(self, path: Path) -> None:
        """Open a file, after asking about unsaved work."""
        self._open_path(path)

    def open_first(self, paths: Sequence[Path]) -> None:
        """Open the first of several files that looks like a picture, and say so."""
        pictures = [p for p in paths if p.suffix.lower() in formats.SUFFIXES]
        path = (pictures or paths)[0]
        others = len(paths) - 1
        self._open_path(path, (lambda _: self._tell_others(path, others)) if others else None)

    def _tell_others(self, path: Path, others: int) -> None:
        if others == 1:
            text = self.tr("“{name}” was opened; the other file was not: one photo at a time.")
        else:
            text = self.tr(
                "“{name}” was opened; the other {n} files were not: one photo at a time."
            )
        self._notifications.tell(text.format(name=path.name, n=others), key="others")

    def open_sample(self) -> None:
        """Open the bundled sample photo."""
        self._open_sample()

    def welcome(self) -> None:
        """At the very first start: open the sample photo and say how to begin."""
        if self._settings["welcomed"] or sample_photo() is None:
            return
        self._settings["welcomed"] = True
        self._open_sample(self._tell_welcome)

    def open_image(self, image: QImage) -> None:
        """Open pixels from the clipboard or from another program."""
        if image.isNull():
            return
        request = Open(
            source=Picture(*qimages.to_rgb_and_alpha(image)), keep_copy=self._recovery.photo_copy
        )
        origin = Origin(name=self.tr("Pasted picture"))
        self._saving.unless_unsaved(lambda: self.submit(request, origin))

    def _open_path(self, path: Path, arrived: Arrived | None = None) -> None:
        request, origin = Open(source=path), _origin(path)
        self._saving.unless_unsaved(lambda: self.submit(request, origin, arrived))

    def _open_sample(self, arrived: Arrived | None = None) -> None:
        path = sample_photo()
        if path is None:
            self._notifications.tell(
                self.tr("This installation has no sample photo; open one of yours.")
            )
        else:
            self._open_path(path, arrived)

    def _tell_welcome(self, _: object) -> None:
        self._notifications.tell(
            self.tr(
                "Welcome! Try this sample photo: click a look on the left, or drag Exposure on "
                "the right, and press Export. Then open the export and restore the photo from it."
            ),
            actions=((self.tr("Open a photo of mine"), self.open_photo),),
            key="welcome",
        )

    def close_photo(self) -> None:
        """Close the photo, after asking about unsaved work."""
        self._saving.unless_unsaved(self._close_photo)

    def _close_photo(self) -> None:
        self._session.close()
        self._rendering.close_photo()
        self._notifications.clear()
        self._recovery.drop()
        self.photo_changed.emit()

    # -- opening -----------------------------------------------------------------------------------

    def submit(
        self, request: Open | Restore, origin: Origin, arrived: Arrived | None = None
    ) -> None:
        """Open what the request asks for, without a question."""
        self._pending = _Pending(request, origin, arrived)
        self._jobs.submit(request)

    def _on_finished(self, request: Request, result: object) -> None:
        pending = self._pending
        if pending is None or request is not pending.request:
            return
        self._pending = None
        if isinstance(result, RestoredPhoto):
            self._show(result.opened, pending.origin, result.export)
        else:
            assert isinstance(result, OpenedPhoto)
            self._show(result, pending.origin)
        if pending.arrived is not None:
            pending.arrived(result)
        self.photo_changed.emit()
        if isinstance(result, OpenedPhoto):
            self._jobs.submit(Inspect(photo=result.document.photo))

    def _show(self, opened: OpenedPhoto, origin: Origin, export: ShownExport | None = None) -> None:
        self._notifications.clear()
        # A restored original stays in its export: only a pasted picture can be lost.
        self._session.open(opened.document, origin, unsaved=not origin.path)
        self._rendering.show_photo(opened, export)
        if origin.path and not origin.restored and origin.path != str(sample_photo()):
            self._settings.remember_file(origin.path)
            self._settings["open/folder"] = str(Path(origin.path).parent)

    def _on_failed(self, request: Request, error: BaseException) -> None:
        if self._pending is None or request is not self._pending.request:
            return
        self._pending = None
        if isinstance(request, Open) and isinstance(request.source, Path):
            self._settings.forget_file(str(request.source))

    def _on_stopped(self, request: Request) -> None:
        if self._pending is not None and request is self._pending.request:
            self._pending = None


def _origin(path: Path) -> Origin:
    with contextlib.suppress(OSError):
        path = path.absolute()
    return Origin(path=str(path), name=path.name)
