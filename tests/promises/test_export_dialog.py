"""Export: the figure is measured before it says restorable; nothing is overwritten by surprise."""

from __future__ import annotations

import math

import pytest
from PIL import Image

from editor.document import Document
from editor.engine.edits import edit
from editor.files.picture import PictureError
from editor.messages import message
from editor.ui.dialogs.prompts import Prompts
from editor.ui.panels.empty_state import sample_photo
from tests.conftest import WAIT


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
    assert (
        dialog.verdict.title.text() == f"Restorable: the original comes back at {report.restored}"
    )
    assert report.restored.psnr > 30


@pytest.mark.parametrize(("kind", "suffix"), [("png", ".png"), ("webp", ".webp"), ("tiff", ".tif")])
def test_lossless_formats_are_written_as_measured(qtbot, dialog, kind, suffix, tmp_path):
    choose(dialog, kind)
    report = checked(qtbot, dialog)
    assert report.restored is not None
    with qtbot.waitSignal(dialog.exported, timeout=WAIT):
        dialog.export_button.click()
    written = tmp_path / f"holiday-film{suffix}"
    assert written.read_bytes() == report.data


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
    assert (
        dialog.verdict.title.text() == f"Restorable: the original comes back at {report.restored}"
    )
    assert str(report.export) in dialog.verdict.details.text()
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
        assert "choose JPEG" in dialog.form.hint.text()
        assert dialog.form.quality.isHidden()
    choose(dialog, "jpeg")
    assert "survives one more compression" in dialog.form.hint.text()
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
    assert dialog.verdict.title.text() == f"Restorable: the original comes back at {first.restored}"
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


def test_an_existing_file_is_replaced_only_after_asking(
    qtbot, dialog, small_file, monkeypatch, tmp_path
):
    content = small_file.read_bytes()
    dialog.form.name.setText("holiday.png")
    monkeypatch.setattr(Prompts, "may_replace", lambda parent, path: False)
    checked(qtbot, dialog)
    dialog.export_button.click()
    assert small_file.read_bytes() == content
    assert dialog.isVisible()
    monkeypatch.setattr(Prompts, "may_replace", lambda parent, path: True)
    with qtbot.waitSignal(dialog.exported, timeout=WAIT):
        dialog.export_button.click()
    assert small_file.read_bytes() == dialog.report.data


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


def test_closing_the_dialog_stops_the_work(qtbot, window, dialog, settled):
    dialog.reject()
    settled()
    assert window.saving.dialog is None
    assert window.isWindowModified()
