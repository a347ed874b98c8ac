"""The window's actions, made from the table in `actions.py`: menus, tool bar, icons, enabling."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping

from PySide6.QtCore import QCoreApplication, QObject, Qt
from PySide6.QtGui import QAction, QKeySequence
from PySide6.QtWidgets import (
    QMainWindow,
    QMenu,
    QMenuBar,
    QSizePolicy,
    QToolBar,
    QToolButton,
    QWidget,
)

from editor.ui.actions import ACTIONS, MENUS, TOOLBAR, ActionSpec
from editor.ui.widgets import theme

translate = QCoreApplication.translate

_TEXT_ONLY = ("zoom-fit", "zoom-actual")
_TEXT_BESIDE_ICON = ("export", "open-photo", "restore-original", "compare", "brush", "crop")

Handlers = Mapping[str, Callable[..., object]]
"""What actions do, by id: called with the new state of a switch, else without arguments."""


class ActionSet(QObject):
    """One `QAction` for each line of the table, by id. They do nothing until `bind`."""

    def __init__(self, window: QMainWindow) -> None:
        super().__init__(window)
        self._actions = {spec.id: self._made(spec, window) for spec in ACTIONS}
        self._export_button: QToolButton | None = None
        self._wordy: list[QToolButton] = []

    def __getitem__(self, name: str) -> QAction:
        return self._actions[name]

    def __iter__(self) -> Iterator[str]:
        return iter(self._actions)

    def _made(self, spec: ActionSpec, window: QMainWindow) -> QAction:
        action = QAction(translate("Actions", spec.text), window)
        action.setShortcuts([QKeySequence(k) for k in spec.keys])
        action.setCheckable(spec.checkable)
        tip = translate("Actions", spec.tip or spec.text).replace("&", "")
        keys = action.shortcut().toString(QKeySequence.SequenceFormat.NativeText)
        action.setToolTip(f"{tip} ({keys})" if keys else tip)
        action.setObjectName(spec.id)
        action.setMenuRole(QAction.MenuRole.NoRole)
        window.addAction(action)
        return action

    def bind(self, handlers: Handlers) -> None:
        """Connect every action to what it does. Raises ValueError unless each has one handler."""
        if set(handlers) != set(self._actions):
            odd = sorted(set(handlers) ^ set(self._actions))
            raise ValueError(f"Actions without a handler, or handlers without an action: {odd}")
        for spec in ACTIONS:
            action, handler = self._actions[spec.id], handlers[spec.id]
            if spec.checkable:
                action.toggled.connect(handler)
            else:
                action.triggered.connect(lambda _=False, h=handler: h())

    # -- where they are shown ----------------------------------------------------------------------

    def fill_menu_bar(self, bar: QMenuBar, below: Mapping[str, QMenu]) -> None:
        """Add the menus. `below`: submenus, by the id of the action that they come after."""
        for name in MENUS:
            menu = bar.addMenu(translate("Actions", name))
            for spec in (s for s in ACTIONS if s.menu == name):
                if spec.separator:
                    menu.addSeparator()
                menu.addAction(self._actions[spec.id])
                if spec.id in below:
                    menu.addMenu(below[spec.id])

    def fill_tool_bar(self, bar: QToolBar) -> None:
        """Add the tools, separators and the gap."""
        for name in TOOLBAR:
            if name == "|":
                bar.addSeparator()
            elif name == "<>":
                filler = QWidget()
                filler.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Preferred)
                bar.addWidget(filler)
            else:
                self._add_tool(bar, name)

    def _add_tool(self, bar: QToolBar, name: str) -> None:
        action = self._actions[name]
        bar.addAction(action)
        button = bar.widgetForAction(action)
        assert isinstance(button, QToolButton)
        button.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        button.setAccessibleName(action.text().replace("&", ""))
        if name in _TEXT_ONLY:
            button.setToolButtonStyle(Qt.ToolButtonStyle.ToolButtonTextOnly)
        elif name in _TEXT_BESIDE_ICON:
            button.setToolButtonStyle(Qt.ToolButtonStyle.ToolButtonTextBesideIcon)
            if name != "export":
                self._wordy.append(button)
        if name == "export":
            button.setObjectName("primary")
            self._export_button = button

    def refresh_icons(self) -> None:
        """Draw the icons in the theme's colours."""
        for spec in ACTIONS:
            if spec.icon:
                # The export button is filled; in a menu its icon could not be seen.
                colour = theme.current().on_accent if spec.id == "export" else None
                self._actions[spec.id].setIconVisibleInMenu(spec.id != "export")
                self._actions[spec.id].setIcon(theme.icon(spec.icon, colour))

    # -- what makes sense now ----------------------------------------------------------------------

    def enable(self, have: Mapping[str, bool]) -> None:
        """Enable the actions whose `ActionSpec.needs` is there; the key "" needs nothing."""
        for spec in ACTIONS:
            self._actions[spec.id].setEnabled(have[spec.needs])

    def fit_tool_bar(self, bar: QToolBar, width: int) -> None:
        """Words beside the icons as far as a bar of that width has the room; *Export* keeps its."""
        for words in (True, False):
            style = Qt.ToolButtonStyle.ToolButtonTextBesideIcon
            if not words:
                style = Qt.ToolButtonStyle.ToolButtonIconOnly
            for button in self._wordy:
                button.setToolButtonStyle(style)
            layout = bar.layout()
            if layout is not None:
                layout.invalidate()
            if bar.sizeHint().width() <= width:
                return

    def name_export(self, *, saves: bool) -> None:
        """Say that *Export* only saves: a restored original has nothing to carry."""
        action, spec = self._actions["export"], next(s for s in ACTIONS if s.id == "export")
        text = self.tr("&Save original…") if saves else translate("Actions", spec.text)
        if action.text() != text:
            action.setText(text)
            if self._export_button is not None:
                self._export_button.setAccessibleName(text.replace("&", ""))

    def name_steps(self, undo: str, redo: str) -> None:
        """Say what *Undo* and *Redo* would do; empty where they can do nothing."""
        for spec in ACTIONS:
            if spec.id == "undo":
                text = self.tr("&Undo {what}").format(what=undo) if undo else ""
            elif spec.id == "redo":
                text = self.tr("&Redo {what}").format(what=redo) if redo else ""
            else:
                continue
            self._actions[spec.id].setText(text or translate("Actions", spec.text))
