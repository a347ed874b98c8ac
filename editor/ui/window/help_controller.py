"""Preferences, the shortcut sheet and the About box."""

from __future__ import annotations

from PySide6.QtCore import QObject
from PySide6.QtWidgets import QWidget

from editor.ui.dialogs.dialogs import AboutDialog, PreferencesDialog, ShortcutSheet
from editor.ui.session.settings import Settings
from editor.ui.texts.engine_messages import error_text
from editor.ui.window.action_set import Handlers
from editor.ui.worker.jobs import Jobs
from editor.ui.worker.request import Request
from editor.ui.worker.system_requests import DescribeDevice


class HelpController(QObject):
    """Shows the dialogs that have nothing to do with the photo."""

    def __init__(self, jobs: Jobs, settings: Settings, parent: QWidget) -> None:
        super().__init__(parent)
        self._jobs, self._settings, self._parent = jobs, settings, parent
        self._about: AboutDialog | None = None
        jobs.finished.connect(self._on_finished)
        jobs.failed.connect(self._on_failed)

    @property
    def handlers(self) -> Handlers:
        """What the actions of this controller do."""
        return {
            "preferences": self.preferences,
            "shortcuts": self.shortcuts,
            "about": self.about,
        }

    def preferences(self) -> None:
        """Show the preferences."""
        PreferencesDialog(self._settings, self._parent).open()

    def shortcuts(self) -> None:
        """Show every key."""
        ShortcutSheet(self._parent).open()

    def about(self) -> None:
        """Show versions and device."""
        self._about = AboutDialog(self._parent)
        self._about.finished.connect(self._about_closed)
        self._about.open()
        self._jobs.submit(DescribeDevice(device=self._settings["device"]))

    def _about_closed(self) -> None:
        self._about = None

    def _on_finished(self, request: Request, device: object) -> None:
        if isinstance(request, DescribeDevice) and self._about is not None:
            self._about.show_device(str(device))

    def _on_failed(self, request: Request, error: BaseException) -> None:
        if isinstance(request, DescribeDevice) and self._about is not None:
            self._about.show_device(error_text(error))
