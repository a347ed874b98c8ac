"""JPEG files as coefficients: out of files, into files, turned."""

from __future__ import annotations

import io

import numpy as np
import pytest
from PIL import Image

from models.containers import coefficients
from models.containers.coefficients import Coefficients, Subsampling
from models.metrics import psnr
from tests.models.natural_pictures import natural


def _of(picture: np.ndarray, quality: int, subsampling: Subsampling) -> Coefficients:
    tables = coefficients.tables_of(quality)
    y, cb, cr = (
        np.rint(value / table).astype(np.int16)
        for value, table in zip(coefficients.transformed(picture, subsampling), tables, strict=True)
    )
    return Coefficients(*picture.shape[:2], subsampling, tables, (y, cb, cr))


def _pixels(data: bytes) -> np.ndarray:
    with Image.open(io.BytesIO(data)) as image:
        return np.asarray(image.convert("RGB"))


@pytest.mark.parametrize("subsampling", ["444", "420"])
@pytest.mark.parametrize("shape", [(64, 96), (61, 83), (17, 16), (9, 250)])
def test_what_is_written_is_read(shape: tuple[int, int], subsampling: Subsampling) -> None:
    made = _of(natural(*shape), 85, subsampling)
    data = coefficients.write(made)
    read = coefficients.read(data)
    assert (read.height, read.width, read.subsampling) == (*shape, subsampling)
    assert (read.tables == made.tables).all()
    assert all((a == b).all() for a, b in zip(read.planes, made.planes, strict=True))
    ours = np.rint(coefficients.to_pixels(made.planes, made)).astype(np.uint8)
    assert psnr(_pixels(data), ours) > 48
    band = coefficients.to_pixels(made.planes, made, slice(0, 2))
    assert band.shape[0] == min(16, shape[0])


@pytest.mark.parametrize("subsampling", ["444", "420"])
def test_files_of_other_programs_are_read(subsampling: Subsampling) -> None:
    picture = natural(50, 70)
    file = io.BytesIO()
    settings = {"quality": 85, "subsampling": 0 if subsampling == "444" else 2}
    Image.fromarray(picture).save(file, "JPEG", progressive=True, **settings)
    read = coefficients.read(file.getvalue())
    ours = _of(picture, 85, subsampling)
    assert read.subsampling == subsampling
    assert all((a != b).mean() < 0.1 for a, b in zip(read.planes, ours.planes, strict=True))


def test_other_files_are_refused() -> None:
    grey = io.BytesIO()
    Image.fromarray(natural(20, 20)).convert("L").save(grey, "JPEG")
    for data in (grey.getvalue(), b"no picture", b""):
        with pytest.raises(coefficients.NotCoefficients):
            coefficients.read(data)
