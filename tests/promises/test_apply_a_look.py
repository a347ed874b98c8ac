"""Apply a look: open a photo, click a look, drag Strength, compare, export."""

from __future__ import annotations

import numpy as np
from PIL import Image
from PySide6.QtCore import QPoint, Qt
from pytestqt.qtbot import QtBot

from editor.engine.render import render
from tests.conftest import WAIT


def test_a_click_on_a_look_puts_it_on_the_photo(
    qtbot: QtBot, window, open_photo, photo_file, settled
):
    open_photo(photo_file)
    qtbot.mouseClick(window.looks.cards["colour-pencil"], Qt.MouseButton.LeftButton)
    settled()
    assert [e.operator for e in window.session.edits] == ["colour-pencil"]
    expected = render(window.session.photo.pixels, window.session.edits)
    shown = window.canvas.after.levels[0]
    assert np.abs(shown.astype(int) - expected).max() <= 1


def test_every_look_gets_a_thumbnail_of_this_photo(qtbot, window, open_photo, photo_file):
    open_photo(photo_file)
    cards = window.looks.cards.values()
    qtbot.waitUntil(lambda: all(card.has_thumbnail for card in cards), timeout=WAIT)


def test_dragging_strength_shows_frames_on_the_way_and_ends_on_the_last_value(
    qtbot, window, open_photo, photo_file, settled
):
    open_photo(photo_file)
    window.looks.cards["film"].click()
    settled()
    slider = window.adjust.selected.strength.slider
    frames = []
    window.rendering.framed.connect(lambda f: frames.append(f.edits[0].strength))
    qtbot.mousePress(slider, Qt.MouseButton.LeftButton, pos=QPoint(slider.width() - 10, 10))
    for step, x in enumerate(range(slider.width() - 20, 20, -10)):
        qtbot.mouseMove(slider, QPoint(x, 10))
        if step % 6 == 0:
            settled()
    qtbot.mouseRelease(slider, Qt.MouseButton.LeftButton, pos=QPoint(30, 10))
    settled()
    final = window.session.edits[0].strength
    assert final < 0.2
    assert frames[-1] == final
    assert len(set(frames)) > 2
    assert window.session.stack.count() == 2  # the look, and one drag


def test_the_export_is_an_ordinary_picture_with_the_look(
    qtbot, window, open_photo, small_file, settled, tmp_path
):
    open_photo(small_file)
    window.looks.cards["film"].click()
    window.action_set["export"].trigger()
    dialog = window.saving.dialog
    assert dialog.form.path.parent == tmp_path
    with qtbot.waitSignal(dialog.exported, timeout=WAIT) as told:
        qtbot.mouseClick(dialog.export_button, Qt.MouseButton.LeftButton)
    path, report = told.args
    assert path.name == "holiday-film.png"
    written = np.asarray(Image.open(path).convert("RGB")).astype(float)
    look = render(window.session.photo.pixels, window.session.edits)
    error = np.mean((written - look) ** 2)
    assert 10 * np.log10(255**2 / error) > 30
    assert not window.isWindowModified()
    assert report.restored is not None
    assert str(report.words) in window.notifications.message.text
