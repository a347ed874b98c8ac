"""Retouch against a plain form in float64, and what it promises: pores stay, blotches go."""

from __future__ import annotations

import numpy as np
import pytest
from scipy import ndimage

from models.operators import full_size, retouch
from models.operators.retouch import OPERATOR, render

LUMINANCE = np.array([0.2126, 0.7152, 0.0722])
SKIN = np.array([0.78, 0.58, 0.48], np.float32)


def box_mean(values: np.ndarray, radius: int) -> np.ndarray:
    padded = np.pad(values, radius, "symmetric")
    side = 2 * radius + 1
    return np.lib.stride_tricks.sliding_window_view(padded, (side, side)).mean((2, 3))


def guided(values: np.ndarray, radius: int, epsilon: float) -> np.ndarray:
    mean = box_mean(values, radius)
    variance = box_mean(values**2, radius) - mean**2
    a = variance / (variance + epsilon)
    return box_mean(a, radius) * values + box_mean((1 - a) * mean, radius)


def plain_retouch(photo: np.ndarray, strength: float, long_edge: int) -> np.ndarray:
    rgb = photo.astype(np.float64)
    luma = rgb @ LUMINANCE
    radius = round(retouch.BASE_RADIUS * long_edge)
    relief = luma - guided(luma, radius, retouch.LUMA_EPSILON)
    blotches = ndimage.gaussian_filter(relief, retouch.PORE_SIGMA * long_edge, mode="reflect")
    pores = relief - blotches
    blotches = blotches / (1 + (blotches / retouch.FEATURE) ** 2)
    luma -= strength * (retouch.MID_LUMA * blotches + retouch.FINE_LUMA * pores)
    differences = []
    for channel in (0, 2):
        colour = rgb[..., channel] - rgb @ LUMINANCE
        uneven = colour - guided(colour, radius, retouch.CHROMA_EPSILON)
        differences.append(colour - strength * retouch.CHROMA * uneven)
    red, blue = luma + differences[0], luma + differences[1]
    green = (luma - LUMINANCE[0] * red - LUMINANCE[2] * blue) / LUMINANCE[1]
    return np.stack([red, green, blue], -1)


@pytest.mark.parametrize("strength", [0.35, 1.0])
def test_equals_plain_form(strength: float, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(full_size, "BAND_PIXELS", 200)
    photo = np.random.default_rng(0).random((41, 30, 3), dtype=np.float32) * 0.2 + SKIN - 0.1
    photo[:15] -= 0.35
    expected = plain_retouch(photo, strength, 300)
    assert np.abs(expected - photo).max() > 0.005
    np.testing.assert_allclose(render(photo, strength, 300), expected, atol=1e-4)


def wave(period: float, amplitude: float, size: int = 240) -> np.ndarray:
    """H x W x 1 egg-box pattern."""
    phase = np.arange(size) * 2 * np.pi / period
    return (amplitude * np.sin(phase)[:, None] * np.sin(phase)[None]).astype(np.float32)[..., None]


def left(pattern: np.ndarray) -> float:
    """The share of a pattern on skin that full strength leaves; of a face 1152 pixels large."""
    look = OPERATOR(SKIN + pattern, 1.0, long_edge=1152) - SKIN
    inner = (slice(60, -60), slice(60, -60))
    return float((look * pattern)[inner].sum() / (pattern * pattern)[inner].sum() / 3)


def test_pores_stay_and_blotches_go() -> None:
    pores, blotches = left(wave(4, 0.03)), left(wave(26, 0.03))
    assert pores > 0.8
    assert blotches < 0.45
    # What is as large as a cheek is the light on the face: it stays.
    assert left(wave(480, 0.03, 480)) > 0.9


def test_redness_goes() -> None:
    red = wave(26, 0.02) * np.array([1, -0.3, 0], np.float32)
    look = OPERATOR(SKIN + red, 1.0, long_edge=1152)
    inner = look[60:-60, 60:-60]
    photo = (SKIN + red)[60:-60, 60:-60]
    assert np.ptp(inner[..., 0] - inner[..., 1]) < 0.5 * np.ptp(photo[..., 0] - photo[..., 1])


def test_contours_of_eyes_and_lips_stay_without_halos() -> None:
    photo = np.full((120, 240, 3), SKIN, np.float32)
    photo[:, 118:122] = (0.12, 0.08, 0.07)  # a lash line
    photo[:, 180:] = (0.62, 0.30, 0.30)  # a lip
    look = OPERATOR(photo, 1.0, long_edge=1152)
    assert np.abs(look - photo).max() < 0.045
    skin = look[:, :110]
    assert np.abs(skin - SKIN).max() < 0.02


def test_strength_is_the_share_that_goes() -> None:
    photo = (SKIN + wave(26, 0.03) + wave(4, 0.02)).astype(np.float32)
    expected = 0.6 * photo + 0.4 * OPERATOR(photo, 1.0)
    np.testing.assert_allclose(OPERATOR(photo, 0.4), expected, atol=1e-6)


def test_a_pixel_reaches_no_further_than_the_margin() -> None:
    photo = (np.zeros((40, 600, 3)) + SKIN).astype(np.float32)
    plain = OPERATOR(photo, 1.0)
    photo[:, 300] -= 0.05
    changed = np.abs(OPERATOR(photo, 1.0) - plain).max((0, 2)) > 1e-6
    reach = np.abs(np.flatnonzero(changed) - 300).max()
    assert OPERATOR.margin is not None
    assert 10 < reach <= OPERATOR.margin * 600
