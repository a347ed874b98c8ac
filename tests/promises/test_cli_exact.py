"""``--exact``: the reference algorithm where the learned operator is the default."""

from __future__ import annotations

import numpy as np
import pytest
from PIL import Image

from editor.engine import operator_choice
from models.operators.images import from_float, to_float
from models.operators.registry import OPERATORS
from tests.models.natural_pictures import natural
from tests.promises.cli_support import run, succeeded


@pytest.fixture(autouse=True)
def learned_by_default(monkeypatch):
    """A learned look as the default, whatever the shipped weights are good for."""
    monkeypatch.setattr(operator_choice, "FASTER", frozenset({"rtv"}))


@pytest.fixture
def photo_path(tmp_path):
    path = tmp_path / "photo.png"
    Image.fromarray(natural(60, 350, seed=2)).save(path)
    return path


def applied(photo_path, *options):
    """The clean look, and what `inspect` says of the export."""
    out, clean = photo_path.with_name("out.png"), photo_path.with_name("clean.png")
    edit = ("--edit", "rtv=0.9", "--edit", "film")
    succeeded(run("apply", photo_path, "-o", out, "--clean", clean, "--overwrite", *edit, *options))
    with Image.open(clean) as image:
        return np.asarray(image), succeeded(run("inspect", out, "--json")).json


def test_exact_is_the_reference_and_the_default_is_not(photo_path):
    with Image.open(photo_path) as image:
        photo = to_float(np.asarray(image))
    look = OPERATORS["film"](OPERATORS["rtv"](photo, 0.9), 1.0)
    reference = from_float(np.asarray(look), np.dtype(np.uint8))
    exact, facts = applied(photo_path, "--exact")
    np.testing.assert_array_equal(exact, reference)
    assert all("made_by" not in edit for edit in facts["edits"])
    learned, facts = applied(photo_path)
    assert not np.array_equal(learned, reference)
    assert [edit.get("made_by", "")[:10] for edit in facts["edits"]] == ["operators-", ""]


def test_a_folder_too(photo_path, tmp_path):
    edit = ("--edit", "rtv=0.9")
    for name, options in (("exact", ["--exact"]), ("learned", [])):
        succeeded(run("batch", "apply", photo_path.parent, "-o", tmp_path / name, *edit, *options))
    facts = [
        succeeded(run("inspect", tmp_path / name / "photo.png", "--json")).json
        for name in ("exact", "learned")
    ]
    assert "made_by" not in facts[0]["edits"][0]
    assert facts[1]["edits"][0]["made_by"].startswith("operators-")


def test_inspect_names_the_weights_in_words(photo_path):
    applied(photo_path)
    out = photo_path.with_name("out.png")
    assert "rtv=0.9 (drawn by operators-" in succeeded(run("inspect", out)).out
