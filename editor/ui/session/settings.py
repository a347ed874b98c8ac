"""All settings of the window in one table: name, default, cast and what is allowed."""

from __future__ import annotations

import os
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from PySide6.QtCore import QByteArray, QObject, QSettings, Signal

from editor.files import formats
from editor.ui.texts.language import LANGUAGES
from models.networks.device_names import DEVICES


def _flag(value: Any) -> bool:
    """QSettings stores truth as text in INI files."""
    return value if isinstance(value, bool) else str(value).lower() in ("true", "1", "yes")


def _texts(value: Any) -> list[str]:
    if value is None:
        return []
    return [value] if isinstance(value, str) else [str(v) for v in value]


def _bytes(value: Any) -> bool:
    return value is None or isinstance(value, QByteArray)


def _among(*allowed: Any) -> Callable[[Any], bool]:
    return lambda value: value in allowed


def _between(low: float, high: float) -> Callable[[Any], bool]:
    return lambda value: low <= value <= high


@dataclass(frozen=True)
class Setting:
    """One setting.

    Attributes:
        default: used when nothing, or nothing valid, is stored.
        cast: from what is stored to the value; may raise ValueError or TypeError.
        valid: whether a value is allowed.
    """

    default: Any
    cast: Callable[[Any], Any]
    valid: Callable[[Any], bool] = lambda value: True


SETTINGS: dict[str, Setting] = {
    "theme": Setting("system", str, _among("system", "dark", "light")),
    "language": Setting("system", str, _among("system", *LANGUAGES)),
    "threads": Setting(0, int, _between(0, 256)),  # 0: all processors
    "device": Setting("auto", str, _among(*DEVICES)),
    "export/format": Setting("png", str, _among(*formats.WRITTEN)),
    "export/quality": Setting(95, int, _between(1, 100)),
    "export/subsampling": Setting("444", str, _among("444", "420")),
    "export/keep_metadata": Setting(True, _flag),
    "export/carry_original": Setting(True, _flag),
    "export/keep_original": Setting(False, _flag),
    "export/lock": Setting(False, _flag),
    "export/folder": Setting("", str),
    "brush/size": Setting(0.06, float, _between(0.002, 1.0)),
    "brush/softness": Setting(0.5, float, _between(0.0, 1.0)),
    "brush/strength": Setting(1.0, float, _between(0.0, 1.0)),
    "brush/overlay": Setting(False, _flag),
    "brush/stay_on_skin": Setting(True, _flag),
    "clipping": Setting(False, _flag),
    "recent": Setting([], _texts),
    "open/folder": Setting("", str),
    "window/geometry": Setting(None, lambda v: v, _bytes),
    "window/splitter": Setting(None, lambda v: v, _bytes),
    "window/panels": Setting(True, _flag),
    "panel/history": Setting(False, _flag),
    "panel/groups": Setting(["light"], _texts),
    "welcomed": Setting(False, _flag),
}

MOST_RECENT = 10


class Settings(QObject):
    """The stored settings. Unknown names raise KeyError; bad stored values give the default."""

    changed = Signal(str)

    def __init__(self, store: QSettings | None = None, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._store = store or QSettings()

    def __getitem__(self, name: str) -> Any:
        setting = SETTINGS[name]
        if not self._store.contains(name):
            return setting.default
        try:
            value = setting.cast(self._store.value(name))
        except (TypeError, ValueError):
            return setting.default
        return value if setting.valid(value) else setting.default

    def __setitem__(self, name: str, value: Any) -> None:
        """Store a value. Raises ValueError for one that is not allowed."""
        setting = SETTINGS[name]
        if not setting.valid(value):
            raise ValueError(f"{value!r} is no value for the setting {name}.")
        if value != self[name]:
            self._store.setValue(name, value)
            self.changed.emit(name)

    def remember_file(self, path: str) -> None:
        """Put a file first in the list of recent ones."""
        rest = [p for p in self["recent"] if p != path]
        self["recent"] = [path, *rest][:MOST_RECENT]

    def forget_file(self, path: str) -> None:
        """Take a file out of the list of recent ones."""
        self["recent"] = [p for p in self["recent"] if p != path]

    @property
    def thread_count(self) -> int:
        """How many processors the pixel work may use."""
        return self["threads"] or os.cpu_count() or 1
