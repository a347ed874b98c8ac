"""Brush strokes as weights, at any size."""

from __future__ import annotations

from dataclasses import replace

import cv2
import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from editor.engine.edits import Mask, Stroke
from editor.engine.masks import fit_surface, rasterise

Points = tuple[tuple[float, float, float], ...]


def _weights(*strokes: Stroke, size: tuple[int, int] = (120, 200)) -> np.ndarray:
    return rasterise(Mask(strokes=strokes), np.zeros((*size, 3), np.uint8))


def _distance_to_line(points: Points, size: tuple[int, int]) -> np.ndarray:
    """Distance in pixels of each pixel's middle to the polyline, segment by segment."""
    edge = max(size)
    y, x = np.mgrid[: size[0], : size[1]] + 0.5
    best = np.full(size, np.inf)
    ends = [(px * edge, py * edge) for px, py, _ in points]
    for (ax, ay), (bx, by) in zip(ends, ends[1:] or ends, strict=False):
        length = (bx - ax) ** 2 + (by - ay) ** 2
        t = np.clip(((x - ax) * (bx - ax) + (y - ay) * (by - ay)) / (length or 1), 0, 1)
        best = np.minimum(best, np.hypot(x - ax - t * (bx - ax), y - ay - t * (by - ay)))
    return best


LINE: Points = ((0.2, 0.3, 1.0), (0.5, 0.15, 1.0), (0.8, 0.45, 1.0))


@pytest.mark.parametrize("softness", [0.0, 0.3, 1.0])
@pytest.mark.parametrize("brush", [0.05, 0.2, 0.9])
def test_the_profile_follows_the_distance_to_the_line(softness: float, brush: float) -> None:
    size = (120, 200)
    got = _weights(Stroke(LINE, brush, softness), size=size)
    radius = brush * 200 / 2
    ramp = np.clip((radius - _distance_to_line(LINE, size)) / max(softness * radius, 1), 0, 1)
    expected = ramp**2 * (3 - 2 * ramp)
    # The line lies on whole pixels: up to a pixel off, on a slope of 1.5 / soft width.
    assert np.abs(got - expected).max() <= min(1.0, 1.5 * 1.1 / max(softness * radius, 1) + 0.02)
    assert np.abs(got - expected).mean() < 0.02
    assert got.min() >= 0
    assert got.max() <= 1


@pytest.mark.parametrize(
    "points", [LINE, ((0.4, 0.3, 1.0),), ((0.0, 0.0, 1.0), (1.0, 0.6, 1.0)), ((-0.1, 0.3, 1.0),)]
)
@pytest.mark.parametrize("softness", [0.0, 0.5, 1.0])
@pytest.mark.parametrize("brush", [0.02, 0.1, 0.6])
def test_a_mask_means_the_same_at_every_size(points: Points, softness: float, brush: float) -> None:
    stroke = Stroke(points, brush, softness, 0.8)
    small = _weights(stroke, size=(120, 200))
    large = cv2.resize(_weights(stroke, size=(480, 800)), (200, 120), interpolation=cv2.INTER_AREA)
    assert np.abs(small - large).mean() < 0.01
    nearby = cv2.blur(np.abs(small - large), (5, 5))
    assert nearby.max() < 0.25, "no more than a pixel's edge"
    assert small.sum() == pytest.approx(large.sum(), rel=0.2, abs=8)


def test_a_single_click_is_a_disc() -> None:
    got = _weights(Stroke(((0.5, 0.3, 1.0),), size=0.2, softness=0.0))
    assert got.sum() == pytest.approx(np.pi * 20**2, rel=0.1)
    y, x = np.nonzero(got > 0.5)
    assert (x.mean() + 0.5, y.mean() + 0.5) == pytest.approx((100, 60), abs=0.6)
    assert np.ptp(x) == pytest.approx(39, abs=2) == pytest.approx(np.ptp(y), abs=2)


def test_a_stroke_does_not_pile_up_on_itself_but_strokes_do() -> None:
    back_and_forth = ((0.2, 0.3, 1.0), (0.8, 0.3, 1.0)) * 5
    once = _weights(Stroke(back_and_forth, 0.1, 0.0, strength=0.5))
    assert once.max() == pytest.approx(0.5, abs=1e-5)
    stroke = Stroke(((0.5, 0.3, 1.0),), 0.2, 0.0, strength=0.5)
    assert _weights(stroke, stroke).max() == pytest.approx(0.75, abs=1e-5)
    assert _weights(*[stroke] * 20).max() <= 1


def test_erasing_takes_away_in_order() -> None:
    add = Stroke(((0.5, 0.3, 1.0),), 0.4, 0.0)
    erase = Stroke(((0.5, 0.3, 1.0),), 0.2, 0.0, erase=True)
    got = _weights(add, erase)
    assert got[60, 100] == 0
    assert got[60, 130] == pytest.approx(1)
    assert _weights(erase, add)[60, 100] == pytest.approx(1)
    half = Stroke(((0.5, 0.3, 1.0),), 0.2, 0.0, strength=0.5, erase=True)
    assert _weights(add, half)[60, 100] == pytest.approx(0.5, abs=1e-4)


def test_pressure_scales_the_strength() -> None:
    light = _weights(Stroke(((0.5, 0.3, 0.4),), 0.2, 0.0, strength=0.5))
    assert light.max() == pytest.approx(0.2, abs=1e-5)


@settings(max_examples=60, deadline=None)
@given(
    points=st.lists(st.tuples(st.floats(-2, 3), st.floats(-2, 3), st.floats(0, 1)), max_size=4).map(
        tuple
    ),
    brush=st.floats(0, 1),
    softness=st.floats(0, 1),
    erase=st.booleans(),
    size=st.tuples(st.integers(1, 50), st.integers(1, 50)),
)
def test_any_stroke_on_any_canvas_gives_weights(
    points: Points, brush: float, softness: float, erase: bool, size: tuple[int, int]
) -> None:
    stroke = Stroke(points, brush, softness, erase=erase)
    got = _weights(Stroke(((0.5, 0.5, 1.0),), 0.3), stroke, size=size)
    assert got.shape == size
    assert got.dtype == np.float32
    assert got.min() >= 0
    assert got.max() <= 1 + 1e-6


def test_strokes_beside_the_canvas_paint_nothing_and_across_it_do() -> None:
    assert not _weights(Stroke(((-0.5, -0.5, 1.0), (-0.4, 0.9, 1.0)), 0.1)).any()
    assert not _weights(Stroke(())).any()
    across = _weights(Stroke(((-0.5, 0.3, 1.0), (1.5, 0.3, 1.0)), 0.1, 0.0))
    assert across[60].min() == pytest.approx(1)


def test_a_picture_as_a_mask_is_stretched() -> None:
    grey = np.zeros((10, 20), np.uint8)
    grey[:, 10:] = 255
    photo = np.zeros((50, 60, 3), np.uint8)
    got = rasterise(Mask.from_picture(grey), photo)
    assert got[:, :27].max() == 0
    assert got[:, 33:].min() == 1
    with pytest.raises(ValueError, match="readable"):
        rasterise(Mask(png=b"not a picture"), photo)


def _face_on_a_wall() -> tuple[np.ndarray, np.ndarray]:
    """A skin-coloured disc on green, and where the disc is."""
    photo = np.full((120, 200, 3), (60, 120, 50), np.uint8)
    disc = cv2.circle(np.zeros((120, 200), np.uint8), (90, 60), 40, (1,), -1).astype(bool)
    photo[disc] = (220, 170, 150)
    shade = np.random.default_rng(0).normal(0, 4, photo.shape)
    return np.clip(photo + shade, 0, 255).astype(np.uint8), disc


ON_THE_FACE = Stroke(((0.35, 0.3, 1.0), (0.62, 0.3, 1.0)), 0.25, 0.2, stays=True)
ON_THE_WALL = Stroke(((0.8, 0.1, 1.0), (0.9, 0.5, 1.0)), 0.2, 0.2, stays=True)


@pytest.mark.parametrize("strength", [1.0, 0.3])
def test_strokes_stay_on_the_surface(strength: float) -> None:
    """The brush slips over the rim."""
    photo, disc = _face_on_a_wall()
    stroke = replace(ON_THE_FACE, strength=strength)
    plain = rasterise(Mask((replace(stroke, stays=False),)), photo)
    aware = rasterise(Mask((stroke,)), photo)
    outside = ~cv2.dilate(disc.astype(np.uint8), np.ones((7, 7))).astype(bool)
    inside = cv2.erode(disc.astype(np.uint8), np.ones((7, 7))).astype(bool)
    inside &= plain > 0.95 * strength
    assert plain[outside].max() > 0.9 * strength
    assert aware[outside].max() < 0.1 * strength
    assert aware[inside].mean() > 0.85 * strength
    assert (aware <= plain + 1e-6).all(), "paint where nothing was brushed"
    as_float = rasterise(Mask((stroke,)), photo.astype(np.float32) / 255)
    assert np.abs(as_float - aware).max() < 0.05


def test_each_stroke_stays_on_a_surface_of_its_own() -> None:
    photo, _ = _face_on_a_wall()
    face = rasterise(Mask((ON_THE_FACE,)), photo)
    both = rasterise(Mask((ON_THE_FACE, ON_THE_WALL)), photo)
    wall = rasterise(Mask((replace(ON_THE_WALL, stays=False),)), photo)
    assert both[:, 160:].max() > 0.9
    assert np.abs(both - face)[wall == 0].max() < 1e-6
    assert (both >= face - 1e-6).all()


def test_erasing_takes_away_only_where_it_brushes() -> None:
    photo, _ = _face_on_a_wall()
    face = rasterise(Mask((ON_THE_FACE,)), photo)
    rubber = Stroke(((0.45, 0.3, 1.0),), 0.04, 0.0, erase=True, stays=True)
    erased = rasterise(Mask((ON_THE_FACE, rubber)), photo)
    brushed = rasterise(Mask((replace(rubber, erase=False, stays=False),)), photo) > 0
    assert np.abs(erased - face)[~brushed].max() < 1e-6
    assert erased[60, 90] == 0


def test_a_surface_is_the_same_in_copies_of_any_size() -> None:
    photo, _ = _face_on_a_wall()
    large = cv2.resize(photo, (2000, 1200), interpolation=cv2.INTER_CUBIC)
    small, found = (fit_surface(ON_THE_FACE, p) for p in (photo, large))
    assert small is not None
    assert found is not None
    assert np.abs(np.subtract(small.centre, found.centre)).max() < 3
    fixed = Mask((replace(ON_THE_FACE, surface=found),))
    difference = cv2.resize(rasterise(fixed, large), (200, 120)) - rasterise(fixed, photo)
    assert np.abs(difference).mean() < 0.02


def test_a_stroke_beside_the_photo_has_no_surface() -> None:
    photo, _ = _face_on_a_wall()
    beside = replace(ON_THE_FACE, points=((-0.5, -0.5, 1.0),))
    assert fit_surface(beside, photo) is None
    assert not rasterise(Mask((beside,)), photo).any()
