"""Promise: in the window an export is locked with a passphrase, and restored with that alone."""

from __future__ import annotations

import numpy as np
import pytest
from PySide6.QtWidgets import QLineEdit

from editor.document import Document
from editor.engine.edits import edit
from editor.engine.quality import Quality
from editor.engine.restore import inspect_picture, restore_picture
from editor.files.decoding import decode_picture
from editor.ui.dialogs.prompts import Prompts
from tests.conftest import WAIT

WORDS = "correct horse"


@pytest.fixture
def dialog(window, open_photo, small_file):
    open_photo(small_file)
    window.editing.add(edit("film"))
    window.saving.export()
    return window.saving.dialog


def choose_lock(dialog):
    dialog.form.original.setCurrentIndex(dialog.form.original.findData("locked"))


def checked(qtbot, dialog):
    qtbot.waitUntil(lambda: dialog.report is not None, timeout=WAIT)
    return dialog.report


def test_the_dialog_says_who_can_have_the_original(qtbot, dialog, settings):
    form = dialog.form
    assert "anyone with the file can restore it" in form.original.currentText()
    assert not form.words.isVisible()
    choose_lock(dialog)
    assert "only who has the passphrase" in form.original.currentText()
    assert form.words.isVisible()
    assert not form.exact.isEnabled()
    assert "to who has the passphrase" in form.hint.text()
    assert not dialog.export_button.isEnabled()
    assert dialog.verdict.title.text() == "Choose a passphrase"
    assert form.words.echoMode() == QLineEdit.EchoMode.Password
    form.show_words.setChecked(True)
    assert form.words.echoMode() == QLineEdit.EchoMode.Normal
    form.words.setText(WORDS)
    assert dialog.export_button.isEnabled()
    report = checked(qtbot, dialog)
    assert report.locked
    assert inspect_picture(decode_picture(report.data)).integrity.outcome == "locked"
    back = restore_picture(decode_picture(report.data), passphrase=WORDS)
    assert Quality.of(back.picture.pixels, dialog._document.photo.pixels).psnr > 30
    form.remember(settings)
    assert settings["export/lock"]
    assert WORDS not in str([settings[key] for key in ("export/lock", "export/carry_original")])


@pytest.fixture
def locked(small_file, tmp_path):
    path = tmp_path / "locked.png"
    document = Document.open(small_file).add("film", 0.8)
    document.export(path, passphrase=WORDS)
    return path, document.photo.pixels


def opened(qtbot, window, path):
    window.opening.open_path(path)
    qtbot.waitUntil(lambda: window.restoring.inspection is not None, timeout=WAIT)


def press(window, text):
    next(b for b in window.notifications.buttons if b.text() == text).click()


def test_a_wrong_passphrase_is_asked_for_again(qtbot, window, locked, monkeypatch, settled):
    path, original = locked
    opened(qtbot, window, path)
    assert "A locked original is in this picture" in window.notifications.message.text
    assert window.restoring.inspection.edits is None
    asked, answers = [], iter(["nonsense", WORDS])

    def ask(self, name, *, wrong=False):
        asked.append((name, wrong))
        return next(answers)

    monkeypatch.setattr(Prompts, "passphrase", ask)
    with qtbot.waitSignal(window.session.photo_changed, timeout=WAIT):
        press(window, "Unlock…")
    settled()
    assert asked == [("locked.png", False), ("locked.png", True)]
    assert Quality.of(window.session.photo.pixels, original).psnr > 30
    assert window.session.origin.restored


def test_who_gives_up_has_the_picture_as_it_is(qtbot, window, locked, monkeypatch):
    path, _ = locked
    opened(qtbot, window, path)
    monkeypatch.setattr(Prompts, "passphrase", lambda *a, **k: None)
    window.restoring.re_edit()
    assert window.restoring.locked
    np.testing.assert_array_equal(window.session.photo.pixels, Document.open(path).photo.pixels)


def test_re_edit_brings_the_sliders_back(qtbot, window, locked, monkeypatch, settled):
    path, _ = locked
    opened(qtbot, window, path)
    monkeypatch.setattr(Prompts, "passphrase", lambda *a, **k: WORDS)
    with qtbot.waitSignal(window.session.photo_changed, timeout=WAIT):
        window.restoring.re_edit()
    settled()
    assert [e.operator for e in window.session.edits] == ["film"]


def test_a_locked_export_is_exported_with_its_passphrase_or_as_new(qtbot, window, locked):
    path, original = locked
    opened(qtbot, window, path)
    window.editing.add(edit("exposure", 0.5))
    window.saving.export()
    dialog = window.saving.dialog
    qtbot.waitUntil(lambda: "locked export" in dialog.verdict.details.text(), timeout=WAIT)
    assert dialog.form.as_new.isVisible()
    choose_lock(dialog)
    dialog.form.words.setText("nonsense")
    qtbot.waitUntil(lambda: "not the passphrase" in dialog.verdict.details.text(), timeout=WAIT)
    dialog.form.words.setText(WORDS)
    report = checked(qtbot, dialog)
    back = restore_picture(decode_picture(report.data), passphrase=WORDS)
    assert Quality.of(back.picture.pixels, original).psnr > 30
    dialog.form.original.setCurrentIndex(0)
    dialog.form.as_new.setChecked(True)
    report = checked(qtbot, dialog)
    assert not report.locked
    assert report.restorable
