"""The drawing of the rooms and what they import, as SVG.

The documents have it as Mermaid, which code hosts draw; drawing that on the site would take a
library from another site.
"""

from __future__ import annotations

import sys
from html import escape
from pathlib import Path

sys.path.append(str(Path(__file__).resolve().parents[1]))

import draw_house

_WIDTH, _HEIGHT, _GAP_X, _GAP_Y = 128, 30, 18, 46  # of a room, and between rooms; pixels
_COLOURS = {"editor": "#7aa2d6", "models": "#7cb98b", "editor.ui": "#7aa2d6", "": "#c9a86a"}


def drawing(which: str) -> str:
    """The rooms of the house, or of the window."""
    room = {"house": draw_house.house_room, "window": draw_house.window_room}[which]
    arrows = draw_house.without_detours(draw_house.arrows(room))
    floors = _floors(arrows)
    widest = max(map(len, floors)) * (_WIDTH + _GAP_X)
    places = {
        name: (
            (widest - len(floor) * (_WIDTH + _GAP_X) + _GAP_X) / 2 + n * (_WIDTH + _GAP_X),
            level * (_HEIGHT + _GAP_Y) + 4.0,
        )
        for level, floor in enumerate(floors)
        for n, name in enumerate(floor)
    }
    height = len(floors) * (_HEIGHT + _GAP_Y) - _GAP_Y + 8
    lines = [_arrow(places[a], places[b]) for a in arrows for b in sorted(arrows[a])]
    rooms = [_room(name, *place) for name, place in places.items()]
    return (
        f'<svg class="rooms" viewBox="0 0 {widest} {height}" width="{widest}" role="img" '
        f'aria-label="The rooms and their imports">{"".join(lines + rooms)}</svg>'
    )


def _floors(arrows: draw_house.Arrows) -> list[list[str]]:
    """Rooms above all that they import, each as low as that allows, near those above them."""
    depth: dict[str, int] = {}

    def below(name: str) -> int:
        if name not in depth:
            depth[name] = 1 + max((below(other) for other in arrows[name]), default=-1)
        return depth[name]

    highest = max(map(below, arrows))
    floors = [[n for n in sorted(arrows) if depth[n] == highest - f] for f in range(highest + 1)]
    middle: dict[str, float] = {}
    for floor in floors:
        for n, name in enumerate(floor):
            above = [middle[a] for a in middle if name in arrows[a]]
            middle[name] = sum(above) / len(above) if above else (n + 1) / (len(floor) + 1)
        floor.sort(key=lambda name: middle[name])
        for n, name in enumerate(floor):
            middle[name] = (n + 1) / (len(floor) + 1)
    return floors


def _arrow(start: tuple[float, float], end: tuple[float, float]) -> str:
    x, y = start[0] + _WIDTH / 2, start[1] + _HEIGHT
    to_x, to_y = end[0] + _WIDTH / 2, end[1]
    bend = min(36.0, (to_y - y) / 2)
    path = f"M{x:g} {y:g} C{x:g} {y + bend:g} {to_x:g} {to_y - bend:g} {to_x:g} {to_y:g}"
    return f'<path d="{path}" fill="none" stroke="#888" stroke-opacity="0.6"/>'


def _room(name: str, x: float, y: float) -> str:
    package, _, short = name.rpartition(".")
    colour = _COLOURS[package]
    return (
        f'<rect x="{x:g}" y="{y:g}" width="{_WIDTH}" height="{_HEIGHT}" rx="5" fill="{colour}"/>'
        f'<text x="{x + _WIDTH / 2:g}" y="{y + 19.5:g}" text-anchor="middle" font-size="13" '
        f'fill="#111">{escape(short or name)}</text>'
    )
