"""What a picture file says about its pixels, upright: EXIF, XMP, IPTC, texts, resolution.

Which colour space they have is told by `editor.files.colour_tags`.
"""

from __future__ import annotations

import contextlib
import math
import struct
from dataclasses import dataclass, replace
from typing import Any

from PIL import Image

from editor.files import exif, iptc, xmp, xmp_tree
from editor.files.formats import TIFF
from editor.files.picture import Metadata
from editor.files.turns import TURNS, Cut, Turn
from editor.messages import Message, message

_TAG_X_RESOLUTION, _TAG_Y_RESOLUTION, _TAG_RESOLUTION_UNIT = 282, 283, 296
_TAG_IPTC, _TAG_PHOTOSHOP = 33723, 34377
_EXTENSION = b"http://ns.adobe.com/xmp/extension/\0"
_EXTENSION_HEAD = struct.Struct(">32sII")
_MOST_TEXT = 1 << 20
_PROFILES = ("exif", "xmp", "iptc", "8bim", "app1", "icc", "icm")
"""What ImageMagick writes into a PNG as text, as “Raw profile type …”."""


@dataclass(frozen=True)
class Read:
    """What was read of a file.

    Attributes:
        metadata: without the colour profile.
        orientation: 1..8, of its pixels as they were decoded.
        beside: what the file held beside its picture, of `xmp_tree`.
    """

    metadata: Metadata
    orientation: int
    beside: frozenset[str]


def read_metadata(
    image: Image.Image, data: bytes, kind: str, notes: list[Message], stored: int = 1
) -> Read:
    """The metadata of an open picture, upright.

    Args:
        image: as Pillow loaded it.
        data: the whole file.
        kind: Pillow's name of its format.
        notes: takes what is left out.
        stored: `orientation_before`.
    """
    profiles = _profiles_in_texts(image) if kind == "PNG" else {}
    found = _exif_of_tiff(data, image.tell()) if kind == "TIFF" else image.info.get("exif")
    found = found or profiles.get("exif")
    block = exif.tiff_block(found)
    if found and block is None:
        notes.append(message("exif-left-out"))
    size, dpi, aspect = image.size, _dpi(image), _aspect(image)
    in_jfif = kind in ("JPEG", "MPO") and image.info.get("jfif_unit") in (1, 2)
    if kind in ("JPEG", "MPO", "WEBP", "HEIF", "AVIF") and not in_jfif:
        dpi = None  # Pillow says 72 where nothing does
        if block is not None and (found_there := _resolution_of_exif(block)) != (None, None):
            dpi, aspect = found_there
    orientation = 1
    if block is not None and kind not in ("HEIF", "TIFF"):
        orientation = stored = exif.orientation(block)
    # libheif (HEIF) and Pillow (TIFF) have already turned the pixels. An orientation in XMP
    # alone is not obeyed: viewers do not, it is often stale, and a second turn is worse.
    turn = TURNS.get(stored)
    if turn is not None and turn.swaps:
        dpi, aspect = dpi and dpi[::-1], aspect and aspect[::-1]
        size = size if orientation == stored else size[::-1]
    if block is not None:
        block = exif.upright(block if turn is None else exif.turned(block, turn, *size))
    packet, beside = _xmp(image, data, kind, profiles, notes)
    if packet is not None and turn is not None:
        packet = _turned(packet, turn, size, notes)
    metadata = Metadata(
        exif=block,
        xmp=packet,
        dpi=dpi,
        aspect=None if dpi else aspect,
        iptc=_iptc(image, data, kind, profiles, notes),
        comments=_comments(image, kind),
        texts=_texts(image) if kind == "PNG" else (),
    )
    return Read(metadata, orientation, beside | _beside(image, data, kind))


def orientation_before(image: Image.Image) -> int:
    """The orientation 1..8 of a picture which Pillow or libheif itself puts upright on loading."""
    if image.format == "TIFF":
        found = image.tag_v2.get(exif.ORIENTATION, 1)  # type: ignore[attr-defined]
    else:
        found = image.info.get("original_orientation")
    return found if isinstance(found, int) and found in TURNS else 1


# -- XMP -------------------------------------------------------------------------------------------


def _xmp(
    image: Image.Image, data: bytes, kind: str, profiles: dict[str, bytes], notes: list[Message]
) -> tuple[bytes | None, frozenset[str]]:
    """The packet, and what it says the file holds beside its picture."""
    found = image.info.get("xmp") or profiles.get("xmp")
    if isinstance(found, str):
        found = found.encode()
    packet = xmp.packet(found)
    if found and packet is None:
        notes.append(message("xmp-left-out"))
    if packet is None:
        return None, frozenset()
    packet = xmp.upright(packet)
    try:
        if kind in ("JPEG", "MPO") and (name := xmp_tree.extension_id(packet)) is not None:
            extension = _extension(image, name)
            if extension is None:
                notes.append(message("xmp-partly-left-out"))
            packet = xmp_tree.joined(packet, extension)
        return xmp_tree.without_companions(packet)
    except (xmp_tree.NotXml, RecursionError):
        notes.append(message("xmp-left-out"))
        return None, frozenset()


def _extension(image: Image.Image, name: str) -> bytes | None:
    """The extended XMP of a JPEG, put together; None where a part is missing."""
    parts: dict[int, bytes] = {}
    length = 0
    for marker, content in getattr(image, "applist", ()):
        if marker != "APP1" or not content.startswith(_EXTENSION):
            continue
        rest = content[len(_EXTENSION) :]
        if len(rest) < _EXTENSION_HEAD.size:
            continue
        identity, length_said, offset = _EXTENSION_HEAD.unpack_from(rest)
        if identity.decode("latin-1") == name:
            parts[offset], length = rest[_EXTENSION_HEAD.size :], length_said
    whole = b"".join(parts[offset] for offset in sorted(parts))
    starts_true = all(sum(len(parts[o]) for o in parts if o < offset) == offset for offset in parts)
    return whole if parts and starts_true and len(whole) == length else None


def recut(metadata: Metadata, cut: Cut, notes: list[Message]) -> Metadata:
    """The metadata of a picture that is turned and cropped: what they say of places in it moves.

    Args:
        notes: takes what is left out.
    """
    size = round(cut.before[0]), round(cut.before[1])
    block, packet, dpi, aspect = metadata.exif, metadata.xmp, metadata.dpi, metadata.aspect
    if block is not None:
        block = exif.turned(block, cut, *size)
    if packet is not None:
        packet = _turned(packet, cut, size, notes)
    if cut.swaps:
        dpi, aspect = dpi and dpi[::-1], aspect and aspect[::-1]
    return replace(metadata, exif=block, xmp=packet, dpi=dpi, aspect=aspect)


def _turned(
    packet: bytes, turn: Turn | Cut, size: tuple[int, int], notes: list[Message]
) -> bytes | None:
    try:
        return xmp_tree.turned(packet, turn, *size)
    except (xmp_tree.NotXml, RecursionError):
        notes.append(message("xmp-left-out"))
        return None


def _beside(image: Image.Image, data: bytes, kind: str) -> frozenset[str]:
    """What a file holds beside its picture, where no XMP says so."""
    found = set()
    if kind in ("JPEG", "MPO"):
        names = [content[:28] for marker, content in image.applist if marker == "APP2"]  # type: ignore[attr-defined]
        if any(name.startswith(b"urn:iso:std:iso:ts:21496:-1\0") for name in names):
            found.add(xmp_tree.GAIN_MAP)
        if data.rfind(b"MotionPhoto_Data", -64 << 20) >= 0:  # Samsung's, behind the picture
            found.add(xmp_tree.MOTION)
    if kind in ("HEIF", "AVIF"):
        kinds = str(image.info.get("aux", {}))
        if "hdrgainmap" in kinds or b"tmap" in data[:64]:
            found.add(xmp_tree.GAIN_MAP)
        if image.info.get("depth_images"):
            found.add(xmp_tree.DEPTH)
    return frozenset(found)


# -- resolution ------------------------------------------------------------------------------------


def _dpi(image: Image.Image) -> tuple[float, float] | None:
    if image.format == "TIFF" and _TAG_X_RESOLUTION not in image.tag_v2:  # type: ignore[attr-defined]
        return None  # Pillow says 1
    try:
        across, down = (float(value) for value in image.info["dpi"])
    except (KeyError, TypeError, ValueError, ZeroDivisionError):
        return None
    return (across, down) if 1 <= across <= 65535 and 1 <= down <= 65535 else None


def _resolution_of_exif(
    block: bytes,
) -> tuple[tuple[float, float] | None, tuple[int, int] | None]:
    """What `_dpi` and `_aspect` tell of formats without a field of their own for it."""
    across, down, unit = exif.resolution(block) or (0.0, 0.0, 0)
    if unit == exif.NO_UNIT:
        return None, _whole_aspect((across, down))
    if unit == exif.CENTIMETRE:
        across, down = across * 2.54, down * 2.54
    possible = 1 <= across <= 65535 and 1 <= down <= 65535
    return ((across, down) if possible else None), None


def _aspect(image: Image.Image) -> tuple[int, int] | None:
    """How many pixels across are as long as how many down, where they are no squares."""
    found: Any = None
    if image.format in ("JPEG", "MPO") and image.info.get("jfif_unit") == 0:
        found = image.info.get("jfif_density")
    elif image.format == "PNG":
        found = image.info.get("aspect")
    elif image.format == "TIFF":
        tags = image.tag_v2  # type: ignore[attr-defined]
        if tags.get(_TAG_RESOLUTION_UNIT) == 1:
            found = (tags.get(_TAG_X_RESOLUTION), tags.get(_TAG_Y_RESOLUTION))
    return _whole_aspect(found)


def _whole_aspect(found: Any) -> tuple[int, int] | None:
    try:
        across, down = (float(value) for value in found)
    except (TypeError, ValueError, ZeroDivisionError):
        return None
    if not (math.isfinite(across) and math.isfinite(down) and across > 0 and down > 0):
        return None
    if not (across.is_integer() and down.is_integer()):
        across, down = round(1000 * across / down), 1000
    if across == down or not (1 <= across <= 65535 and 1 <= down <= 65535):
        return None
    return int(across), int(down)


# -- EXIF, IPTC and texts as the formats pack them -------------------------------------------------


def _exif_of_tiff(data: bytes, page: int) -> bytes | None:
    if not TIFF.begins(data):
        return None  # BigTIFF
    try:
        return exif.gathered(data, page) or exif.gathered(data)
    except (struct.error, ValueError):
        return b"damaged"


def _profiles_in_texts(image: Image.Image) -> dict[str, bytes]:
    """EXIF, XMP and IPTC as ImageMagick writes them into PNG.

    As text: three lines of heading, then hexadecimal.
    """
    found: dict[str, bytes] = {}
    for name in _PROFILES:
        text = image.info.get(f"Raw profile type {name}")
        if not isinstance(text, str):
            text = image.info.get(f"Raw profile type {name.upper()}")
        if not isinstance(text, str):
            continue
        try:
            content = bytes.fromhex("".join(text.split("\n")[3:]))
        except ValueError:
            content = b"damaged"
        if name == "app1":  # either of two
            name = "exif" if content.startswith(exif.PREFIX) else "xmp"
            content = content.removeprefix(b"http://ns.adobe.com/xap/1.0/\0")
        found.setdefault(name, content)
    return found


def _iptc(
    image: Image.Image, data: bytes, kind: str, profiles: dict[str, bytes], notes: list[Message]
) -> bytes | None:
    if kind in ("JPEG", "MPO"):
        parts = [
            content[len(iptc.RESOURCES) :]
            for marker, content in image.applist  # type: ignore[attr-defined]
            if marker == "APP13" and content.startswith(iptc.RESOURCES)
        ]
        segments = [content for _, content in image.applist]  # type: ignore[attr-defined]
        found = iptc.of_resources(b"".join(parts))
        hidden = any(content.startswith(iptc.DAMAGED_RESOURCES) for content in segments)
        if hidden or (found is None and any(iptc.BEGINNING in part for part in parts)):
            notes.append(message("iptc-damaged"))
        return found or None
    if kind == "PNG":
        found = profiles.get("iptc") or profiles.get("8bim") or b""
        return iptc.of_resources(found) or iptc.records(found) or None
    if kind == "TIFF" and TIFF.begins(data):
        with contextlib.suppress(struct.error, ValueError):
            found = exif.tag_bytes(data, image.tell(), _TAG_IPTC)
            others = exif.tag_bytes(data, image.tell(), _TAG_PHOTOSHOP)
            return iptc.records(found) or iptc.of_resources(others) or None
    return None


def _comments(image: Image.Image, kind: str) -> tuple[bytes, ...]:
    if kind in ("JPEG", "MPO"):
        found = [c for marker, c in image.applist if marker == "COM"]  # type: ignore[attr-defined]
    else:
        found = [image.info["comment"]] if kind == "GIF" and "comment" in image.info else []
    return tuple(comment for comment in found if comment.strip(b"\0 "))


def _texts(image: Image.Image) -> tuple[tuple[str, str], ...]:
    """Keywords and texts of a PNG, but those that hold other metadata or tell how it is stored."""
    found: list[tuple[str, str]] = []
    size = 0
    for key, text in getattr(image, "text", {}).items():
        size += len(text)
        other = key.startswith(("Raw profile type", "XML:com.adobe", "Thumb::"))
        if not other and not key.endswith(":Orientation") and size <= _MOST_TEXT:
            found.append((str(key), str(text)))
    return tuple(found)
