"""Learned or exact: which form makes a look, and what is said of it."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

import cv2
import numpy as np
import pytest

from editor.document import Document
from editor.engine import operator_choice
from editor.engine.edits import Edit, edit, from_recipe, stored_renderers, to_recipe
from editor.engine.render import render
from editor.files.encoding import ExportFormat
from editor.files.picture import Picture
from editor.files.picture_files import read_recipe
from models.learned import inference as learned_inference
from models.metrics import psnr
from models.operators.registry import OPERATORS
from models.operators.working_scale import WORKING_LONG_EDGE
from models.problems import Problem, WeightsError
from tests.models.natural_pictures import natural

CANDIDATES = ("l0-smoothing", "multiscale-tone", "oil-painting", "rtv", "weighted-median")

EDITS = (edit("multiscale-tone", 0.6), edit("film"), edit("l0-smoothing", 0.0))


@pytest.fixture(scope="module")
def photo() -> np.ndarray:
    return natural(48, 340, seed=3)


@pytest.fixture(autouse=True)
def learned_by_default(monkeypatch: pytest.MonkeyPatch) -> None:
    """Some learned looks as the default, whatever the shipped weights are good for."""
    monkeypatch.setattr(operator_choice, "FASTER", frozenset(CANDIDATES))


@pytest.fixture
def without_weights(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """As if the file of the learned operators had been lost."""

    def lost(name: str, *_: object) -> object:
        raise WeightsError(Problem("weights-missing", path="x"))

    for remembered in (operator_choice._learned, learned_inference._folded_network):
        remembered.cache_clear()
    monkeypatch.setattr(learned_inference, "load_operators", lost)
    yield
    for remembered in (operator_choice._learned, learned_inference._folded_network):
        remembered.cache_clear()


SHIPPED = operator_choice.FASTER


def test_looks_with_a_size_or_a_radius_of_their_own_are_never_learned() -> None:
    assert set(learned_inference.LEARNED) >= SHIPPED
    for name in SHIPPED:
        assert OPERATORS[name].linear
        assert OPERATORS[name].working_scale


@pytest.mark.parametrize("name", sorted(OPERATORS))
def test_what_is_not_the_default_is_the_reference(
    photo: np.ndarray, name: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(operator_choice, "FASTER", frozenset())
    strength = 1.0 if name == "exposure" else 0.7
    assert np.array_equal(render(photo, [Edit(name, strength)]), OPERATORS[name](photo, strength))
    assert operator_choice.renderers([Edit(name, strength)], 340) == [None]


@pytest.mark.parametrize("name", CANDIDATES)
def test_exact_is_the_reference_bit_for_bit(photo: np.ndarray, name: str) -> None:
    reference = OPERATORS[name](photo, 0.8)
    assert np.array_equal(render(photo, [Edit(name, 0.8)], exact=True), reference)
    by_default = render(photo, [Edit(name, 0.8)])
    assert np.array_equal(by_default, learned_inference.learned(name)(photo, 0.8))
    assert not np.array_equal(by_default, reference)


def test_small_pictures_get_the_reference() -> None:
    small = natural(40, operator_choice.SMALLEST_LONG_EDGE - 1)
    look = render(small, [Edit("rtv", 1.0)])
    assert np.array_equal(look, OPERATORS["rtv"](small, 1.0))


def test_a_document_keeps_to_its_choice(photo: np.ndarray) -> None:
    document = Document(Picture(photo), exact=True).add("multiscale-tone", 0.6)
    assert document.exact
    assert np.array_equal(document.look(), OPERATORS["multiscale-tone"](photo, 0.6))


def test_the_recipe_tells_who_drew(photo: np.ndarray) -> None:
    document = Document(Picture(photo), EDITS)
    name = learned_inference.weights()
    for exact, expected in ((False, (name, None, None)), (True, (None, None, None))):
        report = replace(document, exact=exact).encode(ExportFormat("png"))
        recipe = read_recipe(report.data)
        assert recipe is not None
        assert stored_renderers(recipe) == expected
        assert from_recipe(recipe) == EDITS
    assert stored_renderers(to_recipe(EDITS)) == (None, None, None)


def test_without_weights_the_reference_stands_in_and_it_is_said(
    photo: np.ndarray, without_weights: None
) -> None:
    assert np.array_equal(render(photo, EDITS), render(photo, EDITS, exact=True))
    assert "missing or damaged" in str(operator_choice.note(EDITS, 340))
    assert operator_choice.note(EDITS, 340, exact=True) is None
    assert operator_choice.note(EDITS[1:], 340) is None, (
        "film has no learned form by default, l0 does nothing"
    )
    assert operator_choice.note(EDITS, 200) is None
    assert operator_choice.renderers(EDITS, 340) == [None, None, None]


def test_with_weights_there_is_nothing_to_say() -> None:
    assert operator_choice.note(EDITS, 340) is None


@pytest.mark.parametrize("name", ["l0-smoothing", "multiscale-tone"])
def test_a_preview_looks_like_the_export(name: str) -> None:
    """Within 1 dB, measured against the photo as both see it."""
    photo = natural(240, 1600, seed=11)
    size = (WORKING_LONG_EDGE, round(240 * WORKING_LONG_EDGE / 1600))
    small = cv2.resize(photo, size, interpolation=cv2.INTER_AREA)
    export, preview = render(photo, [Edit(name, 0.7)]), render(small, [Edit(name, 0.7)])
    reduced = cv2.resize(export, size, interpolation=cv2.INTER_AREA)
    assert abs(psnr(reduced, small) - psnr(preview, small)) < 1
    assert psnr(reduced, preview) > 30
