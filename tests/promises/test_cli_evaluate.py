"""Promise: ``pentimento evaluate`` measures this build, and its figures are true."""

from __future__ import annotations

import json
from pathlib import Path

import numpy as np
import pytest
import torch

from editor.engine import embedding
from editor.evaluation import paper_pictures
from editor.evaluation.cases import LOOKS
from models.learned import inference as learned_inference
from models.operators.registry import ADJUSTMENTS, OPERATORS
from models.paper import inference as paper_inference
from models.paper import weights
from models.paper.network import PaperConfig, PaperNetwork
from tests.promises.cli_support import decibels, files_in, pixels, refused, run, sample, succeeded


@pytest.fixture(scope="module")
def photos(tmp_path_factory) -> Path:
    folder = tmp_path_factory.mktemp("photos")
    for name in ("clouds", "lake"):
        sample(name, 96).save(folder / f"{name}.png")
    return folder


@pytest.fixture(scope="module")
def table(photos, tmp_path_factory):
    """The JSON, what was printed, and the pictures of two looks on two photos."""
    folder = tmp_path_factory.mktemp("table")
    looks = ("--looks", "exposure +1.5,film")
    options = (*looks, "--json", folder / "t.json", "--pictures", folder / "pictures")
    result = succeeded(run("evaluate", "--photos", photos, *options))
    return json.loads((folder / "t.json").read_text()), result.out, folder / "pictures"


def test_a_row_equals_a_measurement_of_files(photos, table, tmp_path):
    (row,) = [
        r for r in table[0]["rows"] if (r["photo"], r["look"]) == ("lake.png", "exposure +1.5")
    ]
    photo, export, clean = photos / "lake.png", tmp_path / "e.png", tmp_path / "c.png"
    options = ("--edit", "exposure=+1.5", "--clean", clean, "--strip")
    succeeded(run("apply", photo, "-o", export, *options))
    succeeded(run("restore", export, "-o", tmp_path / "r.png"))
    seen = decibels(pixels(export), pixels(clean))
    back = decibels(pixels(tmp_path / "r.png"), pixels(photo))
    nothing = decibels(pixels(clean), pixels(photo))
    assert row["export_psnr"] == pytest.approx(seen, abs=1e-6)
    assert row["restored_psnr"] == pytest.approx(back, abs=1e-6)
    assert row["unrestored_psnr"] == pytest.approx(nothing, abs=1e-6)
    assert row["bytes"] == export.stat().st_size
    assert row["restorable"] is True


def test_the_summary_is_of_the_rows(table):
    facts = table[0]
    assert facts["containers"] == {k: list(v) for k, v in embedding.versions().items()}
    assert list(facts["settings"]) == ["PNG"]
    summaries = facts["settings"]["PNG"]
    assert list(summaries["looks"]) == ["exposure +1.5", "film"]
    assert len(facts["rows"]) == 4
    for figure in ("export_psnr", "restored_psnr", "export_ssim"):
        for look, summary in summaries["looks"].items():
            of_look = [r[figure] for r in facts["rows"] if r["look"] == look]
            assert summary[figure] == pytest.approx(sum(of_look) / 2, abs=0.006)
        assert summaries["all"][figure] == pytest.approx(
            sum(r[figure] for r in facts["rows"]) / 4, abs=0.006
        )
    worst = min(r["restored_psnr"] for r in facts["rows"])
    assert summaries["all"]["worst_restored_psnr"] == pytest.approx(worst, abs=0.006)


def test_the_table_is_printed(table):
    facts, printed, _ = table
    (line,) = [line for line in printed.splitlines() if line.startswith("film ")]
    summary = facts["settings"]["PNG"]["looks"]["film"]
    assert f"{summary['restored_psnr']:.2f}" in line.split()
    assert "did not carry" not in printed


def test_several_settings_and_a_second_compression(photos, tmp_path):
    options = ("--looks", "film", "--limit", "1", "--json", tmp_path / "t.json")
    formats = ("--format", "webp", "--format", "jpg:90:420:80")
    printed = succeeded(run("evaluate", "--photos", photos, *options, *formats)).out
    rows = {row["setting"]: row for row in json.loads((tmp_path / "t.json").read_text())["rows"]}
    assert set(rows) == {"WEBP", "JPEG 90 4:2:0, saved again at 80"}
    assert rows["WEBP"]["restorable"]
    lost = rows["JPEG 90 4:2:0, saved again at 80"]
    assert not lost["restorable"]  # too small a picture for a JPEG
    assert lost["restored_psnr"] == pytest.approx(lost["unrestored_psnr"], abs=0.5)
    assert "1 of 1 exports did not carry their original" in printed


def test_the_best_and_the_worst_are_shown(photos, table):
    facts, _, pictures = table
    assert len(files_in(pictures)) == 2
    ordered = sorted(facts["rows"], key=lambda r: r["restored_psnr"])
    for name, row in (("worst", ordered[0]), ("best", ordered[-1])):
        (path,) = pictures.glob(f"{name}-*.png")
        photo, _, _, restored = (p for p in _quarters(path))
        assert (photo == pixels(photos / row["photo"])).all()
        assert decibels(restored, photo) == pytest.approx(row["restored_psnr"], abs=1e-6)


def _quarters(path: Path):
    sheet = pixels(path)
    width = sheet.shape[1] // 4
    return [sheet[:, i * width : (i + 1) * width] for i in range(4)]


def test_what_is_measured():
    """Every look, exposure both ways, at least three stacks of three."""
    alone = {edits[0].operator for edits in LOOKS.values() if len(edits) == 1}
    assert alone == set(OPERATORS) - set(ADJUSTMENTS)
    exposures = {e.strength for edits in LOOKS.values() for e in edits if len(edits) == 1
                 and e.operator == "exposure"}  # fmt: skip
    assert exposures == {1.5, -1.5}
    assert sum(len(edits) == 3 for edits in LOOKS.values()) >= 3


def test_a_stack_can_be_chosen_by_its_name(photos):
    look = "stack: detail, film, exposure"
    result = succeeded(run("evaluate", "--photos", photos, "--looks", look, "--limit", 1))
    assert look in result.out


@pytest.mark.parametrize(
    ("options", "says"),
    [
        (["--looks", "sepia"], "Unknown look “sepia”"),
        (["--limit", "0"], "of at least 1"),
        (["--limit", "-3"], "of at least 1"),
        (["--format", "bmp"], "no setting"),
        (["--format", "jpg:0"], "no setting"),
    ],
)
def test_wrong_usage(photos, options, says):
    assert says in refused(run("evaluate", "--photos", photos, *options), 2)


def test_what_cannot_work_is_said_before_the_work(photos, tmp_path):
    assert "is not a folder" in refused(run("evaluate", "--photos", tmp_path / "no"))
    assert "no pictures" in refused(run("evaluate", "--photos", tmp_path))
    line = refused(run("evaluate", "--photos", photos, "--json", tmp_path / "no" / "t.json"))
    assert "no folder" in line
    sample("clouds", 96).save(tmp_path / "a.png")
    (tmp_path / "z.png").write_bytes(b"damaged")
    line = refused(run("evaluate", "--photos", tmp_path, "--looks", "film"))
    assert "z.png" in line
    weights = ("--controls", "--paper-weights", tmp_path / "no")
    line = refused(run("evaluate", "--photos", photos, "--looks", "film", *weights))
    assert "index.json is missing" in line


def test_learned_looks_beside_exact_ones(photos, tmp_path):
    """Both are restored; the likeness of the two is that of their pixels."""
    options = ("--looks", "film exact,film learned", "--limit", "1", "--learned")
    result = succeeded(run("evaluate", "--photos", photos, *options, "--json", tmp_path / "t.json"))
    facts = json.loads((tmp_path / "t.json").read_text())
    exact, learned = facts["rows"]
    assert [row["look"] for row in facts["rows"]] == ["film exact", "film learned"]
    assert min(exact["restored_psnr"], learned["restored_psnr"]) > 40
    photo = pixels(photos / "clouds.png")
    for strength in (0.5, 1.0):
        (row,) = [
            row
            for row in facts["fidelity"]
            if (row["operator"], row["strength"]) == ("film", strength)
        ]
        by_hand = (
            OPERATORS["film"](photo, strength),
            learned_inference.learned("film")(photo, strength),
        )
        assert row["psnr"] == row["worst"] == pytest.approx(decibels(*by_hand), abs=1e-6)
    assert "Learned operators against their references" in result.out


def test_the_papers_network_stands_beside_where_it_is_trained(photos, tmp_path):
    """Its export is compared with the reference's look, its restored photo with the original."""
    torch.manual_seed(2)
    weights.install("film-png", PaperNetwork(PaperConfig(hidden=4)), {}, tmp_path / "weights")
    options = ("--looks", "film,rtv", "--limit", 1, "--json", tmp_path / "t.json", "--controls")
    trained = ("--paper-weights", tmp_path / "weights")
    result = succeeded(run("evaluate", "--photos", photos, *options, *trained))
    film, rtv = json.loads((tmp_path / "t.json").read_text())["rows"]
    assert rtv["paper"] is None
    photo = pixels(photos / "clouds.png")
    network = weights.load("paper-film-png", folder=tmp_path / "weights")
    export = paper_inference.embed(network, photo)
    look = OPERATORS["film"](photo)
    figures = film["paper"]
    assert figures["export_psnr"] == pytest.approx(decibels(export, look), abs=1e-6)
    back = paper_inference.extract(network, export)
    assert figures["restored_psnr"] == pytest.approx(decibels(back, photo), abs=1e-6)
    assert figures["bytes"] > 1000
    assert figures["seconds"] > 0
    assert figures["parameters"] == sum(p.numel() for p in network.parameters())
    (line,) = [x for x in result.out.splitlines() if x.startswith("  the paper’s network")]
    assert f"{figures['restored_psnr']:.2f}" in line.split()
    assert f"{figures['parameters']:,} parameters" in result.out


def test_sheets_show_both_methods(photos, tmp_path):
    weights.install("film-png", PaperNetwork(PaperConfig(hidden=4)), {}, tmp_path / "weights")
    where = ("--weights", str(tmp_path / "weights"), "--out", str(tmp_path / "sheets"))
    options = ("--operator", "film", "--format", "png", *where)
    paper_pictures.main([str(photos / "lake.png"), *options])
    sheet = pixels(tmp_path / "sheets" / "film-lake.png")
    assert sheet.shape[1] == 5 * paper_pictures.CELL
    photo = pixels(photos / "lake.png")
    height = round(photo.shape[0] * paper_pictures.CELL / photo.shape[1])
    square = sheet[-paper_pictures.CELL :, : paper_pictures.CELL]
    assert sheet.shape[0] == height + 2 * paper_pictures.CAPTION + paper_pictures.CELL
    assert (square[::2, ::2] == square[1::2, 1::2]).all(), "every pixel is shown as four"
    with pytest.raises(SystemExit):
        paper_pictures.main([str(photos / "lake.png"), *options[:2], *where])


def test_the_square_shown_is_where_the_look_changed_most():
    photo = np.zeros((40, 60, 3), np.uint8)
    look = photo.copy()
    look[20:30, 35:45] = 200
    assert paper_pictures.most_changed(photo, look, 10) == (20, 35)
