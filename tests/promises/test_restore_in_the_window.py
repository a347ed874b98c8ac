"""Restore: open the picture a friend sent back, press Restore original, save it. And Re-edit."""

from __future__ import annotations

import numpy as np
import pytest
from PIL import Image

from editor.document import Document
from editor.ui.dialogs.prompts import Prompts
from models.containers import registry
from tests.conftest import WAIT


@pytest.fixture
def export(small_file, tmp_path):
    """An export of a photo, and the photo's pixels."""
    path = tmp_path / "from-a-friend.png"
    document = Document.open(small_file).add("film", 0.8).add("exposure", 1.5)
    document.export(path)
    return path, document.photo.pixels


def stripped(path):
    """The same pixels without any metadata, as after a chat app."""
    bare = path.with_name("bare.png")
    pixels = np.asarray(Image.open(path).convert("RGB"))
    Image.fromarray(pixels).save(bare)
    return bare


def psnr(a, b):
    return 10 * np.log10(255**2 / max(1e-9, np.mean((a.astype(float) - b) ** 2)))


def open_export(qtbot, window, path):
    window.opening.open_path(path)
    qtbot.waitUntil(lambda: window.restoring.inspection is not None, timeout=WAIT)


def press(window, text):
    bar = window.notifications
    next(b for b in bar.buttons if b.text() == text).click()


def test_an_export_is_recognised_restored_and_saved(
    qtbot, window, export, monkeypatch, tmp_path, settled
):
    path, original = export
    open_export(qtbot, window, stripped(path))
    assert "carries its own original" in window.notifications.message.text
    with qtbot.waitSignal(window.session.photo_changed, timeout=WAIT):
        press(window, "Restore original")
    assert psnr(window.session.photo.pixels, original) > 30
    target = tmp_path / "restored.png"
    monkeypatch.setattr(Prompts, "file_to_save", lambda *a: target)
    press(window, "Save…")
    qtbot.waitUntil(target.exists, timeout=WAIT)
    saved = np.asarray(Image.open(target).convert("RGB"))
    np.testing.assert_array_equal(saved, window.session.photo.pixels)


def test_a_picture_is_recognised_once(qtbot, window, export, monkeypatch):
    looked = []
    detect = registry.detect
    monkeypatch.setattr(registry, "detect", lambda seen: looked.append(seen) or detect(seen))
    open_export(qtbot, window, export[0])
    carrier = window.session.photo.pixels
    with qtbot.waitSignal(window.session.photo_changed, timeout=WAIT):
        press(window, "Restore original")
    assert sum(np.array_equal(received.pixels, carrier) for received in looked) == 1


def test_a_restored_original_is_left_without_a_question(qtbot, window, export):
    path, _ = export
    open_export(qtbot, window, path)
    with qtbot.waitSignal(window.session.photo_changed, timeout=WAIT):
        window.restoring.restore_original()
    assert not window.isWindowModified()  # it is in the export, as it was before
    window.opening.close_photo()
    assert window.session.photo is None


def test_the_original_is_saved_over_the_open_export_only_after_asking(
    qtbot, window, export, monkeypatch, tmp_path, settled
):
    path = tmp_path / "mine.png"
    path.write_bytes(export[0].read_bytes())
    content = path.read_bytes()
    open_export(qtbot, window, path)
    with qtbot.waitSignal(window.session.photo_changed, timeout=WAIT):
        window.restoring.restore_original()
    settled()
    asked = []
    monkeypatch.setattr(Prompts, "file_to_save", lambda *a: path)
    monkeypatch.setattr(Prompts, "may_replace_source", lambda _, path: asked.append(path))
    window.saving.save()
    assert asked == [path]
    assert window.saving._saving is None
    assert path.read_bytes() == content


def test_re_edit_puts_the_edit_list_back(qtbot, window, export):
    path, original = export
    open_export(qtbot, window, path)
    with qtbot.waitSignal(window.session.photo_changed, timeout=WAIT):
        press(window, "Re-edit")
    assert [(e.operator, e.strength) for e in window.session.edits] == [
        ("film", 0.8),
        ("exposure", 1.5),
    ]
    assert psnr(window.session.photo.pixels, original) > 30
    assert not window.isWindowModified()


def test_after_restoring_the_edits_can_be_put_back_and_taken_off_again(qtbot, window, export):
    path, _ = export
    open_export(qtbot, window, path)
    with qtbot.waitSignal(window.session.photo_changed, timeout=WAIT):
        window.restoring.restore_original()
    assert window.session.edits == ()
    press(window, "Put the edits back")
    assert len(window.session.edits) == 2
    window.editing.undo()
    assert window.session.edits == ()


def test_the_clouds_are_still_there(qtbot, window, tmp_path, settled):
    """Story 3: exposure pushed up, exported, reopened, pulled down again."""
    y, x = np.mgrid[0:64, 0:96].astype(float)
    clouds = 228 + 14 * np.sin(x / 9) * np.cos(y / 7)
    sky = np.stack([clouds, clouds, clouds + 4], axis=2)
    photo = tmp_path / "clouds.png"
    Image.fromarray(np.clip(sky, 0, 255).astype(np.uint8)).save(photo)
    path = tmp_path / "bright.png"
    document = Document.open(photo).add("exposure", 2.0)
    document.export(path)
    open_export(qtbot, window, path)
    flat = window.session.photo.pixels[..., 1].std()
    with qtbot.waitSignal(window.session.photo_changed, timeout=WAIT):
        window.restoring.re_edit()
    window.adjust.exposure.box.setValue(0.0)
    settled()
    assert [e.strength for e in window.session.edits] == [0.0]
    shown = window.canvas.after.levels[0][..., 1]
    truth = document.photo.pixels[..., 1]
    assert truth.std() > 3 * flat
    assert shown.std() == pytest.approx(truth.std(), rel=0.2)
    assert np.corrcoef(shown.ravel(), truth.ravel())[0, 1] > 0.9


def test_a_picture_that_is_no_export_is_not_restored(
    qtbot, window, open_photo, small_file, settled
):
    open_photo(small_file)
    settled()
    before = window.session.photo
    window.action_set["restore-original"].trigger()
    qtbot.waitUntil(lambda: window.notifications.message is not None, timeout=WAIT)
    assert window.notifications.message.kind == "error"
    assert "cannot be restored" in window.notifications.message.text
    assert window.session.photo is before
