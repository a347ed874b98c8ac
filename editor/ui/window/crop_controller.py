"""The crop tool, turns and mirrors: one edit each, before all looks."""

from __future__ import annotations

from dataclasses import replace

from PySide6.QtCore import QObject, Signal

from editor.engine import geometry
from editor.engine.edits import Edit
from editor.ui.canvas.canvas import Canvas
from editor.ui.canvas.crop_box import CropBox
from editor.ui.canvas.input import Tool
from editor.ui.panels.adjust_panel import AdjustPanel
from editor.ui.panels.crop_panel import swapped
from editor.ui.session.session import Session
from editor.ui.session.undo_commands import ReplaceEdits
from editor.ui.window.action_set import ActionSet, Handlers
from editor.ui.window.render_controller import RenderController
from models.geometry.frame import Frame
from models.geometry.steps import CROP, FREE, ORIGINAL, WHOLE, Pose, pose_of, ratio_of


class CropController(QObject):
    """Sets a crop on the canvas; it becomes an edit when it is done, in one step to undo.

    `taken`: the tool is in hand (True) or put away.
    """

    taken = Signal(bool)

    def __init__(
        self,
        session: Session,
        canvas: Canvas,
        rendering: RenderController,
        adjust: AdjustPanel,
        actions: ActionSet,
        parent: QObject,
    ) -> None:
        super().__init__(parent)
        self._session, self._canvas, self._rendering = session, canvas, rendering
        self._adjust, self._actions = adjust, actions
        self._panel, self._tool = adjust.crop, canvas.crop
        self._pose, self._ratio, self._on = Pose(), FREE, False
        panel = self._panel
        panel.ratio_wanted.connect(self._set_ratio)
        panel.swap_wanted.connect(self._swap)
        panel.angle_wanted.connect(lambda angle, _: self._straighten(angle))
        panel.turn_wanted.connect(self._turn)
        panel.mirror_wanted.connect(self._mirror)
        panel.line_wanted.connect(self._draw_line)
        panel.reset_wanted.connect(self._reset)
        panel.cancel_wanted.connect(self.cancel)
        panel.done_wanted.connect(self.finish)
        self._tool.changed.connect(self._show)
        self._tool.line_drawn.connect(self._level)
        self._tool.finished.connect(self.finish)
        self._tool.swap_wanted.connect(self._swap)
        session.photo_changed.connect(self.cancel)
        session.edits_changed.connect(self._edits_changed)
        for name in ("export", "save"):  # before what they do is connected
            actions[name].triggered.connect(lambda _=False: self.finish())

    @property
    def handlers(self) -> Handlers:
        """What the actions of this controller do."""
        return {
            "crop": self.use,
            "turn-right": self.turn_right,
            "turn-left": self.turn_left,
            "mirror": self.mirror,
            "flip": self.flip,
        }

    @property
    def on(self) -> bool:
        """Whether the tool is in hand."""
        return self._on

    # -- the tool ----------------------------------------------------------------------------------

    def use(self, on: bool) -> None:
        """The switch of the tool: put away, the crop is kept."""
        if on and self._session.photo is not None:
            self._begin()
        elif not on:
            self.finish()

    def _begin(self) -> None:
        photo = self._session.photo
        assert photo is not None
        crops = [e for e in self._session.edits if e.operator == CROP.id]
        self._ratio = str(crops[-1].setting("ratio")) if crops else FREE
        self._on = True
        self.taken.emit(True)  # other tools are put away
        self._adjust.show_crop(True)
        self._canvas.set_tool(Tool.CROP)
        self._set(geometry.pose(self._session.edits, photo.size))
        self._canvas.fit()
        self._canvas.setFocus()

    def finish(self) -> None:
        """Put the tool away; what is set becomes edits."""
        if not self._on:
            return
        pose, ratio = self._current(), self._ratio
        self._end()
        self._apply(pose, ratio, self.tr("Crop"))

    def cancel(self) -> None:
        """Put the tool away; the edits are as they were."""
        if self._on:
            self._end()

    def _end(self) -> None:
        self._on = False
        self._tool.box = None
        self._panel.line.setChecked(False)
        self._actions["crop"].setChecked(False)
        if self._canvas.tool == Tool.CROP:  # another one may be in hand already
            self._canvas.set_tool(Tool.HAND)
        self._adjust.show_crop(False)
        self._rendering.show_live(None)
        self._canvas.fit()
        self.taken.emit(False)

    def _set(self, pose: Pose) -> None:
        """Another crop in the tool."""
        photo = self._session.photo
        assert photo is not None
        self._pose = pose
        turned = replace(pose, angle=0.0, rectangle=WHOLE).before_crop(*photo.size).pixel_size
        before = pose.before_crop(*photo.size)
        box = CropBox.of(before, turned, pose.angle, pose.rectangle)
        self._tool.box = replace(box, ratio=self._number(turned))
        self._refresh()
        self._show()

    def _refresh(self) -> None:
        """The whole photo with its looks, turned and mirrored, below the rectangle."""
        whole = replace(self._pose, angle=0.0, rectangle=WHOLE)
        self._rendering.show_live(geometry.with_pose(self._session.edits, whole))

    def _edits_changed(self) -> None:
        if self._on:
            self._refresh()

    def _show(self) -> None:
        box, photo = self._tool.box, self._session.photo
        if box is None or photo is None:
            return
        left, top, right, bottom = box.rectangle
        size = max(1, round(right - left)), max(1, round(bottom - top))
        self._panel.show_crop(self._ratio, box.angle, size)
        self._canvas.update()

    def _current(self) -> Pose:
        """What is set in the tool, as steps."""
        photo, box = self._session.photo, self._tool.box
        assert photo is not None
        assert box is not None
        pose = replace(self._pose, angle=box.angle, rectangle=WHOLE)
        if box.moves_all:
            return pose
        return replace(pose, rectangle=box.shares(pose.before_crop(*photo.size)))

    # -- what is set in it -------------------------------------------------------------------------

    def _number(self, turned: tuple[int, int]) -> float | None:
        if self._ratio == FREE:
            return None
        return turned[0] / turned[1] if self._ratio == ORIGINAL else ratio_of(self._ratio)

    def _set_ratio(self, ratio: str) -> None:
        box = self._tool.box
        if box is None:
            return
        self._ratio = ratio
        self._tool.box = box.in_ratio(self._number(box.size))
        self._show()

    def _swap(self) -> None:
        box = self._tool.box
        if box is None:
            return
        if self._ratio == ORIGINAL:
            self._ratio = f"{box.size[0]}:{box.size[1]}" if max(box.size) < 10_000 else ORIGINAL
        self._set_ratio(swapped(self._ratio))

    def _straighten(self, angle: float) -> None:
        if self._tool.box is not None:
            self._tool.box = self._tool.box.straightened(min(max(angle, -45.0), 45.0))
            self._show()

    def _draw_line(self, on: bool) -> None:
        self._tool.drawing_line = on
        self._canvas.setFocus()

    def _level(self, by: float) -> None:
        self._panel.line.setChecked(False)
        if self._tool.box is not None:
            self._straighten(round(self._tool.box.angle + by, 1))

    def _reset(self) -> None:
        self._ratio = FREE
        self._set(Pose())

    # -- turns and mirrors -------------------------------------------------------------------------

    def turn_right(self) -> None:
        """A quarter clockwise."""
        self._turn(1)

    def turn_left(self) -> None:
        """A quarter to the left."""
        self._turn(-1)

    def mirror(self) -> None:
        """Left and right change places."""
        self._mirror(False)

    def flip(self) -> None:
        """Top and bottom change places."""
        self._mirror(True)

    def _turn(self, quarters: int) -> None:
        text = self.tr("Turn right") if quarters > 0 else self.tr("Turn left")
        frame = self._frame()
        if frame is not None:
            ratio = swapped(self._own_ratio())
            self._change(frame.turned(quarters), ratio, text)

    def _mirror(self, upside_down: bool) -> None:
        text = self.tr("Mirror top and bottom") if upside_down else self.tr("Mirror left and right")
        frame = self._frame()
        if frame is not None:
            self._change(frame.mirrored(upside_down=upside_down), self._own_ratio(), text)

    def _frame(self) -> Frame | None:
        photo = self._session.photo
        if photo is None:
            return None
        if not self._on:
            return geometry.frame(self._session.edits, photo.size)
        pose = self._current()
        return pose.before_crop(*photo.size).cropped(*pose.rectangle)

    def _own_ratio(self) -> str:
        if self._on:
            return self._ratio
        crops = [e for e in self._session.edits if e.operator == CROP.id]
        return str(crops[-1].setting("ratio")) if crops else FREE

    def _change(self, frame: Frame, ratio: str, text: str) -> None:
        if self._on:
            self._ratio = ratio
            self._set(pose_of(frame))
        else:
            self._apply(pose_of(frame), ratio, text)

    def _apply(self, pose: Pose, ratio: str, text: str) -> None:
        edits = geometry.with_pose(self._session.edits, pose, ratio)
        if edits != self._session.edits:
            chosen = self._session.selected_edit
            selected = _index_of(edits, chosen)
            self._session.stack.push(ReplaceEdits(self._session, edits, text, selected=selected))


def _index_of(edits: tuple[Edit, ...], chosen: Edit | None) -> int | None:
    """Where an edit is in a list; None: nowhere."""
    return next((i for i, e in enumerate(edits) if e is chosen), None)
