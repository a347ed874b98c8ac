"""The export dialog: format, size, and the measured proof that the original comes back."""

from __future__ import annotations

import os
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import QCoreApplication, QStandardPaths, Qt, QTimer, Signal
from PySide6.QtGui import QCloseEvent, QResizeEvent
from PySide6.QtWidgets import (
    QCheckBox,
    QComboBox,
    QDialog,
    QFormLayout,
    QFrame,
    QHBoxLayout,
    QLabel,
    QLineEdit,
    QProgressBar,
    QPushButton,
    QVBoxLayout,
    QWidget,
)

from editor.document import Document
from editor.files import formats
from editor.files.encoding import ExportFormat
from editor.messages import Message
from editor.ui.dialogs import prompts
from editor.ui.panels.empty_state import SAMPLE_FOLDER
from editor.ui.session.session import Origin
from editor.ui.session.settings import Settings
from editor.ui.texts.engine_messages import engine_text, error_text, quality_text
from editor.ui.texts.language import number
from editor.ui.widgets import theme
from editor.ui.widgets.controls import ElidedLabel, SliderRow
from editor.ui.worker.jobs import Jobs
from editor.ui.worker.requests import EncodeExport, EstimateSize, Request, SaveBytes

if TYPE_CHECKING:
    from editor.engine.export import ExportReport

_START_AFTER = 350  # ms after the last change of a setting


def suggested_stem(document: Document, origin: Origin) -> str:
    """A file name without suffix that says what was done, never the source's own."""
    looks = [e.operator for e in document.edits if e.acts]
    strong = [name for name in looks if name not in ("exposure", "retouch")] or looks
    done = strong[0] if len(set(strong)) == 1 else "edited"
    return f"{Path(origin.name).stem}-{done}"


def suggested_folder(origin: Origin, settings: Settings) -> Path:
    """The folder of the photo, else the last one exported into, else the pictures' folder."""
    for candidate in (Path(origin.path).parent if origin.path else None, settings["export/folder"]):
        if candidate and _takes_files(Path(candidate)):
            return Path(candidate)
    return Path(pictures_folder())


def pictures_folder() -> str:
    """The user's folder of pictures."""
    where = QStandardPaths.StandardLocation.PicturesLocation
    return QStandardPaths.writableLocation(where) or str(Path.home())


def _takes_files(folder: Path) -> bool:
    """Whether it is a folder of the user's to write in; not the program's own."""
    return folder.is_dir() and folder != SAMPLE_FOLDER and os.access(folder, os.W_OK)


def free_name(folder: Path, stem: str, suffix: str) -> str:
    """The stem, numbered where files of that name exist already."""
    name, number = stem + suffix, 2
    while (folder / name).exists():
        name, number = f"{stem}-{number}{suffix}", number + 1
    return name


def size_text(size: int) -> str:
    """Bytes as people write them."""
    if size < 1000:
        return QCoreApplication.translate("ExportDialog", "{size} bytes").format(size=size)
    if size < 1_000_000:
        return f"{number(size / 1000)} kB"
    return f"{number(size / 1_000_000, 1)} MB"


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
        self._source = Path(origin.path) if origin.path else None
        self._stem = suggested_stem(document, origin)
        self._origin = origin
        self.report: ExportReport | None = None
        self._reports: dict[tuple[object, ...], ExportReport] = {}
        """What was encoded already, by its settings."""
        self._encoding: EncodeExport | None = None
        self._estimating: EstimateSize | None = None
        self._saving: SaveBytes | None = None
        self._write_when_checked: tuple[Path, bool] | None = None
        self._build()
        self._timer = QTimer(self, singleShot=True, interval=_START_AFTER)
        self._timer.timeout.connect(self._start)
        jobs.finished.connect(self._on_finished)
        jobs.failed.connect(self._on_failed)
        jobs.stopped.connect(self._on_stopped)
        jobs.progressed.connect(self._on_progressed)
        self._format_changed()

    # -- what it looks like ------------------------------------------------------------------------

    def _build(self) -> None:
        settings = self._settings
        self.kind = QComboBox()
        for kind, text in (
            ("png", self.tr("PNG: lossless, opens everywhere")),
            ("jpeg", self.tr("JPEG: small, for sending and sharing")),
            ("webp", self.tr("WebP: lossless, smaller than PNG")),
            ("tiff", self.tr("TIFF: lossless, for other editors")),
        ):
            self.kind.addItem(text, kind)
        self.kind.setCurrentIndex(self.kind.findData(settings["export/format"]))
        self.hint = QLabel()
        self.hint.setObjectName("muted")
        self.hint.setWordWrap(True)
        self.quality = SliderRow(
            self.tr("Quality"), low=1, high=100, neutral=1, default=95, shown_as=1.0, suffix=""
        )
        self.quality.set_value(settings["export/quality"])
        self.subsampling = QComboBox()
        self.subsampling.addItem(self.tr("4:4:4: full colour"), "444")
        self.subsampling.addItem(self.tr("4:2:0: half the colour, smaller"), "420")
        self.subsampling.setCurrentIndex(self.subsampling.findData(settings["export/subsampling"]))
        self.privacy = QCheckBox(self.tr("Remove metadata (camera, date, place, edit list)"))
        self.privacy.setToolTip(
            self.tr("The original comes back all the same: it is carried by the pixels")
        )
        self.privacy.setChecked(not settings["export/keep_metadata"])
        self.name = QLineEdit()
        self.place = ElidedLabel()
        self.place.setObjectName("muted")
        choose = QPushButton(self.tr("Choose…"))
        choose.setAutoDefault(False)
        choose.clicked.connect(self._choose_folder)
        where = QHBoxLayout()
        where.addWidget(self.place, 1)
        where.addWidget(choose)
        self.form = QFormLayout()
        self.form.setHorizontalSpacing(14)
        self.form.setVerticalSpacing(9)
        self.form.addRow(self.tr("&Format"), self.kind)
        self.form.addRow("", self.hint)
        self.form.addRow("", self.quality)
        self.form.addRow(self.tr("&Colour"), self.subsampling)
        self.form.addRow(self.tr("&Name"), self.name)
        self.form.addRow(self.tr("Folder"), where)
        self.form.addRow(self.tr("Privacy"), self.privacy)
        for field, text in (
            (self.kind, self.tr("Format")),
            (self.subsampling, self.tr("Colour subsampling")),
            (self.name, self.tr("File name")),
        ):
            field.setAccessibleName(text)

        self.verdict_icon, self.verdict, self.details = QLabel(), QLabel(), QLabel()
        self.verdict.setObjectName("title")
        self.verdict.setWordWrap(True)
        self.details.setObjectName("muted")
        self.details.setWordWrap(True)
        self.bytes = QLabel()
        self.progress = QProgressBar()
        self.progress.setRange(0, 1000)
        self.progress.setTextVisible(False)
        card = QFrame()
        card.setObjectName("card")
        colours = theme.current()
        card.setStyleSheet(
            f"QFrame#card {{ background: {colours.raised}; border: 1px solid {colours.border};"
            " border-radius: 8px; }"
        )
        head = QHBoxLayout()
        head.addWidget(self.verdict_icon, 0, Qt.AlignmentFlag.AlignTop)
        head.addWidget(self.verdict, 1, Qt.AlignmentFlag.AlignTop)
        head.addWidget(self.bytes, 0, Qt.AlignmentFlag.AlignTop)
        inside = QVBoxLayout(card)
        inside.setContentsMargins(14, 12, 14, 12)
        inside.setSpacing(7)
        inside.addLayout(head)
        inside.addWidget(self.details)
        inside.addWidget(self.progress)
        inside.addStretch(1)
        card.setMinimumHeight(112)

        self.export_button = QPushButton(self.tr("Export"))
        self.export_button.setObjectName("primary")
        self.export_button.setDefault(True)
        cancel = QPushButton(self.tr("Cancel"))
        cancel.setAutoDefault(False)
        cancel.clicked.connect(self.reject)
        self.export_button.clicked.connect(self._export)
        buttons = QHBoxLayout()
        buttons.addStretch(1)
        buttons.addWidget(cancel)
        buttons.addWidget(self.export_button)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(20, 18, 20, 16)
        layout.setSpacing(14)
        layout.addLayout(self.form)
        layout.addWidget(card)
        layout.addLayout(buttons)
        self.folder = suggested_folder(self._origin, settings)
        self.kind.currentIndexChanged.connect(self._format_changed)
        self.quality.changed.connect(lambda *_: self._changed())
        self.subsampling.currentIndexChanged.connect(self._changed)
        self.privacy.toggled.connect(self._changed)

    @property
    def folder(self) -> Path:
        """Where the export goes."""
        return self._folder

    @folder.setter
    def folder(self, folder: Path) -> None:
        self._folder = folder
        self.place.show_text(str(folder))

    # -- settings ----------------------------------------------------------------------------------

    @property
    def fmt(self) -> ExportFormat:
        """The format as it is set now."""
        return ExportFormat(
            self.kind.currentData(), round(self.quality.value), self.subsampling.currentData()
        )

    @property
    def path(self) -> Path:
        """Where the export would go."""
        name = self.name.text().strip() or self._stem
        if formats.written_format(name) is None:
            name += formats.WRITTEN[self.kind.currentData()].suffix
        return self.folder / name

    def _format_changed(self) -> None:
        kind = self.kind.currentData()
        for field in (self.quality, self.subsampling):
            self.form.setRowVisible(field, kind == "jpeg")
        self.hint.setText(self._how_well_kept(kind))
        self._make_room_for_hint()
        stem = Path(self.name.text()).stem or self._stem
        if stem.startswith(self._stem):
            stem = self._stem
        self.name.setText(free_name(self.folder, stem, formats.WRITTEN[kind].suffix))
        self._changed()

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._make_room_for_hint()

    def _make_room_for_hint(self) -> None:
        """A form does not ask wrapped text how tall it will be."""
        self.form.activate()
        self.hint.setMinimumHeight(self.hint.heightForWidth(max(self.hint.width(), 300)))

    def _how_well_kept(self, kind: str) -> str:
        """What a format does for the original, in a sentence."""
        if kind == "jpeg":
            return self.tr(
                "The original comes back well, and survives one more compression by a chat app, "
                "as long as the picture is not made smaller."
            )
        return self.tr(
            "The original comes back almost exactly, as long as nobody turns the file into a "
            "JPEG: to send it through a chat app, choose JPEG here."
        )

    def _choose_folder(self) -> None:
        chosen = prompts.folder_to_save(self, self.folder)
        if chosen is not None:
            self.folder = chosen

    def _changed(self) -> None:
        self.report = self._reports.get(self._wanted().settings)
        if self.report is not None:
            self._timer.stop()
            self._stop()
            self._show_report()
            return
        self._show_waiting(self.tr("Preparing…"))
        self.bytes.setText("")
        self._timer.start()

    # -- jobs --------------------------------------------------------------------------------------

    def _wanted(self) -> EncodeExport:
        return EncodeExport(
            document=self._document,
            fmt=self.fmt,
            keep_metadata=not self.privacy.isChecked(),
            device=self._settings["device"],
        )

    def _start(self) -> None:
        self._encoding = wanted = self._wanted()
        self._estimating = EstimateSize(
            document=self._document, fmt=wanted.fmt, keep_metadata=wanted.keep_metadata
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
                self.bytes.setText(self.tr("about {size}").format(size=size_text(result)))  # type: ignore[arg-type]
        elif request is self._encoding:
            self.report = self._reports[self._encoding.settings] = result  # type: ignore[assignment]
            self._show_report()
            if self._write_when_checked is not None:
                self._write(*self._write_when_checked)
        elif request is self._saving:
            self._settings["export/folder"] = str(self.folder)
            self._remember()
            self.exported.emit(result, self.report)
            self.accept()

    def _on_failed(self, request: Request, error: BaseException) -> None:
        if request not in (self._encoding, self._saving, self._estimating):
            return
        if request is self._estimating and self._encoding is not None:
            return  # the encoding itself will tell
        self._write_when_checked = None
        self._busy(False)
        self._show_verdict("triangle-alert", theme.current().error, self.tr("Not exported"))
        self.details.setText(error_text(error))
        self.progress.setVisible(False)

    def _on_stopped(self, request: Request) -> None:
        if request is self._encoding:
            self._write_when_checked = None
            self._busy(False)

    def _on_progressed(self, request: Request, share: float, what: Message) -> None:
        if request is self._encoding and self.report is None:
            self.progress.setValue(round(share * 1000))
            self.details.setText(self.tr("{what}…").format(what=engine_text(what)))

    def _show_waiting(self, text: str) -> None:
        self._show_verdict(
            "history", theme.current().muted, self.tr("Checking that the original comes back")
        )
        self.details.setText(text)
        self.progress.setValue(0)
        self.progress.setVisible(True)

    def _show_verdict(self, icon: str, colour: str, text: str) -> None:
        self.verdict_icon.setPixmap(theme.pixmap(icon, colour, 20, self.devicePixelRatioF()))
        self.verdict.setText(text)

    def _show_report(self) -> None:
        report, colours = self.report, theme.current()
        assert report is not None
        self.progress.setVisible(False)
        self.bytes.setText(size_text(len(report.data)))
        if report.restored is not None:
            text = self.tr("Restorable: the original comes back at {quality}").format(
                quality=quality_text(report.restored)
            )
            self._show_verdict("circle-check", colours.success, text)
            self.details.setText(
                self.tr(
                    "Measured on the very bytes that will be written. "
                    "The exported picture matches what you see at {container}."
                ).format(container=quality_text(report.container))
            )
        else:
            text = self.tr("Not restorable: the original stays only in your own file")
            self._show_verdict("triangle-alert", colours.warning, text)
            self.details.setText(engine_text(report.why_not))

    # -- writing -----------------------------------------------------------------------------------

    def _export(self) -> None:
        path, overwrite = self.path, False
        if path.exists():
            if not prompts.may_replace(self, path):
                return
            overwrite = True
        if self._timer.isActive():
            self._timer.stop()
            self._start()
        if self.report is None:
            self._write_when_checked = (path, overwrite)
            self._busy(True)
            if self._encoding is None or self._jobs.running is not self._encoding:
                self._start()
        else:
            self._write(path, overwrite)

    def _write(self, path: Path, overwrite: bool) -> None:
        assert self.report is not None
        self._write_when_checked = None
        self._busy(True)
        self._saving = SaveBytes(path=path, data=self.report.data, overwrite=overwrite)
        self._jobs.submit(self._saving)

    def _busy(self, on: bool) -> None:
        self.export_button.setEnabled(not on)
        self.export_button.setText(self.tr("Exporting…") if on else self.tr("Export"))
        for field in (self.kind, self.quality, self.subsampling, self.privacy, self.name):
            field.setEnabled(not on)

    def _remember(self) -> None:
        self._settings["export/format"] = self.kind.currentData()
        self._settings["export/quality"] = round(self.quality.value)
        self._settings["export/subsampling"] = self.subsampling.currentData()
        self._settings["export/keep_metadata"] = not self.privacy.isChecked()

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
