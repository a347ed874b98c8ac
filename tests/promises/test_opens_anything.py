"""Drag and drop, paste, recent files, command line; bad files are told and lose nothing."""

from __future__ import annotations

import threading
import time
from pathlib import Path

import numpy as np
import pytest
from PIL import Image
from PySide6.QtCore import QMimeData, QPoint, QPointF, Qt, QUrl
from PySide6.QtGui import QDropEvent, QGuiApplication, QImage

from editor.engine.edits import edit
from editor.engine.progress import Cancelled
from tests.conftest import WAIT, make_photo


def opened(qtbot, window):
    qtbot.waitUntil(lambda: window.session.photo is not None, timeout=WAIT)


def drop(window, mime):
    event = QDropEvent(
        QPointF(QPoint(400, 300)),
        Qt.DropAction.CopyAction,
        mime,
        Qt.MouseButton.LeftButton,
        Qt.KeyboardModifier.NoModifier,
    )
    window.dropEvent(event)


def test_a_dropped_file_is_opened(qtbot, window, photo_file):
    mime = QMimeData()
    mime.setUrls([QUrl.fromLocalFile(str(photo_file))])
    drop(window, mime)
    opened(qtbot, window)
    assert window.session.origin.name == "holiday.png"
    assert window.notifications.message is None


@pytest.mark.parametrize(
    ("others", "told"),
    [
        (["b.png"], "“a.png” was opened; the other file was not: one photo at a time."),
        (
            ["b.png", "notes.txt"],
            "“a.png” was opened; the other 2 files were not: one photo at a time.",
        ),
    ],
)
def test_of_several_dropped_files_it_says_which_one_was_opened(
    qtbot, window, photo_file, tmp_path, others, told
):
    for name in ("a.png", *others):
        (tmp_path / name).write_bytes(photo_file.read_bytes())
    names = ["a.png", *others]
    if "notes.txt" in names:
        names.sort(key=lambda name: name != "notes.txt")  # no picture by its name: never the one
    mime = QMimeData()
    mime.setUrls([QUrl.fromLocalFile(str(tmp_path / name)) for name in names])
    drop(window, mime)
    opened(qtbot, window)
    assert window.session.origin.name == "a.png"
    assert window.notifications.message.text == told


def test_a_pasted_picture_is_opened_and_counts_as_unsaved(qtbot, window):
    picture = make_photo(50, 30)
    image = QImage(picture.data, 50, 30, 150, QImage.Format.Format_RGB888).copy()
    QGuiApplication.clipboard().setImage(image)
    window.action_set["paste"].trigger()
    opened(qtbot, window)
    np.testing.assert_array_equal(window.session.photo.pixels, picture)
    assert window.isWindowModified()


def test_the_copied_picture_is_the_full_look(qtbot, window, open_photo, photo_file, settled):
    open_photo(photo_file)
    window.editing.add(edit("exposure", 1.0))
    settled()
    window.clipboard.copy_look()
    settled()
    image = QGuiApplication.clipboard().image().convertToFormat(QImage.Format.Format_RGB888)
    assert (image.width(), image.height()) == (240, 160)
    colour = image.pixelColor(100, 50)
    expected = window.rendering.frame.pixels[50, 100]
    assert np.abs(np.array(colour.getRgb()[:3]) - expected).max() <= 1


def test_opened_files_are_remembered_and_lost_ones_forgotten(
    qtbot, window, open_photo, photo_file, settings, tmp_path
):
    open_photo(photo_file)
    assert settings["recent"] == [str(photo_file)]
    settings.remember_file(str(tmp_path / "gone.jpg"))
    window.opening.open_path(tmp_path / "gone.jpg")
    qtbot.waitUntil(lambda: window.notifications.message is not None, timeout=WAIT)
    assert settings["recent"] == [str(photo_file)]


def test_a_good_photo_whose_opening_is_cancelled_is_still_remembered(
    qtbot, window, photo_file, settings, settled, monkeypatch
):
    """Cancelled in the middle of its decoding, it is not called damaged."""
    begun, cancelled = threading.Event(), threading.Event()

    def stopped_in_here(*_):
        begun.set()
        assert cancelled.wait(10)
        len([])  # the job ends at its next call
        raise AssertionError("went on")

    monkeypatch.setattr("editor.files.decoding.read_pixels", stopped_in_here)
    settings.remember_file(str(photo_file))
    window.opening.open_path(photo_file)
    qtbot.waitUntil(begun.is_set, timeout=WAIT)
    window.progress.cancel()
    cancelled.set()
    settled()
    assert window.notifications.message is None
    assert settings["recent"] == [str(photo_file)]
    assert window.session.photo is None


@pytest.mark.parametrize(
    ("content", "says"),
    [
        (b"", "empty"),
        (b"hello", "not a picture"),
        (None, "no file"),
        ("folder", "folder"),
        ("truncated", "damaged"),
    ],
)
def test_what_cannot_be_opened_is_told_and_the_open_photo_stays(
    qtbot, window, open_photo, photo_file, tmp_path, content, says, capsys
):
    open_photo(photo_file)
    window.editing.add(edit("film"))
    window.session.saved()
    bad: Path = tmp_path / "bad.jpg"
    if content == "folder":
        bad.mkdir()
    elif content == "truncated":
        bad.write_bytes(photo_file.read_bytes()[:3000])
    elif content is not None:
        bad.write_bytes(content)
    window.opening.open_path(bad)
    qtbot.waitUntil(lambda: window.notifications.message is not None, timeout=WAIT)
    assert window.notifications.message.kind == "error"
    assert says in window.notifications.message.text
    assert window.session.origin.name == "holiday.png"
    assert len(window.session.edits) == 1


def test_cancelling_the_opening_is_not_held_against_the_photo(
    qtbot, window, open_photo, photo_file, settings, tmp_path, monkeypatch
):
    """The photo stays among the recent ones, and nobody calls it damaged."""
    open_photo(photo_file)
    slow = tmp_path / "slow.png"
    slow.write_bytes(photo_file.read_bytes())
    settings.remember_file(str(slow))
    entered = threading.Event()

    def never_ends(path):
        entered.set()
        while True:
            time.sleep(0.001)  # a call, in which a job can be stopped

    monkeypatch.setattr("editor.ui.worker.open_requests.open_picture", never_ends)
    window.opening.open_path(slow)
    qtbot.waitUntil(entered.is_set, timeout=WAIT)
    assert window.opening.pending
    window.progress.cancel()
    qtbot.waitUntil(lambda: not window.opening.pending, timeout=WAIT)
    assert settings["recent"] == [str(slow), str(photo_file)]
    assert window.notifications.message is None
    assert window.session.origin.name == "holiday.png"


def test_an_engine_that_is_cancelled_by_itself_is_not_held_against_the_photo(
    qtbot, window, photo_file, settings, monkeypatch
):
    def cancelled(path):
        raise Cancelled

    settings.remember_file(str(photo_file))
    monkeypatch.setattr("editor.ui.worker.open_requests.open_picture", cancelled)
    window.opening.open_path(photo_file)
    qtbot.waitUntil(lambda: not window.opening.pending, timeout=WAIT)
    assert settings["recent"] == [str(photo_file)]
    assert window.notifications.message is None


def test_what_was_converted_is_said(qtbot, window, tmp_path):
    deep = (np.arange(64 * 64 * 3, dtype=np.uint16).reshape(64, 64, 3) * 5).copy()
    import cv2

    path = tmp_path / "deep.png"
    cv2.imwrite(str(path), deep)
    window.opening.open_path(path)
    opened(qtbot, window)
    assert "16-bit" in window.status.note.text()


@pytest.mark.parametrize("size", [(1, 1), (1, 300), (300, 1), (17, 23), (2000, 3)])
def test_odd_sizes_open_take_edits_and_zoom(qtbot, window, tmp_path, size, settled):
    path = tmp_path / "odd.png"
    Image.fromarray(make_photo(*size)).save(path)
    window.opening.open_path(path)
    opened(qtbot, window)
    window.editing.add(edit("local-laplacian"))
    window.editing.add(edit("exposure", 1.0))
    window.viewing.zoom_in()
    window.viewing.zoom_fit()
    settled()
    assert window.rendering.frame.edits == window.session.edits
    window.grab()


def test_a_vanished_source_does_not_stop_the_export(
    qtbot, window, open_photo, small_file, tmp_path
):
    open_photo(small_file)
    window.editing.add(edit("film"))
    small_file.unlink()
    window.saving.export()
    with qtbot.waitSignal(window.saving.dialog.exported, timeout=WAIT):
        window.saving.dialog.export_button.click()
    assert (tmp_path / "holiday-film.png").is_file()


def test_a_transparent_picture_shows_over_a_chequerboard(window, open_photo, tmp_path, settled):
    path = tmp_path / "logo.png"
    rgba = np.full((60, 100, 4), (200, 30, 30, 255), np.uint8)
    rgba[:, 50:, 3] = 0
    Image.fromarray(rgba, "RGBA").save(path)
    open_photo(path)
    settled()
    shown = window.canvas.grab().toImage()
    solid, clear = (window.canvas.to_widget(x, 30).toPoint() for x in (20, 80))
    assert shown.pixelColor(solid).getRgb()[:3] == (200, 30, 30)
    assert shown.pixelColor(clear).getRgb()[:3] in ((255, 255, 255), (204, 204, 204))
