"""Modal questions: which file, which folder, what to do with unsaved work."""

from __future__ import annotations

from enum import Enum
from pathlib import Path

from PySide6.QtCore import QCoreApplication
from PySide6.QtWidgets import QFileDialog, QInputDialog, QLineEdit, QMessageBox, QWidget

from editor.files import formats
from editor.ui.dialogs.suggestions import existing
from editor.ui.widgets import theme

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
            self._parent, translate("Prompts", "Export into"), str(existing(folder))
        )
        return Path(chosen) if chosen else None

    def what_about_unsaved(self, name: str) -> Unsaved:
        """Save, discard or cancel, where edits would be lost."""
        return self._what_about(
            translate("Prompts", "Save the changes to “{name}”?").format(name=name),
            translate("Prompts", "Without an export, your edits are lost."),
        )

    def what_about_unsaved_photo(self, name: str) -> Unsaved:
        """Save, discard or cancel, where a photo without edits is in no file."""
        return self._what_about(
            translate("Prompts", "Save “{name}”?").format(name=name),
            translate("Prompts", "It is in no file yet; unless it is saved, it is lost."),
        )

    def passphrase(self, name: str, *, wrong: bool = False) -> str | None:
        """That of a locked export, asked for again after a wrong one; None when cancelled."""
        text = translate("Prompts", "The original in “{name}” is locked. Its passphrase:")
        if wrong:
            text = translate("Prompts", "That was not the passphrase of “{name}”. Try again:")
        words, given = QInputDialog.getText(
            self._parent,
            translate("Prompts", "Unlock the original"),
            text.format(name=name),
            QLineEdit.EchoMode.Password,
        )
        return words if given else None

    def may_replace(self, path: Path) -> bool:
        """Whether an existing file may be overwritten."""
        return self._may(
            translate("Prompts", "“{name}” exists already. Replace it?").format(name=path.name),
            translate("Prompts", "The file in “{folder}” will be lost.").format(folder=path.parent),
            translate("Prompts", "Replace"),
        )

    def may_replace_source(self, path: Path) -> bool:
        """Whether the very file that was opened may be overwritten."""
        return self._may(
            translate("Prompts", "Replace the photo that you are editing?"),
            translate(
                "Prompts",
                "“{name}” is the file that you opened: what it holds now would be gone. "
                "Choose another name to keep both.",
            ).format(name=path.name),
            translate("Prompts", "Replace the photo"),
        )

    def _what_about(self, text: str, more: str) -> Unsaved:
        box = self._box(text, more)
        role = QMessageBox.ButtonRole
        save = box.addButton(translate("Prompts", "Save"), role.AcceptRole)
        discard = box.addButton(translate("Prompts", "Discard"), role.DestructiveRole)
        cancel = box.addButton(translate("Prompts", "Cancel"), role.RejectRole)
        box.setDefaultButton(save)
        box.setEscapeButton(cancel)
        box.exec()
        if box.clickedButton() is save:
            return Unsaved.SAVE
        return Unsaved.DISCARD if box.clickedButton() is discard else Unsaved.CANCEL

    def _may(self, text: str, more: str, yes: str) -> bool:
        box = self._box(text, more)
        replace = box.addButton(yes, QMessageBox.ButtonRole.DestructiveRole)
        cancel = box.addButton(translate("Prompts", "Cancel"), QMessageBox.ButtonRole.RejectRole)
        box.setDefaultButton(cancel)
        box.setEscapeButton(cancel)
        box.exec()
        return box.clickedButton() is replace

    def _box(self, text: str, more: str) -> QMessageBox:
        """A question with the icon of the theme; its buttons are the caller's, and have none."""
        box = QMessageBox(self._parent)
        ratio = self._parent.devicePixelRatioF()
        box.setIconPixmap(theme.pixmap("triangle-alert", theme.current().warning, 32, ratio))
        box.setWindowTitle("Pentimento")
        box.setText(text)
        box.setInformativeText(more)
        return box
