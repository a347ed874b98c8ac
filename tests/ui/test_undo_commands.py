"""Every undo command does and undoes its verb; drags merge."""

from __future__ import annotations

import pytest
from PySide6.QtGui import QUndoStack

from editor.engine.edits import Edit, edit
from editor.engine.mask_parts import Mask, Stroke
from editor.ui.session import undo_commands as c


class Target:
    """A stand-in for the session."""

    def __init__(self, *edits: Edit) -> None:
        self.edits, self.selected = edits, len(edits) - 1

    def apply(self, edits, selected):
        self.edits, self.selected = edits, selected


FILM, PENCIL, BRIGHT = edit("film"), edit("colour-pencil"), edit("exposure", 1.0)
STROKE = Stroke(((0.1, 0.1, 1.0), (0.2, 0.2, 1.0)))


@pytest.mark.parametrize(
    ("make", "expected"),
    [
        (lambda t: c.AddEdit(t, BRIGHT), ["film", "colour-pencil", "exposure"]),
        (lambda t: c.RemoveEdit(t, 0), ["colour-pencil"]),
        (lambda t: c.RemoveEdit(t, 1), ["film"]),
        (lambda t: c.MoveEdit(t, 0, 1), ["colour-pencil", "film"]),
        (lambda t: c.SwitchEdit(t, 0, False), ["film off", "colour-pencil"]),
        (lambda t: c.SetStrength(t, 1, 0.25, 1), ["film", "colour-pencil 0.25"]),
        (lambda t: c.SetSlider(t, "exposure", 1.5, 1), ["film", "colour-pencil", "exposure 1.5"]),
        (
            lambda t: c.ChangeEdit(t, 1, edit("colour-pencil", 0.5), "Less", 1),
            ["film", "colour-pencil 0.5"],
        ),
        (
            lambda t: c.ChangeEdit(t, None, BRIGHT, "Brighter", 1),
            ["film", "colour-pencil", "exposure"],
        ),
        (
            lambda t: c.PaintStroke(t, None, STROKE, edit("retouch")),
            ["film", "colour-pencil", "retouch"],
        ),
        (lambda t: c.ReplaceEdits(t, (), "Remove all"), []),
    ],
)
def test_do_undo_redo(make, expected):
    target = Target(FILM, PENCIL)
    before = (target.edits, target.selected)
    stack = QUndoStack()
    stack.push(make(target))
    after = (target.edits, target.selected)
    assert len(target.edits) == len(expected)
    for done, wanted in zip(target.edits, expected, strict=True):
        name, *rest = wanted.split()
        assert done.operator == name
        if rest == ["off"]:
            assert not done.enabled
        elif rest:
            assert done.strength == float(rest[0])
    assert -1 <= target.selected < len(target.edits)
    stack.undo()
    assert (target.edits, target.selected) == before
    stack.redo()
    assert (target.edits, target.selected) == after


def test_a_drag_is_one_step_and_two_drags_are_two():
    target, stack = Target(FILM), QUndoStack()
    for strength in (0.9, 0.5, 0.3):
        stack.push(c.SetStrength(target, 0, strength, gesture=1))
    assert stack.count() == 1
    stack.push(c.SetStrength(target, 0, 0.7, gesture=2))
    assert stack.count() == 2
    stack.undo()
    assert target.edits[0].strength == 0.3
    stack.undo()
    assert target.edits == (FILM,)


def test_a_drag_back_to_the_start_leaves_no_step():
    target, stack = Target(FILM), QUndoStack()
    for strength in (0.9, 0.5, FILM.strength):
        stack.push(c.SetStrength(target, 0, strength, gesture=1))
    assert stack.count() == 0
    assert target.edits == (FILM,)


def test_the_exposure_slider_changes_the_last_unmasked_exposure_only():
    masked = edit("exposure", 2.0, mask=Mask.painted((STROKE,)))
    target = Target(BRIGHT, FILM, masked)
    QUndoStack().push(c.SetSlider(target, "exposure", -1.0, 1))
    assert [e.strength for e in target.edits] == [-1.0, FILM.strength, 2.0]


def test_strokes_pile_up_on_one_mask():
    target, stack = Target(), QUndoStack()
    stack.push(c.PaintStroke(target, None, STROKE, edit("retouch", mask=Mask())))
    stack.push(c.PaintStroke(target, 0, STROKE, None))
    assert target.edits[0].mask == Mask.painted((STROKE, STROKE))
    stack.undo()
    assert target.edits[0].mask == Mask.painted((STROKE,))
