"""What was exported once restores for ever: files made before, with the pictures they carry."""

from __future__ import annotations

import json

import numpy as np
import pytest
from PIL import Image

from editor.document import Document
from editor.engine import embedding
from editor.files.picture_files import open_picture
from models.metrics import psnr
from tests.golden.cases import CASES, FOLDER, MANIFEST, Case, digest

LIKE_STORED = 48.0
"""dB: networks compute in the number format that is fastest on a machine."""


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.name)
def test_a_golden_export_restores(case: Case):
    found = embedding.find(open_picture(case.export).pixels)
    assert found is not None
    assert found.detection.container == case.kind
    restored = Document.restore(case.export).picture.pixels
    stored = np.asarray(Image.open(case.restored))
    assert digest(stored) == json.loads((FOLDER / MANIFEST).read_text())[case.name]
    if case.networks:
        assert psnr(restored, stored) >= LIKE_STORED
    else:
        assert digest(restored) == digest(stored)


def test_every_kind_of_file_here_belongs_to_a_case():
    files = {p.name for p in FOLDER.iterdir() if p.suffix not in (".py", ".json", "")}
    assert files == {p.name for c in CASES for p in (c.export, c.restored)}
