"""RGB colour spaces told by numbers, as ICC profiles, which every format that is written holds.

Matrix/TRC profiles, version 4.3: ICC.1:2022, sections 7 (structure), 8.3 (required tags), 10.6
(curveType), 10.18 (parametricCurveType) and annex E (chromatic adaptation, Bradford).
Code points: ITU-T H.273 (2021), tables 2 and 3, the ones of CICP and of nclx.
"""

from __future__ import annotations

import functools
import struct
from dataclasses import dataclass
from typing import TypeAlias

import numpy as np
from numpy.typing import NDArray

Pair: TypeAlias = "tuple[float, float]"

_D65, _C, _DCI, _E = (0.3127, 0.3290), (0.310, 0.316), (0.314, 0.351), (1 / 3, 1 / 3)
_D50 = np.array([0.9642, 1.0, 0.8249])  # of the profile connection space, section 6.3.4.3
_BRADFORD = np.array(
    [[0.8951, 0.2664, -0.1614], [-0.7502, 1.7135, 0.0367], [0.0389, -0.0685, 1.0296]]
)


@dataclass(frozen=True)
class Primaries:
    """Chromaticities x, y of white and of the three primaries."""

    white: Pair
    red: Pair
    green: Pair
    blue: Pair

    def close_to(self, other: Primaries, tolerance: float = 0.002) -> bool:
        """Whether no chromaticity differs by more than the tolerance."""
        return float(np.abs(self._numbers() - other._numbers()).max()) <= tolerance

    def _numbers(self) -> NDArray[np.float64]:
        return np.array([self.white, self.red, self.green, self.blue])

    def to_xyz(self) -> NDArray[np.float64]:
        """3 x 3: from linear RGB to XYZ under the own white, of luminance 1.

        Raises:
            ValueError: for primaries that span no colours.
        """
        numbers = self._numbers()
        if not np.isfinite(numbers).all() or (np.abs(numbers) > 5).any():
            raise ValueError("chromaticities out of range")
        if (np.abs(numbers[:, 1]) < 1e-4).any():
            raise ValueError("a chromaticity without luminance")
        xyz = np.stack([np.array([x / y, 1.0, (1 - x - y) / y]) for x, y in numbers], axis=1)
        white, columns = xyz[:, 0], xyz[:, 1:]
        if abs(np.linalg.det(columns)) < 1e-6:
            raise ValueError("primaries on one line")
        return np.asarray(columns * np.linalg.solve(columns, white), np.float64)


@dataclass(frozen=True)
class Curve:
    """From a code value 0..1 to linear light 0..1.

    ``(a x + b) ** gamma`` from `start` on and ``c x`` below, or a `table` of evenly spaced
    values 0..65535.
    """

    gamma: float = 1.0
    a: float = 1.0
    b: float = 0.0
    c: float = 0.0
    start: float = 0.0
    table: tuple[int, ...] = ()

    def tag(self) -> bytes:
        """The curve as the type of an ICC tag."""
        if self.table:
            head = struct.pack(">4sII", b"curv", 0, len(self.table))
            return head + struct.pack(f">{len(self.table)}H", *self.table)
        values: tuple[float, ...] = (self.gamma, self.a, self.b, self.c, self.start)
        kind = 3
        if not self.start and self.a == 1.0 and not self.b:
            kind, values = 0, (self.gamma,)
        return struct.pack(">4sIHH", b"para", 0, kind, 0) + _fixed(*values)


SRGB = Primaries(_D65, (0.64, 0.33), (0.30, 0.60), (0.15, 0.06))
ADOBE_RGB = Primaries(_D65, (0.64, 0.33), (0.21, 0.71), (0.15, 0.06))
SRGB_CURVE = Curve(2.4, 1 / 1.055, 0.055 / 1.055, 1 / 12.92, 0.04045)
ADOBE_RGB_CURVE = Curve(563 / 256)

PRIMARIES = {
    1: SRGB,
    4: Primaries(_C, (0.67, 0.33), (0.21, 0.71), (0.14, 0.08)),
    5: Primaries(_D65, (0.64, 0.33), (0.29, 0.60), (0.15, 0.06)),
    6: Primaries(_D65, (0.63, 0.34), (0.31, 0.595), (0.155, 0.07)),
    7: Primaries(_D65, (0.63, 0.34), (0.31, 0.595), (0.155, 0.07)),
    8: Primaries(_C, (0.681, 0.319), (0.243, 0.692), (0.145, 0.049)),
    9: Primaries(_D65, (0.708, 0.292), (0.170, 0.797), (0.131, 0.046)),
    11: Primaries(_DCI, (0.68, 0.32), (0.265, 0.69), (0.15, 0.06)),
    12: Primaries(_D65, (0.68, 0.32), (0.265, 0.69), (0.15, 0.06)),
    22: Primaries(_D65, (0.63, 0.34), (0.295, 0.605), (0.155, 0.077)),
}
"""By their number in H.273, table 2."""

_BT709 = Curve(1 / 0.45, 1 / 1.099, 0.099 / 1.099, 1 / 4.5, 0.081)

CURVES = {
    1: _BT709,
    4: Curve(2.2),
    5: Curve(2.8),
    6: _BT709,
    7: Curve(1 / 0.45, 1 / 1.1115, 0.1115 / 1.1115, 1 / 4, 0.0912),
    8: Curve(),
    11: _BT709,
    13: SRGB_CURVE,
    14: _BT709,
    15: _BT709,
    17: Curve(2.6),
}
"""By the number of the transfer characteristics in H.273, table 3, without those of HDR."""


@functools.lru_cache(maxsize=16)
def profile(name: str, primaries: Primaries, *curves: Curve) -> bytes:
    """An ICC profile of an RGB space.

    Args:
        name: shown by programs that show names of profiles.
        curves: one for all channels, or one for each of red, green, blue.

    Raises:
        ValueError: for primaries that span no colours.
    """
    adaptation = _adaptation(primaries.white)
    matrix = adaptation @ primaries.to_xyz()
    tags = {b"desc": _text(name), b"cprt": _text("Public domain")}
    tags |= {b"wtpt": _xyz(_D50), b"chad": b"sf32\0\0\0\0" + _fixed(*adaptation.ravel())}
    for letter, column, curve in zip("rgb", matrix.T, (curves * 3)[:3], strict=True):
        tags[letter.encode() + b"XYZ"] = _xyz(column)
        tags[letter.encode() + b"TRC"] = curve.tag()
    return _file(tags)


def _adaptation(white: Pair) -> NDArray[np.float64]:
    """3 x 3: XYZ under a white to XYZ under D50."""
    x, y = white
    cones = _BRADFORD @ np.array([x / y, 1.0, (1 - x - y) / y])
    scale = np.diag(_BRADFORD @ _D50 / cones)
    return np.asarray(np.linalg.inv(_BRADFORD) @ scale @ _BRADFORD, np.float64)


def _file(tags: dict[bytes, bytes]) -> bytes:
    table, body, at = struct.pack(">I", len(tags)), b"", 128 + 4 + 12 * len(tags)
    for signature, content in tags.items():
        table += signature + struct.pack(">II", at + len(body), len(content))
        body += content + bytes(-len(content) % 4)
    head = struct.pack(
        ">I4sI4s4s4s", at + len(body), bytes(4), 0x04300000, b"mntr", b"RGB ", b"XYZ "
    )
    head += struct.pack(">6H4s28x", 2024, 1, 1, 0, 0, 0, b"acsp")
    head += _fixed(*_D50)
    return head.ljust(128, b"\0") + table + body


def _text(words: str) -> bytes:
    encoded = words.encode("utf-16-be")
    return struct.pack(">4sIII2s2sII", b"mluc", 0, 1, 12, b"en", b"US", len(encoded), 28) + encoded


def _xyz(values: NDArray[np.float64]) -> bytes:
    return b"XYZ \0\0\0\0" + _fixed(*values)


def _fixed(*values: float) -> bytes:
    """s15Fixed16Number. Raises ValueError for what does not fit."""
    if any(not abs(value) < 32768 for value in values):
        raise ValueError("a number too large for a profile")
    return struct.pack(f">{len(values)}i", *(round(float(value) * 65536) for value in values))
