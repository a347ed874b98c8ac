"""The tone curve in the window: points by mouse and keys, live, one edit, undone in steps."""

from __future__ import annotations

import numpy as np
import pytest
from PySide6.QtCore import QPoint, Qt

from editor.engine.edits import edit
from editor.engine.render import render
from models.operators.tone_curve import IDENTITY


@pytest.fixture
def opened(window, open_photo, photo_file, settled):
    window.adjust.curve.unfold(True)
    open_photo(photo_file)
    settled()
    return window


def points(window):
    (found,) = [e for e in window.session.edits if e.operator == "tone-curve"]
    return found.setting("points")


def place(editor, x, y):
    return editor.place_of(x, y).toPoint()


def test_a_click_adds_a_point_that_is_dragged_live(qtbot, opened, settled):
    window, editor, left = opened, opened.adjust.curve.editor, Qt.MouseButton.LeftButton
    qtbot.mousePress(editor, left, pos=place(editor, 0.5, 0.6))
    assert points(window)[2:4] == pytest.approx((0.5, 0.6), abs=0.01)
    qtbot.mouseMove(editor, place(editor, 0.55, 0.8))
    qtbot.mouseRelease(editor, left, pos=place(editor, 0.55, 0.8))
    assert points(window)[2:4] == pytest.approx((0.55, 0.8), abs=0.01)
    settled()
    look = render(window.session.photo.pixels, [edit("tone-curve", points=points(window))])
    assert np.abs(window.canvas.after.levels[0].astype(int) - look).max() <= 1
    assert window.session.stack.count() == 1
    window.action_set["undo"].trigger()
    assert window.session.edits == ()
    assert editor.points == IDENTITY


def test_points_keep_their_order_and_a_double_click_takes_one_away(qtbot, opened):
    window, editor, left = opened, opened.adjust.curve.editor, Qt.MouseButton.LeftButton
    for x, y in ((0.3, 0.2), (0.7, 0.9)):
        qtbot.mouseClick(editor, left, pos=place(editor, x, y))
    qtbot.mousePress(editor, left, pos=place(editor, 0.3, 0.2))
    qtbot.mouseMove(editor, place(editor, 0.95, 0.5))
    qtbot.mouseRelease(editor, left, pos=place(editor, 0.95, 0.5))
    x = points(window)[::2]
    assert list(x) == sorted(x)
    assert x[1] < x[2]
    qtbot.mouseDClick(editor, left, pos=place(editor, *points(window)[4:6]))
    assert len(points(window)) == 6
    qtbot.mouseDClick(editor, left, pos=place(editor, 0, 0))
    assert points(window)[:2] == (0, 0)


def test_by_keys_alone(qtbot, opened):
    window, editor = opened, opened.adjust.curve.editor
    assert editor.focusPolicy() & Qt.FocusPolicy.TabFocus
    editor.setFocus()
    qtbot.keyClick(editor, Qt.Key.Key_Insert)
    qtbot.keyClick(editor, Qt.Key.Key_Up, Qt.KeyboardModifier.ShiftModifier)
    qtbot.keyClick(editor, Qt.Key.Key_Right)
    assert points(window) == pytest.approx((0, 0, 0.51, 0.55, 1, 1))
    assert "2 of 3" in editor.accessibleDescription()
    qtbot.keyClick(editor, Qt.Key.Key_PageUp)
    qtbot.keyClick(editor, Qt.Key.Key_Down)
    assert points(window)[4:] == (1, 0.99)
    qtbot.keyClick(editor, Qt.Key.Key_PageDown)
    qtbot.keyClick(editor, Qt.Key.Key_Delete)
    assert points(window) == (0, 0, 1, 0.99)


def test_reset_and_luminance(qtbot, opened, settled):
    window, group = opened, opened.adjust.curve
    qtbot.mouseClick(group.editor, Qt.MouseButton.LeftButton, pos=place(group.editor, 0.5, 0.7))
    group.channels.setCurrentIndex(1)
    group.channels.activated.emit(1)
    assert window.session.edits[0].setting("channels") == "luminance"
    group.reset.click()
    settled()
    assert points(window) == IDENTITY
    assert not window.session.edits[0].acts
    assert np.array_equal(window.canvas.after.levels[0], window.session.photo.pixels)
    window.action_set["undo"].trigger()
    assert len(points(window)) == 6
    assert group.channels.currentIndex() == 1


def test_there_is_no_curve_without_a_photo(window):
    window.adjust.curve.unfold(True)
    assert not window.adjust.curve.editor.isEnabled()
    assert window.adjust.curve.editor.width() > QPoint(200, 0).x()
