"""The quality table: every look on every photo, through real files without metadata.

Each photo is edited, embedded, encoded without metadata, decoded again by Pillow and restored from
those pixels; the export is compared with the clean look, the restored photo with the original.
"""

from __future__ import annotations

import io
import itertools
import time
from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np
from numpy.typing import NDArray
from PIL import Image
from tqdm import tqdm

from editor.document import Document
from editor.engine import embedding
from editor.engine.edits import edit
from editor.engine.export import ExportReport
from editor.engine.quality import Quality
from editor.evaluation import paper
from editor.evaluation.cases import BOTH_FORMS, LOOKS, Setting
from editor.evaluation.results import Evaluation, Row
from editor.files.decoding import decode_picture
from editor.files.encoding import ExportFormat, encode_picture
from editor.files.picture import Picture
from editor.files.picture_files import open_picture
from models.benchmarks.operators import fidelity
from models.learned import inference as learned_inference
from models.networks import inference, pretrained
from models.networks.device import pick_device
from models.paper.network import PaperNetwork
from models.zoo import WEIGHTS


def evaluate(
    photos: Sequence[Path],
    looks: Sequence[str],
    settings: Sequence[Setting],
    *,
    controls: bool = False,
    learned: bool = False,
    device: str = "auto",
    paper_weights: Path = WEIGHTS,
) -> Evaluation:
    """Measure looks (names in `LOOKS` or `BOTH_FORMS`) on photos.

    Args:
        controls: also measure what the blind baseline, an AVIF side file, and the paper's network
            would restore, the last for looks and settings that it is trained for.
        paper_weights: folder of the paper's network's weights, with their index.
        learned: also measure how close the learned operators come to their references.

    Raises:
        PictureError: for a photo that cannot be opened, before anything is measured.
        WeightsError: for weights of the paper's network that cannot be read, likewise.
    """
    beside: dict[tuple[str, Setting], PaperNetwork | None] = {}
    if controls:
        for look, setting in itertools.product(looks, settings):
            beside[look, setting] = paper.network_for(look, setting, device, paper_weights)
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
                row, pictures = _measure(document, look, pixels, setting, files, controls, device)
                network = beside.get((look, setting))
                if network is not None:
                    ours = pictures["export"]
                    theirs = paper.measure(network, photo, look, setting, ours, written_and_read)
                    row = replace(row, paper=theirs.figures)
                result.rows.append(row)
                steps.update()
    steps.close()
    if learned:
        opened = tqdm(photos, desc="learned against reference", disable=None)
        result.fidelity = fidelity(open_picture(path).pixels for path in opened)
    return result


def _rendered(photo: Picture, look: str, device: str) -> tuple[Document, NDArray[np.uint8]]:
    """The document and the pixels of a look."""
    if look not in BOTH_FORMS:
        document = Document(photo, LOOKS[look], as_new=True)
        return document, document.look(device=device)
    name, exact = BOTH_FORMS[look]
    document = Document(photo, (edit(name),), exact=exact, as_new=True)
    if exact:
        return document, document.look()
    drawn = learned_inference.learned(name, pick_device(device))
    return document, np.asarray(drawn(photo.pixels), np.uint8)


def written_and_read(data: bytes, setting: Setting) -> Picture:
    """The picture in a file, after what the setting does to it."""
    if setting.resave:
        again = io.BytesIO()
        with Image.open(io.BytesIO(data)) as image:
            image.convert("RGB").save(again, "jpeg", quality=setting.resave, subsampling=2)
        data = again.getvalue()
    return decode_picture(data)


@dataclass(frozen=True)
class _Files:
    """An export, and the look's own file beside it; no metadata in either."""

    report: ExportReport
    clean: bytes
    seconds: float


def _files(document: Document, pixels: NDArray[np.uint8], fmt: ExportFormat, device: str) -> _Files:
    began = time.process_time()
    report = document.encode(fmt, keep_metadata=False, device=device, look=pixels)
    seconds = time.process_time() - began
    look = document.photo.with_pixels(pixels)
    return _Files(report, encode_picture(look, fmt, keep_metadata=False), seconds)


def _measure(
    document: Document,
    look: str,
    pixels: NDArray[np.uint8],
    setting: Setting,
    files: _Files,
    controls: bool,
    device: str,
) -> tuple[Row, dict[str, NDArray[np.uint8]]]:
    """One row, and its pictures: photo, look, export, restored."""
    photo, report, data = document.photo, files.report, files.clean
    written = written_and_read(report.data, setting)
    export = restored = written.pixels
    restorable = report.restorable
    began = time.process_time()
    if restorable:
        try:
            restored = embedding.extract(embedding.received(written), device=device).pixels
        except embedding.NotAnExport:
            restorable = False
    seconds = files.seconds + time.process_time() - began
    clean = written_and_read(data, setting).pixels
    grown = max(0, len(report.data) - len(data))
    seen = Quality.of(export, pixels, with_ssim=True)
    bare = Quality.of(clean, pixels, with_ssim=True)
    back = Quality.of(restored, photo.pixels, with_ssim=True)
    row = Row(
        photo=photo.path.name if photo.path else "",
        look=look,
        setting=str(setting),
        container_psnr=report.container.psnr,
        export_psnr=seen.psnr,
        export_ssim=seen.ssim,
        clean_psnr=bare.psnr,
        clean_ssim=bare.ssim,
        restored_psnr=back.psnr,
        restored_ssim=back.ssim,
        unrestored_psnr=Quality.of(clean, photo.pixels).psnr,
        blind_psnr=_blind_control(clean, photo.pixels, device) if controls else None,
        residual_psnr=_residual_control(clean, photo.pixels, grown) if controls else None,
        bytes=len(report.data),
        clean_bytes=len(data),
        restorable=restorable,
        seconds=seconds / (pixels[..., 0].size / 1e6),
        paper=None,
    )
    pictures = {"photo": photo.pixels, "look": pixels, "export": export, "restored": restored}
    return row, pictures


def _blind_control(clean: NDArray[np.uint8], photo: NDArray[np.uint8], device: str) -> float:
    """PSNR of the blind baseline's estimate from the look's file, in which nothing is embedded."""
    network = pretrained.load_blind_baseline(pick_device(device))
    return Quality.of(inference.estimate_blindly(network, clean), photo).psnr


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


def pictures_of(
    photo: Picture, look: str, setting: Setting, device: str = "auto"
) -> dict[str, NDArray[np.uint8]]:
    """Photo, look, export and restored photo, the last two through a real file."""
    document, pixels = _rendered(photo, look, device)
    files = _files(document, pixels, setting.fmt, device)
    _, pictures = _measure(document, look, pixels, setting, files, False, device)
    return pictures


def write_pictures(result: Evaluation, folder: Path, device: str = "auto") -> None:
    """Photo, look, export and restored photo side by side, for the best and the worst row."""
    folder.mkdir(parents=True, exist_ok=True)
    ordered = sorted(result.rows, key=lambda r: r.restored_psnr)
    for name, row in (("worst", ordered[0]), ("best", ordered[-1])):
        path = next(p for p in result.photos if p.name == row.photo)
        setting = next(x for x in result.settings if str(x) == row.setting)
        pictures = pictures_of(open_picture(path), row.look, setting, device)
        sheet = np.concatenate(list(pictures.values()), axis=1)
        slug = "".join(c if c.isalnum() else "-" for c in row.look)
        Image.fromarray(sheet).save(folder / f"{name}-{slug}-{Path(row.photo).stem}.png")
