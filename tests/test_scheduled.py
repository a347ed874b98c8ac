"""`.ci/scheduled` tells what failed from what could not be done. Its tools are stand-ins."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parent.parent

pytestmark = pytest.mark.skipif(
    not sys.platform.startswith("linux"), reason="stand-ins are shell scripts"
)

PYTHON = """\
#!/bin/sh
case "$*" in
  *urllib*) exit {offline} ;;
  *"docs/build.py --links"*) exit {broken} ;;
esac
"""


def scheduled(
    folder: Path, *checks: str, offline: bool = False, broken: bool = False, weak: bool = False
) -> tuple[int, str]:
    """Exit code and output of some checks on such a machine."""
    tree, tools = folder / "tree", folder / "tools"
    bin_ = tree / "build" / "scheduled" / "env" / "bin"
    for each in (tree / ".ci", tools, bin_):
        each.mkdir(parents=True)
    shutil.copy(ROOT / ".ci" / "scheduled", tree / ".ci")
    scripts = {
        tools / "apt-get": "#!/bin/sh\n",
        bin_ / "python": PYTHON.format(offline=int(offline), broken=int(broken)),
        bin_ / "pip-audit": f"#!/bin/sh\nexit {int(weak)}\n",
    }
    for path, text in scripts.items():
        path.write_text(text)
        path.chmod(0o755)
    environment = dict(os.environ, PATH=f"{tools}{os.pathsep}{os.environ['PATH']}")
    environment.pop("PENTIMENTO_PHOTOS", None)
    done = subprocess.run(
        ["bash", tree / ".ci" / "scheduled", *checks],
        env=environment,
        capture_output=True,
        text=True,
        timeout=60,
    )
    return done.returncode, done.stdout


def test_all_passed(tmp_path: Path) -> None:
    assert scheduled(tmp_path, "audit", "links") == (0, "== audit\n== links\nAll passed.\n")


def test_known_weaknesses_and_broken_links_fail(tmp_path: Path) -> None:
    code, said = scheduled(tmp_path, "audit", "links", broken=True, weak=True)
    assert code == 1
    assert said.endswith("Failed: audit links\n")


def test_without_a_network_nothing_is_said_to_have_passed(tmp_path: Path) -> None:
    code, said = scheduled(tmp_path, "audit", "links", "golden", offline=True, weak=True)
    assert code == 3
    assert said.endswith("Could not be done: audit links\n")


def test_no_photos_no_evaluation(tmp_path: Path) -> None:
    code, said = scheduled(tmp_path, "evaluation")
    assert code == 3
    assert "PENTIMENTO_PHOTOS" in said


def test_an_unknown_check_is_refused(tmp_path: Path) -> None:
    assert scheduled(tmp_path, "everything")[0] == 2
