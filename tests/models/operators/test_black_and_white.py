"""Black and white against a plain form in float64, and what it promises."""

from __future__ import annotations

import numpy as np
import pytest

from models.operators import black_and_white as bw
from models.operators import full_size
from models.operators.black_and_white import OPERATOR, paper_curve, print_black_and_white


def decode(value: np.ndarray) -> np.ndarray:
    return np.where(value <= 0.04045, value / 12.92, ((value + 0.055) / 1.055) ** 2.4)


def encode(light: np.ndarray) -> np.ndarray:
    return np.where(light <= 0.0031308, light * 12.92, 1.055 * light ** (1 / 2.4) - 0.055)


def box_mean(values: np.ndarray, radius: int) -> np.ndarray:
    padded = np.pad(values, radius, "symmetric")
    side = 2 * radius + 1
    return np.lib.stride_tricks.sliding_window_view(padded, (side, side)).mean((2, 3))


def plain_print(photo: np.ndarray, radius: int) -> np.ndarray:
    tone = encode(decode(photo.astype(np.float64)) @ bw.MIX.astype(np.float64))
    mean = box_mean(tone, radius)
    variance = box_mean(tone**2, radius) - mean**2
    a = variance / (variance + bw.BASE_EPSILON)
    base = box_mean(a, radius) * tone + box_mean((1 - a) * mean, radius)
    tone = np.clip(tone + bw.LOCAL_CONTRAST * (tone - base), 0, 1)

    def logistic(x: np.ndarray | float) -> np.ndarray:
        return 1 / (1 + np.exp(-4 * bw.CONTRAST * (x - bw.PIVOT)))

    share = (logistic(tone) - logistic(0.0)) / (logistic(1.0) - logistic(0.0))
    return bw.PAPER_BLACK + (bw.PAPER_WHITE - bw.PAPER_BLACK) * share


def test_equals_plain_form(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(full_size, "BAND_PIXELS", 200)
    photo = np.random.default_rng(0).random((41, 30, 3), dtype=np.float32)
    photo[:20] *= 0.3
    expected = plain_print(photo, round(bw.BASE_RADIUS * 300))
    look = print_black_and_white(photo, 300)
    np.testing.assert_allclose(look[..., 0], expected, atol=1e-5)


def test_neutral_at_full_strength_and_a_blend_below() -> None:
    photo = np.random.default_rng(1).random((24, 36, 3), dtype=np.float32)
    full = OPERATOR(photo, 1.0)
    assert np.array_equal(full[..., 0], full[..., 1])
    assert np.array_equal(full[..., 0], full[..., 2])
    np.testing.assert_allclose(OPERATOR(photo, 0.3), 0.7 * photo + 0.3 * full, atol=1e-6)


def test_paper_curve_is_a_strict_s_from_paper_black_to_paper_white() -> None:
    tone = np.linspace(0, 1, 1001, dtype=np.float32)
    printed = paper_curve(tone).astype(np.float64)
    slope = np.diff(printed) * 1000
    assert slope.min() > 0.2
    assert printed[0] == pytest.approx(bw.PAPER_BLACK, abs=1e-6)
    assert printed[-1] == pytest.approx(bw.PAPER_WHITE, abs=1e-6)
    # Toe and shoulder are softer than the middle, which is steeper than the photo.
    assert slope[:50].max() < 0.7 < 1.2 < slope[480:520].min()
    assert slope[-50:].max() < 0.7


def test_sky_is_darker_and_skin_lighter_than_a_grey_of_their_luminance() -> None:
    def printed(colour: tuple[float, float, float]) -> float:
        return float(OPERATOR(np.full((8, 8, 3), colour, np.float32), 1.0)[0, 0, 0])

    def grey(colour: tuple[float, float, float]) -> tuple[float, float, float]:
        value = float(encode(decode(np.array(colour)) @ [0.2126, 0.7152, 0.0722]))
        return value, value, value

    sky, skin = (0.30, 0.52, 0.85), (0.86, 0.66, 0.56)
    assert printed(sky) < printed(grey(sky)) - 0.03
    assert printed(skin) > printed(grey(skin)) + 0.03


def test_texture_gains_contrast_but_an_edge_has_no_halo() -> None:
    x = np.arange(240)
    texture = 0.5 + 0.03 * np.sign(np.sin(x * 2 * np.pi / 8))
    flat = np.full((60, 240, 3), 0.5, np.float32)
    photo = np.repeat(np.repeat(texture[None, :, None], 60, 0), 3, 2).astype(np.float32)
    assert np.ptp(OPERATOR(photo)[30, 60:180, 0]) > 1.5 * np.ptp(photo[30, 60:180, 0])
    flat[:, 120:] = 0.8
    flat[:, :120] = 0.2
    look = OPERATOR(flat)[30, :, 0]
    # Overshoot: how far tones by the edge are from those far away from it.
    assert np.abs(look[120:] - look[-1]).max() < 0.04
    assert np.abs(look[:120] - look[0]).max() < 0.04


def test_large_and_small_copies_of_a_picture_get_the_same_print() -> None:
    small = np.random.default_rng(2).random((30, 48, 3), dtype=np.float32)
    large = np.repeat(np.repeat(small, 48, 0), 48, 1)
    look = OPERATOR(large)
    middles = look[24::48, 24::48]
    medium = OPERATOR(np.repeat(np.repeat(small, 24, 0), 24, 1))[12::24, 12::24]
    np.testing.assert_allclose(middles, medium, atol=2e-3)
