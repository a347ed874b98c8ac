"""Exporting and saving: encode, check, write."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from editor.document import Document
from editor.engine.progress import Progress, stretched
from editor.files.encoding import ExportFormat, encode_picture
from editor.files.picture import Picture
from editor.files.picture_files import write_atomically
from editor.messages import message
from editor.ui.worker.cache import RenderCache
from editor.ui.worker.look_requests import LookRequest
from editor.ui.worker.request import Request

if TYPE_CHECKING:
    from editor.engine.export import ExportReport


_SECONDS = {True: 2.0, False: 2.5}
"""Of an export, per megapixel, beside those of its looks in `RenderCache.seconds`."""

_SAMPLED = 1_500_000
"""Pixels that the size of a file is estimated from."""


def _share_of_looks(document: Document, fmt: ExportFormat, cache: RenderCache) -> float:
    """Share of an export's time that its looks take; none where they are there already."""
    if cache.has_look(document):
        return 0.0
    looks = sum(cache.seconds.get(edit.operator, 0.3) for edit in document.edits if edit.acts)
    return looks / (looks + _SECONDS[fmt.lossless])


def _sampled_rows(height: int, width: int) -> NDArray[np.intp]:
    """Bands of rows from top to bottom, about `_SAMPLED` pixels in all."""
    bands = 8
    each = max(16, _SAMPLED // (bands * width))
    if bands * each >= height:
        return np.arange(height)
    starts = np.linspace(0, height - each, bands).astype(int)
    return np.concatenate([np.arange(start, start + each) for start in starts])


@dataclass(frozen=True, eq=False, kw_only=True)
class EstimateSize(LookRequest):
    """About how many bytes an export will have, from parts of the look.

    What is hidden in a file that keeps every sample fills its lowest bits, and nothing can make
    those smaller; in a JPEG file it takes about a tenth more.
    """

    lane = "estimate"
    priority = 50
    fmt: ExportFormat
    keep_metadata: bool = True
    carry_original: bool = True
    beside: int = 0
    """Bytes that the file holds beside the picture and its other metadata."""

    def run(self, cache: RenderCache, progress: Progress) -> int:
        return self.beside + self._estimated(cache, progress)

    def _estimated(self, cache: RenderCache, progress: Progress) -> int:
        share = _share_of_looks(self.document, self.fmt, cache)
        look = cache.look(self.document, self.device_here(), stretched(progress, 0.0, share))
        photo = cache.source(self.document).picture
        carries = self.carry_original and look is not photo.pixels
        if not self.fmt.lossless:
            whole = photo.with_pixels(look)
            size = len(encode_picture(whole, self.fmt, keep_metadata=self.keep_metadata))
            return round(size * (1.1 if carries else 1.0))
        rows = _sampled_rows(*look.shape[:2])
        part = look[rows]
        if carries:
            noise = np.random.default_rng(0).integers(0, 2, part.shape, np.uint8)
            part = part & 0xFE | noise
        alpha = None if photo.alpha is None else photo.alpha[rows]
        size = len(encode_picture(Picture(part, alpha), self.fmt, keep_metadata=False))
        return round(size * len(look) / len(part))


@dataclass(frozen=True, eq=False, kw_only=True)
class EncodeExport(LookRequest):
    """Render, hide the original, encode, open again, restore and measure: all but the writing.

    The sample of the report is in the screen's colours.
    """

    lane = "export"
    priority = 40
    fmt: ExportFormat
    keep_metadata: bool = True
    carry_original: bool = True
    keep_original: bool = False
    as_new: bool = False
    passphrase: str | None = field(default=None, repr=False)

    def prepare(self) -> None:
        super().prepare()
        import editor.engine.export  # noqa: F401

    def run(self, cache: RenderCache, progress: Progress) -> ExportReport:
        share = _share_of_looks(self.document, self.fmt, cache)
        look = cache.look(self.document, self.device_here(), stretched(progress, 0.0, share))
        report = replace(self.document, as_new=self.as_new).encode(
            self.fmt,
            look=look,
            keep_metadata=self.keep_metadata,
            carry_original=self.carry_original,
            keep_original=self.keep_original,
            passphrase=self.passphrase,
            device=self.device,
            progress=stretched(progress, share, 1.0),
        )
        if report.sample is None:
            return report
        icc, sample = self.document.photo.metadata.icc, report.sample
        sample = replace(
            sample,
            original=cache.for_screen(sample.original, icc),
            restored=cache.for_screen(sample.restored, icc),
        )
        return replace(report, sample=sample)

    def outdates(self, running: Request) -> bool:
        return True

    @property
    def settings(self) -> tuple[object, ...]:
        """What decides about the bytes: two exports of a document that agree in it are equal."""
        fmt = self.fmt
        kind = fmt.kind if fmt.lossless else fmt
        kept = (self.keep_metadata, self.carry_original, self.keep_original)
        return (kind, *kept, self.as_new, self.passphrase)


@dataclass(frozen=True, eq=False, kw_only=True)
class SaveBytes(Request):
    """Write a file. Cannot be stopped half way."""

    lane = "save"
    priority = 110
    stops = False
    path: Path
    data: bytes = b""
    overwrite: bool = False

    def run(self, cache: RenderCache, progress: Progress) -> Path:
        write_atomically(self.path, self.data, overwrite=self.overwrite)
        return self.path


@dataclass(frozen=True, eq=False, kw_only=True)
class SavePicture(Request):
    """Write a restored original: its own file where that is known and has the path's suffix, else
    the picture as it is."""

    lane = "save"
    priority = 110
    stops = False
    path: Path
    picture: Picture
    fmt: ExportFormat | None
    overwrite: bool = False

    def run(self, cache: RenderCache, progress: Progress) -> Path:
        from editor.engine.exact_copies import own_file

        progress(0.1, message("saving-photo"))
        own = own_file(self.picture)
        if own is not None and own.fits(self.path.suffix):
            data = own.data
        else:
            data = encode_picture(self.picture, self.fmt or ExportFormat.for_path(self.path))
        write_atomically(self.path, data, overwrite=self.overwrite)
        return self.path
