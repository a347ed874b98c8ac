"""The window: one document, its panels, and every verb of the user."""

from __future__ import annotations

import sys
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import QCoreApplication, QEvent, QObject, QSize, Qt, QTimer
from PySide6.QtGui import (
    QAction,
    QCloseEvent,
    QDragEnterEvent,
    QDropEvent,
    QImage,
    QKeyEvent,
    QKeySequence,
)
from PySide6.QtWidgets import (
    QApplication,
    QHBoxLayout,
    QLabel,
    QMenu,
    QProgressBar,
    QSizePolicy,
    QStackedWidget,
    QToolBar,
    QToolButton,
    QVBoxLayout,
    QWidget,
)

from editor.messages import Message, MessageError
from editor.ui.actions import ACTIONS, MENUS, TOOLBAR, ActionSpec
from editor.ui.canvas.canvas import Canvas
from editor.ui.dialogs import prompts
from editor.ui.dialogs.dialogs import AboutDialog
from editor.ui.dialogs.export_dialog import ExportDialog
from editor.ui.panels.adjust_panel import AdjustPanel
from editor.ui.panels.empty_state import EmptyState
from editor.ui.panels.looks_panel import LooksPanel
from editor.ui.session import undo_commands
from editor.ui.session.recovery import Lost, Recovery
from editor.ui.session.session import Origin, Session
from editor.ui.session.settings import Settings
from editor.ui.texts.engine_messages import engine_text, error_text
from editor.ui.widgets import theme
from editor.ui.widgets.notifications import Notifications
from editor.ui.window.brush_controller import Brushwork
from editor.ui.window.rendering import Rendering
from editor.ui.worker.jobs import Jobs
from editor.ui.worker.requests import (
    DescribeDevice,
    EncodeExport,
    EstimateSize,
    FullLook,
    Inspect,
    Open,
    OpenedPhoto,
    PreviewFrame,
    Request,
    RestoredPhoto,
    SavePicture,
    SetThreads,
    Thumbnail,
    WarmUp,
)

if TYPE_CHECKING:
    from editor.engine.restore import Inspection


from editor.ui.window.edit_actions import EditVerbs
from editor.ui.window.file_actions import FileVerbs
from editor.ui.window.view_actions import ViewVerbs

_SHOW_PROGRESS_AFTER = 500  # ms
_RECOVERY_AFTER = 300  # ms after a change until the edit list is written down
_WARM_UP_AFTER = 600  # ms after the window is shown


class MainWindow(FileVerbs, EditVerbs, ViewVerbs):
    """See the module."""

    def __init__(
        self, settings: Settings, recovery: Recovery, parent: QWidget | None = None
    ) -> None:
        super().__init__(parent)
        self.settings, self.recovery = settings, recovery
        self.session = Session(self)
        self.jobs = Jobs(self)
        self.inspection: Inspection | None = None
        self._then: Callable[[], None] | None = None
        self._opening: Request | None = None
        self._opening_origin = Origin()
        self._saving: tuple[SavePicture, Origin] | None = None
        self._copying: FullLook | None = None
        self._recovering: Lost | None = None
        self._welcoming = False
        self._export_dialog: ExportDialog | None = None
        self._about: AboutDialog | None = None
        self._failures_told: set[str] = set()
        self._hovered: tuple[float, float] | None = None
        self._frame: PreviewFrame | None = None

        self.canvas = Canvas()
        self.empty = EmptyState()
        self.looks = LooksPanel()
        self.adjust = AdjustPanel()
        self.notifications = Notifications()
        self.actions_by_id: dict[str, QAction] = {}
        self._recovery_timer = QTimer(self, singleShot=True, interval=_RECOVERY_AFTER)
        self._recovery_timer.timeout.connect(self._write_recovery)
        self._build()
        self.rendering = Rendering(self.session, self.jobs, self.canvas, self)
        self.brushwork = Brushwork(
            self.session, self.canvas, self.rendering, self.adjust.brush, settings, self
        )
        self._connect()
        self.setAcceptDrops(True)
        self.toolbar.ensurePolished()
        self.setMinimumSize(max(900, self.toolbar.sizeHint().width()), 560)
        self.resize(1280, 800)
        geometry = settings["window/geometry"]
        if geometry is not None:
            self.restoreGeometry(geometry)
        self._show_panels(settings["window/panels"])
        self.actions_by_id["mark-clipping"].setChecked(settings["clipping"])
        self.photo_changed()
        self.jobs.submit(SetThreads(count=settings.thread_count))
        QTimer.singleShot(_WARM_UP_AFTER, self, self._warm_up)

    # -- building ----------------------------------------------------------------------------------

    def _build(self) -> None:
        for spec in ACTIONS:
            self.actions_by_id[spec.id] = self._action(spec)
        self._menus: dict[str, QMenu] = {}
        for name in MENUS:
            menu = self.menuBar().addMenu(QCoreApplication.translate("Actions", name))
            self._menus[name] = menu
            for spec in (s for s in ACTIONS if s.menu == name):
                if spec.separator:
                    menu.addSeparator()
                menu.addAction(self.actions_by_id[spec.id])
                if spec.id == "open-photo":
                    self.recent_menu = menu.addMenu(self.tr("Open &recent"))
                    self.recent_menu.aboutToShow.connect(self._fill_recent)
        self.toolbar = QToolBar(self.tr("Tools"))
        self.toolbar.setMovable(False)
        self.toolbar.setIconSize(QSize(20, 20))
        self.toolbar.setContextMenuPolicy(Qt.ContextMenuPolicy.PreventContextMenu)
        self.addToolBar(self.toolbar)
        for name in TOOLBAR:
            if name == "|":
                self.toolbar.addSeparator()
            elif name == "<>":
                filler = QWidget()
                filler.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Preferred)
                self.toolbar.addWidget(filler)
            else:
                self._add_tool(name)
        self.stack = QStackedWidget()
        self.stack.addWidget(self.empty)
        self.stack.addWidget(self.canvas)
        middle = QVBoxLayout()
        middle.setContentsMargins(0, 0, 0, 0)
        middle.setSpacing(0)
        middle.addWidget(self.notifications)
        middle.addWidget(self.stack, 1)
        content = QWidget()
        row = QHBoxLayout(content)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(0)
        row.addWidget(self.looks)
        row.addLayout(middle, 1)
        row.addWidget(self.adjust)
        self.setCentralWidget(content)
        self._build_status()

    def _action(self, spec: ActionSpec) -> QAction:
        action = QAction(QCoreApplication.translate("Actions", spec.text), self)
        action.setShortcuts([QKeySequence(k) for k in spec.keys])
        action.setCheckable(spec.checkable)
        tip = QCoreApplication.translate("Actions", spec.tip or spec.text).replace("&", "")
        keys = action.shortcut().toString(QKeySequence.SequenceFormat.NativeText)
        action.setToolTip(f"{tip} ({keys})" if keys else tip)
        action.setObjectName(spec.id)
        action.setMenuRole(QAction.MenuRole.NoRole)
        if spec.id.startswith("brush-strength-"):
            strength = int(spec.id.rsplit("-", 1)[1]) / 10
            action.triggered.connect(lambda: self.brushwork.set_strength(strength))
        else:
            slot = getattr(self, spec.id.replace("-", "_"))
            if spec.checkable:
                action.toggled.connect(slot)
            else:
                action.triggered.connect(lambda _=False, s=slot: s())
        self.addAction(action)
        return action

    def _add_tool(self, name: str) -> None:
        self.toolbar.addAction(self.actions_by_id[name])
        button = self.toolbar.widgetForAction(self.actions_by_id[name])
        assert isinstance(button, QToolButton)
        button.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        button.setAccessibleName(self.actions_by_id[name].text().replace("&", ""))
        if name in ("zoom-fit", "zoom-actual"):
            button.setToolButtonStyle(Qt.ToolButtonStyle.ToolButtonTextOnly)
        elif name in ("export", "open-photo", "restore-original", "compare", "brush"):
            button.setToolButtonStyle(Qt.ToolButtonStyle.ToolButtonTextBesideIcon)
        if name == "export":
            button.setObjectName("primary")

    def _build_status(self) -> None:
        bar = self.statusBar()
        bar.setSizeGripEnabled(False)
        self.size_label, self.colour_label, self.zoom_label = QLabel(), QLabel(), QLabel()
        self.note_label = QLabel()
        self.job_label, self.job_bar, self.job_cancel = QLabel(), QProgressBar(), QToolButton()
        self.job_bar.setRange(0, 1000)
        self.job_bar.setTextVisible(False)
        self.job_bar.setFixedWidth(140)
        self.job_cancel.setText(self.tr("Cancel"))
        self.job_cancel.setToolTip(self.tr("Cancel what is running (Esc)"))
        self.job_cancel.clicked.connect(self.cancel_job)
        self.zoom_label.setMinimumWidth(54)
        self.colour_label.setMinimumWidth(150)
        self.job = QWidget()
        row = QHBoxLayout(self.job)
        row.setContentsMargins(0, 0, 6, 0)
        row.addWidget(self.job_label)
        row.addWidget(self.job_bar)
        row.addWidget(self.job_cancel)
        self.job.setVisible(False)
        bar.addWidget(self.size_label)
        bar.addWidget(self.note_label, 1)
        bar.addPermanentWidget(self.job)
        bar.addPermanentWidget(self.colour_label)
        bar.addPermanentWidget(self.zoom_label)
        self._job_timer = QTimer(self, singleShot=True, interval=_SHOW_PROGRESS_AFTER)
        self._job_timer.timeout.connect(lambda: self.job.setVisible(self.jobs.running is not None))

    def _connect(self) -> None:
        session, jobs = self.session, self.jobs
        session.edits_changed.connect(self._edits_changed)
        session.selection_changed.connect(self.show_edits)
        session.modified_changed.connect(lambda _: self.show_title())
        session.stack.indexChanged.connect(lambda _: self._stepped())
        jobs.finished.connect(self._on_finished)
        jobs.failed.connect(self._on_failed)
        jobs.stopped.connect(self._on_stopped)
        jobs.started.connect(self._on_started)
        jobs.progressed.connect(self._on_progressed)
        jobs.idle.connect(self._on_idle)
        self.canvas.view_changed.connect(self.show_zoom)
        self.canvas.hovered.connect(self._hover)
        self.rendering.framed.connect(self._framed)
        self.rendering.settled.connect(self._show_colour)
        self.rendering.thumbnail_ready.connect(self.looks.set_thumbnail)
        self.looks.chosen.connect(self._look_chosen)
        adjust = self.adjust
        adjust.exposure_changed.connect(self._set_exposure)
        adjust.selected.strength_changed.connect(self._set_strength)
        adjust.selected.mask_wanted.connect(self._change_mask)
        adjust.edits.chosen.connect(session.select)
        adjust.edits.move_wanted.connect(self.move_edit)
        adjust.edits.switch_wanted.connect(
            lambda i, on: session.stack.push(undo_commands.SwitchEdit(session, i, on))
        )
        adjust.edits.delete_wanted.connect(
            lambda i: session.stack.push(undo_commands.RemoveEdit(session, i))
        )
        adjust.histogram.marks_wanted.connect(self.actions_by_id["mark-clipping"].setChecked)
        adjust.brush.erase.toggled.connect(self.actions_by_id["brush-erase"].setChecked)
        adjust.brush.overlay.toggled.connect(self.actions_by_id["brush-overlay"].setChecked)
        adjust.brush.stay.toggled.connect(self.actions_by_id["brush-stay"].setChecked)
        for name, box in (
            ("brush-overlay", adjust.brush.overlay),
            ("brush-stay", adjust.brush.stay),
        ):
            self.actions_by_id[name].setChecked(box.isChecked())
        self.brushwork.nothing_to_erase.connect(
            lambda: self.tell(self.tr("Nothing is painted here yet, so there is nothing to erase."))
        )
        self.empty.open_wanted.connect(self.open_photo)
        self.empty.sample_wanted.connect(self.open_sample)
        self.empty.recent_wanted.connect(lambda path: self.open_path(Path(path)))
        self.settings.changed.connect(self._setting_changed)
        QApplication.instance().installEventFilter(self)  # type: ignore[union-attr]
        self.refresh_icons()

    def refresh_icons(self) -> None:
        for spec in ACTIONS:
            if spec.icon:
                # The export button is filled; in a menu its icon could not be seen.
                colour = theme.current().on_accent if spec.id == "export" else None
                self.actions_by_id[spec.id].setIconVisibleInMenu(spec.id != "export")
                self.actions_by_id[spec.id].setIcon(theme.icon(spec.icon, colour))

    # -- telling -----------------------------------------------------------------------------------

    def show_title(self) -> None:
        if self.session.photo is None:
            self.setWindowTitle("Pentimento")
            self.setWindowModified(False)
            return
        name = self.session.origin.name
        if self.session.origin.restored:
            name = self.tr("{name} (original)").format(name=name)
        self.setWindowTitle(f"{name}[*] – Pentimento")
        self.setWindowModified(self.session.modified)

    # -- jobs --------------------------------------------------------------------------------------

    def _on_finished(self, request: Request, result: object) -> None:
        if request is self._opening:
            self._opening = None
            if isinstance(result, RestoredPhoto):
                self._restored(result)
            elif isinstance(result, OpenedPhoto):
                pasted = not self._opening_origin.path
                self._show_opened(result, self._opening_origin, unsaved=pasted)
                self.jobs.submit(Inspect(photo=result.document.photo))
        elif isinstance(request, Inspect):
            if request.photo is self.session.photo:
                self.inspection = result  # type: ignore[assignment]
                if self.inspection is not None and not self.inspection.why_not:
                    self._show_banner(self.inspection)
        elif self._saving is not None and request is self._saving[0]:
            self._saved(self._saving[0].path)
        elif request is self._copying:
            self._copied(result)  # type: ignore[arg-type]
        elif isinstance(request, DescribeDevice) and self._about is not None:
            self._about.show_device(str(result))

    def _on_failed(self, request: Request, error: BaseException) -> None:
        """Say what happened and what to do; the editor goes on."""
        if isinstance(request, (EncodeExport, EstimateSize)) and self._export_dialog is not None:
            return  # told by the dialog
        told = isinstance(error, MessageError)
        text = error_text(error) if told else self._explain(error)
        if request is self._opening:
            if isinstance(request, Open) and isinstance(request.source, Path):
                self.settings.forget_file(str(request.source))
                self.empty.show_recent(self.settings["recent"])
            self._opening, self._recovering = None, None
        elif self._saving is not None and request is self._saving[0]:
            self._saving, self._then = None, None
        elif isinstance(request, (Inspect, WarmUp)):
            # Editing works without the networks; exporting will tell what is wrong, in full.
            if type(error).__name__ != "WeightsUnusable":
                self.tell(text, "warning", key="networks")
            return
        elif isinstance(request, Thumbnail):
            self.rendering.next_thumbnail()
            return
        elif isinstance(request, DescribeDevice):
            if self._about is not None:
                self._about.show_device(error_text(error))
            return
        self.tell(text, "error", key=f"failed {request.lane}")

    def _explain(self, error: BaseException) -> str:
        if isinstance(error, MemoryError):
            return self.tr("There is not enough memory for this: close other programs.")
        what = str(error) or type(error).__name__
        return self.tr("That did not work: {what}. Your edits are kept.").format(
            what=what.rstrip(".")
        )

    def _on_stopped(self, request: Request) -> None:
        if request is self._opening:
            self._opening, self._recovering = None, None
        elif request is self._copying:
            self._copying = None

    def _on_started(self, request: Request) -> None:
        if isinstance(request, (Thumbnail, WarmUp, Inspect, SetThreads, DescribeDevice)):
            self._job_timer.stop()
            self.job.setVisible(False)
            return
        self.job_label.setText(self.tr("Working…"))
        self.job_bar.setRange(0, 0)
        self.job_cancel.setVisible(request.stops)
        if not self.job.isVisible():
            self._job_timer.start()

    def _on_progressed(self, request: Request, share: float, what: Message) -> None:
        self.job_label.setText(engine_text(what))
        self.job_bar.setRange(0, 1000)
        self.job_bar.setValue(round(share * 1000))

    def _on_idle(self) -> None:
        self._job_timer.stop()
        self.job.setVisible(False)

    def cancel_job(self) -> None:
        """Stop what is running."""
        running = self.jobs.running
        if running is not None and running.stops:
            self.jobs.cancel(running.lane)

    def _warm_up(self) -> None:
        self.jobs.submit(WarmUp(threads=self.settings.thread_count))

    # -- events ------------------------------------------------------------------------------------

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Holding the backslash compares, wherever the focus is; losing the window lets go."""
        kind = event.type()
        if kind == QEvent.Type.KeyPress and isinstance(event, QKeyEvent):
            if event.key() == Qt.Key.Key_Backslash and self.isActiveWindow():
                self.canvas.show_before(True)
                return True
        elif kind == QEvent.Type.KeyRelease and isinstance(event, QKeyEvent):
            if event.key() == Qt.Key.Key_Backslash and not event.isAutoRepeat():
                self.canvas.show_before(False)
        elif kind in (
            QEvent.Type.WindowDeactivate,
            QEvent.Type.ApplicationDeactivate,
            QEvent.Type.ApplicationStateChange,
        ):
            self.canvas.show_before(False)
        return False

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() != Qt.Key.Key_Escape:
            super().keyPressEvent(event)
        elif self.canvas.painting:
            self.canvas.cancel_stroke()
        elif self.job.isVisible():
            self.cancel_job()
        elif self.brushwork.on:
            self.actions_by_id["brush"].setChecked(False)
        elif self.isFullScreen():
            self.actions_by_id["full-screen"].setChecked(False)

    def dragEnterEvent(self, event: QDragEnterEvent) -> None:
        data = event.mimeData()
        if data.hasImage() or any(u.isLocalFile() for u in data.urls()):
            event.acceptProposedAction()

    def dropEvent(self, event: QDropEvent) -> None:
        data = event.mimeData()
        files = [u.toLocalFile() for u in data.urls() if u.isLocalFile()]
        event.acceptProposedAction()
        # The question about unsaved work must not keep the other program waiting for the drop.
        if files:
            QTimer.singleShot(0, self, lambda: self.open_path(Path(files[0])))
            if len(files) > 1:
                self.tell(self.tr("One photo at a time: the first one was opened."))
        elif data.hasImage():
            image = QImage(data.imageData())
            QTimer.singleShot(0, self, lambda: self.open_image(image))

    def _close_now(self) -> None:
        self.close()

    def quit(self) -> None:
        """Close the window."""
        self.close()

    def closeEvent(self, event: QCloseEvent) -> None:
        """Ask about unsaved work; end the background thread."""
        if self.session.modified:
            answer = prompts.what_about_unsaved(self, self.session.origin.name)
            if answer is prompts.Unsaved.SAVE:
                self._then = self._close_now
                self.save()
            if answer is not prompts.Unsaved.DISCARD:
                event.ignore()
                return
        self.settings["window/geometry"] = self.saveGeometry()
        app = QApplication.instance()
        if app is not None:
            app.removeEventFilter(self)
        self.session.stack.blockSignals(True)  # it signals once more while it is destroyed
        self.jobs.shut_down()
        self.recovery.release()
        event.accept()


def report_exception(window: MainWindow) -> Callable[..., None]:
    """A hook for exceptions that nothing has caught: told in the bar, and printed."""

    def hook(kind: type[BaseException], error: BaseException, trace: object) -> None:
        sys.__excepthook__(kind, error, trace)  # type: ignore[arg-type]
        if issubclass(kind, Exception):
            text = QCoreApplication.translate(
                "MainWindow", "Something went wrong ({what}). Your edits are kept."
            ).format(what=str(error) or kind.__name__)
            window.tell(text, "error", key="exception")

    return hook
