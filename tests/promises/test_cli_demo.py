"""Promise: ``pentimento demo`` sends a photo through the whole main job and prints the figures."""

from __future__ import annotations

import re

import pytest
from PIL import Image

from editor.cli.commands import demo
from tests.promises.cli_support import decibels, files_in, pixels, refused, run, sample, succeeded


@pytest.fixture(autouse=True)
def small_sample(tmp_path, monkeypatch):
    """The sample photo, reduced: the lines are the same, sooner."""
    sample("clouds", 160).save(tmp_path / "sample.png")
    monkeypatch.setattr(demo, "SAMPLE", tmp_path / "sample.png")


def figure(lines: list[str], what: str) -> float:
    found = [re.search(r"([\d.]+) dB", line) for line in lines if line.startswith(what)]
    (number,) = [float(match[1]) for match in found if match]
    return number


@pytest.mark.parametrize("there", [False, True], ids=["in a new folder", "a second time"])
def test_the_lines_are_true_of_the_files(tmp_path, there):
    folder = tmp_path / "new" / "demo"
    if there:
        folder.mkdir(parents=True)
        (folder / "edited.png").write_bytes(b"of the last time")
    lines = succeeded(run("demo", "-o", folder)).out.splitlines()
    assert files_in(folder) == {"edited.png", "stripped.png", "restored.png"}
    assert [line.split("  ")[0] for line in lines] == [
        "Photo", "Look applied", "File written", "Stripped", "Restored",
        "", "Look", "Restored", "Unrestored",
    ]  # fmt: skip
    assert lines[1].endswith("local-laplacian=0.8, film=1, exposure=+1")
    back = decibels(pixels(folder / "restored.png"), pixels(tmp_path / "sample.png"))
    assert figure(lines, "Restored") == pytest.approx(back, abs=0.051)
    assert back >= 37
    assert figure(lines, "Look  ") >= 40
    with Image.open(folder / "stripped.png") as bare:
        assert set(bare.info) == set()


def test_a_file_in_the_way(tmp_path):
    line = refused(run("demo", "-o", tmp_path / "sample.png"))
    assert "exists" in line
