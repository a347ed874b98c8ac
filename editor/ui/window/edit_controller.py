"""Changes the edit list: from the looks, the panel on the right, menus and keys."""

from __future__ import annotations

from dataclasses import replace

from PySide6.QtCore import QObject, Qt
from PySide6.QtGui import QGuiApplication

from editor.engine.edits import Edit, edit
from editor.ui.panels.adjust_panel import AdjustPanel
from editor.ui.panels.looks_panel import LooksPanel
from editor.ui.session.session import Session
from editor.ui.session.undo_commands import (
    AddEdit,
    MoveEdit,
    RemoveEdit,
    ReplaceEdits,
    SetExposure,
    SetMask,
    SetStrength,
    SwitchEdit,
    exposure_index,
)
from editor.ui.texts.engine_messages import operator_name
from editor.ui.window.action_set import Handlers
from models.operators.registry import OPERATORS

_EXPOSURE_STEP = 0.1  # EV per key press


class EditController(QObject):
    """One undo command for each thing the user does; the panels show what the session holds."""

    def __init__(
        self, session: Session, looks: LooksPanel, adjust: AdjustPanel, parent: QObject
    ) -> None:
        super().__init__(parent)
        self._session, self._looks, self._adjust = session, looks, adjust
        looks.chosen.connect(self._choose_look)
        adjust.exposure_changed.connect(self._set_exposure)
        adjust.selected.strength_changed.connect(self.set_strength)
        adjust.selected.mask_wanted.connect(self._change_mask)
        adjust.edits.chosen.connect(session.select)
        adjust.edits.move_wanted.connect(self.move)
        adjust.edits.switch_wanted.connect(
            lambda i, on: session.stack.push(SwitchEdit(session, i, on))
        )
        adjust.edits.delete_wanted.connect(lambda i: session.stack.push(RemoveEdit(session, i)))
        session.edits_changed.connect(self.show_edits)
        session.selection_changed.connect(self.show_edits)

    @property
    def handlers(self) -> Handlers:
        """What the actions of this controller do."""
        return {
            "undo": self.undo,
            "redo": self.redo,
            "delete-edit": self.delete,
            "switch-edit": self.switch,
            "edit-earlier": self.earlier,
            "edit-later": self.later,
            "next-edit": self.select_next,
            "previous-edit": self.select_previous,
            "brighter": self.brighter,
            "darker": self.darker,
            "remove-all": self.remove_all,
        }

    def show_edits(self) -> None:
        """Show the edit list, the selected edit, and which looks are used."""
        session = self._session
        self._adjust.show_edits(session.edits, session.selected, session.photo is not None)
        self._looks.set_used([e.operator for e in session.edits])

    # -- looks and edits ---------------------------------------------------------------------------

    def _choose_look(self, operator: str) -> None:
        if self._session.photo is None:
            return
        shift = QGuiApplication.keyboardModifiers() & Qt.KeyboardModifier.ShiftModifier
        chosen, at = self._session.selected_edit, self._session.selected
        if shift and chosen is not None:
            edits = list(self._session.edits)
            edits[at] = edit(operator, mask=chosen.mask)
            text = self.tr("Change to {name}").format(name=operator_name(operator))
            self._session.stack.push(ReplaceEdits(self._session, tuple(edits), text, selected=at))
        else:
            self.add(edit(operator))

    def add(self, new: Edit) -> None:
        """Put an edit on top of the others."""
        if self._session.photo is not None:
            self._session.stack.push(AddEdit(self._session, new))

    def move(self, index: int, to: int) -> None:
        """Apply an edit earlier or later."""
        count = len(self._session.edits)
        if 0 <= index < count and 0 <= to < count and index != to:
            self._session.stack.push(MoveEdit(self._session, index, to))

    def earlier(self) -> None:
        """Apply the selected edit one place earlier."""
        self.move(self._session.selected, self._session.selected - 1)

    def later(self) -> None:
        """Apply the selected edit one place later."""
        self.move(self._session.selected, self._session.selected + 1)

    def delete(self) -> None:
        """Delete the selected edit."""
        if self._session.selected_edit is not None:
            self._session.stack.push(RemoveEdit(self._session, self._session.selected))

    def switch(self) -> None:
        """Switch the selected edit on or off."""
        chosen = self._session.selected_edit
        if chosen is not None:
            self._session.stack.push(
                SwitchEdit(self._session, self._session.selected, not chosen.enabled)
            )

    def remove_all(self) -> None:
        """Take all edits off; undo brings them back."""
        if self._session.edits:
            self._session.stack.push(ReplaceEdits(self._session, (), self.tr("Remove all edits")))

    def select_next(self) -> None:
        """Select the edit below."""
        self._session.select(min(self._session.selected + 1, len(self._session.edits) - 1))

    def select_previous(self) -> None:
        """Select the edit above."""
        self._session.select(max(self._session.selected - 1, 0))

    # -- strengths and masks -----------------------------------------------------------------------

    def set_strength(self, strength: float, gesture: int) -> None:
        """Another strength of the selected edit; changes of one gesture are one step to undo."""
        index, chosen = self._session.selected, self._session.selected_edit
        if chosen is not None and chosen.strength != strength:
            self._session.stack.push(SetStrength(self._session, index, strength, gesture))

    @property
    def _exposure(self) -> float:
        """The exposure that the slider shows, in EV."""
        at = exposure_index(self._session.edits)
        return 0.0 if at is None else self._session.edits[at].strength

    def _set_exposure(self, stops: float, gesture: int) -> None:
        if self._session.photo is not None and stops != self._exposure:
            self._session.stack.push(SetExposure(self._session, stops, gesture))

    def brighter(self) -> None:
        """A tenth of a stop up."""
        self._nudge_exposure(_EXPOSURE_STEP)

    def darker(self) -> None:
        """A tenth of a stop down."""
        self._nudge_exposure(-_EXPOSURE_STEP)

    def _nudge_exposure(self, by: float) -> None:
        op = OPERATORS["exposure"]
        wanted = round(self._exposure + by, 2)
        # Key presses in a row are one step to undo, as those of the slider are.
        self._adjust.exposure.nudge(min(max(wanted, op.minimum), op.maximum))

    def _change_mask(self, what: str) -> None:
        chosen, index = self._session.selected_edit, self._session.selected
        if chosen is None or chosen.mask is None:
            return
        if what == "remove":
            mask, text = None, self.tr("Apply everywhere")
        else:
            on = what == "stay"
            mask = replace(chosen.mask, edge_aware=on)
            text = self.tr("Keep to the surface") if on else self.tr("Paint freely")
        self._session.stack.push(SetMask(self._session, index, mask, text))

    # -- undo --------------------------------------------------------------------------------------

    def undo(self) -> None:
        """Take the last step back."""
        self._session.stack.undo()

    def redo(self) -> None:
        """Do the step again that was taken back."""
        self._session.stack.redo()
