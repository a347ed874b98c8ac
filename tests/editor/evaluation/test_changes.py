"""Nothing that was done to an export goes unnoticed."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from editor.engine import embedding
from editor.engine.integrity import Outcome
from editor.evaluation import changes, jpeg_changes
from editor.evaluation.changed import Row
from models.containers.container import JpegSettings, Medium
from models.operators.registry import OPERATORS
from tests.models.natural_pictures import natural


@pytest.fixture(scope="module")
def rows() -> dict[str, Row]:
    photo = natural(272, 330, seed=11)
    export = embedding.embed(photo, np.asarray(OPERATORS["exposure"](photo, 0.6))).pixels
    return {row.change: row for row in changes.rows(photo, export)}


def test_only_what_was_not_changed_or_was_turned_is_called_proven(rows: dict[str, Row]) -> None:
    proven = {name for name, row in rows.items() if row.integrity.outcome == Outcome.PROVEN}
    assert proven == {"nothing", *changes.TURNS}
    best = rows["nothing"].restored
    assert best is not None
    assert best > 45
    assert all(rows[name].restored == pytest.approx(best) for name in proven)


LOCAL = ("one flipped bit", "a sticker of 1 %", "a sticker of 5 %", "a sticker of 20 %")


@pytest.mark.parametrize("change", LOCAL)
def test_what_was_changed_is_found(rows: dict[str, Row], change: str) -> None:
    row = rows[change]
    assert row.integrity.outcome == Outcome.PART
    assert row.found is not None
    assert row.found >= 0.9
    assert row.restored is not None
    assert row.restored > row.received - 0.5


def test_a_thin_frame_costs_nothing_but_itself(rows: dict[str, Row]) -> None:
    frame, whole = rows["a frame of one pixel"], rows["nothing"]
    assert frame.integrity.outcome == Outcome.PART
    assert frame.integrity.predicted == 0
    assert frame.away == pytest.approx(whole.restored, abs=1)


@pytest.mark.parametrize("change", ["brighter by 10", "warmer", "greyscale", "blurred"])
def test_what_was_changed_everywhere_is_lost_or_foreign(rows: dict[str, Row], change: str) -> None:
    assert rows[change].integrity.outcome in (Outcome.LOST, Outcome.FOREIGN)
    assert rows[change].restored is None


@pytest.fixture(scope="module")
def jpeg_rows() -> dict[str, Row]:
    photo = natural(272, 336, seed=11)
    look = np.asarray(OPERATORS["exposure"](photo, 0.6))
    export = embedding.embed(photo, look, medium=Medium.jpeg(JpegSettings(92, "420"))).coefficients
    assert export is not None
    some = {name: changes.CHANGES[name] for name in ("nothing", *LOCAL, "brighter by 10")}
    return {row.change: row for row in jpeg_changes.rows(photo, export, 92, some)}


def test_only_a_jpeg_that_was_not_changed_or_was_turned_is_called_proven(
    jpeg_rows: dict[str, Row],
) -> None:
    proven = {n for n, row in jpeg_rows.items() if row.integrity.outcome == Outcome.PROVEN}
    turned = {n for n in jpeg_rows if n.startswith(("mirrored", "flipped", "transposed"))}
    assert len(turned) == 7
    assert proven == {"nothing", "one flipped bit", *turned}  # too little for any coefficient
    assert not any(row.silently_wrong or row.worse for row in jpeg_rows.values())


@pytest.mark.parametrize("change", LOCAL[2:])
def test_what_was_changed_in_the_coefficients_is_found(
    jpeg_rows: dict[str, Row], change: str
) -> None:
    row = jpeg_rows[change]
    assert row.integrity.outcome == Outcome.PART
    assert row.found is not None
    assert row.found >= 0.7
    assert row.restored is not None
    assert row.restored > row.received


def test_in_the_tiles_that_a_sticker_does_not_touch_a_jpeg_restores_as_without(
    jpeg_rows: dict[str, Row],
) -> None:
    whole, proven = jpeg_rows["nothing"].restored, jpeg_rows["a sticker of 1 %"].proven
    assert whole is not None
    assert proven is not None
    assert proven > whole - 1.5


def test_the_table_and_false_alarms(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    Image.fromarray(natural(64, 80, seed=3)).save(tmp_path / "a.png")
    changes.main([str(tmp_path), "--look", "exposure"])
    said = capsys.readouterr().out
    assert "| nothing | proven |" in said
    assert "Silently wrong: 0 of 21." in said
    changes.main([str(tmp_path), "--foreign"])
    assert capsys.readouterr().out.startswith("0 of 1 pictures are taken for exports.")
