"""Promise: ``pentimento inspect`` tells whether a picture is restorable, and how it was edited."""

from __future__ import annotations

import subprocess
import sys

import numpy as np
import pytest
from PIL import Image

from models.containers import registry
from tests.promises.cli_support import SAMPLES, pixels, refused, run, sample, succeeded


def test_an_export(exported):
    lines = succeeded(run("inspect", exported.path)).out.splitlines()
    weights = registry.assumed().version
    assert lines == [
        "export.png: PNG, 400 × 300 pixels",
        f"Restorable: yes; an export beyond doubt ({weights}), intact.",
        "Edits, from its metadata: local-laplacian=0.8, exposure=+1.5.",
    ]


def test_an_export_as_json(exported):
    facts = succeeded(run("inspect", exported.path, "--json")).json
    assert facts == {
        "file": str(exported.path),
        "format": "PNG",
        "size": [400, 300],
        "restorable": True,
        "weights": registry.assumed().version,
        "certainty": 1.0,
        "outcome": "proven",
        "doubtful": False,
        "locked": False,
        "copied": None,
        "changed": 0.0,
        "predicted": 0.0,
        "unproven": 0.0,
        "edits": [
            {"operator": "local-laplacian", "strength": 0.8},
            {"operator": "exposure", "strength": 1.5},
        ],
        "exact_copy_bytes": 0,
        "why_not": "",
        "notes": [],
    }


def test_an_export_without_metadata(exported, tmp_path):
    Image.fromarray(pixels(exported.path)).save(tmp_path / "bare.tif")
    facts = succeeded(run("inspect", tmp_path / "bare.tif", "--json")).json
    assert facts["restorable"] is True
    edits = [(edit["operator"], edit["strength"]) for edit in facts["edits"]]
    assert edits == [("local-laplacian", 0.8), ("exposure", 1.5)]
    said = succeeded(run("inspect", tmp_path / "bare.tif")).out
    assert "Restorable: yes" in said
    assert "Edits" in said


def test_an_export_that_was_changed_a_little_and_too_much(exported, tmp_path):
    changed = pixels(exported.path).copy()
    changed[:40] = 0
    Image.fromarray(changed).save(tmp_path / "a.png")
    said = succeeded(run("inspect", tmp_path / "a.png")).out
    assert "Restorable: in part" in said
    assert "about 16 % changed since and left as received" in said
    changed[:225] = 0
    Image.fromarray(changed).save(tmp_path / "b.png")
    facts = succeeded(run("inspect", tmp_path / "b.png", "--json")).json
    assert facts["restorable"] is False
    assert facts["outcome"] == "lost"
    assert "changed since" in facts["why_not"]


def test_a_map_shows_where_it_was_changed(exported, tmp_path):
    changed = pixels(exported.path).copy()
    changed[100:180, 60:220] = 255 - changed[100:180, 60:220]
    Image.fromarray(changed).save(tmp_path / "a.png")
    where = tmp_path / "map.png"
    facts = succeeded(run("inspect", tmp_path / "a.png", "--map", where, "--json")).json
    assert facts["outcome"] == "in part"
    drawn = pixels(where).astype(int)
    red = (drawn[..., 0] - drawn[..., 2] > 60) & (drawn[..., 0] - drawn[..., 1] > 60)
    truth = np.zeros(red.shape, bool)
    truth[96:192, 48:224] = True  # whole squares of 16 pixels
    assert (red & truth).sum() >= 0.9 * (red | truth).sum()
    assert facts["changed"] == pytest.approx(6 * 11 / (19 * 25), abs=0.01)
    assert "exists already" in refused(run("inspect", tmp_path / "a.png", "--map", where))


def test_there_is_no_map_of_an_ordinary_picture(exported, tmp_path):
    result = run("inspect", exported.photo, "--map", tmp_path / "map.png")
    assert result.code == 1
    assert "Restorable: no" in result.out
    assert "nothing to show on a map: its pixels carry no original" in result.err
    assert not (tmp_path / "map.png").exists()


def test_the_map_of_a_jpeg_is_known_by_restoring_it(exported, tmp_path):
    export = tmp_path / "a.jpg"
    succeeded(run("apply", exported.photo, "-o", export, "--edit", "film"))
    said = succeeded(run("inspect", export, "--map", tmp_path / "map.png"))
    assert "Restorable: " in said.out
    assert pixels(tmp_path / "map.png").shape == pixels(export).shape


def test_an_ordinary_picture(exported):
    facts = succeeded(run("inspect", exported.photo, "--json")).json
    assert facts["restorable"] is False
    assert (facts["weights"], facts["certainty"], facts["edits"]) == (None, None, None)
    said = succeeded(run("inspect", exported.photo)).out
    assert "Restorable: no; its pixels carry no original" in said


def test_what_the_command_line_cannot_express_is_described(small_photo, tmp_path):
    Image.new("L", (160, 120), 200).save(tmp_path / "m.png")
    edits = ("--edit", f"retouch=0.7:{tmp_path / 'm.png'}", "--edit", "exposure=-1")
    succeeded(run("apply", small_photo, "-o", tmp_path / "o.png", *edits))
    said = succeeded(run("inspect", tmp_path / "o.png")).out
    assert "Edits, from its metadata: retouch=0.7 (in a mask), exposure=-1." in said


def test_notes(tmp_path):
    deep = np.zeros((20, 20), np.uint16) + 1000
    Image.fromarray(deep).save(tmp_path / "deep.png")
    assert "Note: 16-bit colour" in succeeded(run("inspect", tmp_path / "deep.png")).out


SLOW_TO_IMPORT = ("torch", "scipy", "PySide6", "models.networks.inference", "models.training")
"""What only networks, some looks and the window need; each would cost a command 0.1 s or more."""


def imported_by(commands: list[list[str]]) -> set[str]:
    """Which of `SLOW_TO_IMPORT` these commands imported, all of them succeeding."""
    code = (
        "import sys; from editor.cli.main import main\n"
        f"assert not any([main(command) for command in {commands!r}])\n"
        f"print(*(name for name in {SLOW_TO_IMPORT!r} if name in sys.modules))"
    )
    done = subprocess.run([sys.executable, "-c", code], check=True, capture_output=True, text=True)
    return set(done.stdout.splitlines()[-1].split())


def test_what_inspecting_does_not_need_is_not_imported(exported, tmp_path):
    jpeg = tmp_path / "photo.jpg"
    sample("lake", 400).save(jpeg, quality=92)
    asked = [["inspect", str(exported.path)], ["inspect", str(jpeg)], ["restore", "--help"]]
    assert imported_by(asked) == set()
    look = ["apply", str(jpeg), "-o", str(tmp_path / "l0.png"), "--edit", "l0-smoothing"]
    assert "scipy" in imported_by([[*look, "--exact"]])  # so it would be noticed


def test_inspecting_and_restoring_without_a_network_do_not_load_torch(tmp_path):
    export, restored = tmp_path / "film.png", tmp_path / "restored.png"
    succeeded(run("apply", SAMPLES / "lake.jpg", "-o", export, "--edit", "film=0.5"))
    commands = [["inspect", str(export)], ["restore", str(export), "-o", str(restored)]]
    assert imported_by(commands) == set()
    assert restored.exists()


def test_what_is_damaged_is_said_and_a_recoloured_export_is_not_called_intact(exported, tmp_path):
    changed = pixels(exported.path).copy()
    changed[150, 200, 1] ^= 1
    Image.fromarray(changed).save(tmp_path / "one.png")
    said = succeeded(run("inspect", tmp_path / "one.png")).out
    assert "intact" not in said
    assert "less than 1 % changed since and left as received" in said
    restored = succeeded(run("restore", tmp_path / "one.png", "-o", tmp_path / "restored.png"))
    assert "Restored in part: less than 1 % changed since" in restored.err
    warm = pixels(exported.path).astype(int)
    warm[..., 0] += 2
    Image.fromarray(warm.clip(0, 255).astype(np.uint8)).save(tmp_path / "warm.png")
    assert "Restorable: no" in succeeded(run("inspect", tmp_path / "warm.png")).out
    assert run("restore", tmp_path / "warm.png", "-o", tmp_path / "none.png").code == 1
