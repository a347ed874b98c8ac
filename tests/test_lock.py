"""The lock file holds one fitting version of everything that this environment needs."""

from __future__ import annotations

import tomllib
from importlib.metadata import PackageNotFoundError, requires
from pathlib import Path
from typing import Any

from packaging.requirements import Requirement
from packaging.utils import canonicalize_name
from packaging.version import Version

ROOT = Path(__file__).resolve().parent.parent


def locked() -> dict[str, Version]:
    """The versions for this environment, by name."""
    versions: dict[str, Version] = {}
    for line in (ROOT / "requirements.lock").read_text().splitlines():
        if not line or line.startswith("#"):
            continue
        requirement = Requirement(line)
        if requirement.marker is None or requirement.marker.evaluate():
            (pin,) = requirement.specifier
            assert pin.operator == "=="
            name = canonicalize_name(requirement.name)
            assert name not in versions, f"{name} is listed twice"
            versions[name] = Version(pin.version)
    return versions


def extras(project: dict[str, Any]) -> list[str]:
    """What `.ci/run` installs beside the program."""
    return [name for extra in ("test", "docs") for name in project["optional-dependencies"][extra]]


def test_the_lock_fits_the_requirements() -> None:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text())["project"]
    wanted = [*project["dependencies"], *extras(project)]
    versions = locked()
    for requirement in map(Requirement, wanted):
        version = versions.get(canonicalize_name(requirement.name))
        assert version is not None, f"{requirement.name} is not locked; CONTRIBUTING says how"
        assert version in requirement.specifier, f"{requirement} but {version} is locked"


def test_what_the_requirements_need_is_locked_too() -> None:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text())["project"]
    waiting = [*project["dependencies"], *extras(project)]
    versions, seen = locked(), set()
    while waiting:
        requirement = Requirement(waiting.pop())
        name = canonicalize_name(requirement.name)
        if name in seen or (requirement.marker and not requirement.marker.evaluate({"extra": ""})):
            continue
        seen.add(name)
        assert name in versions, f"{name} is needed and not locked"
        try:
            waiting += requires(name) or []
        except PackageNotFoundError:
            continue
