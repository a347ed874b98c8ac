"""``pentimento evaluate``: the quality table of this build."""

from __future__ import annotations

import argparse
import json
from collections.abc import Sequence

from editor.cli.arguments import check_device, pictures_in
from editor.cli.errors import DONE, UsageError
from editor.cli.outputs import check_folder
from editor.evaluation import measure
from editor.evaluation.cases import BOTH_FORMS, LOOKS, Setting
from editor.evaluation.table import print_table
from editor.files.picture_files import write_atomically


def evaluate(args: argparse.Namespace) -> int:
    """Measure a folder of photos and print the figures."""
    if args.looks is None:
        names = [*LOOKS, *(BOTH_FORMS if args.learned else ())]
    else:
        names = _look_names(args.looks, (*LOOKS, *BOTH_FORMS))
    try:
        settings = [Setting.parse(text) for text in args.format or ["png"]]
    except ValueError as error:
        raise UsageError(str(error)) from None
    check_device(args.device)
    if args.json is not None:
        check_folder(args.json)
    photos = pictures_in(args.photos)[: args.limit]
    result = measure.evaluate(
        photos,
        names,
        settings,
        controls=args.controls,
        learned=args.learned,
        device=args.device,
        paper_weights=args.paper_weights,
    )
    print_table(result)
    if args.json is not None:
        text = json.dumps(result.as_json(), indent=1) + "\n"
        write_atomically(args.json, text.encode(), overwrite=True)
    if args.pictures is not None:
        measure.write_pictures(result, args.pictures, device=args.device)
    return DONE


def _look_names(options: list[str], known: Sequence[str]) -> list[str]:
    """The looks of ``--looks`` options: a name each, or several with commas between them."""
    names: list[str] = []
    for option in options:
        names += [option] if option in known else [part.strip() for part in option.split(",")]
    unknown = [name for name in names if name not in known]
    if unknown:
        raise UsageError(f"Unknown look “{unknown[0]}”; known ones: {'; '.join(known)}.")
    return list(dict.fromkeys(names))
