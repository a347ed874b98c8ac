"""The steps of the pencil drawing against plain forms, and what the drawing promises."""

from __future__ import annotations

import numpy as np
import pytest

from models.operators import colour_pencil
from models.operators.colour_pencil import (
    OPERATOR,
    draw,
    draw_texture,
    limit_histogram,
    line_kernel,
    line_strokes,
    pencil_texture,
    pencil_tones,
    tone_map,
)
from models.operators.colour_space import LUMA


@pytest.mark.parametrize("length", [1.0, 9.0, 17.3])
@pytest.mark.parametrize("angle", np.arange(8) * np.pi / 8)
def test_line_kernel_is_a_segment_of_that_direction(length: float, angle: float) -> None:
    kernel = line_kernel(length, angle).astype(float)
    assert kernel.sum() == pytest.approx(1)
    assert np.allclose(kernel, kernel[::-1, ::-1], atol=1e-7)
    if length > 5:
        y, x = np.indices(kernel.shape) - kernel.shape[0] // 2
        spread = np.array([[(kernel * x * x).sum(), (kernel * x * y).sum()], [0, 0]])
        spread[1] = spread[0, 1], (kernel * y * y).sum()
        direction = np.linalg.eigh(spread)[1][:, -1]
        assert abs(direction @ (np.cos(angle), np.sin(angle))) > 0.998


def test_strokes_are_drawn_along_edges_and_run_past_corners() -> None:
    luma = np.full((120, 120), 0.9, np.float32)
    luma[40:80, 40:80] = 0.2
    strokes = line_strokes(luma, 1000)
    assert strokes.min() > 0
    assert strokes.max() <= 1
    assert strokes[60, 39:41].max() < 0.75, "dark on the edge"
    assert strokes[60, 60] > 0.99, "paper inside"
    assert strokes[10, 10] > 0.999, "paper outside"
    assert strokes[34, 39:41].min() < 0.99, "the stroke runs on past the corner"
    assert np.allclose(strokes, strokes[::-1], atol=1e-4)


def test_constant_has_no_strokes() -> None:
    assert np.allclose(line_strokes(np.full((9, 14), 0.4, np.float32), 14), 1, atol=1e-6)


def test_tones_are_those_of_the_paper() -> None:
    tones = pencil_tones()
    assert tones.sum() == pytest.approx(1)
    assert tones[:50].sum() < 1e-4, "no black"
    assert tones[235:].sum() == pytest.approx(0.52 * (1 - np.exp(-21 / 9)), rel=0.01)
    assert tones[105:226].sum() > 0.37


def test_even_tones_are_matched_to_the_pencils(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(colour_pencil, "TONE_SHARE", 1.0)
    luma = np.repeat(np.arange(256, dtype=np.float32) / 255, 16).reshape(64, 64)
    cumulated = np.cumsum(
        np.bincount(np.rint(tone_map(luma) * 255).astype(int).ravel(), minlength=256)
    )
    assert np.abs(cumulated / luma.size - np.cumsum(pencil_tones())).max() < 0.03


def test_tone_map_is_monotone_and_does_not_stretch_noise() -> None:
    rng = np.random.default_rng(4)
    night = np.clip(rng.normal(0.05, 0.005, (60, 60)), 0, 1).astype(np.float32)
    tone = tone_map(night)
    order = np.argsort(night.ravel())
    assert np.diff(tone.ravel()[order]).min() >= 0
    assert tone.std() < 5 * night.std()


def test_limited_histogram_keeps_its_sum() -> None:
    histogram = np.zeros(256)
    histogram[10], histogram[200] = 0.9, 0.1
    limited = limit_histogram(histogram, 3 / 256)
    assert limited.sum() == pytest.approx(1)
    assert limited.max() <= 4 / 256


def test_texture_depends_on_position_alone() -> None:
    whole = pencil_texture(90, 130, 1000)
    assert np.array_equal(whole, pencil_texture(90, 130, 1000))
    assert np.allclose(whole[:33, :50], pencil_texture(33, 50, 1000), atol=1e-4)
    assert whole.min() > 0
    assert whole.max() < 1


def test_texture_is_even_and_has_no_period() -> None:
    texture = np.log(pencil_texture(256, 256, 1000))
    assert texture.std() > 0.05
    blocks = texture.reshape(4, 64, 4, 64).mean(axis=(1, 3))
    assert np.ptp(blocks) < 0.1 * texture.std()
    spectrum = np.abs(np.fft.rfft2(texture - texture.mean())) ** 2
    lagged = np.fft.irfft2(spectrum)
    lagged /= lagged[0, 0]
    lagged[:24, :24] = lagged[-24:, :24] = lagged[:24, -24:] = lagged[-24:, -24:] = 0
    assert np.abs(lagged).max() < 0.1


def test_texture_exponent_is_the_windowed_least_squares_solution() -> None:
    rng = np.random.default_rng(6)
    tone = rng.uniform(0.3, 1, (41, 43)).astype(np.float32)
    texture, sigma = pencil_texture(41, 43, 1000), 2.0
    drawn = draw_texture(tone, texture, sigma)
    y, x = np.mgrid[:41, :43]
    for centre in ((20, 20), (22, 17)):
        weight = np.exp(-((y - centre[0]) ** 2 + (x - centre[1]) ** 2) / (2 * sigma**2))
        root = np.sqrt(weight).ravel()
        a, b = np.log(texture.astype(float)).ravel(), np.log(tone.astype(float)).ravel()
        beta = np.linalg.lstsq((root * a)[:, None], root * b, rcond=None)[0][0]
        assert drawn[centre] == pytest.approx(texture[centre] ** beta, abs=2e-3)


@pytest.mark.parametrize("value", [0.3, 0.6, 0.9])
def test_texture_reaches_the_tone_on_the_whole(value: float) -> None:
    tone = np.full((100, 100), value, np.float32)
    drawn = draw_texture(tone, pencil_texture(100, 100, 1000), 1.6)
    assert drawn.mean() == pytest.approx(value, abs=0.05)
    assert drawn.std() > 0.01


def test_white_paper_stays_white_and_greys_grey() -> None:
    white = np.ones((30, 40, 3), np.float32)
    assert OPERATOR(white).min() > 0.95
    grey = np.repeat(np.random.default_rng(8).random((30, 40, 1), dtype=np.float32), 3, axis=2)
    assert np.ptp(draw(grey, 40), axis=2).max() < 1e-5


def test_colours_keep_their_hue() -> None:
    photo = np.random.default_rng(9).random((60, 80, 3), dtype=np.float32)
    look = draw(photo, 80)
    assert look.min() > -1e-5
    assert look.max() < 1 + 1e-5
    before = photo - (photo @ LUMA)[..., None]
    after = look - (look @ LUMA)[..., None]
    cosine = (before * after).sum(2) / np.maximum(
        np.linalg.norm(before, axis=2) * np.linalg.norm(after, axis=2), 1e-9
    )
    visible = np.linalg.norm(after, axis=2) > 1e-3
    assert visible.mean() > 0.5
    assert cosine[visible].min() > 0.999


@pytest.mark.parametrize("size", [(1, 1), (1, 7), (17, 3), (40, 56)])
def test_strength_blends_linearly(size: tuple[int, int]) -> None:
    photo = np.random.default_rng(1).random((*size, 3), dtype=np.float32)
    full = OPERATOR.render(photo, 1.0, max(size))
    assert np.array_equal(OPERATOR(photo, 0.0), photo)
    blended = OPERATOR.render(photo, 0.3, max(size))
    assert np.allclose(blended, photo + 0.3 * (full - photo), atol=1e-6)
