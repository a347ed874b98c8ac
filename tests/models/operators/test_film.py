"""Film against a plain form in float64, and what it promises."""

from __future__ import annotations

import colorsys

import numpy as np
import pytest
from scipy import ndimage

from models.operators import film, full_size
from models.operators.film import OPERATOR, develop

LUMINANCE = np.array([0.2126, 0.7152, 0.0722])


def decode(value: np.ndarray) -> np.ndarray:
    return np.where(value <= 0.04045, value / 12.92, ((value + 0.055) / 1.055) ** 2.4)


def encode(light: np.ndarray) -> np.ndarray:
    return np.where(light <= 0.0031308, light * 12.92, 1.055 * light ** (1 / 2.4) - 0.055)


def plain_film(photo: np.ndarray, long_edge: int) -> np.ndarray:
    light = decode(photo.astype(np.float64))
    threshold = film.HALATION_THRESHOLD
    bright = np.maximum(light @ LUMINANCE - threshold, 0) / (1 - threshold)
    sigma = film.HALATION_SIGMA * long_edge
    glow = sum(ndimage.gaussian_filter(bright, sigma * k, mode="reflect") / 2 for k in (0.5, 2))
    glow = np.maximum(glow - bright, 0)
    result = np.empty(photo.shape)
    for place in np.ndindex(photo.shape[:2]):
        back = glow[place] * film.HALATION
        pixel = encode(1 - (1 - light[place]) * (1 - back))
        v = np.clip(film.CROSSTALK.astype(float) @ pixel, 0, 1)
        v = v + film.CONTRAST * v * (1 - v) * (2 * v - 1)
        v = film.BLACK + (film.WHITE - film.BLACK) * v
        grey = LUMINANCE @ v
        density = 1 + film.DENSITY * (v.max() - v.min())
        result[place] = np.clip(grey + (v - grey) * film.SATURATION / density, 0, 1)
    return result


def develop_flat(*colour: float) -> np.ndarray:
    return develop(np.full((4, 4, 3), colour, np.float32), 400)[0, 0].astype(np.float64)


def test_equals_plain_form(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(full_size, "BAND_PIXELS", 200)
    photo = np.random.default_rng(0).random((37, 30, 3), dtype=np.float32)
    photo[:12] *= 0.3
    # OpenCV's Gaussian ends a little elsewhere in its tail than SciPy's.
    np.testing.assert_allclose(develop(photo, 300), plain_film(photo, 300), atol=3e-4)


def test_strength_blends() -> None:
    photo = np.random.default_rng(1).random((24, 36, 3), dtype=np.float32)
    expected = 0.6 * photo + 0.4 * OPERATOR(photo, 1.0)
    np.testing.assert_allclose(OPERATOR(photo, 0.4), expected, atol=1e-6)


def test_greys_rise_strictly_with_teal_shadows_and_warm_highlights() -> None:
    ramp = np.array([develop_flat(v, v, v) for v in np.linspace(0, 1, 257)])
    assert np.diff(ramp @ LUMINANCE).min() > 0
    red, green, blue = ramp.T
    shadows, highlights = slice(10, 90), slice(190, 257)
    assert (red < green)[shadows].all()
    assert (red < blue)[shadows].all()
    assert (red > green)[highlights].all()
    assert (green > blue)[highlights].all()
    # Subtle: a tint, not a filter.
    assert np.ptp(ramp, axis=1).max() < 0.07
    assert ramp[0].min() > 0.015
    assert ramp[-1].max() < 0.995


@pytest.mark.parametrize(
    "skin", [(0.96, 0.80, 0.72), (0.86, 0.66, 0.56), (0.62, 0.43, 0.33), (0.36, 0.23, 0.17)]
)
def test_skin_keeps_its_hue(skin: tuple[float, float, float]) -> None:
    look = develop_flat(*skin)
    before, after = colorsys.rgb_to_hsv(*skin), colorsys.rgb_to_hsv(*look)
    assert abs(before[0] - after[0]) * 360 < 6
    assert 0.7 < after[1] / before[1] < 1.3


def test_strong_colours_are_held_back_more_than_pale_ones() -> None:
    def share(red: float, green: float, blue: float) -> float:
        return float(np.ptp(develop_flat(red, green, blue)) / np.ptp([red, green, blue]))

    assert share(0.95, 0.05, 0.05) < share(0.6, 0.4, 0.4) - 0.1


def test_a_light_in_the_dark_gets_a_reddish_glow_and_a_dim_one_none() -> None:
    photo = np.full((201, 201, 3), 0.05, np.float32)
    plain = OPERATOR(photo, 1.0)
    photo[90:111, 90:111] = 1
    glow = OPERATOR(photo, 1.0) - plain
    beside = glow[100, 113]
    assert beside[0] > 0.05
    assert beside[0] > 2 * beside[2]
    # It fades outwards and ends within the margin.
    assert glow[100, 113, 0] > glow[100, 116, 0] > glow[100, 120, 0]
    assert OPERATOR.margin is not None
    assert np.abs(glow[100, 111 + int(np.ceil(OPERATOR.margin * 201)) :]).max() == 0
    photo[90:111, 90:111] = 0.5
    dim = OPERATOR(photo, 1.0) - plain
    dim[90:111, 90:111] = 0
    assert np.abs(dim).max() == 0
