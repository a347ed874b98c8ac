"""Pictures turned, as pixels and as coefficients."""

from __future__ import annotations

import io

import numpy as np
import pytest
from PIL import Image, ImageOps

from models.containers import coefficients
from models.containers.coefficients import Coefficients, Subsampling
from models.containers.jpeg import turns
from models.metrics import psnr
from tests.models.natural_pictures import natural


def of(picture: np.ndarray, subsampling: Subsampling) -> Coefficients:
    tables = coefficients.tables_of(90)
    y, cb, cr = (
        np.rint(value / table).astype(np.int16)
        for value, table in zip(coefficients.transformed(picture, subsampling), tables, strict=True)
    )
    return Coefficients(*picture.shape[:2], subsampling, tables, (y, cb, cr))


@pytest.mark.parametrize("turn", turns.TURNS)
@pytest.mark.parametrize("subsampling", ["444", "420"])
def test_turns_of_coefficients_are_those_of_pixels(
    turn: turns.Turn, subsampling: Subsampling
) -> None:
    made = of(natural(48, 64), subsampling)
    seen = coefficients.shown(made)
    mirrored, flipped, transposed = turn
    seen = seen[:: -1 if flipped else 1, :: -1 if mirrored else 1]
    seen = seen.transpose(1, 0, 2) if transposed else seen
    assert psnr(coefficients.shown(turns.turned(made, turn)), seen) > 50


@pytest.mark.parametrize("turn", turns.TURNS)
@pytest.mark.parametrize("subsampling", ["444", "420"])
def test_what_was_turned_is_turned_back(turn: turns.Turn, subsampling: Subsampling) -> None:
    """Also where blocks are cut off."""
    received = of(natural(61, 83), subsampling)
    as_made = turns.turned(received, turn)
    back = turns.turned_back(coefficients.shown(as_made), turn, received.unit)
    assert back.shape == (61, 83, 3)
    assert psnr(back, coefficients.shown(received)) > 40


@pytest.mark.parametrize("orientation", range(1, 9))
def test_orientations_are_those_of_exif(orientation: int) -> None:
    picture = natural(12, 20)
    exif = Image.Exif()
    exif[0x0112] = orientation
    file = io.BytesIO()
    Image.fromarray(picture).save(file, "PNG", exif=exif)
    with Image.open(file) as image:
        wanted = np.asarray(ImageOps.exif_transpose(image))
    assert np.array_equal(turns.upright(picture, orientation), wanted)
