"""The folders and file names that the dialogs suggest."""

from __future__ import annotations

import os
import re
from pathlib import Path

from PySide6.QtCore import QStandardPaths

from editor.document import Document
from editor.files import formats
from editor.files.file_format import FileFormat
from editor.ui.panels.empty_state import SAMPLE_FOLDER
from editor.ui.session.session import Origin
from editor.ui.session.settings import Settings
from models.operators.registry import ADJUSTMENTS, OPERATORS


def suggested_stem(document: Document, origin: Origin) -> str:
    """A file name without suffix that says what was done, never the source's own."""
    looks = [e.operator for e in document.edits if e.acts]
    strong = [name for name in looks if name not in ("exposure", "retouch", *ADJUSTMENTS)] or looks
    done = strong[0] if len(set(strong)) == 1 else "edited"
    return f"{source_stem(origin)}-{done}"


def source_stem(origin: Origin) -> str:
    """The name of what was opened, without what an export or a save of ours added to it."""
    stem = Path(origin.name).stem
    added = ("edited", "original", *(OPERATORS if origin.restored else ()))
    return re.sub(rf"-({'|'.join(added)})(-\d+)?$", "", stem) or stem


def suggested_folder(origin: Origin, settings: Settings) -> Path:
    """The folder of the photo, else the last one exported into, else the pictures' folder."""
    for candidate in (Path(origin.path).parent if origin.path else None, settings["export/folder"]):
        if candidate and _takes_files(Path(candidate)):
            return Path(candidate)
    return pictures_folder()


def suggested_open_folder(settings: Settings) -> Path:
    """The folder of the photo that was opened last, else the pictures' folder."""
    last = settings["open/folder"]
    return Path(last) if last and Path(last).is_dir() else pictures_folder()


def pictures_folder() -> Path:
    """The user's folder of pictures; one that is there, whether the system made it or not."""
    location = QStandardPaths.StandardLocation
    for where in (location.PicturesLocation, location.HomeLocation):
        folder = QStandardPaths.writableLocation(where)
        if folder and _takes_files(Path(folder)):
            return Path(folder)
    return existing(Path.home())


def existing(folder: Path) -> Path:
    """A folder, or the nearest one above it that is there."""
    while not folder.is_dir() and folder != folder.parent:
        folder = folder.parent
    return folder


def _takes_files(folder: Path) -> bool:
    """Whether it is a folder of the user's to write in; not the program's own."""
    return folder.is_dir() and folder != SAMPLE_FOLDER and os.access(folder, os.W_OK)


def with_suffix_of(name: str, fmt: FileFormat) -> str:
    """A file name in which the suffix of another format makes room for this one's."""
    suffix = Path(name).suffix.lower()
    if suffix in fmt.suffixes:
        return name
    if suffix in formats.SUFFIXES:
        name = name[: -len(suffix)]
    return name + fmt.suffix


def free_name(folder: Path, stem: str, suffix: str) -> str:
    """The stem, numbered where files of that name exist already."""
    name, number = stem + suffix, 2
    while (folder / name).exists():
        name, number = f"{stem}-{number}{suffix}", number + 1
    return name
