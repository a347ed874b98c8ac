"""The weights of masks on one copy of a photo, remembered part by part.

A stroke that grows, a gradient that is dragged and a part that is added cost what is new in them.
Lives in the worker thread; knows no Qt.
"""

from __future__ import annotations

from typing import TypeVar

import numpy as np
from numpy.typing import NDArray

from editor.engine.mask_parts import Brush, Mask, Shape, Stroke
from editor.engine.masks import combined, shape_weights
from editor.engine.strokes import Weights, paint

_KEPT = 8  # shapes and unfinished paintings, some 4 MB each

Key = TypeVar("Key")


class MaskWeights:
    """What `masks.rasterise` gives, for one photo.

    Args:
        photo: H x W x 3 uint8, a small copy.
    """

    def __init__(self, photo: NDArray[np.uint8]) -> None:
        self._photo = photo
        self._shapes: list[tuple[Shape, Weights]] = []
        self._painted: list[tuple[tuple[Stroke, ...], Weights]] = []
        """Paintings but for their last stroke, which may be growing."""

    def of(self, mask: Mask) -> Weights:
        """The weights of a mask, H x W float32; an array of its own."""
        shapes = [self._shape(part.shape) for part in mask.parts]
        return combined(mask, shapes, self._photo.shape)

    def _shape(self, shape: Shape) -> Weights:
        weights = _find(self._shapes, shape)
        if weights is None:
            if isinstance(shape, Brush):
                weights = self._brush(shape.strokes)
            else:
                weights = shape_weights(shape, self._photo)
            _keep(self._shapes, shape, weights)
        return weights

    def _brush(self, strokes: tuple[Stroke, ...]) -> Weights:
        done = strokes[:-1]
        below = _find(self._painted, done)
        if below is None:
            start = _find(self._painted, done[:-1]) if done else None
            if start is None:
                below = shape_weights(Brush(done), self._photo)
            else:
                below = start.copy()
                paint(below, done[-1], self._photo)
            _keep(self._painted, done, below)
        weights = below.copy()
        for stroke in strokes[-1:]:
            paint(weights, stroke, self._photo)
        return weights


def _find(kept: list[tuple[Key, Weights]], key: Key) -> Weights | None:
    """What is kept for a key: by comparing, since what is equal mostly is the same object."""
    for i, (known, weights) in enumerate(kept):
        if known == key:
            kept.append(kept.pop(i))  # used last
            return weights
    return None


def _keep(kept: list[tuple[Key, Weights]], key: Key, weights: Weights) -> None:
    kept.append((key, weights))
    del kept[:-_KEPT]
