"""The history: every step by name, and a click goes there."""

from __future__ import annotations

from PySide6.QtCore import Qt

from editor.engine.edits import edit
from tests.conftest import WAIT


def test_a_click_goes_to_a_step_and_back(qtbot, window, open_photo, photo_file):
    open_photo(photo_file)
    window.editing.add(edit("film"))
    window.editing.add(edit("exposure", 1.0))
    window.masks.add("linear")
    done = window.session.edits
    qtbot.keyClick(window, Qt.Key.Key_H, Qt.KeyboardModifier.ControlModifier)
    steps = window.adjust.history.steps
    assert steps.isVisible()
    texts = [steps.model().index(i, 0).data() for i in range(steps.model().rowCount())]
    assert texts == ["As opened", "Add Film", "Add Exposure", "Mask: Linear gradient"]

    def click(row):
        at = steps.visualRect(steps.model().index(row, 0)).center()
        qtbot.mouseClick(steps.viewport(), Qt.MouseButton.LeftButton, pos=at)

    click(1)
    assert window.session.edits == done[:1]
    click(3)
    assert window.session.edits == done
    click(0)
    assert window.session.edits == ()
    qtbot.keyClick(steps, Qt.Key.Key_Down)
    assert window.session.edits == done[:1]


def test_it_is_remembered_and_starts_anew_with_another_photo(
    qtbot, window, open_photo, photo_file, small_file, settings
):
    open_photo(photo_file)
    window.action_set["history"].trigger()
    assert settings["panel/history"]
    window.editing.add(edit("film"))
    assert window.adjust.history.steps.model().rowCount() == 2
    window.session.saved()
    open_photo(small_file)
    qtbot.waitUntil(lambda: window.adjust.history.steps.model().rowCount() == 1, timeout=WAIT)
