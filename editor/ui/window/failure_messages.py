"""Messages about jobs that failed and about errors that nothing has caught."""

from __future__ import annotations

import logging
import sys
from types import TracebackType

from PySide6.QtCore import QObject

from editor.messages import MessageError
from editor.ui.texts.engine_messages import error_text
from editor.ui.widgets.notifications import Notifications
from editor.ui.window.save_controller import SaveController
from editor.ui.worker.export_requests import EncodeExport, EstimateSize
from editor.ui.worker.jobs import Jobs
from editor.ui.worker.look_requests import Thumbnail
from editor.ui.worker.open_requests import Inspect
from editor.ui.worker.request import Request
from editor.ui.worker.system_requests import DescribeDevice, WarmUp

_log = logging.getLogger(__name__)


class FailureMessages(QObject):
    """Shows what went wrong and what to do about it, unless a dialog shows it already."""

    def __init__(
        self, jobs: Jobs, notifications: Notifications, saving: SaveController, parent: QObject
    ) -> None:
        super().__init__(parent)
        self._notifications, self._saving = notifications, saving
        jobs.failed.connect(self._on_failed)

    def _on_failed(self, request: Request, error: BaseException) -> None:
        if isinstance(request, (EncodeExport, EstimateSize)) and self._saving.dialog is not None:
            return  # the dialog shows it
        if isinstance(request, (Thumbnail, DescribeDevice)):
            return  # the next thumbnail is tried; the About box shows it
        text = self._explain(error)
        if isinstance(request, (Inspect, WarmUp)):
            from editor.engine.embedding import WeightsUnusable  # slow to import at the start

            # Editing works without the networks; an export will say in full what is wrong.
            if not isinstance(error, WeightsUnusable):
                self._notifications.tell(text, "warning", key="networks")
        else:
            self._notifications.tell(text, "error", key=f"failed {request.lane}")

    def report_uncaught(
        self, kind: type[BaseException], error: BaseException, trace: TracebackType | None
    ) -> None:
        """A `sys.excepthook`: exceptions that nothing has caught are shown, and printed."""
        sys.__excepthook__(kind, error, trace)
        if issubclass(kind, Exception):
            text = self.tr("Something went wrong ({what}). Your edits are kept.").format(
                what=error_text(error)
            )
            self._notifications.tell(text, "error", key="exception")

    def _explain(self, error: BaseException) -> str:
        if isinstance(error, MessageError):
            return error_text(error)
        if isinstance(error, MemoryError):
            return self.tr("There is not enough memory for this: close other programs.")
        _log.error("a job failed", exc_info=error)
        return self.tr("That did not work: {what}. Your edits are kept.").format(
            what=error_text(error)
        )
