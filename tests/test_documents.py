"""The documents: what they name is there, the drawing of the house is that of today's imports.

That their links lead somewhere is for `docs/build.py` to say, which every run of `.ci/run` starts.
"""

from __future__ import annotations

import importlib.util
import re
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parent.parent

SKIPPED = {".venv", ".git", "build", "dist", "node_modules", ".pytest_cache", ".hypothesis"}

PAGES = [
    page
    for page in sorted(ROOT.rglob("*.md"))
    if not SKIPPED & set(page.relative_to(ROOT).parts) and "shared" not in page.parts
]

FOLDERS = ("editor", "models", "resources", "tests", "docs")


def name(page: Path) -> str:
    return str(page.relative_to(ROOT))


@pytest.mark.parametrize("page", PAGES, ids=name)
def test_files_that_are_named_exist(page: Path) -> None:
    """Paths from the top of the tree, such as `models/zoo.py`; {a,b} and * stand for several."""
    text = page.read_text(encoding="utf-8")
    for path in re.findall(rf"`((?:{'|'.join(FOLDERS)})/[\w./*-]+)`", text):
        if "NAME" not in path:
            assert list(ROOT.glob(path.rstrip("/"))), f"{path} does not exist"


def test_the_drawing_of_the_house_is_up_to_date() -> None:
    file = ROOT / "docs" / "draw_house.py"
    spec = importlib.util.spec_from_file_location("draw_house", file)
    assert spec is not None
    assert spec.loader is not None
    draw_house = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(draw_house)
    page = draw_house.PAGE.read_text(encoding="utf-8")
    assert draw_house.redrawn(page) == page, "run: python docs/draw_house.py"


OLD_NAMES = re.compile(
    r"(?<!a medium and a )fine[ _-]layer|\bstamp(s|ed)?\b|carrier[ _]map|GuessNetwork"
    r"|made_by\b(?!\")|\b(network|inference|self)\.(hide|reveal)\(",
    re.IGNORECASE,
)
"""What was renamed. A look has a fine layer of its own; recipes keep the key `made_by`."""

SOURCES = [
    file
    for kind in ("py", "toml")
    for folder in FOLDERS
    for file in sorted((ROOT / folder).rglob(f"*.{kind}"))
    if file != Path(__file__).resolve() and "shared" not in file.parts
]


@pytest.mark.parametrize("files", [PAGES, SOURCES], ids=["documents", "code"])
def test_old_names_are_gone(files: list[Path]) -> None:
    """What was renamed is called by its new name everywhere."""
    for file in files:
        found = OLD_NAMES.search(file.read_text(encoding="utf-8"))
        assert found is None, f"{name(file)} says {found and found[0]}"
