"""Fixtures of the command line's tests."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
import torch

from tests.promises.cli_support import run, sample, succeeded


@dataclass(frozen=True)
class Exported:
    """An export of the command line, with what it said of it."""

    photo: Path
    path: Path
    clean: Path
    figures: dict[str, Any]


@pytest.fixture(scope="session", autouse=True)
def one_thread() -> Iterator[None]:
    """For pictures this small, several threads mostly wait for each other."""
    before = torch.get_num_threads()
    torch.set_num_threads(1)
    yield
    torch.set_num_threads(before)


@pytest.fixture(scope="session")
def exported(tmp_path_factory: pytest.TempPathFactory) -> Exported:
    """A photo of 400 x 300 pixels, edited and exported. Tests must not change its files."""
    folder = tmp_path_factory.mktemp("exported")
    photo, path, clean = (folder / f"{name}.png" for name in ("clouds", "export", "clean"))
    sample("clouds", 400).save(photo)
    edits = ("--edit", "local-laplacian=0.8", "--edit", "exposure=+1.5")
    result = run("apply", photo, "-o", path, *edits, "--clean", clean, "--json")
    return Exported(photo, path, clean, succeeded(result).json)


@pytest.fixture
def small_photo(tmp_path: Path) -> Path:
    """A photo of 160 x 120 pixels, in a folder of its own."""
    path = tmp_path / "photos" / "clouds.png"
    path.parent.mkdir()
    sample("clouds", 160).save(path)
    return path
