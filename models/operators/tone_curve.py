"""Tone curve: through points that the user sets, for all channels or for luma alone.

Between points the curve is a cubic in Hermite form whose slopes are those of Fritsch and Butland
("A method for constructing local monotone piecewise cubic interpolants", 1984), at the ends the
one-sided ones of Moler, "Numerical Computing with MATLAB", section 3.6: it goes through every
point, is smooth, and rises or falls only where the points do (the condition of Fritsch and
Carlson, "Monotone piecewise cubic interpolation", 1980). SciPy's `PchipInterpolator` is the same
curve; the frozen program does without it. Outside of the first and the last point it is level.
"""

from __future__ import annotations

import functools
from typing import cast

import cv2
import numpy as np
from numpy.typing import NDArray

from models.operators.base import Operator
from models.operators.colour_space import Float, luma
from models.operators.full_size import in_bands
from models.operators.images import FloatImage
from models.operators.settings import Setting, Value, numbers, word
from models.operators.tone import with_curve

IDENTITY = (0.0, 0.0, 1.0, 1.0)
"""The points of the curve that changes nothing."""

MILD = (0.0, 0.0, 0.25, 0.21, 0.75, 0.8, 1.0, 1.0)
"""A little more contrast: what the curve is where no points are given."""

MOST_POINTS = 16
CLOSEST = 0.01
"""Points are at least so far apart, from left to right."""

RGB, LUMINANCE = "rgb", "luminance"

_TONES = 1 << 12  # entries of a table, between which OpenCV interpolates in 32 steps
_BLACK = np.float32(1e-6)


def curve(points: tuple[float, ...], tones: NDArray[np.float64]) -> NDArray[np.float64]:
    """The curve through points (x, y, x, y …; x rising) at tones (any shape), in float64."""
    x, y = np.array(points[::2]), np.array(points[1::2])
    if len(x) == 1:
        return np.full(tones.shape, y[0])
    widths = np.diff(x)
    secants = np.diff(y) / widths
    slopes = _slopes(widths, secants)
    tones = np.clip(tones, x[0], x[-1])
    at = np.clip(np.searchsorted(x, tones, side="right") - 1, 0, len(widths) - 1)
    t = (tones - x[at]) / widths[at]
    rest = 1 - t
    result: NDArray[np.float64] = (
        y[at] * (1 + 2 * t) * rest**2
        + widths[at] * slopes[at] * t * rest**2
        + y[at + 1] * (1 + 2 * rest) * t**2
        - widths[at] * slopes[at + 1] * rest * t**2
    )
    return result


def _slopes(widths: NDArray[np.float64], secants: NDArray[np.float64]) -> NDArray[np.float64]:
    """Of the curve at the points, from the widths of the intervals and the slopes in them."""
    if len(secants) == 1:
        return np.repeat(secants, 2)
    before, after = secants[:-1], secants[1:]
    first, second = 2 * widths[1:] + widths[:-1], widths[1:] + 2 * widths[:-1]
    same = before * after > 0
    safe_before, safe_after = (np.where(same, s, 1.0) for s in (before, after))
    harmonic = (first + second) / (first / safe_before + second / safe_after)
    inner = np.where(same, harmonic, 0.0)
    ends = [_end(widths[0], widths[1], secants[0], secants[1])]
    ends += [_end(widths[-1], widths[-2], secants[-1], secants[-2])]
    return np.concatenate([ends[:1], inner, ends[1:]])


def _end(width: float, next_width: float, secant: float, next_secant: float) -> float:
    """The slope at an end: of the parabola through three points, as far as it stays monotone."""
    slope = ((2 * width + next_width) * secant - width * next_secant) / (width + next_width)
    if np.sign(slope) != np.sign(secant):
        return 0.0
    if np.sign(secant) != np.sign(next_secant) and abs(slope) > 3 * abs(secant):
        return 3 * secant
    return float(slope)


@functools.lru_cache(maxsize=4)
def _table(points: tuple[float, ...]) -> Float:
    tones: Float = curve(points, np.linspace(0, 1, _TONES)).astype(np.float32)
    return tones[None]


def render(
    photo: FloatImage, strength: float, long_edge: int, settings: dict[str, Value]
) -> FloatImage:
    """The look, see `base.Operator`."""
    table = _table(cast("tuple[float, ...]", settings["points"]))

    def toned(tone: Float) -> Float:
        # Not NumPy's indexing: it would keep the window from running meanwhile.
        at = np.clip(tone, 0, 1)
        at *= np.float32(_TONES - 1)
        row = np.zeros_like(at)
        new = cv2.remap(table, at, row, cv2.INTER_LINEAR, borderMode=cv2.BORDER_REPLICATE)
        return np.asarray(new, np.float32).reshape(tone.shape)

    if settings["channels"] == RGB:
        look = with_curve(photo, toned)
    else:
        look = in_bands(lambda part: _relit(part, toned(luma(part))), photo)
    if strength != 1:
        look -= photo
        look *= np.float32(strength)
        look += photo
    return look


def _relit(part: FloatImage, wanted: Float) -> FloatImage:
    """A part with another luma, its hue and saturation kept as far as the colours can be shown;
    the others are paled until they can."""
    tone = luma(part)
    gain = np.asarray(wanted / np.maximum(tone, _BLACK), np.float32)
    look: Float = part * gain[..., None]
    np.copyto(look, wanted[..., None], where=(tone <= _BLACK)[..., None])  # it has no hue
    red, green, blue = cv2.split(look)
    most = cv2.max(cv2.max(red, green), blue).reshape(tone.shape)
    above = most > 1
    share = np.ones_like(tone)
    np.divide(1 - wanted, most - wanted, out=share, where=above)
    look -= wanted[..., None]
    look *= share[..., None]
    look += wanted[..., None]
    return look


def read_points(value: object) -> tuple[float, ...]:
    """Points as they are given: x and y by turns, 0..1 each, x rising. Raises ValueError."""
    points = numbers(value, 4, 2 * MOST_POINTS, 0, 1)
    if len(points) % 2 or np.any(np.diff(points[::2]) < CLOSEST * 0.999):
        raise ValueError("not points from left to right")
    return points


OPERATOR = Operator(
    id="tone-curve",
    name="Tone curve",
    family="curve",
    summary="Gives each tone the brightness that a curve through your own points says.",
    algorithm="monotone cubic curve (Fritsch and Carlson)",
    render_with=render,
    linear=True,
    margin=0.0,
    settings=(
        Setting("points", MILD, read_points, "X,Y,X,Y…"),
        Setting("channels", RGB, word(RGB, LUMINANCE), f"{RGB} or {LUMINANCE}"),
    ),
    inert=lambda settings: settings["points"] == IDENTITY,
)
