"""Retouch against a plain form in float64, and what it promises: pores stay, blotches go."""

from __future__ import annotations

import cv2
import numpy as np
import pytest
from PIL import Image
from scipy import ndimage

import resources
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
    """But for red spots, which are found with a median of rounded values."""
    monkeypatch.setattr(full_size, "BAND_PIXELS", 200)
    monkeypatch.setattr(
        retouch, "red_spots", lambda small, _: (np.zeros_like(small[..., :1]), np.zeros_like(small))
    )
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


def _spot(radius: float, colour: tuple[float, float, float]) -> np.ndarray:
    y, x = np.mgrid[-60:60, -60:60]
    shape = np.exp(-(x * x + y * y) / (2 * radius**2))[..., None]
    return (shape * np.array(colour)).astype(np.float32)


@pytest.mark.parametrize("long_edge", [1152, 576])
def test_red_spots_go_with_their_shade_also_beside_an_eye(long_edge: int) -> None:
    scale = long_edge / 1152
    photo = SKIN + _spot(4 * scale, (0.01, -0.07, -0.05))
    photo[:, : round(60 - 16 * scale)] = (0.15, 0.10, 0.08)  # the brow's dark edge
    look = OPERATOR(photo, OPERATOR.default_strength, long_edge=long_edge)
    before, after = (np.abs(p[60, 60] - SKIN).max() for p in (photo, look))
    assert after < 0.5 * before
    assert np.abs(OPERATOR(photo, 1.0, long_edge=long_edge)[60, 60] - SKIN).max() < 0.4 * before


def test_dark_features_are_no_spots() -> None:
    photo = SKIN + _spot(4, (-0.25, -0.35, -0.33))  # a nostril, reddish in its dark
    look = OPERATOR(photo, OPERATOR.default_strength, long_edge=1152)
    assert np.abs(look - photo)[60, 60].max() < 0.06


def test_the_sample_portraits_spots_are_evened_and_its_pores_kept() -> None:
    portrait = np.asarray(Image.open(resources.SAMPLES / "portrait.jpg").convert("RGB"))
    look = OPERATOR(portrait)
    before, after = (
        cv2.cvtColor(p.astype(np.float32) / 255, cv2.COLOR_RGB2LAB) for p in (portrait, look)
    )
    rows, columns = np.mgrid[: portrait.shape[0], : portrait.shape[1]]
    for x, y in ((280, 426), (456, 390), (438, 502), (458, 388)):
        distance = np.hypot(columns - x, rows - y)
        around = (distance > 9) & (distance < 15)
        was, left = (p[distance < 3, 1].mean() - np.median(p[around, 1]) for p in (before, after))
        assert was > 3.5
        assert left < 0.45 * was, (x, y)
    forehead = (slice(290, 360), slice(300, 400), 0)
    was, left = (
        (p[forehead] - cv2.GaussianBlur(p[forehead], (0, 0), 1.2)).std() for p in (before, after)
    )
    assert left > 0.85 * was


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
