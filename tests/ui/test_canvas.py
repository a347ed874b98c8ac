"""The canvas at a pinned size: which pixel of the picture is shown where, and how."""

from __future__ import annotations

import os
from pathlib import Path

import numpy as np
import pytest
from PIL import Image
from PySide6.QtCore import QEvent, QPointF, Qt
from PySide6.QtGui import QImage, QMouseEvent

from editor.ui.canvas import painting
from editor.ui.canvas.canvas import Canvas
from editor.ui.canvas.input import Tool
from editor.ui.widgets import qimages
from editor.ui.worker.preview import EDIT_HIGH, EDIT_LOW, SOURCE_HIGH, SOURCE_LOW
from editor.ui.worker.pyramid import Pyramid
from tests.conftest import make_photo


@pytest.fixture
def canvas(qtbot):
    made = Canvas()
    qtbot.addWidget(made)
    made.resize(400, 300)
    made.show()
    return made


def shot(canvas) -> np.ndarray:
    """What the canvas shows, H x W x 3 uint8."""
    image = canvas.grab().toImage().convertToFormat(QImage.Format.Format_RGB888)
    rows = np.frombuffer(image.constBits(), np.uint8).reshape(image.height(), -1)
    return rows[:, : image.width() * 3].reshape(image.height(), image.width(), 3).copy()


def test_at_100_percent_every_pixel_is_the_picture_s(canvas):
    picture = make_photo(800, 600)
    canvas.set_photo(Pyramid.of(picture))
    canvas.zoom_to(1.0)
    np.testing.assert_array_equal(shot(canvas), picture[150:450, 200:600])


def test_a_small_picture_is_shown_unscaled_in_the_middle(canvas):
    picture = make_photo(100, 60)
    canvas.set_photo(Pyramid.of(picture))
    seen = shot(canvas)
    np.testing.assert_array_equal(seen[120:180, 150:250], picture)
    assert (seen[:119] == seen[0, 0]).all()


def test_above_200_percent_pixels_are_squares(canvas):
    picture = make_photo(100, 60)
    canvas.set_photo(Pyramid.of(picture))
    canvas.zoom_to(8.0)
    seen = shot(canvas)
    left, top = canvas.view.to_picture(0, 0)
    ys = np.floor(top + (np.arange(300) + 0.5) / 8).astype(int)
    xs = np.floor(left + (np.arange(400) + 0.5) / 8).astype(int)
    np.testing.assert_array_equal(seen, picture[np.ix_(ys, xs)])


def test_below_100_percent_the_picture_is_averaged_not_sampled(canvas):
    """A fine chequerboard turns grey instead of into moiré."""
    y, x = np.mgrid[0:1600, 0:1600]
    board = np.repeat((((x + y) % 2) * 255).astype(np.uint8)[..., None], 3, axis=2)
    canvas.set_photo(Pyramid.of(board))
    canvas.fit()
    middle = shot(canvas)[100:200, 150:250]
    assert np.abs(middle.astype(int) - 128).max() <= 3


def test_a_preview_is_stretched_over_the_whole_picture(canvas):
    picture = make_photo(1600, 1200)
    canvas.set_photo(Pyramid.of(picture))
    before = shot(canvas)
    small = Pyramid.of(picture).levels[1]
    canvas.set_after(Pyramid.of(small, (1600, 1200)))
    difference = np.abs(shot(canvas).astype(int) - before)
    assert difference.mean() < 1.5


def test_what_is_clear_shows_a_chequerboard(canvas):
    picture = make_photo(100, 60)
    clear = np.zeros((60, 100), np.uint8)
    clear[:, 50:] = 255
    canvas.set_photo(Pyramid.of(picture))
    canvas.set_transparency(clear)
    seen = shot(canvas)[120:180, 150:250]
    np.testing.assert_array_equal(seen[:, :50], picture[:, :50])
    y, x = np.mgrid[0:60, 50:100]
    light = (x // 8 + y // 8) % 2 == 0
    board = np.where(light, 255, 204)
    np.testing.assert_array_equal(seen[:, 50:], np.repeat(board[..., None], 3, axis=2))
    canvas.set_photo(Pyramid.of(picture))
    np.testing.assert_array_equal(shot(canvas)[120:180, 150:250], picture)


def test_what_is_half_clear_is_blended_with_the_board(canvas):
    picture = np.full((60, 100, 3), (200, 100, 0), np.uint8)
    canvas.set_photo(Pyramid.of(picture))
    canvas.set_transparency(np.full((60, 100), 128, np.uint8))
    seen = shot(canvas)[120:128, 150:158]  # one light square
    expected = np.array([200, 100, 0]) * 127 / 255 + 255 * 128 / 255
    assert np.abs(seen - expected).max() <= 1.5


def test_the_wheel_zooms_at_the_cursor(qtbot, canvas):
    from PySide6.QtCore import QPoint
    from PySide6.QtGui import QWheelEvent
    from PySide6.QtWidgets import QApplication

    canvas.set_photo(Pyramid.of(make_photo(1600, 1200)))
    at = QPointF(300, 80)
    under = canvas.to_picture(at)
    wheel = QWheelEvent(
        at, canvas.mapToGlobal(at), QPoint(), QPoint(0, 480), Qt.MouseButton.NoButton,
        Qt.KeyboardModifier.NoModifier, Qt.ScrollPhase.NoScrollPhase, False,
    )  # fmt: skip
    scale = canvas.view.scale
    QApplication.sendEvent(canvas, wheel)
    assert canvas.view.scale == pytest.approx(scale * 1.25**4)
    assert canvas.to_picture(at) == pytest.approx(under, abs=5)  # half a pixel of the screen


def test_at_any_zoom_few_more_pixels_are_drawn_than_the_canvas_has(canvas, monkeypatch):
    """So that 50 megapixels are painted as fast as one."""
    drawn, viewed = [], qimages.viewed

    def counted(pixels):
        drawn.append(pixels.shape[0] * pixels.shape[1])
        return viewed(pixels)

    monkeypatch.setattr(qimages, "viewed", counted)
    picture = np.tile(make_photo(860, 580), (10, 10, 1))
    canvas.resize(1200, 800)
    canvas.set_photo(Pyramid.of(picture))
    canvas.repaint()
    for step in range(20):
        canvas.zoom_to(0.15 * 1.2**step, QPointF(500, 300))
        canvas.repaint()
    assert len(drawn) >= 21
    # Of the level above, at most twice as many pixels along each edge.
    assert max(drawn) < 4.1 * 1200 * 800


SNAPSHOTS = Path(__file__).parent / "snapshots"


def brush(canvas):
    canvas.set_tool(Tool.BRUSH)
    canvas.strokes.set_brush(40.0, 0.5)
    canvas.mouseMoveEvent(moved(canvas, 90, 80))


def overlay(canvas):
    y, x = np.mgrid[0:60, 0:100]
    canvas.set_mask(np.where((x - 50) ** 2 + (y - 30) ** 2 < 400, 255, 0).astype(np.uint8))


def clipping(canvas):
    kinds = np.zeros((60, 100), np.uint8)
    for i, kind in enumerate((SOURCE_HIGH, SOURCE_LOW, EDIT_HIGH, EDIT_LOW)):
        kinds[20:40, 10 + 20 * i : 25 + 20 * i] = kind
    canvas.set_clipping(kinds)


def compare(canvas):
    canvas.set_after(Pyramid.of(255 - canvas.before.levels[0]))
    canvas.set_split(0.4)


def moved(canvas, x, y):
    at, button = QPointF(x, y), Qt.MouseButton.NoButton
    return QMouseEvent(
        QEvent.Type.MouseMove, at, canvas.mapToGlobal(at), button, button,
        Qt.KeyboardModifier.NoModifier,
    )  # fmt: skip


@pytest.mark.parametrize("scene", [brush, overlay, clipping, compare])
def test_it_looks_as_it_did(canvas, scene, monkeypatch):
    """Against stored pictures; PENTIMENTO_NEW_SNAPSHOTS=1 stores them anew, to be looked at."""
    monkeypatch.setattr(painting, "draw_label", lambda *_: None)  # fonts differ between systems
    canvas.resize(200, 160)
    canvas.set_photo(Pyramid.of(make_photo(100, 60)))
    canvas.zoom_to(1.5)
    scene(canvas)
    seen, path = shot(canvas), SNAPSHOTS / f"{scene.__name__}.png"
    if os.environ.get("PENTIMENTO_NEW_SNAPSHOTS"):
        SNAPSHOTS.mkdir(exist_ok=True)
        Image.fromarray(seen).save(path)
    stored = np.asarray(Image.open(path).convert("RGB"), int)
    off = np.abs(seen.astype(int) - stored).max(axis=2) > 24
    assert off.mean() < 0.005  # a ring, a bar or a veil is more than that
