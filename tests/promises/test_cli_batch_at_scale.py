"""Promise: ``pentimento batch`` works in several processes and in shares, and writes it down."""

from __future__ import annotations

import json
import os
import pickle
import signal
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from editor.cli.commands.batches import pool
from editor.cli.commands.batches.job import Recipe, Report, process
from editor.cli.commands.batches.manifest import Manifest
from editor.cli.commands.batches.shards import Shard
from editor.engine.edits import edit
from editor.files.encoding import ExportFormat
from tests.promises.cli_support import files_in, pixels, refused, run, sample, succeeded

FILM = ("--edit", "film")
RECIPE = Recipe("apply", ExportFormat("png"), (edit("exposure", 1.0),))


@pytest.fixture
def photos(tmp_path: Path) -> Path:
    """Four photos and a file that is none."""
    folder = tmp_path / "photos"
    folder.mkdir()
    for i in range(4):
        sample("lake", 72 + 8 * i).save(folder / f"p{i}.png")
    (folder / "damaged.jpg").write_bytes(b"\xff\xd8\xff\xe0 no more")
    return folder


def test_several_processes_do_what_one_does(photos, tmp_path):
    one, two = tmp_path / "one", tmp_path / "two"
    first = run("batch", "apply", photos, "-o", one, *FILM, "--jobs", "1")
    second = run("batch", "apply", photos, "-o", two, *FILM, "--jobs", "2")
    assert first.code == second.code == 1
    assert first.out == second.out == "4 done, 0 there already, 1 failed.\n"
    assert sorted(first.err.splitlines()) == sorted(second.err.splitlines())
    assert files_in(one) == files_in(two)
    for name in files_in(one):
        assert np.array_equal(pixels(one / name), pixels(two / name)), name


def killing_process(source: Path, output: Path, recipe: Recipe) -> Report:
    """Stands in for `process`: the system ends whatever works on p2."""
    if source.stem == "p2":
        os.kill(os.getpid(), signal.SIGKILL)
    output.write_bytes(b"made")
    return Report(source, output, "done")


@pytest.mark.skipif(not hasattr(signal, "SIGKILL"), reason="no such signal here")
def test_a_process_that_is_killed_fails_one_picture(tmp_path, monkeypatch):
    monkeypatch.setattr(pool, "process", killing_process)
    tasks = [(Path(f"p{i}.png"), tmp_path / f"p{i}.png") for i in range(4)]
    reports = {r.source.stem: r for r in pool.run(tasks, RECIPE, 2)}
    assert len(reports) == 4
    assert reports.pop("p2").error.startswith("The process that worked on it was ended")
    assert {r.state for r in reports.values()} == {"done"}
    assert files_in(tmp_path) == {f"p{i}.png" for i in (0, 1, 3)}


def test_as_many_processes_as_processor_and_memory_allow(monkeypatch):
    monkeypatch.setattr(pool, "cores", lambda: 8)
    monkeypatch.setattr(pool, "free_memory", lambda: 64e9)
    assert pool.best_count(100, 1_000_000, "auto") == 8
    assert pool.best_count(5, 1_000_000, "auto") == 5
    assert pool.best_count(2, 1_000_000, "auto") == 1  # not worth starting one
    assert pool.best_count(100, 1_000_000, "cuda") == 1
    monkeypatch.setattr(pool, "free_memory", lambda: 8e9)
    assert 1 <= pool.best_count(100, 24_000_000, "auto") < 4
    assert pool.best_count(100, 200_000_000, "auto") == 1
    monkeypatch.setattr(pool, "free_memory", lambda: None)
    assert pool.best_count(100, 1_000_000, "auto") == 4


def test_what_is_free_is_less_than_there_is():
    free = pool.free_memory()
    assert free is None or 1e6 < free < 1e15
    assert 1 <= pool.cores() <= (os.cpu_count() or 1)


def test_sizes_are_read_from_headers(photos):
    assert pool.pixel_count(photos / "p0.png") == np.prod(pixels(photos / "p0.png").shape[:2])
    assert pool.pixel_count(photos / "damaged.jpg") == 0


def test_recipes_and_reports_travel(tmp_path):
    assert pickle.loads(pickle.dumps(RECIPE)) == RECIPE
    sample("lake", 96).save(tmp_path / "a.png")
    report = process(tmp_path / "a.png", tmp_path / "b.png", RECIPE)
    assert (report.state, report.error) == ("done", "")
    assert pickle.loads(pickle.dumps(report)) == report
    again = process(tmp_path / "a.png", tmp_path / "b.png", RECIPE)
    assert again.state == "there"
    assert len(json.loads(json.dumps(report.as_json()))["source_digest"]) == 64


# -- shares ----------------------------------------------------------------------------------------


def test_shares_are_disjoint_and_together_complete(photos, tmp_path):
    names = [Path(f"DSC_{i:04}.jpg") for i in range(400)]
    owners = [[i for i in (1, 2, 3) if Shard(i, 3).has(name)] for name in names]
    assert all(len(owner) == 1 for owner in owners)
    assert all(100 < owners.count([i]) < 170 for i in (1, 2, 3))
    (photos / "damaged.jpg").unlink()
    out = tmp_path / "out"
    seen: list[set[str]] = []
    for share in ("1/2", "2/2"):
        before = files_in(out) if out.exists() else set()
        succeeded(run("batch", "apply", photos, "-o", out, *FILM, "--shard", share))
        seen.append(files_in(out) - before)
    assert not seen[0] & seen[1]
    assert seen[0] | seen[1] == {f"p{i}.png" for i in range(4)}
    again = succeeded(run("batch", "apply", photos, "-o", out, *FILM, "--shard", "1/2"))
    assert again.out == f"0 done, {len(seen[0])} there already, 0 failed.\n"


@pytest.mark.parametrize("text", ["0/2", "3/2", "1", "a/b", "1/0"])
def test_shares_that_are_none(photos, tmp_path, text):
    said = refused(run("batch", "apply", photos, "-o", tmp_path / "o", *FILM, "--shard", text), 2)
    assert "a share such as 2/8" in said


# -- the manifest ----------------------------------------------------------------------------------


def test_what_was_done_is_written_down(photos, tmp_path):
    out, manifest = tmp_path / "out", tmp_path / "notes" / "m.jsonl"
    command = ("batch", "apply", photos, "-o", out, "--manifest", manifest)
    run(*command, *FILM)
    lines = [json.loads(line) for line in manifest.read_text().splitlines()]
    assert {Path(line["source"]).name: line["state"] for line in lines} == {
        **{f"p{i}.png": "done" for i in range(4)},
        "damaged.jpg": "failed",
    }
    (bad,) = (line for line in lines if line["state"] == "failed")
    assert "damaged" in bad["error"]
    assert len({line["recipe"] for line in lines}) == 1

    (photos / "damaged.jpg").unlink()
    assert succeeded(run(*command, *FILM)).err == ""
    Image.new("RGB", (70, 70), "red").save(photos / "p1.png")
    changed = succeeded(run(*command, *FILM))
    assert changed.err.count("was made of other content or in another way") == 1
    assert "p1.png" in changed.err
    other = succeeded(run(*command, "--edit", "film=0.5"))
    assert other.err.count("was made of other content or in another way") == 4
    assert len(manifest.read_text().splitlines()) == 5


def test_a_line_that_was_cut_off_is_passed_over(tmp_path):
    sample("lake", 64).save(tmp_path / "a.png")
    report = process(tmp_path / "a.png", tmp_path / "b.png", RECIPE)
    path = tmp_path / "m.jsonl"
    Manifest(path, RECIPE).add(report)
    with path.open("a") as file:
        file.write('{"source": "x", "outp')
    manifest = Manifest(path, RECIPE)
    manifest.add(report)
    assert not manifest.differs(report)
    lines = path.read_text().splitlines()
    assert len(lines) == 3
    assert json.loads(lines[0]) == json.loads(lines[2])


# -- Ray -------------------------------------------------------------------------------------------


def test_the_same_on_ray(photos, tmp_path):
    ray = pytest.importorskip("ray")
    from editor.cli.commands.batches.ray_data import run as run_on_ray

    tasks = [(path, tmp_path / f"{path.stem}-out.png") for path in sorted(photos.iterdir())]
    ray.init(num_cpus=2, include_dashboard=False, log_to_driver=False)
    try:
        reports = {r.source.name: r for r in run_on_ray(tasks, RECIPE)}
    finally:
        ray.shutdown()
    assert len(reports) == 5
    assert reports["damaged.jpg"].state == "failed"
    for path, output in tasks:
        if path.suffix == ".png":
            assert reports[path.name].state == "done"
            assert output.exists()


def test_rows_of_ray_carry_whole_reports():
    from editor.cli.commands.batches import ray_data

    report = Report(Path("a"), Path("b"), "failed", ("One.", "Two."), "Three.", 1.5, "ff")
    row = json.loads(json.dumps(ray_data._as_row(report)))
    assert ray_data._from_row(row) == report
