"""From the words of a command to what the engine takes."""

from __future__ import annotations

import argparse
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path
from typing import Literal

from editor.cli.edit_option import parse_edit
from editor.cli.errors import CommandError, UsageError
from editor.engine import embedding
from editor.engine.edits import Edit
from editor.files import formats
from editor.files.encoding import ExportFormat
from editor.files.picture import PictureError


def parsed_edits(texts: Sequence[str]) -> list[Edit]:
    """The edits of ``--edit`` options, in order. Raises UsageError."""
    try:
        return [parse_edit(text) for text in texts]
    except ValueError as error:
        raise UsageError(str(error)) from None


def output_format(
    path: Path,
    quality: int = 95,
    subsampling: Literal["444", "420"] = "444",
    outliving: bool = True,
) -> ExportFormat:
    """The format that an output's extension asks for. Raises UsageError."""
    try:
        fmt = ExportFormat.for_path(path, quality, subsampling)
        return replace(fmt, outliving=outliving)
    except (PictureError, ValueError) as error:
        raise UsageError(str(error)) from None


def check_keeping(args: argparse.Namespace) -> None:
    """Raises UsageError where the original is to be kept and all metadata, or itself, left out."""
    if args.keep_original and args.strip:
        raise UsageError(
            "--keep-original keeps all of the photo's metadata, which --strip leaves out: "
            "choose one of them."
        )
    if args.keep_original and (args.lock or args.lock_file is not None):
        raise UsageError(
            "--keep-original keeps a copy of the original that anybody could open, which --lock is "
            "against: choose one of them."
        )
    if args.keep_original and args.without_original:
        raise UsageError("--keep-original and --without-original exclude one another.")


def check_device(name: str) -> None:
    """Raises UsageError where this computer has no such device."""
    try:
        embedding.check_device(name)
    except embedding.NoSuchDevice as error:
        raise UsageError(str(error)) from None


def pictures_in(folder: Path) -> list[Path]:
    """The picture files of a folder, sorted by name, without hidden ones.

    Raises CommandError where there is no such folder, or no picture in it.
    """
    if not folder.is_dir():
        raise CommandError(f"“{folder}” is not a folder.")
    pictures = sorted(
        path
        for path in folder.iterdir()
        if path.suffix.lower() in formats.SUFFIXES
        and not path.name.startswith(".")
        and not path.is_dir()
    )
    if not pictures:
        raise CommandError(f"There are no pictures in “{folder}”.")
    return pictures
