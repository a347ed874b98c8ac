"""Draws the canvas: the photo and its look, the compare bar, overlays and the brush."""

from __future__ import annotations

import math
from dataclasses import dataclass

from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QBrush, QColor, QImage, QPainter, QPen

from editor.ui.canvas.overlays import TrustMarks, chequerboard
from editor.ui.canvas.placement import Placement
from editor.ui.canvas.strokes import Strokes
from editor.ui.widgets import qimages, theme
from editor.ui.worker.pyramid import Pyramid

PIXELS_FROM = 2.0
"""Scale from which single pixels are shown as squares."""

_SQUARE = 8  # of the chequerboard, device-independent pixels


@dataclass(frozen=True, eq=False)
class Scene:
    """What is shown.

    Attributes:
        before, after: the photo and its look.
        split: share of the visible picture left of the compare bar, which shows the photo; None:
            no comparison.
        holding_before: the photo is shown everywhere, for as long as a key is held.
        transparency: how much of a chequerboard shows through, or None.
        overlays: images over the look, stretched over the whole picture.
        names: what is left and right of the compare bar.
        trust: marks over all, with their legend.
    """

    before: Pyramid
    after: Pyramid
    split: float | None
    holding_before: bool
    transparency: QImage | None
    overlays: tuple[QImage, ...]
    names: tuple[str, str]
    trust: TrustMarks | None = None


def draw_scene(painter: QPainter, placement: Placement, scene: Scene) -> None:
    """Draw everything but the brush. Leaves the painter in widget coordinates."""
    ratio = placement.ratio
    painter.scale(1 / ratio, 1 / ratio)  # from here on in device pixels
    whole = QRectF(0, 0, *placement.view.viewport)
    split = None if scene.holding_before else scene.split
    if split is None:
        draw_picture(
            painter, placement, scene.before if scene.holding_before else scene.after, whole
        )
    else:
        bar = placement.split_x(split) * ratio
        left = QRectF(0, 0, bar, whole.height())
        right = QRectF(bar, 0, whole.width() - bar, whole.height())
        draw_picture(painter, placement, scene.before, left)
        draw_picture(painter, placement, scene.after, right)
    if scene.transparency is not None:
        draw_chequerboard(painter, placement, scene.transparency)
    if not scene.holding_before:
        for image in scene.overlays:
            draw_over(painter, placement, image)
    if scene.trust is not None:
        draw_over(painter, placement, scene.trust.image)
    painter.resetTransform()
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    if scene.trust is not None:
        draw_legend(painter, placement, scene.trust.legend)
    if split is not None:
        draw_split(painter, placement, split, scene.names)
    elif scene.holding_before:
        draw_label(painter, placement, scene.names[0], Qt.AlignmentFlag.AlignLeft)


def draw_picture(painter: QPainter, placement: Placement, pyramid: Pyramid, part: QRectF) -> None:
    """The part of a picture that lies within a part of the viewport (device pixels)."""
    view = placement.view
    level = pyramid.level_for(view.scale)
    pixels = pyramid.levels[level]
    height, width = pixels.shape[:2]
    across, down = width / pyramid.size[0], height / pyramid.size[1]
    left, top = view.to_picture(part.left(), part.top())
    right, bottom = view.to_picture(part.right(), part.bottom())
    # Whole pixels of the level that cover the part, with one around for the interpolation.
    x0, y0 = max(0, math.floor(left * across) - 1), max(0, math.floor(top * down) - 1)
    x1 = min(width, math.ceil(right * across) + 1)
    y1 = min(height, math.ceil(bottom * down) + 1)
    if x0 >= x1 or y0 >= y1:
        return
    image = qimages.viewed(pixels[y0:y1, x0:x1])
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


def draw_over(painter: QPainter, placement: Placement, image: QImage) -> None:
    """An image stretched over the whole picture (device pixels)."""
    view = placement.view
    painter.setRenderHint(QPainter.RenderHint.SmoothPixmapTransform, True)
    corner, far = view.to_viewport(0, 0), view.to_viewport(*view.picture)
    target = QRectF(QPointF(*corner), QPointF(*far))
    seen = target.intersected(QRectF(0, 0, *view.viewport))
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


def draw_chequerboard(painter: QPainter, placement: Placement, transparency: QImage) -> None:
    """A board over the picture, as strong as the picture is transparent (device pixels)."""
    view = placement.view
    layer = QImage(*view.viewport, QImage.Format.Format_ARGB32_Premultiplied)
    layer.fill(Qt.GlobalColor.transparent)
    over = QPainter(layer)
    corner = QPointF(*view.to_viewport(0, 0))
    shown = QRectF(corner, QPointF(*view.to_viewport(*view.picture)))
    over.setBrushOrigin(corner)
    over.fillRect(shown, QBrush(chequerboard(round(_SQUARE * placement.ratio))))
    over.setCompositionMode(QPainter.CompositionMode.CompositionMode_DestinationIn)
    draw_over(over, placement, transparency)
    over.end()
    painter.drawImage(0, 0, layer)


def draw_split(
    painter: QPainter, placement: Placement, share: float, names: tuple[str, str]
) -> None:
    """The compare bar with its handle and labels (widget coordinates)."""
    x, shown = placement.split_x(share), placement.visible
    for pen in (QPen(QColor(0, 0, 0, 110), 3), QPen(QColor(255, 255, 255, 235), 1.4)):
        painter.setPen(pen)
        painter.drawLine(QPointF(x, shown.top()), QPointF(x, shown.bottom()))
    middle = QPointF(x, shown.center().y())
    painter.setBrush(QColor(255, 255, 255, 235))
    painter.setPen(QPen(QColor(0, 0, 0, 90), 1))
    painter.drawEllipse(middle, 13, 13)
    painter.setPen(QPen(QColor(60, 60, 60), 1.8, c=Qt.PenCapStyle.RoundCap))
    for side in (-1, 1):
        painter.drawLine(middle + QPointF(side * 7, 0), middle + QPointF(side * 3.5, -3.5))
        painter.drawLine(middle + QPointF(side * 7, 0), middle + QPointF(side * 3.5, 3.5))
    draw_label(painter, placement, names[0], Qt.AlignmentFlag.AlignLeft)
    draw_label(painter, placement, names[1], Qt.AlignmentFlag.AlignRight)


def draw_label(painter: QPainter, placement: Placement, text: str, side: Qt.AlignmentFlag) -> None:
    """A word in an upper corner of the visible picture (widget coordinates)."""
    shown, metrics = placement.visible, painter.fontMetrics()
    box = QRectF(0, 0, metrics.horizontalAdvance(text) + 18, metrics.height() + 6)
    left = shown.left() + 10
    if side == Qt.AlignmentFlag.AlignRight:
        left = shown.right() - 10 - box.width()
    box.moveTopLeft(QPointF(left, shown.top() + 10))
    painter.setPen(Qt.PenStyle.NoPen)
    painter.setBrush(QColor(0, 0, 0, 130))
    painter.drawRoundedRect(box, box.height() / 2, box.height() / 2)
    painter.setPen(QColor(255, 255, 255))
    painter.drawText(box, Qt.AlignmentFlag.AlignCenter, text)


def draw_legend(
    painter: QPainter, placement: Placement, entries: tuple[tuple[QColor, str], ...]
) -> None:
    """Colours and what they stand for, in the lower left corner of the visible picture (widget
    coordinates)."""
    metrics = painter.fontMetrics()
    line = metrics.height() + 6
    width = max((metrics.horizontalAdvance(text) for _, text in entries), default=0) + line + 18
    box = QRectF(0, 0, width, line * len(entries) + 8)
    box.moveBottomLeft(placement.visible.bottomLeft() + QPointF(10, -10))
    if entries:
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(QColor(0, 0, 0, 170))
        painter.drawRoundedRect(box, 8, 8)
    for i, (colour, text) in enumerate(entries):
        row = QRectF(box.left() + 8, box.top() + 4 + i * line, width - 16, line)
        painter.fillRect(QRectF(row.left(), row.top() + 5, line - 10, line - 10), colour)
        painter.setPen(QColor(255, 255, 255))
        painter.drawText(row.adjusted(line, 0, 0, 0), Qt.AlignmentFlag.AlignVCenter, text)


def draw_brush(
    painter: QPainter, placement: Placement, strokes: Strokes, cursor: QPointF | None
) -> None:
    """The stroke being painted, and the brush's ring at the cursor (widget coordinates)."""
    diameter = strokes.diameter * placement.view.scale / placement.ratio
    if strokes.active:
        veil = QColor(theme.current().accent)
        veil.setAlpha(70)
        pen = QPen(veil, diameter, Qt.PenStyle.SolidLine, Qt.PenCapStyle.RoundCap)
        pen.setJoinStyle(Qt.PenJoinStyle.RoundJoin)
        painter.setPen(pen)
        shown = [placement.to_widget(p.x(), p.y()) for p in strokes.points]
        if len(shown) == 1:
            painter.drawPoint(shown[0])
        else:
            painter.drawPolyline(shown)
    if cursor is None:
        return
    painter.setBrush(Qt.BrushStyle.NoBrush)
    for colour, width in ((QColor(0, 0, 0, 140), 2.6), (QColor(255, 255, 255, 230), 1.2)):
        painter.setPen(QPen(colour, width))
        painter.drawEllipse(cursor, diameter / 2, diameter / 2)
    inner = diameter / 2 * (1 - strokes.softness)
    if 3 < inner < diameter / 2 - 2:
        painter.setPen(QPen(QColor(255, 255, 255, 120), 1, Qt.PenStyle.DotLine))
        painter.drawEllipse(cursor, inner, inner)
