"""What `models` says went wrong, as messages. `models` knows nothing of the editor."""

from __future__ import annotations

from editor.messages import Message
from models.problems import Problem


def problem_message(problem: Problem) -> Message:
    """A problem in the words of the editor's catalogue, which has every code of `models`."""
    return Message(problem.code, problem.parameters)
