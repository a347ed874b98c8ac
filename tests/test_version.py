"""The version stands in one place."""

from __future__ import annotations

import tomllib
from pathlib import Path

import editor

ROOT = Path(editor.__file__).parents[1]


def test_the_package_takes_its_version_from_the_program() -> None:
    settings = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))
    assert "version" not in settings["project"]
    assert settings["project"]["dynamic"] == ["version"]
    assert settings["tool"]["setuptools"]["dynamic"]["version"] == {"attr": "editor.__version__"}
