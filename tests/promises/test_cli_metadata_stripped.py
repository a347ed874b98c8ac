"""Promise: restoring without any metadata gives the same picture, bit for bit."""

from __future__ import annotations

import numpy as np
import pytest
from PIL import Image

from models.containers import coefficients
from tests.editor.files.picture_samples import display_p3, exif_block
from tests.promises.cli_support import pixels, run, sample, succeeded


@pytest.mark.parametrize("suffix", ["png", "jpg"])
def test_a_stripped_export_still_names_its_edits_but_where_that_was_not_wanted(tmp_path, suffix):
    photo, bare = tmp_path / "photo.png", tmp_path / f"bare.{suffix}"
    sample("lake", 320).save(photo)
    edits = ["--edit", "film=0.8", "--edit", "exposure=-0.5"]
    for more, expected in (
        ([], [("film", 0.8), ("exposure", -0.5)]),
        (["--strip"], None),
    ):
        export = tmp_path / f"export{len(more)}.{suffix}"
        succeeded(run("apply", photo, "-o", export, *edits, *more))
        if suffix == "jpg":
            bare.write_bytes(coefficients.write(coefficients.read(export.read_bytes())))
        else:
            Image.fromarray(pixels(export)).save(bare)
        facts = succeeded(
            run("restore", bare, "-o", tmp_path / "r.png", "--overwrite", "--json")
        ).json
        said = facts["edits"]
        assert expected == (said and [(e["operator"], e["strength"]) for e in said])


LOSSLESS = {"png": {}, "webp": {"lossless": True, "exact": True}, "tif": {}}


@pytest.mark.parametrize("suffix", LOSSLESS)
def test_stripped_equals_unstripped(tmp_path, suffix):
    photo, export = tmp_path / "photo.jpg", tmp_path / f"export.{suffix}"
    exif = b"Exif\0\0" + exif_block(1)
    sample("lake", 120).save(photo, quality=95, exif=exif, icc_profile=display_p3())
    succeeded(run("apply", photo, "-o", export, "--edit", "film", "--edit", "exposure=-0.5"))
    with Image.open(export) as image:
        assert image.info["icc_profile"] == display_p3()
        assert "pentimento" in str(image.info) + str(dict(getattr(image, "tag_v2", {})))
    for other in LOSSLESS:  # saved anew by another program, also in another format
        bare = tmp_path / f"bare.{other}"
        Image.fromarray(pixels(export)).save(bare, **LOSSLESS[other])
        with Image.open(bare) as image:
            assert "icc_profile" not in image.info
            assert not {"exif", "xmp", "XML:com.adobe.xmp"} & set(image.info)
    succeeded(run("restore", export, "-o", tmp_path / "with.png"))
    others = LOSSLESS if suffix == "png" else [suffix]
    for other in others:
        out = tmp_path / f"without-{other}.png"
        succeeded(run("restore", tmp_path / f"bare.{other}", "-o", out))
        np.testing.assert_array_equal(pixels(out), pixels(tmp_path / "with.png"))
