"""Mouse, wheel, keys, touch pad and pen on the canvas."""

from __future__ import annotations

from enum import Enum

from PySide6.QtCore import QEvent, QPointF, Qt
from PySide6.QtGui import (
    QCursor,
    QKeyEvent,
    QMouseEvent,
    QNativeGestureEvent,
    QTabletEvent,
    QWheelEvent,
)

from editor.ui.canvas.crop_tool import CURSORS, CropTool
from editor.ui.canvas.handles import Handles
from editor.ui.canvas.picture_view import PictureView
from editor.ui.canvas.strokes import Strokes

_HANDLE = 9  # reach of the compare bar's handle, device-independent pixels
_KEY_STEP = 64  # of an arrow key, device-independent pixels
_GRADIENT_STEP = 0.01  # of an arrow key, in shares of the picture's sides


class Tool(Enum):
    """What the left button does."""

    HAND = "hand"
    BRUSH = "brush"
    GRADIENT = "gradient"
    PICK = "pick"
    CROP = "crop"


class CanvasInput:
    """Turns events into zooming, panning, strokes, and moves of the compare bar and of handles.

    Attributes:
        tool: what the left button does.
        cursor: where the mouse is on the canvas; None: elsewhere.
    """

    def __init__(
        self, canvas: PictureView, strokes: Strokes, handles: Handles, crop: CropTool
    ) -> None:
        self._canvas, self._strokes, self._handles, self._crop = canvas, strokes, handles, crop
        self.tool = Tool.HAND
        self.cursor: QPointF | None = None
        self._space = False
        self._pan_from: QPointF | None = None
        self._dragging_split = False

    @property
    def panning(self) -> bool:
        """Whether the mouse moves the picture, or would once its button is down."""
        return self._space or self._pan_from is not None

    # -- wheel and touch pad -----------------------------------------------------------------------

    def wheel(self, event: QWheelEvent) -> None:
        """Zoom at the cursor; with Shift, or two fingers on a touch pad, pan."""
        canvas = self._canvas
        pixels, angle = event.pixelDelta(), event.angleDelta()
        if event.modifiers() & Qt.KeyboardModifier.ShiftModifier:
            canvas.pan(angle.y() or angle.x(), 0)
        elif event.phase() != Qt.ScrollPhase.NoScrollPhase and not pixels.isNull():
            if event.modifiers() & Qt.KeyboardModifier.ControlModifier:
                canvas.zoom_to(canvas.view.scale * 1.01 ** pixels.y(), event.position())
            else:  # two fingers on a touch pad
                ratio = canvas.devicePixelRatioF()
                canvas.pan(pixels.x() * ratio, pixels.y() * ratio)
        elif angle.y():
            canvas.zoom_to(canvas.view.scale * 1.25 ** (angle.y() / 120), event.position())
        event.accept()

    def gesture(self, event: QNativeGestureEvent) -> bool:
        """Two fingers drawn apart or together zoom. Returns whether it was that."""
        if event.gestureType() != Qt.NativeGestureType.ZoomNativeGesture:
            return False
        self._canvas.zoom_to(self._canvas.view.scale * (1 + event.value()), event.position())
        return True

    # -- mouse -------------------------------------------------------------------------------------

    def press(self, event: QMouseEvent) -> None:
        """Begin to pan, to move the compare bar or to paint."""
        at = self.cursor = event.position()
        left, placement = event.button() == Qt.MouseButton.LeftButton, self._canvas.placement
        if event.button() == Qt.MouseButton.MiddleButton or (left and self._space):
            self._pan_from = at
        elif left and self.tool == Tool.CROP:
            if not self._crop.press(placement, at):
                self._pan_from = at
        elif left and self._near_split(at):
            self._dragging_split = True
        elif left and self.tool == Tool.BRUSH:
            self._strokes.begin(*self._canvas.to_picture(at))
        elif left and self.tool == Tool.GRADIENT and self._handles.press(at, placement):
            pass
        elif left and self.tool == Tool.PICK:
            self._canvas.picked.emit(*self._canvas.to_picture(at))
        elif left:
            self._pan_from = at
        self.update_cursor()

    def move(self, event: QMouseEvent) -> None:
        """Go on with what `press` began."""
        canvas, at = self._canvas, event.position()
        self.cursor = at
        if canvas.before is None:
            return
        if self._pan_from is not None:
            ratio, moved = canvas.devicePixelRatioF(), at - self._pan_from
            self._pan_from = at
            canvas.pan(moved.x() * ratio, moved.y() * ratio)
        elif self._crop.dragging:
            self._crop.move(canvas.placement, at)
        elif self._dragging_split:
            canvas.set_split(canvas.placement.split_share(at.x()))
        elif self._strokes.active:
            self._strokes.go_on(*canvas.to_picture(at))
        elif self._handles.active:
            self._handles.drag(at, canvas.placement)
        self.update_cursor()
        if self.tool in (Tool.BRUSH, Tool.CROP):
            canvas.update()

    def release(self, event: QMouseEvent) -> None:
        """End what `press` began."""
        if self._strokes.active and event.button() == Qt.MouseButton.LeftButton:
            self._strokes.end()
        if self._crop.dragging and event.button() == Qt.MouseButton.LeftButton:
            self._crop.release()
            self._canvas.update()
        if event.button() == Qt.MouseButton.LeftButton:
            self._handles.release()
        self._pan_from, self._dragging_split = None, False
        self.update_cursor()

    def double_click(self, event: QMouseEvent) -> None:
        """Switch between fit and 100 %; with a tool that uses presses, it is a second press."""
        canvas = self._canvas
        if self.tool == Tool.CROP and not self._space and not self._crop.drawing_line:
            if event.button() == Qt.MouseButton.LeftButton:
                self._crop.finished.emit()
        elif self.tool != Tool.HAND or self._space or self._near_split(event.position()):
            self.press(event)
        elif event.button() == Qt.MouseButton.LeftButton:
            if canvas.view.fitted and canvas.view.fit_scale < 1:
                canvas.zoom_to(1.0, event.position())
            else:
                canvas.fit()

    # -- pen ---------------------------------------------------------------------------------------

    def tablet(self, event: QTabletEvent) -> bool:
        """A pen paints with its pressure.

        Returns whether it painted; other pen events are handled as mouse events.
        """
        kind, at, strokes = event.type(), event.position(), self._strokes
        if self.tool != Tool.BRUSH or self._space or self._near_split(at):
            return False
        self.cursor = at
        place = self._canvas.to_picture(at)
        painted = True
        if kind == QEvent.Type.TabletPress and event.button() == Qt.MouseButton.LeftButton:
            strokes.begin(*place, event.pressure())
        elif kind == QEvent.Type.TabletMove and strokes.active:
            strokes.go_on(*place, event.pressure())
        elif kind == QEvent.Type.TabletRelease and strokes.active:
            strokes.end()
        else:
            painted = False
        self._canvas.update()
        return painted

    # -- keys --------------------------------------------------------------------------------------

    def key_press(self, event: QKeyEvent) -> bool:
        """Arrows pan, or move the gradient that is being shaped; with Shift they move the compare
        bar; Space held pans with the mouse.

        Returns whether the key meant anything.
        """
        canvas = self._canvas
        arrows = {
            Qt.Key.Key_Left: (1, 0),
            Qt.Key.Key_Right: (-1, 0),
            Qt.Key.Key_Up: (0, 1),
            Qt.Key.Key_Down: (0, -1),
        }
        key = Qt.Key(event.key())
        shift = event.modifiers() & Qt.KeyboardModifier.ShiftModifier
        if key == Qt.Key.Key_Space:
            self._space = True
            self.update_cursor()
        elif key == Qt.Key.Key_Escape and self._strokes.active:
            self._strokes.cancel()
        elif key == Qt.Key.Key_Escape and self._crop.dragging:
            self._crop.cancel_drag()
        elif self.tool == Tool.CROP and self._crop.key(key, event.modifiers(), canvas.placement):
            canvas.update()
        elif key == Qt.Key.Key_Escape and self._handles.active:
            self._handles.cancel()
        elif key in (Qt.Key.Key_Return, Qt.Key.Key_Enter) and self.tool == Tool.PICK:
            at = canvas.placement.visible.center() if self.cursor is None else self.cursor
            canvas.picked.emit(*canvas.to_picture(at))
        elif key in arrows and canvas.split is not None and shift:
            canvas.set_split(canvas.split - arrows[key][0] * 0.05)
        elif key in arrows and self.tool == Tool.GRADIENT and self._handles.shape is not None:
            across, down = arrows[key]
            self._handles.nudge(-across * _GRADIENT_STEP, -down * _GRADIENT_STEP)
        elif key in arrows:
            step = _KEY_STEP * canvas.devicePixelRatioF()
            canvas.pan(arrows[key][0] * step, arrows[key][1] * step)
        else:
            return False
        return True

    def key_release(self, event: QKeyEvent) -> bool:
        """Returns whether the key meant anything."""
        if event.key() != Qt.Key.Key_Space or event.isAutoRepeat():
            return False
        self._space = False
        self.update_cursor()
        return True

    def focus_lost(self) -> None:
        """Keys are released elsewhere from now on."""
        self._space = False
        self._pan_from = None
        self.update_cursor()

    # -- cursor ------------------------------------------------------------------------------------

    def _near_split(self, at: QPointF) -> bool:
        bar = self._canvas.split_x if self.tool != Tool.CROP else None
        return bar is not None and abs(at.x() - bar) <= _HANDLE

    def update_cursor(self) -> None:
        """Show what the left button would do."""
        shape = Qt.CursorShape
        if self._canvas.before is None:
            wanted = shape.ArrowCursor
        elif self._pan_from is not None:
            wanted = shape.ClosedHandCursor
        elif self._space:
            wanted = shape.OpenHandCursor
        elif self._dragging_split or (self.cursor is not None and self._near_split(self.cursor)):
            wanted = shape.SplitHCursor
        elif self.tool == Tool.CROP and not self._crop.drawing_line:
            sides = self.cursor and self._crop.at(self._canvas.placement, self.cursor)
            wanted = CURSORS[sides] if sides else shape.ArrowCursor
        elif self.tool == Tool.GRADIENT:
            on = self.cursor is not None and self._handles.at(self.cursor, self._canvas.placement)
            wanted = shape.CrossCursor if self._handles.armed else shape.ArrowCursor
            wanted = shape.SizeAllCursor if on or self._handles.active else wanted
        elif self.tool != Tool.HAND:
            wanted = shape.CrossCursor
        else:
            wanted = shape.ArrowCursor
        if self._canvas.cursor().shape() != wanted:
            self._canvas.setCursor(QCursor(wanted))
