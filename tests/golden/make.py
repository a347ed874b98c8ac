"""Make golden exports that are missing: an export of each case, and what it restores to.

    python -m tests.golden.make                 what is missing
    python -m tests.golden.make --again NAME    a case again, before it is released

What was released is never made again: those files must restore for ever.
"""

from __future__ import annotations

import argparse
import json

from PIL import Image

from editor.document import Document
from editor.files.encoding import ExportFormat
from editor.files.picture import Picture
from models.metrics import psnr
from tests.golden.cases import CASES, MANIFEST, Case, digest, file_digest, manifest


def make(case: Case) -> dict[str, str | float]:
    """Write the export of a case and what it restores to; its entry in the manifest."""
    photo = case.photo
    fmt = ExportFormat.for_path(case.export, case.quality, case.subsampling)
    document = Document(Picture(photo), exact=True).add(case.look)
    document.export(
        case.export, fmt, overwrite=True, keep_metadata=case.listed, passphrase=case.passphrase
    )
    pixels = Document.restore(case.export, passphrase=case.passphrase).picture.pixels
    entry: dict[str, str | float] = {"export": file_digest(case.export)}
    if not case.kept:
        return entry | {"psnr": round(psnr(pixels, photo), 2)}
    Image.fromarray(pixels).save(case.restored, optimize=True)
    return entry | {"restored": digest(pixels)}


def main(arguments: list[str] | None = None) -> None:
    """Make what is missing, or what is named."""
    parser = argparse.ArgumentParser(prog="python -m tests.golden.make", description=__doc__)
    parser.add_argument(
        "--again", action="append", default=[], metavar="NAME", choices=[c.name for c in CASES]
    )
    again = parser.parse_args(arguments).again
    entries = manifest()
    for case in CASES:
        there = [path.name for path in case.files if path.exists()]
        if case.name in again or (case.name not in entries and not there):
            entries[case.name] = make(case)
            print(f"{case.name} was made.")
        elif case.name not in entries or len(there) < len(case.files):
            raise SystemExit(
                f"Of {case.name} something is missing. Get it back from the repository, or "
                f"make it with --again {case.name} if it was never released."
            )
    text = json.dumps({case.name: entries[case.name] for case in CASES}, indent=1)
    MANIFEST.write_text(text + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
