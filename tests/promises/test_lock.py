"""Promise: of a locked export nobody gets the original without its passphrase, nor a word of it."""

from __future__ import annotations

import io
import shutil
import sys
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from editor.cli import keys
from editor.document import Document
from editor.engine import restore as restoring
from editor.engine.embedding import Locked
from editor.engine.integrity import Outcome
from editor.files.picture_files import open_picture
from tests.promises.cli_support import Result, Terminal, decibels, pixels, refused, run, sample
from tests.promises.cli_support import succeeded as fine

WORDS = "correct horse"
LOCKED = 3


@pytest.fixture(autouse=True)
def no_passphrase_around(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv(keys.VARIABLE, raising=False)


@pytest.fixture(scope="module")
def photo(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """With a thumbnail of itself in its EXIF, and a maker's note."""
    path = tmp_path_factory.mktemp("photo") / "lake.jpg"
    image = sample("lake", 288)
    small = io.BytesIO()
    image.resize((64, 48)).save(small, "JPEG")
    exif = Image.Exif()
    exif[0x010F] = "Acme"
    exif.get_ifd(0x8769)[0x927C] = b"Acme\0" + small.getvalue()
    image.save(path, quality=93, exif=exif)
    return path


@pytest.fixture(scope="module")
def key(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("key") / "key.txt"
    path.write_text(WORDS + "\n", encoding="utf-8")
    return path


@pytest.fixture(scope="module")
def exports(photo: Path, key: Path, tmp_path_factory: pytest.TempPathFactory) -> dict[str, Path]:
    folder = tmp_path_factory.mktemp("exports")
    paths = {suffix: folder / f"e{suffix}" for suffix in (".png", ".jpg")}
    for path in paths.values():
        words = ("apply", photo, "-o", path, "--edit", "exposure=-1", "--lock-file", key, "--json")
        assert fine(run(*words)).json["locked"] is True
    return paths


SUFFIXES = (".png", ".jpg")


@pytest.mark.parametrize("suffix", SUFFIXES)
def test_with_the_passphrase_everything_comes_back(exports, photo, key, tmp_path, suffix):
    back = tmp_path / "back.png"
    words = ("restore", exports[suffix], "-o", back, "--lock-file", key, "--json")
    facts = fine(run(*words)).json
    assert facts["outcome"] == "proven"
    assert [edit["operator"] for edit in facts["edits"]] == ["exposure"]
    assert decibels(pixels(back), pixels(photo)) > 34
    restored = Document.restore(exports[suffix], passphrase=WORDS)
    np.testing.assert_array_equal(restored.picture.pixels, pixels(back))


@pytest.mark.parametrize("suffix", SUFFIXES)
def test_without_it_nothing_does(exports, key, tmp_path, suffix, monkeypatch):
    path, back, wrong = exports[suffix], tmp_path / "back.png", tmp_path / "wrong.txt"
    wrong.write_text("correct horse battery")
    for more in ((), ("--force",)):
        assert "locked" in refused(run("restore", path, "-o", back, *more), LOCKED)
    said = refused(run("restore", path, "-o", back, "--lock-file", wrong), LOCKED)
    assert "not the passphrase" in said
    monkeypatch.setenv(keys.VARIABLE, "nonsense")
    assert "not the passphrase" in refused(run("restore", path, "-o", back), LOCKED)
    monkeypatch.delenv(keys.VARIABLE)
    assert not back.exists()
    for words in (None, "", "nonsense"):
        with pytest.raises(Locked):
            Document.restore(path, passphrase=words)
        with pytest.raises(Locked):
            restoring.restore(path, passphrase=words, force=True)
    folder = tmp_path / "folder"
    folder.mkdir()
    shutil.copy(path, folder)
    result = run("batch", "restore", folder, "-o", tmp_path / "out")
    assert result.code == 1
    assert "locked" in result.err
    assert not list((tmp_path / "out").glob("*.png"))
    words = ("batch", "restore", folder, "-o", tmp_path / "out", "--lock-file", key)
    assert "1 done" in fine(run(*words)).out


@pytest.mark.parametrize("suffix", SUFFIXES)
def test_inspect_says_that_a_locked_original_is_here_and_no_more(exports, key, suffix):
    path = exports[suffix]
    said = fine(run("inspect", path))
    assert "a locked original is here" in said.out
    assert "exposure" not in said.out + said.err
    facts = fine(run("inspect", path, "--json")).json
    assert (facts["outcome"], facts["locked"], facts["restorable"]) == ("locked", True, False)
    assert facts["edits"] is None
    assert facts["exact_copy_bytes"] == 0
    seen = restoring.inspect(path)
    assert seen.integrity.outcome == Outcome.LOCKED
    assert seen.edits is None
    opened = fine(run("inspect", path, "--lock-file", key, "--json")).json
    assert (opened["outcome"], opened["locked"]) == ("proven", True)
    assert opened["edits"][0]["operator"] == "exposure"
    refused(run("inspect", path, "--lock-file", exports[suffix]), 1)


@pytest.mark.parametrize("suffix", SUFFIXES)
def test_the_file_shows_nothing_of_the_photo(exports, photo, suffix):
    data = exports[suffix].read_bytes()
    assert b"exposure" not in data
    assert b"pentimento" not in data
    exif = Image.open(exports[suffix]).getexif()
    assert exif[0x010F] == "Acme"
    assert b"\xff\xd8" not in exif.get_ifd(0x8769).get(0x927C, b"")
    assert open_picture(exports[suffix]).copy is None


def test_changes_are_found_without_it(exports, tmp_path):
    path = tmp_path / "stuck.png"
    with Image.open(exports[".png"]) as image:
        stuck = image.convert("RGB")
    stuck.paste((255, 220, 0), (40, 40, 90, 90))
    stuck.save(path)
    facts = fine(run("inspect", path, "--json")).json
    assert facts["outcome"] == "locked"
    assert 0.02 < facts["changed"] < 0.1


@pytest.mark.parametrize("suffix", SUFFIXES)
def test_an_export_of_a_locked_export(exports, photo, key, tmp_path, suffix):
    second, back = tmp_path / "second.png", tmp_path / "back.png"
    words = ("apply", exports[suffix], "-o", second, "--edit", "film=0.5")
    assert "locked export" in refused(run(*words), LOCKED)
    assert not second.exists()
    wrong = tmp_path / "wrong.txt"
    wrong.write_text("another")
    assert "not the passphrase" in refused(run(*words, "--lock-file", wrong), LOCKED)
    fine(run(*words, "--lock-file", key))
    fine(run("restore", second, "-o", back, "--lock-file", key))
    assert decibels(pixels(back), pixels(photo)) > 32
    fine(run(*words, "--as-new", "--overwrite"))
    fine(run("restore", second, "-o", back, "--overwrite"))
    assert decibels(pixels(back), pixels(exports[suffix])) > 34


def test_an_exact_copy_of_a_locked_original_is_refused(photo, key, tmp_path):
    words = ("apply", photo, "-o", tmp_path / "e.png", "--edit", "film", "--lock-file", key)
    assert "--keep-original" in refused(run(*words, "--keep-original"), 2)
    document = Document.open(photo).add("film")
    with pytest.raises(ValueError, match="exact copy"):
        document.export(tmp_path / "e.png", keep_original=True, passphrase=WORDS)
    with pytest.raises(ValueError, match="at least one character"):
        document.export(tmp_path / "e.png", passphrase="")
    assert not (tmp_path / "e.png").exists()


def test_what_shows_the_photo_as_it_is_is_not_called_locked(photo, key, tmp_path):
    words = ("apply", photo, "-o", tmp_path / "e.png", "--lock-file", key, "--json")
    facts = fine(run(*words)).json
    assert facts["locked"] is False
    assert "shows it as it is" in facts["why_not"]


def test_a_batch_locks(photo, key, tmp_path):
    folder = tmp_path / "folder"
    folder.mkdir()
    shutil.copy(photo, folder)
    words = ("batch", "apply", folder, "-o", tmp_path / "out", "--edit", "film", "--lock-file", key)
    fine(run(*words))
    assert restoring.inspect(tmp_path / "out" / "lake.png").integrity.outcome == "locked"
    manifest = (tmp_path / "out" / ".pentimento-batch.jsonl").read_text()
    assert WORDS not in manifest
    assert "1 there already" in fine(run(*words)).out
    unlocked = fine(run(*words[:-2]))
    assert "1 done" in unlocked.out  # made otherwise: made anew
    assert restoring.inspect(tmp_path / "out" / "lake.png").integrity.outcome == "proven"


class _Keyboard(Terminal):
    """Somebody is there."""


def asked(monkeypatch: pytest.MonkeyPatch, *answers: str) -> list[str]:
    """Somebody is there and answers so; what was asked."""
    questions: list[str] = []
    waiting = iter(answers)

    def ask(question: str) -> str:
        questions.append(question)
        return next(waiting)

    monkeypatch.setattr(keys.getpass, "getpass", ask)
    monkeypatch.setattr(sys, "stdin", _Keyboard())
    return questions


def test_it_is_asked_for_twice_and_never_a_word_of_the_command(photo, tmp_path, monkeypatch):
    path, back = tmp_path / "e.png", tmp_path / "back.png"
    words = ("apply", photo, "-o", path, "--edit", "film")
    asked(monkeypatch, WORDS, "typo")
    assert "not the same" in refused(run(*words, "--lock"), 2)
    asked(monkeypatch, "")
    assert "at least one" in refused(run(*words, "--lock"), 2)
    questions = asked(monkeypatch, WORDS, WORDS)
    fine(run(*words, "--lock"))
    assert len(questions) == 2
    questions = asked(monkeypatch, WORDS)
    fine(run("restore", path, "-o", back))  # it asks, as the export is locked
    assert "e.png" in questions[0]
    refused(run(*words, "--lock=" + WORDS, "--overwrite"), 2)


def test_where_nobody_is_there_it_says_what_to_do(photo, key, tmp_path, monkeypatch):
    monkeypatch.setattr(sys, "stdin", io.StringIO())
    words = ("apply", photo, "-o", tmp_path / "e.png", "--edit", "film")
    assert "--lock-file" in refused(run(*words, "--lock"), 2)
    for content in (b"", b"\n", b"\xff\xfe", b"x" * 5000):
        key = tmp_path / "other.txt"
        key.write_bytes(content)
        refused(run(*words, "--lock-file", key))
    refused(run(*words, "--lock-file", tmp_path / "none.txt"))
    monkeypatch.setenv(keys.VARIABLE, WORDS)
    fine(run(*words))  # the environment alone locks nothing
    assert restoring.inspect(tmp_path / "e.png").integrity.outcome == "proven"
    assert isinstance(fine(run(*words, "--lock", "--overwrite")), Result)
    assert restoring.inspect(tmp_path / "e.png").integrity.outcome == "locked"
