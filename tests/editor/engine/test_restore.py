"""Restore: the original out of the pixels, the edits out of the metadata, or the pixels too."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from editor.document import Document
from editor.engine import short_recipe
from editor.engine.edits import Edit, to_recipe
from editor.engine.mask_parts import Mask, Stroke
from editor.engine.progress import Cancelled
from editor.engine.restore import inspect, restore
from editor.files.decoding import decode_picture
from editor.files.encoding import ExportFormat, encode_picture
from editor.files.picture import Picture, PictureError
from editor.files.picture_files import open_picture, read_recipe
from editor.messages import Message, message
from models.containers import coefficients
from models.metrics import psnr
from tests.models.natural_pictures import natural

KINDS = ["png", "webp", "tiff"]
EDITS = (
    Edit("film", 0.9),
    Edit("exposure", -0.75, opacity=0.8),
    Edit("retouch", 0.5, enabled=False),
    Edit("exposure", 1.0, mask=Mask.painted((Stroke(((0.4, 0.3, 1.0), (0.7, 0.5, 0.5))),))),
)


@pytest.fixture(scope="module")
def photo() -> np.ndarray:
    return natural(48, 64, seed=6)


@pytest.fixture(scope="module")
def exports(photo: np.ndarray, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with one export per lossless format."""
    folder = tmp_path_factory.mktemp("exports")
    document = Document(Picture(photo)).with_edits(EDITS)
    for kind in KINDS:
        document.export(folder / f"export.{kind}")
    return folder


@pytest.mark.parametrize("kind", KINDS)
def test_the_original_and_the_edits_come_back(exports: Path, photo: np.ndarray, kind: str) -> None:
    path = exports / f"export.{kind}"
    restored = restore(path)
    with Image.open(path) as file:
        written = np.asarray(file.convert("RGB"))
    assert psnr(restored.picture.pixels, photo) > max(36, psnr(written, photo) + 8)
    assert restored.edits == EDITS
    assert restored.found is not None
    assert restored.picture.path == path


@pytest.mark.parametrize("kind", KINDS)
def test_without_metadata_the_same_picture_comes_back_bit_for_bit(
    exports: Path, kind: str, tmp_path: Path
) -> None:
    with Image.open(exports / f"export.{kind}") as file:
        bare = Image.fromarray(np.asarray(file.convert("RGB")).copy())
    options = {"webp": {"lossless": True, "exact": True}}.get(kind, {})
    bare.save(tmp_path / f"bare.{kind}", **options)
    stripped = restore(tmp_path / f"bare.{kind}")
    assert stripped.edits is None  # with its strokes it is too long for such a small picture
    assert stripped.found is not None
    assert np.array_equal(
        stripped.picture.pixels, restore(exports / f"export.{kind}").picture.pixels
    )


def test_every_format_restores_to_the_same_pixels(exports: Path) -> None:
    first, *others = (restore(exports / f"export.{kind}").picture.pixels for kind in KINDS)
    for other in others:
        assert np.array_equal(first, other)


def test_what_is_restored_can_be_edited_again_to_the_same_look(
    exports: Path, photo: np.ndarray
) -> None:
    restored = restore(exports / "export.png")
    assert restored.edits is not None
    again = Document(restored.picture).with_edits(restored.edits).look()
    look = Document(Picture(photo)).with_edits(EDITS).look()
    assert psnr(again, look) > 34


def test_a_damaged_recipe_does_not_keep_the_original_back(exports: Path, tmp_path: Path) -> None:
    whole = restore(exports / "export.png")
    picture = inspect(exports / "export.png").picture
    data = encode_picture(picture, ExportFormat("png"), keep_metadata=True, recipe='{"pent')
    (tmp_path / "damaged.png").write_bytes(data)
    restored = restore(tmp_path / "damaged.png")
    assert restored.edits is None
    assert np.array_equal(restored.picture.pixels, whole.picture.pixels)


@pytest.fixture(scope="module")
def bare(tmp_path_factory: pytest.TempPathFactory) -> Callable[..., Path]:
    """Exports with two edits, all of their metadata removed."""
    folder = tmp_path_factory.mktemp("bare")

    def make(suffix: str, attached: bytes | None = None, **more: bool) -> Path:
        path = folder / f"export.{suffix}"
        document = Document(Picture(natural(208, 264, seed=6))).with_edits(SHORT)
        with pytest.MonkeyPatch.context() as patch:
            if attached is not None:
                patch.setattr(short_recipe, "pack", lambda recipe: attached)
            data = document.encode(ExportFormat(suffix), **more).data
        picture = decode_picture(data, message("the-export"))
        if suffix == "jpeg":
            assert picture.jpeg is not None
            path.write_bytes(coefficients.write(coefficients.read(picture.jpeg.data)))
        else:
            Image.fromarray(picture.pixels).save(path)
        assert read_recipe(open_picture(path)) is None
        return path

    return make


SHORT = (Edit("film", 0.85), Edit("exposure", -0.35))


@pytest.mark.parametrize("suffix", ["png", "jpeg"])
def test_a_stripped_export_still_has_its_edits(bare: Callable[..., Path], suffix: str) -> None:
    path = bare(suffix)
    assert inspect(path).edits == SHORT
    assert restore(path).edits == SHORT


@pytest.mark.parametrize("suffix", ["png", "jpeg"])
def test_without_metadata_the_pixels_do_not_name_the_edits_either(
    bare: Callable[..., Path], suffix: str
) -> None:
    path = bare(suffix, keep_metadata=False)
    seen = inspect(path)
    assert seen.edits is None
    assert seen.found is not None
    assert seen.found.attached == b""


@pytest.mark.parametrize("attached", [b"\x01\xff\xfe", b"\x02hello", b"\x01" * 50])
@pytest.mark.parametrize("suffix", ["png", "jpeg"])
def test_what_is_no_edit_list_there_is_passed_over(
    bare: Callable[..., Path], suffix: str, attached: bytes
) -> None:
    restored = restore(bare(suffix, attached))
    assert restored.found is not None
    assert restored.found.attached == attached
    assert restored.edits is None


def test_the_list_in_the_metadata_goes_first(tmp_path: Path) -> None:
    document = Document(Picture(natural(96, 128, seed=6))).with_edits(SHORT)
    picture = decode_picture(document.encode(ExportFormat("png")).data, message("the-export"))
    other = to_recipe([Edit("film", 0.1)])
    for recipe, expected in ((other, (Edit("film", 0.1),)), ('{"pent', SHORT)):
        data = encode_picture(picture, ExportFormat("png"), keep_metadata=True, recipe=recipe)
        (tmp_path / "other.png").write_bytes(data)
        assert inspect(tmp_path / "other.png").edits == expected


def test_other_pictures_are_refused_by_name_forced_or_not(
    photo: np.ndarray, tmp_path: Path
) -> None:
    path = tmp_path / "holiday.png"
    Image.fromarray(photo).save(path)
    for force in (False, True):
        with pytest.raises(
            PictureError, match=r"holiday\.png.* cannot be restored: .*carry no original"
        ):
            restore(path, force=force)


def test_inspect_tells_without_restoring(exports: Path, photo: np.ndarray, tmp_path: Path) -> None:
    seen = inspect(exports / "export.png")
    assert seen.found is not None
    assert seen.edits == EDITS
    Image.fromarray(photo).save(tmp_path / "photo.png")
    nothing = inspect(tmp_path / "photo.png")
    assert nothing.found is None
    assert nothing.edits is None


def test_transparency_and_size_survive_the_whole_way(tmp_path: Path) -> None:
    alpha = np.zeros((33, 47), np.uint8)
    alpha[5:20, 7:40] = 200
    document = Document(Picture(natural(33, 47), alpha)).add("exposure", 1.0)
    document.export(tmp_path / "export.png")
    restored = restore(tmp_path / "export.png").picture
    assert restored.alpha is not None
    assert np.array_equal(restored.alpha, alpha)
    assert restored.pixels.shape == (33, 47, 3)


def test_jpeg_copies_are_refused(exports: Path, tmp_path: Path) -> None:
    with Image.open(exports / "export.png") as file:
        file.convert("RGB").save(tmp_path / "copy.jpg", quality=95)
    with pytest.raises(PictureError, match="re-compressed"):
        restore(tmp_path / "copy.jpg")


def test_restoring_can_be_cancelled(exports: Path) -> None:
    def cancel(share: float, what: Message) -> None:
        if what == message("revealing"):
            raise Cancelled

    with pytest.raises(Cancelled):
        restore(exports / "export.png", progress=cancel)


def test_a_missing_file_is_said(tmp_path: Path) -> None:
    with pytest.raises(PictureError, match="no file"):
        restore(tmp_path / "none.png")
