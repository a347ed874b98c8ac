"""Images drawn over the picture: a mask, marks of clipping or of changes, and the chequerboard."""

from __future__ import annotations

from dataclasses import dataclass

import cv2
import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import QCoreApplication
from PySide6.QtGui import QColor, QImage, QPainter

from editor.ui.widgets import qimages
from editor.ui.worker.preview import EDIT_HIGH, EDIT_LOW, SOURCE_HIGH, SOURCE_LOW

translate = QCoreApplication.translate

_CLIP_COLOURS = {
    SOURCE_HIGH: (235, 64, 200, 255),  # what the camera clipped: magenta and violet
    SOURCE_LOW: (120, 90, 255, 255),
    EDIT_HIGH: (255, 60, 40, 255),  # what the edits clipped: red and blue
    EDIT_LOW: (40, 130, 255, 255),
}
_CELL = 4  # pixels of the marks of trust along a square of 16
_MARKED = 130  # how much of them there is, of 255
_VEIL = (255, 70, 60)
_BOARD = ((204, 204, 204), (255, 255, 255))


def mask_veil(weights: NDArray[np.uint8]) -> QImage:
    """A red veil as strong as the weights, H x W uint8."""
    share = weights.astype(np.uint16) * 150 // 255
    veil = np.empty((*weights.shape, 4), np.uint8)
    for channel, value in enumerate((_VEIL[2], _VEIL[1], _VEIL[0])):
        veil[..., channel] = share * value // 255
    veil[..., 3] = share
    return qimages.from_argb(veil)


def clipping_marks(kinds: NDArray[np.uint8]) -> QImage:
    """The colours of a clipping map, see `preview.clipping_map`."""
    table = np.zeros((256, 4), np.uint8)
    for kind, (r, g, b, a) in _CLIP_COLOURS.items():
        table[kind] = (b, g, r, a)
    # Single clipped pixels are made visible.
    thick = cv2.dilate(kinds, np.ones((2, 2), np.uint8))
    return qimages.from_argb(table[thick])


@dataclass(frozen=True, eq=False)
class TrustMarks:
    """Marks of how far a restored photo can be trusted.

    Attributes:
        image: over the whole picture.
        legend: the colours in it, and what they stand for.
    """

    image: QImage
    legend: tuple[tuple[QColor, str], ...]


def trust_marks(trust: NDArray[np.uint8], size: tuple[int, int]) -> TrustMarks:
    """The colours of a map of `Trust`, a value for each square of 16 pixels.

    Args:
        size: width and height of the picture in pixels.
    """
    from editor.engine.trust_map import COLOURS
    from models.containers.container import SQUARE, Trust

    words = {
        Trust.CHANGED: translate("Canvas", "Changed since, left as received"),
        Trust.COARSE: translate("Canvas", "Only predicted"),
        Trust.UNPROVEN: translate("Canvas", "Not proven unchanged"),
    }
    table, legend = np.zeros((256, 4), np.uint8), []
    for kind, text in words.items():
        colour = np.array(COLOURS[kind])
        table[kind] = (*(colour[::-1] * _MARKED // 255), _MARKED)
        if (trust == kind).any():
            legend.append((QColor(*COLOURS[kind]), text))
    each = trust.repeat(_CELL, 0).repeat(_CELL, 1)
    width, height = (max(1, round(side * _CELL / SQUARE)) for side in size)
    return TrustMarks(qimages.from_argb(table[each[:height, :width]]), tuple(legend))


def chequerboard(square: int) -> QImage:
    """Two by two squares of a board, to be repeated."""
    board = QImage(2 * square, 2 * square, QImage.Format.Format_RGB32)
    board.fill(QColor(*_BOARD[0]))
    painter = QPainter(board)
    for x, y in ((0, 0), (square, square)):
        painter.fillRect(x, y, square, square, QColor(*_BOARD[1]))
    painter.end()
    return board
