"""The eight ways in which a picture can be stored turned or mirrored, and how to put it upright.

EXIF 2.32, tag 0x0112: where row 0 and column 0 of the stored pixels are to be shown.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray


@dataclass(frozen=True)
class Turn:
    """First rows and columns change places (or not), then each of the two runs backwards (or not).

    Attributes:
        swaps: whether rows become columns.
        left_right, up_down: whether columns and rows then run backwards.
    """

    swaps: bool
    left_right: bool
    up_down: bool

    def pixels(self, pixels: NDArray[np.uint8]) -> NDArray[np.uint8]:
        """An H x W picture of any number of channels, upright."""
        import numpy as np  # late: the help of a command needs the formats, and no pixels

        turned = pixels.swapaxes(0, 1) if self.swaps else pixels
        return np.ascontiguousarray(
            turned[:: -1 if self.up_down else 1, :: -1 if self.left_right else 1]
        )

    def point(self, x: float, y: float) -> tuple[float, float]:
        """A place in the picture, in shares 0..1 of its width and height, in the upright one."""
        if self.swaps:
            x, y = y, x
        return (1 - x if self.left_right else x), (1 - y if self.up_down else y)

    def size(self, width: float, height: float) -> tuple[float, float]:
        """The upright picture's."""
        return (height, width) if self.swaps else (width, height)

    @property
    def growth(self) -> tuple[float, float]:
        """How much larger something in it becomes, in shares of the picture's width and height."""
        return 1.0, 1.0


@dataclass(frozen=True)
class Cut:
    """A picture turned by any angle and cropped, as `Turn` does it by quarters.

    Attributes:
        swaps: whether rows become columns, or nearly so.
        matrix: a, b, c, d, e, f: a place (x, y) in the picture, in shares, is at
            (a x + b y + c, d x + e y + f) in the cut one.
        before, after: width and height of the two in pixels.
    """

    swaps: bool
    matrix: tuple[float, float, float, float, float, float]
    before: tuple[float, float]
    after: tuple[float, float]

    def point(self, x: float, y: float) -> tuple[float, float]:
        """See `Turn`; outside of 0..1 for what is cut off."""
        a, b, c, d, e, f = self.matrix
        return a * x + b * y + c, d * x + e * y + f

    def size(self, width: float, height: float) -> tuple[float, float]:
        """See `Turn`; of a picture that may be a reduced copy."""
        return width * self.after[0] / self.before[0], height * self.after[1] / self.before[1]

    @property
    def growth(self) -> tuple[float, float]:
        """See `Turn`."""
        width, height = self.before[::-1] if self.swaps else self.before
        return width / self.after[0], height / self.after[1]


TURNS = {
    2: Turn(False, True, False),
    3: Turn(False, True, True),
    4: Turn(False, False, True),
    5: Turn(True, False, False),
    6: Turn(True, True, False),
    7: Turn(True, True, True),
    8: Turn(True, False, True),
}
"""By orientation; 1 is upright."""
