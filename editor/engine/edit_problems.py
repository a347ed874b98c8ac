"""What is wrong with an edit, or with a list of them."""

from __future__ import annotations

from editor.messages import MessageError


class EditError(MessageError, ValueError):
    """An edit that cannot be made; says why."""


class RecipeError(MessageError, ValueError):
    """A recipe that cannot be read; says why."""
