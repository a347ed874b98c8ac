"""The quality table: every look on every photo, through real files without metadata.

Each photo is edited, embedded, encoded without metadata, decoded again by Pillow and restored from
those pixels; the export is compared with the clean look, the restored photo with the original.
"""

from __future__ import annotations

import tempfile
from collections.abc import Sequence
from dataclasses import asdict, dataclass, field, replace
from pathlib import Path
from statistics import mean
from typing import Any

import numpy as np
from numpy.typing import NDArray
from PIL import Image
from tqdm import tqdm

from editor import __version__, embedding
from editor.document import Document
from editor.edits import Edit, Mask, Stroke, edit
from editor.export import encode_restorable
from editor.picture import Picture
from editor.picture_files import ExportFormat, encode_picture, open_picture
from editor.quality import Quality, in_words
from models.operators.registry import OPERATORS


def _brushed_retouch() -> tuple[Edit, ...]:
    middle = Stroke(((0.3, 0.3, 1.0), (0.5, 0.4, 1.0), (0.6, 0.25, 1.0)), size=0.2, softness=0.6)
    return (edit("retouch", 1.0, mask=Mask((middle,))),)


LOOKS: dict[str, tuple[Edit, ...]] = {
    **{name: (edit(name),) for name in OPERATORS if name != "exposure"},
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


@dataclass(frozen=True)
class Row:
    """One photo in one look. PSNR in dB, SSIM 0..1."""

    photo: str
    look: str
    container_psnr: float
    container_ssim: float
    restored_psnr: float
    restored_ssim: float
    unrestored_psnr: float
    bytes: int
    clean_bytes: int
    restorable: bool


@dataclass
class Evaluation:
    """All rows, and how they were made."""

    rows: list[Row] = field(default_factory=list)
    suffix: str = "png"
    photos: list[Path] = field(default_factory=list)

    def by_look(self) -> dict[str, list[Row]]:
        """Rows by look, in the order of measuring."""
        looks: dict[str, list[Row]] = {}
        for row in self.rows:
            looks.setdefault(row.look, []).append(row)
        return looks

    def as_json(self) -> dict[str, Any]:
        """Everything, for machines."""
        summary = {look: _summary(rows) for look, rows in self.by_look().items()}
        return {
            "version": __version__,
            "weights": embedding.newest_weights(embedding.LOSSLESS).name,
            "format": self.suffix,
            "all": _summary(self.rows),
            "looks": summary,
            "rows": [asdict(row) for row in self.rows],
        }


def _summary(rows: Sequence[Row]) -> dict[str, float]:
    return {
        "container_psnr": round(mean(r.container_psnr for r in rows), 2),
        "container_ssim": round(mean(r.container_ssim for r in rows), 4),
        "restored_psnr": round(mean(r.restored_psnr for r in rows), 2),
        "restored_ssim": round(mean(r.restored_ssim for r in rows), 4),
        "worst_restored_psnr": round(min(r.restored_psnr for r in rows), 2),
        "worst_container_psnr": round(min(r.container_psnr for r in rows), 2),
        "unrestored_psnr": round(mean(r.unrestored_psnr for r in rows), 2),
        "bytes": round(mean(r.bytes for r in rows)),
        "clean_bytes": round(mean(r.clean_bytes for r in rows)),
    }


def evaluate(
    photos: Sequence[Path],
    looks: Sequence[str],
    *,
    suffix: str = "png",
    device: str = "auto",
) -> Evaluation:
    """Measure looks (names in `LOOKS`) on photos.

    Raises PictureError for a photo that cannot be opened, before anything is measured.
    """
    for path in photos:
        open_picture(path)
    result = Evaluation(suffix=suffix, photos=list(photos))
    steps = tqdm(total=len(photos) * len(looks), desc="looks", disable=None)
    for path in photos:
        photo = open_picture(path)
        for look in looks:
            result.rows.append(_measure(photo, look, suffix, device)[0])
            steps.update()
    steps.close()
    return result


def _measure(
    photo: Picture, look: str, suffix: str, device: str
) -> tuple[Row, dict[str, NDArray[np.uint8]]]:
    """One row, and its pictures: photo, look, container, restored."""
    fmt = ExportFormat.for_path(f"x.{suffix}")
    document = Document(photo, LOOKS[look])
    report = encode_restorable(document, fmt, keep_metadata=False, device=device)
    with tempfile.TemporaryDirectory() as folder:
        file = Path(folder) / f"export.{suffix}"
        file.write_bytes(report.data)
        with Image.open(file) as image:
            container = np.asarray(image.convert("RGB"))
    restored = container
    if report.restorable:
        restored = embedding.extract(container, device=device)
    # The clean look in the same format: what the export costs in bytes.
    clean = encode_picture(replace(photo, pixels=report.look), fmt, keep_metadata=False)
    seen = Quality.of(container, report.look, with_ssim=True)
    back = Quality.of(restored, photo.pixels, with_ssim=True)
    row = Row(
        photo=photo.path.name if photo.path else "",
        look=look,
        container_psnr=seen.psnr,
        container_ssim=seen.ssim,
        restored_psnr=back.psnr,
        restored_ssim=back.ssim,
        unrestored_psnr=report.unrestored.psnr,
        bytes=len(report.data),
        clean_bytes=len(clean),
        restorable=report.restorable,
    )
    pictures = {
        "photo": photo.pixels,
        "look": report.look,
        "container": container,
        "restored": restored,
    }
    return row, pictures


def print_table(result: Evaluation) -> None:
    """The table a photographer understands."""
    head = (
        f"{'look':32} {'seen':>7} {'SSIM':>6}   {'restored':>8} {'SSIM':>6} {'worst':>6}  "
        f"{'nothing':>7} {'size':>6}"
    )
    print(head)
    print("-" * len(head))
    for look, rows in result.by_look().items():
        _print_line(look, _summary(rows))
    print("-" * len(head))
    _print_line("all", _summary(result.rows))
    lost = sum(not row.restorable for row in result.rows)
    if lost:
        print(f"{lost} of {len(result.rows)} exports did not carry their original.")
    print(
        "PSNR in dB: seen = export against the look, restored = restored photo against the\n"
        "original, worst = the worst photo, nothing = the look itself against the original;\n"
        "size = of the file against the clean look's file."
    )


def _print_line(name: str, s: dict[str, float]) -> None:
    print(
        f"{name:32} {s['container_psnr']:7.2f} {s['container_ssim']:6.3f}   "
        f"{s['restored_psnr']:8.2f} {s['restored_ssim']:6.3f} {s['worst_restored_psnr']:6.2f}  "
        f"{s['unrestored_psnr']:7.2f} {s['bytes'] / s['clean_bytes']:6.2f}  "
        f"{in_words(s['restored_psnr'])}"
    )


def write_pictures(result: Evaluation, folder: Path, device: str = "auto") -> None:
    """Photo, look, export and restored photo side by side, for the best and the worst row."""
    folder.mkdir(parents=True, exist_ok=True)
    ordered = sorted(result.rows, key=lambda r: r.restored_psnr)
    for name, row in (("worst", ordered[0]), ("best", ordered[-1])):
        path = next(p for p in result.photos if p.name == row.photo)
        _, pictures = _measure(open_picture(path), row.look, result.suffix, device)
        sheet = np.concatenate(list(pictures.values()), axis=1)
        slug = "".join(c if c.isalnum() else "-" for c in row.look)
        Image.fromarray(sheet).save(folder / f"{name}-{slug}-{Path(row.photo).stem}.png")
