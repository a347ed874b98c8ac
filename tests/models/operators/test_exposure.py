"""Exposure against a plain form in float64, and what it promises."""

from __future__ import annotations

import numpy as np
import pytest

from models.operators.exposure import ABNEY, KNEE, OPERATOR, curve, expose

STOPS = [-3.0, -1.5, -0.01, 0.01, 0.3, 1.0, 1.7, 3.0]


def decode(value: float) -> float:
    return value / 12.92 if value <= 0.04045 else ((value + 0.055) / 1.055) ** 2.4


def encode(light: float) -> float:
    return light * 12.92 if light <= 0.0031308 else 1.055 * light ** (1 / 2.4) - 0.055


def plain_curve(x: float, ev: float) -> float:
    """The straight part up to the knee, then the rational curve through (1, 1), slopes equal."""
    gain = 2.0**ev
    if gain <= 1 or gain * x <= KNEE:
        return gain * x
    knee_at = KNEE / gain
    t = (x - knee_at) / (1 - knee_at)
    slope = gain * (1 - knee_at) / (1 - KNEE)
    return KNEE + (1 - KNEE) * slope * t / (1 + (slope - 1) * t)


def plain_pixel(pixel: np.ndarray, ev: float) -> list[float]:
    light = [decode(float(v)) for v in pixel]
    low, high = min(light), max(light)
    result = []
    for value in light:
        place = (value - low) / (high - low) if high > low else 0.0
        bottom, top = plain_curve(low, ev), plain_curve(high, ev)
        kept_hue = bottom + place * (top - bottom)
        result.append(encode((1 - ABNEY) * kept_hue + ABNEY * plain_curve(value, ev)))
    return result


@pytest.mark.parametrize("ev", STOPS)
def test_equals_plain_form(ev: float) -> None:
    photo = np.random.default_rng(0).random((9, 11, 3), dtype=np.float32)
    photo[0, 0], photo[0, 1], photo[0, 2] = 0, 1, (1, 0, 0)
    photo[0, 3] = 0.3
    expected = [[plain_pixel(pixel, ev) for pixel in row] for row in photo]
    np.testing.assert_allclose(OPERATOR(photo, ev), expected, atol=3e-6)


@pytest.mark.parametrize("ev", STOPS)
def test_curve_is_strictly_increasing_in_the_light_and_smooth(ev: float) -> None:
    light = np.linspace(0, 1, 2049, dtype=np.float32)
    exposed = curve(light, ev).astype(np.float64)
    steps = np.diff(exposed)
    assert steps.min() > 0
    assert exposed[0] == 0
    assert exposed[-1] == pytest.approx(min(2.0**ev, 1), abs=1e-6)
    # No kink at the knee: the slope changes little from step to step.
    assert np.abs(np.diff(steps)).max() < 0.03 * steps.max()


def test_every_value_rises_with_the_exposure() -> None:
    photo = np.random.default_rng(1).uniform(0.02, 0.98, (16, 16, 3)).astype(np.float32)
    looks = np.stack([OPERATOR(photo, ev) for ev in np.linspace(-3, 3, 61)])
    assert np.diff(looks, axis=0).min() > 0


def test_grey_scale_stays_strictly_ordered_and_grey() -> None:
    ramp = np.repeat(np.linspace(0, 1, 1025, dtype=np.float32)[None, :, None], 3, axis=2)
    for ev in STOPS:
        look = OPERATOR(ramp, ev)
        assert np.diff(look[0, :, 1]).min() > 0
        np.testing.assert_allclose(look, look[..., :1].repeat(3, axis=2), atol=1e-6)


def test_continuous_around_zero() -> None:
    photo = np.random.default_rng(2).random((16, 16, 3), dtype=np.float32)
    assert np.array_equal(OPERATOR(photo, 0.0), photo)
    for ev in (-1e-3, 1e-3):
        assert 0 < np.abs(OPERATOR(photo, ev) - photo).max() < 1e-3


@pytest.mark.parametrize("ev", [-3.0, -1.0, 0.5, 1.0, 2.0])
def test_mid_tones_change_by_exactly_the_gain(ev: float) -> None:
    limit = min(1.0, KNEE * 2.0**-ev)
    photo = np.random.default_rng(3).random((12, 12, 3)) * 0.999
    encoded = np.vectorize(encode)(photo * limit).astype(np.float32)
    light = np.vectorize(decode)(expose(encoded, ev).astype(np.float64))
    np.testing.assert_allclose(light, photo * limit * 2.0**ev, atol=2e-6)


def oklab_hue_and_chroma(encoded: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Hue in degrees and chroma in Oklab (Ottosson 2020)."""
    lms = np.cbrt(
        np.vectorize(decode)(encoded.astype(np.float64))
        @ np.array(
            [
                [0.4122214708, 0.2119034982, 0.0883024619],
                [0.5363325363, 0.6806995451, 0.2817188376],
                [0.0514459929, 0.1073969566, 0.6299787005],
            ]
        )
    )
    a = lms @ [1.9779984951, -2.4285922050, 0.4505937099]
    b = lms @ [0.0259040371, 0.7827717662, -0.8086757660]
    return np.degrees(np.arctan2(b, a)), np.hypot(a, b)


@pytest.mark.parametrize(("ev", "limit"), [(-2.0, 0.1), (1.0, 4.0), (2.0, 7.0)])
def test_hue_as_seen_is_kept(ev: float, limit: float) -> None:
    # Skin, sky, foliage, sunset, brick, lavender.
    colours = np.array(
        [
            [[0.87, 0.67, 0.57], [0.45, 0.62, 0.85], [0.35, 0.50, 0.20]],
            [[0.95, 0.60, 0.25], [0.65, 0.30, 0.22], [0.60, 0.50, 0.80]],
        ],
        np.float32,
    )
    hue, chroma = oklab_hue_and_chroma(colours)
    new_hue, new_chroma = oklab_hue_and_chroma(OPERATOR(colours, ev))
    turned = np.abs((new_hue - hue + 180) % 360 - 180)
    assert turned.max() < limit
    if ev > 1:
        # What reaches into the shoulder pales; the sky is such a colour.
        assert new_chroma[0, 1] < 0.8 * chroma[0, 1]


def test_uint8_keeps_white_when_raised_and_darkens_it_when_lowered() -> None:
    photo = np.array([[[255, 255, 255], [0, 0, 0]]], np.uint8)
    assert np.array_equal(OPERATOR(photo, 3.0), photo)
    assert OPERATOR(photo, -1.0).tolist() == [[[188, 188, 188], [0, 0, 0]]]
