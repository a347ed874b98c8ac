"""Previews: the same look as the engine's own rendering, remembered step by step."""

from __future__ import annotations

import numpy as np
import pytest

from editor.engine.edits import edit
from editor.engine.mask_parts import Mask, Stroke
from editor.engine.masks import rasterise
from editor.engine.render import render
from editor.ui.worker.preview import (
    EDIT_HIGH,
    SOURCE_HIGH,
    SOURCE_LOW,
    PreviewRenderer,
    clipping_map,
    histogram,
)
from models.operators.registry import OPERATORS
from tests.conftest import make_photo

PHOTO = make_photo(160, 110)
STROKES = (
    Stroke(((0.2, 0.2, 1.0), (0.5, 0.4, 0.8)), size=0.2),
    Stroke(((0.6, 0.3, 1.0),), size=0.3, strength=0.5, stays=True),
    Stroke(((0.3, 0.3, 1.0),), size=0.1, erase=True),
)


@pytest.mark.parametrize("operator", OPERATORS)
def test_every_look_is_that_of_the_engine(operator):
    op = OPERATORS[operator]
    strengths = [0.3, 1.0] if op.minimum == 0 else [op.minimum / 2, op.maximum]
    renderer = PreviewRenderer(PHOTO)
    for strength in strengths:
        edits = (edit("film", 0.5), edit(operator, strength), edit("exposure", 0.5))
        difference = renderer.render(edits).astype(int) - render(PHOTO, edits)
        assert np.abs(difference).max() <= 1


def test_masks_and_opacity_are_those_of_the_engine():
    renderer = PreviewRenderer(PHOTO)
    for count in range(1, 4):
        mask = Mask.painted(STROKES[:count])
        edits = (edit("retouch", 1.0, mask=mask), edit("film", 1.0, opacity=0.4))
        difference = renderer.render(edits).astype(int) - render(PHOTO, edits)
        assert np.abs(difference).max() <= 1
        np.testing.assert_allclose(renderer.masks.of(mask), rasterise(mask, PHOTO), atol=1e-6)


def test_a_slider_of_a_linear_look_renders_it_once(monkeypatch):
    from dataclasses import replace

    calls = []
    film = OPERATORS["film"]

    def counted(*args):
        calls.append(args)
        return film.render(*args)

    monkeypatch.setitem(OPERATORS, "film", replace(film, render=counted))
    renderer = PreviewRenderer(PHOTO)
    for strength in (0.2, 0.4, 0.9, 0.1):
        renderer.render((edit("exposure", 0.5), edit("film", strength)))
    assert len(calls) == 1
    renderer.render((edit("exposure", 0.7), edit("film", 0.1)))
    assert len(calls) == 2


def test_no_edit_gives_the_photo_itself():
    renderer = PreviewRenderer(PHOTO)
    assert renderer.render(()) is PHOTO
    assert renderer.render((edit("film", 1.0, enabled=False), edit("exposure", 0.0))) is PHOTO


def test_clipping_tells_the_camera_from_the_edits():
    photo = np.full((4, 4, 3), 128, np.uint8)
    photo[0, 0] = (255, 10, 10)
    photo[0, 1] = 0
    look = photo.copy()
    look[1] = 255
    kinds = clipping_map(photo, look)
    assert kinds[0, 0] == SOURCE_HIGH
    assert kinds[0, 1] == SOURCE_LOW
    assert (kinds[1] == EDIT_HIGH).all()
    assert (kinds[2:] == 0).all()
    shown = histogram(look, kinds)
    assert shown.edit_high == 4 / 16
    assert shown.source_high == 1 / 16
    assert shown.source_low == 1 / 16
    assert shown.edit_low == 0
    for channel in range(3):
        expected = np.bincount(look[..., channel].ravel(), minlength=256)
        np.testing.assert_array_equal(shown.counts[channel], expected)
