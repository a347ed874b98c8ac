"""Zooming and panning keep what the user points at, and never lose the picture."""

from __future__ import annotations

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from editor.ui.canvas.viewport import MAX_SCALE, ZOOM_STEPS, View

sizes = st.tuples(st.integers(1, 9000), st.integers(1, 9000))
spaces = st.tuples(st.integers(50, 4000), st.integers(50, 4000))
untimed = settings(deadline=None, suppress_health_check=[HealthCheck.too_slow])


@untimed
@given(sizes, spaces)
def test_fit_shows_the_whole_picture_and_never_enlarges(size, space):
    view = View(size, space, margin=18).fit()
    assert view.scale <= 1
    left, top = view.to_viewport(0, 0)
    right, bottom = view.to_viewport(*size)
    assert left >= -0.5
    assert top >= -0.5
    assert right <= space[0] + 0.5 + 1e-6
    assert bottom <= space[1] + 0.5 + 1e-6


@untimed
@given(sizes, spaces, st.floats(0, 1), st.floats(0, 1))
def test_viewport_and_picture_are_inverse(size, space, across, down):
    view = View(size, space).fit().zoomed(2.5)
    x, y = across * size[0], down * size[1]
    assert view.to_picture(*view.to_viewport(x, y)) == pytest.approx((x, y), abs=1e-6)


def test_zoom_keeps_the_point_under_the_cursor():
    view = View((6000, 4000), (1000, 700)).fit().zoomed(0.5)
    at = (300.0, 200.0)
    before = view.to_picture(*at)
    for scale in (1.0, 4.0, 2.0):
        view = view.zoomed(scale, at)
        # Within half a pixel of the screen: the picture lies on whole ones.
        assert view.to_picture(*at) == pytest.approx(before, abs=0.75 / scale + 0.75)


@untimed
@given(sizes, spaces, st.lists(st.sampled_from(["in", "out", "pan", "fit"]), max_size=20))
def test_no_gap_that_the_picture_could_fill(size, space, moves):
    view = View(size, space).fit()
    for move in moves:
        if move == "pan":
            view = view.panned(777, -555)
        elif move == "fit":
            view = view.fit()
        else:
            view = view.stepped(1 if move == "in" else -1, (3.0, space[1] - 3.0))
        assert view.min_scale - 1e-9 <= view.scale <= MAX_SCALE
        for start, extent, length in zip(view.to_viewport(0, 0), size, space, strict=True):
            shown = extent * view.scale
            if shown >= length:
                assert start <= 0.5
                assert start + shown >= length - 0.5 - 1e-6
            else:
                assert start == pytest.approx((length - shown) / 2, abs=0.5 + 1e-6)


def test_steps_go_through_100_percent_and_back():
    view = View((4000, 3000), (800, 600)).fit()
    seen = []
    while view.scale < MAX_SCALE:
        view = view.stepped(1)
        seen.append(view.scale)
    assert 1.0 in seen
    assert seen == [s for s in ZOOM_STEPS if s > 0.2]


def test_a_fitted_picture_follows_the_window():
    view = View((4000, 3000), (800, 600)).fit().resized((400, 600))
    assert view.fitted
    assert view.scale == pytest.approx(0.1)
    assert not view.zoomed(1).resized((500, 500)).fitted
