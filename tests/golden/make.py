"""Make the golden exports: one small file for each kind of container, and what it restores to.

    python -m tests.golden.make

Only for a new kind or version of container. What belongs to a released version is never made
again: those files must restore for ever.
"""

from __future__ import annotations

import json
from pathlib import Path

import numpy as np
from PIL import Image

from editor.document import Document
from editor.files.encoding import ExportFormat
from editor.files.picture import Picture
from tests.golden.cases import CASES, FOLDER, MANIFEST, digest

SAMPLE = Path(__file__).resolve().parents[2] / "resources" / "sample" / "lake.jpg"


def main() -> None:
    """Write the exports, the restored pictures and the manifest."""
    sample = np.asarray(Image.open(SAMPLE).convert("RGB"))
    restored = {}
    for case in CASES:
        top, left, height, width = case.crop
        photo = Picture(np.ascontiguousarray(sample[top : top + height, left : left + width]))
        fmt = ExportFormat.for_path(case.export, case.quality, case.subsampling)
        document = Document(photo, exact=True).add(case.look)
        document.export(case.export, fmt, overwrite=True, keep_metadata=False)
        pixels = Document.restore(case.export).picture.pixels
        Image.fromarray(pixels).save(case.restored, optimize=True)
        restored[case.name] = digest(pixels)
    (FOLDER / MANIFEST).write_text(json.dumps(restored, indent=1) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
