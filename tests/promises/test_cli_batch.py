"""Promise: ``pentimento batch`` works through a folder; it resumes, and no bad file stops it."""

from __future__ import annotations

import re
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from editor.cli.commands.batches.resuming import batch_outputs
from editor.cli.manifest import NAME
from tests.promises.cli_support import (
    decibels,
    files_in,
    pixels,
    refused,
    run,
    sample,
    succeeded,
)

EXPOSURE = ("--edit", "exposure=-1")


@pytest.fixture
def photos(tmp_path: Path) -> Path:
    """Two good photos, a damaged one, and what else lies in folders."""
    folder = tmp_path / "photos"
    (folder / "more.jpg").mkdir(parents=True)
    sample("clouds", 96).save(folder / "clouds.png")
    sample("lake", 96).save(folder / "lake.JPG", quality=95)
    data = (folder / "lake.JPG").read_bytes()
    (folder / "damaged.jpg").write_bytes(data[: len(data) // 2])
    (folder / "notes.txt").write_text("not a picture")
    (folder / "._clouds.png").write_bytes(b"what macOS leaves on other disks")
    return folder


def test_there_and_back(photos, tmp_path):
    exports, originals = tmp_path / "new" / "exports", tmp_path / "originals"
    result = run("batch", "apply", photos, "-o", exports, *EXPOSURE)
    assert result.code == 1
    assert result.out == "2 done, 0 there already, 1 failed.\n"
    (line,) = result.err.splitlines()
    assert line.startswith("pentimento: damaged.jpg: “damaged.jpg” is damaged or incomplete")
    assert files_in(exports) == {"clouds.png", "lake.png", NAME}

    result = succeeded(run("batch", "restore", exports, "-o", originals, "--format", "tif"))
    assert result.out == "2 done, 0 there already, 0 failed.\n"
    assert files_in(originals) == {"clouds.tif", "lake.tif", NAME}
    for name, photo in (("clouds", "clouds.png"), ("lake", "lake.JPG")):
        assert decibels(pixels(originals / f"{name}.tif"), pixels(photos / photo)) > 35
        assert decibels(pixels(exports / f"{name}.png"), pixels(photos / photo)) < 25


def test_a_second_run_does_only_what_is_missing(photos, tmp_path):
    exports = tmp_path / "exports"
    (photos / "damaged.jpg").unlink()
    succeeded(run("batch", "apply", photos, "-o", exports, *EXPOSURE))
    before = (exports / "lake.png").stat().st_mtime_ns
    (exports / "clouds.png").unlink()
    result = succeeded(run("batch", "apply", photos, "-o", exports, *EXPOSURE))
    assert result.out == "1 done, 1 there already, 0 failed.\n"
    assert (exports / "lake.png").stat().st_mtime_ns == before


def test_a_second_run_goes_by_content(photos, tmp_path):
    exports = tmp_path / "exports"
    (photos / "damaged.jpg").unlink()
    succeeded(run("batch", "apply", photos, "-o", exports, *EXPOSURE))
    first = (exports / "lake.png").read_bytes()
    sample("lake", 80).save(photos / "lake.JPG", quality=95)  # another photo of the same name
    result = succeeded(run("batch", "apply", photos, "-o", exports, *EXPOSURE))
    assert result.out == "1 done, 1 there already, 0 failed.\n"
    assert pixels(exports / "lake.png").shape[1] == 80
    assert (exports / "lake.png").read_bytes() != first
    other = ("--edit", "exposure=1")
    result = succeeded(run("batch", "apply", photos, "-o", exports, *other))
    assert result.out == "2 done, 0 there already, 0 failed.\n"
    result = succeeded(run("batch", "apply", photos, "-o", exports, *other, "--strip"))
    assert result.out == "2 done, 0 there already, 0 failed.\n"
    manifest = exports / ".pentimento-batch.jsonl"
    manifest.write_text(manifest.read_text() + '{"output": "lake.png", "sour')  # broken off
    for made in (0, 1):
        result = succeeded(run("batch", "apply", photos, "-o", exports, *other, "--strip"))
        assert result.out == f"{made} done, {2 - made} there already, 0 failed.\n"
        (exports / "clouds.png").unlink()


def test_files_of_others_are_never_replaced(photos, tmp_path):
    exports = tmp_path / "exports"
    exports.mkdir()
    (photos / "damaged.jpg").unlink()
    (exports / "clouds.png").write_bytes(b"somebody's own")
    result = run("batch", "apply", photos, "-o", exports, *EXPOSURE)
    assert result.code == 1
    assert result.out == "1 done, 0 there already, 1 failed.\n"
    assert "clouds.png” is there already, and was not made by this command" in result.err
    assert (exports / "clouds.png").read_bytes() == b"somebody's own"
    (exports / "lake.png").write_bytes(b"retouched since")
    result = run("batch", "apply", photos, "-o", exports, "--edit", "exposure=1")
    assert result.out == "0 done, 0 there already, 2 failed.\n"
    assert (exports / "lake.png").read_bytes() == b"retouched since"


def test_a_link_to_a_source_is_never_written_through(photos, tmp_path):
    exports = tmp_path / "exports"
    exports.mkdir()
    (photos / "damaged.jpg").unlink()
    before = (photos / "clouds.png").read_bytes()
    (exports / "clouds.png").hardlink_to(photos / "clouds.png")
    (exports / "lake.png").symlink_to(photos / "lake.JPG")
    result = run("batch", "apply", photos, "-o", exports, *EXPOSURE)
    assert result.out == "0 done, 0 there already, 2 failed.\n"
    assert (photos / "clouds.png").read_bytes() == before


def test_progress_is_shown_to_whoever_looks(photos, tmp_path):
    result = run("batch", "apply", photos, "-o", tmp_path / "e", *EXPOSURE, terminal=True)
    assert re.search(r"apply .*3/3", result.err)
    assert "damaged.jpg" in result.err
    result = run("batch", "apply", photos, "-o", tmp_path / "e", *EXPOSURE)
    assert "3/3" not in result.err


def test_what_does_not_carry_its_original_is_said(photos, tmp_path):
    (photos / "damaged.jpg").unlink()
    Image.new("RGB", (5, 5)).save(photos / "dot.png")
    result = succeeded(run("batch", "apply", photos, "-o", tmp_path / "e", "--edit", "exposure=1"))
    (line,) = result.err.splitlines()
    assert line.startswith("Note: dot.png: ")
    assert ("too small" in line) or ("No edit changes" in line)


def test_photos_are_not_restored_into_garbage(photos, tmp_path):
    result = run("batch", "restore", photos, "-o", tmp_path / "r")
    assert result.code == 1
    assert result.out == "0 done, 0 there already, 3 failed.\n"
    assert result.err.count("cannot be restored") == 2
    assert files_in(tmp_path / "r") == set()


def test_a_fault_with_one_picture_stops_no_other(photos, tmp_path, monkeypatch):
    from editor.engine import embedding

    real = embedding.embed

    def fails_once(photo, look, **more):
        if photo.shape[0] == 72:  # the clouds
            raise RuntimeError("not enough memory: you tried to allocate 9 bytes")
        return real(photo, look, **more)

    monkeypatch.setattr(embedding, "embed", fails_once)
    result = run("batch", "apply", photos, "-o", tmp_path / "e", *EXPOSURE)
    assert result.out == "1 done, 0 there already, 2 failed.\n"
    assert "clouds.png: There is not enough memory" in result.err
    assert files_in(tmp_path / "e") == {"lake.png", NAME}


def test_one_output_for_every_picture():
    names = ["a.jpg", "a.png", "A.heic", "b.png", "a-jpg.tif", "c.d.png", "c.jpg", "c.d.JPG"]
    pictures = sorted(Path("in") / name for name in names)
    outputs = {
        path.name: out.name for path, out in batch_outputs(pictures, Path("o"), "png").items()
    }
    assert outputs == {
        "a.jpg": "a-jpg-2.png",
        "a.png": "a-png.png",
        "A.heic": "A-heic.png",
        "a-jpg.tif": "a-jpg.png",
        "b.png": "b.png",
        "c.jpg": "c.png",
        "c.d.png": "c.d-png.png",
        "c.d.JPG": "c.d-jpg.png",
    }


def test_same_stems_do_not_overwrite_each_other(tmp_path):
    folder = tmp_path / "in"
    folder.mkdir()
    sample("clouds", 64).save(folder / "a.png")
    sample("lake", 64).save(folder / "a.jpg")
    options = (*EXPOSURE, "--format", "webp")
    succeeded(run("batch", "apply", folder, "-o", tmp_path / "out", *options))
    assert files_in(tmp_path / "out") == {"a-png.webp", "a-jpg.webp", NAME}
    assert pixels(tmp_path / "out" / "a-png.webp").shape == pixels(folder / "a.png").shape
    assert pixels(tmp_path / "out" / "a-jpg.webp").shape == pixels(folder / "a.jpg").shape


def test_wrong_usage(photos, tmp_path):
    out = ("-o", tmp_path / "o")
    assert "--edit" in refused(run("batch", "apply", photos, *out), 2)
    assert "no operator" in refused(run("batch", "apply", photos, *out, "--edit", "x"), 2)
    assert "no edits" in refused(run("batch", "restore", photos, *out, "--edit", "film"), 2)
    assert "another" in refused(run("batch", "apply", photos, "-o", photos, *EXPOSURE), 2)
    assert "what" in refused(run("batch", "develop", photos, *out), 2)
    assert files_in(tmp_path) == {"photos"}


def test_folders_that_do_not_do(photos, tmp_path):
    out = ("-o", tmp_path / "o")
    assert "is not a folder" in refused(run("batch", "restore", tmp_path / "no", *out))
    (tmp_path / "empty").mkdir()
    assert "no pictures" in refused(run("batch", "restore", tmp_path / "empty", *out))
    blocked = ("-o", photos / "notes.txt")
    assert "notes.txt" in refused(run("batch", "apply", photos, *blocked, *EXPOSURE))


def test_transparency_that_is_lost_is_noted(tmp_path):
    folder = tmp_path / "photos"
    folder.mkdir()
    rgba = np.zeros((96, 96, 4), np.uint8)
    rgba[..., :3] = np.random.default_rng(0).integers(0, 256, (96, 96, 3))
    Image.fromarray(rgba).save(folder / "cut.png")
    words = ["batch", "apply", folder, "-o", tmp_path / "out", "--edit", "film", "--format", "jpg"]
    result = succeeded(run(*words))
    assert "JPEG has no transparency; it was left out." in result.err + result.out
