"""Promise: a bad file is refused in one clear sentence, and nothing is written."""

from __future__ import annotations

import os
import struct
import zlib
from collections.abc import Callable
from pathlib import Path

import pytest
from PIL import Image

from tests.promises.cli_support import files_in, refused, run, sample, succeeded


def truncated(name: str) -> Callable[[Path], Path]:
    def make(folder: Path) -> Path:
        path = folder / name
        sample("clouds", 160).save(path)
        path.write_bytes(path.read_bytes()[: path.stat().st_size // 2])
        return path

    return make


def containing(name: str, data: bytes) -> Callable[[Path], Path]:
    def make(folder: Path) -> Path:
        (folder / name).write_bytes(data)
        return folder / name

    return make


def bomb(width: int, height: int) -> bytes:
    """A PNG of a few bytes that claims a size."""

    def chunk(kind: bytes, body: bytes) -> bytes:
        return (
            struct.pack(">I", len(body)) + kind + body + struct.pack(">I", zlib.crc32(kind + body))
        )

    head = struct.pack(">II5B", width, height, 8, 2, 0, 0, 0)
    body = chunk(b"IDAT", zlib.compress(bytes(10_000)))
    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", head) + body + chunk(b"IEND", b"")


def folder(parent: Path) -> Path:
    (parent / "bad.jpg").mkdir()
    return parent / "bad.jpg"


def pipe(parent: Path) -> Path:
    os.mkfifo(parent / "bad.png")
    return parent / "bad.png"


BAD = {
    "truncated JPEG": (truncated("bad.jpg"), "damaged or incomplete"),
    "truncated PNG": (truncated("bad.png"), "damaged or incomplete"),
    "truncated WebP": (truncated("bad.webp"), "damaged or incomplete"),
    "truncated TIFF": (truncated("bad.tif"), "damaged or incomplete"),
    "empty": (containing("bad.jpg", b""), "is empty"),
    "a text": (containing("bad.jpg", b"Dear Sir or Madam\n"), "not a picture of a known kind"),
    "a PDF": (containing("bad.png", b"%PDF-1.7\n"), "not a picture of a known kind"),
    "a bomb": (containing("bad.png", bomb(60_000, 60_000)), "more than 200 megapixels"),
    "a lie": (containing("bad.png", bomb(3000, 2000)), "damaged or incomplete"),
    "a folder": (folder, "is a folder"),
    "nothing": (lambda parent: parent / "bad.png", "There is no file"),
}
if hasattr(os, "mkfifo"):
    BAD["a pipe"] = (pipe, "is not a file")


@pytest.mark.parametrize("command", ["apply", "restore", "inspect"])
@pytest.mark.parametrize("kind", BAD)
def test_refused_in_one_line(tmp_path, command, kind):
    make, says = BAD[kind]
    path = make(tmp_path)
    before = files_in(tmp_path)
    options = {
        "apply": ["-o", tmp_path / "o.png", "--edit", "film", "--clean", tmp_path / "c.png"],
        "restore": ["-o", tmp_path / "o.png", "--force"],
        "inspect": ["--json"],
    }
    line = refused(run(command, path, *options[command]))
    assert says in line
    assert "bad." in line
    assert len(line) < 400
    assert files_in(tmp_path) == before


@pytest.mark.parametrize("path", ["", ".", "x" * 300 + ".png"])
def test_paths_that_cannot_be(tmp_path, path):
    refused(run("inspect", path))
    refused(run("apply", path, "-o", tmp_path / "o.png", "--edit", "film"))


def test_a_name_that_is_too_long(small_photo, tmp_path):
    out = tmp_path / f"{'x' * 300}.png"
    line = refused(run("apply", small_photo, "-o", out, "--edit", "exposure"))
    assert "too long" in line
    assert files_in(tmp_path) == {"photos"}


def test_a_picture_under_the_wrong_name_is_opened_by_its_content(tmp_path):
    sample("clouds", 160).save(tmp_path / "really a PNG.jpg", "PNG")
    facts = succeeded(run("inspect", tmp_path / "really a PNG.jpg", "--json")).json
    assert facts["format"] == "PNG"


def test_a_photo_that_vanishes_while_it_is_edited(small_photo, tmp_path, monkeypatch):
    """It is in memory by then; the export is whole."""
    from editor.engine import embedding

    real = embedding.embed

    def vanish(*args, **more):
        small_photo.unlink()
        return real(*args, **more)

    monkeypatch.setattr(embedding, "embed", vanish)
    out = tmp_path / "o.png"
    succeeded(run("apply", small_photo, "-o", out, "--edit", "exposure"))
    with Image.open(out) as image:
        image.load()


@pytest.mark.parametrize("compression", ["tiff_adobe_deflate", "tiff_lzw"])
def test_a_damaged_tiff_gives_one_line_though_libtiff_has_its_own(tmp_path, capfd, compression):
    """What C libraries print goes past Python, straight to the terminal."""
    path = tmp_path / "bad.tif"
    sample("clouds", 160).save(path, compression=compression)
    data = bytearray(path.read_bytes())
    data[400:600] = bytes(range(200))
    path.write_bytes(data)
    assert "its pixel data make no sense" in refused(run("inspect", path))
    assert capfd.readouterr() == ("", "")
    os.write(2, b"still there")
    assert capfd.readouterr().err == "still there"
