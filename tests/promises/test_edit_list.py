"""The edit list: reorder, switch off, delete, select to change; undo and redo of everything."""

from __future__ import annotations

import pytest
from PySide6.QtCore import Qt

from editor.engine.edits import edit

THREE = ("exposure", "film", "colour-pencil")


@pytest.fixture
def three(window, open_photo, photo_file):
    """A window with a photo and three edits, the last one selected."""
    open_photo(photo_file)
    window.editing.add(edit("exposure", 0.5))
    window.editing.add(edit("film"))
    window.editing.add(edit("colour-pencil"))
    return window


def names(window):
    return tuple(e.operator for e in window.session.edits)


def test_the_list_shows_the_edits_in_order(three):
    rows = [three.adjust.edits._row(i) for i in range(3)]
    assert [r.name.text() for r in rows] == ["Exposure", "Film", "Colour pencil"]
    assert [r.value.text() for r in rows] == ["+0.50 EV", "100 %", "100 %"]


def test_keys_move_switch_and_delete(qtbot, three):
    edits = three.adjust.edits
    edits.setFocus()
    qtbot.keyClick(edits, Qt.Key.Key_Up, Qt.KeyboardModifier.AltModifier)
    assert names(three) == ("exposure", "colour-pencil", "film")
    qtbot.keyClick(edits, Qt.Key.Key_Space)
    assert not three.session.edits[1].enabled
    qtbot.keyClick(edits, Qt.Key.Key_Delete)
    assert names(three) == ("exposure", "film")


def test_buttons_switch_and_delete(qtbot, three):
    row = three.adjust.edits._row(1)
    qtbot.mouseClick(row.eye, Qt.MouseButton.LeftButton)
    assert [e.enabled for e in three.session.edits] == [True, False, True]
    qtbot.mouseClick(three.adjust.edits._row(0).bin, Qt.MouseButton.LeftButton)
    assert names(three) == ("film", "colour-pencil")


def test_selecting_an_edit_brings_its_slider(qtbot, three):
    three.adjust.edits.setCurrentRow(1)
    assert three.session.selected == 1
    assert three.adjust.selected.strength.label.text() == "Film: strength"
    three.adjust.selected.strength.box.setValue(40)
    assert three.session.edits[1].strength == pytest.approx(0.4)
    assert three.session.edits[2].strength == 1.0


def test_typed_and_dragged_values_agree(three):
    three.adjust.exposure.box.setValue(-1.25)
    assert three.session.edits[0].strength == pytest.approx(-1.25)
    assert three.adjust.exposure.slider.value() == round(1.75 / 6 * 1000)
    assert names(three) == THREE


def test_everything_is_undone_and_redone(qtbot, three, settled):
    steps = [
        lambda: three.editing.move(2, 0),
        three.editing.switch,
        lambda: three.adjust.exposure.reset(),
        lambda: three.editing.set_strength(0.3, 99),
        three.editing.delete,
        lambda: three.looks.chosen.emit("oil-painting"),
        three.editing.remove_all,
    ]
    states = [three.session.edits]
    for step in steps:
        step()
        states.append(three.session.edits)
    for state in reversed(states[:-1]):
        three.editing.undo()
        assert three.session.edits == state
    for state in states[1:]:
        three.editing.redo()
        assert three.session.edits == state
    settled()
    assert three.rendering.frame.edits == ()


def test_a_switched_off_edit_does_nothing_and_stays(three, settled):
    three.session.select(0)
    for index in range(3):
        three.session.select(index)
        three.editing.switch()
    settled()
    assert names(three) == THREE
    assert (three.rendering.frame.pixels == three.session.photo.pixels).all()


def test_undo_names_what_it_undoes(three):
    assert three.action_set["undo"].text() == "&Undo Add Colour pencil"
