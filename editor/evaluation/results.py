"""Figures, and their means."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict, dataclass, field
from pathlib import Path
from statistics import mean
from typing import Any

from editor import __version__
from editor.engine import embedding
from editor.evaluation.cases import Setting
from editor.evaluation.paper import PaperFigures
from models.benchmarks.operators import Fidelity


@dataclass(frozen=True)
class Row:
    """One photo in one look with one setting. PSNR in dB, SSIM 0..1.

    Attributes:
        container_psnr: of the container, before it is encoded, against the look.
        export_psnr, export_ssim: of the exported file against the look.
        clean_psnr, clean_ssim: of the look's own file, with nothing embedded, against the look.
        restored_psnr, restored_ssim: of the restored photo against the original.
        unrestored_psnr: of the look's file against the original: doing nothing.
        blind_psnr: of the blind baseline, which sees the look's file only; None unless asked.
        residual_psnr: of the look's file plus an AVIF of the difference in the bytes that the
            export grew by; None unless asked.
        bytes, clean_bytes: sizes of the export and of the look's own file.
        restorable: whether the original could be restored; where not, the file itself counts as the
            restored photo.
        seconds: processor time per megapixel of exporting (which restores once, to measure) and of
            restoring again.
        paper: of the paper's network; None unless asked, and where there are no weights for it.
    """

    photo: str
    look: str
    setting: str
    container_psnr: float
    export_psnr: float
    export_ssim: float
    clean_psnr: float
    clean_ssim: float
    restored_psnr: float
    restored_ssim: float
    unrestored_psnr: float
    blind_psnr: float | None
    residual_psnr: float | None
    bytes: int
    clean_bytes: int
    restorable: bool
    seconds: float
    paper: PaperFigures | None


@dataclass
class Evaluation:
    """All rows, and how they were made."""

    settings: tuple[Setting, ...]
    photos: list[Path]
    rows: list[Row] = field(default_factory=list)
    fidelity: list[Fidelity] = field(default_factory=list)
    """Of the learned operators to their references; empty unless asked for."""

    def of(self, setting: Setting) -> dict[str, list[Row]]:
        """The rows of a setting by look, in the order of measuring."""
        looks: dict[str, list[Row]] = {}
        for row in self.rows:
            if row.setting == str(setting):
                looks.setdefault(row.look, []).append(row)
        return looks

    def as_json(self) -> dict[str, Any]:
        """Everything, for machines."""
        return {
            "version": __version__,
            "containers": embedding.versions(),
            "settings": {
                str(setting): {
                    "all": summary([r for rows in self.of(setting).values() for r in rows]),
                    "looks": {look: summary(rows) for look, rows in self.of(setting).items()},
                }
                for setting in self.settings
            },
            "fidelity": [asdict(row) for row in self.fidelity],
            "rows": [asdict(row) for row in self.rows],
        }


_AVERAGED = {
    "container_psnr": 2,
    "export_psnr": 2,
    "export_ssim": 4,
    "clean_psnr": 2,
    "clean_ssim": 4,
    "restored_psnr": 2,
    "restored_ssim": 4,
    "unrestored_psnr": 2,
    "blind_psnr": 2,
    "residual_psnr": 2,
    "bytes": 0,
    "clean_bytes": 0,
    "seconds": 2,
}

_PAPER_AVERAGED = {
    "export_psnr": 2,
    "export_ssim": 4,
    "ours_psnr": 2,
    "ours_ssim": 4,
    "restored_psnr": 2,
    "restored_ssim": 4,
    "bytes": 0,
    "seconds": 2,
    "parameters": 0,
}


def summary(rows: Sequence[Row]) -> dict[str, float]:
    """Means over rows, and the worst ones; a column that was not measured is left out.

    Those of the paper's network have its name in front.
    """
    summary = _means([asdict(row) for row in rows], _AVERAGED)
    paper = [row.paper for row in rows if row.paper is not None]
    if len(paper) == len(rows):
        means = _means([asdict(figures) for figures in paper], _PAPER_AVERAGED)
        summary |= {f"paper_{name}": value for name, value in means.items()}
        summary["paper_worst_restored_psnr"] = round(min(p.restored_psnr for p in paper), 2)
    summary["worst_restored_psnr"] = round(min(r.restored_psnr for r in rows), 2)
    summary["worst_export_psnr"] = round(min(r.export_psnr for r in rows), 2)
    return summary


def _means(rows: Sequence[dict[str, Any]], digits: dict[str, int]) -> dict[str, float]:
    columns = {name: [row[name] for row in rows] for name in digits}
    return {
        name: round(mean(values), digits[name])
        for name, values in columns.items()
        if all(value is not None for value in values)
    }
