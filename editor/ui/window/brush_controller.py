"""The brush: turns strokes on the canvas into edits with masks, live under the cursor."""

from __future__ import annotations

from dataclasses import replace
from functools import partial

from PySide6.QtCore import QObject

from editor.engine.edits import Edit, edit
from editor.engine.mask_moves import growth
from editor.engine.mask_parts import Mask, Stroke
from editor.engine.strokes import fit_surface
from editor.ui.canvas.canvas import Canvas
from editor.ui.canvas.input import Tool
from editor.ui.panels.adjust_panel import AdjustPanel
from editor.ui.session.mask_changes import painted
from editor.ui.session.session import Session
from editor.ui.session.settings import Settings
from editor.ui.session.undo_commands import PaintStroke
from editor.ui.widgets.notifications import Notifications
from editor.ui.widgets.slider_row import SliderRow
from editor.ui.window.action_set import Handlers
from editor.ui.window.mask_controller import MaskController
from editor.ui.window.render_controller import RenderController


class BrushController(QObject):
    """The brush: its settings, and what its strokes paint.

    Strokes go to the mask that the `MaskController` works on, else to a new retouching.
    """

    def __init__(
        self,
        session: Session,
        canvas: Canvas,
        rendering: RenderController,
        masks: MaskController,
        adjust: AdjustPanel,
        settings: Settings,
        notifications: Notifications,
        parent: QObject,
    ) -> None:
        super().__init__(parent)
        self._session, self._canvas, self._rendering = session, canvas, rendering
        self._masks, self._settings, self._notifications = masks, settings, notifications
        self._panel = panel = adjust.brush
        self._points: list[tuple[float, float, float]] = []
        for row, name in self._rows():
            row.set_value(settings[name])
        panel.stay.setChecked(settings["brush/stay_on_skin"])
        panel.changed.connect(self._settings_changed)
        panel.stay.toggled.connect(self.set_stay)
        canvas.strokes.begun.connect(self._begin)
        canvas.strokes.moved.connect(self._go_on)
        canvas.strokes.ended.connect(self._end)
        canvas.strokes.cancelled.connect(self._give_up)
        rendering.reframed.connect(self._show_ring)
        masks.taken.connect(lambda _: self._show_ring())

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

    # -- actions -----------------------------------------------------------------------------------

    def use(self, on: bool) -> None:
        """The switch of the brush."""
        if on and self._session.photo is not None:
            self._masks.take(Tool.BRUSH)
        elif self._masks.tool == Tool.BRUSH:
            self._masks.put_away()

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
        self._show_ring()

    def _show_ring(self) -> None:
        photo = self._session.photo
        if photo is not None:
            size = self._settings["brush/size"] * max(self._rendering.shown_photo.size)
            self._canvas.strokes.set_brush(size, self._settings["brush/softness"])

    # -- strokes -----------------------------------------------------------------------------------

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
        edits, index = self._session.edits, self._masks.target
        stroke, part = self._stroke(), self._masks.part
        if index is None:
            new = self._fresh()
            return (*edits, replace(new, mask=painted(new.mask, stroke)))
        done = replace(edits[index], mask=painted(edits[index].mask, stroke, part))
        return (*edits[:index], done, *edits[index + 1 :])

    def _begin(self, x: float, y: float, pressure: float) -> None:
        self._points = []
        if self._panel.erase.isChecked() and self._masks.target is None:
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
        live = self._live_edits()
        self._masks.show_overlay(live)
        self._rendering.show_live(live)

    def _end(self) -> None:
        if not self._points:
            return
        stroke, index, part = self._stroke(), self._masks.target, self._masks.part
        self._points = []
        self._rendering.show_live(None)
        new = self._fresh() if index is None else None
        self._session.stack.push(PaintStroke(self._session, index, stroke, new, part))

    def _give_up(self) -> None:
        self._points = []
        self._rendering.show_live(None)
        self._masks.show_overlay()
