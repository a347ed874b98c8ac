"""The files that a command writes: checked before the work, written together after it."""

from __future__ import annotations

import os
from collections.abc import Sequence
from pathlib import Path

from editor.cli.errors import CommandError, UsageError
from editor.files.picture import PictureError
from editor.files.picture_files import same_file, write_atomically
from editor.messages import message


def check_outputs(outputs: Sequence[Path], source: Path, overwrite: bool) -> None:
    """Find out before the work, not after it, that an output cannot be written.

    Raises:
        UsageError: for an output that is the source, or another output.
        PictureError, CommandError: for one that is a folder, exists already or has no folder.
    """
    for i, path in enumerate(outputs):
        if same_file(path, source):
            raise UsageError(
                f"“{path}” is the picture to be opened, which is never overwritten: "
                "choose another name."
            )
        if any(same_file(path, other) for other in outputs[:i]):
            raise UsageError(f"“{path}” cannot be two outputs at once: choose another name.")
        if path.is_dir():
            raise PictureError(message("output-is-a-folder", path=str(path)))
        if os.path.lexists(path) and not overwrite:
            raise CommandError(f"“{path}” exists already: choose another name or add --overwrite.")
        check_folder(path)


def check_folder(path: Path) -> None:
    """Raises CommandError where the folder that a file is to be written into is not there."""
    if not path.parent.is_dir():
        raise CommandError(
            f"There is no folder “{path.parent}” to write “{path.name}” into: "
            "make it first or choose another."
        )


def write_all(files: dict[Path, bytes], overwrite: bool) -> None:
    """Write all files, or leave none of those that are new. Raises PictureError."""
    new: list[Path] = []
    try:
        for path, data in files.items():
            there = path.exists()
            write_atomically(path, data, overwrite=overwrite)
            new += [] if there else [path]
    except PictureError:
        for path in new:
            path.unlink(missing_ok=True)
        raise
