"""Looks of small copies for the screen; every step is kept, so that a slider is followed fast.

Lives in the worker thread; knows no Qt.
"""

from __future__ import annotations

import functools
import time
from collections.abc import Callable
from dataclasses import dataclass, replace

import cv2
import numpy as np
from numpy.typing import NDArray

from editor.engine.edits import Edit, Mask
from editor.engine.masks import paint, rasterise
from editor.engine.operator_choice import form
from editor.engine.progress import Progress, ignore_progress
from editor.engine.render import applying
from models.operators.images import Image, from_float, to_float
from models.operators.settings import Settings
from models.operators.working_scale import WORKING_LONG_EDGE

Float = NDArray[np.float32]
Pixels = NDArray[np.uint8]

PREVIEW_EDGE = WORKING_LONG_EDGE
"""Long edge of the copy that follows the sliders: looks with a working scale are defined on it."""

DRAFT_EDGE = 384
"""Long edge of the copy that is shown first when a look takes long."""

_BINS = 256
_Full = tuple[str, Settings, tuple[Edit, ...]]
"""An operator with its settings, and the acting edits before it."""

_OTHERS_KEPT = 4  # looks at full strength that are not in use, some 9 MB each


@dataclass(frozen=True, eq=False)
class Histogram:
    """How the brightness of a look is spread, and what of it is clipped.

    Attributes:
        counts: 3 x 256: pixels per level of red, green and blue.
        source_high, source_low: share of the pixels (0..1) with a channel at 255, or all at 0, in
            the photo already: the camera clipped them.
        edit_high, edit_low: the same for pixels that only the edits clipped.
    """

    counts: NDArray[np.int64]
    source_high: float
    source_low: float
    edit_high: float
    edit_low: float


SOURCE_HIGH, SOURCE_LOW, EDIT_HIGH, EDIT_LOW = 1, 2, 3, 4
"""Values of a clipping map."""


def clipping_map(photo: Pixels, look: Pixels) -> NDArray[np.uint8]:
    """H x W uint8: 0, or which kind of clipping a pixel shows (`SOURCE_HIGH`...)."""
    source_high, look_high = (_high(p) for p in (photo, look))
    source_low, look_low = (_low(p) for p in (photo, look))
    result = np.zeros(photo.shape[:2], np.uint8)
    result[look_low & ~source_low] = EDIT_LOW
    result[look_high & ~source_high] = EDIT_HIGH
    result[source_low] = SOURCE_LOW
    result[source_high] = SOURCE_HIGH
    return result


def _high(pixels: Pixels) -> NDArray[np.bool_]:
    r, g, b = cv2.split(pixels)
    return np.asarray(cv2.max(cv2.max(r, g), b) == 255)


def _low(pixels: Pixels) -> NDArray[np.bool_]:
    r, g, b = cv2.split(pixels)
    return np.asarray(cv2.max(cv2.max(r, g), b) == 0)


def histogram(look: Pixels, clipped: NDArray[np.uint8]) -> Histogram:
    """The histogram of a look with a clipping map of equal size."""
    counts = np.stack(
        [cv2.calcHist([look], [c], None, [_BINS], [0, _BINS]).ravel() for c in range(3)]
    ).astype(np.int64)
    kinds = np.bincount(clipped.ravel(), minlength=5) / clipped.size
    return Histogram(
        counts,
        source_high=float(kinds[SOURCE_HIGH]),
        source_low=float(kinds[SOURCE_LOW]),
        edit_high=float(kinds[EDIT_HIGH]),
        edit_low=float(kinds[EDIT_LOW]),
    )


def _full_key(edit: Edit, before: tuple[Edit, ...]) -> _Full:
    return edit.operator, edit.settings, before


class PreviewRenderer:
    """Renders edit lists of one photo at one size, remembering what comes before each edit.

    Changing the last edit computes only that one; changing the strength of an edit whose look is
    linear in it only blends. Agrees with `editor.engine.render.render` on the same copy up to
    rounding.

    Args:
        photo: H x W x 3 uint8, a copy of at most `PREVIEW_EDGE`.
        exact: make every look with the reference algorithm, see `operator_choice`.
        device: where learned operators run.
    """

    def __init__(self, photo: Pixels, *, exact: bool = False, device: str = "auto") -> None:
        self.photo = photo
        self.exact, self.device = exact, device
        self._source: Float = to_float(photo)
        self._stages: list[tuple[Edit, Float]] = []
        """What the picture is after each of the edits of the last call."""
        self._full: dict[_Full, Float] = {}
        """Looks at full strength."""
        self._weights: tuple[Mask, Float] | None = None
        """A mask without its last stroke, and its weights."""
        self.seconds: dict[str, float] = {}
        """How long the last computation of each operator took, per megapixel."""

    @functools.cached_property
    def before(self) -> Histogram:
        """The histogram of the photo without edits."""
        return histogram(self.photo, clipping_map(self.photo, self.photo))

    def render(self, edits: tuple[Edit, ...], progress: Progress = ignore_progress) -> Pixels:
        """The look, H x W x 3 uint8; the photo itself when no edit acts. May raise Cancelled."""
        acting = tuple(e for e in edits if e.acts)
        if not acting:
            return self.photo
        kept = 0
        for (edit, _), wanted in zip(self._stages, acting, strict=False):
            if edit != wanted:
                break
            kept += 1
        del self._stages[kept:]
        picture = self._stages[-1][1] if self._stages else self._source
        for i in range(kept, len(acting)):
            progress(i / len(acting), applying(acting[i]))
            picture = self._apply(picture, acting[i], acting[:i])
            self._stages.append((acting[i], picture))
        self._forget(acting)
        return from_float(picture, np.dtype(np.uint8))  # type: ignore[return-value]

    def seconds_for(self, edits: tuple[Edit, ...], known: dict[str, float]) -> float:
        """A guess of how long `render` will take; `known`: seconds per megapixel by operator."""
        acting = tuple(e for e in edits if e.acts)
        megapixels = self.photo.shape[0] * self.photo.shape[1] / 1e6
        total, same = 0.0, True
        for i, edit in enumerate(acting):
            same = same and i < len(self._stages) and self._stages[i][0] == edit
            if not same and _full_key(edit, acting[:i]) not in self._full:
                total += known.get(edit.operator, 0.5) * megapixels
        return total

    def weights(self, mask: Mask) -> Float:
        """The weights of a mask over this copy, H x W float32. The last stroke is painted fresh."""
        if mask.png:
            return rasterise(mask, self.photo)
        done = replace(mask, strokes=mask.strokes[:-1])
        if self._weights is not None and self._weights[0].strokes == done.strokes:
            below = self._weights[1]
        elif self._weights is not None and self._weights[0].strokes == done.strokes[:-1]:
            below = self._weights[1].copy()
            paint(below, done.strokes[-1], self.photo)
        else:
            below = rasterise(done, self.photo)
        self._weights = (done, below)
        weights = below.copy()
        for stroke in mask.strokes[-1:]:
            paint(weights, stroke, self.photo)
        return weights

    def _apply(self, picture: Float, edit: Edit, before: tuple[Edit, ...]) -> Float:
        edge = max(picture.shape[:2])
        op = form(edit.operator, edge, exact=self.exact, device=self.device)
        op, key = op.with_settings(edit.settings), _full_key(edit, before)
        if op.linear and edge <= WORKING_LONG_EDGE:
            full = self._full.pop(key, None)
            if full is None:
                full = self._timed(edit.operator, lambda: op.render(picture, 1.0, edge), picture)
            self._full[key] = full  # the one used last is the last
            # Unclipped full look: blending and then clipping is what the operator itself does.
            look = np.clip(
                cv2.addWeighted(full, edit.strength, picture, 1 - edit.strength, 0), 0, 1
            )
        else:
            look = self._timed(edit.operator, lambda: op(picture, edit.strength), picture)
        if edit.mask is None:
            if edit.opacity == 1:
                return look  # type: ignore[return-value]
            return cv2.addWeighted(look, edit.opacity, picture, 1 - edit.opacity, 0)  # type: ignore
        weights = self.weights(edit.mask) * np.float32(edit.opacity)
        return picture + (look - picture) * weights[..., None]

    def _timed(self, operator: str, compute: Callable[[], Image], picture: Float) -> Float:
        start = time.perf_counter()
        result = compute()
        megapixels = picture.shape[0] * picture.shape[1] / 1e6
        self.seconds[operator] = (time.perf_counter() - start) / max(megapixels, 1e-6)
        return np.asarray(result, np.float32)

    def _forget(self, acting: tuple[Edit, ...]) -> None:
        """Keep the full looks that start from what is in use now, and a few of the last others.

        Looks that are tried one after the other come back at once.
        """
        in_use = {_full_key(edit, acting[:i]) for i, edit in enumerate(acting)}
        others = [key for key in self._full if key not in in_use]
        for key in others[:-_OTHERS_KEPT]:
            del self._full[key]
