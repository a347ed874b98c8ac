"""The verdict of the export dialog: size of the file, and whether the original comes back."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QCoreApplication, Qt
from PySide6.QtWidgets import QFrame, QHBoxLayout, QLabel, QProgressBar, QVBoxLayout, QWidget

from editor.messages import Message
from editor.ui.dialogs.sample_view import SampleView
from editor.ui.texts.engine_messages import decibels, engine_text, error_text
from editor.ui.texts.language import number
from editor.ui.widgets import theme

if TYPE_CHECKING:
    from editor.engine.export import ExportReport


GOOD = 32.0
"""PSNR in dB of the worst part from which what comes back is at least good."""


def size_text(size: int) -> str:
    """Bytes as people write them."""
    if size < 1000:
        return QCoreApplication.translate("ExportVerdict", "{size} bytes").format(size=size)
    if size < 1_000_000:
        return f"{number(size / 1000)} kB"
    return f"{number(size / 1_000_000, 1)} MB"


def time_text(seconds: float) -> str:
    """How long something may still take, no more exactly than it is known."""
    if seconds < 8:
        return QCoreApplication.translate("ExportVerdict", "A few seconds left")
    if seconds < 90:
        step = 5 if seconds < 30 else 10
        about = round(seconds / step) * step
        return QCoreApplication.translate("ExportVerdict", "About {n} s left").format(n=about)
    about = round(seconds / 60)
    return QCoreApplication.translate("ExportVerdict", "About {n} min left").format(n=about)


class ExportVerdict(QFrame):
    """A card: waiting, then what was measured or what went wrong."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.icon, self.title, self.details, self.size_label = (QLabel() for _ in range(4))
        self.title.setObjectName("title")
        self.title.setWordWrap(True)
        self.details.setObjectName("muted")
        self.details.setWordWrap(True)
        self._preparing = self.tr("Preparing…")
        self.sample = SampleView()
        self.progress = QProgressBar()
        self.progress.setRange(0, 1000)
        self.progress.setTextVisible(False)
        self.setObjectName("card")
        colours = theme.current()
        self.setStyleSheet(
            f"QFrame#card {{ background: {colours.raised}; border: 1px solid {colours.border};"
            " border-radius: 8px; }"
        )
        head = QHBoxLayout()
        head.addWidget(self.icon, 0, Qt.AlignmentFlag.AlignTop)
        head.addWidget(self.title, 1, Qt.AlignmentFlag.AlignTop)
        head.addWidget(self.size_label, 0, Qt.AlignmentFlag.AlignTop)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(14, 12, 14, 12)
        layout.setSpacing(7)
        layout.addLayout(head)
        layout.addWidget(self.sample, 0, Qt.AlignmentFlag.AlignHCenter)
        layout.addWidget(self.details)
        layout.addWidget(self.progress)
        layout.addStretch(1)
        self.setMinimumHeight(112)

    def show_waiting(self, *, carries: bool = True) -> None:
        """Nothing is known of this file yet, but whether it is to carry the original."""
        text = self.tr("Checking that the original comes back")
        if not carries:
            text = self.tr("Checking that nothing of the original is left")
        self._show("history", theme.current().muted, text)
        self.size_label.setText("")
        self.sample.show_sample(None)
        self.sample.setVisible(carries)
        self.details.setText(self._preparing)
        self.progress.setValue(0)
        self.progress.setVisible(True)

    def show_incomplete(self) -> None:
        """Something is still to be chosen: a passphrase."""
        self._show("history", theme.current().muted, self.tr("Choose a passphrase"))
        self.details.setText(
            self.tr("It locks the original in this export; nobody can give it back without.")
        )
        self.size_label.setText("")
        self.sample.setVisible(False)
        self.progress.setVisible(False)

    def show_progress(self, share: float, what: Message | None, seconds: float) -> None:
        """How far the check is, 0..1, what is being done and how long it may still take."""
        if self.progress.isHidden():
            return  # a failure is shown
        self.progress.setValue(round(share * 1000))
        doing = self.tr("{what}…").format(what=engine_text(what)) if what else self._preparing
        self.details.setText(f"{doing} {time_text(seconds)}")

    def show_estimate(self, size: int) -> None:
        """About how large the file will be, in bytes."""
        self.size_label.setText(self.tr("about {size}").format(size=size_text(size)))

    def show_report(self, report: ExportReport) -> None:
        """What was measured."""
        colours = theme.current()
        self.progress.setVisible(False)
        self.size_label.setText(size_text(len(report.data)))
        self.sample.show_sample(report.sample)
        self.sample.setVisible(report.sample is not None)
        if report.sample is not None and report.restored is not None:
            words = engine_text(report.words)
            if report.sample.quality.psnr >= GOOD:
                text = self.tr("Restorable: what comes back is {words}").format(words=words)
                self._show("circle-check", colours.success, text)
            else:
                text = self.tr("Restorable with losses: {words}")
                self._show("triangle-alert", colours.warning, text.format(words=words))
            self.details.setText(
                self.tr(
                    "Above: its worst part, {there}; the whole photo: {whole}; what is seen: "
                    "{seen}. Measured on the very bytes that will be written."
                ).format(
                    there=decibels(report.sample.quality),
                    whole=decibels(report.restored),
                    seen=decibels(report.export),
                )
            )
        elif report.why_not is not None and report.why_not.code == "left-out":
            self._show("circle-check", colours.muted, self.tr("The original is left out"))
            self.details.setText(engine_text(report.why_not))
        else:
            text = self.tr("Not restorable: the original stays only in your own file")
            self._show("triangle-alert", colours.warning, text)
            self.details.setText(engine_text(report.why_not))
        notes = [engine_text(note) for note in report.notes]
        self.details.setText("\n".join([self.details.text(), *notes]))

    def show_failure(self, error: BaseException) -> None:
        """What went wrong."""
        self._show("triangle-alert", theme.current().error, self.tr("Not exported"))
        self.details.setText(error_text(error))
        self.sample.setVisible(False)
        self.progress.setVisible(False)

    def _show(self, icon: str, colour: str, text: str) -> None:
        self.icon.setPixmap(theme.pixmap(icon, colour, 20, self.devicePixelRatioF()))
        self.title.setText(text)
