"""Export: the figure is measured before it says restorable; nothing is overwritten by surprise."""

from __future__ import annotations

import math
import threading
from dataclasses import replace

import numpy as np
import pytest
from PIL import Image
from PySide6.QtCore import QStandardPaths, Qt, QTimer
from PySide6.QtWidgets import QApplication, QFileDialog, QMessageBox, QPushButton

from editor.document import Document
from editor.engine import embedding
from editor.engine.edits import edit
from editor.engine.quality import Quality
from editor.engine.restore import restore_picture
from editor.files.decoding import decode_picture
from editor.files.picture import PictureError
from editor.messages import message
from editor.ui.dialogs.prompts import Prompts
from editor.ui.panels.empty_state import sample_photo
from editor.ui.worker import export_requests
from models.containers import registry
from models.containers.surviving.container import LEAST_QUALITY
from models.containers.surviving.grid import canonical_size
from models.containers.surviving.layers import enough_blocks
from tests.conftest import WAIT, make_photo


@pytest.fixture
def dialog(qtbot, window, open_photo, small_file):
    """The export dialog of a photo in the film look."""
    open_photo(small_file)
    window.editing.add(edit("film"))
    window.saving.export()
    return window.saving.dialog


def checked(qtbot, dialog):
    qtbot.waitUntil(lambda: dialog.report is not None, timeout=WAIT)
    return dialog.report


def choose(dialog, kind):
    dialog.form.kind.setCurrentIndex(dialog.form.kind.findData(kind))


def test_it_says_restorable_only_after_measuring(qtbot, dialog):
    assert "Restorable" not in dialog.verdict.title.text()
    report = checked(qtbot, dialog)
    assert dialog.verdict.title.text() == f"Restorable: what comes back is {report.words}"
    assert report.restored.psnr > 30


def test_the_worst_part_of_what_comes_back_is_shown_beside_the_original(qtbot, dialog, small_file):
    view = dialog.verdict.sample
    assert view.isVisible()
    assert not view.filled
    report = checked(qtbot, dialog)
    part = report.sample
    photo = Document.open(small_file).photo.pixels
    where = np.s_[part.top : part.top + 144, part.left : part.left + 232]
    np.testing.assert_array_equal(part.original, photo[where])
    assert view.filled
    shown = view.grab().toImage()
    ratio = shown.devicePixelRatio()
    height, width = part.original.shape[:2]
    for i, pixels in enumerate((part.original, part.restored)):
        x, y = (232 - width) // 2 + 7 + i * 240, (144 - height) // 2 + 9
        colour = shown.pixelColor(round(x * ratio), round(y * ratio))
        near = [int(v) for v in pixels[9, 7]]
        assert [colour.red(), colour.green(), colour.blue()] == pytest.approx(near, abs=6)


def test_the_words_are_of_the_worst_part(qtbot, dialog):
    """Very good has to look very good everywhere, not on average."""
    report = checked(qtbot, dialog)
    verdict, quality = dialog.verdict, report.sample.quality
    for psnr, title in (
        (100.0, "Restorable: what comes back is identical"),
        (36.0, "Restorable: what comes back is very good"),
        (30.0, "Restorable with losses: fair"),
    ):
        sample = replace(report.sample, quality=replace(quality, psnr=psnr))
        verdict.show_report(replace(report, restored=replace(quality, psnr=90.0), sample=sample))
        assert verdict.title.text() == title


@pytest.mark.parametrize(("kind", "suffix"), [("png", ".png"), ("webp", ".webp"), ("tiff", ".tif")])
def test_lossless_formats_are_written_as_measured(qtbot, dialog, kind, suffix, tmp_path):
    choose(dialog, kind)
    report = checked(qtbot, dialog)
    assert report.restored is not None
    with qtbot.waitSignal(dialog.exported, timeout=WAIT):
        dialog.export_button.click()
    written = tmp_path / f"holiday-film{suffix}"
    assert written.read_bytes() == report.data


def _smallest_with_a_layer() -> int:
    """Long edge in pixels of a photo of 3:2 from which on an export has the layer for copies."""

    def has_room(edge: int) -> bool:
        size = canonical_size(round(edge / 1.5), edge)
        return size is not None and enough_blocks(size)

    return next(edge for edge in range(100, 2000) if has_room(edge))


def test_the_form_says_what_the_original_outlives(dialog, monkeypatch):
    said = {}
    for kind in ("png", "jpeg"):
        choose(dialog, kind)
        said[kind] = dialog.form.hint.text()
    assert said["png"].startswith("The original comes back almost exactly")
    assert said["jpeg"].startswith("The original comes back well")
    assert f"quality is {LEAST_QUALITY} or higher" in said["jpeg"]
    for words in said.values():
        assert "less exactly from copies that a chat app made smaller or compressed" in words
        assert f"{_smallest_with_a_layer()} pixels or more" in words
    monkeypatch.setattr(registry, "for_export", lambda medium: None)
    choose(dialog, "png")
    assert "cannot carry it" in dialog.form.hint.text()


@pytest.fixture(scope="module")
def sample_file(tmp_path_factory):
    """Large enough for a JPEG to carry it."""
    path = tmp_path_factory.mktemp("sample") / "clouds.png"
    Image.open(sample_photo()).resize((400, 300)).save(path)
    return path


@pytest.fixture
def jpeg_dialog(qtbot, window, open_photo, sample_file):
    """The export dialog of a photo large enough for a JPEG to carry it, set to JPEG."""
    open_photo(sample_file)
    window.editing.add(edit("exposure", 1.0))
    window.saving.export()
    choose(window.saving.dialog, "jpeg")
    return window.saving.dialog


def test_jpeg_is_restorable_and_written_as_measured(qtbot, jpeg_dialog, sample_file, tmp_path):
    dialog = jpeg_dialog
    report = checked(qtbot, dialog)
    assert dialog.verdict.title.text() == f"Restorable: what comes back is {report.words}"
    for measured in (report.sample.quality, report.restored, report.export):
        assert f"{measured.psnr:.1f} dB" in dialog.verdict.details.text()
    with qtbot.waitSignal(dialog.exported, timeout=WAIT):
        dialog.export_button.click()
    written = dialog.form.path
    assert written.suffix == ".jpg"
    assert written.read_bytes() == report.data
    back = Document.restore(written).picture.pixels.astype(float)
    error = ((back - Document.open(sample_file).photo.pixels) ** 2).mean()
    assert 10 * math.log10(255**2 / error) == pytest.approx(report.restored.psnr, abs=0.01)


def test_a_jpeg_of_low_quality_says_why_it_carries_nothing(qtbot, jpeg_dialog):
    dialog = jpeg_dialog
    dialog.form.quality.box.setValue(40)
    report = checked(qtbot, dialog)
    assert report.restored is None
    assert "Not restorable" in dialog.verdict.title.text()
    assert dialog.verdict.details.text() == str(report.why_not)
    assert "quality 40 is too low" in str(report.why_not)


def test_every_format_says_what_it_does_for_the_original(dialog):
    for kind in ("png", "webp", "tiff"):
        choose(dialog, kind)
        assert "almost exactly" in dialog.form.hint.text()
        assert dialog.form.quality.isHidden()
    choose(dialog, "jpeg")
    assert "passed on as it is" in dialog.form.hint.text()
    assert not dialog.form.quality.isHidden()
    assert not dialog.form.subsampling.isHidden()


def test_jpeg_quality_counts(qtbot, dialog):
    choose(dialog, "jpeg")
    dialog.form.quality.box.setValue(95)
    large = len(checked(qtbot, dialog).data)
    dialog.form.quality.box.setValue(30)
    assert dialog.report is None
    assert len(checked(qtbot, dialog).data) < large


def test_a_format_chosen_again_is_not_encoded_again(qtbot, dialog):
    first = checked(qtbot, dialog)
    started = []
    dialog._jobs.started.connect(started.append)
    choose(dialog, "webp")
    assert dialog.report is None
    choose(dialog, "png")
    assert dialog.report is first
    assert dialog.verdict.title.text() == f"Restorable: what comes back is {first.words}"
    assert not dialog._timer.isActive()
    dialog.form.privacy.setChecked(True)  # other bytes
    assert dialog.report is None
    dialog.form.privacy.setChecked(False)
    dialog.form.quality.box.setValue(60)  # says nothing of a PNG
    assert dialog.report is first
    assert started == []


def test_the_source_is_never_the_suggested_name(dialog, small_file):
    for index in range(dialog.form.kind.count()):
        dialog.form.kind.setCurrentIndex(index)
        assert dialog.form.path != small_file
        assert dialog.form.path.stem != small_file.stem
        assert not dialog.form.path.exists()


def test_the_suffix_follows_the_format(qtbot, dialog, tmp_path):
    name = dialog.form.name
    for kind, typed, shown in (
        ("png", "lake.jpg", "lake.png"),
        ("png", "lake.v2", "lake.v2.png"),
        ("tiff", "lake.TIFF", "lake.TIFF"),
        ("webp", "lake.tar.heic", "lake.tar.webp"),
        ("jpeg", "lake", "lake.jpg"),
    ):
        choose(dialog, kind)
        name.setFocus()
        name.selectAll()
        qtbot.keyClicks(name, typed)
        assert dialog.form.path == tmp_path / shown
        qtbot.keyClick(name, Qt.Key.Key_Tab)
        assert name.text() == shown


def test_a_png_named_like_a_jpeg_leaves_the_jpeg_alone(qtbot, window, open_photo, tmp_path):
    photo = tmp_path / "lake.jpg"
    Image.fromarray(make_photo(96, 64)).save(photo)
    content = photo.read_bytes()
    open_photo(photo)
    window.editing.add(edit("film"))
    window.saving.export()
    dialog = window.saving.dialog
    choose(dialog, "png")
    dialog.form.name.setText("lake.jpg")
    with qtbot.waitSignal(dialog.exported, timeout=WAIT):
        dialog.export_button.click()
    assert photo.read_bytes() == content
    assert Image.open(tmp_path / "lake.png").format == "PNG"


def test_an_existing_file_is_replaced_only_after_asking(qtbot, dialog, monkeypatch, tmp_path):
    taken = tmp_path / "taken.png"
    taken.write_bytes(b"something else")
    dialog.form.name.setText("taken.png")
    monkeypatch.setattr(Prompts, "may_replace", lambda parent, path: False)
    checked(qtbot, dialog)
    dialog.export_button.click()
    assert taken.read_bytes() == b"something else"
    assert dialog.isVisible()
    monkeypatch.setattr(Prompts, "may_replace", lambda parent, path: True)
    with qtbot.waitSignal(dialog.exported, timeout=WAIT):
        dialog.export_button.click()
    assert taken.read_bytes() == dialog.report.data


def answer(press, seen):
    """Press a button of the next message box; keep its texts, and whether its icons are ours."""

    def act():
        box = QApplication.activeModalWidget()
        if not isinstance(box, QMessageBox):
            QTimer.singleShot(20, act)
            return
        buttons = {b.text(): b for b in box.buttons()}
        plain = box.icon() is QMessageBox.Icon.NoIcon
        plain = plain and all(b.icon().isNull() for b in buttons.values())
        seen.append((box.text(), box.informativeText(), plain))
        buttons[press].click()

    QTimer.singleShot(0, act)


@pytest.mark.parametrize("by_link", [False, True])
def test_the_photo_itself_is_replaced_only_after_a_question_of_its_own(
    qtbot, dialog, small_file, tmp_path, monkeypatch, by_link
):
    monkeypatch.undo()  # the questions are real here
    content = small_file.read_bytes()
    name = small_file.name
    if by_link:
        name = "other.png"
        (tmp_path / name).symlink_to(small_file)
    dialog.form.name.setText(name)
    checked(qtbot, dialog)
    seen = []
    answer("Cancel", seen)
    dialog.export_button.click()
    text, more, plain = seen[0]
    assert text == "Replace the photo that you are editing?"
    assert f"“{name}” is the file that you opened" in more
    assert plain
    assert small_file.read_bytes() == content
    assert dialog.isVisible()
    answer("Replace the photo", seen)
    with qtbot.waitSignal(dialog.exported, timeout=WAIT):
        dialog.export_button.click()
    assert small_file.read_bytes() == dialog.report.data


@pytest.mark.parametrize("pictures", [True, False])
def test_the_first_export_goes_into_a_folder_that_is_there(
    qtbot, window, settings, tmp_path, monkeypatch, pictures
):
    home = tmp_path / "home"
    (home / "Pictures" if pictures else home).mkdir(parents=True)
    location = QStandardPaths.StandardLocation
    folders = {location.PicturesLocation: home / "Pictures", location.HomeLocation: home}
    monkeypatch.setattr(
        QStandardPaths, "writableLocation", staticmethod(lambda where: str(folders[where]))
    )
    settings["export/folder"] = ""
    with qtbot.waitSignal(window.rendering.framed, timeout=WAIT):
        window.opening.open_sample()  # its folder is the program's own
    window.saving.export()
    form = window.saving.dialog.form
    assert form.folder == (home / "Pictures" if pictures else home)
    assert form.choose.isEnabled()


def test_the_question_for_a_folder_begins_in_one_that_is_there(dialog, tmp_path, monkeypatch):
    monkeypatch.undo()
    begun = []
    monkeypatch.setattr(
        QFileDialog,
        "getExistingDirectory",
        staticmethod(lambda parent, title, folder: begun.append(folder) or ""),
    )
    dialog.form.folder = tmp_path / "gone" / "too"
    dialog.form.choose.click()
    assert begun == [str(tmp_path)]
    assert dialog.form.folder == tmp_path / "gone" / "too"


def test_a_folder_that_is_gone_is_told_before_the_check(qtbot, dialog, tmp_path, monkeypatch):
    dialog.form.folder = tmp_path / "gone"
    assert dialog.report is None
    dialog.export_button.click()
    assert dialog.verdict.title.text() == "Not exported"
    assert f"no folder “{tmp_path / 'gone'}”" in dialog.verdict.details.text()
    assert dialog.form.choose.isEnabled()
    assert dialog.export_button.isEnabled()
    checked(qtbot, dialog)
    dialog.export_button.click()
    assert dialog.verdict.title.text() == "Not exported"
    monkeypatch.setattr(Prompts, "folder_to_save", lambda *_: tmp_path)
    dialog.form.choose.click()
    assert dialog.verdict.title.text().startswith("Restorable")


def test_while_it_exports_nothing_can_be_changed_and_no_button_moves(qtbot, dialog):
    QApplication.processEvents()
    form = dialog.form
    fields = (form.kind, form.quality, form.subsampling, form.privacy, form.name, form.choose)
    places = [b.mapTo(dialog, b.rect().topLeft()) for b in dialog.findChildren(QPushButton)]
    with qtbot.waitSignal(dialog.exported, timeout=WAIT):
        dialog.export_button.click()
        assert not dialog.export_button.isEnabled()
        assert not any(field.isEnabled() for field in fields)
        QApplication.processEvents()
        buttons = dialog.findChildren(QPushButton)
        assert [b.mapTo(dialog, b.rect().topLeft()) for b in buttons] == places


def test_the_privacy_switch_takes_the_metadata_away(
    qtbot, window, open_photo, tmp_path, small_file
):
    private = tmp_path / "private.jpg"
    exif = Image.Exif()
    exif[0x010F] = "SecretCamera"
    Image.open(small_file).save(private, exif=exif, quality=95)
    open_photo(private)
    window.editing.add(edit("film"))
    window.saving.export()
    dialog = window.saving.dialog
    assert b"SecretCamera" in checked(qtbot, dialog).data
    dialog.form.privacy.setChecked(True)
    report = checked(qtbot, dialog)
    assert b"SecretCamera" not in report.data
    assert b"pentimento" not in report.data.lower()
    assert report.restored is not None


def test_the_photos_own_file_goes_along_where_one_asks_for_it(qtbot, dialog, small_file, settings):
    form = dialog.form
    assert form.exact.text().endswith("B)")  # with its size
    before = checked(qtbot, dialog)
    assert before.kept == 0
    form.exact.setChecked(True)
    report = checked(qtbot, dialog)
    assert report.kept == small_file.stat().st_size
    assert len(report.data) > len(before.data) + report.kept
    copy = decode_picture(report.data).copy
    assert copy is not None
    assert copy.data == small_file.read_bytes()
    form.privacy.setChecked(True)  # all metadata are in that file
    assert not form.exact.isEnabled()
    assert not form.keep_original
    form.lock(True)
    form.lock(False)
    assert not form.exact.isEnabled()
    form.privacy.setChecked(False)
    form.remember(settings)
    assert settings["export/keep_original"]


def test_an_export_can_be_exported_as_a_picture_of_its_own(
    qtbot, window, open_photo, small_file, tmp_path
):
    first = tmp_path / "first.png"
    original = Document.open(small_file)
    original.add("film").export(first)
    open_photo(first)
    qtbot.waitUntil(lambda: window.restoring.inspection is not None, timeout=WAIT)
    window.editing.add(edit("exposure", 1.0))
    window.saving.export()
    dialog = window.saving.dialog
    assert dialog.form.as_new.isVisible()
    report = checked(qtbot, dialog)
    assert [note.code for note in report.notes] == ["earlier-carried"]
    dialog.form.as_new.setChecked(True)
    report = checked(qtbot, dialog)
    assert report.notes == ()
    first_pixels, photo = Document.open(first).photo.pixels, original.photo.pixels
    back = restore_picture(decode_picture(report.data)).picture.pixels
    assert Quality.of(back, first_pixels).psnr > Quality.of(back, photo).psnr + 3


def test_a_photo_is_not_offered_as_a_picture_of_its_own(dialog):
    assert not dialog.form.as_new.isVisible()


def test_a_full_disk_is_told_and_the_dialog_stays(qtbot, dialog, monkeypatch, capsys):
    def full(path, data, *, overwrite=False):
        raise PictureError(message("disk-full", name="a.png"))

    checked(qtbot, dialog)
    monkeypatch.setattr("editor.ui.worker.export_requests.write_atomically", full)
    dialog.export_button.click()
    qtbot.waitUntil(lambda: dialog.verdict.title.text() == "Not exported", timeout=WAIT)
    details = dialog.verdict.details.text()
    assert details.startswith("The disk is full, “a.png” was not written")
    assert dialog.isVisible()
    assert dialog.export_button.isEnabled()


def test_export_before_the_check_is_done_waits_for_it(qtbot, dialog, tmp_path):
    assert dialog.report is None
    with qtbot.waitSignal(dialog.exported, timeout=WAIT) as told:
        dialog.export_button.click()
    assert told.args[1].restored is not None


def test_progress_moves_and_says_what_is_left_though_a_step_says_nothing(
    qtbot, dialog, monkeypatch
):
    embed, gate = embedding.embed, threading.Event()

    def wait_and_embed(*args, **more):
        while not gate.wait(0.002):
            pass
        return embed(*args, **more)

    monkeypatch.setattr(embedding, "embed", wait_and_embed)
    verdict, seen = dialog.verdict, set()
    qtbot.waitUntil(lambda: verdict.details.text().startswith("Hiding the original"), timeout=WAIT)

    def moved():
        seen.add(verdict.progress.value())
        return len(seen) > 3

    qtbot.waitUntil(moved, timeout=WAIT)
    assert dialog._clock.interval() <= 1000
    assert verdict.details.text().endswith("left")
    gate.set()
    checked(qtbot, dialog)
    assert not dialog._clock.isActive()
    assert verdict.progress.isHidden()


@pytest.mark.parametrize("kind", ["png", "webp", "jpeg"])
@pytest.mark.parametrize("smooth", [True, False])
def test_the_size_is_about_what_was_estimated(
    qtbot, window, open_photo, tmp_path, monkeypatch, kind, smooth
):
    monkeypatch.setattr(export_requests, "_SAMPLED", 50_000)  # parts of this photo, too
    photo = tmp_path / "photo.png"
    y, x = np.mgrid[0:300, 0:400]
    plain = np.stack([x * 200 // 400, y * 150 // 300 + 40, (x + y) * 120 // 700 + 60], 2)
    Image.fromarray(plain.astype(np.uint8) if smooth else make_photo(400, 300)).save(photo)
    open_photo(photo)
    window.editing.add(edit("film"))
    window.saving.export()
    dialog, told = window.saving.dialog, []
    monkeypatch.setattr(dialog.verdict, "show_estimate", told.append)
    choose(dialog, kind)
    size = len(checked(qtbot, dialog).data)
    assert told[-1] == pytest.approx(size, rel=0.25 if kind != "jpeg" else 0.55)


def test_closing_the_dialog_stops_the_work(qtbot, window, dialog, settled):
    dialog.reject()
    settled()
    assert window.saving.dialog is None
    assert window.isWindowModified()


def test_the_original_is_left_out_if_wished(qtbot, dialog, tmp_path):
    form, verdict = dialog.form, dialog.verdict
    assert "anyone with the file can restore it" in form.original.currentText()
    assert form.exact.isEnabled()
    form.original.setCurrentIndex(form.original.findData(False))
    assert not form.exact.isEnabled()
    assert "stays only in your own file" in form.hint.text()
    report = checked(qtbot, dialog)
    assert not report.restorable
    assert verdict.title.text() == "The original is left out"
    assert not verdict.sample.isVisible()
    assert embedding.find(embedding.received(decode_picture(report.data))) is None
