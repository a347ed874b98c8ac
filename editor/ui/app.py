"""The entry point of the window: ``pentimento`` and ``pentimento PHOTO``."""

from __future__ import annotations

import sys
from pathlib import Path

from PySide6.QtCore import QTimer
from PySide6.QtGui import QIcon
from PySide6.QtWidgets import QApplication

import editor
from editor.ui.session.recovery import Recovery
from editor.ui.session.settings import Settings
from editor.ui.texts import language
from editor.ui.widgets import theme
from editor.ui.window.window import MainWindow


def make_application(argv: list[str]) -> QApplication:
    """Qt's application, with Pentimento's name and icon."""
    app = QApplication.instance() or QApplication([sys.argv[0], *argv])
    assert isinstance(app, QApplication)
    app.setOrganizationName("Pentimento")
    app.setApplicationName("Pentimento")
    app.setApplicationVersion(editor.__version__)
    app.setDesktopFileName("pentimento")
    app.setWindowIcon(QIcon(str(theme.ICONS / "pentimento.svg")))
    return app


def run(argv: list[str]) -> int:
    """Show the window until it is closed.

    Args:
        argv: arguments after the program's name: at most one photo to open.

    Returns:
        The exit code.
    """
    app = make_application(argv)
    settings = Settings()
    language.speak(app, settings["language"])
    theme.apply(app, theme.choose(settings["theme"]))
    window = MainWindow(settings, Recovery())
    app.styleHints().colorSchemeChanged.connect(lambda _: window.dress())
    before, sys.excepthook = sys.excepthook, window.failures.report_uncaught
    window.show()
    window.recovering.offer()
    photos = [a for a in argv if not a.startswith("-")]
    if not photos and window.notifications.message is None:
        QTimer.singleShot(0, window, window.opening.welcome)
    elif photos:
        paths = [Path(photo) for photo in photos]
        QTimer.singleShot(0, window, lambda: window.opening.open_first(paths))
    try:
        return app.exec()
    finally:
        sys.excepthook = before
        window.session.stack.blockSignals(True)  # it signals once more while it is destroyed
        window.jobs.shut_down()


if __name__ == "__main__":
    raise SystemExit(run(sys.argv[1:]))
