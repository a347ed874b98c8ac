"""Draws the house into `docs/architecture.md`, from the imports: `python docs/draw_house.py`.

A room is a package of `models` or `editor`, or a module that stands alone there. The drawings are
Mermaid flowcharts between marker comments; `--check` writes nothing and fails where one is old.
"""

from __future__ import annotations

import re
import sys
from collections.abc import Callable
from pathlib import Path

import grimp

PAGE = Path(__file__).with_name("architecture.md")

Arrows = dict[str, set[str]]
"""What each room imports directly."""


def house_room(module: str) -> str | None:
    """`editor.ui.canvas.viewport` is in the room `editor.ui`; `editor` itself is in none."""
    parts = module.split(".")
    return ".".join(parts[:2]) if len(parts) > 1 or module == "resources" else None


def window_room(module: str) -> str | None:
    """`editor.ui.canvas.viewport` is in the room `editor.ui.canvas`."""
    parts = module.split(".")
    return ".".join(parts[:3]) if parts[:2] == ["editor", "ui"] and len(parts) > 2 else None


def arrows(room: Callable[[str], str | None]) -> Arrows:
    """The imports between rooms."""
    graph = grimp.build_graph("editor", "models", "resources", cache_dir=None)
    found: Arrows = {name: set() for name in map(room, graph.modules) if name}
    for module in graph.modules:
        here = room(module)
        for imported in graph.find_modules_directly_imported_by(module):
            there = room(imported)
            if here and there and here != there:
                found[here].add(there)
    return found


def without_detours(all_arrows: Arrows) -> Arrows:
    """Without the arrows that also follow from others, so that the drawing can be read."""

    def reached(start: str) -> set[str]:
        seen: set[str] = set()
        waiting = [start]
        while waiting:
            for there in all_arrows[waiting.pop()] - seen:
                seen.add(there)
                waiting.append(there)
        return seen

    return {
        here: {t for t in rooms if not any(t in reached(other) for other in rooms - {t})}
        for here, rooms in all_arrows.items()
    }


def flowchart(all_arrows: Arrows) -> str:
    """A Mermaid flowchart; the rooms of one package stand together."""
    lines = ["```mermaid", "flowchart TD"]
    for package in sorted({name.rpartition(".")[0] for name in all_arrows}):
        members = sorted(n for n in all_arrows if n.rpartition(".")[0] == package)
        rooms = [f"{_id(name)}[{name.rpartition('.')[2]}]" for name in members]
        if package:
            rooms = [f"subgraph {_id(package)} [{package}]", *(f"  {r}" for r in rooms), "end"]
        lines += [f"  {line}" for line in rooms]
    for here, rooms in sorted(without_detours(all_arrows).items()):
        lines += [f"  {_id(here)} --> {_id(there)}" for there in sorted(rooms)]
    return "\n".join([*lines, "```"])


def _id(room: str) -> str:
    return room.replace(".", "_")


def redrawn(page: str) -> str:
    """The page with its drawings made anew."""
    for name, room in (("house", house_room), ("window", window_room)):
        start, end = f"<!-- {name} -->", f"<!-- end of {name} -->"
        pattern = re.compile(f"{re.escape(start)}.*?{re.escape(end)}", re.DOTALL)
        drawing = f"{start}\n{flowchart(arrows(room))}\n{end}"
        page, count = pattern.subn(lambda _, new=drawing: new, page)
        assert count == 1, f"{PAGE} has no place for the drawing of the {name}"
    return page


def main() -> None:
    """Command line entry."""
    old = PAGE.read_text(encoding="utf-8")
    new = redrawn(old)
    if "--check" not in sys.argv:
        PAGE.write_text(new, encoding="utf-8")
    elif new != old:
        raise SystemExit("The drawings are out of date: run python docs/draw_house.py")


if __name__ == "__main__":
    main()
