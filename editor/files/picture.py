"""A picture in memory, as every other part of the editor sees it."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from editor.messages import Message, MessageError

if TYPE_CHECKING:
    from editor.files.exact_copy import ExactCopy


MAX_PIXELS = 200_000_000
"""The largest picture that is opened. A few kilobytes can claim any size (decompression bombs)."""


class PictureError(MessageError):
    """A picture could not be opened, encoded or written: what happened, and what to do."""


@dataclass(frozen=True)
class Metadata:
    """What a file says about its pixels, upright (every orientation in it is 1).

    Attributes:
        exif: the TIFF block of the EXIF metadata (``II*\\0`` or ``MM\\0*`` first, without the
            ``Exif\\0\\0`` that JPEG puts before it), else as the camera wrote it.
        xmp: the XMP packet, UTF-8, as found but for the orientation.
        icc: the ICC profile of the RGB pixels; None means sRGB.
        dpi: horizontal and vertical pixels per inch.
        aspect: where no length is known, the pixels per unit across and down.
        iptc: IPTC-IIM records.
        comments: of a JPEG or GIF; bytes in whatever encoding.
        texts: keyword and text of the texts of a PNG.
    """

    exif: bytes | None = None
    xmp: bytes | None = None
    icc: bytes | None = None
    dpi: tuple[float, float] | None = None
    aspect: tuple[int, int] | None = None
    iptc: bytes | None = None
    comments: tuple[bytes, ...] = ()
    texts: tuple[tuple[str, str], ...] = ()


@dataclass(frozen=True, eq=False)
class JpegFile:
    """A JPEG file as it is, whose coefficients say more than its pixels.

    Attributes:
        data: all of it.
        orientation: 1..8, EXIF's, in which its picture is stored.
    """

    data: bytes
    orientation: int = 1


@dataclass(frozen=True, eq=False)
class Picture:
    """An upright RGB picture of 8 bits per channel. It never changes: its arrays are read-only.

    An edited picture is ``picture.with_pixels(edited)``.

    Attributes:
        pixels: H x W x 3 RGB, uint8, orientation baked in, in the colour space of `metadata.icc`.
        alpha: H x W, uint8, 255 opaque; None for a picture without transparency. Kept aside (the
            pixels are not premultiplied by it) and put back by formats that hold it.
        metadata: EXIF, XMP, ICC profile and resolution.
        notes: what was converted or left out on opening, one message each.
        path: the file it came from.
        format: what Pillow calls the format it was decoded from (`formats.FileFormat.decoders`).
        jpeg: the file that these pixels were decoded from, where it was a JPEG.
        file_digest: SHA-256 of the file that these pixels were decoded from; empty for others.
        copy: the exact copy of an original in that file.
        copy_damaged: whether it has one that is damaged.

    Raises:
        ValueError: for arrays of another shape or dtype.
    """

    pixels: NDArray[np.uint8]
    alpha: NDArray[np.uint8] | None = None
    metadata: Metadata = field(default_factory=Metadata)
    notes: tuple[Message, ...] = ()
    path: Path | None = None
    format: str = ""
    jpeg: JpegFile | None = None
    file_digest: str = ""
    copy: ExactCopy | None = None
    copy_damaged: bool = False

    def __post_init__(self) -> None:
        pixels, alpha = self.pixels, self.alpha
        if pixels.dtype != np.uint8 or pixels.ndim != 3 or pixels.shape[2] != 3 or not pixels.size:
            raise ValueError(f"expected H x W x 3 uint8, got {pixels.shape} {pixels.dtype}")
        object.__setattr__(self, "pixels", _read_only(pixels))
        if alpha is None:
            return
        if alpha.dtype != np.uint8 or alpha.shape != pixels.shape[:2]:
            raise ValueError(f"expected {pixels.shape[:2]} uint8, got {alpha.shape} {alpha.dtype}")
        object.__setattr__(self, "alpha", _read_only(alpha))

    @property
    def size(self) -> tuple[int, int]:
        """Width and height in pixels."""
        return self.pixels.shape[1], self.pixels.shape[0]

    def with_pixels(self, pixels: NDArray[np.uint8]) -> Picture:
        """The same picture with other pixels."""
        return replace(self, pixels=pixels, jpeg=None, file_digest="")


def _read_only(array: NDArray[np.uint8]) -> NDArray[np.uint8]:
    """A read-only view of the same memory."""
    view = array.view()
    view.setflags(write=False)
    return view
