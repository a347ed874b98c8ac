"""Light and colour: a slider each, by mouse, wheel, keys and number; automatic; the picker."""

from __future__ import annotations

import numpy as np
import pytest
from PIL import Image
from PySide6.QtCore import QPoint, QPointF, Qt
from PySide6.QtGui import QWheelEvent
from PySide6.QtWidgets import QApplication

from editor.engine.edits import edit
from editor.engine.render import render
from models.operators.registry import ADJUSTMENTS, OPERATORS
from tests.conftest import WAIT, make_photo
from tests.promises.cli_support import run, succeeded


@pytest.fixture
def opened(window, open_photo, photo_file, settled):
    """A window with a photo and all groups folded out."""
    for group in window.adjust.groups.values():
        group.unfold(True)
    open_photo(photo_file)
    settled()
    return window


def edits(window):
    return [(e.operator, e.strength) for e in window.session.edits]


def on_canvas(window):
    return window.canvas.after.levels[0].astype(int)


@pytest.mark.parametrize("name", [name for name in ADJUSTMENTS if name != "tone-curve"])
def test_each_has_a_slider_that_types_steps_and_resets(qtbot, opened, settled, name):
    window, row, op = opened, opened.adjust.sliders[name], OPERATORS[name]
    for control in (row.slider, row.box):
        assert control.accessibleName() == op.name
        assert control.focusPolicy() & Qt.FocusPolicy.TabFocus
    assert op.summary in row.toolTip()
    row.box.selectAll()
    qtbot.keyClicks(row.box, "40")
    qtbot.keyClick(row.box, Qt.Key.Key_Return)
    assert edits(window) == [(name, 0.4)]
    settled()
    look = render(window.session.photo.pixels, [edit(name, 0.4)])
    assert np.abs(on_canvas(window) - look).max() <= 1
    row.slider.setFocus()
    qtbot.keyClick(row.slider, Qt.Key.Key_Right)
    step = (op.maximum - op.minimum) / 100
    assert edits(window)[0][1] == pytest.approx(0.4 + step, abs=1e-6)
    qtbot.mouseDClick(row.slider, Qt.MouseButton.LeftButton)
    assert edits(window) == [(name, 0.0)]
    settled()
    assert (on_canvas(window) == window.session.photo.pixels).all()


def wheel(slider, up):
    at = QPointF(slider.rect().center())
    event = QWheelEvent(
        at, QPointF(slider.mapToGlobal(at.toPoint())), QPoint(), QPoint(0, 120 if up else -120),
        Qt.MouseButton.NoButton, Qt.KeyboardModifier.NoModifier, Qt.ScrollPhase.NoScrollPhase,
        False,
    )  # fmt: skip
    QApplication.sendEvent(slider, event)


def test_the_wheel_turns_the_slider_that_has_the_keys(qtbot, opened):
    slider = opened.adjust.sliders["contrast"].slider
    wheel(slider, True)
    assert edits(opened) == [], "it scrolls the panel"
    opened.activateWindow()
    slider.setFocus()
    qtbot.waitUntil(slider.hasFocus, timeout=WAIT)
    wheel(slider, True)
    assert edits(opened)[0][1] > 0


def test_a_drag_is_one_step_and_sliders_are_edits_like_the_others(qtbot, opened):
    slider = opened.adjust.sliders["highlights"].slider
    middle = slider.height() // 2
    qtbot.mousePress(slider, Qt.MouseButton.LeftButton, pos=QPoint(slider.width() // 2, middle))
    for x in (0.4, 0.3, 0.2):
        qtbot.mouseMove(slider, QPoint(round(slider.width() * x), middle))
    qtbot.mouseRelease(slider, Qt.MouseButton.LeftButton)
    assert opened.session.stack.count() == 1
    name, strength = edits(opened)[0]
    assert (name, strength < -0.3) == ("highlights", True)
    assert opened.adjust.edits._row(0).value.text().startswith("−")
    assert opened.adjust.edits._row(0).value.text().endswith("%")
    assert opened.adjust.selected.strength.isHidden(), "its own slider is there"
    opened.adjust.edits._row(0).bin.click()
    assert opened.adjust.sliders["highlights"].value == 0
    opened.editing.undo()
    assert opened.adjust.sliders["highlights"].value == pytest.approx(strength, abs=0.005)


def test_groups_stay_as_they_were_left(qtbot, window, make_window):
    assert [name for name, g in window.adjust.groups.items() if g.head.isChecked()] == ["light"]
    qtbot.keyClick(window.adjust.groups["finish"].head, Qt.Key.Key_Space)
    qtbot.keyClick(window.adjust.groups["light"].head, Qt.Key.Key_Space)
    again = make_window()
    shown = {name: not g.body.isHidden() for name, g in again.adjust.groups.items()}
    assert shown == {"light": False, "colour": False, "finish": True}


@pytest.fixture
def cast(tmp_path):
    """A dark photo in orange light."""
    photo = make_photo().astype(float)
    grey = photo.mean(axis=2, keepdims=True)
    photo = (grey + 0.3 * (photo - grey)) * [0.62, 0.5, 0.36]
    path = tmp_path / "cast.png"
    Image.fromarray(np.rint(photo).astype(np.uint8)).save(path)
    return path


def test_auto_brightens_the_dark_and_takes_the_cast_away(qtbot, opened, open_photo, cast, settled):
    window = opened
    open_photo(cast)
    photo = window.session.photo.pixels.astype(float)
    qtbot.mouseClick(window.adjust.groups["light"].auto, Qt.MouseButton.LeftButton)
    assert window.adjust.exposure.value > 0.2
    assert window.session.stack.count() == 1
    qtbot.mouseClick(window.adjust.groups["colour"].auto, Qt.MouseButton.LeftButton)
    assert window.adjust.sliders["temperature"].value < -0.2
    settled()
    after = on_canvas(window).astype(float)
    assert after.mean() > photo.mean() * 1.1
    spread = [np.ptp(p.mean(axis=(0, 1))) / p.mean() for p in (photo, after)]
    assert spread[1] < 0.5 * spread[0]
    window.editing.undo()
    window.editing.undo()
    assert edits(window) == []


@pytest.mark.parametrize("by", ["mouse", "keys"])
def test_what_is_picked_becomes_grey(qtbot, opened, open_photo, cast, settled, by):
    window = opened
    open_photo(cast)
    pick = window.adjust.groups["colour"].pick
    window.action_set["brush"].trigger()
    pick.click()
    assert not window.action_set["brush"].isChecked(), "one tool at a time"
    width, height = window.session.photo.size
    if by == "mouse":
        at = window.canvas.to_widget(width * 0.3, height * 0.4).toPoint()
        qtbot.mouseClick(window.canvas, Qt.MouseButton.LeftButton, pos=at)
        x, y = round(width * 0.3), round(height * 0.4)
    else:
        qtbot.keyClick(window.canvas, Qt.Key.Key_Return)
        x, y = width // 2, height // 2
    assert not pick.isChecked()
    assert {name for name, _ in edits(window)} <= {"temperature", "tint"}
    settled()
    around = np.s_[max(0, y - 2) : y + 3, max(0, x - 2) : x + 3]
    before, after = (
        p[around].reshape(-1, 3).mean(axis=0)
        for p in (window.session.photo.pixels.astype(float), on_canvas(window))
    )
    if by == "mouse":
        assert np.ptp(after) / after.mean() < 0.25 * np.ptp(before) / before.mean()
    assert np.ptp(after) / after.mean() < np.ptp(before) / before.mean()


def test_escape_and_the_brush_put_the_picker_away(qtbot, opened):
    pick = opened.adjust.groups["colour"].pick
    pick.click()
    qtbot.keyClick(opened, Qt.Key.Key_Escape)
    assert not pick.isChecked()
    pick.click()
    opened.action_set["brush"].trigger()
    assert not pick.isChecked()
    assert opened.masks.on


def test_they_are_on_the_command_line(small_photo, tmp_path):
    out, clean = tmp_path / "out.png", tmp_path / "clean.png"
    settings = ("contrast=+0.3", "highlights=-0.6", "temperature=0.2", "vignette=-0.5")
    options = [part for text in settings for part in ("--edit", text)]
    succeeded(run("apply", small_photo, "-o", out, *options, "--clean", clean))
    photo = np.asarray(Image.open(small_photo).convert("RGB"))
    look = render(photo, [edit(n, float(s)) for n, s in (t.split("=") for t in settings)])
    np.testing.assert_array_equal(np.asarray(Image.open(clean).convert("RGB")), look)


def test_an_export_with_them_is_re_edited(qtbot, opened, settled, tmp_path):
    window = opened
    window.adjust.sliders["contrast"].box.setValue(30)
    window.adjust.sliders["temperature"].box.setValue(-20)
    before = window.session.edits
    window.saving.export()
    dialog = window.saving.dialog
    qtbot.waitUntil(lambda: dialog.report is not None, timeout=WAIT)
    path = dialog.form.path
    dialog.export_button.click()
    qtbot.waitUntil(lambda: window.saving.dialog is None, timeout=WAIT)
    window.opening.open_path(path)
    qtbot.waitUntil(lambda: window.restoring.possible, timeout=WAIT)
    with qtbot.waitSignal(window.session.photo_changed, timeout=WAIT):
        window.action_set["re-edit"].trigger()
    assert window.session.edits == before
    assert window.adjust.sliders["contrast"].value == pytest.approx(0.3)
