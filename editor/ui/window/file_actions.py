"""What the user does with files: open, paste, export, restore, save, recover."""

from __future__ import annotations

import contextlib
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
from PySide6.QtCore import QUrl
from PySide6.QtGui import (
    QDesktopServices,
    QGuiApplication,
    QImage,
)

from editor.engine.edits import Edit
from editor.files import formats
from editor.files.encoding import ExportFormat
from editor.files.picture import Picture, PictureError
from editor.ui.dialogs import prompts
from editor.ui.dialogs.export_dialog import (
    ExportDialog,
    free_name,
    pictures_folder,
    suggested_folder,
)
from editor.ui.panels.empty_state import sample_photo
from editor.ui.session import undo_commands
from editor.ui.session.recovery import Lost, discard
from editor.ui.session.session import Origin
from editor.ui.texts.engine_messages import engine_text, quality_text
from editor.ui.texts.language import number
from editor.ui.worker.requests import (
    FullLook,
    Open,
    OpenedPhoto,
    Request,
    Restore,
    RestoredPhoto,
    SavePicture,
)

if TYPE_CHECKING:
    from editor.engine.export import ExportReport
    from editor.engine.restore import Inspection


from editor.ui.window.window_base import WindowBase

_SAVE_FILTERS = ";;".join(f"{fmt.name} ({fmt.patterns})" for fmt in formats.LOSSLESS)


class FileVerbs(WindowBase):
    """The File menu, and everything that brings another photo."""

    # -- opening -----------------------------------------------------------------------------------

    def open_photo(self) -> None:
        """Ask for a photo and open it."""
        folder = self.settings["open/folder"] or pictures_folder()
        path = prompts.photo_to_open(self, folder)
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

    def welcome(self) -> None:
        """At the very first start: open the sample photo and say how to begin."""
        if self.settings["welcomed"] or sample_photo() is None:
            return
        self.settings["welcomed"] = True
        self._welcoming = True
        self.open_sample()

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

    def _copied(self, pixels: np.ndarray) -> None:
        """The full look has been rendered for the clipboard."""
        self._copying = None
        QGuiApplication.clipboard().setImage(_qimage(pixels))
        self.tell(self.tr("The picture is in the clipboard."), key="copied")

    def close_photo(self) -> None:
        """Close the photo, once unsaved work is taken care of."""
        self._unless_unsaved(self._close_photo)

    def _close_photo(self) -> None:
        self.inspection = None
        self.session.close()
        self.rendering.close_photo()
        self.notifications.clear()
        self.recovery.drop()
        self.photo_changed()

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
        self.photo_changed()
        if origin.path and not origin.restored and origin.path != str(sample_photo()):
            self.settings.remember_file(origin.path)
        if self._recovering is not None:
            lost, self._recovering = self._recovering, None
            self.session.mark_unsaved()
            discard(lost)
            self.tell(self.tr("Your edits are back."), "success")
        elif self._welcoming:
            self.tell(
                self.tr(
                    "Welcome! Try this sample photo: click a look on the left, or drag Exposure on "
                    "the right, then press Export."
                ),
                "info",
                ((self.tr("Open a photo of mine"), self.open_photo),),
                key="welcome",
            )
        self._welcoming = False
        self.keep_recovery()

    def photo_changed(self) -> None:
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
                    width=width, height=height, mp=number(megapixels, 1)
                )
            )
            notes = [engine_text(note) for note in photo.notes]
            self.note_label.setText("  ".join(notes))
            self.note_label.setToolTip("\n".join(notes))
            self.canvas.setFocus()
        self.brushwork.take(self.actions_by_id["brush"].isChecked() and photo is not None)
        self.rendering.mark_clipping(self.actions_by_id["mark-clipping"].isChecked())
        self.show_edits()
        self.show_title()
        self.show_zoom()

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
                name=path.name, quality=quality_text(report.restored)
            )
            kind = "success"
        else:
            text = self.tr("Exported “{name}”, not restorable: {why}").format(
                name=path.name, why=engine_text(report.why_not)
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
        name = free_name(folder, f"{Path(origin.name).stem}-original", formats.PNG.suffix)
        path = prompts.file_to_save(
            self, self.tr("Save the original"), folder / name, _SAVE_FILTERS
        )
        if path is None:
            self._then = None
            return
        if not path.suffix:
            path = path.with_suffix(formats.PNG.suffix)
        try:
            fmt = ExportFormat.for_path(path)
        except PictureError as error:
            self.tell(engine_text(error.message), "error")
            return
        # The dialog has asked about an existing file already.
        request = SavePicture(path=path, picture=photo, fmt=fmt, overwrite=path.exists())
        self._saving = (request, origin)
        self.jobs.submit(request)

    def _saved(self, path: Path) -> None:
        """A restored original is in a file of its own now."""
        self._saving = None
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
            undo_commands.ReplaceEdits(self.session, edits, self.tr("Put the edits back"))
        )

    # -- unsaved work and recovery -----------------------------------------------------------------

    def _unless_unsaved(self, then: Callable[[], None]) -> None:
        """Go on, after asking about unsaved work; saving first when the user wants to."""
        if not self.session.modified:
            then()
            return
        answer = prompts.what_about_unsaved(self, self.session.origin.name)
        if answer is prompts.Unsaved.DISCARD:
            then()
        elif answer is prompts.Unsaved.SAVE:
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
