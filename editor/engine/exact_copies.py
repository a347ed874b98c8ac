"""Which file is kept beside an export's pixels, and whether one that is found may be trusted."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from editor.engine.edits import Edit
from editor.engine.geometry import framed
from editor.files.decoding import decode_picture
from editor.files.encoding import ExportFormat, encode_picture, over_white
from editor.files.exact_copy import ExactCopy, coarse_look, digest_of
from editor.files.picture import Picture, PictureError
from editor.files.turns import TURNS, Turn

_FINE = 64  # rows and columns in which two originals are compared
_MOST_OFF = 12  # of 255: cells that differ by more are of another picture, or damaged
_MOST_CELLS = 1 / 3  # share of such cells
_LOOK_OFF = 6.0  # mean difference of coarse looks that are of one picture


def file_of(photo: Picture) -> bytes | None:
    """The bytes of the very file that a photo was opened from.

    None where there is none (a pasted or restored picture), or it is not what it was.
    """
    if not photo.file_digest:
        return None
    known = [photo.jpeg.data] if photo.jpeg is not None else []
    known += [photo.copy.data] if photo.copy is not None else []
    if photo.path is not None:
        known += _read(photo.path)
    return next((data for data in known if digest_of(data) == photo.file_digest), None)


def size_of(photo: Picture) -> int | None:
    """About how many bytes its file has that would be kept; None where there is none yet."""
    if photo.jpeg is not None:
        return len(photo.jpeg.data)
    own = own_file(photo)
    if own is not None:
        return len(own.data)
    try:
        return photo.path.stat().st_size if photo.path is not None and photo.file_digest else None
    except OSError:
        return None


def own_file(photo: Picture) -> ExactCopy | None:
    """The very file of a photo that was restored from an exact copy; None for other photos."""
    copy = photo.copy
    return copy if copy is not None and copy.digest == photo.file_digest else None


def png_of(pixels: NDArray[np.uint8], photo: Picture) -> bytes:
    """A PNG file of pixels with the photo's metadata, where no file of them is known."""
    return encode_picture(photo.with_pixels(pixels), ExportFormat("png"))


def original_in(
    copy: ExactCopy,
    export: Picture,
    restored: NDArray[np.uint8] | None,
    steps: Sequence[Edit] = (),
) -> Picture | None:
    """The original in a copy, opened and whole, if it belongs to the export that it was found in.

    Args:
        copy: found in the export, its digest proven.
        export: the export, opened.
        restored: H x W x 3, what its pixels give back; None where they give nothing. Then the
            copy is believed if it was made for a picture that looks like the export.
        steps: what was cropped and turned out of the original before it went into the pixels.
    """
    try:
        original = decode_picture(copy.data)
    except PictureError:
        return None
    if restored is not None:
        cropped = framed(original, steps)
        shown = (cropped.pixels, over_white(cropped).pixels)
        agrees = any(_is_one_picture(pixels, restored) for pixels in shown)
    else:
        agrees = _looks_alike(copy.look, coarse_look(export.pixels))
    return original if agrees else None


def _is_one_picture(a: NDArray[np.uint8], b: NDArray[np.uint8]) -> bool:
    """Whether most cells of two pictures agree, in any turn; some of them may be damaged."""
    fine = coarse_look(b, _FINE)
    return any(_share_off(turned, fine) <= _MOST_CELLS for turned in _turns(coarse_look(a, _FINE)))


def _share_off(a: NDArray[np.uint8], b: NDArray[np.uint8]) -> float:
    off = np.abs(a.astype(np.int16) - b).max(axis=2)
    return float((off > _MOST_OFF).mean())


def _looks_alike(a: NDArray[np.uint8], b: NDArray[np.uint8]) -> bool:
    return any(float(np.abs(t.astype(np.int16) - b).mean()) <= _LOOK_OFF for t in _turns(a))


def _turns(pixels: NDArray[np.uint8]) -> Iterator[NDArray[np.uint8]]:
    for turn in (Turn(False, False, False), *TURNS.values()):
        yield turn.pixels(pixels)


def _read(path: Path) -> list[bytes]:
    try:
        return [path.read_bytes()] if path.is_file() else []
    except OSError:
        return []
