"""Brush strokes as weights, at any size."""

from __future__ import annotations

from dataclasses import replace

import cv2
import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from editor.engine.mask_parts import (
    GreyPicture,
    How,
    LinearGradient,
    Mask,
    MaskPart,
    RadialGradient,
    Stroke,
)
from editor.engine.masks import rasterise
from editor.engine.strokes import fit_surface

Points = tuple[tuple[float, float, float], ...]


def _weights(*strokes: Stroke, size: tuple[int, int] = (120, 200)) -> np.ndarray:
    return rasterise(Mask.painted(strokes), np.zeros((*size, 3), np.uint8))


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
        rasterise(Mask.of(GreyPicture(b"not a picture")), photo)


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
    plain = rasterise(Mask.painted((replace(stroke, stays=False),)), photo)
    aware = rasterise(Mask.painted((stroke,)), photo)
    outside = ~cv2.dilate(disc.astype(np.uint8), np.ones((7, 7))).astype(bool)
    inside = cv2.erode(disc.astype(np.uint8), np.ones((7, 7))).astype(bool)
    inside &= plain > 0.95 * strength
    assert plain[outside].max() > 0.9 * strength
    assert aware[outside].max() < 0.1 * strength
    assert aware[inside].mean() > 0.85 * strength
    assert (aware <= plain + 1e-6).all(), "paint where nothing was brushed"
    as_float = rasterise(Mask.painted((stroke,)), photo.astype(np.float32) / 255)
    assert np.abs(as_float - aware).max() < 0.05


def test_each_stroke_stays_on_a_surface_of_its_own() -> None:
    photo, _ = _face_on_a_wall()
    face = rasterise(Mask.painted((ON_THE_FACE,)), photo)
    both = rasterise(Mask.painted((ON_THE_FACE, ON_THE_WALL)), photo)
    wall = rasterise(Mask.painted((replace(ON_THE_WALL, stays=False),)), photo)
    assert both[:, 160:].max() > 0.9
    assert np.abs(both - face)[wall == 0].max() < 1e-6
    assert (both >= face - 1e-6).all()


def test_erasing_takes_away_only_where_it_brushes() -> None:
    photo, _ = _face_on_a_wall()
    face = rasterise(Mask.painted((ON_THE_FACE,)), photo)
    rubber = Stroke(((0.45, 0.3, 1.0),), 0.04, 0.0, erase=True, stays=True)
    erased = rasterise(Mask.painted((ON_THE_FACE, rubber)), photo)
    brushed = rasterise(Mask.painted((replace(rubber, erase=False, stays=False),)), photo) > 0
    assert np.abs(erased - face)[~brushed].max() < 1e-6
    assert erased[60, 90] == 0


def test_a_surface_is_the_same_in_copies_of_any_size() -> None:
    photo, _ = _face_on_a_wall()
    large = cv2.resize(photo, (2000, 1200), interpolation=cv2.INTER_CUBIC)
    small, found = (fit_surface(ON_THE_FACE, p) for p in (photo, large))
    assert small is not None
    assert found is not None
    assert np.abs(np.subtract(small.centre, found.centre)).max() < 3
    fixed = Mask.painted((replace(ON_THE_FACE, surface=found),))
    difference = cv2.resize(rasterise(fixed, large), (200, 120)) - rasterise(fixed, photo)
    assert np.abs(difference).mean() < 0.02


def test_a_stroke_beside_the_photo_has_no_surface() -> None:
    photo, _ = _face_on_a_wall()
    beside = replace(ON_THE_FACE, points=((-0.5, -0.5, 1.0),))
    assert fit_surface(beside, photo) is None
    assert not rasterise(Mask.painted((beside,)), photo).any()


def test_a_linear_gradient_fades_between_its_ends() -> None:
    got = rasterise(Mask.of(LinearGradient((0.5, 0.25), (0.5, 0.75))), np.zeros((200, 100, 3)))
    assert (got[:50] == 1).all()
    assert (got[150:] == 0).all()
    np.testing.assert_allclose(got[99:101, 0], 0.5, atol=0.01)
    assert (np.diff(got[:, 0]) <= 0).all()
    assert (got == got[:, :1]).all(), "the same all along"


def test_a_slanted_gradient_is_slanted_in_the_picture_and_not_in_its_shares() -> None:
    """Whatever the picture's proportions, it fades at right angles to the way between the ends."""
    got = rasterise(Mask.of(LinearGradient((0.25, 0.25), (0.75, 0.75))), np.zeros((100, 300, 3)))
    y, x = np.mgrid[:100, :300] + 0.5
    along = ((x - 75) * 150 + (y - 25) * 50) / (150**2 + 50**2)
    ramp = np.clip(1 - along, 0, 1)
    np.testing.assert_allclose(got, ramp**2 * (3 - 2 * ramp), atol=1e-5)


def test_a_gradient_of_no_length_is_a_step() -> None:
    got = rasterise(Mask.of(LinearGradient((0.5, 0.5), (0.5, 0.5))), np.zeros((100, 50, 3)))
    assert (got[:49] == 1).all()
    assert (got[51:] == 0).all()


@pytest.mark.parametrize("feather", [0.0, 0.4, 1.0])
@pytest.mark.parametrize("angle", [0.0, 30.0, -90.0])
def test_a_radial_gradient_is_an_ellipse(feather: float, angle: float) -> None:
    shape = RadialGradient((0.4, 0.5), (0.25, 0.3), angle, feather)
    got = rasterise(Mask.of(shape), np.zeros((150, 200, 3)))
    y, x = np.mgrid[:150, :200] + 0.5
    turned = ((x - 80) + 1j * (y - 75)) * np.exp(-1j * np.deg2rad(angle))
    distance = np.hypot(turned.real / 50, turned.imag / 45)
    ramp = np.clip((1 - distance) / max(feather, 1 / 45), 0, 1)
    np.testing.assert_allclose(got, ramp**2 * (3 - 2 * ramp), atol=1e-4)


def test_gradients_mean_the_same_at_every_size() -> None:
    for shape in (LinearGradient((0.2, 0.1), (0.6, 0.8)), RadialGradient(angle=20)):
        small = rasterise(Mask.of(shape), np.zeros((120, 200, 3)))
        large = rasterise(Mask.of(shape), np.zeros((480, 800, 3)))
        reduced = cv2.resize(large, (200, 120), interpolation=cv2.INTER_AREA)
        np.testing.assert_allclose(small, reduced, atol=2e-3)


def test_parts_add_up_take_away_and_keep_to_each_other() -> None:
    photo = np.zeros((40, 40, 3), np.uint8)
    a, b = LinearGradient((0.5, 0.2), (0.5, 0.8)), RadialGradient()
    one, two = (rasterise(Mask.of(shape), photo) for shape in (a, b))
    expected = {How.ADD: one + two - one * two, How.SUBTRACT: one * (1 - two)}
    expected[How.INTERSECT] = one * two
    for how, weights in expected.items():
        got = rasterise(Mask.of(a, MaskPart(b, how)), photo)
        np.testing.assert_allclose(got, weights, atol=1e-6)
        inverted = rasterise(Mask.of(a, MaskPart(b, how), inverted=True), photo)
        np.testing.assert_allclose(inverted, 1 - weights, atol=1e-6)
    outside = rasterise(Mask.of(MaskPart(b, inverted=True, opacity=0.5)), photo)
    np.testing.assert_allclose(outside, (1 - two) / 2, atol=1e-6)
    hole = rasterise(Mask.of(MaskPart(b, How.SUBTRACT)), photo)
    np.testing.assert_allclose(hole, 1 - two, atol=1e-6)


@settings(max_examples=60, deadline=None)
@given(
    numbers=st.lists(st.floats(-2, 3), min_size=4, max_size=4),
    radii=st.tuples(st.floats(0.001, 3), st.floats(0.001, 3)),
    feather=st.floats(0, 1),
    size=st.tuples(st.integers(1, 50), st.integers(1, 50)),
)
def test_any_gradient_on_any_canvas_gives_weights(
    numbers: list[float], radii: tuple[float, float], feather: float, size: tuple[int, int]
) -> None:
    x, y, to_x, to_y = numbers
    linear = LinearGradient((x, y), (to_x, to_y))
    radial = RadialGradient((x, y), radii, 90 * to_x, feather)
    got = rasterise(Mask.of(linear, MaskPart(radial, How.SUBTRACT)), np.zeros((*size, 3)))
    assert got.shape == size
    assert got.dtype == np.float32
    assert 0 <= got.min() <= got.max() <= 1 + 1e-6
