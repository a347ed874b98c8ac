"""Tone curve: monotone through its points, as SciPy draws it; hue or luma as asked."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.interpolate import PchipInterpolator

from models.operators import tone_curve
from models.operators.colour_space import luma
from models.operators.settings import SettingError
from models.operators.tone_curve import OPERATOR

TONES = np.linspace(0, 1, 1001)
STEEP = (0.0, 0.1, 0.2, 0.15, 0.5, 0.8, 1.0, 0.95)


@st.composite
def curves(draw: st.DrawFn) -> tuple[float, ...]:
    x = sorted(draw(st.sets(st.integers(0, 60), min_size=2, max_size=9)))
    y = draw(st.lists(st.integers(0, 100), min_size=len(x), max_size=len(x)))
    return tuple(v for pair in zip(x, y, strict=True) for v in (pair[0] / 60, pair[1] / 100))


@settings(max_examples=200, deadline=None)
@given(curves())
def test_it_is_the_curve_of_scipy(points: tuple[float, ...]) -> None:
    x, y = points[::2], points[1::2]
    expected = PchipInterpolator(x, y)(np.clip(TONES, x[0], x[-1]))
    np.testing.assert_allclose(tone_curve.curve(points, TONES), expected, atol=1e-12)


@settings(max_examples=200, deadline=None)
@given(curves())
def test_it_goes_through_its_points_and_not_beyond_them(points: tuple[float, ...]) -> None:
    x, y = np.array(points[::2]), np.array(points[1::2])
    np.testing.assert_allclose(tone_curve.curve(points, x), y, atol=1e-12)
    for left, right, low, high in zip(x, x[1:], y, y[1:], strict=False):
        between = tone_curve.curve(points, np.linspace(left, right, 50))
        assert (np.diff(between) * np.sign(high - low) >= -1e-12).all()


def photo() -> np.ndarray:
    return np.random.default_rng(5).uniform(0, 1, (40, 60, 3)).astype(np.float32)


def with_points(points: tuple[float, ...], channels: str = "rgb"):
    return OPERATOR.with_settings((("points", points), ("channels", channels)))


@pytest.mark.parametrize("channels", ["rgb", "luminance"])
def test_greys_follow_the_curve(channels: str) -> None:
    greys = np.repeat(TONES.astype(np.float32)[None, :, None], 3, axis=2)
    look = with_points(STEEP, channels)(greys)
    np.testing.assert_allclose(look[0, :, 0], tone_curve.curve(STEEP, TONES), atol=3e-5)
    np.testing.assert_allclose(look, look[..., :1].repeat(3, axis=2), atol=1e-6)


def test_rgb_keeps_the_hue() -> None:
    before, after = photo(), with_points(STEEP)(photo())
    expected = tone_curve.curve(STEEP, before.max(axis=2).astype(np.float64))
    np.testing.assert_allclose(after.max(axis=2), expected, atol=3e-5)
    assert np.array_equal(before.argsort(axis=2), after.argsort(axis=2))


def test_luminance_sets_the_luma_and_nothing_else_where_it_can_be_shown() -> None:
    before, after = photo(), with_points(STEEP, "luminance")(photo())
    wanted = tone_curve.curve(STEEP, luma(before).astype(np.float64))
    np.testing.assert_allclose(luma(after), wanted, atol=5e-5)
    shown = (before * (wanted / luma(before))[..., None]).max(axis=2) <= 1
    assert 0.3 < shown.mean() < 1
    ratio = (after / np.maximum(before, 1e-3))[shown & (before.min(axis=2) > 0.01)]
    np.testing.assert_allclose(ratio, ratio[:, :1].repeat(3, axis=1), rtol=2e-3)


@pytest.mark.parametrize("channels", ["rgb", "luminance"])
def test_strength_blends(channels: str) -> None:
    operator = with_points(STEEP, channels)
    whole, half = operator(photo(), 1.0), operator(photo(), 0.5)
    np.testing.assert_allclose(half, (whole + photo()) / 2, atol=2e-5)


def test_the_identity_changes_no_level() -> None:
    levels = np.random.default_rng(2).integers(0, 256, (50, 50, 3), np.uint8)
    for channels in ("rgb", "luminance"):
        assert np.array_equal(with_points(tone_curve.IDENTITY, channels)(levels), levels)


@pytest.mark.parametrize(
    "points",
    [(), (0, 0), (0, 0, 1), (0, 0, 0.005, 1), (0.5, 0, 0.4, 1), (0, 0, 1, 1.1), (0, 0, 1, "x")],
)
def test_what_is_no_curve_is_refused(points: tuple[float, ...]) -> None:
    with pytest.raises(SettingError):
        with_points(points)
