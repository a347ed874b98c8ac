"""The groups of sliders: which are folded out, and the picker of the white balance."""

from __future__ import annotations

from functools import partial

from PySide6.QtCore import QObject

from editor.ui.canvas.canvas import Canvas
from editor.ui.canvas.input import Tool
from editor.ui.panels.adjust_panel import AdjustPanel
from editor.ui.panels.curve_panel import CurveGroup
from editor.ui.panels.slider_group import SliderGroup
from editor.ui.session.session import Session
from editor.ui.session.settings import Settings
from editor.ui.window.edit_controller import EditController
from editor.ui.window.mask_controller import MaskController


class AdjustController(QObject):
    """Remembers the groups; takes the picker in hand and puts it away."""

    def __init__(
        self,
        session: Session,
        settings: Settings,
        canvas: Canvas,
        adjust: AdjustPanel,
        editing: EditController,
        masks: MaskController,
        parent: QObject,
    ) -> None:
        super().__init__(parent)
        self._settings, self._canvas, self._editing = settings, canvas, editing
        self._masks, self._pick = masks, adjust.groups["colour"].pick
        groups: dict[str, SliderGroup | CurveGroup] = {**adjust.groups, "curve": adjust.curve}
        for name, group in groups.items():
            group.unfold(name in settings["panel/groups"])
            group.toggled.connect(partial(self._folded, name))
        adjust.groups["colour"].pick_wanted.connect(self._take_picker)
        masks.taken.connect(self._masks_taken)
        canvas.picked.connect(self._picked)
        session.photo_changed.connect(self.put_away)

    @property
    def picking(self) -> bool:
        """Whether the picker is in hand."""
        return self._pick.isChecked()

    def put_away(self) -> None:
        """Put the picker away."""
        self._pick.setChecked(False)

    def _masks_taken(self, on: bool) -> None:
        if on:
            self.put_away()

    def _folded(self, name: str, on: bool) -> None:
        others = [group for group in self._settings["panel/groups"] if group != name]
        self._settings["panel/groups"] = [*others, name] if on else others

    def _take_picker(self, on: bool) -> None:
        if on:
            self._masks.put_away()
            self._canvas.set_tool(Tool.PICK)
            self._canvas.setFocus()
        elif not self._masks.on:
            self._canvas.set_tool(Tool.HAND)

    def _picked(self, x: float, y: float) -> None:
        self._editing.make_neutral(x, y)
        self.put_away()
