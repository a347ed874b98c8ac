"""Before and after: the split bar, and a held backslash that never sticks."""

from __future__ import annotations

import pytest
from PySide6.QtCore import QEvent, QPoint, Qt
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
