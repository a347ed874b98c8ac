"""The benchmark measures what it says, on a picture that is small enough for a test."""

from __future__ import annotations

import re

import pytest
from PIL import Image

import resources
from editor import benchmark


def test_quick_measures_every_job_beside_pillow(monkeypatch: pytest.MonkeyPatch, capsys) -> None:
    monkeypatch.setattr(benchmark, "starts", lambda folder, photo: iter(["| start |"]))
    monkeypatch.setattr(benchmark, "QUICK", 0.05)
    benchmark.main(["--quick", "--format", "png"])
    said = capsys.readouterr().out
    (row,) = [line for line in said.splitlines() if line.startswith("| 0.05 | png |")]
    cells = row.split("|")[3:-1]
    assert len(cells) == len(benchmark.JOBS) + 1
    export, restore = (float(re.match(r" ([\d.]+) s", cell)[1]) for cell in cells[2:4])
    assert export > 0.05
    assert restore > 0.01
    memory = re.match(r" (\d+), ([\d.]+) x", cells[-1])
    assert int(memory[1]) > 60
    assert float(memory[2]) > 1.5


@pytest.mark.parametrize("megapixels", [0.05, 2.0])
def test_pictures_have_the_size_that_is_asked_for(tmp_path, megapixels) -> None:
    path = benchmark.photo_of(megapixels, resources.SAMPLES / "clouds.jpg", tmp_path)
    with Image.open(path) as image:
        assert image.width * image.height == pytest.approx(megapixels * 1e6, rel=0.01)
        assert image.width / image.height == pytest.approx(4 / 3, rel=0.01)


def test_starting_is_measured_as_processor_time(tmp_path) -> None:
    import subprocess
    import sys

    work = [sys.executable, "-c", "sum(range(4_000_000))"]
    idle = [sys.executable, "-c", "import time; time.sleep(0.5)"]
    spent = [benchmark._best(lambda words=words: subprocess.run(words)) for words in (work, idle)]
    assert spent[0] > spent[1]
    assert spent[1] < 0.4
