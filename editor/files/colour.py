"""Bringing every kind of pixel to 8-bit RGB with the right colours."""

from __future__ import annotations

import io

import numpy as np
from numpy.typing import NDArray
from PIL import Image, ImageCms

_SIXTEEN_TO_EIGHT = ((np.arange(65536, dtype=np.uint32) + 128) // 257).astype(np.uint8)
"""round(x * 255 / 65535): 65535 = 255 * 257, and 257 is odd, so there are no ties to break."""


def to_8_bits(samples: NDArray[np.uint16]) -> NDArray[np.uint8]:
    """uint16 in 0..65535 to uint8 in 0..255, correctly rounded; any shape."""
    return _SIXTEEN_TO_EIGHT[samples]


def profile_space(icc: bytes | None) -> str | None:
    """The colour space an ICC profile describes: RGB, GRAY, CMYK, Lab; None when it is damaged.

    The header is that of ICC.1:2022, section 7.2.
    """
    if not icc or len(icc) < 132 or icc[36:40] != b"acsp":
        return None
    if int.from_bytes(icc[:4], "big") > len(icc):
        return None
    try:
        ImageCms.ImageCmsProfile(io.BytesIO(icc))
    except (OSError, ValueError, TypeError, ImageCms.PyCMSError):
        return None
    return icc[16:20].decode("latin-1").strip()


def to_srgb(image: Image.Image, icc: bytes) -> Image.Image | None:
    """An L, CMYK or LAB picture through its profile to sRGB; None when the profile cannot do it.

    Relative colorimetric with black point compensation, the usual way of prepress.
    """
    try:
        converted = ImageCms.profileToProfile(
            image,
            ImageCms.ImageCmsProfile(io.BytesIO(icc)),
            ImageCms.createProfile("sRGB"),
            renderingIntent=ImageCms.Intent.RELATIVE_COLORIMETRIC,
            outputMode="RGB",
            flags=ImageCms.Flags.BLACKPOINTCOMPENSATION,
        )
    except (OSError, ValueError, TypeError, ImageCms.PyCMSError):
        return None
    return converted


def lab_profile() -> bytes:
    """A profile of the CIELAB of TIFF (D50)."""
    return ImageCms.ImageCmsProfile(ImageCms.createProfile("LAB")).tobytes()
