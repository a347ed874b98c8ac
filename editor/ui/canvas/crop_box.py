"""The rectangle of the crop tool, free of widgets: dragged, in a ratio, never outside the photo."""

from __future__ import annotations

from dataclasses import dataclass, replace

from models.geometry.frame import Frame

Rectangle = tuple[float, float, float, float]
"""Left, top, right and bottom, in pixels of the turned photo before it is straightened."""

LEFT, TOP, RIGHT, BOTTOM = "left", "top", "right", "bottom"
MOVE = frozenset({LEFT, TOP, RIGHT, BOTTOM})
HANDLES: tuple[frozenset[str], ...] = tuple(
    frozenset(sides)
    for sides in (
        (LEFT, TOP), (RIGHT, TOP), (RIGHT, BOTTOM), (LEFT, BOTTOM),
        (LEFT,), (TOP,), (RIGHT,), (BOTTOM,),
    )
)  # fmt: skip
"""The sides that each handle moves: corners first."""

_SMALLEST = 16.0  # pixels
_STEPS = 24  # of a search by halves


@dataclass(frozen=True)
class CropBox:
    """A crop while it is set.

    Attributes:
        size: width and height of the turned photo in pixels.
        angle: it is straightened by, clockwise in degrees: the photo turns about its middle, the
            rectangle stays upright.
        wanted: the rectangle as it was set; what of it would be outside of the photo is left out.
        ratio: width through height that is kept; None: any.
    """

    size: tuple[int, int]
    angle: float
    wanted: Rectangle
    ratio: float | None = None

    @staticmethod
    def of(before_crop: Frame, turned: tuple[int, int], angle: float, shares: Rectangle) -> CropBox:
        """The box of a crop.

        Args:
            before_crop: the straightened frame that it is cut out of.
            turned: width and height of the photo before it is straightened.
            shares: x, y, width and height of the crop in that frame.
        """
        (width, height), (w, h) = turned, before_crop.size
        left, top = (width - w) / 2 + shares[0] * w, (height - h) / 2 + shares[1] * h
        whole = shares == (0.0, 0.0, 1.0, 1.0)
        wanted = (left, top, left + shares[2] * w, top + shares[3] * h)
        return CropBox(turned, angle, (0.0, 0.0, float(width), float(height)) if whole else wanted)

    def shares(self, before_crop: Frame) -> Rectangle:
        """x, y, width and height of the crop in the straightened frame: the inverse of `of`."""
        (width, height), (w, h) = self.size, before_crop.size
        left, top, right, bottom = self.rectangle
        return (
            (left - (width - w) / 2) / w,
            (top - (height - h) / 2) / h,
            (right - left) / w,
            (bottom - top) / h,
        )

    @property
    def rectangle(self) -> Rectangle:
        """What is left of the photo."""
        left, top, right, bottom = self.wanted
        return self._shrunk(self.wanted, ((left + right) / 2, (top + bottom) / 2))

    @property
    def moves_all(self) -> bool:
        """Whether it is the whole photo."""
        return self.wanted == (0.0, 0.0, float(self.size[0]), float(self.size[1]))

    def straightened(self, angle: float) -> CropBox:
        """By another angle; back again, the rectangle is what it was."""
        return replace(self, angle=angle)

    def in_ratio(self, ratio: float | None) -> CropBox:
        """With another ratio, about its middle, as large as it was."""
        box = replace(self, ratio=ratio)
        if ratio is None:
            return box
        left, top, right, bottom = self.rectangle
        width, height = right - left, bottom - top
        if self.moves_all:
            new_width = min(width, height * ratio)
        else:
            new_width = (width * height * ratio) ** 0.5
        new_height = new_width / ratio
        x, y = (left + right) / 2, (top + bottom) / 2
        rectangle = (
            x - new_width / 2,
            y - new_height / 2,
            x + new_width / 2,
            y + new_height / 2,
        )
        return replace(box, wanted=self._shrunk(rectangle, (x, y)))

    def dragged(self, sides: frozenset[str], dx: float, dy: float) -> CropBox:
        """With some of its sides moved, or all of them."""
        if sides == MOVE:
            return self._moved(dx, dy)
        left, top, right, bottom = self.rectangle
        if LEFT in sides:
            left = min(left + dx, right - _SMALLEST)
        if RIGHT in sides:
            right = max(right + dx, left + _SMALLEST)
        if TOP in sides:
            top = min(top + dy, bottom - _SMALLEST)
        if BOTTOM in sides:
            bottom = max(bottom + dy, top + _SMALLEST)
        if self.ratio is not None:
            left, top, right, bottom = self._kept((left, top, right, bottom), sides, self.ratio)
        x = right if LEFT in sides else left if RIGHT in sides else (left + right) / 2
        y = bottom if TOP in sides else top if BOTTOM in sides else (top + bottom) / 2
        return replace(self, wanted=self._shrunk((left, top, right, bottom), (x, y)))

    def _kept(self, rectangle: Rectangle, sides: frozenset[str], ratio: float) -> Rectangle:
        """A rectangle in a ratio: what was not moved follows."""
        left, top, right, bottom = rectangle
        width, height = right - left, bottom - top
        by_width = bool(sides & {LEFT, RIGHT})
        if len(sides) == 2:
            by_width = width / ratio > height
        if by_width:
            height = width / ratio
        else:
            width = height * ratio
        if LEFT in sides:
            left = right - width
        elif RIGHT in sides:
            right = left + width
        else:
            middle = (left + right) / 2
            left, right = middle - width / 2, middle + width / 2
        if TOP in sides:
            top = bottom - height
        elif BOTTOM in sides:
            bottom = top + height
        else:
            middle = (top + bottom) / 2
            top, bottom = middle - height / 2, middle + height / 2
        return left, top, right, bottom

    def _moved(self, dx: float, dy: float) -> CropBox:
        """Moved as far as it stays in the photo, along the photo's edge if need be."""
        rectangle = self.rectangle
        for x, y in ((dx, 0.0), (0.0, dy)):
            share, step = 0.0, 1.0
            for _ in range(_STEPS):
                tried = min(1.0, share + step)
                if self._fits(_shifted(rectangle, tried * x, tried * y)):
                    share = tried
                step /= 2
            rectangle = _shifted(rectangle, share * x, share * y)
        return replace(self, wanted=rectangle)

    def _shrunk(self, rectangle: Rectangle, anchor: tuple[float, float]) -> Rectangle:
        """A rectangle made smaller towards a place until all of it is in the photo."""
        share, step = 0.0, 1.0
        for _ in range(_STEPS):
            tried = min(1.0, share + step)
            if self._fits(_towards(rectangle, anchor, tried)):
                share = tried
            step /= 2
        return _towards(rectangle, anchor, share)

    def _fits(self, rectangle: Rectangle) -> bool:
        left, top, right, bottom = rectangle
        turned = Frame.of(*self.size).rotated(self.angle)
        width, height = self.size
        for x, y in ((left, top), (right, top), (right, bottom), (left, bottom)):
            px, py = turned.to_photo(x, y)
            if not (-1e-6 <= px <= width + 1e-6 and -1e-6 <= py <= height + 1e-6):
                return False
        return True


def _shifted(rectangle: Rectangle, dx: float, dy: float) -> Rectangle:
    left, top, right, bottom = rectangle
    return left + dx, top + dy, right + dx, bottom + dy


def _towards(rectangle: Rectangle, anchor: tuple[float, float], share: float) -> Rectangle:
    left, top, right, bottom = rectangle
    x, y = anchor
    return (
        x + (left - x) * share,
        y + (top - y) * share,
        x + (right - x) * share,
        y + (bottom - y) * share,
    )
