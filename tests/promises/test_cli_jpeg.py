"""Promise: JPEG exports obey their settings, and carry their original or say why they do not."""

from __future__ import annotations

import dataclasses
import io
import json
from pathlib import Path

import numpy as np
import pytest
from PIL import Image, JpegImagePlugin

from editor.files.encoding import ExportFormat, encode_picture
from editor.files.picture import Metadata, Picture
from models.containers import coefficients
from tests.promises.cli_support import decibels, pixels, refused, run, sample, succeeded

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


def with_other_coefficients(path: Path, out: Path, squares: int) -> None:
    """A copy of a JPEG in which a part of so many squares a side is of another picture."""
    made = coefficients.read(path.read_bytes())
    planes = [plane.copy() for plane in made.planes]
    for plane in planes:
        blocks = 2 * squares * plane.shape[0] // planes[0].shape[0]
        plane[:blocks, :blocks] = plane[-blocks:, -blocks:].copy()
    changed = dataclasses.replace(made, planes=(planes[0], planes[1], planes[2]))
    out.write_bytes(coefficients.write(changed))


def test_what_was_changed_is_told_by_inspect_and_by_restore_alike(exported, folder):
    """A part is restored, and said to be; of a whole that is gone the reason is told."""
    changed, out = folder / "changed.jpg", folder / "of-changed.png"
    with_other_coefficients(folder / "e.jpg", changed, 4)
    said = succeeded(run("inspect", changed)).out
    assert "Restorable: in part" in said
    assert "changed since and left as received" in said
    assert "only predicted" in said
    assert json.loads(succeeded(run("inspect", changed, "--json")).out)["restorable"]
    result = succeeded(run("restore", changed, "-o", out))
    assert "changed since" in result.err
    photo, seen = pixels(exported.photo), pixels(changed)
    assert decibels(pixels(out), photo) > decibels(seen, photo) + 3
    with_other_coefficients(folder / "e.jpg", changed, 15)
    facts = json.loads(succeeded(run("inspect", changed, "--json")).out)
    assert not facts["restorable"]
    assert facts["why_not"] in refused(run("restore", changed, "-o", out, "--overwrite"))


def test_compressed_again_it_is_refused(folder):
    """Never garbage."""
    again, out = folder / "again.jpg", folder / "of-again.png"
    for quality in (95, 85, 30):
        Image.fromarray(pixels(folder / "e.jpg")).save(again, quality=quality)
        facts = json.loads(succeeded(run("inspect", again, "--json")).out)
        assert not facts["restorable"]
        assert "re-compressed since" in facts["why_not"]
        assert "re-compressed since" in refused(run("restore", again, "-o", out))


@pytest.mark.parametrize("orientation", [3, 6])
def test_turned_by_its_metadata_it_is_restored_as_it_is_seen(exported, folder, orientation):
    turned, out = folder / f"turned-{orientation}.jpg", folder / f"of-turned-{orientation}.png"
    made = coefficients.read((folder / "e.jpg").read_bytes())
    exif = Image.Exif()
    exif[0x0112] = orientation
    size = (made.width, made.height)
    picture = Picture(np.zeros((size[1], size[0], 3), np.uint8), metadata=Metadata())
    data = encode_picture(picture, ExportFormat("jpeg"), jpeg=coefficients.write(made))
    segment = b"Exif\0\0" + exif.tobytes().removeprefix(b"Exif\0\0")
    app1 = b"\xff\xe1" + (len(segment) + 2).to_bytes(2, "big") + segment
    turned.write_bytes(data[:2] + app1 + data[2:])
    succeeded(run("restore", turned, "-o", out))
    photo = np.rot90(pixels(exported.photo), {3: 2, 6: -1}[orientation])
    assert decibels(pixels(out), photo) > 33


@pytest.mark.parametrize(
    ("quality", "why"), [(95, "too small to carry"), (10, "quality 10 is too low")]
)
def test_where_it_cannot_carry_its_original_it_says_why(exported, tmp_path, quality, why):
    photo = exported.photo
    if quality == 95:
        photo = tmp_path / "tiny.png"
        sample("clouds", 40).save(photo)
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
