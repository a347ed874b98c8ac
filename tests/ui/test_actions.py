"""The table of actions: every one works, no key means two things, every icon is there."""

from __future__ import annotations

from collections import Counter

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QMainWindow

from editor.ui.actions import ACTIONS, MENUS, TOOLBAR
from editor.ui.widgets import theme
from editor.ui.window.action_set import ActionSet
from tests.conftest import WAIT

TOOLS = [name for name in TOOLBAR if name not in ("|", "<>")]


def test_no_key_means_two_things():
    keys = Counter(key for spec in ACTIONS for key in spec.keys)
    assert [key for key, count in keys.items() if count > 1] == []


def test_every_icon_is_there_and_draws(qtbot):
    for spec in ACTIONS:
        if spec.icon:
            assert (theme.ICONS / f"{spec.icon}.svg").is_file(), spec.icon
            image = theme.pixmap(spec.icon, "#ff0000", 24).toImage()
            assert any(image.pixelColor(x, y).alpha() for x in range(24) for y in range(24)), (
                spec.icon
            )


def test_menus_and_tool_bar_name_what_exists(window):
    names = {spec.id for spec in ACTIONS}
    assert len(names) == len(ACTIONS)
    assert {n for n in TOOLBAR if n not in ("|", "<>")} <= names
    assert {spec.menu for spec in ACTIONS} <= {*MENUS, ""}
    assert set(window.action_set) == names


def test_an_action_without_a_handler_is_refused(qtbot):
    window = QMainWindow()
    qtbot.addWidget(window)
    handlers = {spec.id: lambda *_: None for spec in ACTIONS}
    ActionSet(window).bind(handlers)
    del handlers["export"]
    with pytest.raises(ValueError, match="export"):
        ActionSet(window).bind(handlers)
    with pytest.raises(ValueError, match="exprot"):
        ActionSet(window).bind(handlers | {"export": print, "exprot": print})


def test_without_a_photo_nothing_that_needs_one_is_enabled(window):
    for spec in ACTIONS:
        assert window.action_set[spec.id].isEnabled() == (spec.needs == ""), spec.id


def test_everything_a_screen_reader_stops_at_has_a_name(window, open_photo, photo_file):
    from PySide6.QtCore import Qt
    from PySide6.QtWidgets import QAbstractButton, QWidget

    open_photo(photo_file)
    window.action_set["brush"].setChecked(True)
    for widget in window.findChildren(QWidget):
        focusable = widget.focusPolicy() & Qt.FocusPolicy.TabFocus
        if not focusable or not widget.isVisible() or widget.objectName().startswith("qt_"):
            continue
        named = widget.accessibleName() or (
            isinstance(widget, QAbstractButton) and (widget.text() or widget.toolTip())
        )
        assert named, f"{type(widget).__name__} in {type(widget.parent()).__name__} has no name"


def test_in_a_narrow_window_the_tools_lose_their_words_and_none_is_lost(qtbot, window):
    bar = window.toolbar
    buttons = {name: bar.widgetForAction(window.action_set[name]) for name in TOOLS}

    def words():
        icons = Qt.ToolButtonStyle.ToolButtonIconOnly
        return {name for name, b in buttons.items() if b.toolButtonStyle() != icons}

    wide = {
        "open-photo", "crop", "brush", "compare", "zoom-fit", "zoom-actual", "restore-original",
    }  # fmt: skip
    for room, shown in ((1280, wide), (600, {"zoom-fit", "zoom-actual"}), (1280, wide)):
        window.action_set.fit_tool_bar(bar, room)
        assert words() == {"export", *shown}
        assert bar.sizeHint().width() <= room
    assert all(button.accessibleName() for button in buttons.values())


def test_a_window_of_853_pixels_shows_every_tool(qtbot, window):
    """1280 x 720 at 150 %."""
    window.setMinimumSize(853, 300)
    window.resize(853, 480)
    qtbot.waitUntil(lambda: window.width() == 853, timeout=WAIT)
    for name in TOOLS:
        button = window.toolbar.widgetForAction(window.action_set[name])
        qtbot.waitUntil(button.isVisible, timeout=WAIT)
        assert button.geometry().right() < 853
