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

from editor.engine.edits import Edit
from editor.engine.operator_choice import form
from editor.engine.progress import Progress, ignore_progress
from editor.engine.render import applying, blended, reached
from editor.ui.worker.mask_weights import MaskWeights
from models.operators.base import Operator
from models.operators.images import Image, from_float, to_float
from models.operators.working_scale import WORKING_LONG_EDGE

Float = NDArray[np.float32]
Pixels = NDArray[np.uint8]

PREVIEW_EDGE = WORKING_LONG_EDGE
"""Long edge of the copy that follows the sliders: looks with a working scale are defined on it."""

DRAFT_EDGE = 384
"""Long edge of the copy that is shown first when a look takes long."""

_BINS = 256
_OTHERS_KEPT = 4  # looks that are not in use, some 9 MB each

_Step = tuple[Edit, tuple[Edit, ...]]
"""An edit without its mask and opacity, at full strength where its looks blend; and the acting
edits before it."""


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


class PreviewRenderer:
    """Renders edit lists of one photo at one size, remembering what comes before each edit.

    Changing the last edit computes only that one; changing its mask, or the strength of an edit
    whose look is linear in it, only blends. Agrees with `editor.engine.render.render` on the same
    copy up to rounding.

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
        self._looks: dict[_Step, Float] = {}
        """Looks that are only blended while a slider or a mask changes."""
        self.masks = MaskWeights(photo)
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
            if not same and not self._kept(edit, acting[:i]):
                total += known.get(edit.operator, 0.5) * megapixels
        return total

    def _kept(self, edit: Edit, before: tuple[Edit, ...]) -> bool:
        return bool(self._looks) and self._step(edit, self._form(edit), before) in self._looks

    def _form(self, edit: Edit) -> Operator:
        edge = max(self.photo.shape[:2])
        op = form(edit.operator, edge, exact=self.exact, device=self.device)
        return op.with_settings(edit.settings)

    def _blends(self, op: Operator) -> bool:
        """Whether the looks of all strengths are a mixture of the photo and one look."""
        return op.linear and max(self.photo.shape[:2]) <= WORKING_LONG_EDGE

    def _step(self, edit: Edit, op: Operator, before: tuple[Edit, ...]) -> _Step:
        bare = replace(edit, mask=None, opacity=1.0)
        return (replace(bare, strength=op.maximum) if self._blends(op) else bare), before

    def _apply(self, picture: Float, edit: Edit, before: tuple[Edit, ...]) -> Float:
        op, mask = self._form(edit), edit.mask
        weights = None if mask is None else self.masks.of(mask)
        part = (slice(None), slice(None)) if weights is None else reached(weights)
        if part is None:
            return picture
        look, below = self._look(picture, edit, op, before)[part], picture[part]
        if self._blends(op):
            # Unclipped full look: blending and then clipping is what the operator itself does.
            mixed = cv2.addWeighted(look, edit.strength, below, 1 - edit.strength, 0)
            look = np.asarray(np.clip(mixed, 0, 1), np.float32).reshape(below.shape)
        if weights is None:
            return look if edit.opacity == 1 else blended(below, look, np.float32(edit.opacity))
        result = picture.copy()
        shares = (weights[part] * np.float32(edit.opacity))[..., None]
        result[part] = blended(below, look, shares)
        return result

    def _look(self, picture: Float, edit: Edit, op: Operator, before: tuple[Edit, ...]) -> Float:
        """The look of an edit, everywhere; kept where it is going to be asked for again."""
        if not self._blends(op) and edit.mask is None:
            return self._timed(edit.operator, lambda: op(picture, edit.strength), picture)
        step = self._step(edit, op, before)
        look = self._looks.pop(step, None)
        if look is None and self._blends(op):
            edge = max(picture.shape[:2])
            look = self._timed(edit.operator, lambda: op.render(picture, 1.0, edge), picture)
        elif look is None:
            look = self._timed(edit.operator, lambda: op(picture, edit.strength), picture)
        self._looks[step] = look  # the one used last is the last
        return look

    def _timed(self, operator: str, compute: Callable[[], Image], picture: Float) -> Float:
        start = time.perf_counter()
        result = compute()
        megapixels = picture.shape[0] * picture.shape[1] / 1e6
        self.seconds[operator] = (time.perf_counter() - start) / max(megapixels, 1e-6)
        return np.asarray(result, np.float32)

    def _forget(self, acting: tuple[Edit, ...]) -> None:
        """Keep the looks that start from what is in use now, and a few of the last others.

        Looks that are tried one after the other come back at once.
        """
        if len(self._looks) <= _OTHERS_KEPT:
            return
        in_use = {self._step(e, self._form(e), acting[:i]) for i, e in enumerate(acting)}
        others = [step for step in self._looks if step not in in_use]
        for step in others[:-_OTHERS_KEPT]:
            del self._looks[step]
