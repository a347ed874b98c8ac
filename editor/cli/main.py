"""The command line: the same engine as the window, without one.

Exit codes: 0 done, 1 the job failed, 2 wrong usage, 3 locked. What went wrong is one line on
standard error. `parser` reads the command, the files of `commands` carry it out.
"""

from __future__ import annotations

import argparse
import contextlib
import difflib
import io
import os
import sys
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import TypeAlias

from editor.cli.errors import FAILED, WRONG_USAGE, exit_code, in_one_line
from editor.cli.parser import COMMANDS, build_parser

_Program: TypeAlias = Callable[[list[str]], int]
"""Takes the arguments after the program's name; returns the exit code."""


def main(argv: Sequence[str] | None = None) -> int:
    """Run the command line; without a command, the editor's window."""
    _print_any_character()
    arguments = list(sys.argv[1:] if argv is None else argv)
    if arguments == ["--self-test"]:
        return _with_window(_self_test, [])
    if not arguments or (arguments[0] not in COMMANDS and not arguments[0].startswith("-")):
        return _open_window(arguments)
    try:
        args = build_parser().parse_args(arguments)
    except SystemExit as stop:  # argparse has printed why
        return int(stop.code or 0)
    return run_command(args)


def run_command(args: argparse.Namespace) -> int:
    """Run a parsed command; failures become one line on standard error and an exit code."""
    try:
        return int(args.run(args))
    except (Exception, KeyboardInterrupt) as error:
        if getattr(args, "traceback", False):
            raise
        return _fail(in_one_line(error), exit_code(error))


def _fail(message: str, code: int) -> int:
    print(f"pentimento: {message}", file=sys.stderr)
    return code


def _print_any_character() -> None:
    """Let no file name or quotation mark that the terminal cannot show stop a command."""
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, io.TextIOWrapper):
            with contextlib.suppress(OSError, ValueError):
                stream.reconfigure(errors="backslashreplace")


_SCREENS = ("DISPLAY", "WAYLAND_DISPLAY", "QT_QPA_PLATFORM")
"""Environment variables of which one is set where Linux can show a window."""


def _open_window(arguments: list[str]) -> int:
    if arguments and not Path(arguments[0]).suffix and not Path(arguments[0]).exists():
        close = difflib.get_close_matches(arguments[0], COMMANDS, 1)
        hint = f"did you mean {close[0]}?" if close else f"commands are {', '.join(COMMANDS)}."
        return _fail(f"There is no command and no file “{arguments[0]}”; {hint}", WRONG_USAGE)
    return _with_window(_editor, arguments)


def _with_window(imported: Callable[[], _Program], arguments: list[str]) -> int:
    """Run what needs a window; where there can be none, say so."""
    if sys.platform == "linux" and not any(os.environ.get(name) for name in _SCREENS):
        # Qt would not raise an error, but abort the process.
        return _fail(
            "There is no screen to open the window on; the commands work without one, "
            "see pentimento --help.",
            FAILED,
        )
    try:
        program = imported()
    except ImportError as error:
        return _fail(
            f"The window cannot be opened ({error}); the commands work without it, "
            "see pentimento --help.",
            FAILED,
        )
    return program(arguments)


def _editor() -> _Program:
    from editor.ui.app import run

    return run


def _self_test() -> _Program:
    from editor.ui.tools.self_test import run

    return run


if __name__ == "__main__":
    sys.exit(main())
