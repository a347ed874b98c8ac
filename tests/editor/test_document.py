"""The document: frozen, every change a new one."""

from __future__ import annotations

import dataclasses
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from editor.document import Document
from editor.engine.edits import Edit
from editor.engine.quality import Quality, in_words
from editor.files.picture import Picture, PictureError
from models.metrics import ssim
from models.operators.registry import OPERATORS
from tests.models.natural_pictures import natural


@pytest.fixture
def document() -> Document:
    return Document(Picture(natural(24, 30)))


def test_adding_makes_a_new_document(document: Document) -> None:
    one = document.add("film", 0.5)
    two = one.add("exposure", -1.0, opacity=0.5).add(Edit("retouch", 0.7))
    assert document.edits == ()
    assert one.edits == (Edit("film", 0.5),)
    assert two.edits == (*one.edits, Edit("exposure", -1.0, opacity=0.5), Edit("retouch", 0.7))
    assert two.photo is document.photo
    assert two.with_edits([]).edits == ()
    with pytest.raises(dataclasses.FrozenInstanceError):
        document.edits = ()  # type: ignore[misc]


def test_the_default_strength_is_the_operators(document: Document) -> None:
    assert document.add("film").edits[0].strength == OPERATORS["film"].default_strength


def test_what_does_not_exist_or_fit_is_refused(document: Document) -> None:
    with pytest.raises(ValueError, match="sepia"):
        document.add("sepia")
    with pytest.raises(ValueError, match="strength"):
        document.add("film", 7)


def test_the_look_is_the_operators_in_order(document: Document) -> None:
    look = document.add("black-and-white").look()
    assert np.array_equal(look, OPERATORS["black-and-white"](document.photo.pixels))
    assert document.look() is document.photo.pixels


def test_documents_open_from_files(tmp_path: Path) -> None:
    pixels = natural(20, 31)
    Image.fromarray(pixels).save(tmp_path / "photo.png")
    opened = Document.open(tmp_path / "photo.png")
    assert np.array_equal(opened.photo.pixels, pixels)
    assert opened.edits == ()
    with pytest.raises(PictureError, match="no file"):
        Document.open(tmp_path / "none.png")


def test_quality_in_words() -> None:
    assert [str(in_words(d)) for d in (100, 99.9, 40, 39, 36, 35, 32, 31, 28, 20)] == [
        "identical",
        "excellent",
        "excellent",
        "very good",
        "very good",
        "good",
        "good",
        "fair",
        "fair",
        "poor",
    ]


def test_quality_measures_two_pictures() -> None:
    a = natural(20, 20)
    b = a ^ np.uint8(1)
    assert Quality.of(a, b).psnr == pytest.approx(48.1308, abs=1e-3)
    assert np.isnan(Quality.of(a, b).ssim)
    assert Quality.of(a, b, with_ssim=True).ssim == ssim(a, b)
    assert str(Quality.of(a, a)) == "identical"
    assert str(Quality.of(a, b)) == "excellent (48.1 dB)"
