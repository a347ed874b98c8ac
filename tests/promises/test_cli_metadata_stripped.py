"""Promise: restoring without any metadata gives the same picture, bit for bit."""

from __future__ import annotations

import numpy as np
import pytest
from PIL import Image

from tests.editor.files.picture_samples import display_p3, exif_block
from tests.promises.cli_support import pixels, run, sample, succeeded

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
