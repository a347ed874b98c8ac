"""``pentimento --self-test`` passes here, and fails where a part of the program is missing."""

from __future__ import annotations

import gc
import tempfile

import pytest

from editor.cli.main import main
from editor.files.encoding import encode_picture
from editor.ui.tools import self_test


def test_this_installation_passes(qtbot, capsys, tmp_path, monkeypatch):
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path))
    assert main(["--self-test"]) == 0
    said = capsys.readouterr().out.splitlines()
    assert said[0] == "The window is on the screen."
    assert sum("gave its original back at" in line for line in said) == 2
    assert said[-1] == "All is well."
    gc.collect()
    assert list(tmp_path.iterdir()) == []


def test_a_look_that_does_not_work_is_named(capsys, monkeypatch):
    def broken(*_: object) -> None:
        raise ImportError("no scipy")

    monkeypatch.setattr(self_test, "OPERATORS", {"l0-smoothing": broken})
    with pytest.raises(self_test.SelfTestFailed, match=r"l0-smoothing does not work.*no scipy"):
        self_test._try_every_look()


def test_a_format_that_is_not_written_is_named(monkeypatch):
    monkeypatch.setattr(self_test, "encode_picture", lambda *_: b"")
    with pytest.raises(self_test.SelfTestFailed, match="PNG does not work"):
        self_test._try_every_format()
    assert encode_picture is not self_test.encode_picture


def test_a_sample_that_is_missing_fails_the_test(qtbot, capsys, monkeypatch):
    monkeypatch.setattr(self_test, "sample_photo", lambda: None)
    assert main(["--self-test"]) == 1
    assert "The self-test failed: the sample photo is missing." in capsys.readouterr().err


def test_work_that_fails_ends_the_test_at_once(qtbot, capsys, monkeypatch):
    from editor.ui.worker.export_requests import EncodeExport

    def fail(*_: object) -> None:
        raise RuntimeError("no such library")

    monkeypatch.setattr(EncodeExport, "run", fail)
    assert main(["--self-test"]) == 1
    assert "no such library" in capsys.readouterr().err
