"""Edits of one photo on another: copied, pasted, undone."""

from __future__ import annotations

import json

import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QGuiApplication

from editor.engine.edits import edit
from editor.engine.mask_parts import LinearGradient, Mask, Stroke
from tests.conftest import WAIT

BOTH = Qt.KeyboardModifier.ControlModifier | Qt.KeyboardModifier.ShiftModifier
STROKE = Stroke(((0.25, 0.25, 1.0), (0.5, 0.25, 0.5)))
EDITS = (
    edit("film", 0.75, mask=Mask.painted([STROKE])),
    edit("exposure", 1.25, mask=Mask.of(LinearGradient())),
    edit("vignette", -0.5, enabled=False),
)


@pytest.fixture
def edited(window, open_photo, photo_file):
    """A window with a photo and three edits."""
    open_photo(photo_file)
    for step in EDITS:
        window.editing.add(step)
    return window


def test_edits_go_from_one_photo_to_another(qtbot, edited, open_photo, small_file):
    qtbot.keyClick(edited, Qt.Key.Key_C, BOTH)
    edited.session.saved()
    open_photo(small_file)
    edited.editing.add(edit("oil-painting"))
    before = edited.session.edits
    qtbot.keyClick(edited, Qt.Key.Key_V, BOTH)
    assert edited.session.edits == EDITS
    qtbot.waitUntil(lambda: edited.rendering.frame.edits == EDITS, timeout=WAIT)
    assert (edited.rendering.frame.pixels != edited.session.photo.pixels).any()
    edited.editing.undo()
    assert edited.session.edits == before


def test_what_is_no_edits_is_not_pasted(qtbot, edited):
    newer = json.dumps({"pentimento": 99, "edits": []})
    for text, said in (
        ("a shopping list", "no edits"),
        ("{", "damaged"),
        (newer, "newer Pentimento"),
        ('{"pentimento":1,"edits":[{"operator":"sepia","strength":1}]}', "damaged"),
    ):
        QGuiApplication.clipboard().setText(text)
        qtbot.keyClick(edited, Qt.Key.Key_V, BOTH)
        assert edited.session.edits == EDITS
        assert said in edited.notifications.message.text


def test_copying_needs_an_edit(window, open_photo, photo_file):
    open_photo(photo_file)
    assert not window.action_set["copy-edits"].isEnabled()
    assert window.action_set["paste-edits"].isEnabled()
