"""What all parts of the window share."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

from PySide6.QtCore import QTimer
from PySide6.QtGui import QAction
from PySide6.QtWidgets import QLabel, QMainWindow, QMenu, QStackedWidget, QWidget

from editor.ui.widgets.notifications import Message, Notifications

if TYPE_CHECKING:
    from editor.engine.restore import Inspection
    from editor.ui.canvas.canvas import Canvas
    from editor.ui.dialogs.dialogs import AboutDialog
    from editor.ui.dialogs.export_dialog import ExportDialog
    from editor.ui.panels.adjust_panel import AdjustPanel
    from editor.ui.panels.empty_state import EmptyState
    from editor.ui.panels.looks_panel import LooksPanel
    from editor.ui.session.recovery import Lost, Recovery
    from editor.ui.session.session import Origin, Session
    from editor.ui.session.settings import Settings
    from editor.ui.window.brush_controller import Brushwork
    from editor.ui.window.rendering import Rendering
    from editor.ui.worker.jobs import Jobs
    from editor.ui.worker.requests import FullLook, PreviewFrame, Request, SavePicture


class WindowBase(QMainWindow):
    """The window's parts and its voice. `MainWindow` makes the parts.

    The verbs of the user are in `file_verbs`, `edit_verbs` and `view_verbs`, one method each, named
    in `actions.ACTIONS`.
    """

    settings: Settings
    recovery: Recovery
    session: Session
    jobs: Jobs
    rendering: Rendering
    brushwork: Brushwork
    canvas: Canvas
    empty: EmptyState
    looks: LooksPanel
    adjust: AdjustPanel
    notifications: Notifications
    stack: QStackedWidget
    actions_by_id: dict[str, QAction]
    recent_menu: QMenu
    size_label: QLabel
    note_label: QLabel
    colour_label: QLabel
    zoom_label: QLabel
    job: QWidget
    _recovery_timer: QTimer

    inspection: Inspection | None
    _export_dialog: ExportDialog | None
    _about: AboutDialog | None
    _opening: Request | None
    _opening_origin: Origin
    _saving: tuple[SavePicture, Origin] | None
    _copying: FullLook | None
    _recovering: Lost | None
    _welcoming: bool
    _then: Callable[[], None] | None
    """What the user wanted when asked about unsaved work: done once that is saved."""
    _frame: PreviewFrame | None
    _hovered: tuple[float, float] | None

    def tell(
        self,
        text: str,
        kind: str = "info",
        actions: tuple[tuple[str, Callable[[], None]], ...] = (),
        key: str = "",
    ) -> None:
        """Say something in the bar above the canvas."""
        self.notifications.tell(Message(text, kind, actions, key))

    def photo_changed(self) -> None:
        """Show that another photo, or none, is open."""
        raise NotImplementedError

    def show_edits(self) -> None:
        """Show the edit list, and which actions make sense."""
        raise NotImplementedError

    def enable_actions(self) -> None:
        """Enable the actions that make sense now."""
        raise NotImplementedError

    def keep_recovery(self) -> None:
        """Write down what a crash must not take."""
        raise NotImplementedError

    def show_zoom(self) -> None:
        """Show the zoom in the status line."""
        raise NotImplementedError

    def refresh_icons(self) -> None:
        """Draw the actions' icons in the theme's colours."""
        raise NotImplementedError

    def show_title(self) -> None:
        """Name the photo in the title, and mark unsaved work."""
        raise NotImplementedError
