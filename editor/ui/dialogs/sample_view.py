"""The worst part of what comes back, beside the same part of the original."""

from __future__ import annotations

from PySide6.QtCore import QRect, QSize, Qt
from PySide6.QtGui import QColor, QPainter, QPaintEvent, QPixmap
from PySide6.QtWidgets import QSizePolicy, QWidget

from editor.engine.quality import SAMPLE_SIZE, Sample
from editor.ui.widgets import qimages, theme

_BETWEEN = 8


class SampleView(QWidget):
    """Two pictures, pixel for pixel (a device-independent one each), with their captions."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Fixed)
        self.captions = self.tr("Original"), self.tr("What comes back")
        self._pictures: tuple[QPixmap, ...] = ()
        self.setAccessibleName(self.tr("The worst part of what comes back, beside the original"))
        self.setToolTip(
            self.tr("The part of the photo that comes back worst; the rest comes back better")
        )

    def sizeHint(self) -> QSize:
        width, height = SAMPLE_SIZE
        return QSize(2 * width + _BETWEEN, height + self.fontMetrics().height() + 4)

    @property
    def filled(self) -> bool:
        """Whether there is a sample."""
        return bool(self._pictures)

    def show_sample(self, sample: Sample | None) -> None:
        """A sample in the screen's colours; None: nothing is known yet."""
        self._pictures = ()
        if sample is not None:
            both = sample.original, sample.restored
            self._pictures = tuple(QPixmap.fromImage(qimages.from_rgb(p)) for p in both)
        self.update()

    def paintEvent(self, event: QPaintEvent) -> None:
        colours, painter = theme.current(), QPainter(self)
        width, height = SAMPLE_SIZE
        for i, caption in enumerate(self.captions):
            frame = QRect(i * (width + _BETWEEN), 0, width, height)
            painter.fillRect(frame, QColor(colours.canvas))
            if self._pictures:
                place = self._pictures[i].rect()
                place.moveCenter(frame.center())
                painter.drawPixmap(place.topLeft(), self._pictures[i])
            painter.setPen(QColor(colours.muted))
            below = QRect(frame.left(), height + 2, width, self.fontMetrics().height() + 2)
            painter.drawText(below, Qt.AlignmentFlag.AlignLeft, caption)
