"""The settings of an export: format, quality, name, folder, privacy."""

from __future__ import annotations

from pathlib import Path

from PySide6.QtCore import Signal
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import (
    QCheckBox,
    QComboBox,
    QFormLayout,
    QHBoxLayout,
    QLabel,
    QLineEdit,
    QPushButton,
    QWidget,
)

from editor.engine import embedding
from editor.files import formats
from editor.files.encoding import ExportFormat
from editor.ui.dialogs.prompts import Prompts
from editor.ui.dialogs.suggestions import free_name, with_suffix_of
from editor.ui.session.settings import Settings
from editor.ui.texts.engine_messages import format_summary
from editor.ui.widgets.controls import ElidedLabel
from editor.ui.widgets.slider_row import SliderRow
from models.containers.container import Change

_LOCKED = "locked"


class ExportForm(QWidget):
    """The form of the export dialog. `changed`: something that decides about the file's bytes.

    Args:
        stem: the suggested file name without its suffix.
        folder: where the export goes unless another one is chosen.
        file_size: how large the photo's own file is, as text; empty where that is not known.
    """

    changed = Signal()
    folder_chosen = Signal()

    def __init__(
        self,
        settings: Settings,
        stem: str,
        folder: Path,
        file_size: str = "",
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(parent)
        self._stem, self._prompts = stem, Prompts(self)
        self.kind = QComboBox()
        for fmt in formats.WRITTEN.values():
            self.kind.addItem(f"{fmt.name}: {format_summary(fmt.summary)}", fmt.kind)
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
        exact = self.tr("Keep the photo's own file in it, too")
        self.exact = QCheckBox(f"{exact} (+ {file_size})" if file_size else exact)
        self.exact.setToolTip(
            self.tr("As long as the metadata are there, every byte of it comes back")
        )
        self.exact.setChecked(settings["export/keep_original"])
        self.as_new = QCheckBox(self.tr("Carry this picture, not the original in it"))
        self.as_new.setToolTip(
            self.tr("This picture is an export: else its own exports carry the photo it came from")
        )
        self.original = QComboBox()
        self.original.addItem(self.tr("Goes along: anyone with the file can restore it"), True)
        self.original.addItem(
            self.tr("Is locked: only who has the passphrase can restore it"), _LOCKED
        )
        self.original.addItem(self.tr("Is left out: the export is an ordinary picture"), False)
        carried = settings["export/carry_original"]
        chosen = _LOCKED if carried and settings["export/lock"] else carried
        self.original.setCurrentIndex(self.original.findData(chosen))
        self.words = QLineEdit()
        self.words.setEchoMode(QLineEdit.EchoMode.Password)
        self.words.setToolTip(self.tr("Nobody can give the original back without it: keep it"))
        self.show_words = QCheckBox(self.tr("Show"))
        self._show_exact()
        self.name = QLineEdit()
        self.place = ElidedLabel()
        self.place.setObjectName("muted")
        for field, text in (
            (self.kind, self.tr("Format")),
            (self.subsampling, self.tr("Colour subsampling")),
            (self.original, self.tr("Original")),
            (self.words, self.tr("Passphrase")),
            (self.name, self.tr("File name")),
        ):
            field.setAccessibleName(text)
        self._lay_out()
        self.folder = folder
        self._show_format()
        self.kind.currentIndexChanged.connect(self._format_changed)
        self.quality.changed.connect(lambda *_: self.changed.emit())
        self.subsampling.currentIndexChanged.connect(lambda _: self.changed.emit())
        self.original.currentIndexChanged.connect(lambda _: self._original_changed())
        self.words.textChanged.connect(lambda _: self.changed.emit())
        self.show_words.toggled.connect(self._echo)
        self.privacy.toggled.connect(lambda _: self._show_exact())
        self.privacy.toggled.connect(lambda _: self.changed.emit())
        self.exact.toggled.connect(lambda _: self.changed.emit())
        self.as_new.toggled.connect(lambda _: self.changed.emit())
        self.name.editingFinished.connect(lambda: self.name.setText(self.path.name))

    def _lay_out(self) -> None:
        self.choose = QPushButton(self.tr("Choose…"))
        self.choose.setAutoDefault(False)
        self.choose.clicked.connect(self._choose_folder)
        where = QHBoxLayout()
        where.addWidget(self.place, 1)
        where.addWidget(self.choose)
        self._rows = QFormLayout(self)
        self._rows.setContentsMargins(0, 0, 0, 0)
        self._rows.setHorizontalSpacing(14)
        self._rows.setVerticalSpacing(9)
        self._rows.addRow(self.tr("&Format"), self.kind)
        self._rows.addRow("", self.hint)
        self._rows.addRow(self.tr("&Original"), self.original)
        self._lock_row = QWidget()
        key = QHBoxLayout(self._lock_row)
        key.setContentsMargins(0, 0, 0, 0)
        key.addWidget(self.words, 1)
        key.addWidget(self.show_words)
        self._rows.addRow(self.tr("&Passphrase"), self._lock_row)
        self._rows.setRowVisible(self._lock_row, self.locked)
        self._rows.addRow("", self.quality)
        self._rows.addRow(self.tr("&Colour"), self.subsampling)
        self._rows.addRow(self.tr("&Name"), self.name)
        self._rows.addRow(self.tr("Folder"), where)
        self._rows.addRow(self.tr("Privacy"), self.privacy)
        self._rows.addRow(self.tr("Exact copy"), self.exact)
        self._rows.addRow(self.tr("New picture"), self.as_new)
        self.offer_as_new(False)

    def offer_as_new(self, on: bool) -> None:
        """Whether the photo is an export, which may be taken for a picture of its own."""
        self._rows.setRowVisible(self.as_new, on)

    # -- what is set -------------------------------------------------------------------------------

    @property
    def folder(self) -> Path:
        """Where the export goes."""
        return self._folder

    @folder.setter
    def folder(self, folder: Path) -> None:
        self._folder = folder
        self.place.show_text(str(folder))

    @property
    def fmt(self) -> ExportFormat:
        """The format as it is set now."""
        return ExportFormat(
            self.kind.currentData(), round(self.quality.value), self.subsampling.currentData()
        )

    @property
    def keep_metadata(self) -> bool:
        """Whether the photo's metadata goes into the file."""
        return not self.privacy.isChecked()

    @property
    def carry_original(self) -> bool:
        """Whether the original goes along in the pixels."""
        return bool(self.original.currentData())

    @property
    def locked(self) -> bool:
        """Whether the original takes a passphrase."""
        return bool(self.original.currentData() == _LOCKED)

    @property
    def passphrase(self) -> str | None:
        """That which the original takes; empty where it is still to be chosen."""
        return self.words.text() if self.locked else None

    @property
    def complete(self) -> bool:
        """Whether nothing is still to be chosen."""
        return self.passphrase != ""

    @property
    def keep_original(self) -> bool:
        """Whether the photo's own file goes into the file, too; never without metadata."""
        return self.exact.isChecked() and self._may_keep

    @property
    def path(self) -> Path:
        """Where the export would go; its suffix is the format's, whatever was typed."""
        name = self.name.text().strip() or self._stem
        return self.folder / with_suffix_of(name, formats.WRITTEN[self.kind.currentData()])

    def remember(self, settings: Settings) -> None:
        """Suggest the same the next time."""
        settings["export/folder"] = str(self.folder)
        settings["export/format"] = self.kind.currentData()
        settings["export/quality"] = round(self.quality.value)
        settings["export/subsampling"] = self.subsampling.currentData()
        settings["export/keep_metadata"] = self.keep_metadata
        settings["export/carry_original"] = self.carry_original
        settings["export/lock"] = self.locked
        settings["export/keep_original"] = self.exact.isChecked()

    def lock(self, on: bool) -> None:
        """Nothing can be changed while the file is written."""
        for field in (
            self.kind,
            self.original,
            self.quality,
            self.subsampling,
            self.privacy,
            self.as_new,
            self.words,
            self.name,
            self.choose,
        ):
            field.setEnabled(not on)
        self.exact.setEnabled(not on and self._may_keep)

    @property
    def _may_keep(self) -> bool:
        return self.keep_metadata and self.carry_original and not self.locked

    def _echo(self, shown: bool) -> None:
        echo = QLineEdit.EchoMode
        self.words.setEchoMode(echo.Normal if shown else echo.Password)

    # -- what is shown -----------------------------------------------------------------------------

    def _original_changed(self) -> None:
        self._rows.setRowVisible(self._lock_row, self.locked)
        self._show_exact()
        self._show_hint()
        self.changed.emit()

    def _show_exact(self) -> None:
        self.exact.setEnabled(self._may_keep)

    def _format_changed(self) -> None:
        self._show_format()
        self.changed.emit()

    def _show_format(self) -> None:
        fmt = formats.WRITTEN[self.kind.currentData()]
        for field in (self.quality, self.subsampling):
            self._rows.setRowVisible(field, not fmt.lossless)
        self._show_hint()
        stem = Path(self.name.text()).stem or self._stem
        if stem.startswith(self._stem):
            stem = self._stem
        self.name.setText(free_name(self.folder, stem, fmt.suffix))

    def _show_hint(self) -> None:
        self.hint.setText(self._how_well_kept())
        self.fit_hint()

    def _how_well_kept(self) -> str:
        """What a format does for the original, in a sentence."""
        if not self.carry_original:
            return self.tr("The original stays only in your own file.")
        survives = embedding.survives(self.fmt)
        if survives is None:
            return self.tr("The original does not come back: this format cannot carry it.")
        if self.locked:
            return self.tr(
                "The original comes back to who has the passphrase, as long as the file is passed "
                "on as it is; from copies that were made smaller or compressed to nobody."
            )
        if Change.SAVED_LOSSLESS in survives:
            return self.tr(
                "The original comes back almost exactly, as long as the file is passed on as it "
                "is; less exactly from copies that a chat app made smaller or compressed, if the "
                "picture has 768 pixels or more."
            )
        return self.tr(
            "The original comes back well, as long as the file is passed on as it is; less exactly "
            "from copies that a chat app made smaller or compressed, if the picture has 768 pixels "
            "or more and its quality is 75 or higher."
        )

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self.fit_hint()

    def fit_hint(self) -> None:
        """A form layout does not ask wrapped text how tall it will be."""
        self._rows.activate()
        self.hint.setMinimumHeight(0)  # a label says no less than that
        self.hint.setFixedHeight(self.hint.heightForWidth(max(self.hint.width(), 300)))

    def _choose_folder(self) -> None:
        chosen = self._prompts.folder_to_save(self.folder)
        if chosen is not None:
            self.folder = chosen
            self.folder_chosen.emit()
