"""The export dialog: encodes and measures in the background, writes the very bytes it checked."""

from __future__ import annotations

import time
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import QTimer, Signal
from PySide6.QtGui import QCloseEvent
from PySide6.QtWidgets import QDialog, QHBoxLayout, QPushButton, QVBoxLayout, QWidget

from editor.document import Document
from editor.engine import exact_copies
from editor.files.picture import PictureError
from editor.files.picture_files import same_file, why_not_into
from editor.messages import Message
from editor.ui.dialogs.export_form import ExportForm
from editor.ui.dialogs.export_verdict import ExportVerdict, size_text
from editor.ui.dialogs.prompts import Prompts
from editor.ui.dialogs.suggestions import suggested_folder, suggested_stem
from editor.ui.dialogs.time_left import Pace, TimeLeft
from editor.ui.session.session import Origin
from editor.ui.session.settings import Settings
from editor.ui.widgets.controls import keep_width, scrolled
from editor.ui.worker.export_requests import EncodeExport, EstimateSize, SaveBytes
from editor.ui.worker.jobs import Jobs
from editor.ui.worker.request import Request

if TYPE_CHECKING:
    from editor.engine.export import ExportReport

WIDTH = 504  # of what is in the dialog, device-independent pixels
_BAR = 10  # that a scroll bar takes beside it
_SLACK = 16  # wrapped text may need a line more than it says
_FRAME = 34  # of the dialog
_TICK = 250  # ms between two looks at the clock while it encodes
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
        pace: Pace | None = None,
    ) -> None:
        super().__init__(parent)
        self.setWindowTitle(self.tr("Export"))
        self._document, self._jobs, self._settings = document, jobs, settings
        self._prompts, self._source = Prompts(self), origin.path
        self.report: ExportReport | None = None
        self._reports: dict[tuple[object, ...], ExportReport] = {}
        """What was encoded already, by its settings."""
        self._encoding: EncodeExport | None = None
        self._estimating: EstimateSize | None = None
        self._saving: SaveBytes | None = None
        self._write_when_checked: tuple[Path, bool] | None = None
        self._pace = pace or Pace()
        self._left: TimeLeft | None = None
        self._looks_done, self._encoding_began = 0.0, 0.0
        self._doing: Message | None = None
        self._file_size = exact_copies.size_of(document.photo) or 0
        self.form = ExportForm(
            settings,
            suggested_stem(document, origin),
            suggested_folder(origin, settings),
            size_text(self._file_size) if self._file_size else "",
        )
        self.verdict = ExportVerdict()
        self._ready_text, self._busy_text = self.tr("Export"), self.tr("Exporting…")
        self.export_button = QPushButton(self._ready_text)
        self._lay_out()
        self._timer = QTimer(self, singleShot=True, interval=_START_AFTER)
        self._timer.timeout.connect(self._start)
        self._clock = QTimer(self, interval=_TICK)
        self._clock.timeout.connect(self._show_progress)
        self.form.changed.connect(self._changed)
        self.form.folder_chosen.connect(self._show_state)
        jobs.finished.connect(self._on_finished)
        jobs.failed.connect(self._on_failed)
        jobs.stopped.connect(self._on_stopped)
        jobs.started.connect(self._on_started)
        jobs.progressed.connect(self._on_progressed)
        self._changed()

    def offer_as_new(self, on: bool) -> None:
        """Whether the photo is an export, which may be taken for a picture of its own."""
        self.form.offer_as_new(on)
        self._fit()

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
        buttons.addSpacing(_BAR)
        self._content = QWidget()
        self._content.setObjectName("panel")
        self._content.setFixedWidth(WIDTH)
        inner = QVBoxLayout(self._content)
        inner.setContentsMargins(0, 0, 0, 0)
        inner.setSpacing(14)
        inner.addWidget(self.form)
        inner.addWidget(self.verdict)
        inner.addStretch(1)
        self._scroll = scrolled(self._content)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(20, 18, 20 - _BAR, 16)
        layout.setSpacing(14)
        layout.addWidget(self._scroll)
        layout.addLayout(buttons)
        keep_width(self.export_button, self._ready_text, self._busy_text)

    def _fit(self) -> None:
        """As tall as what is in it needs, and the screen allows; it never becomes less tall."""
        layout, own = self._content.layout(), self.layout()
        if layout is None or own is None:
            return
        self.form.fit_hint()
        layout.activate()
        wanted = layout.totalHeightForWidth(WIDTH) + _SLACK
        edges = own.contentsMargins()
        others = edges.top() + edges.bottom() + own.spacing()
        others += max(b.sizeHint().height() for b in self.findChildren(QPushButton))
        room = self.screen().availableGeometry().height() - others - _FRAME
        height = max(self._scroll.height() if self.isVisible() else 0, wanted)
        bar = max(_BAR, self._scroll.verticalScrollBar().sizeHint().width())
        self._scroll.setFixedSize(WIDTH + bar, min(height, room))
        self.adjustSize()

    # -- checking ----------------------------------------------------------------------------------

    def _changed(self) -> None:
        self.export_button.setEnabled(self.form.complete)
        if not self.form.complete:
            self.report = None
            self._timer.stop()
            self._stop()
            self.verdict.show_incomplete()
            self._fit()
            return
        self.report = self._reports.get(self._wanted().settings)
        if self.report is not None:
            self._timer.stop()
            self._stop()
            self.verdict.show_report(self.report)
            self._fit()
            return
        self._clock.stop()
        self.verdict.show_waiting(carries=self.form.carry_original)
        self._fit()
        self._timer.start()

    def _show_state(self) -> None:
        """What is known of the file, in place of a failure to write it elsewhere."""
        if not self.form.complete:
            self.verdict.show_incomplete()
        elif self.report is not None:
            self.verdict.show_report(self.report)
        else:
            self.verdict.show_waiting(carries=self.form.carry_original)

    def _wanted(self) -> EncodeExport:
        return EncodeExport(
            document=self._document,
            fmt=self.form.fmt,
            keep_metadata=self.form.keep_metadata,
            carry_original=self.form.carry_original,
            keep_original=self.form.keep_original,
            passphrase=self.form.passphrase,
            as_new=self._document.as_new or self.form.as_new.isChecked(),
            device=self._settings["device"],
        )

    def _start(self) -> None:
        self._encoding = wanted = self._wanted()
        self._estimating = EstimateSize(
            document=self._document,
            fmt=wanted.fmt,
            keep_metadata=wanted.keep_metadata,
            carry_original=wanted.carry_original,
            beside=self._file_size if wanted.keep_original else 0,
            device=wanted.device,
        )
        self._begin_clock()
        self._jobs.submit(self._estimating)
        self._jobs.submit(self._encoding)

    def _stop(self) -> None:
        """Forget what is being encoded."""
        self._clock.stop()
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
        self._clock.stop()
        took = time.monotonic() - self._encoding_began
        self._pace.learn(self._encoding.fmt.lossless, self._megapixels, took)
        self.report = self._reports[self._encoding.settings] = report
        self.verdict.show_report(report)
        self._fit()
        if self._write_when_checked is not None:
            self._write(*self._write_when_checked)

    def _on_failed(self, request: Request, error: BaseException) -> None:
        if request not in (self._encoding, self._saving, self._estimating):
            return
        if request is self._estimating and self._encoding is not None:
            return  # the encoding itself will tell
        self._clock.stop()
        self._write_when_checked = None
        self._set_busy(False)
        self.verdict.show_failure(error)
        self._fit()

    def _on_stopped(self, request: Request) -> None:
        if request is self._encoding:
            self._clock.stop()
            self._write_when_checked = None
            self._set_busy(False)

    # -- progress ----------------------------------------------------------------------------------

    @property
    def _megapixels(self) -> float:
        width, height = self._document.frame.pixel_size
        return width * height / 1e6

    def _begin_clock(self) -> None:
        assert self._encoding is not None
        now = time.monotonic()
        expected = self._pace.expected(self._encoding.fmt.lossless, self._megapixels)
        self._left, self._doing = TimeLeft(expected, now), None
        self._looks_done, self._encoding_began = 0.0, now
        self._clock.start()

    def _on_started(self, request: Request) -> None:
        if request is self._encoding:
            self._encoding_began = time.monotonic()

    def _on_progressed(self, request: Request, share: float, what: Message) -> None:
        if request not in (self._estimating, self._encoding) or self._left is None:
            return
        if request is self._estimating:  # it renders the looks, which the encoding then has
            self._looks_done = share
        else:
            share = self._looks_done + (1 - self._looks_done) * share
        self._doing = what
        self._left.report(share, time.monotonic())
        self._show_progress()

    def _show_progress(self) -> None:
        if self._left is not None and self.report is None:
            now = time.monotonic()
            self.verdict.show_progress(self._left.share(now), self._doing, self._left.seconds(now))

    # -- writing -----------------------------------------------------------------------------------

    def _export(self) -> None:
        path, overwrite = self.form.path, False
        unfit = why_not_into(path)
        if unfit is not None:  # said now, not after the check
            self.verdict.show_failure(PictureError(unfit))
            return
        if path.exists():
            if not self._may_replace(path):
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

    def _may_replace(self, path: Path) -> bool:
        if self._source and same_file(path, self._source):
            return self._prompts.may_replace_source(path)
        return self._prompts.may_replace(path)

    def _write(self, path: Path, overwrite: bool) -> None:
        assert self.report is not None
        self._write_when_checked = None
        self._set_busy(True)
        self._saving = SaveBytes(path=path, data=self.report.data, overwrite=overwrite)
        self._jobs.submit(self._saving)

    def _set_busy(self, on: bool) -> None:
        self.export_button.setEnabled(not on)
        self.export_button.setText(self._busy_text if on else self._ready_text)
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
            (self._jobs.started, self._on_started),
            (self._jobs.progressed, self._on_progressed),
        ):
            signal.disconnect(slot)
        super().done(result)

    def closeEvent(self, event: QCloseEvent) -> None:
        self.reject()
