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
