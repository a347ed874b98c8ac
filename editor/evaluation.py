"""The quality table: every look on every photo, through real files without metadata.

Each photo is edited, embedded, encoded without metadata, decoded again by Pillow and restored from
those pixels; the export is compared with the clean look, the restored photo with the original.
"""

from __future__ import annotations

import io
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
from editor.export import ExportReport, encode_restorable
from editor.picture import Picture, PictureError
from editor.picture_files import ExportFormat, encode_picture, open_picture
from editor.quality import Quality, in_words
from models import inference, learned_looks, zoo
from models.device import pick_device
from models.learned_operators import LEARNED
from models.operator_benchmark import Fidelity, fidelity, print_fidelity
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


@dataclass(frozen=True)
class Row:
    """One photo in one look with one setting. PSNR in dB, SSIM 0..1.

    Attributes:
        embedded_psnr: of the container against the look before it is encoded.
        container_psnr, container_ssim: of the file against the look.
        clean_psnr, clean_ssim: of the look's own file with nothing hidden, against the look.
        restored_psnr, restored_ssim: of the restored photo against the original.
        unrestored_psnr: of the look's file against the original: doing nothing.
        guessed_psnr: of what the control network guesses from the look's file; None unless asked.
        residual_psnr: of the look's file plus an AVIF of the difference in the bytes that the
            export grew by; None unless asked.
        bytes, clean_bytes: sizes of the export and of the look's own file.
        restorable: whether the original could be restored at all (it counts as the file itself
            where it could not).
    """

    photo: str
    look: str
    setting: str
    embedded_psnr: float
    container_psnr: float
    container_ssim: float
    clean_psnr: float
    clean_ssim: float
    restored_psnr: float
    restored_ssim: float
    unrestored_psnr: float
    guessed_psnr: float | None
    residual_psnr: float | None
    bytes: int
    clean_bytes: int
    restorable: bool


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
            "weights": embedding.newest_weights(embedding.LOSSLESS).name,
            "refinement": embedding.newest_weights(embedding.REFINEMENT).name,
            "settings": {
                str(setting): {
                    "all": _summary([r for rows in self.of(setting).values() for r in rows]),
                    "looks": {look: _summary(rows) for look, rows in self.of(setting).items()},
                }
                for setting in self.settings
            },
            "fidelity": [asdict(row) for row in self.fidelity],
            "rows": [asdict(row) for row in self.rows],
        }


_AVERAGED = {
    "embedded_psnr": 2,
    "container_psnr": 2,
    "container_ssim": 4,
    "clean_psnr": 2,
    "clean_ssim": 4,
    "restored_psnr": 2,
    "restored_ssim": 4,
    "unrestored_psnr": 2,
    "guessed_psnr": 2,
    "residual_psnr": 2,
    "bytes": 0,
    "clean_bytes": 0,
}


def _summary(rows: Sequence[Row]) -> dict[str, float]:
    """Means over rows, and the worst ones; a column that was not measured is left out."""
    summary = {}
    for name, digits in _AVERAGED.items():
        values = [getattr(row, name) for row in rows]
        if all(value is not None for value in values):
            summary[name] = round(mean(values), digits)
    summary["worst_restored_psnr"] = round(min(r.restored_psnr for r in rows), 2)
    summary["worst_container_psnr"] = round(min(r.container_psnr for r in rows), 2)
    return summary


def evaluate(
    photos: Sequence[Path],
    looks: Sequence[str],
    settings: Sequence[Setting],
    *,
    controls: bool = False,
    learned: bool = False,
    device: str = "auto",
) -> Evaluation:
    """Measure looks (names in `LOOKS` or `BOTH_FORMS`) on photos.

    Args:
        controls: also measure what guessing alone, and an AVIF side file, would restore.
        learned: also measure how close the learned operators come to their references.

    Raises:
        PictureError: for a photo that cannot be opened, before anything is measured.
    """
    for path in photos:
        open_picture(path)
    result = Evaluation(tuple(settings), list(photos))
    total = len(photos) * len(looks) * len(settings)
    steps = tqdm(total=total, desc="looks", disable=None)
    for path in photos:
        photo = open_picture(path)
        for look in looks:
            document, pixels = _rendered(photo, look, device)
            written: dict[ExportFormat, _Files] = {}  # settings may share their export
            for setting in settings:
                if setting.fmt not in written:
                    written[setting.fmt] = _files(document, pixels, setting.fmt, device)
                files = written[setting.fmt]
                row, _ = _measure(document, look, pixels, setting, files, controls, device)
                result.rows.append(row)
                steps.update()
    steps.close()
    if learned:
        pictures = tqdm(photos, desc="learned against reference", disable=None)
        result.fidelity = fidelity(open_picture(path).pixels for path in pictures)
    return result


def _rendered(photo: Picture, look: str, device: str) -> tuple[Document, NDArray[np.uint8]]:
    """The document and the pixels of a look."""
    if look not in BOTH_FORMS:
        document = Document(photo, LOOKS[look])
        return document, document.look(device=device)
    name, exact = BOTH_FORMS[look]
    document = Document(photo, (edit(name),), exact=exact)
    if exact:
        return document, document.look()
    drawn = learned_looks.learned(name, pick_device(device))
    return document, np.asarray(drawn(photo.pixels), np.uint8)


def _written_and_read(data: bytes, setting: Setting) -> NDArray[np.uint8]:
    """The pixels of a file, read by Pillow, after what the setting does to it."""
    with tempfile.TemporaryDirectory() as folder:
        file = Path(folder) / f"export.{setting.fmt.kind}"
        file.write_bytes(data)
        if setting.resave:
            with Image.open(file) as image:
                pixels = image.convert("RGB")
            file = Path(folder) / "again.jpeg"
            pixels.save(file, quality=setting.resave, subsampling=2)
        with Image.open(file) as image:
            return np.asarray(image.convert("RGB"))


@dataclass(frozen=True)
class _Files:
    """An export, and the look's own file beside it; no metadata in either."""

    report: ExportReport
    clean: bytes


def _files(document: Document, pixels: NDArray[np.uint8], fmt: ExportFormat, device: str) -> _Files:
    report = encode_restorable(document, fmt, keep_metadata=False, device=device, look=pixels)
    look = replace(document.photo, pixels=pixels)
    return _Files(report, encode_picture(look, fmt, keep_metadata=False))


def _measure(
    document: Document,
    look: str,
    pixels: NDArray[np.uint8],
    setting: Setting,
    files: _Files,
    controls: bool,
    device: str,
) -> tuple[Row, dict[str, NDArray[np.uint8]]]:
    """One row, and its pictures: photo, look, container, restored."""
    photo, report, data = document.photo, files.report, files.clean
    container = _written_and_read(report.data, setting)
    restored, restorable = container, report.restorable
    if restorable:
        try:
            restored = embedding.extract(container, device=device)
        except embedding.NotAnExport:
            restorable = False
    clean = _written_and_read(data, setting)
    grown = max(0, len(report.data) - len(data))
    seen = Quality.of(container, pixels, with_ssim=True)
    bare = Quality.of(clean, pixels, with_ssim=True)
    back = Quality.of(restored, photo.pixels, with_ssim=True)
    row = Row(
        photo=photo.path.name if photo.path else "",
        look=look,
        setting=str(setting),
        embedded_psnr=report.embedded.psnr,
        container_psnr=seen.psnr,
        container_ssim=seen.ssim,
        clean_psnr=bare.psnr,
        clean_ssim=bare.ssim,
        restored_psnr=back.psnr,
        restored_ssim=back.ssim,
        unrestored_psnr=Quality.of(clean, photo.pixels).psnr,
        guessed_psnr=Quality.of(guess(clean, device), photo.pixels).psnr if controls else None,
        residual_psnr=_residual_control(clean, photo.pixels, grown) if controls else None,
        bytes=len(report.data),
        clean_bytes=len(data),
        restorable=restorable,
    )
    pictures = {"photo": photo.pixels, "look": pixels, "container": container, "restored": restored}
    return row, pictures


def guess(look: NDArray[np.uint8], device: str = "auto") -> NDArray[np.uint8]:
    """What the control network makes of a look in which nothing is hidden; H x W x 3 uint8."""
    return inference.guess(zoo.load_guess(pick_device(device)), look)


def _residual_control(clean: NDArray[np.uint8], photo: NDArray[np.uint8], room: int) -> float:
    """PSNR of the look's file plus the difference as AVIF (4:4:4) in at most `room` bytes."""
    half = np.clip((photo.astype(np.int16) - clean) // 2 + 128, 0, 255).astype(np.uint8)
    best = Quality.of(clean, photo).psnr
    low, high = 0, 100
    while low <= high:
        quality = (low + high) // 2
        file = io.BytesIO()
        Image.fromarray(half).save(file, "AVIF", quality=quality, subsampling="4:4:4", speed=6)
        if file.tell() > room:
            high = quality - 1
            continue
        low = quality + 1
        with Image.open(file) as image:
            difference = (np.asarray(image.convert("RGB")).astype(np.int16) - 128) * 2
        sum_ = np.clip(clean + difference, 0, 255).astype(np.uint8)
        best = max(best, Quality.of(sum_, photo).psnr)
    return best


def print_table(result: Evaluation) -> None:
    """The table a photographer understands, one for each setting."""
    for setting in result.settings:
        by_look = result.of(setting)
        rows = [row for group in by_look.values() for row in group]
        controls = rows[0].guessed_psnr is not None
        head = (
            f"{setting!s:32} {'seen':>6} {'SSIM':>6} {'clean':>6}  {'restored':>8} {'SSIM':>6} "
            f"{'worst':>6}  {'nothing':>7}{' guess   AVIF' if controls else ''} {'size':>5}"
        )
        print(head)
        print("-" * len(head))
        for look, group in by_look.items():
            _print_line(look, _summary(group))
        print("-" * len(head))
        _print_line("all", _summary(rows))
        if not setting.fmt.lossless:
            print(f"Containers before JPEG: {_summary(rows)['embedded_psnr']:.2f} dB.")
        lost = sum(not row.restorable for row in rows)
        if lost:
            print(f"{lost} of {len(rows)} exports did not carry their original.")
        print()
    if result.fidelity:
        print("Learned operators against their references (photo: the photo against them):")
        print_fidelity(result.fidelity)
        print()
    print(
        "PSNR in dB, means over the photos: seen = export against the look (clean: SSIM of the\n"
        "look's own file), restored = restored photo against the original, worst = the worst\n"
        "photo, nothing = the look itself against the original; size = against the look's own file."
    )


def _print_line(name: str, s: dict[str, float]) -> None:
    controls = ""
    if "guessed_psnr" in s:
        controls = f"{s['guessed_psnr']:6.2f} {s['residual_psnr']:6.2f}"
    print(
        f"{name:32} {s['container_psnr']:6.2f} {s['container_ssim']:6.3f} {s['clean_ssim']:6.3f}  "
        f"{s['restored_psnr']:8.2f} {s['restored_ssim']:6.3f} {s['worst_restored_psnr']:6.2f}  "
        f"{s['unrestored_psnr']:7.2f}{controls} {s['bytes'] / s['clean_bytes']:5.2f}  "
        f"{in_words(s['restored_psnr'])}"
    )


def write_pictures(result: Evaluation, folder: Path, device: str = "auto") -> None:
    """Photo, look, export and restored photo side by side, for the best and the worst row."""
    folder.mkdir(parents=True, exist_ok=True)
    ordered = sorted(result.rows, key=lambda r: r.restored_psnr)
    for name, row in (("worst", ordered[0]), ("best", ordered[-1])):
        path = next(p for p in result.photos if p.name == row.photo)
        document, pixels = _rendered(open_picture(path), row.look, device)
        setting = next(x for x in result.settings if str(x) == row.setting)
        files = _files(document, pixels, setting.fmt, device)
        _, pictures = _measure(document, row.look, pixels, setting, files, False, device)
        sheet = np.concatenate(list(pictures.values()), axis=1)
        slug = "".join(c if c.isalnum() else "-" for c in row.look)
        Image.fromarray(sheet).save(folder / f"{name}-{slug}-{Path(row.photo).stem}.png")
