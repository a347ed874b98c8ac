"""The command line: the same engine as the window, without one.

Exit codes: 0 done, 1 the job failed, 2 wrong usage. What went wrong is one line on standard error.
This module only reads the command; `commands` and `command_batch` carry it out. They load PyTorch,
so they are imported when it is known that there is something to do.
"""

from __future__ import annotations

import argparse
import contextlib
import difflib
import importlib
import io
import os
import sys
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any, NoReturn

from editor import __version__
from editor.cli.errors import DONE, FAILED, WRONG_USAGE, exit_code, in_one_line

COMMANDS = ("apply", "restore", "inspect", "batch", "evaluate", "demo")

DEVICES = ("auto", "cpu", "cuda", "mps")
"""Those of `models.networks.device`, which is not imported for a help text."""

_APPLY_EXAMPLES = """\
examples:
  pentimento apply clouds.jpg -o clouds-edited.png --edit local-laplacian=0.8 --edit exposure=+1.5
  pentimento apply face.jpg -o face-edited.png --edit retouch=0.7:mask.png

"""


def main(argv: Sequence[str] | None = None) -> int:
    """Run the command line; without a command, the editor's window."""
    _print_any_character()
    arguments = list(sys.argv[1:] if argv is None else argv)
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
    if sys.platform == "linux" and not any(os.environ.get(name) for name in _SCREENS):
        # Qt would not raise an error, but abort the process.
        return _fail(
            "There is no screen to open the window on; the commands work without one, "
            "see pentimento --help.",
            FAILED,
        )
    try:
        from editor.ui.app import run
    except ImportError as error:
        return _fail(
            f"The window cannot be opened ({error}); the commands work without it, "
            "see pentimento --help.",
            FAILED,
        )
    return run(arguments)


class _Parser(argparse.ArgumentParser):
    """Says in one line what is wrong; makes a long end of the help only when it is shown."""

    def __init__(self, *, late_epilog: Callable[[], str] | None = None, **more: Any) -> None:
        super().__init__(
            allow_abbrev=False, formatter_class=argparse.RawDescriptionHelpFormatter, **more
        )
        self._late_epilog = late_epilog

    def error(self, message: str) -> NoReturn:
        self.exit(WRONG_USAGE, f"pentimento: {' '.join(message.split())} (see {self.prog} -h)\n")

    def format_help(self) -> str:
        if self._late_epilog is not None:
            self.epilog = self._late_epilog()
        return super().format_help()


def _whole_number(low: int, high: int | None = None) -> Callable[[str], int]:
    """The type of an option that takes a whole number from `low` to `high`."""

    def read(text: str) -> int:
        with contextlib.suppress(ValueError):
            if low <= (number := int(text)) and (high is None or number <= high):
                return number
        span = f"from {low} to {high}" if high is not None else f"of at least {low}"
        raise argparse.ArgumentTypeError(f"it takes a whole number {span}, not “{text}”")

    return read


def _later(module: str, function: str) -> Callable[[argparse.Namespace], int]:
    """A command, imported when it is run."""

    def run(args: argparse.Namespace) -> int:
        return getattr(importlib.import_module(module), function)(args)

    return run


def _operators_help() -> str:
    from editor.cli.edit_option import operators_help

    return operators_help()


def build_parser() -> argparse.ArgumentParser:
    """The parser of all commands."""
    parser = _Parser(
        prog="pentimento",
        description="A photo editor whose exported pictures carry their own originals.\n"
        "Without a command it opens the editor; pentimento PHOTO opens the photo in it.",
        epilog="pentimento COMMAND -h tells more of a command. Exit codes: 0 done, 1 the job "
        "failed, 2 wrong usage.",
    )
    parser.add_argument("--version", action="version", version=f"pentimento {__version__}")
    commands = parser.add_subparsers(dest="command", metavar="COMMAND")

    common = _Parser(add_help=False)
    common.add_argument("--traceback", action="store_true", help=argparse.SUPPRESS)
    device = _Parser(add_help=False)
    device.add_argument("--device", choices=DEVICES, default="auto", help="where networks run")

    edits = _Parser(add_help=False)
    edits.add_argument(
        "--edit",
        action="append",
        default=[],
        metavar="OPERATOR[=STRENGTH[:MASK]]",
        help="may be repeated, is applied in order; MASK is a picture, white where the edit acts",
    )
    edits.add_argument(
        "--quality", type=_whole_number(1, 100), default=95, help="of JPEG, 1..100 (default 95)"
    )
    edits.add_argument(
        "--subsampling",
        choices=("420", "444"),
        default="444",
        help="of the colour in JPEG (default 444: none)",
    )
    edits.add_argument(
        "--exact",
        action="store_true",
        help="use the reference algorithm where an operator also has a faster, learned form",
    )
    edits.add_argument(
        "--strip", action="store_true", help="leave out all metadata but the colour profile"
    )

    apply = commands.add_parser(
        "apply",
        parents=[edits, device, common],
        help="edit and export a photo",
        description="Edit a photo and export a picture that carries the original in its pixels.\n"
        "The export is opened again, restored and measured before it is written.",
        late_epilog=lambda: _APPLY_EXAMPLES + _operators_help(),
    )
    apply.add_argument("photo", type=Path, metavar="PHOTO")
    apply.add_argument(
        "-o",
        "--output",
        type=Path,
        required=True,
        metavar="OUT",
        help="the export; .png, .webp and .tif are lossless, .jpg is smaller and less exact",
    )
    apply.add_argument(
        "--clean",
        type=Path,
        metavar="CLEAN.png",
        help="also write the edited picture before the original is hidden in it",
    )
    apply.add_argument("--overwrite", action="store_true", help="replace existing files")
    apply.add_argument("--json", action="store_true", help="print the figures as JSON")
    apply.set_defaults(run=_later("editor.cli.commands", "apply"))

    restore = commands.add_parser(
        "restore",
        parents=[device, common],
        help="get the original back",
        description="Get the original back from an export. Only its pixels are needed.",
    )
    restore.add_argument("export", type=Path, metavar="EXPORT")
    restore.add_argument(
        "-o",
        "--output",
        type=Path,
        required=True,
        metavar="ORIGINAL.png",
        help="the original; .png, .webp or .tif, else .jpg (not exact)",
    )
    restore.add_argument(
        "--force", action="store_true", help="try even if it is not recognised as an export"
    )
    restore.add_argument("--overwrite", action="store_true", help="replace an existing file")
    restore.add_argument("--json", action="store_true", help="print the facts as JSON")
    restore.set_defaults(run=_later("editor.cli.commands", "restore"))

    inspect = commands.add_parser(
        "inspect",
        parents=[common],
        help="tell whether a picture is restorable",
        description="Tell whether a picture carries its original, and how it was edited.",
    )
    inspect.add_argument("file", type=Path, metavar="FILE")
    inspect.add_argument("--json", action="store_true", help="print the facts as JSON")
    inspect.set_defaults(run=_later("editor.cli.commands", "inspect"))

    batch = commands.add_parser(
        "batch",
        parents=[edits, device, common],
        help="apply or restore a whole folder",
        description="Apply edits to all pictures of a folder, or restore them. Pictures whose "
        "output is\nthere already are passed over, so a broken-off run can be repeated; a picture "
        "that fails\nstops nothing.",
        late_epilog=_operators_help,
    )
    batch.add_argument("what", choices=("apply", "restore"))
    batch.add_argument("folder", type=Path, metavar="FOLDER")
    batch.add_argument(
        "-o", "--output", type=Path, required=True, metavar="FOLDER", help="made if missing"
    )
    batch.add_argument(
        "--format",
        choices=("png", "jpg", "webp", "tif"),
        default="png",
        help="of the written pictures (default png)",
    )
    batch.set_defaults(run=_later("editor.cli.batch", "batch"))

    evaluate = commands.add_parser(
        "evaluate",
        parents=[device, common],
        help="measure this build on a folder of photos",
        description="Edit, export and restore every photo in every look, and print the figures.",
    )
    evaluate.add_argument("--photos", type=Path, required=True, metavar="DIR")
    evaluate.add_argument("--json", type=Path, metavar="OUT.json", help="write all figures")
    evaluate.add_argument(
        "--pictures", type=Path, metavar="DIR", help="write best and worst, side by side"
    )
    evaluate.add_argument(
        "--format",
        action="append",
        metavar="SETTING",
        help="png (the default), webp, tif, jpg:QUALITY:SUBSAMPLING, or with a second compression "
        "jpg:95:444:80; may be repeated",
    )
    evaluate.add_argument(
        "--controls",
        action="store_true",
        help="also what a network guesses with nothing hidden, and what an AVIF side file gives",
    )
    evaluate.add_argument(
        "--learned",
        action="store_true",
        help="also the learned operators beside the reference algorithms, and how close they are",
    )
    evaluate.add_argument(
        "--looks",
        action="append",
        metavar="NAME[,NAME]",
        help="only these looks; may be repeated (needed for names with a comma)",
    )
    evaluate.add_argument(
        "--limit", type=_whole_number(1), metavar="N", help="only the first N photos"
    )
    evaluate.set_defaults(run=_later("editor.cli.commands", "evaluate"))

    demo = commands.add_parser(
        "demo",
        parents=[device, common],
        help="sample photo: apply, export, strip, restore, figures",
        description="Send a sample photo through the whole main job and print the figures.",
    )
    demo.add_argument("-o", "--output", type=Path, metavar="FOLDER", help="where to keep the files")
    demo.set_defaults(run=_later("editor.cli.commands", "demo"))

    def show_help(args: argparse.Namespace) -> int:
        parser.print_help()
        return DONE

    parser.set_defaults(run=show_help)
    return parser


if __name__ == "__main__":
    sys.exit(main())
