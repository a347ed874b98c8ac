"""Progress and Cancel of the running job, for those that take over half a second."""

from __future__ import annotations

from PySide6.QtCore import Qt, QTimer
from PySide6.QtWidgets import QHBoxLayout, QProgressBar, QToolButton, QWidget

from editor.messages import Message
from editor.ui.texts.engine_messages import engine_text
from editor.ui.widgets.controls import ElidedLabel
from editor.ui.worker.jobs import Jobs
from editor.ui.worker.request import Request

_SHOW_AFTER = 500  # ms
_LABEL_WIDTH = 230


class JobProgress(QWidget):
    """Shows itself while a job runs that somebody waits for."""

    def __init__(self, jobs: Jobs, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._jobs = jobs
        self.label, self.bar, self.cancel_button = ElidedLabel(), QProgressBar(), QToolButton()
        # Neither another text nor a job that cannot be stopped moves the button under the mouse.
        self.label.setFixedWidth(_LABEL_WIDTH)
        self.label.setAlignment(Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter)
        policy = self.cancel_button.sizePolicy()
        policy.setRetainSizeWhenHidden(True)
        self.cancel_button.setSizePolicy(policy)
        self.bar.setRange(0, 1000)
        self.bar.setTextVisible(False)
        self.bar.setFixedWidth(140)
        self.cancel_button.setText(self.tr("Cancel"))
        self.cancel_button.setToolTip(self.tr("Cancel what is running (Esc)"))
        self.cancel_button.clicked.connect(self.cancel)
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 6, 0)
        row.addWidget(self.label)
        row.addWidget(self.bar)
        row.addWidget(self.cancel_button)
        self.setVisible(False)
        self._timer = QTimer(self, singleShot=True, interval=_SHOW_AFTER)
        self._timer.timeout.connect(lambda: self.setVisible(jobs.running is not None))
        jobs.started.connect(self._on_started)
        jobs.progressed.connect(self._on_progressed)
        jobs.idle.connect(self._hide)

    def cancel(self) -> None:
        """Stop what is running."""
        running = self._jobs.running
        if running is not None and running.stops:
            self._jobs.cancel(running.lane)

    def _on_started(self, request: Request) -> None:
        if request.quiet:
            self._hide()
            return
        self.label.show_text(self.tr("Working…"))
        self.bar.setRange(0, 0)
        self.cancel_button.setVisible(request.stops)
        if not self.isVisible():
            self._timer.start()

    def _on_progressed(self, request: Request, share: float, what: Message) -> None:
        self.label.show_text(engine_text(what))
        self.bar.setRange(0, 1000)
        self.bar.setValue(round(share * 1000))

    def _hide(self) -> None:
        self._timer.stop()
        self.setVisible(False)
