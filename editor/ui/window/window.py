"""The main window: builds the parts and connects them."""

from __future__ import annotations

from pathlib import Path

from PySide6.QtCore import QEvent, QSize, Qt, QTimer
from PySide6.QtGui import QCloseEvent, QDragEnterEvent, QDropEvent, QImage, QKeyEvent, QResizeEvent
from PySide6.QtWidgets import QApplication, QMainWindow, QToolBar, QWidget

from editor.ui.canvas.input import Tool
from editor.ui.dialogs.prompts import Prompts
from editor.ui.session.recovery import Recovery
from editor.ui.session.session import Session
from editor.ui.session.settings import Settings
from editor.ui.widgets import theme
from editor.ui.window.action_set import ActionSet
from editor.ui.window.adjust_controller import AdjustController
from editor.ui.window.brush_controller import BrushController
from editor.ui.window.changes_controller import ChangesController
from editor.ui.window.clipboard_controller import ClipboardController
from editor.ui.window.crop_controller import CropController
from editor.ui.window.edit_clipboard import EditClipboard
from editor.ui.window.edit_controller import EditController
from editor.ui.window.failure_messages import FailureMessages
from editor.ui.window.help_controller import HelpController
from editor.ui.window.hold_before import HoldBefore
from editor.ui.window.job_progress import JobProgress
from editor.ui.window.mask_controller import MaskController
from editor.ui.window.open_controller import OpenController
from editor.ui.window.recent_menu import RecentMenu
from editor.ui.window.recovery_controller import RecoveryController
from editor.ui.window.render_controller import RenderController
from editor.ui.window.restore_controller import RestoreController
from editor.ui.window.save_controller import SaveController
from editor.ui.window.status_line import StatusLine
from editor.ui.window.view_controller import ViewController
from editor.ui.window.window_place import WindowPlace
from editor.ui.window.workspace import Workspace
from editor.ui.worker.jobs import Jobs
from editor.ui.worker.system_requests import SetThreads, WarmUp

_WARM_UP_AFTER = 600  # ms after the window is shown


class MainWindow(QMainWindow):
    """One document with its panels. What the user can do is in the controllers."""

    def __init__(
        self, settings: Settings, recovery: Recovery, parent: QWidget | None = None
    ) -> None:
        super().__init__(parent)
        self.settings, self.recovery = settings, recovery
        self.session = Session(self)
        self.jobs = Jobs(self)
        self._make_widgets()
        self._make_controllers()
        self._connect()
        self.setAcceptDrops(True)
        self.toolbar.ensurePolished()
        smallest = QSize(900, 560)
        bars = (self.menuBar(), self.toolbar, self.statusBar())
        self.place = WindowPlace(self, settings, smallest, bars)
        self.workspace.arrange(settings["window/splitter"])
        self.viewing.show_panels(settings["window/panels"])
        self.action_set["mark-clipping"].setChecked(settings["clipping"])
        self.adjust.history.show_stack(self.session.stack)
        self.action_set["history"].setChecked(settings["panel/history"])
        self._photo_changed()
        self.jobs.submit(SetThreads(count=settings.thread_count))
        QTimer.singleShot(_WARM_UP_AFTER, self, self._warm_up)

    # -- building ----------------------------------------------------------------------------------

    def _make_widgets(self) -> None:
        self.action_set = ActionSet(self)
        self.recent_menu = RecentMenu(self.settings, self)
        self.action_set.fill_menu_bar(self.menuBar(), {"open-photo": self.recent_menu})
        self.toolbar = QToolBar(self.tr("Tools"))
        self.toolbar.setMovable(False)
        self.toolbar.setIconSize(QSize(20, 20))
        self.toolbar.setContextMenuPolicy(Qt.ContextMenuPolicy.PreventContextMenu)
        self.addToolBar(self.toolbar)
        self.action_set.fill_tool_bar(self.toolbar)
        self.action_set.refresh_icons()
        self.workspace = Workspace()
        self.canvas, self.empty = self.workspace.canvas, self.workspace.empty
        self.looks, self.adjust = self.workspace.looks, self.workspace.adjust
        self.notifications = self.workspace.notifications
        self.setCentralWidget(self.workspace)
        self.progress = JobProgress(self.jobs)
        self.status = StatusLine(self.statusBar(), self.progress)

    def _make_controllers(self) -> None:
        session, jobs, settings, recovery = self.session, self.jobs, self.settings, self.recovery
        canvas, notifications, prompts = self.canvas, self.notifications, Prompts(self)
        self.rendering = RenderController(session, jobs, settings, canvas, self)
        self.masks = MaskController(session, canvas, self.rendering, self.adjust, settings, self)
        self.brush = BrushController(
            session, canvas, self.rendering, self.masks, self.adjust, settings, notifications, self
        )
        self.editing = EditController(session, self.looks, self.adjust, self)
        self.saving = SaveController(
            session, jobs, settings, recovery, notifications, prompts, self
        )
        self.opening = OpenController(
            session, jobs, settings, recovery, self.rendering, self.saving, notifications, prompts,
            self,
        )  # fmt: skip
        self.restoring = RestoreController(
            session, jobs, settings, self.opening, self.saving, notifications, prompts, self
        )
        self.changes = ChangesController(
            session, jobs, canvas, self.action_set, self.restoring, notifications, self
        )
        self.recovering = RecoveryController(
            session, settings, recovery, self.opening, notifications, self
        )
        self.clipboard = ClipboardController(
            session, jobs, settings, self.opening, notifications, self
        )
        self.edit_clipboard = EditClipboard(session, notifications, self)
        self.viewing = ViewController(
            session, settings, self.workspace, self.rendering, self.status, self.action_set, self
        )
        self.help = HelpController(jobs, settings, self)
        self.failures = FailureMessages(jobs, notifications, self.saving, self)
        self.adjusting = AdjustController(
            session, settings, canvas, self.adjust, self.editing, self.masks, self
        )
        self.cropping = CropController(
            session, canvas, self.rendering, self.adjust, self.action_set, self
        )
        self._hold_before = HoldBefore(self, canvas)

    def _connect(self) -> None:
        actions, session, panel = self.action_set, self.session, self.adjust.brush
        actions.bind(
            {
                **self.opening.handlers,
                **self.saving.handlers,
                **self.restoring.handlers,
                **self.changes.handlers,
                **self.clipboard.handlers,
                **self.edit_clipboard.handlers,
                **self.editing.handlers,
                **self.masks.handlers,
                **self.brush.handlers,
                **self.cropping.handlers,
                **self.viewing.handlers,
                **self.help.handlers,
                "full-screen": self._fill_screen,
                "quit": self.close,
            }
        )
        session.edits_changed.connect(self._enable_actions)
        session.selection_changed.connect(self._enable_actions)
        session.stack.indexChanged.connect(lambda _: self._enable_actions())
        session.modified_changed.connect(lambda _: self._show_title())
        self.masks.taken.connect(self._masks_taken)
        self.cropping.taken.connect(self._crop_taken)
        self.adjust.groups["colour"].pick.toggled.connect(
            lambda on: self.cropping.finish() if on else None
        )
        self.rendering.reframed.connect(self._show_size)
        self.restoring.changed.connect(self._enable_actions)
        self.opening.photo_changed.connect(self._photo_changed)
        self.rendering.thumbnail_ready.connect(self.looks.set_thumbnail)
        self.editing.trial_changed.connect(self.rendering.show_trial)
        for name, box in (
            ("brush-erase", panel.erase),
            ("brush-overlay", self.adjust.masking.overlay),
            ("brush-stay", panel.stay),
        ):
            box.toggled.connect(actions[name].setChecked)
            actions[name].setChecked(box.isChecked())
        self.empty.open_wanted.connect(self.opening.open_photo)
        self.empty.sample_wanted.connect(self.opening.open_sample)
        for wanted in (self.empty.recent_wanted, self.recent_menu.chosen):
            wanted.connect(lambda path: self.opening.open_path(Path(path)))
        self.settings.changed.connect(self._setting_changed)

    # -- what is shown -----------------------------------------------------------------------------

    def _photo_changed(self) -> None:
        photo, actions = self.session.photo, self.action_set
        self.workspace.show_photo(photo is not None)
        self.status.show_photo(photo)
        if photo is None:
            self.empty.show_recent(self.settings["recent"])
            self.masks.put_away()
        self.masks.follow()
        self.rendering.mark_clipping(actions["mark-clipping"].isChecked())
        self.editing.show_edits()
        self._enable_actions()
        self._show_title()
        self.viewing.show_zoom()

    def _crop_taken(self, on: bool) -> None:
        if on:
            self.masks.put_away()
            self.adjusting.put_away()

    def _show_size(self) -> None:
        """The size of what is left of the photo."""
        if self.session.photo is not None:
            self.status.show_photo(self.rendering.shown_photo)

    def _enable_actions(self) -> None:
        stack = self.session.stack
        self.action_set.enable(
            {
                "": True,
                "photo": self.session.photo is not None,
                "edit": self.session.selected_edit is not None,
                "undo": stack.canUndo(),
                "redo": stack.canRedo(),
                "brush": self.masks.tool == Tool.BRUSH,
                "masking": self.masks.on,
                "mask": self.masks.target is not None,
                "original": self.restoring.possible,
            }
        )
        self.action_set.name_steps(stack.undoText(), stack.redoText())
        self.action_set.name_export(saves=self.saving.saves_original)
        self.action_set.fit_tool_bar(self.toolbar, self.width())

    def _masks_taken(self) -> None:
        if self.masks.on:
            self.cropping.finish()
        self.action_set["brush"].setChecked(self.masks.tool == Tool.BRUSH)
        self._enable_actions()

    def _show_title(self) -> None:
        if self.session.photo is None:
            self.setWindowTitle("Pentimento")
            self.setWindowModified(False)
            return
        name = self.session.origin.name
        if self.session.origin.restored:
            name = self.tr("{name} (original)").format(name=name)
        self.setWindowTitle(f"{name}[*] – Pentimento")
        self.setWindowModified(self.session.modified)

    def _fill_screen(self, on: bool) -> None:
        self.place.fill_screen(on)

    def _setting_changed(self, name: str) -> None:
        if name == "theme":
            self.dress()
        elif name == "threads":
            self.jobs.submit(SetThreads(count=self.settings.thread_count))
        elif name == "recent":
            self.empty.show_recent(self.settings["recent"])

    def dress(self) -> None:
        """Put the theme of the settings on."""
        app = QApplication.instance()
        assert isinstance(app, QApplication)
        theme.apply(app, theme.choose(self.settings["theme"]))
        self.action_set.refresh_icons()
        self.workspace.refresh()
        self.editing.show_edits()
        for widget in self.findChildren(QWidget):
            widget.update()

    def _warm_up(self) -> None:
        self.jobs.submit(WarmUp(threads=self.settings.thread_count))

    # -- events ------------------------------------------------------------------------------------

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Escape gives up the nearest thing."""
        if event.key() != Qt.Key.Key_Escape:
            super().keyPressEvent(event)
        elif self.canvas.give_up():
            pass
        elif self.cropping.on:
            self.cropping.cancel()
        elif self.progress.isVisible():
            self.progress.cancel()
        elif self.adjusting.picking:
            self.adjusting.put_away()
        elif self.masks.on:
            self.masks.put_away()
        elif self.notifications.message is not None:
            self.notifications.dismiss()
        elif self.isFullScreen():
            self.action_set["full-screen"].setChecked(False)

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self.action_set.fit_tool_bar(self.toolbar, event.size().width())

    def changeEvent(self, event: QEvent) -> None:
        """The system may fill the screen with the window, too, and take it back."""
        super().changeEvent(event)
        if event.type() == QEvent.Type.WindowStateChange:
            self.place.show_bars()
            self.action_set["full-screen"].setChecked(self.isFullScreen())

    def dragEnterEvent(self, event: QDragEnterEvent) -> None:
        data = event.mimeData()
        if data.hasImage() or any(u.isLocalFile() for u in data.urls()):
            event.acceptProposedAction()

    def dropEvent(self, event: QDropEvent) -> None:
        data = event.mimeData()
        files = [Path(u.toLocalFile()) for u in data.urls() if u.isLocalFile()]
        event.acceptProposedAction()
        # The question about unsaved work must not keep the other program waiting for the drop.
        if files:
            QTimer.singleShot(0, self, lambda: self.opening.open_first(files))
        elif data.hasImage():
            image = QImage(data.imageData())
            QTimer.singleShot(0, self, lambda: self.opening.open_image(image))

    def closeEvent(self, event: QCloseEvent) -> None:
        """Ask about unsaved work; end the background thread."""
        if not self.saving.may_leave(self.close):
            event.ignore()
            return
        self.place.keep()
        self.settings["window/splitter"] = self.workspace.arrangement
        self._hold_before.stop()
        self.session.stack.blockSignals(True)  # it signals once more while it is destroyed
        self.jobs.shut_down()
        self.recovery.release()
        event.accept()
