"""Bringing every kind of pixel to 8-bit RGB with the right colours."""

from __future__ import annotations

import io

import numpy as np
from numpy.typing import NDArray
from PIL import Image, ImageCms

from editor.files import rgb_spaces

_SIXTEEN_TO_EIGHT = ((np.arange(65536, dtype=np.uint32) + 128) // 257).astype(np.uint8)
"""round(x * 255 / 65535): 65535 = 255 * 257, and 257 is odd, so there are no ties to break."""


def to_8_bits(samples: NDArray[np.uint16]) -> NDArray[np.uint8]:
    """uint16 in 0..65535 to uint8 in 0..255, correctly rounded; any shape.

    Where every low byte is 0, another program has made 16 bits of 8 by shifting: then the high
    bytes are what they were, and white is white again.
    """
    if not (samples & 0xFF).any():
        return (samples >> 8).astype(np.uint8)
    return _SIXTEEN_TO_EIGHT[samples]


def to_full_range(rgb: NDArray[np.uint8]) -> NDArray[np.uint8]:
    """Values of which 16 is black and 235 is white (narrow range), uint8, as 0..255."""
    table: NDArray[np.uint8] = np.clip((np.arange(256) - 16) * (255 / 219) + 0.5, 0, 255).astype(
        np.uint8
    )
    return np.asarray(table[rgb])


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


_BAND = 1 << 18  # pixels converted at a time
_DIFFUSE_WHITE = 203.0  # cd/m2 of what is white in SDR: ITU-R BT.2408-7, section 2.1
_HLG_PEAK = 1000.0  # cd/m2 of the display for which HLG has a system gamma of 1.2


def hdr_to_srgb(
    rgb: NDArray[np.uint8], transfer: str, primaries: rgb_spaces.Primaries
) -> NDArray[np.uint8]:
    """H x W x 3 uint8 of PQ or HLG as sRGB, uint8: what is brighter than white is compressed.

    ITU-R BT.2100-2, tables 4 and 5; the tone curve is the extended one of Reinhard et al. (2002)
    on the largest channel, from the brightest value in the picture on.

    Args:
        transfer: "PQ" or "HLG".
        primaries: of the picture.
    """
    light = _pq_light() if transfer == "PQ" else _hlg_light()
    matrix = np.linalg.solve(rgb_spaces.SRGB.to_xyz(), primaries.to_xyz()).T.astype(np.float32)
    luminance = primaries.to_xyz()[1].astype(np.float32)
    brightest = max(
        1.0, float(_linear(rgb.reshape(-1, 3).max(axis=0), light, luminance, transfer).max())
    )
    result = np.empty_like(rgb)
    rows = max(1, _BAND // rgb.shape[1])
    for top in range(0, len(rgb), rows):
        linear = _linear(rgb[top : top + rows], light, luminance, transfer)
        largest = linear.max(axis=2, keepdims=True)
        if brightest > 1:
            linear *= (1 + largest / brightest**2) / (1 + largest)
        linear = np.clip(linear @ matrix, 0, 1)
        coded = np.where(linear <= 0.0031308, 12.92 * linear, 1.055 * linear ** (1 / 2.4) - 0.055)
        result[top : top + rows] = np.rint(coded * 255)
    return result


def _linear(
    rgb: NDArray[np.uint8],
    light: NDArray[np.float32],
    luminance: NDArray[np.float32],
    transfer: str,
) -> NDArray[np.float32]:
    """Linear light, 1 is diffuse white."""
    linear = light[rgb]
    if transfer == "HLG":  # the light of the scene; the display's takes the system gamma
        scene = linear @ luminance
        linear *= np.maximum(scene, 1e-6)[..., None] ** 0.2 * (_HLG_PEAK / _DIFFUSE_WHITE)
    return linear


def _pq_light() -> NDArray[np.float32]:
    value = (np.arange(256) / 255) ** (1 / 78.84375)
    share = np.maximum(value - 0.8359375, 0) / (18.8515625 - 18.6875 * value)
    return (share ** (1 / 0.1593017578125) * (10_000 / _DIFFUSE_WHITE)).astype(np.float32)


def _hlg_light() -> NDArray[np.float32]:
    value = np.arange(256) / 255
    a, b, c = 0.17883277, 0.28466892, 0.55991073
    light = np.where(value <= 0.5, value**2 / 3, (np.exp((value - c) / a) + b) / 12)
    return light.astype(np.float32)
