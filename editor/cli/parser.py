"""The commands and their options, as the help shows them.

The files that carry them out load PyTorch: they are imported when there is something to do.
"""

from __future__ import annotations

import argparse
import contextlib
from collections.abc import Callable
from pathlib import Path
from typing import Any, NoReturn, TypeAlias

import resources
from editor import __version__
from editor.cli import late
from editor.cli.commands.batches.shards import Shard
from editor.cli.errors import DONE, WRONG_USAGE
from editor.files import formats
from editor.messages import all_of, one_of
from models.networks.device_names import DEVICES

COMMANDS = ("apply", "restore", "inspect", "batch", "evaluate", "demo")

_Commands: TypeAlias = "argparse._SubParsersAction[_Parser]"

_APPLY_EXAMPLES = """\
examples:
  pentimento apply clouds.jpg -o clouds-edited.png --edit local-laplacian=0.8 --edit exposure=+1.5
  pentimento apply face.jpg -o face-edited.png --edit retouch=0.7:mask.png
  pentimento apply sea.jpg -o sea-edited.png --edit exposure=-0.8:linear=0.5,0,0.5,0.6
  pentimento apply lake.jpg -o lake-edited.jpg --edit straighten=-1.5 --edit crop=16:9 --auto light

"""

_LOSSLESS = [fmt.suffix for fmt in formats.LOSSLESS]
_LOSSY = " or ".join(fmt.suffix for fmt in formats.LOSSY)
_NAMES = [fmt.suffix.removeprefix(".") for fmt in formats.WRITTEN.values()]


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


def _shard(text: str) -> Shard:
    """The type of ``--shard``."""
    try:
        return Shard.parse(text)
    except ValueError:
        raise argparse.ArgumentTypeError(f"it takes a share such as 2/8, not “{text}”") from None


def _operators_help() -> str:
    from editor.cli.edit_option import operators_help

    return operators_help()


def build_parser() -> argparse.ArgumentParser:
    """The parser of all commands."""
    parser = _Parser(
        prog="pentimento",
        description="A photo editor whose exported pictures carry their own originals.\n"
        "Without a command it opens the editor; pentimento PHOTO opens the photo in it.",
        epilog="pentimento COMMAND -h describes a command. Exit codes: 0 done, 1 the job "
        "failed, 2 wrong usage, 3 locked: no passphrase or a wrong one.",
    )
    parser.add_argument("--version", action="version", version=f"pentimento {__version__}")
    parser.add_argument(
        "--self-test",
        action="store_true",
        help="try out this installation in its own window, leaving nothing behind",
    )
    commands = parser.add_subparsers(dest="command", metavar="COMMAND")
    common = _Parser(add_help=False)
    common.add_argument("--traceback", action="store_true", help=argparse.SUPPRESS)
    device = _Parser(add_help=False, parents=[common])
    device.add_argument("--device", choices=DEVICES, default="auto", help="where networks run")
    edits, key = _edit_options(), _key_options()
    _add_apply(commands, [edits, key, device])
    _add_restore(commands, [key, device])
    _add_inspect(commands, [key, device])
    _add_batch(commands, [edits, key, device])
    _add_evaluate(commands, [device])
    _add_demo(commands, [device])

    def show_help(args: argparse.Namespace) -> int:
        parser.print_help()
        return DONE

    parser.set_defaults(run=show_help)
    return parser


def _edit_options() -> _Parser:
    """What an export needs to know."""
    edits = _Parser(add_help=False)
    edits.add_argument(
        "--edit",
        action="append",
        default=[],
        metavar="OPERATOR[=VALUE[:MASK]]",
        help="may be repeated, is applied in order, crop, straighten, turn and mirror before all "
        "others; MASK is a picture, stretched over the whole photo, white where the edit acts, or "
        "gradients, see below",
    )
    edits.add_argument(
        "--auto",
        action="append",
        default=[],
        choices=("light", "colour"),
        help="set light (exposure, contrast, highlights, shadows) or white balance from the photo; "
        "may be given for both; they come after the edits",
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
        "--without-original",
        action="store_true",
        help="do not carry the original, which anybody who has the export can restore: the export "
        "is an ordinary picture",
    )
    edits.add_argument(
        "--untouched-only",
        action="store_true",
        help="carry the original for this very file alone, not for smaller or compressed copies of "
        "it: somewhat closer to the look",
    )
    edits.add_argument(
        "--exact",
        action="store_true",
        help="use the reference algorithm where an operator also has a faster, learned form",
    )
    edits.add_argument(
        "--as-new",
        action="store_true",
        help="carry the picture as it is, also where it is an export that has an original itself",
    )
    edits.add_argument(
        "--keep-original",
        action="store_true",
        help="also keep the photo's own file in the metadata, every byte of it",
    )
    edits.add_argument(
        "--strip",
        action="store_true",
        help="leave out the edit list and all metadata but the colour profile",
    )
    return edits


def _key_options() -> _Parser:
    """Where a passphrase comes from; never from the command line itself, which others can see."""
    key = _Parser(add_help=False)
    key.add_argument(
        "--lock",
        action="store_true",
        help="ask for a passphrase: an export is locked with it, so that nobody gets its original "
        "back without; a locked export is opened with it",
    )
    key.add_argument(
        "--lock-file",
        type=Path,
        metavar="FILE",
        help="take the passphrase from the first line of a file, - for standard input; without "
        "either, $PENTIMENTO_PASSPHRASE opens locked exports",
    )
    return key


def _add_apply(commands: _Commands, parents: list[_Parser]) -> None:
    apply = commands.add_parser(
        "apply",
        parents=parents,
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
        help=f"the export; {all_of(_LOSSLESS)} are lossless, {_LOSSY} is smaller and less exact",
    )
    apply.add_argument(
        "--clean",
        type=Path,
        metavar="CLEAN.png",
        help="also write the edited picture before the original is hidden in it",
    )
    apply.add_argument("--overwrite", action="store_true", help="replace existing files")
    apply.add_argument("--json", action="store_true", help="print the figures as JSON")
    apply.set_defaults(run=late.apply)


def _add_restore(commands: _Commands, parents: list[_Parser]) -> None:
    restore = commands.add_parser(
        "restore",
        parents=parents,
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
        help=f"the original; {one_of(_LOSSLESS)}, else {_LOSSY} (not exact)",
    )
    restore.add_argument(
        "--force", action="store_true", help="try even if it is not recognised as an export"
    )
    restore.add_argument("--overwrite", action="store_true", help="replace an existing file")
    restore.add_argument("--json", action="store_true", help="print the facts as JSON")
    restore.set_defaults(run=late.restore)


def _add_inspect(commands: _Commands, parents: list[_Parser]) -> None:
    inspect = commands.add_parser(
        "inspect",
        parents=parents,
        help="tell whether a picture is restorable",
        description="Tell whether a picture carries its original, and how it was edited.",
    )
    inspect.add_argument("file", type=Path, metavar="FILE")
    inspect.add_argument(
        "--map",
        type=Path,
        metavar="MAP.png",
        help="write where it was changed since: red changed and left as received, blue only "
        "predicted, yellow not proven",
    )
    inspect.add_argument("--overwrite", action="store_true", help="replace an existing file")
    inspect.add_argument("--json", action="store_true", help="print the facts as JSON")
    inspect.set_defaults(run=late.inspect)


def _add_batch(commands: _Commands, parents: list[_Parser]) -> None:
    batch = commands.add_parser(
        "batch",
        parents=parents,
        help="apply or restore a whole folder",
        description="Apply edits to all pictures of a folder, or restore them. Pictures whose "
        "output was\nmade already, of the same file and in the same way, are passed over, so a "
        "broken-off run\ncan be repeated; a picture that fails stops nothing.",
        late_epilog=_operators_help,
    )
    batch.add_argument("what", choices=("apply", "restore"))
    batch.add_argument("folder", type=Path, metavar="FOLDER")
    batch.add_argument(
        "-o", "--output", type=Path, required=True, metavar="FOLDER", help="made if missing"
    )
    batch.add_argument(
        "--format",
        choices=_NAMES,
        default="png",
        help="of the written pictures (default png)",
    )
    batch.add_argument(
        "--jobs",
        type=_whole_number(1),
        metavar="N",
        help="pictures worked on at a time, each in a process of its own (default: as many as "
        "processor and memory allow)",
    )
    batch.add_argument(
        "--shard",
        type=_shard,
        metavar="I/N",
        help="only the I-th of N shares of the pictures, for N computers that share a folder",
    )
    batch.set_defaults(run=late.batch)


def _add_evaluate(commands: _Commands, parents: list[_Parser]) -> None:
    evaluate = commands.add_parser(
        "evaluate",
        parents=parents,
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
        help="also what a network restores with nothing embedded, what an AVIF side file gives, "
        "and the paper's network where it is trained for the look and the format",
    )
    evaluate.add_argument(
        "--paper-weights",
        type=Path,
        default=resources.WEIGHTS,
        metavar="DIR",
        help="weights of the paper's network (default: the shipped ones)",
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
    evaluate.set_defaults(run=late.evaluate)


def _add_demo(commands: _Commands, parents: list[_Parser]) -> None:
    demo = commands.add_parser(
        "demo",
        parents=parents,
        help="sample photo: apply, export, strip, restore, figures",
        description="Send a sample photo through the whole main job and print the figures.",
    )
    demo.add_argument("-o", "--output", type=Path, metavar="FOLDER", help="where to keep the files")
    demo.set_defaults(run=late.demo)
