"""How the user looks at the photo and sets up the window."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtWidgets import (
    QApplication,
    QWidget,
)

from editor.ui.dialogs.dialogs import AboutDialog, PreferencesDialog, ShortcutSheet
from editor.ui.texts.language import number
from editor.ui.widgets import theme
from editor.ui.worker.requests import (
    DescribeDevice,
    PreviewFrame,
    SetThreads,
)

if TYPE_CHECKING:
    pass


from editor.ui.window.window_base import WindowBase


class ViewVerbs(WindowBase):
    """The View and Help menus, the status line and the preferences."""

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

    def show_zoom(self) -> None:
        if self.session.photo is None:
            self.zoom_label.setText("")
            self.colour_label.setText("")
            return
        scale = self.canvas.view.scale * 100
        self.zoom_label.setText(f"{number(scale, 0 if scale >= 10 else 1)} %")

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
        pixels, frame = photo.pixels, self._frame
        if (
            frame is not None
            and frame.photo is photo
            and any(e.acts for e in frame.edits)
            and not self.canvas.shows_photo_at(self._hovered[0])
        ):
            sharp = self.rendering.sharp_pixels
            pixels = frame.pixels if sharp is None else sharp
        row = min(int(y * pixels.shape[0] / height), pixels.shape[0] - 1)
        column = min(int(x * pixels.shape[1] / width), pixels.shape[1] - 1)
        r, g, b = (int(v) for v in pixels[row, column])
        self.colour_label.setText(f"{x}, {y}   {r} {g} {b}")

    def _framed(self, frame: PreviewFrame) -> None:
        self._frame = frame
        self.adjust.histogram.show_histogram(frame.histogram)
        self._show_colour()

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
        self.refresh_icons()
        self.empty.refresh()
        self.notifications.refresh()
        self.show_edits()
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
