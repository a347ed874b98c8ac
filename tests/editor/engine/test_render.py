"""Edits on top of each other."""

from __future__ import annotations

import cv2
import numpy as np
import pytest

from editor.engine.edits import Edit
from editor.engine.mask_parts import Mask, Stroke
from editor.engine.masks import rasterise
from editor.engine.progress import Cancelled, part, stretched
from editor.engine.render import render
from editor.messages import Message, message
from models.operators.registry import OPERATORS
from tests.models.natural_pictures import natural


@pytest.fixture(scope="module")
def photo() -> np.ndarray:
    return natural(40, 60, seed=1)


def test_nothing_to_do_gives_the_photo_itself(photo: np.ndarray) -> None:
    assert render(photo, ()) is photo
    idle = [Edit("film", 0.0), Edit("exposure", 2.0, enabled=False), Edit("film", 1.0, opacity=0)]
    assert render(photo, idle) is photo


@pytest.mark.parametrize("name", sorted(OPERATORS))
def test_one_edit_is_the_operator(photo: np.ndarray, name: str) -> None:
    strength = 1.2 if name == "exposure" else 0.8
    kept = photo.copy()
    assert np.array_equal(render(photo, [Edit(name, strength)]), OPERATORS[name](photo, strength))
    assert np.array_equal(photo, kept)


def test_order_matters_and_switched_off_edits_are_passed_over(photo: np.ndarray) -> None:
    film, bright = Edit("film", 1.0), Edit("exposure", 1.5)
    there, back = render(photo, [film, bright]), render(photo, [bright, film])
    assert np.abs(there.astype(int) - back).max() > 8
    off = Edit("black-and-white", 1.0, enabled=False)
    assert np.array_equal(render(photo, [film, off, bright]), there)


def test_opacity_blends_with_what_was_there(photo: np.ndarray) -> None:
    full = render(photo, [Edit("black-and-white", 1.0)]).astype(float)
    part_of_it = render(photo, [Edit("black-and-white", 1.0, opacity=0.3)])
    assert np.abs(part_of_it - (0.7 * photo + 0.3 * full)).max() < 1.01


def test_a_mask_limits_the_edit_to_where_it_is_white(photo: np.ndarray) -> None:
    mask = Mask.painted((Stroke(((0.3, 0.3, 1.0),), 0.3, 0.5),))
    weights = rasterise(mask, photo)[..., None]
    full = render(photo, [Edit("exposure", -2.0)]).astype(float)
    got = render(photo, [Edit("exposure", -2.0, mask=mask)])
    assert np.array_equal(got[weights[..., 0] == 0], photo[weights[..., 0] == 0])
    assert np.abs(got - (photo + weights * (full - photo))).max() < 1.01
    half = render(photo, [Edit("exposure", -2.0, opacity=0.5, mask=mask)])
    assert np.abs(half - (photo + 0.5 * weights * (full - photo))).max() < 1.01


def test_strokes_keep_to_the_photo_and_not_to_the_look() -> None:
    """After an edit that levels all colours, the mask still finds the photo's own."""
    photo = np.full((60, 90, 3), (60, 120, 50), np.uint8)
    cv2.circle(photo, (45, 30), 18, (220, 170, 150), -1)
    mask = Mask.painted((Stroke(((0.5, 0.33, 1.0),), 0.53, 0.0, stays=True),))
    first = Edit("black-and-white", 1.0)
    before = render(photo, [first])
    after = render(photo, [first, Edit("exposure", 1.0, mask=mask)])
    changed = np.abs(after.astype(int) - before).max(axis=2)
    assert changed[30, 45] > 10
    assert changed[30, 24] <= 2, "under the brush, off the surface"


def test_between_edits_nothing_is_rounded_to_levels() -> None:
    """Three stops down and up again: rounding between would leave 1/8 of the levels."""
    ramp = np.repeat(np.arange(256, dtype=np.uint8)[None, :, None], 3, axis=2)
    dark = Edit("exposure", -3.0)
    back = Edit("exposure", 3.0)
    rounded = OPERATORS["exposure"](np.asarray(OPERATORS["exposure"](ramp, -3.0)), 3.0)
    kept = render(ramp, [dark, back])
    assert len(np.unique(kept[..., 0])) > 1.5 * len(np.unique(np.asarray(rounded)[..., 0]))


def test_progress_is_told_before_every_edit_and_may_cancel(photo: np.ndarray) -> None:
    told: list[tuple[float, Message]] = []
    edits = [Edit("film", 1.0), Edit("exposure", 0.0), Edit("black-and-white", 1.0)]
    render(photo, edits, progress=lambda share, what: told.append((share, what)))
    assert [share for share, _ in told] == [0, 0.5]
    assert OPERATORS["film"].name in str(told[0][1])
    assert OPERATORS["black-and-white"].name in str(told[1][1])

    def cancel(share: float, what: Message) -> None:
        raise Cancelled

    with pytest.raises(Cancelled):
        render(photo, edits, progress=cancel)


def test_steps_of_a_job_fill_their_part_of_the_whole() -> None:
    told: list[tuple[float, Message]] = []
    tell = lambda share, what: told.append((share, what))  # noqa: E731
    hiding, checking, own = message("hiding"), message("checking"), message("revealing")
    part(tell, 0.2, 0.6, hiding)(0.5)
    part(tell, 0.2, 0.6, hiding)(3.0)
    stretched(tell, 0.5, 1.0)(0.5, own)
    stretched(tell, 0.5, 1.0, checking)(1.0, own)
    assert [what for _, what in told] == [hiding, hiding, own, checking]
    assert [share for share, _ in told] == pytest.approx([0.4, 0.6, 0.75, 1.0])
