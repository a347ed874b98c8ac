"""Promise: ``pentimento restore`` gives the original back, or says why it cannot."""

from __future__ import annotations

import io
import os

import numpy as np
import pytest
from PIL import Image

from editor.files.picture_files import open_picture, read_recipe
from tests.promises.cli_support import (
    decibels,
    files_in,
    pixels,
    refused,
    run,
    sample,
    succeeded,
)


@pytest.fixture(scope="module")
def restored(exported, tmp_path_factory):
    path = tmp_path_factory.mktemp("restored") / "original.png"
    result = succeeded(run("restore", exported.path, "-o", path, "--json"))
    return path, result.json


def test_the_original_comes_back_as_well_as_promised(exported, restored):
    measured = decibels(pixels(restored[0]), pixels(exported.photo))
    assert measured >= 37
    assert exported.figures["restored_psnr"] == pytest.approx(measured, abs=0.006)


def test_the_facts_as_json(exported, restored):
    path, facts = restored
    assert facts["output"] == str(path)
    assert facts["restorable"] is True
    assert facts["outcome"] == "proven"
    assert facts["notes"] == []
    assert facts["edits"] == [
        {"operator": "local-laplacian", "strength": 0.8},
        {"operator": "exposure", "strength": 1.5},
    ]


def test_the_edit_list_does_not_stay_in_the_original(exported, restored):
    assert read_recipe(open_picture(exported.path)) is not None
    assert read_recipe(open_picture(restored[0])) is None


def test_metadata_comes_along(tmp_path):
    exif = Image.Exif()
    exif[0x010F] = "Kamera"
    sample("clouds", 160).save(tmp_path / "a.jpg", exif=exif, dpi=(300, 300))
    succeeded(run("apply", tmp_path / "a.jpg", "-o", tmp_path / "e.png", "--edit", "exposure"))
    said = succeeded(run("restore", tmp_path / "e.png", "-o", tmp_path / "r.webp"))
    assert said.out == f"Restored the original of e.png to {tmp_path / 'r.webp'}.\n"
    assert said.err == ""
    with Image.open(tmp_path / "r.webp") as image:
        assert image.format == "WEBP"
        assert image.getexif()[0x010F] == "Kamera"


def test_a_lossy_original_is_said_to_be_one(exported, tmp_path):
    result = succeeded(run("restore", exported.path, "-o", tmp_path / "r.jpg"))
    assert result.err.startswith("Note: JPEG does not keep every value")


# -- where it must not write ----------------------------------------------------------------------


def test_names_that_are_taken_or_wrong(exported, tmp_path):
    (tmp_path / "r.png").write_bytes(b"mine")
    assert "exists already" in refused(run("restore", exported.path, "-o", tmp_path / "r.png"))
    assert (tmp_path / "r.png").read_bytes() == b"mine"
    before = exported.path.read_bytes()
    line = refused(run("restore", exported.path, "-o", exported.path, "--overwrite"), 2)
    assert "never overwritten" in line
    assert exported.path.read_bytes() == before
    refused(run("restore", exported.path, "-o", tmp_path / "r.xyz"), 2)
    assert "no folder" in refused(run("restore", exported.path, "-o", tmp_path / "no" / "r.png"))
    assert "-o/--output" in refused(run("restore", exported.path), 2)


def test_a_full_disk(exported, tmp_path, monkeypatch):
    def full(handle: int) -> None:
        raise OSError(28, os.strerror(28))

    monkeypatch.setattr("os.fsync", full)
    line = refused(run("restore", exported.path, "-o", tmp_path / "r.png"))
    assert "The disk is full" in line
    assert files_in(tmp_path) == set()


# -- what is no export, or no longer ---------------------------------------------------------------


def noisy(picture: np.ndarray) -> np.ndarray:
    return picture ^ np.random.default_rng(0).integers(0, 2, picture.shape, np.uint8)


def recompressed(picture: np.ndarray) -> np.ndarray:
    target = io.BytesIO()
    Image.fromarray(picture).save(target, "JPEG", quality=95, subsampling=0)
    return np.asarray(Image.open(target))


def mostly_black(picture: np.ndarray) -> np.ndarray:
    picture = picture.copy()
    picture[:, : picture.shape[1] * 3 // 4] = 0
    return picture


CHANGES = {
    "cropped": lambda p: p[8:, 8:],
    "cropped by one row": lambda p: p[1:],
    "reduced": lambda p: np.asarray(Image.fromarray(p).resize((300, 225))),
    "enlarged": lambda p: np.asarray(Image.fromarray(p).resize((800, 600))),
    "re-compressed": recompressed,
    "lowest bits noisy": noisy,
    "other levels": lambda p: (p * 0.95).astype(np.uint8),
    "mostly black": mostly_black,
}


@pytest.mark.parametrize("change", CHANGES)
def test_a_changed_export_is_refused(exported, tmp_path, change):
    changed = np.ascontiguousarray(CHANGES[change](pixels(exported.path)))
    Image.fromarray(changed).save(tmp_path / "sent back.png")
    line = refused(run("restore", tmp_path / "sent back.png", "-o", tmp_path / "r.png"))
    assert "“sent back.png” cannot be restored: " in line
    why = "of it was changed since" if change == "mostly black" else "resized, cropped or re-comp"
    assert why in line
    assert files_in(tmp_path) == {"sent back.png"}


TURNS = {
    "mirrored": lambda p: p[:, ::-1],
    "on its head": lambda p: p[::-1, ::-1],
    "turned": lambda p: np.rot90(p),
}


@pytest.mark.parametrize("turn", TURNS)
def test_a_turned_export_comes_back_as_it_is_shown(exported, restored, tmp_path, turn):
    shown = np.ascontiguousarray(TURNS[turn](pixels(exported.path)))
    Image.fromarray(shown).save(tmp_path / "turned.webp", lossless=True)
    succeeded(run("restore", tmp_path / "turned.webp", "-o", tmp_path / "r.png"))
    np.testing.assert_array_equal(pixels(tmp_path / "r.png"), TURNS[turn](pixels(restored[0])))


@pytest.mark.parametrize("orientation", [2, 6])
def test_an_export_turned_by_its_tag_comes_back_as_it_is_shown(
    exported, restored, tmp_path, orientation
):
    exif = Image.Exif()
    exif[0x0112] = orientation
    Image.fromarray(pixels(exported.path)).save(tmp_path / "tagged.png", exif=exif)
    succeeded(run("restore", tmp_path / "tagged.png", "-o", tmp_path / "r.png"))
    upright = Image.open(restored[0]).convert("RGB")
    method = {2: Image.Transpose.FLIP_LEFT_RIGHT, 6: Image.Transpose.ROTATE_270}[orientation]
    np.testing.assert_array_equal(pixels(tmp_path / "r.png"), np.asarray(upright.transpose(method)))


def test_a_changed_export_that_still_has_its_edit_list(exported, tmp_path):
    with Image.open(exported.path) as image:
        image.load()
        small = image.resize((300, 225))
        small.save(tmp_path / "a.webp", lossless=True, xmp=image.info["xmp"])
    line = refused(run("restore", tmp_path / "a.webp", "-o", tmp_path / "r.png"))
    assert "it was edited with Pentimento" in line
    seen = succeeded(run("inspect", tmp_path / "a.webp")).out
    assert "Restorable: no; its edit list says" in seen


@pytest.mark.parametrize("make", [lambda e: e.photo, lambda e: e.clean], ids=["photo", "look"])
def test_an_ordinary_picture_is_refused(exported, tmp_path, make):
    line = refused(run("restore", make(exported), "-o", tmp_path / "r.png"))
    assert "it is not a Pentimento export" in line
    assert files_in(tmp_path) == set()


def test_not_even_when_forced(exported, tmp_path):
    line = refused(run("restore", exported.photo, "-o", tmp_path / "r.png", "--force"))
    assert "carry no original" in line
    assert not (tmp_path / "r.png").exists()


def test_force_changes_nothing_for_an_export(exported, restored, tmp_path):
    result = succeeded(run("restore", exported.path, "-o", tmp_path / "r.png", "--force"))
    assert result.err == ""
    np.testing.assert_array_equal(pixels(tmp_path / "r.png"), pixels(restored[0]))


def test_a_small_change_costs_little_and_is_said(exported, tmp_path):
    """A name painted into a corner spoils the corner."""
    changed = pixels(exported.path).copy()
    changed[:40, :100] = 255
    Image.fromarray(changed).save(tmp_path / "signed.png")
    result = succeeded(run("restore", tmp_path / "signed.png", "-o", tmp_path / "r.png"))
    assert "Restored in part: about" in result.err
    back, photo = pixels(tmp_path / "r.png"), pixels(exported.photo)
    assert decibels(back[120:], photo[120:]) > 33
    assert decibels(back[:, 180:], photo[:, 180:]) > 33
