"""The edit list: reorder, switch off, delete, select to change; undo and redo of everything."""

from __future__ import annotations

import pytest
from PySide6.QtCore import QMimeData, QPoint, QPointF, Qt
from PySide6.QtGui import QColor, QDragLeaveEvent, QDragMoveEvent, QDropEvent
from PySide6.QtWidgets import QApplication

from editor.engine.edits import edit
from editor.ui.panels.edits_panel import ROW_HEIGHT
from editor.ui.widgets import theme

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


class Moved(QDragMoveEvent):
    """A row of the list on its way; only a real drag tells where it comes from."""

    def __init__(self, edits, y):
        self._from, self._data = edits, QMimeData()
        super().__init__(
            QPoint(60, y), Qt.DropAction.MoveAction, self._data, Qt.MouseButton.LeftButton,
            Qt.KeyboardModifier.NoModifier,
        )  # fmt: skip

    def source(self):
        return self._from


def drag_to(edits, y):
    edits.dragMoveEvent(Moved(edits, y))


def drop_at(edits, y):
    data = QMimeData()
    event = QDropEvent(
        QPointF(60, y), Qt.DropAction.MoveAction, data, Qt.MouseButton.LeftButton,
        Qt.KeyboardModifier.NoModifier,
    )  # fmt: skip
    edits.dropEvent(event)


@pytest.mark.parametrize(
    ("row", "y", "line", "order"),
    [
        (2, 4, 0, ("colour-pencil", "exposure", "film")),
        (0, ROW_HEIGHT * 2 + 4, 2, ("film", "exposure", "colour-pencil")),
        (0, ROW_HEIGHT * 3 - 4, 3, ("film", "colour-pencil", "exposure")),
        (1, ROW_HEIGHT + 20, 2, THREE),
    ],
)
def test_a_line_shows_where_a_dragged_edit_goes(three, row, y, line, order):
    edits = three.adjust.edits
    edits.setCurrentRow(row)
    assert not edits._line.isVisible()
    drag_to(edits, y)
    assert edits._line.isVisible()
    shown = edits._line.geometry().center().y()
    assert abs(shown - line * ROW_HEIGHT) <= 4
    drop_at(edits, y)
    assert not edits._line.isVisible()
    assert names(three) == order


def test_the_line_is_on_top_of_the_rows(three):
    edits = three.adjust.edits
    drag_to(edits, ROW_HEIGHT + 2)
    picture = edits.viewport().grab().toImage()
    at = edits._line.geometry().center()
    ratio = picture.devicePixelRatio()
    found = picture.pixelColor(int(at.x() * ratio), int(at.y() * ratio))
    assert found == QColor(theme.current().accent)
    edits.dragLeaveEvent(QDragLeaveEvent())
    assert not edits._line.isVisible()


def test_the_dragged_row_is_seen_with_its_words(three):
    """What is drawn beside the row's own shape: as many colours as its name and its icons have."""
    edits = three.adjust.edits
    picture = edits.picture_of(1).toImage()
    row = edits._row(1)
    assert picture.size() == row.size() * picture.devicePixelRatio()
    seen = {
        picture.pixel(x, y)
        for x in range(row.name.x(), row.name.x() + row.name.width(), 1)
        for y in range(picture.height())
    }
    assert len(seen) > 8


def test_the_list_uses_the_room_there_is(three):
    for _ in range(9):
        three.editing.add(edit("film", 0.5))
    edits = three.adjust.edits
    three.resize(1280, 1000)
    QApplication.processEvents()
    assert edits.height() >= 12 * ROW_HEIGHT
    assert edits.verticalScrollBar().maximum() == 0
    three.resize(1280, 600)
    QApplication.processEvents()
    assert 7 * ROW_HEIGHT <= edits.height() < 12 * ROW_HEIGHT
    assert edits.visualItemRect(edits.item(11)).bottom() <= edits.viewport().height()


def test_minus_is_a_minus_sign(qtbot, three):
    box = three.adjust.exposure.box
    box.setValue(-2)
    assert box.text() == "\N{MINUS SIGN}2.00 EV"
    assert three.adjust.edits._row(0).value.text() == "\N{MINUS SIGN}2.00 EV"
    for typed in ("-1.25", "\N{MINUS SIGN}1.25"):
        box.setValue(0)
        box.selectAll()
        box.lineEdit().insert(typed)
        qtbot.keyClick(box, Qt.Key.Key_Return)
        assert box.value() == pytest.approx(-1.25)
        assert three.session.edits[0].strength == pytest.approx(-1.25)
