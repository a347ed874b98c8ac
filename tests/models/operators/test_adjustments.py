"""Light and colour: nothing is clipped to flat, greys stay grey, each against what defines it."""

from __future__ import annotations

import numpy as np
import pytest

from models.operators import contrast, full_size
from models.operators.registry import ADJUSTMENTS, OPERATORS
from models.operators.tone import bernstein, brightened
from models.operators.white_balance import adaptation, neutral_for

TONES = ("contrast", "highlights", "shadows", "whites", "blacks", "clarity")
COLOURS = ("temperature", "tint", "vibrance", "saturation")


def decode(value: np.ndarray) -> np.ndarray:
    return np.where(value <= 0.04045, value / 12.92, ((value + 0.055) / 1.055) ** 2.4)


def encode(light: np.ndarray) -> np.ndarray:
    return np.where(light <= 0.0031308, light * 12.92, 1.055 * light ** (1 / 2.4) - 0.055)


def ramp() -> np.ndarray:
    """All greys from black to white, wide enough for every radius to see one tone."""
    grey = np.linspace(0, 1, 256, dtype=np.float32)
    return np.ascontiguousarray(np.repeat(grey[None, :, None], 3, axis=2).repeat(8, axis=0))


@pytest.mark.parametrize("name", TONES)
@pytest.mark.parametrize("strength", [-1.0, -0.4, 0.4, 1.0])
def test_greys_stay_grey_and_apart(name: str, strength: float) -> None:
    """Nothing is flat, not even at the ends, which are where they were or further inside."""
    look = OPERATORS[name](ramp(), strength, long_edge=64).astype(np.float64)
    np.testing.assert_allclose(look, look[..., :1].repeat(3, axis=2), atol=2e-6)
    steps = np.diff(look[0, :, 1])
    assert steps.min() > 0, steps.argmin()
    assert look.min() >= 0
    assert look.max() <= 1


@pytest.mark.parametrize("name", TONES)
def test_up_is_brighter_where_it_acts(name: str) -> None:
    where = {"highlights": 215, "shadows": 40, "whites": 200, "blacks": 20}.get(name)
    if where is None:
        pytest.skip("acts both ways")
    down, up = (OPERATORS[name](ramp(), s, long_edge=64)[4, where, 0] for s in (-0.5, 0.5))
    assert down < ramp()[0, where, 0] - 0.01
    assert up > ramp()[0, where, 0] + 0.01


@pytest.mark.parametrize(("name", "at"), [("highlights", 50), ("shadows", 200)])
def test_the_other_end_is_left_alone(name: str, at: int) -> None:
    look = OPERATORS[name](ramp(), -1.0, long_edge=64)
    assert look[4, at, 0] == pytest.approx(ramp()[0, at, 0], abs=2e-3)


def test_contrast_doubles_the_slope_at_middle_grey() -> None:
    step = 1e-3
    around = np.array([contrast.MIDDLE - step, contrast.MIDDLE + step], np.float32)
    for strength, slope in ((1.0, 2.0), (-1.0, 0.5)):
        low, high = contrast.curve(around, strength)
        assert (high - low) / (2 * step) == pytest.approx(slope, rel=0.01)
        assert (high + low) / 2 == pytest.approx(contrast.MIDDLE, abs=1e-4)


def test_bernstein_is_the_polynomial_of_its_ordinates() -> None:
    t = np.linspace(0, 1, 101, dtype=np.float32)
    a, b, c, d = 0.1, 0.2, 0.9, 0.95
    s = t.astype(float)
    plain = a * (1 - s) ** 3 + 3 * b * s * (1 - s) ** 2 + 3 * c * s * s * (1 - s) + d * s**3
    np.testing.assert_allclose(bernstein(t, (a, b, c, d)), plain, atol=1e-6)
    np.testing.assert_allclose(bernstein(t, (0, 1 / 3, 2 / 3, 1)), t, atol=1e-6)


def test_gain_never_clips() -> None:
    light = np.linspace(0, 1, 513, dtype=np.float32)
    for gain in (0.3, 1.0, 1.5, 6.0):
        out = brightened(light, np.float32(gain))
        assert np.diff(out).min() > 0
        assert out[-1] == pytest.approx(min(gain, 1), abs=1e-6)


@pytest.mark.parametrize("name", COLOURS)
@pytest.mark.parametrize("strength", [-1.0, 0.5, 1.0])
def test_different_colours_stay_different(name: str, strength: float) -> None:
    """From grey to a full colour, brightly and darkly: each step is still one."""
    if (name, strength) == ("saturation", -1.0):
        pytest.skip("that is grey")
    share = np.linspace(0.02, 1, 50)[:, None]
    for full in ((1.0, 0.2, 0.1), (0.1, 0.4, 1.0), (0.9, 0.9, 0.2)):
        colour = np.array(full)
        grey = colour @ [0.2126, 0.7152, 0.0722]
        line = (grey + (colour - grey) * share).astype(np.float32)[None]
        look = OPERATORS[name](line, strength).astype(np.float64)
        assert np.abs(np.diff(look, axis=1)).max(axis=2).min() > 1e-5


def test_saturation_down_is_grey_and_up_is_stronger() -> None:
    photo = np.random.default_rng(3).uniform(0.1, 0.9, (16, 16, 3)).astype(np.float32)
    grey = OPERATORS["saturation"](photo, -1.0)
    np.testing.assert_allclose(grey, grey[..., :1].repeat(3, axis=2), atol=1e-6)
    np.testing.assert_allclose(grey[..., 0], photo @ [0.2126, 0.7152, 0.0722], atol=1e-5)
    strong = OPERATORS["saturation"](photo, 0.5)
    assert (np.ptp(strong, axis=2) >= np.ptp(photo, axis=2) - 1e-6).all()
    assert np.ptp(strong, axis=2).mean() > 1.1 * np.ptp(photo, axis=2).mean()


def test_vibrance_acts_on_pale_colours_more() -> None:
    pale = np.array([[[0.55, 0.5, 0.48]]], np.float32)
    strong = np.array([[[0.9, 0.3, 0.2]]], np.float32)
    gain = [np.ptp(OPERATORS["vibrance"](c, 1.0)) / np.ptp(c) for c in (pale, strong)]
    assert gain[0] > 1.5 > 1.2 > gain[1] >= 1


@pytest.mark.parametrize("name", ["temperature", "tint"])
def test_white_balance_is_the_matrix_on_linear_light(name: str) -> None:
    photo = np.random.default_rng(5).uniform(0.1, 0.4, (6, 7, 3)).astype(np.float32)
    for strength in (-0.4, 0.3):
        values = (strength, 0.0) if name == "temperature" else (0.0, strength)
        light = decode(photo.astype(np.float64)) @ adaptation(*values).T
        expected = encode(np.maximum(light, 0))  # all of it below the shoulder's knee
        np.testing.assert_allclose(OPERATORS[name](photo, strength), expected, atol=2e-4)


def test_warm_is_redder_and_white_stays_white() -> None:
    grey = np.full((1, 1, 3), 0.5, np.float32)
    warm, cool = (OPERATORS["temperature"](grey, s)[0, 0] for s in (0.5, -0.5))
    assert warm[0] > 0.5 > warm[2]
    assert cool[0] < 0.5 < cool[2]
    magenta = OPERATORS["tint"](grey, 0.5)[0, 0]
    assert magenta[1] < min(magenta[0], magenta[2])
    white = np.ones((1, 1, 3), np.float32)
    for name in ("temperature", "tint"):
        np.testing.assert_allclose(OPERATORS[name](white, 0.6).max(), 1, atol=1e-6)


@pytest.mark.parametrize(("temperature", "tint"), [(-0.6, 0.1), (0.5, -0.3), (0.0, 0.0)])
def test_what_is_picked_becomes_neutral(temperature: float, tint: float) -> None:
    cast = np.linalg.inv(adaptation(temperature, tint)) @ np.full(3, 0.2)
    found = neutral_for(*cast)
    np.testing.assert_allclose(found, (temperature, tint), atol=0.02)
    back = adaptation(*found) @ cast
    assert np.ptp(back) < 0.004


def test_sharpening_raises_detail_and_leaves_noise_and_edges() -> None:
    x = np.arange(200)
    detail = 0.5 + 0.05 * np.sin(x * 1.6)
    noise = 0.5 + np.random.default_rng(1).normal(0, 0.002, 200)
    edge = np.where(x < 100, 0.2, 0.8)
    photo = np.stack([detail, noise, edge])[:, None, :, None].repeat(40, 1).repeat(3, 3)
    gain = []
    for rows in photo.astype(np.float32):
        look = OPERATORS["sharpening"](rows, 1.0, long_edge=1500)
        gain.append(np.ptp(look[20, 20:-20, 0]) / np.ptp(rows[20, 20:-20, 0]))
    assert gain[0] > 1.5
    assert gain[1] < 1.1
    assert gain[2] < 1 + 2 * 0.1 / 0.6


def test_noise_reduction_smooths_noise_and_keeps_edges() -> None:
    rng = np.random.default_rng(2)
    photo = np.where(np.arange(160) < 80, 0.3, 0.7)[None, :, None].repeat(120, 0).repeat(3, 2)
    noisy = (photo + rng.normal(0, 0.02, photo.shape)).astype(np.float32)
    look = OPERATORS["noise-reduction"](noisy, 1.0, long_edge=2000)
    assert look[20:100, 10:60].std() < 0.5 * noisy[20:100, 10:60].std()
    step = look[:, 84:90].mean() - look[:, 70:76].mean()
    assert step > 0.95 * 0.4


def test_vignette_is_symmetric_and_reaches_its_stops() -> None:
    photo = np.full((60, 90, 3), 0.5, np.float32)
    look = OPERATORS["vignette"](photo, -1.0)
    np.testing.assert_allclose(look, look[::-1, ::-1], atol=1e-6)
    light = decode(look.astype(np.float64))[..., 0] / decode(np.array(0.5))
    assert light[30, 45] > 0.99
    assert np.log2(light[0, 0]) == pytest.approx(-2, abs=0.1)
    assert light[30, 0] > light[0, 0]
    np.testing.assert_allclose(OPERATORS["vignette"](np.ones_like(photo), 1.0), 1, atol=1e-6)


@pytest.mark.parametrize("name", ADJUSTMENTS)
def test_bands_do_not_show(name: str, monkeypatch: pytest.MonkeyPatch) -> None:
    photo = np.random.default_rng(7).random((90, 40, 3), dtype=np.float32)
    whole = OPERATORS[name](photo, 0.8, long_edge=300)
    monkeypatch.setattr(full_size, "BAND_PIXELS", 400)
    np.testing.assert_allclose(OPERATORS[name](photo, 0.8, long_edge=300), whole, atol=2e-5)
