"""What models/FORMAT.md describes is what exports are: its own reader reads the golden ones."""

from __future__ import annotations

import io

import numpy as np
import pytest
from numpy.typing import NDArray
from PIL import Image

from models.containers import lossless
from tests.golden import plain_reader
from tests.golden.cases import CASES, Case, digest, manifest

BEFORE_REFINEMENT = 35.0
"""dB, to the photo that the refinement makes of it."""

BY_NAME = {case.name: case for case in CASES}


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


LOSSLESS = [case for case in CASES if case.kind == "lossless"]


@pytest.mark.parametrize("case", LOSSLESS, ids=lambda c: c.name)
def test_a_lossless_export_restores_to_the_sample(case: Case):
    found = plain_reader.read_lossless(pixels_of(case.export))
    assert found.head.weights
    assert all(found.agree)
    assert found.intact
    assert digest(found.photo) == manifest()[case.name]["restored"]


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


@pytest.mark.parametrize("case", [c for c in CASES if c.suffix == ".jpg"], ids=lambda c: c.name)
def test_a_jpeg_export_restores_up_to_the_refinement(case: Case):
    found = plain_reader.read_jpeg(pixels_of(case.export))
    assert found.number == 2
    assert found.header.layout == 2
    assert found.header.quality == case.quality
    assert found.header.full == (case.subsampling == "444")
    assert found.base is not None
    assert found.detail is not None
    assert all(found.base.agree + found.detail.agree)
    assert found.densities is not None
    rows, columns = (side // 8 for side in found.photo.shape[:2])
    assert found.densities.shape == (-(-rows // 2), -(-columns // 2))
    restored = pixels_of(case.restored) if case.kept else case.photo
    assert decibels(found.photo, restored) >= BEFORE_REFINEMENT - (0 if case.kept else 5)


def test_the_large_export_has_all_that_there_is_in_a_jpeg():
    found = plain_reader.read_jpeg(pixels_of(BY_NAME["jpeg-90-large"].export))
    assert found.base is not None
    assert found.detail is not None
    assert found.densities is not None
    assert min(found.header.always, found.header.more) >= 0
    assert set(found.densities.ravel()) == {0, 1, 2, 3, 4}
    assert min(len(found.base.agree), len(found.detail.agree)) > 3


def test_the_base_outlives_a_second_compression():
    case = BY_NAME["jpeg-95-444"]
    again = io.BytesIO()
    Image.fromarray(pixels_of(case.export)).save(again, "JPEG", quality=75, subsampling="4:2:0")
    found = plain_reader.read_jpeg(pixels_of(again))
    assert (found.header.quality, found.detail) == (case.quality, None)
    assert found.base is not None
    assert all(found.base.agree)


def test_a_picture_that_carries_nothing_is_none():
    photo = pixels_of(BY_NAME["jpeg-95-444"].restored)
    for read in (plain_reader.read_lossless, plain_reader.read_jpeg):
        with pytest.raises(plain_reader.NotReadable, match="no watermark"):
            read(photo)
