"""Where a picture lies in its viewport: the mathematics of zooming and panning, free of widgets."""

from __future__ import annotations

import math
from dataclasses import dataclass, replace

MAX_SCALE = 32.0
"""Device pixels per picture pixel, at most."""

ZOOM_STEPS = (
    1 / 32, 1 / 16, 1 / 8, 1 / 6, 1 / 4, 1 / 3, 1 / 2, 2 / 3, 1.0, 1.5, 2.0, 3.0, 4.0, 6.0, 8.0,
    12.0, 16.0, 24.0, 32.0,
)  # fmt: skip
"""What Ctrl + and Ctrl - step through."""


@dataclass(frozen=True)
class View:
    """A picture seen through a viewport.

    Attributes:
        picture: width and height in pixels.
        viewport: width and height in device pixels.
        scale: device pixels per picture pixel; 1 is 100 %.
        centre: the point of the picture (in its pixels) at the middle of the viewport.
        fitted: follow the viewport so that the whole picture shows.
        margin: device pixels left free around a fitted picture.
    """

    picture: tuple[int, int] = (1, 1)
    viewport: tuple[int, int] = (1, 1)
    scale: float = 1.0
    centre: tuple[float, float] = (0.5, 0.5)
    fitted: bool = True
    margin: int = 0

    @property
    def fit_scale(self) -> float:
        """The scale at which the whole picture just shows; never above 100 %."""
        across = (max(1, self.viewport[0] - 2 * self.margin)) / self.picture[0]
        down = (max(1, self.viewport[1] - 2 * self.margin)) / self.picture[1]
        return min(across, down, 1.0)

    @property
    def min_scale(self) -> float:
        """The smallest scale: half of fitting."""
        return self.fit_scale / 2

    def fit(self) -> View:
        """The whole picture."""
        middle = (self.picture[0] / 2, self.picture[1] / 2)
        return replace(self, scale=self.fit_scale, centre=middle, fitted=True)

    def resized(self, viewport: tuple[int, int]) -> View:
        """In a viewport of another size: fitted pictures are fitted again."""
        new = replace(self, viewport=(max(1, viewport[0]), max(1, viewport[1])))
        return new.fit() if self.fitted else new._settled()

    def of(self, picture: tuple[int, int]) -> View:
        """Another picture in the same viewport, fitted."""
        return replace(self, picture=picture).fit()

    def zoomed(self, scale: float, at: tuple[float, float] | None = None) -> View:
        """At another scale; the picture's point under `at` (viewport, device pixels) stays."""
        scale = min(max(scale, self.min_scale), MAX_SCALE)
        anchor = at or (self.viewport[0] / 2, self.viewport[1] / 2)
        px, py = self.to_picture(*anchor)
        centre = (
            px - (anchor[0] - self.viewport[0] / 2) / scale,
            py - (anchor[1] - self.viewport[1] / 2) / scale,
        )
        return replace(self, scale=scale, centre=centre, fitted=False)._settled()

    def stepped(self, direction: int, at: tuple[float, float] | None = None) -> View:
        """The next larger (+1) or smaller (-1) of `ZOOM_STEPS`."""
        if direction > 0:
            wanted = next((s for s in ZOOM_STEPS if s > self.scale * 1.001), MAX_SCALE)
        else:
            smaller = [s for s in ZOOM_STEPS if s < self.scale / 1.001]
            wanted = smaller[-1] if smaller else self.min_scale
        return self.zoomed(wanted, at)

    def panned(self, dx: float, dy: float) -> View:
        """Moved with the hand by device pixels."""
        centre = (self.centre[0] - dx / self.scale, self.centre[1] - dy / self.scale)
        return replace(self, centre=centre, fitted=False)._settled()

    @property
    def origin(self) -> tuple[int, int]:
        """Where the picture's corner is in the viewport: on whole pixels, so 100 % is sharp."""
        return (
            math.floor(self.viewport[0] / 2 - self.centre[0] * self.scale + 0.5),
            math.floor(self.viewport[1] / 2 - self.centre[1] * self.scale + 0.5),
        )

    def to_picture(self, x: float, y: float) -> tuple[float, float]:
        """Viewport (device pixels) to picture pixels."""
        left, top = self.origin
        return ((x - left) / self.scale, (y - top) / self.scale)

    def to_viewport(self, x: float, y: float) -> tuple[float, float]:
        """Picture pixels to the viewport's device pixels."""
        left, top = self.origin
        return (x * self.scale + left, y * self.scale + top)

    def _settled(self) -> View:
        """With the centre where the picture cannot be lost: no gap that the picture could fill."""
        centre = []
        for middle, size, extent in zip(self.centre, self.picture, self.viewport, strict=True):
            half = extent / 2 / self.scale
            if size <= 2 * half:
                centre.append(size / 2)
            else:
                centre.append(min(max(middle, half), size - half))
        return replace(self, centre=(centre[0], centre[1]))
