"""Edits: what a user did to a photo, as plain immutable data.

An edit names an operator, how strongly it is applied and where. Everything is independent of the
picture's size, so one list of edits serves the preview, the export and any other photo, and turns
into JSON (the *recipe* that travels in an export's metadata).
"""

from __future__ import annotations

import base64
import json
from collections.abc import Sequence
from dataclasses import dataclass, fields, replace
from typing import Any, TypeAlias

import cv2
import numpy as np
from numpy.typing import NDArray

from editor.files.picture import MAX_PIXELS
from editor.messages import MessageError, message
from models.geometry.steps import STEPS, Step
from models.operators.base import Operator
from models.operators.registry import OPERATORS
from models.operators.settings import (
    SettingError,
    Settings,
    UnknownSettingError,
    Value,
    as_json,
    checked,
    complete,
)

RECIPE_VERSION = 1

MOST_EDITS = 1000
"""In a recipe. No hand makes more, and each costs the time of a look."""

_LONGEST = 64 << 20  # characters of a recipe; masks of a few large pictures have room
_FARTHEST = 100.0  # long edges; what lies beyond is no stroke of a hand
_PNG_HEAD = b"\x89PNG\r\n\x1a\n"


Kind: TypeAlias = Operator | Step


def kind_of(operator: str) -> Kind:
    """The operator, or the step of a geometry, of that id. Raises KeyError."""
    return OPERATORS[operator] if operator in OPERATORS else STEPS[operator]


class EditError(MessageError, ValueError):
    """An edit that cannot be made; says why."""


class RecipeError(MessageError, ValueError):
    """A recipe that cannot be read; says why."""


@dataclass(frozen=True)
class Surface:
    """The colours of what a stroke was painted on, in OpenCV's 8-bit CIELAB (0..255 each).

    Attributes:
        centre: the middle of them.
        spread: how far they go from it.
    """

    centre: tuple[float, float, float]
    spread: tuple[float, float, float]

    def __post_init__(self) -> None:
        sound = all(0 <= v <= 255 for v in self.centre) and all(0 < v <= 255 for v in self.spread)
        if not (sound and len(self.centre) == len(self.spread) == 3):
            raise EditError(message("stroke-out-of-range"))


@dataclass(frozen=True)
class Stroke:
    """One stroke of the brush.

    Attributes:
        points: (x, y, pressure) each: x and y in shares of the picture's *long edge*, from its top
            left corner; pressure 0..1.
        size: diameter in shares of the long edge.
        softness: 0 (hard edge) to 1 (soft from the middle outwards).
        strength: 0..1, how much of the edit the stroke lets through.
        erase: takes away instead of adding, wherever it is brushed.
        stays: keeps to the surface it is painted on, along the photo's edges ("stay on skin").
        surface: the colours that it keeps to; None: those of the photo under it. With them the
            stroke means the same in every copy of the photo, however small.
    """

    points: tuple[tuple[float, float, float], ...]
    size: float = 0.05
    softness: float = 0.5
    strength: float = 1.0
    erase: bool = False
    stays: bool = False
    surface: Surface | None = None

    def __post_init__(self) -> None:
        shares = (self.softness, self.strength, *(p for _, _, p in self.points))
        if not all(0 <= share <= 1 for share in shares):
            raise EditError(message("stroke-out-of-range"))
        if not all(abs(v) <= _FARTHEST for x, y, _ in self.points for v in (x, y)):
            raise EditError(message("stroke-too-far"))
        if not 0 <= self.size <= _FARTHEST:
            raise EditError(message("brush-size", size=f"{self.size:g}"))


@dataclass(frozen=True)
class Mask:
    """Where an edit acts: painted strokes in order, on top of a grey picture if there is one.

    Attributes:
        strokes: painted one after the other.
        png: an 8-bit grey PNG, stretched over the picture (white: fully); empty: start from black.
    """

    strokes: tuple[Stroke, ...] = ()
    png: bytes = b""

    @staticmethod
    def from_picture(grey: NDArray[np.uint8]) -> Mask:
        """A mask from an H x W uint8 picture: white where the edit acts fully."""
        ok, data = cv2.imencode(".png", grey, [cv2.IMWRITE_PNG_COMPRESSION, 9])
        if not ok:
            raise EditError(message("mask-not-stored"))
        return Mask(png=data.tobytes())


@dataclass(frozen=True)
class Edit:
    """One step of the edit list.

    Attributes:
        operator: id of an operator of `models.operators.registry`, or of a step of
            `models.geometry.steps`.
        strength: in the operator's own range (0..1; EV for exposure).
        opacity: 0..1, blends the result over what was there before.
        enabled: switched off edits stay in the list and do nothing.
        mask: where it acts; None: everywhere.
        settings: what the operator is told besides (`models.operators.settings`), as pairs of name
            and value; those at their defaults are left out.
    """

    operator: str
    strength: float
    opacity: float = 1.0
    enabled: bool = True
    mask: Mask | None = None
    settings: Settings = ()

    def __post_init__(self) -> None:
        op: Kind | None = OPERATORS.get(self.operator) or STEPS.get(self.operator)
        if op is None:
            known = ", ".join((*OPERATORS, *STEPS))
            raise EditError(message("unknown-operator", name=self.operator, known=known))
        if not op.minimum <= self.strength <= op.maximum:
            raise EditError(
                message(
                    "strength-out-of-range",
                    operator=self.operator,
                    least=f"{op.minimum:g}",
                    most=f"{op.maximum:g}",
                    strength=f"{self.strength:g}",
                )
            )
        if isinstance(op, Step):
            self._check_step(op)
        if not 0 <= self.opacity <= 1:
            raise EditError(message("opacity-out-of-range", opacity=f"{self.opacity:g}"))
        if self.settings:
            object.__setattr__(self, "settings", _checked(op, self.settings))

    def _check_step(self, step: Step) -> None:
        if step.whole and self.strength % step.whole:
            multiple = f"{step.whole:g}"
            raise EditError(message("strength-not-whole", operator=step.id, multiple=multiple))
        if self.mask is not None or self.opacity != 1:
            raise EditError(message("geometry-in-part", operator=step.id))

    def setting(self, name: str) -> Value:
        """The value of a setting, its default where it has none of its own. Raises KeyError."""
        return complete(kind_of(self.operator).settings, self.settings)[name]

    def with_settings(self, **values: object) -> Edit:
        """With other values of some settings. Raises EditError."""
        return replace(self, settings=tuple({**dict(self.settings), **values}.items()))  # type: ignore[arg-type]

    @property
    def acts(self) -> bool:
        """Whether the edit can change anything."""
        empty_mask = self.mask is not None and not self.mask.strokes and not self.mask.png
        op = kind_of(self.operator)
        neutral = self.strength == op.neutral
        if op.inert is not None and not neutral:
            neutral = op.inert(complete(op.settings, self.settings))
        return self.enabled and self.opacity > 0 and not neutral and not empty_mask


_FIELDS = frozenset(field.name for field in fields(Edit))


def _checked(op: Kind, settings: Settings) -> Settings:
    try:
        return checked(op.settings, settings)
    except UnknownSettingError as error:
        known = ", ".join(setting.name for setting in op.settings) or "–"
        raise EditError(
            message("unknown-setting", operator=op.id, name=str(error), known=known)
        ) from None
    except SettingError as error:
        form = error.setting.form
        raise EditError(
            message("setting-unfit", operator=op.id, name=error.setting.name, form=form)
        ) from None


def edit(operator: str, strength: float | None = None, **more: Any) -> Edit:
    """An `Edit` at the operator's default strength where none is given.

    Args:
        more: other fields of `Edit`, and settings of the operator by their names.
    """
    if strength is None and (operator in OPERATORS or operator in STEPS):
        strength = kind_of(operator).default_strength
    own = {name: more.pop(name) for name in tuple(more) if name not in _FIELDS}
    if own:
        more["settings"] = (*more.get("settings", ()), *own.items())
    return Edit(operator, 0.0 if strength is None else float(strength), **more)


def to_recipe(
    edits: Sequence[Edit],
    renderers: Sequence[str | None] = (),
    geometry: Sequence[Edit] = (),
) -> str:
    """The edits as JSON, ASCII only.

    Args:
        renderers: for each edit the name of the weights that made its look, None for the reference
            algorithm; empty where nothing is known, or nothing was made yet.
        geometry: what the photo that the edits are of was cropped and turned by, out of a file.
    """
    values = [_edit_to_json(e) for e in edits]
    for value, weights in zip(values, renderers, strict=False):
        if weights is not None:
            value["made_by"] = weights
    recipe: dict[str, Any] = {"pentimento": RECIPE_VERSION, "edits": values}
    if geometry:
        recipe["geometry"] = [_edit_to_json(e) for e in geometry]
    return json.dumps(recipe, separators=(",", ":"))


def stored_renderers(recipe: str) -> tuple[str | None, ...]:
    """The renderers stored by `to_recipe`. Raises RecipeError as `from_recipe`."""
    edits = from_recipe(recipe)
    names = [value.get("made_by") for value in json.loads(recipe)["edits"][: len(edits)]]
    return tuple(name if isinstance(name, str) else None for name in names)


def stored_geometry(recipe: str) -> tuple[Edit, ...]:
    """The geometry stored by `to_recipe`. Raises RecipeError as `from_recipe`."""
    return _edits_of(recipe, "geometry")


def from_recipe(recipe: str) -> tuple[Edit, ...]:
    """The edits of a recipe. Raises RecipeError where it cannot be read."""
    return _edits_of(recipe, "edits")


def _edits_of(recipe: str, name: str) -> tuple[Edit, ...]:
    if len(recipe) > _LONGEST:
        raise RecipeError(message("recipe-damaged"))
    try:
        values = json.loads(recipe)
        version = values["pentimento"]
        if version != RECIPE_VERSION:
            raise RecipeError(message("recipe-of-newer-version", version=str(version)))
        found = values.get(name, ()) if name == "geometry" else values[name]
        if len(found) > MOST_EDITS:
            raise RecipeError(message("recipe-damaged"))
        return tuple(_edit_from_json(e) for e in found)
    except RecipeError:
        raise
    except (
        ValueError,
        KeyError,
        TypeError,
        AttributeError,
        IndexError,
        OverflowError,
        RecursionError,
    ) as error:
        raise RecipeError(message("recipe-damaged")) from error


def _edit_to_json(e: Edit) -> dict[str, Any]:
    values: dict[str, Any] = {"operator": e.operator, "strength": e.strength}
    if e.opacity != 1:
        values["opacity"] = e.opacity
    if not e.enabled:
        values["enabled"] = False
    if e.settings:
        values["settings"] = as_json(e.settings)
    if e.mask is not None:
        values["mask"] = {
            "strokes": [_stroke_to_json(s) for s in e.mask.strokes],
            "png": base64.b64encode(e.mask.png).decode("ascii"),
        }
    return values


def _stroke_to_json(s: Stroke) -> dict[str, Any]:
    values: dict[str, Any] = {
        "points": [[round(v, 5) for v in p] for p in s.points],
        "size": round(s.size, 5),
        "softness": round(s.softness, 3),
        "strength": round(s.strength, 3),
        "erase": s.erase,
    }
    if s.stays:
        values["stays"] = True
    if s.surface is not None:
        values["surface"] = [list(s.surface.centre), list(s.surface.spread)]
    return values


def _edit_from_json(values: dict[str, Any]) -> Edit:
    mask = values.get("mask")
    return Edit(
        operator=str(values["operator"]),
        strength=float(values["strength"]),
        opacity=float(values.get("opacity", 1.0)),
        enabled=bool(values.get("enabled", True)),
        mask=None
        if mask is None
        else Mask(
            # Recipes used to say it once for all strokes.
            strokes=tuple(
                _stroke_from_json(s, bool(mask.get("edge_aware", False))) for s in mask["strokes"]
            ),
            png=_png_from_json(mask["png"]),
        ),
        settings=tuple(values.get("settings", {}).items()),
    )


def _stroke_from_json(values: dict[str, Any], stays: bool) -> Stroke:
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
    """The grey picture of a mask. Raises ValueError for what is none."""
    png = base64.b64decode(text, validate=True)
    if png and not png.startswith(_PNG_HEAD):
        raise ValueError("The mask is not a PNG.")
    width, height = (int.from_bytes(png[at : at + 4], "big") for at in (16, 20))
    if width * height > MAX_PIXELS:  # kilobytes may claim any size
        raise ValueError("The mask is larger than a picture may be.")
    return png
