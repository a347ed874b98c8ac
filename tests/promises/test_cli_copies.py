"""A smaller, compressed copy of an export gives its original back, and is told as what it is."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from models.metrics import psnr
from tests.promises.cli_support import SAMPLES, run, succeeded

SAMPLE = SAMPLES / "lake.jpg"


def export(folder: Path, *options: str) -> Path:
    path = folder / "export.png"
    succeeded(run("apply", SAMPLE, "-o", path, "--edit", "exposure=+1", "--strip", *options))
    return path


@pytest.fixture(scope="module")
def copy(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("copies")
    picture = Image.open(export(folder)).convert("RGB")
    smaller = picture.resize((1000, 562), Image.Resampling.BICUBIC)
    path = folder / "copy.jpg"
    smaller.save(path, quality=82, subsampling=2)
    return path


def test_a_copy_is_restored_at_its_own_size(copy: Path, tmp_path: Path) -> None:
    restored = tmp_path / "restored.png"
    said = succeeded(run("restore", copy, "-o", restored))
    facts = succeeded(run("restore", copy, "-o", restored, "--overwrite", "--json")).json
    assert (facts["way"], facts["outcome"]) == ("layer for copies", "unproven")
    assert "from 1152 × 648 to" in said.err
    photo = np.asarray(Image.open(SAMPLE).convert("RGB").resize((1000, 562)))
    received = np.asarray(Image.open(copy).convert("RGB"))
    assert psnr(np.asarray(Image.open(restored)), photo) > psnr(received, photo) + 8


def test_inspecting_a_copy_says_what_it_is(copy: Path) -> None:
    said = succeeded(run("inspect", copy)).out
    assert "made smaller from 1152 × 648 to 1000 × 562 pixels" in said
    assert "not proven unchanged" in said
    facts = succeeded(run("inspect", copy, "--json")).json
    assert facts["restorable"]
    assert facts["outcome"] == "unproven"


def test_the_layer_for_copies_can_be_left_out(tmp_path: Path) -> None:
    clean = tmp_path / "clean.png"
    outcomes = []
    for options in ((), ("--untouched-only",)):
        path = export(tmp_path, "--overwrite", "--clean", str(clean), *options)
        made, look = (np.asarray(Image.open(p).convert("RGB")) for p in (path, clean))
        outcomes.append(psnr(made, look))
    assert outcomes[0] >= 45
    assert outcomes[1] >= max(48, outcomes[0] + 1)
