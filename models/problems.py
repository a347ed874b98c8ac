"""What can go wrong for users of `models`, as codes with parameters.

`models` knows no language: the editor has words for every code.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal, TypeAlias

Code: TypeAlias = Literal[
    "too-small",
    "jpeg-too-small",
    "jpeg-quality-too-low",
    "jpeg-too-flat",
    "changed-too-much",
    "locked",
    "wrong-passphrase",
    "compressed-too-strongly",
    "other-version",
    "weights-index-missing",
    "weights-index-damaged",
    "weights-none-for",
    "weights-unknown",
    "weights-missing",
    "weights-damaged",
    "weights-do-not-fit",
    "unknown-device",
    "no-such-device",
]


@dataclass(frozen=True, init=False)
class Problem:
    """One thing that went wrong. `str` is for developers.

    Attributes:
        code: what happened.
        parameters: what varies in it, by name, in alphabetical order.
    """

    code: Code
    parameters: tuple[tuple[str, str | int], ...]

    def __init__(self, code: Code, /, **parameters: str | int) -> None:
        object.__setattr__(self, "code", code)
        object.__setattr__(self, "parameters", tuple(sorted(parameters.items())))

    def __str__(self) -> str:
        if not self.parameters:
            return self.code
        return f"{self.code}: " + ", ".join(f"{name} {value}" for name, value in self.parameters)


class ProblemError(Exception):
    """An error that says which problem it is.

    Attributes:
        problem: what went wrong.
    """

    def __init__(self, problem: Problem) -> None:
        super().__init__(problem)
        self.problem = problem


class NoRoom(ProblemError):
    """The picture or its format has no room for the original."""


class Unreadable(ProblemError):
    """A container whose original cannot be read."""


class WrongPassphrase(ProblemError):
    """A passphrase that does not open a locked container."""


class WeightsError(ProblemError):
    """Weights that are missing, damaged or not what they should be."""


class NoSuchDevice(ProblemError):
    """A device for networks that this computer does not have, or that nobody knows."""
