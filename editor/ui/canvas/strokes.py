"""A stroke of the brush while it is painted on the canvas."""

from __future__ import annotations

import math

from PySide6.QtCore import QObject, QPointF, Signal


class Strokes(QObject):
    """Collects the points of the stroke being painted. All coordinates are picture pixels.

    Signals:
        begun, moved: x and y, pressure 0..1.
        ended: the button went up; the stroke is kept.
        cancelled: the stroke is not to be kept.
        changed: something has to be drawn again.
    """

    begun = Signal(float, float, float)
    moved = Signal(float, float, float)
    ended = Signal()
    cancelled = Signal()
    changed = Signal()

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self.diameter = 40.0
        self.softness = 0.5
        self.points: list[QPointF] = []

    @property
    def active(self) -> bool:
        """Whether a stroke is being painted."""
        return bool(self.points)

    def set_brush(self, diameter: float, softness: float) -> None:
        """The brush's diameter and the softness of its edge, 0..1."""
        self.diameter, self.softness = diameter, softness
        self.changed.emit()

    def begin(self, x: float, y: float, pressure: float = 1.0) -> None:
        """The button went down."""
        self.points = [QPointF(x, y)]
        self.begun.emit(x, y, pressure)
        self.changed.emit()

    def go_on(self, x: float, y: float, pressure: float = 1.0) -> None:
        """The brush moved with the button down."""
        last = self.points[-1]
        # Points closer than a twelfth of the brush add nothing but weight.
        if math.hypot(x - last.x(), y - last.y()) < max(0.5, self.diameter / 12):
            return
        self.points.append(QPointF(x, y))
        self.moved.emit(x, y, pressure)

    def end(self) -> None:
        """The button went up."""
        self.points = []
        self.ended.emit()
        self.changed.emit()

    def cancel(self) -> None:
        """Give up the stroke being painted, if there is one."""
        if self.points:
            self.points = []
            self.cancelled.emit()
            self.changed.emit()

    def forget(self) -> None:
        """Discard the stroke without a signal: its photo is gone."""
        self.points = []
