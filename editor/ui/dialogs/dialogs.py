"""Preferences, the shortcut sheet and About."""

from __future__ import annotations

import platform

from PySide6 import __version__ as pyside_version
from PySide6.QtCore import QCoreApplication, Qt
from PySide6.QtGui import QKeySequence
from PySide6.QtWidgets import (
    QCheckBox,
    QComboBox,
    QDialog,
    QDialogButtonBox,
    QFormLayout,
    QGridLayout,
    QHBoxLayout,
    QLabel,
    QSpinBox,
    QVBoxLayout,
    QWidget,
)

import editor
from editor.files import formats
from editor.ui.actions import ACTIONS, CROP, EDIT, FILE, HELP, MASK, MOUSE_AND_KEYS, VIEW
from editor.ui.session.settings import Settings
from editor.ui.texts.language import LANGUAGES
from editor.ui.widgets import theme
from editor.ui.widgets.controls import scrolled
from models.networks.device_names import DEVICES

_TALLEST_SHEET = 640  # fits a screen of 1280 x 720


class PreferencesDialog(QDialog):
    """Changes take effect at once."""

    def __init__(self, settings: Settings, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setWindowTitle(self.tr("Preferences"))
        self._settings = settings
        form = QFormLayout()
        form.setHorizontalSpacing(14)
        form.setVerticalSpacing(9)
        self.theme = self._choice(
            "theme",
            (
                ("system", self.tr("As the system")),
                ("dark", self.tr("Dark")),
                ("light", self.tr("Light")),
            ),
        )
        self.language = self._choice(
            "language", (("system", self.tr("As the system")), *LANGUAGES.items())
        )
        self.language.setToolTip(self.tr("Used from the next start on"))
        self.language_hint = QLabel(self.tr("The language changes at the next start."))
        self.language_hint.setObjectName("muted")
        self.language_hint.setVisible(False)
        self.language.currentIndexChanged.connect(lambda _: self.language_hint.setVisible(True))
        self.format = self._choice(
            "export/format",
            tuple((fmt.kind, fmt.name) for fmt in formats.WRITTEN.values()),
        )
        self.quality = QSpinBox()
        self.quality.setRange(1, 100)
        self.quality.setValue(settings["export/quality"])
        self.quality.valueChanged.connect(lambda v: settings.__setitem__("export/quality", v))
        self.strip = QCheckBox(self.tr("Remove metadata on export"))
        self.strip.setChecked(not settings["export/keep_metadata"])
        self.strip.toggled.connect(lambda on: settings.__setitem__("export/keep_metadata", not on))
        self.threads = QSpinBox()
        self.threads.setRange(0, 256)
        self.threads.setSpecialValueText(self.tr("All"))
        self.threads.setToolTip(self.tr("How many processors the pixel work may use"))
        self.threads.setValue(settings["threads"])
        self.threads.valueChanged.connect(lambda v: settings.__setitem__("threads", v))
        self.device = self._choice(
            "device",
            tuple(
                zip(
                    DEVICES,
                    (self.tr("Whatever is fastest"), self.tr("Processor"), "CUDA", "Apple Metal"),
                    strict=True,
                )
            ),
        )
        form.addRow(self.tr("&Theme"), self.theme)
        form.addRow(self.tr("&Language"), self.language)
        form.addRow("", self.language_hint)
        form.addRow(self.tr("Default &format"), self.format)
        form.addRow(self.tr("JPEG &quality"), self.quality)
        form.addRow(self.tr("Privacy"), self.strip)
        form.addRow(self.tr("&Processors"), self.threads)
        form.addRow(self.tr("&Networks run on"), self.device)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(20, 18, 20, 16)
        layout.setSpacing(16)
        layout.addLayout(form)
        layout.addWidget(_close_button(self))

    def _choice(self, setting: str, values: tuple[tuple[str, str], ...]) -> QComboBox:
        box = QComboBox()
        for value, text in values:
            box.addItem(text, value)
        box.setCurrentIndex(box.findData(self._settings[setting]))
        box.currentIndexChanged.connect(
            lambda _: self._settings.__setitem__(setting, box.currentData())
        )
        return box


class ShortcutSheet(QDialog):
    """Every key, from the table of actions."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setWindowTitle(self.tr("Keyboard shortcuts"))
        content = QWidget()
        columns = QHBoxLayout(content)
        columns.setSpacing(36)
        columns.setContentsMargins(20, 16, 20, 16)
        groups: dict[str, list[tuple[str, str]]] = {}
        for spec in ACTIONS:
            if spec.keys and spec.menu:
                keys = "  ".join(
                    QKeySequence(k).toString(QKeySequence.SequenceFormat.NativeText)
                    for k in spec.keys[:2]
                )
                text = QCoreApplication.translate("Actions", spec.text)
                plain = text.replace("&", "").replace("…", "").strip()
                groups.setdefault(spec.menu, []).append((keys, plain))
        others = [
            (QCoreApplication.translate("Actions", k), QCoreApplication.translate("Actions", t))
            for k, t in MOUSE_AND_KEYS
        ]
        for share in ((FILE, VIEW), (EDIT, CROP), (MASK, HELP, "")):
            column = QVBoxLayout()
            column.setSpacing(6)
            for menu in share:
                name = QCoreApplication.translate("Actions", menu).replace("&", "")
                if menu:
                    self._add_group(column, name, groups[menu])
                else:
                    self._add_group(column, self.tr("Mouse and held keys"), others)
            column.addStretch(1)
            columns.addLayout(column)
        area = scrolled(content)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(1, 1, 1, 12)
        layout.addWidget(area)
        row = QHBoxLayout()
        row.setContentsMargins(20, 0, 20, 0)
        row.addWidget(_close_button(self))
        layout.addLayout(row)
        wanted = content.sizeHint()
        bar = area.verticalScrollBar().sizeHint().width()
        self.resize(wanted.width() + bar + 2, min(wanted.height() + 70, _TALLEST_SHEET))

    def _add_group(self, column: QVBoxLayout, name: str, rows: list[tuple[str, str]]) -> None:
        title = QLabel(name)
        title.setObjectName("heading")
        column.addWidget(title)
        grid = QGridLayout()
        grid.setHorizontalSpacing(12)
        grid.setVerticalSpacing(3)
        for i, (keys, text) in enumerate(rows):
            key = QLabel(keys)
            key.setStyleSheet(f"color: {theme.current().accent};")
            key.setWordWrap(len(keys) > 18)
            what = QLabel(text)
            what.setWordWrap(len(text) > 30)
            grid.addWidget(key, i, 0, Qt.AlignmentFlag.AlignTop)
            grid.addWidget(what, i, 1, Qt.AlignmentFlag.AlignTop)
        grid.setColumnStretch(1, 1)
        column.addLayout(grid)
        column.addSpacing(8)


class AboutDialog(QDialog):
    """What this is, which versions, and where the networks run."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setWindowTitle(self.tr("About Pentimento"))
        title = QLabel(f"Pentimento {editor.__version__}")
        font = title.font()
        font.setPointSizeF(font.pointSizeF() * 1.5)
        font.setBold(True)
        title.setFont(font)
        words = QLabel(
            self.tr(
                "A photo editor whose exports carry their own originals.\n"
                "Pentimento: in painting, the earlier picture that lives on under the visible one."
            )
        )
        words.setWordWrap(True)
        self.device = QLabel(self.tr("asking…"))
        form = QFormLayout()
        form.addRow(self.tr("Networks run on"), self.device)
        form.addRow("Qt, PySide6", QLabel(pyside_version))
        form.addRow("Python", QLabel(platform.python_version()))
        form.addRow(self.tr("System"), QLabel(platform.platform(terse=True)))
        licence = QLabel(
            self.tr(
                "MIT licence. Icons: Lucide (ISC licence).\nMethod: Ouyang, Wang and Chen, "
                "Restorable Image Operators with Quasi-Invertible Networks, AAAI 2022."
            )
        )
        licence.setObjectName("muted")
        licence.setWordWrap(True)
        for label in self.findChildren(QLabel):
            label.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(24, 20, 24, 16)
        layout.setSpacing(12)
        layout.addWidget(title)
        layout.addWidget(words)
        layout.addLayout(form)
        layout.addWidget(licence)
        layout.addWidget(_close_button(self))
        self.setMinimumWidth(440)

    def show_device(self, text: str) -> None:
        """Where the networks run."""
        self.device.setText(text)


def _close_button(dialog: QDialog) -> QDialogButtonBox:
    buttons = QDialogButtonBox(QDialogButtonBox.StandardButton.Close)
    buttons.rejected.connect(dialog.reject)
    return buttons
