"""Which RGB space a file names for its pixels, in any of the usual ways.

Precedence: PNG 3rd edition, section 4.3 (cICP, iCCP, sRGB, gAMA and cHRM); elsewhere an ICC
profile, then nclx, then what EXIF says (2.32, tag 0xA001, and DCF 2.0 for Adobe RGB).
"""

from __future__ import annotations

import struct
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from PIL import Image

from editor.files import boxes, exif, rgb_spaces
from editor.files.rgb_spaces import ADOBE_RGB, ADOBE_RGB_CURVE, SRGB, SRGB_CURVE, Curve, Primaries

_SRGB_GAMMA = 1 / 2.2
_WHITE_POINT, _PRIMARY_CHROMATICITIES, _TRANSFER_FUNCTION = 318, 319, 301
_PQ, _HLG, _UNSPECIFIED = 16, 18, 2


@dataclass(frozen=True)
class NamedSpace:
    """The colour space of a picture's RGB values.

    Attributes:
        icc: its profile; None for sRGB.
        hdr: "PQ" or "HLG" where the values are of that transfer function (no profile says so);
            then `primaries` are theirs.
        primaries: of an HDR picture.
        narrow: whether 16..235 are black and white.
    """

    icc: bytes | None = None
    hdr: str = ""
    primaries: Primaries = SRGB
    narrow: bool = False


def named_space(image: Image.Image, data: bytes, kind: str, block: bytes | None) -> NamedSpace:
    """The space that a file names; sRGB where it names none.

    Args:
        image: as Pillow loaded it.
        data: the whole file.
        kind: Pillow's name of its format.
        block: its EXIF block, where it has a sound one.
    """
    icc = image.info.get("icc_profile") or None
    if kind == "PNG" and (chunk := _cicp(data)) is not None:
        found = _by_code_points(chunk[0], chunk[1], narrow=not chunk[3])
        if found is not None:
            return found
    if icc is None and kind == "BMP":
        icc = _profile_of_bmp(data)
    if icc:
        return NamedSpace(icc)
    if kind == "PNG":
        if "srgb" in image.info:
            return NamedSpace()
        found = _by_gamma(image.info)
    elif kind in ("AVIF", "HEIF"):
        code_points = boxes.nclx(data)
        found = None if code_points is None else _by_code_points(code_points[0], code_points[1])
    elif kind == "BMP":
        found = _by_bmp_header(data)
    elif kind == "TIFF":
        found = _by_tiff_tags(image.tag_v2)  # type: ignore[attr-defined]
    else:
        found = None
    if found is None and block is not None and exif.is_adobe_rgb(block):
        return NamedSpace(_profile("Adobe RGB (1998)", ADOBE_RGB, ADOBE_RGB_CURVE))
    return found or NamedSpace()


def _by_code_points(primaries: int, transfer: int, narrow: bool = False) -> NamedSpace | None:
    """The space of two numbers of H.273; None where they say nothing."""
    if primaries == _UNSPECIFIED and transfer == _UNSPECIFIED:
        return NamedSpace(narrow=True) if narrow else None
    chosen = rgb_spaces.PRIMARIES.get(primaries, SRGB)
    if transfer in (_PQ, _HLG):
        return NamedSpace(None, "PQ" if transfer == _PQ else "HLG", chosen, narrow)
    curve = rgb_spaces.CURVES.get(transfer, SRGB_CURVE)
    return NamedSpace(_profile(f"CICP {primaries}/{transfer}", chosen, curve), narrow=narrow)


def _profile(name: str, primaries: Primaries, *curves: Curve) -> bytes | None:
    """The profile of a space; None for sRGB, and for one that cannot be."""
    if primaries == SRGB and curves == (SRGB_CURVE,):
        return None
    try:
        return rgb_spaces.profile(name, primaries, *curves)
    except (ValueError, ArithmeticError):
        return None


def _cicp(data: bytes) -> bytes | None:
    """The four bytes of a PNG's cICP chunk, which stands before its pixels."""
    at = 8
    while at + 12 <= len(data):
        length, name = struct.unpack_from(">I4s", data, at)
        if name == b"cICP" and length == 4:
            return data[at + 8 : at + 12]
        if name in (b"IDAT", b"IEND"):
            return None
        at += 12 + length
    return None


def _by_gamma(info: Mapping[Any, Any]) -> NamedSpace | None:
    """The space of a PNG's gAMA and cHRM chunks."""
    gamma, numbers = info.get("gamma"), info.get("chromaticity")
    if not gamma and not numbers:
        return None
    primaries = _primaries(numbers) if numbers else SRGB
    if primaries is None:
        return None
    if primaries.close_to(SRGB):
        primaries = SRGB
    # libpng, too, takes a gamma within 5 % of it for that of sRGB.
    curve = SRGB_CURVE
    if gamma and not (primaries is SRGB and abs(gamma / _SRGB_GAMMA - 1) < 0.05):
        curve = Curve(1 / gamma)
    return NamedSpace(_profile("PNG gAMA/cHRM", primaries, curve))


def _primaries(numbers: Any) -> Primaries | None:
    """Primaries of eight numbers: white, red, green, blue; None where they are none."""
    try:
        x = [float(number) for number in numbers]
        found = Primaries((x[0], x[1]), (x[2], x[3]), (x[4], x[5]), (x[6], x[7]))
        found.to_xyz()
    except (TypeError, ValueError, IndexError, ArithmeticError):
        return None
    return found


def _by_tiff_tags(tags: Any) -> NamedSpace | None:
    """The space of the colorimetry of TIFF 6.0, section 20."""
    white, others = tags.get(_WHITE_POINT), tags.get(_PRIMARY_CHROMATICITIES)
    table = tags.get(_TRANSFER_FUNCTION)
    if not (white and others) and not table:
        return None
    primaries = _primaries([*white, *others]) if white and others else SRGB
    if primaries is None:
        return None
    curves = [SRGB_CURVE]
    if table and len(table) in (256, 768) and all(0 <= value <= 65535 for value in table):
        curves = [Curve(table=tuple(table[i : i + 256])) for i in range(0, len(table), 256)]
    if primaries.close_to(SRGB):
        primaries = SRGB
    return NamedSpace(_profile("TIFF colorimetry", primaries, *curves))


# BITMAPV4HEADER and BITMAPV5HEADER of the Windows SDK, from the beginning of the file.
_BMP_SPACE, _BMP_ENDPOINTS, _BMP_GAMMA, _BMP_PROFILE = 14 + 56, 14 + 60, 14 + 96, 14 + 112


def _profile_of_bmp(data: bytes) -> bytes | None:
    """The profile embedded in a BMP of version 5."""
    if len(data) < 14 + 124 or struct.unpack_from("<I", data, 14)[0] < 124:
        return None
    if data[_BMP_SPACE : _BMP_SPACE + 4] != b"DEBM":
        return None
    offset, size = struct.unpack_from("<II", data, _BMP_PROFILE)
    found = data[14 + offset : 14 + offset + size]
    return found if size and len(found) == size else None


def _by_bmp_header(data: bytes) -> NamedSpace | None:
    """The space of a BMP of version 4 whose header gives primaries and gamma."""
    if len(data) < 14 + 108 or struct.unpack_from("<I", data, 14)[0] < 108:
        return None
    if data[_BMP_SPACE : _BMP_SPACE + 4] != bytes(4):  # LCS_CALIBRATED_RGB
        return None
    corners = [value / 2**30 for value in struct.unpack_from("<9i", data, _BMP_ENDPOINTS)]
    gammas = [value / 2**16 for value in struct.unpack_from("<3I", data, _BMP_GAMMA)]
    rows = [corners[i : i + 3] for i in (0, 3, 6)]
    sums = [sum(row) for row in rows]
    white = [sum(column) for column in zip(*rows, strict=True)]
    if not all(sums) or not sum(white) or not all(0.1 < gamma < 10 for gamma in gammas):
        return None  # many programs leave all of it zero
    numbers = [white[0] / sum(white), white[1] / sum(white)]
    numbers += [row[i] / total for row, total in zip(rows, sums, strict=True) for i in (0, 1)]
    primaries = _primaries(numbers)
    if primaries is None:
        return None
    if primaries.close_to(SRGB) and all(abs(gamma / 2.2 - 1) < 0.05 for gamma in gammas):
        return NamedSpace()
    return NamedSpace(_profile("BMP endpoints", primaries, *(Curve(gamma) for gamma in gammas)))
