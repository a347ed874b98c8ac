"""`.ci/run` asks the system for what is missing, and for nothing else. Its tools are stand-ins."""

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
case "$*" in
  *"import ensurepip"*) exit {no_venv} ;;
  *ctypes*) exit {no_libraries} ;;
  *"-m venv"*) mkdir -p .venv/bin
    for tool in python ruff mypy lint-imports; do cp {bin}/checks .venv/bin/$tool; done ;;
  *) exec {python} "$@" ;;
esac
"""


def run(folder: Path, *, no_venv: bool = False, no_libraries: bool = False, user: int = 0) -> str:
    """What the script asked of its tools on such a machine, one call a line."""
    tree, tools, log = folder / "tree", folder / "tools", folder / "log"
    (tree / ".ci").mkdir(parents=True)
    shutil.copy(ROOT / ".ci" / "run", tree / ".ci")
    tools.mkdir()
    noted = f'echo "$(basename "$0") $*" >> {log}\n'
    scripts = {"apt-get": noted, "sudo": noted + 'exec "$@"\n', "checks": noted}
    scripts["id"] = f"echo {user}\n"
    scripts["python3"] = PYTHON.format(
        no_venv=int(no_venv), no_libraries=int(no_libraries), bin=tools, python=sys.executable
    )
    for name, script in scripts.items():
        (tools / name).write_text("#!/bin/sh\n" + script)
        (tools / name).chmod(0o755)
    path = f"{tools}{os.pathsep}{os.environ['PATH']}"
    environment = {k: v for k, v in os.environ.items() if k != "PYTHON"} | {"PATH": path}
    done = subprocess.run(
        ["bash", tree / ".ci" / "run"], env=environment, capture_output=True, text=True, timeout=60
    )
    assert done.returncode == 0, done.stderr
    return log.read_text()


def test_a_complete_machine_is_asked_for_nothing(tmp_path: Path) -> None:
    called = run(tmp_path, user=1000)
    assert "apt-get" not in called
    tools = [line.split()[0] for line in called.splitlines()]
    assert tools == ["python", "ruff", "ruff", "mypy", "lint-imports", "python", "python"]
    assert called.splitlines()[-1].endswith("-m pytest --cov")


def test_root_installs_the_libraries_that_are_missing(tmp_path: Path) -> None:
    called = run(tmp_path, no_libraries=True)
    assert "sudo" not in called
    install = next(line for line in called.splitlines() if " install " in line)
    assert "libegl1" in install
    assert "venv" not in install


def test_a_user_installs_through_sudo_what_venv_needs(tmp_path: Path) -> None:
    called = run(tmp_path, no_venv=True, user=1000)
    install = next(line for line in called.splitlines() if line.startswith("sudo env "))
    version = f"{sys.version_info.major}.{sys.version_info.minor}"
    assert install.endswith(f" python{version}-venv")
