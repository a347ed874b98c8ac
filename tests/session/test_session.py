"""The scripted session under an X server: what was saved is as near the original as promised."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]


@pytest.fixture(scope="module")
def figures(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory):
    """Acts the session out; what it measured."""
    if not request.config.getoption("--session"):
        pytest.skip("takes minutes: asked for with --session")
    xvfb = shutil.which("xvfb-run")
    if xvfb is None:
        pytest.skip("no X server: xvfb-run is not installed (apt-get install xvfb)")
    folder = tmp_path_factory.mktemp("session")
    done = subprocess.run(
        [
            xvfb, "-a", "-s", "-screen 0 1280x800x24",
            sys.executable, "-m", "tests.session.session", str(folder),
        ],
        cwd=ROOT,
        env={**os.environ, "QT_QPA_PLATFORM": "xcb"},
        capture_output=True,
        text=True,
        timeout=1200,
        check=False,
    )  # fmt: skip
    if "could not load the Qt platform plugin" in done.stderr.lower():
        pytest.skip("Qt cannot talk to an X server here (apt-get install libxcb-cursor0)")
    assert done.returncode == 0, done.stderr
    return json.loads((folder / "session.json").read_text())


@pytest.mark.parametrize(("kind", "floor"), [("jpeg", 33), ("png", 38)])
def test_the_saved_original_is_what_the_export_promised(figures, kind, floor):
    assert figures[kind]["measured"] == pytest.approx(figures[kind]["promised"], abs=0.01)
    assert figures[kind]["measured"] > floor
