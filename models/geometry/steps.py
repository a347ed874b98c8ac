"""The steps of a geometry: turn, mirror, straighten, crop. They come before all looks.

As with operators, each has a strength and perhaps settings; unlike them, it changes the frame.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import ClassVar, cast

from models.geometry.frame import Frame
from models.operators.settings import Setting, Settings, Value, complete, numbers, word

WHOLE = (0.0, 0.0, 1.0, 1.0)
"""The rectangle of all there is."""

FREE, ORIGINAL = "free", "original"
HORIZONTAL, VERTICAL = "horizontal", "vertical"
_RATIO = re.compile(r"(\d{1,4}(?:\.\d{1,4})?):(\d{1,4}(?:\.\d{1,4})?)")
_FARTHEST = 4.0  # shares: far enough for any frame in a photo that is as much as straightened
_MOST_UNEQUAL = 100.0


@dataclass(frozen=True)
class Step:
    """One kind of step.

    Attributes:
        id: on the command line and in recipes.
        name: in the window.
        summary: one sentence.
        framed: what it makes of a frame, with a strength and all settings by name.
        default_strength, minimum, maximum, neutral, settings, inert: as of an `Operator`.
        whole: strengths are multiples of it; 0: any.
    """

    id: str
    name: str
    summary: str
    framed: Callable[[Frame, float, dict[str, Value]], Frame]
    default_strength: float = 1.0
    minimum: float = 0.0
    maximum: float = 1.0
    neutral: float = 0.0
    whole: float = 0.0
    settings: tuple[Setting, ...] = ()
    inert: Callable[[dict[str, Value]], bool] | None = None
    in_stops: ClassVar[bool] = False

    def __call__(self, frame: Frame, strength: float, settings: Settings = ()) -> Frame:
        """The frame after the step."""
        return self.framed(frame, strength, complete(self.settings, settings))


def ratio_of(text: str) -> float:
    """Width through height of a ratio such as ``16:9``. Raises ValueError."""
    found = _RATIO.fullmatch(text)
    if found is None:
        raise ValueError("not a ratio")
    width, height = float(found[1]), float(found[2])
    if not (width and height and 1 / _MOST_UNEQUAL <= width / height <= _MOST_UNEQUAL):
        raise ValueError("not a ratio that can be seen")
    return width / height


def _rectangle(value: object) -> Value:
    if isinstance(value, str):
        ratio_of(value)
        return value
    rectangle = numbers(value, 4, 4, -_FARTHEST, _FARTHEST)
    if min(rectangle[2:]) <= 0:
        raise ValueError("empty")
    return rectangle


def _kept_ratio(value: object) -> Value:
    if not isinstance(value, str):
        raise ValueError("not a word")
    if value not in (FREE, ORIGINAL):
        ratio_of(value)
    return value


def _crop(frame: Frame, strength: float, settings: dict[str, Value]) -> Frame:
    rectangle = settings["rectangle"]
    if isinstance(rectangle, str):
        return frame.in_ratio(ratio_of(rectangle))
    return frame.cropped(*cast("tuple[float, float, float, float]", rectangle))


def _mirror(frame: Frame, strength: float, settings: dict[str, Value]) -> Frame:
    return frame.mirrored(upside_down=settings["direction"] == VERTICAL) if strength else frame


TURN = Step(
    "turn",
    "Turn",
    "Turns the photo clockwise, by 90 degrees or several times that.",
    lambda frame, strength, settings: frame.turned(round(strength / 90)),
    default_strength=90,
    minimum=-270,
    maximum=270,
    whole=90,
)
MIRROR = Step(
    "mirror",
    "Mirror",
    "Mirrors the photo: left and right, or top and bottom, change places.",
    _mirror,
    whole=1,
    settings=(
        Setting("direction", HORIZONTAL, word(HORIZONTAL, VERTICAL), f"{HORIZONTAL} or {VERTICAL}"),
    ),
)
STRAIGHTEN = Step(
    "straighten",
    "Straighten",
    "Turns the photo clockwise by some degrees, without empty corners.",
    lambda frame, strength, settings: frame.straightened(strength),
    default_strength=0,
    minimum=-45,
    maximum=45,
)
CROP = Step(
    "crop",
    "Crop",
    "Leaves of the photo what is in a rectangle.",
    _crop,
    whole=1,
    settings=(
        Setting("rectangle", WHOLE, _rectangle, "X,Y,WIDTH,HEIGHT or a ratio such as 16:9"),
        Setting("ratio", FREE, _kept_ratio, "free, original or a ratio"),
    ),
    inert=lambda settings: settings["rectangle"] == WHOLE,
)

STEPS: dict[str, Step] = {step.id: step for step in (TURN, MIRROR, STRAIGHTEN, CROP)}
"""By id, in the order in which the window has them."""


@dataclass(frozen=True)
class Pose:
    """Steps that make a frame, one of each kind at most, in the order of `STEPS`.

    Attributes:
        turn: quarters, 0..3.
        mirrored: left and right.
        angle: straightened by, -45..45 degrees.
        rectangle: cropped to, in shares of what that leaves; may go beyond it.
    """

    turn: int = 0
    mirrored: bool = False
    angle: float = 0.0
    rectangle: tuple[float, float, float, float] = WHOLE

    def before_crop(self, width: int, height: int) -> Frame:
        """The frame of a photo of that size without the crop."""
        frame = Frame.of(width, height).turned(self.turn)
        return (frame.mirrored() if self.mirrored else frame).straightened(self.angle)


def pose_of(frame: Frame) -> Pose:
    """The steps that make a frame."""
    mirrored = frame.mirrors
    # A mirrored picture turns the other way: turned by q and then mirrored is mirrored and then
    # turned by -q.
    turned = frame.angle
    quarters = round(turned / 90)
    angle = turned - 90 * quarters
    pose = Pose(-quarters % 4 if mirrored else quarters % 4, mirrored, _tidy(angle))
    before = pose.before_crop(*frame.photo)
    places = [before.from_photo(*corner) for corner in (frame.corners[0], frame.corners[2])]
    (left, top), (right, bottom) = places
    width, height = before.size
    rectangle = (left / width, top / height, (right - left) / width, (bottom - top) / height)
    if max(abs(a - b) for a, b in zip(rectangle, WHOLE, strict=True)) < 1e-6:
        rectangle = WHOLE
    return Pose(pose.turn, mirrored, pose.angle, rectangle)


def _tidy(angle: float) -> float:
    rounded = round(angle, 6)
    return 0.0 if rounded == 0 else rounded


def frame_of(steps: Sequence[tuple[str, float, Settings]], width: int, height: int) -> Frame:
    """The frame that steps, one after the other, leave of a photo."""
    frame = Frame.of(width, height)
    for step, strength, settings in steps:
        frame = STEPS[step](frame, strength, settings)
    return frame
