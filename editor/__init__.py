"""Pentimento, the editor: pictures, edits, export, restoring. No Qt outside `editor.ui`."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from editor.document import Document

__all__ = ["Document"]
__version__ = "0.1.0"
"""The one place where the version stands; the package's metadata take it from here."""


def __getattr__(name: str) -> Any:
    """`Document` on demand, so that importing the package costs nothing."""
    if name == "Document":
        from editor.document import Document

        return Document
    raise AttributeError(name)
