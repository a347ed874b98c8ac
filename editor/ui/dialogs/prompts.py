"""Modal questions: which file, which folder, what to do with unsaved work."""

from __future__ import annotations

from enum import Enum
from pathlib import Path

from PySide6.QtCore import QCoreApplication
from PySide6.QtWidgets import QFileDialog, QMessageBox, QWidget

from editor.files import formats

translate = QCoreApplication.translate

PATTERNS = " ".join(fmt.patterns for fmt in formats.FORMATS)


class Unsaved(Enum):
    """What to do with unsaved work."""

    SAVE = "save"
    DISCARD = "discard"
    CANCEL = "cancel"


class Prompts:
    """Asks the user, and waits for the answer.

    Args:
        parent: the window that the questions are in front of.
    """

    def __init__(self, parent: QWidget) -> None:
        self._parent = parent

    def photo_to_open(self, folder: str) -> Path | None:
        """A file chosen by the user; None when there was none."""
        both = PATTERNS + " " + PATTERNS.upper()
        chosen, _ = QFileDialog.getOpenFileName(
            self._parent,
            translate("Prompts", "Open a photo"),
            folder,
            translate("Prompts", "Photos")
            + f" ({both});;"
            + translate("Prompts", "All files")
            + " (*)",
        )
        return Path(chosen) if chosen else None

    def file_to_save(self, title: str, suggested: Path, filters: str) -> Path | None:
        """Where to save; an existing file was confirmed by the user. None when cancelled."""
        chosen, _ = QFileDialog.getSaveFileName(self._parent, title, str(suggested), filters)
        return Path(chosen) if chosen else None

    def folder_to_save(self, folder: Path) -> Path | None:
        """A folder; None when cancelled."""
        chosen = QFileDialog.getExistingDirectory(
            self._parent, translate("Prompts", "Export into"), str(folder)
        )
        return Path(chosen) if chosen else None

    def what_about_unsaved(self, name: str) -> Unsaved:
        """Save, discard or cancel."""
        box = QMessageBox(self._parent)
        box.setIcon(QMessageBox.Icon.Warning)
        box.setWindowTitle("Pentimento")
        box.setText(translate("Prompts", "Save the changes to “{name}”?").format(name=name))
        box.setInformativeText(translate("Prompts", "Without an export, your edits are lost."))
        button = QMessageBox.StandardButton
        box.setStandardButtons(button.Save | button.Discard | button.Cancel)
        box.setDefaultButton(button.Save)
        answers = {button.Save.value: Unsaved.SAVE, button.Discard.value: Unsaved.DISCARD}
        return answers.get(box.exec(), Unsaved.CANCEL)

    def may_replace(self, path: Path) -> bool:
        """Whether an existing file may be overwritten."""
        box = QMessageBox(self._parent)
        box.setIcon(QMessageBox.Icon.Warning)
        box.setWindowTitle("Pentimento")
        box.setText(
            translate("Prompts", "“{name}” exists already. Replace it?").format(name=path.name)
        )
        box.setInformativeText(
            translate("Prompts", "The file in “{folder}” will be lost.").format(folder=path.parent)
        )
        replace = box.addButton(
            translate("Prompts", "Replace"), QMessageBox.ButtonRole.DestructiveRole
        )
        cancel = box.addButton(QMessageBox.StandardButton.Cancel)
        box.setDefaultButton(cancel)
        box.exec()
        return box.clickedButton() is replace
