"""Promise: JPEG exports obey their settings and say whether they carry their original."""

from __future__ import annotations

import io

import pytest
from PIL import Image, JpegImagePlugin

from tests.promises.cli_support import decibels, pixels, refused, run, succeeded


@pytest.mark.parametrize(("quality", "subsampling"), [(90, "420"), (35, "444"), (None, None)])
def test_quality_and_subsampling_are_honoured(small_photo, tmp_path, quality, subsampling):
    out = tmp_path / "o.jpg"
    options = [] if quality is None else ["--quality", quality, "--subsampling", subsampling]
    succeeded(run("apply", small_photo, "-o", out, "--edit", "exposure=-1", *options))
    wanted = io.BytesIO()  # libjpeg's own tables for that quality
    Image.new("RGB", (16, 16)).save(wanted, "JPEG", quality=quality or 95)
    with Image.open(out) as image, Image.open(wanted) as tables:
        assert image.quantization == tables.quantization
        assert JpegImagePlugin.get_sampling(image) == (2 if subsampling == "420" else 0)


def test_a_jpeg_says_that_it_does_not_carry_its_original(small_photo, tmp_path):
    out, clean = tmp_path / "o.jpg", tmp_path / "c.png"
    options = ("--edit", "exposure=-1", "--clean", clean)
    said = succeeded(run("apply", small_photo, "-o", out, *options)).out
    assert "It does not carry its original. JPEG does not carry" in said
    assert decibels(pixels(out), pixels(clean)) > 35
    more = ("--edit", "film", "--overwrite", "--json")
    figures = succeeded(run("apply", small_photo, "-o", out, *more)).json
    assert figures["restorable"] is False
    assert figures["restored_psnr"] is None
    assert figures["why_not"].startswith("JPEG does not carry")
    line = refused(run("restore", out, "-o", tmp_path / "r.png"))
    assert "it was exported without" in line
    assert not (tmp_path / "r.png").exists()
