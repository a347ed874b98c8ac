"""The status line: the colour under the cursor is the one that is seen there."""

from __future__ import annotations

import numpy as np
import pytest
from PIL import Image

from editor.document import Document
from editor.engine.edits import edit
from tests.conftest import WAIT, make_photo


@pytest.fixture
def large_file(tmp_path):
    """Larger than the preview."""
    path = tmp_path / "large.png"
    Image.fromarray(make_photo(1500, 900)).save(path)
    return path


def colour_at(window, x, y):
    window.canvas.hovered.emit((x + 0.5, y + 0.5))
    place, colour = window.status.colour.text().split("   ")
    assert place == f"{x}, {y}"
    return tuple(int(v) for v in colour.split())


def test_it_is_the_full_photo_s_once_that_is_rendered(qtbot, window, open_photo, large_file):
    open_photo(large_file)
    window.canvas.zoom_to(1.0)
    with qtbot.waitSignal(window.rendering.settled, timeout=WAIT):
        window.editing.add(edit("exposure", 1.0))
    document = Document.open(large_file).add("exposure", 1.0)
    look = document.look()
    for x, y in ((700, 450), (701, 450), (20, 880)):
        assert colour_at(window, x, y) == tuple(look[y, x])


def test_left_of_the_compare_bar_it_is_the_photo_s(qtbot, window, open_photo, large_file, settled):
    open_photo(large_file)
    window.editing.add(edit("exposure", 1.0))
    settled()
    photo = window.session.photo.pixels
    window.viewing.compare(True)
    assert colour_at(window, 300, 450) == tuple(photo[450, 300])
    assert np.subtract(colour_at(window, 1200, 450), photo[450, 1200]).min() > 10
    window.viewing.compare(False)
    assert np.subtract(colour_at(window, 300, 450), photo[450, 300]).min() > 10
    window.canvas.show_before(True)
    assert colour_at(window, 300, 450) == tuple(photo[450, 300])


def test_outside_the_photo_there_is_none(window, open_photo, photo_file):
    open_photo(photo_file)
    window.canvas.hovered.emit((-3.0, 5.0))
    assert window.status.colour.text() == ""
