"""The canvas: the photo and its look, zoomed, panned, compared and painted on."""

from __future__ import annotations

import math
from enum import Enum

import cv2
import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import QEvent, QPointF, QRectF, Qt, Signal
from PySide6.QtGui import (
    QBrush,
    QColor,
    QCursor,
    QEnterEvent,
    QImage,
    QKeyEvent,
    QMouseEvent,
    QNativeGestureEvent,
    QPainter,
    QPaintEvent,
    QPen,
    QResizeEvent,
    QTabletEvent,
    QWheelEvent,
)
from PySide6.QtWidgets import QWidget

from editor.ui.canvas.viewport import View
from editor.ui.widgets import theme
from editor.ui.worker.preview import EDIT_HIGH, EDIT_LOW, SOURCE_HIGH, SOURCE_LOW
from editor.ui.worker.pyramid import Pyramid

PIXELS_FROM = 2.0
"""Scale from which single pixels are shown as squares."""

_MARGIN = 18
_HANDLE = 9  # reach of the split bar's handle, device-independent pixels
_CLIP_COLOURS = {
    SOURCE_HIGH: (235, 64, 200, 255),  # what the camera clipped: magenta and violet
    SOURCE_LOW: (120, 90, 255, 255),
    EDIT_HIGH: (255, 60, 40, 255),  # what the edits clipped: red and blue
    EDIT_LOW: (40, 130, 255, 255),
}
_OVERLAY = (255, 70, 60)
_SQUARE = 8  # device-independent pixels
_BOARD = ((204, 204, 204), (255, 255, 255))


class Tool(Enum):
    """What the left button does."""

    HAND = "hand"
    BRUSH = "brush"


class Canvas(QWidget):
    """Shows a photo (`before`) and its look (`after`).

    Signals:
        view_changed: zoom or place changed.
        hovered: picture coordinates under the cursor, or None when it left.
        stroke_begun, stroke_moved: picture x and y in pixels, pressure 0..1.
        stroke_ended: the button went up.
        stroke_cancelled: the stroke is not to be kept.
    """

    view_changed = Signal()
    hovered = Signal(object)
    stroke_begun = Signal(float, float, float)
    stroke_moved = Signal(float, float, float)
    stroke_ended = Signal()
    stroke_cancelled = Signal()
    split_changed = Signal(float)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setMouseTracking(True)
        self.setTabletTracking(True)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setAttribute(Qt.WidgetAttribute.WA_OpaquePaintEvent)
        self.setAccessibleName(self.tr("Photo"))
        self.setMinimumSize(200, 160)
        self.before: Pyramid | None = None
        self.after: Pyramid | None = None
        self.view = View()
        self._split: float | None = None
        self._showing_before = False
        self._tool = Tool.HAND
        self._brush_size = 40.0
        self._brush_softness = 0.5
        self._stroke: list[QPointF] | None = None
        self._stroke_colour = QColor(theme.current().accent)
        self._mask: QImage | None = None
        self._clipping: QImage | None = None
        self._clear: QImage | None = None
        self._space = False
        self._pan_from: QPointF | None = None
        self._dragging_split = False
        self._cursor: QPointF | None = None

    # -- what is shown -----------------------------------------------------------------------------

    def set_photo(self, before: Pyramid | None) -> None:
        """Another photo, fitted; its look is itself until `set_after`."""
        self.before = self.after = before
        self._mask = self._clipping = self._clear = None
        self._stroke = None
        if before is not None:
            self.view = View(viewport=self._viewport(), margin=self._margin()).of(before.size)
        self.view_changed.emit()
        self.update()

    def set_after(self, after: Pyramid | None) -> None:
        """Another look of the same photo; None for the photo itself."""
        self.after = after or self.before
        self.update()

    def set_transparency(self, clear: NDArray[np.uint8] | None) -> None:
        """How much of a chequerboard shows through, H x W uint8, 0 opaque; None: nowhere."""
        self._clear = None
        if clear is not None:
            height, width = clear.shape
            kept = np.ascontiguousarray(clear)
            made = QImage(kept.data, width, height, width, QImage.Format.Format_Alpha8)
            self._clear = made.copy()
        self.update()

    def shows_photo_at(self, x: float) -> bool:
        """Whether the unedited photo shows at a column of the picture (in its pixels)."""
        if self._showing_before:
            return True
        return self._split is not None and self.to_widget(x, 0).x() < self._split_position()

    def set_mask(self, weights: NDArray[np.uint8] | None) -> None:
        """Where an edit acts, H x W uint8, shown as a red veil; None for no veil."""
        self._mask = None if weights is None else _tinted(weights)
        self.update()

    def set_clipping(self, kinds: NDArray[np.uint8] | None) -> None:
        """A clipping map to mark on the picture; None for no marks."""
        self._clipping = None if kinds is None else _marked(kinds)
        self.update()

    @property
    def split(self) -> float | None:
        """Share of the picture's width left of the compare bar; None: no comparison."""
        return self._split

    def set_split(self, share: float | None) -> None:
        """Show the photo left of the bar and the look right of it."""
        self._split = None if share is None else min(max(share, 0.0), 1.0)
        self.split_changed.emit(-1.0 if share is None else self._split)
        self.update()

    @property
    def showing_before(self) -> bool:
        """Whether the unedited photo shows all over."""
        return self._showing_before

    def show_before(self, on: bool) -> None:
        """Show the unedited photo for as long as this is on."""
        if on != self._showing_before:
            self._showing_before = on
            self.update()

    # -- tools -------------------------------------------------------------------------------------

    @property
    def tool(self) -> Tool:
        """What the left button does."""
        return self._tool

    def set_tool(self, tool: Tool) -> None:
        """Choose what the left button does."""
        if self._stroke is not None:
            self.cancel_stroke()
        self._tool = tool
        self._update_cursor()
        self.update()

    def set_brush(self, size: float, softness: float) -> None:
        """The brush's diameter in picture pixels and its softness, for the ring at the cursor."""
        self._brush_size, self._brush_softness = size, softness
        self.update()

    @property
    def painting(self) -> bool:
        """Whether a stroke is being painted."""
        return self._stroke is not None

    def cancel_stroke(self) -> None:
        """Give up the stroke being painted."""
        if self._stroke is not None:
            self._stroke = None
            self.stroke_cancelled.emit()
            self.update()

    # -- zoom --------------------------------------------------------------------------------------

    def fit(self) -> None:
        """Show the whole picture."""
        self._set_view(self.view.fit())

    def zoom_to(self, scale: float, at: QPointF | None = None) -> None:
        """Zoom to device pixels per picture pixel (1 is 100 %)."""
        self._set_view(self.view.zoomed(scale, self._device(at)))

    def zoom_step(self, direction: int) -> None:
        """The next zoom step in or out, at the cursor if it is over the canvas."""
        self._set_view(self.view.stepped(direction, self._device(self._cursor)))

    def _set_view(self, view: View) -> None:
        if self.before is None or view == self.view:
            return
        self.view = view
        self.view_changed.emit()
        self.update()

    def _viewport(self) -> tuple[int, int]:
        ratio = self.devicePixelRatioF()
        return max(1, round(self.width() * ratio)), max(1, round(self.height() * ratio))

    def _margin(self) -> int:
        return round(_MARGIN * self.devicePixelRatioF())

    def _device(self, at: QPointF | None) -> tuple[float, float] | None:
        ratio = self.devicePixelRatioF()
        return None if at is None else (at.x() * ratio, at.y() * ratio)

    def to_picture(self, at: QPointF) -> tuple[float, float]:
        """Widget coordinates to picture pixels."""
        ratio = self.devicePixelRatioF()
        return self.view.to_picture(at.x() * ratio, at.y() * ratio)

    def to_widget(self, x: float, y: float) -> QPointF:
        """Picture pixels to widget coordinates."""
        ratio = self.devicePixelRatioF()
        vx, vy = self.view.to_viewport(x, y)
        return QPointF(vx / ratio, vy / ratio)

    # -- painting ----------------------------------------------------------------------------------

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.fillRect(self.rect(), QColor(theme.current().canvas))
        if self.before is None or self.after is None:
            return
        ratio = self.devicePixelRatioF()
        painter.scale(1 / ratio, 1 / ratio)  # from here on in device pixels
        whole = QRectF(0, 0, *self._viewport())
        after = self.before if self._showing_before else self.after
        if self._split is None or self._showing_before:
            self._draw(painter, after, whole)
        else:
            bar = self._split_position() * ratio
            self._draw(painter, self.before, QRectF(0, 0, bar, whole.height()))
            self._draw(painter, after, QRectF(bar, 0, whole.width() - bar, whole.height()))
        if self._clear is not None:
            self._draw_chequerboard(painter, self._clear)
        if not self._showing_before:
            for image in (self._clipping, self._mask):
                if image is not None:
                    self._draw_over(painter, image)
        painter.resetTransform()
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        if self._split is not None and not self._showing_before:
            self._draw_split(painter)
        elif self._showing_before:
            self._draw_label(painter, self.tr("Before"), Qt.AlignmentFlag.AlignLeft)
        self._draw_brush(painter)

    def _draw(self, painter: QPainter, pyramid: Pyramid, part: QRectF) -> None:
        """The part of a picture that lies within a part of the viewport (device pixels)."""
        view, level = self.view, pyramid.level_for(self.view.scale)
        pixels = pyramid.levels[level]
        height, width = pixels.shape[:2]
        across, down = width / pyramid.size[0], height / pyramid.size[1]
        left, top = view.to_picture(part.left(), part.top())
        right, bottom = view.to_picture(part.right(), part.bottom())
        # Whole pixels of the level that cover the part, with one around for the interpolation.
        x0, y0 = max(0, math.floor(left * across) - 1), max(0, math.floor(top * down) - 1)
        x1, y1 = (
            min(width, math.ceil(right * across) + 1),
            min(height, math.ceil(bottom * down) + 1),
        )
        if x0 >= x1 or y0 >= y1:
            return
        image = _image(pixels[y0:y1, x0:x1])
        start = view.to_viewport(x0 / across, y0 / down)
        end = view.to_viewport(x1 / across, y1 / down)
        target = QRectF(QPointF(*start), QPointF(*end))
        per_pixel = view.scale / across
        if abs(per_pixel - 1) < 1e-6:  # 100 %: pixel on pixel
            target = QRectF(QPointF(round(start[0]), round(start[1])), QRectF(image.rect()).size())
        painter.save()
        painter.setClipRect(part)
        smooth = per_pixel < PIXELS_FROM or pyramid.finest < 0.999
        painter.setRenderHint(QPainter.RenderHint.SmoothPixmapTransform, smooth)
        painter.drawImage(target, image)
        painter.restore()

    def _draw_over(self, painter: QPainter, image: QImage) -> None:
        start = self.view.to_viewport(0, 0)
        end = self.view.to_viewport(*self.view.picture)
        painter.setRenderHint(QPainter.RenderHint.SmoothPixmapTransform, True)
        target = QRectF(QPointF(*start), QPointF(*end))
        seen = target.intersected(QRectF(0, 0, *self._viewport()))
        if seen.isEmpty():
            return
        across, down = image.width() / target.width(), image.height() / target.height()
        source = QRectF(
            (seen.left() - target.left()) * across,
            (seen.top() - target.top()) * down,
            seen.width() * across,
            seen.height() * down,
        )
        painter.drawImage(seen, image, source)

    def _draw_chequerboard(self, painter: QPainter, clear: QImage) -> None:
        """What shines through: the board over the picture, as strong as the picture is clear."""
        layer = QImage(*self._viewport(), QImage.Format.Format_ARGB32_Premultiplied)
        layer.fill(Qt.GlobalColor.transparent)
        over = QPainter(layer)
        corner = QPointF(*self.view.to_viewport(0, 0))
        shown = QRectF(corner, QPointF(*self.view.to_viewport(*self.view.picture)))
        over.setBrushOrigin(corner)
        over.fillRect(shown, QBrush(_chequerboard(round(_SQUARE * self.devicePixelRatioF()))))
        over.setCompositionMode(QPainter.CompositionMode.CompositionMode_DestinationIn)
        self._draw_over(over, clear)
        over.end()
        painter.drawImage(0, 0, layer)

    def _picture_rect(self) -> QRectF:
        return QRectF(self.to_widget(0, 0), self.to_widget(*self.view.picture))

    def _split_position(self) -> float:
        """Where the bar stands, in widget coordinates."""
        shown = self._picture_rect().intersected(QRectF(self.rect()))
        return shown.left() + shown.width() * (self._split or 0.0)

    def _draw_split(self, painter: QPainter) -> None:
        x = self._split_position()
        shown = self._picture_rect().intersected(QRectF(self.rect()))
        painter.setPen(QPen(QColor(0, 0, 0, 110), 3))
        painter.drawLine(QPointF(x, shown.top()), QPointF(x, shown.bottom()))
        painter.setPen(QPen(QColor(255, 255, 255, 235), 1.4))
        painter.drawLine(QPointF(x, shown.top()), QPointF(x, shown.bottom()))
        middle = QPointF(x, shown.center().y())
        painter.setBrush(QColor(255, 255, 255, 235))
        painter.setPen(QPen(QColor(0, 0, 0, 90), 1))
        painter.drawEllipse(middle, 13, 13)
        painter.setPen(QPen(QColor(60, 60, 60), 1.8, c=Qt.PenCapStyle.RoundCap))
        for side in (-1, 1):
            painter.drawLine(middle + QPointF(side * 7, 0), middle + QPointF(side * 3.5, -3.5))
            painter.drawLine(middle + QPointF(side * 7, 0), middle + QPointF(side * 3.5, 3.5))
        self._draw_label(painter, self.tr("Before"), Qt.AlignmentFlag.AlignLeft)
        self._draw_label(painter, self.tr("After"), Qt.AlignmentFlag.AlignRight)

    def _draw_label(self, painter: QPainter, text: str, side: Qt.AlignmentFlag) -> None:
        shown = self._picture_rect().intersected(QRectF(self.rect()))
        metrics = painter.fontMetrics()
        box = QRectF(0, 0, metrics.horizontalAdvance(text) + 18, metrics.height() + 6)
        left = shown.left() + 10 if side == Qt.AlignmentFlag.AlignLeft else 0
        if side == Qt.AlignmentFlag.AlignRight:
            left = shown.right() - 10 - box.width()
        box.moveTopLeft(QPointF(left, shown.top() + 10))
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(QColor(0, 0, 0, 130))
        painter.drawRoundedRect(box, box.height() / 2, box.height() / 2)
        painter.setPen(QColor(255, 255, 255))
        painter.drawText(box, Qt.AlignmentFlag.AlignCenter, text)

    def _draw_brush(self, painter: QPainter) -> None:
        if self._tool != Tool.BRUSH:
            return
        scale = self.view.scale / self.devicePixelRatioF()
        diameter = self._brush_size * scale
        if self._stroke:
            veil = QColor(self._stroke_colour)
            veil.setAlpha(70)
            pen = QPen(veil, diameter, Qt.PenStyle.SolidLine, Qt.PenCapStyle.RoundCap)
            pen.setJoinStyle(Qt.PenJoinStyle.RoundJoin)
            painter.setPen(pen)
            shown = [self.to_widget(p.x(), p.y()) for p in self._stroke]
            if len(shown) == 1:
                painter.drawPoint(shown[0])
            else:
                painter.drawPolyline(shown)
        if self._cursor is None or self._panning_now():
            return
        painter.setBrush(Qt.BrushStyle.NoBrush)
        for colour, width in ((QColor(0, 0, 0, 140), 2.6), (QColor(255, 255, 255, 230), 1.2)):
            painter.setPen(QPen(colour, width))
            painter.drawEllipse(self._cursor, diameter / 2, diameter / 2)
        inner = diameter / 2 * (1 - self._brush_softness)
        if 3 < inner < diameter / 2 - 2:
            painter.setPen(QPen(QColor(255, 255, 255, 120), 1, Qt.PenStyle.DotLine))
            painter.drawEllipse(self._cursor, inner, inner)

    # -- input -------------------------------------------------------------------------------------

    def resizeEvent(self, event: QResizeEvent) -> None:
        self.view = self.view.resized(self._viewport())
        self.view_changed.emit()

    def wheelEvent(self, event: QWheelEvent) -> None:
        if self.before is None:
            return
        pixels, angle = event.pixelDelta(), event.angleDelta()
        if event.modifiers() & Qt.KeyboardModifier.ShiftModifier:
            step = angle.y() or angle.x()
            self._set_view(self.view.panned(step, 0))
        elif event.phase() != Qt.ScrollPhase.NoScrollPhase and not pixels.isNull():
            if event.modifiers() & Qt.KeyboardModifier.ControlModifier:
                self.zoom_to(self.view.scale * 1.01 ** pixels.y(), event.position())
            else:  # two fingers on a touch pad
                ratio = self.devicePixelRatioF()
                self._set_view(self.view.panned(pixels.x() * ratio, pixels.y() * ratio))
        elif angle.y():
            self.zoom_to(self.view.scale * 1.25 ** (angle.y() / 120), event.position())
        event.accept()

    def event(self, event: QEvent) -> bool:
        if isinstance(event, QNativeGestureEvent):
            if event.gestureType() == Qt.NativeGestureType.ZoomNativeGesture:
                self.zoom_to(self.view.scale * (1 + event.value()), event.position())
                return True
            return False
        if event.type() == QEvent.Type.DevicePixelRatioChange and self.before is not None:
            self.view = self.view.resized(self._viewport())
        return super().event(event)

    def mousePressEvent(self, event: QMouseEvent) -> None:
        if self.before is None:
            return
        self._cursor = event.position()
        left = event.button() == Qt.MouseButton.LeftButton
        if event.button() == Qt.MouseButton.MiddleButton or (left and self._space):
            self._pan_from = event.position()
        elif left and self._near_split(event.position()):
            self._dragging_split = True
        elif left and self._tool == Tool.BRUSH:
            self._begin_stroke(event.position())
        elif left:
            self._pan_from = event.position()
        self._update_cursor()

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        self._cursor = event.position()
        if self.before is None:
            return
        if self._pan_from is not None:
            ratio = self.devicePixelRatioF()
            moved = event.position() - self._pan_from
            self._pan_from = event.position()
            self._set_view(self.view.panned(moved.x() * ratio, moved.y() * ratio))
        elif self._dragging_split:
            shown = self._picture_rect().intersected(QRectF(self.rect()))
            self.set_split((event.position().x() - shown.left()) / max(1.0, shown.width()))
        elif self._stroke is not None:
            self._go_on_stroke(event.position())
        self.hovered.emit(self.to_picture(event.position()))
        self._update_cursor()
        if self._tool == Tool.BRUSH:
            self.update()

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        left = event.button() == Qt.MouseButton.LeftButton
        if self._stroke is not None and left:
            self._end_stroke()
        self._pan_from, self._dragging_split = None, False
        self._update_cursor()

    def mouseDoubleClickEvent(self, event: QMouseEvent) -> None:
        if self._tool == Tool.BRUSH or self._space or self._near_split(event.position()):
            self.mousePressEvent(event)
        elif event.button() == Qt.MouseButton.LeftButton:
            if self.view.fitted and self.view.fit_scale < 1:
                self.zoom_to(1.0, event.position())
            else:
                self.fit()

    def tabletEvent(self, event: QTabletEvent) -> None:
        """A pen paints with its pressure; whatever else it does, it does as a mouse."""
        kind, at = event.type(), event.position()
        event.ignore()
        if self.before is None or self._tool != Tool.BRUSH or self._space or self._near_split(at):
            return
        self._cursor = at
        if kind == QEvent.Type.TabletPress and event.button() == Qt.MouseButton.LeftButton:
            self._begin_stroke(at, event.pressure())
            event.accept()
        elif kind == QEvent.Type.TabletMove and self._stroke is not None:
            self._go_on_stroke(at, event.pressure())
            self.hovered.emit(self.to_picture(at))
            event.accept()
        elif kind == QEvent.Type.TabletRelease and self._stroke is not None:
            self._end_stroke()
            event.accept()
        self.update()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        step = 64 * self.devicePixelRatioF()
        moves = {
            Qt.Key.Key_Left: (step, 0),
            Qt.Key.Key_Right: (-step, 0),
            Qt.Key.Key_Up: (0, step),
            Qt.Key.Key_Down: (0, -step),
        }
        key = Qt.Key(event.key())
        if key == Qt.Key.Key_Space:
            self._space = True
            self._update_cursor()
        elif key == Qt.Key.Key_Escape and self._stroke is not None:
            self.cancel_stroke()
        elif (
            key in moves
            and self._split is not None
            and event.modifiers() & (Qt.KeyboardModifier.ShiftModifier)
        ):
            self.set_split(self._split - moves[key][0] / step * 0.05)
        elif key in moves:
            self._set_view(self.view.panned(*moves[key]))
        else:
            super().keyPressEvent(event)

    def keyReleaseEvent(self, event: QKeyEvent) -> None:
        if event.key() == Qt.Key.Key_Space and not event.isAutoRepeat():
            self._space = False
            self._update_cursor()
        else:
            super().keyReleaseEvent(event)

    def focusOutEvent(self, event: QEvent) -> None:
        self._space = False
        self._pan_from = None
        self._update_cursor()

    def enterEvent(self, event: QEnterEvent) -> None:
        self._cursor = event.position()
        self.update()

    def leaveEvent(self, event: QEvent) -> None:
        self._cursor = None
        self.hovered.emit(None)
        self.update()

    # -- strokes -----------------------------------------------------------------------------------

    def _begin_stroke(self, at: QPointF, pressure: float = 1.0) -> None:
        x, y = self.to_picture(at)
        self._stroke = [QPointF(x, y)]
        self._stroke_colour = QColor(theme.current().accent)
        self.stroke_begun.emit(x, y, pressure)
        self.update()

    def _go_on_stroke(self, at: QPointF, pressure: float = 1.0) -> None:
        assert self._stroke is not None
        x, y = self.to_picture(at)
        last = self._stroke[-1]
        # Points closer than a twelfth of the brush add nothing but weight.
        if math.hypot(x - last.x(), y - last.y()) < max(0.5, self._brush_size / 12):
            return
        self._stroke.append(QPointF(x, y))
        self.stroke_moved.emit(x, y, pressure)

    def _end_stroke(self) -> None:
        self._stroke = None
        self.stroke_ended.emit()
        self.update()

    # -- cursor ------------------------------------------------------------------------------------

    def _near_split(self, at: QPointF) -> bool:
        if self._split is None or self._showing_before:
            return False
        return abs(at.x() - self._split_position()) <= _HANDLE

    def _panning_now(self) -> bool:
        return self._space or self._pan_from is not None

    def _update_cursor(self) -> None:
        shape = Qt.CursorShape
        if self.before is None:
            wanted = shape.ArrowCursor
        elif self._pan_from is not None:
            wanted = shape.ClosedHandCursor
        elif self._space:
            wanted = shape.OpenHandCursor
        elif self._dragging_split or (self._cursor is not None and self._near_split(self._cursor)):
            wanted = shape.SplitHCursor
        elif self._tool == Tool.BRUSH:
            wanted = shape.CrossCursor
        else:
            wanted = shape.ArrowCursor
        if self.cursor().shape() != wanted:
            self.setCursor(QCursor(wanted))


def _image(pixels: NDArray[np.uint8]) -> QImage:
    """A QImage on the memory of an H x W x 3 array (any row stride); keep the array alive."""
    height, width = pixels.shape[:2]
    if pixels.strides[1:] != (3, 1):
        pixels = np.ascontiguousarray(pixels)
    return QImage(
        pixels.data if pixels.flags.c_contiguous else _buffer(pixels),
        width,
        height,
        pixels.strides[0],
        QImage.Format.Format_RGB888,
    )


def _buffer(pixels: NDArray[np.uint8]) -> memoryview:
    """The memory from an array's first to its last pixel."""
    height, width = pixels.shape[:2]
    length = (height - 1) * pixels.strides[0] + width * 3
    flat = np.lib.stride_tricks.as_strided(pixels, (length,), (1,), writeable=False)
    return flat.data


def _tinted(weights: NDArray[np.uint8]) -> QImage:
    """A red veil as strong as the weights, premultiplied."""
    share = weights.astype(np.uint16) * 150 // 255
    veil = np.empty((*weights.shape, 4), np.uint8)
    for channel, value in enumerate((_OVERLAY[2], _OVERLAY[1], _OVERLAY[0])):
        veil[..., channel] = share * value // 255
    veil[..., 3] = share
    return _argb(veil)


def _chequerboard(square: int) -> QImage:
    """Two by two squares of a board, to be repeated."""
    board = QImage(2 * square, 2 * square, QImage.Format.Format_RGB32)
    board.fill(QColor(*_BOARD[0]))
    painter = QPainter(board)
    for x, y in ((0, 0), (square, square)):
        painter.fillRect(x, y, square, square, QColor(*_BOARD[1]))
    painter.end()
    return board


def _marked(kinds: NDArray[np.uint8]) -> QImage:
    table = np.zeros((256, 4), np.uint8)
    for kind, (r, g, b, a) in _CLIP_COLOURS.items():
        table[kind] = (b, g, r, a)
    # Single clipped pixels are made visible.
    thick = cv2.dilate(kinds, np.ones((2, 2), np.uint8))
    return _argb(table[thick])


def _argb(pixels: NDArray[np.uint8]) -> QImage:
    height, width = pixels.shape[:2]
    image = QImage(pixels.data, width, height, width * 4, QImage.Format.Format_ARGB32_Premultiplied)
    return image.copy()
