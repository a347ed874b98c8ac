"""Promise: whatever takes longer than half a second shows that it is going on."""

from __future__ import annotations

import contextlib
import io
import threading

import pytest

from editor.cli.progress_bar import ProgressBar
from editor.messages import Name, message
from tests.promises.cli_support import Terminal


class Watched(Terminal):
    """A terminal that tells when certain words appear on it."""

    def __init__(self, words: str) -> None:
        super().__init__()
        self.words, self.seen = words, threading.Event()

    def write(self, text: str) -> int:
        done = super().write(text)
        if self.words in self.getvalue():
            self.seen.set()
        return done


def test_a_long_first_step_is_shown_though_it_says_nothing(monkeypatch):
    monkeypatch.setattr(ProgressBar, "PATIENCE", 0.05)
    terminal = Watched("Applying Film")
    with contextlib.redirect_stderr(terminal), ProgressBar() as progress:
        progress(0.0, message("applying", look=Name("Film")))
        assert terminal.seen.wait(10)
        assert "0 %" in terminal.getvalue()
    assert terminal.getvalue().endswith("\r"), "the line is cleared"
    last = terminal.getvalue().split("\r")[-2]
    assert last.strip() == ""


def test_a_short_job_shows_nothing(monkeypatch):
    monkeypatch.setattr(ProgressBar, "PATIENCE", 1000.0)
    terminal = Terminal()
    with contextlib.redirect_stderr(terminal), ProgressBar() as progress:
        progress(0.0, message("applying", look=Name("Film")))
        progress(1.0, "Checking the file")
    assert terminal.getvalue() == ""


@pytest.mark.parametrize("patience", [0.0, 1000.0])
def test_nobody_looks(monkeypatch, patience):
    """As where standard error goes into a file."""
    monkeypatch.setattr(ProgressBar, "PATIENCE", patience)
    file = io.StringIO()
    with contextlib.redirect_stderr(file), ProgressBar() as progress:
        progress(0.0, message("applying", look=Name("Film")))
        progress(1.0, "Checking the file")
    assert file.getvalue() == ""


def test_a_failure_leaves_no_bar_behind(monkeypatch):
    monkeypatch.setattr(ProgressBar, "PATIENCE", 0.05)
    terminal = Watched("Applying Film")
    with (
        contextlib.redirect_stderr(terminal),
        contextlib.suppress(ValueError),
        ProgressBar() as progress,
    ):
        progress(0.0, message("applying", look=Name("Film")))
        assert terminal.seen.wait(10)
        raise ValueError
    assert terminal.getvalue().split("\r")[-2].strip() == ""
