"""Restore: open the picture a friend sent back, press Restore original, save it. And Re-edit."""

from __future__ import annotations

import numpy as np
import pytest
from PIL import Image
from PIL.PngImagePlugin import PngInfo
from PySide6.QtCore import QPoint, QPointF, Qt

from editor.document import Document
from editor.engine.edits import edit
from editor.ui.dialogs.prompts import Prompts
from editor.ui.dialogs.suggestions import suggested_stem
from editor.ui.session.session import Origin
from models.containers import registry
from tests.conftest import WAIT, make_photo


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
    assert [b.text() for b in window.notifications.buttons] == ["Re-edit", "Restore original"]
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


def test_an_exact_copy_is_saved_byte_for_byte(qtbot, window, tmp_path, monkeypatch, settled):
    photo = tmp_path / "mine.jpg"
    Image.fromarray(make_photo(96, 80)).save(photo, quality=90)
    path = tmp_path / "export.png"
    Document.open(photo).add("exposure", 1.0).export(path, keep_original=True)
    open_export(qtbot, window, path)
    with qtbot.waitSignal(window.session.photo_changed, timeout=WAIT):
        window.restoring.restore_original()
    settled()
    asked = []
    target = tmp_path / "back.jpg"
    monkeypatch.setattr(Prompts, "file_to_save", lambda _, *words: asked.append(words) or target)
    window.saving.save()
    qtbot.waitUntil(target.exists, timeout=WAIT)
    settled()
    assert target.read_bytes() == photo.read_bytes()
    _, suggested, filters = asked[0]
    assert suggested.suffix == ".jpg"
    assert filters.startswith("JPEG, every byte as it was (*.jpg")
    target = tmp_path / "back.png"
    window.saving.save_restored()
    qtbot.waitUntil(target.exists, timeout=WAIT)
    settled()
    np.testing.assert_array_equal(
        np.asarray(Image.open(target)), np.asarray(Image.open(photo).convert("RGB"))
    )


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


def test_re_edit_brings_the_sliders_back_from_a_stripped_file(qtbot, window, export):
    open_export(qtbot, window, stripped(export[0]))
    with qtbot.waitSignal(window.session.photo_changed, timeout=WAIT):
        press(window, "Re-edit")
    edits = [(e.operator, e.strength) for e in window.session.edits]
    assert edits == [("film", 0.8), ("exposure", 1.5)]


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


@pytest.fixture
def bright(tmp_path):
    """An export of clouds, two stops too bright, and the true green of the clouds."""
    y, x = np.mgrid[0:64, 0:96].astype(float)
    clouds = 228 + 14 * np.sin(x / 9) * np.cos(y / 7)
    sky = np.stack([clouds, clouds, clouds + 4], axis=2)
    photo = tmp_path / "clouds.png"
    Image.fromarray(np.clip(sky, 0, 255).astype(np.uint8)).save(photo)
    path = tmp_path / "bright.png"
    document = Document.open(photo).add("exposure", 2.0)
    document.export(path)
    return path, document.photo.pixels[..., 1]


def test_the_clouds_are_still_there(qtbot, window, bright, settled):
    """Story 3: exposure pushed up, exported, reopened, pulled down again."""
    path, truth = bright
    open_export(qtbot, window, path)
    flat = window.session.photo.pixels[..., 1].std()
    with qtbot.waitSignal(window.session.photo_changed, timeout=WAIT):
        window.restoring.re_edit()
    window.adjust.exposure.box.setValue(0.0)
    settled()
    assert [e.strength for e in window.session.edits] == [0.0]
    shown = window.canvas.after.levels[0][..., 1]
    assert truth.std() > 3 * flat
    assert shown.std() == pytest.approx(truth.std(), rel=0.2)
    assert np.corrcoef(shown.ravel(), truth.ravel())[0, 1] > 0.9


def drag_exposure(qtbot, window, stops):
    """With the mouse, from where the handle is."""
    row = window.adjust.exposure
    slider = row.slider

    def place(position):
        x = 8 + (slider.width() - 16) * position / slider.maximum()
        return QPoint(round(x), slider.height() // 2)

    qtbot.mousePress(slider, Qt.MouseButton.LeftButton, pos=place(slider.value()))
    for share in (0.3, 0.7, 1.0):
        qtbot.mouseMove(slider, place(row._position(row.value + (stops - row.value) * share)))
    qtbot.mouseRelease(slider, Qt.MouseButton.LeftButton)


def test_the_clouds_are_there_where_exposure_is_simply_dragged(qtbot, window, bright, settled):
    """Story 3, followed literally: the reopened export's exposure is dragged down."""
    path, truth = bright
    open_export(qtbot, window, path)
    assert [b.text() for b in window.notifications.buttons] == ["Re-edit", "Restore original"]
    grey = window.session.photo.pixels[..., 1].std()
    drag_exposure(qtbot, window, -2.0)
    assert window.session.edits[0].strength == pytest.approx(-2.0, abs=0.05)
    assert [b.text() for b in window.notifications.buttons] == ["Continue from the original"]
    with qtbot.waitSignal(window.session.photo_changed, timeout=WAIT):
        press(window, "Continue from the original")
    settled()
    assert len(window.session.edits) == 1
    assert window.adjust.exposure.value == pytest.approx(0.0, abs=0.05)
    assert window.isWindowModified()
    shown = window.canvas.after.levels[0][..., 1]
    assert truth.std() > 3 * grey
    assert shown.std() == pytest.approx(truth.std(), rel=0.2)
    assert np.corrcoef(shown.ravel(), truth.ravel())[0, 1] > 0.9
    window.editing.undo()
    assert window.adjust.exposure.value == 2.0


def test_it_is_offered_once(qtbot, window, bright):
    path, _ = bright
    open_export(qtbot, window, path)
    window.adjust.exposure.box.setValue(-1.0)
    assert window.notifications.message.text.startswith("This picture carries its own original.")
    qtbot.mouseClick(window.notifications.close_button, Qt.MouseButton.LeftButton)
    window.adjust.exposure.box.setValue(-1.5)
    window.editing.add(edit("film"))
    assert window.notifications.message is None
    assert window.action_set["re-edit"].isEnabled()
    with qtbot.waitSignal(window.session.photo_changed, timeout=WAIT):
        window.action_set["re-edit"].trigger()
    edits = [(e.operator, round(e.strength, 2)) for e in window.session.edits]
    assert edits == [("exposure", 0.5), ("film", 1.0)]


def test_it_is_offered_also_where_the_slider_was_faster_than_recognising(
    qtbot, window, open_photo, bright
):
    open_photo(bright[0])
    if window.restoring.inspection is None:
        window.adjust.exposure.box.setValue(-1.0)
    qtbot.waitUntil(lambda: window.restoring.inspection is not None, timeout=WAIT)
    window.adjust.exposure.box.setValue(-1.5)
    assert [b.text() for b in window.notifications.buttons] == ["Continue from the original"]


def test_without_its_edit_list_the_original_gets_what_was_done(qtbot, window, bright, tmp_path):
    path = tmp_path / "nameless.png"
    Document.open(tmp_path / "clouds.png").add("exposure", 2.0).export(path, keep_metadata=False)
    open_export(qtbot, window, path)
    window.adjust.exposure.box.setValue(-1.0)
    assert "not in the file any more" in window.notifications.message.text
    with qtbot.waitSignal(window.session.photo_changed, timeout=WAIT):
        press(window, "Continue from the original")
    assert [e.strength for e in window.session.edits] == [-1.0]


def test_a_restored_photo_is_saved_not_exported(qtbot, window, export, monkeypatch, tmp_path):
    path, _ = export
    open_export(qtbot, window, path)
    assert window.action_set["export"].text() == "&Export…"
    with qtbot.waitSignal(window.session.photo_changed, timeout=WAIT):
        window.action_set["restore-original"].trigger()
    assert not window.action_set["restore-original"].isEnabled()
    assert window.action_set["export"].text() == "&Save original…"
    asked, target = [], tmp_path / "saved.png"
    monkeypatch.setattr(Prompts, "file_to_save", lambda _, __, at, ___: asked.append(at) or target)
    window.action_set["export"].trigger()
    qtbot.waitUntil(target.exists, timeout=WAIT)
    assert window.saving.dialog is None
    assert asked[0].name == "from-a-friend-original.png"
    window.editing.add(edit("film"))
    assert window.action_set["export"].text() == "&Export…"


def test_names_do_not_pile_up(tmp_path):
    document = Document.open(_flat(tmp_path)).add("film").add("rtv")
    again = [
        suggested_stem(document, Origin(name="clouds-edited.jpg", restored=True)),
        suggested_stem(document, Origin(name="clouds-film-2.jpg", restored=True)),
        suggested_stem(document, Origin(name="clouds-edited.jpg")),
        suggested_stem(document, Origin(name="super-film.jpg")),
    ]
    assert again == ["clouds-edited", "clouds-edited", "clouds-edited", "super-film-edited"]


def _flat(tmp_path):
    path = tmp_path / "flat.png"
    Image.fromarray(np.full((8, 8, 3), 90, np.uint8)).save(path)
    return path


def test_compare_shows_the_export_beside_the_restored(qtbot, window, export, settled):
    path, _ = export
    open_export(qtbot, window, path)
    carrier = window.session.photo.pixels
    with qtbot.waitSignal(window.session.photo_changed, timeout=WAIT):
        press(window, "Restore original")
    settled()
    window.action_set["compare"].trigger()
    assert (window.canvas.export.levels[0] == carrier).all()
    shown = window.canvas.grab().toImage()
    middle = window.canvas.placement.visible.center()
    ratio = shown.devicePixelRatio()
    left = shown.pixelColor(round((middle.x() - 40) * ratio), round(middle.y() * ratio))
    x, y = window.canvas.to_picture(middle - QPointF(40, 0))
    assert abs(left.red() - int(carrier[int(y), int(x), 0])) < 12
    window.editing.add(edit("film"))
    settled()
    assert window.canvas.export is None, "now the look is compared with the original"


def test_after_an_export_its_original_is_one_click_away(
    qtbot, window, open_photo, small_file, settled
):
    open_photo(small_file)
    truth = window.session.photo.pixels
    window.adjust.exposure.box.setValue(1.0)
    window.saving.export()
    dialog = window.saving.dialog
    qtbot.waitUntil(lambda: dialog.report is not None, timeout=WAIT)
    dialog.export_button.click()
    qtbot.waitUntil(lambda: window.saving.dialog is None, timeout=WAIT)
    assert window.notifications.buttons[0].text() == "Open it and restore"
    with qtbot.waitSignal(window.session.photo_changed, timeout=WAIT):
        press(window, "Open it and restore")
    settled()
    assert window.session.origin.restored
    assert psnr(window.session.photo.pixels, truth) > 30
    assert window.canvas.export is not None


def test_an_export_that_cannot_be_restored_says_so(qtbot, window, export, tmp_path):
    path, _ = export
    with Image.open(path) as picture:
        info = {key: picture.info[key] for key in ("exif", "xmp") if key in picture.info}
        grey = picture.convert("L").resize((90, 61)).convert("RGB")
        texts = PngInfo()
        for key, value in picture.info.items():
            if isinstance(value, str):
                texts.add_itxt(key, value)
        changed = tmp_path / "changed.png"
        grey.save(changed, pnginfo=texts, exif=info.get("exif", b""))
    open_export(qtbot, window, changed)
    if window.restoring.inspection.edits is None:
        pytest.skip("this format keeps its list elsewhere")
    assert window.notifications.message.kind == "warning"
    assert "cannot be restored" in window.notifications.message.text
    assert not window.action_set["restore-original"].isEnabled()


def test_a_picture_that_is_no_export_is_not_restored(
    qtbot, window, open_photo, small_file, settled
):
    open_photo(small_file)
    settled()
    before = window.session.photo
    qtbot.waitUntil(lambda: window.restoring.inspection is not None, timeout=WAIT)
    for name in ("restore-original", "re-edit"):
        assert not window.action_set[name].isEnabled()
    assert window.notifications.message is None
    window.restoring.restore_original()
    qtbot.waitUntil(lambda: window.notifications.message is not None, timeout=WAIT)
    assert window.notifications.message.kind == "error"
    assert "cannot be restored" in window.notifications.message.text
    assert window.session.photo is before


# -- what was changed since ------------------------------------------------------------------------


def with_a_sticker(path):
    pixels = np.asarray(Image.open(path).convert("RGB")).copy()
    pixels[32:64, 64:96] = (10, 200, 90)
    target = path.with_name("sticker.png")
    Image.fromarray(pixels).save(target)
    return target


def test_where_an_export_was_changed_is_shown_and_said(qtbot, window, export):
    open_export(qtbot, window, with_a_sticker(export[0]))
    assert "but " in window.notifications.message.text
    assert "% of it was changed" in window.notifications.message.text
    before = window.grab().toImage()
    press(window, "Show where")
    action = window.action_set["show-changes"]
    assert action.isChecked()
    marks = window.workspace.canvas.marks_of_trust
    assert "Changed since, left as received" in [text for _, text in marks.legend]
    assert marks.image.pixelColor(20, 12).red() > 150
    assert window.grab().toImage() != before
    with qtbot.waitSignal(window.session.photo_changed, timeout=WAIT):
        window.restoring.restore_original()
    assert "restored in part" in window.notifications.message.text
    assert not action.isChecked()
    assert window.workspace.canvas.marks_of_trust is None
    action.setChecked(True)
    assert window.workspace.canvas.marks_of_trust is not None
    action.setChecked(False)
    assert window.workspace.canvas.marks_of_trust is None


def outcome(window):
    known = window.changes.integrity
    return None if known is None else known.outcome


def test_of_an_intact_export_and_an_ordinary_picture_it_is_said(qtbot, window, export, small_file):
    action = window.action_set["show-changes"]
    open_export(qtbot, window, export[0])
    action.setChecked(True)
    assert "Nothing of this export was changed" in window.notifications.message.text
    assert not action.isChecked()
    window.opening.open_path(small_file)
    qtbot.waitUntil(lambda: outcome(window) == "foreign", timeout=WAIT)
    action.setChecked(True)
    assert "carries no original" in window.notifications.message.text
