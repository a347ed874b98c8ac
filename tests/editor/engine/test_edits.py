"""Edits are plain data with ranges; a recipe brings them back."""

from __future__ import annotations

import base64
import json

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from editor.engine.edit_problems import RecipeError
from editor.engine.edits import Edit, edit, from_recipe, to_recipe
from editor.engine.mask_parts import (
    Brush,
    GreyPicture,
    How,
    LinearGradient,
    Mask,
    MaskPart,
    RadialGradient,
    Stroke,
    Surface,
)
from editor.engine.masks import rasterise
from editor.engine.strokes import paint
from models.operators.registry import OPERATORS


def _thousandths(low: int, high: int) -> st.SearchStrategy[float]:
    return st.integers(low, high).map(lambda n: n / 1000)


LEVELS = [st.integers(1, 255).map(float)] * 3
strokes = st.builds(
    Stroke,
    points=st.lists(
        st.tuples(_thousandths(-500, 1500), _thousandths(-500, 1500), _thousandths(0, 1000)),
        max_size=5,
    ).map(tuple),
    size=_thousandths(1, 1000),
    softness=_thousandths(0, 1000),
    strength=_thousandths(0, 1000),
    erase=st.booleans(),
    stays=st.booleans(),
    surface=st.none() | st.builds(Surface, st.tuples(*LEVELS), st.tuples(*LEVELS)),
)


def _grey(level: int) -> GreyPicture:
    shape = Mask.from_picture(np.full((2, 3), level, np.uint8)).parts[0].shape
    assert isinstance(shape, GreyPicture)
    return shape


places = st.tuples(_thousandths(-500, 1500), _thousandths(-500, 1500))
shapes = (
    st.builds(Brush, strokes=st.lists(strokes, max_size=3).map(tuple))
    | st.builds(LinearGradient, start=places, end=places)
    | st.builds(
        RadialGradient,
        centre=places,
        radii=st.tuples(_thousandths(1, 2000), _thousandths(1, 2000)),
        angle=st.integers(-180, 180).map(float),
        feather=_thousandths(0, 1000),
    )
    | st.integers(0, 255).map(_grey)
)
parts = st.builds(
    MaskPart,
    shape=shapes,
    how=st.sampled_from(How),
    inverted=st.booleans(),
    opacity=_thousandths(0, 1000),
)
masks = st.builds(Mask, parts=st.lists(parts, max_size=3).map(tuple), inverted=st.booleans())


curves = st.builds(
    lambda y, channels: edit("tone-curve", points=_spread(y), channels=channels),
    st.lists(_thousandths(0, 1000), min_size=2, max_size=9),
    st.sampled_from(["rgb", "luminance"]),
)


def _spread(ordinates: list[float]) -> tuple[float, ...]:
    """Points of a curve with these ordinates, from left to right."""
    return tuple(v for i, y in enumerate(ordinates) for v in (i / (len(ordinates) - 1), y))


edits = curves | st.sampled_from(sorted(OPERATORS)).flatmap(
    lambda name: st.builds(
        Edit,
        operator=st.just(name),
        strength=st.floats(OPERATORS[name].minimum, OPERATORS[name].maximum),
        opacity=st.floats(0, 1),
        enabled=st.booleans(),
        mask=st.none() | masks,
    )
)


@settings(max_examples=100, deadline=None)
@given(st.lists(edits, max_size=4))
def test_a_recipe_gives_the_same_edits_back(steps: list[Edit]) -> None:
    recipe = to_recipe(steps)
    assert recipe.isascii()
    assert from_recipe(recipe) == tuple(steps)
    assert to_recipe(from_recipe(recipe)) == recipe


@settings(max_examples=300, deadline=None)
@given(st.text(max_size=60))
def test_any_text_is_a_recipe_or_refused(text: str) -> None:
    try:
        found = from_recipe(text)
    except RecipeError:
        return
    assert all(isinstance(e, Edit) for e in found)


_values = st.recursive(
    st.none() | st.booleans() | st.floats() | st.integers() | st.text(max_size=5),
    lambda inner: (
        st.lists(inner, max_size=3)
        | st.dictionaries(
            st.sampled_from(
                [
                    *("operator", "strength", "opacity", "mask", "strokes", "points", "png"),
                    *("parts", "brush", "linear", "radial", "how", "inverted"),
                ]
            ),
            inner,
            max_size=4,
        )
    ),
    max_leaves=12,
)


@settings(max_examples=300, deadline=None)
@given(_values)
def test_any_json_in_the_right_place_is_read_or_refused(values: object) -> None:
    try:
        found = from_recipe(json.dumps({"pentimento": 1, "edits": values}))
    except RecipeError:
        return
    assert all(isinstance(e, Edit) for e in found)


@pytest.mark.parametrize(
    "change",
    [
        {"operator": "nonsense"},
        {"operator": None},
        {"strength": 1.5},
        {"strength": float("nan")},
        {"strength": float("inf")},
        {"strength": "strong"},
        {"strength": None},
        {"opacity": -0.1},
        {"opacity": float("nan")},
        {"settings": {"points": [0, 0, 1, 1]}},
        {"settings": 3},
        {"settings": []},
        {"operator": "tone-curve", "settings": {"points": [0, 0, 1]}},
        {"operator": "tone-curve", "settings": {"points": [0, 0, 0, 1]}},
        {"operator": "tone-curve", "settings": {"points": [0, 0, 1, float("nan")]}},
        {"operator": "tone-curve", "settings": {"points": [0, 0, 1, 10**400]}},
        {"operator": "tone-curve", "settings": {"points": [0, 0, 1, True]}},
        {"operator": "tone-curve", "settings": {"points": "rgb"}},
        {"operator": "tone-curve", "settings": {"channels": "cmyk"}},
        {"operator": "tone-curve", "settings": {"channels": None}},
        {"mask": {}},
        {"mask": 3},
        {"mask": {"strokes": [], "png": "%%%", "edge_aware": False}},
        {"mask": {"strokes": [], "png": "bm90IGEgcGljdHVyZQ==", "edge_aware": False}},
        {"mask": {"strokes": [{"points": [[1, 2]]}], "png": "", "edge_aware": False}},
        {"mask": {"parts": [{}]}},
        {"mask": {"parts": [{"linear": [0.5, 0.5]}]}},
        {"mask": {"parts": [{"linear": [0.5, 0.5, 1e9, 0.5]}]}},
        {"mask": {"parts": [{"linear": [float("nan"), 0.5, 0.5, 0.5]}]}},
        {"mask": {"parts": [{"radial": [0.5, 0.5, 0, 0.5, 0, 0.5]}]}},
        {"mask": {"parts": [{"radial": [0.5, 0.5, 0.1, 0.5, 0, 1.5]}]}},
        {"mask": {"parts": [{"linear": [0, 0, 1, 1], "how": "divide"}]}},
        {"mask": {"parts": [{"linear": [0, 0, 1, 1], "opacity": 2}]}},
    ],
)
def test_damaged_edits_are_refused(change: dict[str, object]) -> None:
    values = {"operator": "film", "strength": 1.0} | change
    with pytest.raises(RecipeError):
        from_recipe(json.dumps({"pentimento": 1, "edits": [values]}))


@pytest.mark.parametrize(
    "stroke",
    [
        {"points": [[float("nan"), 0.1, 1]]},
        {"points": [[1e300, 0.1, 1]]},
        {"points": [[0.1, 0.1, 2]]},
        {"size": float("inf")},
        {"size": -1.0},
        {"softness": 7},
        {"strength": -0.5},
    ],
)
def test_strokes_out_of_range_are_refused(stroke: dict[str, object]) -> None:
    sound = {"points": [[0.5, 0.5, 1]], "size": 0.1, "softness": 0.5, "strength": 1, "erase": False}
    mask = {"strokes": [sound | stroke], "png": "", "edge_aware": False}
    values = {"operator": "film", "strength": 1.0, "mask": mask}
    with pytest.raises(RecipeError):
        from_recipe(json.dumps({"pentimento": 1, "edits": [values]}))


def test_recipes_of_strokes_on_a_grey_picture_still_mean_the_same() -> None:
    """As recipes had masks before there were gradients."""
    photo = np.zeros((60, 90, 3), np.uint8)
    grey = _grey(120)
    line = {"points": [[0.2, 0.3, 1], [0.7, 0.3, 1]], "softness": 0.5, "strength": 0.8}
    strokes = [
        line | {"size": 0.4, "erase": False},
        line | {"size": 0.2, "erase": True},
        {"points": [[0.5, 0.2, 1]], "size": 0.1, "softness": 0, "strength": 0.5, "erase": False},
    ]
    for png in ("", base64.b64encode(grey.png).decode()):
        mask = {"strokes": strokes, "png": png}
        recipe = {"pentimento": 1, "edits": [{"operator": "film", "strength": 1.0, "mask": mask}]}
        (read,) = from_recipe(json.dumps(recipe))
        assert read.mask is not None
        expected = np.full((60, 90), 120 / 255 if png else 0, np.float32)
        for s in strokes:
            stroke = Stroke(
                tuple(map(tuple, s["points"])), s["size"], s["softness"], s["strength"], s["erase"]
            )
            paint(expected, stroke, photo)
        np.testing.assert_allclose(rasterise(read.mask, photo), expected, atol=1e-6)


def test_deep_nesting_is_refused() -> None:
    with pytest.raises(RecipeError):
        from_recipe("[" * 100_000)


def test_a_newer_recipe_says_so() -> None:
    with pytest.raises(RecipeError, match="newer Pentimento"):
        from_recipe('{"pentimento":2,"edits":[]}')


@pytest.mark.parametrize("name", sorted(OPERATORS))
def test_strength_keeps_to_the_operators_range(name: str) -> None:
    op = OPERATORS[name]
    for strength in (op.minimum, op.maximum, op.default_strength):
        assert Edit(name, strength).strength == strength
    for strength in (op.minimum - 0.01, op.maximum + 0.01, float("nan"), float("inf")):
        with pytest.raises(ValueError, match="takes a strength"):
            Edit(name, strength)
    assert edit(name).strength == op.default_strength


def test_unknown_operators_are_named_with_the_known_ones() -> None:
    with pytest.raises(ValueError, match=r"'sepia'.*film"):
        edit("sepia")


@pytest.mark.parametrize("opacity", [-0.1, 1.1, float("nan")])
def test_opacity_goes_from_zero_to_one(opacity: float) -> None:
    with pytest.raises(ValueError, match="Opacity"):
        Edit("film", 1.0, opacity=opacity)


def test_what_cannot_change_anything_does_not_act() -> None:
    touch = Mask.painted((Stroke(((0.5, 0.5, 1.0),)),))
    assert Edit("film", 1.0).acts
    assert Edit("film", 1.0, mask=touch).acts
    assert Edit("exposure", -1.0).acts
    assert not Edit("film", 0.0).acts
    assert not Edit("exposure", 0.0).acts
    assert not Edit("film", 1.0, opacity=0.0).acts
    assert not Edit("film", 1.0, enabled=False).acts
    assert not Edit("film", 1.0, mask=Mask()).acts
    assert Edit("film", 1.0, mask=Mask(inverted=True)).acts
    assert not Edit("film", 1.0, mask=Mask.of(Brush())).acts
    assert Edit("film", 1.0, mask=Mask.of(MaskPart(Brush(), inverted=True))).acts
    assert Edit("film", 1.0, mask=Mask.of(MaskPart(Brush(), How.SUBTRACT))).acts
    assert Edit("film", 1.0, mask=Mask.of(LinearGradient())).acts
    assert not Edit("film", 1.0, mask=Mask.of(MaskPart(LinearGradient(), opacity=0))).acts
    assert Edit("film", 1.0, mask=Mask.from_picture(np.full((3, 3), 255, np.uint8))).acts


def test_settings_are_kept_in_one_form() -> None:
    points = (0.0, 0.0, 0.4, 0.3, 1.0, 1.0)
    curve = edit("tone-curve", points=points, channels="rgb")
    assert curve == Edit("tone-curve", 1.0, settings=(("points", points),))
    assert curve == edit("tone-curve", points=[0, 0, 0.4, 0.3, 1, 1])
    assert curve.setting("channels") == "rgb"
    assert curve.with_settings(channels="luminance").setting("points") == points
    assert curve.with_settings(points=edit("tone-curve").setting("points")).settings == ()
    assert hash(curve) == hash(edit("tone-curve", points=points))


def test_settings_that_make_no_sense_are_refused() -> None:
    with pytest.raises(ValueError, match=r"no setting 'points'.*Known ones: –"):
        edit("film", points=(0, 0, 1, 1))
    with pytest.raises(ValueError, match=r"no setting 'colour'.*points, channels"):
        edit("tone-curve", colour="red")
    with pytest.raises(ValueError, match="tone-curve takes as points: X,Y,X,Y"):
        edit("tone-curve", points=(0.5, 0, 0.2, 1))


def test_a_level_curve_does_not_act() -> None:
    assert edit("tone-curve").acts
    assert not edit("tone-curve", points=(0, 0, 1, 1)).acts
    assert not edit("tone-curve", points=(0, 0, 1, 1), channels="luminance").acts


def test_recipes_from_before_settings_are_read() -> None:
    old = '{"pentimento":1,"edits":[{"operator":"film","strength":0.5,"opacity":0.5}]}'
    assert from_recipe(old) == (edit("film", 0.5, opacity=0.5),)


def test_a_recipe_may_not_ask_for_any_amount_of_work() -> None:
    """It may come from a stranger's file."""
    one = {"operator": "film", "strength": 1.0}
    for count, fits in ((1000, True), (1001, False)):
        recipe = json.dumps({"pentimento": 1, "edits": [one] * count})
        if fits:
            assert len(from_recipe(recipe)) == count
        else:
            with pytest.raises(RecipeError):
                from_recipe(recipe)
    with pytest.raises(RecipeError):
        from_recipe(" " * (64 << 20) + recipe)
    part = MaskPart(LinearGradient((0.0, 0.0), (1.0, 1.0)))
    assert from_recipe(to_recipe([edit("film", mask=Mask((part,) * 1000))]))
    with pytest.raises(RecipeError):
        from_recipe(to_recipe([edit("film", mask=Mask((part,) * 1001))]))


@pytest.mark.parametrize(("size", "fits"), [((20_000, 10_000), True), ((20_000, 10_001), False)])
def test_a_mask_may_not_claim_to_be_larger_than_a_picture(size, fits) -> None:
    width, height = (side.to_bytes(4, "big") for side in size)
    png = b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR" + width + height + b"\x08\0\0\0\0"
    mask = Mask((MaskPart(GreyPicture(png)),))
    recipe = to_recipe([edit("film", mask=mask)])
    if fits:
        assert from_recipe(recipe)[0].mask == mask
    else:
        with pytest.raises(RecipeError):
            from_recipe(recipe)
