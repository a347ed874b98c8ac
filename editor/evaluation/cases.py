"""What is measured: looks, formats, and what happens to the files in between."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from editor.engine.edits import Edit, edit
from editor.engine.mask_parts import Mask, Stroke
from editor.files.encoding import ExportFormat
from editor.files.picture import PictureError
from models.learned.network import LEARNED
from models.operators.registry import ADJUSTMENTS, OPERATORS


def _brushed_retouch() -> tuple[Edit, ...]:
    middle = Stroke(((0.3, 0.3, 1.0), (0.5, 0.4, 1.0), (0.6, 0.25, 1.0)), size=0.2, softness=0.6)
    return (edit("retouch", 1.0, mask=Mask.painted([middle])),)


LOOKS: dict[str, tuple[Edit, ...]] = {
    **{name: (edit(name),) for name in OPERATORS if name not in ("exposure", *ADJUSTMENTS)},
    "exposure +1.5": (edit("exposure", 1.5),),
    "exposure -1.5": (edit("exposure", -1.5),),
    "brushed retouch": _brushed_retouch(),
    "stack: detail, film, exposure": (
        edit("local-laplacian", 0.8),
        edit("film"),
        edit("exposure", 1.0),
    ),
    "stack: l0, print, darker": (
        edit("l0-smoothing", 0.7),
        edit("black-and-white"),
        edit("exposure", -0.7),
    ),
    "stack: tone, film, bokeh": (edit("multiscale-tone"), edit("film"), edit("lens-blur", 0.4)),
    "stack: median, pencil, film": (
        edit("weighted-median"),
        edit("colour-pencil", 0.6),
        edit("film", 0.7),
    ),
    "stack: retouch, brighter, oil": (
        edit("retouch"),
        edit("exposure", 0.8),
        edit("oil-painting", 0.8),
    ),
}
"""What is measured: every operator at its default strength, exposure both ways, a brushed edit and
five stacks of three."""

BOTH_FORMS: dict[str, tuple[str, bool]] = {
    f"{name} {form}": (name, form == "exact") for name in LEARNED for form in ("exact", "learned")
}
"""Further looks: an operator by its reference algorithm and as the network draws it, whichever of
the two is the default; the operator, and whether it is the reference."""


@dataclass(frozen=True)
class Setting:
    """How the export is written, and what happens to the file before it is restored.

    Attributes:
        fmt: format, quality, chroma subsampling.
        resave: quality of a second JPEG compression (4:2:0), as by a chat app; 0 for none.
    """

    fmt: ExportFormat
    resave: int = 0

    @staticmethod
    def parse(text: str) -> Setting:
        """From ``png``, ``webp``, ``tif``, or ``jpg[:QUALITY[:SUBSAMPLING[:RESAVED AT]]]``.

        Raises ValueError, saying what is meant.
        """
        kind, *rest = text.split(":")
        try:
            if len(rest) > 3 or (rest and kind != "jpg"):
                raise ValueError
            quality = int(rest[0]) if rest else 95
            sampling: Any = rest[1] if len(rest) > 1 else "444"
            resave = int(rest[2]) if len(rest) > 2 else 0
            return Setting(ExportFormat.for_path(f"x.{kind}", quality, sampling), resave)
        except (ValueError, PictureError):
            raise ValueError(
                f"'{text}' is no setting; use png, webp, tif, or jpg:95:444, jpg:95:444:80 …"
            ) from None

    def __str__(self) -> str:
        if self.fmt.lossless:
            return self.fmt.kind.upper()
        name = f"JPEG {self.fmt.quality} 4:{self.fmt.subsampling[1]}:{self.fmt.subsampling[2]}"
        return name + (f", saved again at {self.resave}" if self.resave else "")
