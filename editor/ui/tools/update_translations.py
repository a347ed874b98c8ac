"""Brings the translations up to date: ``python -m editor.ui.tools.update_translations``.

Collects the texts of the window into ``resources/translations/pentimento_*.ts``, which translators
edit (with Qt Linguist, or any editor), and compiles those into the ``.qm`` files that are shipped.
Texts that stand in tables (actions, operators, messages of the engine) are collected from there.
Needs ``lupdate`` and ``lrelease``, which come with PySide6.
"""

from __future__ import annotations

import subprocess
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path

import PySide6

from editor.files.formats import WRITTEN
from editor.messages import TEMPLATES
from editor.ui.actions import ACTIONS, MENUS, MOUSE_AND_KEYS
from editor.ui.panels.looks_panel import FAMILIES
from editor.ui.panels.slider_group import GROUPS
from editor.ui.texts.engine_messages import CONTEXT
from editor.ui.texts.language import LANGUAGES, TRANSLATIONS
from models.geometry.steps import STEPS
from models.operators.registry import OPERATORS

SOURCES = Path(__file__).parents[1]
"""The folder of the window's sources."""


def texts_of_tables() -> Iterator[tuple[str, str]]:
    """Context and text of everything that is translated but stands in a table."""
    for text in MENUS:
        yield "Actions", text
    for spec in ACTIONS:
        yield "Actions", spec.text
        if spec.tip:
            yield "Actions", spec.tip
    for keys, text in MOUSE_AND_KEYS:
        yield "Actions", keys
        yield "Actions", text
    for op in OPERATORS.values():
        yield "Operators", op.name
        yield "Operators", op.summary
        yield "Operators", op.algorithm
    for step in STEPS.values():
        yield "Operators", step.name
    for fmt in WRITTEN.values():
        yield "Formats", fmt.summary
    for text in TEMPLATES.values():
        yield CONTEXT, text
    for text in (*FAMILIES.values(), *GROUPS.values()):
        yield "Operators", text


def _tool(name: str, *arguments: str) -> None:
    found = [p for p in Path(PySide6.__file__).parent.glob(f"**/{name}*") if p.stem == name]
    if not found:
        raise SystemExit(f"PySide6 was installed without {name}.")
    subprocess.run([str(found[0]), *arguments], check=True)


def update(code: str) -> None:
    """Collect the texts for one language and compile its translations."""
    catalogue = TRANSLATIONS / f"pentimento_{code}.ts"
    TRANSLATIONS.mkdir(exist_ok=True)
    with tempfile.TemporaryDirectory() as name:
        tables = Path(name) / "tables.py"
        lines = (f"QT_TRANSLATE_NOOP({c!r}, {t!r})" for c, t in dict.fromkeys(texts_of_tables()))
        tables.write_text("\n".join(lines), encoding="utf-8")
        sources = [str(p) for p in sorted(SOURCES.rglob("*.py"))]
        _tool(
            "lupdate", "-silent", "-no-obsolete", "-locations", "none", "-source-language", "en",
            "-target-language", code, *sources, str(tables), "-ts", str(catalogue),
        )  # fmt: skip
    _tool("lrelease", "-silent", str(catalogue), "-qm", str(catalogue.with_suffix(".qm")))


if __name__ == "__main__":
    for language in sys.argv[1:] or [c for c in LANGUAGES if c != "en"]:
        update(language)
