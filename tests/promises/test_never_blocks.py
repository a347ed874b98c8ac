"""Never blocks: pixel work is elsewhere, previews never starve or stick, failures are told."""

from __future__ import annotations

import threading
import time
from dataclasses import replace

import numpy as np
import pytest
from PIL import Image
from PySide6.QtCore import QTimer

from editor.edits import edit
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


class Heartbeat:
    """The longest time that the event loop took to come round."""

    def __init__(self) -> None:
        self.longest, self._last = 0.0, time.perf_counter()
        self.timer = QTimer(interval=1)
        self.timer.timeout.connect(self._beat)
        self.timer.start()

    def _beat(self) -> None:
        now = time.perf_counter()
        self.longest = max(self.longest, now - self._last)
        self._last = now


def test_the_window_lives_while_a_look_is_computed(
    qtbot, window, open_photo, photo_file, slow_film, settled
):
    open_photo(photo_file)
    window.add_edit(edit("film"))
    beats = []
    timer = QTimer(interval=1)
    timer.timeout.connect(lambda: beats.append(1))
    timer.start()
    qtbot.waitUntil(lambda: len(beats) > 50, timeout=WAIT)
    assert window.jobs.busy
    slow_film.set()
    settled()
    assert window._frame.edits == window.session.edits


def test_progress_and_cancel_are_shown_for_what_takes_long(
    qtbot, window, open_photo, photo_file, slow_film, settled
):
    open_photo(photo_file)
    window.add_edit(edit("film"))
    qtbot.waitUntil(window.job.isVisible, timeout=WAIT)
    window.job_cancel.click()
    qtbot.waitUntil(lambda: not window.job.isVisible(), timeout=WAIT)
    assert not slow_film.is_set()
    assert len(window.session.edits) == 1  # cancelling the preview loses no edit


def test_a_click_elsewhere_does_not_wait_for_a_slow_look(
    qtbot, window, open_photo, photo_file, slow_film, settled
):
    """An outdated preview gives way: the slow look never ends, the next one shows."""
    open_photo(photo_file)
    window.add_edit(edit("film"))
    qtbot.waitUntil(lambda: window.jobs.running is not None, timeout=WAIT)
    window.undo()
    window.add_edit(edit("exposure", 1.0))
    qtbot.waitUntil(
        lambda: window._frame is not None and window._frame.edits == window.session.edits,
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
    window.add_edit(edit("film"))
    settled()
    message = window.notifications.message
    assert message.kind == "error"
    assert "the film tore" in message.text
    assert "Your edits are kept" in message.text
    window.undo()
    window.add_edit(edit("exposure", 1.0))
    settled()
    assert window._frame.edits == window.session.edits
    assert "the film tore" in capsys.readouterr().err


def test_dragging_on_a_large_photo_keeps_the_event_loop_free(qtbot, window, tmp_path, settled):
    """24 megapixels. The bound is generous for a busy machine; the report has the measured one."""
    path = tmp_path / "large.jpg"
    Image.fromarray(np.tile(make_photo(1000, 800), (5, 6, 1))).save(path, quality=85)
    window.open_path(path)
    qtbot.waitUntil(lambda: window._frame is not None, timeout=WAIT)
    window.add_edit(edit("film"))
    qtbot.waitUntil(lambda: not window.jobs.busy, timeout=WAIT)
    frames = []
    window.rendering.framed.connect(frames.append)
    heart = Heartbeat()
    slider = window.adjust.selected.strength.slider
    for position in range(1000, 0, -25):
        slider.setSliderDown(True)
        slider.setSliderPosition(position)
        qtbot.wait(5)
    slider.setSliderDown(False)
    qtbot.waitUntil(lambda: frames and frames[-1].edits == window.session.edits, timeout=WAIT)
    heart.timer.stop()
    assert len(frames) > 3
    assert heart.longest < 0.4
    print(f"longest turn of the event loop: {heart.longest * 1000:.0f} ms, {len(frames)} frames")
