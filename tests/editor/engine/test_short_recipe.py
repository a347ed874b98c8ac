"""The short recipe: an edit list in few bytes, and nothing else is taken for one."""

from __future__ import annotations

import json
import zlib

import pytest

from editor.engine import short_recipe
from editor.engine.edits import edit, from_recipe, stored_renderers, to_recipe
from editor.engine.mask_parts import (
    Brush,
    How,
    LinearGradient,
    Mask,
    MaskPart,
    RadialGradient,
    Stroke,
)

EDITS = (
    edit("film", 0.8, opacity=0.65),
    edit("exposure", -0.35),
    edit("temperature", 0.12, enabled=False),
    edit("tone-curve", 0.9, points=(0, 0.02, 0.31, 0.25, 1, 0.97), channels="luminance"),
)
POINTS = tuple((0.1 + i / 700, 0.2 + i / 900, 0.123456) for i in range(20))


def deflated(text: bytes) -> bytes:
    deflate = zlib.compressobj(9, zlib.DEFLATED, -15, zdict=short_recipe.DICTIONARY)
    return b"\x01" + deflate.compress(text) + deflate.flush()


def test_it_comes_back_and_is_short() -> None:
    recipe = to_recipe(EDITS, ("operators-4", None, None, None))
    short = short_recipe.pack(recipe)
    assert len(short) < len(recipe) / 2.5
    back = short_recipe.unpack(short)
    assert back is not None
    assert from_recipe(back) == EDITS
    assert stored_renderers(back) == ("operators-4", None, None, None)


def test_numbers_are_rounded_where_nobody_sees_it() -> None:
    mask = Mask.painted((Stroke(POINTS, size=0.0312345),))
    edits = (edit("retouch", 1 / 3, mask=mask),)
    back = from_recipe(short_recipe.unpack(short_recipe.pack(to_recipe(edits))) or "")
    assert back[0].strength == 0.3333
    assert back[0].mask is not None
    (part,) = back[0].mask.parts
    assert isinstance(part.shape, Brush)
    for ours, theirs in zip(part.shape.strokes[0].points, POINTS, strict=True):
        assert ours == pytest.approx(theirs, abs=6e-5)


def test_gradients_are_short() -> None:
    mask = Mask.of(LinearGradient(), MaskPart(RadialGradient(angle=20), How.SUBTRACT))
    edits = (edit("exposure", 0.8, mask=mask),)
    short = short_recipe.pack(to_recipe(edits))
    assert len(short) < 120
    assert from_recipe(short_recipe.unpack(short) or "") == edits


def test_rounding_makes_no_recipe_unreadable() -> None:
    values = json.loads(to_recipe((edit("film", 0.5, mask=Mask.painted((Stroke(POINTS[:1]),))),)))
    values["edits"][0]["mask"]["parts"][0]["brush"][0]["surface"] = [[1, 2, 3], [0.00001, 1, 1]]
    recipe = json.dumps(values)
    edits = from_recipe(recipe)
    assert from_recipe(short_recipe.unpack(short_recipe.pack(recipe)) or "") == edits


def test_a_list_that_is_far_too_long_is_left_out() -> None:
    long = (edit("film", 0.5, mask=Mask.painted((Stroke(POINTS * 300),))),)
    assert short_recipe.pack(to_recipe(long)) == b""


@pytest.mark.parametrize(
    "data",
    [
        b"",
        b"\x01",
        b"\x02" + deflated(b"{}")[1:],
        deflated(to_recipe(EDITS).encode())[:-3],
        b"\x01" + bytes(range(200)),
        deflated("{\u00e4}".encode()),
        deflated(b"[" * (1 << 17)),
    ],
)
def test_other_bytes_are_none(data: bytes) -> None:
    assert short_recipe.unpack(data) is None
