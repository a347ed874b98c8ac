"""Masks: which edit's is worked on and which part of it; gradients, parts and the overlay."""

from __future__ import annotations

import itertools
from dataclasses import replace

from PySide6.QtCore import QObject, Signal

from editor.engine.edits import Edit
from editor.engine.geometry import is_geometry
from editor.engine.mask_moves import moved_shape
from editor.engine.mask_parts import (
    Brush,
    How,
    LinearGradient,
    Mask,
    MaskPart,
    RadialGradient,
    Shape,
)
from editor.ui.canvas.canvas import Canvas
from editor.ui.canvas.input import Tool
from editor.ui.panels.adjust_panel import AdjustPanel
from editor.ui.panels.mask_panel import BRUSH, LINEAR, RADIAL, part_name
from editor.ui.session.gradient_numbers import with_number
from editor.ui.session.mask_changes import brush_of, with_new_part, with_part, without_part
from editor.ui.session.session import Session
from editor.ui.session.settings import Settings
from editor.ui.session.undo_commands import ChangeEdit
from editor.ui.window.action_set import Handlers
from editor.ui.window.render_controller import RenderController

_SHAPES: dict[str, type[Brush | LinearGradient | RadialGradient]] = {
    BRUSH: Brush,
    LINEAR: LinearGradient,
    RADIAL: RadialGradient,
}
_TOOLS = (Tool.BRUSH, Tool.GRADIENT)


class MaskController(QObject):
    """The tools for masks. Strokes themselves are the `BrushController`'s.

    `taken`: a tool for masks is in hand (True), or none is.
    """

    taken = Signal(bool)

    def __init__(
        self,
        session: Session,
        canvas: Canvas,
        rendering: RenderController,
        adjust: AdjustPanel,
        settings: Settings,
        parent: QObject,
    ) -> None:
        super().__init__(parent)
        self._session, self._canvas, self._rendering = session, canvas, rendering
        self._adjust, self._settings, self._panel = adjust, settings, adjust.masking
        self._tool = Tool.HAND
        self._part: int | None = None
        self._of = -1
        self._armed = False
        self._gestures = itertools.count(-2, -1)  # sliders count upwards
        panel = self._panel
        panel.overlay.setChecked(settings["brush/overlay"])
        panel.overlay.toggled.connect(self._set_overlay)
        panel.done.connect(self.put_away)
        panel.part_chosen.connect(self.choose)
        panel.add_wanted.connect(self._add_here)
        panel.delete_wanted.connect(self._delete)
        panel.how_changed.connect(self._set_how)
        panel.inverted_changed.connect(self._set_inverted)
        panel.opacity_changed.connect(self._set_opacity)
        panel.number_changed.connect(self._set_number)
        adjust.selected.mask_wanted.connect(self.add)
        adjust.selected.masking_wanted.connect(self.work)
        adjust.selected.unmask_wanted.connect(self._unmask)
        canvas.handles.moved.connect(self._drag)
        canvas.handles.ended.connect(self._let_go)
        canvas.handles.cancelled.connect(self._give_up)
        rendering.reframed.connect(self._show)
        session.edits_changed.connect(self.follow)
        session.selection_changed.connect(self.follow)

    @property
    def handlers(self) -> Handlers:
        """What the actions of this controller do."""
        return {
            "mask-brush": lambda: self.add(BRUSH),
            "mask-linear": lambda: self.add(LINEAR),
            "mask-radial": lambda: self.add(RADIAL),
            "mask-invert": self.invert,
            "brush-overlay": self._panel.overlay.setChecked,
        }

    # -- what is worked on -------------------------------------------------------------------------

    @property
    def on(self) -> bool:
        """Whether a tool for masks is in hand."""
        return self._tool in _TOOLS

    @property
    def tool(self) -> Tool:
        """The tool in hand; `Tool.HAND` for none."""
        return self._tool

    @property
    def target(self) -> int | None:
        """The edit whose mask is worked on: the selected one, if it has a mask.

        Else, with the brush in hand, the last retouching that has one; None: a new one.
        """
        edits, chosen = self._session.edits, self._session.selected_edit
        if chosen is not None and chosen.mask is not None:
            return self._session.selected
        if self._tool != Tool.BRUSH:
            return None
        masked = [i for i, e in enumerate(edits) if e.operator == "retouch" and e.mask is not None]
        return masked[-1] if masked else None

    @property
    def part(self) -> int | None:
        """The selected part of the mask."""
        return self._part

    @property
    def _mask(self) -> Mask | None:
        at = self.target
        return None if at is None else self._session.edits[at].mask

    def take(self, tool: Tool) -> None:
        """Take a tool for masks in hand, or none (`Tool.HAND`)."""
        before, self._tool = self.on, tool
        if tool == Tool.BRUSH:
            self._part = brush_of(self._mask, self._part)
        if self._canvas.tool in _TOOLS or tool in _TOOLS:
            self._canvas.set_tool(tool)
        if tool in _TOOLS and not before:
            self._canvas.setFocus()
        self._adjust.show_masking(self.on)
        self._show()
        self.taken.emit(self.on)

    def put_away(self) -> None:
        """Put the tools for masks away."""
        if self.on:
            self.take(Tool.HAND)

    def work(self) -> None:
        """Work on the mask of the selected edit, with the tool that fits its part."""
        mask = self._mask
        parts = mask.parts if mask is not None else ()
        self._part = len(parts) - 1 if parts else None
        self._take_fitting()

    def choose(self, part: int) -> None:
        """Select a part, and take the tool that fits it."""
        self._part, self._armed = part, False
        self._take_fitting()

    def _take_fitting(self) -> None:
        """The tool for the selected part."""
        shape = self._shape
        gradient = isinstance(shape, LinearGradient | RadialGradient)
        self.take(Tool.GRADIENT if gradient else Tool.BRUSH)

    @property
    def _shape(self) -> Shape | None:
        mask, part = self._mask, self._part
        if mask is None or part is None or part >= len(mask.parts):
            return None
        return mask.parts[part].shape

    def follow(self) -> None:
        """The edits or the selection changed: stay with a part that is there."""
        mask, selected = self._mask, self._session.selected
        count = 0 if mask is None else len(mask.parts)
        if selected != self._of or self._part is None or self._part >= count:
            self._part = count - 1 if count else None
            self._armed = False
        self._of = selected
        if self._tool == Tool.GRADIENT and mask is None:
            self.take(Tool.HAND)
        elif self._tool == Tool.GRADIENT and isinstance(self._shape, Brush | None):
            self.take(Tool.BRUSH)
        elif self._tool == Tool.BRUSH and self._part is not None:
            if isinstance(self._shape, LinearGradient | RadialGradient):
                self._part = brush_of(mask, self._part)
            self._show()
        else:
            self._show()

    def _show(self) -> None:
        photo, at = self._session.photo, self.target
        if photo is None:
            self._canvas.handles.show_shape(None)
            return
        edit = None if at is None else self._session.edits[at]
        painting = self._tool == Tool.BRUSH
        self._panel.show_mask(edit, self._part, photo.size, painting=painting)
        shape = self._shape if self._tool == Tool.GRADIENT else None
        gradient = None
        if isinstance(shape, LinearGradient | RadialGradient):
            on_canvas = moved_shape(shape, self._rendering.shown_frame)
            assert isinstance(on_canvas, LinearGradient | RadialGradient)
            gradient = on_canvas
        self._canvas.handles.show_shape(gradient, armed=self._armed)
        self.show_overlay()

    # -- changing ----------------------------------------------------------------------------------

    def _change(self, mask: Mask | None, text: str, gesture: int | None = None) -> None:
        at = self.target
        if at is None or mask == self._session.edits[at].mask:
            return
        gesture = next(self._gestures) if gesture is None else gesture
        changed = replace(self._session.edits[at], mask=mask)
        self._session.stack.push(ChangeEdit(self._session, at, changed, text, gesture))

    def _change_part(self, text: str, gesture: int | None = None, **changes: object) -> None:
        mask, part = self._mask, self._part
        if mask is not None and part is not None and part < len(mask.parts):
            self._change(with_part(mask, part, **changes), text, gesture)

    def add(self, kind: str) -> None:
        """A new part, of the mask of the selected edit, and the tool for it."""
        self._add_to(self._session.selected, kind)

    def _add_here(self, kind: str) -> None:
        """A new part of the mask that the panel shows."""
        self._add_to(self._session.selected if self.target is None else self.target, kind)

    def _add_to(self, at: int, kind: str) -> None:
        if not 0 <= at < len(self._session.edits):
            return
        edit = self._session.edits[at]
        if is_geometry(edit):
            return
        mask = with_new_part(edit.mask, MaskPart(_SHAPES[kind]()))
        text = self.tr("Mask: {part}").format(part=part_name(kind))
        changed = replace(edit, mask=mask)
        gesture = next(self._gestures)
        self._session.stack.push(ChangeEdit(self._session, at, changed, text, gesture))
        self._part, self._armed = len(mask.parts) - 1, kind != BRUSH
        self._of = self._session.selected
        self._take_fitting()

    def invert(self) -> None:
        """The mask is where it was not."""
        mask = self._mask
        if mask is not None:
            self._change(replace(mask, inverted=not mask.inverted), self.tr("Invert mask"))

    def _unmask(self) -> None:
        if self._session.selected_edit is not None and self.target == self._session.selected:
            self._change(None, self.tr("Apply everywhere"))
            self.put_away()

    def _delete(self, part: int) -> None:
        mask = self._mask
        if mask is not None and 0 <= part < len(mask.parts):
            self._change(without_part(mask, part), self.tr("Delete a part of the mask"))

    def _set_how(self, how: How) -> None:
        self._change_part(self.tr("Combine masks"), how=how)

    def _set_inverted(self, on: bool) -> None:
        self._change_part(self.tr("Invert mask"), inverted=on)

    def _set_opacity(self, opacity: float, gesture: int) -> None:
        self._change_part(self.tr("Opacity of the mask"), gesture, opacity=opacity)

    def _set_number(self, name: str, value: float, gesture: int) -> None:
        photo, shape = self._session.photo, self._shape
        if photo is not None and isinstance(shape, LinearGradient | RadialGradient):
            changed = with_number(shape, name, value, photo.size)
            self._change_part(self.tr("Change gradient"), gesture, shape=changed)

    # -- dragging a gradient -----------------------------------------------------------------------

    def _live_edits(self, shape: Shape) -> tuple[Edit, ...] | None:
        mask, part, at, edits = self._mask, self._part, self.target, self._session.edits
        if mask is None or part is None or at is None or part >= len(mask.parts):
            return None
        moved = replace(edits[at], mask=with_part(mask, part, shape=shape))
        return (*edits[:at], moved, *edits[at + 1 :])

    def _on_photo(self, shape: Shape) -> Shape:
        """A shape on the canvas, on the whole photo: it stays there, however that is cropped."""
        return moved_shape(shape, self._rendering.shown_frame.inverse)

    def _drag(self, shape: Shape) -> None:
        edits = self._live_edits(self._on_photo(shape))
        if edits is not None:
            self.show_overlay(edits)
            self._rendering.show_live(edits)

    def _let_go(self, shape: Shape) -> None:
        self._armed = False
        self._rendering.show_live(None)
        self._change_part(self.tr("Change gradient"), shape=self._on_photo(shape))

    def _give_up(self) -> None:
        self._rendering.show_live(None)
        self.show_overlay()

    # -- overlay -----------------------------------------------------------------------------------

    def _set_overlay(self, on: bool) -> None:
        self._settings["brush/overlay"] = on
        self.show_overlay()

    def show_overlay(self, live: tuple[Edit, ...] | None = None) -> None:
        """Show where the edit acts, if that is wanted.

        Args:
            live: the edits with what is being painted or dragged; one more than the session's where
                a stroke makes a new one.
        """
        edits, at = self._session.edits if live is None else live, self.target
        if at is None and len(edits) > len(self._session.edits):
            at = len(edits) - 1
        wanted = self.on and self._settings["brush/overlay"] and at is not None
        self._rendering.show_mask(edits[at].mask if wanted and at is not None else None)
