"""Frames: steps come together in one, pixels are exact where they can be, no corner is empty."""

from __future__ import annotations

import math

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from models.geometry.frame import Frame
from models.geometry.steps import STEPS, WHOLE, frame_of, pose_of, ratio_of

RNG = np.random.default_rng(3)
PHOTO = RNG.integers(0, 256, (31, 46, 3), np.uint8)
FRAME = Frame.of(46, 31)

Step = tuple[str, float, tuple[tuple[str, object], ...]]


@st.composite
def steps(draw: st.DrawFn) -> list[Step]:
    shares = st.floats(0, 0.5)
    found: list[Step] = []
    for kind in draw(st.lists(st.sampled_from(list(STEPS)), max_size=4)):
        if kind == "turn":
            found.append((kind, 90.0 * draw(st.integers(-3, 3)), ()))
        elif kind == "mirror":
            found.append((kind, 1, (("direction", draw(st.sampled_from(["vertical"]))),)))
        elif kind == "straighten":
            found.append((kind, draw(st.floats(-45, 45)), ()))
        else:
            x, y = draw(shares), draw(shares)
            part = (x, y, draw(st.floats(0.3, 1 - x)), draw(st.floats(0.3, 1 - y)))
            found.append((kind, 1, (("rectangle", part),)))
    return found


def test_quarters_and_mirrors_move_pixels() -> None:
    for quarters in range(4):
        expected = np.rot90(PHOTO, -quarters)
        turned = FRAME.turned(quarters)
        assert np.array_equal(turned.picture(PHOTO), expected)
        assert turned.pixel_size == (expected.shape[1], expected.shape[0])
        assert np.array_equal(turned.mirrored().picture(PHOTO), expected[:, ::-1])
        assert np.array_equal(turned.mirrored(upside_down=True).picture(PHOTO), expected[::-1])
    mirrored = FRAME.mirrored().turned(1)
    assert np.array_equal(mirrored.picture(PHOTO), np.rot90(PHOTO[:, ::-1], -1))


def test_a_crop_is_a_part_of_the_photo_in_whole_pixels() -> None:
    part = FRAME.cropped(0.25, 0.1, 0.5, 0.6)
    assert np.array_equal(part.picture(PHOTO), PHOTO[3:22, 12:34])
    turned = FRAME.turned(1).cropped(0.25, 0.1, 0.5, 0.6)
    expected = np.rot90(PHOTO, -1)
    assert np.array_equal(turned.picture(PHOTO), expected[5:32, 8:23])
    again = part.cropped(0.5, 0, 0.5, 1)
    assert np.array_equal(again.picture(PHOTO), PHOTO[3:22, 23:34])


def test_straightening_turns_clockwise() -> None:
    photo = np.zeros((201, 201), np.uint8)
    photo[20:24, 99:103] = 255
    turned = Frame.of(201, 201).rotated(30).picture(photo, outside=0)
    y, x = (float(np.mean(axis)) for axis in np.nonzero(turned > 100))
    assert x == pytest.approx(100.5 + 78.5 * math.sin(math.radians(30)), abs=1)
    assert y == pytest.approx(100.5 - 78.5 * math.cos(math.radians(30)), abs=1)


@pytest.mark.parametrize("size", [(300, 200), (200, 300), (200, 200), (900, 90)])
@pytest.mark.parametrize("degrees", [-45, -7.5, 0.3, 12, 45])
def test_straightening_leaves_no_empty_corner_and_keeps_the_shape(
    size: tuple[int, int], degrees: float
) -> None:
    frame = Frame.of(*size).straightened(degrees)
    assert frame.size[0] / frame.size[1] == pytest.approx(size[0] / size[1])
    white = np.full((size[1], size[0]), 255, np.uint8)
    assert frame.picture(white, outside=0)[5:-5, 5:-5].min() >= 250  # what the filter reaches
    # As large as it can be: one corner is at the border.
    gaps = [min(x, y, size[0] - x, size[1] - y) for x, y in frame.corners]
    assert min(gaps) == pytest.approx(0, abs=1e-6)


def test_straightening_there_and_back_is_the_middle_of_the_photo() -> None:
    y, x = np.mgrid[0:200, 0:300]
    photo = (127 + 60 * np.sin(x / 9) + 60 * np.sin(y / 11)).astype(np.uint8)
    there = Frame.of(300, 200).straightened(10).picture(photo)
    back = Frame.of(there.shape[1], there.shape[0]).straightened(-10).picture(there)
    top, left = (200 - back.shape[0]) / 2, (300 - back.shape[1]) / 2
    part = photo[round(top) : round(top) + len(back), round(left) : round(left) + back.shape[1]]
    assert np.abs(back.astype(int) - part)[3:-3, 3:-3].mean() < 6


def test_large_pictures_are_made_in_tiles_that_fit() -> None:
    photo = np.tile(np.arange(256, dtype=np.uint8), (40, 20))
    frame = Frame.of(5120, 40).straightened(0.1)
    made = frame.picture(photo)
    ends = [frame.to_photo(x + 0.5, made.shape[0] / 2) for x in (2047, 2048)]
    assert [made[made.shape[0] // 2, x] for x in (2047, 2048)] == pytest.approx(
        [x % 256 - 0.5 for x, _ in ends], abs=2
    )


@settings(max_examples=200, deadline=None)
@given(steps(), st.integers(64, 400), st.integers(64, 400))
def test_whatever_the_steps_all_of_it_is_in_the_photo(
    given_steps: list[Step], width: int, height: int
) -> None:
    frame = frame_of(given_steps, width, height)
    for x, y in frame.corners:
        assert -1e-6 <= x <= width + 1e-6
        assert -1e-6 <= y <= height + 1e-6
    for x, y in ((0, 0), (3, 7)):
        assert frame.from_photo(*frame.to_photo(x, y)) == pytest.approx((x, y), abs=1e-6)
    picture = frame.picture(np.zeros((height, width), np.uint8))
    assert (picture.shape[1], picture.shape[0]) == frame.pixel_size


@settings(max_examples=200, deadline=None)
@given(steps(), st.integers(64, 400), st.integers(64, 400))
def test_any_steps_are_one_of_each(given_steps: list[Step], width: int, height: int) -> None:
    frame = frame_of(given_steps, width, height)
    if min(frame.size) < 2:
        return
    pose = pose_of(frame)
    again = pose.before_crop(width, height).cropped(*pose.rectangle)
    for ours, theirs in zip(again.corners, frame.corners, strict=True):
        assert ours == pytest.approx(theirs, abs=2e-3)
    assert -45 <= pose.angle <= 45


def test_the_photo_as_it_is_has_no_steps() -> None:
    pose = pose_of(Frame.of(60, 40))
    assert (pose.turn, pose.mirrored, pose.angle, pose.rectangle) == (0, False, 0, WHOLE)
    assert Frame.of(60, 40).turned(3).turned(1).mirrored().mirrored().whole


@pytest.mark.parametrize(
    ("ratio", "expected"),
    [("1:1", (31, 31)), ("3:2", (46, 31)), ("16:9", (46, 26)), ("4:5", (25, 31))],
)
def test_a_ratio_takes_the_most_of_the_middle(ratio: str, expected: tuple[int, int]) -> None:
    frame = STEPS["crop"](FRAME, 1, (("rectangle", ratio),))
    width, height = frame.pixel_size
    assert abs(width - expected[0]) <= 1
    assert abs(height - expected[1]) <= 1
    middle = frame.to_photo(frame.size[0] / 2, frame.size[1] / 2)
    assert middle == pytest.approx((23, 15.5))


@pytest.mark.parametrize("text", ["", "16", "16:", "0:1", "1:0", "-3:2", "1:101", "a:b", "1e3:2"])
def test_what_is_no_ratio_is_refused(text: str) -> None:
    with pytest.raises(ValueError, match="not a ratio"):
        ratio_of(text)
