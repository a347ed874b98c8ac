"""A user's first hour, acted out with mouse and keys in the real program. Takes screenshots.

    xvfb-run -s "-screen 0 1280x800x24" python -m tests.session.session FOLDER

Opens the sample photo at the first start, gives it a look and more exposure, crops it, retouches a
portrait with the brush, exports JPEG and PNG, closes the program, starts it again with the export,
restores, saves, and compares what was saved with the true original; then drags the exposure of the
reopened export down and goes on from its original. Pictures of the screen, the exports and
``session.json`` with the figures are left in FOLDER. The screen is 1280 x 800.
"""

from __future__ import annotations

import json
import os
import shutil
import sys
import time
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
from PIL import Image

if TYPE_CHECKING:
    from PySide6.QtWidgets import QWidget

    from editor.ui.window.window import MainWindow

PATIENCE = 300  # seconds, for a step on a busy machine
QUALITY = 90  # of the pictures of the screen


class Session:
    """The user: sees the window, moves the mouse, presses keys.

    Args:
        folder: exports and screenshots go here.
    """

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.figures: dict[str, Any] = {}
        self.failure: BaseException | None = None

    # -- hands and eyes ----------------------------------------------------------------------------

    @property
    def window(self) -> MainWindow:
        """The window that is open."""
        from PySide6.QtWidgets import QApplication

        from editor.ui.window.window import MainWindow

        found = [
            w for w in QApplication.topLevelWidgets() if isinstance(w, MainWindow) and w.isVisible()
        ]
        assert len(found) == 1, found
        return found[0]

    def pause(self, milliseconds: int) -> None:
        """Let the program run for a while.

        Not with `QTest.qWait`: PySide's keeps Python's lock all the while, so that the background
        thread would stand still.
        """
        from PySide6.QtCore import QEventLoop, QTimer

        loop = QEventLoop()
        QTimer.singleShot(milliseconds, loop.quit)
        loop.exec()

    def wait(self, what: Callable[[], Any], name: str) -> None:
        """Let the program run until something is so."""
        end = time.monotonic() + PATIENCE
        while not what():
            assert time.monotonic() < end, f"waited in vain for {name}"
            self.pause(20)

    def settle(self) -> None:
        """Wait until every look and thumbnail is there and nothing moves any more."""
        window = self.window
        self.wait(lambda: not window.jobs.busy, "the work to be done")
        self.pause(500)  # a sharper look starts only after a pause
        self.wait(lambda: not window.jobs.busy, "the full look")

    def click(self, widget: QWidget, at: tuple[float, float] | None = None) -> None:
        """Click a widget in the middle, or at a share of its width and height."""
        from PySide6.QtCore import QPoint, Qt
        from PySide6.QtTest import QTest

        assert widget.isVisible(), widget
        assert widget.isEnabled(), widget
        x, y = at or (0.5, 0.5)
        point = QPoint(round(widget.width() * x), round(widget.height() * y))
        QTest.mouseMove(widget, point)
        QTest.mouseClick(widget, Qt.MouseButton.LeftButton, pos=point)

    def drag(self, widget: QWidget, points: list[tuple[float, float]]) -> None:
        """Press, move along points (pixels of the widget), release."""
        from PySide6.QtCore import QPoint, Qt
        from PySide6.QtTest import QTest

        places = [QPoint(round(x), round(y)) for x, y in points]
        QTest.mouseMove(widget, places[0])
        QTest.mousePress(widget, Qt.MouseButton.LeftButton, pos=places[0])
        for place in places[1:]:
            QTest.mouseMove(widget, place)
            self.pause(15)
        QTest.mouseRelease(widget, Qt.MouseButton.LeftButton, pos=places[-1])

    def slide(self, row: Any, value: float) -> None:
        """Drag a slider's handle with the mouse until the row shows a value."""
        slider = row.slider

        def x(position: int) -> float:
            span = slider.maximum() - slider.minimum()
            return 8 + (slider.width() - 16) * (position - slider.minimum()) / span

        start, end = x(slider.value()), x(row._position(value))
        middle = slider.height() / 2
        self.drag(slider, [(start + (end - start) * i / 12, middle) for i in range(13)])

    def keys(self, text: str, widget: QWidget | None = None) -> None:
        """Press a key sequence such as Ctrl+E."""
        from PySide6.QtGui import QKeySequence
        from PySide6.QtTest import QTest

        self.activate()
        QTest.keySequence(widget or self.window, QKeySequence(text))

    def activate(self) -> None:
        """Bring the window to the front: without a window manager nothing else does."""
        window = self.window
        if not window.isActiveWindow():
            window.raise_()
            window.activateWindow()
            self.wait(window.isActiveWindow, "the window to come to the front")

    def answer_file_dialog(self, ask: Callable[[], Any], path: Path) -> None:
        """Do what opens a file dialog; put a name there and press Return."""
        from PySide6.QtCore import Qt, QTimer
        from PySide6.QtTest import QTest
        from PySide6.QtWidgets import QApplication, QFileDialog, QLineEdit

        def answer() -> None:
            dialog = QApplication.activeModalWidget()
            if not isinstance(dialog, QFileDialog):
                QTimer.singleShot(50, answer)
                return
            line = dialog.findChild(QLineEdit)
            assert line is not None
            line.setText(str(path))  # typed letters would bring up a list that takes the Return
            QTest.keyClick(line, Qt.Key.Key_Return)

        QTimer.singleShot(50, answer)
        ask()

    def press(self, text: str) -> None:
        """Click a button of the bar above the canvas."""
        bar = self.window.notifications
        self.click(next(b for b in bar.buttons if b.text() == text))

    def shoot(self, name: str) -> None:
        """A picture of the window on the screen, with what lies over it."""
        from PySide6.QtGui import QGuiApplication

        self.pause(100)
        screen = QGuiApplication.primaryScreen()
        if QGuiApplication.platformName() == "offscreen":
            shown = self.window.grab()
        else:
            area = self.window.frameGeometry()
            shown = screen.grabWindow(0, area.x(), area.y(), area.width(), area.height())
        path = self.folder / f"{name}.png"
        shown.save(str(path))
        with Image.open(path) as image:
            image.convert("RGB").save(path.with_suffix(".webp"), quality=QUALITY, method=6)
        path.unlink()

    # -- the story ---------------------------------------------------------------------------------

    def first_start(self) -> None:
        """Sample photo, look, exposure, compare, crop; JPEG. Then a portrait, brushed; PNG."""
        window = self.window
        window.resize(1280, 800)
        window.move(0, 0)
        self.wait(lambda: window.session.photo is not None, "the sample photo")
        self.settle()
        self.shoot("welcome")
        self.apply_a_look()
        self.figures["jpeg"] = self.export("jpeg", "export")
        self.retouch()
        self.figures["png"] = self.export("png", "export-png")
        self.keys("Ctrl+Q")

    def apply_a_look(self) -> None:
        """Story 1 and the first half of story 3."""
        window = self.window
        self.click(window.looks.cards["local-laplacian"], (0.5, 0.35))
        assert [e.operator for e in window.session.edits] == ["local-laplacian"]
        self.slide(window.adjust.selected.strength, 0.7)
        self.slide(window.adjust.exposure, 0.6)
        assert [e.operator for e in window.session.edits] == ["local-laplacian", "exposure"]
        self.click(window.notifications.close_button)
        self.settle()
        self.shoot("editing")
        self.keys("C")
        self.settle()
        self.shoot("compare")
        self.keys("C")
        self.settle()
        self.crop()

    def crop(self) -> None:
        """Straightened, cropped to 16:9, done with Return."""
        window, panel = self.window, self.window.adjust.crop
        self.keys("R")
        self.wait(lambda: window.canvas.crop.shows(window.canvas.after), "the whole photo")
        self.slide(panel.angle, -1.0)
        panel.ratio.setFocus()
        panel.ratio.setCurrentIndex(panel.ratio.findData("16:9"))
        panel.ratio.activated.emit(panel.ratio.currentIndex())
        left, top, right, bottom = window.canvas.crop.box.rectangle
        corner = window.canvas.to_widget(left, top)
        self.drag(window.canvas, [(corner.x() + 6 * i, corner.y() + 4 * i) for i in range(8)])
        assert window.canvas.crop.box.rectangle[2:] == (right, bottom)
        self.settle()
        self.shoot("crop")
        self.keys("Return", window.canvas)
        self.settle()
        made = {e.operator for e in window.session.edits}
        assert made == {"local-laplacian", "exposure", "straighten", "crop"}, made
        assert window.canvas.view.picture == window.session.document.frame.pixel_size

    def retouch(self) -> None:
        """The brush on a portrait."""
        from editor.ui.panels.empty_state import SAMPLE_FOLDER

        window = self.window
        portrait = SAMPLE_FOLDER / "portrait.jpg"
        self.answer_file_dialog(lambda: self.keys("Ctrl+O"), portrait)
        self.wait(lambda: window.session.origin.name == portrait.name, "the portrait")
        self.settle()
        self.keys("B")
        self.keys("O")
        for x, y, reach in ((0.44, 0.265, 0.09), (0.57, 0.465, 0.035), (0.32, 0.425, 0.03)):
            self.stroke(x, y, reach)  # forehead and cheeks
        assert len(window.session.edits) == 1
        assert len(window.session.edits[0].mask.parts[0].shape.strokes) == 3
        self.settle()
        self.shoot("brush")
        self.keys("O")
        self.keys("B")
        self.click(window.looks.cards["film"], (0.5, 0.35))
        self.settle()

    def stroke(self, x: float, y: float, half: float) -> None:
        """A stroke around a place of the photo (shares of its width and height)."""
        canvas = self.window.canvas
        width, height = canvas.view.picture
        centre = canvas.to_widget(x * width, y * height)
        reach = canvas.to_widget(half * width, 0) - canvas.to_widget(0, 0)
        self.drag(
            canvas,
            [(centre.x() + reach.x() * s, centre.y() + 3 * s) for s in np.linspace(-1, 1, 9)],
        )

    def export(self, kind: str, shot: str) -> dict[str, float]:
        """Export with the dialog; its figures."""
        from PySide6.QtCore import Qt
        from PySide6.QtTest import QTest

        window = self.window
        original = window.session.document.framed.pixels.copy()
        self.keys("Ctrl+E")
        self.wait(lambda: window.saving.dialog is not None, "the export dialog")
        dialog = window.saving.dialog
        dialog.form.kind.setFocus()
        QTest.keyClicks(
            dialog.form.kind, kind[0].upper()
        )  # the list's entries by their first letter
        assert dialog.form.kind.currentData() == kind
        self.wait(lambda: dialog.report is not None, "the measured figure")
        dialog.form.folder = self.folder
        dialog.form.name.selectAll()
        QTest.keyClicks(dialog.form.name, f"holiday-{kind}")
        self.shoot(shot)
        assert dialog.report.restored is not None, dialog.report.why_not
        path, report = dialog.form.path, dialog.report
        QTest.keyClick(dialog, Qt.Key.Key_Return)
        self.wait(lambda: not window.session.modified, "the file to be written")
        assert path.read_bytes() == report.data
        np.save(self.folder / f"original-{kind}.npy", original)
        return {
            "promised": round(report.restored.psnr, 3),
            "look": round(report.export.psnr, 3),
            "bytes": len(report.data),
        }

    def second_start(self, kind: str) -> None:
        """The program again, with an export: banner, restore, save, compare with the original."""
        window = self.window
        window.resize(1280, 800)
        window.move(0, 0)
        self.wait(lambda: window.restoring.inspection is not None, "the picture to be recognised")
        self.settle()
        assert "carries its own original" in window.notifications.message.text
        self.shoot(f"recognised-{kind}")
        photo = window.session.photo
        self.press("Restore original")
        self.wait(lambda: window.session.photo is not photo, "the original")
        self.settle()
        self.shoot("restored" if kind == "jpeg" else f"restored-{kind}")
        target = self.folder / f"restored-original-{kind}.png"
        self.answer_file_dialog(lambda: self.keys("Ctrl+S"), target)
        self.wait(target.exists, "the original to be saved")
        saved = np.asarray(Image.open(target).convert("RGB"), float)
        truth = np.load(self.folder / f"original-{kind}.npy")
        error = np.mean((saved - truth) ** 2)
        self.figures[kind]["measured"] = round(float(10 * np.log10(255**2 / error)), 3)
        self.keys("Ctrl+Q")

    def third_start(self) -> None:
        """Story 3 to its end: the reopened export is pulled down, and what was bright is there."""
        window = self.window
        window.resize(1280, 800)
        window.move(0, 0)
        self.wait(lambda: window.restoring.possible, "the picture to be recognised")
        self.settle()
        photo = window.session.photo
        self.slide(window.adjust.exposure, -0.6)
        self.settle()
        self.shoot("pulled-down")
        self.press("Continue from the original")
        self.wait(lambda: window.session.photo is not photo, "the original")
        self.settle()
        edits = {e.operator: e.strength for e in window.session.edits}
        assert set(edits) == {"local-laplacian", "exposure"}
        assert abs(edits["exposure"]) < 0.1, edits
        self.shoot("continued")
        window.session.saved()  # it is enough to have seen it
        self.keys("Ctrl+Q")

    # -- the program -------------------------------------------------------------------------------

    def during(self, act: Callable[[], None], arguments: list[str]) -> None:
        """Run the program from start to end while something is done in it."""
        from PySide6.QtCore import QTimer
        from PySide6.QtWidgets import QApplication

        from editor.ui.app import run

        def guarded() -> None:
            try:
                act()
            except BaseException as error:
                self.failure = error
                QApplication.exit(1)

        QTimer.singleShot(300, guarded)
        run(arguments)
        if self.failure is not None:
            raise self.failure


def main(folder: Path) -> None:
    """Act the whole session out; raises AssertionError where a promise is broken."""
    folder.mkdir(parents=True, exist_ok=True)
    shutil.rmtree(folder / "home", ignore_errors=True)  # a first start every time
    for name in ("HOME", "XDG_CONFIG_HOME", "XDG_DATA_HOME", "XDG_STATE_HOME", "XDG_CACHE_HOME"):
        os.environ[name] = str(folder / "home")
    from PySide6.QtWidgets import QApplication

    app = QApplication(["pentimento"])
    app.setQuitOnLastWindowClosed(True)
    for put in (app.setOrganizationName, app.setApplicationName):
        put("Pentimento")
    from editor.ui.session.settings import Settings
    from editor.ui.widgets.notifications import Notifications

    Notifications.patience = 1000 * PATIENCE  # a busy machine reads slowly
    Settings()["threads"] = int(os.environ.get("OMP_NUM_THREADS", "0"))
    session = Session(folder)
    session.during(session.first_start, [])
    for kind in ("jpeg", "png"):
        suffix = {"jpeg": "jpg", "png": "png"}[kind]
        export = folder / f"holiday-{kind}.{suffix}"
        session.during(lambda k=kind: session.second_start(k), [str(export)])  # type: ignore[misc]
    session.during(session.third_start, [str(folder / "holiday-jpeg.jpg")])
    (folder / "session.json").write_text(json.dumps(session.figures, indent=2))
    print(json.dumps(session.figures, indent=2))


if __name__ == "__main__":
    main(Path(sys.argv[1]))
