"""Undo commands: one small class per kind of change, free of widgets.

A command works out the edit list after it when it is made, so `redo` and `undo` only put one of two
immutable lists in place and cannot fail.
"""

from __future__ import annotations

from dataclasses import replace
from typing import Protocol

from PySide6.QtCore import QCoreApplication
from PySide6.QtGui import QUndoCommand

from editor.engine.edits import Edit, kind_of
from editor.engine.geometry import is_geometry
from editor.engine.mask_parts import Stroke
from editor.ui.session.mask_changes import painted
from editor.ui.texts.engine_messages import operator_name

translate = QCoreApplication.translate

Edits = tuple[Edit, ...]


class Target(Protocol):
    """What commands act on: a session, or a stand-in in a test."""

    selected: int

    @property
    def edits(self) -> Edits: ...

    def apply(self, edits: Edits, selected: int) -> None: ...


class EditCommand(QUndoCommand):
    """From one edit list and selection to another."""

    def __init__(self, target: Target, edits: Edits, selected: int, text: str) -> None:
        super().__init__(text)
        self.target = target
        self.before = (target.edits, target.selected)
        self.after = (edits, selected)

    def redo(self) -> None:
        self.target.apply(*self.after)

    def undo(self) -> None:
        self.target.apply(*self.before)


class MergingCommand(EditCommand):
    """A command whose repetitions within one gesture (a slider drag) are one step to undo.

    Args:
        gesture: number of the gesture; commands of different ones never merge.
    """

    merge_id = 0

    def __init__(
        self, target: Target, edits: Edits, selected: int, text: str, gesture: int
    ) -> None:
        super().__init__(target, edits, selected, text)
        self.gesture = gesture

    def id(self) -> int:
        return self.merge_id

    def mergeWith(self, other: QUndoCommand) -> bool:
        if type(other) is not type(self) or other.gesture != self.gesture:
            return False
        self.after = other.after
        self.setObsolete(self.after == self.before)
        return True


class AddEdit(EditCommand):
    """A new edit at the end, selected."""

    def __init__(self, target: Target, edit: Edit) -> None:
        text = translate("Commands", "Add {name}").format(name=operator_name(edit.operator))
        super().__init__(target, (*target.edits, edit), len(target.edits), text)


class RemoveEdit(EditCommand):
    """An edit taken out; its neighbour is selected."""

    def __init__(self, target: Target, index: int) -> None:
        edits = target.edits
        text = translate("Commands", "Delete {name}").format(
            name=operator_name(edits[index].operator)
        )
        rest = edits[:index] + edits[index + 1 :]
        super().__init__(target, rest, min(index, len(rest) - 1), text)


class MoveEdit(EditCommand):
    """An edit at another place of the order."""

    def __init__(self, target: Target, index: int, to: int) -> None:
        moved = list(target.edits)
        text = translate("Commands", "Move {name}").format(
            name=operator_name(moved[index].operator)
        )
        moved.insert(to, moved.pop(index))
        super().__init__(target, tuple(moved), to, text)


class SwitchEdit(EditCommand):
    """An edit switched on or off."""

    def __init__(self, target: Target, index: int, enabled: bool) -> None:
        edit = target.edits[index]
        on, off = (
            translate("Commands", "Switch on {name}"),
            translate("Commands", "Switch off {name}"),
        )
        text = on if enabled else off
        super().__init__(
            target,
            _with(target.edits, index, replace(edit, enabled=enabled)),
            target.selected,
            text.format(name=operator_name(edit.operator)),
        )


class SetStrength(MergingCommand):
    """The strength of an edit; a whole drag of the slider is one step."""

    merge_id = 1

    def __init__(self, target: Target, index: int, strength: float, gesture: int) -> None:
        edit = target.edits[index]
        super().__init__(
            target,
            _with(target.edits, index, replace(edit, strength=strength)),
            index,
            translate("Commands", "Strength of {name}").format(name=operator_name(edit.operator)),
            gesture,
        )


class SetSlider(MergingCommand):
    """A slider of light and colour: changes the last edit of its operator, or adds one."""

    merge_id = 2

    def __init__(self, target: Target, operator: str, strength: float, gesture: int) -> None:
        edits = target.edits
        at = slider_index(edits, operator)
        if at is None:
            after, selected = (*edits, Edit(operator, strength)), len(edits)
        else:
            after, selected = _with(edits, at, replace(edits[at], strength=strength)), at
        super().__init__(target, after, selected, operator_name(operator), gesture)


class ChangeEdit(MergingCommand):
    """Anything about an edit changed, or a new edit (index None) put on top of the others; what is
    done in one gesture is one step."""

    merge_id = 3

    def __init__(
        self, target: Target, index: int | None, changed: Edit, text: str, gesture: int
    ) -> None:
        edits = target.edits
        if index is None:
            super().__init__(target, (*edits, changed), len(edits), text, gesture)
        else:
            super().__init__(target, _with(edits, index, changed), index, text, gesture)


class PaintStroke(EditCommand):
    """One stroke of the brush on the mask of an edit, or on a new edit (`index` None).

    Args:
        part: of the mask, if that is a brush's; see `mask_changes.painted`.
    """

    def __init__(
        self,
        target: Target,
        index: int | None,
        stroke: Stroke,
        new: Edit | None = None,
        part: int | None = None,
    ) -> None:
        erase, paint = translate("Commands", "Erase stroke"), translate("Commands", "Brush stroke")
        text = erase if stroke.erase else paint
        edits = target.edits
        if index is None:
            assert new is not None
            done = replace(new, mask=painted(new.mask, stroke, part))
            super().__init__(target, (*edits, done), len(edits), text)
        else:
            done = replace(edits[index], mask=painted(edits[index].mask, stroke, part))
            super().__init__(target, _with(edits, index, done), index, text)


class ReplaceEdits(EditCommand):
    """Another edit list altogether."""

    def __init__(
        self, target: Target, edits: Edits, text: str, *, selected: int | None = None
    ) -> None:
        super().__init__(target, edits, len(edits) - 1 if selected is None else selected, text)


def slider_index(edits: Edits, operator: str) -> int | None:
    """The edit that a slider changes: the last one of its operator without a mask."""
    found = [i for i, e in enumerate(edits) if e.operator == operator and e.mask is None]
    return found[-1] if found else None


def continued(edits: Edits, added: Edits) -> Edits:
    """The edits of an export with those that were made on the export itself.

    Sliders add up: an exposure raised by 2 EV and then lowered by 1 EV is one of +1 EV. Everything
    else goes on top.
    """
    result = list(edits)
    for new in added:
        op = kind_of(new.operator)
        same = [i for i, e in enumerate(result) if e.operator == new.operator and _is_slider(e)]
        slides = op.minimum < 0 and not is_geometry(new)
        if slides and _is_slider(new) and same:
            total = min(max(result[same[-1]].strength + new.strength, op.minimum), op.maximum)
            result[same[-1]] = replace(result[same[-1]], strength=round(total, 4))
        else:
            result.append(new)
    return tuple(result)


def _is_slider(edit: Edit) -> bool:
    return edit.mask is None and edit.opacity == 1 and edit.enabled


def _with(edits: Edits, index: int, edit: Edit) -> Edits:
    return (*edits[:index], edit, *edits[index + 1 :])
