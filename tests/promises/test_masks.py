"""Masks on any edit: gradients with handles, brushes, several parts, by mouse and by keyboard."""

from __future__ import annotations

import numpy as np
import pytest
from PySide6.QtCore import Qt

from editor.engine.edits import edit
from editor.engine.mask_parts import Brush, How, LinearGradient, Mask, MaskPart, RadialGradient
from editor.engine.masks import rasterise
from editor.ui.canvas.input import Tool


@pytest.fixture
def looked(window, open_photo, photo_file, settled):
    """A window with a photo of 240 x 160 pixels and *Film* on it, selected."""
    open_photo(photo_file)
    settled()
    window.editing.add(edit("film"))
    settled()
    return window


def drag(qtbot, window, *points):
    """A drag of the mouse through points of the photo (pixels)."""
    places = [window.canvas.to_widget(*p).toPoint() for p in points]
    qtbot.mousePress(window.canvas, Qt.MouseButton.LeftButton, pos=places[0])
    for place in places[1:]:
        qtbot.mouseMove(window.canvas, place)
    qtbot.mouseRelease(window.canvas, Qt.MouseButton.LeftButton, pos=places[-1])


def parts(window):
    """The parts of the first edit's mask."""
    mask = window.session.edits[0].mask
    return () if mask is None else mask.parts


def test_a_gradient_is_drawn_and_the_edit_fades_along_it(qtbot, looked, settled):
    qtbot.keyClick(looked, Qt.Key.Key_G)
    assert isinstance(parts(looked)[0].shape, LinearGradient)
    drag(qtbot, looked, (120, 40), (120, 60), (120, 80))
    (part,) = parts(looked)
    assert part.shape.start == pytest.approx((0.5, 0.25), abs=0.01)
    assert part.shape.end == pytest.approx((0.5, 0.5), abs=0.01)
    settled()
    photo = looked.session.photo.pixels.astype(int)
    changed = np.abs(looked.rendering.frame.pixels - photo).max(axis=2)
    assert changed[:40].mean() > 3
    assert changed[82:].max() == 0


def test_handles_move_what_they_are_on_and_nothing_else_does(qtbot, looked):
    qtbot.keyClick(looked, Qt.Key.Key_G)
    drag(qtbot, looked, (120, 40), (120, 80))
    steps = looked.session.stack.count()
    drag(qtbot, looked, (120, 80), (160, 80), (180, 120))
    assert parts(looked)[0].shape.end == pytest.approx((0.75, 0.75), abs=0.01)
    assert parts(looked)[0].shape.start == pytest.approx((0.5, 0.25), abs=0.01)
    drag(qtbot, looked, (150, 80), (130, 80), (120, 60))  # the middle: all of it
    assert parts(looked)[0].shape.start == pytest.approx((0.375, 0.125), abs=0.01)
    assert looked.session.stack.count() == steps + 2, "one step each"
    drag(qtbot, looked, (30, 140), (60, 140))
    assert looked.session.stack.count() == steps + 2, "there is no handle"
    looked.editing.undo()
    looked.editing.undo()
    assert parts(looked)[0].shape.end == pytest.approx((0.5, 0.5), abs=0.01)
    assert looked.canvas.handles.shape == parts(looked)[0].shape


def test_the_effect_is_seen_while_a_handle_is_dragged_and_escape_gives_it_up(
    qtbot, looked, settled
):
    qtbot.keyClick(looked, Qt.Key.Key_G)
    drag(qtbot, looked, (120, 10), (120, 20))
    before = parts(looked)
    places = [looked.canvas.to_widget(*p).toPoint() for p in ((120, 20), (120, 120))]
    settled()
    assert (looked.rendering.frame.pixels == looked.session.photo.pixels)[60:].all()
    qtbot.mousePress(looked.canvas, Qt.MouseButton.LeftButton, pos=places[0])
    qtbot.mouseMove(looked.canvas, places[1])
    settled()
    assert (looked.rendering.frame.pixels != looked.session.photo.pixels)[40:70].any()
    qtbot.keyClick(looked.canvas, Qt.Key.Key_Escape)
    qtbot.mouseRelease(looked.canvas, Qt.MouseButton.LeftButton, pos=places[1])
    settled()
    assert parts(looked) == before
    assert looked.masks.on, "the tool stays in hand"
    assert (looked.rendering.frame.pixels == looked.session.photo.pixels)[60:].all()


def test_an_ellipse_has_handles_for_its_axes_and_its_angle(qtbot, looked):
    qtbot.keyClick(looked, Qt.Key.Key_G, Qt.KeyboardModifier.ShiftModifier)
    drag(qtbot, looked, (120, 80), (150, 100), (160, 100))
    shape = parts(looked)[0].shape
    assert isinstance(shape, RadialGradient)
    assert shape.radii == pytest.approx((40 / 240, 20 / 160), abs=0.01)
    drag(qtbot, looked, (160, 80), (170, 80), (180, 80))
    assert parts(looked)[0].shape.radii == pytest.approx((60 / 240, 20 / 160), abs=0.01)
    places = looked.canvas.handles.places(looked.canvas.placement)
    below = looked.canvas.to_widget(120, 150).toPoint()
    at = places["turn"].toPoint()
    qtbot.mousePress(looked.canvas, Qt.MouseButton.LeftButton, pos=at)
    qtbot.mouseMove(looked.canvas, below)
    qtbot.mouseRelease(looked.canvas, Qt.MouseButton.LeftButton, pos=below)
    assert parts(looked)[0].shape.angle == pytest.approx(90, abs=2)


def test_parts_add_up_and_take_away(qtbot, looked):
    panel = looked.adjust.masking
    looked.adjust.selected.menu.actions()[1].trigger()
    drag(qtbot, looked, (120, 40), (120, 120))
    panel.adders["radial"].click()
    drag(qtbot, looked, (60, 40), (100, 70))
    panel.how.setCurrentIndex(1)
    panel.how.activated.emit(1)
    panel.invert.click()
    panel.opacity.box.setValue(40)
    linear, radial = parts(looked)
    assert (linear.how, radial.how) == (How.ADD, How.SUBTRACT)
    assert radial.inverted
    assert radial.opacity == pytest.approx(0.4)
    panel.parts.setCurrentRow(0)
    assert looked.canvas.handles.shape == linear.shape
    assert not panel.invert.isChecked()
    qtbot.keyClick(panel.parts, Qt.Key.Key_Delete)
    assert [type(p.shape) for p in parts(looked)] == [RadialGradient]
    looked.editing.undo()
    assert len(parts(looked)) == 2


def test_the_brush_takes_away_from_a_gradient(qtbot, looked):
    qtbot.keyClick(looked, Qt.Key.Key_G)
    drag(qtbot, looked, (120, 100), (120, 150))
    qtbot.keyClick(looked.canvas, Qt.Key.Key_B)
    qtbot.keyClick(looked.canvas, Qt.Key.Key_X)
    drag(qtbot, looked, (60, 40), (90, 40))
    assert [(type(p.shape), p.how) for p in parts(looked)] == [
        (LinearGradient, How.ADD),
        (Brush, How.SUBTRACT),
    ]
    weights = rasterise(looked.session.edits[0].mask, looked.session.photo.pixels)
    assert weights[40, 75] < 0.1
    assert weights[40, 150] == 1
    assert looked.masks.tool == Tool.BRUSH
    looked.adjust.masking.parts.setCurrentRow(0)
    assert looked.masks.tool == Tool.GRADIENT
    assert not looked.action_set["brush"].isChecked()


def test_without_a_mouse(qtbot, looked):
    panel = looked.adjust.masking
    qtbot.keyClick(looked, Qt.Key.Key_G)
    start = parts(looked)[0].shape.start
    qtbot.keyClick(looked.canvas, Qt.Key.Key_Down)
    qtbot.keyClick(looked.canvas, Qt.Key.Key_Right)
    x, y = parts(looked)[0].shape.start
    assert (x - start[0], y - start[1]) == pytest.approx((0.01, 0.01))
    rows = panel.gradient.rows
    for name, number in (("across", 30), ("down", 40), ("angle", 0), ("fade", 20)):
        rows[name].box.setValue(number)
    shape = parts(looked)[0].shape
    assert shape.start == pytest.approx((0.2, 0.4), abs=0.001)
    assert shape.end == pytest.approx((0.4, 0.4), abs=0.001)
    before = rasterise(looked.session.edits[0].mask, looked.session.photo.pixels)
    qtbot.keyClick(looked, Qt.Key.Key_I)
    after = rasterise(looked.session.edits[0].mask, looked.session.photo.pixels)
    np.testing.assert_allclose(after, 1 - before, atol=1e-6)
    qtbot.keyClick(looked.canvas, Qt.Key.Key_Escape)
    assert not looked.masks.on
    assert not panel.isVisible()
    for row in rows.values():
        assert row.slider.accessibleName()


def test_every_slider_of_a_gradient_does_what_it_says(qtbot, looked):
    qtbot.keyClick(looked, Qt.Key.Key_G, Qt.KeyboardModifier.ShiftModifier)
    rows = looked.adjust.masking.gradient.rows
    told = {"across": 40, "down": 60, "width": 80, "height": 30, "angle": -20, "feather": 90}
    for name, number in told.items():
        rows[name].box.setValue(number)
    expected = RadialGradient((0.4, 0.6), (0.4, 0.15), -20.0, 0.9)
    assert parts(looked)[0].shape == expected


def test_a_mask_is_taken_away_again(qtbot, looked):
    qtbot.keyClick(looked, Qt.Key.Key_G)
    looked.adjust.selected.whole.click()
    assert looked.session.edits[0].mask is None
    assert not looked.masks.on
    looked.editing.undo()
    assert parts(looked)
    looked.adjust.selected.change.click()
    assert looked.masks.tool == Tool.GRADIENT


def test_an_edit_without_a_mask_puts_the_handles_away(qtbot, looked):
    looked.editing.add(edit("exposure", 1.0))
    looked.session.select(0)
    qtbot.keyClick(looked, Qt.Key.Key_G)
    assert looked.masks.tool == Tool.GRADIENT
    looked.session.select(1)
    assert not looked.masks.on
    assert looked.canvas.tool == Tool.HAND


def test_a_gradient_goes_to_the_selected_edit_whatever_the_brush_paints(qtbot, looked):
    qtbot.keyClick(looked, Qt.Key.Key_B)
    drag(qtbot, looked, (60, 40), (90, 40))
    retouch = looked.session.edits[1]
    assert retouch.operator == "retouch"
    looked.session.select(0)
    qtbot.keyClick(looked, Qt.Key.Key_G)
    assert [type(part.shape) for part in parts(looked)] == [LinearGradient]
    assert looked.session.edits[1] == retouch


def test_a_masked_export_restores(qtbot, looked, tmp_path):
    """And its recipe brings the mask back."""
    from editor.document import Document
    from editor.engine.restore import restore

    mask = Mask.of(LinearGradient(), MaskPart(RadialGradient(angle=20), How.SUBTRACT))
    document = Document(looked.session.photo, (edit("exposure", 0.8, mask=mask),))
    report = document.export(tmp_path / "o.png")
    assert report.restored is not None
    assert report.restored.psnr > 40
    back = restore(tmp_path / "o.png")
    assert back.edits[0].mask == mask
