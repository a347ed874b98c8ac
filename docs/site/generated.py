"""What pages of the site have from the code: a Sphinx extension.

A page says ``<!-- generated: NAME -->``, and the site has there what the function of that name
below makes: Markdown, from what the program itself knows. Where documents are read without the site
nothing is seen of it.
"""

from __future__ import annotations

import json
import re
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Any

import rooms

if TYPE_CHECKING:
    from models.operators.base import Operator

ROOT = Path(__file__).resolve().parents[2]
PICTURES = ROOT / "docs" / "pictures"

_PLACE = re.compile(r"^<!-- generated: ([\w-]+(?: [\w-]+)?) -->$", re.MULTILINE)
_ROOMS = re.compile(r"<!-- (house|window) -->.*?<!-- end of \1 -->", re.DOTALL)

FAMILIES = {"drawing": "Drawing and painting", "application": "Retouching and exposure"}
"""What the page's headings call them; the others go by their names."""


def commands() -> str:
    """What ``-h`` prints, of the program and of every command."""
    from editor.cli.parser import COMMANDS, build_parser

    parser = build_parser()
    pages = [f"```text\n{parser.format_help()}```"]
    (choices,) = (a.choices for a in parser._actions if a.dest == "command")
    assert isinstance(choices, dict)
    assert set(choices) == set(COMMANDS)
    pages += [f"## {name}\n\n```text\n{choices[name].format_help()}```" for name in COMMANDS]
    return "\n\n".join(pages)


def gallery() -> str:
    """Every operator with its picture, strengths, name on the command line and algorithm."""
    from models.operators.registry import OPERATORS

    pages = []
    for family in dict.fromkeys(op.family for op in OPERATORS.values()):
        heading = FAMILIES.get(family, family.capitalize())
        entries = []
        for op in (op for op in OPERATORS.values() if op.family == family):
            sign = "+" if op.minimum < 0 else ""
            span = f"{op.minimum:g} to {op.maximum:{sign}g}, {op.default_strength:{sign}g}"
            told = "".join(f" `{setting.name}={setting.form}`" for setting in op.settings)
            entries.append(
                f":::{{figure}} pictures/operators/{op.id}.webp\n:alt: A photo in {op.name}\n\n"
                f"**{op.name}**, `{op.id}` ({span}){told}: {op.summary} "
                f"*{op.algorithm}.* {_module_of(op)}\n:::"
            )
        pages.append(f"## {heading}\n\n::::{{container}} gallery\n" + "\n".join(entries) + "\n::::")
    return "\n\n".join(pages)


def _module_of(op: Operator) -> str:
    """A link to what the operator's module says of itself, further down the page."""
    name = (op.render_with or op.render).__module__
    return f"{{py:mod}}`{name.rpartition('.')[2]} <{name}>`"


def formats() -> str:
    """The file formats, as the program lists them."""
    from editor.files.formats import FORMATS

    lines = ["| format | suffixes | written | transparency |", "|---|---|---|---|"]
    for fmt in FORMATS:
        kept = "no"
        if fmt.write is not None:
            kept = "every sample" if fmt.lossless else "with losses"
        alpha = ("yes" if fmt.has_alpha else "no") if fmt.write is not None else ""
        lines.append(f"| {fmt.name} | {' '.join(fmt.suffixes)} | {kept} | {alpha} |")
    return "\n".join(lines)


PYTHON = {
    "Documents": ["editor.document"],
    "Edits": ["editor.engine.edits"],
    "Exporting and restoring": [
        "editor.engine.export",
        "editor.engine.restore",
        "editor.engine.integrity",
        "editor.engine.quality",
        "editor.engine.trust_map",
        "editor.engine.progress",
    ],
    "Pictures and files": [
        "editor.files.picture",
        "editor.files.picture_files",
        "editor.files.encoding",
        "editor.files.file_format",
        "editor.messages",
    ],
    "Batches": ["editor.cli.commands.batches.job", "editor.cli.commands.batches.ray_data"],
    "Operators": ["models.operators.base", "models.operators.registry"],
    "Containers": ["models.containers.container", "models.containers.registry"],
    "Measures": ["models.metrics"],
}
"""The modules that other programs may use, by heading."""


def python() -> str:
    """The reference of all that other programs may use."""
    pages = []
    for heading, modules in PYTHON.items():
        pages += [f"## {heading}", *(f"### {name}\n\n{_module(name)}" for name in modules)]
    return "\n\n".join(pages)


def algorithms() -> str:
    """What the modules of the operators say of their algorithms."""
    from models.operators.registry import OPERATORS

    modules = {(op.render_with or op.render).__module__: op.name for op in OPERATORS.values()}
    return "\n\n".join(
        f"### {title}\n\n{_module(name, ':no-members:')}" for name, title in modules.items()
    )


def _module(name: str, options: str = ":members:\n   :ignore-module-all:") -> str:
    return f"```{{eval-rst}}\n.. automodule:: {name}\n   {options}\n```"


def figure(name: str) -> str:
    """A picture that `docs/draw_pictures.py` drew, with what was measured on it."""
    caption = json.loads((PICTURES / "captions.json").read_text(encoding="utf-8"))[name]
    return f":::{{figure}} pictures/{name}.webp\n:alt: {caption['alt']}\n\n{caption['text']}\n:::"


MAKERS: dict[str, Callable[..., str]] = {
    make.__name__: make for make in (commands, gallery, formats, python, algorithms, figure)
}


def fill(app: Any, name: str, text: list[str]) -> None:
    """Put what is generated in its places; Sphinx calls it with each page that it has read."""

    def made(place: re.Match[str]) -> str:
        what, *more = place[1].split()
        return MAKERS[what](*more)

    page = _PLACE.sub(made, text[0])
    text[0] = _ROOMS.sub(_drawn, page)


def _drawn(place: re.Match[str]) -> str:
    return f"```{{raw}} html\n{rooms.drawing(place[1])}\n```"


def setup(app: Any) -> dict[str, bool]:
    """Called by Sphinx."""
    app.connect("source-read", fill)
    return {"parallel_read_safe": True, "parallel_write_safe": True}
