"""Edits: what a user did to a photo, as plain immutable data.

An edit names an operator, how strongly it is applied and where. Everything is independent of the
picture's size, so one list of edits serves the preview, the export and any other photo, and turns
into JSON (the *recipe* that travels in an export's metadata).
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass, fields, replace
from typing import Any, TypeAlias

from editor.engine.edit_problems import EditError, RecipeError
from editor.engine.mask_parts import Mask
from editor.engine.mask_recipe import mask_from_json, mask_to_json
from editor.messages import message
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


Kind: TypeAlias = Operator | Step


def kind_of(operator: str) -> Kind:
    """The operator, or the step of a geometry, of that id. Raises KeyError."""
    return OPERATORS[operator] if operator in OPERATORS else STEPS[operator]


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
        empty_mask = self.mask is not None and self.mask.empty
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
        values["mask"] = mask_to_json(e.mask)
    return values


def _edit_from_json(values: dict[str, Any]) -> Edit:
    mask = values.get("mask")
    return Edit(
        operator=str(values["operator"]),
        strength=float(values["strength"]),
        opacity=float(values.get("opacity", 1.0)),
        enabled=bool(values.get("enabled", True)),
        mask=None if mask is None else mask_from_json(mask),
        settings=tuple(values.get("settings", {}).items()),
    )
