"""Before and after: the split bar, and a held backslash that never sticks."""

from __future__ import annotations

import sys

import pytest
from PySide6.QtCore import QEvent, QPoint, Qt
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QApplication

from editor.engine.edits import edit


@pytest.fixture
def bright(window, open_photo, photo_file, settled):
    """A window with a photo made two stops darker."""
    open_photo(photo_file)
    window.editing.add(edit("exposure", -2.0))
    settled()
    return window


def colour_at(window, x, y):
    """What the canvas shows at a pixel of the photo: red, green, blue."""
    image = window.canvas.grab().toImage()
    corner = window.canvas.to_widget(x, y)
    colour = image.pixelColor(int(corner.x()), int(corner.y()))
    return colour.red(), colour.green(), colour.blue()


def shows(window, x, y, pixels):
    return (
        max(abs(a - int(b)) for a, b in zip(colour_at(window, x, y), pixels[y, x], strict=True))
        <= 2
    )


def test_the_split_shows_before_on_the_left_and_after_on_the_right(bright):
    before, after = bright.session.photo.pixels, bright.rendering.frame.pixels
    bright.action_set["compare"].setChecked(True)
    assert shows(bright, 40, 120, before)
    assert shows(bright, 200, 120, after)
    bright.action_set["compare"].setChecked(False)
    assert shows(bright, 40, 120, after)


def test_the_bar_is_dragged_with_the_mouse_and_moved_with_keys(qtbot, bright):
    bright.action_set["compare"].setChecked(True)
    canvas = bright.canvas
    start, end = canvas.to_widget(120, 80).toPoint(), canvas.to_widget(60, 80).toPoint()
    qtbot.mousePress(canvas, Qt.MouseButton.LeftButton, pos=start)
    qtbot.mouseMove(canvas, end)
    qtbot.mouseRelease(canvas, Qt.MouseButton.LeftButton, pos=end)
    assert canvas.split == pytest.approx(0.25, abs=0.01)
    qtbot.keyClick(canvas, Qt.Key.Key_Right, Qt.KeyboardModifier.ShiftModifier)
    assert canvas.split == pytest.approx(0.30, abs=0.01)


def test_holding_backslash_shows_the_photo_wherever_the_focus_is(qtbot, bright):
    before, after = bright.session.photo.pixels, bright.rendering.frame.pixels
    for widget in (bright.canvas, bright.adjust.exposure.slider, bright.adjust.edits):
        widget.setFocus()
        qtbot.keyPress(widget, Qt.Key.Key_Backslash)
        assert shows(bright, 100, 100, before)
        qtbot.keyRelease(widget, Qt.Key.Key_Backslash)
        assert shows(bright, 100, 100, after)


def key(window, kind, code, text="", modifiers=Qt.KeyboardModifier.NoModifier, **more):
    """What the system sends for a key; QTest cannot say which key of the keyboard it was."""
    repeat = more.get("repeat", False)
    event = QKeyEvent(kind, code, modifiers, more.get("scan", 0), 0, 0, text, repeat)
    QApplication.sendEvent(window.canvas, event)


PRESS, RELEASE = QEvent.Type.KeyPress, QEvent.Type.KeyRelease
ALT_GR, BACKSLASH, SHARP_S = Qt.Key.Key_AltGr, Qt.Key.Key_Backslash, Qt.Key.Key_ssharp


@pytest.mark.parametrize(
    "order",
    [
        [(RELEASE, ALT_GR), (RELEASE, SHARP_S)],
        [(RELEASE, BACKSLASH), (RELEASE, ALT_GR)],
        [(RELEASE, ALT_GR)],  # and the other release went to another program
    ],
)
def test_a_german_backslash_never_sticks(bright, order):
    """It is AltGr+ß; with AltGr up, the other key is released as an ß."""
    group = Qt.KeyboardModifier.GroupSwitchModifier
    key(bright, PRESS, ALT_GR, modifiers=group)
    key(bright, PRESS, BACKSLASH, "\\", group)
    assert bright.canvas.holding_before
    key(bright, RELEASE, BACKSLASH, "\\", group, repeat=True)
    key(bright, PRESS, BACKSLASH, "\\", group, repeat=True)
    assert bright.canvas.holding_before, "held for as long as both keys are"
    for kind, code in order:
        key(bright, kind, code)
    assert not bright.canvas.holding_before
    key(bright, PRESS, BACKSLASH, "\\", group, repeat=True)
    assert not bright.canvas.holding_before


@pytest.mark.skipif(sys.platform not in ("linux", "win32"), reason="keys have no numbers here")
def test_the_key_in_the_backslashs_place_does_it_too(bright):
    code = {"linux": 51, "win32": 0x2B}[sys.platform]
    key(bright, PRESS, Qt.Key.Key_NumberSign, "#", scan=code)
    assert bright.canvas.holding_before
    key(bright, RELEASE, Qt.Key.Key_NumberSign, "#", scan=code)
    assert not bright.canvas.holding_before


def test_the_histogram_and_the_colour_follow_what_is_held(qtbot, bright):
    curves = bright.adjust.histogram.curves
    after = curves._heights.copy()
    at = bright.canvas.to_widget(30, 50).toPoint()
    qtbot.mouseMove(bright.canvas, at)
    qtbot.keyPress(bright.canvas, BACKSLASH)
    held = curves._heights.copy()
    assert held[0, 100:].sum() > 2 * after[0, 100:].sum(), "the photo is two stops brighter"
    r, g, b = bright.session.photo.pixels[50, 30]
    assert bright.status.colour.text() == f"30, 50   {r} {g} {b}"
    qtbot.keyRelease(bright.canvas, BACKSLASH)
    assert (curves._heights == after).all()


def test_the_bar_comes_back_where_it_was(qtbot, bright):
    compare, canvas = bright.action_set["compare"], bright.canvas
    compare.setChecked(True)
    assert canvas.split == 0.5
    canvas.set_split(0.8)
    compare.setChecked(False)
    compare.setChecked(True)
    assert canvas.split == 0.8
    canvas.set_split(0.0)
    compare.setChecked(False)
    compare.setChecked(True)
    assert 0 < canvas.split < 0.1, "to be seen, and to be caught"


def test_losing_the_window_lets_go(qtbot, bright):
    qtbot.keyPress(bright.canvas, Qt.Key.Key_Backslash)
    assert bright.canvas.shows_photo_at(100)
    QApplication.sendEvent(bright, QEvent(QEvent.Type.WindowDeactivate))
    assert not bright.canvas.shows_photo_at(100)


def test_colour_under_the_cursor_is_that_of_what_is_shown(qtbot, bright):
    at = bright.canvas.to_widget(30, 50).toPoint()
    qtbot.mouseMove(bright.canvas, QPoint(5, 5))
    qtbot.mouseMove(bright.canvas, at)
    r, g, b = bright.rendering.frame.pixels[50, 30]
    assert bright.status.colour.text() == f"30, 50   {r} {g} {b}"
