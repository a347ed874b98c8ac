"""Draws a gradient's lines and handles over the picture."""

from __future__ import annotations

import math

from PySide6.QtCore import QPointF, Qt
from PySide6.QtGui import QColor, QPainter, QPen

from editor.engine.mask_parts import LinearGradient, RadialGradient
from editor.ui.canvas.handles import ACROSS, DOWN, END, MOVE, START, TURN, Handles
from editor.ui.canvas.placement import Placement
from editor.ui.widgets import theme

_DARK, _BRIGHT = QColor(0, 0, 0, 140), QColor(255, 255, 255, 235)
_DOT = 5.5  # radius of a handle
_FAR = 10_000.0  # longer than any screen


def draw_gradient(painter: QPainter, placement: Placement, handles: Handles) -> None:
    """The gradient that is being shaped (widget coordinates)."""
    places = handles.places(placement)
    if isinstance(handles.shape, LinearGradient):
        _draw_linear(painter, places)
    elif isinstance(handles.shape, RadialGradient):
        _draw_radial(painter, places, handles.shape)
    for name, place in places.items():
        radius = _DOT + 1.5 if name == MOVE else _DOT
        painter.setPen(QPen(_DARK, 1.4))
        painter.setBrush(QColor(theme.current().accent) if name in (MOVE, START) else _BRIGHT)
        painter.drawEllipse(place, radius, radius)


def _line(painter: QPainter, start: QPointF, end: QPointF, style: Qt.PenStyle) -> None:
    for colour, width in ((_DARK, 2.8), (_BRIGHT, 1.3)):
        painter.setPen(QPen(colour, width, style))
        painter.drawLine(start, end)


def _draw_linear(painter: QPainter, places: dict[str, QPointF]) -> None:
    start, end = places[START], places[END]
    way = end - start
    length = math.hypot(way.x(), way.y())
    aside = QPointF(0, _FAR) if length == 0 else QPointF(-way.y(), way.x()) * (_FAR / length)
    for place, style in ((start, Qt.PenStyle.SolidLine), (end, Qt.PenStyle.DashLine)):
        _line(painter, place - aside, place + aside, style)
    _line(painter, start, end, Qt.PenStyle.DotLine)


def _draw_radial(painter: QPainter, places: dict[str, QPointF], shape: RadialGradient) -> None:
    centre = places[MOVE]
    across, down = (places[name] - centre for name in (ACROSS, DOWN))
    semi = math.hypot(across.x(), across.y()), math.hypot(down.x(), down.y())
    painter.save()
    painter.translate(centre)
    painter.rotate(shape.angle)
    painter.setBrush(Qt.BrushStyle.NoBrush)
    inner = 1 - shape.feather
    for share, style in ((1.0, Qt.PenStyle.DashLine), (inner, Qt.PenStyle.SolidLine)):
        if share > 0.02:
            for colour, width in ((_DARK, 2.8), (_BRIGHT, 1.3)):
                painter.setPen(QPen(colour, width, style))
                painter.drawEllipse(QPointF(), semi[0] * share, semi[1] * share)
    painter.restore()
    _line(painter, places[ACROSS], places[TURN], Qt.PenStyle.SolidLine)
