"""Promise: an export of an export still carries the photo, on the command line as in Python."""

from __future__ import annotations

import pytest
from PIL import Image

from tests.promises.cli_support import decibels, pixels, run, sample, succeeded


@pytest.fixture
def files(tmp_path):
    """A photo, and an export of it."""
    photo, first = tmp_path / "photo.png", tmp_path / "first.png"
    sample("clouds", 128).save(photo)
    succeeded(run("apply", photo, "-o", first, "--edit", "exposure=-1"))
    return photo, first


def test_the_photo_comes_back_from_the_second_export(files, tmp_path):
    photo, first = files
    second, back = tmp_path / "second.png", tmp_path / "back.png"
    result = succeeded(run("apply", first, "-o", second, "--edit", "film=0.5", "--json"))
    assert result.json["notes"] == [
        "The picture is an export itself: this one carries the first original on."
    ]
    restored = succeeded(run("restore", second, "-o", back, "--json")).json
    assert [edit["operator"] for edit in restored["edits"]] == ["exposure", "film"]
    assert decibels(pixels(back), pixels(photo)) > 38


def test_as_new_the_first_export_comes_back(files, tmp_path):
    photo, first = files
    second, back = tmp_path / "second.png", tmp_path / "back.png"
    result = succeeded(run("apply", first, "-o", second, "--edit", "film=0.5", "--as-new"))
    assert "an export itself" not in result.err
    succeeded(run("restore", second, "-o", back))
    assert decibels(pixels(back), pixels(first)) > 38
    assert decibels(pixels(back), pixels(photo)) < 25


def test_batch_does_so_too_and_says_it(files, tmp_path):
    photo, first = files
    folder, exports = tmp_path / "folder", tmp_path / "exports"
    folder.mkdir()
    first.rename(folder / "first.png")
    result = succeeded(run("batch", "apply", folder, "-o", exports, "--edit", "film=0.5"))
    assert "first.png: The picture is an export itself" in result.err
    succeeded(run("restore", exports / "first.png", "-o", tmp_path / "back.png"))
    assert decibels(pixels(tmp_path / "back.png"), pixels(photo)) > 38


def test_of_a_changed_export_it_is_said_ever_after(files, tmp_path):
    _, first = files
    second = tmp_path / "second.png"
    with Image.open(first) as image:
        stuck = image.convert("RGB")
    stuck.paste((255, 220, 0), (30, 20, 70, 60))
    stuck.save(first)
    succeeded(run("apply", first, "-o", second, "--edit", "film=0.5"))
    facts = succeeded(run("inspect", second, "--json")).json
    assert (facts["outcome"], facts["doubtful"]) == ("unproven", True)
    assert "from an export that was not proven itself" in succeeded(run("inspect", second)).out
    result = succeeded(run("restore", second, "-o", tmp_path / "back.png"))
    assert "was not proven there" in result.err
