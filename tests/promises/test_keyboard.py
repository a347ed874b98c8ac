"""Keyboard for everything: a whole session without a mouse."""

from __future__ import annotations

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QApplication

from tests.conftest import WAIT

CTRL = Qt.KeyboardModifier.ControlModifier


def test_a_session_without_a_mouse(qtbot, window, open_photo, small_file, settled, tmp_path):
    open_photo(small_file)
    card = window.looks.cards["film"]
    card.setFocus()
    qtbot.keyClick(card, Qt.Key.Key_Return)
    slider = window.adjust.selected.strength.slider
    slider.setFocus()
    for _ in range(3):
        qtbot.keyClick(slider, Qt.Key.Key_PageDown)
    assert window.session.edits[0].strength == pytest.approx(0.7)
    qtbot.keyClick(window, Qt.Key.Key_BracketRight, CTRL)
    qtbot.keyClick(window, Qt.Key.Key_BracketRight, CTRL)
    assert window.session.edits[1].strength == pytest.approx(0.2)
    qtbot.keyClick(window, Qt.Key.Key_Z, CTRL)
    assert len(window.session.edits) == 1  # the run of keys was one step
    qtbot.keyClick(window, Qt.Key.Key_E, CTRL)
    dialog = window.saving.dialog
    with qtbot.waitSignal(dialog.exported, timeout=WAIT):
        qtbot.keyClick(dialog, Qt.Key.Key_Return)
    assert (tmp_path / "holiday-film.png").is_file()


def test_zoom_keys(qtbot, window, open_photo, small_file):
    open_photo(small_file)
    qtbot.keyClick(window, Qt.Key.Key_Plus, CTRL)
    assert window.canvas.view.scale == 1.5
    qtbot.keyClick(window, Qt.Key.Key_Minus, CTRL)
    assert window.canvas.view.scale == 1.0
    qtbot.keyClick(window, Qt.Key.Key_Plus, CTRL)
    qtbot.keyClick(window, Qt.Key.Key_0, CTRL)
    assert window.canvas.view.fitted
    qtbot.keyClick(window, Qt.Key.Key_Plus, CTRL)
    qtbot.keyClick(window, Qt.Key.Key_1, CTRL)
    assert window.canvas.view.scale == 1.0
    assert window.status.zoom.text() == "100 %"


def test_keyboards_without_brackets_have_other_keys(qtbot, window, open_photo, small_file):
    """The brackets of a German keyboard need AltGr, and with Shift or Ctrl they are none."""
    open_photo(small_file)
    both = CTRL | Qt.KeyboardModifier.ShiftModifier
    qtbot.keyClick(window, Qt.Key.Key_Up, both)
    assert window.session.edits[0].strength == pytest.approx(0.1)
    qtbot.keyClick(window, Qt.Key.Key_Down, both)
    qtbot.keyClick(window, Qt.Key.Key_Down, both)
    assert window.session.edits[0].strength == pytest.approx(-0.1)
    qtbot.keyClick(window.canvas, Qt.Key.Key_B)
    settings = window.settings
    size, softness = settings["brush/size"], settings["brush/softness"]
    qtbot.keyClick(window.canvas, Qt.Key.Key_Right, CTRL)
    assert settings["brush/size"] == pytest.approx(size * 1.2)
    qtbot.keyClick(window.canvas, Qt.Key.Key_Left, CTRL)
    assert settings["brush/size"] == pytest.approx(size)
    qtbot.keyClick(window.canvas, Qt.Key.Key_Right, both)
    assert settings["brush/softness"] == pytest.approx(softness + 0.1)
    qtbot.keyClick(window.canvas, Qt.Key.Key_Left, both)
    assert settings["brush/softness"] == pytest.approx(softness)


def test_no_action_has_bracket_keys_alone():
    from editor.ui.actions import ACTIONS

    for spec in ACTIONS:
        if spec.keys and all(set(key) & set("[]{}\\|@~") for key in spec.keys):
            raise AssertionError(f"{spec.id} has no key that every keyboard has")


def test_no_key_has_two_actions():
    from editor.ui.actions import ACTIONS

    keys = [key for spec in ACTIONS for key in spec.keys]
    assert len(keys) == len(set(keys))


def test_the_buttons_of_a_message_leave_the_keys_where_they_were(
    qtbot, window, open_photo, small_file
):
    open_photo(small_file)
    window.canvas.setFocus()
    done = []
    for use in ("mouse", "keys", "close"):
        window.notifications.tell(
            "Something happened.", actions=(("Go on", lambda: done.append(1)),)
        )
        if use == "close":
            qtbot.mouseClick(window.notifications.close_button, Qt.MouseButton.LeftButton)
        elif use == "mouse":
            qtbot.mouseClick(window.notifications.buttons[0], Qt.MouseButton.LeftButton)
        else:
            button = window.notifications.buttons[0]
            qtbot.waitUntil(button.isVisible)
            button.setFocus(Qt.FocusReason.TabFocusReason)
            assert QApplication.focusWidget() is button
            qtbot.keyClick(button, Qt.Key.Key_Space)
        assert window.notifications.message is None
        assert QApplication.focusWidget() is window.canvas, use
    assert len(done) == 2


def test_tab_reaches_looks_sliders_and_canvas(qtbot, window, open_photo, small_file):
    open_photo(small_file)
    seen = set()
    window.canvas.setFocus()
    for _ in range(60):
        seen.add(QApplication.focusWidget())
        qtbot.keyClick(QApplication.focusWidget(), Qt.Key.Key_Tab)
    assert window.canvas in seen
    assert set(window.looks.cards.values()) <= seen
    assert window.adjust.exposure.slider in seen


def test_the_shortcut_sheet_lists_every_key(qtbot, window):
    from PySide6.QtGui import QKeySequence
    from PySide6.QtWidgets import QLabel

    from editor.ui.actions import ACTIONS
    from editor.ui.dialogs.dialogs import ShortcutSheet

    sheet = ShortcutSheet(window)
    texts = " ".join(label.text() for label in sheet.findChildren(QLabel))
    for spec in ACTIONS:
        if spec.menu and spec.keys:
            key = QKeySequence(spec.keys[0]).toString(QKeySequence.SequenceFormat.NativeText)
            assert key in texts, spec.id
