"""What is packaged: desktops know the files that are opened, the wheel has the resources.

The packages themselves are made and tried by the scheduled checks.
"""

from __future__ import annotations

import configparser
import datetime
import fnmatch
import importlib.util
import re
import subprocess
import sys
import tomllib
from pathlib import Path
from types import ModuleType
from xml.etree import ElementTree

import pytest

from editor.files import formats

ROOT = Path(__file__).resolve().parent.parent
PACKAGING = ROOT / "packaging"


def script(name: str) -> ModuleType:
    """A module of the folder `packaging`, which is no package."""
    spec = importlib.util.spec_from_file_location(name, PACKAGING / f"{name}.py")
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def test_every_format_has_a_file_type_on_every_desktop() -> None:
    entries = script("system_entries")
    kinds = {fmt.kind for fmt in formats.FORMATS}
    assert set(entries.MIME_TYPES) == kinds
    documents = entries.macos_plist()["CFBundleDocumentTypes"]
    assert len(documents) == len(formats.FORMATS)
    roles = {d["CFBundleTypeName"]: d["CFBundleTypeRole"] for d in documents}
    assert (roles["PNG picture"], roles["HEIC picture"]) == ("Editor", "Viewer")
    desktop = configparser.RawConfigParser(interpolation=None, delimiters=("=",))
    desktop.read(PACKAGING / "linux" / "pentimento.desktop")
    listed = desktop["Desktop Entry"]["MimeType"].strip(";").split(";")
    assert sorted(listed) == sorted(entries.mime_types())
    installer = (PACKAGING / "windows" / "pentimento.iss").read_text()
    assert set(re.findall(r'FileType\("(\.\w+)"\)', installer)) == formats.SUFFIXES


def test_the_metadata_names_the_program_as_everything_else_does() -> None:
    entries = script("system_entries")
    folder = PACKAGING / "linux"
    tree = ElementTree.parse(folder / f"{entries.APP_ID}.metainfo.xml").getroot()
    assert tree.findtext("id") == entries.APP_ID
    assert tree.findtext("summary") == entries.SUMMARY
    assert tree.findtext("launchable") == "pentimento.desktop"
    assert tree.findtext("developer/name") == entries.AUTHORS
    assert f"AppPublisher={entries.AUTHORS}" in (PACKAGING / "windows/pentimento.iss").read_text()
    assert entries.AUTHORS in (ROOT / "LICENSE").read_text()
    assert entries.AUTHORS in entries.macos_plist()["NSHumanReadableCopyright"]
    assert f"id: {entries.APP_ID}\n" in (folder / f"{entries.APP_ID}.yml").read_text()
    assert f"id={entries.APP_ID}\n" in (folder / "appimage.sh").read_text()


def test_whoever_makes_the_debian_package_maintains_it(monkeypatch: pytest.MonkeyPatch) -> None:
    entries = script("system_entries")
    for name in ("DEBFULLNAME", "DEBEMAIL"):
        monkeypatch.delenv(name, raising=False)
    assert entries.maintainer().endswith(".invalid>"), "no address of somebody else"
    monkeypatch.setenv("DEBFULLNAME", "Ada Lovelace")
    monkeypatch.setenv("DEBEMAIL", "ada@example.org")
    assert entries.maintainer() == "Ada Lovelace <ada@example.org>"


def test_the_version_resource_of_windows(monkeypatch: pytest.MonkeyPatch) -> None:
    made: dict[str, object] = {}

    class Recorded(ModuleType):
        """Stands in for PyInstaller's classes, which need no Windows but a package."""

        def __getattr__(self, name: str) -> object:
            return lambda *args, **more: made.setdefault(name, (args, more))

    for name in ("PyInstaller", "PyInstaller.utils", "PyInstaller.utils.win32"):
        monkeypatch.setitem(sys.modules, name, ModuleType(name))
    parent = sys.modules["PyInstaller.utils.win32"]
    monkeypatch.setattr(parent, "versioninfo", Recorded("versioninfo"), raising=False)
    script("system_entries").windows_version("pentimento")
    numbers = made["FixedFileInfo"][1]["filevers"]  # type: ignore[index]
    assert len(numbers) == 4
    assert all(isinstance(number, int) for number in numbers)


def test_icons_for_windows_and_macos(tmp_path: Path, qapp: object) -> None:
    from PIL import Image

    icons = script("icons")
    with Image.open(icons.ico(tmp_path)) as windows:
        assert {(16, 16), (32, 32), (256, 256)} <= windows.info["sizes"]
    with Image.open(icons.icns(tmp_path)) as mac:
        assert max(mac.info["sizes"])[0] >= 512
    with Image.open(icons.png(tmp_path, 64)) as plain:
        assert plain.size == (64, 64)
        assert plain.getpixel((0, 0))[3] == 0  # round corners
        assert plain.getpixel((32, 8))[3] == 255


def test_all_resources_but_sources_and_screenshots_are_in_the_wheel() -> None:
    settings = tomllib.loads((ROOT / "pyproject.toml").read_text())["tool"]["setuptools"]
    patterns = settings["package-data"]["resources"]
    for file in (ROOT / "resources").rglob("*"):
        inner = file.relative_to(ROOT / "resources")
        if file.is_dir() or inner.parts[0] in ("screenshots", "__pycache__"):
            continue
        if file.suffix in (".py", ".ts"):
            continue
        packed = any(
            fnmatch.fnmatchcase(str(inner), p) and p.count("/") == len(inner.parts) - 1
            for p in patterns
        )
        assert packed, f"{inner} would be missing from the wheel"


def test_a_release_changes_version_and_changelog_and_adds_checksums(tmp_path: Path) -> None:
    release = script("release")
    version = (ROOT / "editor" / "__init__.py").read_text(encoding="utf-8")
    changed = release.with_version(version, "7.8.9")
    assert '\n__version__ = "7.8.9"\n' in changed
    assert len(changed.splitlines()) == len(version.splitlines())
    log = "# Changelog\n\n## 0.2.0, unreleased\n\n- New.\n\n## 0.1.0, 2026-01-02\n\n- Old.\n"
    dated = release.with_date(log, "0.2.0", datetime.date(2026, 3, 4))
    assert "## 0.2.0, 2026-03-04\n" in dated
    assert release.changes_of(dated, "0.2.0") == "- New."
    with pytest.raises(SystemExit, match="no heading"):
        release.with_date(dated, "0.2.0", datetime.date(2026, 3, 4))
    (tmp_path / "a.whl").write_bytes(b"abc")
    (tmp_path / "SHA256SUMS").write_text("earlier")
    digest = "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad"
    assert release.checksums(tmp_path) == f"{digest}  a.whl\n"


def test_the_changelog_is_ready_for_a_release() -> None:
    from editor import __version__

    heading = re.search(r"(?m)^## (.+), (.+)$", (ROOT / "CHANGELOG.md").read_text("utf-8"))
    assert heading is not None
    assert heading[1] == __version__


def test_the_scheduled_checks_are_a_sound_script() -> None:
    file = ROOT / ".ci" / "scheduled"
    subprocess.run(["bash", "-n", file], check=True)
    text = file.read_text()
    listed = re.search(r"checks=\((.+)\)", text)
    assert listed is not None
    assert all(re.search(rf"(?m)^{name}\(\) {{", text) for name in listed[1].split())
    for path in re.findall(r'"\$python" ([\w/]+\.py)', text):
        assert (ROOT / path).exists()
    none = subprocess.run(["bash", file, "no-such"], capture_output=True, text=True)
    assert none.returncode == 2
    assert "There is no check no-such" in none.stderr
