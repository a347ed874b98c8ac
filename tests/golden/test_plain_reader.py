"""What models/FORMAT.md describes is what exports are: its own reader reads the golden ones."""

from __future__ import annotations

import dataclasses
import io
import json
from pathlib import Path

import numpy as np
import pytest
from numpy.typing import NDArray
from PIL import Image

from editor.engine import short_recipe
from models.containers import coefficients, lossless, registry
from models.containers.container import Received, Trust
from models.containers.jpeg import hiding
from models.containers.jpeg.header import REFINED
from models.containers.jpeg.reading import Reading
from models.operators.registry import OPERATORS
from tests.golden import plain_jpeg_reader, plain_reader
from tests.golden.cases import CASES, Case, digest, manifest

MODELS = Path(__file__).resolve().parents[2] / "models"
LIKE_THE_PROGRAM = 55.0
"""dB: what a JPEG is restored to is computed in other precisions and orders."""


def pixels_of(file: object) -> NDArray[np.uint8]:
    return np.asarray(Image.open(file).convert("RGB"))  # type: ignore[arg-type]


def decibels(one: NDArray[np.uint8], other: NDArray[np.uint8]) -> float:
    return float(10 * np.log10(255**2 / np.mean((one.astype(float) - other) ** 2)))


def test_random_streams_are_those_of_the_test_vectors():
    words = plain_reader.Stream(1, 1).words(4)
    assert [f"{int(word):016x}" for word in words] == [
        "133d1b1836b49e25",
        "fbd9ff744933275e",
        "f289b1b94ef9e741",
        "b298f47f8b702464",
    ]
    assert "".join(map(str, plain_reader.Stream(6, 0).bits(24))) == "001011001100010000001110"
    assert plain_reader.Stream(5, 2).integers(100, 8).tolist() == [84, 71, 42, 23, 88, 31, 87, 43]
    assert plain_reader.Stream(3, 0).permutation(8).tolist() == [6, 1, 5, 2, 7, 4, 3, 0]


def assert_lists(case: Case, attached: bytes) -> None:
    if not case.listed:
        assert attached == b""
        return
    recipe = json.loads(plain_reader.recipe_of(attached))
    assert recipe == {"pentimento": 1, "edits": [{"operator": case.look, "strength": 1.0}]}


def test_the_dictionary_is_the_one_that_is_described():
    described = (MODELS / "FORMAT.md").read_text(encoding="utf-8").split("### Edit list")[1]
    said = "".join(described.split("```")[1].strip("\n").split("\n")).encode()
    assert said == plain_reader.DICTIONARY == short_recipe.DICTIONARY


LOSSLESS = [case for case in CASES if case.kind == "lossless"]


@pytest.mark.parametrize("case", LOSSLESS, ids=lambda c: c.name)
def test_a_lossless_export_restores_to_the_sample(case: Case):
    found = plain_reader.read_lossless(pixels_of(case.export), case.passphrase)
    assert found.head.weights
    assert all(found.agree)
    assert found.intact
    assert found.parity
    assert digest(found.photo) == manifest()[case.name]["restored"]
    assert_lists(case, found.attached)


def test_what_was_changed_is_told_and_left_as_it_is():
    pixels = pixels_of(LOSSLESS[0].export).copy()
    head = plain_reader.read_lossless(pixels).head
    pixels[20:90, 40:130] = 200
    found = plain_reader.read_lossless(pixels)
    assert found.head == head
    assert not found.intact
    rows, columns = np.nonzero(found.changed)
    assert (rows.min(), rows.max(), columns.min(), columns.max()) == (1, 5, 2, 8)
    assert found.changed.sum() == 5 * 7
    assert (found.photo == lossless.extract(pixels).pixels).all()


JPEG = [case for case in CASES if case.kind == "jpeg"]


@pytest.mark.parametrize("case", JPEG, ids=lambda c: c.name)
def test_a_jpeg_export_restores_to_the_sample(case: Case):
    found = plain_jpeg_reader.read_jpeg(case.export.read_bytes(), case.passphrase)
    assert found.header.refinement == 0
    assert found.squares.hold[~found.squares.flat].all()
    assert all(found.sealed)
    assert all(w or t.kept for w, t in zip(found.whole, found.header.tiles, strict=True))
    assert decibels(found.photo, pixels_of(case.restored)) >= LIKE_THE_PROGRAM
    assert_lists(case, found.attached)


def test_a_jpeg_that_is_damaged_is_restored_where_it_is_not():
    """As the program does it."""
    case = JPEG[1]
    container = coefficients.read(case.export.read_bytes())
    planes = [plane.copy() for plane in container.planes]
    planes[0][4:8, 6:12] = 3
    damaged = dataclasses.replace(container, planes=(planes[0], planes[1], planes[2]))
    received = Received(coefficients.shown(damaged), damaged)
    detection = registry.detect(received)
    assert detection is not None
    restored = registry.extract(received, detection, "cpu")
    found = plain_jpeg_reader.read_jpeg(coefficients.write(damaged))
    assert not all(found.sealed)
    changed = ~found.squares.hold & ~found.squares.flat
    assert changed[2:4, 3:6].sum() >= 4
    kept = np.asarray(restored.trust == Trust.PROVEN).repeat(16, axis=0).repeat(16, axis=1)
    kept = kept[: found.photo.shape[0], : found.photo.shape[1]]
    assert kept.mean() > 0.3
    assert decibels(found.photo[kept], restored.pixels[kept]) >= LIKE_THE_PROGRAM


def test_who_has_no_refinement_restores_what_is_decoded():
    """From an export that asks for one."""
    photo = pixels_of(JPEG[1].restored)[:192, :224]
    look = np.asarray(OPERATORS["film"](photo))
    made = hiding.embed(photo, look, 90, "420", mend=lambda _: photo)
    found = plain_jpeg_reader.read_jpeg(coefficients.write(made))
    assert found.header.refinement == REFINED
    reading = Reading.of(made, hiding.VERSION)
    assert reading is not None
    decoded, mended = (reading.restored(lambda _: None, m) for m in (None, lambda _: photo))
    assert decibels(found.photo, decoded) >= LIKE_THE_PROGRAM
    assert np.array_equal(mended, photo)


def test_a_picture_that_carries_nothing_is_none():
    photo = pixels_of(JPEG[0].restored)
    file = io.BytesIO()
    Image.fromarray(photo).save(file, "JPEG", quality=95)
    with pytest.raises(plain_reader.NotReadable, match="no watermark"):
        plain_reader.read_lossless(photo)
    with pytest.raises(plain_reader.NotReadable, match="no watermark"):
        plain_jpeg_reader.read_jpeg(file.getvalue())


@pytest.mark.parametrize("words", [None, "Pferd IV Heftklammern"])
def test_without_the_passphrase_nothing_is_read(words: str | None):
    lossless_one, jpeg = (c for c in CASES if c.passphrase is not None)
    with pytest.raises(plain_reader.NotReadable, match=r"locked|sealed"):
        plain_reader.read_lossless(pixels_of(lossless_one.export), words)
    with pytest.raises(plain_reader.NotReadable, match=r"locked|sealed"):
        plain_jpeg_reader.read_jpeg(jpeg.export.read_bytes(), words)
