"""Changes the edit list: from the looks, the panel on the right, menus and keys."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from functools import partial

from PySide6.QtCore import QObject, Signal

from editor.engine import automatic
from editor.engine.edits import Edit, edit
from editor.engine.geometry import is_geometry
from editor.ui.panels.adjust_panel import AdjustPanel
from editor.ui.panels.looks_panel import LOOKS, LooksPanel
from editor.ui.session.session import Session
from editor.ui.session.undo_commands import (
    AddEdit,
    ChangeEdit,
    MoveEdit,
    RemoveEdit,
    ReplaceEdits,
    SetSlider,
    SetStrength,
    SwitchEdit,
    slider_index,
)
from editor.ui.texts.engine_messages import operator_name
from editor.ui.widgets.slider_row import next_gesture
from editor.ui.window.action_set import Handlers
from models.operators.registry import OPERATORS
from models.operators.tone_curve import IDENTITY

_EXPOSURE_STEP = 0.1  # EV per key press


@dataclass(frozen=True)
class _Choice:
    """An edit list after a click on a look, and how the step is called."""

    edits: tuple[Edit, ...]
    selected: int
    text: str
    removes: bool = False


def whole_looks(edits: tuple[Edit, ...]) -> list[int]:
    """Which edits are looks of the whole photo."""
    return [i for i, e in enumerate(edits) if e.operator in LOOKS and e.mask is None]


class EditController(QObject):
    """One undo command for each thing the user does; the panels show what the session holds.

    `trial_changed`: edits to show while the mouse is over a look, or None.
    """

    trial_changed = Signal(object)

    def __init__(
        self, session: Session, looks: LooksPanel, adjust: AdjustPanel, parent: QObject
    ) -> None:
        super().__init__(parent)
        self._session, self._looks, self._adjust = session, looks, adjust
        looks.chosen.connect(self._choose_look)
        looks.stack_wanted.connect(partial(self._choose_look, stacked=True))
        looks.pointed.connect(self._point_at)
        adjust.slider_changed.connect(self._set_slider)
        adjust.curve.changed.connect(lambda points, n: self._set_curve(n, points=points))
        adjust.curve.channels_wanted.connect(lambda name: self._set_curve(0, channels=name))
        adjust.curve.reset_wanted.connect(lambda: self._set_curve(0, points=IDENTITY))
        adjust.auto_wanted.connect(self._set_automatically)
        adjust.selected.strength_changed.connect(self.set_strength)
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
        self._looks.set_used([session.edits[i].operator for i in whole_looks(session.edits)])

    # -- looks and edits ---------------------------------------------------------------------------

    def _with_look(self, operator: str, *, stacked: bool) -> _Choice:
        """What a click on a look makes of the edit list.

        A look that acts everywhere takes the place of the one there is: of the selected one if
        there are several. The one there is goes. Painted looks are left alone.
        """
        edits, selected = self._session.edits, self._session.selected
        name, looks = operator_name(operator), whole_looks(edits)
        same = [i for i in looks if edits[i].operator == operator]
        if stacked or not looks:
            text = self.tr("Add {name}").format(name=name)
            return _Choice((*edits, edit(operator)), len(edits), text)
        if same:
            at = selected if selected in same else same[-1]
            rest = edits[:at] + edits[at + 1 :]
            text = self.tr("Remove {name}").format(name=name)
            return _Choice(rest, min(at, len(rest) - 1), text, removes=True)
        at = selected if selected in looks else looks[-1]
        text = self.tr("Change to {name}").format(name=name)
        return _Choice((*edits[:at], edit(operator), *edits[at + 1 :]), at, text)

    def _choose_look(self, operator: str, *, stacked: bool = False) -> None:
        if self._session.photo is not None:
            new = self._with_look(operator, stacked=stacked)
            self._session.stack.push(
                ReplaceEdits(self._session, new.edits, new.text, selected=new.selected)
            )

    def _point_at(self, operator: str, stacked: bool) -> None:
        trial = None
        if operator and self._session.photo is not None:
            new = self._with_look(operator, stacked=stacked)
            trial = None if new.removes else new.edits
        self.trial_changed.emit(trial)

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

    # -- strengths -----------------------------------------------------------------------

    def set_strength(self, strength: float, gesture: int) -> None:
        """Another strength of the selected edit; changes of one gesture are one step to undo."""
        index, chosen = self._session.selected, self._session.selected_edit
        if chosen is None or is_geometry(chosen):
            return
        if chosen.strength != strength:
            self._session.stack.push(SetStrength(self._session, index, strength, gesture))

    def _slider_value(self, operator: str) -> float:
        """What a slider of light and colour shows."""
        at = slider_index(self._session.edits, operator)
        return OPERATORS[operator].neutral if at is None else self._session.edits[at].strength

    def _set_slider(self, operator: str, strength: float, gesture: int) -> None:
        if self._session.photo is not None and strength != self._slider_value(operator):
            self._session.stack.push(SetSlider(self._session, operator, strength, gesture))

    def _set_curve(self, gesture: int, **settings: object) -> None:
        """Another tone curve; gesture 0: a step of its own."""
        edits = self._session.edits
        at = slider_index(edits, "tone-curve")
        before = edit("tone-curve", points=IDENTITY) if at is None else edits[at]
        changed = before.with_settings(**settings)
        if self._session.photo is not None and changed != before:
            text = operator_name("tone-curve")
            gesture = gesture or next_gesture()
            self._session.stack.push(ChangeEdit(self._session, at, changed, text, gesture))

    def set_sliders(self, values: Mapping[str, float], text: str) -> None:
        """Several sliders of light and colour at once, as one step to undo."""
        if self._session.photo is None:
            return
        edits = list(self._session.edits)
        for operator, strength in values.items():
            at = slider_index(tuple(edits), operator)
            if at is not None:
                edits[at] = replace(edits[at], strength=strength)
            elif strength != OPERATORS[operator].neutral:
                edits.append(Edit(operator, strength))
        if tuple(edits) != self._session.edits:
            self._session.stack.push(ReplaceEdits(self._session, tuple(edits), text))

    def _set_automatically(self, group: str) -> None:
        photo = self._session.photo
        if photo is None:
            return
        if group == "light":
            self.set_sliders(automatic.light(photo.pixels), self.tr("Automatic light"))
        else:
            self.set_sliders(automatic.colour(photo.pixels), self.tr("Automatic white balance"))

    def make_neutral(self, x: float, y: float) -> None:
        """The white balance in which the photo is grey around a place (in pixels of what is left of
        it by crop and turns)."""
        photo, document = self._session.photo, self._session.document
        if photo is not None and document is not None:
            place = document.frame.to_photo(x, y)
            values = automatic.neutral_at(photo.pixels, *place)
            self.set_sliders(values, self.tr("Pick white balance"))

    def brighter(self) -> None:
        """A tenth of a stop up."""
        self._nudge_exposure(_EXPOSURE_STEP)

    def darker(self) -> None:
        """A tenth of a stop down."""
        self._nudge_exposure(-_EXPOSURE_STEP)

    def _nudge_exposure(self, by: float) -> None:
        op = OPERATORS["exposure"]
        wanted = round(self._slider_value("exposure") + by, 2)
        # Key presses in a row are one step to undo, as those of the slider are.
        self._adjust.exposure.nudge(min(max(wanted, op.minimum), op.maximum))

    # -- undo --------------------------------------------------------------------------------------

    def undo(self) -> None:
        """Take the last step back."""
        self._session.stack.undo()

    def redo(self) -> None:
        """Do the step again that was taken back."""
        self._session.stack.redo()
