"""The brush's settings."""

from __future__ import annotations

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QCheckBox, QVBoxLayout, QWidget

from editor.ui.widgets.slider_row import SliderRow


class BrushPanel(QWidget):
    """The brush's settings."""

    changed = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.diameter = SliderRow(
            self.tr("Size"), low=0.002, high=0.4, neutral=0.002, default=0.06, decimals=1,
            one_line=True,
            tip=self.tr("Diameter of the brush, in percent of the photo's long edge ( [ and ] )"),
        )  # fmt: skip
        self.softness = SliderRow(
            self.tr("Softness"),
            default=0.5,
            one_line=True,
            tip=self.tr("How soft its edge is ( Shift+[ and Shift+] )"),
        )
        self.strength = SliderRow(
            self.tr("Brush strength"),
            default=1.0,
            one_line=True,
            tip=self.tr("How much a stroke lets through (keys 1 to 9, and 0 for all)"),
        )
        self.erase = QCheckBox(self.tr("Erase (X)"))
        self.erase.setToolTip(self.tr("Strokes take away instead of adding"))
        self.stay = QCheckBox(self.tr("Stay on skin"))
        self.stay.setToolTip(
            self.tr(
                "New strokes keep to the colours they are painted on, along the photo's edges (K). "
                "What is painted already stays as it is."
            )
        )
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(2)
        for row in (self.diameter, self.softness, self.strength):
            layout.addWidget(row)
            row.changed.connect(lambda *_: self.changed.emit())
        layout.addWidget(self.erase)
        layout.addWidget(self.stay)
        for box in (self.erase, self.stay):
            box.toggled.connect(lambda _: self.changed.emit())
