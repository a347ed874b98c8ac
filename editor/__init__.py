"""Pentimento, the editor: pictures, edits, export, restoring. No Qt outside `editor.ui`."""

from __future__ import annotations

import importlib.util
import os
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from editor.document import Document

__all__ = ["Document"]
__version__ = "0.1.0"
"""The one place where the version stands; the package's metadata take it from here."""


def _refuse_strangers() -> None:
    """Raise ImportError where Python finds a `models` or `resources` that is not Pentimento's.

    These names are common, and the wrong package would fail later in ways nobody understands. The
    packages are looked for, not imported.
    """
    here = os.path.realpath(os.path.dirname(os.path.dirname(__file__)))
    for name in ("models", "resources"):
        try:
            spec = importlib.util.find_spec(name)
        except ValueError:  # somebody put a module of that name into sys.modules by hand
            spec = None
        places = list(spec.submodule_search_locations or [spec.origin or ""]) if spec else []
        if os.path.join(here, name) in map(os.path.realpath, places):
            continue
        found = f"another one in {places[0]}" if places else "none"
        raise ImportError(
            f"Pentimento needs its own package '{name}' and Python finds {found}: install "
            "Pentimento in a virtual environment of its own and start it without PYTHONPATH."
        )


_refuse_strangers()


def __getattr__(name: str) -> Any:
    """`Document` on demand, so that importing the package costs nothing."""
    if name == "Document":
        from editor.document import Document

        return Document
    raise AttributeError(name)
