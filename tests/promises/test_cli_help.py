"""Promise: the command line answers at once, in one line where it can, and needs no window."""

from __future__ import annotations

import io
import json
import subprocess
import sys
from pathlib import Path

import pytest

import editor.cli.main
from editor.cli.parser import COMMANDS
from editor.engine.embedding import embed
from models.operators.registry import OPERATORS
from models.problems import Problem, WeightsError
from tests.promises.cli_support import files_in, refused, run, succeeded

ROOT = Path(__file__).resolve().parents[2]


def python(*arguments: str) -> str:
    done = subprocess.run(
        [sys.executable, *arguments], cwd=ROOT, capture_output=True, text=True, check=True
    )
    return done.stdout


def test_as_a_program():
    assert python("-m", "editor.cli", "--version") == f"pentimento {editor.__version__}\n"


LOADED = "import json, sys; print(json.dumps(sorted(m.split('.')[0] for m in sys.modules)))"


def test_the_help_loads_nothing_heavy():
    said = python("-c", f"from editor.cli.main import main; main(['--help'])\n{LOADED}")
    heavy = {"torch", "scipy", "cv2", "numpy", "PIL", "PySide6"}
    assert not heavy & set(json.loads(said.splitlines()[-1]))
    assert "apply" in said


def test_the_engine_and_all_commands_load_no_qt():
    modules = ", ".join(f"editor.cli.commands.{name}" for name in COMMANDS)
    said = python("-c", f"from editor import Document\nDocument.open\nimport {modules}\n{LOADED}")
    assert not {"PySide6", "shiboken6"} & set(json.loads(said))


@pytest.mark.parametrize("command", COMMANDS)
def test_every_command_has_help(command):
    said = succeeded(run(command, "--help")).out
    assert said.startswith(f"usage: pentimento {command}")


def test_the_help_names_every_operator():
    for command in ("apply", "batch"):
        said = succeeded(run(command, "-h")).out
        for operator in OPERATORS.values():
            assert f"  {operator.id} " in said
            assert operator.summary in said


def test_a_mistyped_command_does_not_open_a_window():
    assert "did you mean apply?" in refused(run("aply", "photo.jpg"), 2)
    assert "commands are apply, restore" in refused(run("xyzzy"), 2)


@pytest.mark.skipif(sys.platform != "linux", reason="other systems always have a screen")
def test_without_a_screen_the_reason_is_said(monkeypatch):
    for name in ("DISPLAY", "WAYLAND_DISPLAY", "QT_QPA_PLATFORM"):
        monkeypatch.delenv(name, raising=False)
    result = run()
    assert result.code == 1
    assert result.err.count("\n") == 1
    assert "no screen" in result.err


def test_without_a_window_system_the_reason_is_said(monkeypatch):
    monkeypatch.setitem(sys.modules, "editor.ui.app", None)
    assert "The window cannot be opened" in refused(run())


# -- failures from deep inside are one line too ---------------------------------------------------


def failing(error: BaseException):
    def embed_and_fail(*_: object, **__: object) -> None:
        raise error

    return embed_and_fail


@pytest.mark.parametrize(
    ("error", "says"),
    [
        (MemoryError(), "not enough memory"),
        (RuntimeError("DefaultCPUAllocator: not enough memory:\n you tried"), "not enough memory"),
        (WeightsError(Problem("weights-missing", path="x")), "reinstall"),
        (OSError(5, "Input/output error", "/photos/a.png"), "Input/output error: “/photos/a.png”"),
        (KeyboardInterrupt(), "Cancelled"),
    ],
)
def test_failures(small_photo, tmp_path, monkeypatch, error, says):
    monkeypatch.setattr("editor.engine.embedding.embed", failing(error))
    assert says in refused(run("apply", small_photo, "-o", tmp_path / "o.png", "--edit", "film"))
    assert files_in(tmp_path) == {"photos"}


def test_a_fault_of_the_program_is_one_line_unless_asked(small_photo, tmp_path, monkeypatch):
    monkeypatch.setattr("editor.engine.embedding.embed", failing(IndexError("two\nlines")))
    command = ("apply", small_photo, "-o", tmp_path / "o.png", "--edit", "film")
    result = run(*command)
    assert result.code == 1
    (line,) = result.err.splitlines()
    assert "Something went wrong inside Pentimento (IndexError: two lines)" in line
    with pytest.raises(IndexError):
        run(*command, "--traceback")
    assert embed is not editor.engine.embedding.embed  # the failing one was in use


def test_a_terminal_that_cannot_show_every_character(tmp_path, monkeypatch):
    bytes_ = io.BytesIO()
    monkeypatch.setattr(sys, "stderr", io.TextIOWrapper(bytes_, "ascii", "strict"))
    assert editor.cli.main.main(["inspect", str(tmp_path / "Überfahrt.png")]) == 1
    sys.stderr.flush()
    assert b"berfahrt.png" in bytes_.getvalue()
