"""The sliders of a gradient: what its handles on the canvas do, without a mouse."""

from __future__ import annotations

from functools import partial

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QVBoxLayout, QWidget

from editor.engine.mask_parts import LinearGradient, RadialGradient
from editor.ui.session.gradient_numbers import Size, numbers
from editor.ui.widgets.slider_row import SliderRow


class GradientRows(QWidget):
    """A slider for each number of a gradient.

    `changed`: name of the number (see `gradient_numbers`), its value, and the gesture.
    """

    changed = Signal(str, float, int)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.rows = {
            "across": SliderRow(self.tr("Across"), one_line=True,
                                default=0.5, tip=self.tr("Where its middle is, from the left")),
            "down": SliderRow(self.tr("Down"), one_line=True,
                              default=0.5, tip=self.tr("Where its middle is, from the top")),
            "width": SliderRow(self.tr("Width"), high=3.0, default=0.5, one_line=True,
                               tip=self.tr("Of the ellipse, in percent of the photo's width")),
            "height": SliderRow(self.tr("Height"), high=3.0, default=0.5, one_line=True,
                                tip=self.tr("Of the ellipse, in percent of the photo's height")),
            "angle": SliderRow(self.tr("Angle"), low=-180, high=180, shown_as=1.0, suffix="°",
                               one_line=True, tip=self.tr("Turns it clockwise")),
            "fade": SliderRow(self.tr("Fading"), high=1.5, default=0.3, one_line=True,
                              tip=self.tr("How long the way from full to nothing is")),
            "feather": SliderRow(self.tr("Feather"), default=0.5, one_line=True,
                                 tip=self.tr("How far from the rim it fades")),
        }  # fmt: skip
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(0)
        for name, row in self.rows.items():
            layout.addWidget(row)
            row.changed.connect(partial(self.changed.emit, name))

    def show_shape(self, shape: LinearGradient | RadialGradient, size: Size) -> None:
        """The numbers of a gradient on a photo of that size."""
        known = numbers(shape, size)
        for name, row in self.rows.items():
            row.setVisible(name in known)
            if name in known:
                row.set_value(known[name])
