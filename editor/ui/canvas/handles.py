"""The handles of a gradient on the canvas: where they are, and what dragging them does."""

from __future__ import annotations

import math
from dataclasses import replace

from PySide6.QtCore import QObject, QPointF, Signal

from editor.engine.mask_parts import SMALLEST_RADIUS, LinearGradient, RadialGradient
from editor.ui.canvas.placement import Placement

Gradient = LinearGradient | RadialGradient

_REACH = 11  # of a handle, device-independent pixels
_LEAST = 4  # such pixels: a shorter drag draws nothing
_TURN = 28  # how far beyond the ellipse the handle is that turns it

MOVE, START, END, ACROSS, DOWN, TURN = "move", "start", "end", "across", "down", "turn"


class Handles(QObject):
    """One gradient that is being shaped.

    `shape` is what the handles show; `armed`: the next drag draws it anew, wherever it begins.

    Signals:
        moved: the gradient while it is dragged.
        ended: the gradient once it is let go.
        cancelled: it is to be as it was.
        changed: something has to be drawn again.
    """

    moved = Signal(object)
    ended = Signal(object)
    cancelled = Signal()
    changed = Signal()

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self.shape: Gradient | None = None
        self.armed = False
        self._held = ""
        self._from = QPointF()
        self._before: Gradient | None = None

    @property
    def active(self) -> bool:
        """Whether a handle is being dragged."""
        return bool(self._held)

    def show_shape(self, shape: Gradient | None, *, armed: bool = False) -> None:
        """Another gradient, or none. While one is dragged, that one stays."""
        if not self.active:
            self.shape, self.armed = shape, armed and shape is not None
            self.changed.emit()

    def places(self, placement: Placement) -> dict[str, QPointF]:
        """Where the handles are, in widget coordinates."""
        width, height = placement.view.picture
        shape = self.shape
        if isinstance(shape, LinearGradient):
            start, end = (
                placement.to_widget(x * width, y * height) for x, y in (shape.start, shape.end)
            )
            return {START: start, END: end, MOVE: (start + end) / 2}
        if isinstance(shape, RadialGradient):
            centre = placement.to_widget(shape.centre[0] * width, shape.centre[1] * height)
            right, down = self._axes(shape, placement)
            beyond = 1 + _TURN / max(1.0, math.hypot(right.x(), right.y()))
            return {
                ACROSS: centre + right,
                "left": centre - right,
                DOWN: centre + down,
                "up": centre - down,
                TURN: centre + right * beyond,
                MOVE: centre,
            }
        return {}

    @staticmethod
    def _axes(shape: RadialGradient, placement: Placement) -> tuple[QPointF, QPointF]:
        """From the centre to the rim, along both axes of the ellipse (widget coordinates)."""
        width, height = placement.view.picture
        scale, turned = placement.view.scale / placement.ratio, math.radians(shape.angle)
        along = QPointF(math.cos(turned), math.sin(turned))
        return (
            along * (shape.radii[0] * width * scale),
            QPointF(-along.y(), along.x()) * (shape.radii[1] * height * scale),
        )

    def at(self, place: QPointF, placement: Placement) -> str:
        """The handle at a place of the widget; empty for none."""
        best, reach = "", float(_REACH)
        for name, handle in self.places(placement).items():
            away = math.hypot(place.x() - handle.x(), place.y() - handle.y())
            if away <= reach:
                best, reach = name, away
        return best

    def press(self, place: QPointF, placement: Placement) -> bool:
        """The button went down; returns whether that began something."""
        if self.shape is None:
            return False
        held = "draw" if self.armed else self.at(place, placement)
        self._held, self._from, self._before = held, place, self.shape
        return bool(held)

    def drag(self, place: QPointF, placement: Placement) -> None:
        """The mouse moved with the button down."""
        before = self._before
        if not self._held or before is None:
            return
        if self._held == "draw":
            shape = self._drawn(before, place, placement)
        elif self._held == MOVE:
            shape = self._moved(before, place - self._from, placement)
        elif isinstance(before, LinearGradient):
            shape = replace(before, **{self._held: _share(place, placement)})
        else:
            shape = self._reshaped(before, place, placement)
        if shape is not None and shape != self.shape:
            self.shape = shape
            self.moved.emit(shape)
            self.changed.emit()

    def nudge(self, across: float, down: float) -> None:
        """Move the gradient by shares of the picture's sides (a key)."""
        shape = self.shape
        if shape is not None and not self.active:
            self.armed = False
            self.shape = _shifted(shape, across, down)
            self.ended.emit(self.shape)
            self.changed.emit()

    def release(self) -> None:
        """The button went up."""
        if self._held:
            drawn = self.shape != self._before
            self._held, self._before = "", None
            if drawn:
                self.armed = False
                self.ended.emit(self.shape)
            self.changed.emit()

    def cancel(self) -> None:
        """Give up what is being dragged."""
        if self._held:
            self.shape, self._held, self._before = self._before, "", None
            self.cancelled.emit()
            self.changed.emit()

    def forget(self) -> None:
        """The gradient and what is being dragged are gone: another photo, or another tool."""
        self.shape, self.armed, self._held, self._before = None, False, "", None

    def _drawn(self, before: Gradient, place: QPointF, placement: Placement) -> Gradient | None:
        """A gradient from where the button went down to where the mouse is."""
        way = place - self._from
        if math.hypot(way.x(), way.y()) < _LEAST:
            return None
        start, end = _share(self._from, placement), _share(place, placement)
        if isinstance(before, LinearGradient):
            return replace(before, start=start, end=end)
        radii = abs(end[0] - start[0]), abs(end[1] - start[1])
        return replace(before, centre=start, radii=_radii(*radii), angle=0.0)

    @staticmethod
    def _moved(before: Gradient, way: QPointF, placement: Placement) -> Gradient:
        width, height = placement.view.picture
        scale = placement.view.scale / placement.ratio
        return _shifted(before, way.x() / scale / width, way.y() / scale / height)

    def _reshaped(
        self, before: RadialGradient, place: QPointF, placement: Placement
    ) -> RadialGradient:
        width, height = placement.view.picture
        centre = placement.to_widget(before.centre[0] * width, before.centre[1] * height)
        way, scale = place - centre, placement.view.scale / placement.ratio
        if self._held == TURN:
            angle = math.degrees(math.atan2(way.y(), way.x()))
            return replace(before, angle=round(angle, 1))
        turned = math.radians(before.angle)
        along = way.x() * math.cos(turned) + way.y() * math.sin(turned)
        aside = way.y() * math.cos(turned) - way.x() * math.sin(turned)
        across, down = before.radii
        if self._held in (ACROSS, "left"):
            across = abs(along) / scale / width
        else:
            down = abs(aside) / scale / height
        return replace(before, radii=_radii(across, down))


def _share(place: QPointF, placement: Placement) -> tuple[float, float]:
    width, height = placement.view.picture
    x, y = placement.to_picture(place)
    return round(x / width, 5), round(y / height, 5)


def _radii(across: float, down: float) -> tuple[float, float]:
    return max(round(across, 5), SMALLEST_RADIUS), max(round(down, 5), SMALLEST_RADIUS)


def _shifted(shape: Gradient, across: float, down: float) -> Gradient:
    def shifted(point: tuple[float, float]) -> tuple[float, float]:
        x, y = (min(max(v, -5.0), 5.0) for v in (point[0] + across, point[1] + down))
        return round(x, 5), round(y, 5)

    if isinstance(shape, LinearGradient):
        return replace(shape, start=shifted(shape.start), end=shifted(shape.end))
    return replace(shape, centre=shifted(shape.centre))
