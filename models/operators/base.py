"""What every reference operator has in common: its description and how it is called.

An operator is a pure function of a picture and a strength. The function itself (`render`) sees
only float32 RGB in 0..1; `Operator.__call__` takes care of number formats, of strength 0, of
clipping and of pictures larger than the operator's working scale.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import Literal

import numpy as np

from models.operators.images import FloatImage, Image, from_float, to_float
from models.operators.settings import Setting, Settings, Value, checked, complete
from models.operators.working_scale import WORKING_LONG_EDGE, render_at_working_scale

Family = Literal[
    "detail",
    "abstraction",
    "blur",
    "photographic",
    "drawing",
    "application",
    "light",
    "curve",
    "colour",
    "finish",
]


def _no_render(photo: FloatImage, strength: float, long_edge: int) -> FloatImage:
    raise NotImplementedError


@dataclass(frozen=True)
class Operator:
    """One look.

    Attributes:
        id: name on the command line and in recipes, for example ``l0-smoothing``.
        name: name in the window, one that photographers understand, for example ``Flat colours``.
        family: the group it is shown in.
        summary: one sentence for a tooltip: what the look is for, and what it does to a photo.
        algorithm: what the field calls it, for example ``L0 gradient minimisation``.
        render: ``render(photo, strength, long_edge) -> look``: float32 in, float32 out (H x W x 3;
            0..1 expected of the photo, the look is clipped by the caller). `long_edge` is the long
            edge in pixels of the whole picture that `photo` is (or is a part of): sizes that
            belong to the look (radii, stroke lengths) are relative to it.
        default_strength: the published setting.
        minimum, maximum: range of the strength: 0..1, or -1..1 for what has two directions;
            -3..+3 EV for exposure.
        neutral: the strength that gives the photo back bit for bit.
        linear: whether ``look(s) = photo + s * (look(1) - photo)`` up to clipping, so that a
            caller may render once and blend while a slider moves.
        working_scale: whether the look is defined on pictures of at most `WORKING_LONG_EDGE`.
        margin: how far, as a share of the long edge, a pixel of the look depends on the photo
            around it (0 for pure tone curves). None: on the whole picture.
        in_stops: whether the strength is a number of stops (EV).
        settings: what it is told besides; the first one is what ``--edit`` takes for its value.
        render_with: in place of `render`, for an operator with settings: gets all of them by name
            as well.
        inert: whether it changes nothing with these settings.
    """

    id: str
    name: str
    family: Family
    summary: str
    algorithm: str
    render: Callable[[FloatImage, float, int], FloatImage] = _no_render
    default_strength: float = 1.0
    minimum: float = 0.0
    maximum: float = 1.0
    neutral: float = 0.0
    linear: bool = False
    working_scale: bool = False
    margin: float | None = None
    in_stops: bool = False
    settings: tuple[Setting, ...] = ()
    render_with: Callable[[FloatImage, float, int, dict[str, Value]], FloatImage] | None = None
    inert: Callable[[dict[str, Value]], bool] | None = None

    def __post_init__(self) -> None:
        if self.render_with is not None and self.render is _no_render:
            object.__setattr__(self, "render", self._rendered_with(()))

    def with_settings(self, settings: Settings) -> Operator:
        """The operator with settings of its own. Raises UnknownSettingError, SettingError."""
        if not settings:
            return self
        return replace(self, render=self._rendered_with(checked(self.settings, settings)))

    def _rendered_with(self, settings: Settings) -> Callable[[FloatImage, float, int], FloatImage]:
        render_with, values = self.render_with, complete(self.settings, settings)
        assert render_with is not None

        def render(photo: FloatImage, strength: float, long_edge: int) -> FloatImage:
            return render_with(photo, strength, long_edge, values)

        return render

    def __call__(
        self, photo: Image, strength: float | None = None, *, long_edge: int | None = None
    ) -> Image:
        """The look of a photo.

        Args:
            photo: H x W x 3 RGB, uint8 or float32 in 0..1, any size from 1 x 1.
            strength: `minimum`..`maximum`; the default strength when None.
            long_edge: long edge of the whole picture in pixels; that of `photo` when None.

        Returns:
            A new array of the photo's shape and dtype.

        Raises:
            ValueError: for a strength out of range, or an array that is not such a picture.
        """
        amount = self.default_strength if strength is None else float(strength)
        if not self.minimum <= amount <= self.maximum:
            raise ValueError(
                f"{self.id}: strength {amount:g} is outside {self.minimum:g}..{self.maximum:g}."
            )
        if photo.ndim != 3 or photo.shape[2] != 3 or min(photo.shape[:2]) < 1:
            raise ValueError(f"{self.id}: expected an H x W x 3 picture, got {photo.shape}.")
        if photo.dtype not in (np.uint8, np.float32):
            raise ValueError(f"{self.id}: expected uint8 or float32, got {photo.dtype}.")
        if amount == self.neutral:
            return photo.copy()
        edge = max(photo.shape[:2]) if long_edge is None else int(long_edge)
        if self.working_scale and edge > WORKING_LONG_EDGE:
            return render_at_working_scale(self.render, photo, amount, edge)
        return from_float(self.render(to_float(photo), amount, edge), photo.dtype)
