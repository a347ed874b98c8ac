"""A crash loses no edit: the list is offered at the next start."""

from __future__ import annotations

import os
import subprocess
import sys

import pytest
from PySide6.QtGui import QImage

from editor.engine.edits import edit, to_recipe
from editor.engine.mask_parts import Mask, Stroke
from editor.ui.session.recovery import Recovery
from editor.ui.session.session import Origin
from tests.conftest import WAIT

CRASH = """
import os, sys
from pathlib import Path
from editor.engine.edits import from_recipe
from editor.ui.session.recovery import Recovery
from editor.ui.session.session import Origin
recovery = Recovery(Path(sys.argv[1]))
name = os.path.basename(sys.argv[2])
recovery.keep(Origin(path=sys.argv[2], name=name), from_recipe(sys.argv[3]))
os._exit(1)
"""

EDITS = (
    edit("film", 0.4),
    edit("retouch", mask=Mask.painted((Stroke(((0.1, 0.2, 1.0), (0.3, 0.2, 0.5))),))),
)


@pytest.fixture
def crashed(tmp_path, photo_file):
    """What a process that died in the middle of editing has left."""
    subprocess.run(
        [sys.executable, "-c", CRASH, tmp_path / "recovery", photo_file, to_recipe(EDITS)],
        env={**os.environ, "PYTHONPATH": os.getcwd()},
        check=False,
    )
    return tmp_path / "recovery"


def test_the_edits_of_a_crashed_session_come_back(qtbot, crashed, make_window):
    window = make_window()
    window.recovering.offer()
    assert "ended unexpectedly" in window.notifications.message.text
    window.notifications.buttons[0].click()
    qtbot.waitUntil(lambda: window.session.photo is not None, timeout=WAIT)
    assert to_recipe(window.session.edits) == to_recipe(EDITS)
    assert window.isWindowModified()
    assert window.recovery.find_lost() == []


def test_discarding_forgets_them(crashed, make_window):
    window = make_window()
    window.recovering.offer()
    window.notifications.buttons[1].click()
    assert window.recovery.find_lost() == []


def test_a_session_that_still_runs_is_not_offered(tmp_path):
    running, other = Recovery(tmp_path), Recovery(tmp_path)
    running.keep(Origin("/somewhere/a.jpg", name="a.jpg"), EDITS)
    assert other.find_lost() == []
    running.release()
    other.release()


def test_an_orderly_end_leaves_nothing(window, open_photo, photo_file, tmp_path):
    open_photo(photo_file)
    window.editing.add(edit("film"))
    assert len(list((tmp_path / "recovery").glob("*.json"))) == 1
    window.editing.undo()
    assert list((tmp_path / "recovery").glob("*.json")) == []


def test_a_damaged_recovery_file_is_no_reason_to_stop(tmp_path, make_window):
    folder = tmp_path / "recovery"
    folder.mkdir()
    (folder / "old.json").write_text("{half a file")
    window = make_window()
    window.recovering.offer()
    assert window.notifications.message is None
    assert not (folder / "old.json").exists()


def test_a_pasted_photo_is_kept_too(qtbot, window, settled):
    image = QImage(60, 40, QImage.Format.Format_RGB32)
    image.fill(0xFF336699)
    window.opening.open_image(image)
    qtbot.waitUntil(lambda: window.session.photo is not None, timeout=WAIT)
    window.editing.add(edit("film"))
    settled()
    assert window.recovery.file.is_file()
    assert window.recovery.photo_copy.is_file()


def test_a_photo_that_is_gone_keeps_its_edits_for_another_try(
    qtbot, crashed, make_window, photo_file
):
    photo_file.unlink()
    window = make_window()
    window.recovering.offer()
    window.notifications.buttons[0].click()
    qtbot.waitUntil(lambda: window.notifications.message is not None, timeout=WAIT)
    assert window.notifications.message.kind == "error"
    assert len(window.recovery.find_lost()) == 1


def test_another_photo_opened_meanwhile_does_not_throw_the_lost_edits_away(
    qtbot, crashed, make_window, photo_file, tmp_path
):
    other = tmp_path / "other.png"
    other.write_bytes(photo_file.read_bytes())
    window = make_window()
    window.recovering.offer()
    window.notifications.buttons[0].click()
    window.opening.open_path(other)
    qtbot.waitUntil(lambda: window.session.origin.name == "other.png", timeout=WAIT)
    assert window.session.edits == ()
    assert window.notifications.message is None
    assert len(window.recovery.find_lost()) == 1
