"""The window: one document, its panels, and every verb of the user."""

from __future__ import annotations

import contextlib
import sys
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
from PySide6.QtCore import QCoreApplication, QEvent, QObject, QSize, Qt, QTimer, QUrl
from PySide6.QtGui import (
    QAction,
    QCloseEvent,
    QDesktopServices,
    QDragEnterEvent,
    QDropEvent,
    QGuiApplication,
    QImage,
    QKeyEvent,
    QKeySequence,
)
from PySide6.QtWidgets import (
    QApplication,
    QHBoxLayout,
    QLabel,
    QMainWindow,
    QMenu,
    QProgressBar,
    QSizePolicy,
    QStackedWidget,
    QToolBar,
    QToolButton,
    QVBoxLayout,
    QWidget,
)

from editor.edits import Edit, edit
from editor.picture import Picture, PictureError
from editor.picture_files import ExportFormat
from editor.ui import asking, commands, theme
from editor.ui.actions import ACTIONS, MENUS, TOOLBAR, ActionSpec
from editor.ui.adjust_panel import AdjustPanel
from editor.ui.bars import Message, Notifications
from editor.ui.brushwork import Brushwork
from editor.ui.canvas import Canvas
from editor.ui.dialogs import AboutDialog, PreferencesDialog, ShortcutSheet
from editor.ui.empty_state import EmptyState, sample_photo
from editor.ui.export_dialog import ExportDialog, free_name, suggested_folder
from editor.ui.jobs import Jobs
from editor.ui.looks_panel import LooksPanel
from editor.ui.recovery import Lost, Recovery, discard
from editor.ui.rendering import Rendering
from editor.ui.requests import (
    DescribeDevice,
    EncodeExport,
    EstimateSize,
    FullLook,
    Inspect,
    Open,
    OpenedPhoto,
    PreviewFrame,
    Request,
    Restore,
    RestoredPhoto,
    SavePicture,
    SetThreads,
    Thumbnail,
    WarmUp,
)
from editor.ui.session import Origin, Session
from editor.ui.settings import Settings
from models.operators.registry import OPERATORS

if TYPE_CHECKING:
    from editor.export import ExportReport
    from editor.restore import Inspection

_SHOW_PROGRESS_AFTER = 500  # ms
_WARM_UP_AFTER = 600  # ms after the window is shown
_SAVE_FILTERS = {"png": "PNG (*.png)", "tiff": "TIFF (*.tif *.tiff)", "webp": "WebP (*.webp)"}


class MainWindow(QMainWindow):
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
        self._build()
        self.rendering = Rendering(self.session, self.jobs, self.canvas, self)
        self.brushwork = Brushwork(
            self.session, self.canvas, self.rendering, self.adjust.brush, settings, self
        )
        self._connect()
        self.setAcceptDrops(True)
        self.setMinimumSize(900, 560)
        self.resize(1280, 800)
        geometry = settings["window/geometry"]
        if geometry is not None:
            self.restoreGeometry(geometry)
        self._show_panels(settings["window/panels"])
        self.actions_by_id["mark-clipping"].setChecked(settings["clipping"])
        self._photo_changed()
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
        session.selection_changed.connect(self._edits_shown)
        session.modified_changed.connect(lambda _: self._title())
        session.stack.indexChanged.connect(lambda _: self._enable_actions())
        jobs.finished.connect(self._on_finished)
        jobs.failed.connect(self._on_failed)
        jobs.stopped.connect(self._on_stopped)
        jobs.started.connect(self._on_started)
        jobs.progressed.connect(self._on_progressed)
        jobs.idle.connect(self._on_idle)
        self.canvas.view_changed.connect(self._show_zoom)
        self.canvas.hovered.connect(self._hover)
        self.rendering.framed.connect(self._framed)
        self.rendering.thumbnail_ready.connect(self.looks.set_thumbnail)
        self.looks.chosen.connect(self._look_chosen)
        adjust = self.adjust
        adjust.exposure_changed.connect(self._set_exposure)
        adjust.selected.strength_changed.connect(self._set_strength)
        adjust.selected.mask_wanted.connect(self._change_mask)
        adjust.edits.chosen.connect(session.select)
        adjust.edits.move_wanted.connect(self.move_edit)
        adjust.edits.switch_wanted.connect(
            lambda i, on: session.stack.push(commands.SwitchEdit(session, i, on))
        )
        adjust.edits.delete_wanted.connect(
            lambda i: session.stack.push(commands.RemoveEdit(session, i))
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
        self._refresh_icons()

    def _refresh_icons(self) -> None:
        for spec in ACTIONS:
            if spec.icon:
                colour = theme.current().on_accent if spec.id == "export" else None
                self.actions_by_id[spec.id].setIcon(theme.icon(spec.icon, colour))

    # -- telling -----------------------------------------------------------------------------------

    def tell(
        self,
        text: str,
        kind: str = "info",
        actions: tuple[tuple[str, Callable[[], None]], ...] = (),
        key: str = "",
    ) -> None:
        """Say something in the bar above the canvas."""
        self.notifications.tell(Message(text, kind, actions, key))

    def _title(self) -> None:
        if self.session.photo is None:
            self.setWindowTitle("Pentimento")
            self.setWindowModified(False)
            return
        name = self.session.origin.name
        if self.session.origin.restored:
            name = self.tr("{name} (original)").format(name=name)
        self.setWindowTitle(f"{name}[*] – Pentimento")
        self.setWindowModified(self.session.modified)

    # -- opening -----------------------------------------------------------------------------------

    def open_photo(self) -> None:
        """Ask for a photo and open it."""
        folder = self.settings["open/folder"]
        path = asking.photo_to_open(self, folder)
        if path is not None:
            self.settings["open/folder"] = str(path.parent)
            self.open_path(path)

    def open_path(self, path: Path) -> None:
        """Open a file, once unsaved work is taken care of."""
        self._unless_unsaved(lambda: self._open(Open(source=path), _origin(path)))

    def open_sample(self) -> None:
        """Open the bundled sample photo."""
        path = sample_photo()
        if path is None:
            self.tell(self.tr("This installation has no sample photo; open one of yours."))
        else:
            self.open_path(path)

    def open_image(self, image: QImage) -> None:
        """Open pixels from the clipboard or from another program."""
        if image.isNull():
            return
        photo = _picture(image)
        request = Open(source=photo, keep_copy=self.recovery.photo_copy)
        self._unless_unsaved(lambda: self._open(request, Origin(name=self.tr("Pasted picture"))))

    def _open(self, request: Request, origin: Origin) -> None:
        self._opening, self._opening_origin = request, origin
        self.jobs.submit(request)

    def paste(self) -> None:
        """Open the picture, or the file, in the clipboard."""
        data = QGuiApplication.clipboard().mimeData()
        if data is None:
            return
        if data.hasUrls() and data.urls()[0].isLocalFile():
            self.open_path(Path(data.urls()[0].toLocalFile()))
        elif data.hasImage():
            self.open_image(QGuiApplication.clipboard().image())
        else:
            self.tell(self.tr("The clipboard holds no picture."))

    def copy_look(self) -> None:
        """Put the picture as it looks now into the clipboard, at full size."""
        if self.session.document is not None:
            self._copying = FullLook(document=self.session.document)
            self.jobs.submit(self._copying)

    def close_photo(self) -> None:
        """Close the photo, once unsaved work is taken care of."""
        self._unless_unsaved(self._close_photo)

    def _close_photo(self) -> None:
        self.inspection = None
        self.session.close()
        self.rendering.close_photo()
        self.notifications.clear()
        self.recovery.drop()
        self._photo_changed()

    def _fill_recent(self) -> None:
        self.recent_menu.clear()
        for path in self.settings["recent"]:
            action = self.recent_menu.addAction(Path(path).name)
            action.setToolTip(path)
            action.triggered.connect(lambda _=False, p=path: self.open_path(Path(p)))
        if self.recent_menu.isEmpty():
            self.recent_menu.addAction(self.tr("None yet")).setEnabled(False)

    def _show_opened(self, opened: OpenedPhoto, origin: Origin, *, unsaved: bool) -> None:
        self.inspection = None
        self._frame = None
        self.notifications.clear()
        self.session.open(opened.document, origin, unsaved=unsaved)
        self.rendering.show_photo(opened)
        self._photo_changed()
        if origin.path and not origin.restored and origin.path != str(sample_photo()):
            self.settings.remember_file(origin.path)
        if self._recovering is not None:
            lost, self._recovering = self._recovering, None
            self.session.mark_unsaved()
            discard(lost)
            self.tell(self.tr("Your edits are back."), "success")
        self._keep_recovery()

    def _photo_changed(self) -> None:
        photo = self.session.photo
        self.stack.setCurrentWidget(self.empty if photo is None else self.canvas)
        self.looks.clear(photo is not None)
        self.looks.set_used([e.operator for e in self.session.edits])
        if photo is None:
            self.adjust.histogram.show_histogram(None)
            self.empty.show_recent(self.settings["recent"])
            self.size_label.setText("")
            self.note_label.setText("")
            self.actions_by_id["brush"].setChecked(False)
        else:
            width, height = photo.size
            megapixels = width * height / 1e6
            self.size_label.setText(
                self.tr("{width} × {height} ({mp} MP)").format(
                    width=width, height=height, mp=f"{megapixels:.1f}"
                )
            )
            self.note_label.setText("  ".join(photo.notes))
            self.note_label.setToolTip("\n".join(photo.notes))
            self.canvas.setFocus()
        self.brushwork.take(self.actions_by_id["brush"].isChecked() and photo is not None)
        self.rendering.mark_clipping(self.actions_by_id["mark-clipping"].isChecked())
        self._edits_shown()
        self._title()
        self._show_zoom()

    # -- editing -----------------------------------------------------------------------------------

    def _look_chosen(self, operator: str) -> None:
        if self.session.photo is None:
            return
        shift = QGuiApplication.keyboardModifiers() & Qt.KeyboardModifier.ShiftModifier
        chosen = self.session.selected_edit
        if shift and chosen is not None:
            edits = list(self.session.edits)
            edits[self.session.selected] = edit(operator, mask=chosen.mask)
            text = self.tr("Change to {name}").format(name=commands.operator_name(operator))
            self.session.stack.push(
                commands.ReplaceEdits(
                    self.session, tuple(edits), text, selected=self.session.selected
                )
            )
        else:
            self.add_edit(edit(operator))

    def add_edit(self, new: Edit) -> None:
        """Put an edit on top of the others."""
        if self.session.photo is not None:
            self.session.stack.push(commands.AddEdit(self.session, new))

    def move_edit(self, index: int, to: int) -> None:
        """Apply an edit earlier or later."""
        count = len(self.session.edits)
        if 0 <= index < count and 0 <= to < count and index != to:
            self.session.stack.push(commands.MoveEdit(self.session, index, to))

    def _set_exposure(self, stops: float, gesture: int) -> None:
        if self.session.photo is None:
            return
        at = commands.exposure_index(self.session.edits)
        now = 0.0 if at is None else self.session.edits[at].strength
        if stops != now:
            self.session.stack.push(commands.SetExposure(self.session, stops, gesture))

    def _nudge_exposure(self, by: float) -> None:
        at = commands.exposure_index(self.session.edits)
        now = 0.0 if at is None else self.session.edits[at].strength
        op = OPERATORS["exposure"]
        # Key presses in a row are one step to undo, as those of the slider are.
        self.adjust.exposure.nudge(min(max(round(now + by, 2), op.minimum), op.maximum))

    def _set_strength(self, strength: float, gesture: int) -> None:
        index, chosen = self.session.selected, self.session.selected_edit
        if chosen is not None and chosen.strength != strength:
            self.session.stack.push(commands.SetStrength(self.session, index, strength, gesture))

    def _change_mask(self, what: str) -> None:
        chosen, index = self.session.selected_edit, self.session.selected
        if chosen is None or chosen.mask is None:
            return
        if what == "remove":
            command = commands.SetMask(self.session, index, None, self.tr("Apply everywhere"))
        else:
            on = what == "stay"
            text = self.tr("Keep to the surface") if on else self.tr("Paint freely")
            command = commands.SetMask(
                self.session, index, replace(chosen.mask, edge_aware=on), text
            )
        self.session.stack.push(command)

    def undo(self) -> None:
        """Take the last step back."""
        self.session.stack.undo()

    def redo(self) -> None:
        """Do the step again that was taken back."""
        self.session.stack.redo()

    def delete_edit(self) -> None:
        """Delete the selected edit."""
        if self.session.selected_edit is not None:
            self.session.stack.push(commands.RemoveEdit(self.session, self.session.selected))

    def switch_edit(self) -> None:
        """Switch the selected edit on or off."""
        chosen = self.session.selected_edit
        if chosen is not None:
            self.session.stack.push(
                commands.SwitchEdit(self.session, self.session.selected, not chosen.enabled)
            )

    def edit_earlier(self) -> None:
        """Apply the selected edit one place earlier."""
        self.move_edit(self.session.selected, self.session.selected - 1)

    def edit_later(self) -> None:
        """Apply the selected edit one place later."""
        self.move_edit(self.session.selected, self.session.selected + 1)

    def next_edit(self) -> None:
        """Select the edit below."""
        self.session.select(min(self.session.selected + 1, len(self.session.edits) - 1))

    def previous_edit(self) -> None:
        """Select the edit above."""
        self.session.select(max(self.session.selected - 1, 0))

    def brighter(self) -> None:
        """A tenth of a stop up."""
        self._nudge_exposure(0.1)

    def darker(self) -> None:
        """A tenth of a stop down."""
        self._nudge_exposure(-0.1)

    def remove_all(self) -> None:
        """Take all edits off; undo brings them back."""
        if self.session.edits:
            self.session.stack.push(
                commands.ReplaceEdits(self.session, (), self.tr("Remove all edits"))
            )

    def _edits_changed(self) -> None:
        self._edits_shown()
        self.looks.set_used([e.operator for e in self.session.edits])
        self._keep_recovery()

    def _edits_shown(self) -> None:
        session = self.session
        self.adjust.show_edits(session.edits, session.selected, session.photo is not None)
        self._enable_actions()

    def _keep_recovery(self) -> None:
        if self.session.modified:
            self.recovery.keep(self.session.origin, self.session.edits)
        elif self.session.origin.path:
            self.recovery.drop()

    def _enable_actions(self) -> None:
        stack, chosen = self.session.stack, self.session.selected_edit
        have = {
            "": True,
            "photo": self.session.photo is not None,
            "edit": chosen is not None,
            "undo": stack.canUndo(),
            "redo": stack.canRedo(),
            "brush": self.brushwork.on,
        }
        for spec in ACTIONS:
            self.actions_by_id[spec.id].setEnabled(have[spec.needs])
        for name, text, verb in (
            ("undo", stack.undoText(), self.tr("&Undo {what}")),
            ("redo", stack.redoText(), self.tr("&Redo {what}")),
        ):
            self.actions_by_id[name].setText(verb.format(what=text).strip())

    # -- view --------------------------------------------------------------------------------------

    def zoom_in(self) -> None:
        """The next zoom step."""
        self.canvas.zoom_step(+1)

    def zoom_out(self) -> None:
        """The zoom step before."""
        self.canvas.zoom_step(-1)

    def zoom_fit(self) -> None:
        """The whole photo."""
        self.canvas.fit()

    def zoom_actual(self) -> None:
        """Pixel on pixel."""
        self.canvas.zoom_to(1.0)

    def compare(self, on: bool) -> None:
        """The split bar."""
        self.canvas.set_split(0.5 if on else None)

    def mark_clipping(self, on: bool) -> None:
        """Mark what is clipped."""
        self.settings["clipping"] = on
        self.adjust.histogram.set_marks(on)
        self.rendering.mark_clipping(on)

    def panels(self, on: bool) -> None:
        """Show or hide the side panels."""
        self.settings["window/panels"] = on
        self._show_panels(on)

    def _show_panels(self, on: bool) -> None:
        self.looks.setVisible(on)
        self.adjust.setVisible(on)
        self.actions_by_id["panels"].setChecked(on)

    def full_screen(self, on: bool) -> None:
        """The window over the whole screen."""
        self.showFullScreen() if on else self.showNormal()

    def _show_zoom(self) -> None:
        if self.session.photo is None:
            self.zoom_label.setText("")
            self.colour_label.setText("")
            return
        scale = self.canvas.view.scale * 100
        self.zoom_label.setText(f"{scale:.0f} %" if scale >= 10 else f"{scale:.1f} %")

    def _hover(self, at: tuple[float, float] | None) -> None:
        self._hovered = at
        self._show_colour()

    def _show_colour(self) -> None:
        photo = self.session.photo
        if photo is None or self._hovered is None:
            self.colour_label.setText("")
            return
        x, y = int(self._hovered[0] // 1), int(self._hovered[1] // 1)
        width, height = photo.size
        if not (0 <= x < width and 0 <= y < height):
            self.colour_label.setText("")
            return
        pixels = photo.pixels
        frame = self._frame
        if frame is not None and frame.photo is photo and not self.canvas.showing_before:
            pixels = frame.pixels if any(e.acts for e in frame.edits) else photo.pixels
        row = min(int(y * pixels.shape[0] / height), pixels.shape[0] - 1)
        column = min(int(x * pixels.shape[1] / width), pixels.shape[1] - 1)
        r, g, b = (int(v) for v in pixels[row, column])
        self.colour_label.setText(f"{x}, {y}   {r} {g} {b}")

    def _framed(self, frame: PreviewFrame) -> None:
        self._frame = frame
        self.adjust.histogram.show_histogram(frame.histogram)
        self._show_colour()

    # -- brush -------------------------------------------------------------------------------------

    def brush(self, on: bool) -> None:
        """Take the brush in hand or put it away."""
        self.brushwork.take(on and self.session.photo is not None)
        self.adjust.show_brush(on)
        self._enable_actions()
        if on:
            self.canvas.setFocus()

    def brush_smaller(self) -> None:
        """A smaller brush."""
        self.brushwork.resize(1 / 1.2)

    def brush_larger(self) -> None:
        """A larger brush."""
        self.brushwork.resize(1.2)

    def brush_harder(self) -> None:
        """A harder edge."""
        self.brushwork.soften(-0.1)

    def brush_softer(self) -> None:
        """A softer edge."""
        self.brushwork.soften(0.1)

    def brush_erase(self, on: bool) -> None:
        """Strokes take away."""
        self.adjust.brush.erase.setChecked(on)

    def brush_overlay(self, on: bool) -> None:
        """Show where the edit acts."""
        self.adjust.brush.overlay.setChecked(on)

    def brush_stay(self, on: bool) -> None:
        """Masks keep to the surface painted on."""
        if self.adjust.brush.stay.isChecked() != on:
            self.adjust.brush.stay.setChecked(on)
            self.brushwork.set_stay(on)

    # -- export, restore, save ---------------------------------------------------------------------

    def export(self) -> None:
        """Show the export dialog."""
        if self.session.document is None or self._export_dialog is not None:
            return
        dialog = ExportDialog(
            self.session.document, self.session.origin, self.jobs, self.settings, self
        )
        self._export_dialog = dialog
        dialog.exported.connect(self._exported)
        dialog.finished.connect(self._export_closed)
        dialog.open()

    def _export_closed(self, result: int) -> None:
        dialog, self._export_dialog = self._export_dialog, None
        if dialog is not None:
            dialog.deleteLater()
        then, self._then = self._then, None
        if result and then is not None:
            then()

    def _exported(self, path: Path, report: ExportReport) -> None:
        self.session.saved()
        self.recovery.drop()
        if report.restored is not None:
            text = self.tr("Exported “{name}”: its original comes back at {quality}.").format(
                name=path.name, quality=report.restored
            )
            kind = "success"
        else:
            text = self.tr("Exported “{name}”, not restorable: {why}").format(
                name=path.name, why=report.why_not
            )
            kind = "warning"
        self.tell(text, kind, ((self.tr("Show in folder"), lambda: _show_in_folder(path)),))

    def save(self) -> None:
        """Save a restored original as a plain picture; export an edited photo."""
        if self.session.photo is None:
            return
        if self.session.edits or not self.session.origin.restored:
            self.export()
        else:
            self.save_restored()

    def save_restored(self) -> None:
        """Save the restored original as a lossless picture."""
        photo, origin = self.session.photo, self.session.origin
        if photo is None:
            return
        folder = suggested_folder(origin, self.settings)
        name = free_name(folder, f"{Path(origin.name).stem}-original", ".png")
        path = asking.file_to_save(
            self, self.tr("Save the original"), folder / name, ";;".join(_SAVE_FILTERS.values())
        )
        if path is None:
            self._then = None
            return
        if not path.suffix:
            path = path.with_suffix(".png")
        try:
            fmt = ExportFormat.for_path(path)
        except (PictureError, ValueError) as error:
            self.tell(str(error), "error")
            return
        # The dialog has asked about an existing file already.
        request = SavePicture(path=path, picture=photo, fmt=fmt, overwrite=path.exists())
        self._saving = (request, origin)
        self.jobs.submit(request)

    def restore_original(self) -> None:
        """The original that the open export carries."""
        self._restore(re_edit=False)

    def re_edit(self) -> None:
        """The original, with the export's edit list back on top."""
        self._restore(re_edit=True)

    def _restore(self, *, re_edit: bool) -> None:
        photo, origin = self.session.photo, self.session.origin
        if photo is None:
            return
        if origin.restored:
            self.tell(self.tr("This is the restored original already."))
            return
        request = Restore(source=photo, re_edit=re_edit, device=self.settings["device"])
        self._unless_unsaved(lambda: self._open(request, replace(origin, restored=True)))

    def _show_banner(self, inspection: Inspection) -> None:
        """Tell that the open picture is an export."""
        actions: list[tuple[str, Callable[[], None]]] = [
            (self.tr("Restore original"), self.restore_original)
        ]
        if inspection.edits:
            actions.append((self.tr("Re-edit"), self.re_edit))
        self.tell(
            self.tr("This picture carries its own original."), "info", tuple(actions), key="banner"
        )

    def _restored(self, result: RestoredPhoto) -> None:
        edits = result.opened.document.edits
        origin = self._opening_origin
        recovering = self._recovering is not None
        self._show_opened(result.opened, origin, unsaved=not edits)
        if recovering:
            return
        if edits:
            self.tell(
                self.tr("The original with its edit list on top: everything can be changed."),
                "success",
            )
        else:
            actions: list[tuple[str, Callable[[], None]]] = [(self.tr("Save…"), self.save_restored)]
            listed = result.restored.edits
            if listed:
                actions.append((self.tr("Put the edits back"), lambda: self._put_back(listed)))
            self.tell(self.tr("The original is restored."), "success", tuple(actions))

    def _put_back(self, edits: tuple[Edit, ...]) -> None:
        self.session.stack.push(
            commands.ReplaceEdits(self.session, edits, self.tr("Put the edits back"))
        )

    # -- unsaved work and recovery -----------------------------------------------------------------

    def _unless_unsaved(self, then: Callable[[], None]) -> None:
        """Go on, after asking about unsaved work; saving first when the user wants to."""
        if not self.session.modified:
            then()
            return
        answer = asking.what_about_unsaved(self, self.session.origin.name)
        if answer is asking.Unsaved.DISCARD:
            then()
        elif answer is asking.Unsaved.SAVE:
            self._then = then
            self.save()

    def offer_recovery(self) -> None:
        """Offer what a crash has left, the newest session first."""
        lost = self.recovery.find_lost()
        if not lost:
            return
        newest = lost[0]
        self.tell(
            self.tr("Pentimento ended unexpectedly while “{name}” was being edited.").format(
                name=newest.origin.name
            ),
            "warning",
            (
                (self.tr("Recover the edits"), lambda: self._recover(newest)),
                (self.tr("Discard them"), lambda: discard(newest)),
            ),
            key="recovery",
        )

    def _recover(self, lost: Lost) -> None:
        self._recovering = lost
        source = Path(lost.origin.path)
        if not lost.origin.path:
            source = lost.file.with_suffix(".png")
        request: Request
        if lost.origin.restored:
            request = Restore(source=source, edits=lost.edits, device=self.settings["device"])
        else:
            keep = None if lost.origin.path else self.recovery.photo_copy
            request = Open(source=source, edits=lost.edits, keep_copy=keep)
        self._open(request, lost.origin)

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
                if self.inspection is not None and self.inspection.found is not None:
                    self._show_banner(self.inspection)
        elif self._saving is not None and request is self._saving[0]:
            path, self._saving = self._saving[0].path, None
            self.session.saved()
            self.recovery.drop()
            self.tell(
                self.tr("Saved “{name}”.").format(name=path.name),
                "success",
                ((self.tr("Show in folder"), lambda: _show_in_folder(path)),),
            )
            then, self._then = self._then, None
            if then is not None:
                then()
        elif request is self._copying:
            self._copying = None
            QGuiApplication.clipboard().setImage(_qimage(result))  # type: ignore[arg-type]
            self.tell(self.tr("The picture is in the clipboard."), key="copied")
        elif isinstance(request, DescribeDevice) and self._about is not None:
            self._about.show_device(str(result))

    def _on_failed(self, request: Request, error: BaseException) -> None:
        """Say what happened and what to do; the editor goes on."""
        if isinstance(request, (EncodeExport, EstimateSize)) and self._export_dialog is not None:
            return  # told by the dialog
        text = str(error) if isinstance(error, PictureError) else self._explain(request, error)
        if request is self._opening:
            if isinstance(request, Open) and isinstance(request.source, Path):
                self.settings.forget_file(str(request.source))
                self.empty.show_recent(self.settings["recent"])
            self._opening, self._recovering = None, None
        elif self._saving is not None and request is self._saving[0]:
            self._saving, self._then = None, None
        elif isinstance(request, (Inspect, WarmUp)):
            # Editing works without the networks; exporting will tell what is wrong, in full.
            if type(error).__name__ != "WeightsError":
                self.tell(text, "warning", key="networks")
            return
        elif isinstance(request, Thumbnail):
            self.rendering.next_thumbnail()
            return
        elif isinstance(request, DescribeDevice):
            if self._about is not None:
                self._about.show_device(str(error))
            return
        self.tell(text, "error", key=f"failed {request.lane}")

    def _explain(self, request: Request, error: BaseException) -> str:
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

    def _on_progressed(self, request: Request, share: float, what: str) -> None:
        self.job_label.setText(what)
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

    # -- settings and help -------------------------------------------------------------------------

    def preferences(self) -> None:
        """Show the preferences."""
        PreferencesDialog(self.settings, self).open()

    def _setting_changed(self, name: str) -> None:
        if name == "theme":
            self.dress()
        elif name == "threads":
            self.jobs.submit(SetThreads(count=self.settings.thread_count))

    def dress(self) -> None:
        """Put the theme of the settings on."""
        app = QApplication.instance()
        assert isinstance(app, QApplication)
        theme.apply(app, theme.choose(self.settings["theme"]))
        self._refresh_icons()
        self.empty.refresh()
        self.notifications.refresh()
        self._edits_shown()
        for widget in self.findChildren(QWidget):
            widget.update()

    def shortcuts(self) -> None:
        """Show every key."""
        ShortcutSheet(self).open()

    def about(self) -> None:
        """Show versions and device."""
        self._about = AboutDialog(self)
        self._about.finished.connect(self._about_closed)
        self._about.open()
        self.jobs.submit(DescribeDevice(device=self.settings["device"]))

    def _about_closed(self) -> None:
        self._about = None

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

    def quit(self) -> None:
        """Close the window."""
        self.close()

    def closeEvent(self, event: QCloseEvent) -> None:
        """Ask about unsaved work; end the background thread."""
        if self.session.modified:
            answer = asking.what_about_unsaved(self, self.session.origin.name)
            if answer is asking.Unsaved.SAVE:
                self._then = self.close
                self.save()
            if answer is not asking.Unsaved.DISCARD:
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


def _origin(path: Path) -> Origin:
    with contextlib.suppress(OSError):
        path = path.absolute()
    return Origin(path=str(path), name=path.name)


def _picture(image: QImage) -> Picture:
    """The pixels of a QImage, with its transparency."""
    alpha = None
    if image.hasAlphaChannel():
        rgba = image.convertToFormat(QImage.Format.Format_RGBA8888)
        both = _array(rgba, 4)
        pixels = np.ascontiguousarray(both[..., :3])
        if int(both[..., 3].min()) < 255:
            alpha = np.ascontiguousarray(both[..., 3])
    else:
        pixels = _array(image.convertToFormat(QImage.Format.Format_RGB888), 3).copy()
    return Picture(pixels, alpha)


def _array(image: QImage, channels: int) -> np.ndarray:
    rows = np.frombuffer(image.constBits(), np.uint8).reshape(image.height(), -1)
    return rows[:, : image.width() * channels].reshape(image.height(), image.width(), channels)


def _qimage(pixels: np.ndarray) -> QImage:
    kept = np.ascontiguousarray(pixels)
    height, width = kept.shape[:2]
    return QImage(kept.data, width, height, width * 3, QImage.Format.Format_RGB888).copy()


def _show_in_folder(path: Path) -> None:
    QDesktopServices.openUrl(QUrl.fromLocalFile(str(path.parent)))


def report_exception(window: MainWindow) -> Callable[..., None]:
    """A hook for exceptions that nothing has caught: told in the bar, and printed."""

    def hook(kind: type[BaseException], error: BaseException, trace: object) -> None:
        sys.__excepthook__(kind, error, trace)  # type: ignore[arg-type]
        if issubclass(kind, Exception):
            text = window.tr("Something went wrong ({what}). Your edits are kept.").format(
                what=str(error) or kind.__name__
            )
            window.tell(text, "error", key="exception")

    return hook
