"""Promise: ``pentimento batch`` works in several processes and in shares."""

from __future__ import annotations

import json
import os
import pickle
import signal
from pathlib import Path

import numpy as np
import pytest

from editor.cli.commands.batches import pool
from editor.cli.commands.batches.job import Recipe, Report, Task, process
from editor.cli.commands.batches.resuming import batch_outputs, resumed
from editor.cli.commands.batches.shards import Shard
from editor.cli.manifest import NAME
from editor.engine.edits import edit
from editor.files.encoding import ExportFormat
from tests import batch_at_scale
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
    assert made_in(one) == made_in(two) == {f"p{i}.png" for i in range(4)}
    for name in made_in(one):
        assert np.array_equal(pixels(one / name), pixels(two / name)), name


def made_in(folder: Path) -> set[str]:
    """The pictures of a folder."""
    return {path.name for path in folder.glob("[!.]*")}


def killing_process(task: Task, recipe: Recipe) -> Report:
    """Stands in for `process`: the system ends whatever works on p2."""
    if task.source.stem == "p2":
        os.kill(os.getpid(), signal.SIGKILL)
    task.output.write_bytes(b"made")
    return Report(task.source, task.output, "done")


@pytest.mark.skipif(not hasattr(signal, "SIGKILL"), reason="no such signal here")
def test_a_process_that_is_killed_fails_one_picture(tmp_path, monkeypatch):
    monkeypatch.setattr(pool, "process", killing_process)
    tasks = [Task(Path(f"p{i}.png"), tmp_path / f"p{i}.png") for i in range(4)]
    reports = {r.source.stem: r for r in pool.run(tasks, RECIPE, 2)}
    assert len(reports) == 4
    assert reports.pop("p2").error.startswith("The process that worked on it was ended")
    assert {r.state for r in reports.values()} == {"done"}
    assert files_in(tmp_path) == {f"p{i}.png" for i in (0, 1, 3)}


def test_as_many_processes_as_processor_and_memory_allow(monkeypatch):
    sizes = {"small.png": 1e6, "large.png": 24e6, "huge.png": 200e6}
    monkeypatch.setattr(pool, "pixel_count", lambda path: sizes[path.name])
    monkeypatch.setattr(pool, "cores", lambda: 8)
    monkeypatch.setattr(pool, "free_memory", lambda: 64e9)
    many = [Path("small.png")] * 99
    assert pool.best_count(many, "auto") == 8
    assert pool.best_count(many[:5], "auto") == 5
    assert pool.best_count(many[:2], "auto") == 1  # not worth starting one
    assert pool.best_count(many, "cuda") == 1
    monkeypatch.setattr(pool, "free_memory", lambda: 8e9)
    assert 1 < pool.best_count([*many, Path("large.png")], "auto") < 4
    assert pool.best_count([*many, Path("huge.png")], "auto") == 1
    monkeypatch.setattr(pool, "free_memory", lambda: None)
    assert pool.best_count(many, "auto") == 4


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
    task = Task(tmp_path / "a.png", tmp_path / "b.png")
    report = process(task, RECIPE)
    assert (report.state, report.error) == ("done", "")
    assert pickle.loads(pickle.dumps(report)) == report
    assert len(json.loads(json.dumps(report.as_json()))["source_digest"]) == 64
    assert "exists already" in process(task, RECIPE).error
    assert process(Task(task.source, task.output, overwrite=True), RECIPE).state == "done"


@pytest.mark.skipif(not hasattr(os, "killpg"), reason="no groups of processes here")
def test_a_batch_that_is_killed_goes_on(tmp_path):
    """Killed in the middle, its processes end too; resumed, nothing is made twice or missing."""
    pictures = batch_at_scale.make_pictures(tmp_path / "in", 6, 64, None)
    recipe = Recipe("apply", ExportFormat("png"), (edit(*batch_at_scale.EDIT),))
    (tmp_path / "one").mkdir()
    for path in pictures:
        process(Task(path, tmp_path / "one" / path.name), recipe)
    expected = batch_at_scale.outputs_in(tmp_path / "one")
    assert len(expected) == 6
    batch_at_scale.check_resumed(tmp_path / "in", tmp_path / "out", expected, 2)


def test_an_output_that_was_written_down_but_has_no_name_yet_is_made_again(photos, tmp_path):
    """Killed between the two: nobody's file is refused or replaced."""
    out = tmp_path / "out"
    (photos / "damaged.jpg").unlink()
    succeeded(run("batch", "apply", photos, "-o", out, *FILM))
    before = pixels(out / "p1.png")
    workshop = out / ".pentimento-batch-unfinished"
    workshop.mkdir()
    (out / "p1.png").rename(workshop / "p1.png")
    (workshop / ".pentimento-1.part").write_bytes(b"half")
    again = succeeded(run("batch", "apply", photos, "-o", out, *FILM))
    assert again.out == "1 done, 3 there already, 0 failed.\n"
    assert np.array_equal(pixels(out / "p1.png"), before)
    assert files_in(out) == {NAME, *(f"p{i}.png" for i in range(4))}


def test_a_file_that_comes_meanwhile_is_not_replaced(photos, tmp_path):
    (photos / "damaged.jpg").unlink()
    outputs = batch_outputs(sorted(photos.iterdir()), tmp_path, "png")

    def meanwhile(tasks):
        (tmp_path / "p2.png").write_bytes(b"somebody's own")
        return pool.run(tasks, RECIPE, 1)

    reports = {r.source.stem: r for r in resumed(outputs, RECIPE, meanwhile)}
    assert "exists already" in reports["p2"].error
    assert [r.state for r in reports.values()].count("done") == 3
    assert (tmp_path / "p2.png").read_bytes() == b"somebody's own"


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
        before = made_in(out)
        succeeded(run("batch", "apply", photos, "-o", out, *FILM, "--shard", share))
        seen.append(made_in(out) - before)
    assert not seen[0] & seen[1]
    assert seen[0] | seen[1] == {f"p{i}.png" for i in range(4)}
    whole = succeeded(run("batch", "apply", photos, "-o", out, *FILM))
    assert whole.out == "0 done, 4 there already, 0 failed.\n"
    again = succeeded(run("batch", "apply", photos, "-o", out, *FILM, "--shard", "1/2"))
    assert again.out == f"0 done, {len(seen[0])} there already, 0 failed.\n"


@pytest.mark.parametrize("text", ["0/2", "3/2", "1", "a/b", "1/0"])
def test_shares_that_are_none(photos, tmp_path, text):
    said = refused(run("batch", "apply", photos, "-o", tmp_path / "o", *FILM, "--shard", text), 2)
    assert "a share such as 2/8" in said


# -- Ray -------------------------------------------------------------------------------------------


def test_the_same_on_ray(photos, tmp_path):
    ray = pytest.importorskip("ray")
    from editor.cli.commands.batches.ray_data import run as run_on_ray

    out = tmp_path / "out"
    out.mkdir()
    outputs = batch_outputs(sorted(photos.iterdir()), out, "png")

    def work(tasks):
        return run_on_ray(tasks, RECIPE)

    ray.init(num_cpus=2, include_dashboard=False, log_to_driver=False)
    try:
        reports = {r.source.name: r for r in resumed(outputs, RECIPE, work)}
        again = {r.source.name: r.state for r in resumed(outputs, RECIPE, work)}
    finally:
        ray.shutdown()
    assert len(reports) == 5
    assert reports["damaged.jpg"].state == "failed"
    for source, output in outputs.items():
        if source.suffix == ".png":
            assert reports[source.name].state == "done"
            assert again[source.name] == "there"
            assert output.exists()


def test_rows_of_ray_carry_whole_reports():
    from editor.cli.commands.batches import ray_data

    report = Report(Path("a"), Path("b"), "failed", ("One.", "Two."), "Three.", 1.5, "ff", 1.25)
    row = json.loads(json.dumps(ray_data._as_row(report)))
    assert ray_data._from_row(row) == report
