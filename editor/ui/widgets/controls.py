"""Small things that panels and dialogs share: headings, lines, scrolling, shortened labels."""

from __future__ import annotations

from PySide6.QtCore import Qt
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import (
    QAbstractButton,
    QFrame,
    QLabel,
    QScrollArea,
    QSizePolicy,
    QToolButton,
    QWidget,
)


class ElidedLabel(QLabel):
    """A line of text that is shortened in the middle where it does not fit."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._whole = ""
        self.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Preferred)

    def show_text(self, text: str, tip: str = "") -> None:
        """Another text; the tooltip has all of it."""
        self._whole = text
        self.setToolTip(tip or text)
        self._shorten()

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._shorten()

    def _shorten(self) -> None:
        metrics, width = self.fontMetrics(), self.contentsRect().width()
        self.setText(metrics.elidedText(self._whole, Qt.TextElideMode.ElideMiddle, width))


def keep_width(button: QAbstractButton, *texts: str) -> None:
    """Make a button wide enough for all its texts, so that its neighbours stay where they are."""
    now, widths = button.text(), []
    button.ensurePolished()
    for text in texts:
        button.setText(text)
        widths.append(button.sizeHint().width())
    button.setText(now)
    button.setMinimumWidth(max(widths))


def heading(text: str) -> QLabel:
    """The title of a section of a panel."""
    label = QLabel(text)
    label.setObjectName("heading")
    return label


def fold_button(title: str) -> QToolButton:
    """The title of a group of a panel, which folds the group out or away where it is clicked."""
    button = QToolButton()
    button.setObjectName("fold")
    button.setText(title)
    button.setAccessibleName(title)
    button.setCheckable(True)
    button.setToolButtonStyle(Qt.ToolButtonStyle.ToolButtonTextBesideIcon)
    button.setFocusPolicy(Qt.FocusPolicy.TabFocus)
    return button


def scrolled(content: QWidget) -> QScrollArea:
    """A panel's content, to be scrolled up and down where it is too tall."""
    area = QScrollArea()
    area.setWidget(content)
    area.setWidgetResizable(True)
    area.setFocusPolicy(Qt.FocusPolicy.NoFocus)
    area.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
    return area


def line() -> QFrame:
    """A thin line between sections."""
    frame = QFrame()
    frame.setObjectName("line")
    frame.setFixedHeight(1)
    return frame
