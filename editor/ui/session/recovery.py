"""The recovery file of a window: its edit list and where its photo is, for after a crash."""

from __future__ import annotations

import contextlib
import json
import secrets
from dataclasses import dataclass
from pathlib import Path

from PySide6.QtCore import QLockFile, QStandardPaths

from editor.engine.edit_problems import RecipeError
from editor.engine.edits import Edit, from_recipe, to_recipe
from editor.ui.session.session import Origin


@dataclass(frozen=True)
class Lost:
    """A session that ended in a crash.

    Attributes:
        origin: where its photo is.
        edits: its edit list.
        file: the recovery file, to be discarded when it has served.
    """

    origin: Origin
    edits: tuple[Edit, ...]
    file: Path


def recovery_folder() -> Path:
    """Where recovery files are kept."""
    where = QStandardPaths.StandardLocation.AppLocalDataLocation
    return Path(QStandardPaths.writableLocation(where)) / "recovery"


class Recovery:
    """Keeps the recovery file of one window. A lock file shows that the window still runs."""

    def __init__(self, folder: Path | None = None) -> None:
        self.folder = folder or recovery_folder()
        with contextlib.suppress(OSError):
            self.folder.mkdir(parents=True, exist_ok=True)
        name = secrets.token_hex(6)
        self.file = self.folder / f"{name}.json"
        self.photo_copy = self.folder / f"{name}.png"
        """Where a pasted photo is kept, which is in no other file."""
        self._lock = QLockFile(str(self.folder / f"{name}.lock"))
        self._lock.setStaleLockTime(0)
        self._lock.tryLock(0)

    def keep(self, origin: Origin, edits: tuple[Edit, ...]) -> None:
        """Write the state. A full disk must not disturb the editing: it is tried again."""
        state = {
            "path": origin.path,
            "restored": origin.restored,
            "name": origin.name,
            "recipe": to_recipe(edits),
        }
        part = self.file.with_suffix(".part")
        with contextlib.suppress(OSError):
            # Not forced onto the disk: the window would have to wait for it.
            part.write_text(json.dumps(state), encoding="utf-8")
            part.replace(self.file)

    def drop(self) -> None:
        """Remove the file: nothing is left to be recovered."""
        for path in (self.file, self.photo_copy):
            with contextlib.suppress(OSError):
                path.unlink(missing_ok=True)

    def release(self) -> None:
        """Remove the file and its lock: the window closes."""
        self.drop()
        self._lock.unlock()

    def find_lost(self) -> list[Lost]:
        """Sessions of windows that are gone without having closed, the newest first."""
        found: list[tuple[float, Lost]] = []
        try:
            files = sorted(self.folder.glob("*.json"))
        except OSError:
            return []
        for file in files:
            if file == self.file or not _abandoned(file):
                continue
            lost = _read(file)
            if lost is None:
                discard_file(file)
            else:
                found.append((file.stat().st_mtime, lost))
        return [lost for _, lost in sorted(found, key=lambda pair: -pair[0])]


def discard(lost: Lost) -> None:
    """Forget a lost session."""
    discard_file(lost.file)


def discard_file(file: Path) -> None:
    """Remove a recovery file and what belongs to it."""
    for suffix in (".json", ".part", ".png", ".lock"):
        with contextlib.suppress(OSError):
            file.with_suffix(suffix).unlink(missing_ok=True)


def _abandoned(file: Path) -> bool:
    lock = QLockFile(str(file.with_suffix(".lock")))
    lock.setStaleLockTime(0)
    if not lock.tryLock(0):  # succeeds where the owner's process is gone
        return False
    lock.unlock()
    return True


def _read(file: Path) -> Lost | None:
    try:
        state = json.loads(file.read_text(encoding="utf-8"))
        origin = Origin(str(state["path"]), bool(state["restored"]), str(state["name"]))
        return Lost(origin, from_recipe(state["recipe"]), file)
    except (OSError, ValueError, KeyError, TypeError, RecipeError):
        return None
