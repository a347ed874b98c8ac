"""Crop, straighten, turn, mirror in the window: by mouse and keys, one edit each, before looks."""

from __future__ import annotations

import numpy as np
import pytest
from PIL import Image
from PySide6.QtCore import QEvent, QPoint, QPointF, Qt
from PySide6.QtGui import QMouseEvent
from PySide6.QtWidgets import QApplication

from editor.engine.edits import edit
from editor.ui.canvas.crop_box import LEFT, MOVE, RIGHT, TOP
from tests.conftest import make_photo


@pytest.fixture
def opened(window, open_photo, photo_file, settled):
    open_photo(photo_file)
    settled()
    return window


@pytest.fixture
def cropping(qtbot, opened, settled):
    """A window with the crop tool in hand."""
    qtbot.keyClick(opened.canvas, Qt.Key.Key_R)
    settled()
    assert opened.cropping.on
    return opened


def edits(window):
    return [(e.operator, e.strength) for e in window.session.edits]


def crop(window):
    (found,) = [e for e in window.session.edits if e.operator == "crop"]
    return found.setting("rectangle")


def at(window, x, y):
    """A place on the canvas, of one in the turned photo."""
    return window.canvas.to_widget(x, y).toPoint()


def drag(qtbot, window, start, end):
    canvas, left = window.canvas, Qt.MouseButton.LeftButton
    qtbot.mousePress(canvas, left, pos=start)
    for share in (0.3, 0.7, 1.0):
        place = QPointF(start + (end - start) * share)
        none = Qt.KeyboardModifier.NoModifier
        moved = QMouseEvent(
            QEvent.Type.MouseMove, place, canvas.mapToGlobal(place), left, left, none
        )
        QApplication.sendEvent(canvas, moved)
    qtbot.mouseRelease(canvas, left, pos=end)


def test_a_corner_is_dragged_and_return_crops(qtbot, cropping, settled):
    window = cropping
    width, height = window.session.photo.size
    drag(qtbot, window, at(window, 0, 0), at(window, width // 4, height // 2))
    assert window.session.edits == ()
    qtbot.keyClick(window.canvas, Qt.Key.Key_Return)
    settled()
    assert not window.cropping.on
    assert crop(window) == pytest.approx((0.25, 0.5, 0.75, 0.5), abs=0.02)
    left, top = round(crop(window)[0] * width), round(crop(window)[1] * height)
    assert np.array_equal(window.canvas.before.levels[0], window.session.photo.pixels[top:, left:])
    assert window.canvas.view.picture == (width - left, height - top)
    assert f"{width - left} × {height - top}" in window.status.size.text()
    window.action_set["undo"].trigger()
    settled()
    assert window.session.edits == ()
    assert window.canvas.view.picture == (width, height)


def test_it_is_set_again_and_escape_leaves_it(qtbot, opened, settled):
    window = opened
    window.editing.add(edit("crop", rectangle=(0.25, 0.25, 0.5, 0.5)))
    window.editing.add(edit("film"))
    settled()
    window.action_set["crop"].trigger()
    settled()
    assert window.canvas.view.picture == window.session.photo.size
    width, height = window.session.photo.size
    assert window.canvas.crop.box.rectangle == pytest.approx(
        (width / 4, height / 4, width * 3 / 4, height * 3 / 4), abs=0.1
    )
    before = window.session.edits
    drag(qtbot, window, at(window, width / 2, height / 2), at(window, width / 2 + 20, height / 2))
    qtbot.keyClick(window.canvas, Qt.Key.Key_Escape)
    settled()
    assert window.session.edits == before
    window.action_set["crop"].trigger()
    settled()
    drag(qtbot, window, at(window, width / 2, height / 2), at(window, width / 2 + 20, height / 2))
    window.adjust.crop.done.click()
    settled()
    assert [e.operator for e in window.session.edits] == ["crop", "film"]
    assert crop(window)[0] == pytest.approx(0.25 + 20 / width, abs=0.03)
    assert crop(window)[2:] == pytest.approx((0.5, 0.5), abs=1e-3)


def test_the_ratio_is_kept_and_swapped(qtbot, cropping, settled):
    window, panel = cropping, cropping.adjust.crop
    panel.ratio.setCurrentIndex(panel.ratio.findData("3:2"))
    panel.ratio.activated.emit(panel.ratio.currentIndex())
    left, top, right, bottom = window.canvas.crop.box.rectangle
    assert (right - left) / (bottom - top) == pytest.approx(1.5)
    drag(qtbot, window, at(window, left, top), at(window, left + 30, top + 5))
    left, top, right, bottom = window.canvas.crop.box.rectangle
    assert (right - left) / (bottom - top) == pytest.approx(1.5)
    qtbot.keyClick(window.canvas, Qt.Key.Key_X)
    left, top, right, bottom = window.canvas.crop.box.rectangle
    assert (right - left) / (bottom - top) == pytest.approx(2 / 3)
    qtbot.keyClick(window.canvas, Qt.Key.Key_Return)
    settled()
    (made,) = window.session.edits
    assert made.setting("ratio") == "2:3"
    width, height = window.canvas.view.picture
    assert width / height == pytest.approx(2 / 3, abs=0.02)


def test_arrows_move_and_resize(qtbot, cropping):
    window = cropping
    width, height = window.session.photo.size
    drag(qtbot, window, at(window, 0, 0), at(window, width / 2, height / 2))
    before = window.canvas.crop.box.rectangle
    qtbot.keyClick(window.canvas, Qt.Key.Key_Left, Qt.KeyboardModifier.ControlModifier)
    moved = window.canvas.crop.box.rectangle
    assert moved[0] < before[0]
    assert moved[2] - moved[0] == pytest.approx(before[2] - before[0])
    qtbot.keyClick(window.canvas, Qt.Key.Key_Up, Qt.KeyboardModifier.ShiftModifier)
    smaller = window.canvas.crop.box.rectangle
    assert smaller[:3] == pytest.approx(moved[:3])
    assert smaller[3] < moved[3]


def test_straightened_by_the_slider_without_empty_corners(qtbot, cropping, settled):
    window = cropping
    window.adjust.crop.angle.box.setValue(5)
    window.adjust.crop.angle.box.setValue(12)
    assert window.session.edits == ()
    window.adjust.crop.done.click()
    settled()
    assert edits(window) == [("straighten", 12.0)]
    width, height = window.session.photo.size
    new_width, new_height = window.canvas.view.picture
    assert new_width < width
    assert new_width / new_height == pytest.approx(width / height, abs=0.02)
    assert window.session.stack.count() == 1


def test_a_line_along_the_horizon_levels_it(qtbot, cropping, settled):
    window = cropping
    qtbot.mouseClick(window.adjust.crop.line, Qt.MouseButton.LeftButton)
    middle = window.canvas.rect().center()
    drag(qtbot, window, middle - QPoint(100, 10), middle + QPoint(100, 10))
    assert not window.adjust.crop.line.isChecked()
    assert window.adjust.crop.angle.value == pytest.approx(-5.7, abs=0.11)


def test_turns_and_mirrors_by_keys_one_edit_each(qtbot, opened, settled):
    window = opened
    photo = window.session.photo.pixels
    qtbot.keyClick(window.canvas, Qt.Key.Key_T)
    settled()
    assert edits(window) == [("turn", 90.0)]
    assert np.array_equal(window.canvas.before.levels[0], np.rot90(photo, -1))
    qtbot.keyClick(window.canvas, Qt.Key.Key_T)
    qtbot.keyClick(window.canvas, Qt.Key.Key_M, Qt.KeyboardModifier.ShiftModifier)
    settled()
    assert edits(window) == [("turn", 180.0), ("mirror", 1.0)]
    assert np.array_equal(window.canvas.before.levels[0], photo[::-1])
    qtbot.keyClick(window.canvas, Qt.Key.Key_T, Qt.KeyboardModifier.ShiftModifier)
    window.action_set["flip"].trigger()
    settled()
    expected = np.rot90(photo[::-1], 1)[::-1]
    assert np.array_equal(window.canvas.before.levels[0], expected)
    for _ in range(window.session.stack.count()):
        window.action_set["undo"].trigger()
    settled()
    assert np.array_equal(window.canvas.before.levels[0], photo)


def test_a_crop_turns_with_the_photo(qtbot, opened, settled):
    window = opened
    window.editing.add(edit("crop", rectangle=(0, 0, 0.5, 0.25), ratio="3:2"))
    qtbot.keyClick(window.canvas, Qt.Key.Key_T)
    settled()
    assert edits(window) == [("turn", 90.0), ("crop", 1.0)]
    height, width = window.session.photo.pixels.shape[:2]
    part = window.session.photo.pixels[: round(height / 4), : round(width / 2)]
    assert np.array_equal(window.canvas.before.levels[0], np.rot90(part, -1))
    assert window.session.edits[1].setting("ratio") == "2:3"


def test_reset_and_the_buttons_of_the_panel(qtbot, cropping, settled):
    window, panel = cropping, cropping.adjust.crop
    for button, _, name, _ in panel.tools:
        assert button.accessibleName() == name
        qtbot.mouseClick(button, Qt.MouseButton.LeftButton)
    settled()
    panel.angle.box.setValue(3)
    panel.reset.click()
    panel.done.click()
    settled()
    assert window.session.edits == ()


def test_strokes_stay_where_they_were_painted(qtbot, opened, settled):
    """Painted on the cropped and turned photo, the mask is where the brush was on it."""
    window = opened
    window.editing.add(edit("crop", rectangle=(0.5, 0, 0.5, 1)))
    qtbot.keyClick(window.canvas, Qt.Key.Key_T)
    settled()
    window.action_set["brush"].trigger()
    window.adjust.brush.stay.setChecked(False)
    width, height = window.canvas.view.picture
    place = at(window, width * 0.25, height * 0.5)
    drag(qtbot, window, place, place + QPoint(6, 0))
    settled()
    painted = window.session.edits[-1]
    assert painted.mask is not None
    x, y, _ = painted.mask.parts[0].shape.strokes[0].points[0]
    edge = max(window.session.photo.size)
    photo_width, photo_height = window.session.photo.size
    # A quarter from the left of the turned part is a quarter from the bottom of the photo.
    assert x * edge == pytest.approx(photo_width * 0.75, abs=3)
    assert y * edge == pytest.approx(photo_height * 0.75, abs=3)


def test_other_tools_put_it_away_and_keep_the_crop(qtbot, cropping, settled):
    window = cropping
    width, _ = window.session.photo.size
    drag(qtbot, window, at(window, 0, 0), at(window, width / 2, 0))
    window.action_set["brush"].trigger()
    settled()
    assert not window.cropping.on
    assert edits(window) == [("crop", 1.0)]
    assert window.masks.on
    window.action_set["crop"].trigger()
    assert not window.masks.on
    assert window.cropping.on
    window.session.saved()
    window.opening.close_photo()
    assert not window.cropping.on


def test_the_box_never_leaves_the_photo(cropping):
    box = cropping.canvas.crop.box.straightened(20)
    for sides in (MOVE, frozenset({LEFT, TOP}), frozenset({RIGHT})):
        for dx, dy in ((500, 3), (-500, -500), (0, 900)):
            assert box.dragged(sides, dx, dy)._fits(box.dragged(sides, dx, dy).rectangle)
    there = box.straightened(-30).straightened(0)
    assert there.moves_all


def test_a_photo_with_an_odd_size_is_cropped_too(qtbot, window, open_photo, settled, tmp_path):
    path = tmp_path / "odd.png"
    Image.fromarray(make_photo(33, 47)).save(path)
    open_photo(path)
    settled()
    window.action_set["crop"].trigger()
    window.adjust.crop.angle.box.setValue(-45)
    window.adjust.crop.done.click()
    settled()
    assert edits(window) == [("straighten", -45.0)]
    assert window.canvas.view.picture == window.session.document.frame.pixel_size


def test_a_gradient_stays_on_the_photo_when_it_is_dragged_on_a_crop(qtbot, opened, settled):
    window = opened
    window.editing.add(edit("crop", rectangle=(0.5, 0, 0.5, 1)))
    window.editing.add(edit("exposure", 1.0))
    settled()
    window.action_set["mask-linear"].trigger()
    width, height = window.canvas.view.picture
    start, end = at(window, 0.1 * width, height / 2), at(window, 0.9 * width, height / 2)
    drag(qtbot, window, start, end)
    settled()
    shape = window.session.edits[-1].mask.parts[0].shape
    assert shape.start == pytest.approx((0.55, 0.5), abs=0.02)
    assert shape.end == pytest.approx((0.95, 0.5), abs=0.02)


def test_an_edit_of_the_geometry_takes_no_mask(opened, settled):
    window = opened
    window.editing.add(edit("crop", rectangle=(0.5, 0, 0.5, 1)))
    for name in ("mask-brush", "mask-linear", "mask-radial"):
        window.action_set[name].trigger()
    settled()
    assert window.session.edits[0].mask is None
