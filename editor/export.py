"""Export: render, embed, encode, open again, restore, measure, and only then write.

Nothing is written before the encoded bytes have been read back and the original restored from them:
what the report says of the export was measured on the very bytes of the file.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from editor import embedding
from editor.edits import to_recipe
from editor.forms import made_by
from editor.picture_files import (
    ExportFormat,
    decode_picture,
    encode_picture,
    write_atomically,
)
from editor.progress import Progress, ignore_progress, stretched
from editor.quality import Quality

if TYPE_CHECKING:
    from editor.document import Document


@dataclass(frozen=True, eq=False)
class ExportReport:
    """What was written, and how well the original comes back from it.

    Attributes:
        path: the file; None where the export was only encoded.
        data: the encoded bytes.
        look: H x W x 3 uint8, what the user saw.
        embedded: likeness of the container to the look before it is encoded.
        container: likeness of the written picture to the look.
        restored: likeness of the photo restored from the written bytes to the original; None
            where the export carries nothing (`why_not` says why).
        unrestored: what doing nothing gives: likeness of the look to the original.
        why_not: one sentence; empty for a restorable export.
    """

    path: Path | None
    data: bytes
    look: NDArray[np.uint8]
    embedded: Quality
    container: Quality
    restored: Quality | None
    unrestored: Quality
    why_not: str = ""

    @property
    def restorable(self) -> bool:
        """Whether the original was restored from the written bytes."""
        return self.restored is not None


def encode_restorable(
    document: Document,
    fmt: ExportFormat,
    *,
    keep_metadata: bool = True,
    device: str = "auto",
    progress: Progress = ignore_progress,
    look: NDArray[np.uint8] | None = None,
) -> ExportReport:
    """All of an export but the writing.

    Args:
        look: the document's look, where it has been rendered already.

    Raises:
        PictureError: where the picture does not fit the format.
        Cancelled: when `progress` says so.
    """
    original = document.photo.pixels
    if look is None:
        look = document.look(stretched(progress, 0.0, 0.3), device)
    unrestored = Quality.of(look, original)
    container, why_not = look, ""
    if look is original or unrestored.psnr >= 100:
        why_not = "No edit changes the photo, so there is nothing to hide."
    else:
        try:
            container = embedding.embed(
                original,
                look,
                jpeg=None if fmt.lossless else (fmt.quality, fmt.subsampling),
                device=device,
                progress=stretched(progress, 0.3, 0.6),
            )
        except embedding.TooSmall as error:
            why_not = str(error)
    progress(0.6, "Encoding the file")
    recipe = None
    if keep_metadata:
        edits, edge = document.edits, max(document.photo.size)
        recipe = to_recipe(edits, made_by(edits, edge, exact=document.exact, device=device))
    data = encode_picture(
        replace(document.photo, pixels=container),
        fmt,
        keep_metadata=keep_metadata,
        recipe=recipe,
    )
    progress(0.7, "Checking the file")
    written = decode_picture(data, "the export").pixels
    restored = None
    if not why_not:
        try:
            photo = embedding.extract(
                written,
                device=device,
                progress=stretched(progress, 0.75, 0.95, "Checking the file"),
            )
            restored = Quality.of(photo, original)
        except embedding.NotAnExport:
            why_not = "The written file did not give the original back when it was checked."
    return ExportReport(
        path=None,
        data=data,
        look=look,
        embedded=Quality.of(container, look),
        container=Quality.of(written, look),
        restored=restored,
        unrestored=unrestored,
        why_not=why_not,
    )


def export(
    document: Document,
    path: Path,
    fmt: ExportFormat | None = None,
    *,
    overwrite: bool = False,
    keep_metadata: bool = True,
    device: str = "auto",
    progress: Progress = ignore_progress,
) -> ExportReport:
    """Export a document to a file.

    Args:
        path: its extension decides the format where `fmt` is None.
        overwrite: replace a file of that name; the document's own source is never replaced
            without it either.
        keep_metadata: EXIF, XMP and the edit list go along; without, only a colour profile.

    Raises:
        PictureError: nothing was written then.
        Cancelled: likewise.
    """
    fmt = fmt or ExportFormat.for_path(path)
    report = encode_restorable(
        document, fmt, keep_metadata=keep_metadata, device=device, progress=progress
    )
    progress(0.97, "Writing the file")
    write_atomically(path, report.data, overwrite=overwrite)
    progress(1.0, "Done")
    return replace(report, path=path)
