"""The title shows unsaved work; it is never lost without a question."""

from __future__ import annotations

import pytest
from PySide6.QtGui import QImage

from editor.engine.edits import edit
from editor.ui.dialogs.prompts import Prompts, Unsaved
from tests.conftest import WAIT


@pytest.fixture
def answer(monkeypatch):
    """Answers the question about unsaved work, and counts how often it was asked."""
    given = {"with": Unsaved.CANCEL, "asked": 0}

    def ask(parent, name):
        given["asked"] += 1
        return given["with"]

    monkeypatch.setattr(Prompts, "what_about_unsaved", ask)
    return given


def test_the_title_marks_unsaved_work_and_undo_takes_the_mark_away(window, open_photo, small_file):
    open_photo(small_file)
    assert window.windowTitle() == "holiday.png[*] – Pentimento"
    assert not window.isWindowModified()
    window.editing.add(edit("film"))
    assert window.isWindowModified()
    window.editing.undo()
    assert not window.isWindowModified()


def test_nothing_is_asked_when_nothing_would_be_lost(window, open_photo, small_file, answer):
    open_photo(small_file)
    window.opening.close_photo()
    assert answer["asked"] == 0
    assert window.session.photo is None


def test_nothing_is_asked_when_what_is_there_is_in_a_file_or_nothing(
    qtbot, window, open_photo, small_file, answer
):
    open_photo(small_file)
    window.editing.add(edit("film"))
    window.editing.delete()
    assert not window.isWindowModified()
    window.editing.add(edit("exposure", 1.0))
    assert window.isWindowModified()
    window.editing.set_strength(0.0, 0)  # does nothing
    assert not window.isWindowModified()
    window.editing.delete()
    window.editing.add(edit("film"))
    window.saving.export()
    with qtbot.waitSignal(window.saving.dialog.exported, timeout=WAIT):
        window.saving.dialog.export_button.click()
    assert not window.isWindowModified()
    window.editing.set_strength(0.3, 1)
    assert window.isWindowModified()
    window.editing.set_strength(edit("film").strength, 2)  # as it was exported
    assert not window.isWindowModified()
    window.editing.delete()
    window.opening.close_photo()
    assert answer["asked"] == 0
    assert window.session.photo is None


def test_a_pasted_picture_asks_about_itself_not_about_edits(qtbot, window, monkeypatch):
    asked = []

    def ask(parent, name):
        asked.append(name)
        return Unsaved.DISCARD

    monkeypatch.setattr(Prompts, "what_about_unsaved_photo", ask)
    window.opening.open_image(QImage(50, 30, QImage.Format.Format_RGB888))
    qtbot.waitUntil(lambda: window.session.photo is not None, timeout=WAIT)
    window.opening.close_photo()
    assert asked == ["Pasted picture"]
    assert window.session.photo is None


@pytest.mark.parametrize(
    "leave",
    [
        lambda window, path: window.opening.close_photo(),
        lambda window, path: window.close(),
        lambda window, path: window.opening.open_path(path),
    ],
)
def test_cancel_keeps_everything(window, open_photo, small_file, answer, leave):
    open_photo(small_file)
    window.editing.add(edit("film"))
    leave(window, small_file)
    assert answer["asked"] == 1
    assert window.isVisible()
    assert [e.operator for e in window.session.edits] == ["film"]


def test_discard_goes_on(window, open_photo, small_file, answer):
    open_photo(small_file)
    window.editing.add(edit("film"))
    answer["with"] = Unsaved.DISCARD
    window.opening.close_photo()
    assert window.session.photo is None


def test_save_exports_first_and_then_goes_on(
    qtbot, window, open_photo, small_file, answer, tmp_path
):
    open_photo(small_file)
    window.editing.add(edit("film"))
    answer["with"] = Unsaved.SAVE
    window.opening.close_photo()
    assert window.session.photo is not None
    window.saving.dialog.export_button.click()
    qtbot.waitUntil(lambda: window.session.photo is None, timeout=WAIT)
    assert (tmp_path / "holiday-film.png").is_file()


def test_giving_up_the_export_gives_up_the_closing(window, open_photo, small_file, answer):
    open_photo(small_file)
    window.editing.add(edit("film"))
    answer["with"] = Unsaved.SAVE
    window.opening.close_photo()
    window.saving.dialog.reject()
    assert window.session.photo is not None
    assert window.isWindowModified()
    assert window.saving._then is None
