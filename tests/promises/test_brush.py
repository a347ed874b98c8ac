"""The retouch brush: strokes under the cursor, one undo each, keys for everything."""

from __future__ import annotations

import numpy as np
import pytest
from PIL import Image
from PySide6.QtCore import QEvent, QPoint, Qt
from PySide6.QtGui import QInputDevice, QPointingDevice, QTabletEvent
from PySide6.QtWidgets import QApplication

from editor.engine.edits import edit
from editor.engine.masks import rasterise


@pytest.fixture
def brush(window, open_photo, photo_file, settled):
    """A window with a photo and the brush in hand, painting freely."""
    open_photo(photo_file)
    settled()
    window.action_set["brush"].trigger()
    window.action_set["brush-stay"].setChecked(False)
    return window


def stroke(qtbot, window, *points, release=True):
    """A stroke of the mouse through points of the photo."""
    places = [window.canvas.to_widget(*p).toPoint() for p in points]
    qtbot.mousePress(window.canvas, Qt.MouseButton.LeftButton, pos=places[0])
    for place in places[1:]:
        qtbot.mouseMove(window.canvas, place)
    if release:
        qtbot.mouseRelease(window.canvas, Qt.MouseButton.LeftButton, pos=places[-1])


def test_a_stroke_adds_a_retouching_where_it_was_painted(qtbot, brush, settled):
    stroke(qtbot, brush, (60, 80), (90, 80), (120, 80))
    settled()
    (made,) = brush.session.edits
    assert made.operator == "retouch"
    assert [round(p[0] * 240) for p in made.mask.parts[0].shape.strokes[0].points] == [60, 90, 120]
    changed = np.abs(brush.rendering.frame.pixels.astype(int) - brush.session.photo.pixels).max(
        axis=2
    )
    assert changed[76:84, 60:120].max() > 0
    assert changed[:40].max() == 0
    assert changed[120:].max() == 0


def test_the_effect_is_seen_before_the_button_goes_up(qtbot, brush, settled):
    stroke(qtbot, brush, (60, 80), (120, 80), release=False)
    settled()
    assert brush.session.edits == ()
    changed = np.abs(brush.rendering.frame.pixels.astype(int) - brush.session.photo.pixels)
    assert changed.max() > 0
    qtbot.keyClick(brush.canvas, Qt.Key.Key_Escape)
    settled()
    assert brush.session.edits == ()
    assert (brush.rendering.frame.pixels == brush.session.photo.pixels).all()


def test_one_undo_per_stroke(qtbot, brush):
    for y in (40, 80, 120):
        stroke(qtbot, brush, (60, y), (120, y))
    assert len(brush.session.edits) == 1
    assert len(brush.session.edits[0].mask.parts[0].shape.strokes) == 3
    brush.editing.undo()
    assert len(brush.session.edits[0].mask.parts[0].shape.strokes) == 2
    brush.editing.undo()
    brush.editing.undo()
    assert brush.session.edits == ()


def test_keys(qtbot, brush, settings):
    canvas = brush.canvas
    size = settings["brush/size"]
    qtbot.keyClicks(canvas, "]]")
    assert settings["brush/size"] == pytest.approx(size * 1.44)
    qtbot.keyClicks(canvas, "[")
    assert settings["brush/size"] == pytest.approx(size * 1.2)
    softness = settings["brush/softness"]
    qtbot.keyClick(canvas, Qt.Key.Key_BracketRight, Qt.KeyboardModifier.ShiftModifier)
    assert settings["brush/softness"] == pytest.approx(softness + 0.1)
    qtbot.keyClick(canvas, Qt.Key.Key_BracketLeft, Qt.KeyboardModifier.ShiftModifier)
    assert settings["brush/softness"] == pytest.approx(softness)
    for key, strength in (("3", 0.3), ("0", 1.0), ("1", 0.1)):
        qtbot.keyClicks(canvas, key)
        assert settings["brush/strength"] == pytest.approx(strength)
    qtbot.keyClicks(canvas, "x")
    assert brush.adjust.brush.erase.isChecked()
    qtbot.keyClicks(canvas, "o")
    assert brush.adjust.masking.overlay.isChecked()
    qtbot.keyClicks(canvas, "b")
    assert not brush.masks.on


def test_strokes_carry_the_settings(qtbot, brush):
    qtbot.keyClicks(brush.canvas, "4]")
    stroke(qtbot, brush, (60, 80))
    first = brush.session.edits[0].mask.parts[0].shape.strokes[0]
    assert first.strength == pytest.approx(0.4)
    assert not first.erase
    qtbot.keyClicks(brush.canvas, "x")
    stroke(qtbot, brush, (60, 80))
    assert brush.session.edits[0].mask.parts[0].shape.strokes[1].erase


def test_the_eraser_on_nothing_says_so(qtbot, brush):
    qtbot.keyClicks(brush.canvas, "x")
    stroke(qtbot, brush, (60, 80), (90, 80))
    assert brush.session.edits == ()
    assert "nothing to erase" in brush.notifications.message.text


def test_the_overlay_shows_the_mask(qtbot, brush, settled):
    stroke(qtbot, brush, (60, 80), (120, 80))
    settled()
    before = brush.canvas.grab().toImage()
    qtbot.keyClicks(brush.canvas, "o")
    settled()
    after = brush.canvas.grab().toImage()
    inside = brush.canvas.to_widget(80, 80).toPoint()
    outside = brush.canvas.to_widget(80, 20).toPoint()
    assert after.pixelColor(inside).red() > before.pixelColor(inside).red() + 20
    assert after.pixelColor(outside) == before.pixelColor(outside)


@pytest.fixture
def face(window, open_photo, tmp_path, settled):
    """The brush in hand over a skin-coloured disc in front of a green wall."""
    photo = np.full((160, 240, 3), (60, 120, 50), np.uint8)
    y, x = np.mgrid[0:160, 0:240]
    photo[(x - 80) ** 2 + (y - 80) ** 2 < 60**2] = (220, 170, 150)
    Image.fromarray(photo).save(tmp_path / "face.png")
    open_photo(tmp_path / "face.png")
    settled()
    window.action_set["brush"].trigger()
    return window


def mask_of(window):
    """The weights of the first edit's mask, on the photo."""
    return rasterise(window.session.edits[0].mask, window.session.photo.pixels)


def test_painting_the_wall_leaves_the_face_as_it_was(qtbot, face):
    assert face.adjust.brush.stay.isChecked()
    stroke(qtbot, face, (50, 50), (110, 50))
    stroke(qtbot, face, (60, 100), (80, 110))
    before = mask_of(face)
    assert before[50, 80] > 0.9
    stroke(qtbot, face, (180, 40), (200, 120))
    after = mask_of(face)
    assert after[80, 190] > 0.9
    assert np.abs(after - before)[:, :150].max() < 1e-6


def test_erasing_a_fingertip_erases_a_fingertip(qtbot, face, settled):
    stroke(qtbot, face, (50, 60), (110, 60))
    stroke(qtbot, face, (50, 80), (110, 80))
    before = mask_of(face)
    qtbot.keyClicks(face.canvas, "x[[[[[")
    stroke(qtbot, face, (80, 70))
    settled()
    after = mask_of(face)
    y, x = np.mgrid[0:160, 0:240]
    away = (x - 80) ** 2 + (y - 70) ** 2 > 8**2
    assert after[70, 80] < 0.1
    assert np.abs(after - before)[away].max() < 1e-6


def test_staying_on_skin_concerns_strokes_from_now_on(qtbot, face):
    steps = face.session.stack.count()
    stroke(qtbot, face, (130, 80), (150, 80))
    painted = face.session.edits
    qtbot.keyClicks(face.canvas, "k")
    assert not face.adjust.brush.stay.isChecked()
    assert face.session.edits == painted
    assert face.session.stack.count() == steps + 1
    stroke(qtbot, face, (130, 80), (150, 80))
    first, second = face.session.edits[0].mask.parts[0].shape.strokes
    assert first.stays
    assert first.surface is not None
    assert not second.stays
    face.editing.undo()
    assert face.session.edits == painted
    assert not face.adjust.brush.stay.isChecked(), "a setting of the brush, not of the photo"


def pen(window, kind, at, pressure):
    """What a tablet sends: a pen at a place of the photo, pressed this hard."""
    local = window.canvas.to_widget(*at)
    device = QPointingDevice(
        "pen", 1, QInputDevice.DeviceType.Stylus, QPointingDevice.PointerType.Pen,
        QInputDevice.Capability.Position | QInputDevice.Capability.Pressure, 1, 1,
    )  # fmt: skip
    down = kind != QEvent.Type.TabletRelease
    button = Qt.MouseButton.LeftButton if down else Qt.MouseButton.NoButton
    event = QTabletEvent(
        kind, device, local, window.canvas.mapToGlobal(local), pressure, 0.0, 0.0, 0.0, 0.0, 0.0,
        Qt.KeyboardModifier.NoModifier, Qt.MouseButton.LeftButton, button,
    )  # fmt: skip
    QApplication.sendEvent(window.canvas, event)
    return event.isAccepted()


def test_a_pen_paints_with_its_pressure(brush):
    kinds = QEvent.Type
    assert pen(brush, kinds.TabletPress, (60, 80), 0.25)
    assert brush.canvas.strokes.active
    assert pen(brush, kinds.TabletMove, (90, 80), 0.5)
    assert pen(brush, kinds.TabletMove, (120, 80), 1.0)
    assert pen(brush, kinds.TabletRelease, (120, 80), 0.0)
    assert not brush.canvas.strokes.active
    (points,) = [s.points for s in brush.session.edits[0].mask.parts[0].shape.strokes]
    assert [round(x * 240) for x, _, _ in points] == [60, 90, 120]
    assert [p for _, _, p in points] == [0.25, 0.5, 1.0]


def test_a_mouse_after_a_pen_paints_in_full(qtbot, brush):
    kinds = QEvent.Type
    pen(brush, kinds.TabletPress, (60, 80), 0.25)
    pen(brush, kinds.TabletRelease, (60, 80), 0.0)
    stroke(qtbot, brush, (60, 120), (90, 120))
    assert {p[2] for p in brush.session.edits[0].mask.parts[0].shape.strokes[1].points} == {1.0}


def test_a_pen_without_the_brush_pans_as_the_mouse_does(brush):
    brush.action_set["brush"].trigger()
    assert not pen(brush, QEvent.Type.TabletPress, (60, 80), 0.5)  # goes on as a mouse event
    assert brush.session.edits == ()


def test_other_edits_can_be_painted_too(qtbot, brush, settled):
    from editor.engine.mask_parts import Mask

    brush.editing.add(edit("film", mask=Mask()))
    stroke(qtbot, brush, (60, 80), (90, 80))
    assert len(brush.session.edits) == 1
    assert len(brush.session.edits[0].mask.parts[0].shape.strokes) == 1


def test_panning_with_space_does_not_paint(qtbot, brush):
    brush.canvas.zoom_to(4.0)
    centre = brush.canvas.view.centre
    qtbot.keyPress(brush.canvas, Qt.Key.Key_Space)
    qtbot.mousePress(brush.canvas, Qt.MouseButton.LeftButton, pos=QPoint(300, 300))
    qtbot.mouseMove(brush.canvas, QPoint(250, 260))
    qtbot.mouseRelease(brush.canvas, Qt.MouseButton.LeftButton, pos=QPoint(250, 260))
    qtbot.keyRelease(brush.canvas, Qt.Key.Key_Space)
    assert brush.session.edits == ()
    assert brush.canvas.view.centre[0] == pytest.approx(centre[0] + 12.5)
