"""Masks to JSON and back, as they stand in a recipe."""

from __future__ import annotations

import base64
from collections.abc import Sequence
from itertools import groupby
from typing import Any

from editor.engine.mask_parts import (
    Brush,
    GreyPicture,
    How,
    LinearGradient,
    Mask,
    MaskPart,
    RadialGradient,
    Shape,
    Stroke,
    Surface,
)
from editor.files.picture import MAX_PIXELS

_PNG_HEAD = b"\x89PNG\r\n\x1a\n"
_DECIMALS = 5
_MOST_PARTS = 1000


def mask_to_json(mask: Mask) -> dict[str, Any]:
    """The mask as values that JSON has."""
    values: dict[str, Any] = {"parts": [_part_to_json(part) for part in mask.parts]}
    if mask.inverted:
        values["inverted"] = True
    return values


def mask_from_json(values: dict[str, Any]) -> Mask:
    """Back from JSON. Raises what `edits.from_recipe` expects where it is no mask."""
    if "parts" not in values:
        return _of_strokes(values)
    if len(values["parts"]) > _MOST_PARTS:
        raise ValueError("The mask has more parts than a hand makes.")
    parts = tuple(_part_from_json(part) for part in values["parts"])
    return Mask(parts, bool(values.get("inverted", False)))


def _rounded(*numbers: float) -> list[float]:
    return [round(number, _DECIMALS) for number in numbers]


def _part_to_json(part: MaskPart) -> dict[str, Any]:
    values: dict[str, Any] = {}
    match part.shape:
        case Brush(strokes):
            values["brush"] = [_stroke_to_json(stroke) for stroke in strokes]
        case LinearGradient(start, end):
            values["linear"] = _rounded(*start, *end)
        case RadialGradient(centre, radii, angle, feather):
            values["radial"] = _rounded(*centre, *radii, angle, feather)
        case GreyPicture(png):
            values["png"] = base64.b64encode(png).decode("ascii")
    if part.how != How.ADD:
        values["how"] = part.how.value
    if part.inverted:
        values["inverted"] = True
    if part.opacity != 1:
        values["opacity"] = round(part.opacity, _DECIMALS)
    return values


def _part_from_json(values: dict[str, Any]) -> MaskPart:
    return MaskPart(
        _shape_from_json(values),
        How(values.get("how", How.ADD.value)),
        bool(values.get("inverted", False)),
        float(values.get("opacity", 1.0)),
    )


def _shape_from_json(values: dict[str, Any]) -> Shape:
    if "brush" in values:
        return Brush(tuple(_stroke_from_json(stroke) for stroke in values["brush"]))
    if "linear" in values:
        x, y, to_x, to_y = map(float, values["linear"])
        return LinearGradient((x, y), (to_x, to_y))
    if "radial" in values:
        x, y, across, down, angle, feather = map(float, values["radial"])
        return RadialGradient((x, y), (across, down), angle, feather)
    return GreyPicture(_png_from_json(values["png"]))


def _of_strokes(values: dict[str, Any]) -> Mask:
    """A mask as recipes used to have it: strokes on a grey picture, from which they may erase."""
    # Even older ones say once for all strokes that they keep to their surface.
    stays = bool(values.get("edge_aware", False))
    strokes = [_stroke_from_json(stroke, stays) for stroke in values["strokes"]]
    png = _png_from_json(values["png"]) if values["png"] else b""
    if not png:
        return Mask.painted(strokes) if strokes else Mask()
    parts = [MaskPart(GreyPicture(png))]
    for erase, run in groupby(strokes, lambda stroke: stroke.erase):
        brush = Brush(tuple(_painting(stroke) for stroke in run))
        parts.append(MaskPart(brush, How.SUBTRACT if erase else How.ADD))
    return Mask(tuple(parts))


def _painting(stroke: Stroke) -> Stroke:
    """The stroke without its erasing, which never stays on a surface."""
    if not stroke.erase:
        return stroke
    return Stroke(stroke.points, stroke.size, stroke.softness, stroke.strength)


def _stroke_to_json(s: Stroke) -> dict[str, Any]:
    values: dict[str, Any] = {
        "points": [_rounded(*p) for p in s.points],
        "size": round(s.size, _DECIMALS),
        "softness": round(s.softness, 3),
        "strength": round(s.strength, 3),
        "erase": s.erase,
    }
    if s.stays:
        values["stays"] = True
    if s.surface is not None:
        values["surface"] = [list(s.surface.centre), list(s.surface.spread)]
    return values


def _stroke_from_json(values: dict[str, Any], stays: bool = False) -> Stroke:
    surface = values.get("surface")
    return Stroke(
        points=tuple((float(x), float(y), float(p)) for x, y, p in values["points"]),
        size=float(values["size"]),
        softness=float(values["softness"]),
        strength=float(values["strength"]),
        erase=bool(values["erase"]),
        stays=bool(values.get("stays", stays)),
        surface=None if surface is None else Surface(_triple(surface[0]), _triple(surface[1])),
    )


def _triple(values: Sequence[Any]) -> tuple[float, float, float]:
    a, b, c = values
    return float(a), float(b), float(c)


def _png_from_json(text: str) -> bytes:
    """A grey picture. Raises ValueError for what is none."""
    png = base64.b64decode(text, validate=True)
    if not png.startswith(_PNG_HEAD):
        raise ValueError("The mask is not a PNG.")
    width, height = (int.from_bytes(png[at : at + 4], "big") for at in (16, 20))
    if width * height > MAX_PIXELS:  # kilobytes may claim any size
        raise ValueError("The mask is larger than a picture may be.")
    return png
