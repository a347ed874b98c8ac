"""The window is on screen before the networks' library is imported; then all of it works."""

from __future__ import annotations

import os
import subprocess
import sys

START = """
import sys, time
start = time.perf_counter()
from PySide6.QtCore import QTimer
from PySide6.QtWidgets import QApplication
from editor.ui.window.window import MainWindow
from editor.ui.app import run

shown = []
def look():
    window = next(w for w in QApplication.topLevelWidgets() if isinstance(w, MainWindow))
    if not shown:
        shown.append(window.isVisible())
        print("visible", window.isVisible(), "torch", "torch" in sys.modules)
        print("seconds", round(time.perf_counter() - start, 2))
    if window.session.photo is not None and not window.jobs.busy:
        print("opened", window.session.origin.name, "torch", "torch" in sys.modules)
        window.close()
    else:
        QTimer.singleShot(50, look)

QTimer.singleShot(0, look)
sys.exit(run(sys.argv[1:]))
"""


def test_the_window_shows_first_and_opens_the_photo_of_the_command_line(photo_file, tmp_path):
    environment = {
        **os.environ,
        "PYTHONPATH": os.getcwd(),
        "XDG_CONFIG_HOME": str(tmp_path / "config"),
        "XDG_DATA_HOME": str(tmp_path / "data"),
        "HOME": str(tmp_path),
    }
    done = subprocess.run(
        [sys.executable, "-c", START, str(photo_file)],
        env=environment,
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    assert "visible True torch False" in done.stdout
    assert "opened holiday.png torch True" in done.stdout
    print(done.stdout)
