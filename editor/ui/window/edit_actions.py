"""What the user does to the photo: edits, undo, the brush."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from PySide6.QtCore import QCoreApplication, Qt
from PySide6.QtGui import (
    QGuiApplication,
)

from editor.engine.edits import Edit, edit
from editor.ui.actions import ACTIONS
from editor.ui.session import undo_commands
from editor.ui.texts.engine_messages import operator_name
from models.operators.registry import OPERATORS

if TYPE_CHECKING:
    pass


from editor.ui.window.window_base import WindowBase

_TEXTS = {spec.id: spec.text for spec in ACTIONS}


class EditVerbs(WindowBase):
    """The Edit and Brush menus and the side panels."""

    # -- editing -----------------------------------------------------------------------------------

    def _look_chosen(self, operator: str) -> None:
        if self.session.photo is None:
            return
        shift = QGuiApplication.keyboardModifiers() & Qt.KeyboardModifier.ShiftModifier
        chosen = self.session.selected_edit
        if shift and chosen is not None:
            edits = list(self.session.edits)
            edits[self.session.selected] = edit(operator, mask=chosen.mask)
            text = self.tr("Change to {name}").format(name=operator_name(operator))
            self.session.stack.push(
                undo_commands.ReplaceEdits(
                    self.session, tuple(edits), text, selected=self.session.selected
                )
            )
        else:
            self.add_edit(edit(operator))

    def add_edit(self, new: Edit) -> None:
        """Put an edit on top of the others."""
        if self.session.photo is not None:
            self.session.stack.push(undo_commands.AddEdit(self.session, new))

    def move_edit(self, index: int, to: int) -> None:
        """Apply an edit earlier or later."""
        count = len(self.session.edits)
        if 0 <= index < count and 0 <= to < count and index != to:
            self.session.stack.push(undo_commands.MoveEdit(self.session, index, to))

    def _set_exposure(self, stops: float, gesture: int) -> None:
        if self.session.photo is None:
            return
        at = undo_commands.exposure_index(self.session.edits)
        now = 0.0 if at is None else self.session.edits[at].strength
        if stops != now:
            self.session.stack.push(undo_commands.SetExposure(self.session, stops, gesture))

    def _nudge_exposure(self, by: float) -> None:
        at = undo_commands.exposure_index(self.session.edits)
        now = 0.0 if at is None else self.session.edits[at].strength
        op = OPERATORS["exposure"]
        # Key presses in a row are one step to undo, as those of the slider are.
        self.adjust.exposure.nudge(min(max(round(now + by, 2), op.minimum), op.maximum))

    def _set_strength(self, strength: float, gesture: int) -> None:
        index, chosen = self.session.selected, self.session.selected_edit
        if chosen is not None and chosen.strength != strength:
            self.session.stack.push(
                undo_commands.SetStrength(self.session, index, strength, gesture)
            )

    def _change_mask(self, what: str) -> None:
        chosen, index = self.session.selected_edit, self.session.selected
        if chosen is None or chosen.mask is None:
            return
        if what == "remove":
            command = undo_commands.SetMask(self.session, index, None, self.tr("Apply everywhere"))
        else:
            on = what == "stay"
            text = self.tr("Keep to the surface") if on else self.tr("Paint freely")
            command = undo_commands.SetMask(
                self.session, index, replace(chosen.mask, edge_aware=on), text
            )
        self.session.stack.push(command)

    def undo(self) -> None:
        """Take the last step back."""
        self.session.stack.undo()

    def redo(self) -> None:
        """Do the step again that was taken back."""
        self.session.stack.redo()

    def delete_edit(self) -> None:
        """Delete the selected edit."""
        if self.session.selected_edit is not None:
            self.session.stack.push(undo_commands.RemoveEdit(self.session, self.session.selected))

    def switch_edit(self) -> None:
        """Switch the selected edit on or off."""
        chosen = self.session.selected_edit
        if chosen is not None:
            self.session.stack.push(
                undo_commands.SwitchEdit(self.session, self.session.selected, not chosen.enabled)
            )

    def edit_earlier(self) -> None:
        """Apply the selected edit one place earlier."""
        self.move_edit(self.session.selected, self.session.selected - 1)

    def edit_later(self) -> None:
        """Apply the selected edit one place later."""
        self.move_edit(self.session.selected, self.session.selected + 1)

    def next_edit(self) -> None:
        """Select the edit below."""
        self.session.select(min(self.session.selected + 1, len(self.session.edits) - 1))

    def previous_edit(self) -> None:
        """Select the edit above."""
        self.session.select(max(self.session.selected - 1, 0))

    def brighter(self) -> None:
        """A tenth of a stop up."""
        self._nudge_exposure(0.1)

    def darker(self) -> None:
        """A tenth of a stop down."""
        self._nudge_exposure(-0.1)

    def remove_all(self) -> None:
        """Take all edits off; undo brings them back."""
        if self.session.edits:
            self.session.stack.push(
                undo_commands.ReplaceEdits(self.session, (), self.tr("Remove all edits"))
            )

    def _edits_changed(self) -> None:
        self.show_edits()
        self.looks.set_used([e.operator for e in self.session.edits])

    def _stepped(self) -> None:
        """A step was done, undone or merged; only now the stack knows whether it is clean."""
        self.enable_actions()
        self.keep_recovery()

    def show_edits(self) -> None:
        session = self.session
        self.adjust.show_edits(session.edits, session.selected, session.photo is not None)
        self.enable_actions()

    def keep_recovery(self) -> None:
        if not self.session.modified:
            self._recovery_timer.stop()
            if self.session.origin.path:
                self.recovery.drop()
        elif self.recovery.file.exists():
            # Not with every step of a slider: writing waits for the disk.
            self._recovery_timer.start()
        else:
            self._write_recovery()

    def _write_recovery(self) -> None:
        if self.session.modified:
            self.recovery.keep(self.session.origin, self.session.edits)

    def enable_actions(self) -> None:
        stack, chosen = self.session.stack, self.session.selected_edit
        have = {
            "": True,
            "photo": self.session.photo is not None,
            "edit": chosen is not None,
            "undo": stack.canUndo(),
            "redo": stack.canRedo(),
            "brush": self.brushwork.on,
        }
        for spec in ACTIONS:
            self.actions_by_id[spec.id].setEnabled(have[spec.needs])
        for name, text, verb in (
            ("undo", stack.undoText(), self.tr("&Undo {what}")),
            ("redo", stack.redoText(), self.tr("&Redo {what}")),
        ):
            plain = QCoreApplication.translate("Actions", _TEXTS[name])
            self.actions_by_id[name].setText(verb.format(what=text) if text else plain)

    # -- brush -------------------------------------------------------------------------------------

    def brush(self, on: bool) -> None:
        """Take the brush in hand or put it away."""
        self.brushwork.take(on and self.session.photo is not None)
        self.adjust.show_brush(on)
        self.enable_actions()
        if on:
            self.canvas.setFocus()

    def brush_smaller(self) -> None:
        """A smaller brush."""
        self.brushwork.resize(1 / 1.2)

    def brush_larger(self) -> None:
        """A larger brush."""
        self.brushwork.resize(1.2)

    def brush_harder(self) -> None:
        """A harder edge."""
        self.brushwork.soften(-0.1)

    def brush_softer(self) -> None:
        """A softer edge."""
        self.brushwork.soften(0.1)

    def brush_erase(self, on: bool) -> None:
        """Strokes take away."""
        self.adjust.brush.erase.setChecked(on)

    def brush_overlay(self, on: bool) -> None:
        """Show where the edit acts."""
        self.adjust.brush.overlay.setChecked(on)

    def brush_stay(self, on: bool) -> None:
        """Masks keep to the surface painted on."""
        if self.adjust.brush.stay.isChecked() != on:
            self.adjust.brush.stay.setChecked(on)
            self.brushwork.set_stay(on)
