"""Promise: ``pentimento apply`` edits in order and writes a picture that carries its original."""

from __future__ import annotations

import errno
import json
import os
import re
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from editor.engine import automatic
from editor.engine.quality import in_words
from editor.engine.render import render
from models.operators.registry import OPERATORS
from tests.promises.cli_support import (
    decibels,
    files_in,
    pixels,
    refused,
    run,
    sample,
    succeeded,
)


def test_the_export_looks_like_the_edit_and_carries_the_original(exported):
    figures = exported.figures
    assert figures["output"] == str(exported.path)
    assert figures["bytes"] == exported.path.stat().st_size
    assert figures["restorable"] is True
    assert figures["why_not"] == ""
    assert figures["export_psnr"] >= 40
    assert figures["restored_psnr"] >= 37


def test_the_figures_are_true_of_the_files(exported):
    look = pixels(exported.clean)
    measured = decibels(pixels(exported.path), look)
    assert exported.figures["export_psnr"] == pytest.approx(measured, abs=0.006)
    nothing = decibels(look, pixels(exported.photo))
    assert exported.figures["unrestored_psnr"] == pytest.approx(nothing, abs=0.006)


def test_clean_is_what_the_edits_make_in_their_order(exported):
    photo = pixels(exported.photo).astype(np.float32) / np.float32(255)
    look = OPERATORS["exposure"](OPERATORS["local-laplacian"](photo, 0.8), 1.5)
    written = pixels(exported.clean).astype(int)
    np.testing.assert_allclose(written, np.rint(look * 255), atol=1)  # floats round either way
    assert np.mean(written != np.rint(look * 255)) < 1e-3


def test_edits_in_another_order_make_another_picture(small_photo, tmp_path):
    looks = []
    for edits in (["film", "exposure=-2"], ["exposure=-2", "film"]):
        options = [word for edit in edits for word in ("--edit", edit)]
        clean = tmp_path / f"{edits[0]}.png"
        succeeded(run("apply", small_photo, "-o", tmp_path / "o.jpg", *options, "--clean", clean,
                      "--overwrite"))  # fmt: skip
        looks.append(pixels(clean))
    assert decibels(*looks) < 40


def test_a_mask_keeps_the_edit_to_where_it_is_white(tmp_path):
    sample("portrait", 200).save(tmp_path / "face.png")
    photo = pixels(tmp_path / "face.png")
    mask = np.zeros(photo.shape[:2], np.uint8)
    mask[: len(mask) // 2] = 255
    Image.fromarray(mask).save(tmp_path / "mask.png")
    edit = f"retouch=0.7:{tmp_path / 'mask.png'}"
    clean = tmp_path / "clean.png"
    out = tmp_path / "o.png"
    succeeded(run("apply", tmp_path / "face.png", "-o", out, "--edit", edit, "--clean", clean))
    look, half = pixels(clean), len(mask) // 2
    np.testing.assert_array_equal(look[half:], photo[half:])
    whole = OPERATORS["retouch"](photo, 0.7)
    np.testing.assert_allclose(look[:half].astype(int), whole[:half].astype(int), atol=1)
    assert decibels(look[:half], photo[:half]) < 60


def test_what_is_transparent_in_a_mask_is_left_alone(small_photo, tmp_path):
    white = np.full((120, 160, 4), 255, np.uint8)
    white[:, 80:, 3] = 0
    Image.fromarray(white).save(tmp_path / "mask.png")
    clean = tmp_path / "clean.png"
    edit = f"exposure=:{tmp_path / 'mask.png'}"  # at its default, +1
    succeeded(run("apply", small_photo, "-o", tmp_path / "o.jpg", "--edit", edit, "--clean", clean))
    look, photo = pixels(clean), pixels(small_photo)
    np.testing.assert_array_equal(look[:, 80:], photo[:, 80:])
    np.testing.assert_array_equal(look[:, :80], OPERATORS["exposure"](photo, 1.0)[:, :80])


def test_gradients_keep_the_edit_to_where_they_are(small_photo, tmp_path):
    clean, out = tmp_path / "clean.png", tmp_path / "o.png"
    mask = "linear=0.5,0.25,0.5,0.5:minus-radial=0.25,0.25,0.1,0.1,0,0"
    options = ["--edit", f"exposure=-1:{mask}", "--clean", clean]
    succeeded(run("apply", small_photo, "-o", out, *options))
    look, photo = pixels(clean), pixels(small_photo)
    whole = OPERATORS["exposure"](photo, -1.0)
    np.testing.assert_array_equal(look[60:], photo[60:])
    np.testing.assert_allclose(look[:30, 80:].astype(int), whole[:30, 80:].astype(int), atol=1)
    np.testing.assert_array_equal(look[24:36, 36:44], photo[24:36, 36:44])
    said = succeeded(run("inspect", out)).out
    assert f"exposure=-1:{mask}" in said


def test_crop_and_turn_come_first_and_what_comes_back_is_the_cropped_photo(small_photo, tmp_path):
    out, clean, back = (tmp_path / name for name in ("o.png", "clean.png", "back.png"))
    options = ["--edit", "film", "--edit", "crop=0.25,0,0.5,1", "--edit", "turn=90"]
    succeeded(run("apply", small_photo, "-o", out, *options, "--clean", clean))
    cropped = np.rot90(pixels(small_photo)[:, 40:120], -1)
    np.testing.assert_array_equal(pixels(clean), OPERATORS["film"](np.ascontiguousarray(cropped)))
    succeeded(run("restore", out, "-o", back))
    assert decibels(pixels(back), cropped) > 35
    assert "crop" not in succeeded(run("inspect", out)).out


def test_a_ratio_and_a_mirror_by_name(small_photo, tmp_path):
    clean = tmp_path / "clean.png"
    options = ["--edit", "crop=1:1", "--edit", "mirror=vertical", "--edit", "straighten=2"]
    succeeded(run("apply", small_photo, "-o", tmp_path / "o.jpg", *options, "--clean", clean))
    height, width = pixels(clean).shape[:2]
    assert 100 < width < 120
    assert abs(width - height) <= 1


def test_automatic_light_and_white_balance(small_photo, tmp_path):
    clean = tmp_path / "clean.png"
    options = ["--auto", "light", "--auto", "colour", "--clean", clean]
    succeeded(run("apply", small_photo, "-o", tmp_path / "o.png", *options))
    photo = pixels(small_photo)
    edits = (*automatic.edits_for(photo, "light"), *automatic.edits_for(photo, "colour"))
    assert edits
    np.testing.assert_array_equal(pixels(clean), render(photo, edits))
    told = json.loads(succeeded(run("inspect", tmp_path / "o.png", "--json")).out)
    assert [e["operator"] for e in told["edits"]] == [e.operator for e in edits]


def test_a_setting_beside_the_strength(small_photo, tmp_path):
    mask, clean = tmp_path / "mask.png", tmp_path / "clean.png"
    Image.fromarray(np.full((120, 160), 255, np.uint8)).save(mask)
    points = (0, 0.1, 0.4, 0.3, 1, 1)
    edit = f"tone-curve=0,0.1,0.4,0.3,1,1/channels=luminance/strength=0.5:{mask}"
    out = tmp_path / "o.png"
    succeeded(run("apply", small_photo, "-o", out, "--edit", edit, "--clean", clean))
    operator = OPERATORS["tone-curve"].with_settings(
        (("points", points), ("channels", "luminance"))
    )
    expected = operator(pixels(small_photo), 0.5)
    np.testing.assert_allclose(pixels(clean).astype(int), expected.astype(int), atol=1)
    told = succeeded(run("inspect", out)).out
    assert "tone-curve=channels=luminance/points=0,0.1,0.4,0.3,1,1/strength=0.5" in told


@pytest.mark.parametrize(
    ("edit", "says"),
    [
        ("oil", "There is no operator “oil”. Did you mean oil-painting?"),
        ("color-pencil=0.5", "Did you mean colour-pencil?"),
        ("", "There is no operator “”. Known ones: local-laplacian"),
        ("film=much", "“much” is not a number"),
        ("film=0,8", "“0,8” is not a number such as 0.8"),
        ("film=", "there is no strength"),
        ("film=1.5", "film takes a strength from 0 to 1, not 1.5"),
        ("film=nan", "film takes a strength from 0 to 1"),
        ("exposure=-4", "exposure takes a strength from -3 to 3, not -4"),
        ("retouch=0.7:", "there is no mask"),
        ("film=1:linear=0.5,0.5", "“linear=0.5,0.5” is not of the form linear=X,Y,TO_X,TO_Y"),
        ("film=1:not-radial=0,0,0,a", "is not of the form radial=X,Y,RX,RY[,ANGLE[,FEATHER]]"),
        ("film=1:radial=0.5,0.5,0,0.1", "A gradient lies too far from its picture"),
        ("crop=0,0,0,1", "crop takes as rectangle: X,Y,WIDTH,HEIGHT or a ratio such as 16:9"),
        ("crop=16:0", "crop takes as rectangle"),
        ("turn=45", "turn takes multiples of 90"),
        ("straighten=50", "straighten takes a strength from -45 to 45"),
        ("mirror=up", "mirror takes as direction: horizontal or vertical"),
        ("tone-curve=", "there is no value"),
        ("tone-curve=0,0,1", "tone-curve takes as points: X,Y,X,Y"),
        ("tone-curve=0,0,1,1/colour=red", "has no “colour”, only points, channels, strength"),
        ("tone-curve=0,0,1,1/rgb", "there is no name before “rgb”"),
        ("tone-curve=0,0,1,1/strength=x", "“x” is not a number"),
        ("retouch=0.7:no-such-mask.png", "The mask could not be used. There is no file"),
        (f"retouch=0.7:{__file__}", "The mask could not be used. “test_cli_apply.py” is not a pic"),
    ],
)
def test_a_wrong_edit_is_wrong_usage(small_photo, tmp_path, edit, says):
    line = refused(run("apply", small_photo, "-o", tmp_path / "o.png", "--edit", edit), 2)
    assert says in line
    assert files_in(tmp_path) == {"photos"}


@pytest.mark.parametrize(
    ("options", "says"),
    [
        (["--quality", "0"], "a whole number from 1 to 100, not “0”"),
        (["--quality", "101"], "a whole number from 1 to 100"),
        (["--quality", "best"], "not “best”"),
        (["--subsampling", "411"], "--subsampling"),
        (["--device", "abacus"], "--device"),
        (["--colour"], "--colour"),
        (["--over"], "--over"),
    ],
)
def test_a_wrong_option_is_wrong_usage(small_photo, tmp_path, options, says):
    assert says in refused(run("apply", small_photo, "-o", tmp_path / "o.png", *options), 2)
    assert files_in(tmp_path) == {"photos"}


def test_missing_arguments_are_wrong_usage(small_photo):
    assert "-o/--output" in refused(run("apply", small_photo), 2)
    assert "PHOTO" in refused(run("apply", "-o", "x.png"), 2)


def test_a_device_that_this_computer_lacks(small_photo, tmp_path):
    import torch

    there = {"cuda": torch.cuda.is_available(), "mps": torch.backends.mps.is_available()}
    for device in (name for name in there if not there[name]):
        line = refused(run("apply", small_photo, "-o", tmp_path / "o.png", "--device", device), 2)
        assert f"This computer has no {device} device" in line


@pytest.mark.parametrize(
    ("suffix", "format_"),
    [("png", "PNG"), ("webp", "WEBP"), ("tif", "TIFF"), ("TIFF", "TIFF"), ("JPG", "JPEG")],
)
def test_the_format_follows_the_extension(small_photo, tmp_path, suffix, format_):
    out = tmp_path / f"o.{suffix}"
    succeeded(run("apply", small_photo, "-o", out, "--edit", "exposure=-1"))
    with Image.open(out) as image:
        assert image.format == format_
    assert files_in(tmp_path) == {"photos", out.name}


@pytest.mark.parametrize("name", ["o.xyz", "o", "o.bmp", "o.heic"])
def test_an_extension_of_no_format_is_wrong_usage(small_photo, tmp_path, name):
    line = refused(run("apply", small_photo, "-o", tmp_path / name, "--edit", "film"), 2)
    assert ".png, .jpg, .webp or .tif" in line
    clean = ("--clean", tmp_path / name)
    refused(run("apply", small_photo, "-o", tmp_path / "o.png", "--edit", "film", *clean), 2)
    assert files_in(tmp_path) == {"photos"}


def test_clean_must_be_exact(small_photo, tmp_path):
    options = ("-o", tmp_path / "o.png", "--edit", "film", "--clean", tmp_path / "c.jpg")
    assert "exactly" in refused(run("apply", small_photo, *options), 2)


def test_an_existing_file_is_not_overwritten(small_photo, tmp_path):
    for kept, options in (
        ("o.png", ["-o", tmp_path / "o.png"]),
        ("c.png", ["-o", tmp_path / "new.png", "--clean", tmp_path / "c.png"]),
    ):
        (tmp_path / kept).write_bytes(b"mine")
        line = refused(run("apply", small_photo, *options, "--edit", "film"))
        assert "exists already" in line
        assert (tmp_path / kept).read_bytes() == b"mine"
    assert files_in(tmp_path) == {"photos", "o.png", "c.png"}


def test_unless_that_is_wanted(small_photo, tmp_path):
    (tmp_path / "o.png").write_bytes(b"old")
    succeeded(
        run("apply", small_photo, "-o", tmp_path / "o.png", "--edit", "exposure", "--overwrite")
    )
    assert pixels(tmp_path / "o.png").shape == (120, 160, 3)


def test_the_photo_itself_is_never_overwritten(small_photo, tmp_path):
    before = small_photo.read_bytes()
    (tmp_path / "link.png").symlink_to(small_photo)
    os.link(small_photo, tmp_path / "hard.png")
    names = [small_photo, small_photo.parent / ".." / "photos" / "clouds.png"]
    for name in [*names, tmp_path / "link.png", tmp_path / "hard.png"]:
        for options in (["-o", name], ["-o", tmp_path / "o.png", "--clean", name]):
            line = refused(run("apply", small_photo, *options, "--edit", "film", "--overwrite"), 2)
            assert "never overwritten" in line
    assert small_photo.read_bytes() == before
    assert not (tmp_path / "o.png").exists()


def test_one_name_cannot_be_export_and_clean(small_photo, tmp_path):
    options = ("-o", tmp_path / "o.png", "--clean", tmp_path / "photos" / ".." / "o.png")
    assert "two outputs" in refused(run("apply", small_photo, *options, "--edit", "film"), 2)
    assert files_in(tmp_path) == {"photos"}


def test_a_missing_folder(small_photo, tmp_path):
    for options in (
        ["-o", tmp_path / "no" / "o.png"],
        ["-o", tmp_path / "o.png", "--clean", tmp_path / "no" / "c.png"],
        ["-o", small_photo / "o.png"],
    ):
        assert "no folder" in refused(run("apply", small_photo, *options, "--edit", "film"))
    (tmp_path / "folder.png").mkdir()
    line = refused(run("apply", small_photo, "-o", tmp_path / "folder.png", "--edit", "film"))
    assert "is a folder" in line
    assert files_in(tmp_path) == {"photos", "folder.png"}


def test_a_folder_that_may_not_be_written_into(small_photo, tmp_path, monkeypatch):
    folder = tmp_path / "sealed"
    folder.mkdir()
    if os.name == "nt" or os.geteuid() == 0:  # permissions do not hold root back

        def sealed(path, mode="r", **more):
            if Path(path).parent == folder:
                raise PermissionError(errno.EACCES, "Permission denied")
            return open(path, mode, **more)

        monkeypatch.setattr("editor.files.picture_files.open", sealed, raising=False)
    else:
        folder.chmod(0o500)
    line = refused(run("apply", small_photo, "-o", folder / "o.png", "--edit", "exposure"))
    assert "You may not write into the folder" in line
    assert files_in(folder) == set()


@pytest.mark.parametrize("full_after", [0, 1])
def test_a_full_disk_leaves_nothing_behind(small_photo, tmp_path, monkeypatch, full_after):
    """Neither the export nor, where only the second file does not fit, the first."""
    calls = []

    def full(handle: int) -> None:
        if os.path.isdir(f"/proc/self/fd/{handle}"):
            return  # syncing a folder takes no space
        calls.append(handle)
        if len(calls) > full_after:
            raise OSError(errno.ENOSPC, "No space left on device")

    monkeypatch.setattr("os.fsync", full)
    options = ("--edit", "exposure", "--clean", tmp_path / "c.png")
    line = refused(run("apply", small_photo, "-o", tmp_path / "o.png", *options))
    assert "The disk is full" in line
    assert files_in(tmp_path) == {"photos"}


def test_a_full_disk_costs_no_older_export(small_photo, tmp_path, monkeypatch):
    out = tmp_path / "o.png"
    out.write_bytes(b"older")

    def full(handle: int) -> None:
        raise OSError(errno.ENOSPC, "No space left on device")

    monkeypatch.setattr("os.fsync", full)
    refused(run("apply", small_photo, "-o", out, "--edit", "exposure", "--overwrite"))
    assert out.read_bytes() == b"older"
    assert files_in(tmp_path) == {"photos", "o.png"}


def test_without_an_effective_edit_there_is_nothing_to_hide(small_photo, tmp_path):
    for i, edits in enumerate([[], ["--edit", "film=0"]]):
        out = tmp_path / f"{i}.png"
        said = succeeded(run("apply", small_photo, "-o", out, *edits)).out
        assert "It does not carry its original. No edit changes the photo" in said
        np.testing.assert_array_equal(pixels(out), pixels(small_photo))


def test_what_is_said(small_photo, tmp_path):
    out = tmp_path / "o.png"
    result = succeeded(run("apply", small_photo, "-o", out, "--edit", "exposure"))
    lines = result.out.splitlines()
    assert lines[0].startswith(f"Wrote {out} (")
    assert lines[0].endswith("it carries its original.")
    assert [line.split()[0] for line in lines[1:]] == ["Look", "Restored", "Unrestored"]
    assert result.err == ""  # no progress bar in a log
    words = r"(identical|excellent|very good|good|fair|poor)"
    assert re.match(rf"Look +{words} \([\d.]+ dB\): ", lines[1])
    figures = r"\(([\d.]+) dB in its worst part, ([\d.]+) dB in all\)"
    match = re.match(rf"Restored +{words} {figures}: ", lines[2])
    assert match is not None
    assert str(in_words(float(match[2]))) == match[1]  # the worst part's, as in the window
    assert float(match[2]) <= float(match[3])


def test_strip_leaves_the_metadata_out(tmp_path):
    exif = Image.Exif()
    exif[0x010F] = "Kamera"
    sample("clouds", 160).save(tmp_path / "a.jpg", exif=exif)
    for name, options in (("kept", []), ("bare", ["--strip"])):
        out = tmp_path / f"{name}.png"
        succeeded(run("apply", tmp_path / "a.jpg", "-o", out, "--edit", "exposure", *options))
    with Image.open(tmp_path / "kept.png") as kept, Image.open(tmp_path / "bare.png") as bare:
        assert kept.getexif()[0x010F] == "Kamera"
        assert "pentimento" in str(kept.info)
        assert not bare.getexif()
        assert "pentimento" not in str(bare.info)
