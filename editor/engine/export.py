"""Export: render, embed, encode, open again, restore, measure, and only then write.

Nothing is written before the encoded bytes have been read back and the original restored from them:
what the report says of the export was measured on the very bytes of the file.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from editor.engine import (
    embedding,
    exact_copies,
    geometry,
    operator_choice,
    outliving,
    short_recipe,
)
from editor.engine.earlier import Earlier, earlier_in
from editor.engine.edits import Edit, to_recipe
from editor.engine.progress import Progress, ignore_progress, stretched
from editor.engine.quality import Quality, Sample, in_words
from editor.engine.render import render
from editor.files.decoding import decode_picture
from editor.files.encoding import (
    ExportFormat,
    encode_picture,
    laid_on_white,
    left_out,
    over_white,
)
from editor.files.exact_copy import packed
from editor.files.picture import Picture, PictureError
from editor.files.picture_files import same_file, write_atomically
from editor.files.previews import without_previews
from editor.messages import Message, message
from models.containers import coefficients
from models.containers.container import Besides, Embedding
from models.geometry.frame import Frame

_RENDERING = 0.3
"""Share of an export's time that the look is given, where it has to be rendered."""

_HIDING_ENCODING = {True: (0.56, 0.72), False: (0.5, 0.51)}
"""When, after that, the original is hidden and when the file is encoded, in files that keep every
sample and in others; the rest is the check. Measured with 6 megapixels."""


@dataclass(frozen=True, eq=False)
class ExportReport:
    """What was written, and how well the original comes back from it.

    Attributes:
        path: the file; None where the export was only encoded.
        data: the encoded bytes.
        look: H x W x 3 uint8, what the user saw.
        container: likeness of the container, before it is encoded, to the look.
        export: likeness of the written picture to the look.
        restored: likeness of the photo restored from the written bytes to the original; None
            where the export carries nothing (`why_not` says why).
        unrestored: what doing nothing gives: likeness of the look to the original.
        why_not: None for a restorable export.
        notes: what there is to say of the picture that was exported, and what the written file
            does not hold of it.
        kept: bytes of the exact copy of the original in the file; 0 where there is none.
        sample: the part that comes back worst, where anything does.
        locked: whether what comes back takes the passphrase.
    """

    path: Path | None
    data: bytes
    look: NDArray[np.uint8]
    container: Quality
    export: Quality
    restored: Quality | None
    unrestored: Quality
    why_not: Message | None = None
    notes: tuple[Message, ...] = ()
    kept: int = 0
    sample: Sample | None = None
    locked: bool = False

    @property
    def words(self) -> Message | None:
        """How good what comes back is, where it is worst; None where nothing comes back."""
        return None if self.sample is None else in_words(self.sample.quality.psnr)

    @property
    def restorable(self) -> bool:
        """Whether the original was restored from the written bytes."""
        return self.restored is not None


def encode_restorable(
    photo: Picture,
    edits: Sequence[Edit],
    fmt: ExportFormat,
    *,
    exact: bool = False,
    as_new: bool = False,
    keep_metadata: bool = True,
    carry_original: bool = True,
    keep_original: bool = False,
    passphrase: str | None = None,
    device: str = "auto",
    progress: Progress = ignore_progress,
    look: NDArray[np.uint8] | None = None,
) -> ExportReport:
    """All of an export but the writing.

    What is hidden is what crop, straightening, turns and mirrors leave of the photo; its file,
    where it is kept, is all of it. Of a photo that is an export itself, the first original that it
    carries is hidden instead, and the edits are added to those that made it.

    Args:
        exact: make every look with its reference algorithm, see `operator_choice`.
        as_new: hide the photo as it is, also where it is an export.
        keep_metadata: EXIF, XMP and the edit list go along, the list in the pixels, too, if it is
            short; without, only a colour profile.
        carry_original: without, the export is an ordinary picture.
        keep_original: the very file of the original goes along, too, in the metadata.
        passphrase: locks the export: nothing of the original can be had without it. The edit list
            goes along in the pixels alone then, and there is no exact copy and no layer for
            copies. A photo that is a locked export itself is opened with it.
        look: the photo's look, where it has been rendered already.

    Raises:
        PictureError: where the picture does not fit the format, or an original that is to be left
            out would still come back, as the photo is an export itself.
        Cancelled: when `progress` says so.
        Locked: where the photo is a locked export, and the passphrase is not its.
        ValueError: where metadata or the original are not wanted, but the file with both is; for
            an empty passphrase; where an exact copy is wanted of a locked original.
    """
    if keep_original and not (keep_metadata and carry_original):
        raise ValueError("an exact copy is the original, with all of its metadata")
    if keep_original and passphrase is not None:
        raise ValueError("the exact copy of a locked original would be open to everybody")
    lock = embedding.lock_of(passphrase)
    start = 0.0
    whole, cropped = photo, geometry.frame(edits, photo.size)
    steps, edits = geometry.steps_of(edits), geometry.on_frame(edits, cropped)
    photo = geometry.framed(whole, steps)
    if look is None:
        rendering = stretched(progress, 0.0, _RENDERING)
        look = render(photo.pixels, edits, exact=exact, device=device, progress=rendering)
        start = _RENDERING
    notes = left_out(photo, fmt, keep_metadata=keep_metadata)
    earlier = None
    if carry_original and not as_new:
        earlier = earlier_in(whole, passphrase=passphrase, device=device)
    if earlier is not None:
        notes = (earlier.note, *notes)
    original = photo.pixels
    if earlier is not None and earlier.original is not None:
        original = cropped.picture(earlier.original)
    file = None
    if keep_original:
        file, kept = _file_to_keep(whole, earlier)
        notes = (*notes, *([] if kept is None else [kept]))
    if photo.alpha is not None and not fmt.file_format.has_alpha:
        unedited = look is photo.pixels
        original, shown = laid_on_white(original, photo.alpha), over_white(photo)
        look = shown.pixels if unedited else laid_on_white(look, photo.alpha)
        photo = shown
    hide, encode = (start + (1 - start) * share for share in _HIDING_ENCODING[fmt.lossless])
    recipe = None
    if keep_metadata:
        renderers = operator_choice.renderers(edits, max(photo.size), exact=exact, device=device)
        recipe = _joined_recipe(edits, renderers, steps, cropped, earlier)
    listed = b"" if recipe is None else short_recipe.pack(recipe)
    progress(start, message("hiding"))
    unrestored = Quality.of(look, original)
    container, why_not = Embedding(look), None
    if not carry_original:
        why_not = message("left-out")
    elif look is original or unrestored.identical:
        why_not = message("nothing-to-hide") if lock is None else message("nothing-to-lock")
    else:
        try:
            container = embedding.embed(
                original,
                look,
                medium=embedding.medium_of(fmt),
                device=device,
                progress=stretched(progress, start, hide),
                besides=Besides(
                    attached=listed,
                    doubtful=earlier is not None and earlier.doubtful,
                    lock=lock,
                ),
            )
        except embedding.CannotCarry as error:
            why_not = error.message
    progress(hide, message("encoding"))
    written_as = photo.with_pixels(container.pixels)
    if lock is not None:
        written_as = replace(written_as, metadata=without_previews(photo.metadata))
    data = encode_picture(
        written_as,
        fmt,
        keep_metadata=keep_metadata,
        recipe=recipe if lock is None else None,
        copy=None if file is None else packed(file, container.pixels),
        jpeg=None if container.coefficients is None else coefficients.write(container.coefficients),
    )
    progress(encode, message("checking"))
    written = decode_picture(data, message("the-export"))
    restored = sample = None
    if not carry_original and embedding.find(embedding.received(written)) is not None:
        raise PictureError(message("still-carries"))
    if not why_not:
        try:
            found = embedding.find(embedding.received(written))
            found = found and embedding.unlock(found, passphrase)
            extracted = embedding.extract(
                embedding.received(written),
                found,
                device=device,
                progress=stretched(
                    progress, encode + 0.1 * (1 - encode), 0.95, message("checking")
                ),
            )
            progress(0.95, message("checking"))
            if recipe is not None and (found is None or not listed or found.attached != listed):
                short = (
                    message("list-too-long") if lock is None else message("locked-list-left-out")
                )
                notes = (*notes, short)
            restored = Quality.of(extracted.pixels, original)
            sample = Sample.of(original, extracted.pixels)
            outlives = outliving.note_on(written.pixels) if fmt.outliving else None
            notes = (*notes, *([] if outlives is None else [outlives]))
        except embedding.NotAnExport:
            why_not = message("not-given-back")
    return ExportReport(
        path=None,
        data=data,
        look=look,
        container=Quality.of(container.pixels, look),
        export=Quality.of(written.pixels, look),
        restored=restored,
        unrestored=unrestored,
        why_not=why_not,
        notes=notes,
        kept=0 if file is None or written.copy is None else len(written.copy.data),
        sample=sample,
        locked=lock is not None and restored is not None,
    )


def _file_to_keep(photo: Picture, earlier: Earlier | None) -> tuple[bytes | None, Message | None]:
    """The file of the original that is hidden, and what there is to say about it.

    Of a photo without a file its pixels are kept; of a first original that came out of pixels
    itself nothing: it is not exact.
    """
    if earlier is not None and earlier.original is not None:
        copy = earlier.copy
        return (None, message("kept-nothing")) if copy is None else (copy.data, None)
    found = exact_copies.file_of(photo)
    if found is not None:
        return found, None
    return exact_copies.png_of(photo.pixels, photo), message("kept-as-png")


def _joined_recipe(
    edits: Sequence[Edit],
    renderers: Sequence[str | None],
    steps: Sequence[Edit],
    cropped: Frame,
    earlier: Earlier | None,
) -> str | None:
    """The whole list of edits that made a look out of the photo that is hidden; None where part of
    it is not known."""
    if earlier is None or earlier.original is None:
        return to_recipe(edits, renderers, steps)
    if earlier.edits is None:
        return None
    before = geometry.on_frame(earlier.edits, cropped)
    whole = (*before, *edits), (*earlier.renderers, *renderers)
    return to_recipe(*whole, (*earlier.geometry, *steps))


def export(
    photo: Picture,
    edits: Sequence[Edit],
    path: Path,
    fmt: ExportFormat | None = None,
    *,
    exact: bool = False,
    as_new: bool = False,
    overwrite: bool = False,
    keep_metadata: bool = True,
    carry_original: bool = True,
    keep_original: bool = False,
    passphrase: str | None = None,
    device: str = "auto",
    progress: Progress = ignore_progress,
) -> ExportReport:
    """Export an edited photo to a file.

    Args:
        as_new: hide the photo as it is, also where it is an export itself.
        path: its extension decides the format where `fmt` is None.
        overwrite: replace a file of that name; never the photo's own.
        keep_metadata: EXIF, XMP and the edit list go along, the list in the pixels, too, if it is
            short; without, only a colour profile.
        carry_original: without, the export is an ordinary picture.
        passphrase: locks it, see `encode_restorable`.

    Raises:
        PictureError: nothing was written then.
        Cancelled: likewise.
    """
    fmt = fmt or ExportFormat.for_path(path)
    if photo.path is not None and same_file(path, photo.path):
        raise PictureError(message("is-the-photo", name=path.name))
    report = encode_restorable(
        photo,
        edits,
        fmt,
        exact=exact,
        as_new=as_new,
        keep_metadata=keep_metadata,
        carry_original=carry_original,
        keep_original=keep_original,
        passphrase=passphrase,
        device=device,
        progress=progress,
    )
    progress(0.97, message("writing"))
    write_atomically(path, report.data, overwrite=overwrite)
    progress(1.0, message("done"))
    return replace(report, path=path)
