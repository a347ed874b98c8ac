"""The window fits any screen, is found where it was left, and fills the screen when wanted."""

from __future__ import annotations

import pytest
from PySide6.QtCore import QRect, QSize, Qt
from PySide6.QtWidgets import QScrollArea

from editor.ui.session.recovery import Recovery
from editor.ui.window import window_place
from editor.ui.window.window import MainWindow
from editor.ui.window.window_place import fitted

SCREENS = {
    "1280 x 720": QRect(0, 0, 1280, 720),
    "with a dock": QRect(64, 27, 1216, 693),
    "1366 x 768 at 125 %": QRect(0, 0, 1093, 614),
    "1920 x 1080 at 200 %": QRect(0, 0, 960, 540),
    "second screen": QRect(1920, 0, 1280, 720),
    "large": QRect(0, 0, 2560, 1440),
}


@pytest.fixture
def start(qtbot, make_window, settings, tmp_path, monkeypatch):
    """Starts the program on a screen and shows its window as it comes up."""
    windows = []

    def start_on(area):
        monkeypatch.setattr(window_place, "available_area", lambda _: area)
        window = MainWindow(settings, Recovery(tmp_path / f"recovery-{len(windows)}"))
        windows.append(window)
        window.show()
        qtbot.waitExposed(window)
        return window

    yield start_on
    for window in windows:
        window.close()
        window.deleteLater()
    qtbot.wait(0)


@pytest.mark.parametrize("area", SCREENS.values(), ids=SCREENS.keys())
def test_the_first_window_is_on_the_screen_with_its_frame(start, area):
    window = start(area)
    with_frame = window.geometry().adjusted(-1, -32, 1, 0)
    assert area.contains(with_frame)
    assert window.minimumHeight() <= area.height() - 32
    foot = window.status.bar.mapTo(window, window.status.bar.rect().bottomLeft())
    assert foot.y() < window.height()
    if area.width() >= 1400:
        assert window.size() == QSize(1280, 800)


@pytest.mark.parametrize("area", SCREENS.values(), ids=SCREENS.keys())
def test_a_window_too_large_for_its_screen_is_made_to_fit(area):
    frame = QSize(2, 30)
    placed = fitted(QRect(area.left() + 900, area.top() + 500, 1900, 1000), frame, area)
    assert area.contains(placed.adjusted(-1, -30, 1, 0))
    assert fitted(placed, frame, area) == placed
    inside = QRect(area.left() + 40, area.top() + 50, 600, 300)
    assert fitted(inside, frame, area) == inside


def test_size_and_place_are_as_they_were_left(start):
    area = QRect(0, 0, 800, 800)  # Qt's own screen for tests, which it does not let a window leave
    window = start(area)
    window.resize(window.width(), 610)
    window.move(0, 60)
    left = window.geometry()
    window.close()
    again = start(area).geometry()
    assert (again.top(), again.size()) == (left.top(), left.size())


def test_the_panels_are_as_wide_as_they_were_left(qtbot, start, settings):
    area = QRect(0, 0, 1920, 1080)
    window = start(area)
    before = window.looks.width()
    handle = window.workspace.splitter.handle(1)
    at = handle.rect().center()
    qtbot.mousePress(handle, Qt.MouseButton.LeftButton, pos=at)
    qtbot.mouseMove(handle, handle.rect().translated(60, 0).center())
    qtbot.mouseRelease(handle, Qt.MouseButton.LeftButton, pos=at)
    wide = window.looks.width()
    assert wide > before
    window.close()
    settings["window/geometry"] = None  # Qt would make the window fit its small screen for tests
    assert start(area).looks.width() == wide


def test_panels_are_never_narrower_than_their_content(start):
    window = start(QRect(0, 0, 1920, 1080))
    window.workspace.splitter.setSizes([0, 2000, 0])
    for panel in (window.looks, window.adjust):
        for area in panel.findChildren(QScrollArea):
            assert area.widget().minimumSizeHint().width() <= area.viewport().width()


def test_full_screen_hides_the_bars_and_escape_brings_them_back(
    qtbot, window, open_photo, photo_file
):
    open_photo(photo_file)
    bars = (window.menuBar(), window.toolbar, window.statusBar())
    size = window.size()
    qtbot.keyClick(window, Qt.Key.Key_F11)
    assert window.isFullScreen()
    assert not any(bar.isVisible() for bar in bars)
    qtbot.keyClick(window.canvas, Qt.Key.Key_Escape)
    assert not window.isFullScreen()
    assert all(bar.isVisible() for bar in bars)
    assert not window.action_set["full-screen"].isChecked()
    assert window.size() == size


def test_a_window_closed_in_full_screen_comes_back_as_it_was_before(start):
    area = QRect(0, 0, 800, 800)
    window = start(area)
    window.resize(window.width(), 610)
    size = window.size()
    window.action_set["full-screen"].trigger()
    window.close()
    again = start(area)
    assert not again.isFullScreen()
    assert again.size() == size
    assert again.menuBar().isVisible()


def test_the_folder_of_the_last_photo_is_offered_next(
    qtbot, window, open_photo, photo_file, monkeypatch
):
    from editor.ui.dialogs.prompts import Prompts

    asked = []
    monkeypatch.setattr(Prompts, "photo_to_open", lambda _, folder: asked.append(folder))
    open_photo(photo_file)  # not by the dialog: dropped, or one of the recent ones
    window.opening.open_photo()
    assert asked == [str(photo_file.parent)]
    window.settings["open/folder"] = str(photo_file.parent / "gone")
    window.opening.open_photo()
    assert asked[1] != str(photo_file.parent / "gone")
