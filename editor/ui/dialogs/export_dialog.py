"""The export dialog: encodes and measures in the background, writes the very bytes it checked."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import QTimer, Signal
from PySide6.QtGui import QCloseEvent
from PySide6.QtWidgets import QDialog, QHBoxLayout, QPushButton, QVBoxLayout, QWidget

from editor.document import Document
from editor.messages import Message
from editor.ui.dialogs.export_form import ExportForm
from editor.ui.dialogs.export_verdict import ExportVerdict
from editor.ui.dialogs.prompts import Prompts
from editor.ui.dialogs.suggestions import suggested_folder, suggested_stem
from editor.ui.session.session import Origin
from editor.ui.session.settings import Settings
from editor.ui.worker.export_requests import EncodeExport, EstimateSize, SaveBytes
from editor.ui.worker.jobs import Jobs
from editor.ui.worker.request import Request

if TYPE_CHECKING:
    from editor.engine.export import ExportReport

_START_AFTER = 350  # ms after the last change of a setting


class ExportDialog(QDialog):
    """Encodes in the background with every change; *Export* writes the very bytes it checked.

    `exported` carries the file's path and the report of what was measured.
    """

    exported = Signal(object, object)

    def __init__(
        self,
        document: Document,
        origin: Origin,
        jobs: Jobs,
        settings: Settings,
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(parent)
        self.setWindowTitle(self.tr("Export"))
        self.setMinimumWidth(520)
        self._document, self._jobs, self._settings = document, jobs, settings
        self._prompts = Prompts(self)
        self.report: ExportReport | None = None
        self._reports: dict[tuple[object, ...], ExportReport] = {}
        """What was encoded already, by its settings."""
        self._encoding: EncodeExport | None = None
        self._estimating: EstimateSize | None = None
        self._saving: SaveBytes | None = None
        self._write_when_checked: tuple[Path, bool] | None = None
        self.form = ExportForm(
            settings, suggested_stem(document, origin), suggested_folder(origin, settings)
        )
        self.verdict = ExportVerdict()
        self.export_button = QPushButton(self.tr("Export"))
        self._lay_out()
        self._timer = QTimer(self, singleShot=True, interval=_START_AFTER)
        self._timer.timeout.connect(self._start)
        self.form.changed.connect(self._changed)
        jobs.finished.connect(self._on_finished)
        jobs.failed.connect(self._on_failed)
        jobs.stopped.connect(self._on_stopped)
        jobs.progressed.connect(self._on_progressed)
        self._changed()

    def _lay_out(self) -> None:
        self.export_button.setObjectName("primary")
        self.export_button.setDefault(True)
        self.export_button.clicked.connect(self._export)
        cancel = QPushButton(self.tr("Cancel"))
        cancel.setAutoDefault(False)
        cancel.clicked.connect(self.reject)
        buttons = QHBoxLayout()
        buttons.addStretch(1)
        buttons.addWidget(cancel)
        buttons.addWidget(self.export_button)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(20, 18, 20, 16)
        layout.setSpacing(14)
        layout.addWidget(self.form)
        layout.addWidget(self.verdict)
        layout.addLayout(buttons)

    # -- checking ----------------------------------------------------------------------------------

    def _changed(self) -> None:
        self.report = self._reports.get(self._wanted().settings)
        if self.report is not None:
            self._timer.stop()
            self._stop()
            self.verdict.show_report(self.report)
            return
        self.verdict.show_waiting()
        self._timer.start()

    def _wanted(self) -> EncodeExport:
        return EncodeExport(
            document=self._document,
            fmt=self.form.fmt,
            keep_metadata=self.form.keep_metadata,
            device=self._settings["device"],
        )

    def _start(self) -> None:
        self._encoding = wanted = self._wanted()
        self._estimating = EstimateSize(
            document=self._document,
            fmt=wanted.fmt,
            keep_metadata=wanted.keep_metadata,
            device=wanted.device,
        )
        self._jobs.submit(self._estimating)
        self._jobs.submit(self._encoding)

    def _stop(self) -> None:
        """Forget what is being encoded."""
        self._encoding = self._estimating = None
        for lane in (EstimateSize.lane, EncodeExport.lane):
            self._jobs.cancel(lane)

    def _on_finished(self, request: Request, result: object) -> None:
        if request is self._estimating:
            if self.report is None:
                assert isinstance(result, int)
                self.verdict.show_estimate(result)
        elif request is self._encoding:
            self._checked(result)  # type: ignore[arg-type]
        elif request is self._saving:
            self.form.remember(self._settings)
            self.exported.emit(result, self.report)
            self.accept()

    def _checked(self, report: ExportReport) -> None:
        assert self._encoding is not None
        self.report = self._reports[self._encoding.settings] = report
        self.verdict.show_report(report)
        if self._write_when_checked is not None:
            self._write(*self._write_when_checked)

    def _on_failed(self, request: Request, error: BaseException) -> None:
        if request not in (self._encoding, self._saving, self._estimating):
            return
        if request is self._estimating and self._encoding is not None:
            return  # the encoding itself will tell
        self._write_when_checked = None
        self._set_busy(False)
        self.verdict.show_failure(error)

    def _on_stopped(self, request: Request) -> None:
        if request is self._encoding:
            self._write_when_checked = None
            self._set_busy(False)

    def _on_progressed(self, request: Request, share: float, what: Message) -> None:
        if request is self._encoding and self.report is None:
            self.verdict.show_progress(share, what)

    # -- writing -----------------------------------------------------------------------------------

    def _export(self) -> None:
        path, overwrite = self.form.path, False
        if path.exists():
            if not self._prompts.may_replace(path):
                return
            overwrite = True
        if self._timer.isActive():
            self._timer.stop()
            self._start()
        if self.report is None:
            self._write_when_checked = (path, overwrite)
            self._set_busy(True)
            if self._encoding is None or self._jobs.running is not self._encoding:
                self._start()
        else:
            self._write(path, overwrite)

    def _write(self, path: Path, overwrite: bool) -> None:
        assert self.report is not None
        self._write_when_checked = None
        self._set_busy(True)
        self._saving = SaveBytes(path=path, data=self.report.data, overwrite=overwrite)
        self._jobs.submit(self._saving)

    def _set_busy(self, on: bool) -> None:
        self.export_button.setEnabled(not on)
        self.export_button.setText(self.tr("Exporting…") if on else self.tr("Export"))
        self.form.lock(on)

    # -- closing -----------------------------------------------------------------------------------

    def done(self, result: int) -> None:
        """Stop what still runs for this dialog, however it closes."""
        self._timer.stop()
        self._stop()
        for signal, slot in (
            (self._jobs.finished, self._on_finished),
            (self._jobs.failed, self._on_failed),
            (self._jobs.stopped, self._on_stopped),
            (self._jobs.progressed, self._on_progressed),
        ):
            signal.disconnect(slot)
        super().done(result)

    def closeEvent(self, event: QCloseEvent) -> None:
        self.reject()
