"""How quick the window is here: ``python -m editor.ui.tools.benchmark``.

Prints times and, because machines differ and are busy, their ratio to a reference measured in the
same run: an empty Qt program for the start, an idle event loop for the drag, the same looks
computed without a window for the thumbnails.
"""

from __future__ import annotations

import math
import os
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

import numpy as np
from PIL import Image
from PySide6.QtCore import QEventLoop, QSettings, QTimer
from PySide6.QtWidgets import QApplication

from editor.engine.edits import edit
from editor.ui.panels.empty_state import sample_photo
from editor.ui.panels.looks_panel import LOOKS
from editor.ui.session.recovery import Recovery
from editor.ui.session.settings import Settings
from editor.ui.window.window import MainWindow
from editor.ui.worker.cache import THUMBNAIL_EDGE
from editor.ui.worker.preview import PREVIEW_EDGE
from editor.ui.worker.pyramid import reduced
from models.operators.registry import OPERATORS

SIZE = (6000, 4000)
BOUND = 0.05
"""Seconds that no turn of the event loop should take."""

EMPTY = """
import time
from PySide6.QtCore import QTimer
from PySide6.QtWidgets import QApplication, QMainWindow
app = QApplication([])
window = QMainWindow()
window.show()
QTimer.singleShot(0, lambda: (print(time.time(), flush=True), app.quit()))
app.exec()
"""
PROGRAM = """
import sys
import time
from PySide6.QtCore import QTimer
from PySide6.QtWidgets import QApplication
from editor.ui.app import run

def shown():
    print(time.time(), "torch" in sys.modules, flush=True)
    QApplication.quit()

QTimer.singleShot(0, shown)
run([])
"""


class Heartbeat:
    """Counts the turns of the event loop and how long each took."""

    def __init__(self) -> None:
        self.turns: list[float] = []
        self._last = time.perf_counter()
        self._timer = QTimer(interval=1)
        self._timer.timeout.connect(self._beat)
        self._timer.start()

    def _beat(self) -> None:
        now = time.perf_counter()
        self.turns.append(now - self._last)
        self._last = now

    def stop(self) -> np.ndarray:
        """The turns' lengths in seconds."""
        self._timer.stop()
        return np.array(self.turns)


def _wait(until: Callable[[], bool], longest: float = 300.0) -> None:
    end = time.monotonic() + longest
    while not until():
        if time.monotonic() > end:
            raise TimeoutError("the window did not get there")
        _run(0.005)


def _run(seconds: float) -> None:
    loop = QEventLoop()
    QTimer.singleShot(round(seconds * 1000), loop.quit)
    loop.exec()


def large_photo(path: Path) -> None:
    """A photo of 24 megapixels with a photo's structures, from the sample."""
    source = sample_photo()
    if source is None:
        raise FileNotFoundError("This installation has no sample photo.")
    with Image.open(source) as image:
        image.convert("RGB").resize(SIZE, Image.Resampling.BICUBIC).save(path, quality=92)


def seconds_to_window(program: str, folder: Path) -> float:
    """From starting Python to the first turn of the event loop with the window shown.

    Raises RuntimeError where the networks' library was imported by then.
    """
    names = ("HOME", "XDG_CONFIG_HOME", "XDG_DATA_HOME")
    environment = {**os.environ, **{name: str(folder) for name in names}}
    start = time.time()
    done = subprocess.run(
        [sys.executable, "-c", program], env=environment, capture_output=True, text=True, check=True
    )
    shown, *torch_imported = done.stdout.split()
    if torch_imported == ["True"]:
        raise RuntimeError("torch is imported before the window is on screen")
    return float(shown) - start


def measure_start(folder: Path) -> str:
    """Start-up against an empty Qt program, the best of three each."""
    ours = min(seconds_to_window(PROGRAM, folder) for _ in range(3))
    empty = min(seconds_to_window(EMPTY, folder) for _ in range(3))
    return (
        f"window on screen after {ours:.2f} s, {ours / empty:.1f} x an empty Qt window "
        f"({empty:.2f} s), torch not imported by then"
    )


def measure(folder: Path) -> list[str]:
    """Everything that is measured in a window."""
    settings = Settings(QSettings(str(folder / "s.ini"), QSettings.Format.IniFormat))
    window = MainWindow(settings, Recovery(folder / "recovery"))
    window.resize(1280, 800)
    window.show()
    try:
        return measure_window(window, folder / "large.jpg")
    finally:
        window.session.saved()
        window.close()


def measure_window(window: MainWindow, path: Path) -> list[str]:
    """Opening, thumbnails, slider drags and panning on a photo of 24 megapixels."""
    large_photo(path)
    _wait(lambda: not window.jobs.busy)
    _run(1.5)  # the networks' library is imported now
    _wait(lambda: not window.jobs.busy)
    idle = Heartbeat()
    _run(2.0)
    quiet = idle.stop()

    start = time.perf_counter()
    frames: list[float] = []
    window.rendering.framed.connect(lambda _: frames.append(time.perf_counter()))
    thumbs: list[float] = []
    window.rendering.thumbnail_ready.connect(lambda *_: thumbs.append(time.perf_counter()))
    opening = Heartbeat()
    window.opening.open_path(path)
    _wait(lambda: len(thumbs) == len(LOOKS))
    turns = opening.stop()
    photo = window.session.photo
    assert photo is not None
    alone = time.perf_counter()
    small = reduced(reduced(photo.pixels, PREVIEW_EDGE), THUMBNAIL_EDGE)
    for name in LOOKS:
        OPERATORS[name](small)
    alone = time.perf_counter() - alone
    lines = [
        f"24 MP on screen after {frames[0] - start:.2f} s; first thumbnail after "
        f"{thumbs[0] - frames[0]:.2f} s more, all {len(LOOKS)} after {thumbs[-1] - frames[0]:.2f} s"
        f" ({(thumbs[-1] - frames[0]) / alone:.1f} x the looks alone, {alone:.2f} s)",
        _figures("while opening", turns, quiet),
    ]
    for name in ("film", "local-laplacian", "exposure", "contrast", "highlights", "temperature"):
        window.editing.add(edit(name))
        _wait(lambda: not window.jobs.busy)
        frames.clear()
        row = window.adjust.sliders.get(name, window.adjust.selected.strength)
        heart = Heartbeat()
        begin = time.perf_counter()
        row.slider.setSliderDown(True)
        for position in np.linspace(row.slider.maximum(), row.slider.minimum(), 120):
            row.slider.setSliderPosition(round(position))
            _run(0.016)
        row.slider.setSliderDown(False)
        taken = time.perf_counter() - begin
        shown = len(frames)
        lines.append(
            _figures(f"dragging {name}", heart.stop(), quiet)
            + f"; {shown / taken:.0f} frames per s"
        )
        _wait(lambda: not window.jobs.busy)
        window.editing.undo()
        window.editing.undo()
    lines += measure_masks(window, quiet)
    lines += measure_crop(window, quiet)
    lines.append(measure_curve(window, quiet))
    lines.append(measure_pan(window, quiet))
    return lines


def measure_crop(window: MainWindow, quiet: np.ndarray) -> list[str]:
    """A corner of the crop that is dragged, the photo that is straightened, and cropping."""
    window.editing.add(edit("local-laplacian"))
    window.action_set["crop"].trigger()
    _wait(lambda: not window.jobs.busy)
    crop, canvas, row = window.canvas.crop, window.canvas, window.adjust.crop.angle
    heart = Heartbeat()
    crop.press(canvas.placement, canvas.to_widget(0, 0))
    width, height = canvas.view.picture
    for share in np.linspace(0, 0.4, 120):
        crop.move(canvas.placement, canvas.to_widget(share * width, share * height))
        _run(0.016)
    crop.release()
    lines = [_figures("dragging a corner of the crop", heart.stop(), quiet)]
    heart = Heartbeat()
    row.slider.setSliderDown(True)
    for position in np.linspace(row.slider.minimum(), row.slider.maximum(), 120):
        row.slider.setSliderPosition(round(position))
        _run(0.016)
    row.slider.setSliderDown(False)
    lines.append(_figures("straightening", heart.stop(), quiet))
    row.box.setValue(3.0)
    heart, begin = Heartbeat(), time.perf_counter()
    window.cropping.finish()
    _wait(lambda: not window.jobs.busy)
    taken = time.perf_counter() - begin
    lines.append(_figures("cropping", heart.stop(), quiet) + f"; shown after {taken:.1f} s")
    while window.session.stack.canUndo():
        window.editing.undo()
    _wait(lambda: not window.jobs.busy)
    return lines


def measure_curve(window: MainWindow, quiet: np.ndarray) -> str:
    """A point of the tone curve that is dragged."""
    frames: list[float] = []
    window.rendering.framed.connect(lambda _: frames.append(time.perf_counter()))
    editor = window.adjust.curve.editor
    editor.add(0.4, 0.4)
    _wait(lambda: not window.jobs.busy)
    frames.clear()
    heart, begin = Heartbeat(), time.perf_counter()
    for tone in np.linspace(0.2, 0.8, 120):
        editor.move_selected(0.4, float(tone))
        _run(0.016)
    taken, shown = time.perf_counter() - begin, len(frames)
    figures = _figures("dragging the tone curve", heart.stop(), quiet)
    while window.session.stack.canUndo():
        window.editing.undo()
    _wait(lambda: not window.jobs.busy)
    return f"{figures}; {shown / taken:.0f} frames per s"


def measure_masks(window: MainWindow, quiet: np.ndarray) -> list[str]:
    """A gradient that is dragged and a stroke that is painted, with the overlay on."""
    frames: list[float] = []
    window.rendering.framed.connect(lambda _: frames.append(time.perf_counter()))
    window.editing.add(edit("local-laplacian"))
    window.adjust.masking.overlay.setChecked(True)
    width, height = window.canvas.view.picture
    lines = []
    for kind in ("linear", "radial", "brush"):
        window.masks.add(kind)
        _wait(lambda: not window.jobs.busy)
        frames.clear()
        handles, strokes, canvas = window.canvas.handles, window.canvas.strokes, window.canvas
        heart, begin = Heartbeat(), time.perf_counter()
        for i, share in enumerate(np.linspace(0.1, 0.9, 120)):
            x, y = width * share, height * (0.5 + 0.3 * math.sin(9 * share))
            place = canvas.to_widget(x, y)
            if kind == "brush":
                (strokes.go_on if i else strokes.begin)(x, y)
            elif i == 0:
                handles.press(place, canvas.placement)
            else:
                handles.drag(place, canvas.placement)
            _run(0.016)
        (strokes.end if kind == "brush" else handles.release)()
        taken, shown = time.perf_counter() - begin, len(frames)
        figures = _figures(f"mask: {kind}", heart.stop(), quiet)
        lines.append(f"{figures}; {shown / taken:.0f} frames per s")
        _wait(lambda: not window.jobs.busy)
    while window.session.stack.canUndo():
        window.editing.undo()
    return lines


def measure_pan(window: MainWindow, quiet: np.ndarray) -> str:
    """Panning at 100 % while the look of all 24 megapixels is computed and arrives."""
    settled: list[float] = []
    window.rendering.settled.connect(lambda: settled.append(time.perf_counter()))
    window.editing.add(edit("film"))
    _wait(lambda: not window.jobs.busy)
    heart = Heartbeat()
    window.canvas.zoom_to(1.0)
    step, begin = 0, time.perf_counter()
    while not settled or time.perf_counter() - settled[0] < 0.5:
        step += 1
        angle = step / 40
        window.canvas.pan(15 * math.cos(angle), 11 * math.sin(angle))
        _run(0.016)
        if time.perf_counter() - begin > 120:
            raise TimeoutError("the full look never came")
    waited = settled[0] - begin
    return _figures(f"panning at 100 %, full look after {waited:.1f} s", heart.stop(), quiet)


def _figures(what: str, turns: np.ndarray, quiet: np.ndarray) -> str:
    late = int((turns > BOUND).sum())
    return (
        f"{what}: longest turn of the event loop {turns.max() * 1000:.0f} ms "
        f"({turns.max() / quiet.max():.1f} x the longest when idle, {quiet.max() * 1000:.0f} ms), "
        f"{late} of {len(turns)} above {BOUND * 1000:.0f} ms"
    )


def main() -> None:
    """Measure and print everything."""
    os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        print(measure_start(folder), flush=True)
        app = QApplication.instance() or QApplication(["pentimento"])
        for line in measure(folder):
            print(line, flush=True)
        del app


if __name__ == "__main__":
    main()
