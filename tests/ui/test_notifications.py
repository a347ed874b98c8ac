"""Messages: they lie over the canvas, go by themselves or at a click, and are never cut."""

from __future__ import annotations

import pytest
from PySide6.QtCore import QEvent, QPoint, Qt
from PySide6.QtGui import QCursor
from PySide6.QtWidgets import QApplication, QLineEdit, QWidget

from editor.ui.widgets.notifications import Notifications
from tests.conftest import WAIT

LONG = "The original is restored as far as possible: about 12 % of the export was changed since."


@pytest.fixture
def bar(qtbot, settings):
    parent = QWidget()
    qtbot.addWidget(parent)
    parent.resize(700, 500)
    parent.keys = QLineEdit(parent)
    parent.show()
    parent.keys.setFocus()
    QCursor.setPos(parent.mapToGlobal(QPoint(350, 450)))
    made = Notifications(parent)
    made.owner = parent  # Python holds no parents
    return made


def two():
    return (("Restore original", lambda: None), ("Put the edits back", lambda: None))


def test_the_photo_stays_where_it_is(qtbot, window, open_photo, photo_file):
    open_photo(photo_file)
    window.notifications.clear()
    place, view = window.canvas.geometry(), window.canvas.view
    window.notifications.tell(LONG, "warning", two())
    qtbot.wait(50)
    assert window.notifications.isVisible()
    assert (window.canvas.geometry(), window.canvas.view) == (place, view)


@pytest.mark.parametrize("kind", ["info", "success"])
def test_what_asks_for_nothing_goes_by_itself(qtbot, bar, kind):
    bar.patience = 20
    bar.tell("Saved.", kind)
    qtbot.waitUntil(lambda: bar.message is None, timeout=WAIT)
    assert not bar.isVisible()


@pytest.mark.parametrize("kind", ["warning", "error"])
def test_what_went_wrong_stays(qtbot, bar, kind):
    bar.patience = 10
    bar.tell("That did not work.", kind)
    qtbot.wait(120)
    assert bar.isVisible()
    assert not bar._timer.isActive()


def test_a_message_with_the_keys_waits(qtbot, bar, monkeypatch):
    monkeypatch.setattr("editor.ui.widgets.notifications._GLANCE", 15)
    bar.patience = 10
    bar.tell("Restored.", "success", two())
    bar.activateWindow()
    bar.buttons[1].setFocus(Qt.FocusReason.TabFocusReason)
    qtbot.waitUntil(lambda: QApplication.focusWidget() is bar.buttons[1], timeout=WAIT)
    qtbot.wait(120)
    assert bar.message is not None
    bar.parentWidget().keys.setFocus()
    qtbot.waitUntil(lambda: bar.message is None, timeout=WAIT)


def test_a_click_closes_it(qtbot, bar):
    bar.tell("First.", "warning")
    bar.tell("Second.", "error")
    qtbot.mouseClick(bar, Qt.MouseButton.LeftButton, pos=QPoint(60, 15))
    assert bar.message.text == "First."
    qtbot.mouseClick(bar, Qt.MouseButton.LeftButton, pos=QPoint(60, 15))
    assert not bar.isVisible()


@pytest.mark.parametrize("width", [700, 520, 320, 210])
def test_nothing_is_cut_however_narrow(qtbot, bar, width):
    bar.tell(LONG, "warning", two())
    bar.parentWidget().resize(width, 500)
    QApplication.sendPostedEvents(None, QEvent.Type.LayoutRequest)
    qtbot.wait(30)
    assert bar.width() <= width - 20
    for button in bar.buttons:
        assert button.isVisible()
        assert button.width() >= button.sizeHint().width()
        right = button.mapTo(bar, QPoint(button.width(), button.height()))
        assert right.x() <= bar.width()
        assert right.y() <= bar.height()
    assert bar.text.height() >= bar.text.heightForWidth(bar.text.width())
    assert bar.text.width() >= min(150, width - 110)


def test_escape_closes_it(qtbot, window, open_photo, photo_file):
    open_photo(photo_file)
    window.notifications.clear()
    window.notifications.tell("Saved.", "warning")
    qtbot.keyClick(window, Qt.Key.Key_Escape)
    assert window.notifications.message is None
