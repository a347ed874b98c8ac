"""The packages `models` and `resources` have common names: another one of that name is noticed."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parent.parent


def imported(code: str, folder: Path, *path: Path) -> subprocess.CompletedProcess[str]:
    """What a fresh Python says that finds packages in those folders first."""
    folders = os.pathsep.join(map(str, (*path, ROOT)))
    return subprocess.run(
        [sys.executable, "-c", code],
        cwd=folder,
        env={**os.environ, "PYTHONPATH": folders},
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )


@pytest.mark.parametrize("name", ["models", "resources"])
@pytest.mark.parametrize("kind", ["package", "module"])
def test_a_stranger_of_that_name_is_refused_in_one_sentence(
    name: str, kind: str, tmp_path: Path
) -> None:
    strangers = tmp_path / "strangers"
    file = strangers / name / "__init__.py" if kind == "package" else strangers / f"{name}.py"
    file.parent.mkdir(parents=True)
    file.write_text("raise SystemExit('the stranger was imported')")
    done = imported("import editor", tmp_path, strangers)
    message = done.stderr.splitlines()[-1]
    assert message.startswith(f"ImportError: Pentimento needs its own package '{name}'")
    assert str(strangers) in message
    assert message.endswith("virtual environment of its own and start it without PYTHONPATH.")


def test_a_stranger_that_is_imported_already_is_refused(tmp_path: Path) -> None:
    code = "import sys, types; sys.modules['models'] = types.ModuleType('models'); import editor"
    assert "needs its own package 'models'" in imported(code, tmp_path).stderr


def test_a_folder_of_that_name_that_is_no_package_does_no_harm(tmp_path: Path) -> None:
    (tmp_path / "models").mkdir()
    done = imported("import editor, models; print(models.__file__)", tmp_path, tmp_path)
    assert done.stdout.strip() == str(ROOT / "models" / "__init__.py"), done.stderr


def test_looking_for_them_imports_nothing(tmp_path: Path) -> None:
    code = "import sys, editor; print({'models', 'resources', 'torch', 'numpy'} & {*sys.modules})"
    done = imported(code, tmp_path)
    assert done.stdout.strip() == "set()", done.stderr
