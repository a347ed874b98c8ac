"""Images drawn over the picture: a mask, marks of clipping, the chequerboard of transparency."""

from __future__ import annotations

import cv2
import numpy as np
from numpy.typing import NDArray
from PySide6.QtGui import QColor, QImage, QPainter

from editor.ui.widgets import qimages
from editor.ui.worker.preview import EDIT_HIGH, EDIT_LOW, SOURCE_HIGH, SOURCE_LOW

_CLIP_COLOURS = {
    SOURCE_HIGH: (235, 64, 200, 255),  # what the camera clipped: magenta and violet
    SOURCE_LOW: (120, 90, 255, 255),
    EDIT_HIGH: (255, 60, 40, 255),  # what the edits clipped: red and blue
    EDIT_LOW: (40, 130, 255, 255),
}
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


def chequerboard(square: int) -> QImage:
    """Two by two squares of a board, to be repeated."""
    board = QImage(2 * square, 2 * square, QImage.Format.Format_RGB32)
    board.fill(QColor(*_BOARD[0]))
    painter = QPainter(board)
    for x, y in ((0, 0), (square, square)):
        painter.fillRect(x, y, square, square, QColor(*_BOARD[1]))
    painter.end()
    return board
