"""Random user actions: no exception, no lost edit, no thread left."""

from __future__ import annotations

import random

import pytest
from PySide6.QtCore import QPoint, Qt

from editor.engine.edits import from_recipe, to_recipe
from editor.engine.mask_parts import How
from editor.ui.panels.looks_panel import LOOKS
from tests.conftest import WAIT

STEPS = 120
FAST = [n for n in LOOKS if n not in ("rtv", "l0-smoothing", "weighted-median", "oil-painting")]


@pytest.mark.parametrize("seed", [1, 2])
def test_random_sessions(qtbot, window, open_photo, photo_file, seed):
    open_photo(photo_file)
    chance = random.Random(seed)
    canvas, stack = window.canvas, window.session.stack
    adjust = window.adjust

    def somewhere() -> QPoint:
        return QPoint(chance.randrange(canvas.width()), chance.randrange(canvas.height()))

    def drag() -> None:
        button = chance.choice([Qt.MouseButton.LeftButton, Qt.MouseButton.MiddleButton])
        qtbot.mousePress(canvas, button, pos=somewhere())
        for _ in range(chance.randrange(4)):
            qtbot.mouseMove(canvas, somewhere())
        if chance.random() < 0.1:
            qtbot.keyClick(canvas, Qt.Key.Key_Escape)
        qtbot.mouseRelease(canvas, button, pos=somewhere())

    def action() -> None:
        names = [
            "undo", "redo", "delete-edit", "switch-edit", "edit-earlier", "edit-later",
            "next-edit", "previous-edit", "zoom-in", "zoom-out", "zoom-fit", "zoom-actual",
            "compare", "mark-clipping", "panels", "brush", "brush-smaller", "brush-larger",
            "brush-erase", "brush-overlay", "brush-stay", "brush-strength-5", "brighter",
            "crop", "turn-left", "turn-right", "mirror", "flip",
            "mask-brush", "mask-linear", "mask-radial", "mask-invert",
            "copy-edits", "history", "paste-edits",
        ]  # fmt: skip
        chosen = window.action_set[chance.choice(names)]
        if chosen.isEnabled():
            chosen.trigger()

    def curve() -> None:
        editor = adjust.curve.editor
        place = QPoint(chance.randrange(editor.width()), chance.randrange(editor.height()))
        press = chance.choice([qtbot.mouseClick, qtbot.mouseDClick])
        press(editor, Qt.MouseButton.LeftButton, pos=place)
        keys = (Qt.Key.Key_Insert, Qt.Key.Key_Delete, Qt.Key.Key_Up, Qt.Key.Key_PageUp)
        qtbot.keyClick(editor, chance.choice(keys))

    def crop() -> None:
        keys = (Qt.Key.Key_Return, Qt.Key.Key_Escape, Qt.Key.Key_X, Qt.Key.Key_Left)
        panel = adjust.crop
        if window.cropping.on and chance.random() < 0.5:
            qtbot.keyClick(canvas, chance.choice(keys))
        elif window.cropping.on:
            panel.ratio.activated.emit(0)
            panel.angle.slider.setSliderPosition(chance.randrange(1001))
            panel.line.setChecked(chance.random() < 0.3)

    def mask() -> None:
        panel = adjust.masking
        row = chance.choice([*panel.gradient.rows.values(), panel.opacity])
        chance.choice([
            lambda: panel.parts.setCurrentRow(chance.randrange(4)),
            lambda: panel.bin.click(),
            lambda: panel.how_changed.emit(chance.choice(list(How))),
            lambda: panel.inverted_changed.emit(chance.random() < 0.5),
            lambda: row.slider.setSliderPosition(chance.randrange(1001)),
            lambda: adjust.selected.change.click(),
            lambda: adjust.selected.whole.click(),
            lambda: qtbot.keyClick(canvas, Qt.Key.Key_Right),
        ])()  # fmt: skip

    moves = [
        curve, crop, crop, mask, mask,
        lambda: window.looks.chosen.emit(chance.choice(FAST)),
        lambda: window.looks.stack_wanted.emit(chance.choice(FAST)),
        lambda: window.looks.pointed.emit(chance.choice((*FAST, "")), chance.random() < 0.5),
        lambda: adjust.exposure.slider.setSliderPosition(chance.randrange(1001)),
        lambda: adjust.selected.strength.slider.setSliderPosition(chance.randrange(1001)),
        drag, drag, action, action, action, action,
        lambda: window.resize(chance.randrange(900, 1500), chance.randrange(560, 900)),
        lambda: qtbot.keyClick(canvas, Qt.Key.Key_Backslash),
        lambda: qtbot.wait(chance.randrange(3)),
        lambda: canvas.zoom_to(chance.uniform(0.1, 20), QPoint(10, 10).toPointF()),
    ]  # fmt: skip
    for _ in range(STEPS):
        chance.choice(moves)()
        assert window.session.document is not None
        assert -1 <= window.session.selected < max(1, len(window.session.edits))
        assert adjust.edits.count() == len(window.session.edits)
    window.cropping.finish()
    while stack.canRedo():  # what the last actions took back
        window.editing.redo()
    edits = window.session.edits
    assert len(from_recipe(to_recipe(edits))) == len(edits)
    while stack.canUndo():
        window.editing.undo()
    assert window.session.edits == ()
    while stack.canRedo():
        window.editing.redo()
    assert window.session.edits == edits
    qtbot.waitUntil(
        lambda: window.rendering.frame is not None and window.rendering.frame.edits == edits,
        timeout=WAIT,
    )
    assert window.notifications.message is None or window.notifications.message.kind != "error"
