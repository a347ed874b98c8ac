"""``pentimento --self-test``: whether this installation works, shown in its own window.

Opens the window, gives a sample photo a look, exports it as JPEG and PNG with the export dialog,
opens both exports again and restores them; then every look on a small picture and a round through
every file format. Nothing is left behind: settings and files are in a folder of their own.
"""

from __future__ import annotations

import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

import cv2
import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import QEventLoop, QSettings, QTimer

from editor.files import formats
from editor.files.decoding import decode_picture
from editor.files.encoding import ExportFormat, encode_picture
from editor.files.picture import Picture
from editor.files.picture_files import open_picture
from editor.ui.app import make_application
from editor.ui.panels.empty_state import sample_photo
from editor.ui.session.recovery import Recovery
from editor.ui.session.settings import Settings
from editor.ui.widgets import theme
from editor.ui.window.window import MainWindow
from models.metrics import psnr
from models.operators.registry import OPERATORS

PATIENCE = 300.0
"""Seconds that a step may take on a busy machine."""

LONG_EDGE = 480
"""Of the sample photo here, in pixels: the larger, the longer the test takes."""

LOOK = "oil-painting"
"""A look that a network draws."""

LEAST = {"jpeg": 28.0, "png": 40.0}
"""PSNR in dB of the restored photo that a working installation reaches easily."""


class SelfTestFailed(Exception):
    """A part of the program does not do what it should; says which."""


def run(argv: list[str]) -> int:
    """Run the test and print each step. Returns the exit code: 0 where all went well."""
    try:
        with tempfile.TemporaryDirectory(prefix="pentimento-self-test-") as folder:
            _run(argv, Path(folder))
    except SelfTestFailed as failure:
        print(f"pentimento: The self-test failed: {failure}.", file=sys.stderr)
        return 1
    print("All is well.")
    return 0


def _run(argv: list[str], folder: Path) -> None:
    app = make_application(argv)
    store = QSettings(str(folder / "settings.ini"), QSettings.Format.IniFormat)
    settings = Settings(store)
    settings["export/folder"] = str(folder)
    theme.apply(app, theme.choose("dark"))
    window = MainWindow(settings, Recovery(folder / "recovery"))
    try:
        _User(window, folder).edit_export_restore()
    finally:
        if window.saving.dialog is not None:
            window.saving.dialog.reject()
        window.session.saved()
        window.close()
        store.sync()  # it would make its folder again, at the end
    _try_every_look()
    _try_every_format()


class _User:
    """Works in the window. Every step raises SelfTestFailed where it does not succeed."""

    def __init__(self, window: MainWindow, folder: Path) -> None:
        self._window, self._folder = window, folder
        self._failures: list[str] = []
        window.jobs.failed.connect(lambda _, error: self._failures.append(repr(error)))

    def edit_export_restore(self) -> None:
        """The whole main job."""
        window = self._window
        window.show()
        self._wait(lambda: window.windowHandle().isExposed(), "the window to be on the screen")
        _say("The window is on the screen")
        sample = sample_photo()
        if sample is None:
            raise SelfTestFailed("the sample photo is missing")
        photo = self._open(_reduced(sample, self._folder))
        window.looks.chosen.emit(LOOK)
        self._settle()
        if [edit.operator for edit in window.session.edits] != [LOOK]:
            raise SelfTestFailed("the look was not applied")
        for kind, path in {kind: self._export(kind) for kind in LEAST}.items():
            likeness = psnr(self._restored(path), photo)
            if likeness < LEAST[kind]:
                raise SelfTestFailed(f"the original in {path.name} came back at {likeness:.1f} dB")
            _say(f"{path.name} gave its original back at {likeness:.1f} dB")

    def _open(self, path: Path) -> NDArray[np.uint8]:
        """Open a file; its pixels, H x W x 3."""
        session = self._window.session
        before = session.photo
        self._window.opening.open_path(path)
        self._wait(lambda: session.photo is not before, f"{path.name} to be opened")
        self._settle()
        assert session.photo is not None
        return session.photo.pixels

    def _export(self, kind: str) -> Path:
        """Export with the dialog; the file."""
        saving = self._window.saving
        saving.export()
        dialog = saving.dialog
        assert dialog is not None
        dialog.form.kind.setCurrentIndex(dialog.form.kind.findData(kind))
        self._wait(lambda: dialog.report is not None, f"the {kind} export")
        report = dialog.report
        assert report is not None
        if report.why_not is not None:
            raise SelfTestFailed(f"the {kind} export carries nothing: {report.why_not}")
        path = dialog.form.path
        dialog.export_button.click()
        self._wait(lambda: saving.dialog is None and path.exists(), f"{path.name} to be written")
        return path

    def _restored(self, path: Path) -> NDArray[np.uint8]:
        """Open an export and restore its original; the original's pixels."""
        self._open(path)
        session = self._window.session
        self._window.restoring.restore_original()
        self._wait(lambda: session.origin.restored, f"the original in {path.name}")
        assert session.photo is not None
        return session.photo.pixels

    def _settle(self) -> None:
        """Wait until nothing is being worked on that somebody waits for."""
        humble = {"thumbnail", "warm-up"}

        def quiet() -> bool:
            running = self._window.jobs.running
            return running is None or running.lane in humble

        self._wait(quiet, "the work to be done")

    def _wait(self, what: Callable[[], bool], name: str) -> None:
        """Let the program run until something is so, at most for `PATIENCE`, and while no work
        fails."""
        end = time.monotonic() + PATIENCE
        while not what():
            if self._failures:
                raise SelfTestFailed(f"waiting for {name}: {self._failures[0]}")
            if time.monotonic() > end:
                raise SelfTestFailed(f"waited in vain for {name}")
            loop = QEventLoop()
            QTimer.singleShot(20, loop.quit)
            loop.exec()


def _reduced(path: Path, folder: Path) -> Path:
    """A smaller copy of a photo in another folder."""
    pixels = open_picture(path).pixels
    height, width = pixels.shape[:2]
    scale = LONG_EDGE / max(height, width)
    size = round(width * scale), round(height * scale)
    small = cv2.resize(pixels, size, interpolation=cv2.INTER_AREA)
    copy = folder / "sample.png"
    data = encode_picture(Picture(np.asarray(small, np.uint8)), ExportFormat("png"))
    copy.write_bytes(data)
    return copy


def _try_every_look() -> None:
    """The reference algorithms, on 48 x 40 pixels: they need libraries of their own."""
    photo = np.random.default_rng(0).random((40, 48, 3), np.float32)
    for name, operator in OPERATORS.items():
        try:
            look = operator(photo)
        except Exception as error:  # whatever is missing, it is said
            raise SelfTestFailed(f"{name} does not work ({error!r})") from error
        if look.shape != photo.shape or not np.isfinite(look).all():
            raise SelfTestFailed(f"{name} makes no picture")
    _say(f"All {len(OPERATORS)} looks work")


def _try_every_format() -> None:
    rows, columns = np.mgrid[0:48, 0:64]
    ramp = np.stack([4 * columns, 5 * rows, 2 * (rows + columns)], axis=2)
    picture = Picture(np.clip(ramp, 0, 255).astype(np.uint8))
    for name, fmt in formats.WRITTEN.items():
        try:
            written = decode_picture(encode_picture(picture, ExportFormat(name)), name).pixels
        except Exception as error:
            raise SelfTestFailed(f"{fmt.name} does not work ({error!r})") from error
        if psnr(written, picture.pixels) < 30:
            raise SelfTestFailed(f"{fmt.name} does not give its pixels back")
    _say(f"All {len(formats.WRITTEN)} formats work")


def _say(text: str) -> None:
    print(f"{text}.", flush=True)
