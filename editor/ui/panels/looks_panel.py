"""The looks: a thumbnail of this photo in each, by family. A click adds the look."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import QCoreApplication, QRectF, QSize, Qt, Signal
from PySide6.QtGui import (
    QColor,
    QKeyEvent,
    QPainter,
    QPainterPath,
    QPaintEvent,
    QPen,
    QPixmap,
)
from PySide6.QtWidgets import (
    QAbstractButton,
    QGridLayout,
    QSizePolicy,
    QVBoxLayout,
    QWidget,
)

from editor.ui.texts.engine_messages import operator_name
from editor.ui.widgets import qimages, theme
from editor.ui.widgets.controls import heading, scrolled
from models.operators.registry import OPERATORS

FAMILIES = {
    "detail": "Detail",
    "abstraction": "Abstraction",
    "blur": "Blur",
    "photographic": "Photographic",
    "drawing": "Drawing and painting",
}
"""Families with thumbnails, in the order of the panel; the applications have tools of their own."""

SHORT_NAMES = {"rtv": "Total variation"}
"""Names that would not fit under a thumbnail."""

LOOKS = tuple(op.id for family in FAMILIES for op in OPERATORS.values() if op.family == family)
"""Operators with a thumbnail, in the order of the panel."""


class LookCard(QAbstractButton):
    """One look: this photo in it, and its name."""

    def __init__(self, operator: str, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        op = OPERATORS[operator]
        self.operator = operator
        self._pixmap: QPixmap | None = None
        self.count = 0
        name = operator_name(operator)
        short = QCoreApplication.translate("Operators", SHORT_NAMES.get(operator, op.name))
        summary = QCoreApplication.translate("Operators", op.summary)
        self.setText(short)
        font = self.font()
        font.setPointSizeF(font.pointSizeF() * 0.93)
        self.setFont(font)
        self.setAccessibleName(name)
        self.setAccessibleDescription(summary)
        self.setToolTip(f"<b>{name}</b><br>{summary}")
        self.setFocusPolicy(Qt.FocusPolicy.TabFocus)  # a click leaves the keys to the canvas
        self.setAttribute(Qt.WidgetAttribute.WA_Hover)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)

    def sizeHint(self) -> QSize:
        return QSize(100, 66 + self.fontMetrics().height() + 6)

    def minimumSizeHint(self) -> QSize:
        return QSize(80, self.sizeHint().height())

    def set_pixels(self, pixels: NDArray[np.uint8] | None) -> None:
        """The thumbnail, H x W x 3 uint8; None while there is none."""
        if pixels is None:
            self._pixmap = None
        else:
            self._pixmap = QPixmap.fromImage(qimages.from_rgb(pixels))
        self.update()

    def set_count(self, count: int) -> None:
        """How many edits of the list are of this look."""
        if count != self.count:
            self.count = count
            self.update()

    @property
    def has_thumbnail(self) -> bool:
        """Whether the photo's thumbnail has arrived."""
        return self._pixmap is not None

    def paintEvent(self, event: QPaintEvent) -> None:
        colours, painter = theme.current(), QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setRenderHint(QPainter.RenderHint.SmoothPixmapTransform)
        lettering = self.fontMetrics().height() + 6
        frame = QRectF(self.rect()).adjusted(1.5, 1.5, -1.5, -lettering)
        clip = QPainterPath()
        clip.addRoundedRect(frame, 6, 6)
        painter.setClipPath(clip)
        painter.fillRect(frame, QColor(colours.raised))
        if self._pixmap is not None:
            size = self._pixmap.size()
            scale = max(frame.width() / size.width(), frame.height() / size.height())
            source = QRectF(0, 0, frame.width() / scale, frame.height() / scale)
            # In upright photos the heads are in the upper half.
            source.moveTop((size.height() - source.height()) * 0.25)
            source.moveLeft((size.width() - source.width()) * 0.5)
            painter.setOpacity(1.0 if self.isEnabled() else 0.4)
            painter.drawPixmap(frame, self._pixmap, source)
            painter.setOpacity(1.0)
        painter.setClipping(False)
        edge = colours.border
        if self.hasFocus() or self.count:
            edge = colours.accent
        elif self.underMouse() and self.isEnabled():
            edge = colours.muted
        painter.setBrush(Qt.BrushStyle.NoBrush)
        painter.setPen(QPen(QColor(edge), 2 if self.hasFocus() else 1.4))
        painter.drawRoundedRect(frame, 6, 6)
        if self.count:
            self._draw_badge(painter, frame)
        painter.setPen(QColor(colours.text if self.isEnabled() else colours.muted))
        words = self.rect().adjusted(2, int(frame.bottom()) + 2, -2, 0)
        text = self.fontMetrics().elidedText(
            self.text(), Qt.TextElideMode.ElideRight, words.width()
        )
        painter.drawText(words, Qt.AlignmentFlag.AlignHCenter | Qt.AlignmentFlag.AlignTop, text)

    def _draw_badge(self, painter: QPainter, frame: QRectF) -> None:
        colours = theme.current()
        badge = QRectF(frame.right() - 21, frame.top() + 4, 17, 17)
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(QColor(colours.accent))
        painter.drawEllipse(badge)
        painter.setPen(QColor(colours.on_accent))
        text = "✓" if self.count == 1 else str(self.count)
        painter.drawText(badge, Qt.AlignmentFlag.AlignCenter, text)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            self.click()
        else:
            super().keyPressEvent(event)


class LooksPanel(QWidget):
    """All looks. `chosen` carries the id of the operator that was clicked."""

    chosen = Signal(str)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("left")
        self.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        self.cards: dict[str, LookCard] = {}
        content = QWidget()
        content.setObjectName("panel")
        inner = QVBoxLayout(content)
        inner.setContentsMargins(12, 8, 8, 10)
        inner.setSpacing(4)
        for family, title in FAMILIES.items():
            inner.addWidget(heading(QCoreApplication.translate("Operators", title)))
            grid = QGridLayout()
            grid.setContentsMargins(0, 0, 0, 6)
            grid.setHorizontalSpacing(8)
            grid.setVerticalSpacing(4)
            members = [op.id for op in OPERATORS.values() if op.family == family]
            for place, operator in enumerate(members):
                card = LookCard(operator)
                card.clicked.connect(lambda _=False, name=operator: self.chosen.emit(name))
                self.cards[operator] = card
                grid.addWidget(card, place // 2, place % 2)
            inner.addLayout(grid)
        inner.addStretch(1)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 1, 0)
        layout.addWidget(scrolled(content))
        self.setFixedWidth(246)
        self.clear(False)

    def clear(self, enabled: bool) -> None:
        """No thumbnails yet; `enabled` when there is a photo."""
        for card in self.cards.values():
            card.set_pixels(None)
            card.set_count(0)
            card.setEnabled(enabled)

    def set_thumbnail(self, operator: str, pixels: NDArray[np.uint8]) -> None:
        """The photo in one look."""
        if operator in self.cards:
            self.cards[operator].set_pixels(pixels)

    def set_used(self, operators: list[str]) -> None:
        """Mark the looks that are in the edit list."""
        for name, card in self.cards.items():
            card.set_count(operators.count(name))
