"""A frame: a rectangle of a photo, turned, mirrored and straightened.

Steps follow each other, and still the pixels are made once, out of the photo itself. Where only
whole quarter turns, mirrors and crops come together, pixels are moved and nothing is resampled.
"""

from __future__ import annotations

import math
from dataclasses import dataclass, replace

import cv2
import numpy as np
from numpy.typing import NDArray

Point = tuple[float, float]

_TILE = 2048  # rows and columns that are made at a time: OpenCV takes no more than 32767
_REACH = 5  # pixels around a place that the interpolation looks at
_NOTHING = 1e-9


@dataclass(frozen=True)
class Frame:
    """Where the pixels of a picture come from in its photo.

    Attributes:
        photo: width and height of the photo in pixels.
        size: width and height of the frame, in pixels of the photo; not whole where it was cropped.
        corner: the frame's upper left corner in the photo.
        across, down: where a pixel to the right, and one downwards, goes in the photo: unit
            vectors, at right angles.
    """

    photo: tuple[int, int]
    size: Point
    corner: Point = (0.0, 0.0)
    across: Point = (1.0, 0.0)
    down: Point = (0.0, 1.0)

    @staticmethod
    def of(width: int, height: int) -> Frame:
        """The whole photo."""
        return Frame((width, height), (float(width), float(height)))

    # -- steps -------------------------------------------------------------------------------------

    def turned(self, quarters: int) -> Frame:
        """Turned clockwise by so many quarters."""
        frame = self
        for _ in range(quarters % 4):
            width, height = frame.size
            frame = replace(
                frame,
                size=(height, width),
                corner=frame.to_photo(0, height),
                across=_times(-1, frame.down),
                down=frame.across,
            )
        return frame

    def mirrored(self, *, upside_down: bool = False) -> Frame:
        """Left and right have changed places, or top and bottom."""
        width, height = self.size
        if upside_down:
            return replace(self, corner=self.to_photo(0, height), down=_times(-1, self.down))
        return replace(self, corner=self.to_photo(width, 0), across=_times(-1, self.across))

    def rotated(self, degrees: float) -> Frame:
        """The picture turned clockwise about its middle by any angle, in a frame of the same size,
        whose corners may then be outside of the photo."""
        cos, sin = _turn(degrees)
        across = _plus(_times(cos, self.across), _times(-sin, self.down))
        down = _plus(_times(sin, self.across), _times(cos, self.down))
        middle = self.to_photo(self.size[0] / 2, self.size[1] / 2)
        corner = _plus(middle, _times(-self.size[0] / 2, across))
        corner = _plus(corner, _times(-self.size[1] / 2, down))
        return replace(self, corner=corner, across=across, down=down)

    def straightened(self, degrees: float) -> Frame:
        """Turned clockwise about its middle by a small angle (-45..45), and as large as it can be
        in its old shape without a corner outside of what was there before."""
        cos, sin = _turn(abs(degrees))
        width, height = self.size
        # The corners of the turned frame, scaled by s, must stay within the old one.
        scale = min(width / (width * cos + height * sin), height / (width * sin + height * cos))
        return self.rotated(degrees)._about_middle(scale)

    def cropped(self, x: float, y: float, width: float, height: float) -> Frame:
        """A part, in shares of the frame's width and height.

        What goes beyond the photo makes it smaller about its own middle.
        """
        part = replace(
            self,
            size=(max(1.0, self.size[0] * width), max(1.0, self.size[1] * height)),
            corner=self.to_photo(self.size[0] * x, self.size[1] * y),
        )
        return part._within()

    def in_ratio(self, ratio: float) -> Frame:
        """The largest part in the middle whose width is `ratio` times its height."""
        width, height = self.size
        narrower = min(1.0, ratio * height / width)
        lower = min(1.0, width / height / ratio)
        return self.cropped((1 - narrower) / 2, (1 - lower) / 2, narrower, lower)

    def scaled(self, width: int, height: int) -> Frame:
        """The same frame in a photo of another size and the same shape, or nearly so."""
        factor = (width / self.photo[0] + height / self.photo[1]) / 2
        return replace(
            self,
            photo=(width, height),
            size=(self.size[0] * factor, self.size[1] * factor),
            corner=_times(factor, self.corner),
        )

    def _about_middle(self, scale: float) -> Frame:
        width, height = self.size
        corner = self.to_photo(width * (1 - scale) / 2, height * (1 - scale) / 2)
        return replace(self, size=(width * scale, height * scale), corner=corner)

    def _within(self) -> Frame:
        """The frame, made smaller about its middle until all of it is in the photo."""
        middle = self.to_photo(self.size[0] / 2, self.size[1] / 2)
        scale = 1.0
        for corner in self.corners:
            for at, centre, most in zip(corner, middle, self.photo, strict=True):
                room = centre if at < centre else most - centre
                if abs(at - centre) > room + 1e-6:
                    scale = min(scale, max(room, 0.0) / abs(at - centre))
        return self if scale == 1.0 else self._about_middle(max(scale, 1 / min(self.size)))

    @property
    def inverse(self) -> Frame:
        """The photo as a frame of what this one shows."""
        size = float(self.photo[0]), float(self.photo[1])
        across, down = (self.across[0], self.down[0]), (self.across[1], self.down[1])
        return Frame(self.pixel_size, size, self.from_photo(0, 0), across, down)

    # -- places ------------------------------------------------------------------------------------

    def to_photo(self, x: float, y: float) -> Point:
        """A place in the frame (pixels from its upper left corner) in the photo."""
        return _plus(self.corner, _plus(_times(x, self.across), _times(y, self.down)))

    def from_photo(self, x: float, y: float) -> Point:
        """A place in the photo in the frame."""
        dx, dy = x - self.corner[0], y - self.corner[1]
        return (
            dx * self.across[0] + dy * self.across[1],
            dx * self.down[0] + dy * self.down[1],
        )

    @property
    def corners(self) -> tuple[Point, Point, Point, Point]:
        """In the photo: of the frame's upper left, upper right, lower right and lower left."""
        width, height = self.size
        return (
            self.corner,
            self.to_photo(width, 0),
            self.to_photo(width, height),
            self.to_photo(0, height),
        )

    @property
    def whole(self) -> bool:
        """Whether it is the photo as it is."""
        return self == Frame.of(*self.photo)

    @property
    def upright(self) -> bool:
        """Whether its sides are along the photo's, so that nothing has to be resampled."""
        return min(abs(self.across[0]), abs(self.across[1])) < _NOTHING

    @property
    def mirrors(self) -> bool:
        """Whether left and right have changed places against the photo (or top and bottom)."""
        return self.across[0] * self.down[1] - self.across[1] * self.down[0] < 0

    @property
    def angle(self) -> float:
        """How far its picture is turned clockwise against the (mirrored) photo, -180..180."""
        sign = -1 if self.mirrors else 1
        return math.degrees(math.atan2(-self.across[1], sign * self.across[0]))

    @property
    def pixel_size(self) -> tuple[int, int]:
        """Width and height of the picture in whole pixels, at least 1."""
        if self.upright and self._inside:
            left, top, right, bottom = self._box()
            size = right - left, bottom - top
            return size if abs(self.across[0]) > 0.5 else size[::-1]
        width, height = (max(1, math.floor(side + 1e-6)) for side in self.size)
        return width, height

    @property
    def _inside(self) -> bool:
        return all(
            -1e-6 <= at <= most + 1e-6
            for corner in self.corners
            for at, most in zip(corner, self.photo, strict=True)
        )

    def _box(self) -> tuple[int, int, int, int]:
        """Left, top, right and bottom in the photo, of an upright frame, in whole pixels."""
        x, y = zip(*self.corners, strict=True)
        left = min(max(round(min(x)), 0), self.photo[0] - 1)
        top = min(max(round(min(y)), 0), self.photo[1] - 1)
        right = min(max(round(max(x)), left + 1), self.photo[0])
        bottom = min(max(round(max(y)), top + 1), self.photo[1])
        return left, top, right, bottom

    # -- pixels ------------------------------------------------------------------------------------

    def picture(self, photo: NDArray[np.uint8], outside: int | None = None) -> NDArray[np.uint8]:
        """What the frame shows of a photo.

        Straightening takes the Lanczos filter of OpenCV (eight pixels across) on encoded values:
        nothing is averaged, as it would be in linear light, and edges ring less.

        Args:
            photo: H x W or H x W x C, uint8, of the frame's `photo` size.
            outside: what is beyond the photo; None: its border goes on.
        """
        if (photo.shape[1], photo.shape[0]) != self.photo:
            raise ValueError(f"the frame is of a photo of {self.photo}, not {photo.shape}")
        if self.upright and self._inside:
            return self._moved(photo)
        width, height = self.pixel_size
        result = np.empty((height, width, *photo.shape[2:]), np.uint8)
        for top in range(0, height, _TILE):
            for left in range(0, width, _TILE):
                tile = result[top : top + _TILE, left : left + _TILE]
                self._resample(photo, tile, left, top, outside)
        return result

    def _moved(self, photo: NDArray[np.uint8]) -> NDArray[np.uint8]:
        left, top, right, bottom = self._box()
        part = photo[top:bottom, left:right]
        if abs(self.across[0]) < 0.5:
            part = part.swapaxes(0, 1)
        columns = -1 if self.across[0] + self.across[1] < 0 else 1
        rows = -1 if self.down[0] + self.down[1] < 0 else 1
        return np.ascontiguousarray(part[::rows, ::columns])

    def _resample(
        self,
        photo: NDArray[np.uint8],
        tile: NDArray[np.uint8],
        left: int,
        top: int,
        outside: int | None,
    ) -> None:
        height, width = tile.shape[:2]
        ends = [self.to_photo(left + x, top + y) for x in (0, width) for y in (0, height)]
        first = [max(0, math.floor(min(axis)) - _REACH) for axis in zip(*ends, strict=True)]
        last = [math.ceil(max(axis)) + _REACH for axis in zip(*ends, strict=True)]
        source = photo[first[1] : max(last[1], first[1] + 1), first[0] : max(last[0], first[0] + 1)]
        if not source.size:
            tile[...] = outside or 0
            return
        # Of centres of pixels, which are half a pixel from their corners.
        x, y = self.to_photo(left + 0.5, top + 0.5)
        matrix = np.array(
            [
                [self.across[0], self.down[0], x - 0.5 - first[0]],
                [self.across[1], self.down[1], y - 0.5 - first[1]],
            ]
        )
        border = cv2.BORDER_REPLICATE if outside is None else cv2.BORDER_CONSTANT
        made = cv2.warpAffine(
            np.ascontiguousarray(source),
            matrix,
            (width, height),
            flags=cv2.INTER_LANCZOS4 | cv2.WARP_INVERSE_MAP,
            borderMode=border,
            borderValue=(outside or 0,) * 4,
        )
        tile[...] = made.reshape(tile.shape)


def _turn(degrees: float) -> tuple[float, float]:
    """Cosine and sine."""
    return math.cos(math.radians(degrees)), math.sin(math.radians(degrees))


def _plus(a: Point, b: Point) -> Point:
    return a[0] + b[0], a[1] + b[1]


def _times(factor: float, a: Point) -> Point:
    return factor * a[0], factor * a[1]
