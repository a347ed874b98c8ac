"""Looks: a click replaces, a second takes off, Shift+click stacks; the mouse over one shows it."""

from __future__ import annotations

import numpy as np
import pytest
from PySide6.QtCore import QEvent, QPoint, QPointF, Qt
from PySide6.QtGui import QEnterEvent
from PySide6.QtWidgets import QApplication

from editor.engine.edits import edit
from editor.engine.mask_parts import Mask, Stroke
from editor.engine.render import render
from models.operators.registry import OPERATORS
from tests.conftest import WAIT

SHIFT = Qt.KeyboardModifier.ShiftModifier


@pytest.fixture
def opened(window, open_photo, photo_file, settled):
    """A window with a photo."""
    open_photo(photo_file)
    settled()
    return window


def click(qtbot, window, look, modifier=Qt.KeyboardModifier.NoModifier):
    card = window.looks.cards[look]
    qtbot.mouseClick(card, Qt.MouseButton.LeftButton, modifier, card.rect().center())


def names(window):
    return [e.operator for e in window.session.edits]


def badges(window):
    return {name: card.badge for name, card in window.looks.cards.items() if card.badge}


def test_a_click_replaces_the_look(qtbot, opened):
    opened.adjust.exposure.box.setValue(0.5)
    for look in ("film", "oil-painting", "black-and-white"):
        click(qtbot, opened, look)
        assert names(opened) == ["exposure", look]
        assert badges(opened) == {look: "✓"}
    opened.editing.undo()
    assert names(opened) == ["exposure", "oil-painting"]


def test_a_second_click_takes_the_look_off(qtbot, opened):
    click(qtbot, opened, "film")
    click(qtbot, opened, "film")
    assert names(opened) == []
    assert badges(opened) == {}
    assert opened.action_set["undo"].text() == "&Undo Remove Film"


def test_shift_stacks_and_the_order_is_seen(qtbot, opened):
    click(qtbot, opened, "film")
    click(qtbot, opened, "oil-painting", SHIFT)
    click(qtbot, opened, "film", SHIFT)
    assert names(opened) == ["film", "oil-painting", "film"]
    assert badges(opened) == {"film": "1 3", "oil-painting": "2"}
    assert opened.adjust.edits.count() == 3


def test_in_a_stack_the_selected_look_is_replaced(qtbot, opened):
    click(qtbot, opened, "film")
    click(qtbot, opened, "oil-painting", SHIFT)
    opened.session.select(0)
    click(qtbot, opened, "black-and-white")
    assert names(opened) == ["black-and-white", "oil-painting"]
    assert opened.session.selected == 0


def test_the_small_plus_stacks(qtbot, opened):
    click(qtbot, opened, "film")
    card = opened.looks.cards["oil-painting"]
    hover(card)
    assert card.plus.isVisible()
    qtbot.mouseClick(card.plus, Qt.MouseButton.LeftButton)
    assert names(opened) == ["film", "oil-painting"]
    leave(card)
    assert not card.plus.isVisible()


def test_keys_do_what_clicks_do(qtbot, opened):
    cards = opened.looks.cards
    qtbot.keyClick(cards["film"], Qt.Key.Key_Return)
    qtbot.keyClick(cards["oil-painting"], Qt.Key.Key_Space)
    assert names(opened) == ["oil-painting"]
    qtbot.keyClick(cards["film"], Qt.Key.Key_Return, SHIFT)
    qtbot.keyClick(cards["film"], Qt.Key.Key_Space, SHIFT)
    assert names(opened) == ["oil-painting", "film", "film"]


def test_painted_looks_are_left_alone(qtbot, opened):
    painted = edit("film", mask=Mask.painted((Stroke(((0.2, 0.2, 1.0),)),)))
    opened.editing.add(painted)
    click(qtbot, opened, "film")
    assert opened.session.edits == (painted, edit("film"))
    click(qtbot, opened, "film")
    assert opened.session.edits == (painted,)


def hover(card):
    """The mouse comes over a card."""
    at = QPointF(card.rect().center())
    event = QEnterEvent(at, at, QPointF(card.mapToGlobal(QPoint(5, 5))))
    QApplication.sendEvent(card, event)


def leave(card):
    QApplication.sendEvent(card, QEvent(QEvent.Type.Leave))


def on_canvas(window):
    return window.canvas.after.levels[0].astype(int)


def test_the_mouse_over_a_look_shows_the_photo_in_it(qtbot, opened, settled):
    window, photo = opened, opened.session.photo.pixels
    click(qtbot, window, "film")
    settled()
    film = on_canvas(window)
    card = window.looks.cards["black-and-white"]
    with qtbot.waitSignal(window.rendering.framed, timeout=WAIT):
        hover(card)
    settled()
    assert np.abs(on_canvas(window) - render(photo, [edit("black-and-white")])).max() <= 1
    assert names(window) == ["film"]
    leave(card)
    assert (on_canvas(window) == film).all(), "at once"
    settled()
    assert (on_canvas(window) == film).all()
    assert window.session.stack.count() == 1


def test_over_the_plus_the_look_is_shown_on_top(qtbot, opened, settled):
    window, photo = opened, opened.session.photo.pixels
    click(qtbot, window, "film")
    settled()
    card = window.looks.cards["black-and-white"]
    hover(card)
    with qtbot.waitSignal(window.rendering.framed, timeout=WAIT):
        QApplication.sendEvent(card.plus, QEvent(QEvent.Type.Enter))
    settled()
    both = render(photo, [edit("film"), edit("black-and-white")])
    assert np.abs(on_canvas(window) - both).max() <= 1


def test_a_click_or_undo_ends_the_trial(qtbot, opened, settled):
    window, photo = opened, opened.session.photo.pixels
    click(qtbot, window, "film")
    settled()
    card = window.looks.cards["black-and-white"]
    with qtbot.waitSignal(window.rendering.framed, timeout=WAIT):
        hover(card)
    window.editing.undo()
    settled()
    assert (on_canvas(window) == photo).all()
    hover(card)
    click(qtbot, window, "black-and-white")
    leave(card)
    settled()
    assert np.abs(on_canvas(window) - render(photo, [edit("black-and-white")])).max() <= 1


def test_the_look_that_is_on_shows_nothing_else(qtbot, opened, settled):
    window = opened
    click(qtbot, window, "film")
    settled()
    film = on_canvas(window)
    hover(window.looks.cards["film"])
    qtbot.waitUntil(lambda: not window.looks._rested.isActive(), timeout=WAIT)
    settled()
    assert (on_canvas(window) == film).all()


JARGON = ("laplac", "scale", "l0", "variation", "median", "kuwahara", "gradient")


def test_names_are_a_photographers_and_the_algorithm_is_in_the_tooltip(window):
    for name, card in window.looks.cards.items():
        op = OPERATORS[name]
        assert not any(word in card.text().lower() for word in JARGON)
        assert card.text() == op.name == card.accessibleName()
        assert op.summary.startswith("For ")
        assert op.summary in card.toolTip()
        assert op.algorithm in card.toolTip()
    assert "L0 gradient minimisation" in window.looks.cards["l0-smoothing"].toolTip()
