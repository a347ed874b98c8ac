"""The looks: a thumbnail of this photo in each, by family; a click puts the photo in the look."""

from __future__ import annotations

from functools import partial

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import (
    QCoreApplication,
    QEvent,
    QObject,
    QRectF,
    QSize,
    Qt,
    QTimer,
    Signal,
    SignalInstance,
)
from PySide6.QtGui import (
    QColor,
    QEnterEvent,
    QKeyEvent,
    QMouseEvent,
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
    QToolButton,
    QVBoxLayout,
    QWidget,
)

from editor.ui.texts.engine_messages import operator_name
from editor.ui.widgets import qimages, theme
from editor.ui.widgets.controls import heading, scrolled
from models.operators.registry import OPERATORS

_REST = 120  # ms that the mouse rests on a look until the photo is shown in it

FAMILIES = {
    "detail": "Detail",
    "abstraction": "Simplify",
    "blur": "Soften",
    "photographic": "Photographic",
    "drawing": "Drawing and painting",
}
"""Families with thumbnails, in the order of the panel; the applications have tools of their own."""

LOOKS = tuple(op.id for family in FAMILIES for op in OPERATORS.values() if op.family == family)
"""Operators with a thumbnail, in the order of the panel."""


class LookCard(QAbstractButton):
    """One look: this photo in it, and its name.

    Signals:
        chosen: clicked, or Return pressed.
        stack_wanted: the same with Shift, or the small plus clicked.
        pointed: the mouse is over the card; whether it asks to stack.
        left: it is elsewhere.
    """

    chosen = Signal()
    stack_wanted = Signal()
    pointed = Signal(bool)
    left = Signal()

    def __init__(self, operator: str, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        op = OPERATORS[operator]
        self.operator = operator
        self._pixmap: QPixmap | None = None
        self._places: tuple[int, ...] = ()
        self._stacked = self._shift = False
        name = operator_name(operator)
        summary, algorithm = (
            QCoreApplication.translate("Operators", text) for text in (op.summary, op.algorithm)
        )
        self.setText(name)
        font = self.font()
        font.setPointSizeF(font.pointSizeF() * 0.93)
        self.setFont(font)
        self.setAccessibleName(name)
        self._summary = summary
        self.setAccessibleDescription(summary)
        how = self.tr("Algorithm: {name}").format(name=algorithm)
        self.setToolTip(f"<b>{name}</b><br>{summary}<br><small>{how}</small>")
        self.setFocusPolicy(Qt.FocusPolicy.TabFocus)  # a click leaves the keys to the canvas
        self.setAttribute(Qt.WidgetAttribute.WA_Hover)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self.plus = QToolButton(self)
        self.plus.setObjectName("plus")
        self.plus.setIconSize(QSize(12, 12))
        self.plus.setFixedSize(20, 20)
        self.plus.setFocusPolicy(Qt.FocusPolicy.NoFocus)  # the card has Shift+Return for it
        self.plus.setAccessibleName(self.tr("Add {name}").format(name=name))
        self.plus.setToolTip(self.tr("Add on top of the looks there are (Shift+click)"))
        self.plus.installEventFilter(self)
        self.plus.clicked.connect(self.stack_wanted)
        self.plus.hide()
        self.clicked.connect(self._clicked)

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

    def set_places(self, places: tuple[int, ...], stacked: bool) -> None:
        """Which of the photo's looks are this one, counted from 1; whether there are several."""
        if (places, stacked) != (self._places, self._stacked):
            self._places, self._stacked = places, stacked
            applied = self.tr("Applied.") if places else ""
            self.setAccessibleDescription(f"{self._summary} {applied}".rstrip())
            self.update()

    @property
    def badge(self) -> str:
        """What is written on the thumbnail: a tick, or the places in the stack."""
        if not self._places:
            return ""
        return " ".join(map(str, self._places)) if self._stacked else "✓"

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
        if self.hasFocus() or self._places:
            edge = colours.accent
        elif self.underMouse() and self.isEnabled():
            edge = colours.muted
        painter.setBrush(Qt.BrushStyle.NoBrush)
        painter.setPen(QPen(QColor(edge), 2 if self.hasFocus() else 1.4))
        painter.drawRoundedRect(frame, 6, 6)
        if self.badge:
            self._draw_badge(painter, frame)
        painter.setPen(QColor(colours.text if self.isEnabled() else colours.muted))
        words = self.rect().adjusted(2, int(frame.bottom()) + 2, -2, 0)
        text = self.fontMetrics().elidedText(
            self.text(), Qt.TextElideMode.ElideRight, words.width()
        )
        painter.drawText(words, Qt.AlignmentFlag.AlignHCenter | Qt.AlignmentFlag.AlignTop, text)

    def _draw_badge(self, painter: QPainter, frame: QRectF) -> None:
        colours = theme.current()
        width = max(17, self.fontMetrics().horizontalAdvance(self.badge) + 9)
        badge = QRectF(frame.right() - 4 - width, frame.top() + 4, width, 17)
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(QColor(colours.accent))
        painter.drawRoundedRect(badge, 8.5, 8.5)
        painter.setPen(QColor(colours.on_accent))
        painter.drawText(badge, Qt.AlignmentFlag.AlignCenter, self.badge)

    # -- mouse and keys ----------------------------------------------------------------------------

    def _clicked(self) -> None:
        stacked, self._shift = self._shift, False
        (self.stack_wanted if stacked else self.chosen).emit()

    def enterEvent(self, event: QEnterEvent) -> None:
        super().enterEvent(event)
        if self.isEnabled():
            self.plus.setIcon(theme.icon("plus"))
            self.plus.move(5, 5)
            self.plus.show()
            self.pointed.emit(bool(event.modifiers() & Qt.KeyboardModifier.ShiftModifier))

    def leaveEvent(self, event: QEvent) -> None:
        super().leaveEvent(event)
        self.plus.hide()
        self.left.emit()

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Over the plus, the look is shown on top of the others."""
        if event.type() in (QEvent.Type.Enter, QEvent.Type.Leave) and self.isEnabled():
            self.pointed.emit(event.type() == QEvent.Type.Enter)
        return False

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        self._shift = bool(event.modifiers() & Qt.KeyboardModifier.ShiftModifier)
        super().mouseReleaseEvent(event)
        self._shift = False

    def keyPressEvent(self, event: QKeyEvent) -> None:
        self._shift = bool(event.modifiers() & Qt.KeyboardModifier.ShiftModifier)
        if event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            self.click()
        else:
            super().keyPressEvent(event)


class LooksPanel(QWidget):
    """All looks.

    Signals carry the id of an operator:
        chosen: put the photo in this look, or take it off.
        stack_wanted: add this look to those there are.
        pointed: the mouse rests on this look; whether it asks to stack. No id: on none.
    """

    chosen = Signal(str)
    stack_wanted = Signal(str)
    pointed = Signal(str, bool)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("left")
        self.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        self.cards: dict[str, LookCard] = {}
        self._at: tuple[str, bool] = ("", False)
        self._rested = QTimer(self, singleShot=True, interval=_REST)
        self._rested.timeout.connect(lambda: self.pointed.emit(*self._at))
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
                card.chosen.connect(partial(self._click, operator, self.chosen))
                card.stack_wanted.connect(partial(self._click, operator, self.stack_wanted))
                card.pointed.connect(partial(self._point, operator))
                card.left.connect(partial(self._point, "", False))
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
            card.set_places((), False)
            card.setEnabled(enabled)

    def set_thumbnail(self, operator: str, pixels: NDArray[np.uint8]) -> None:
        """The photo in one look."""
        if operator in self.cards:
            self.cards[operator].set_pixels(pixels)

    def set_used(self, operators: list[str]) -> None:
        """Mark the looks that the photo is in, in their order."""
        for name, card in self.cards.items():
            places = tuple(i for i, used in enumerate(operators, 1) if used == name)
            card.set_places(places, len(operators) > 1)

    def _click(self, operator: str, signal: SignalInstance) -> None:
        self._rested.stop()
        signal.emit(operator)

    def _point(self, operator: str, stacked: bool) -> None:
        """Looks that the mouse only passes are not shown."""
        self._at = (operator, stacked)
        self._rested.stop()
        if operator:
            self._rested.start()
        else:
            self.pointed.emit("", False)
