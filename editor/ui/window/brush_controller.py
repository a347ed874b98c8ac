"""The brush: turns strokes on the canvas into edits with masks, live under the cursor."""

from __future__ import annotations

from dataclasses import replace
from functools import partial

from PySide6.QtCore import QObject, Signal

from editor.engine.edits import Edit, Mask, Stroke, edit
from editor.engine.geometry import growth
from editor.engine.masks import fit_surface
from editor.ui.canvas.canvas import Canvas
from editor.ui.canvas.input import Tool
from editor.ui.panels.adjust_panel import AdjustPanel
from editor.ui.session.session import Session
from editor.ui.session.settings import Settings
from editor.ui.session.undo_commands import PaintStroke, with_stroke
from editor.ui.widgets.notifications import Notifications
from editor.ui.widgets.slider_row import SliderRow
from editor.ui.window.action_set import Handlers
from editor.ui.window.render_controller import RenderController


class BrushController(QObject):
    """The retouch brush.

    Strokes go to the selected edit if it has a mask, else to the last masked retouching, else to a
    new one. `taken`: the brush is in hand (True) or put away.
    """

    taken = Signal(bool)

    def __init__(
        self,
        session: Session,
        canvas: Canvas,
        rendering: RenderController,
        adjust: AdjustPanel,
        settings: Settings,
        notifications: Notifications,
        parent: QObject,
    ) -> None:
        super().__init__(parent)
        self._session, self._canvas, self._rendering = session, canvas, rendering
        self._adjust, self._settings, self._notifications = adjust, settings, notifications
        self._panel = panel = adjust.brush
        self._points: list[tuple[float, float, float]] = []
        self._on = False
        for row, name in self._rows():
            row.set_value(settings[name])
        panel.overlay.setChecked(settings["brush/overlay"])
        panel.stay.setChecked(settings["brush/stay_on_skin"])
        panel.changed.connect(self._settings_changed)
        panel.stay.toggled.connect(self.set_stay)
        canvas.strokes.begun.connect(self._begin)
        canvas.strokes.moved.connect(self._go_on)
        canvas.strokes.ended.connect(self._end)
        canvas.strokes.cancelled.connect(self._give_up)
        rendering.reframed.connect(self._show_ring)
        session.edits_changed.connect(self._edits_changed)
        session.selection_changed.connect(self._edits_changed)

    @property
    def handlers(self) -> Handlers:
        """What the actions of this controller do."""
        return {
            "brush": self.use,
            "brush-smaller": self.smaller,
            "brush-larger": self.larger,
            "brush-harder": self.harder,
            "brush-softer": self.softer,
            "brush-erase": self.erase,
            "brush-overlay": self.overlay,
            "brush-stay": self.stay,
            **{f"brush-strength-{n}": partial(self.set_strength, n / 10) for n in range(1, 11)},
        }

    def _rows(self) -> tuple[tuple[SliderRow, str], ...]:
        panel = self._panel
        return (
            (panel.diameter, "brush/size"),
            (panel.softness, "brush/softness"),
            (panel.strength, "brush/strength"),
        )

    @property
    def on(self) -> bool:
        """Whether the brush is in hand."""
        return self._on

    def take(self, on: bool) -> None:
        """Take the brush in hand, or put it away."""
        self._on = on
        self._canvas.set_tool(Tool.BRUSH if on else Tool.HAND)
        self._show_ring()
        self._show_overlay()
        self.taken.emit(on)

    # -- actions -----------------------------------------------------------------------------------

    def use(self, on: bool) -> None:
        """The switch of the brush: with a photo open it is taken, and its settings are shown."""
        self.take(on and self._session.photo is not None)
        self._adjust.show_brush(on)
        if on:
            self._canvas.setFocus()

    def smaller(self) -> None:
        """A smaller brush."""
        self._resize(1 / 1.2)

    def larger(self) -> None:
        """A larger brush."""
        self._resize(1.2)

    def harder(self) -> None:
        """A harder edge."""
        self._soften(-0.1)

    def softer(self) -> None:
        """A softer edge."""
        self._soften(0.1)

    def erase(self, on: bool) -> None:
        """Strokes take away."""
        self._panel.erase.setChecked(on)

    def overlay(self, on: bool) -> None:
        """Show where the edit acts."""
        self._panel.overlay.setChecked(on)

    def stay(self, on: bool) -> None:
        """Strokes keep to the surface painted on."""
        self._panel.stay.setChecked(on)

    # -- settings ----------------------------------------------------------------------------------

    def _resize(self, factor: float) -> None:
        self._set("brush/size", min(max(self._settings["brush/size"] * factor, 0.002), 0.4))

    def _soften(self, by: float) -> None:
        self._set("brush/softness", min(max(self._settings["brush/softness"] + by, 0.0), 1.0))

    def set_strength(self, strength: float) -> None:
        """How much of the edit strokes let through, 0..1."""
        self._set("brush/strength", strength)

    def set_stay(self, on: bool) -> None:
        """Whether strokes from now on keep to the surface they are painted on."""
        self._settings["brush/stay_on_skin"] = on

    def _set(self, name: str, value: float) -> None:
        self._settings[name] = value
        for row, setting in self._rows():
            if setting == name:
                row.set_value(value)
        self._show_ring()

    def _settings_changed(self) -> None:
        for row, name in self._rows():
            self._settings[name] = min(max(row.value, 0.002 if name == "brush/size" else 0), 1)
        self._settings["brush/overlay"] = self._panel.overlay.isChecked()
        self._show_ring()
        self._show_overlay()

    def _show_ring(self) -> None:
        photo = self._session.photo
        if photo is not None:
            size = self._settings["brush/size"] * max(self._rendering.shown_photo.size)
            self._canvas.strokes.set_brush(size, self._settings["brush/softness"])

    # -- strokes -----------------------------------------------------------------------------------

    @property
    def target(self) -> int | None:
        """The edit that the next stroke paints on; None: a new one."""
        edits, chosen = self._session.edits, self._session.selected_edit
        if chosen is not None and chosen.mask is not None:
            return self._session.selected
        masked = [i for i, e in enumerate(edits) if e.operator == "retouch" and e.mask is not None]
        return masked[-1] if masked else None

    def _fresh(self) -> Edit:
        return edit("retouch", mask=Mask())

    def _stroke(self) -> Stroke:
        stroke = Stroke(
            tuple(self._points),
            size=self._settings["brush/size"] / growth(self._rendering.shown_frame),
            softness=self._settings["brush/softness"],
            strength=self._settings["brush/strength"],
            erase=self._panel.erase.isChecked(),
            stays=self._settings["brush/stay_on_skin"] and not self._panel.erase.isChecked(),
        )
        photo = self._session.photo
        if stroke.stays and photo is not None:
            return replace(stroke, surface=fit_surface(stroke, photo.pixels))
        return stroke

    def _live_edits(self) -> tuple[Edit, ...]:
        edits, index = self._session.edits, self.target
        if index is None:
            new = self._fresh()
            return (*edits, replace(new, mask=with_stroke(new.mask, self._stroke())))
        painted = replace(edits[index], mask=with_stroke(edits[index].mask, self._stroke()))
        return (*edits[:index], painted, *edits[index + 1 :])

    def _begin(self, x: float, y: float, pressure: float) -> None:
        self._points = []
        if self._panel.erase.isChecked() and self.target is None:
            self._notifications.tell(
                self.tr("Nothing is painted here yet, so there is nothing to erase.")
            )
            return
        self._go_on(x, y, pressure, first=True)

    def _go_on(self, x: float, y: float, pressure: float, *, first: bool = False) -> None:
        photo = self._session.photo
        if photo is None or (not first and not self._points):
            return
        # Masks are of the whole photo, however it is cropped.
        edge = max(photo.size)
        x, y = self._rendering.shown_frame.to_photo(x, y)
        self._points.append((x / edge, y / edge, pressure))
        self._show_overlay(live=True)
        self._rendering.show_live(self._live_edits())

    def _end(self) -> None:
        if not self._points:
            return
        stroke, index = self._stroke(), self.target
        self._points = []
        self._rendering.show_live(None)
        new = self._fresh() if index is None else None
        self._session.stack.push(PaintStroke(self._session, index, stroke, new))

    def _give_up(self) -> None:
        self._points = []
        self._rendering.show_live(None)
        self._show_overlay()

    # -- overlay -----------------------------------------------------------------------------------

    def _edits_changed(self) -> None:
        index = self.target
        self._panel.show_target(None if index is None else self._session.edits[index])
        self._show_ring()
        self._show_overlay()

    def _show_overlay(self, *, live: bool = False) -> None:
        if not self._on or not self._settings["brush/overlay"]:
            self._rendering.show_mask(None)
            return
        edits = self._live_edits() if live and self._points else self._session.edits
        index = self.target
        if index is None:
            index = len(edits) - 1 if live else None
        self._rendering.show_mask(None if index is None else edits[index].mask)
