"""What is being edited: the document, its undo stack and the selected edit. Free of widgets."""

from __future__ import annotations

from dataclasses import dataclass, replace

from PySide6.QtCore import QObject, Signal
from PySide6.QtGui import QUndoStack

from editor.document import Document
from editor.engine.edits import Edit
from editor.files.picture import Picture


@dataclass(frozen=True)
class Origin:
    """Where the photo of a session came from, enough to have it again after a crash.

    Attributes:
        path: the file that was opened; empty for a pasted picture.
        restored: the photo is the original inside that file, not the file itself.
        name: what to call it in titles and suggested file names.
    """

    path: str = ""
    restored: bool = False
    name: str = "Untitled"


class Session(QObject):
    """The one document of a window.

    Signals:
        photo_changed: another photo (or none) is open.
        edits_changed: the edit list changed, by a command, its undo or a new document.
        selection_changed: another edit is selected.
        modified_changed: there is (True) or is not (False) something that would be lost.
    """

    photo_changed = Signal()
    edits_changed = Signal()
    selection_changed = Signal()
    modified_changed = Signal(bool)

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self.stack = QUndoStack(self)
        self.document: Document | None = None
        self.origin = Origin()
        self.selected = -1
        self._photo_unsaved = self._told = False
        self._kept: tuple[Edit, ...] = ()
        """The edit list that is in a file: saved or exported last, or opened."""

    # -- reading -----------------------------------------------------------------------------------

    @property
    def photo(self) -> Picture | None:
        """The open photo."""
        return self.document.photo if self.document else None

    @property
    def edits(self) -> tuple[Edit, ...]:
        """The edit list, in the order of application."""
        return self.document.edits if self.document else ()

    @property
    def selected_edit(self) -> Edit | None:
        """The edit that the sliders change."""
        return self.edits[self.selected] if 0 <= self.selected < len(self.edits) else None

    @property
    def modified(self) -> bool:
        """Whether closing would lose something."""
        return self.document is not None and (self._photo_unsaved or self.edits_unsaved)

    @property
    def edits_unsaved(self) -> bool:
        """Whether there are edits, and others than those that a file has."""
        there = any(replace(edit, enabled=True).acts for edit in self.edits)
        return there and self.edits != self._kept

    # -- changing ----------------------------------------------------------------------------------

    def open(self, document: Document, origin: Origin, *, unsaved: bool = False) -> None:
        """Another document, with a fresh undo stack.

        Args:
            unsaved: the photo itself exists in no file yet (pasted).
        """
        self.stack.clear()
        self.document, self.origin, self._photo_unsaved = document, origin, unsaved
        self._kept = document.edits
        self.selected = len(document.edits) - 1
        self.photo_changed.emit()
        self.edits_changed.emit()
        self.selection_changed.emit()
        self._tell_modified()

    def close(self) -> None:
        """No document."""
        self.stack.clear()
        self.document, self.origin, self._photo_unsaved, self.selected = None, Origin(), False, -1
        self._kept = ()
        self.photo_changed.emit()
        self.edits_changed.emit()
        self.selection_changed.emit()
        self._tell_modified()

    def apply(self, edits: tuple[Edit, ...], selected: int) -> None:
        """Put another edit list in place. Called by the undo commands only."""
        if self.document is None:
            return
        self.document = self.document.with_edits(edits)
        changed = selected != self.selected
        self.selected = selected if 0 <= selected < len(edits) else len(edits) - 1
        self.edits_changed.emit()
        if changed:
            self.selection_changed.emit()
        self._tell_modified()

    def select(self, index: int) -> None:
        """Choose the edit that the sliders change; -1 for none."""
        if index != self.selected:
            self.selected = index if 0 <= index < len(self.edits) else -1
            self.selection_changed.emit()

    def saved(self) -> None:
        """Everything is in a file now."""
        self._photo_unsaved, self._kept = False, self.edits
        self._tell_modified()

    def mark_unsaved(self) -> None:
        """The edits that were opened are in no file (after a crash)."""
        self._kept = ()
        self._tell_modified()

    def _tell_modified(self) -> None:
        if self.modified != self._told:
            self._told = self.modified
            self.modified_changed.emit(self._told)
