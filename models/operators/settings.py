"""Settings: what an operator is told besides its strength, such as the points of a curve.

A value is plain data, hashable and ready for JSON: some numbers or a word. Each operator lists its
settings; `checked` puts values into their one form and refuses what an operator cannot use.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import TypeAlias

Value: TypeAlias = tuple[float, ...] | str
Settings: TypeAlias = tuple[tuple[str, Value], ...]
"""Names and values, sorted by name; what is at its default is left out."""


@dataclass(frozen=True)
class Setting:
    """One of them.

    Attributes:
        name: on the command line and in recipes.
        default: where nothing is said.
        read: numbers or a word to the value in its one form; raises ValueError, and nothing else,
            for what cannot be used.
        form: how the help shows it, for example ``X,Y,WIDTH,HEIGHT``.
    """

    name: str
    default: Value
    read: Callable[[object], Value]
    form: str


class UnknownSettingError(ValueError):
    """An operator has no setting of that name."""


class SettingError(ValueError):
    """A setting cannot have that value."""

    def __init__(self, setting: Setting, value: object) -> None:
        super().__init__(f"{setting.name} cannot be {value!r}")
        self.setting, self.value = setting, value


def checked(known: Sequence[Setting], given: Iterable[tuple[str, object]]) -> Settings:
    """Given settings in their one form. Raises UnknownSettingError, SettingError."""
    by_name = {setting.name: setting for setting in known}
    found: dict[str, Value] = {}
    for name, value in given:
        if name not in by_name:
            raise UnknownSettingError(name)
        setting = by_name[name]
        try:
            read = setting.read(value)
        except ValueError:
            raise SettingError(setting, value) from None
        if read != setting.default:
            found[name] = read
    return tuple(sorted(found.items()))


def complete(known: Sequence[Setting], given: Settings) -> dict[str, Value]:
    """All settings of an operator by name, those that are not given at their defaults."""
    return {setting.name: setting.default for setting in known} | dict(given)


def numbers(value: object, least: int, most: int, low: float, high: float) -> tuple[float, ...]:
    """A value as `least`..`most` numbers from `low` to `high`. Raises ValueError."""
    if isinstance(value, int | float):
        value = (value,)
    if not isinstance(value, list | tuple) or not least <= len(value) <= most:
        raise ValueError("not so many numbers")
    if not all(isinstance(v, int | float) and not isinstance(v, bool) for v in value):
        raise ValueError("not numbers")
    # The range first: a whole number may be too large to become a float.
    if not all(low <= v <= high and math.isfinite(v) for v in value):
        raise ValueError("numbers out of range")
    return tuple(float(v) for v in value)


def word(*choices: str) -> Callable[[object], str]:
    """A `Setting.read` for one of some words."""

    def read(value: object) -> str:
        if not isinstance(value, str) or value not in choices:
            raise ValueError("not one of the words")
        return value

    return read


def from_text(text: str) -> Value:
    """A value as it is typed: numbers with commas between them, or a word."""
    try:
        return tuple(float(part) for part in text.split(","))
    except ValueError:
        return text


def to_text(value: Value) -> str:
    """A value as `from_text` takes it."""
    return value if isinstance(value, str) else ",".join(f"{v:g}" for v in value)


def as_json(settings: Settings) -> Mapping[str, object]:
    """Settings for a recipe."""
    return {name: v if isinstance(v, str) else list(v) for name, v in settings}
