"""Promise: the original's own file is kept where one asks for it, and comes back byte for byte."""

from __future__ import annotations

import shutil
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from editor.document import Document
from editor.engine import restore as restoring
from editor.files.decoding import decode_picture
from editor.files.encoding import ExportFormat, encode_picture
from editor.files.exact_copy import packed, unpacked
from editor.files.picture import Picture
from tests.promises.cli_support import decibels, pixels, refused, run, sample, succeeded

EDIT = ("--edit", "exposure=-1")
SUFFIXES = [".png", ".jpg", ".webp", ".tif"]


@pytest.fixture(scope="module")
def photo(tmp_path_factory) -> Path:
    """A JPEG that lies on its side."""
    path = tmp_path_factory.mktemp("photo") / "lake.jpg"
    exif = Image.Exif()
    exif[0x0112], exif[0x010F] = 6, "Acme"
    sample("lake", 128).save(path, quality=92, exif=exif)
    return path


@pytest.fixture(scope="module")
def exports(photo, tmp_path_factory) -> dict[str, Path]:
    folder = tmp_path_factory.mktemp("exports")
    paths = {suffix: folder / f"e{suffix}" for suffix in SUFFIXES}
    for path in paths.values():
        succeeded(run("apply", photo, "-o", path, *EDIT, "--keep-original"))
    return paths


@pytest.mark.parametrize("suffix", SUFFIXES)
def test_every_byte_comes_back(exports, photo, tmp_path, suffix):
    result = succeeded(run("restore", exports[suffix], "-o", tmp_path / "back.JPEG"))
    assert "every byte" in result.out
    assert result.err == ""
    assert (tmp_path / "back.JPEG").read_bytes() == photo.read_bytes()
    assert "Exact copy" in succeeded(run("inspect", exports[suffix])).out


@pytest.mark.parametrize("suffix", SUFFIXES)
def test_other_programs_open_an_export_with_a_copy(exports, suffix):
    with Image.open(exports[suffix]) as image:
        image.load()
        assert image.size == (72, 128)


def test_another_suffix_converts_and_says_so(exports, photo, tmp_path):
    result = succeeded(run("restore", exports[".png"], "-o", tmp_path / "back.png", "--json"))
    assert result.json["way"] == "exact copy"
    assert result.json["every_byte"] is False
    assert any("kept as a JPEG file" in note for note in result.json["notes"])
    back = decode_picture((tmp_path / "back.png").read_bytes())
    np.testing.assert_array_equal(back.pixels, decode_picture(photo.read_bytes()).pixels)
    assert b"Acme" in (back.metadata.exif or b"")


def _stuck(image: Image.Image) -> Image.Image:
    image.putpixel((40, 120), (255, 220, 0))
    return image


@pytest.mark.parametrize(
    ("change", "outcome"),
    [(None, "proven"), (_stuck, "in part"), (lambda i: i.resize((71, 127)), "unproven")],
)
def test_inspect_and_restore_say_the_same_of_an_export_with_a_copy(
    exports, photo, tmp_path, change, outcome
):
    path = tmp_path / "e.png"
    path.write_bytes(exports[".png"].read_bytes())
    if change is not None:
        made = decode_picture(path.read_bytes())
        changed = np.asarray(change(Image.fromarray(made.pixels)))
        piece = packed(photo.read_bytes(), made.pixels)
        path.write_bytes(encode_picture(Picture(changed), ExportFormat("png"), copy=piece))
    inspected = succeeded(run("inspect", path, "--json")).json
    restored = succeeded(run("restore", path, "-o", tmp_path / "back.jpg", "--json")).json
    assert restored["way"] == "exact copy"
    assert restored["every_byte"]
    for key in ("restorable", "outcome", "changed", "predicted", "unproven", "doubtful"):
        assert inspected[key] == restored[key], key
    assert restored["outcome"] == outcome


def test_figures_say_how_large_the_copy_is(photo, tmp_path):
    words = ("apply", photo, "-o", tmp_path / "e.png", *EDIT, "--json")
    assert succeeded(run(*words)).json["kept_bytes"] == 0
    kept = succeeded(run(*words, "--keep-original", "--overwrite")).json["kept_bytes"]
    assert kept == photo.stat().st_size


def test_with_the_copy_gone_the_pixels_serve(exports, photo, tmp_path):
    bare = tmp_path / "bare.png"
    Image.open(exports[".png"]).save(bare)
    result = succeeded(run("restore", bare, "-o", tmp_path / "back.png", "--json"))
    assert result.json["way"] == "pixels"
    expected = decode_picture(photo.read_bytes()).pixels
    assert decibels(pixels(tmp_path / "back.png"), expected) > 35


def with_copy(export: Path, piece: bytes | None, target: Path) -> Path:
    """The same export with another piece in place of its copy."""
    picture = decode_picture(export.read_bytes())
    target.write_bytes(encode_picture(picture, ExportFormat("png"), copy=piece))
    return target


def test_a_copy_of_another_picture_is_not_used(exports, photo, tmp_path):
    other = tmp_path / "clouds.jpg"
    sample("clouds", 128).rotate(90, expand=True).save(other)
    export = decode_picture(exports[".png"].read_bytes())
    swapped = with_copy(
        exports[".png"], packed(other.read_bytes(), export.pixels), tmp_path / "swapped.png"
    )
    result = succeeded(run("restore", swapped, "-o", tmp_path / "back.png", "--json"))
    assert result.json["way"] == "pixels"
    assert any("of another picture" in note for note in result.json["notes"])
    expected = decode_picture(photo.read_bytes()).pixels
    assert decibels(pixels(tmp_path / "back.png"), expected) > 35


def test_a_damaged_copy_is_not_used(exports, photo, tmp_path):
    data = bytearray(exports[".tif"].read_bytes())
    at = bytes(data).index(photo.read_bytes()[-200:])
    data[at + 50] ^= 1
    damaged = tmp_path / "damaged.tif"
    damaged.write_bytes(data)
    result = succeeded(run("restore", damaged, "-o", tmp_path / "back.png", "--json"))
    assert result.json["way"] == "pixels"
    assert any("damaged" in note for note in result.json["notes"])
    assert "damaged" in succeeded(run("inspect", damaged)).out


def blurred(path: Path) -> Picture:
    """The export, so changed that its pixels carry nothing any more, but look the same."""
    picture = decode_picture(path.read_bytes())
    small = Image.fromarray(picture.pixels).reduce(3)
    return picture.with_pixels(np.asarray(small.resize(picture.size, Image.Resampling.BICUBIC)))


def test_with_the_pixels_gone_the_copy_serves(exports, photo, tmp_path):
    picture = blurred(exports[".png"])
    export = decode_picture(exports[".png"].read_bytes())
    piece = packed(photo.read_bytes(), export.pixels)
    (tmp_path / "b.png").write_bytes(encode_picture(picture, ExportFormat("png"), copy=piece))
    said = succeeded(run("inspect", tmp_path / "b.png")).out
    assert "by the exact copy" in said
    succeeded(run("restore", tmp_path / "b.png", "-o", tmp_path / "b.jpg"))
    assert (tmp_path / "b.jpg").read_bytes() == photo.read_bytes()


def test_a_copy_moved_into_a_foreign_picture_is_not_used(exports, photo, tmp_path):
    export = decode_picture(exports[".png"].read_bytes())
    piece = packed(photo.read_bytes(), export.pixels)
    foreign = Picture(np.asarray(sample("clouds", 128)))
    (tmp_path / "f.png").write_bytes(encode_picture(foreign, ExportFormat("png"), copy=piece))
    assert "carry no original" in refused(
        run("restore", tmp_path / "f.png", "-o", tmp_path / "x.jpg")
    )


def test_keeping_and_stripping_do_not_go_together(photo, tmp_path):
    words = ("-o", tmp_path / "e.png", *EDIT, "--keep-original", "--strip")
    assert "choose one" in refused(run("apply", photo, *words), 2)
    assert "choose one" in refused(run("batch", "apply", photo.parent, *words), 2)


def test_pixels_that_came_from_no_file_are_kept_as_png():
    pasted = Picture(np.asarray(sample("lake", 96)))
    report = Document(pasted).add("exposure", -1.0).encode(ExportFormat("jpeg"), keep_original=True)
    assert [note.code for note in report.notes] == ["kept-as-png"]
    copy = decode_picture(report.data).copy
    assert copy is not None
    assert copy.format is not None
    assert copy.format.kind == "png"
    np.testing.assert_array_equal(decode_picture(copy.data).pixels, pasted.pixels)


def test_a_file_that_was_changed_meanwhile_is_not_taken_for_the_photo(tmp_path):
    path = tmp_path / "a.png"
    sample("lake", 96).save(path)
    document = Document.open(path).add("exposure", -1.0)
    sample("clouds", 96).save(path)
    report = document.encode(ExportFormat("png"), keep_original=True)
    assert [note.code for note in report.notes] == ["kept-as-png"]
    copy = decode_picture(report.data).copy
    assert copy is not None
    np.testing.assert_array_equal(decode_picture(copy.data).pixels, document.photo.pixels)


def test_an_export_of_an_export_keeps_the_first_original(exports, photo, tmp_path):
    words = ("-o", tmp_path / "second.png", "--edit", "exposure=0.5", "--keep-original")
    succeeded(run("apply", exports[".png"], *words))
    succeeded(run("restore", tmp_path / "second.png", "-o", tmp_path / "first.jpg"))
    assert (tmp_path / "first.jpg").read_bytes() == photo.read_bytes()


def test_a_restored_original_can_be_kept_again(exports, photo, tmp_path):
    restored = restoring.restore(exports[".webp"])
    assert restored.by_copy
    again = Document(restored.picture).add("exposure", 0.5)
    report = again.encode(ExportFormat("tiff"), keep_original=True)
    assert report.kept == photo.stat().st_size
    assert report.notes == ()


def test_formats_that_are_only_opened_come_back_too(tmp_path):
    gif = tmp_path / "a.gif"
    sample("lake", 96).quantize(32).save(gif)
    succeeded(run("apply", gif, "-o", tmp_path / "e.png", *EDIT, "--keep-original"))
    succeeded(run("restore", tmp_path / "e.png", "-o", tmp_path / "back.gif"))
    assert (tmp_path / "back.gif").read_bytes() == gif.read_bytes()
    words = ("restore", tmp_path / "e.png", "-o", tmp_path / "back.bmp")
    assert ".png" in refused(run(*words), 2)
    assert not (tmp_path / "back.bmp").exists()


def test_transparency_that_a_jpeg_lost_is_in_the_copy(tmp_path):
    image = sample("lake", 96).convert("RGBA")
    image.putalpha(Image.linear_gradient("L").resize(image.size))
    image.save(tmp_path / "a.png")
    succeeded(run("apply", tmp_path / "a.png", "-o", tmp_path / "e.jpg", *EDIT, "--keep-original"))
    succeeded(run("restore", tmp_path / "e.jpg", "-o", tmp_path / "back.png"))
    assert (tmp_path / "back.png").read_bytes() == (tmp_path / "a.png").read_bytes()


def test_pieces_that_make_no_sense():
    sound = packed(b"GIF89a", np.zeros((20, 20, 3), np.uint8))
    assert unpacked(sound) is not None
    for end in range(0, len(sound), 7):
        assert unpacked(sound[:end]) is None
    for at in (0, 8, 9, 50, len(sound) - 1):
        broken = bytearray(sound)
        broken[at] ^= 1
        assert unpacked(bytes(broken)) is None or at == 50  # the look is no part of the file


def test_in_a_batch(photo, tmp_path):
    folder = tmp_path / "photos"
    folder.mkdir()
    shutil.copy(photo, folder)
    words = ("-o", tmp_path / "out", *EDIT, "--keep-original")
    succeeded(run("batch", "apply", folder, *words))
    words = ("-o", tmp_path / "back", "--format", "jpg")
    result = succeeded(run("batch", "restore", tmp_path / "out", *words))
    assert result.err == ""
    assert (tmp_path / "back" / "lake.jpg").read_bytes() == photo.read_bytes()
