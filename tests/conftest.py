"""Fixtures of all tests. Nothing here imports Qt unless a test asks for a window."""

from __future__ import annotations

import os
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
import pytest

if TYPE_CHECKING:
    from editor.ui.session.settings import Settings
    from editor.ui.window.window import MainWindow


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption(
        "--headed", action="store_true", help="show the windows that the tests work in"
    )
    parser.addoption(
        "--session", action="store_true", help="act the session out in a real window (minutes)"
    )


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    marked = [item for item in items if item.get_closest_marker("cuda")]
    if marked:
        import torch

        missing = pytest.mark.skipif(not torch.cuda.is_available(), reason="no CUDA device here")
        for item in marked:
            item.add_marker(missing)


def pytest_configure(config: pytest.Config) -> None:
    if not config.getoption("--headed"):
        os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")


WAIT = 60_000
"""Milliseconds that a test waits for anything before it fails: the machine may be busy."""


def make_photo(width: int = 240, height: int = 160, seed: int = 0) -> np.ndarray:
    """A photo-like picture: smooth shapes, an edge, some texture. H x W x 3 uint8."""
    rng = np.random.default_rng(seed)
    y, x = np.mgrid[0:height, 0:width].astype(np.float32)
    red = 90 + 80 * np.sin(x / width * 4) + 20 * (y / height)
    green = 110 + 60 * np.cos(y / height * 3)
    blue = np.where(x > width / 2, 150.0, 70.0) + 30 * np.sin((x + y) / 17)
    picture = np.stack([red, green, blue], axis=2) + rng.normal(0, 3, (height, width, 1))
    return np.clip(np.rint(picture), 8, 247).astype(np.uint8)


@pytest.fixture
def photo_file(tmp_path: Path) -> Path:
    """A small photo in a file."""
    from PIL import Image

    path = tmp_path / "holiday.png"
    Image.fromarray(make_photo()).save(path)
    return path


@pytest.fixture
def small_file(tmp_path: Path) -> Path:
    """A smaller one, for tests that hide and restore."""
    from PIL import Image

    path = tmp_path / "holiday.png"
    Image.fromarray(make_photo(96, 64)).save(path)
    return path


@pytest.fixture
def settings(tmp_path: Path) -> Settings:
    """Fresh settings in a folder of their own."""
    from PySide6.QtCore import QSettings

    from editor.ui.session.settings import Settings

    store = QSettings(str(tmp_path / "settings.ini"), QSettings.Format.IniFormat)
    made = Settings(store)
    made["export/folder"] = str(tmp_path)
    return made


@pytest.fixture
def make_window(
    qtbot, settings: Settings, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> Iterator[Callable[[], MainWindow]]:
    """Makes windows that are shown, and closed without a question at the end of the test."""
    from PySide6.QtCore import QRect

    from editor.ui.dialogs.prompts import Prompts
    from editor.ui.session.recovery import Recovery
    from editor.ui.widgets.notifications import Notifications
    from editor.ui.window import window_place
    from editor.ui.window.window import MainWindow

    def refuse(*_args, **_more):
        raise AssertionError("a question nobody answers")

    # Qt's screen for tests is smaller than the smallest window.
    monkeypatch.setattr(window_place, "available_area", lambda _: QRect(0, 0, 1920, 1080))
    monkeypatch.setattr(Notifications, "patience", 10 * WAIT)  # slow machines read slowly
    for name in (
        "photo_to_open",
        "file_to_save",
        "folder_to_save",
        "what_about_unsaved",
        "what_about_unsaved_photo",
        "may_replace",
        "may_replace_source",
    ):
        monkeypatch.setattr(Prompts, name, refuse)
    made: list[MainWindow] = []

    def make() -> MainWindow:
        window = MainWindow(settings, Recovery(tmp_path / "recovery"))
        window.resize(1280, 720)
        window.show()
        qtbot.waitExposed(window)
        made.append(window)
        return window

    yield make
    for window in made:
        if window.saving.dialog is not None:
            window.saving.dialog.reject()
        window.session.saved()
        window.close()
        window.deleteLater()
    qtbot.wait(0)


@pytest.fixture
def window(make_window: Callable[[], MainWindow]) -> MainWindow:
    """The window, with nothing open."""
    return make_window()


@pytest.fixture
def open_photo(qtbot, window: MainWindow) -> Callable[[Path], None]:
    """Opens a file in the window and waits for its first frame."""

    def open_and_wait(path: Path) -> None:
        with qtbot.waitSignal(window.rendering.framed, timeout=WAIT):
            window.opening.open_path(path)

    return open_and_wait


@pytest.fixture
def settled(qtbot, window: MainWindow) -> Callable[[], None]:
    """Waits until the worker has nothing to do but what nobody waits for."""
    humble = {"thumbnail", "warm-up"}

    def quiet() -> bool:
        jobs = window.jobs
        running = set() if jobs.running is None else {jobs.running.lane}
        return (running | set(jobs._waiting)) <= humble

    def wait() -> None:
        qtbot.waitUntil(quiet, timeout=WAIT)

    return wait


@pytest.fixture(autouse=True)
def no_thread_left(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """Fails a test that leaves a QThread of the editor running."""
    jobs = sys.modules.get("editor.ui.worker.jobs")
    if jobs is None:
        yield
        return
    started = []

    class Recorded(jobs.QThread):
        def __init__(self, *args) -> None:
            super().__init__(*args)
            started.append(self)

    monkeypatch.setattr(jobs, "QThread", Recorded)
    yield
    assert not any(_is_running(thread) for thread in started), "a thread was left running"


def _is_running(thread) -> bool:
    try:
        return thread.isRunning()
    except RuntimeError:  # its C++ side is gone
        return False
