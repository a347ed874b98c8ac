"""What was exported once restores for ever: files made before, with the pictures they carry."""

from __future__ import annotations

import numpy as np
import pytest
from PIL import Image

from editor.document import Document
from editor.engine import embedding, short_recipe
from editor.engine.edits import from_recipe
from editor.files.picture_files import open_picture
from models.metrics import psnr
from tests.golden import make
from tests.golden.cases import CASES, FOLDER, MANIFEST, Case, digest, file_digest, manifest

LIKE_STORED = 60.0
"""dB: hardly any sample differs."""


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.name)
def test_an_export_is_the_one_that_was_made(case: Case):
    assert file_digest(case.export) == manifest()[case.name]["export"]


def test_what_is_there_is_not_made_again(monkeypatch, capsys):
    def again(case: Case) -> None:
        raise AssertionError(f"{case.name} is made again.")

    before = MANIFEST.read_bytes()
    monkeypatch.setattr(make, "make", again)
    make.main([])
    assert capsys.readouterr().out == ""
    assert before == MANIFEST.read_bytes()


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.name)
def test_a_golden_export_restores(case: Case):
    found = embedding.find(embedding.received(open_picture(case.export)))
    assert found is not None
    assert found.detection.container == case.kind
    restored = Document.restore(case.export, passphrase=case.passphrase).picture.pixels
    if not case.kept:
        likeness = manifest()[case.name]["psnr"]
        assert psnr(restored, case.photo) == pytest.approx(likeness, abs=0.05)
        return
    stored = np.asarray(Image.open(case.restored))
    assert digest(stored) == manifest()[case.name]["restored"]
    if case.rounded:
        assert psnr(restored, stored) >= LIKE_STORED
    else:
        assert digest(restored) == digest(stored)


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.name)
def test_the_pixels_of_a_golden_export_name_its_edits(case: Case):
    found = embedding.find(embedding.received(open_picture(case.export)))
    assert found is not None
    assert found.locked == (case.passphrase is not None)
    found = embedding.unlock(found, case.passphrase)
    recipe = short_recipe.unpack(found.attached)
    assert (recipe is not None) == case.listed
    if recipe is not None:
        assert [e.operator for e in from_recipe(recipe)] == [case.look]


def test_every_kind_of_file_here_belongs_to_a_case():
    files = {p.name for p in FOLDER.iterdir() if p.suffix not in (".py", ".json", "")}
    assert files == {p.name for case in CASES for p in case.files}
    assert set(manifest()) == {case.name for case in CASES}
