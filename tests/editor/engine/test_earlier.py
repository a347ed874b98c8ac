"""An export of an export carries the first original."""

from __future__ import annotations

import io
from dataclasses import replace
from pathlib import Path

import cv2
import pytest
from PIL import Image

from editor.document import Document
from editor.engine.edits import edit
from editor.engine.export import ExportReport
from editor.engine.integrity import Outcome
from editor.engine.quality import Quality
from editor.engine.restore import inspect_picture, restore
from editor.files.decoding import decode_picture
from editor.files.encoding import ExportFormat, encode_picture
from editor.files.exact_copy import packed
from editor.files.picture import Picture
from editor.files.picture_files import open_picture
from tests.models.natural_pictures import natural

FIRST, SECOND = edit("film", 0.9), edit("exposure", 0.6)


@pytest.fixture(scope="module")
def photo() -> Picture:
    return Picture(natural(192, 256, seed=5))


@pytest.fixture(scope="module")
def export(photo: Picture, tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("first") / "first.png"
    Document(photo, (FIRST,)).export(path)
    return path


def _of_earlier(report: ExportReport) -> list[str]:
    """Codes of what is said of an earlier export."""
    return [note.code for note in report.notes if note.code.startswith("earlier-")]


def psnr(restored: Picture, photo: Picture) -> float:
    return Quality.of(restored.pixels, photo.pixels).psnr


@pytest.mark.parametrize(("kind", "better"), [("png", 8), ("jpg", 3)])
def test_it_carries_the_first_original_and_both_edits(
    photo: Picture, export: Path, tmp_path: Path, kind: str, better: float
) -> None:
    path = tmp_path / f"second.{kind}"
    report = Document.open(export).with_edits([SECOND]).export(path)
    assert [note.code for note in report.notes] == ["earlier-carried"]
    restored = Document.restore(path)
    assert restored.edits == (FIRST, SECOND)
    from_first = psnr(open_picture(export), photo)
    assert psnr(restored.picture, photo) > from_first + better
    assert report.restored is not None
    assert report.restored.psnr > from_first + better


def test_a_third_one_does_so_too(photo: Picture, export: Path, tmp_path: Path) -> None:
    second, third = tmp_path / "second.png", tmp_path / "third.png"
    Document.open(export).with_edits([SECOND]).export(second)
    Document.open(second).with_edits([edit("film", 0.3)]).export(third)
    restored = Document.restore(third)
    assert restored.edits == (FIRST, SECOND, edit("film", 0.3))
    assert psnr(restored.picture, photo) > 38


def test_converted_without_edits_it_still_carries_it(
    photo: Picture, export: Path, tmp_path: Path
) -> None:
    path = tmp_path / "copy.webp"
    assert Document.open(export).export(path).restorable
    restored = Document.restore(path)
    assert restored.edits == (FIRST,)
    assert psnr(restored.picture, photo) > 40


def stripped_of(export: Path) -> Picture:
    picture = open_picture(export)
    return replace(picture, metadata=replace(picture.metadata, xmp=None))


def test_of_a_stripped_one_the_whole_list_goes_along(export: Path, tmp_path: Path) -> None:
    report = Document(stripped_of(export), (SECOND,)).export(tmp_path / "second.png")
    assert [note.code for note in report.notes] == ["earlier-carried"]
    assert inspect_picture(stripped_of(tmp_path / "second.png")).edits == (FIRST, SECOND)


def test_without_its_edit_list_no_half_list_goes_along(photo: Picture, tmp_path: Path) -> None:
    export = tmp_path / "first.png"
    Document(photo, (FIRST,)).export(export, keep_metadata=False)
    stripped = stripped_of(export)
    report = Document(stripped, (SECOND,)).export(tmp_path / "second.png")
    assert [note.code for note in report.notes] == ["earlier-without-edits"]
    assert Document.restore(tmp_path / "second.png").edits is None
    assert inspect_picture(stripped_of(tmp_path / "second.png")).edits is None


def test_a_first_original_whose_file_is_not_known_is_not_called_an_exact_copy(
    export: Path, tmp_path: Path
) -> None:
    path = tmp_path / "second.png"
    report = Document.open(export).with_edits([SECOND]).export(path, keep_original=True)
    assert [note.code for note in report.notes] == ["earlier-carried", "kept-nothing"]
    assert report.kept == 0
    assert not Document.restore(path).by_copy


def test_of_a_copy_it_says_that_nothing_proves_it_unchanged(tmp_path: Path) -> None:
    first = Document(Picture(natural(432, 768, seed=8)), (SECOND,)).encode(ExportFormat("png"))
    copy = tmp_path / "copy.jpg"
    Image.open(io.BytesIO(first.data)).save(copy, quality=85)
    report = Document.open(copy).with_edits([FIRST]).encode(ExportFormat("png"))
    assert _of_earlier(report) == ["earlier-unproven"]
    assert report.restorable


def test_of_a_copy_that_still_has_the_exact_copy_the_very_file_goes_on(tmp_path: Path) -> None:
    source, copy = tmp_path / "photo.png", tmp_path / "copy.png"
    Image.fromarray(natural(432, 768, seed=8)).save(source)
    first = Document.open(source).with_edits([SECOND])
    made = decode_picture(first.encode(ExportFormat("png"), keep_original=True).data)
    kept = made.copy
    assert kept is not None
    blurred = cv2.GaussianBlur(made.pixels, (3, 3), 0.5)
    blurred[150:250, 200:300] = (255, 220, 0)
    piece = packed(kept.data, made.pixels)
    copy.write_bytes(encode_picture(Picture(blurred), ExportFormat("png"), copy=piece))
    report = Document.open(copy).with_edits([FIRST]).encode(ExportFormat("png"), keep_original=True)
    assert _of_earlier(report) == ["earlier-without-edits"]
    assert report.kept == source.stat().st_size
    restored = restore(copy)
    assert restored.by_copy
    assert restored.found is not None
    assert restored.found.weights == "surviving-2"
    assert [note.code for note in restored.notes] == ["copy-of-changed"]


def test_as_new_it_is_a_picture_like_any_other(export: Path, tmp_path: Path) -> None:
    path = tmp_path / "second.png"
    report = Document.open(export, as_new=True).with_edits([SECOND]).export(path)
    assert report.notes == ()
    restored = Document.restore(path)
    assert restored.edits == (SECOND,)
    assert psnr(restored.picture, open_picture(export)) > 38


def test_where_the_original_is_lost_that_is_said(
    export: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    from editor.engine import embedding
    from editor.messages import message

    def lost(*args: object, **more: object) -> None:
        raise embedding.NotAnExport(message("no-export"))

    document = Document.open(export).with_edits([SECOND])
    extract = embedding.extract
    calls: list[int] = []

    def first_lost(*args: object, **more: object) -> object:
        calls.append(1)
        return lost() if len(calls) == 1 else extract(*args, **more)  # type: ignore[arg-type]

    monkeypatch.setattr(embedding, "extract", first_lost)
    report = document.encode(ExportFormat("png"))
    assert [note.code for note in report.notes] == ["earlier-lost"]
    assert report.restorable
    assert report.restored is not None
    assert report.restored.psnr > 38


def test_a_restored_photo_has_nothing_earlier(export: Path) -> None:
    restored = Document.restore(export)
    report = Document(restored.picture).add("film", 0.5).encode(ExportFormat("png"))
    assert report.notes == ()


@pytest.mark.parametrize("kind", ["png", "jpg"])
def test_what_was_not_proven_once_is_never_proven_again(
    export: Path, tmp_path: Path, kind: str
) -> None:
    stuck, second, third = (tmp_path / f"{n}.{k}" for n, k in ((1, "png"), (2, kind), (3, "png")))
    pixels = open_picture(export).pixels.copy()
    pixels[60:110, 90:170] = (255, 220, 0)
    Image.fromarray(pixels).save(stuck)
    assert not Document.restore(export).integrity.doubtful
    for source, target in ((stuck, second), (second, third)):
        Document.open(source).with_edits([SECOND]).export(target)
        restored = Document.restore(target)
        seen = inspect_picture(open_picture(target))
        for integrity in (restored.integrity, seen.integrity):
            assert integrity.outcome == Outcome.UNPROVEN
            assert integrity.doubtful
            assert integrity.unproven == 1
    report = Document.open(second).with_edits([SECOND]).encode(ExportFormat("png"))
    assert report.notes[0].code == "earlier-doubtful"
