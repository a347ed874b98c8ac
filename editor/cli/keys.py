"""Passphrases: asked for without showing them, or read from a file or the environment.

They are never words of the command itself, which other users of the computer can see.
"""

from __future__ import annotations

import argparse
import getpass
import os
import sys
from pathlib import Path

from editor.cli.errors import CommandError, UsageError

VARIABLE = "PENTIMENTO_PASSPHRASE"
"""Of the environment: opens locked exports where no option says otherwise; locks nothing."""

_LONGEST = 4096  # bytes


def key_for_export(args: argparse.Namespace) -> str | None:
    """The passphrase that an export is locked with; None where none is asked for.

    A locked photo is opened with the same. Raises UsageError, CommandError.
    """
    if args.lock_file is not None:
        return _in_file(args.lock_file)
    if not args.lock:
        return None
    words = os.environ.get(VARIABLE) or None
    if words is not None:
        return words
    words = _asked("Passphrase for the original: ")
    if _asked("Once more: ") != words:
        raise UsageError("The two passphrases are not the same.")
    return words


def given_key(args: argparse.Namespace) -> str | None:
    """The passphrase that options or the environment give; None where they give none."""
    if args.lock_file is not None:
        return _in_file(args.lock_file)
    words = os.environ.get(VARIABLE) or None
    return words if words is not None or not args.lock else _asked("Passphrase: ")


def key_for_opening(args: argparse.Namespace, path: Path) -> str | None:
    """The same; asks for it where the picture is locked and somebody is there to answer."""
    words = given_key(args)
    if words is not None or not sys.stdin.isatty():
        return words
    from editor.engine.restore import inspect

    found = inspect(path).found
    locked = found is not None and found.locked
    return _asked(f"Passphrase of “{path.name}”: ") if locked else None


def _asked(what: str) -> str:
    if not sys.stdin.isatty():
        raise UsageError(
            "There is nobody to ask for the passphrase: use --lock-file, or the environment "
            f"variable {VARIABLE}."
        )
    words = getpass.getpass(what)
    if not words:
        raise UsageError("A passphrase has at least one character.")
    return words


def _in_file(path: Path) -> str:
    """The first line of a file, without its end. Raises CommandError."""
    name = "standard input" if str(path) == "-" else str(path)
    try:
        if str(path) == "-":
            data = sys.stdin.buffer.readline(_LONGEST + 1)
        else:
            with open(path, "rb") as file:
                data = file.readline(_LONGEST + 1)
        words = data.decode().rstrip("\r\n")
    except OSError as error:
        raise CommandError(
            f"The passphrase in “{name}” cannot be read: {error.strerror}."
        ) from None
    except UnicodeDecodeError:
        raise CommandError(f"The passphrase in “{name}” is not text in UTF-8.") from None
    if not words or len(data) > _LONGEST:
        raise CommandError(f"The first line of “{name}” is no passphrase.")
    return words
