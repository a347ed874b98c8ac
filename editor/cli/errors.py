"""What the command line says when something goes wrong: one line, and an exit code."""

from __future__ import annotations

from editor.engine.model_messages import problem_message
from editor.messages import MessageError
from models.problems import ProblemError

DONE, FAILED, WRONG_USAGE, LOCKED = 0, 1, 2, 3


class UsageError(Exception):
    """The command was called wrongly; says how."""


class CommandError(Exception):
    """The command cannot do its job; says why and, where one can do something, what to do."""


def exit_code(error: BaseException) -> int:
    """`WRONG_USAGE`, `LOCKED` or `FAILED`."""
    from editor.engine.embedding import Locked  # loads much, which starting does not need

    if isinstance(error, Locked):
        return LOCKED
    return WRONG_USAGE if isinstance(error, UsageError) else FAILED


def in_one_line(error: BaseException) -> str:
    """What happened and, where one can do something, what to do."""
    if isinstance(error, (UsageError, CommandError, MessageError)):
        return _one_line(str(error))
    if isinstance(error, ProblemError):
        return _one_line(str(problem_message(error.problem)))
    if isinstance(error, KeyboardInterrupt):
        return "Cancelled; unfinished files were not written."
    # PyTorch says so in a RuntimeError: "not enough memory", "CUDA out of memory".
    short = isinstance(error, RuntimeError) and "memory" in str(error)
    if short or isinstance(error, MemoryError):
        return "There is not enough memory for this picture: close other programs or pictures."
    if isinstance(error, OSError):
        about = f" “{error.filename}”" if error.filename else ""
        return f"{error.strerror or error}{':' if about else ''}{about}."

    return (
        f"Something went wrong inside Pentimento ({type(error).__name__}: "
        f"{_one_line(str(error))}). Please report it; --traceback shows where."
    )


def _one_line(text: str) -> str:
    return " ".join(text.split())
