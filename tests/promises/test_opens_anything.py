"""Drag and drop, paste, recent files, command line; bad files are told and lose nothing."""

from __future__ import annotations

import threading
from pathlib import Path

import numpy as np
import pytest
from PIL import Image
from PySide6.QtCore import QMimeData, QPoint, QPointF, Qt, QUrl
from PySide6.QtGui import QDropEvent, QGuiApplication, QImage

from editor.engine.edits import edit
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


def test_a_pasted_picture_is_opened_and_counts_as_unsaved(qtbot, window):
    picture = make_photo(50, 30)
    image = QImage(picture.data, 50, 30, 150, QImage.Format.Format_RGB888).copy()
    QGuiApplication.clipboard().setImage(image)
    window.actions_by_id["paste"].trigger()
    opened(qtbot, window)
    np.testing.assert_array_equal(window.session.photo.pixels, picture)
    assert window.isWindowModified()


def test_the_copied_picture_is_the_full_look(qtbot, window, open_photo, photo_file, settled):
    open_photo(photo_file)
    window.add_edit(edit("exposure", 1.0))
    settled()
    window.copy_look()
    settled()
    image = QGuiApplication.clipboard().image().convertToFormat(QImage.Format.Format_RGB888)
    assert (image.width(), image.height()) == (240, 160)
    colour = image.pixelColor(100, 50)
    expected = window._frame.pixels[50, 100]
    assert np.abs(np.array(colour.getRgb()[:3]) - expected).max() <= 1


def test_opened_files_are_remembered_and_lost_ones_forgotten(
    qtbot, window, open_photo, photo_file, settings, tmp_path
):
    open_photo(photo_file)
    assert settings["recent"] == [str(photo_file)]
    settings.remember_file(str(tmp_path / "gone.jpg"))
    window.open_path(tmp_path / "gone.jpg")
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
    window.open_path(photo_file)
    qtbot.waitUntil(begun.is_set, timeout=WAIT)
    window.cancel_job()
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
    window.add_edit(edit("film"))
    window.session.saved()
    bad: Path = tmp_path / "bad.jpg"
    if content == "folder":
        bad.mkdir()
    elif content == "truncated":
        bad.write_bytes(photo_file.read_bytes()[:3000])
    elif content is not None:
        bad.write_bytes(content)
    window.open_path(bad)
    qtbot.waitUntil(lambda: window.notifications.message is not None, timeout=WAIT)
    assert window.notifications.message.kind == "error"
    assert says in window.notifications.message.text
    assert window.session.origin.name == "holiday.png"
    assert len(window.session.edits) == 1


def test_what_was_converted_is_said(qtbot, window, tmp_path):
    deep = (np.arange(64 * 64 * 3, dtype=np.uint16).reshape(64, 64, 3) * 5).copy()
    import cv2

    path = tmp_path / "deep.png"
    cv2.imwrite(str(path), deep)
    window.open_path(path)
    opened(qtbot, window)
    assert "16-bit" in window.note_label.text()


@pytest.mark.parametrize("size", [(1, 1), (1, 300), (300, 1), (17, 23), (2000, 3)])
def test_odd_sizes_open_take_edits_and_zoom(qtbot, window, tmp_path, size, settled):
    path = tmp_path / "odd.png"
    Image.fromarray(make_photo(*size)).save(path)
    window.open_path(path)
    opened(qtbot, window)
    window.add_edit(edit("local-laplacian"))
    window.add_edit(edit("exposure", 1.0))
    window.zoom_in()
    window.zoom_fit()
    settled()
    assert window._frame.edits == window.session.edits
    window.grab()


def test_a_vanished_source_does_not_stop_the_export(
    qtbot, window, open_photo, small_file, tmp_path
):
    open_photo(small_file)
    window.add_edit(edit("film"))
    small_file.unlink()
    window.export()
    with qtbot.waitSignal(window._export_dialog.exported, timeout=WAIT):
        window._export_dialog.export_button.click()
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
