"""Export: what the report says is what the file holds."""

from __future__ import annotations

import io
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from editor.document import Document
from editor.engine import embedding
from editor.engine.edits import to_recipe
from editor.engine.progress import Cancelled
from editor.engine.restore import inspect_picture
from editor.files import formats
from editor.files.decoding import decode_picture
from editor.files.encoding import ExportFormat
from editor.files.picture import Picture, PictureError
from editor.files.picture_files import read_recipe
from editor.messages import Message, message
from models.containers.container import Embedding
from tests.models.natural_pictures import natural

LOSSLESS = ["png", "webp", "tiff"]


@pytest.fixture(scope="module")
def document() -> Document:
    return Document(Picture(natural(48, 64, seed=2))).add("film", 0.9).add("exposure", 0.6)


def _psnr(a: np.ndarray, b: np.ndarray) -> float:
    return float(10 * np.log10(255**2 / np.square(a.astype(float) - b).mean()))


@pytest.mark.parametrize("kind", LOSSLESS)
def test_the_reports_figures_are_those_of_the_file(
    document: Document, kind: str, tmp_path: Path
) -> None:
    path = tmp_path / f"export.{kind}"
    report = document.export(path)
    assert report.path == path
    assert report.data == path.read_bytes()
    assert report.restorable
    assert report.why_not is None
    with Image.open(path) as file:  # not by the editor's own decoder
        written = np.asarray(file.convert("RGB"))
    original, look = document.photo.pixels, document.look()
    assert np.array_equal(report.look, look)
    assert report.export.psnr == pytest.approx(_psnr(written, look), abs=1e-6)
    assert report.unrestored.psnr == pytest.approx(_psnr(look, original), abs=1e-6)
    restored = Document.restore(path).picture.pixels
    assert report.restored is not None
    assert report.restored.psnr == pytest.approx(_psnr(restored, original), abs=1e-6)
    assert report.restored.psnr > report.unrestored.psnr + 10
    assert report.export.psnr > 38


@pytest.mark.parametrize("kind", [*LOSSLESS, "jpeg"])
@pytest.mark.parametrize("idle", [[], [("film", 0.0)]])
def test_an_unedited_photo_is_written_as_it_is(kind: str, idle: list[tuple[str, float]]) -> None:
    document = Document(Picture(natural(30, 40)))
    for step in idle:
        document = document.add(*step)
    report = document.encode(ExportFormat(kind))  # type: ignore[arg-type]
    assert not report.restorable
    assert "nothing to hide" in str(report.why_not)
    assert report.unrestored.psnr == 100
    if kind != "jpeg":
        with Image.open(io.BytesIO(report.data)) as file:
            assert np.array_equal(np.asarray(file.convert("RGB")), document.photo.pixels)
        assert report.export.psnr == 100


def test_a_small_jpeg_says_that_it_does_not_carry_the_original(
    document: Document, tmp_path: Path
) -> None:
    report = document.export(tmp_path / "export.jpg")
    assert not report.restorable
    assert report.restored is None
    assert "JPEG" in str(report.why_not)
    assert "too small" in str(report.why_not)
    assert "PNG" in str(report.why_not), "what to do instead"
    with Image.open(tmp_path / "export.jpg") as file:
        written = np.asarray(file.convert("RGB"))
    assert report.export.psnr == pytest.approx(_psnr(written, report.look), abs=0.5)


@pytest.mark.parametrize("size", [(1, 1), (17, 3), (15, 40)])
def test_pictures_without_room_are_written_as_their_look(size: tuple[int, int]) -> None:
    document = Document(Picture(natural(*size))).add("exposure", 1.0)
    report = document.encode(ExportFormat("png"))
    assert not report.restorable
    assert "too small" in str(report.why_not)
    assert np.array_equal(decode_picture(report.data).pixels, document.look())


def test_the_recipe_goes_along_unless_metadata_is_left_out(document: Document) -> None:
    with_it = document.encode(ExportFormat("png"))
    without = document.encode(ExportFormat("png"), keep_metadata=False)
    assert read_recipe(with_it.data) == to_recipe(document.edits)
    assert read_recipe(without.data) is None
    assert b"pentimento" not in without.data.lower()
    seen = [inspect_picture(decode_picture(e.data)) for e in (with_it, without)]
    assert [s.found is not None and s.found.attached != b"" for s in seen] == [True, False]


@pytest.mark.parametrize("kind", LOSSLESS)
def test_transparency_is_put_back(kind: str) -> None:
    alpha = np.random.default_rng(0).integers(0, 256, (40, 48), dtype=np.uint8)
    document = Document(Picture(natural(40, 48), alpha)).add("exposure", 0.7)
    report = document.encode(ExportFormat(kind))  # type: ignore[arg-type]
    written = decode_picture(report.data)
    assert written.alpha is not None
    assert np.array_equal(written.alpha, alpha)
    assert report.restorable


def test_the_photo_itself_is_never_replaced(tmp_path: Path) -> None:
    path = tmp_path / "photo.png"
    Image.fromarray(natural(40, 48)).save(path)
    before = path.read_bytes()
    document = Document.open(path).add("exposure", 1.0)
    (tmp_path / "link.png").symlink_to(path)
    for name in (path, tmp_path / "link.png", tmp_path / "." / "photo.png"):
        with pytest.raises(PictureError, match="never replaced by an export"):
            document.export(name, overwrite=True)
    assert path.read_bytes() == before


def test_nothing_is_overwritten_unasked(document: Document, tmp_path: Path) -> None:
    path = tmp_path / "taken.png"
    path.write_bytes(b"mine")
    with pytest.raises(PictureError, match="exists already"):
        document.export(path)
    assert path.read_bytes() == b"mine"
    document.export(path, overwrite=True)
    assert path.read_bytes().startswith(b"\x89PNG")
    assert [p.name for p in tmp_path.iterdir()] == ["taken.png"]


@pytest.mark.parametrize("share", [0.0, 0.3, 0.5, 0.6, 0.8, 0.97])
def test_cancelling_leaves_no_file(document: Document, tmp_path: Path, share: float) -> None:
    def cancel(done: float, what: Message) -> None:
        if done >= share:
            raise Cancelled

    with pytest.raises(Cancelled):
        document.export(tmp_path / "export.png", progress=cancel)
    assert list(tmp_path.iterdir()) == []


def test_progress_grows_to_one(document: Document, tmp_path: Path) -> None:
    told: list[tuple[float, Message]] = []
    document.export(tmp_path / "export.png", progress=lambda *step: told.append(step))
    shares = [share for share, _ in told]
    assert shares == sorted(shares)
    assert shares[0] == 0
    assert shares[-1] == 1
    assert all(what for _, what in told)


def test_unknown_extensions_are_refused_before_any_work(
    document: Document, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(Document, "look", None)
    with pytest.raises(PictureError, match="which format"):
        document.export(tmp_path / "export.xyz")


def test_a_file_that_does_not_give_the_original_back_is_not_called_restorable(
    document: Document, monkeypatch: pytest.MonkeyPatch
) -> None:
    """As with a codec that is not lossless after all."""
    monkeypatch.setattr(embedding, "embed", lambda photo, look, **_: Embedding(look))
    report = document.encode(ExportFormat("png"))
    assert not report.restorable
    assert "did not give the original back" in str(report.why_not)


def test_a_format_without_a_container_is_named(
    document: Document, monkeypatch: pytest.MonkeyPatch
) -> None:
    """As JPEG 2000 would be: with losses, but no JPEG."""
    toy = replace(formats.JPEG, kind="jp2", name="JPEG 2000")
    monkeypatch.setitem(formats.WRITTEN, "jp2", toy)
    report = document.encode(ExportFormat("jp2"))
    assert not report.restorable
    assert embedding.survives(ExportFormat("jp2")) is None
    assert report.why_not == message(
        "format-carries-nothing",
        format="JPEG 2000",
        others=message("or", others="PNG, JPEG, WebP", last="TIFF"),
    )
