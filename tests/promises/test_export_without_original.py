"""An export without the original: nothing of it is there, and that is made sure of."""

from __future__ import annotations

import pytest
from PIL import Image

from editor.document import Document
from editor.engine.restore import inspect
from editor.files.encoding import ExportFormat
from editor.files.picture import PictureError
from tests.promises.cli_support import SAMPLES, run, succeeded

EDIT = ("--edit", "film")


@pytest.fixture
def photo(tmp_path):
    path = tmp_path / "photo.jpg"
    with Image.open(SAMPLES / "lake.jpg") as image:
        image.crop((300, 100, 620, 340)).save(path, quality=95)
    return path


@pytest.mark.parametrize("name", ["e.png", "e.jpg"])
def test_the_export_is_the_look_and_no_more(photo, tmp_path, name):
    clean = tmp_path / "clean.png"
    words = ("apply", photo, "-o", tmp_path / name, *EDIT, "--without-original", "--clean", clean)
    said = succeeded(run(*words))
    assert "It does not carry its original. It was left out" in said.out
    assert inspect(tmp_path / name).found is None
    if name == "e.png":
        pictures = [Image.open(path).convert("RGB").tobytes() for path in (tmp_path / name, clean)]
        assert pictures[0] == pictures[1]
    refused = run("restore", tmp_path / name, "-o", tmp_path / "r.png")
    assert refused.code == 1
    assert "exported without" in refused.err


def test_a_batch_can_leave_it_out(photo, tmp_path):
    folder = tmp_path / "out"
    words = ("batch", "apply", tmp_path, "-o", folder, *EDIT, "--without-original", "--jobs", "1")
    assert "It was left out" in succeeded(run(*words)).err
    assert inspect(folder / "photo.png").found is None


def test_with_an_exact_copy_it_makes_no_sense(photo, tmp_path):
    words = ("--without-original", "--keep-original")
    refused = run("apply", photo, "-o", tmp_path / "e.png", *EDIT, *words)
    assert refused.code == 2
    with pytest.raises(ValueError, match="exact copy"):
        Document.open(photo).encode(ExportFormat("png"), carry_original=False, keep_original=True)


def test_an_export_whose_original_would_still_come_back_is_refused(photo, tmp_path):
    first = tmp_path / "first.png"
    Document.open(photo).add("film").export(first)
    with pytest.raises(PictureError, match="itself"):
        Document.open(first).export(tmp_path / "second.png", carry_original=False)
    assert not (tmp_path / "second.png").exists()
