"""White balance, shared by *Temperature* and *Tint*, and what makes a colour neutral.

The light that a photo was taken in is taken to have another white than D65; the photo is adapted
from it to D65 with the linear Bradford transform (Lam 1985; ICC.1:2010, annex E), in linear light.
That white lies on the Planckian locus, shifted so that it passes through D65 (Krystek, "An
algorithm to calculate correlated colour temperature", Color Research and Application 10, 1985, in
the uv diagram of CIE 1960), at 6504 K times `RANGE` to the power of the temperature; the tint moves
it across the locus. A bluer light than there was makes the photo warmer.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from models.operators.colour_space import Float, to_linear, to_srgb, transform
from models.operators.full_size import in_bands
from models.operators.images import FloatImage
from models.operators.tone import brightened

Double = NDArray[np.float64]

RANGE = 2.3
"""The temperature's factor at +1: from 2828 K (-1) to 14 960 K (+1), where Krystek's fit holds."""

TINT = 0.03
"""Distance from the locus in uv at a tint of 1, towards green."""

_D65 = 6504.0
_D65_UV = np.array([0.19783, 0.31221])
_TO_XYZ = np.array(
    [
        [0.4123908, 0.3575843, 0.1804808],
        [0.2126390, 0.7151687, 0.0721923],
        [0.0193308, 0.1191948, 0.9505322],
    ]
)
_BRADFORD = np.array(
    [[0.8951, 0.2664, -0.1614], [-0.7502, 1.7135, 0.0367], [0.0389, -0.0685, 1.0296]]
)


def _planckian(kelvin: float | Double) -> Double:
    """uv of the Planckian locus, 2 or n x 2 (Krystek 1985)."""
    t = np.asarray(kelvin, np.float64)
    u = (0.860117757 + 1.54118254e-4 * t + 1.28641212e-7 * t * t) / (
        1 + 8.42420235e-4 * t + 7.08145163e-7 * t * t
    )
    v = (0.317398726 + 4.22806245e-5 * t + 4.20481691e-8 * t * t) / (
        1 - 2.89741816e-5 * t + 1.61456053e-7 * t * t
    )
    return np.stack([u, v], axis=-1)


def _locus(temperature: float | Double) -> Double:
    """uv of the light's white by the slider's temperature, without tint."""
    shift = _D65_UV - _planckian(_D65)
    return np.asarray(_planckian(_D65 * RANGE ** np.asarray(temperature, np.float64)) + shift)


def _across(temperature: float) -> Double:
    """The unit vector across the locus, towards green."""
    along = _locus(temperature + 0.01) - _locus(temperature - 0.01)
    across = np.array([-along[1], along[0]]) / np.hypot(*along)
    return np.asarray(across if across[1] > 0 else -across, np.float64)


def _xyz(uv: Double) -> Double:
    """XYZ of Y = 1 of a chromaticity of CIE 1960."""
    u, v = uv
    x, y = 3 * u / (2 * u - 8 * v + 4), 2 * v / (2 * u - 8 * v + 4)
    return np.array([x / y, 1.0, (1 - x - y) / y])


def adaptation(temperature: float, tint: float) -> Double:
    """The 3 x 3 matrix on linear RGB for the two sliders' values, -1..1 each."""
    light = _xyz(_locus(temperature) + TINT * tint * _across(temperature))
    gains = (_BRADFORD @ _xyz(_D65_UV)) / (_BRADFORD @ light)
    whole = np.linalg.inv(_BRADFORD) @ np.diag(gains) @ _BRADFORD
    return np.asarray(np.linalg.inv(_TO_XYZ) @ whole @ _TO_XYZ, np.float64)


def balance(photo: FloatImage, temperature: float, tint: float) -> FloatImage:
    """A photo (H x W x 3, encoded) in another white balance.

    Each channel has the shoulder of *Exposure* where its gain is above 1: white stays white.
    """
    matrix = adaptation(temperature, tint)
    gains = matrix.sum(axis=1)  # of white
    scaled = (matrix / gains[:, None]).astype(np.float32)
    gain = gains.astype(np.float32)

    def balanced(part: FloatImage) -> FloatImage:
        light: Float = np.clip(transform(to_linear(part), scaled), 0, 1)
        return to_srgb(brightened(light, gain))

    return in_bands(balanced, photo)


def neutral_for(red: float, green: float, blue: float) -> tuple[float, float]:
    """Temperature and tint, -1..1 each, that make a colour (linear light) grey, or nearly."""
    xyz = _TO_XYZ @ np.array([red, green, blue])
    whole = xyz[0] + 15 * xyz[1] + 3 * xyz[2]
    if whole <= 1e-9:
        return 0.0, 0.0
    uv = np.array([4 * xyz[0], 6 * xyz[1]]) / whole
    steps = np.linspace(-1, 1, 401)
    nearest = float(steps[np.argmin(np.hypot(*(_locus(steps) - uv).T))])
    away = float((uv - _locus(nearest)) @ _across(nearest)) / TINT
    return round(nearest, 3), round(min(max(away, -1.0), 1.0), 3)
