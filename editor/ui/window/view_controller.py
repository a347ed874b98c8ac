"""How the user looks at the photo: zoom, comparing, clipping marks, panels, colour readout."""

from __future__ import annotations

from PySide6.QtCore import QObject

from editor.ui.session.session import Session
from editor.ui.session.settings import Settings
from editor.ui.window.action_set import ActionSet, Handlers
from editor.ui.window.render_controller import RenderController
from editor.ui.window.status_line import StatusLine
from editor.ui.window.workspace import Workspace
from editor.ui.worker.look_requests import PreviewFrame


class ViewController(QObject):
    """The View menu, and what the status line says of the view."""

    def __init__(
        self,
        session: Session,
        settings: Settings,
        workspace: Workspace,
        rendering: RenderController,
        status: StatusLine,
        actions: ActionSet,
        parent: QObject,
    ) -> None:
        super().__init__(parent)
        self._session, self._settings, self._workspace = session, settings, workspace
        self._canvas, self._histogram = workspace.canvas, workspace.adjust.histogram
        self._rendering, self._status, self._actions = rendering, status, actions
        self._hovered: tuple[float, float] | None = None
        self._canvas.view_changed.connect(self.show_zoom)
        self._canvas.hovered.connect(self._hover)
        self._canvas.before_shown.connect(lambda _: self._show_histogram())
        self._canvas.before_shown.connect(lambda _: self._show_colour())
        self._histogram.marks_wanted.connect(actions["mark-clipping"].setChecked)
        rendering.framed.connect(self._framed)
        rendering.settled.connect(self._show_colour)

    @property
    def handlers(self) -> Handlers:
        """What the actions of this controller do."""
        return {
            "zoom-in": self.zoom_in,
            "zoom-out": self.zoom_out,
            "zoom-fit": self.zoom_fit,
            "zoom-actual": self.zoom_actual,
            "compare": self.compare,
            "mark-clipping": self.mark_clipping,
            "panels": self.show_panels,
            "history": self.show_history,
        }

    def show_history(self, on: bool) -> None:
        """Show the steps that were done, below the panel on the right."""
        self._settings["panel/history"] = on
        self._workspace.adjust.history.setVisible(on)

    # -- zoom --------------------------------------------------------------------------------------

    def zoom_in(self) -> None:
        """The next zoom step."""
        self._canvas.zoom_step(+1)

    def zoom_out(self) -> None:
        """The zoom step before."""
        self._canvas.zoom_step(-1)

    def zoom_fit(self) -> None:
        """The whole photo."""
        self._canvas.fit()

    def zoom_actual(self) -> None:
        """One pixel of the photo on one of the screen."""
        self._canvas.zoom_to(1.0)

    def show_zoom(self) -> None:
        """Show the zoom in the status line."""
        if self._session.photo is None:
            self._status.show_zoom(None)
            self._status.clear_colour()
        else:
            self._status.show_zoom(self._canvas.view.scale)

    # -- switches ----------------------------------------------------------------------------------

    def compare(self, on: bool) -> None:
        """The compare bar."""
        self._canvas.set_split(self._canvas.split_place if on else None)

    def mark_clipping(self, on: bool) -> None:
        """Mark what is clipped."""
        self._settings["clipping"] = on
        self._histogram.set_marks(on)
        self._rendering.mark_clipping(on)

    def show_panels(self, on: bool) -> None:
        """Show or hide the side panels."""
        self._settings["window/panels"] = on
        self._workspace.show_panels(on)
        self._actions["panels"].setChecked(on)

    # -- histogram and colour under the cursor -----------------------------------------------------

    def _framed(self, _frame: PreviewFrame) -> None:
        self._show_histogram()
        self._show_colour()

    def _show_histogram(self) -> None:
        """That of the look, or of the photo while it is shown alone."""
        frame = self._rendering.frame
        if frame is not None:
            before = self._canvas.holding_before
            self._histogram.show_histogram(frame.before if before else frame.histogram)
            self._workspace.adjust.curve.editor.show_counts(frame.before.counts)

    def _hover(self, at: tuple[float, float] | None) -> None:
        self._hovered = at
        self._show_colour()

    def _show_colour(self) -> None:
        photo = self._session.photo
        if photo is None or self._hovered is None:
            self._status.clear_colour()
            return
        x, y = int(self._hovered[0] // 1), int(self._hovered[1] // 1)
        width, height = self._rendering.shown_photo.size
        if not (0 <= x < width and 0 <= y < height):
            self._status.clear_colour()
            return
        pixels = self._rendering.compared_pixels
        if not self._canvas.shows_photo_at(self._hovered[0]):
            pixels = self._rendering.shown_pixels
        row = min(int(y * pixels.shape[0] / height), pixels.shape[0] - 1)
        column = min(int(x * pixels.shape[1] / width), pixels.shape[1] - 1)
        r, g, b = (int(v) for v in pixels[row, column])
        self._status.show_colour(x, y, (r, g, b))
