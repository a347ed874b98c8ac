"""Never blocks: pixel work is elsewhere, previews never starve or stick, failures are told."""

from __future__ import annotations

import threading
from dataclasses import replace

import pytest
from PIL import Image
from PySide6.QtCore import QEvent, Qt, QTimer
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QApplication

from editor.engine.edits import edit
from editor.engine.render import render
from editor.files.picture_files import open_picture
from editor.messages import message
from editor.ui.worker import preview
from editor.ui.worker.look_requests import Preview
from editor.ui.worker.preview import PreviewRenderer
from editor.ui.worker.pyramid import Pyramid
from models.operators.registry import OPERATORS
from tests.conftest import WAIT, make_photo


@pytest.fixture
def slow_film(monkeypatch):
    """The film look waits for a gate, as a slow operator on a large photo would."""
    film, gate = OPERATORS["film"], threading.Event()

    def render(photo, strength, long_edge):
        while not gate.wait(0.002):
            pass
        return film.render(photo, strength, long_edge)

    monkeypatch.setitem(OPERATORS, "film", replace(film, render=render, linear=False))
    yield gate
    gate.set()


def test_the_window_lives_while_a_look_is_computed(
    qtbot, window, open_photo, photo_file, slow_film, settled
):
    open_photo(photo_file)
    window.editing.add(edit("film"))
    beats = []
    timer = QTimer(interval=1)
    timer.timeout.connect(lambda: beats.append(1))
    timer.start()
    qtbot.waitUntil(lambda: len(beats) > 50, timeout=WAIT)
    assert window.jobs.busy
    slow_film.set()
    settled()
    assert window.rendering.frame.edits == window.session.edits


def test_progress_and_cancel_are_shown_for_what_takes_long(
    qtbot, window, open_photo, photo_file, slow_film, settled
):
    open_photo(photo_file)
    window.editing.add(edit("film"))
    qtbot.waitUntil(window.progress.isVisible, timeout=WAIT)
    window.progress.cancel_button.click()
    qtbot.waitUntil(lambda: not window.progress.isVisible(), timeout=WAIT)
    assert not slow_film.is_set()
    assert len(window.session.edits) == 1  # cancelling the preview loses no edit


def test_cancel_stays_under_the_mouse_while_the_work_changes(
    qtbot, window, open_photo, photo_file, slow_film
):
    open_photo(photo_file)
    window.editing.add(edit("film"))
    progress = window.progress
    qtbot.waitUntil(progress.isVisible, timeout=WAIT)
    places = set()

    def note():
        QApplication.processEvents()
        button = progress.cancel_button
        places.add(button.mapTo(window, button.rect().topLeft()).toTuple())

    note()
    for said in (message("done"), message("too-small", width=9, height=9, least=32)):
        window.jobs.progressed.emit(window.jobs.running, 0.5, said)
        note()
    window.status.show_zoom(32.0)
    window.status.show_colour(10_000, 10_000, (255, 255, 255))
    note()
    progress.cancel_button.setVisible(False)
    QApplication.processEvents()
    progress.cancel_button.setVisible(True)
    note()
    assert len(places) == 1


def test_a_click_elsewhere_does_not_wait_for_a_slow_look(
    qtbot, window, open_photo, photo_file, slow_film, settled
):
    """An outdated preview gives way: the slow look never ends, the next one shows."""
    open_photo(photo_file)
    window.editing.add(edit("film"))
    qtbot.waitUntil(lambda: window.jobs.running is not None, timeout=WAIT)
    window.editing.undo()
    window.editing.add(edit("exposure", 1.0))
    qtbot.waitUntil(
        lambda: (
            window.rendering.frame is not None
            and window.rendering.frame.edits == window.session.edits
        ),
        timeout=WAIT,
    )
    assert not slow_film.is_set()


def test_a_look_that_fails_is_told_and_the_editor_goes_on(
    qtbot, window, open_photo, photo_file, monkeypatch, settled, capsys
):
    def broken(photo, strength, long_edge):
        raise RuntimeError("the film tore")

    monkeypatch.setitem(OPERATORS, "film", replace(OPERATORS["film"], render=broken))
    open_photo(photo_file)
    settled()
    window.editing.add(edit("film"))
    settled()
    message = window.notifications.message
    assert message.kind == "error"
    assert "RuntimeError" in message.text  # what it says is in the log
    assert "Your edits are kept" in message.text
    window.editing.undo()
    window.editing.add(edit("exposure", 1.0))
    settled()
    assert window.rendering.frame.edits == window.session.edits
    assert "the film tore" in capsys.readouterr().err


@pytest.fixture
def threads_of_pixel_work(monkeypatch):
    """Which threads computed looks, mip levels and histograms."""
    seen = set()

    def noting(function):
        def noted(*args, **more):
            seen.add(threading.current_thread())
            return function(*args, **more)

        return noted

    monkeypatch.setattr(PreviewRenderer, "render", noting(PreviewRenderer.render))
    monkeypatch.setattr(Pyramid, "of", staticmethod(noting(Pyramid.of)))
    monkeypatch.setattr("editor.ui.worker.look_requests.histogram", noting(preview.histogram))
    monkeypatch.setattr("editor.ui.worker.cache.render", noting(render))
    monkeypatch.setattr("editor.ui.worker.open_requests.open_picture", noting(open_picture))
    return seen


def drag_down(qtbot, slider, step):
    """From the top to the bottom, `step` thousandths at a time."""
    slider.setSliderDown(True)
    for position in range(1000, 0, -step):
        slider.setSliderPosition(position)
        qtbot.wait(1)
    slider.setSliderDown(False)


def test_no_pixel_work_is_done_in_the_windows_thread(
    qtbot, window, open_photo, photo_file, threads_of_pixel_work, settled
):
    open_photo(photo_file)
    window.editing.add(edit("film"))
    settled()
    window.canvas.zoom_to(1.0)
    slider = window.adjust.selected.strength.slider
    drag_down(qtbot, slider, 100)
    window.viewing.compare(True)
    window.clipboard.copy_look()
    settled()
    assert window.rendering.frame.edits == window.session.edits
    assert threads_of_pixel_work
    assert threading.main_thread() not in threads_of_pixel_work


def test_a_whole_drag_goes_by_while_one_look_is_computed(
    qtbot, window, open_photo, photo_file, slow_film, settled
):
    """The slider waits for no frame; of all its places only the latest is computed afterwards."""
    open_photo(photo_file)
    settled()
    frames = []
    window.rendering.framed.connect(frames.append)
    window.editing.add(edit("film"))
    qtbot.waitUntil(lambda: isinstance(window.jobs.running, Preview), timeout=WAIT)
    running = window.jobs.running
    slider = window.adjust.selected.strength.slider
    drag_down(qtbot, slider, 20)
    assert window.jobs.running is running
    assert frames == []
    assert window.session.edits[0].strength == pytest.approx(0.02)
    slow_film.set()
    qtbot.waitUntil(lambda: bool(frames) and frames[-1].edits == window.session.edits, timeout=WAIT)
    assert [frame.edits for frame in frames] == [running.document.edits, window.session.edits]


def test_panning_does_not_put_off_the_sharp_look(qtbot, window, open_photo, tmp_path, settled):
    path = tmp_path / "wide.png"
    Image.fromarray(make_photo(1600, 400)).save(path)
    open_photo(path)
    window.editing.add(edit("film"))
    settled()
    sharp = []
    window.rendering.settled.connect(lambda: sharp.append(window.rendering.sharp_pixels.shape))
    window.canvas.zoom_to(1.0)
    hand = QTimer(interval=1)  # never a pause as long as the one before a sharper look
    hand.timeout.connect(lambda: pan(window))
    hand.start()
    qtbot.waitUntil(lambda: len(sharp) > 0, timeout=WAIT)
    hand.stop()
    assert sharp == [(400, 1600, 3)]


def pan(window):
    """To and fro with the arrow keys."""
    view = window.canvas.view.centre
    key = Qt.Key.Key_Right if view[0] < 700 else Qt.Key.Key_Left
    QApplication.sendEvent(
        window.canvas, QKeyEvent(QEvent.Type.KeyPress, key, Qt.KeyboardModifier.NoModifier)
    )
