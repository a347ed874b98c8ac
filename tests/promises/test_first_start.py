"""The first start opens a sample photo and says how to begin; later starts do not."""

from __future__ import annotations

from editor.ui.panels.empty_state import sample_photo
from tests.conftest import WAIT


def test_the_very_first_start_opens_the_sample(qtbot, make_window, settings):
    window = make_window()
    with qtbot.waitSignal(window.rendering.framed, timeout=WAIT):
        window.opening.welcome()
    assert window.session.origin.path == str(sample_photo())
    message = window.notifications.message
    assert message.text.startswith("Welcome!")
    assert [b.text() for b in window.notifications.buttons] == ["Open a photo of mine"]
    assert not window.isWindowModified()
    assert settings["recent"] == []

    again = make_window()
    again.opening.welcome()
    assert not again.jobs.running or again.jobs.running.lane != "document"
    assert not again.opening.pending
    assert again.session.photo is None


def test_the_note_goes_with_the_sample(qtbot, window, photo_file):
    with qtbot.waitSignal(window.rendering.framed, timeout=WAIT):
        window.opening.welcome()
    with qtbot.waitSignal(window.session.photo_changed, timeout=WAIT):
        window.opening.open_path(photo_file)
    assert window.notifications.message is None
