"""Promise: JPEG exports obey their settings, and carry their original or say why they do not."""

from __future__ import annotations

import io
import json
from pathlib import Path

import numpy as np
import pytest
from PIL import Image, JpegImagePlugin

from tests.promises.cli_support import decibels, pixels, refused, run, succeeded

EXPOSURE = ("--edit", "exposure=+1")


@pytest.fixture(scope="module")
def folder(exported, tmp_path_factory) -> Path:
    """``e.jpg``, a JPEG export of the photo of `exported`, its look and its JSON."""
    folder = tmp_path_factory.mktemp("jpeg")
    options = (*EXPOSURE, "--clean", folder / "c.png", "--json")
    result = succeeded(run("apply", exported.photo, "-o", folder / "e.jpg", *options))
    (folder / "e.json").write_text(result.out)
    return folder


def has_settings(path: Path, quality: int, subsampling: str) -> bool:
    wanted = io.BytesIO()  # libjpeg's own tables for that quality
    Image.new("RGB", (16, 16)).save(wanted, "JPEG", quality=quality)
    with Image.open(path) as image, Image.open(wanted) as tables:
        sampling = {"444": 0, "420": 2}[subsampling]
        same = image.quantization == tables.quantization
        return same and JpegImagePlugin.get_sampling(image) == sampling


@pytest.mark.parametrize(("quality", "subsampling"), [(90, "420"), (35, "444"), (100, "420")])
def test_quality_and_subsampling_are_honoured(small_photo, tmp_path, quality, subsampling):
    out = tmp_path / "o.jpg"
    options = ("--quality", quality, "--subsampling", subsampling)
    succeeded(run("apply", small_photo, "-o", out, *EXPOSURE, *options))
    assert has_settings(out, quality, subsampling)


def test_the_export_carries_its_original_as_well_as_promised(exported, folder):
    figures = json.loads((folder / "e.json").read_text())
    assert has_settings(folder / "e.jpg", 95, "444")  # also where the original is in it
    assert figures["restorable"], figures["why_not"]
    seen = decibels(pixels(folder / "e.jpg"), pixels(folder / "c.png"))
    assert figures["export_psnr"] == pytest.approx(seen, abs=0.006)
    assert seen > 33
    succeeded(run("restore", folder / "e.jpg", "-o", folder / "r.png"))
    back = decibels(pixels(folder / "r.png"), pixels(exported.photo))
    assert figures["restored_psnr"] == pytest.approx(back, abs=0.006)
    assert back > 33


def test_it_does_so_without_metadata(folder):
    data = (folder / "e.jpg").read_bytes()
    kept, at = data[:2], 2
    while data[at + 1] != 0xDA:  # segments up to the first scan (ITU-T T.81, B.1.1.4)
        end = at + 2 + int.from_bytes(data[at + 2 : at + 4], "big")
        if not 0xE1 <= data[at + 1] <= 0xEF and data[at + 1] != 0xFE:
            kept += data[at:end]
        at = end
    assert len(kept) + len(data) - at < len(data)
    (folder / "bare.jpg").write_bytes(kept + data[at:])
    for name in ("e", "bare"):
        out = folder / f"of-{name}.png"
        succeeded(run("restore", folder / f"{name}.jpg", "-o", out))
    np.testing.assert_array_equal(pixels(folder / "of-e.png"), pixels(folder / "of-bare.png"))


def test_inspect_knows_it(folder):
    said = succeeded(run("inspect", folder / "e.jpg")).out
    assert "Restorable: yes; an export beyond doubt" in said
    assert "exposure=+1." in said


def test_compressed_again_it_gives_a_weaker_original_or_none(exported, folder):
    """Never garbage: what comes back is nearer to the photo than the export itself."""
    again, out = folder / "again.jpg", folder / "of-again.png"
    for quality in (85, 30):
        Image.fromarray(pixels(folder / "e.jpg")).save(again, quality=quality)
        result = run("restore", again, "-o", out, "--overwrite")
        if result.code:
            assert "cannot be restored" in refused(result)
            continue
        photo = pixels(exported.photo)
        assert decibels(pixels(out), photo) > decibels(pixels(folder / "e.jpg"), photo) + 6


def test_inspect_and_restore_agree_on_what_is_left(folder):
    """At every quality: whatever is called restorable is restored, the rest is refused alike."""
    again, out = folder / "sent.jpg", folder / "of-sent.png"
    told = []
    for quality in (90, 75, 68, 64, 60, 50):
        Image.fromarray(pixels(folder / "e.jpg")).save(again, quality=quality)
        seen = json.loads(succeeded(run("inspect", again, "--json")).out)
        result = run("restore", again, "-o", out, "--overwrite")
        assert seen["restorable"] == (result.code == 0), quality
        if not seen["restorable"]:
            assert seen["why_not"] in refused(result)
        told.append(seen["why_not"])
    assert told[0] == ""
    assert any("changed or compressed too strongly" in why for why in told)


@pytest.mark.parametrize(
    ("quality", "why"), [(95, "too small to carry"), (50, "quality 50 is too low")]
)
def test_where_it_cannot_carry_its_original_it_says_why(
    exported, small_photo, tmp_path, quality, why
):
    photo = small_photo if quality == 95 else exported.photo
    out, clean = tmp_path / "o.jpg", tmp_path / "c.png"
    options = (*EXPOSURE, "--quality", quality)
    said = succeeded(run("apply", photo, "-o", out, *options, "--clean", clean)).out
    assert "It does not carry its original. " in said
    assert why in said
    assert decibels(pixels(out), pixels(clean)) > 30
    figures = succeeded(run("apply", photo, "-o", out, *options, "--overwrite", "--json")).json
    assert (figures["restorable"], figures["restored_psnr"]) == (False, None)
    assert why in figures["why_not"]
    line = refused(run("restore", out, "-o", tmp_path / "r.png"))
    assert "it was exported without" in line
    assert not (tmp_path / "r.png").exists()
